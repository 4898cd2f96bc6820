//! Packages in temporary directories, compiled as a user's would be.
//!
//! In: files. Out: what cargo and rustc said of them. It does not know what is tested.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::atomic::{AtomicUsize, Ordering};

use cargo_metadata::Message;
use cargo_metadata::diagnostic::{Diagnostic, DiagnosticLevel, DiagnosticSpan};
use tempfile::TempDir;

/// A package with a dependency on `plugin-contracts`. Its directory goes with it.
pub struct Package {
    directory: TempDir,
}

impl Package {
    /// A package of a name that begins like this, in this edition, without sources yet. `dependency` is the line of `plugin-contracts`, with
    /// `ROOT` for this repository.
    ///
    /// # Panics
    /// There is no room for temporary files.
    #[must_use]
    pub fn new(name: &str, edition: &str, dependency: &str) -> Self {
        // Cargo tells packages of one target directory apart by name, not by place: two of one name would each be taken
        // for the other, built already.
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let name = format!("{name}-{}", COUNT.fetch_add(1, Ordering::Relaxed));
        let package = Self { directory: tempfile::tempdir().expect("temporary files can be made") };
        let dependency = dependency.replace("ROOT", &crate::root().display().to_string());
        // `[workspace]` keeps cargo from looking for one above.
        let manifest = format!(
            "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"{edition}\"\n\n\
             [dependencies]\n{dependency}\n\n[workspace]\n"
        );
        package.write("Cargo.toml", &manifest);
        // The versions that are on this machine: nothing is fetched.
        package.write(
            "Cargo.lock",
            &fs::read_to_string(crate::root().join("Cargo.lock")).expect("the lock is there"),
        );
        package
    }

    /// Where it is.
    #[must_use]
    pub fn directory(&self) -> &Path {
        self.directory.path()
    }

    /// Writes one of its files.
    ///
    /// # Panics
    /// It cannot be written.
    pub fn write(&self, path: &str, text: &str) {
        let path = self.directory().join(path);
        fs::create_dir_all(path.parent().expect("a file is in a directory"))
            .expect("the directory can be made");
        fs::write(path, text).expect("the file can be written");
    }

    /// Cargo in its directory, with a target directory that all such packages share.
    #[must_use]
    pub fn cargo(&self, command: &str) -> Command {
        let mut cargo = crate::cargo();
        cargo.args([command, "--offline", "--quiet"]).current_dir(self.directory());
        cargo.env("CARGO_TARGET_DIR", crate::target().join("packages")).env_remove("PLUGIN_GEN_DESCRIBE");
        cargo
    }

    /// What rustc has to say of it, warnings included.
    #[must_use]
    pub fn check(&self) -> Vec<Diagnostic> {
        self.diagnostics(self.cargo("check"))
    }

    /// What rustc has to say when cargo is run like this.
    ///
    /// # Panics
    /// Cargo cannot be started, or fails without a diagnostic.
    #[must_use]
    pub fn diagnostics(&self, mut cargo: Command) -> Vec<Diagnostic> {
        let Output { status, stdout, stderr } =
            cargo.arg("--message-format=json").output().expect("cargo starts");
        let messages =
            Message::parse_stream(stdout.as_slice()).map(|message| message.expect("cargo writes JSON"));
        let said: Vec<_> = messages
            .filter_map(|message| match message {
                // What is said of the crates below it is not its author's.
                Message::CompilerMessage(said) if said.target.src_path.starts_with(self.directory()) => {
                    Some(said.message)
                }
                _ => None,
            })
            // The count at the end has no place.
            .filter(|said| !said.spans.is_empty())
            .collect();
        let failed = said.iter().any(|said| said.level == DiagnosticLevel::Error);
        assert_eq!(status.success(), !failed, "{}", String::from_utf8_lossy(&stderr));
        said
    }
}

/// Where an author looks: what a macro of std raised stands where it was called.
fn visible(mut span: &DiagnosticSpan) -> &DiagnosticSpan {
    while let (true, Some(expansion)) = (span.text.is_empty(), &span.expansion) {
        span = &expansion.span;
    }
    span
}

/// The file of a diagnostic, and where it begins there: line and column, counted from 1.
///
/// # Panics
/// It has no place.
#[must_use]
pub fn place(diagnostic: &Diagnostic) -> (&str, usize, usize) {
    let primary = diagnostic.spans.iter().find(|span| span.is_primary).map(visible);
    let span = primary.expect("a diagnostic has a place");
    (&span.file_name, span.line_start, span.column_start)
}

/// The words that a diagnostic underlines, line by line.
#[must_use]
pub fn underlined(diagnostic: &Diagnostic) -> String {
    let words = |span: &DiagnosticSpan| -> Vec<String> {
        let span = visible(span);
        let of_line = |line: &cargo_metadata::diagnostic::DiagnosticSpanLine| {
            let count = line.highlight_end - line.highlight_start;
            line.text.chars().skip(line.highlight_start - 1).take(count).collect()
        };
        span.text.iter().map(of_line).collect()
    };
    let primary = diagnostic.spans.iter().filter(|span| span.is_primary);
    primary.flat_map(words).collect::<Vec<_>>().join("\n")
}

/// Diagnostics as rustc shows them, for messages of tests.
#[must_use]
pub fn rendered(diagnostics: &[Diagnostic]) -> String {
    diagnostics.iter().filter_map(|said| said.rendered.clone()).collect()
}
