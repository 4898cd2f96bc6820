//! What the crates deliberately do not know, and what their sources deliberately do not hold.
//!
//! ARCHITECTURE.md says why; each test here is one of its invariants.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Package};
use plugin_tests::{cargo, root};
use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// Where `unsafe` may stand: the boundary itself, the host that crosses it, what is printed into plugins and into a new
/// host, and whoever loads a plugin.
const MAY_BE_UNSAFE: [&str; 7] = [
    "plugin-abi/src/",
    "plugin-host/",
    "plugin-gen/src/rust/",
    "plugin-gen/src/cli/init/",
    "tests/",
    "examples/",
    "benches/",
];
/// Where `syn` may be named. `output` hands what is printed to prettyplease, which takes nothing else.
const MAY_NAME_SYN: [&str; 3] = ["plugin-gen/src/syntax/", "plugin-gen/src/rust/", "plugin-gen/src/output/"];
/// Where files may be touched in the generator. `model` reads what was compiled.
const MAY_TOUCH_FILES: [&str; 6] = [
    "plugin-gen/src/output/",
    "plugin-gen/src/bpf",
    "plugin-gen/src/build.rs",
    "plugin-gen/src/check.rs",
    "plugin-gen/src/cli/",
    "plugin-gen/src/model/",
];
/// What a plugin's build may fetch: what a proc macro needs, and nothing at run time.
const UNDER_A_PLUGIN: [&str; 4] = ["proc-macro2", "quote", "syn", "unicode-ident"];
/// How many lines above an `unsafe` its reason may begin.
const REASON_WITHIN: usize = 6;

fn metadata() -> Metadata {
    let mut command = MetadataCommand::new();
    command.manifest_path(root().join("Cargo.toml")).no_deps().other_options(["--offline".to_owned()]);
    command.exec().expect("cargo describes the workspace")
}

fn package<'a>(metadata: &'a Metadata, name: &str) -> &'a Package {
    metadata.packages.iter().find(|package| package.name == name).expect("it is in the workspace")
}

/// Every source of the workspace, by its path below the root.
fn sources() -> Vec<(String, String)> {
    fn walk(directory: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(directory).expect("a directory can be listed") {
            let path = entry.expect("an entry can be read").path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if path.is_dir() {
                // Expected outputs and packages for tests are not ours to judge.
                if !name.starts_with('.') && name != "target" && name != "fixtures" && name != "ui" {
                    walk(&path, found);
                }
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    let mut paths = Vec::new();
    walk(&root(), &mut paths);
    paths.sort();
    let short = |path: &Path| path.strip_prefix(root()).expect("it was found there").display().to_string();
    let read = |path: &PathBuf| (short(path), fs::read_to_string(path).expect("a source is text"));
    paths.iter().map(read).collect()
}

fn under(path: &str, places: &[&str]) -> bool {
    places.iter().any(|place| path.starts_with(place))
}

fn tokens(path: &str, text: &str) -> TokenStream {
    text.parse().unwrap_or_else(|error| panic!("{path} is no Rust: {error}"))
}

/// The lines where a word stands: as a token, not in a comment or a text. With what follows it.
fn lines_with(word: &str, stream: TokenStream, found: &mut Vec<(usize, Option<TokenTree>)>) {
    let mut stream = stream.into_iter().peekable();
    while let Some(token) = stream.next() {
        match token {
            TokenTree::Group(group) => lines_with(word, group.stream(), found),
            TokenTree::Ident(ident) if ident == word => {
                found.push((ident.span().start().line, stream.peek().cloned()));
            }
            _ => {}
        }
    }
}

/// Every place of a word in these sources. A macro's argument that is the word alone, as in `Token![unsafe]`, is none.
fn places_of(word: &str, sources: &[(String, String)], judged: impl Fn(&str) -> bool) -> Vec<String> {
    let mut places = Vec::new();
    for (path, text) in sources.iter().filter(|(path, _)| judged(path)) {
        let mut found = Vec::new();
        lines_with(word, tokens(path, text), &mut found);
        let used = found.iter().filter(|(_, next)| next.is_some());
        places.extend(used.map(|(line, _)| format!("{path}:{line}")));
    }
    places
}

#[test]
fn the_binary_interface_depends_on_nothing() {
    let metadata = metadata();
    let needed = &package(&metadata, "plugin-abi").dependencies;
    let mut needed = needed.iter().filter(|dependency| dependency.kind == DependencyKind::Normal);
    assert!(needed.all(|dependency| dependency.optional), "what others need is behind a feature");
}

#[test]
fn the_host_does_not_know_the_generator() {
    // Through plugin-contracts it is compiled, as a proc macro: nothing of it is linked.
    let metadata = metadata();
    let mut seen = BTreeSet::new();
    let mut open = vec!["plugin-host".to_owned()];
    while let Some(name) = open.pop() {
        let Some(found) = metadata.packages.iter().find(|package| package.name == name) else { continue };
        let macros = found.targets.iter().any(cargo_metadata::Target::is_proc_macro);
        if seen.insert(name) && !macros {
            let linked =
                found.dependencies.iter().filter(|dependency| dependency.kind == DependencyKind::Normal);
            open.extend(linked.map(|dependency| dependency.name.clone()));
        }
    }
    assert!(seen.contains("plugin-abi"), "the walk goes nowhere: {seen:?}");
    assert!(!seen.contains("plugin-gen"), "plugin-host reaches plugin-gen: {seen:?}");
}

#[test]
fn a_plugin_is_built_from_four_foreign_crates() {
    let mut tree = cargo();
    tree.args(["tree", "--offline", "--package", "memory", "--edges", "normal,build", "--prefix", "none"]);
    let output = tree.current_dir(root()).output().expect("cargo starts");
    let tree = String::from_utf8(output.stdout).expect("names are text");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    // Our own have their place behind the version.
    let foreign: BTreeSet<_> =
        tree.lines().filter(|line| !line.contains('/')).filter_map(|line| line.split(' ').next()).collect();
    assert_eq!(foreign, BTreeSet::from(UNDER_A_PLUGIN));
}

#[test]
fn unsafe_code_stands_at_the_boundary_only() {
    let strays = places_of("unsafe", &sources(), |path| !under(path, &MAY_BE_UNSAFE));
    assert!(strays.is_empty(), "unsafe where it may not be: {strays:#?}");
    for lib in ["plugin-bpf", "plugin-gen", "plugin-macros", "contracts"]
        .map(|package| format!("{package}/src/lib.rs"))
    {
        let text = fs::read_to_string(root().join(&lib)).expect("a crate has a root");
        assert!(text.contains("#![forbid(unsafe_code)]"), "{lib} does not forbid unsafe code");
    }
}

#[test]
fn every_unsafe_block_and_impl_says_who_guarantees_it() {
    let mut silent = Vec::new();
    let mut judged = 0;
    for (path, text) in &sources() {
        let lines: Vec<_> = text.lines().collect();
        let mut found = Vec::new();
        lines_with("unsafe", tokens(path, text), &mut found);
        for (line, next) in found {
            let promises = match &next {
                Some(TokenTree::Group(group)) => group.delimiter() == Delimiter::Brace,
                Some(TokenTree::Ident(ident)) => ident == "impl",
                // A function says what it asks for in its docs: clippy sees to that.
                _ => false,
            };
            if promises {
                judged += 1;
                let above = &lines[line.saturating_sub(1 + REASON_WITHIN)..line];
                if !above.iter().any(|line| line.contains("SAFETY: ")) {
                    silent.push(format!("{path}:{line}"));
                }
            }
        }
    }
    assert!(judged > 20, "only {judged} were found: does the search work?");
    assert!(silent.is_empty(), "unsafe without a SAFETY line within {REASON_WITHIN} lines: {silent:#?}");
}

#[test]
fn only_the_rooms_of_tokens_name_syn() {
    let strays = places_of("syn", &sources(), |path| {
        under(path, &["plugin-gen/src/", "plugin-macros/"]) && !under(path, &MAY_NAME_SYN)
    });
    assert!(strays.is_empty(), "syn is named where only our own trees should be: {strays:#?}");
}

#[test]
fn only_the_doors_of_the_generator_touch_files() {
    let judged = |path: &str| path.starts_with("plugin-gen/src/") && !under(path, &MAY_TOUCH_FILES);
    let strays = places_of("fs", &sources(), judged);
    assert!(strays.is_empty(), "files are touched where only texts should be: {strays:#?}");
}

#[test]
fn what_is_printed_depends_on_nothing_but_what_was_read() {
    // A clock, the environment or the order of a hash map would make two builds of one source differ.
    let printers = [
        "plugin-gen/src/syntax/",
        "plugin-gen/src/rust/",
        "plugin-gen/src/schema/",
        "plugin-gen/src/doctor/",
        "plugin-gen/src/lock/",
    ];
    for word in ["HashMap", "HashSet", "SystemTime", "Instant", "env"] {
        let strays = places_of(word, &sources(), |path| under(path, &printers));
        // `env!` of the user's crate is printed, not read.
        let strays: Vec<_> =
            strays.iter().filter(|place| word != "env" || !place.contains("/rust/")).collect();
        assert!(strays.is_empty(), "`{word}` in {strays:#?}");
    }
}

#[test]
fn no_file_is_too_long_to_be_read() {
    let lengths = sources().into_iter().map(|(path, text)| (text.lines().count(), path));
    let (question, too_long): (Vec<_>, Vec<_>) =
        lengths.filter(|(lines, _)| *lines > 400).partition(|(lines, _)| *lines <= 600);
    for (lines, path) in question {
        println!("a question: {path} has {lines} lines");
    }
    assert!(too_long.is_empty(), "more than 600 lines: {too_long:#?}");
}
