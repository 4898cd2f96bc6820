//! How what came differs from what was wanted.
//!
//! In: both as they are shown. Out: where long texts part. It does not know types.

/// As many characters before and behind the place where two texts part.
const AROUND: usize = 20;
/// Texts up to this long are shown whole.
const SHORT: usize = 40;

/// Where two long texts part; nothing, when one of them is short, or nothing of what is seen of them differs.
pub(super) fn parted(wanted: &str, got: &str) -> Option<String> {
    let is_long = |text: &str| text.chars().nth(SHORT).is_some();
    if !is_long(wanted) || !is_long(got) || wanted == got {
        return None;
    }
    let same = wanted.chars().zip(got.chars()).take_while(|(wanted, got)| wanted == got).count();
    let window = |text: &str| {
        let start = same.saturating_sub(AROUND);
        let shown: String = text.chars().skip(start).take(2 * AROUND).collect();
        let before = if start > 0 { "…" } else { "" };
        let behind = if text.chars().count() > start + 2 * AROUND { "…" } else { "" };
        format!("{before}{shown}{behind}")
    };
    Some(format!(
        "differs\n               - {}\n               + {}\n                 {}^",
        window(wanted),
        window(got),
        " ".repeat(same.min(AROUND) + usize::from(same > AROUND))
    ))
}
