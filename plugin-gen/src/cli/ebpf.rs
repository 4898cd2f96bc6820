//! What an eBPF object says of itself, for people and programs.
//!
//! In: an object. Out: lines, each of a word and what it is, or JSON. It does not judge.

use plugin_bpf::{Object, Variable};
use serde_json::{Value, json};

/// Where maps are declared.
const MAPS: &str = ".maps";
/// Where the licence is, which is a variable for compilers only.
const LICENSE: &str = "license";

/// A word, and what it is.
pub(super) fn facts(object: &Object) -> Vec<(&'static str, String)> {
    let placed = |name: &str, section: &str| printable(&format!("{name} ({section})"));
    let programs = object.programs().iter().map(|program| placed(&program.name, &program.section));
    let maps = maps(object).map(|map| printable(&map.name));
    let variables = variables(object).map(|variable| placed(&variable.name, &variable.section));
    let license = object.license().map_or_else(
        || "none: helpers of the kernel's that are for the GPL's programs are refused".to_owned(),
        printable,
    );
    vec![
        ("programs", list(programs)),
        ("maps", list(maps)),
        ("variables", list(variables)),
        ("license", license),
    ]
}

/// The same for programs.
pub(super) fn json(object: &Object) -> Value {
    let placed = |name: &str, section: &str| json!({ "name": name, "section": section });
    let programs = object.programs().iter().map(|program| placed(&program.name, &program.section));
    json!({
        "programs": programs.collect::<Vec<_>>(),
        "maps": maps(object).map(|map| &*map.name).collect::<Vec<_>>(),
        "variables": variables(object).map(|one| placed(&one.name, &one.section)).collect::<Vec<_>>(),
        "license": object.license(),
    })
}

fn maps(object: &Object) -> impl Iterator<Item = &Variable> {
    object.variables().iter().filter(|variable| variable.section == MAPS)
}

fn variables(object: &Object) -> impl Iterator<Item = &Variable> {
    object.variables().iter().filter(|variable| variable.section != MAPS && variable.section != LICENSE)
}

/// Foreign text: what a terminal would obey is escaped.
fn printable(text: &str) -> String {
    crate::doctor::text(text.as_bytes())
}

fn list(items: impl Iterator<Item = String>) -> String {
    let items: Vec<_> = items.collect();
    if items.is_empty() { "none".to_owned() } else { items.join(", ") }
}
