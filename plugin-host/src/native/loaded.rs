//! Which file each name stands for in the dynamic linker.
//!
//! In: a path and the file that was read there. Out: a name under which the linker opens this very file. glibc answers a
//! name that it knows with the image it has, whatever lies under that name by now; so a file that took another's place
//! gets a name of its own. It does not know what is in the files.

use std::collections::BTreeMap;
use std::fs::{File, Metadata};
use std::os::fd::IntoRawFd as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use crate::LoadError;

/// Every name that was handed to the linker so far, and the file it stands for. Images stay mapped for good.
static LOADED: Mutex<BTreeMap<PathBuf, Identity>> = Mutex::new(BTreeMap::new());

/// Tells a file from every other, and from itself after it was written to.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Identity {
    file: (u64, u64),
    content: (i64, i64, u64),
}

impl Identity {
    fn of(metadata: &Metadata) -> Self {
        let content = (metadata.mtime(), metadata.mtime_nsec(), metadata.len());
        Self { file: (metadata.dev(), metadata.ino()), content }
    }
}

/// The name for the file that was read at this path.
pub(super) fn name(path: &Path, file: File) -> Result<PathBuf, LoadError> {
    let error = |source| LoadError::io(path, source);
    let identity = Identity::of(&file.metadata().map_err(error)?);
    // The linker compares names as texts: a relative one would mean another file after a chdir.
    let absolute = std::path::absolute(path).map_err(error)?;
    let mut loaded = LOADED.lock().unwrap_or_else(PoisonError::into_inner);
    if loaded.values().any(|known| known.file == identity.file && *known != identity) {
        return Err(LoadError::Overwritten { path: path.to_owned() });
    }
    if let Some((name, _)) = loaded.iter().find(|(_, known)| **known == identity) {
        return Ok(name.clone());
    }
    let name = if loaded.contains_key(&absolute) {
        // Kept open for good: the number must never name another file.
        PathBuf::from(format!("/proc/self/fd/{}", file.into_raw_fd()))
    } else {
        absolute
    };
    loaded.insert(name.clone(), identity);
    Ok(name)
}
