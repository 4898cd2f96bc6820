//! The loader under valgrind: what it lends libbpf and the kernel is its own, as long as they say, and none of it is lost.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use plugin_host::Plugin;
use plugin_tests::child;

use super::build;
use super::contract::{Probe, Wide};
use super::system::{Bpffs, Kernel, skip};

/// What the child is told.
const OBJECT_VAR: &str = "PLUGIN_TESTS_OBJECT";
const BAD_VAR: &str = "PLUGIN_TESTS_BAD_OBJECT";
const BPFFS_VAR: &str = "PLUGIN_TESTS_BPFFS";

#[test]
fn a_walk_through_the_loader_reads_and_writes_only_what_is_its_own() {
    let Some(_kernel) = Kernel::for_type("xdp") else { return };
    let bpffs = Bpffs::mount();
    let body = "return ctx->data_end - ctx->data > 100 ? XDP_DROP : XDP_PASS;";
    let bad = build::SOURCE.replace(body, "return *(volatile char *)(long)ctx->data;");
    assert_ne!(bad, build::SOURCE);
    let (_directory, bad) = build::compile::<dyn Probe>(&bad);
    let mut command = Command::new(std::env::current_exe().expect("it is known"));
    command.args(["memory::child_walks", "--exact", "--ignored", "--nocapture", "--test-threads=1"]);
    let Some(mut command) = child::under_valgrind(&command) else {
        return skip("valgrind", "it was not found");
    };
    // valgrind does not know which bytes bpf(2) writes, and would take them for unwritten: so it is asked what is read and written
    // that nobody has, or has no more, and what is lost.
    let known = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ebpf/valgrind.supp");
    command.env("VALGRIND_OPTS", format!("--undef-value-errors=no --suppressions={}", known.display()));
    command.env(OBJECT_VAR, build::probe()).env(BPFFS_VAR, bpffs.path());
    command.env(BAD_VAR, bad.expect("clang takes it").object);
    let _ = child::run(&mut command);
}

fn given(variable: &str) -> PathBuf {
    std::env::var_os(variable).expect("the parent says it").into()
}

fn load(generation: u64) -> Plugin<dyn Probe> {
    let options = Plugin::options().constants("number", &5_u32).pin_state(given(BPFFS_VAR));
    // SAFETY: the object is the parent's, who compiled it.
    unsafe { options.generation(generation).load(given(OBJECT_VAR)) }.expect("it loads")
}

#[test]
#[ignore = "a child of the test above"]
fn child_walks() {
    let (mut probe, other) = (load(1), load(2));
    // SAFETY: as above.
    let refused = unsafe { Plugin::<dyn Probe>::load(given(BAD_VAR)) }.expect_err("the verifier refuses it");
    assert!(refused.to_string().contains("`data_end`"), "{refused}");

    let wide = Wide { tiny: -2, ..Wide::ZERO };
    assert_eq!(probe.ask(3, wide, 7).first, 21);
    probe.tick();
    assert_eq!((probe.number(), probe.wide(), other.state().get(&0)), (5, Wide::ZERO, Ok(Some(1))));
    // Where valgrind knows the end of each.
    let [short, long] = [60, 200].map(|len| vec![0; len].into_boxed_slice());
    assert_eq!((probe.ingress(&short), probe.ingress(&long), probe.ingress(&[])), (2, 1, 2));

    probe.table().insert(&Wide::ZERO.inner, &wide).expect("there is room");
    assert_eq!(probe.table().entries(), Ok(vec![(Wide::ZERO.inner, wide)]));
    probe.table().remove(&Wide::ZERO.inner).expect("it is there");
    probe.policy().replace_all(&[(1, 2), (3, 4)]).expect("there is room");
    assert_eq!((probe.policy().entries().map(|all| all.len()), probe.agree(2)), (Ok(2), 1));

    let mut words = Vec::new();
    probe.tell(7, 100);
    while probe.seen().each(8, Duration::ZERO, |event| words.push(event.word)) != Ok(0) {}
    let mut packet = vec![0; 60];
    packet[0] = 1;
    probe.ingress(&packet);
    assert_eq!(probe.seen_perf().wait(Duration::from_secs(60)).map(|event| event.is_some()), Ok(true));
    assert_eq!(Ok(100), probe.seen().lost().map(|lost| lost + words.len() as u64));
    drop(probe.seen().stream());

    let path = given(BPFFS_VAR).join("link");
    let mut link = probe.hooks().ingress().attach("lo").expect("nothing is attached there");
    assert!(probe.hooks().ingress().attach("lo").is_err());
    link.pin(&path).expect("nothing is there");
    link.replace(&other.hooks().ingress()).expect("nobody else swaps");
    drop((link, probe));
    let mut link = other.hooks().ingress().reopen(&path).expect("it is what it was");
    link.rollback().expect("it is kept");
    assert_eq!(link.running().map(|running| running.generation), Ok(1));
    link.detach().expect("it is detached");
}
