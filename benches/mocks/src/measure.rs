//! CPU time of builds.
//!
//! In: a package. Out: seconds that cargo and its children used. It does not know what is in it.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{fs, io};

/// Seconds of several rounds.
#[derive(Clone, Debug, Default)]
pub(crate) struct Measured(Vec<f64>);

impl Measured {
    pub(crate) fn add(&mut self, seconds: f64) {
        self.0.push(seconds);
    }

    pub(crate) fn least(&self) -> f64 {
        self.0.iter().copied().fold(f64::MAX, f64::min)
    }
}

/// Builds one package, again and again.
pub(crate) struct Builder {
    package: PathBuf,
    target: PathBuf,
}

impl Builder {
    pub(crate) fn new(work: &Path, name: &str) -> Self {
        Self { package: work.join(name), target: work.join("target") }
    }

    fn cargo(&self, args: &[&str], incremental: &str) -> io::Result<f64> {
        let before = children()?;
        let output = Command::new("cargo")
            .args(args)
            .current_dir(&self.package)
            .env("CARGO_TARGET_DIR", &self.target)
            .env("CARGO_INCREMENTAL", incremental)
            .env_remove("RUSTFLAGS")
            .output()?;
        if !output.status.success() {
            return Err(io::Error::other(String::from_utf8_lossy(&output.stderr).into_owned()));
        }
        Ok(children()? - before)
    }

    /// `cargo check` of the leaf.
    pub(crate) fn check(&self) -> io::Result<f64> {
        touch(&self.package.join("src/lib.rs"))?;
        self.cargo(&["check", "--lib"], "0")
    }

    /// `cargo test --no-run` after one test changed.
    pub(crate) fn test_build(&self, round: usize) -> io::Result<f64> {
        let path = self.package.join("src/tests.rs");
        let text = fs::read_to_string(&path)?;
        let kept = text.split("// round ").next().unwrap_or_default();
        fs::write(
            &path,
            format!("{kept}// round {round}\n#[test] fn changed() {{ assert_eq!({round}, {round}); }}\n"),
        )?;
        self.cargo(&["test", "--lib", "--no-run"], "1")
    }

    /// How many crates come from elsewhere for the mock.
    pub(crate) fn external_crates(&self) -> io::Result<usize> {
        let output = Command::new("cargo")
            .args(["tree", "--prefix", "none", "--no-dedupe", "--edges", "normal"])
            .current_dir(&self.package)
            .output()?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let mut names: Vec<_> = text.lines().filter(|line| !line.contains("(/")).map(name).collect();
        names.sort_unstable();
        names.dedup();
        Ok(names.len())
    }
}

fn name(line: &str) -> &str {
    line.trim_end_matches(" (*)").trim_end_matches(" (proc-macro)")
}

fn touch(path: &Path) -> io::Result<()> {
    let text = fs::read_to_string(path)?;
    fs::write(path, text)
}

/// CPU seconds of all children that ended: fields 16 and 17 of `/proc/self/stat`, in hundredths (proc_pid_stat(5)).
fn children() -> io::Result<f64> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |at: usize| fields.get(at).and_then(|field| field.parse::<f64>().ok());
    // The first field behind the name is the third.
    match (ticks(16 - 3), ticks(17 - 3)) {
        (Some(user), Some(system)) => Ok((user + system) / 100.0),
        _ => Err(io::Error::other("/proc/self/stat is not as proc_pid_stat(5) says")),
    }
}
