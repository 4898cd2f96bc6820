//! Links that outlive their process, and what anybody can see of what runs.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use filter_contract::Filter;
use plugin_contracts::kernel::{KernelError, Link, Running};
use plugin_host::Plugin;

use super::build;
use super::contract::Probe;
use super::swap::{counting, known};
use super::system::{Bpffs, Kernel, Wire, child, run};

/// What the children are told.
const OBJECT_VAR: &str = "PLUGIN_TESTS_OBJECT";
const BPFFS_VAR: &str = "PLUGIN_TESTS_BPFFS";
const INTERFACE_VAR: &str = "PLUGIN_TESTS_INTERFACE";

fn given(variable: &str) -> PathBuf {
    std::env::var_os(variable).expect("the parent says it").into()
}

fn load(object: &Path, bpffs: &Path, generation: u32) -> Plugin<dyn Probe> {
    let options = Plugin::options().constants("number", &generation).generation(generation.into());
    // SAFETY: the object is ours, and was just compiled.
    unsafe { options.pin_state(bpffs).load(object) }.expect("it loads")
}

fn running(generation: u64) -> Running {
    Running { contract: "test.probe".to_owned(), version: "1.0.0".to_owned(), generation }
}

/// Sends a datagram, and says whether this generation counts it.
fn seen_by(probe: &dyn Probe, wire: &Wire, generation: u32) -> bool {
    let before = probe.state().get(&generation);
    wire.send(9999, "one");
    let until = Instant::now() + Duration::from_secs(30);
    while probe.state().get(&generation) == before && Instant::now() < until {
        std::thread::yield_now();
    }
    probe.state().get(&generation) != before
}

/// What is pinned, but for state and for what the kernel itself has there, which has dots.
fn files(bpffs: &Bpffs) -> Vec<String> {
    let names = std::fs::read_dir(bpffs.path()).expect("it is mounted");
    let names = names.map(|entry| entry.expect("it can be read").file_name().to_string_lossy().into_owned());
    let mut names: Vec<_> = names.filter(|name| name != "test_probe_state" && !name.contains('.')).collect();
    names.sort();
    names
}

#[test]
fn a_pinned_link_outlives_its_process_and_is_swapped_rolled_back_and_unpinned_by_others() {
    let Some(_kernel) = Kernel::for_type("xdp") else { return };
    let (bpffs, wire) = (Bpffs::mount(), Wire::new());
    let (_directory, object) = counting();
    let interface = PathBuf::from(&wire.here);
    let told = [(OBJECT_VAR, &*object), (BPFFS_VAR, bpffs.path()), (INTERFACE_VAR, &*interface)];
    child("pinned::child_attaches_and_pins", &told);
    assert_eq!(files(&bpffs), ["link"]);

    let new = load(&object, bpffs.path(), 2);
    assert!(seen_by(&*new, &wire, 1), "nobody has it open, and it counts");
    let path = bpffs.path().join("link");
    let mut link = new.hooks().ingress().reopen(&path).expect("it is what it was");
    assert_eq!(link.running(), Ok(running(1)));
    assert!(matches!(link.rollback(), Err(KernelError::Unsupported(_))), "there was none before");
    link.replace(&new.hooks().ingress()).expect("nobody else swaps");
    assert!(seen_by(&*new, &wire, 2));
    assert_eq!((link.running(), files(&bpffs)), (Ok(running(2)), vec!["link".into(), "link_before".into()]));

    // Back, by a process that has seen none of it.
    child("pinned::child_rolls_back", &told);
    assert!(seen_by(&*new, &wire, 1));
    assert_eq!((link.running(), files(&bpffs)), (Ok(running(1)), vec!["link".into()]));
    let error = link.replace(&new.hooks().ingress()).expect_err("it is not what this one knows of");
    assert!(matches!(error, KernelError::Other(_)), "{error}");
    assert!(error.to_string().contains("`ingress` of `test.probe` 1.0.0, generation 1"), "{error}");
    assert_eq!(files(&bpffs), ["link"], "nothing is left of what was not done");
    drop(link);

    let mut link = new.hooks().ingress().reopen(&path).expect("it is there still");
    assert!(matches!(link.rollback(), Err(KernelError::Unsupported(_))), "one step back, and no further");
    link.replace(&new.hooks().ingress()).expect("nobody else swaps");
    link.unpin().expect("it is ours");
    link.unpin().expect("there is nothing to remove");
    assert_eq!(files(&bpffs), Vec::<String>::new());
    assert!(seen_by(&*new, &wire, 2), "this one holds it");
    link.rollback().expect("the old one is kept, if not for others");
    assert!(seen_by(&*new, &wire, 1));
    drop(link);
    assert!(known("link").iter().all(|link| link["type"] != "xdp"), "nothing is attached");
}

#[test]
#[ignore = "a child of the test above"]
fn child_attaches_and_pins() {
    let (bpffs, interface) = (given(BPFFS_VAR), given(INTERFACE_VAR));
    let plugin = load(&given(OBJECT_VAR), &bpffs, 1);
    let mut link = plugin.hooks().ingress().attach(&interface.to_string_lossy()).expect("it is attached");
    link.pin(bpffs.join("link")).expect("nothing is there");
}

#[test]
#[ignore = "a child of the test above"]
fn child_rolls_back() {
    let bpffs = given(BPFFS_VAR);
    let plugin = load(&given(OBJECT_VAR), &bpffs, 3);
    let mut link = plugin.hooks().ingress().reopen(bpffs.join("link")).expect("it is what it was");
    assert_eq!(link.running(), Ok(running(2)));
    link.rollback().expect("the one before is pinned too");
}

#[test]
fn what_runs_says_what_it_is_to_whoever_asks() {
    let Some(_kernel) = Kernel::for_type("xdp") else { return };
    let bpffs = Bpffs::mount();
    let plugin = load(&build::probe(), bpffs.path(), 7);
    let link = plugin.hooks().ingress().attach("lo").expect("nothing is attached there");
    assert_eq!(link.running(), Ok(running(7)));
    let own = known("link").into_iter().rfind(|link| link["type"] == "xdp").expect("it is there");
    let program = known("prog").into_iter().find(|program| program["id"] == own["prog_id"]);
    let told = &program.expect("it is there")["metadata"];
    assert_eq!((&told["contract"], &told["version"]), (&"test.probe".into(), &"1.0.0".into()), "{told}");
    assert_eq!(told["generation"], 7, "{told}");
    link.detach().expect("it is detached");
}

#[test]
fn a_generation_needs_a_place() {
    let Some(_kernel) = Kernel::for_type("syscall") else { return };
    let header = build::header_without_assertions();
    let place = "const volatile __u64 bpf_metadata_generation SEC(\".rodata\") = 0;\n";
    assert!(header.contains(place), "{header}");
    let source = header.replace(place, "") + &build::SOURCE.replace("#include \"test_probe.bpf.h\"", "");
    let (_directory, compiled) = build::compile::<dyn Probe>(&source);
    let object = compiled.expect("it is what the contract says").object;
    // SAFETY: the object is ours, and was just compiled.
    let error =
        unsafe { Plugin::<dyn Probe>::options().generation(1).load(&object) }.expect_err("it has none");
    assert!(error.to_string().contains("no constant `bpf_metadata_generation`"), "{error}");
    // SAFETY: as above.
    let plugin = unsafe { Plugin::<dyn Probe>::load(&object) }.expect("it needs none");
    let link = plugin.hooks().ingress().attach("lo").expect("nothing is attached there");
    let error = link.running().expect_err("it does not say");
    assert!(matches!(error, KernelError::Other(_)) && error.to_string().contains("`ingress`"), "{error}");
}

mod leaving {
    use plugin_contracts::plugin_contract;

    #[plugin_contract(id = "test.probe", version = "0.9.0", unlocked)]
    pub trait Probe {
        #[hook(tcx_egress)]
        fn classify(&self, packet: &[u8]) -> i32;
    }
}

#[test]
fn what_is_pinned_there_is_taken_up_by_its_own_hook_only() {
    let Some(_kernel) = Kernel::for_type("xdp") else { return };
    let bpffs = Bpffs::mount();
    let path = |name: &str| bpffs.path().join(name);
    let probe = load(&build::probe(), bpffs.path(), 1);
    let pinned = |link: Result<Link, KernelError>, name: &str| {
        let mut link = link.expect("nothing is attached there");
        link.pin(path(name)).expect("nothing is there");
        link
    };
    #[track_caller]
    fn other(found: Result<Link, KernelError>, says: &str) {
        let error = found.expect_err("it is another");
        assert!(matches!(error, KernelError::Other(_)) && error.to_string().contains(says), "{error}");
    }
    let classify = pinned(probe.hooks().classify().attach("lo"), "classify");
    other(probe.hooks().ingress().reopen(path("classify")), "found one of `classify` of `test.probe`");
    drop(probe.hooks().classify().reopen(path("classify")).expect("it is its own"));
    drop(classify);
    let classify = probe.hooks().classify().reopen(path("classify")).expect("it outlives its handles");
    classify.detach().expect("it is detached, pinned or not");

    // Another contract has a hook of this name, at the same place.
    // SAFETY: the object was compiled with the example.
    let filter: Plugin<dyn Filter> = unsafe { Plugin::load(packet_filter::OBJECT) }.expect("it loads");
    let theirs = pinned(filter.hooks().ingress().attach("lo"), "theirs");
    other(probe.hooks().ingress().reopen(path("theirs")), "found one of `ingress` of `acme.filter`");
    theirs.detach().expect("it is detached");

    // The same function of the same contract, in the other direction: its contract was another once.
    let source = "#include \"test_probe.bpf.h\"\n\
        SEC(\"tcx/egress\")\nint classify(struct __sk_buff *ctx) { return -1; }\n\
        char LICENSE[] SEC(\"license\") = \"GPL\";\n";
    let (_directory, compiled) = build::compile::<dyn leaving::Probe>(source);
    let object = compiled.expect("it is what the contract says").object;
    // SAFETY: the object is ours, and was just compiled.
    let leaving: Plugin<dyn leaving::Probe> = unsafe { Plugin::load(object) }.expect("it loads");
    let leaves = pinned(leaving.hooks().classify().attach("lo"), "leaves");
    other(probe.hooks().classify().reopen(path("leaves")), "which is attached elsewhere");
    leaves.detach().expect("it is detached");
    other(probe.hooks().ingress().reopen(path("test_probe_state")), "expected a bpf-link there, found");
    let missing = probe.hooks().ingress().reopen(path("nothing")).expect_err("nothing is there");
    assert!(matches!(missing, KernelError::Missing(_)), "{missing}");
    assert_eq!(files(&bpffs), Vec::<String>::new());
}

#[test]
fn where_nothing_can_be_pinned_nothing_is() {
    let Some(_kernel) = Kernel::for_type("xdp") else { return };
    let bpffs = Bpffs::mount();
    let elsewhere = tempfile::tempdir().expect("a directory");
    let probe = load(&build::probe(), bpffs.path(), 1);
    let mut link = probe.hooks().ingress().attach("lo").expect("nothing is attached there");
    for path in [elsewhere.path().join("link"), elsewhere.path().join("nowhere/link")] {
        for error in [link.pin(&path).err(), probe.hooks().ingress().reopen(&path).err()] {
            let error = error.expect("there is no BPF file system");
            assert!(matches!(error, KernelError::NoBpffs(_)), "{error}");
            assert!(error.to_string().contains("mount -t bpf bpf /sys/fs/bpf"), "{error}");
            assert!(error.to_string().contains(&elsewhere.path().display().to_string()), "{error}");
        }
    }
    let error = link.pin(bpffs.path().join("a.link")).expect_err("it has a dot");
    assert!(error.to_string().contains("without dots"), "{error}");
    let error = link.pin(bpffs.path().join("test_probe_state")).expect_err("a file is there");
    assert!(matches!(error, KernelError::Exists(_)), "{error}");
    link.pin(bpffs.path().join("link")).expect("nothing is there");
    let error = link.pin(bpffs.path().join("again")).expect_err("it is pinned");
    assert!(
        matches!(error, KernelError::Exists(_)) && error.to_string().contains("unpin it first"),
        "{error}"
    );
    // Somebody pins another there: that is not ours to remove.
    let own = known("link").into_iter().rfind(|link| link["type"] == "xdp").expect("it is there");
    let classify = probe.hooks().classify().attach("lo").expect("traffic control takes several");
    // Numbers go up: it is the last one. Older tools do not know its type.
    let theirs = known("link").pop().expect("it is there");
    assert_ne!(theirs["id"], own["id"]);
    let path = bpffs.path().join("link").display().to_string();
    run(&format!("rm {path} && bpftool link pin id {} {path}", theirs["id"]));
    let error = link.unpin().expect_err("it is another");
    assert!(matches!(error, KernelError::Other(_)), "{error}");
    assert_eq!(files(&bpffs), ["link"]);
    run(&format!("rm {path} && bpftool link show id {}", own["id"]));
    classify.detach().expect("it is detached");
}

#[test]
fn what_a_link_was_attached_to_may_be_gone() {
    let Some(_kernel) = Kernel::for_type("xdp") else { return };
    let bpffs = Bpffs::mount();
    let probe = load(&build::probe(), bpffs.path(), 1);
    let wire = Wire::new();
    let mut pinned = probe.hooks().ingress().attach(&wire.here).expect("it is attached");
    pinned.pin(bpffs.path().join("pinned")).expect("nothing is there");
    let mut link = probe.hooks().classify().attach(&wire.here).expect("it is attached");
    drop(wire);
    for found in [
        link.pin(bpffs.path().join("link")).err(),
        link.running().err(),
        pinned.replace(&probe.hooks().ingress()).err(),
        probe.hooks().ingress().reopen(bpffs.path().join("pinned")).err(),
    ] {
        let error = found.expect("it is gone");
        assert!(matches!(error, KernelError::Gone(_)) && error.to_string().contains("is gone"), "{error}");
    }
    pinned.unpin().expect("the file is there still");
    assert_eq!(files(&bpffs), Vec::<String>::new());
}

#[test]
fn a_process_that_ended_while_it_swapped_left_what_the_next_one_needs() {
    let Some(_kernel) = Kernel::for_type("xdp") else { return };
    let bpffs = Bpffs::mount();
    let [path, next] = ["link", "link_next"].map(|name| bpffs.path().join(name));
    let [one, two] = [1, 2].map(|generation| load(&build::probe(), bpffs.path(), generation));
    let mut link = one.hooks().ingress().attach("lo").expect("nothing is attached there");
    link.pin(&path).expect("nothing is there");
    let attached = || {
        let own = known("link").into_iter().rfind(|link| link["type"] == "xdp").expect("it is there");
        own["prog_id"].to_string()
    };
    let first = attached();
    let pin = |id: &str| run(&format!("bpftool prog pin id {id} {}", next.display()));

    // Before anything was swapped: the program that was to leave is there still.
    pin(&first);
    let error = link.replace(&two.hooks().ingress()).expect_err("somebody else is about to");
    assert!(
        matches!(error, KernelError::Other(_)) && error.to_string().contains("take up the link again"),
        "{error}"
    );
    let mut link = one.hooks().ingress().reopen(&path).expect("it is what it was");
    assert_eq!(files(&bpffs), ["link"]);
    assert!(matches!(link.rollback(), Err(KernelError::Unsupported(_))), "nothing was swapped");

    // After it: what left is what a rollback puts back, and not what left before.
    link.replace(&two.hooks().ingress()).expect("nobody else swaps");
    link.replace(&two.hooks().ingress()).expect("nobody else swaps");
    pin(&first);
    drop(link);
    let mut link = one.hooks().ingress().reopen(&path).expect("it is what it was");
    assert_eq!(files(&bpffs), ["link", "link_before"]);
    link.rollback().expect("it is kept");
    assert_eq!((attached(), link.running()), (first, Ok(running(1))));
    link.detach().expect("it is detached");
    assert_eq!(files(&bpffs), Vec::<String>::new());
}
