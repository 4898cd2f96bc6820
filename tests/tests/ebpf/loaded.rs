//! An object behind its trait: calls, tables, constants and hooks.

use plugin_contracts::kernel::{KernelError, Link};
use plugin_host::Plugin;

use super::build;
use super::contract::{Inner, Probe, Wide};
use super::swap::known;
use super::system::{Kernel, run};

pub(super) fn load() -> Plugin<dyn Probe> {
    // SAFETY: the object is ours, and was just compiled.
    unsafe { Plugin::load(build::probe()) }.expect("it loads")
}

#[test]
fn a_method_is_a_program_that_is_called_with_its_arguments() {
    let Some(_kernel) = Kernel::for_type("syscall") else { return };
    let options = Plugin::<dyn Probe>::options().constants("number", &5_u32);
    // SAFETY: as above.
    let mut probe = unsafe { options.load(build::probe()) }.expect("it loads");
    let mut wide = Wide { tiny: -2, grid: [[0; 4], [9, 8, 7, 6]], ..Wide::ZERO };
    wide.inner.second = 10;
    assert_eq!(probe.ask(3, wide, 7), Inner { first: 21, second: 13, bytes: [9, 8, 7, 6] });
    probe.tick();
    probe.tick();
    assert_eq!(probe.state().get(&0), Ok(Some(2)));
    assert_eq!(probe.later(4), 5, "the object lacks it: the default body runs");
}

#[test]
fn a_program_that_fails_is_a_fault_of_its_method() {
    let Some(_kernel) = Kernel::for_type("syscall") else { return };
    let probe = load();
    assert_eq!(probe.fail(0), 7);
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| probe.fail(-5)));
    let text = *panicked.expect_err("it raises the fault").downcast::<String>().expect("a text");
    assert!(text.contains("`test.probe` fail") && text.contains("the program returned -5"), "{text}");
    assert_eq!(probe.fail(0), 7, "nothing is poisoned");
}

#[test]
fn constants_are_those_that_were_set_or_those_of_the_source() {
    let Some(_kernel) = Kernel::for_type("syscall") else { return };
    assert_eq!((load().number(), load().wide()), (0, Wide::ZERO));
    let wide = Wide { word: 1 << 40, half: -7, ..Wide::ZERO };
    let options = Plugin::<dyn Probe>::options().constants("wide", &wide).constants("number", &1_u32);
    // SAFETY: as above.
    let probe = unsafe { options.constants("number", &2_u32).load(build::probe()) }.expect("it loads");
    assert_eq!((probe.wide(), probe.number()), (wide, 2), "the last value counts");
}

#[test]
fn a_table_is_the_kernels() {
    let Some(_kernel) = Kernel::for_type("syscall") else { return };
    let probe = load();
    let table = probe.table();
    let key = |first| Inner { first, second: 0, bytes: [0; 4] };
    for at in 0..4 {
        table.insert(&key(at), &Wide { word: at.into(), ..Wide::ZERO }).expect("there is room");
    }
    assert_eq!(table.insert(&key(4), &Wide::ZERO), Err(KernelError::Full(4)));
    assert_eq!(table.get(&key(2)).map(|wide| wide.map(|wide| wide.word)), Ok(Some(2)));
    assert_eq!(
        (table.get(&key(9)), table.remove(&key(9)), table.remove(&key(2))),
        (Ok(None), Ok(false), Ok(true))
    );
    let mut entries: Vec<_> =
        table.entries().expect("they can be read").iter().map(|(key, _)| key.first).collect();
    entries.sort_unstable();
    assert_eq!((entries, table.capacity()), (vec![0, 1, 3], 4));

    let state = probe.state();
    assert_eq!(state.insert(&4, &1), Err(KernelError::NoKey));
    assert!(matches!(state.remove(&0), Err(KernelError::Unsupported(_))));
    for at in 0..100_u64 {
        probe.recent().insert(&at.to_ne_bytes(), &-1).expect("the oldest makes room");
    }
}

#[test]
fn a_hook_that_takes_packets_is_run_on_one() {
    let Some(_kernel) = Kernel::for_type("xdp") else { return };
    let probe = load();
    assert_eq!((probe.ingress(&[0; 60]), probe.ingress(&[0; 200])), (2, 1));
    assert_eq!((probe.classify(&[0; 60]), probe.classify(&[0; 200])), (-1, 2));
    assert_eq!(probe.ingress(&[]), 2, "shorter than a packet can be");
}

#[test]
fn a_hook_that_cannot_be_run_says_so() {
    let Some(_kernel) = Kernel::for_type("cgroup_sock_addr") else { return };
    let probe = load();
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| probe.connect()));
    let text = *panicked.expect_err("it raises the fault").downcast::<String>().expect("a text");
    assert!(text.contains("the kernel runs it where it is attached"), "{text}");
}

#[test]
fn a_link_holds_its_program_until_it_is_dropped() {
    let Some(_kernel) = Kernel::for_type("xdp") else { return };
    let probe = load();
    for _ in 0..2 {
        let link = probe.hooks().ingress().attach("lo").expect("nothing is attached there");
        let own = known("link").into_iter().rfind(|link| link["type"] == "xdp").expect("it is there");
        let second = probe.hooks().ingress().attach("lo").expect_err("one is there");
        assert!(matches!(second, KernelError::Exists(_)), "{second}");
        for says in [
            "another program is attached there: `ingress` of `test.probe` 1.0.0, generation 0".to_owned(),
            format!("(program {})", own["prog_id"]),
            format!("detach it by `bpftool link detach id {}`", own["id"]),
        ] {
            assert!(second.to_string().contains(&says), "`{says}` is not said: {second}");
        }
        drop(link);
    }
    // Somebody who knows no links.
    let theirs =
        known("prog").into_iter().rfind(|program| program["name"] == "ingress").expect("it is there");
    run(&format!("bpftool net attach xdpgeneric id {} dev lo", theirs["id"]));
    let error = probe.hooks().ingress().attach("lo").expect_err("one is there");
    assert!(error.to_string().contains("detach it by `bpftool net detach xdp dev lo`"), "{error}");
    run("bpftool net detach xdp dev lo");
    probe.hooks().ingress().attach("lo").expect("it is free again").detach().expect("it is detached");
    let tcx = probe.hooks().classify().attach("lo").expect("traffic control takes several");
    // What is attached stays so without its plugin.
    drop(probe);
    tcx.detach().expect("it is detached");
}

#[test]
fn a_program_is_attached_to_a_control_group() {
    let Some(_kernel) = Kernel::for_type("cgroup_sock_addr") else { return };
    let mounted = std::fs::read_to_string("/proc/mounts").unwrap_or_default();
    let Some(root) = mounted.lines().find_map(|line| {
        let mut words = line.split(' ').skip(1);
        let path = words.next()?;
        (words.next() == Some("cgroup2")).then(|| path.to_owned())
    }) else {
        return super::system::skip("cgroup_sock_addr", "no control groups of version 2 are mounted");
    };
    let directory = format!("{root}/plugin-tests-{}", std::process::id());
    std::fs::create_dir(&directory).expect("root may");
    let attached = load().hooks().connect().attach(&directory);
    let detached = attached.map(Link::detach);
    std::fs::remove_dir(&directory).expect("nothing is in it");
    detached.expect("it is attached").expect("it is detached");
}

#[test]
fn what_is_not_there_is_named() {
    let Some(_kernel) = Kernel::for_type("xdp") else { return };
    let probe = load();
    let error = probe.hooks().ingress().attach("nowhere0").expect_err("there is none");
    assert!(error.to_string().contains("there is no interface `nowhere0`"), "{error}");
    let error = probe.hooks().ingress().attach("2147483647").expect_err("there is none");
    assert!(matches!(error, KernelError::System(_)), "{error}");
    let error = probe.hooks().connect().attach("/nowhere").expect_err("there is none");
    assert!(error.to_string().contains("/nowhere"), "{error}");
}

#[test]
fn a_policy_is_replaced_in_one_step() {
    let Some(_kernel) = Kernel::for_type("syscall") else { return };
    let probe = load();
    let policy = probe.policy();
    policy.insert(&7, &1).expect("there is room");
    assert_eq!(probe.agree(1), 1);
    let whole = |generation: u64| (0..64_u32).map(|key| (key, generation)).collect::<Vec<_>>();
    policy.replace_all(&whole(2)).expect("there is room");
    assert_eq!((probe.agree(1), probe.agree(2), policy.get(&7)), (0, 64, Ok(Some(2))));
    let too_many: Vec<_> = (0..65).map(|key| (key, 3)).collect();
    assert_eq!(policy.replace_all(&too_many), Err(KernelError::Full(64)));
    assert_eq!(probe.agree(2), 64, "what was there is there still");
    policy.remove(&7).expect("it is there");
    assert_eq!(probe.agree(2), 63);
    // Whoever looks meanwhile sees one of them whole, and no mixture.
    std::thread::scope(|scope| {
        let looking = scope.spawn(|| {
            for _ in 0..20_000 {
                let seen = [probe.agree(3), probe.agree(4)];
                assert!(seen.iter().all(|seen| matches!(seen, 0 | 64)), "{seen:?}");
            }
        });
        let mut generation = 3;
        while !looking.is_finished() {
            policy.replace_all(&whole(generation)).expect("there is room");
            generation = 7 - generation;
        }
        looking.join().expect("it saw no mixture");
    });
    assert!(matches!(probe.recent().replace_all(&[]), Err(KernelError::Unsupported(_))));
}
