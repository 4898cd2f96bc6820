//! Programs that the kernel's verifier refuses: each is shown at its line, with what it mostly means.

use std::path::{Path, PathBuf};

use super::build;
use super::contract::Probe;
use super::refused::refused;
use super::system::{Kernel, child_with};

/// What stands before `ingress`, what in it, the line that the verifier stops at (or nothing where it says none), and the hint.
const CASES: &[[&str; 4]] = &[
    ["", "return *(volatile char *)(long)ctx->data;", "return *(volatile char *)", "`data_end`"],
    [
        "",
        "struct test_probe_inner at = {};\n\tstruct test_probe_wide *wide = bpf_map_lookup_elem(&table, &at);\n\twide->word = 1;\n\treturn 2;",
        "wide->word = 1;",
        "a lookup may find nothing",
    ],
    [
        "",
        "__u64 *room = bpf_ringbuf_reserve(&seen, 8, 0);\n\t*room = 1;\n\tbpf_ringbuf_submit(room, 0);\n\treturn 2;",
        "*room = 1;",
        "what was reserved or looked up may not be there",
    ],
    [
        "",
        "return *(volatile int *)(long)ctx->rx_queue_index;",
        "return *(volatile int *)",
        "it is a number to the verifier, not a pointer",
    ],
    [
        "",
        "volatile long *start = (void *)(long)ctx->data_end;\n\treturn *start;",
        "return *start;",
        "what is read there may be no such memory",
    ],
    [
        "",
        "__u32 key = 0;\n\tchar *value = bpf_map_lookup_elem(&state, &key);\n\tif (!value)\n\t\treturn 1;\n\treturn value[ctx->rx_queue_index];",
        "return value[ctx->rx_queue_index];",
        "an index or a length has no bounds",
    ],
    ["", "for (;;)\n\t\tasm volatile(\"\");", "", "a loop has no end"],
    [
        "",
        "__u32 sum = 0;\n\tfor (__u32 at = 0; at < 20000; at++)\n\t\tsum += bpf_get_prandom_u32() > 9 ? sum : 1;\n\treturn sum;",
        "",
        "longer than the verifier follows",
    ],
    [
        "static __attribute__((noinline)) int deep(struct xdp_md *ctx)\n{\n\tvolatile char room[300] = {};\n\treturn room[3];\n}\n",
        "volatile char room[300] = {};\n\treturn room[7] + deep(ctx);",
        "",
        "512 bytes for all calls together",
    ],
    [
        "",
        "asm volatile(\"r1 = 0; *(u64 *)(r10 - 520) = r1;\" ::: \"r1\", \"memory\");\n\treturn 2;",
        "asm volatile",
        "the stack is 512 bytes: keep",
    ],
    [
        "",
        "long found;\n\tasm volatile(\"%0 = r5\" : \"=r\"(found));\n\treturn found;",
        "asm volatile",
        "what is read there has no value yet",
    ],
    [
        "",
        "static void (*const absent)(void) = (void *)9999;\n\tabsent();\n\treturn 2;",
        "absent();",
        "this kernel has no such helper",
    ],
    [
        "",
        "return bpf_get_current_pid_tgid() + bpf_msg_pop_data((void *)ctx, 0, 0, 0);",
        "return bpf_get_current_pid_tgid()",
        "not for this kind of program",
    ],
    [
        "",
        "__u64 *room = bpf_ringbuf_reserve(&seen, 8, 0);\n\treturn room ? 1 : 2;",
        "",
        "submit or discard it on each",
    ],
    [
        "",
        "__u32 found;\n\tasm volatile(\"r1 = %1; r1 += 4; %0 = *(u32 *)(r1 + 0);\" : \"=r\"(found) : \"r\"(ctx) : \"r1\");\n\treturn found;",
        "asm volatile",
        "the context is read by its fields only",
    ],
    [
        "",
        "return *(volatile __u64 *)((void *)ctx + 400);",
        "return *(volatile __u64 *)",
        "this field of the context is not there",
    ],
];

/// The probe with another `ingress`.
fn source(before: &str, body: &str) -> String {
    let source = build::SOURCE;
    let start = source.find("SEC(\"xdp\")\nint ingress(struct xdp_md *ctx)\n{\n").expect("it is there");
    let end = start + source[start..].find("\n}\n").expect("it ends");
    let ingress = format!("{before}SEC(\"xdp\")\nint ingress(struct xdp_md *ctx)\n{{\n\t{body}");
    source[..start].to_owned() + &ingress + &source[end..]
}

fn object(source: &str) -> Vec<u8> {
    let (_directory, compiled) = build::compile::<dyn Probe>(source);
    std::fs::read(compiled.expect("clang takes it").object).expect("it was compiled")
}

#[test]
fn what_the_verifier_refuses_is_shown_at_its_line_with_a_hint() {
    let Some(_kernel) = Kernel::for_type("xdp") else { return };
    for [before, body, line, hint] in CASES {
        let mut says = vec!["the kernel's verifier refused `ingress`", hint];
        if !line.is_empty() {
            says.extend(["probe.bpf.c:", line]);
        }
        refused(&object(&source(before, body)), &says);
    }
}

#[test]
fn a_value_that_the_hook_does_not_know_is_refused() {
    let Some(_kernel) = Kernel::for_type("cgroup_sock_addr") else { return };
    let connect = "int connect(struct bpf_sock_addr *ctx)\n{\n\treturn 1;";
    assert!(build::SOURCE.contains(connect));
    let source = build::SOURCE.replace(connect, &connect.replace("return 1", "return 7"));
    refused(&object(&source), &["verifier refused `connect`", "returns a value that its hook does not know"]);
}

#[test]
fn a_helper_for_programs_under_the_gpl_asks_for_the_license() {
    let Some(_kernel) = Kernel::for_type("xdp") else { return };
    let body = "bpf_trace_printk(\"\", 1);\n\treturn 2;";
    let source = source("", body).replace("\"Dual MIT/GPL\"", "\"MIT\"");
    refused(&object(&source), &["verifier refused `ingress`", "bpf_trace_printk", "SEC(\"license\")"]);
}

/// Names the object that the child loads.
const OBJECT_VAR: &str = "PLUGIN_TESTS_OBJECT";

/// Newer kernels let whoever may trace read what nobody wrote.
#[test]
fn what_nobody_wrote_is_read_by_those_who_may_trace_only() {
    let Some(_kernel) = Kernel::for_type("xdp") else { return };
    let body = "__u32 key;\n\tasm volatile(\"\" : : \"r\"(&key) : \"memory\");\n\treturn bpf_map_lookup_elem(&state, &key) ? 1 : 2;";
    let directory = tempfile::tempdir().expect("a directory");
    let path: PathBuf = build::beside(&directory, "bad.bpf.o", &object(&source("", body)));
    let rights = ["--bounding-set=-all,+bpf,+net_admin,+dac_override", "--inh-caps=-all"];
    child_with(&rights, "verifier::child_may_not_trace", &[(OBJECT_VAR, Path::new(&path))]);
}

#[test]
#[ignore = "a child of the test above"]
fn child_may_not_trace() {
    let path = PathBuf::from(std::env::var_os(OBJECT_VAR).expect("the parent says which"));
    refused(&std::fs::read(path).expect("it was compiled"), &["set the whole struct to zeros first"]);
}
