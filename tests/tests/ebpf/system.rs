//! The machine: what it lets us do, and what is left of what we did.

use std::collections::BTreeSet;
use std::process::Command;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::build;
use super::contract::Probe;
use plugin_host::Plugin;

/// One test at a time has programs in the kernel, so that what is left is known to be its own.
static ALONE: Mutex<()> = Mutex::new(());

/// What a test may use, and leaves as it was.
pub(crate) struct Kernel {
    before: BTreeSet<String>,
    _alone: MutexGuard<'static, ()>,
}

impl Kernel {
    /// The kernel, for a test that needs programs of this type; nothing, and a line on stderr, where it cannot be had.
    pub(crate) fn for_type(what: &str) -> Option<Self> {
        let alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
        // SAFETY: the object is ours, and was just compiled.
        let loaded = unsafe { Plugin::<dyn Probe>::load(build::probe()) };
        if let Err(error) = loaded {
            let text = error.to_string();
            skip(what, text.lines().next().unwrap_or_default());
            return None;
        }
        drop(loaded);
        let before = there();
        Some(Self { before, _alone: alone })
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
