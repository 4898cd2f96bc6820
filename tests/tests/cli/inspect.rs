//! What a built library says of itself.

use std::fs;

use plugin_tests::{plugin, root};

use crate::plugin_gen;

#[test]
fn a_plugin_tells_contracts_signatures_toolchain_and_libraries() {
    let path = plugin("memory");
    let shown = plugin_gen(&root(), &["inspect", path.to_str().unwrap()]).code(0).stdout;
    // Fingerprints stay: they are the promise. What the machine or the day decides does not.
    let shown = shown.replace(path.to_str().unwrap(), "libmemory.so");
    let kept = shown.lines().filter(|line| {
        !["  architecture", "  needs", "  built by"].iter().any(|word| line.starts_with(word))
    });
    insta::assert_snapshot!("inspect_memory", kept.collect::<Vec<_>>().join("\n"));
    for word in ["libc.so.6", "rustc 1.", "architecture"] {
        assert!(shown.contains(word), "{shown}");
    }
}

#[test]
fn programs_get_json() {
    let path = plugin("disk");
    let shown = plugin_gen(&root(), &["inspect", "--message-format", "json", path.to_str().unwrap()]).code(0);
    let shown: serde_json::Value = serde_json::from_str(&shown.stdout).expect("one JSON document");
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
    run("missing").code(101).says(&["missing: No such file"]);
    run("text").code(101).says(&["text: expected an ELF file"]);
    run("empty").code(101).says(&["empty: expected an ELF file"]);
    run("half.so").code(101).says(&["half.so: "]);
    run(".").code(101).says(&["found a directory"]);
    run("/proc/self/exe").code(1).says(&["no plugin note"]);
    plugin_gen(directory.path(), &["inspect", "--message-format", "json", "/proc/self/exe"]).code(1);
}
