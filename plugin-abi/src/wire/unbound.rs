//! Objects that are lent, as the macros name them: so that a trait that is no contract is one error and not one a use.
//!
//! In: a trait object's type. Out: what [`Object`] has, where it is a contract's; else functions of the same names that are
//! never called, because the macros ask once, at the word, whether it is one. It does not know objects.

use std::marker::PhantomData;

use super::{Invalid, Object, RawObject, built_in, unnamed};
use crate::Contract;
use crate::describe::{Kind, TypeDesc, TypeRef};

/// The objects of a trait. Where it is a contract these functions are found, and otherwise those of [`NoContract`].
pub struct Objects<C: ?Sized>(PhantomData<C>);

impl<C: ?Sized + Contract> Objects<C> {
    /// The descriptor of `&dyn C`.
    pub const REF: TypeRef = <C as Object>::REF;
    /// The descriptor of `&mut dyn C`.
    pub const MUT: TypeRef = <C as Object>::MUT;

    /// Lends an object: the place where the reference lies.
    #[must_use]
    pub fn lend(place: *const ()) -> RawObject {
        <C as Object>::lend(place)
    }

    /// Lends an object that may be changed: the place where the reference lies.
    #[must_use]
    pub fn lend_mut(place: *const ()) -> RawObject {
        <C as Object>::lend_mut(place)
    }

    /// A stub for an object of the other side.
    ///
    /// # Errors
    /// As for [`Object::receive`].
    ///
    /// # Safety
    /// As for [`Object::receive`].
    pub unsafe fn receive(raw: RawObject) -> Result<C::Object, Invalid> {
        // SAFETY: the caller's promise is the same.
        unsafe { <C as Object>::receive(raw) }
    }

    /// The stub as the trait.
    pub fn view(object: &C::Object) -> &C {
        C::object_ref(object)
    }

    /// The stub as the trait, to be changed.
    pub fn view_mut(object: &mut C::Object) -> &mut C {
        C::object_mut(object)
    }
}

/// That a trait is a contract: asked once for each word that names one.
pub const fn is_contract<C: ?Sized + Contract>() {}

/// What there is of a trait that is no contract: nothing that is ever called.
pub enum Nothing {}

/// See [`Objects`].
pub trait NoContract<C: ?Sized> {
    /// In the place of a descriptor.
    const REF: TypeRef = TypeRef::new(const { &NOTHING });
    /// In the place of a descriptor.
    const MUT: TypeRef = TypeRef::new(const { &NOTHING });

    /// Never called.
    fn lend(_: *const ()) -> RawObject {
        unreachable!("it does not compile")
    }

    /// Never called.
    fn lend_mut(_: *const ()) -> RawObject {
        unreachable!("it does not compile")
    }

    /// Never called.
    ///
    /// # Errors
    /// Never.
    ///
    /// # Safety
    /// There is nothing to promise.
    unsafe fn receive(_: RawObject) -> Result<Nothing, Invalid> {
        unreachable!("it does not compile")
    }

    /// Never called.
    fn view(object: &Nothing) -> &C {
        match *object {}
    }

    /// Never called.
    fn view_mut(object: &mut Nothing) -> &mut C {
        match *object {}
    }
}

impl<C: ?Sized> NoContract<C> for Objects<C> {}

const NOTHING: TypeDesc =
    built_in::<RawObject>(0, Kind::Reference, "&", const { &[unnamed(<() as super::PluginType>::DESC)] });
