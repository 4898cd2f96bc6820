//! The machine: what it lets us do, and what is left of what we did.

use std::collections::BTreeSet;
use std::process::Command;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

/// One test at a time has programs in the kernel, so that what is left is known to be its own.
static ALONE: Mutex<()> = Mutex::new(());

/// What a test may use, and leaves as it was.
pub(crate) struct Kernel {
    before: BTreeSet<String>,
    _alone: MutexGuard<'static, ()>,
}

impl Kernel {
    /// The kernel, for a test that needs programs of this type, as the kernel names it; nothing, and a line on stderr, where it
    /// takes none. Who asks is not what is tested: an object of ours that is refused fails its test.
    pub(crate) fn for_type(what: &str) -> Option<Self> {
        let alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
        if let Err(why) = takes(what) {
            skip(what, &why);
            return None;
        }
        Some(Self { before: there(), _alone: alone })
    }
}

/// Whether the kernel takes programs of a type from us: bpftool has tried a minimal one of each.
fn takes(what: &str) -> Result<(), String> {
    static PROBED: OnceLock<Result<serde_json::Value, String>> = OnceLock::new();
    let probed = PROBED.get_or_init(|| {
        let output = Command::new("/usr/sbin/bpftool").args(["-j", "feature", "probe", "kernel"]).output();
        let output =
            output.map_err(|error| format!("bpftool: {error}; install Debian's package `bpftool`"))?;
        serde_json::from_slice(&output.stdout).map_err(|error| format!("bpftool feature probe: {error}"))
    });
    match probed.as_ref().map_err(Clone::clone)?["program_types"][format!("have_{what}_prog_type")].as_bool()
    {
        Some(true) => Ok(()),
        Some(false) => Err("the kernel takes no such program from this process".to_owned()),
        None => Err("bpftool does not know such programs, or may not ask".to_owned()),
    }
}

impl Drop for Kernel {
    /// The kernel frees what nobody holds a little later.
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        let started = Instant::now();
        loop {
            let left: Vec<_> = there().difference(&self.before).cloned().collect();
            if left.is_empty() {
                return;
            }
            assert!(started.elapsed() < Duration::from_secs(30), "left behind: {left:?}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

/// Says what is skipped and why, or fails where it may not be.
pub(crate) fn skip(what: &str, why: &str) {
    let required = std::env::var("PLUGIN_TESTS_REQUIRE").unwrap_or_default();
    let required = required.split(',').any(|one| one == what || one == "all");
    assert!(!required, "{what} may not be skipped: {why}");
    eprintln!("SKIPPED {what}: {why}");
}

/// Every program, map and link in the kernel, and every network namespace with a name.
fn there() -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for kind in ["prog", "map", "link"] {
        let output = Command::new("/usr/sbin/bpftool").args(["-j", kind, "show"]).output();
        let output = output.expect("Debian's package `bpftool` is installed");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let found: serde_json::Value = serde_json::from_slice(&output.stdout).expect("bpftool prints JSON");
        for one in found.as_array().expect("a list") {
            all.insert(format!("{kind} {} {}", one["id"], one["name"]));
        }
    }
    let namespaces = Command::new("ip").args(["netns", "list"]).output().expect("iproute2 is installed");
    all.extend(String::from_utf8_lossy(&namespaces.stdout).lines().map(|line| format!("netns {line}")));
    all
}

/// Runs a command that must succeed.
#[track_caller]
pub(crate) fn run(command: &str) {
    let output = Command::new("sh").args(["-c", command]).output().expect("there is a shell");
    assert!(output.status.success(), "{command}: {}", String::from_utf8_lossy(&output.stderr));
}

/// Runs a test of this program in a process of its own, which must succeed.
#[track_caller]
pub(crate) fn child(test: &str, variables: &[(&str, &std::path::Path)]) {
    child_with(&[], test, variables);
}

/// The same with other rights, as setpriv(1) gives them.
#[track_caller]
pub(crate) fn child_with(rights: &[&str], test: &str, variables: &[(&str, &std::path::Path)]) {
    let mut command = Command::new("setpriv");
    command.args(rights).arg(std::env::current_exe().expect("it is known"));
    command.args(["--ignored", "--exact", test, "--nocapture", "--test-threads=1"]);
    command.envs(variables.iter().copied());
    let output = command.output().expect("it starts");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.contains("1 passed"), "there is no test `{test}`: {said}");
}

/// A pair of interfaces: one here, the other in a network namespace of its own.
pub(crate) struct Wire {
    pub(crate) namespace: String,
    pub(crate) here: String,
}

impl Wire {
    pub(crate) fn new() -> Self {
        let id = std::process::id() % 100_000;
        let wire = Self { namespace: format!("plugin-tests-{id}"), here: format!("pt{id}a") };
        let Self { namespace, here } = &wire;
        run(&format!("ip netns add {namespace}"));
        run(&format!("ip link add {here} type veth peer name pt{id}b netns {namespace}"));
        run(&format!("ip addr add 10.203.77.1/30 dev {here} && ip link set {here} up"));
        run(&format!(
            "ip -n {namespace} addr add 10.203.77.2/30 dev pt{id}b && ip -n {namespace} link set pt{id}b up"
        ));
        wire
    }

    /// How many packets the other end could not put on the wire.
    pub(crate) fn not_sent(&self) -> u64 {
        let output = Command::new("ip")
            .args(["-n", &self.namespace, "-j", "-s", "link", "show", "type", "veth"])
            .output();
        let found: serde_json::Value =
            serde_json::from_slice(&output.expect("ip starts").stdout).expect("ip prints JSON");
        found[0]["stats64"]["tx"]["dropped"].as_u64().expect("a number")
    }

    /// Sends a datagram from the other end.
    pub(crate) fn send(&self, port: u16, text: &str) {
        let script = format!("exec 3<>/dev/udp/10.203.77.1/{port}; printf {text} >&3");
        let status =
            Command::new("ip").args(["netns", "exec", &self.namespace, "bash", "-c", &script]).status();
        assert!(status.expect("ip starts").success());
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        // With the namespace goes its end of the pair, and with that this one.
        let _ = Command::new("ip").args(["netns", "del", &self.namespace]).status();
        let _ =
            Command::new("ip").args(["link", "del", &self.here]).stderr(std::process::Stdio::null()).status();
    }
}

/// A BPF file system of a test's own.
pub(crate) struct Bpffs {
    directory: tempfile::TempDir,
}

impl Bpffs {
    pub(crate) fn mount() -> Self {
        // libbpf's tools take no dots in paths of maps.
        let directory = tempfile::Builder::new().prefix("bpffs").tempdir().expect("a directory");
        run(&format!("mount -t bpf bpf {}", directory.path().display()));
        Self { directory }
    }

    pub(crate) fn path(&self) -> &std::path::Path {
        self.directory.path()
    }
}

impl Drop for Bpffs {
    fn drop(&mut self) {
        // What is pinned goes with it.
        let _ = Command::new("umount").arg(self.directory.path()).status();
    }
}
