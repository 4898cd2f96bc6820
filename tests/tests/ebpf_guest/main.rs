//! Contracts that the kernel carries, on another kernel: what this one may refuse (LSM, fentry), and one object on both.
//!
//! `cargo test -p plugin-tests --features ebpf --test ebpf_guest`, with what `plugin_tests::guest` asks for. Tests that run in the
//! guest are children of the others, in this very file.

pub mod contract;

use std::path::{Path, PathBuf};
use std::{env, fs};

use contract::{Finder, Placed, Watch};
use plugin_contracts::kernel::KernelError;
use plugin_gen::Build;
use plugin_host::{Contract, Plugin};
use plugin_tests::guest::{Ended, Guest};
use tempfile::TempDir;

/// Names the object for the child.
const OBJECT_VAR: &str = "PLUGIN_TESTS_OBJECT";

/// The object of this source, built here.
fn object<C: ?Sized + Contract>(text: &str) -> (TempDir, PathBuf) {
    let directory = tempfile::tempdir().expect("a directory");
    let source = directory.path().join("it.bpf.c");
    fs::write(&source, text).expect("it can be written");
    let compiled = Build::new().contract::<C>().bpf_into(&source, directory.path());
    let object = compiled.expect("it is what the contract says").object;
    (directory, object)
}

/// Who may not open files is said before the object is loaded.
fn load(object: &Path, refused: u32) -> Plugin<dyn Watch> {
    // SAFETY: the object is ours, and was just compiled.
    unsafe { Plugin::options().constants("refused", &refused).load(object) }.expect("it loads")
}

/// Runs a child of this file in a guest.
fn in_guest(guest: &Guest, child: &str, object: &Path) -> Ended {
    let program = env::current_exe().expect("this is a program");
    let args = ["--ignored", "--exact", child, "--nocapture"];
    guest.run(&program, &args, &[(OBJECT_VAR, &object.to_string_lossy())], &[object])
}

fn given() -> Option<PathBuf> {
    env::var_os(OBJECT_VAR).map(PathBuf::from)
}

#[track_caller]
fn passes(guest: &Guest, child: &str) {
    let (_directory, object) = object::<dyn Watch>(include_str!("watch.bpf.c"));
    let ended = in_guest(guest, child, &object);
    assert_eq!(ended.code, Some(0), "{}{}", ended.output, ended.console);
    assert!(ended.output.contains("1 passed"), "{}", ended.output);
}

#[test]
fn a_security_hook_decides_and_goes_with_its_link() {
    if let Some(guest) = Guest::found("lsm") {
        passes(&guest, "child_decides_who_may_open");
    }
}

#[test]
#[ignore = "a child of `a_security_hook_decides_and_goes_with_its_link`"]
fn child_decides_who_may_open() {
    let Some(object) = given() else { return };
    let file = tempfile::NamedTempFile::new().unwrap();
    let opens = || fs::File::open(file.path());
    // Both now: once the first is attached, this process opens no file, not even an object.
    let (watch, other) = (load(&object, std::process::id()), load(&object, std::process::id() + 1));
    assert!(opens().is_ok(), "nothing is attached yet");
    let mut link = watch.hooks().may_open().attach("").unwrap();
    assert_eq!(opens().unwrap_err().kind(), std::io::ErrorKind::PermissionDenied);
    assert!(watch.opened().get(&0).unwrap() > Some(0));

    // Then another process is refused. The kernel exchanges nothing here: the new one comes before the old one goes.
    let error = link.replace(&other.hooks().may_open()).unwrap_err();
    assert!(matches!(error, KernelError::Unsupported(_)), "{error}");
    let next = other.hooks().may_open().attach("").unwrap();
    assert!(opens().is_err(), "both decide");
    drop(link);
    assert!(opens().is_ok());
    drop(next);
    drop(watch);
    assert!(opens().is_ok());
}

#[test]
fn a_function_of_the_kernels_is_watched() {
    if let Some(guest) = Guest::found("fentry") {
        passes(&guest, "child_watches_a_function");
    }
}

#[test]
#[ignore = "a child of `a_function_of_the_kernels_is_watched`"]
fn child_watches_a_function() {
    let Some(object) = given() else { return };
    let watch = load(&object, 0);
    let before = watch.unlinked().get(&0).unwrap();
    let file = tempfile::NamedTempFile::new().unwrap();
    let link = watch.hooks().on_unlink().attach("").unwrap();
    drop(file);
    let after = watch.unlinked().get(&0).unwrap();
    assert_eq!((before, after), (Some(0), Some(1)));
    link.detach().unwrap();
    drop(tempfile::NamedTempFile::new().unwrap());
    assert_eq!(watch.unlinked().get(&0).unwrap(), after);
}

/// Where this kernel has the number of a thread's process.
fn offset(object: &Path) -> u32 {
    // SAFETY: the object is ours, and was just compiled.
    let finder = unsafe { Plugin::<dyn Finder>::load(object) }.expect("it loads");
    let Placed { tgid, offset } = finder.find();
    assert_eq!(tgid, std::process::id());
    offset
}

#[test]
fn one_object_finds_its_way_in_two_kernels() {
    let Some(guest) = Guest::found("one object on two kernels") else { return };
    let (_directory, object) = object::<dyn Finder>(include_str!("finder.bpf.c"));
    let ended = in_guest(&guest, "child_finds_its_way", &object);
    assert_eq!(ended.code, Some(0), "{}{}", ended.output, ended.console);
    let there =
        ended.output.lines().find_map(|line| line.strip_prefix("tgid lies at ")).expect("it says where");
    let here = offset(&object);
    eprintln!("tgid lies at {here} here, at {there} in {}", guest.kernel());
    assert_ne!(here.to_string(), there, "both kernels have the same layout: it proves nothing");
}

#[test]
#[ignore = "a child of `one_object_finds_its_way_in_two_kernels`"]
fn child_finds_its_way() {
    if let Some(object) = given() {
        println!("\ntgid lies at {}", offset(&object));
    }
}
