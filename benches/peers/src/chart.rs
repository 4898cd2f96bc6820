//! The chart: for each row with ratios a bar a side, on a logarithmic scale, raw being the line at 1.
//!
//! In: rows. Out: SVG, which follows the reader's colour scheme. It does not know what a row means.

use std::fmt::Write;

use crate::sides::NAMES;
use crate::table::Row;

const WIDTH: f64 = 860.0;
/// Where bars begin to have room, and where it ends.
const LEFT: f64 = 330.0;
const RIGHT: f64 = WIDTH - 60.0;
const TOP: f64 = 64.0;
const BAR: f64 = 11.0;
const GAP: f64 = 14.0;
/// In the order of the names, without raw. Readable on white and on black; told apart without colour by their order.
const COLOURS: [&str; NAMES.len() - 1] = ["#8b949e", "#2f81f7", "#d29922", "#a371f7", "#3fa66a"];
const STYLE: &str = "text{font:13px system-ui,sans-serif;fill:#1f2328}.value{font-size:10px}\
.quiet{fill:#656d76;font-size:11px}line{stroke:#d0d7de}.raw{stroke:#656d76;stroke-width:1.5}\
@media(prefers-color-scheme:dark){text{fill:#e6edf3}.quiet{fill:#9198a1}line{stroke:#30363d}.raw{stroke:#9198a1}}";

pub(crate) fn draw(rows: &[Row]) -> String {
    let rows: Vec<_> =
        rows.iter().filter_map(|row| Some((row.what.replace('`', ""), row.ratios()?))).collect();
    let ratios = || rows.iter().flat_map(|(_, ratios)| ratios.iter().filter_map(|(_, ratio)| *ratio));
    // Whole powers of two on both ends.
    let low = ratios().fold(1.0, f64::min).log2().floor();
    let high = ratios().fold(2.0, f64::max).log2().ceil();
    let at = |ratio: f64| LEFT + (RIGHT - LEFT) * (ratio.log2() - low) / (high - low);
    let group = BAR * COLOURS.len() as f64 + GAP;
    let bottom = TOP + group * rows.len() as f64;
    let height = bottom + 30.0;

    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" \
         height=\"{height}\" role=\"img\" aria-label=\"Ratios to raw function pointers; shorter is better\">\n\
         <style>{STYLE}</style>\n\
         <text x=\"10\" y=\"22\">Times a raw function pointer, logarithmic; shorter is better</text>\n"
    );
    for (at, (name, colour)) in NAMES.iter().skip(1).zip(COLOURS).enumerate() {
        let x = 10.0 + 110.0 * at as f64;
        put(
            &mut svg,
            format_args!("<rect x=\"{x}\" y=\"34\" width=\"11\" height=\"11\" fill=\"{colour}\"/>"),
        );
        put(&mut svg, format_args!("<text x=\"{}\" y=\"44\">{name}</text>", x + 16.0));
    }
    for power in low as i32..=high as i32 {
        let (ratio, class) = (2f64.powi(power), if power == 0 { "raw" } else { "grid" });
        let x = at(ratio);
        let line = format_args!(
            "<line class=\"{class}\" x1=\"{x:.1}\" y1=\"{TOP}\" x2=\"{x:.1}\" y2=\"{bottom:.1}\"/>"
        );
        put(&mut svg, line);
        let label = if power == 0 { "raw".to_owned() } else { format!("{ratio}x") };
        let y = bottom + 16.0;
        put(
            &mut svg,
            format_args!(
                "<text class=\"quiet\" x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"middle\">{label}</text>"
            ),
        );
    }
    for (number, (what, ratios)) in rows.iter().enumerate() {
        let top = TOP + GAP / 2.0 + group * number as f64;
        let y = top + (group - GAP) / 2.0 + 4.0;
        put(
            &mut svg,
            format_args!(
                "<text x=\"{}\" y=\"{y:.1}\" text-anchor=\"end\">{}</text>",
                LEFT - 12.0,
                escape(what)
            ),
        );
        for (bar, ((_, ratio), colour)) in ratios.iter().zip(COLOURS).enumerate() {
            let y = top + BAR * bar as f64;
            let label = y + BAR - 2.0;
            let Some(ratio) = *ratio else {
                let x = at(1.0) + 4.0;
                put(
                    &mut svg,
                    format_args!("<text class=\"quiet value\" x=\"{x:.1}\" y=\"{label:.1}\">cannot</text>"),
                );
                continue;
            };
            let (from, to) = (at(ratio).min(at(1.0)), at(ratio).max(at(1.0)));
            let (width, height) = ((to - from).max(1.5), BAR - 1.5);
            put(
                &mut svg,
                format_args!(
                    "<rect x=\"{from:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height}\" fill=\"{colour}\"/>"
                ),
            );
            put(
                &mut svg,
                format_args!(
                    "<text class=\"value\" x=\"{:.1}\" y=\"{label:.1}\">{ratio:.2}x</text>",
                    to + 4.0
                ),
            );
        }
    }
    svg + "</svg>\n"
}

fn put(svg: &mut String, element: std::fmt::Arguments<'_>) {
    // A String takes everything.
    let _ = writeln!(svg, "{element}");
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
