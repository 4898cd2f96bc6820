//! rustc, called directly: cargo's share of a build would be most of it.
//!
//! In: sources. Out: what rustc said of them, and libraries. The crates below are built once, by cargo.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use cargo_metadata::Message;
use cargo_metadata::diagnostic::{Diagnostic, DiagnosticLevel, DiagnosticSpan};
use plugin_abi::name::{DESCRIBE_VAR, LOCK_FILE};
use tempfile::TempDir;

/// The crates that everything is compiled against.
struct Below {
    contracts: PathBuf,
    host: PathBuf,
    /// Where those below them lie.
    directories: Vec<PathBuf>,
}

fn below() -> &'static Below {
    static BUILT: OnceLock<Below> = OnceLock::new();
    BUILT.get_or_init(|| {
        let mut cargo = plugin_tests::cargo();
        cargo.args([
            "build",
            "--offline",
            "--quiet",
            "--message-format=json",
            "--package",
            "plugin-contracts",
        ]);
        cargo.args(["--package", "plugin-host"]).current_dir(plugin_tests::root());
        let output = cargo.output().expect("cargo starts");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let (mut contracts, mut host, mut directories) = (None, None, Vec::new());
        for message in Message::parse_stream(output.stdout.as_slice()) {
            let Message::CompilerArtifact(built) = message.expect("cargo writes JSON") else { continue };
            for file in &built.filenames {
                let file = file.as_std_path();
                let directory = file.parent().expect("a file is in a directory").to_owned();
                if !directories.contains(&directory) {
                    directories.push(directory);
                }
                let library = file.extension().is_some_and(|extension| extension == "rlib");
                match built.target.name.as_str() {
                    "plugin_contracts" if library => contracts = Some(file.to_owned()),
                    "plugin_host" if library => host = Some(file.to_owned()),
                    _ => {}
                }
            }
        }
        let found = |library: Option<PathBuf>| library.expect("cargo built it");
        Below { contracts: found(contracts), host: found(host), directories }
    })
}

/// What is to come out.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Nothing but what rustc says.
    Checked,
    /// A plugin.
    Plugin,
    /// A program that loads plugins.
    Host,
}

/// A directory for one source, its lock and what becomes of it.
pub(crate) struct Package {
    directory: TempDir,
}

impl Package {
    /// With this source, beside this lock.
    pub(crate) fn new(source: &str, lock: &str) -> Self {
        let directory = tempfile::tempdir().expect("temporary files can be made");
        std::fs::write(directory.path().join("lib.rs"), source).expect("it can be written");
        std::fs::write(directory.path().join(LOCK_FILE), lock).expect("it can be written");
        Self { directory }
    }

    /// What rustc says of it.
    pub(crate) fn check(&self) -> Vec<Diagnostic> {
        self.rustc(Kind::Checked).1
    }

    /// The library or program. The lock is not compared.
    pub(crate) fn build(&self, kind: Kind) -> PathBuf {
        let (built, said) = self.rustc(kind);
        let text = plugin_tests::package::rendered(&said);
        let source = std::fs::read_to_string(self.directory.path().join("lib.rs")).unwrap_or_default();
        assert!(said.is_empty() && built.exists(), "{text}\n{source}");
        built
    }

    fn rustc(&self, kind: Kind) -> (PathBuf, Vec<Diagnostic>) {
        let Below { contracts, host, directories } = below();
        let path = self.directory.path();
        let mut rustc = Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
        let (crate_type, emit, file) = match kind {
            Kind::Checked => ("lib", "metadata", "out.rmeta"),
            Kind::Plugin => ("cdylib", "link", "libmutant.so"),
            Kind::Host => ("bin", "link", "host"),
        };
        let built = path.join(file);
        rustc.args([
            "--edition",
            "2024",
            "--crate-name",
            "mutant",
            "--crate-type",
            crate_type,
            "--emit",
            emit,
        ]);
        rustc.args(["--error-format=json", "--cap-lints=allow", "-Cdebuginfo=0"]).arg("-o").arg(&built);
        rustc.arg("--extern").arg(with("plugin_contracts=", contracts));
        if kind == Kind::Host {
            rustc.arg("--extern").arg(with("plugin_host=", host));
        }
        for directory in directories {
            rustc.arg("-L").arg(with("dependency=", directory));
        }
        rustc.arg(path.join("lib.rs")).env("CARGO_MANIFEST_DIR", path).env("CARGO_CRATE_NAME", "mutant");
        rustc.env("CARGO_PKG_NAME", "mutant").env("CARGO_PKG_VERSION", "0.1.0");
        // What cargo says of the tests themselves does not hold of a library.
        rustc.env_remove("CARGO_BIN_NAME").env_remove("CARGO_TARGET_TMPDIR").env_remove(DESCRIBE_VAR);
        if kind != Kind::Checked {
            rustc.env(DESCRIBE_VAR, "1");
        }
        let output = rustc.output().expect("rustc starts");
        let said = String::from_utf8_lossy(&output.stderr);
        let read = |line: &str| serde_json::from_str::<Diagnostic>(line).unwrap_or_else(|_| panic!("{said}"));
        let said: Vec<_> = said.lines().filter(|line| line.starts_with('{')).map(read).collect();
        let errors = said.into_iter().filter(|one| {
            // The count at the end has no place; a missing linker has none either, and does say so.
            one.level == DiagnosticLevel::Error
                && !(one.spans.is_empty() && one.message.starts_with("aborting due"))
        });
        let errors: Vec<_> = errors.collect();
        assert_eq!(output.status.success(), errors.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
        (built, errors)
    }
}

fn with(before: &str, path: &Path) -> OsString {
    let mut text = OsString::from(before);
    text.push(path);
    text
}

/// The bytes that a diagnostic underlines, in the source as it was written.
pub(crate) fn underlined(diagnostic: &Diagnostic) -> std::ops::Range<usize> {
    let place = |span: &DiagnosticSpan| {
        let mut span = span;
        // What a macro of std raised stands where it was called.
        while let (false, Some(expansion)) =
            (span.file_name.ends_with("lib.rs") && !span.file_name.contains("/library/"), &span.expansion)
        {
            span = &expansion.span;
        }
        span.byte_start as usize..span.byte_end as usize
    };
    diagnostic.spans.iter().find(|span| span.is_primary).map_or(0..0, place)
}

/// Each of them through the same work, two at a time, in order.
pub(crate) fn two_at_a_time<T: Sync, R: Send>(all: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let one = || {
        let mut done = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = all.get(at) else { return done };
            done.push((at, work(item)));
        }
    };
    let mut done = std::thread::scope(|scope| {
        let other = scope.spawn(one);
        let mut done = one();
        done.extend(other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        done
    });
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, result)| result).collect()
}
