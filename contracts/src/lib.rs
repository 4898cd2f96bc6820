//! What authors of plugin contracts and plugins use.
//!
//! A trait marked [`#[plugin_contract]`](macro@plugin_contract) is the single source of truth of a plugin boundary:
//!
//! ```
//! use plugin_contracts::{PluginType, plugin_contract};
//!
//! /// Why a lookup failed.
//! #[derive(Debug, Clone, PartialEq, PluginType)]
//! pub enum LookupError {
//!     /// There is nothing under the key.
//!     NotFound { key: String },
//! }
//!
//! /// Finds numbers by name.
//! #[plugin_contract(id = "example.lookup", version = "1.1.0")]
//! pub trait Lookup: Send + Sync {
//!     /// The number under `key`.
//!     fn find(&self, key: &str) -> Result<u64, LookupError>;
//!
//!     /// How many there are. Plugins built for 1.0 lack it and get this body.
//!     #[since("1.1.0")]
//!     fn len(&self) -> u64 {
//!         0
//!     }
//! }
//! # fn main() {}
//! ```
//!
//! # What crosses
//!
//! | in a signature | on the wire |
//! | --- | --- |
//! | integers, floats, `bool`, `char`, `()` | themselves; `bool` and `()` a byte, `char` a `u32` |
//! | `&str`, `&[T]` of plain data | pointer and length; an argument is lent for the call, a result for as long as the object |
//! | `&T`, `&[T]`, `Option<&T>` of other data (arguments only) | pointer to its wire form, in which what it owns is pointed to where it lies; the receiver copies, but for [`Buf`] and [`Text`] |
//! | `&mut T` of data (arguments only) | pointer to the wire form of a copy, which the receiver writes back, also when it panics |
//! | `&mut [T]` of plain data (arguments only) | the same, to be written to |
//! | `String`, `Vec<T>` | pointer, length, capacity and the function that frees it; copied, unless the memory is the receiver's |
//! | [`Buf`], [`Text`] | the same as `Vec<u8>` and `String`, which they are another view of: read in place, without a copy |
//! | [`Sink<'_>`](Sink) (arguments only) | a pointer to pointer, length, capacity, and the function by which its own side grows it |
//! | `Box<T>` | pointer to the value's wire form, and the function that frees it |
//! | `Option<T>`, `Result<T, E>` | `u32` tag and union |
//! | tuples of 2 to 12 | `repr(C)` struct of the members |
//! | `[T; N]`, where `N` is a number | the elements |
//! | `BTreeMap<K, V>`, `HashMap<K, V>` | a vector of pairs; a key that comes twice is refused |
//! | `BTreeSet<T>`, `HashSet<T>` | a vector; an item that comes twice is refused |
//! | `Duration`, `SystemTime` | seconds (since 1970) and nanoseconds, which stay below a second |
//! | `PathBuf`, `&Path` | its bytes, as a `Vec<u8>` or lent as a `&[u8]`: any on Unix, UTF-8 elsewhere |
//! | `IpAddr`, `Ipv4Addr`, `Ipv6Addr`, `SocketAddr` | octets; version; port, flow and scope |
//! | structs and enums with `#[derive(PluginType)]` | `repr(C)` mirror; enums as tag and union |
//! | … with parameters, as `Page<Item>` | the mirror of that instance, under that name |
//! | … `#[plugin(open)]`, `#[plugin(sized)]` | tag or number of fields, and a box with the mirror of the fields |
//! | … `#[plugin(plain)]` | their bytes, looked at where they lie: numbers, arrays of them, other plain structs |
//! | `Bytes`, `BytesMut` (feature `bytes`) | the same as `Vec<u8>`; what arrives as `Bytes` is read in place |
//! | `Uuid` (feature `uuid`) | its 16 bytes |
//! | `Value` (feature `serde_json`) | its JSON, as a `String`: up to 128 levels deep |
//! | `Method`, `Uri`, `HeaderName`, `HeaderValue`, `HeaderMap`, `StatusCode`, `Version`, `Request<T>`, `Response<T>` (feature `http`) | text; pairs; numbers; a struct of them and the body, without extensions |
//! | `Timestamp`, `SignedDuration`, `Date`, `Time`, `DateTime`, `Zoned` (feature `jiff`) | numbers; `Zoned` its RFC 9557 text, whose time zone the receiver must know |
//! | `Box<dyn C>`, `Arc<dyn C>` of a contract `C` | pointer and a table of its methods; the object is dropped where it was made |
//! | `&dyn C`, `&mut dyn C` (arguments only) | the same, lent for the call |
//! | `&dyn Fn(A) -> R`, `&mut dyn FnMut(A) -> R` (arguments only) | pointer and function, lent for the call |
//! | `Box<dyn Fn(A) -> R + Send + Sync>`, `FnMut`, `FnOnce`, also in fields, `Vec`, `Option`, `Result`, `Box`, tuples, arrays and as a map's values | pointer, function, and the function that drops it |
//! | `Box<dyn Iterator<Item = T> + '_>` | two words, and functions for the next item and the end |
//! | `async fn`, `Pin<Box<dyn Future<Output = T> + Send + '_>>` | two words, and functions that poll and drop; wakers are counted |
//! | `BoxStream<'_, T>` (feature `futures`) | the same |
//! | `kernel::Table<K, V>`, `kernel::PerCpu<K, V>`, `kernel::Events<T>` (feature `kernel`) | an object that has the bytes; which types they are of is compared as of any struct |
//!
//! Everything is checked where it arrives: UTF-8, tags, null pointers, lengths. A method takes `&self` or `&mut self`.
//!
//! # Contracts that are built on others
//!
//! A supertrait may be a contract, of this crate or another. A plugin implements both traits as they stand, and exports the one
//! that is built on the other; a host calls the methods of both, and a `&dyn Store` is a `&dyn Named` where one is wanted. Two
//! bases may be built on a third. On the wire and in the lock all methods are the contract's, each found by its name: so a base
//! may grow as any contract may, a method may move to a base of the same bounds, and no name may be there twice.
//!
//! One type calls the methods of every contract, and it is not of the contract's crate: an implementation for all types of some
//! trait of another crate, `impl<T: Display> Named for T`, is refused by rustc (E0119). For a trait of the crate's own, for
//! closures, and for `Box<T>` and the like it stands.
//!
//! ```
//! use plugin_contracts::plugin_contract;
//!
//! /// What has a name.
//! #[plugin_contract(id = "example.named", version = "1.0.0", unlocked)]
//! pub trait Named: Send + Sync {
//!     /// It.
//!     fn name(&self) -> String;
//! }
//!
//! /// Keeps values, under a name of its own.
//! #[plugin_contract(id = "example.store", version = "1.0.0", unlocked)]
//! pub trait Store: Named {
//!     /// The value under this key.
//!     fn get(&self, key: &str) -> Option<Vec<u8>>;
//! }
//!
//! struct Disk;
//!
//! impl Named for Disk {
//!     fn name(&self) -> String {
//!         "disk".to_owned()
//!     }
//! }
//!
//! impl Store for Disk {
//!     fn get(&self, _: &str) -> Option<Vec<u8>> {
//!         None
//!     }
//! }
//!
//! fn greet(named: &dyn Named) -> String {
//!     format!("hello, {}", named.name())
//! }
//!
//! # fn main() {
//! let store: &dyn Store = &Disk;
//! assert_eq!(greet(store), "hello, disk");
//! # }
//! ```
//!
//! # Objects, closures and methods that wait
//!
//! A contract may hand over objects of another, either way: sessions that a plugin opens, services that a host offers. The
//! methods of an object are found by name when it arrives, so its contract may grow like any other; whether whoever calls it
//! finds all it needs is checked when the plugin is loaded.
//!
//! An `async fn` of a contract is one of the implementation too, under [`#[plugin_impl]`](macro@plugin_impl). Nothing crosses
//! before the first poll; dropping the future drops the plugin's; a waker may fire from any thread, also when the future is
//! gone. No runtime is shared: `plugin_contracts::runtime`, by the feature of that name, is a
//! contract by which a host lends its own.
//!
//! ```
//! use plugin_contracts::{plugin_contract, plugin_impl};
//!
//! /// One connection.
//! #[plugin_contract(id = "example.session", version = "1.0.0", unlocked)]
//! pub trait Session: Send + Sync {
//!     /// Sends a line, and waits for the answer.
//!     async fn ask(&mut self, line: &str) -> Result<String, String>;
//! }
//!
//! /// Opens connections.
//! #[plugin_contract(id = "example.gateway", version = "1.0.0", unlocked)]
//! pub trait Gateway: Send + Sync {
//!     /// A new one; `closed` is called when it ends.
//!     fn open(&self, closed: Box<dyn FnOnce(u64) + Send>) -> Box<dyn Session>;
//!     /// Looks at every name until it hears `false`.
//!     fn each(&self, seen: &mut dyn FnMut(&str) -> bool);
//! }
//!
//! struct Echo;
//!
//! #[plugin_impl]
//! impl Session for Echo {
//!     async fn ask(&mut self, line: &str) -> Result<String, String> {
//!         Ok(line.to_owned())
//!     }
//! }
//! # fn main() {}
//! ```
//!
//! What cannot be checked is the plugin's duty, in whatever language it is written: what was lent is not kept when the call is
//! over, a waker is given back once, and a table of methods is what it says.

#![forbid(unsafe_code)]

// The macros print paths that begin with `::plugin_contracts`; here that is us.
extern crate self as plugin_contracts;

#[cfg(feature = "kernel")]
pub mod kernel;
#[cfg(feature = "mock")]
pub mod mock;
#[cfg(feature = "runtime")]
pub mod runtime;

// The public interface is:
pub use plugin_abi::{Buf, FaultKind, PluginContext, PluginFault, PluginType, Text};

/// A method that writes into its caller's vector:
///
/// ```
/// use plugin_contracts::{Sink, plugin_contract};
///
/// #[plugin_contract(id = "example.reader", version = "1.0.0")]
/// pub trait Reader {
///     fn read(&self, key: &str, out: Sink<'_>) -> bool;
/// }
///
/// struct Echo;
///
/// impl Reader for Echo {
///     fn read(&self, key: &str, mut out: Sink<'_>) -> bool {
///         out.write(key.as_bytes());
///         true
///     }
/// }
///
/// # fn main() {
/// let mut bytes = Vec::new();
/// assert!(Echo.read("key", Sink::new(&mut bytes)));
/// assert_eq!(bytes, b"key");
/// # }
/// ```
pub use plugin_abi::Sink;

/// A stream that is owned, as the crate `futures` has it: `BoxStream<'_, T>` as a result, `BoxStream<'static, T>` as an argument.
#[cfg(feature = "futures")]
pub use plugin_abi::{BoxStream, LocalBoxStream};

/// Makes a trait a contract: from it come the stub, the shim, the descriptor and, with `mock`, a mock.
///
/// `#[plugin_contract(id = "acme.store", version = "1.0.0")]`, where the id names the contract for ever and the version
/// is raised as the lock demands. May follow: `mock` (prints `MockStore`, compiled with the feature of that name),
/// `unlocked` (`plugin-contract.lock` is not asked for), `crate = path` (where `plugin_contracts` is, when renamed).
///
/// The trait keeps its docs, attributes and visibility. Supertraits may be `Send`, `Sync`, `'static` and other contracts. A trait
/// with `async` methods names `Send` and `Sync` itself, whatever its bases demand. A default body makes a method optional: a plugin that was built without it still loads. `#[since("1.1.0")]` says when it came, and
/// `#[renamed_from("old")]`, once or more, what it was called before: whoever was built with that name still finds it.
///
/// `#[plugin(nounwind)]` on a method leaves out what catches a panic on the plugin's side, about a nanosecond a call. A
/// panic in it ends the process, after its message was printed. It says something of the implementation, not of the
/// signature: each side may have it or not. Where both have it, the method takes `&self`, and its arguments and result are
/// integers of up to 64 bits or floats, written as such, it is called by a function that returns the number and nothing else.
/// It calls no code of its caller's: with a closure or an object as an argument it is refused.
///
/// `#[hook(xdp)]`, `#[event]`, `#[config]`, `#[table]` and `#[state]` on methods, with the feature `kernel`, make it a contract that
/// an eBPF object may carry too: see `plugin_contracts::kernel`.
///
/// What cannot cross is refused with a code (`P012`), the place, and what to write instead.
pub use plugin_macros::plugin_contract;

/// Lets an implementation of a contract have `async` methods: each becomes a function that returns its future in a box, as
/// the contract's trait has it. A method that the contract marks `#[plugin(local)]` is marked so here too.
///
/// ```
/// use plugin_contracts::{plugin_contract, plugin_impl};
///
/// #[plugin_contract(id = "example.fetch", version = "1.0.0", unlocked)]
/// pub trait Fetch: Send + Sync {
///     /// The page under this address.
///     async fn page(&self, address: &str) -> Result<String, String>;
/// }
///
/// struct Fixed;
///
/// #[plugin_impl]
/// impl Fetch for Fixed {
///     async fn page(&self, address: &str) -> Result<String, String> {
///         Ok(format!("nothing under {address}"))
///     }
/// }
/// # fn main() {}
/// ```
pub use plugin_macros::plugin_impl;

/// Lets a struct or an enum stand in a contract's signatures.
///
/// Every field must itself be a [`PluginType`](trait@PluginType). So must what the parameters of a generic type stand for; each
/// instance is a type of its own, named after them in the lock: `Page<Item>`. An enum's discriminants are its tags; without them
/// variants are counted from 0. Where a variant stands means nothing, its number does.
///
/// On the type may stand:
///
/// * `#[plugin(open)]`, on an enum that may gain variants. Its last one is `Unknown(u32)`: a variant that this side does not
///   know arrives as its number. It can be sent on, and whoever knows the variant refuses it when its fields are missing.
/// * `#[plugin(sized)]`, on a struct that may gain fields at its end. Fields with `#[plugin(default)]` may be missing, and are
///   then `Default::default()`; those that the other side does not know are dropped.
/// * `#[plugin(plain)]`, on a `#[repr(C)]` struct of numbers, arrays of them and other plain structs, without padding: it is not
///   converted, and slices of it are lent in place, as `&[T]` and `&mut [T]`. Its layout is part of the contract.
/// * `#[plugin(name = "Other")]`: the name under which it crosses, when a package has two types of one name.
/// * `#[plugin(crate = path)]`: where `plugin_contracts` is, when renamed.
///
/// Values of open enums and sized structs cost an allocation, unless they have no fields. To mark a type later is to make
/// another type of it.
///
/// ```
/// use plugin_contracts::PluginType;
///
/// #[derive(Debug, PluginType)]
/// #[plugin(open)]
/// pub enum Event {
///     Started,
///     Moved { to: String },
///     Unknown(u32),
/// }
///
/// #[derive(Debug, PluginType)]
/// #[plugin(sized)]
/// pub struct Limits {
///     pub most: u32,
///     #[plugin(default)]
///     pub notes: Vec<String>,
/// }
/// # fn main() {}
/// ```
pub use plugin_macros::PluginType;

/// Makes the crate a plugin, once per crate: `export_plugin!(dyn Store => Memory::new);`
///
/// The constructor is a `fn(&PluginContext) -> Result<Memory, impl Display>`. Several contracts of one object stand
/// before the arrow with commas between. The crate's type is `cdylib`, and `rlib` too if it is also linked in.
///
/// `export_plugin!(allocator = host, dyn Store => Memory::new);` gives the plugin a global allocator that is its host's: a
/// `Vec` of numbers or a `String` then moves from side to side without a copy, and `Plugin::live_bytes` says how much the
/// plugin has. What it allocates before a host connects, in ELF constructors say, lies in an arena of its own, which is never
/// freed. A program has one global allocator: such a crate is a shell of this one line around a library that has the code,
/// its type is `cdylib` and nothing else, and nothing links it. Its own unit tests have the usual allocator.
pub use plugin_macros::export_plugin;

/// What the macros print paths to. Not for people.
#[doc(hidden)]
pub mod __private {
    pub use core::any::Any;
    pub use core::borrow::Borrow;
    pub use core::default::Default;
    pub use core::fmt::Display;
    pub use core::future::Future;
    pub use core::marker::{Copy, PhantomData, Send, Sync};
    pub use core::mem::{drop, transmute};
    pub use core::ops::Fn;
    pub use core::option::Option::{self, None, Some};
    pub use core::pin::Pin;
    pub use core::ptr::NonNull;
    pub use core::result::Result::{self, Err, Ok};
    pub use std::boxed::Box;
    pub use std::clone::Clone;
    pub use std::sync::Arc;
    pub use std::vec::Vec;

    pub use plugin_abi::access::{Access, Boxed, Lent, LentMut};
    pub use plugin_abi::bases::{
        all_methods, all_rows, apart, count_inherited, count_rows, inherited, taken,
    };
    pub use plugin_abi::call::{Rejected, argument, rejected, respond};
    pub use plugin_abi::describe::{
        Arg, BaseDesc, ContractDesc, ContractRef, Kind, Member, Mention, MethodDesc, Package, Receiver,
        Shape, TypeDesc, TypeRef, Variant, Waiting, by_tag,
    };
    pub use plugin_abi::kernel::is_kernel_data;
    pub use plugin_abi::mock::{Control, export as export_mock};
    pub use plugin_abi::note::{Note, RecordDesc, RecordKind, length as note_length};
    pub use plugin_abi::wire::{
        Change, ChangeAbi, Elements, Function, Mirror, Mirrors, NoContract, Object, Objects, OpenAbi,
        OptionAbi, Payload, RawFunction, RawFuture, RawObject, RawSlice, RawVec, Reference, SizedAbi,
        cannot_be_lent, is_contract, lent, lent_mut, lent_option, lent_slice,
    };
    pub use plugin_abi::{
        Answer, Constructor, Contract, ContractTable, Deliver, DeliverByPanic, Export, ExportOf, Fingerprint,
        Hasher, Instance, InstanceName, Invalid, LentAllocator, Out, Plain, PluginType, PromisedField,
        PromisedMethod, PromisedType, PromisedVariant, Raw, Row, RowsFor, SAID, Sink, Stub, Unbound, Written,
        added, are_bases, borrows, first_false, has_changed, held, is_data, is_gone, otherwise, plain_bytes,
        plain_from_bytes, shows_as, told,
    };
}

/// Nothing, where the feature `kernel` is on.
#[cfg(feature = "kernel")]
#[doc(hidden)]
#[macro_export]
macro_rules! __needs_kernel {
    () => {};
}

/// Says what is missing, where the feature `kernel` is off.
#[cfg(not(feature = "kernel"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __needs_kernel {
    () => {
        ::core::compile_error!(
            "a contract with hooks, events, constants or tables needs `plugin-contracts` with the feature `kernel`"
        );
    };
}

/// Keeps a mock's tokens when the feature `mock` is on.
#[cfg(feature = "mock")]
#[doc(hidden)]
#[macro_export]
macro_rules! __if_mock {
    ($($tokens:tt)*) => { $($tokens)* };
}

/// Drops a mock's tokens when the feature `mock` is off.
#[cfg(not(feature = "mock"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __if_mock {
    ($($tokens:tt)*) => {};
}
