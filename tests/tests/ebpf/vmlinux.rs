//! Where programs have the kernel's own structs from.

use std::fs;
use std::path::{Path, PathBuf};

use plugin_contracts::plugin_contract;
use plugin_gen::{Build, BuildError, Compiled, Vmlinux};
use plugin_host::Plugin;
use tempfile::TempDir;

use super::system::{Kernel, child};

/// Knows the kernel.
#[plugin_contract(id = "test.places", version = "1.0.0", unlocked)]
pub trait Places: Send + Sync {
    /// Where a thread has the number of its process, in bytes.
    fn tgid(&self) -> u32;
    /// Makes it a contract of the kernel's.
    #[config]
    fn unused(&self) -> u32;
}

const SOURCE: &str = r#"
#include "vmlinux.h"
#include "test_places.bpf.h"
#include <bpf/bpf_core_read.h>

SEC("syscall")
int tgid(struct test_places_tgid_call *call)
{
	call->result = bpf_core_field_offset(struct task_struct, tgid);
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
"#;

/// All that the source needs to know, as somebody may keep it.
const KEPT: &str = "#ifndef __VMLINUX_H__\n#define __VMLINUX_H__\n#include <linux/bpf.h>\n\
    struct task_struct { int tgid; } __attribute__((preserve_access_index));\n#endif\n";

fn compile(vmlinux: Option<Vmlinux>) -> (TempDir, Result<Compiled, BuildError>) {
    let directory = tempfile::tempdir().expect("a directory");
    let source = directory.path().join("places.bpf.c");
    fs::write(&source, SOURCE).expect("it can be written");
    let mut build = Build::new().contract::<dyn Places>();
    if let Some(vmlinux) = vmlinux {
        build = build.vmlinux(vmlinux);
    }
    let out = directory.path().join("out");
    fs::create_dir(&out).expect("it is ours");
    let compiled = build.bpf_into(&source, &out);
    (directory, compiled)
}

fn kept(text: &str) -> (TempDir, PathBuf) {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("kept.h");
    fs::write(&path, text).expect("it can be written");
    (directory, path)
}

fn tgid(compiled: Result<Compiled, BuildError>) -> u32 {
    let object = compiled.expect("clang takes it").object;
    // SAFETY: the object is ours, and was just compiled.
    let places: Plugin<dyn Places> = unsafe { Plugin::load(object) }.expect("it loads");
    places.tgid()
}

#[test]
fn the_running_kernels_structs_are_those_that_somebody_kept() {
    let Some(_kernel) = Kernel::for_type("syscall") else { return };
    let (directory, running) = compile(Some(Vmlinux::Running));
    let text = fs::read_to_string(directory.path().join("out/vmlinux.h")).expect("it lies beside the object");
    assert!(text.contains("#ifndef __VMLINUX_H__") && text.contains("\nstruct task_struct {"));
    let (_kept, path) = kept(KEPT);
    let (_directory, file) = compile(Some(Vmlinux::File(path.clone())));
    let read = &file.as_ref().expect("clang takes it").read;
    assert!(read.contains(&path), "a build script is run again when it changes: {read:?}");
    let found = tgid(running);
    assert_eq!(found, tgid(file));
    assert!(found > 0);
}

#[track_caller]
fn fails(vmlinux: Option<Vmlinux>, says: &[&str]) {
    let (_directory, compiled) = compile(vmlinux);
    let text = compiled.expect_err("it fails").to_string();
    for said in says {
        assert!(text.contains(said), "`{said}` is not said: {text}");
    }
}

#[test]
fn a_header_that_is_not_there_or_is_none_fails_the_build() {
    fails(None, &["'vmlinux.h' file not found"]);
    let nowhere = Path::new("/nowhere/vmlinux.h");
    fails(Some(Vmlinux::File(nowhere.to_owned())), &["/nowhere/vmlinux.h", "No such file"]);
    let (_kept, path) = kept("this is no C\n");
    fails(Some(Vmlinux::File(path)), &["clang refused it", "vmlinux.h:1:"]);
    // Without the kernel's structs, and without those of this kernel's headers.
    let (_kept, path) = kept("#include <linux/bpf.h>\n");
    fails(Some(Vmlinux::File(path)), &["clang refused it", "struct task_struct"]);
}

#[test]
fn a_bpftool_that_is_not_there_or_fails_is_named() {
    child("vmlinux::child_has_no_bpftool", &[("BPFTOOL", Path::new("/nowhere/bpftool"))]);
    let directory = tempfile::tempdir().expect("a directory");
    let program = directory.path().join("bpftool");
    fs::write(&program, "#!/bin/sh\necho 'Error: failed to load BTF' >&2\nexit 255\n").expect("it is ours");
    let may_run = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    fs::set_permissions(&program, may_run).expect("it is ours");
    child("vmlinux::child_has_a_bpftool_that_fails", &[("BPFTOOL", &program)]);
}

#[test]
#[ignore = "a child of the test above"]
fn child_has_no_bpftool() {
    let says =
        ["there is no `/nowhere/bpftool`", "or name one in `BPFTOOL`", "keep a `vmlinux.h` and name it"];
    fails(Some(Vmlinux::Running), &says);
}

#[test]
#[ignore = "a child of the test above"]
fn child_has_a_bpftool_that_fails() {
    fails(Some(Vmlinux::Running), &["Error: failed to load BTF", "keep a `vmlinux.h` and name it"]);
}
