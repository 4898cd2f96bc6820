//! The one static that a plugin exports, and the functions behind it.
//!
//! In: a constructor and the rows of its contracts. Out: [`Export`]. It does not know what a host does with it.

use alloc::boxed::Box;
use alloc::string::ToString as _;
use core::fmt::Display;
use core::mem::ManuallyDrop;
use core::sync::atomic::{AtomicPtr, Ordering};

use crate::access::Value;
use crate::call::{self, Out, Status};
use crate::context::{ContextAbi, PluginContext};
use crate::fault::joined;
use crate::wire::RawSlice;
use crate::{ExportOf, Fingerprint, Memory, REVISION, RowsFor};

/// How every export begins.
pub const MAGIC: [u8; 8] = *b"\x7fPLUGIN\n";

/// The static behind a plugin's one symbol. It may grow at its end: `size` says how far it goes.
#[repr(C)]
pub struct Export {
    /// [`MAGIC`].
    pub magic: [u8; 8],
    /// [`REVISION`].
    pub revision: u32,
    /// The size of this struct in bytes, on the plugin's side.
    pub size: u32,
    /// One table for each contract that the plugin's object implements.
    pub contracts: RawSlice<ContractTable>,
    /// Tells the plugin about its host: called once, before anything else.
    pub connect: unsafe extern "C" fn(host: *const HostServices) -> Status,
    /// Makes an object. After [`Status::OK`] the pointer is to be given to `destroy` once; after anything else there is
    /// a text.
    pub create: unsafe extern "C" fn(
        export: *const Self,
        context: *const ContextAbi,
        out: *mut Out<*mut ()>,
    ) -> Status,
    /// Drops an object.
    pub destroy: unsafe extern "C" fn(object: *mut (), out: *mut Out<u8>) -> Status,
    /// The author's constructor; only `create` knows its type.
    constructor: *const (),
    /// The name of the plugin's crate, UTF-8: for people.
    pub name: RawSlice<u8>,
    /// What else there is to know, such as [`LENT`](Self::LENT). An export that ends before it has none.
    pub flags: u64,
}

// SAFETY: an export is immutable and points to functions and statics only.
unsafe impl Sync for Export {}

/// One contract's shims.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct ContractTable {
    /// The contract's id, UTF-8.
    pub id: RawSlice<u8>,
    /// Its methods.
    pub rows: RawSlice<Row>,
}

/// One method's shim.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Row {
    /// The method's name, UTF-8.
    pub name: RawSlice<u8>,
    /// Its fingerprint, low half first.
    pub fingerprint: [u64; 2],
    /// The shim: an `extern "C"` function whose type follows from the fingerprint.
    pub call: *const (),
}

// SAFETY: a row is immutable and points to a function and a static text.
unsafe impl Sync for Row {}
// SAFETY: as above.
unsafe impl Send for Row {}

impl Row {
    /// A row for a shim.
    #[must_use]
    pub const fn new(name: &'static str, fingerprint: Fingerprint, call: *const ()) -> Self {
        Self { name: RawSlice::new(name.as_bytes()), fingerprint: fingerprint.halves(), call }
    }

    /// A second row for a method that [ends in one way only](crate::describe::MethodDesc::direct): its function takes the object and
    /// the arguments, and returns the result, without a status and a place for faults. Under a name that no method has, so that
    /// whoever does not know such rows passes them by; and null where calls may end otherwise all the same, as those of mocks.
    #[must_use]
    pub const fn direct(name: &'static str, fingerprint: Fingerprint, call: Option<*const ()>) -> Self {
        let call = match call {
            Some(call) => call,
            None => core::ptr::null(),
        };
        Self::new(name, fingerprint, call)
    }

    /// Whether another one has the same name.
    ///
    /// # Safety
    /// Both were made by `new`.
    pub(crate) const unsafe fn is_named_as(&self, other: &Self) -> bool {
        if self.name.len != other.name.len {
            return false;
        }
        // SAFETY: `new` had pointer and length of a text that lives for ever.
        let name = unsafe { core::slice::from_raw_parts(self.name.ptr, self.name.len) };
        // SAFETY: as above.
        let others = unsafe { core::slice::from_raw_parts(other.name.ptr, other.name.len) };
        let mut at = 0;
        while at < name.len() && name[at] == others[at] {
            at += 1;
        }
        at == name.len()
    }
}

impl ContractTable {
    /// The table of contract `C` for objects of type `T`.
    #[must_use]
    pub const fn of<C: ?Sized + ExportOf<T>, T>() -> Self {
        let rows = <C as RowsFor<Value<T>>>::ROWS;
        Self { id: RawSlice::new(C::DESC.id.as_bytes()), rows: RawSlice::new(rows) }
    }
}

/// What a host tells its plugins. It may grow at its end: `size` says how far it goes.
#[repr(C)]
pub struct HostServices {
    /// The size of this struct in bytes, on the host's side.
    pub size: usize,
    /// Whether the calling thread has ever called into a plugin: 1 or 0. A plugin's own threads have not.
    pub is_caller: extern "C" fn() -> u8,
    /// The address of `std::panic::take_hook` on the host's side. A plugin that has the same shares the host's std, and
    /// its panic hook is the host's own.
    pub take_hook: *const (),
    /// The memory for a plugin whose export says [`Export::LENT`], there for good; else null.
    pub memory: *const Memory,
}

#[cfg(feature = "std")]
impl HostServices {
    /// The services of this process.
    #[must_use]
    pub fn new() -> Self {
        let take_hook = crate::panic::take_hook();
        Self { size: size_of::<Self>(), is_caller: crate::is_caller, take_hook, memory: core::ptr::null() }
    }

    /// The same, with memory for the plugin that is told.
    #[must_use]
    pub fn lending(self, memory: &'static Memory) -> Self {
        Self { memory, ..self }
    }
}

#[cfg(feature = "std")]
impl Default for HostServices {
    fn default() -> Self {
        Self::new()
    }
}

/// What a plugin's constructor looks like.
pub type Constructor<T, E> = fn(&PluginContext) -> Result<T, E>;

impl Export {
    /// How far an export goes at least.
    pub const LEAST: usize = core::mem::offset_of!(Self, flags);

    /// Flag: the plugin allocates with its host's memory.
    pub const LENT: u64 = 1;

    /// The same, of a library whose global allocator is [`LentAllocator`](crate::LentAllocator).
    #[cfg(feature = "std")]
    #[must_use]
    pub const fn lent(self) -> Self {
        Self { flags: self.flags | Self::LENT, connect: connect_lent, ..self }
    }

    /// The export of a plugin.
    ///
    /// # Safety
    /// `contracts` are the tables for objects of this very type `T`.
    #[must_use]
    pub const unsafe fn new<T: 'static, E: Display>(
        name: &'static str,
        contracts: &'static [ContractTable],
        constructor: Constructor<T, E>,
    ) -> Self {
        Self {
            magic: MAGIC,
            revision: REVISION,
            size: size_of::<Self>() as u32,
            contracts: RawSlice::new(contracts),
            connect,
            create: create::<T, E>,
            destroy: destroy::<T>,
            constructor: constructor as *const (),
            name: RawSlice::new(name.as_bytes()),
            flags: 0,
        }
    }
}

/// The plugin that this library is, once its constructor was called; a host has none.
static SELF: AtomicPtr<Export> = AtomicPtr::new(core::ptr::null_mut());

/// The name of this library, for whoever has an object of it.
#[cfg(feature = "std")]
pub(crate) extern "C" fn origin() -> RawSlice<u8> {
    // SAFETY: `create` put the address of an export there, which is a static of this very library.
    let export = unsafe { SELF.load(Ordering::Relaxed).as_ref() };
    export.map_or(RawSlice::new(b"host"), |export| export.name)
}

/// Connects first and takes the host's memory then: what stays for good, as the hook does, is not counted as somebody's.
#[cfg(feature = "std")]
#[inline]
unsafe extern "C" fn connect_lent(host: *const HostServices) -> Status {
    // SAFETY: the caller's promise is the same.
    let status = unsafe { connect(host) };
    // SAFETY: as above; what a host lends is there for good.
    unsafe { crate::lent::connect(host) };
    status
}

unsafe extern "C" fn connect(host: *const HostServices) -> Status {
    #[cfg(feature = "std")]
    {
        // SAFETY: the host lends its services for the length of the call, and every host has this.
        let is_caller = unsafe { (*host).is_caller };
        // SAFETY: as above.
        let take_hook = unsafe { (*host).take_hook };
        crate::panic::install(is_caller, take_hook);
    }
    #[cfg(not(feature = "std"))]
    let _ = host;
    Status::OK
}

unsafe extern "C" fn create<T: 'static, E: Display>(
    export: *const Export,
    context: *const ContextAbi,
    out: *mut Out<*mut ()>,
) -> Status {
    SELF.store(export.cast_mut(), Ordering::Relaxed);
    let construct = || {
        // SAFETY: the host lends its context for the length of the call.
        let context = unsafe { &*context };
        // SAFETY: as above; a constructor gets a reference to it.
        let context = call::rejected("config", unsafe { PluginContext::from_abi(context) });
        let context = match &context {
            Ok(context) => context,
            // SAFETY: the host promises that `out` may be written.
            Err(rejected) => return unsafe { call::refuse(out.cast(), rejected) },
        };
        // SAFETY: the host passes the export whose `create` this is.
        let constructor = unsafe { (*export).constructor };
        // SAFETY: `Export::new` put a `Constructor` of these very `T` and `E` beside `create::<T, E>`.
        let constructor = unsafe { core::mem::transmute::<*const (), Constructor<T, E>>(constructor) };
        match constructor(context) {
            Ok(object) => {
                // Without a way to drop it, should there be no memory: the process ends then.
                let value = Box::into_raw(Box::new(ManuallyDrop::new(object))).cast();
                // SAFETY: the host promises that `out` may be written.
                unsafe { out.write(Out { value }) };
                Status::OK
            }
            // SAFETY: as above.
            Err(error) => unsafe { call::fail(out.cast(), Status::ERROR, joined(&[&error.to_string()])) },
        }
    };
    // SAFETY: as above.
    unsafe { call::guard_status(out.cast(), construct) }
}

unsafe extern "C" fn destroy<T: 'static>(object: *mut (), out: *mut Out<u8>) -> Status {
    let drop_it = || {
        // SAFETY: `create::<T, _>` made the pointer from a box, and the host gives it back once.
        drop(unsafe { Box::from_raw(object.cast::<T>()) });
        Ok(())
    };
    // SAFETY: the host promises that `out` may be written.
    unsafe { call::guard(out, drop_it) }
}
