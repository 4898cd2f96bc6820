//! Closures: `Box<dyn Fn(A) -> R>` and the like, moved, `&dyn Fn(A) -> R` and `&mut dyn FnMut(A) -> R`, lent for a call.
//!
//! In: the address of a closure and of its shim. Out: the pair on the wire, and from such a pair the instance on which the
//! other side is called. It does not know signatures: the macro prints a type for each, which is a `PluginType`.

use std::boxed::Box;

use super::{Invalid, RawSlice, built_in, unnamed};
use crate::call::{self, Out, Status};
use crate::describe::{Kind, Member, TypeDesc, TypeRef};
use crate::export::origin;
use crate::{Hasher, Instance, Raw};

/// A closure on the wire.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct RawFunction {
    /// What `call` takes first.
    pub object: *mut (),
    /// The shim: an `extern "C"` function whose type follows from the closure's, with the object before the arguments and a
    /// place for the result behind them.
    pub call: Option<unsafe extern "C" fn()>,
    /// The name of the side that made it, UTF-8: for people. May be null.
    pub origin: Option<extern "C" fn() -> RawSlice<u8>>,
    /// Gives the closure back: called once. Null when it is lent.
    pub release: Option<unsafe extern "C" fn(*mut (), *mut Out<u8>) -> Status>,
}

/// Drops what `moved` put behind the pointer.
unsafe extern "C" fn release<T>(object: *mut (), out: *mut Out<u8>) -> Status {
    let drop_it = || {
        // SAFETY: `moved` made the pointer from a box, and the receiver gives it back once.
        drop(unsafe { Box::from_raw(object.cast::<T>()) });
        Ok(())
    };
    // SAFETY: the receiver promises that `out` may be written.
    unsafe { call::guard(out, drop_it) }
}

impl RawFunction {
    /// Sends a closure away, in whatever box its shim knows.
    #[must_use]
    pub fn moved<T: 'static>(value: T, call: unsafe extern "C" fn()) -> Self {
        let object = Box::into_raw(Box::new(value)).cast();
        Self { object, call: Some(call), origin: Some(origin), release: Some(release::<T>) }
    }

    /// Lends a closure: the place where the reference lies.
    #[must_use]
    pub fn lent(place: *const (), call: unsafe extern "C" fn()) -> Self {
        Self { object: place.cast_mut(), call: Some(call), origin: Some(origin), release: None }
    }

    /// The closure as something to call, and its shim.
    ///
    /// # Errors
    /// A pointer is null.
    ///
    /// # Safety
    /// The closure came from the other side, is not used again, and is alive as long as what is returned.
    #[inline]
    pub unsafe fn receive(
        self,
        contract: &'static str,
    ) -> Result<(Raw<Instance>, unsafe extern "C" fn()), Invalid> {
        if self.object.is_null() {
            return Err(Invalid::Missing { name: "object" });
        }
        // From here on the closure is given back whatever happens.
        // SAFETY: the closure is the receiver's now, and `release` is its destructor.
        let instance = unsafe { Instance::received(self.object, self.release, self.origin, contract) };
        let call = self.call.ok_or(Invalid::Missing { name: "call" })?;
        Ok((Raw::of(instance), call))
    }
}

/// The descriptors of a closure and of what points to it.
pub struct Function {
    /// `dyn Fn(A) -> R`
    pub itself: TypeDesc,
    /// What identifies `Box<dyn Fn(A) -> R>`.
    pub box_id: u128,
}

impl Function {
    /// Of a closure whose name is `Fn + Send`, and whose members are the arguments and the result.
    #[must_use]
    pub const fn new(name: &'static str, members: &'static [Member]) -> Self {
        let mut hasher = Hasher::new().text("dyn").text(name);
        let mut at = 0;
        while at < members.len() {
            hasher = hasher.number(members[at].ty.get().id);
            at += 1;
        }
        let id = hasher.finish().0;
        let box_id = Hasher::new().text("Box").number(id).finish().0;
        Self { itself: built_in::<()>(id, Kind::Function, name, members), box_id }
    }

    /// One of the members.
    #[must_use]
    pub const fn member(ty: TypeRef) -> Member {
        unnamed(ty)
    }

    /// `Box<dyn Fn(A) -> R>`
    #[must_use]
    pub const fn boxed(function: &'static [Member]) -> TypeDesc {
        let id = Hasher::new().text("Box").number(function[0].ty.get().id).finish().0;
        built_in::<RawFunction>(id, Kind::Box, "Box", function)
    }

    /// `&dyn Fn(A) -> R`: the name is `&` or `&mut `.
    #[must_use]
    pub const fn lent(name: &'static str, function: &'static [Member]) -> TypeDesc {
        let id = Hasher::new().text(name).number(function[0].ty.get().id).finish().0;
        built_in::<RawFunction>(id, Kind::Reference, name, function)
    }
}
