//! Hooks: places where a program is attached, and links, which keep it there.

use std::fmt;
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
    /// a kernel's function takes an empty target.
    ///
    /// # Errors
    /// [`KernelError::Unsupported`] where no kernel program carries the plugin; else what the kernel refused, and why.
    pub fn attach(&self, target: &str) -> Result<Link, KernelError> {
        match &self.carrier {
            Some(carrier) => carrier.attach(self.method, target),
            None => Err(self.unsupported()),
        }
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

/// What a loader keeps of an attached program; dropping it detaches.
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

    /// Detaches.
    ///
    /// # Errors
    /// What the system said.
    fn detach(self: Box<Self>) -> Result<(), KernelError>;
}

/// A program that is attached: as long as this is there, the kernel runs it.
#[must_use = "dropping a link detaches its program"]
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
    /// else what the system said.
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

    /// Detaches the program. Dropping does the same, and does not say whether it went well.
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
