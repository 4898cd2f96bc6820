//! Links: programs that are attached, what takes their place, and what outlives this process.
//!
//! In: an attached program, or a path that one is pinned under. Out: [`Attached`] for the contract's `Link`. It does not know how a
//! program is attached.
//!
//! What is pinned: the link under its path; beside it, under `_before`, the program that a rollback puts back. While a program takes
//! the place of another, the one that leaves lies under `_next`, so that a process that is killed meanwhile leaves all that the next
//! one needs: which of the two is attached, the kernel says.

use std::any::Any;
use std::ffi::OsString;
use std::fs;
use std::os::fd::{AsFd as _, AsRawFd as _, OwnedFd};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use libbpf_rs::Error;
use libbpf_rs::query::{LinkInfo, LinkTypeInfo};
use libbpf_sys::{bpf_link_update, bpf_link_update_opts};
use plugin_abi::kernel::HookKind;
use plugin_contracts::kernel::{Attached, Carrier, KernelError, Running};

use super::bpffs;
use super::carrier::Loaded;
use super::running;
use super::table::system;

/// A program that is attached, and the one that was before it.
pub(super) struct KernelLink {
    link: OwnedFd,
    kind: &'static HookKind,
    now: Arc<OwnedFd>,
    before: Option<Arc<OwnedFd>>,
    pinned: Option<Pinned>,
}

/// What a link must be to be one of a hook.
pub(super) struct Wanted<'a> {
    pub(super) contract: &'a str,
    /// What the function is called in C.
    pub(super) function: &'a str,
    pub(super) kind: &'static HookKind,
    pub(super) attach_type: u32,
    /// The hook's own program.
    pub(super) program: &'a OwnedFd,
}

impl KernelLink {
    pub(super) fn new(link: OwnedFd, kind: &'static HookKind, program: Arc<OwnedFd>) -> Self {
        Self { link, kind, now: program, before: None, pinned: None }
    }

    /// Takes up what is pinned.
    pub(super) fn reopen(path: &Path, wanted: &Wanted<'_>) -> Result<Self, KernelError> {
        bpffs::check_file(path)?;
        let link = bpffs::open(path, bpffs::Kind::Link)?;
        let info = LinkInfo::from_fd(link.as_fd()).map_err(|error| system(&error))?;
        let now = running::program(info.prog_id)?;
        let seen = running::see(&now)?;
        let ours = running::see(wanted.program)?;
        let told = seen.running.as_ref().map(|running| running.contract.as_str());
        let attached_so = place(&info).attach_type.is_none_or(|found| found == wanted.attach_type);
        // What takes the place of a function of another program's has no place of its own to compare.
        let of_function = wanted.kind.name == "freplace" || seen.of_function == ours.of_function;
        let is_one = seen.function == wanted.function && told == Some(wanted.contract);
        if !is_one || seen.kind != ours.kind || !attached_so || !of_function {
            return Err(KernelError::Other(format!(
                "{}: expected a link of `{}` of `{}` at `{}`, found one of {}{}\n  take it up by its own hook, or pin under another path",
                path.display(),
                wanted.function,
                wanted.contract,
                wanted.kind.name,
                running::show(&seen),
                if is_one { ", which is attached elsewhere" } else { "" },
            )));
        }
        if place(&info).is_gone {
            return Err(KernelError::Gone(format!(
                "{}: what `{}` was attached to is gone\n  remove the file, and attach to another",
                path.display(),
                wanted.kind.name
            )));
        }
        let pinned = Pinned::at(path);
        let before = pinned.take_up(&now)?.map(Arc::new);
        Ok(Self { link, kind: wanted.kind, now: Arc::new(now), before, pinned: Some(pinned) })
    }

    fn info(&self) -> Result<LinkInfo, KernelError> {
        let info = LinkInfo::from_fd(self.link.as_fd()).map_err(|error| system(&error))?;
        if place(&info).is_gone {
            let name = self.kind.name;
            let why = format!("what `{name}` was attached to is gone\n  attach it to another");
            return Err(KernelError::Gone(why));
        }
        Ok(info)
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
        let status = unsafe { bpf_link_update(self.link.as_raw_fd(), to.as_raw_fd(), &raw const options) };
        if status == 0 {
            return Ok(());
        }
        let name = self.kind.name;
        Err(match -status {
            libc::EPERM => {
                let theirs = LinkInfo::from_fd(self.link.as_fd())
                    .map_or_else(|_| "another program".to_owned(), |info| running::show_id(info.prog_id));
                KernelError::Other(format!(
                    "`{name}` is not replaced: somebody else put another program there: {theirs}\n  `bpftool link` shows more; attach or take up the link again"
                ))
            }
            libc::ENOLINK | libc::ENODEV => KernelError::Gone(format!(
                "`{name}` is not replaced: what it was attached to is gone\n  attach it to another"
            )),
            other => {
                let error = Error::from_raw_os_error(other);
                KernelError::System(format!("`{name}` is not replaced: {error}"))
            }
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
            // Of a function's place in a program there is one.
            let cure = if kind.name == "freplace" {
                "drop this link, then attach the new program: until then the function itself runs"
            } else {
                "attach the new program, then drop this link"
            };
            let why = format!("the kernel replaces nothing at `{}`: {cure}", kind.name);
            return Err(KernelError::Unsupported(why));
        }
        if let Some(pinned) = &self.pinned {
            pinned.leaves(&self.now)?;
        }
        let updated = self.update(program);
        if let Some(pinned) = &self.pinned {
            pinned.left(updated.is_ok().then_some(&*self.now));
        }
        updated?;
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
        if let Some(pinned) = &self.pinned {
            // One that stays is the program that is attached: whoever takes up the link sees that, and removes it.
            let _ = bpffs::remove(&pinned.before);
        }
        Ok(())
    }

    fn pin(&mut self, path: &Path) -> Result<(), KernelError> {
        if let Some(pinned) = &self.pinned {
            let why = format!("{}: the link is pinned there already: unpin it first", pinned.link.display());
            return Err(KernelError::Exists(why));
        }
        self.info()?;
        bpffs::check_file(path)?;
        let pinned = Pinned::at(path);
        bpffs::pin(&self.link, path)?;
        if let Some(before) = &self.before
            && let Err(error) = bpffs::pin(before, &pinned.before)
        {
            bpffs::remove(path)?;
            return Err(error);
        }
        self.pinned = Some(pinned);
        Ok(())
    }

    fn unpin(&mut self) -> Result<(), KernelError> {
        let Some(pinned) = &self.pinned else { return Ok(()) };
        match bpffs::open(&pinned.link, bpffs::Kind::Link) {
            Ok(there) => {
                let [there, ours] = [&there, &self.link].map(|link| LinkInfo::from_fd(link.as_fd()));
                let [there, ours] = [there, ours].map(|info| info.map_err(|error| system(&error)));
                if there?.id != ours?.id {
                    let path = pinned.link.display();
                    let why = format!("{path}: by now another link is pinned there\n  it is left as it is");
                    self.pinned = None;
                    return Err(KernelError::Other(why));
                }
                bpffs::remove(&pinned.link)?;
            }
            // Somebody removed it: that is what was asked for.
            Err(KernelError::Missing(_)) => {}
            Err(error) => return Err(error),
        }
        bpffs::remove(&pinned.before)?;
        self.pinned = None;
        Ok(())
    }

    fn running(&self) -> Result<Running, KernelError> {
        let info = self.info()?;
        let seen = running::see(&running::program(info.prog_id)?)?;
        let nothing = || {
            let shown = running::show(&seen);
            KernelError::Other(format!(
                "{shown} does not say what it is\n  it was compiled without the header that `cargo plugin-gen generate bpf` prints"
            ))
        };
        seen.running.clone().ok_or_else(nothing)
    }

    fn detach(mut self: Box<Self>) -> Result<(), KernelError> {
        self.unpin()?;
        // Of these the kernel knows no other end than that nobody has the link any more.
        if self.kind.names_function {
            return Ok(());
        }
        // SAFETY: the link is open.
        let status = unsafe { libbpf_sys::bpf_link_detach(self.link.as_raw_fd()) };
        if status == 0 {
            return Ok(());
        }
        let error = Error::from_raw_os_error(-status);
        Err(KernelError::System(format!("the program cannot be detached: {error}")))
    }
}

/// Where a link is, as the kernel tells it.
struct Place {
    /// Nothing where the program's type says it all.
    attach_type: Option<u32>,
    is_gone: bool,
}

/// The kernel writes zeros for what is gone.
fn place(info: &LinkInfo) -> Place {
    let (attach_type, is_gone) = match &info.info {
        LinkTypeInfo::Xdp(xdp) => (None, xdp.ifindex == 0),
        LinkTypeInfo::Tcx(tcx) => (Some(tcx.attach_type.clone() as u32), tcx.ifindex == 0),
        LinkTypeInfo::Cgroup(group) => (Some(group.attach_type.clone() as u32), group.cgroup_id == 0),
        LinkTypeInfo::Tracing(tracing) => (Some(tracing.attach_type.clone() as u32), false),
        _ => (None, false),
    };
    Place { attach_type, is_gone }
}

/// Where a link is pinned, and what lies beside it.
struct Pinned {
    link: PathBuf,
    before: PathBuf,
    next: PathBuf,
}

impl Pinned {
    fn at(path: &Path) -> Self {
        let beside = |end: &str| {
            let mut name = OsString::from(path);
            name.push(end);
            PathBuf::from(name)
        };
        Self { link: path.to_owned(), before: beside("_before"), next: beside("_next") }
    }

    /// Keeps the program that is about to leave.
    fn leaves(&self, now: &OwnedFd) -> Result<(), KernelError> {
        bpffs::pin(now, &self.next).map_err(|error| match error {
            KernelError::Exists(_) => KernelError::Other(format!(
                "{}: another process replaces the program just now, or ended while it did\n  take up the link again",
                self.link.display()
            )),
            other => other,
        })
    }

    /// The program left; or none did.
    fn left(&self, left: Option<&OwnedFd>) {
        let Some(program) = left else {
            // Whoever takes up the link finds what is attached there, and removes it.
            let _ = bpffs::remove(&self.next);
            return;
        };
        // Somebody who took up the link meanwhile thought that it stayed. An older one may not be put back in its place.
        if fs::rename(&self.next, &self.before).is_err() && bpffs::remove(&self.before).is_ok() {
            let _ = bpffs::pin(program, &self.before);
        }
    }

    /// The program that was there before this one.
    fn take_up(&self, now: &OwnedFd) -> Result<Option<OwnedFd>, KernelError> {
        let kept = |path: &Path| match bpffs::open(path, bpffs::Kind::Program) {
            Err(KernelError::Missing(_)) => Ok(None),
            // It never left, or is back.
            Ok(program) if running::is_same(&program, now) => bpffs::remove(path).map(|()| None),
            other => other.map(Some),
        };
        if let Some(program) = kept(&self.next)? {
            self.left(Some(&program));
        }
        kept(&self.before)
    }
}
