//! What will hurt a host: each rule by a library that a compiler made so, or by bytes where none would.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use plugin_tests::compiler::native;
use plugin_tests::elf::{HEADER_LEN, Library, MACHINE_AT, SEGMENT_LEN};
use plugin_tests::{fixture, plugin, root};
use serde_json::Value;
use tempfile::TempDir;

use crate::{Ended, plugin_gen};

const PT_LOAD: u32 = 1;
const PT_GNU_STACK: u32 = 0x6474_e551;

/// A place for libraries.
struct Bench(TempDir);

impl Bench {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// A library of C, by the compiler that Rust links with.
    fn compile(&self, name: &str, source: &str, flags: &[&str]) -> PathBuf {
        let (input, output) = (self.path(name).with_extension("c"), self.path(name));
        fs::write(&input, source).unwrap();
        let mut compiler = Command::new("cc");
        compiler.args(["-shared", "-fPIC", "-w", "-o"]).arg(&output).arg(&input).args(flags);
        let ended = compiler.current_dir(self.0.path()).output().expect("a linker is there");
        assert!(ended.status.success(), "{name}: {}", String::from_utf8_lossy(&ended.stderr));
        output
    }

    fn doctor(&self, words: &[&str]) -> Ended {
        plugin_gen(self.0.path(), &[&["doctor"], words].concat())
    }

    /// The document about these files.
    fn json(&self, files: &[&Path]) -> Value {
        let files = files.iter().map(|path| path.to_str().unwrap());
        let words: Vec<_> = ["--message-format", "json"].into_iter().chain(files).collect();
        let Ended { stdout, stderr, code } = self.doctor(&words);
        assert!(matches!(code, Some(0 | 1)), "{stderr}");
        serde_json::from_str(&stdout).expect("one JSON document")
    }

    /// The rules that a file broke, each with its level.
    fn rules(&self, path: &Path) -> BTreeSet<String> {
        rules(&self.json(&[path])["files"][0]["findings"])
    }
}

fn rules(findings: &Value) -> BTreeSet<String> {
    let findings = findings.as_array().expect("a list of findings").iter();
    let word = |finding: &Value, key: &str| finding[key].as_str().expect("a text").to_owned();
    let rule = |finding: &Value| {
        assert!(!word(finding, "why").is_empty() && !word(finding, "help").is_empty(), "{finding}");
        format!("{}: {}", word(finding, "level"), word(finding, "rule"))
    };
    findings.map(rule).collect()
}

fn probe() -> Library {
    Library::read(&fixture("probe"))
}

/// Where the first program header of this kind stands.
fn segment(library: &Library, kind: u32) -> usize {
    let mut headers = (HEADER_LEN..library.headers_end()).step_by(SEGMENT_LEN);
    headers.find(|at| library.word(*at) == kind).expect("linkers write one")
}

#[test]
fn healthy_plugins_are_told_what_they_are_and_nothing_else() {
    let bench = Bench::new();
    let (memory, disk) = (plugin("memory"), plugin("disk"));
    let words = [memory.to_str().unwrap(), disk.to_str().unwrap()];
    bench.doctor(&words).code(0).says(&[
        "ELF, 64-bit, little-endian, a shared object for x86-64",
        "exports acme.store 1.",
        "C library     glibc",
        "GLIBC_2.",
        "exports       __plugin_memory\n",
        "plain stack",
        "Examined 2 files: 2 notes",
    ]);
    bench.doctor(&[&["--deny-warnings"], &words[..]].concat()).code(0);
    let shown = bench.json(&[&memory, &disk]);
    assert_eq!(shown["together"], Value::Array(Vec::new()));
    let shown = &shown["files"][0];
    assert_eq!(rules(&shown["findings"]), BTreeSet::from(["note: debug-build".to_owned()]));
    assert_eq!(shown["plugins"][0]["contracts"][0]["id"], "acme.store");
    assert_eq!((&shown["libc"], &shown["architecture"]), (&"glibc".into(), &"x86-64".into()));
    assert_eq!((&shown["executable_stack"], &shown["cxx"]), (&false.into(), &Value::Null));
    assert_eq!(shown["exports"][0]["name"], "__plugin_memory");
    let glibc = shown["versions"].as_array().unwrap().iter().find(|one| one["family"] == "GLIBC").unwrap();
    assert!(!glibc["symbols"].as_array().unwrap().is_empty(), "{glibc}");
}

#[test]
fn each_flag_of_a_linker_is_found() {
    let bench = Bench::new();
    let fine = "static int it;";
    bench.compile("unversioned.so", "void of_another(void) {}", &[]);
    bench.compile("sub.so", "void of_another(void) {}", &[]);
    let by_path = bench.path("sub.so");
    let cases: &[(&str, &str, &[&str])] = &[
        ("error: executable-stack", fine, &["-Wl,-z,execstack"]),
        ("error: no-dlopen", fine, &["-Wl,-z,nodlopen"]),
        ("note: never-unloaded", fine, &["-Wl,-z,nodelete"]),
        ("error: relative-search-path", fine, &["-Wl,-rpath,/right:lib"]),
        ("error: relative-search-path", fine, &["-Wl,-rpath,/right:"]),
        (
            "warning: needed-by-path",
            "void of_another(void); void f(void) { of_another(); }",
            &[by_path.to_str().unwrap()],
        ),
        (
            "note: unversioned-symbols",
            "void of_another(void); void f(void) { of_another(); }",
            &["-L.", "-l:unversioned.so"],
        ),
        ("error: undefined-symbols", "void of_nobody(void); void f(void) { of_nobody(); }", &[]),
        ("warning: text-relocations", "__asm__(\".text\\n.quad printf\\n\");", &["-Wl,-z,notext"]),
        (
            "warning: static-tls",
            "__thread int it __attribute__((tls_model(\"initial-exec\"))); int f(void) { return it; }",
            &[],
        ),
        ("warning: private-symbols", "void _dl_catch_error(void); void f(void) { _dl_catch_error(); }", &[]),
        ("warning: more-exports", "int it;", &[]),
        (
            "warning: unique-symbols",
            "__asm__(\".data\\n.globl it\\n.type it, @gnu_unique_object\\n.size it, 4\\nit: .long 1\\n\");",
            &[],
        ),
        ("warning: exported-runtime", "void __cxa_throw(void) {}", &[]),
        ("error: no-plugin", fine, &[]),
    ];
    let unharmed = bench.rules(&bench.compile("fine.so", fine, &[]));
    assert_eq!(
        unharmed,
        BTreeSet::from(["error: no-plugin".to_owned()]),
        "what follows is by the flags alone"
    );
    for (at, (rule, source, flags)) in cases.iter().enumerate() {
        let found = bench.rules(&bench.compile(&format!("it{at}.so"), source, flags));
        assert!(found.contains(*rule), "{rule} is not in {found:?}");
    }
}

#[test]
fn what_no_linker_writes_is_found_too() {
    let bench = Bench::new();
    let probe = probe();
    let note = probe.export_note();
    let flags = note.desc + 10;
    let aborts = probe.with(flags, &[probe.0[flags] | 4]);
    let load = segment(&probe, PT_LOAD);
    let musl = probe.find(b"\0libc.so.6\0")[0] + 1;
    let cases = [
        ("error: executable-stack", probe.with(segment(&probe, PT_GNU_STACK), &[0; 4])),
        ("warning: writable-code", probe.with(load + 4, &[7])),
        ("warning: musl", probe.with(musl, b"libc.so\0\0")),
        ("warning: no-section-headers", probe.with(40, &[0; 8]).with(60, &[0; 4])),
        ("warning: panic-aborts", aborts),
        ("error: entry-missing", probe.with(probe.find_in(note, b"__plugin_probe"), b"__plugin_porbe")),
        ("error: damaged", probe.with(note.desc, b"plgnote\0")),
        ("error: damaged", probe.cut(probe.0.len() / 2)),
        ("error: damaged", Library(b"#!/bin/sh".to_vec())),
        ("error: damaged", Library(Vec::new())),
        ("error: not-shared", probe.with(16, &[1, 0])),
    ];
    assert_eq!(
        bench.rules(&probe.write(bench.0.path(), "it.so")),
        BTreeSet::from(["note: debug-build".to_owned()])
    );
    for (rule, library) in cases {
        let found = bench.rules(&library.write(bench.0.path(), "it.so"));
        assert!(found.contains(rule), "{rule} is not in {found:?}");
    }
    let unexported = bench.json(&[&fixture("unexported")]);
    let said = unexported["files"][0]["findings"][0]["message"].as_str().unwrap();
    assert!(said.contains("test.probe") && said.contains("exports none"), "{said}");
}

#[test]
fn cxx_and_where_its_runtime_is_are_told() {
    let bench = Bench::new();
    let missing = bench.json(&[&fixture("cxx")]);
    let missing = &missing["files"][0]["findings"][0];
    assert_eq!(
        (&missing["rule"], &missing["about"]),
        (&"undefined-symbols".into(), &serde_json::json!(["guarded_length"]))
    );

    let Some(mut compiler) = native("g++") else { return };
    let source = root().join("tests/fixtures/cxx/src/guarded.cpp");
    let (linked, inside) = (bench.path("linked.so"), bench.path("inside.so"));
    compiler.args(["-shared", "-fPIC", "-o"]).arg(&linked).arg(&source);
    assert!(compiler.status().unwrap().success());
    let shown = &bench.json(&[&linked])["files"][0];
    let cxx = serde_json::json!({ "runtime": "libstdc++", "static": false, "tags": ["cxx11"] });
    assert_eq!(shown["cxx"], cxx, "{shown:#}");
    let families = shown["versions"].as_array().unwrap().iter().map(|one| one["family"].as_str().unwrap());
    let families: BTreeSet<_> = families.collect();
    assert!(families.is_superset(&BTreeSet::from(["GLIBCXX", "CXXABI", "GLIBC"])), "{families:?}");
    assert!(!rules(&shown["findings"]).contains("warning: exported-runtime"), "{shown:#}");

    for flag in ["-Wl,--exclude-libs,ALL", "-Wl,--strip-all", "-Wl,--exclude-libs,ALL,--strip-all"] {
        let mut compiler = native("g++").unwrap();
        compiler.args(["-shared", "-fPIC", "-static-libstdc++", "-static-libgcc", flag, "-o"]);
        assert!(compiler.arg(&inside).arg(&source).status().unwrap().success());
        let shown = &bench.json(&[&inside])["files"][0];
        assert_eq!(shown["cxx"]["static"], true, "{flag}: {shown:#}");
        let exports = rules(&shown["findings"]).contains("warning: exported-runtime");
        assert_eq!(exports, !flag.contains("exclude-libs"), "{flag}");
    }
}

#[test]
fn libraries_that_do_not_go_together_are_named() {
    let bench = Bench::new();
    let probe = probe();
    let musl = probe.find(b"\0libc.so.6\0")[0] + 1;
    let one = probe.write(bench.0.path(), "one.so");
    let other =
        probe.with(musl, b"libc.so\0\0").with(MACHINE_AT, &[183, 0]).write(bench.0.path(), "other.so");
    let shown = bench.json(&[&one, &other]);
    let expected = ["error: different-c-libraries", "warning: different-machines"].map(str::to_owned);
    assert_eq!(rules(&shown["together"]), BTreeSet::from(expected));
    assert_eq!(shown["together"][0]["about"], serde_json::json!(["AArch64 (other.so)", "x86-64 (one.so)"]));

    // The same entry twice is two versions of one plugin; anything else is a collision, unless it is weak.
    let again = probe.write(bench.0.path(), "again.so");
    assert_eq!(rules(&bench.json(&[&one, &again])["together"]), BTreeSet::new());
    let shared = "int shared; int own_NAME; __attribute__((weak)) int weak;";
    let first = bench.compile("first.so", &shared.replace("NAME", "first"), &[]);
    let second = bench.compile("second.so", &shared.replace("NAME", "second"), &[]);
    let shown = bench.json(&[&first, &second]);
    assert_eq!(shown["together"][0]["rule"], "colliding-symbols");
    assert_eq!(shown["together"][0]["about"], serde_json::json!(["shared (first.so, second.so)"]));
    // One file given twice does not collide with itself.
    let shown = bench.json(&[&first, &bench.path("./first.so")]);
    assert_eq!(
        (shown["files"].as_array().unwrap().len(), &shown["together"]),
        (1, &Value::Array(Vec::new()))
    );
}

#[test]
fn the_oldest_glibc_that_is_allowed_is_held() {
    let bench = Bench::new();
    let probe = fixture("probe");
    let path = probe.to_str().unwrap();
    bench
        .doctor(&["--glibc", "2.4", path])
        .code(1)
        .says(&["error[newer-glibc]: libprobe.so: it needs glibc 2.", "and shall load where there is 2.4"]);
    bench.doctor(&["--glibc", "2.400", path]).code(0);
    bench.doctor(&["--glibc", "new", path]).code(2).says(&["expected a version of glibc"]);
    bench.doctor(&[]).code(2);
}

#[test]
fn exit_codes_are_those_of_the_other_commands() {
    let bench = Bench::new();
    let source = "int it;";
    bench.compile("exports.so", source, &[]);
    let warned = probe();
    let flags = warned.export_note().desc + 10;
    let warned = warned.with(flags, &[warned.0[flags] | 4]).write(bench.0.path(), "warned.so");
    let warned = warned.to_str().unwrap();
    bench.doctor(&[warned]).code(0).says(&["warning[panic-aborts]: warned.so", "= why: ", "= help: "]);
    bench.doctor(&["--deny-warnings", warned]).code(1);
    bench.doctor(&["exports.so"]).code(1).says(&["error[no-plugin]: exports.so", "1 error, 1 warning"]);
    bench.doctor(&["missing.so"]).code(101).says(&["missing.so: expected a library, found no such file"]);
    bench.doctor(&["."]).code(101).says(&["found a directory"]);
    bench.doctor(&["/dev/zero"]).code(101).says(&["found no regular file"]);
    bench.doctor(&["--help"]).code(0).says(&["Examples:", "cargo plugin-gen doctor --glibc 2.31"]);
    let archive = plugin_tests::target().join("fixtures/debug/libfixture_contracts.rlib");
    bench.doctor(&[archive.to_str().unwrap()]).code(1).says(&["found an archive"]);
    // Not of this test: what people run on.
    plugin_gen(&root(), &["doctor", "/proc/self/exe"]).code(1).says(&["error[not-shared]", "an executable"]);
}

#[test]
fn names_in_a_file_cannot_speak_to_the_terminal() {
    let bench = Bench::new();
    let probe = probe();
    let at = probe.find(b"\0libgcc_s.so.1\0")[0] + 1;
    let path = probe.with(at, b"\x1b[31m\x07hello").write(bench.0.path(), "it.so");
    let shown = bench.doctor(&[path.to_str().unwrap()]);
    assert!(!shown.stdout.contains(['\x1b', '\x07']), "{shown:#?}");
    assert!(shown.stdout.contains(r"\u{1b}[31m\u{7}hello"), "{shown:#?}");
}

/// Numbers that are the same on every day.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % end
    }
}

#[test]
fn files_that_are_cut_and_bent_anywhere_are_told_about_and_nothing_breaks() {
    const FILES: usize = 1500;
    let bench = Bench::new();
    // Small, so that most bytes mean something: versions, thread-locals, names of C++, symbols of each binding.
    let source = "#include <stdio.h>\n\
        __thread int local; int _ZNSt7__cxx113oneE; __attribute__((weak)) int weak; void of_nobody(void);\n\
        int f(void) { of_nobody(); return printf(\"%d\", local); }";
    let path = bench.compile("whole.so", source, &["-Wl,-rpath,lib", "-Wl,-soname,it"]);
    let whole = fs::read(path).unwrap();
    let mut numbers = Numbers(1);
    let mut names = Vec::new();
    for at in 0..FILES {
        let mut bytes = whole.clone();
        if at % 3 == 0 {
            bytes.truncate(numbers.below(whole.len()));
        } else {
            for _ in 0..=numbers.below(8) {
                // Half of them where the headers are, at either end.
                let place = match numbers.below(4) {
                    0 => numbers.below(0x2f0),
                    1 => whole.len() - 1 - numbers.below(0x740),
                    _ => numbers.below(whole.len()),
                };
                // A bit, a byte, or a whole number: the largest there is.
                let word = place / 8 * 8;
                match numbers.below(3) {
                    0 => bytes[place] ^= 1 << numbers.below(8),
                    1 => bytes[place] = 0xff,
                    _ => bytes[word..whole.len().min(word + 8)].fill(0xff),
                }
            }
        }
        names.push(format!("{at}.so"));
        fs::write(bench.path(&names[at]), bytes).unwrap();
    }
    let words: Vec<_> = names.iter().map(String::as_str).collect();
    let ended = bench.doctor(&[&["--message-format", "json"], &words[..]].concat());
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(1), ""));
    let shown: Value = serde_json::from_str(&ended.stdout).expect("one JSON document");
    let files = shown["files"].as_array().unwrap();
    assert_eq!(files.len(), FILES);
    let damaged = files.iter().filter(|file| rules(&file["findings"]).contains("error: damaged")).count();
    assert!((FILES / 3..FILES).contains(&damaged), "{damaged} of {FILES} are called damaged");
    bench.doctor(&words).code(1);
}
