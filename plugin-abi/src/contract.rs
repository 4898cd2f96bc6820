//! What the macro implements for a contract's trait object.

use alloc::boxed::Box;
use core::ptr::NonNull;

use crate::describe::ContractDesc;
use crate::{Fingerprint, Row};

/// A trait marked `#[plugin_contract]`, as its trait object: `dyn Store`.
///
/// # Safety
/// Implemented by the macro only: `DESC` describes the methods that `stub` calls through `Table`, and `bind` puts into
/// the table only pointers it was given for the very fingerprint of the method.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a contract",
    label = "not a contract",
    note = "mark the trait with `#[plugin_contract(id = \"…\", version = \"…\")]` and name its trait object: `dyn Store`"
)]
pub unsafe trait Contract: 'static {
    /// What the contract is.
    const DESC: &'static ContractDesc;

    /// The pointers to a plugin's methods, one field a method.
    type Table: Copy + Send + Sync + 'static;

    /// Fills the table. `find` answers with a pointer for a method's name and fingerprint, or with nothing.
    ///
    /// # Errors
    /// A method without a default body was not found.
    ///
    /// # Safety
    /// What `find` answers is the shim of the method of this name, now or once, with this fingerprint or one that is
    /// the same on the wire.
    unsafe fn bind(
        find: &dyn Fn(&'static str, Fingerprint) -> Option<NonNull<()>>,
    ) -> Result<Self::Table, Unbound>;

    /// The trait's implementation that calls through the table.
    ///
    /// # Safety
    /// `raw` is an object of the plugin that `table` was bound to, and the plugin's image outlives the stub.
    #[cfg(feature = "std")]
    unsafe fn stub(raw: crate::Raw, table: Self::Table) -> Box<Self>;
}

/// That a value of type `T` can be handed out as this contract: `T` implements the trait.
///
/// # Safety
/// Implemented by the macro only: every row's pointer is the shim of its method for `T`.
#[diagnostic::on_unimplemented(
    message = "`{T}` does not implement the trait of `{Self}`",
    label = "the constructor's type must implement the contract's trait"
)]
pub unsafe trait ExportOf<T>: Contract {
    /// The shims, one row a method.
    const ROWS: &'static [Row];

    /// The value as a trait object.
    fn boxed(value: T) -> Box<Self>;
}

/// A method that the plugin does not have and the contract has no default body for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unbound {
    /// The method's name.
    pub method: &'static str,
}
