//! Programs for the kernel, compiled by clang and compared with their contract.
//!
//! In: a source in C, and a plan. Out: an object that the loader will take, or why not. It does not know build scripts beyond the
//! directory that it writes into; nothing is loaded, and no rights are needed.

mod places;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, fmt, fs, io};

use plugin_abi::note::Record;
use plugin_bpf::{Drift, Object, ObjectError, Plan, Refused, compare};

use crate::output;
use crate::text::bpf;

/// The oldest clang whose BTF is complete: it writes the types of what functions take.
const OLDEST: u32 = 12;

/// clang, as it is called here.
#[derive(Clone, Debug)]
pub struct Clang {
    program: OsString,
    version: u32,
}

impl Clang {
    /// The one that `CLANG` names, else `clang`, else the newest `clang-N`.
    ///
    /// # Errors
    /// There is none, it is too old, or it was built without the target `bpf`.
    pub fn find() -> Result<Self, BpfError> {
        let named = env::var_os("CLANG").into_iter();
        let numbered = (OLDEST..=30).rev().map(|version| format!("clang-{version}").into());
        let all = if env::var_os("CLANG").is_some() {
            named.collect::<Vec<OsString>>()
        } else {
            ["clang".into()].into_iter().chain(numbered).collect()
        };
        let mut too_old = None;
        for program in all {
            let Some(version) = version(&program) else { continue };
            if version < OLDEST {
                too_old = Some(version);
                continue;
            }
            let targets = said(&program, &["--print-targets"]).unwrap_or_default();
            if targets.lines().any(|line| line.trim_start().starts_with("bpfel")) {
                return Ok(Self { program, version });
            }
        }
        Err(BpfError::NoClang { too_old })
    }

    /// Its major version.
    #[must_use]
    pub const fn version(&self) -> u32 {
        self.version
    }

    /// Compiles one source into an object, with BTF. Says which files it read.
    fn compile(&self, source: &Path, object: &Path, include: &[&Path]) -> Result<Vec<PathBuf>, BpfError> {
        let read = object.with_extension("d");
        let mut command = Command::new(&self.program);
        command.args(["-g", "-O2", "-Wall", "-target", "bpf"]).arg(target_define());
        for directory in include {
            command.arg("-I").arg(directory);
        }
        // Debian keeps the headers that differ between machines apart, where clang does not look for this target.
        let machine = PathBuf::from(format!("/usr/include/{}-linux-gnu", env::consts::ARCH));
        if machine.is_dir() {
            command.arg("-isystem").arg(machine);
        }
        command.arg("-MD").arg("-MF").arg(&read).arg("-c").arg(source).arg("-o").arg(object);
        let output =
            command.stdin(Stdio::null()).output().map_err(|error| BpfError::Io(source.to_owned(), error))?;
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        if !output.status.success() {
            return Err(BpfError::Refused { source: source.to_owned(), said });
        }
        let text = fs::read_to_string(&read).map_err(|error| BpfError::Io(read, error))?;
        Ok(files(&text))
    }
}

/// `bpf_tracing.h` asks for the machine whose registers it reads.
fn target_define() -> String {
    let machine = match env::consts::ARCH {
        "x86_64" => "x86",
        "aarch64" => "arm64",
        "riscv64" => "riscv",
        "s390x" => "s390",
        other => other,
    };
    format!("-D__TARGET_ARCH_{machine}")
}

fn said(program: &OsString, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).stdin(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// `14` of `Debian clang version 14.0.6`.
fn version(program: &OsString) -> Option<u32> {
    let text = said(program, &["--version"])?;
    let (_, rest) = text.split_once("clang version ")?;
    rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

/// The files of a rule for make, without its target.
fn files(rule: &str) -> Vec<PathBuf> {
    let rule = rule.split_once(": ").map_or("", |(_, files)| files).replace("\\\n", " ");
    let mut files = vec![String::new()];
    let mut letters = rule.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => files.last_mut().expect("there is one").extend(letters.next()),
            letter if letter.is_whitespace() => files.push(String::new()),
            letter => files.last_mut().expect("there is one").push(letter),
        }
    }
    files.into_iter().filter(|file| !file.is_empty()).map(PathBuf::from).collect()
}

/// What the kernel's own structs are read from, as `vmlinux.h`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Vmlinux {
    /// The running kernel, by `bpftool`, or by what `BPFTOOL` names.
    Running,
    /// A header that is kept.
    File(PathBuf),
}

impl Vmlinux {
    fn file(&self) -> Option<&Path> {
        match self {
            Self::Running => None,
            Self::File(path) => Some(path),
        }
    }
}

/// An object that was compiled.
#[derive(Clone, Debug)]
pub struct Compiled {
    /// The object.
    pub object: PathBuf,
    /// Every file that was read for it.
    pub read: Vec<PathBuf>,
}

/// Compiles a source into a directory, beside the header of its contract, and compares what came of it. The contract's own sources
/// are looked at for the places of what differs; where none are named, cargo is asked for them.
pub(crate) fn compile(
    (record, sources): (&Record, &[PathBuf]),
    source: &Path,
    directory: &Path,
    vmlinux: Option<&Vmlinux>,
) -> Result<Compiled, BpfError> {
    let plan = &Plan::of(record, &record.contracts[0]).map_err(BpfError::NotCarried)?;
    let clang = Clang::find()?;
    let header = directory.join(format!("{}.bpf.h", plan.prefix));
    write(&header, bpf::header(plan).as_bytes())?;
    match vmlinux {
        Some(Vmlinux::Running) => write(&directory.join("vmlinux.h"), &running_vmlinux()?)?,
        Some(Vmlinux::File(path)) => {
            let text = fs::read(path).map_err(|error| BpfError::Io(path.clone(), error))?;
            write(&directory.join("vmlinux.h"), &text)?;
        }
        None => {}
    }
    let stem = source.file_stem().unwrap_or(source.as_os_str());
    let object = directory.join(stem).with_added_extension("o");
    let mut read = clang.compile(source, &object, &[directory])?;
    read.retain(|file| !file.starts_with(directory));
    // What clang read is a copy of it.
    read.extend(vmlinux.and_then(Vmlinux::file).map(Path::to_owned));
    let bytes = fs::read(&object).map_err(|error| BpfError::Io(object.clone(), error))?;
    let found =
        Object::parse(&bytes).map_err(|error| BpfError::Object { source: source.to_owned(), error })?;
    let mut drifts = compare(plan, &found);
    if drifts.is_empty() {
        return Ok(Compiled { object, read });
    }
    places::find(&mut drifts, &bytes, record, sources);
    Err(BpfError::Differs { source: source.to_owned(), contract: plan.contract.clone(), drifts })
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), BpfError> {
    output::write(path, bytes).map(drop).map_err(|error| BpfError::Io(path.to_owned(), error))
}

/// The types of the running kernel, as a header.
fn running_vmlinux() -> Result<Vec<u8>, BpfError> {
    const TYPES: &str = "/sys/kernel/btf/vmlinux";
    let named = env::var_os("BPFTOOL");
    let all = named.map_or_else(|| vec!["bpftool".into(), "/usr/sbin/bpftool".into()], |named| vec![named]);
    for program in &all {
        let output = Command::new(program)
            .args(["btf", "dump", "file", TYPES, "format", "c"])
            .stdin(Stdio::null())
            .output();
        let Ok(output) = output else { continue };
        if output.status.success() {
            return Ok(output.stdout);
        }
        return Err(BpfError::NoVmlinux { said: String::from_utf8_lossy(&output.stderr).trim().to_owned() });
    }
    let program = all[0].display();
    Err(BpfError::NoVmlinux {
        said: format!(
            "there is no `{program}`: install Debian's package `bpftool`, or name one in `BPFTOOL`"
        ),
    })
}

/// Why there is no object.
#[non_exhaustive]
pub enum BpfError {
    /// A file cannot be read or written, or clang cannot be started.
    Io(PathBuf, io::Error),
    /// No object can carry the contract.
    NotCarried(Vec<Refused>),
    /// There is no clang that compiles for the kernel.
    NoClang {
        /// The version of one that is too old.
        too_old: Option<u32>,
    },
    /// The kernel's types cannot be had.
    NoVmlinux {
        /// What was said about it.
        said: String,
    },
    /// clang refused the source.
    Refused {
        /// The source.
        source: PathBuf,
        /// What clang said.
        said: String,
    },
    /// What clang made is no object that could be compared.
    Object {
        /// The source.
        source: PathBuf,
        /// Why.
        error: ObjectError,
    },
    /// The object differs from the contract.
    Differs {
        /// The source.
        source: PathBuf,
        /// The contract's id.
        contract: String,
        /// Every difference.
        drifts: Vec<Drift>,
    },
    /// The target is of another byte order than objects for this loader.
    BigEndian,
}

impl fmt::Display for BpfError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(path, error) => write!(f, "{}: {error}", path.display()),
            Self::NotCarried(all) => {
                for (at, one) in all.iter().enumerate() {
                    write!(f, "{}{one}", if at == 0 { "" } else { "\n" })?;
                }
                f.write_str("\nhelp: `cargo plugin-gen explain P042` says what a kernel program can hold")
            }
            Self::NoClang { too_old } => {
                match too_old {
                    Some(found) => write!(f, "clang {found} is too old for programs of the kernel")?,
                    None => f.write_str("there is no clang that compiles programs for the kernel")?,
                }
                write!(f, "\nhelp: install Debian's package `clang` (version {OLDEST} or later), or name one in `CLANG`")
            }
            Self::NoVmlinux { said } => {
                write!(f, "the types of the running kernel cannot be had: {said}\nhelp: keep a `vmlinux.h` and name it, or do without where none of the kernel's own structs is read")
            }
            Self::Refused { source, said } => {
                write!(f, "{}: clang refused it\n{}", source.display(), said.trim_end())?;
                if said.contains("'bpf/") && said.contains("file not found") {
                    f.write_str("\nhelp: install Debian's package `libbpf-dev`, which has the headers of libbpf")?;
                }
                if said.contains("'linux/") && said.contains("file not found") {
                    f.write_str("\nhelp: install Debian's package `linux-libc-dev`, which has the headers of the kernel")?;
                }
                Ok(())
            }
            Self::Object { source, error } => write!(f, "{}: {error}", source.display()),
            Self::Differs { source, contract, drifts } => {
                write!(f, "{}: it is not what `{contract}` says", source.display())?;
                for drift in drifts {
                    write!(f, "\n  {drift}")?;
                }
                f.write_str("\nhelp: include the generated header, and use its structs and maps; `cargo plugin-gen explain` tells more of each rule")
            }
            Self::BigEndian => f.write_str(
                "eBPF objects for targets in big endian cannot be compared yet\nhelp: leave the object out for them, by `CARGO_CFG_TARGET_ENDIAN`",
            ),
        }
    }
}

/// As [`Display`](fmt::Display): a build script's `main` prints what it returns this way.
impl fmt::Debug for BpfError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for BpfError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_clang_read_is_told_file_by_file() {
        let rule = "out/a.o: src/a.bpf.c \\\n  out/a.h /usr/include/with\\ space.h\n";
        let expected = ["src/a.bpf.c", "out/a.h", "/usr/include/with space.h"].map(PathBuf::from);
        assert_eq!(files(rule), expected);
    }
}
