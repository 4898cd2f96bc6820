//! State that survives its programs.

use plugin_host::{LoadError, Plugin};

use super::build;
use super::contract::Probe;
use super::system::{Bpffs, Kernel};

fn load(directory: &std::path::Path) -> Result<Plugin<dyn Probe>, LoadError> {
    // SAFETY: the object is ours, and was just compiled.
    unsafe { Plugin::options().pin_state(directory).load(build::probe()) }
}

#[test]
fn pinned_state_is_there_for_the_next_host() {
    let Some(_kernel) = Kernel::for_type("syscall") else { return };
    let bpffs = Bpffs::mount();
    let mut first = load(bpffs.path()).expect("it loads");
    first.tick();
    first
        .table()
        .insert(&super::contract::Wide::ZERO.inner, &super::contract::Wide::ZERO)
        .expect("there is room");
    drop(first);
    let mut second = load(bpffs.path()).expect("it loads");
    second.tick();
    assert_eq!(second.state().get(&0), Ok(Some(2)));
    assert_eq!(second.table().entries(), Ok(Vec::new()), "what is no state begins anew");
}

#[test]
fn state_of_another_shape_is_refused_and_left_as_it_is() {
    let Some(_kernel) = Kernel::for_type("syscall") else { return };
    let bpffs = Bpffs::mount();
    let path = bpffs.path().join("test_probe_state").display().to_string();
    for (made, says) in [
        ("type array key 4 value 8 entries 5", "without types"),
        ("type hash key 4 value 8 entries 4", "without types"),
    ] {
        super::system::run(&format!("bpftool map create {path} {made} name state"));
        let text = load(bpffs.path()).expect_err("it is refused").to_string();
        assert!(text.contains(says), "{text}");
        super::system::run(&format!("bpftool map show pinned {path} && rm {path}"));
    }
    // The same name, made by an object with other types.
    for (from, to, says) in [
        (
            "__type(value, __u64);",
            "__type(value, __s64);",
            "[PC311] `state (value)`: `u64` in the contract, `__s64` in the object",
        ),
        (
            "__type(key, __u32);\n\t__type(value, __u64);",
            "__type(key, __s32);\n\t__type(value, __u64);",
            "[PC311] `state (key)`",
        ),
        (
            "__uint(max_entries, 4);\n\t__type(key, __u32)",
            "__uint(max_entries, 8);\n\t__type(key, __u32)",
            "[PC310] `state`: a capacity of 4",
        ),
    ] {
        let header = build::header_without_assertions();
        assert!(header.contains(from), "{header}");
        let source = header.replace(from, to)
            + &build::SOURCE
                .replace("#include \"test_probe.bpf.h\"", "")
                // Older tools do not know it, and this one only makes the map.
                .replace("tcx/ingress", "tc");
        let (directory, _) = build::compile::<dyn Probe>(&source);
        let object = directory.path().join("probe.bpf.o");
        let maps = bpffs.path().join("maps");
        let [object, maps] = [&object, &maps].map(|path| path.display().to_string());
        let programs = bpffs.path().join("programs").display().to_string();
        super::system::run(&format!(
            "bpftool prog loadall {object} {programs} pinmaps {maps} && rm -r {programs} && mv {maps}/state {path} && rm -r {maps}"
        ));
        let error = load(bpffs.path()).expect_err("it is refused");
        assert!(error.to_string().contains(says), "{error}");
        assert!(error.to_string().contains(&path), "{error}");
        super::system::run(&format!("rm {path}"));
    }
    load(bpffs.path()).expect("nothing is in the way any more");
}

#[test]
fn a_directory_elsewhere_is_refused() {
    let Some(_kernel) = Kernel::for_type("syscall") else { return };
    let directory = tempfile::tempdir().expect("a directory");
    for path in [directory.path().to_owned(), directory.path().join("nowhere")] {
        let text = load(&path).expect_err("it is refused").to_string();
        assert!(text.contains("mount -t bpf bpf /sys/fs/bpf"), "{text}");
    }
}

#[test]
fn two_plugins_share_their_state_and_nothing_else() {
    let Some(_kernel) = Kernel::for_type("syscall") else { return };
    // SAFETY: as above.
    let mut first: Plugin<dyn Probe> = unsafe { Plugin::load(build::probe()) }.expect("it loads");
    first.tick();
    // SAFETY: as above.
    let mut second =
        unsafe { Plugin::options().sharing_state(&first).load(build::probe()) }.expect("it loads");
    second.tick();
    assert_eq!((first.state().get(&0), second.state().get(&0)), (Ok(Some(2)), Ok(Some(2))));
    first.recent().insert(&[1; 8], &1).expect("there is room");
    assert_eq!(second.recent().get(&[1; 8]), Ok(None));
}
