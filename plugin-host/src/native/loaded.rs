//! Which file each name stands for in the dynamic linker.
//!
//! In: a path and the file that was read there. Out: a name under which the linker opens this very file. glibc answers a
//! name that it knows with the image it has, whatever lies under that name by now; so a file that took another's place
//! gets a name of its own. It does not know what is in the files.

use std::collections::BTreeMap;
use std::fs::{File, Metadata};
use std::os::fd::AsRawFd as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use crate::LoadError;

/// Every name under which the linker has an image, and the file it stands for. Images stay mapped for good.
static LOADED: Mutex<BTreeMap<PathBuf, Loaded>> = Mutex::new(BTreeMap::new());

struct Loaded {
    identity: Identity,
    /// The open file behind a name in `/proc/self/fd`: its number must never name another.
    _kept: Option<File>,
}

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
    let mut known = loaded.values().map(|known| known.identity);
    if known.any(|known| known.file == identity.file && known != identity) {
        return Err(LoadError::Overwritten { path: path.to_owned() });
    }
    if let Some((name, _)) = loaded.iter().find(|(_, known)| known.identity == identity) {
        return Ok(name.clone());
    }
    let (name, kept) = if loaded.contains_key(&absolute) {
        (PathBuf::from(format!("/proc/self/fd/{}", file.as_raw_fd())), Some(file))
    } else {
        (absolute, None)
    };
    loaded.insert(name.clone(), Loaded { identity, _kept: kept });
    Ok(name)
}

/// The linker refused the file: nothing is mapped, and once it is deleted its number may be another file's.
pub(super) fn forget(name: &Path) {
    LOADED.lock().unwrap_or_else(PoisonError::into_inner).remove(name);
}
