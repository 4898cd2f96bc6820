//! Hooks: places where a program is attached, and links, which keep it there.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use super::{Carrier, KernelError};

/// One hook of a contract, of whatever carries it.
#[derive(Clone)]
pub struct Hook {
    carrier: Option<Arc<dyn Carrier>>,
    method: &'static str,
}

impl Hook {
    /// The hook of this method; what carries the plugin, if it is a kernel program.
    #[must_use]
    pub fn new(carrier: Option<Arc<dyn Carrier>>, method: &'static str) -> Self {
        Self { carrier, method }
    }

    /// Attaches the program: to an interface, by its name or number; to a control group, by the path of its directory. A hook of
    /// a function takes an empty target.
    ///
    /// # Errors
    /// [`KernelError::Unsupported`] where no kernel program carries the plugin; else what the kernel refused, and why.
    pub fn attach(&self, target: &str) -> Result<Link, KernelError> {
        match &self.carrier {
            Some(carrier) => carrier.attach(self.method, target),
            None => Err(self.unsupported()),
        }
    }

    /// Takes up a link again that [`Link::pin`] left in a BPF file system, whoever attached it, and when. Looking at a program that
    /// another process loaded takes CAP_SYS_ADMIN.
    ///
    /// What is there is compared first: it must be attached as this hook is, and its program must be this method of this contract, of
    /// whatever version. Of its tables nothing is compared, because the program that takes its place has its own.
    ///
    /// # Errors
    /// [`KernelError::NoBpffs`]; [`KernelError::Missing`]; [`KernelError::Other`] where something else is pinned there;
    /// [`KernelError::Gone`]; [`KernelError::Unsupported`] where no kernel program carries the plugin; else what the system said.
    pub fn reopen(&self, path: impl AsRef<Path>) -> Result<Link, KernelError> {
        match &self.carrier {
            Some(carrier) => carrier.reopen(self.method, path.as_ref()),
            None => Err(self.unsupported()),
        }
    }

    /// What carries it, and the method: for loaders, which know their own.
    #[must_use]
    pub fn carried(&self) -> Option<(&Arc<dyn Carrier>, &'static str)> {
        self.carrier.as_ref().map(|carrier| (carrier, self.method))
    }

    fn unsupported(&self) -> KernelError {
        let method = self.method;
        let why = "is not carried by a kernel program: load an eBPF object, or call the method";
        KernelError::Unsupported(format!("`{method}` {why}"))
    }
}

impl fmt::Debug for Hook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hook").field("method", &self.method).finish_non_exhaustive()
    }
}

/// What runs somewhere in the kernel, as its program says to everybody: `bpftool prog show` prints the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Running {
    /// The contract's id.
    pub contract: String,
    /// The version of the contract that the program was compiled with.
    pub version: String,
    /// The number that its host gave it before it was loaded; 0 when it gave none.
    pub generation: u64,
}

/// What a loader keeps of an attached program; dropping it detaches, unless it is pinned.
pub trait Attached: Send + Sync {
    /// Puts the program of a method of another object in the place of this one.
    ///
    /// # Errors
    /// What the system said.
    fn replace(&mut self, with: &dyn Carrier, method: &'static str) -> Result<(), KernelError>;

    /// Puts the program back that was there before.
    ///
    /// # Errors
    /// What the system said.
    fn rollback(&mut self) -> Result<(), KernelError>;

    /// Keeps it attached under a path, with the program that was there before.
    ///
    /// # Errors
    /// What the system said.
    fn pin(&mut self, path: &Path) -> Result<(), KernelError>;

    /// Takes it back from its path.
    ///
    /// # Errors
    /// What the system said.
    fn unpin(&mut self) -> Result<(), KernelError>;

    /// What the kernel runs there now.
    ///
    /// # Errors
    /// What the system said.
    fn running(&self) -> Result<Running, KernelError>;

    /// Detaches, and takes back what is pinned.
    ///
    /// # Errors
    /// What the system said.
    fn detach(self: Box<Self>) -> Result<(), KernelError>;
}

/// A program that is attached: as long as this is there, or the path that it is pinned under, the kernel runs it.
#[must_use = "dropping a link detaches its program, unless it is pinned"]
pub struct Link {
    attached: Box<dyn Attached>,
}

impl Link {
    /// A link that a loader made.
    pub fn new(attached: Box<dyn Attached>) -> Self {
        Self { attached }
    }

    /// Puts the program of another hook in the place of this one, in one step: whatever happens there is seen by the one or by the
    /// other, and by no less. Nothing is changed when somebody else put another program there meanwhile. The program that was there
    /// is kept for [`rollback`](Self::rollback), with its tables, until the next time.
    ///
    /// # Errors
    /// [`KernelError::Unsupported`] where the hook is not of the same kind, or nothing can take its place while it is attached;
    /// [`KernelError::Other`] where somebody else was faster; [`KernelError::Gone`]; else what the system said.
    pub fn replace(&mut self, with: &Hook) -> Result<(), KernelError> {
        match &with.carrier {
            Some(carrier) => self.attached.replace(&**carrier, with.method),
            None => Err(with.unsupported()),
        }
    }

    /// Puts the program back that was there before the last [`replace`](Self::replace), in one step too.
    ///
    /// # Errors
    /// [`KernelError::Unsupported`] where there was none; else what the system said.
    pub fn rollback(&mut self) -> Result<(), KernelError> {
        self.attached.rollback()
    }

    /// Keeps the program attached when this is dropped and when this process ends, until somebody removes the path. It is a file in a
    /// BPF file system, in a directory that is there; [`Hook::reopen`] takes the link up again. Beside it, under a name that ends in
    /// `_before`, lies what [`rollback`](Self::rollback) puts back, so that a new process can.
    ///
    /// # Errors
    /// [`KernelError::NoBpffs`]; [`KernelError::Exists`] where a file is there, or the link is pinned already; [`KernelError::Gone`];
    /// else what the system said. Nothing is pinned then.
    pub fn pin(&mut self, path: impl AsRef<Path>) -> Result<(), KernelError> {
        self.attached.pin(path.as_ref())
    }

    /// Removes what [`pin`](Self::pin) made: from then on this alone holds the program. Of a link that is not pinned there is nothing
    /// to remove.
    ///
    /// # Errors
    /// [`KernelError::Other`] where another link is pinned there by now, which stays; else what the system said.
    pub fn unpin(&mut self) -> Result<(), KernelError> {
        self.attached.unpin()
    }

    /// Contract, version and generation of the program that runs here now, whoever put it here. It takes CAP_SYS_ADMIN.
    ///
    /// # Errors
    /// [`KernelError::Gone`]; [`KernelError::Other`] where the program does not say what it is; else what the system said.
    pub fn running(&self) -> Result<Running, KernelError> {
        self.attached.running()
    }

    /// Detaches the program, pinned or not, and removes what is pinned. Dropping does the same with one that is not pinned, and does
    /// not say whether it went well.
    ///
    /// # Errors
    /// What the system said: the interface may be gone, and the program with it.
    pub fn detach(self) -> Result<(), KernelError> {
        self.attached.detach()
    }
}

impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Link").finish_non_exhaustive()
    }
}
