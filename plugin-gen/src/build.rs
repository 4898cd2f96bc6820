//! What a build script calls.
//!
//! ```no_run
//! // build.rs; the contract's crate then says include!(concat!(env!("OUT_DIR"), "/mock.rs"));
//! fn main() -> Result<(), plugin_gen::BuildError> {
//!     plugin_gen::Build::new().source("src/lib.rs").emit(plugin_gen::Rust::Mock)?;
//!     Ok(())
//! }
//! ```

use std::path::{Path, PathBuf};
use std::{env, fmt, fs, io};

use proc_macro2::TokenStream;

#[cfg(feature = "bpf")]
use crate::bpf::{self, BpfError, Compiled, Vmlinux};
use crate::check::check_package;
use crate::lock::{self, Lock};
use crate::report::Finding;
use crate::syntax::{Contract, items_in};
use crate::{output, rust};

/// Rust text that follows from a contract's tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Rust {
    /// The mocks, to be included beside the traits: `mock.rs`.
    Mock,
    /// The same contracts in blocks of mockall's `mock!`: `mockall.rs`.
    Mockall,
}

impl Rust {
    /// The name of the file it goes into.
    #[must_use]
    pub const fn file_name(self) -> &'static str {
        match self {
            Self::Mock => "mock.rs",
            Self::Mockall => "mockall.rs",
        }
    }

    /// The tokens for one contract: those that the macro prints beside the trait; for mockall the trait, as it takes it.
    #[must_use]
    pub fn tokens(self, contract: &Contract) -> TokenStream {
        match self {
            Self::Mock => rust::mock(contract),
            Self::Mockall => rust::mockall(contract),
        }
    }
}

/// Generates from source files, in a build script or as a checked-in file.
#[derive(Clone, Debug, Default)]
pub struct Build {
    sources: Vec<PathBuf>,
    #[cfg(feature = "bpf")]
    contract: Option<plugin_abi::note::Record>,
    #[cfg(feature = "bpf")]
    vmlinux: Option<Vmlinux>,
}

impl Build {
    /// Nothing to read yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a source file; relative to the package's directory, where build scripts run.
    #[must_use]
    pub fn source(mut self, path: impl Into<PathBuf>) -> Self {
        self.sources.push(path.into());
        self
    }

    /// The contract that a kernel program carries: its crate is a build-dependency of the program's.
    #[cfg(feature = "bpf")]
    #[must_use]
    pub fn contract<C: ?Sized + plugin_abi::Contract>(mut self) -> Self {
        self.contract = Some(plugin_abi::note::Record::of_contract(C::DESC));
        self
    }

    /// Where `vmlinux.h` comes from, for programs that read the kernel's own structs.
    #[cfg(feature = "bpf")]
    #[must_use]
    pub fn vmlinux(mut self, vmlinux: Vmlinux) -> Self {
        self.vmlinux = Some(vmlinux);
        self
    }

    /// Compiles a program for the kernel into cargo's `OUT_DIR`, compares the object with the contract, and tells cargo which
    /// files to watch. The source includes the contract's header, `acme_filter.bpf.h`, which lies there too. What differs is told
    /// with the lines of both sides; those of the contract are found where its package is no registry's, or where
    /// [`source`](Self::source) names its files. Crates find the object
    /// by `include_bytes!(concat!(env!("OUT_DIR"), "/filter.bpf.o"))`, or by the path that this returns.
    ///
    /// # Errors
    /// [`BuildError::Bpf`]: clang is missing or refused the source, or the object is not what the contract says.
    #[cfg(feature = "bpf")]
    pub fn bpf(&self, source: impl AsRef<Path>) -> Result<PathBuf, BuildError> {
        let source = source.as_ref();
        println!("cargo::rerun-if-changed={}", source.display());
        println!("cargo::rerun-if-env-changed=CLANG");
        println!("cargo::rerun-if-env-changed=BPFTOOL");
        let compiled = env::var_os("OUT_DIR").ok_or(BuildError::NoOutDir).and_then(|directory| {
            // Objects and contracts are compared as this machine lays them out.
            if env::var("CARGO_CFG_TARGET_ENDIAN").is_ok_and(|order| order != "little") {
                return Err(BuildError::Bpf(BpfError::BigEndian));
            }
            self.bpf_into(source, Path::new(&directory))
        });
        for file in compiled.iter().flat_map(|compiled| &compiled.read) {
            println!("cargo::rerun-if-changed={}", file.display());
        }
        told(compiled).map(|compiled| compiled.object)
    }

    /// The same, into any directory, for those that are no build scripts.
    ///
    /// # Errors
    /// As for [`bpf`](Self::bpf).
    #[cfg(feature = "bpf")]
    pub fn bpf_into(&self, source: &Path, directory: &Path) -> Result<Compiled, BuildError> {
        let Some(record) = &self.contract else { return Err(BuildError::NoContract) };
        bpf::compile((record, &self.sources), source, directory, self.vmlinux.as_ref())
            .map_err(BuildError::Bpf)
    }

    /// The text for all contracts of the sources, formatted.
    ///
    /// # Errors
    /// A source cannot be read, or a contract has mistakes.
    pub fn text(&self, kind: Rust) -> Result<String, BuildError> {
        let (mut tokens, mut unsaid) = (TokenStream::new(), Vec::new());
        for path in &self.sources {
            let source = fs::read_to_string(path).map_err(|error| BuildError::Io(path.clone(), error))?;
            let mut items =
                items_in(&source).map_err(|findings| BuildError::Source(vec![(path.clone(), findings)]))?;
            if let Some(lock) = lock_of(path) {
                items.contracts.iter_mut().for_each(|contract| lock::since(contract, &lock));
            }
            if kind == Rust::Mockall {
                unsaid.extend(items.contracts.iter().flat_map(|contract| unsaid_of(path, contract)));
            }
            tokens.extend(items.contracts.iter().map(|contract| kind.tokens(contract)));
        }
        if !unsaid.is_empty() {
            return Err(BuildError::Unsaid(unsaid));
        }
        if kind == Rust::Mockall {
            return Ok(output::format_mockall(tokens, "plugin-gen").expect("the emitter prints traits"));
        }
        Ok(output::format(tokens, "plugin-gen").expect("the emitter prints items"))
    }

    /// Writes the text into cargo's `OUT_DIR`, and tells cargo which files to watch. A mistake fails the build with the
    /// file, line and column, whether or not the caller looks at the result.
    ///
    /// # Errors
    /// A source cannot be read, a contract has mistakes, or this is no build script.
    pub fn emit(&self, kind: Rust) -> Result<PathBuf, BuildError> {
        // Of a file that is not there cargo would say each time that it has changed.
        if Path::new(plugin_abi::name::LOCK_FILE).exists() {
            println!("cargo::rerun-if-changed={}", plugin_abi::name::LOCK_FILE);
        }
        for path in &self.sources {
            println!("cargo::rerun-if-changed={}", path.display());
        }
        let written = self.text(kind).and_then(|text| {
            let directory = env::var_os("OUT_DIR").ok_or(BuildError::NoOutDir)?;
            let path = Path::new(&directory).join(kind.file_name());
            output::write(&path, text.as_bytes()).map_err(|error| BuildError::Io(path.clone(), error))?;
            Ok(path)
        });
        told(written)
    }

    /// Compares the contracts and types of the sources, or of the whole `src` where none was named, with
    /// `plugin-contract.lock`: the findings of the macros, and those that only matter to who reviews a change (added and
    /// renamed methods, the version step), each as an error with its file, line and column. No macro is needed for it.
    ///
    /// # Errors
    /// A source cannot be read, has mistakes, or differs from the lock; or this is no build script.
    pub fn check(&self) -> Result<(), BuildError> {
        println!("cargo::rerun-if-changed={}", plugin_abi::name::LOCK_FILE);
        for path in &self.sources {
            println!("cargo::rerun-if-changed={}", path.display());
        }
        if self.sources.is_empty() {
            println!("cargo::rerun-if-changed=src");
        }
        println!("cargo::rerun-if-env-changed={}", plugin_abi::name::DESCRIBE_VAR);
        // Whoever asks what the code is by now (`check`, `accept`) compares it itself, and would be kept from curing it.
        if env::var_os(plugin_abi::name::DESCRIBE_VAR).is_some() {
            return Ok(());
        }
        let directory = env::var_os("CARGO_MANIFEST_DIR").ok_or(BuildError::NoOutDir);
        told(directory.and_then(|directory| check_package(Path::new(&directory), &self.sources)))
    }
}

/// The lock of the package that a source is in, if there is one that can be read: whoever compiles the package says what is
/// wrong with it.
fn lock_of(source: &Path) -> Option<Lock> {
    let source = std::path::absolute(source).ok()?;
    let package = source.ancestors().find(|directory| directory.join("Cargo.toml").is_file())?;
    let text = fs::read_to_string(package.join(plugin_abi::name::LOCK_FILE)).ok()?;
    Lock::parse(&text).ok()
}

/// Tells cargo what went wrong, whether or not the caller looks at it.
fn told<T>(result: Result<T, BuildError>) -> Result<T, BuildError> {
    if let Err(error) = &result {
        for line in error.to_string().lines() {
            println!("cargo::error={line}");
        }
    }
    result
}

/// What mockall cannot say of a contract, each with its place.
fn unsaid_of(path: &Path, contract: &Contract) -> Vec<String> {
    let said = rust::unsaid(contract).into_iter().map(|(method, why)| {
        let start = method.span().start();
        let place = format!("{}:{}:{}", path.display(), start.line, start.column + 1);
        format!("{place}: `{method}` of `{}` cannot be said to mockall: {why}", contract.ident)
    });
    said.collect()
}

/// Why nothing was generated.
#[non_exhaustive]
pub enum BuildError {
    /// A file cannot be read or written.
    Io(PathBuf, io::Error),
    /// Sources have mistakes, or differ from the lock.
    Source(Vec<(PathBuf, Vec<Finding>)>),
    /// Methods of contracts that mockall cannot say, each with its place and the reason.
    Unsaid(Vec<String>),
    /// `OUT_DIR` is not set: cargo sets it for build scripts.
    NoOutDir,
    /// Nobody said which contract a kernel program carries.
    #[cfg(feature = "bpf")]
    NoContract,
    /// There is no object for the kernel.
    #[cfg(feature = "bpf")]
    Bpf(BpfError),
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(path, error) => write!(f, "{}: {error}", path.display()),
            Self::Unsaid(methods) => f.write_str(&methods.join("\n")),
            #[cfg(feature = "bpf")]
            Self::NoContract => {
                f.write_str("no contract was named: call `.contract::<dyn Filter>()` before `.bpf(…)`")
            }
            #[cfg(feature = "bpf")]
            Self::Bpf(error) => write!(f, "{error}"),
            Self::NoOutDir => f.write_str("OUT_DIR is not set: call this from a build script"),
            Self::Source(files) => {
                let findings =
                    files.iter().flat_map(|(path, found)| found.iter().map(move |one| (path, one)));
                for (at, (path, finding)) in findings.enumerate() {
                    let separator = if at == 0 { "" } else { "\n" };
                    write!(f, "{separator}{}", path.display())?;
                    // Of a file that is no source, the text says which line is meant.
                    if path.extension().is_some_and(|extension| extension == "rs") {
                        let start = finding.spans().0.start();
                        write!(f, ":{}:{}", start.line, start.column + 1)?;
                    }
                    write!(f, ": {}", finding.text())?;
                }
                Ok(())
            }
        }
    }
}

/// As [`Display`](fmt::Display): a build script's `main` prints what it returns this way.
impl fmt::Debug for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for BuildError {}
