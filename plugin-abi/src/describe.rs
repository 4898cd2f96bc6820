//! Descriptors: what rustc knows of a contract, as consts.
//!
//! In: the consts that the macros print. Out: a graph of types and methods that `graph` walks and `note` writes.
//! These are Rust types and never leave the compilation unit; only the bytes of the note do.

use crate::Fingerprint;
pub use crate::Waiting;
pub(crate) use crate::name::same_text;

/// What kind of type a [`TypeDesc`] is. The numbers are part of the note's format and never change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
#[non_exhaustive]
pub enum Kind {
    /// An integer, float, `bool`, `char` or `()`: the name says which.
    Scalar = 1,
    /// `&str`: UTF-8, borrowed for the call.
    Str = 2,
    /// `String`: UTF-8, moved.
    String = 3,
    /// `&[T]` of plain data, borrowed for the call; one member.
    Slice = 4,
    /// `Vec<T>`, moved; one member.
    Vec = 5,
    /// `Option<T>`; one member.
    Option = 6,
    /// `Result<T, E>`; two members.
    Result = 7,
    /// A derived struct; its members are its fields.
    Struct = 8,
    /// A derived enum; its members are in its variants.
    Enum = 9,
    /// A derived enum that is open; its members are in its variants, and there may be more of those.
    Open = 10,
    /// A derived struct that is sized; its members are its fields, and there may be more of those at the end.
    Sized = 11,
    /// `Box<T>`; one member.
    Box = 12,
    /// A tuple of two to twelve; its members, without names, where they lie in the wire form.
    Tuple = 13,
    /// `[T; N]`; one member, and the name is `N` in decimal.
    Array = 14,
    /// `BTreeMap<K, V>` or `HashMap<K, V>`, which are two types; two members.
    Map = 15,
    /// `BTreeSet<T>` or `HashSet<T>`; one member.
    Set = 16,
    /// A type of std that is made of no other, as `Duration` or `PathBuf`: the name says which.
    Std = 17,
    /// `dyn Session`, behind a pointer: the name is the trait's, and the one variant, without fields, is named by the
    /// contract's id.
    Object = 18,
    /// `dyn Fn(A, B) -> R + Send`, behind a pointer: its members are the arguments and then the result, and the name is
    /// `Fn + Send`.
    Function = 19,
    /// `&T` or `&mut T` of something that has no form of its own, lent for the call; one member.
    Reference = 21,
    /// `Arc<T>` of an object; one member.
    Arc = 22,
    /// `Pin<Box<dyn Future<Output = T> + Send>>`; one member, and the name is `Future + Send`.
    Future = 23,
    /// `Box<dyn Iterator<Item = T> + Send>`; one member, and the name is `Iterator + Send`.
    Iterator = 24,
    /// `BoxStream<T>`, or `LocalBoxStream<T>`, which stays on its thread: the name says which; one member.
    Stream = 25,
    /// A derived struct whose bytes are shared in place; its members are its fields, where they lie.
    Plain = 26,
    /// `&mut [T]` of plain data, lent for the call; one member.
    SliceMut = 27,
    /// `Sink`: bytes to be written, in memory that is borrowed for the call.
    Sink = 20,
}

/// How the types of a kind are written, without aliases and paths.
#[derive(Clone, Copy)]
pub(crate) enum Form {
    /// `Entry`, or `dyn Session`: the name, behind this.
    Named(&'static str),
    /// `Result<T, E>`: the name, and the members.
    Generic,
    /// `(A, B)`: the members, between these.
    Between(&'static str, &'static str),
    /// `[T; N]`: the name is `N`.
    Array,
    /// `&T` or `&mut T`: the name, and the member, in brackets when it has bounds.
    Reference,
    /// `dyn Fn(A, B) -> R + Send`: the name is `Fn + Send`, the result is the last member.
    Function,
    /// `Box<dyn Iterator<Item = T> + Send>`: the name is `Iterator + Send`, and these stand before it, before the member, and
    /// at the end.
    Bounded(&'static str, &'static str, &'static str),
}

/// `Fn` and ` + Send + Sync` of `Fn + Send + Sync`.
pub(crate) const fn split_bounds(name: &str) -> (&str, &str) {
    let bytes = name.as_bytes();
    let mut at = 0;
    while at < bytes.len() && bytes[at] != b' ' {
        at += 1;
    }
    name.split_at(at)
}

impl Kind {
    /// How its types are written: for whoever prints them, and whoever compares them with a text.
    pub(crate) const fn form(self) -> Form {
        match self {
            Self::Scalar
            | Self::String
            | Self::Struct
            | Self::Plain
            | Self::Enum
            | Self::Open
            | Self::Sized
            | Self::Std
            | Self::Sink => Form::Named(""),
            Self::Object => Form::Named("dyn "),
            Self::Vec
            | Self::Option
            | Self::Result
            | Self::Box
            | Self::Map
            | Self::Set
            | Self::Arc
            | Self::Stream => Form::Generic,
            Self::Str => Form::Between("&str", ""),
            Self::Slice => Form::Between("&[", "]"),
            Self::SliceMut => Form::Between("&mut [", "]"),
            Self::Tuple => Form::Between("(", ")"),
            Self::Array => Form::Array,
            Self::Reference => Form::Reference,
            Self::Function => Form::Function,
            Self::Future => Form::Bounded("Pin<Box<dyn ", "<Output = ", ">>"),
            Self::Iterator => Form::Bounded("Box<dyn ", "<Item = ", ">"),
        }
    }

    /// The kind with this number, if there is one.
    #[must_use]
    pub const fn from_number(number: u8) -> Option<Self> {
        Some(match number {
            1 => Self::Scalar,
            2 => Self::Str,
            3 => Self::String,
            4 => Self::Slice,
            5 => Self::Vec,
            6 => Self::Option,
            7 => Self::Result,
            8 => Self::Struct,
            9 => Self::Enum,
            10 => Self::Open,
            11 => Self::Sized,
            12 => Self::Box,
            13 => Self::Tuple,
            14 => Self::Array,
            15 => Self::Map,
            16 => Self::Set,
            17 => Self::Std,
            18 => Self::Object,
            19 => Self::Function,
            21 => Self::Reference,
            22 => Self::Arc,
            23 => Self::Future,
            24 => Self::Iterator,
            25 => Self::Stream,
            26 => Self::Plain,
            27 => Self::SliceMut,
            20 => Self::Sink,
            _ => return None,
        })
    }
}

/// A type as it crosses the boundary.
pub struct TypeDesc {
    /// Which type it is, within one compilation; never written anywhere.
    pub id: u128,
    /// What kind of type it is.
    pub kind: Kind,
    /// Its name without a path: `u32`, `Vec`, `StoreError`; the length of an array.
    pub name: &'static str,
    /// Size of its wire form in bytes, on this target.
    pub size: usize,
    /// Alignment of its wire form in bytes, on this target.
    pub align: usize,
    /// Its fields, or the types it is made of.
    pub members: &'static [Member],
    /// Its variants, if it is an enum, in ascending order of their tags.
    pub variants: &'static [Variant],
    /// The package whose lock file its derive compared it with, as in `store-contract@0.1.0`; empty when none did.
    pub compared: &'static str,
    /// The contract, if it is an object.
    pub contract: Option<ContractRef>,
}

impl TypeDesc {
    /// Whether two descriptors of one identity describe one type, as far as can be told without following them.
    pub(crate) const fn looks_like(&self, other: &Self) -> bool {
        let mut same = self.kind as u8 == other.kind as u8
            && same_text(self.name, other.name)
            && same_members(self.members, other.members)
            && self.variants.len() == other.variants.len();
        let mut at = 0;
        while same && at < self.variants.len() {
            let (one, other) = (&self.variants[at], &other.variants[at]);
            same = one.tag == other.tag
                && same_text(one.name, other.name)
                && same_members(one.fields, other.fields);
            at += 1;
        }
        same
    }
}

const fn same_members(one: &[Member], other: &[Member]) -> bool {
    let mut same = one.len() == other.len();
    let mut at = 0;
    while same && at < one.len() {
        same = same_text(one[at].name, other[at].name)
            && one[at].ty.get().id == other[at].ty.get().id
            && one[at].optional == other[at].optional;
        at += 1;
    }
    same
}

/// Names a [`TypeDesc`] that lives for ever.
///
/// A raw pointer inside, because types may contain themselves and each other: consts that did so through references
/// would be a cycle to rustc (E0391).
#[derive(Clone, Copy)]
pub struct TypeRef(*const TypeDesc);

// SAFETY: it is a `&'static TypeDesc` in all but name, and descriptors are `Sync`.
unsafe impl Sync for TypeRef {}
// SAFETY: as above.
unsafe impl Send for TypeRef {}

impl TypeRef {
    /// Names a descriptor.
    #[must_use]
    pub const fn new(desc: &'static TypeDesc) -> Self {
        Self(desc)
    }

    /// Names a static by its address, without reading it: for a descriptor that reaches itself.
    ///
    /// # Safety
    /// `desc` is the address of an immutable static.
    #[must_use]
    pub const unsafe fn of_static(desc: *const TypeDesc) -> Self {
        Self(desc)
    }

    /// The descriptor.
    #[must_use]
    pub const fn get(self) -> &'static TypeDesc {
        // SAFETY: both constructors take nothing but what is immutable and lives for ever.
        unsafe { &*self.0 }
    }
}

/// Names a [`ContractDesc`] that lives for ever: the contract of an object. Contracts name each other and themselves, as
/// types do.
#[derive(Clone, Copy)]
pub struct ContractRef(*const ContractDesc);

// SAFETY: it is a `&'static ContractDesc` in all but name, and descriptors are `Sync`.
unsafe impl Sync for ContractRef {}
// SAFETY: as above.
unsafe impl Send for ContractRef {}

impl ContractRef {
    /// Names a static by its address, without reading it.
    ///
    /// # Safety
    /// `desc` is the address of an immutable static.
    #[must_use]
    pub const unsafe fn of_static(desc: *const ContractDesc) -> Self {
        Self(desc)
    }

    /// The descriptor.
    #[must_use]
    pub const fn get(self) -> &'static ContractDesc {
        // SAFETY: the constructor takes nothing but what is immutable and lives for ever.
        unsafe { &*self.0 }
    }
}

/// A field of a struct or variant, or one of the types that another of std is made of.
pub struct Member {
    /// The field's name; `0`, `1`, … in tuple structs; empty where there is no name.
    pub name: &'static str,
    /// Its type.
    pub ty: TypeRef,
    /// Where it lies in the wire form of its struct or variant, in bytes.
    pub offset: usize,
    /// Whether an older side may lack it, and gets the type's default; in structs that are sized only.
    pub optional: bool,
}

/// One variant of an enum.
#[derive(Clone, Copy)]
pub struct Variant {
    /// Its name.
    pub name: &'static str,
    /// The number that stands for it on the wire.
    pub tag: u32,
    /// Its fields.
    pub fields: &'static [Member],
}

/// The variants in ascending order of their tags: the place of one in the source means nothing.
#[must_use]
pub const fn by_tag<const N: usize>(mut variants: [Variant; N]) -> [Variant; N] {
    // By insertion, because most stand in order already.
    let mut sorted = 1;
    while sorted < N {
        let mut at = sorted;
        while at > 0 && variants[at - 1].tag > variants[at].tag {
            variants.swap(at - 1, at);
            at -= 1;
        }
        sorted += 1;
    }
    variants
}

/// How a method takes its object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Receiver {
    /// `&self`
    Shared = 0,
    /// `&mut self`
    Exclusive = 1,
}

/// One argument of a method.
pub struct Arg {
    /// Its name: for people, not part of the fingerprint.
    pub name: &'static str,
    /// Its type.
    pub ty: TypeRef,
}

/// A type that a signature names by a path of the author's own, and what rustc made of it: an alias shows here.
pub struct Mention {
    /// The type as it was written, as in `Id`.
    pub text: &'static str,
    /// What it is.
    pub ty: TypeRef,
}

/// What a method's fingerprint is computed from.
#[derive(Clone, Copy)]
pub struct Shape {
    /// How it takes its object.
    pub receiver: Receiver,
    /// Whether it is `async`.
    pub waiting: Waiting,
    /// Its arguments, in order, without the receiver.
    pub args: &'static [Arg],
    /// What it returns.
    pub ret: TypeRef,
    /// What it is where an eBPF object carries the contract: `hook(xdp)`, `table(hash, 1024)`; empty for what is called.
    pub role: &'static str,
}

/// One method of a contract.
#[derive(Clone, Copy)]
pub struct MethodDesc {
    /// Its name.
    pub name: &'static str,
    /// The id of the contract that it comes from, when that is one of the bases; empty for the contract's own.
    pub from: &'static str,
    /// Its signature in canonical text.
    pub signature: &'static str,
    /// What it was called once: a side that knows it by such a name binds to it.
    pub renamed_from: &'static [&'static str],
    /// The version of the contract that brought it.
    pub since: &'static str,
    /// Whether it has a default body, so that older plugins may lack it.
    pub optional: bool,
    /// Whether it has a [direct](crate::name::DIRECT) row beside its own.
    pub direct: bool,
    /// Its types.
    pub shape: &'static Shape,
    /// The paths its signature names.
    pub mentions: &'static [Mention],
    /// The hash of its shape and the contract's thread bounds.
    pub fingerprint: Fingerprint,
}

/// A whole contract.
#[derive(Clone, Copy)]
pub struct ContractDesc {
    /// Its identity, as in `acme.store`.
    pub id: &'static str,
    /// Its version: `major.minor.patch`.
    pub version: &'static str,
    /// The trait's name.
    pub name: &'static str,
    /// The package that declares it, and that package's version.
    pub package: Package,
    /// Whether the trait demands `Send`.
    pub send: bool,
    /// Whether the trait demands `Sync`.
    pub sync: bool,
    /// Whether `plugin-contract.lock` holds it.
    pub locked: bool,
    /// The contracts that it is built on, in source order.
    pub bases: &'static [BaseDesc],
    /// Its methods: those of its bases first, then its own, in source order.
    pub methods: &'static [MethodDesc],
    /// The hash over its methods, whatever their order.
    pub fingerprint: Fingerprint,
}

/// A contract that another one is built on: it is its supertrait.
pub struct BaseDesc {
    /// Tells its objects from every other type within one compilation.
    pub object: u128,
    /// Where its table lies in that of the other, in bytes.
    pub offset: usize,
    /// What it is.
    pub contract: &'static ContractDesc,
}

/// A cargo package.
#[derive(Clone, Copy)]
pub struct Package {
    /// Its name.
    pub name: &'static str,
    /// Its version.
    pub version: &'static str,
}
