//! Contracts that the kernel carries, on another kernel: what this one may refuse (LSM, fentry), and one object on both.
//!
//! `cargo test -p plugin-tests --features ebpf --test ebpf_guest`, with what `plugin_tests::guest` asks for. Tests that run in the
//! guest are children of the others, in this very file.

pub mod contract;

use std::path::{Path, PathBuf};
use std::{env, fs};

use contract::{Finder, Gate, Judge, Newer, Placed, Watch};
use plugin_contracts::kernel::KernelError;
use plugin_gen::Build;
use plugin_host::{Contract, LoadError, Plugin};
use plugin_tests::guest::{Ended, Guest};
use tempfile::TempDir;

/// Names the objects for the child, as `PATH` names directories.
const OBJECTS_VAR: &str = "PLUGIN_TESTS_OBJECTS";

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
fn in_guest(guest: &Guest, child: &str, objects: &[&Path]) -> Ended {
    let program = env::current_exe().expect("this is a program");
    let args = ["--ignored", "--exact", child, "--nocapture"];
    let paths = env::join_paths(objects).expect("temporary files have no colons");
    guest.run(&program, &args, &[(OBJECTS_VAR, &paths.to_string_lossy())], objects)
}

/// The objects that the parent names; nothing where there is no parent.
fn given<const N: usize>() -> Option<[PathBuf; N]> {
    let paths: Vec<_> = env::split_paths(&env::var_os(OBJECTS_VAR)?).collect();
    Some(paths.try_into().expect("the parent names as many"))
}

/// What a child must do, with these objects.
#[track_caller]
fn passes(guest: &Guest, child: &str, objects: &[&Path]) {
    let ended = in_guest(guest, child, objects);
    assert_eq!(ended.code, Some(0), "{}{}", ended.output, ended.console);
    assert!(ended.output.contains("1 passed"), "{}", ended.output);
}

#[test]
fn a_security_hook_decides_and_goes_with_its_link() {
    let Some(guest) = Guest::found("lsm") else { return };
    let (_directory, object) = object::<dyn Watch>(include_str!("watch.bpf.c"));
    passes(&guest, "child_decides_who_may_open", &[&object]);
}

#[test]
#[ignore = "a child of `a_security_hook_decides_and_goes_with_its_link`"]
fn child_decides_who_may_open() {
    let Some([object]) = given() else { return };
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
    let Some(guest) = Guest::found("fentry") else { return };
    let (_directory, object) = object::<dyn Watch>(include_str!("watch.bpf.c"));
    passes(&guest, "child_watches_a_function", &[&object]);
}

#[test]
#[ignore = "a child of `a_function_of_the_kernels_is_watched`"]
fn child_watches_a_function() {
    let Some([object]) = given() else { return };
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

#[test]
fn a_function_of_another_program_is_replaced() {
    let Some(guest) = Guest::found("freplace") else { return };
    let (_gate, gate) = object::<dyn Gate>(include_str!("gate.bpf.c"));
    let (_judge, judge) = object::<dyn Judge>(include_str!("judge.bpf.c"));
    let (_newer, newer) = object::<dyn Newer>(&newer(""));
    passes(&guest, "child_replaces_a_function", &[&gate, &judge, &newer]);
}

/// XDP's answers.
const ABORTED: u32 = 0;
const DROP: u32 = 1;
const PASS: u32 = 2;
const TX: u32 = 3;

#[test]
#[ignore = "a child of `a_function_of_another_program_is_replaced`"]
fn child_replaces_a_function() {
    let Some([gate, judge, newer]) = given() else { return };
    // SAFETY: the object is ours, and was just compiled.
    let gate: Plugin<dyn Gate> = unsafe { Plugin::load(&gate) }.unwrap();
    let hook = gate.hooks().gate();
    let load = |answer: u32, generation: u64| -> Result<Plugin<dyn Judge>, LoadError> {
        let options = Plugin::options().constants("answer", &answer).generation(generation);
        // SAFETY: as above.
        unsafe { options.extending(&hook).load(&judge) }
    };
    let answers = || [60, 200].map(|len| gate.gate(&vec![0; len]));
    let (first, second) = (load(TX, 1).unwrap(), load(ABORTED, 2).unwrap());
    assert_eq!(answers(), [PASS, DROP], "nothing is attached yet");

    let mut link = first.hooks().decide().attach("").unwrap();
    assert_eq!((answers(), first.asked().get(&0)), ([TX, TX], Ok(Some(2))));
    assert_eq!(
        link.running().map(|running| (running.contract, running.generation)),
        Ok(("test.judge".into(), 1))
    );
    // The kernel has one place there, and exchanges nothing in it: the function itself runs in between.
    let error = link.replace(&second.hooks().decide()).unwrap_err();
    assert!(matches!(error, KernelError::Unsupported(_)), "{error}");
    assert!(error.to_string().contains("drop this link, then attach"), "{error}");
    let error = second.hooks().decide().attach("").unwrap_err();
    assert!(matches!(error, KernelError::Exists(_)), "{error}");
    assert!(error.to_string().contains("`freplace` cannot be attached to the function `decide`"), "{error}");
    drop(link);
    assert_eq!(answers(), [PASS, DROP]);
    let link = second.hooks().decide().attach("").unwrap();
    assert_eq!(answers(), [ABORTED, ABORTED]);
    link.detach().unwrap();
    // What was attached once is attached again.
    let mut link = first.hooks().decide().attach("").unwrap();
    assert_eq!(answers(), [TX, TX]);

    // It outlives its link, and its plugin, while it is pinned.
    link.pin("/sys/fs/bpf/judge").unwrap();
    drop((link, first));
    assert_eq!(answers(), [TX, TX]);
    let error = hook.reopen("/sys/fs/bpf/judge").unwrap_err();
    assert!(matches!(error, KernelError::Other(_)), "{error}");
    second.hooks().decide().reopen("/sys/fs/bpf/judge").unwrap().detach().unwrap();
    assert_eq!(answers(), [PASS, DROP]);

    // In which program, somebody must say; and that one must have the function, with these arguments.
    // SAFETY: as above.
    let error = unsafe { Plugin::<dyn Judge>::load(&judge) }.unwrap_err();
    assert!(
        error.to_string().contains("`decide` takes the place of a function in another program"),
        "{error}"
    );
    // SAFETY: as above.
    let newer: Plugin<dyn Newer> = unsafe { Plugin::load(newer) }.unwrap();
    for (target, says) in [
        (newer.hooks().classify(), "has no such function that the kernel can exchange"),
        (gate.hooks().open(), "has no such function that the kernel can exchange"),
        (second.hooks().decide(), "what extends a program cannot be extended"),
    ] {
        // SAFETY: as above.
        let error = unsafe { Plugin::<dyn Judge>::options().extending(&target).load(&judge) }.unwrap_err();
        assert!(error.to_string().contains(says), "`{says}` is not said: {error}");
    }
}

#[test]
fn what_a_kernel_is_too_old_for_is_named() {
    let Some(guest) = Guest::found("an older kernel") else { return };
    // It takes hold of packets where Linux has done so since 6.4.
    let program =
        "struct bpf_nf_ctx;\nSEC(\"netfilter\")\nint later(struct bpf_nf_ctx *ctx)\n{\n\treturn 1;\n}\n";
    let (_known, known) = object::<dyn Newer>(&newer(""));
    let (_unknown, unknown) = object::<dyn Newer>(&newer(program));
    passes(&guest, "child_is_too_old", &[&known, &unknown]);
}

/// A program for a hook that is newer than the guest, and more.
fn newer(more: &str) -> String {
    let classify = "SEC(\"tcx/ingress\")\nint classify(struct __sk_buff *ctx)\n{\n\treturn -1;\n}\n";
    format!("#include \"test_newer.bpf.h\"\n{more}{classify}char LICENSE[] SEC(\"license\") = \"GPL\";\n")
}

#[test]
#[ignore = "a child of `what_a_kernel_is_too_old_for_is_named`"]
fn child_is_too_old() {
    let Some([newer, unknown]) = given() else { return };
    // SAFETY: the object is ours, and was just compiled.
    let plugin: Plugin<dyn Newer> = unsafe { Plugin::load(newer) }.unwrap();
    let error = plugin.hooks().classify().attach("lo").unwrap_err();
    assert!(
        error.to_string().contains("`tcx_ingress` needs Linux 6.6 or later, and this is 6.1."),
        "{error}"
    );
    // SAFETY: as above.
    let error = unsafe { Plugin::<dyn Newer>::load(unknown) }.unwrap_err().to_string();
    for says in ["prog 'later'", "may be too old for programs of this section"] {
        assert!(error.contains(says), "`{says}` is not said: {error}");
    }
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
    let ended = in_guest(&guest, "child_finds_its_way", &[&object]);
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
    if let Some([object]) = given() {
        println!("\ntgid lies at {}", offset(&object));
    }
}
