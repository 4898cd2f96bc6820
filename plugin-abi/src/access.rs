//! From an object's pointer to the value behind it.
//!
//! In: the pointer that a shim was called with. Out: a reference to what implements the trait. It does not know traits.

use alloc::boxed::Box;
use alloc::sync::Arc;
use core::marker::PhantomData;

use crate::call::{self, Answer, Out, Rejected};
use crate::wire::PluginType;

/// How a shim gets from an object's pointer to the value.
///
/// # Safety
/// `shared` and `exclusive` follow the pointer as the type says, and `exclusive` answers with nothing when others may have
/// the value too.
pub unsafe trait Access {
    /// What implements the trait.
    type Target: ?Sized;

    /// Whether a method that promises not to panic keeps that, so that its calls end in one way only.
    const KEEPS: bool = true;

    /// The value, for a method that takes `&self`.
    ///
    /// # Safety
    /// `object` is a pointer of this kind, and nobody has the value exclusively for `'a`.
    unsafe fn shared<'a>(object: *mut ()) -> &'a Self::Target;

    /// The value, for a method that takes `&mut self`; nothing when it is shared with others.
    ///
    /// # Safety
    /// `object` is a pointer of this kind, and nobody else has the value for `'a`.
    unsafe fn exclusive<'a>(object: *mut ()) -> Option<&'a mut Self::Target>;

    /// Runs the body of a shim. What stands in for a plugin has more ways to end a call than plugins have.
    ///
    /// # Safety
    /// As for [`call::respond`].
    #[inline]
    unsafe fn respond<R: PluginType>(
        out: *mut Out<R::Abi>,
        body: impl FnOnce() -> Result<R, Rejected>,
    ) -> Answer {
        // SAFETY: the caller's promise is the same.
        unsafe { call::respond(out, body) }
    }

    /// The same for a method that promises not to panic, which nothing that stands in for a plugin does.
    ///
    /// # Safety
    /// As for [`call::respond_unguarded`].
    #[inline]
    unsafe fn respond_unguarded<R: PluginType>(
        out: *mut Out<R::Abi>,
        body: impl FnOnce() -> Result<R, Rejected>,
    ) -> Answer {
        // SAFETY: the caller's promise is the same.
        unsafe { call::respond_unguarded(out, body) }
    }
}

/// A `*mut T`.
pub struct Value<T>(PhantomData<fn() -> T>);

// SAFETY: the pointer is followed once.
unsafe impl<T> Access for Value<T> {
    type Target = T;

    #[inline]
    unsafe fn shared<'a>(object: *mut ()) -> &'a T {
        // SAFETY: the caller promises a `*mut T` that can be borrowed.
        unsafe { &*object.cast() }
    }

    #[inline]
    unsafe fn exclusive<'a>(object: *mut ()) -> Option<&'a mut T> {
        // SAFETY: the caller promises a `*mut T` that nobody else has.
        Some(unsafe { &mut *object.cast() })
    }
}

/// A `*mut Box<T>`.
pub struct Boxed<T: ?Sized>(PhantomData<fn() -> Box<T>>);

// SAFETY: the pointer is followed, and then the box.
unsafe impl<T: ?Sized + 'static> Access for Boxed<T> {
    type Target = T;

    #[inline]
    unsafe fn shared<'a>(object: *mut ()) -> &'a T {
        // SAFETY: the caller promises a `*mut Box<T>` that can be borrowed.
        unsafe { &*object.cast::<Box<T>>() }
    }

    #[inline]
    unsafe fn exclusive<'a>(object: *mut ()) -> Option<&'a mut T> {
        // SAFETY: the caller promises a `*mut Box<T>` that nobody else has.
        Some(unsafe { &mut *object.cast::<Box<T>>() })
    }
}

/// A `*mut Arc<T>`.
pub struct Shared<T: ?Sized>(PhantomData<fn() -> Arc<T>>);

// SAFETY: the pointer is followed, and then the `Arc`, which others may have too.
unsafe impl<T: ?Sized + 'static> Access for Shared<T> {
    type Target = T;

    #[inline]
    unsafe fn shared<'a>(object: *mut ()) -> &'a T {
        // SAFETY: the caller promises a `*mut Arc<T>` that can be borrowed.
        unsafe { &*object.cast::<Arc<T>>() }
    }

    #[inline]
    unsafe fn exclusive<'a>(_: *mut ()) -> Option<&'a mut T> {
        None
    }
}

/// A `*const &T`.
pub struct Lent<T: ?Sized>(PhantomData<fn() -> Box<T>>);

// SAFETY: the pointer is followed, and then the reference, which others may have too.
unsafe impl<T: ?Sized + 'static> Access for Lent<T> {
    type Target = T;

    #[inline]
    unsafe fn shared<'a>(object: *mut ()) -> &'a T {
        // SAFETY: the caller promises a `*const &T` that can be borrowed.
        unsafe { *object.cast::<&T>() }
    }

    #[inline]
    unsafe fn exclusive<'a>(_: *mut ()) -> Option<&'a mut T> {
        None
    }
}

/// A `*const &mut T`.
pub struct LentMut<T: ?Sized>(PhantomData<fn() -> Box<T>>);

// SAFETY: the pointer is followed, and then the reference.
unsafe impl<T: ?Sized + 'static> Access for LentMut<T> {
    type Target = T;

    #[inline]
    unsafe fn shared<'a>(object: *mut ()) -> &'a T {
        // SAFETY: the caller promises a place with a `&mut T`.
        let value = unsafe { *object.cast::<*const T>() };
        // SAFETY: it can be borrowed, says the caller.
        unsafe { &*value }
    }

    #[inline]
    unsafe fn exclusive<'a>(object: *mut ()) -> Option<&'a mut T> {
        // As a pointer: the place itself is only looked at.
        // SAFETY: the caller promises a place with a `&mut T`.
        let value = unsafe { *object.cast::<*mut T>() };
        // SAFETY: nobody else has it, says the caller.
        Some(unsafe { &mut *value })
    }
}
