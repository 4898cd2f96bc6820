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
            None => {
                let why = format!(
                    "`{}` is not carried by a kernel program: load an eBPF object, or call the method",
                    self.method
                );
                Err(KernelError::Unsupported(why))
            }
        }
    }
}

impl fmt::Debug for Hook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hook").field("method", &self.method).finish_non_exhaustive()
    }
}

/// What a loader keeps of an attached program; dropping it detaches.
pub trait Attached: Send + Sync {
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
