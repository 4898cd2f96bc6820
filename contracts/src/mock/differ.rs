//! How what came differs from what was wanted.
//!
//! In: both as they are shown. Out: one line, or where long texts part. It does not know types.

/// As many characters before and behind the place where two texts part.
const AROUND: usize = 20;
/// Texts up to this long are shown whole.
const SHORT: usize = 40;

/// `got [1, 2, 3]`, or where it parts from what was wanted.
pub(super) fn got(wanted: Option<&str>, got: &str) -> String {
    match wanted {
        Some(wanted) if wanted.chars().count() > SHORT && got.chars().count() > SHORT => parted(wanted, got),
        _ => format!("got {got}"),
    }
}

fn parted(wanted: &str, got: &str) -> String {
    let same = wanted.chars().zip(got.chars()).take_while(|(wanted, got)| wanted == got).count();
    let window = |text: &str| {
        let start = same.saturating_sub(AROUND);
        let shown: String = text.chars().skip(start).take(2 * AROUND).collect();
        let before = if start > 0 { "…" } else { "" };
        let behind = if text.chars().count() > start + 2 * AROUND { "…" } else { "" };
        format!("{before}{shown}{behind}")
    };
    format!(
        "differs\n               - {}\n               + {}\n                 {}^",
        window(wanted),
        window(got),
        " ".repeat(same.min(AROUND) + usize::from(same > AROUND))
    )
}
