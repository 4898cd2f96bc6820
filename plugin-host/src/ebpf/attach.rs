//! Where programs are attached: interfaces, control groups, functions of the kernel's.

use std::ffi::CString;
use std::fs::File;
use std::os::fd::{AsRawFd as _, OwnedFd};
use std::ptr::NonNull;

use libbpf_rs::query::LinkInfoIter;
use libbpf_rs::{AsRawLibbpf as _, Error, ErrorKind, Link, ProgramMut};
use plugin_abi::kernel::HookKind;
use plugin_contracts::kernel::KernelError;

use super::{refusal, running};

/// Attaches a program.
pub(super) fn attach(
    program: &ProgramMut<'_>,
    kind: &HookKind,
    target: &str,
    extended: Option<&OwnedFd>,
) -> Result<Link, KernelError> {
    if kind.name == "freplace" {
        let section = program.section().to_string_lossy();
        let function = section.split_once('/').map_or("", |(_, function)| function);
        let attached = extended.map(|extended| freplace(program, extended, function));
        return attached
            .unwrap_or_else(|| Err(Error::from_raw_os_error(libc::EBADF)))
            .map_err(|error| refused(kind, &format!("the function `{function}`"), &error));
    }
    if kind.names_function {
        return program.attach().map_err(|error| refused(kind, "the function", &error));
    }
    if kind.name.starts_with("cgroup") {
        let directory = File::open(target).map_err(|error| {
            KernelError::System(format!(
                "{target}: {error}\n  give the path of a control group's directory, as in /sys/fs/cgroup"
            ))
        })?;
        return program.attach_cgroup(directory.as_raw_fd()).map_err(|error| refused(kind, target, &error));
    }
    let interface = interface(target)?;
    let attached = match kind.name {
        "xdp" => program.attach_xdp(interface),
        _ => {
            // SAFETY: the program is loaded, and no options are given.
            let link = unsafe {
                libbpf_sys::bpf_program__attach_tcx(
                    program.as_libbpf_object().as_ptr(),
                    interface,
                    std::ptr::null(),
                )
            };
            link_of(link)
        }
    };
    attached.map_err(|error| refused(kind, target, &error))
}

/// Puts a program in the place of a function of another. Named anew, because the kernel forgets what it was loaded for once it was
/// attached there.
fn freplace(program: &ProgramMut<'_>, extended: &OwnedFd, function: &str) -> Result<Link, Error> {
    let function = CString::new(function).map_err(std::io::Error::other)?;
    // SAFETY: both programs are loaded, and the name ends and lives until the call is over.
    let link = unsafe {
        libbpf_sys::bpf_program__attach_freplace(
            program.as_libbpf_object().as_ptr(),
            extended.as_raw_fd(),
            function.as_ptr(),
        )
    };
    link_of(link)
}

/// What libbpf attached, or the error that it left.
fn link_of(link: *mut libbpf_sys::bpf_link) -> Result<Link, Error> {
    match NonNull::new(link) {
        // SAFETY: libbpf made the link just now, for nobody else.
        Some(link) => Ok(unsafe { Link::from_ptr(link) }),
        None => Err(Error::from(std::io::Error::last_os_error())),
    }
}

/// The number of an interface.
fn interface(target: &str) -> Result<i32, KernelError> {
    if let Ok(number) = target.parse::<i32>() {
        return Ok(number);
    }
    let name = CString::new(target).ok();
    let number = name.map_or(0, |name| {
        // SAFETY: it is a text that ends, and lives until the call is over.
        unsafe { libc::if_nametoindex(name.as_ptr()) }
    });
    match i32::try_from(number) {
        Ok(number) if number > 0 => Ok(number),
        _ => {
            let why = format!(
                "there is no interface `{target}`\n  `ip link` shows those that are there, in this network namespace"
            );
            Err(KernelError::System(why))
        }
    }
}

fn refused(kind: &HookKind, target: &str, error: &Error) -> KernelError {
    let failed = format!("`{}` cannot be attached to {target}: {error}", kind.name);
    let cure = match error.kind() {
        ErrorKind::PermissionDenied => refusal::permission(),
        ErrorKind::AlreadyExists | ErrorKind::Other if busy(error) => {
            let cure = match kind.name {
                "xdp" => who_is_at(target).unwrap_or_else(|| {
                    "another program is attached there: `bpftool net` shows which; detach it first".to_owned()
                }),
                "freplace" => {
                    "another program replaces or watches the function already: drop its link first".to_owned()
                }
                _ => "another program is attached there: `bpftool link` shows which; detach it first"
                    .to_owned(),
            };
            return KernelError::Exists(format!("{failed}\n  {cure}"));
        }
        ErrorKind::NotFound => "it is gone, or was never there".to_owned(),
        _ => refusal::too_old(kind).unwrap_or_else(|| {
            format!("`bpftool feature probe` shows whether this kernel has `{}`", kind.name)
        }),
    };
    KernelError::System(format!("{failed}\n  {cure}"))
}

/// Who takes the one place for XDP that an interface has, and how it is freed.
fn who_is_at(target: &str) -> Option<String> {
    let interface = interface(target).ok()?;
    let mut id = 0;
    // SAFETY: it writes one number, which lives until the call is over.
    let status = unsafe { libbpf_sys::bpf_xdp_query_id(interface, 0, &raw mut id) };
    if status != 0 || id == 0 {
        return None;
    }
    let link = LinkInfoIter::default().find(|link| link.prog_id == id);
    let cure = match link {
        Some(link) => format!("`bpftool link detach id {}`", link.id),
        None => format!("`bpftool net detach xdp dev {target}`"),
    };
    let who = running::show_id(id);
    Some(format!(
        "another program is attached there: {who}\n  replace it by its own link, or detach it by {cure}"
    ))
}

/// Whether the kernel said that there is one already.
fn busy(error: &Error) -> bool {
    let text = format!("{error:?}");
    text.contains("EBUSY") || text.contains("busy") || text.contains("exists")
}
