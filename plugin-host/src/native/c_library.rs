//! Which C library a file was linked for, told from the file.
//!
//! In: a file's dynamic section and the interpreter it names. Out: nothing when that is the C library of this host, or
//! none at all, else a refusal. It does not know whether the libraries are there.
//!
//! Two C libraries in one process are two heaps, two ideas of what a thread is and two `errno`s. glibc says of musl's
//! names that there is no such file, or that `libc.so` (its own linker script, where headers are installed) has an
//! invalid header; musl takes glibc's names for its own, goes on, and dies later. Neither tells what to do.

use object::elf;

use super::dynamic::Dynamic;
use super::elf::Segment;
use crate::LoadError;

/// No library of ours needs as many; more are not looked at.
const MOST_NEEDED: usize = 256;

/// How many bytes of a name are read: those that we look for are shorter.
const LONGEST_NAME: u64 = 64;

/// A C library.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Libc {
    Glibc,
    Musl,
}

impl Libc {
    /// The one that this host was built for, if it is one of these.
    const HOST: Option<Self> = if cfg!(target_env = "gnu") {
        Some(Self::Glibc)
    } else if cfg!(target_env = "musl") {
        Some(Self::Musl)
    } else {
        None
    };

    const fn name(self) -> &'static str {
        match self {
            Self::Glibc => "glibc",
            Self::Musl => "musl",
        }
    }

    const fn target(self) -> &'static str {
        match self {
            Self::Glibc => "-gnu",
            Self::Musl => "-musl",
        }
    }

    /// The one that this library, or this interpreter, belongs to. Alpine calls musl `libc.musl-x86_64.so.1`; musl
    /// itself, and with it rustc and zig, `libc.so`.
    fn of(name: &[u8]) -> Option<Self> {
        let name = name.rsplit(|byte| *byte == b'/').next().unwrap_or(name);
        if name == b"libc.so.6" || name.starts_with(b"ld-linux") {
            Some(Self::Glibc)
        } else if name == b"libc.so" || name.starts_with(b"libc.musl-") || name.starts_with(b"ld-musl-") {
            Some(Self::Musl)
        } else {
            None
        }
    }
}

/// The C library that this name belongs to, if it is another one than this.
fn foreign(host: Libc, name: &[u8]) -> Option<Libc> {
    Libc::of(name).filter(|libc| *libc != host)
}

/// That the file was linked for the C library of this host, as what it needs says, and its interpreter if it names one.
pub(super) fn check_c_library(dynamic: &Dynamic<'_>) -> Result<(), LoadError> {
    let Some(host) = Libc::HOST else { return Ok(()) };
    let image = dynamic.image;
    if let Some(strings) = dynamic.strings {
        for at in dynamic.needed().take(MOST_NEEDED) {
            let at = strings.saturating_add(at);
            let inside = |segment: &&Segment| {
                segment.kind == elf::PT_LOAD
                    && at.checked_sub(segment.address).is_some_and(|offset| offset < segment.size)
            };
            // The last name of a table may end where its segment does.
            let rest = image.segments.iter().find(inside).map(|found| found.size - (at - found.address));
            let size = rest.unwrap_or(LONGEST_NAME).min(LONGEST_NAME);
            check(host, dynamic, &image.read("the name of a needed library", at, size)?)?;
        }
    }
    for segment in image.segments.iter().filter(|segment| segment.kind == elf::PT_INTERP) {
        let size = segment.size.min(LONGEST_NAME);
        check(host, dynamic, &image.source.read("the interpreter's name", segment.offset, size)?)?;
    }
    Ok(())
}

/// That the name which these bytes begin with is not of another C library.
fn check(host: Libc, dynamic: &Dynamic<'_>, bytes: &[u8]) -> Result<(), LoadError> {
    let name = bytes.split(|byte| *byte == 0).next().unwrap_or_default();
    let Some(found) = foreign(host, name) else { return Ok(()) };
    Err(LoadError::WrongLibc {
        path: dynamic.image.source.path.to_owned(),
        expected: host.name(),
        found: found.name(),
        needs: String::from_utf8_lossy(name).escape_default().to_string(),
        target: host.target(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const GLIBC: [&str; 3] = ["libgcc_s.so.1", "libc.so.6", "ld-linux-x86-64.so.2"];

    #[test]
    fn each_c_library_is_foreign_to_the_other_and_nothing_else_is() {
        for name in GLIBC {
            assert_eq!(foreign(Libc::Glibc, name.as_bytes()), None);
        }
        for name in &GLIBC[1..] {
            assert_eq!(foreign(Libc::Musl, name.as_bytes()), Some(Libc::Glibc));
        }
        for name in ["libc.musl-x86_64.so.1", "libc.musl-aarch64.so.1", "libc.so", "/lib/ld-musl-x86_64.so.1"]
        {
            assert_eq!(foreign(Libc::Glibc, name.as_bytes()), Some(Libc::Musl));
            assert_eq!(foreign(Libc::Musl, name.as_bytes()), None);
        }
        for name in ["", "libc++.so.1", "libc.so.7", "libcap.so.2", "libmusl.so", "/lib64/libm.so.6"] {
            assert_eq!(Libc::of(name.as_bytes()), None, "{name}");
        }
    }
}
