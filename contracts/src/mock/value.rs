//! What is passed to a method, and what it returns: how predicates see it, what the log keeps of it, how it is shown.
//!
//! In: a type of a signature. Out: for types of std, one of the forms here; for any other the generator prints a form of its
//! own, which asks the compiler what the type can do. It does not know methods.

use std::borrow::Borrow;
use std::fmt::Debug;
use std::marker::PhantomData;

use plugin_abi::{PluginFault, PluginType, Sink};

use super::show;
use super::tape::{self, Answered, Document, NoJson};

/// A form in which values are passed.
pub trait Value: 'static {
    /// The type as it stands in the signature, with every lifetime that is left out there.
    type Of<'a>;
    /// What a predicate sees of it.
    type Seen: ?Sized;
    /// What the log keeps of it.
    type Kept: Clone + Debug + Send + 'static;

    /// Lets somebody see it.
    fn see<T>(value: &Self::Of<'_>, look: impl FnOnce(&Self::Seen) -> T) -> T;
    /// What the log keeps.
    fn keep(value: &Self::Of<'_>) -> Self::Kept;
    /// How it reads in a message, in so many characters at most.
    fn show(seen: &Self::Seen, most: usize) -> String;
    /// How it reads in a recording: an argument that is written to as it was before.
    #[doc(hidden)]
    fn write(value: &Self::Of<'_>) -> Document;
    /// Puts there what was written to such an argument, as the recording has it.
    #[doc(hidden)]
    #[allow(clippy::missing_errors_doc, reason = "it is for generated code")]
    fn rewrite(_value: &mut Self::Of<'_>, _written: &Answered) -> Result<(), NoJson> {
        Ok(())
    }
    /// What was written is what is there afterwards, but for what was there before.
    #[doc(hidden)]
    const APPENDS: bool = false;
}

/// A form in which results are returned.
pub trait Outcome: Value {
    /// What a lenient mock returns, if there is such a thing: the default, or `Ok` with it.
    fn blank() -> Option<Self::Of<'static>> {
        None
    }

    /// What a recording says.
    #[doc(hidden)]
    #[allow(clippy::missing_errors_doc, reason = "it is for generated code")]
    fn read(answer: &Answered) -> Result<Self::Of<'static>, NoJson>;

    /// A fault as the caller of a plugin gets it: as the method's error if that can be one.
    ///
    /// # Panics
    /// The error cannot be one.
    #[track_caller]
    fn fault(fault: Box<PluginFault>) -> Self::Of<'static> {
        panic!("{fault}")
    }
}

/// A value of std's, moved. A predicate sees `S` of it.
pub struct Own<T, S: ?Sized = T>(PhantomData<T>, PhantomData<fn() -> Box<S>>);

/// What is moved of std's. A bound, not many: it is proved wherever such a type stands.
pub trait Moved<S: ?Sized>: Clone + Debug + Send + Borrow<S> + PluginType + 'static {}

impl<S: ?Sized, T: Clone + Debug + Send + Borrow<S> + PluginType + 'static> Moved<S> for T {}

impl<T: Moved<S>, S: ?Sized + Debug + 'static> Value for Own<T, S> {
    type Of<'a> = T;
    type Seen = S;
    type Kept = T;

    fn see<R>(value: &T, look: impl FnOnce(&S) -> R) -> R {
        look(value.borrow())
    }

    fn keep(value: &T) -> T {
        value.clone()
    }

    fn show(seen: &S, most: usize) -> String {
        show::debug(&seen, most)
    }

    fn write(value: &T) -> Document {
        tape::write(value)
    }
}

impl<T: Moved<S> + Default, S: ?Sized + Debug + 'static> Outcome for Own<T, S> {
    fn blank() -> Option<T> {
        Some(T::default())
    }

    fn read(answer: &Answered) -> Result<T, NoJson> {
        tape::read(answer)
    }
}

/// What is lent of std's.
pub trait Lent: ToOwned<Owned: Clone + Debug + Send> + Debug + 'static {
    /// As JSON.
    fn write(&self) -> Document;
    /// Of what a recording says. It is there for good: recordings are small, and tests end.
    #[allow(clippy::missing_errors_doc, reason = "it is for generated code")]
    fn read(answer: &Answered) -> Result<&'static Self, NoJson>;
}

impl Lent for str {
    fn write(&self) -> Document {
        tape::write(&self)
    }

    fn read(answer: &Answered) -> Result<&'static Self, NoJson> {
        Ok(String::leak(tape::read(answer)?))
    }
}

impl<T: Clone + Debug + Send + PluginType + 'static> Lent for [T] {
    fn write(&self) -> Document {
        tape::write_slice(self)
    }

    fn read(answer: &Answered) -> Result<&'static Self, NoJson> {
        let items: Vec<T> = tape::read(answer)?;
        Ok(items.leak())
    }
}

/// `&T` of std's: text, a path, or numbers.
pub struct Ref<T: ?Sized>(PhantomData<fn() -> Box<T>>);

impl<T: Lent + ?Sized> Value for Ref<T> {
    type Of<'a> = &'a T;
    type Seen = T;
    type Kept = T::Owned;

    fn see<R>(value: &&T, look: impl FnOnce(&T) -> R) -> R {
        look(value)
    }

    fn keep(value: &&T) -> T::Owned {
        (*value).to_owned()
    }

    fn show(seen: &T, most: usize) -> String {
        show::debug(&seen, most)
    }

    fn write(value: &&T) -> Document {
        value.write()
    }
}

impl<T: Lent + ?Sized> Outcome for Ref<T>
where
    &'static T: Default,
{
    fn blank() -> Option<&'static T> {
        Some(Default::default())
    }

    fn read(answer: &Answered) -> Result<&'static T, NoJson> {
        T::read(answer)
    }
}

/// `&[u8]`
pub struct Bytes;

impl Value for Bytes {
    type Of<'a> = &'a [u8];
    type Seen = [u8];
    type Kept = Vec<u8>;

    fn see<R>(value: &&[u8], look: impl FnOnce(&[u8]) -> R) -> R {
        look(value)
    }

    fn keep(value: &&[u8]) -> Vec<u8> {
        value.to_vec()
    }

    fn show(seen: &[u8], most: usize) -> String {
        show::bytes(seen, most)
    }

    fn write(value: &&[u8]) -> Document {
        value.write()
    }
}

impl Outcome for Bytes {
    fn blank() -> Option<&'static [u8]> {
        Some(&[])
    }

    fn read(answer: &Answered) -> Result<&'static [u8], NoJson> {
        <[u8]>::read(answer)
    }
}

/// `Vec<u8>`
pub struct ByteVec;

impl Value for ByteVec {
    type Of<'a> = Vec<u8>;
    type Seen = [u8];
    type Kept = Vec<u8>;

    fn see<R>(value: &Vec<u8>, look: impl FnOnce(&[u8]) -> R) -> R {
        look(value)
    }

    fn keep(value: &Vec<u8>) -> Vec<u8> {
        value.clone()
    }

    fn show(seen: &[u8], most: usize) -> String {
        show::bytes(seen, most)
    }

    fn write(value: &Vec<u8>) -> Document {
        tape::write(value)
    }
}

impl Outcome for ByteVec {
    fn blank() -> Option<Vec<u8>> {
        Some(Vec::new())
    }

    fn read(answer: &Answered) -> Result<Vec<u8>, NoJson> {
        tape::read(answer)
    }
}

/// `&mut [T]` of numbers. What was in it when the call came is seen and kept.
pub struct Mut<T>(PhantomData<T>);

impl<T: Clone + Debug + Send + PluginType + 'static> Value for Mut<T> {
    type Of<'a> = &'a mut [T];
    type Seen = [T];
    type Kept = Vec<T>;

    fn see<R>(value: &&mut [T], look: impl FnOnce(&[T]) -> R) -> R {
        look(value)
    }

    fn keep(value: &&mut [T]) -> Vec<T> {
        value.to_vec()
    }

    fn show(seen: &[T], most: usize) -> String {
        show::debug(&seen, most)
    }

    fn write(value: &&mut [T]) -> Document {
        tape::write_slice(value)
    }

    fn rewrite(value: &mut &mut [T], written: &Answered) -> Result<(), NoJson> {
        tape::rewrite(value, written)
    }
}

/// `Sink<'_>`. The bytes that were in it when the call came are seen and kept.
pub struct Into;

impl Value for Into {
    type Of<'a> = Sink<'a>;
    type Seen = [u8];
    type Kept = Vec<u8>;

    fn see<R>(value: &Sink<'_>, look: impl FnOnce(&[u8]) -> R) -> R {
        look(value.as_slice())
    }

    fn keep(value: &Sink<'_>) -> Vec<u8> {
        value.as_slice().to_vec()
    }

    fn show(seen: &[u8], most: usize) -> String {
        show::bytes(seen, most)
    }

    fn write(value: &Sink<'_>) -> Document {
        value.as_slice().write()
    }

    fn rewrite(value: &mut Sink<'_>, written: &Answered) -> Result<(), NoJson> {
        let written: Vec<u8> = tape::read(written)?;
        value.write(&written);
        Ok(())
    }

    const APPENDS: bool = true;
}

/// `String` is seen as `str`.
pub type Text = Own<String, str>;
/// `Vec<T>` of std's is seen as a slice.
pub type List<T> = Own<Vec<T>, [T]>;
