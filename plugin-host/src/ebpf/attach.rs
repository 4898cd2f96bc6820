//! Where programs are attached: interfaces, control groups, functions of the kernel's.

use std::any::Any;
use std::ffi::CString;
use std::fs::File;
use std::os::fd::{AsFd as _, AsRawFd as _, OwnedFd};
use std::ptr::NonNull;
use std::sync::Arc;

use libbpf_sys::{bpf_link_update, bpf_link_update_opts};

use libbpf_rs::{AsRawLibbpf as _, Error, ErrorKind, Link, ProgramMut};
use plugin_abi::kernel::HookKind;
use plugin_contracts::kernel::{Attached, Carrier, KernelError};

use super::carrier::Loaded;
use super::refusal;

/// Attaches a program.
pub(super) fn attach(program: &ProgramMut<'_>, kind: &HookKind, target: &str) -> Result<Link, KernelError> {
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
            match NonNull::new(link) {
                // SAFETY: libbpf made the link just now, for nobody else.
                Some(link) => Ok(unsafe { Link::from_ptr(link) }),
                None => Err(Error::from(std::io::Error::last_os_error())),
            }
        }
    };
    attached.map_err(|error| refused(kind, target, &error))
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
    let cure = match error.kind() {
        ErrorKind::PermissionDenied => refusal::permission(),
        ErrorKind::AlreadyExists | ErrorKind::Other if busy(error) => {
            "another program is attached there: `bpftool net` shows which; detach it first".to_owned()
        }
        ErrorKind::NotFound => "it is gone, or was never there".to_owned(),
        _ => format!("`bpftool feature probe` shows whether this kernel has `{}`", kind.name),
    };
    KernelError::System(format!("`{}` cannot be attached to {target}: {error}\n  {cure}", kind.name))
}

/// Whether the kernel said that there is one already.
fn busy(error: &Error) -> bool {
    let text = format!("{error:?}");
    text.contains("EBUSY") || text.contains("busy") || text.contains("exists")
}

/// A program that is attached, and the one that was before it.
pub(super) struct KernelLink {
    link: Link,
    kind: &'static HookKind,
    now: Arc<OwnedFd>,
    before: Option<Arc<OwnedFd>>,
}

impl KernelLink {
    pub(super) fn new(link: Link, kind: &'static HookKind, program: Arc<OwnedFd>) -> Self {
        Self { link, kind, now: program, before: None }
    }

    /// Compares and swaps: the kernel changes nothing when another program than ours is there.
    fn update(&self, to: &OwnedFd) -> Result<(), KernelError> {
        let options = bpf_link_update_opts {
            sz: size_of::<bpf_link_update_opts>() as u64,
            flags: libbpf_sys::BPF_F_REPLACE,
            old_prog_fd: self.now.as_raw_fd().cast_unsigned(),
            ..Default::default()
        };
        // SAFETY: all three are open, and the options live until the call is over.
        let status =
            unsafe { bpf_link_update(self.link.as_fd().as_raw_fd(), to.as_raw_fd(), &raw const options) };
        if status == 0 {
            return Ok(());
        }
        let name = self.kind.name;
        let error = Error::from_raw_os_error(-status);
        Err(match -status {
            libc::EPERM => KernelError::System(format!(
                "`{name}` is not replaced: somebody else put another program there\n  `bpftool link` shows which; attach again"
            )),
            libc::ENOLINK | libc::ENODEV => KernelError::System(format!(
                "`{name}` is not replaced: what it was attached to is gone\n  attach it to another"
            )),
            _ => KernelError::System(format!("`{name}` is not replaced: {error}")),
        })
    }
}

impl Attached for KernelLink {
    fn replace(&mut self, with: &dyn Carrier, method: &'static str) -> Result<(), KernelError> {
        let carrier: &dyn Any = with;
        let found = carrier.downcast_ref::<Loaded>().and_then(|loaded| loaded.hook(method));
        let Some((kind, program)) = found else {
            let why = format!("`{method}` is no hook of an object that this loader has loaded");
            return Err(KernelError::Unsupported(why));
        };
        if kind != self.kind {
            let why = format!(
                "`{method}` is a hook at `{}`, and takes no place at `{}`",
                kind.name, self.kind.name
            );
            return Err(KernelError::Unsupported(why));
        }
        if kind.names_function {
            let why = format!(
                "the kernel replaces nothing at `{}`: attach the new program, then drop this link",
                kind.name
            );
            return Err(KernelError::Unsupported(why));
        }
        self.update(program)?;
        self.before = Some(std::mem::replace(&mut self.now, Arc::clone(program)));
        Ok(())
    }

    fn rollback(&mut self) -> Result<(), KernelError> {
        let Some(before) = self.before.take() else {
            return Err(KernelError::Unsupported("no program was there before".to_owned()));
        };
        if let Err(error) = self.update(&before) {
            self.before = Some(before);
            return Err(error);
        }
        self.now = before;
        Ok(())
    }

    fn detach(self: Box<Self>) -> Result<(), KernelError> {
        // Of these the kernel knows no other end than that nobody has the link any more.
        if self.kind.names_function {
            return Ok(());
        }
        self.link
            .detach()
            .map_err(|error| KernelError::System(format!("the program cannot be detached: {error}")))
    }
}
