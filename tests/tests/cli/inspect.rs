//! What a built library says of itself.

use std::fs;
use std::path::Path;

use plugin_tests::{fixture, plugin, root};
use serde_json::{Value, json};

use crate::plugin_gen;

/// What people are shown of a library, without what the machine or the day decides.
fn shown(path: &Path) -> String {
    let name = path.file_name().unwrap().to_str().unwrap();
    let text = plugin_gen(&root(), &["inspect", path.to_str().unwrap()]).code(0).stdout;
    for word in ["  architecture", "  needs         ", "libc.so.6", "  built by      rustc 1."] {
        assert!(text.contains(word), "{text}");
    }
    let text = text.replace(path.to_str().unwrap(), name);
    let kept = text.lines().filter(|line| {
        !["  architecture", "  needs", "  built by"].iter().any(|word| line.starts_with(word))
    });
    kept.collect::<Vec<_>>().join("\n")
}

#[test]
fn a_plugin_tells_contracts_signatures_toolchain_and_libraries() {
    // Fingerprints stay: they are the promise.
    insta::assert_snapshot!("inspect_memory", shown(&plugin("memory")));
}

#[test]
fn objects_and_types_of_every_form_are_shown() {
    let without_hashes = |path: &Path| {
        let text = shown(path);
        // Of a fixture nothing is promised, and what else it links says nothing of it.
        let kept = text.lines().filter(|line| !line.contains("fnv128:") && !line.starts_with("links "));
        kept.collect::<Vec<_>>().join("\n").trim_end().to_owned()
    };
    insta::assert_snapshot!("inspect_waiting", without_hashes(&fixture("waiting")));
    insta::assert_snapshot!("inspect_plain", without_hashes(&fixture("plain")));
    insta::assert_snapshot!("inspect_grown", without_hashes(&fixture("grow-v3")));
}

/// What programs get to know of what a library exports.
fn exported(path: &Path) -> Value {
    let words = ["inspect", "--message-format", "json", path.to_str().unwrap()];
    let shown = plugin_gen(&root(), &words).code(0);
    let shown: Value = serde_json::from_str(&shown.stdout).expect("one JSON document");
    let mut records = shown["records"].as_array().unwrap().iter();
    records.find(|record| record["kind"] == "exports").unwrap().clone()
}

#[test]
fn programs_get_objects_closures_and_what_is_awaited() {
    let waiting = exported(&fixture("waiting"));
    let ids: Vec<_> = waiting["objects"].as_array().unwrap().iter().map(|object| &object["id"]).collect();
    assert_eq!(ids, ["fixture.numbers", "plugin.runtime"]);
    let method = |name: &str| {
        let mut methods = waiting["contracts"][0]["methods"].as_array().unwrap().iter();
        methods.find(|method| method["name"] == name).unwrap().clone()
    };
    let results = ["running", "ready", "here"].map(|name| method(name)["result"].clone());
    assert_eq!(results, ["returned", "awaited", "awaited on its thread"]);
    assert_eq!(method("asks")["arguments"][0]["type"], "Box<dyn Fn(u64) -> bool + Send + Sync>");
    let find = |record: &Value, key: &str, value: &str| {
        let mut types = record["types"].as_array().unwrap().iter();
        types.find(|ty| ty[key] == value).unwrap_or_else(|| panic!("no {key} is {value}")).clone()
    };
    assert_eq!(find(&waiting, "kind", "object")["contract"], "fixture.numbers");
    let function = find(&waiting, "kind", "function");
    assert_eq!(function["name"], "Fn + Send + Sync");
    assert_eq!(function["members"], json!([{ "name": "", "type": "u64" }, { "name": "", "type": "bool" }]));
    let plain = exported(&fixture("plain"));
    let sample = find(&plain, "name", "Sample");
    assert_eq!((&sample["kind"], &sample["members"][1]["offset"]), (&json!("plain"), &json!(8)));
    assert_eq!(find(&plain, "kind", "slice-mut")["members"][0]["type"], "Sample");
    let grown = exported(&fixture("grow-v3"));
    let limits = &find(&grown, "name", "Limits")["members"];
    let optional: Vec<_> = limits.as_array().unwrap().iter().map(|field| field["optional"] == true).collect();
    assert_eq!(optional, [false, false, true, true]);
    let mut methods = grown["contracts"][0]["methods"].as_array().unwrap().iter();
    assert!(methods.any(|method| method["renamed_from"] == json!(["fetch"])));
}

#[test]
fn programs_get_json() {
    let path = plugin("disk");
    let shown = plugin_gen(&root(), &["inspect", "--message-format", "json", path.to_str().unwrap()]).code(0);
    let shown: Value = serde_json::from_str(&shown.stdout).expect("one JSON document");
    let export =
        shown["records"].as_array().unwrap().iter().find(|record| record["kind"] == "exports").unwrap();
    assert_eq!(export["package"], "disk");
    assert_eq!(export["symbol"], "__plugin_disk");
    assert_eq!(export["toolchain"]["pointer_width"], usize::BITS);
    let get = &export["contracts"][0]["methods"][0];
    assert_eq!(get["signature"], "fn get(&self, key: &str) -> Result<Vec<u8>, StoreError>");
    assert_eq!(get["arguments"][0]["type"], "&str");
    assert!(get["fingerprint"].as_str().unwrap().starts_with("fnv128:"));
    assert!(shown["needed"].as_array().unwrap().iter().any(|library| library == "libc.so.6"));
    assert_eq!(shown["exports"], serde_json::json!(["__plugin_disk"]));
}

#[test]
fn what_is_no_library_is_said_to_be_none() {
    let directory = tempfile::tempdir().unwrap();
    let run = |file: &str| plugin_gen(directory.path(), &["inspect", file]);
    fs::write(directory.path().join("text"), "hello").unwrap();
    fs::write(directory.path().join("empty"), "").unwrap();
    let bytes = fs::read(plugin("memory")).unwrap();
    fs::write(directory.path().join("half.so"), &bytes[..bytes.len() / 2]).unwrap();
    run("missing")
        .code(101)
        .says(&["missing: expected a library, found no such file", "cargo plugin-gen build"]);
    run("text").code(101).says(&["text: expected an ELF file"]);
    run("empty").code(101).says(&["empty: expected an ELF file"]);
    run("half.so").code(101).says(&["half.so: "]);
    run(".").code(101).says(&["found a directory"]);
    run("/proc/self/exe").code(1).says(&["no plugin note"]);
    plugin_gen(directory.path(), &["inspect", "--message-format", "json", "/proc/self/exe"]).code(1);
}
