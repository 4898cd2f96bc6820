//! Objects that are not what their contract says: each is found, named, and by the right rule; what differs in padding only is
//! accused of nothing.

use plugin_bpf::{Drift, Lines, Place, Rule, Subject};
use plugin_gen::{BpfError, BuildError};

use super::build;
use super::contract::Probe;

/// Programs that touch no field, so that any field may change.
const PROGRAMS: &str = r#"
SEC("syscall") int ask(struct test_probe_ask_call *call) { return 0; }
SEC("syscall") int tick(void *ctx) { return 0; }
SEC("syscall") int agree(struct test_probe_agree_call *call) { return 0; }
SEC("syscall") int tell(struct test_probe_tell_call *call) { return 0; }
SEC("syscall") int fail(struct test_probe_fail_call *call) { return 0; }
SEC("xdp") int ingress(struct xdp_md *ctx) { return XDP_PASS; }
SEC("tcx/ingress") int classify(struct __sk_buff *ctx) { return 0; }
SEC("cgroup/connect4") int connect(struct bpf_sock_addr *ctx) { return 1; }
char LICENSE[] SEC("license") = "Dual MIT/GPL";
"#;

/// One edit of header and programs: what stands there, what stands there instead, the rule that it breaks, and what is accused.
type Edit = (&'static str, &'static str, Rule, &'static str);

/// Edits that every loader must notice.
const EDITS: &[Edit] = &[
    // Integers: another size.
    ("__u64 word;", "__u32 word;\n\t__u32 _gap;", Rule::PC305, "Wide.word"),
    ("__s64 signed_;", "__s32 signed_;\n\t__u32 _gap;", Rule::PC305, "Wide.signed"),
    ("__s32 half;", "__s16 half;\n\t__u16 _gap;", Rule::PC305, "Wide.half"),
    ("__u16 small;\n\t__s8", "__u8 small;\n\t__u8 _gap;\n\t__s8", Rule::PC305, "Wide.small"),
    ("__u16 first;\n\t__u16 second;", "__u32 first;\n\t__u16 second;", Rule::PC305, "Inner.first"),
    ("__u64 factor;", "__u32 factor;\n\t__u32 _gap;", Rule::PC305, "ask(..).factor"),
    (
        "__u64 from;\n\t__u32 count;",
        "__u32 from;\n\t__u32 _gap;\n\t__u32 count;",
        Rule::PC305,
        "tell(..).from",
    ),
    ("__u8 result;", "__u16 result;", Rule::PC305, "fail(..).result"),
    // With a sign or without.
    ("__u64 word;", "__s64 word;", Rule::PC305, "Wide.word"),
    ("__s64 signed_;", "__u64 signed_;", Rule::PC305, "Wide.signed"),
    ("__s32 half;", "__u32 half;", Rule::PC305, "Wide.half"),
    ("__s8 tiny;", "__u8 tiny;", Rule::PC305, "Wide.tiny"),
    ("__u16 second;", "__s16 second;", Rule::PC305, "Inner.second"),
    ("__s32 how;", "__u32 how;", Rule::PC305, "fail(..).how"),
    ("__u8 bytes[4];", "__s8 bytes[4];", Rule::PC305, "Inner.bytes"),
    ("__u8 grid[2][4];", "__s8 grid[2][4];", Rule::PC305, "Wide.grid"),
    // Something else of the same size.
    ("__u64 word;", "void *word;", Rule::PC305, "Wide.word"),
    ("__s8 tiny;", "_Bool tiny;", Rule::PC305, "Wide.tiny"),
    ("__u64 word;", "double word;", Rule::PC305, "Wide.word"),
    ("__u64 word;", "struct { __u64 value; } word;", Rule::PC305, "Wide.word"),
    ("__u64 word;", "__u32 word[2];", Rule::PC305, "Wide.word"),
    ("__u16 small;\n\t__s8", "__u8 small[2];\n\t__s8", Rule::PC305, "Wide.small"),
    ("__s32 half;", "enum { HALF = 1 } half;", Rule::PC305, "Wide.half"),
    ("struct test_probe_inner inner;", "__u64 inner;", Rule::PC305, "Wide.inner"),
    (
        "struct test_probe_inner inner;",
        "struct other { __u16 first, second; __u8 bytes[4]; } inner;",
        Rule::PC305,
        "Wide.inner",
    ),
    ("struct test_probe_inner inners[2];", "__u64 inners[2];", Rule::PC305, "Wide.inners"),
    ("struct test_probe_inner result;", "__u64 result;", Rule::PC305, "ask(..).result"),
    ("__u8 bytes[4];", "__u32 bytes;", Rule::PC305, "Inner.bytes"),
    ("__u8 bytes[4];", "__u16 bytes[2];", Rule::PC305, "Inner.bytes"),
    // Fields that moved.
    ("__u64 word;\n\t__s64 signed_;", "__s64 signed_;\n\t__u64 word;", Rule::PC304, "Wide.word"),
    ("__u16 first;\n\t__u16 second;", "__u16 second;\n\t__u16 first;", Rule::PC304, "Inner.first"),
    ("__u16 first;", "__u16 _gap;\n\t__u16 first;", Rule::PC304, "Inner.first"),
    ("__u16 small;\n\t__s8 tiny;", "__s8 tiny;\n\t__u8 _gap;\n\t__u16 small;", Rule::PC304, "Wide.small"),
    ("__u64 word;", "__u64 word __attribute__((aligned(16)));\n\t__u64 _gap;", Rule::PC304, "Wide.signed"),
    (
        "__u16 small;\n\tstruct",
        "__u16 small __attribute__((aligned(4)));\n\t__u32 _gap[2];\n\tstruct",
        Rule::PC304,
        "ask(..).wide",
    ),
    ("__u64 factor;", "__u32 _gap;\n\t__u64 factor;", Rule::PC304, "ask(..).factor"),
    ("__u64 from;\n\t__u32 count;", "__u32 count;\n\t__u64 from;", Rule::PC304, "tell(..).from"),
    (
        "struct test_probe_inner inner;\n\t__u8 grid[2][4];",
        "__u8 grid[2][4];\n\tstruct test_probe_inner inner;",
        Rule::PC304,
        "Wide.inner",
    ),
    // Fields that are gone, new, or called otherwise.
    ("__s8 tiny;", "__s8 _gone;", Rule::PC306, "Wide.tiny"),
    ("__s8 tiny;", "__s8 tinier;", Rule::PC306, "Wide.tiny"),
    ("__u64 word;", "__u64 words;", Rule::PC306, "Wide.word"),
    ("__u16 second;", "__u16 third;", Rule::PC306, "Inner.second"),
    ("struct test_probe_inner inners[2];", "", Rule::PC306, "Wide.inners"),
    (
        "struct test_probe_inner inners[2];",
        "struct test_probe_inner inners[2];\n\t__u64 more;",
        Rule::PC306,
        "Wide.more",
    ),
    ("__u8 _reserved;", "__u8 flags;", Rule::PC306, "Wide.flags"),
    ("__s32 how;", "__s32 how;\n\t__u32 why;", Rule::PC304, "fail(..).result"),
    ("__u8 bytes[4];", "__u8 octets[4];", Rule::PC306, "Inner.bytes"),
    // Arrays of another length.
    ("__u8 bytes[4];", "__u8 bytes[3];\n\t__u8 _gap;", Rule::PC307, "Inner.bytes"),
    ("__u8 bytes[4];", "__u8 bytes[8];", Rule::PC307, "Inner.bytes"),
    ("__u8 grid[2][4];", "__u8 grid[4][2];", Rule::PC307, "Wide.grid"),
    ("__u8 grid[2][4];", "__u8 grid[1][4];\n\t__u32 _gap;", Rule::PC307, "Wide.grid"),
    ("__u8 grid[2][4];", "__u8 grid[8];", Rule::PC305, "Wide.grid"),
    (
        "struct test_probe_inner inners[2];",
        "struct test_probe_inner inners[1];\n\t__u64 _gap;",
        Rule::PC307,
        "Wide.inners",
    ),
    // Unions and bit fields.
    ("__u64 word;", "union { __u64 word; __s64 other; };", Rule::PC308, "Wide"),
    ("__u64 word;", "union { __u64 whole; } word;", Rule::PC308, "Wide.word"),
    ("__s32 half;", "__s32 half : 31;", Rule::PC308, "Wide.half"),
    ("__u16 small;\n\t__s8", "__u16 small : 8, _rest : 8;\n\t__s8", Rule::PC308, "Wide.small"),
    (
        "struct test_probe_inner {",
        "union test_probe_inner_union { __u64 a; };\nunion test_probe_inner_union inner_kept;\nstruct test_probe_inner { __u8 zero : 1;",
        Rule::PC308,
        "Inner.zero",
    ),
    // Structs of another size, with all their fields in place.
    (
        "struct test_probe_wide {",
        "struct __attribute__((aligned(64))) test_probe_wide {",
        Rule::PC309,
        "Wide",
    ),
    (
        "struct test_probe_fail_call {",
        "struct __attribute__((aligned(16))) test_probe_fail_call {",
        Rule::PC309,
        "fail(..)",
    ),
    ("__u8 result;\n};", "__u8 result;\n\t__u8 _tail[7];\n};", Rule::PC309, "fail(..)"),
    // Programs.
    (
        "int ask(struct test_probe_ask_call *call) { return 0; }",
        "int asked(struct test_probe_ask_call *call) { return 0; }",
        Rule::PC301,
        "ask",
    ),
    ("SEC(\"xdp\") int ingress(struct xdp_md *ctx) { return XDP_PASS; }", "", Rule::PC301, "ingress"),
    ("SEC(\"xdp\") int ingress", "SEC(\"tc\") int ingress", Rule::PC302, "ingress"),
    ("SEC(\"tcx/ingress\") int classify", "SEC(\"tcx/egress\") int classify", Rule::PC302, "classify"),
    (
        "SEC(\"cgroup/connect4\") int connect(struct bpf_sock_addr *ctx) {",
        "SEC(\"cgroup/connect6\") int connect(struct bpf_sock_addr *ctx) {",
        Rule::PC302,
        "connect",
    ),
    ("SEC(\"syscall\") int tick", "SEC(\"xdp\") int tick", Rule::PC302, "tick"),
    ("int ingress(struct xdp_md *ctx)", "int ingress(struct __sk_buff *ctx)", Rule::PC302, "ingress"),
    (
        "int ask(struct test_probe_ask_call *call)",
        "int ask(struct test_probe_wide *call)",
        Rule::PC302,
        "ask",
    ),
    ("int ask(struct test_probe_ask_call *call)", "int ask(void *call)", Rule::PC302, "ask"),
    // Maps.
    ("} table SEC(\".maps\");", "} tables SEC(\".maps\");\n#define table tables", Rule::PC310, "table"),
    (
        "__uint(max_entries, 4);\n\t__type(key, struct",
        "__uint(max_entries, 5);\n\t__type(key, struct",
        Rule::PC310,
        "table",
    ),
    ("BPF_MAP_TYPE_LRU_HASH", "BPF_MAP_TYPE_HASH", Rule::PC310, "recent"),
    ("BPF_MAP_TYPE_ARRAY);", "BPF_MAP_TYPE_PERCPU_ARRAY);", Rule::PC310, "state"),
    ("BPF_MAP_TYPE_RINGBUF", "BPF_MAP_TYPE_USER_RINGBUF", Rule::PC310, "seen"),
    ("__uint(max_entries, 4096);", "__uint(max_entries, 8192);", Rule::PC310, "seen"),
    ("BPF_MAP_TYPE_PERF_EVENT_ARRAY", "BPF_MAP_TYPE_PROG_ARRAY", Rule::PC310, "seen_perf"),
    ("__type(key, struct test_probe_inner)", "__type(key, __u64)", Rule::PC311, "table (key)"),
    (
        "__type(value, struct test_probe_wide)",
        "__type(value, struct test_probe_inner)",
        Rule::PC311,
        "table (value)",
    ),
    ("__type(key, __u8[8])", "__type(key, __u64)", Rule::PC311, "recent (key)"),
    ("__type(value, __s64)", "__type(value, __u64)", Rule::PC311, "recent (value)"),
    ("__type(value, __s64)", "__type(value, __s32)", Rule::PC311, "recent (value)"),
    ("__type(value, __u64)", "__uint(value_size, 8)", Rule::PC311, "policy (value)"),
    ("BPF_MAP_TYPE_ARRAY_OF_MAPS", "BPF_MAP_TYPE_HASH_OF_MAPS", Rule::PC310, "policy"),
    ("__uint(max_entries, 64);", "__uint(max_entries, 65);", Rule::PC310, "policy"),
    (
        "__uint(max_entries, 64);\n\t__type(key, __u32);",
        "__uint(max_entries, 64);\n\t__type(key, __s32);",
        Rule::PC311,
        "policy (key)",
    ),
    (
        "struct policy_generation {\n\t__uint(type, BPF_MAP_TYPE_HASH)",
        "struct policy_generation {\n\t__uint(type, BPF_MAP_TYPE_LRU_HASH)",
        Rule::PC310,
        "policy",
    ),
    // Constants.
    ("const volatile __u32 number SEC(\".rodata\")", "__u32 number", Rule::PC312, "number"),
    ("const volatile __u32 number SEC", "const volatile __u32 numbers SEC", Rule::PC312, "number"),
    ("const volatile __u32 number SEC", "const volatile __u64 number SEC", Rule::PC305, "number"),
    (
        "const volatile struct test_probe_wide wide SEC",
        "const volatile struct test_probe_inner wide SEC",
        Rule::PC305,
        "wide",
    ),
];

/// Edits that change nothing of what either side sees.
const SAME: &[(&str, &str)] = &[
    ("__u8 _reserved;", "__u8 _unused;"),
    ("__u8 _reserved;", ""),
    ("__u8 _reserved;", "__u8 _a : 4, _b : 4;"),
    ("__u64 word;", "unsigned long long word;"),
    ("__s32 half;", "enum { HALF = -1 } half;"),
    ("__s32 half;", "const int half;"),
    ("__u64 word;\n\t__s64 signed_;", "struct {\n\t__u64 word;\n\t__s64 signed_;\n\t};"),
    ("__u64 from;\n\t__u32 count;", "__u64 from;\n\t__u32 count;\n\t__u32 _tail;"),
    ("__u16 small;\n\tstruct", "__u16 small;\n\t__u16 _gap[3];\n\tstruct"),
    ("SEC(\"xdp\") int ingress", "SEC(\"xdp.frags\") int ingress"),
    ("int tick(void *ctx)", "int tick(struct test_probe_wide *ctx)"),
    ("} table SEC", "__uint(map_flags, BPF_F_NO_PREALLOC);\n} table SEC"),
];

fn edited(from: &str, to: &str) -> String {
    let whole = build::header_without_assertions() + PROGRAMS;
    // Prototypes would not let a program have another argument.
    let whole: String = whole
        .lines()
        .filter(|line| !(line.starts_with("int ") && line.ends_with(");")))
        .map(|line| format!("{line}\n"))
        .collect();
    assert!(whole.contains(from), "`{from}` is not there:\n{whole}");
    whole.replacen(from, to, 1)
}

fn drifts(source: &str) -> Result<(), Vec<Drift>> {
    match build::compile::<dyn Probe>(source).1 {
        Ok(_) => Ok(()),
        Err(BuildError::Bpf(BpfError::Differs { drifts, .. })) => Err(drifts),
        Err(other) => panic!("{other}\n{source}"),
    }
}

#[test]
fn every_mutated_object_is_found_and_named() {
    let mut wrong = Vec::new();
    for (from, to, rule, what) in EDITS {
        match drifts(&edited(from, to)) {
            Ok(()) => wrong.push(format!("`{from}` -> `{to}` passes")),
            Err(found) if found.iter().any(|drift| drift.rule == *rule && drift.what == *what) => {}
            Err(found) => {
                wrong.push(format!("`{from}` -> `{to}`, expected {rule} of `{what}`, found {found:#?}"));
            }
        }
    }
    assert!(EDITS.len() >= 60, "{} objects", EDITS.len());
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), EDITS.len(), wrong.join("\n"));
}

#[test]
fn every_rule_has_an_object_that_breaks_it() {
    let shown = |rule: &&Rule| !EDITS.iter().any(|(.., broken, _)| broken == *rule);
    // PC303 is of objects that say nothing: they are below.
    let missing: Vec<_> = Rule::ALL.iter().filter(shown).collect();
    assert_eq!(missing, [&Rule::PC303]);
}

#[test]
fn what_differs_in_padding_only_is_accused_of_nothing() {
    assert_eq!(drifts(&edited("", "")), Ok(()));
    for (from, to) in SAME {
        assert_eq!(drifts(&edited(from, to)), Ok(()), "`{from}` -> `{to}`");
    }
}

#[test]
fn a_struct_that_is_only_declared_is_missed() {
    let source = edited("", "");
    // Without its anchor clang leaves out what no program reads.
    let anchor =
        source.lines().find(|line| line.contains("test_probe_fail_call_anchor")).expect("it has one");
    let without = source
        .replace(anchor, "")
        .replace("int fail(struct test_probe_fail_call *call)", "int fail(void *call)");
    let found = drifts(&without).expect_err("it is missed");
    assert!(found.iter().any(|drift| drift.rule == Rule::PC303 && drift.what == "fail(..)"), "{found:?}");
}

#[test]
fn a_method_with_a_default_body_may_be_missing_and_may_not_be_wrong() {
    assert_eq!(drifts(&edited("", "")), Ok(()), "`later` is not there");
    let with =
        edited("", "") + "SEC(\"syscall\") int later(struct test_probe_later_call *call) { return 0; }\n";
    assert_eq!(drifts(&with), Ok(()));
    let wrong = with.replace("__u32 number;\n\t__u32 result;", "__u32 number;\n\t__u64 result;");
    let found = drifts(&wrong).expect_err("it is there, and wrong");
    assert!(found.iter().all(|drift| drift.what == "later(..).result"), "{found:?}");
}

#[test]
fn both_sides_are_told() {
    let found = drifts(&edited("__u64 word;\n\t__s64 signed_;", "__s64 signed_;\n\t__u64 word;"))
        .expect_err("it differs");
    let said = found.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    let expected =
        "[PC304] `Wide.word`: `u64` at byte 0 in the contract, `__u64 word` at byte 8 in the object";
    assert!(said.contains(expected), "{said}");
}

/// The line of a text on which something stands, from 1.
fn line(text: &str, what: &str) -> usize {
    let found = text.lines().position(|line| line.contains(what));
    found.unwrap_or_else(|| panic!("`{what}` is not there:\n{text}")) + 1
}

/// What is said of an edit, with the line of the contract and of the program that it should name.
fn places_of(from: &str, to: &str, what: &str) -> (Option<usize>, Option<usize>) {
    let found = drifts(&edited(from, to)).expect_err("it differs");
    let drift = found.iter().find(|drift| drift.what == what).unwrap_or_else(|| panic!("{what}: {found:#?}"));
    let named = |place: &Option<Place>, file: &str| {
        let place = place.as_ref()?;
        assert!(place.file.ends_with(file), "{place}");
        let said = drift.to_string();
        assert!(said.contains(&format!("{file}:{}", place.line)), "{said}");
        Some(place.line)
    };
    (named(&drift.contract_place, "tests/ebpf/contract.rs"), named(&drift.object_place, "probe.bpf.c"))
}

#[test]
fn a_difference_is_told_with_the_lines_of_both_sides() {
    let contract = include_str!("contract.rs");
    for (from, to, what, in_contract, in_object) in [
        // Fields, of a type and of a call; one that only the object has.
        ("__u64 word;", "__u32 word;\n\t__u32 _gap;", "Wide.word", "pub word: u64", "__u32 word;"),
        ("__u64 factor;", "__u32 factor;\n\t__u32 _gap;", "ask(..).factor", "fn ask(", "__u32 factor;"),
        (
            "__u64 word;",
            "struct { __u32 word; };\n\t__u32 _gap;",
            "Wide.word",
            "pub word: u64",
            "struct { __u32 word; };",
        ),
        ("__u8 _reserved;", "__u8 flags;", "Wide.flags", "pub struct Wide", "__u8 flags;"),
        // Structs, programs, maps and constants.
        (
            "struct test_probe_wide {",
            "struct __attribute__((aligned(64))) test_probe_wide {",
            "Wide",
            "pub struct Wide",
            "aligned(64)",
        ),
        (
            "SEC(\"xdp\") int ingress",
            "SEC(\"tc\") int ingress",
            "ingress",
            "fn ingress",
            "SEC(\"tc\") int ingress",
        ),
        ("BPF_MAP_TYPE_LRU_HASH", "BPF_MAP_TYPE_HASH", "recent", "fn recent", "} recent SEC"),
        (
            "const volatile __u32 number SEC",
            "const volatile __u64 number SEC",
            "number",
            "fn number",
            "__u64 number SEC",
        ),
    ] {
        let expected = (Some(line(contract, in_contract)), Some(line(&edited(from, to), in_object)));
        assert_eq!(places_of(from, to, what), expected, "`{what}`");
    }
    // What the object lacks has no line there.
    let gone = "SEC(\"xdp\") int ingress(struct xdp_md *ctx) { return XDP_PASS; }";
    assert_eq!(places_of(gone, "", "ingress"), (Some(line(contract, "fn ingress")), None));
}

/// Sections of DWARF, of which nothing but lines is told.
const DWARF: [&str; 6] =
    [".debug_info", ".debug_abbrev", ".debug_str", ".debug_str_offsets", ".debug_line", ".debug_line_str"];

#[test]
fn damaged_dwarf_loses_lines_and_nothing_else() {
    let (directory, compiled) = build::compile::<dyn Probe>(build::SOURCE);
    let bytes = std::fs::read(compiled.expect("it is what the contract says").object).expect("it is there");
    drop(directory);
    let subject = Subject {
        item: "Wide".to_owned(),
        part: Some("word".to_owned()),
        c: "test_probe_wide".to_owned(),
        c_part: Some("word".to_owned()),
    };
    assert!(Lines::of(&bytes).find(&subject).is_some());
    let mut lost = 0;
    for name in DWARF {
        let (start, size) = {
            use object::{Object as _, ObjectSection as _};
            let file = object::File::parse(&*bytes).expect("it is whole");
            let (start, size) =
                file.section_by_name(name).and_then(|one| one.file_range()).expect("clang writes it");
            (start as usize, size as usize)
        };
        // Each byte, turned in three ways; and the section from there on as zeros, ones, and what it is elsewhere.
        for at in (start..start + size).step_by(1 + size / 400) {
            for change in [0x01, 0x80, 0xff] {
                let mut damaged = bytes.clone();
                damaged[at] ^= change;
                lost += usize::from(Lines::of(&damaged).find(&subject).is_none());
            }
            for fill in [0x00, 0xff] {
                let mut damaged = bytes.clone();
                damaged[at..start + size].fill(fill);
                lost += usize::from(Lines::of(&damaged).find(&subject).is_none());
            }
        }
    }
    assert!(lost > 100, "{lost}: what is damaged is looked at");
    for end in (0..bytes.len()).step_by(97) {
        let _ = Lines::of(&bytes[..end]);
    }
}
