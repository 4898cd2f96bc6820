//! Which file each name stands for in the dynamic linker.
//!
//! In: a path and the file that was read there. Out: a name under which the linker opens this very file. glibc answers a
//! name that it knows with the image it has, whatever lies under that name by now; so a file that took another's place
//! gets a name of its own. It does not know what is in the files.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::ffi::{OsStr, OsString};
use std::fs::{File, Metadata};
use std::os::fd::AsRawFd as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::LoadError;

/// Every file that the linker has an image of. Images stay mapped for good.
static LOADED: Mutex<Loaded> = Mutex::new(Loaded { files: BTreeMap::new(), names: BTreeMap::new() });

/// A file, whatever its name: device and inode.
type Inode = (u64, u64);

struct Loaded {
    files: BTreeMap<Inode, Image>,
    names: BTreeMap<Arc<OsStr>, Inode>,
}

struct Image {
    /// What tells the file from itself after it was written to: time of modification, and length in bytes.
    content: (i64, i64, u64),
    name: Arc<OsStr>,
    /// The open file behind a name in `/proc/self/fd`: its number must never name another.
    kept: Option<File>,
}

fn loaded() -> MutexGuard<'static, Loaded> {
    LOADED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The name for the file that was read at this path.
pub(super) fn name(path: &Path, file: File, metadata: &Metadata) -> Result<Arc<OsStr>, LoadError> {
    let inode = (metadata.dev(), metadata.ino());
    let content = (metadata.mtime(), metadata.mtime_nsec(), metadata.len());
    // The linker compares names as texts: a relative one would mean another file after a chdir.
    let absolute: Arc<OsStr> = if path.is_absolute() {
        path.as_os_str().into()
    } else {
        let absolute = std::path::absolute(path).map_err(|source| LoadError::io(path, source))?;
        absolute.into_os_string().into()
    };
    // The linker also expands `$ORIGIN`, `$LIB` and `$PLATFORM` in names (ld.so(8)), and would open another file.
    let expands = absolute.as_encoded_bytes().contains(&b'$');
    let mut loaded = loaded();
    let Loaded { files, names } = &mut *loaded;
    let place = match files.entry(inode) {
        Entry::Occupied(found) if found.get().content == content => return Ok(Arc::clone(&found.get().name)),
        Entry::Occupied(_) => return Err(LoadError::Overwritten { path: path.to_owned() }),
        Entry::Vacant(place) => place,
    };
    let (name, kept) = match names.entry(absolute) {
        Entry::Vacant(free) if !expands => {
            let name = Arc::clone(free.key());
            free.insert(inode);
            (name, None)
        }
        _ => {
            let name: Arc<OsStr> = OsString::from(format!("/proc/self/fd/{}", file.as_raw_fd())).into();
            names.insert(Arc::clone(&name), inode);
            (name, Some(file))
        }
    };
    place.insert(Image { content, name: Arc::clone(&name), kept });
    Ok(name)
}

/// The linker refused the file: nothing is mapped, and once it is deleted its number may be another file's. A name in
/// `/proc/self/fd` stays, because another thread may be about to open it.
pub(super) fn forget(name: &OsStr) {
    let mut loaded = loaded();
    let Some(inode) = loaded.names.get(name).copied() else { return };
    if loaded.files.get(&inode).is_some_and(|image| image.kept.is_none()) {
        loaded.names.remove(name);
        loaded.files.remove(&inode);
    }
}
