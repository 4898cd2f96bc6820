//! What is passed to a method, and what it returns: how predicates see it, what the log keeps of it, how it is shown.
//!
//! In: a type of a signature. Out: for types of std, one of the forms here; for any other the generator prints a form of its
//! own, which asks the compiler what the type can do. It does not know methods.

use std::any::Any;
use std::borrow::Borrow;
use std::fmt::{self, Debug};
use std::marker::PhantomData;
use std::ops::Deref;
use std::sync::Arc;

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
    /// How it reads in a recording.
    #[doc(hidden)]
    fn write(value: &Self::Of<'_>) -> Document;
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

impl<T, S> Value for Own<T, S>
where
    T: Clone + Debug + Send + Borrow<S> + PluginType + 'static,
    S: ?Sized + Debug + 'static,
{
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

impl<T, S> Outcome for Own<T, S>
where
    T: Clone + Debug + Default + Send + Borrow<S> + PluginType + 'static,
    S: ?Sized + Debug + 'static,
{
    fn blank() -> Option<T> {
        Some(T::default())
    }

    fn read(answer: &Answered) -> Result<T, NoJson> {
        tape::read(answer)
    }
}

/// What is lent of std's, in a recording.
pub trait Lent {
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

impl<T: PluginType + 'static> Lent for [T] {
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

impl<T> Value for Ref<T>
where
    T: ToOwned<Owned: Clone + Debug + Send> + Debug + Lent + ?Sized + 'static,
{
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

impl<T> Outcome for Ref<T>
where
    T: ToOwned<Owned: Clone + Debug + Send> + Debug + Lent + ?Sized + 'static,
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

impl<T: Clone + Debug + Send + 'static> Value for Mut<T> {
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

    fn write(_: &&mut [T]) -> Document {
        tape::refuse(CHANGED)
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

    fn write(_: &Sink<'_>) -> Document {
        tape::refuse(CHANGED)
    }
}

/// Why what is changed in place is in no recording.
pub const CHANGED: &str = "what is written to its caller's memory is not recorded";

/// What cannot be looked at, only used: a closure, an iterator, an object. Of predicates only [`always`](super::always) takes it.
pub struct Unseen(pub(super) &'static str);

impl Unseen {
    #[doc(hidden)]
    #[must_use]
    pub fn new(ty: &'static str) -> Self {
        Self(ty)
    }
}

impl Debug for Unseen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{}>", self.0)
    }
}

impl Clone for Unseen {
    fn clone(&self) -> Self {
        Self(self.0)
    }
}

/// A value of an author's type in the log. It derefs to the value, which is there if the type is `Clone`.
pub struct Logged<T> {
    value: Option<Arc<dyn Any + Send + Sync>>,
    show: fn(&T, usize) -> String,
}

impl<T: 'static> Logged<T> {
    /// The value, if its type is `Clone`, `Send` and `Sync`.
    #[must_use]
    pub fn get(&self) -> Option<&T> {
        self.value.as_ref()?.downcast_ref()
    }

    #[doc(hidden)]
    #[must_use]
    pub fn shown_by(mut self, show: fn(&T, usize) -> String) -> Self {
        self.show = show;
        self
    }
}

impl<T> Clone for Logged<T> {
    fn clone(&self) -> Self {
        Self { value: self.value.clone(), show: self.show }
    }
}

impl<T: 'static> Debug for Logged<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.get() {
            Some(value) => f.write_str(&(self.show)(value, show::LONGEST)),
            None => f.write_str(&show::opaque::<T>()),
        }
    }
}

impl<T: 'static> Deref for Logged<T> {
    type Target = T;

    fn deref(&self) -> &T {
        let name = show::short_name::<T>();
        self.get().unwrap_or_else(|| {
            panic!("the log has no copy of this `{name}`: it keeps what is `Clone`, `Send` and `Sync`")
        })
    }
}

impl<T: PartialEq + 'static> PartialEq<T> for Logged<T> {
    fn eq(&self, other: &T) -> bool {
        self.get() == Some(other)
    }
}

impl<T: PartialEq + 'static> PartialEq for Logged<T> {
    fn eq(&self, other: &Self) -> bool {
        self.get() == other.get()
    }
}

/// A value of a type that the generator knows nothing of. Method lookup finds what the type can do: methods of this type
/// first, then those of [`Otherwise`].
#[doc(hidden)]
pub struct Probe<'a, T: ?Sized>(pub &'a T);

impl<T: Debug + ?Sized> Probe<'_, T> {
    #[must_use]
    pub fn show(&self, most: usize) -> String {
        show::debug(&self.0, most)
    }
}

impl<T: Clone + Send + Sync + 'static> Probe<'_, T> {
    #[must_use]
    pub fn keep(&self) -> Logged<T> {
        Logged { value: Some(Arc::new(self.0.clone())), show: |_, _| show::opaque::<T>() }
    }
}

#[doc(hidden)]
pub trait OtherwiseShow {
    fn show(&self, most: usize) -> String;
}

impl<T: ?Sized> OtherwiseShow for &Probe<'_, T> {
    fn show(&self, _: usize) -> String {
        show::opaque::<T>()
    }
}

#[doc(hidden)]
pub trait OtherwiseKeep {
    type Value;
    fn keep(&self) -> Logged<Self::Value>;
}

impl<T: 'static> OtherwiseKeep for &Probe<'_, T> {
    type Value = T;

    fn keep(&self) -> Logged<T> {
        Logged { value: None, show: |_, _| show::opaque::<T>() }
    }
}

/// A result's type, of which the generator knows nothing: what is returned when nobody says what to return.
#[doc(hidden)]
pub struct Blank<T>(PhantomData<T>);

impl<T> Blank<T> {
    pub const NEW: Self = Self(PhantomData);
}

impl<T: Default, E> Blank<Result<T, E>> {
    #[must_use]
    pub fn blank(&self) -> Option<Result<T, E>> {
        Some(Ok(T::default()))
    }
}

#[doc(hidden)]
pub trait BlankByDefault {
    type Blank;
    fn blank(&self) -> Option<Self::Blank>;
}

impl<T: Default> BlankByDefault for Blank<T> {
    type Blank = T;

    fn blank(&self) -> Option<T> {
        Some(T::default())
    }
}

#[doc(hidden)]
pub trait NoBlank {
    type Blank;
    fn blank(&self) -> Option<Self::Blank>;
}

impl<T> NoBlank for &Blank<T> {
    type Blank = T;

    fn blank(&self) -> Option<T> {
        None
    }
}

/// `String` is seen as `str`.
pub type Text = Own<String, str>;
/// `Vec<T>` of std's is seen as a slice.
pub type List<T> = Own<Vec<T>, [T]>;
