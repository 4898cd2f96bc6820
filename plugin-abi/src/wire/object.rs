//! Objects of contracts: `Box<dyn C>` and `Arc<dyn C>`, moved, `&dyn C` and `&mut dyn C`, lent for a call.
//!
//! In: a trait object. Out: a pointer to it and a table of shims; and from such a pair, a stub of this side's own. It does
//! not know which contract it is: the macro says how its stub is made. That the methods of one name mean the same on both
//! sides, the handshake has seen when the plugin was loaded.
//!
//! The value behind the pointer stays with the side that made it, as a box, an `Arc` or a reference, and is dropped there.

use std::boxed::Box;
use std::cell::Cell;
use std::ptr::NonNull;
use std::sync::Arc;

use super::{Invalid, PluginType, RawSlice, built_in, unnamed};
use crate::access::{Access, Boxed, Lent, LentMut, Shared};
use crate::call::{self, Out, Status};
use crate::describe::{Kind, Member, TypeDesc, TypeRef};
use crate::export::origin;
use crate::{Contract, ContractTable, Hasher, Instance, Raw, Row, RowsFor};

/// An object on the wire.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct RawObject {
    /// What the table's shims take.
    pub object: *mut (),
    /// What can be done with it: lives as long as the code of the side that made it.
    pub table: *const ObjectTable,
}

/// The shims of an object and its destructor. It may grow at its end: `size` says how far it goes.
#[repr(C)]
pub struct ObjectTable {
    /// The size of this struct in bytes, on the side that made it.
    pub size: usize,
    /// The contract's id and methods, former names of methods included.
    pub contract: ContractTable,
    /// The name of the side that made it, UTF-8: for people. May be null.
    pub origin: Option<extern "C" fn() -> RawSlice<u8>>,
    /// Gives the object back: called once. Null when it is lent.
    pub release: Option<unsafe extern "C" fn(*mut (), *mut Out<u8>) -> Status>,
}

// SAFETY: a table is immutable and points to functions and statics only.
unsafe impl Sync for ObjectTable {}

impl ObjectTable {
    pub(crate) const fn of<C: ?Sized + Contract + RowsFor<A>, A: Access>(
        release: Option<unsafe extern "C" fn(*mut (), *mut Out<u8>) -> Status>,
    ) -> Self {
        let rows = <C as RowsFor<A>>::ROWS;
        let contract = ContractTable { id: RawSlice::new(C::DESC.id.as_bytes()), rows: RawSlice::new(rows) };
        Self { size: size_of::<Self>(), contract, origin: Some(origin), release }
    }
}

/// Drops what `into_abi` put behind the pointer.
pub(crate) unsafe extern "C" fn release<T>(object: *mut (), out: *mut Out<u8>) -> Status {
    let drop_it = || {
        // SAFETY: the pointer was made from such a box, and the receiver gives it back once.
        drop(unsafe { Box::from_raw(object.cast::<T>()) });
        Ok(())
    };
    // SAFETY: the receiver promises that `out` may be written.
    unsafe { call::guard(out, drop_it) }
}

/// A contract's trait object as it crosses: what the macros print calls of.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a contract",
    label = "not a contract",
    note = "an object crosses when its trait is marked `#[plugin_contract(id = \"…\", version = \"…\")]`"
)]
pub trait Object: Contract {
    /// What identifies `Box<dyn C>`.
    const BOX_ID: u128 = Hasher::new().text("Box").number(Self::OBJECT_ID).finish().0;

    /// The descriptor of `Box<dyn C>`.
    const BOX: TypeRef =
        TypeRef::new(const { &built_in::<RawObject>(Self::BOX_ID, Kind::Box, "Box", Self::MEMBERS) });

    /// The descriptor of `&dyn C`.
    const REF: TypeRef = TypeRef::new(const { &lent("&", Self::OBJECT_ID, Self::MEMBERS) });

    /// The descriptor of `&mut dyn C`.
    const MUT: TypeRef = TypeRef::new(const { &lent("&mut ", Self::OBJECT_ID, Self::MEMBERS) });

    /// What each of them points to.
    const MEMBERS: &'static [Member] = const { &[unnamed(Self::OBJECT)] };

    /// Sends an object away.
    #[must_use]
    fn box_into_abi(value: Box<Self>) -> RawObject {
        let table = const { &ObjectTable::of::<Self, Boxed<Self>>(Some(release::<Box<Self>>)) };
        RawObject { object: Box::into_raw(Box::new(value)).cast(), table }
    }

    /// Lends an object: the place where the reference lies.
    #[must_use]
    fn lend(place: *const ()) -> RawObject {
        let table = const { &ObjectTable::of::<Self, Lent<Self>>(None) };
        RawObject { object: place.cast_mut(), table }
    }

    /// Lends an object that may be changed: the place where the reference lies.
    #[must_use]
    fn lend_mut(place: *const ()) -> RawObject {
        let table = const { &ObjectTable::of::<Self, LentMut<Self>>(None) };
        RawObject { object: place.cast_mut(), table }
    }

    /// A stub for an object of the other side, on which it calls the methods and which it gives back when it is dropped.
    ///
    /// # Errors
    /// The pointers are null or misaligned, or the table is not that of this contract.
    ///
    /// # Safety
    /// `raw` came from this contract's `into_abi` or `lend` on the other side, is not used again, and is alive as long as
    /// the stub is. The handshake bound a contract that reaches this one.
    unsafe fn receive(raw: RawObject) -> Result<Self::Object, Invalid> {
        // SAFETY: the caller's promise is the same.
        unsafe { receive::<Self>(raw, |instance| instance) }
    }

    /// The same, in a box.
    ///
    /// # Errors
    /// As for [`receive`](Self::receive).
    ///
    /// # Safety
    /// As for [`receive`](Self::receive).
    unsafe fn receive_box(raw: RawObject) -> Result<Box<Self::Object>, Invalid> {
        // SAFETY: the caller's promise is the same.
        let (table, bound) = unsafe { met::<Self>(raw) }?;
        // Made where it stays: a stub is large, and copies of what was just written in pieces wait for it.
        let mut place = Box::new_uninit();
        // SAFETY: the object is the receiver's now, and `release` is its destructor.
        let instance = unsafe { Instance::received(raw.object, table.release, table.origin, Self::DESC.id) };
        // SAFETY: object and table are of one side, and its code stays.
        place.write(unsafe { Self::object(Raw::of(instance), bound) });
        // SAFETY: it was written just now.
        Ok(unsafe { place.assume_init() })
    }
}

impl<C: ?Sized + Contract> Object for C {}

/// Takes an object over, with something said of its instance.
///
/// # Safety
/// As for [`Object::receive`].
pub(crate) unsafe fn receive<C: ?Sized + Contract>(
    raw: RawObject,
    say: fn(Instance) -> Instance,
) -> Result<C::Object, Invalid> {
    // SAFETY: the caller's promise is the same.
    let (table, bound) = unsafe { met::<C>(raw) }?;
    // SAFETY: the object is the receiver's now, and `release` is its destructor.
    let instance = unsafe { Instance::received(raw.object, table.release, table.origin, C::DESC.id) };
    // SAFETY: object and table are of one side, and its code stays.
    Ok(unsafe { C::object(Raw::of(say(instance)), bound) })
}

/// An object's table, and the contract's methods in it. When they are not there the object is given back.
///
/// # Safety
/// As for [`Object::receive`].
unsafe fn met<C: ?Sized + Contract>(raw: RawObject) -> Result<(&'static ObjectTable, C::Table), Invalid> {
    if raw.object.is_null() {
        return Err(Invalid::Missing { name: "object" });
    }
    if raw.table.is_null() {
        return Err(Invalid::Missing { name: "table" });
    }
    if !raw.table.is_aligned() {
        return Err(Invalid::Misaligned);
    }
    // SAFETY: a table lives as long as the code behind it, and begins with its size.
    if unsafe { (*raw.table).size } < size_of::<ObjectTable>() {
        return Err(Invalid::Content);
    }
    // SAFETY: as above, and it has all the fields. It is used while the stub is there, which keeps the code.
    let table: &'static ObjectTable = unsafe { &*raw.table };
    // SAFETY: as `find` says.
    match unsafe { bind::<C>(&table.contract) } {
        Ok(bound) => Ok((table, bound)),
        Err(invalid) => {
            std::hint::cold_path();
            // SAFETY: the object is the receiver's now, and `release` is its destructor.
            drop(unsafe { Instance::received(raw.object, table.release, table.origin, C::DESC.id) });
            Err(invalid)
        }
    }
}

const fn lent(name: &'static str, object: u128, members: &'static [Member]) -> TypeDesc {
    let id = Hasher::new().text(name).number(object).finish().0;
    built_in::<RawObject>(id, Kind::Reference, name, members)
}

/// Finds the contract's methods in another side's rows.
///
/// # Safety
/// The rows are statics of the other side, for this contract.
unsafe fn bind<C: ?Sized + Contract>(contract: &ContractTable) -> Result<C::Table, Invalid> {
    // SAFETY: as the caller promises.
    let named =
        |name: RawSlice<u8>, text: &str| unsafe { name.borrow() }.is_ok_and(|name| name == text.as_bytes());
    if !named(contract.id, C::DESC.id) {
        return Err(Invalid::Contract);
    }
    // SAFETY: as the caller promises.
    let rows: &[Row] = unsafe { contract.rows.borrow() }?;
    // Both sides mostly have the same order: each search begins where the one before ended.
    let next = Cell::new(0);
    let search = |wanted: &str| {
        let (before, after) = rows.split_at(next.get().min(rows.len()));
        let at = after
            .iter()
            .position(|row| named(row.name, wanted))
            .map(|at| at + before.len())
            .or_else(|| before.iter().position(|row| named(row.name, wanted)))?;
        next.set(at + 1);
        NonNull::new(rows[at].call.cast_mut())
    };
    let find = |wanted: &'static str, _| {
        search(wanted).or_else(|| {
            let method = C::DESC.methods.iter().find(|method| method.name == wanted)?;
            method.renamed_from.iter().find_map(|former| search(former))
        })
    };
    // SAFETY: a row's pointer is the shim of the method of its name, and the handshake found methods of one name to be
    // the same on the wire.
    unsafe { C::bind(&find) }.map_err(|unbound| Invalid::Method { name: unbound.method })
}

// SAFETY: pointers and table are checked where they can be, and the value stays with the side that made it.
unsafe impl<C: ?Sized + Contract> PluginType for Arc<C> {
    type Abi = RawObject;
    const ID: u128 = Hasher::new().text("Arc").number(C::OBJECT_ID).finish().0;
    const DESC: TypeRef =
        TypeRef::new(const { &built_in::<RawObject>(Self::ID, Kind::Arc, "Arc", C::MEMBERS) });

    fn into_abi(self) -> RawObject {
        let table = const { &ObjectTable::of::<C, Shared<C>>(Some(release::<Self>)) };
        RawObject { object: Box::into_raw(Box::new(self)).cast(), table }
    }

    unsafe fn from_abi(abi: RawObject) -> Result<Self, Invalid> {
        // SAFETY: the caller's promise is the same.
        unsafe { C::receive(abi) }.map(C::object_arc)
    }
}
