//! A document as text: keys in order, whatever the map's order is, and numbers that `serde_json` cannot hold.
//!
//! In: a value. Out: text. It does not know what the value means.

use std::fmt::Write as _;

use serde_json::Value;

/// Stands for the largest `u128`: a text that no name of Rust is.
pub(super) const U128_MAX: &str = "@u128::MAX";
/// Stands for the smallest `i128`.
pub(super) const I128_MIN: &str = "@i128::MIN";
/// Stands for the largest `i128`.
pub(super) const I128_MAX: &str = "@i128::MAX";

/// The document, with a line break at its end.
pub(super) fn print(document: &Value) -> String {
    let mut text = String::new();
    value(document, 0, &mut text);
    text.push('\n');
    text
}

fn value(of: &Value, depth: usize, text: &mut String) {
    match of {
        Value::Object(map) if !map.is_empty() => {
            let mut entries: Vec<_> = map.iter().collect();
            entries.sort_by_key(|(key, _)| *key);
            let entries = entries.into_iter().map(|(key, value)| (Some(key), value));
            list(entries, ('{', '}'), depth, text);
        }
        Value::Array(items) if items.iter().any(|item| item.is_object() || item.is_array()) => {
            list(items.iter().map(|item| (None, item)), ('[', ']'), depth, text);
        }
        Value::Array(items) => {
            text.push('[');
            for (at, item) in items.iter().enumerate() {
                text.push_str(if at == 0 { "" } else { ", " });
                value(item, depth, text);
            }
            text.push(']');
        }
        Value::String(word) if word == U128_MAX => write(text, u128::MAX),
        Value::String(word) if word == I128_MIN => write(text, i128::MIN),
        Value::String(word) if word == I128_MAX => write(text, i128::MAX),
        plain => write(text, plain),
    }
}

fn list<'a>(
    entries: impl Iterator<Item = (Option<&'a String>, &'a Value)>,
    (open, close): (char, char),
    depth: usize,
    text: &mut String,
) {
    text.push(open);
    for (at, (key, content)) in entries.enumerate() {
        text.push_str(if at == 0 { "\n" } else { ",\n" });
        indent(depth + 1, text);
        if let Some(key) = key {
            write(text, Value::String(key.clone()));
            text.push_str(": ");
        }
        value(content, depth + 1, text);
    }
    text.push('\n');
    indent(depth, text);
    text.push(close);
}

fn indent(depth: usize, text: &mut String) {
    text.extend(std::iter::repeat_n("  ", depth));
}

fn write(text: &mut String, what: impl std::fmt::Display) {
    // Writing to a string does not fail.
    let _ = write!(text, "{what}");
}
