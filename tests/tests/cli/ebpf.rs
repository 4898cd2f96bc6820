//! Objects for the kernel, told apart from libraries. Nothing is loaded, and no rights are needed.

use std::fs;
use std::path::{Path, PathBuf};

use plugin_tests::compiler::native;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::plugin_gen;

const SOURCE: &str = r#"
#define SEC(name) __attribute__((section(name), used))
struct { int (*type)[1]; int (*max_entries)[16]; unsigned *key; unsigned *value; } hits SEC(".maps");
const volatile unsigned limit SEC(".rodata") = 3;
SEC("xdp") int ingress(void *context) { return limit; }
char LICENSE[] SEC("license") = "Dual MIT/GPL";
"#;

/// An object of this source; nothing where there is no clang.
fn object(directory: &TempDir, source: &str, flags: &[&str]) -> Option<PathBuf> {
    let (input, output) = (directory.path().join("meter.bpf.c"), directory.path().join("meter.bpf.o"));
    fs::write(&input, source).unwrap();
    let mut clang = native("clang")?;
    clang.args(["-O2", "-target", "bpfel", "-c"]).args(flags).arg(&input).arg("-o").arg(&output);
    let ended = clang.output().expect("clang starts");
    assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
    Some(output)
}

fn told(path: &Path, command: &str, code: i32) -> Value {
    let words = [command, "--message-format", "json", path.to_str().unwrap()];
    let ended = plugin_gen(path.parent().unwrap(), &words).code(code);
    serde_json::from_str(&ended.stdout).expect("one JSON document")
}

#[test]
fn an_object_is_told_what_it_is_and_not_what_libraries_are() {
    let directory = tempfile::tempdir().unwrap();
    let Some(path) = object(&directory, SOURCE, &["-g"]) else { return };
    for command in ["doctor", "inspect"] {
        plugin_gen(directory.path(), &[command, "meter.bpf.o"]).code(0).says(&[
            "programs      ingress (xdp)",
            "maps          hits",
            "variables     limit (.rodata)",
            "license       Dual MIT/GPL",
            "a host with plugin-host's feature `ebpf` loads it",
        ]);
    }
    let expected = json!({
        "programs": [{ "name": "ingress", "section": "xdp" }],
        "maps": ["hits"],
        "variables": [{ "name": "limit", "section": ".rodata" }],
        "license": "Dual MIT/GPL",
    });
    assert_eq!(told(&path, "inspect", 0)["object"], expected);
    let file = &told(&path, "doctor", 0)["files"][0];
    assert_eq!((&file["object"], &file["architecture"]), (&expected, &json!("eBPF")));
    let findings = file["findings"].as_array().unwrap();
    assert_eq!((findings.len(), &findings[0]["rule"]), (1, &json!("ebpf-object")));
}

#[test]
fn an_object_that_hosts_refuse_is_told_why() {
    let directory = tempfile::tempdir().unwrap();
    let Some(path) = object(&directory, SOURCE, &[]) else { return };
    plugin_gen(directory.path(), &["doctor", "meter.bpf.o"]).code(1).says(&[
        "error[unreadable-object]: meter.bpf.o: the object has no BTF",
        "= why: a host refuses it",
        "= help: compile it with `-g`",
    ]);
    plugin_gen(directory.path(), &["inspect", "meter.bpf.o"]).code(101).says(&["the object has no BTF"]);
    let bytes = fs::read(&path).unwrap();
    for end in [20, 64, bytes.len() / 2] {
        fs::write(&path, &bytes[..end]).unwrap();
        let file = &told(&path, "doctor", 1)["files"][0];
        assert_eq!(file["findings"][0]["rule"], "unreadable-object", "{file}");
    }
}

#[test]
fn names_in_an_object_cannot_speak_to_the_terminal() {
    let directory = tempfile::tempdir().unwrap();
    let source = SOURCE.replace("Dual MIT/GPL", r"\033[31mGPL\007");
    if object(&directory, &source, &["-g"]).is_none() {
        return;
    }
    for command in ["doctor", "inspect"] {
        let shown =
            plugin_gen(directory.path(), &[command, "meter.bpf.o"]).code(0).says(&[r"\u{1b}[31mGPL\u{7}"]);
        assert!(!shown.stdout.contains(['\x1b', '\x07']), "{shown:#?}");
    }
}
