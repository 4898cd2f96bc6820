//! Why a file was not loaded: one variant a reason, each with what was expected, what was found, and what to do.

use std::path::PathBuf;
use std::{fmt, io};

use plugin_abi::note::NoteError;
use thiserror::Error;

use crate::handshake::{Mismatch, Refusal};

/// Why a file was not loaded. Up to [`Open`](Self::Open) nothing of the file has run.
///
/// `Debug` prints what `Display` does: it is what `unwrap` and a `main` that returns the error show people.
#[derive(Error)]
#[non_exhaustive]
pub enum LoadError {
    /// There is no such file.
    #[error("{}: there is no such file\n  build the plugins (`cargo plugin-gen build`), or correct the path", .path.display())]
    NotFound {
        /// The path as it was given.
        path: PathBuf,
    },
    /// The file may not be read.
    #[error("{}: the file may not be read: {source}\n  give this user read permission on the file and search permission on its directories", .path.display())]
    NotPermitted {
        /// The path as it was given.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A directory, a socket, a device.
    #[error("{}: expected a shared object, found {found}\n  give the path of the plugin's file", .path.display())]
    NotAFile {
        /// The path as it was given.
        path: PathBuf,
        /// What it is.
        found: &'static str,
    },
    /// Reading failed.
    #[error("{}: reading failed: {source}", .path.display())]
    Io {
        /// The path as it was given.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// No ELF file.
    #[error("{}: expected an ELF shared object, found {found}\n  give the path of the built `.so`, not of a source, an archive or a text", .path.display())]
    NotElf {
        /// The path as it was given.
        path: PathBuf,
        /// What it is: its first bytes, escaped, if it has any.
        found: String,
    },
    /// An ELF file for pointers of another size, or in another byte order.
    #[error("{}: expected a {expected} ELF file, found {found}\n  build the plugin for this host's target", .path.display())]
    WrongClass {
        /// The path as it was given.
        path: PathBuf,
        /// What this host is.
        expected: &'static str,
        /// What the file is.
        found: &'static str,
    },
    /// An ELF file for another processor.
    #[error("{}: expected code for {expected}, found {found}\n  build the plugin for this host's target", .path.display())]
    WrongArch {
        /// The path as it was given.
        path: PathBuf,
        /// What this host runs on.
        expected: String,
        /// What the file is for.
        found: String,
    },
    /// An object file, an executable, a core dump.
    #[error("{}: expected a shared object, found {found}\n  set `crate-type = [\"cdylib\"]` in the plugin's Cargo.toml", .path.display())]
    NotShared {
        /// The path as it was given.
        path: PathBuf,
        /// What it is.
        found: String,
    },
    /// An ELF file whose headers are none that a linker writes.
    #[error("{}: expected an ELF shared object, found {found}\n  the file is damaged: copy or build it again", .path.display())]
    BadHeaders {
        /// The path as it was given.
        path: PathBuf,
        /// What is wrong with them.
        found: String,
    },
    /// The file ends before what its headers speak of.
    #[error("{}: the file is truncated: {what} would end at byte {needs}, the file ends at {has}\n  copy or build it again", .path.display())]
    Truncated {
        /// The path as it was given.
        path: PathBuf,
        /// Which part.
        what: &'static str,
        /// Where that part ends, in bytes from the file's start.
        needs: u64,
        /// The file's length in bytes.
        has: u64,
    },
    /// The library carries no note of ours.
    #[error("{}: expected a note `{}`, found none\n  this is a library, but no plugin: use `plugin_contracts::export_plugin!` in its crate", .path.display(), plugin_abi::name::NOTE_SECTION)]
    NoNote {
        /// The path as it was given.
        path: PathBuf,
    },
    /// The library links contracts and exports none.
    #[error("{}: expected a plugin, found a library that uses contracts ({}) and exports none\n  add `plugin_contracts::export_plugin!(dyn Trait => constructor);` to its crate", .path.display(), .declares.join(", "))]
    NotAPlugin {
        /// The path as it was given.
        path: PathBuf,
        /// The contracts it links.
        declares: Vec<String>,
    },
    /// The note is not ours, though it says so.
    #[error("{}: {source}\n  the file is damaged, or was made by something else: build it again", .path.display())]
    NoteMagic {
        /// The path as it was given.
        path: PathBuf,
        /// What was found.
        source: NoteError,
    },
    /// The note has a later format than this host knows.
    #[error("{}: {source}\n  the plugin was built with a newer plugin-abi: update this host, or build the plugin with the host's version", .path.display())]
    NoteRevision {
        /// The path as it was given.
        path: PathBuf,
        /// What was found.
        source: NoteError,
    },
    /// A length in the note lies.
    #[error("{}: {source}\n  the file is damaged: copy or build it again", .path.display())]
    NoteTruncated {
        /// The path as it was given.
        path: PathBuf,
        /// What was found.
        source: NoteError,
    },
    /// The note's content is none that we write.
    #[error("{}: {source}\n  the file is damaged, or was made by something else: build it again", .path.display())]
    NoteMalformed {
        /// The path as it was given.
        path: PathBuf,
        /// What was found.
        source: NoteError,
    },
    /// The plugin exports one contract twice.
    #[error("{}: exports `{contract}` twice\n  a plugin has one `export_plugin!` for each contract: it may link another plugin's crate", .path.display())]
    DuplicateContract {
        /// The path as it was given.
        path: PathBuf,
        /// The contract.
        contract: String,
    },
    /// The plugin does not export this contract.
    #[error("{}: expected contract `{contract}`, found {}\n  load it as one of those, or export `{contract}` from it", .path.display(), .found.join(", "))]
    ContractAbsent {
        /// The path as it was given.
        path: PathBuf,
        /// The contract that the host asked for.
        contract: &'static str,
        /// The contracts that the plugin exports.
        found: Vec<String>,
    },
    /// The plugin lacks a method that has no default body.
    #[error("{0}")]
    MethodMissing(Box<Refusal>),
    /// A method has another signature in the plugin.
    #[error("{0}")]
    SignatureDiffers(Box<Refusal>),
    /// The host demands that panics unwind, and in this plugin they abort.
    #[error("{}: expected a plugin whose panics unwind, found one built with `panic = \"abort\"`\n  build it with `panic = \"unwind\"`", .path.display())]
    PanicAborts {
        /// The path as it was given.
        path: PathBuf,
    },
    /// The object cannot be constructed again: what the host was lent of it, or waits for, would be gone.
    #[error(
        "`{contract}` cannot be loaded with `OnPanic::Restart`: what `{method}` returns is borrowed of the object, or comes later\n  load it with `OnPanic::Fail` or `OnPanic::Keep`"
    )]
    CannotRestart {
        /// The contract's id.
        contract: &'static str,
        /// The first method of which it is so.
        method: &'static str,
    },
    /// The file was linked for another C library than this host's: musl instead of glibc, or the reverse.
    #[error("{}: expected a library for {expected}, found one for {found}: it needs `{needs}`\n  two C libraries cannot live in one process: build the plugin for this host's target, whose name ends in `{target}`", .path.display())]
    WrongLibc {
        /// The path as it was given.
        path: PathBuf,
        /// The C library of this host.
        expected: &'static str,
        /// The C library of the file.
        found: &'static str,
        /// The library or interpreter of the file that tells.
        needs: String,
        /// How the names of targets with this host's C library end: `-gnu`, `-musl`.
        target: &'static str,
    },
    /// The file was written to after it was loaded: the code in memory is neither the old nor the new one.
    #[error("{}: expected a new file, found one that was written to (or touched) while it is loaded\n  replace a plugin by renaming the new file over the old one, as `cargo plugin-gen build` does; restart this host", .path.display())]
    Overwritten {
        /// The path as it was given.
        path: PathBuf,
    },
    /// The dynamic linker refused the library.
    #[error("{}: the dynamic linker refused it: {message}\n  see `cargo plugin-gen doctor` for what it needs, and what of it is not there", .path.display())]
    Open {
        /// The path as it was given.
        path: PathBuf,
        /// What dlerror said.
        message: String,
    },
    /// The note names a symbol that the library does not have.
    #[error("{}: the note names the symbol `{symbol}`, the library does not export it\n  build it as a `cdylib`, and do not strip its dynamic symbols", .path.display())]
    SymbolMissing {
        /// The path as it was given.
        path: PathBuf,
        /// The symbol.
        symbol: String,
    },
    /// The plugin was built with a plugin-contracts whose ABI is older or newer than this host's.
    #[error("{}: expected a plugin of ABI revision {expected}, found one of revision {found}: it is {}", .path.display(), age(*.expected, *.found))]
    WrongRevision {
        /// The path as it was given.
        path: PathBuf,
        /// This host's.
        expected: u32,
        /// The plugin's.
        found: u32,
    },
    /// What the symbol leads to is not what the note says.
    #[error("{}: the note and the export disagree: expected {expected}, found {found}\n  the file is damaged, or was made by something else: build it again", .path.display())]
    BadExport {
        /// The path as it was given.
        path: PathBuf,
        /// What the note says.
        expected: String,
        /// What is there.
        found: String,
    },
    /// A test wants to program a library that is no mock.
    #[error("{}: expected a mock, found a plugin\n  build a mock with `cargo plugin-gen mock-so`", .path.display())]
    NotAMock {
        /// The path as it was given.
        path: PathBuf,
    },
    /// Somebody programs the mock already, in this process.
    #[error("{}: the mock is programmed by another `MockPlugin` of this process\n  tests that run at once each program a copy of the file", .path.display())]
    MockTaken {
        /// The path as it was given.
        path: PathBuf,
    },
    /// The mock was built for another form of the contract than the test's.
    #[error("{}: the mock was built for another `{method}` of `{contract}`\n  build it again: `cargo plugin-gen mock-so`", .path.display())]
    MockDiffers {
        /// The path as it was given.
        path: PathBuf,
        /// The contract's id.
        contract: &'static str,
        /// The first method that differs.
        method: &'static str,
    },
    /// The plugin's constructor said no.
    #[error("{plugin}: the constructor refused: {message}")]
    Constructor {
        /// The plugin's file name.
        plugin: String,
        /// What it said.
        message: String,
    },
    /// The plugin's constructor panicked.
    #[error("{plugin}: the constructor panicked: {message}")]
    ConstructorPanicked {
        /// The plugin's file name.
        plugin: String,
        /// What it said, and where.
        message: String,
    },
    /// The file is an eBPF object, and was not loaded.
    #[cfg(all(feature = "ebpf", target_os = "linux"))]
    #[error("{}: {refusal}", .path.display())]
    Kernel {
        /// The path as it was given.
        path: PathBuf,
        /// Why.
        refusal: Box<crate::KernelRefusal>,
    },
    /// Constants were given that the contract does not have.
    #[error(
        "`{contract}` has no constants `{method}` of this type: {found}\n  give a value of the type that the method under `#[config]` returns"
    )]
    Constants {
        /// The contract's id.
        contract: &'static str,
        /// The method that was named.
        method: String,
        /// What it is instead.
        found: String,
    },
    /// This build of the host has no loader for such a file.
    #[error("{}: this host was built without a loader for it\n  enable the feature `native` of plugin-host, on Linux", .path.display())]
    NoLoader {
        /// The path as it was given.
        path: PathBuf,
    },
}

impl LoadError {
    /// What does not fit between the host's contract and the plugin's, method by method, each with the id of its drift
    /// rule; empty when the file was refused for anything else.
    #[must_use]
    pub fn findings(&self) -> &[Mismatch] {
        match self {
            Self::MethodMissing(refusal) | Self::SignatureDiffers(refusal) => &refusal.mismatches,
            _ => &[],
        }
    }
}

impl fmt::Debug for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(all(any(feature = "native", feature = "ebpf"), target_os = "linux"))]
impl LoadError {
    pub(crate) fn io(path: &std::path::Path, source: io::Error) -> Self {
        let path = path.to_owned();
        match source.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Self::NotFound { path },
            io::ErrorKind::PermissionDenied => Self::NotPermitted { path, source },
            // What open(2) says of a socket.
            _ if source.raw_os_error() == Some(libc::ENXIO) => {
                Self::NotAFile { path, found: "no regular file" }
            }
            _ => Self::Io { path, source },
        }
    }

    #[cfg(feature = "native")]
    pub(crate) fn note(path: &std::path::Path, source: NoteError) -> Self {
        let path = path.to_owned();
        match source {
            NoteError::WrongMagic { .. } => Self::NoteMagic { path, source },
            NoteError::NewerRevision { .. } => Self::NoteRevision { path, source },
            NoteError::Truncated { .. } => Self::NoteTruncated { path, source },
            NoteError::DuplicateContract { id } => Self::DuplicateContract { path, contract: id },
            _ => Self::NoteMalformed { path, source },
        }
    }
}

/// Which side is behind, and what brings them together.
fn age(expected: u32, found: u32) -> &'static str {
    if found < expected {
        "older\n  build the plugin again, with the plugin-contracts that this host is built with"
    } else {
        "newer\n  build this host again, with the plugin-host that belongs to the plugin's plugin-contracts"
    }
}
