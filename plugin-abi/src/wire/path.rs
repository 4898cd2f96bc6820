//! `PathBuf`, a path's bytes moved, and `&Path`, lent.
//!
//! In: paths. Out: the bytes that the system has for them: any on Unix, UTF-8 elsewhere. It does not know files.

use alloc::vec::Vec;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use super::{Invalid, Mirrors, PluginType, RawSlice, RawVec, built_in, lent_as_it_is, unnamed};
use crate::Hasher;
use crate::describe::{Kind, TypeDesc, TypeRef};

// SAFETY: the wire form is the path's bytes, and `from_abi` accepts those that are a path here only.
unsafe impl PluginType for PathBuf {
    type Abi = RawVec<u8>;
    const ID: u128 = Hasher::new().text("PathBuf").finish().0;
    const DESC: TypeRef =
        TypeRef::new(const { &built_in::<RawVec<u8>>(Self::ID, Kind::Std, "PathBuf", &[]) });

    fn into_abi(self) -> RawVec<u8> {
        RawVec::from_vec(bytes(self.into_os_string()))
    }

    fn lend(&self, _: &mut Mirrors) -> RawVec<u8> {
        RawVec::lent(lent_bytes(self.as_os_str()))
    }

    unsafe fn from_abi(abi: RawVec<u8>) -> Result<Self, Invalid> {
        // SAFETY: as the caller promises of `abi`.
        let bytes = unsafe { abi.take() }?;
        text(bytes).map(Self::from)
    }
}

// SAFETY: the wire form is the path's bytes, and `from_abi` accepts those that are a path here only.
unsafe impl<'a> PluginType for &'a Path {
    type Abi = RawSlice<u8>;
    const ID: u128 = Hasher::new().text("&Path").finish().0;
    const DESC: TypeRef = TypeRef::new(
        const {
            &built_in::<RawSlice<u8>>(
                Self::ID,
                Kind::Reference,
                "&",
                const { &[unnamed(TypeRef::new(&PATH))] },
            )
        },
    );

    fn into_abi(self) -> RawSlice<u8> {
        RawSlice::new(lent_bytes(self.as_os_str()))
    }

    lent_as_it_is!();

    unsafe fn from_abi(abi: RawSlice<u8>) -> Result<&'a Path, Invalid> {
        // SAFETY: the caller promises that what is borrowed lives as long as the value is used.
        let bytes = unsafe { abi.borrow() }?;
        lent_text(bytes).map(Path::new)
    }
}

/// What a `&Path` points to.
static PATH: TypeDesc = built_in::<()>(Hasher::new().text("Path").finish().0, Kind::Std, "Path", &[]);

#[cfg(unix)]
fn lent_bytes(text: &OsStr) -> &[u8] {
    std::os::unix::ffi::OsStrExt::as_bytes(text)
}

#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "elsewhere it may fail")]
fn lent_text(bytes: &[u8]) -> Result<&OsStr, Invalid> {
    Ok(std::os::unix::ffi::OsStrExt::from_bytes(bytes))
}

#[cfg(not(unix))]
fn lent_bytes(text: &OsStr) -> &[u8] {
    text.to_str().expect("a path that crosses is UTF-8 on this system").as_bytes()
}

#[cfg(not(unix))]
fn lent_text(bytes: &[u8]) -> Result<&OsStr, Invalid> {
    core::str::from_utf8(bytes).map(OsStr::new).map_err(|_| Invalid::NotUtf8)
}

#[cfg(unix)]
fn bytes(text: OsString) -> Vec<u8> {
    std::os::unix::ffi::OsStringExt::into_vec(text)
}

#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "elsewhere it may fail")]
fn text(bytes: Vec<u8>) -> Result<OsString, Invalid> {
    Ok(std::os::unix::ffi::OsStringExt::from_vec(bytes))
}

/// Bytes that stand for another path would be worse than none: what is no text does not cross.
#[cfg(not(unix))]
fn bytes(text: OsString) -> Vec<u8> {
    text.into_string().expect("a path that crosses is UTF-8 on this system").into_bytes()
}

#[cfg(not(unix))]
fn text(bytes: Vec<u8>) -> Result<OsString, Invalid> {
    alloc::string::String::from_utf8(bytes).map(OsString::from).map_err(|_| Invalid::NotUtf8)
}
