//! Values of types that the generator knows nothing of.
//!
//! In: a value of an author's type. Out: what the log keeps and a message shows of it, as far as the compiler says that the type
//! can do that. It does not know signatures.

use std::any::Any;
use std::fmt::{self, Debug};
use std::marker::PhantomData;
use std::ops::Deref;
use std::sync::Arc;

use super::show;

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
