//! A library that is looked into.
//!
//! In: a path that somebody wrote. Out: the bytes, or what is wrong with the path and what to do. It does not know what is in
//! them.

use std::path::Path;
use std::{fs, io};

use super::Failure;

/// No plugin of anybody's comes near this; it is all read at once.
const LARGEST: u64 = 2 << 30;

/// Reads a library.
pub(super) fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    let failed = |why: &str| Failure::about(path.display(), why);
    let unread = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound => failed(
            "expected a library, found no such file\n  `cargo plugin-gen build` builds the plugins of a workspace, and says where \
             they are; `cargo plugin-gen list` shows those that there are",
        ),
        io::ErrorKind::PermissionDenied => failed(
            "expected a library, and may not read it\n  ask for the right to: `ls -l` tells whose it is",
        ),
        _ => failed(&error.to_string()),
    };
    let metadata = fs::metadata(path).map_err(unread)?;
    if !metadata.is_file() {
        let found = if metadata.is_dir() { "a directory" } else { "no regular file" };
        return Err(failed(&format!("expected a library, found {found}")));
    }
    if metadata.len() > LARGEST {
        return Err(failed(&format!("expected a library, found {} bytes", metadata.len())));
    }
    fs::read(path).map_err(unread)
}
