//! Files of a BPF file system: what the kernel keeps for whoever comes next.
//!
//! In: paths. Out: programs and links under them, or why not. It does not know what they are for.

use std::ffi::CString;
use std::fs;
use std::io;
use std::os::fd::{AsFd, AsRawFd as _, FromRawFd as _, OwnedFd};
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use libbpf_rs::Error;
use plugin_contracts::kernel::KernelError;

use super::refusal;

/// `f_type` of a BPF file system. Source: linux/magic.h.
const BPF_FS_MAGIC: u64 = 0xcafe_4a11;

/// What to do where there is none.
pub(super) const MOUNT: &str =
    "mount a BPF file system (`mount -t bpf bpf /sys/fs/bpf`), and make the directory in it";

/// Whether a directory is in a BPF file system; what it is instead.
pub(super) fn check(directory: &Path) -> Result<(), String> {
    let told = |said: String| format!("{}: {said}", directory.display());
    let path = c_path(directory).map_err(|error| told(error.to_string()))?;
    let mut found = std::mem::MaybeUninit::<libc::statfs>::uninit();
    // SAFETY: the path ends, and both live until the call is over.
    let status = unsafe { libc::statfs(path.as_ptr(), found.as_mut_ptr()) };
    if status != 0 {
        return Err(told(io::Error::last_os_error().to_string()));
    }
    // SAFETY: the call filled it.
    let found = unsafe { found.assume_init() };
    // The field is wider on some machines than what is in it.
    if found.f_type.cast_unsigned() & 0xffff_ffff == BPF_FS_MAGIC {
        Ok(())
    } else {
        Err(told("expected a directory in a BPF file system, found another".to_owned()))
    }
}

fn c_path(path: &Path) -> io::Result<CString> {
    CString::new(path.as_os_str().as_bytes()).map_err(io::Error::other)
}

/// That something can be pinned under a path, or was.
pub(super) fn check_file(path: &Path) -> Result<(), KernelError> {
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    check(directory).map_err(|said| KernelError::NoBpffs(format!("{said}\n  {MOUNT}")))?;
    match path.file_name() {
        Some(name) if !name.as_bytes().contains(&b'.') => Ok(()),
        _ => Err(KernelError::System(format!(
            "{}: expected the name of a file without dots\n  a BPF file system keeps those with dots for itself",
            path.display()
        ))),
    }
}

/// Pins a program or a link.
pub(super) fn pin(what: &impl AsFd, path: &Path) -> Result<(), KernelError> {
    let failed = |said: String| format!("{}: it cannot be pinned: {said}", path.display());
    let c_path = c_path(path).map_err(|error| KernelError::System(failed(error.to_string())))?;
    // SAFETY: it is open, and the path ends and lives until the call is over.
    let status = unsafe { libbpf_sys::bpf_obj_pin(what.as_fd().as_raw_fd(), c_path.as_ptr()) };
    match -status {
        0 => Ok(()),
        libc::EEXIST => Err(KernelError::Exists(failed(
            "a file is there\n  take up what is pinned there, or remove it".to_owned(),
        ))),
        libc::EPERM | libc::EACCES => {
            Err(KernelError::System(failed(format!("not permitted\n  {}", refusal::permission()))))
        }
        other => Err(KernelError::System(failed(Error::from_raw_os_error(other).to_string()))),
    }
}

/// What kind of thing is pinned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Program,
    Link,
}

/// What is pinned under a path, if it is of this kind.
pub(super) fn open(path: &Path, wanted: Kind) -> Result<OwnedFd, KernelError> {
    let failed = |said: &str| format!("{}: {said}", path.display());
    let c_path = c_path(path).map_err(|error| KernelError::System(failed(&error.to_string())))?;
    // SAFETY: the path ends, and lives until the call is over.
    let fd = unsafe { libbpf_sys::bpf_obj_get(c_path.as_ptr()) };
    match -fd {
        libc::ENOENT => return Err(KernelError::Missing(failed("nothing is pinned there"))),
        1.. => {
            let error = Error::from_raw_os_error(-fd).to_string();
            return Err(KernelError::System(failed(&format!("it cannot be opened: {error}"))));
        }
        _ => {}
    }
    // SAFETY: the kernel opened it just now, for nobody else.
    let fd = unsafe { OwnedFd::from_raw_fd(fd) };
    // Asked for what it is not, the kernel would answer with what it is.
    let name = fs::read_link(format!("/proc/self/fd/{}", fd.as_raw_fd())).unwrap_or_default();
    let name = name.to_string_lossy().replace('_', "-");
    let expected = match wanted {
        Kind::Program => "bpf-prog",
        Kind::Link => "bpf-link",
    };
    if name.ends_with(expected) {
        Ok(fd)
    } else {
        Err(KernelError::Other(failed(&format!("expected a {expected} there, found `{name}`"))))
    }
}

/// Removes a file; one that is not there need not be removed.
pub(super) fn remove(path: &Path) -> Result<(), KernelError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(KernelError::System(format!("{}: it cannot be removed: {error}", path.display())))
        }
        _ => Ok(()),
    }
}
