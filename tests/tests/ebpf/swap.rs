//! A program that takes the place of another, while packets arrive.

use std::io::Read as _;
use std::path::Path;
use std::process::{Command, Stdio};

use plugin_contracts::kernel::KernelError;
use plugin_host::Plugin;
use tempfile::TempDir;

use super::build;
use super::contract::Probe;
use super::system::{Kernel, Wire};

/// Counts datagrams to port 9999 by the generation of the program that sees them, and drops them.
const COUNTING: &str = r#"
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	__u8 *bytes = data;
	__u32 generation = number & 3;

	if (data + 42 > end || bytes[12] != 8 || bytes[13] != 0 || bytes[14] != 0x45 || bytes[23] != 17)
		return XDP_PASS;
	if (bytes[36] != 9999 >> 8 || bytes[37] != (9999 & 255))
		return XDP_PASS;
	__u64 *count = bpf_map_lookup_elem(&state, &generation);
	if (count)
		__sync_fetch_and_add(count, 1);
	return XDP_DROP;
"#;

pub(crate) fn counting() -> (TempDir, std::path::PathBuf) {
    let source = build::SOURCE;
    let start = source.find("int ingress(struct xdp_md *ctx)\n{\n").expect("it is there");
    let end = start + source[start..].find("\n}\n").expect("it ends");
    let body = format!("int ingress(struct xdp_md *ctx)\n{{{COUNTING}");
    let (directory, compiled) =
        build::compile::<dyn Probe>(&(source[..start].to_owned() + &body + &source[end..]));
    (directory, compiled.expect("it is what the contract says").object)
}

fn load(object: &Path, generation: u32, before: Option<&Plugin<dyn Probe>>) -> Plugin<dyn Probe> {
    let mut options = Plugin::options().constants("number", &generation);
    if let Some(before) = before {
        options = options.sharing_state(before);
    }
    // SAFETY: the object is ours, and was just compiled.
    unsafe { options.load(object) }.expect("it loads")
}

/// Sends datagrams as fast as it can until a file is there, and prints how many it has sent.
const FLOOD: &str = "
import os, socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
count = 0
while not os.path.exists(sys.argv[1]):
    for _ in range(100):
        s.sendto(b'flood', ('10.203.77.1', 9999))
    count += 100
print(count)
";

const SWAPS: usize = 1000;

#[test]
fn every_packet_is_seen_by_exactly_one_generation() {
    let Some(_kernel) = Kernel::for_type("xdp") else { return };
    let (directory, object) = counting();
    let old = load(&object, 1, None);
    let new = load(&object, 2, Some(&old));
    let wire = Wire::new();
    let mut link = old.hooks().ingress().attach(&wire.here).expect("it is attached");
    // The neighbour is known before anything is counted.
    wire.send(5353, "hello");

    let stop = directory.path().join("stop");
    let mut flood = Command::new("ip")
        .args(["netns", "exec", &wire.namespace, "python3", "-c", FLOOD])
        .arg(&stop)
        .stdout(Stdio::piped())
        .spawn()
        .expect("ip starts");
    let counted =
        || [1, 2].map(|generation| old.state().get(&generation).expect("it can be read").unwrap_or(0));
    while counted()[0] == 0 {
        std::thread::yield_now();
    }
    for swap in 0..SWAPS {
        let next = if swap % 2 == 0 { &new } else { &old };
        link.replace(&next.hooks().ingress()).expect("nobody else swaps");
    }
    std::fs::write(&stop, "").expect("it can be written");
    let mut sent = String::new();
    flood.stdout.take().expect("it is piped").read_to_string(&mut sent).expect("it prints a number");
    assert!(flood.wait().expect("it ends").success());
    let sent: u64 = sent.trim().parse().expect("a number");
    // What the wire itself could not hold was no program's to see.
    let dropped = wire.not_sent();
    let total = || counted().iter().sum::<u64>();
    let until = std::time::Instant::now() + std::time::Duration::from_secs(30);
    while total() + dropped < sent && std::time::Instant::now() < until {
        std::thread::yield_now();
    }
    let [first, second] = counted();
    assert_eq!(first + second + dropped, sent, "{first} by the one, {second} by the other");
    eprintln!("{sent} packets: {first} by the one, {second} by the other, {dropped} not on the wire");
    assert!(first > 0 && second > 0, "{first} by the one, {second} by the other");
    assert_eq!(new.state().entries(), old.state().entries(), "they share their state");
    link.detach().expect("it is detached");
}

#[test]
fn what_was_there_before_can_be_put_back() {
    let Some(_kernel) = Kernel::for_type("xdp") else { return };
    let (_directory, object) = counting();
    let old = load(&object, 1, None);
    let wire = Wire::new();
    let mut link = old.hooks().ingress().attach(&wire.here).expect("it is attached");
    assert!(matches!(link.rollback(), Err(KernelError::Unsupported(_))), "there was none before");
    let new = load(&object, 2, Some(&old));
    link.replace(&new.hooks().ingress()).expect("it takes the place");
    let seen_by = |generation: u32| {
        let before = old.state().get(&generation);
        wire.send(9999, "one");
        let until = std::time::Instant::now() + std::time::Duration::from_secs(30);
        while old.state().get(&generation) == before && std::time::Instant::now() < until {
            std::thread::yield_now();
        }
        old.state().get(&generation) != before
    };
    assert!(seen_by(2));
    // The plugin is gone, its program is where it was put.
    drop(new);
    assert!(seen_by(2));
    link.rollback().expect("the old one is kept");
    assert!(seen_by(1));
    assert!(matches!(link.rollback(), Err(KernelError::Unsupported(_))), "one step back, and no further");
}

/// Puts a program at a link by their numbers, as another process would: bpf(2) itself, because no tool does it.
const SOMEBODY_ELSE: &str = "
import ctypes, platform, sys
libc = ctypes.CDLL(None, use_errno=True)
def bpf(command, *words):
    attributes = (ctypes.c_uint32 * 32)(*words)
    number = {'x86_64': 321, 'aarch64': 280}[platform.machine()]
    result = libc.syscall(number, command, attributes, ctypes.sizeof(attributes))
    assert result >= 0, ctypes.get_errno()
    return result
LINK_UPDATE, LINK_GET_FD_BY_ID, PROG_GET_FD_BY_ID = 29, 30, 13
bpf(LINK_UPDATE, bpf(LINK_GET_FD_BY_ID, int(sys.argv[1])), bpf(PROG_GET_FD_BY_ID, int(sys.argv[2])))
";

/// What bpftool knows of all of a kind.
pub(crate) fn known(kind: &str) -> Vec<serde_json::Value> {
    let output =
        Command::new("/usr/sbin/bpftool").args(["-j", kind, "show"]).output().expect("bpftool starts");
    serde_json::from_slice(&output.stdout).expect("bpftool prints JSON")
}

#[test]
fn a_swap_that_somebody_else_was_faster_with_changes_nothing() {
    let Some(_kernel) = Kernel::for_type("xdp") else { return };
    let (_directory, object) = counting();
    let [one, two, three] = [1, 2, 3].map(|generation| load(&object, generation, None));
    let wire = Wire::new();
    let mut link = one.hooks().ingress().attach(&wire.here).expect("it is attached");
    let error = link.replace(&two.hooks().classify()).expect_err("it is another kind of hook");
    assert!(error.to_string().contains("takes no place at `xdp`"), "{error}");

    let own = known("link").into_iter().rfind(|link| link["type"] == "xdp").expect("it is there");
    // Numbers go up: the last one loaded is `three`'s.
    let others =
        known("prog").into_iter().rfind(|program| program["name"] == "ingress").expect("it is there");
    let (mine, others) = (own["id"].to_string(), others["id"].to_string());
    let status = Command::new("python3").args(["-c", SOMEBODY_ELSE, &mine, &others]).status();
    assert!(status.expect("python starts").success());

    let error = link.replace(&two.hooks().ingress()).expect_err("another program is there");
    assert!(error.to_string().contains("somebody else put another program there"), "{error}");
    let now = known("link").into_iter().find(|link| link["id"] == own["id"]).expect("it is there");
    assert_eq!(now["prog_id"].to_string(), others, "theirs stays");
    drop(three);
}

#[test]
fn an_interface_that_is_gone_is_named() {
    let Some(_kernel) = Kernel::for_type("xdp") else { return };
    let (_directory, object) = counting();
    let plugin = load(&object, 1, None);
    let wire = Wire::new();
    let mut link = plugin.hooks().ingress().attach(&wire.here).expect("it is attached");
    drop(wire);
    let error = link.replace(&plugin.hooks().ingress()).expect_err("it is gone");
    assert!(error.to_string().contains("is gone"), "{error}");
}
