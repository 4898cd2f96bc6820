//! What the macro implements for a contract's trait object.

use alloc::boxed::Box;
#[cfg(feature = "std")]
use alloc::sync::Arc;
use core::any::Any;
use core::ptr::NonNull;

use crate::access::{Boxed, Lent, LentMut, Shared, Value};
use crate::describe::{ContractDesc, TypeRef};
use crate::{Fingerprint, Row};

/// A trait marked `#[plugin_contract]`, as its trait object: `dyn Store`.
///
/// # Safety
/// Implemented by the macro only: `DESC` describes the methods that `stub` calls through `Table`, `NOTED` is of no other
/// descriptor, and `bind` puts into the table only pointers it was given for the very fingerprint of the method.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a contract",
    label = "not a contract",
    note = "mark the trait with `#[plugin_contract(id = \"…\", version = \"…\")]` and name its trait object: `dyn Store`"
)]
pub unsafe trait Contract:
    RowsFor<Boxed<Self>> + RowsFor<Shared<Self>> + RowsFor<Lent<Self>> + RowsFor<LentMut<Self>> + 'static
{
    /// What the contract is.
    const DESC: &'static ContractDesc;

    /// What the note of a plugin says of types and contracts that was built against this very contract, and exports no other;
    /// nothing where no crate declares it.
    const NOTED: &'static [u8] = &[];

    /// Tells its objects from every other type within one compilation; never written anywhere.
    const OBJECT_ID: u128;

    /// What its objects are: `dyn Session`.
    const OBJECT: TypeRef;

    /// How an eBPF object carries it, if one can: a `Skeleton<Self>` of plugin-contracts, which this crate does not know.
    const KERNEL: Option<&'static (dyn Any + Send + Sync)> = None;

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

    /// The trait's implementation for an object that came over the boundary.
    #[cfg(feature = "std")]
    type Object: 'static;

    /// That implementation.
    ///
    /// # Safety
    /// As for [`stub`](Self::stub).
    #[cfg(feature = "std")]
    unsafe fn object(raw: crate::Raw<crate::Instance>, table: Self::Table) -> Self::Object;

    /// It as a trait object.
    #[cfg(feature = "std")]
    fn object_ref(object: &Self::Object) -> &Self;

    /// It as a trait object that may be changed.
    #[cfg(feature = "std")]
    fn object_mut(object: &mut Self::Object) -> &mut Self;

    /// It as a trait object of its own.
    #[cfg(feature = "std")]
    fn object_box(object: Self::Object) -> Box<Self>;

    /// It as a trait object that is shared.
    #[cfg(feature = "std")]
    fn object_arc(object: Self::Object) -> Arc<Self>;
}

/// That a value of type `T` can be handed out as this contract: `T` implements the trait.
#[diagnostic::on_unimplemented(
    message = "`{T}` does not implement the trait of `{Self}`",
    label = "the constructor's type must implement the contract's trait"
)]
pub trait ExportOf<T>: Contract + RowsFor<Value<T>> {
    /// The value as a trait object.
    fn boxed(value: T) -> Box<Self>;
}

/// The shims of a contract for objects that are reached by `A`.
///
/// # Safety
/// Implemented by the macro only: every row's pointer is the shim of its method for `A`.
pub unsafe trait RowsFor<A> {
    /// One row a method, and one for each of its former names.
    const ROWS: &'static [Row];
}

/// A method that the plugin does not have and the contract has no default body for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unbound {
    /// The method's name.
    pub method: &'static str,
}
