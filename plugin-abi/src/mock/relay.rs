//! A library that hands every call on to an object of the test process.
//!
//! In: the object's address, over [`Control`]. Out: an [`Export`] as any plugin has one. It does not know which contract it is,
//! nor what the objects do.

use std::boxed::Box;
use std::cell::UnsafeCell;
use std::convert::Infallible;
use std::ffi::c_void;
use std::marker::PhantomData;
use std::mem::MaybeUninit;
use std::string::String;
use std::vec::Vec;

use super::desk::{Desk, Targets};
use super::{Mocked, StandIn, end, end_as};
use crate::access::Access;
use crate::call::{self, Out};
use crate::context::{ContextAbi, PairAbi, PluginContext};
use crate::fault::{joined, shown};
use crate::instance::text_of;
use crate::wire::{ObjectTable, PluginType, RawObject, RawSlice, receive, release};
use crate::{Contract, ContractTable, Export, FaultKind, RowsFor, Status};

/// How every control begins.
pub const MAGIC: [u8; 8] = *b"\x7fPLGMOCK";

/// The static behind a mock's second symbol. It may grow at its end: `size` says how far it goes.
#[repr(C)]
pub struct Control {
    /// [`MAGIC`].
    pub magic: [u8; 8],
    /// The size of this struct in bytes, on the library's side.
    pub size: usize,
    /// From now on objects of these answer; nobody does when it is null. What it points to is moved.
    pub answer: unsafe extern "C" fn(answers: *mut Answers),
}

// SAFETY: a control is immutable and points to a function.
unsafe impl Sync for Control {}

impl Control {
    /// The control of this library.
    #[must_use]
    #[allow(clippy::new_without_default, reason = "there is one a library")]
    pub const fn new() -> Self {
        Self { magic: MAGIC, size: size_of::<Self>(), answer }
    }
}

/// Who makes objects for a library, one for each instance that a host has of it. It may grow at its end.
#[repr(C)]
pub struct Answers {
    /// The size of this struct in bytes, on the test's side.
    size: usize,
    state: *mut c_void,
    make: unsafe extern "C" fn(
        state: *const c_void,
        context: *const ContextAbi,
        out: *mut Out<RawObject>,
    ) -> Status,
    release: unsafe extern "C" fn(state: *mut c_void),
}

// SAFETY: behind `state` is what `new` took, which is both.
unsafe impl Send for Answers {}
// SAFETY: as above.
unsafe impl Sync for Answers {}

type Make<C> = Box<dyn Fn(&PluginContext) -> Box<C> + Send + Sync>;

impl Answers {
    /// Objects of a contract, made by this.
    #[must_use]
    pub fn new<C: ?Sized + Contract + RowsFor<Mocked<C>>>(make: Make<C>) -> Self {
        let state = Box::into_raw(Box::new(make)).cast();
        Self { size: size_of::<Self>(), state, make: make_object::<C>, release: drop_make::<C> }
    }
}

impl Drop for Answers {
    fn drop(&mut self) {
        // SAFETY: the function came with the state, which nobody else gives back.
        unsafe { (self.release)(self.state) };
    }
}

/// An object's wire form as a result. It stands in no signature, so it needs no descriptor of its own.
struct Made(RawObject);

// SAFETY: it is its own wire form.
unsafe impl PluginType for Made {
    type Abi = RawObject;
    const ID: u128 = 0;
    const DESC: crate::describe::TypeRef = <usize as PluginType>::DESC;

    fn into_abi(self) -> RawObject {
        self.0
    }

    unsafe fn from_abi(abi: RawObject) -> Result<Self, crate::Invalid> {
        Ok(Self(abi))
    }
}

unsafe extern "C" fn make_object<C: ?Sized + Contract + RowsFor<Mocked<C>>>(
    state: *const c_void,
    context: *const ContextAbi,
    out: *mut Out<RawObject>,
) -> Status {
    let body = || {
        // SAFETY: `new` put such a box there, and the library has not given it back.
        let make = unsafe { &*state.cast::<Make<C>>() };
        // SAFETY: the library lends it for the call.
        let context = unsafe { &*context };
        // SAFETY: as above.
        let context = call::rejected("config", unsafe { PluginContext::from_abi(context) })?;
        let object = Box::into_raw(Box::new(make(&context))).cast();
        let table = const { &ObjectTable::of::<C, Mocked<C>>(Some(release::<Box<C>>)) };
        Ok(Made(RawObject { object, table }))
    };
    // SAFETY: the library passes a place for the object.
    unsafe { call::guard(out, body) }
}

unsafe extern "C" fn drop_make<C: ?Sized>(state: *mut c_void) {
    // SAFETY: `new` made the pointer from such a box, and it is given back once.
    drop(unsafe { Box::from_raw(state.cast::<Make<C>>()) });
}

crate::sync::shared! {
    /// Who answers for this library.
    static DESK: Desk<Answers> = Desk::new();
}

#[inline]
unsafe extern "C" fn answer(answers: *mut Answers) {
    // SAFETY: the caller moves what is there, unless it is null.
    let answers = (!answers.is_null()).then(|| unsafe { answers.read() });
    // Of another revision nothing is known but where its size stands.
    let answers = answers.filter(|answers| answers.size >= size_of::<Answers>());
    DESK.change(answers);
}

/// What this library's constructor makes: an object that is asked for when it is called.
pub struct Relayed<C: ?Sized + Contract> {
    config: Vec<(String, String)>,
    targets: Targets<C::Object>,
}

impl<C: ?Sized + Contract> Relayed<C> {
    #[allow(clippy::unnecessary_wraps, reason = "it is a constructor")]
    fn new(context: &PluginContext) -> Result<Self, Infallible> {
        let config = context.pairs().map(|(key, value)| (key.into(), value.into())).collect();
        Ok(Self { config, targets: Targets::new() })
    }

    /// The object to call. Where nobody answers, the call ends.
    #[inline]
    fn target(&self) -> &UnsafeCell<C::Object> {
        self.targets.get(&DESK, |answers| match answers {
            Some(answers) => self.make(answers),
            None => {
                let why = "this library is a mock of `";
                let cure =
                    "`, and nobody answers for it: let `MockPlugin::program` say who does, and keep what it is called on";
                end(FaultKind::Passed, joined(&[why, C::DESC.id, cure]).into())
            }
        })
    }

    fn make(&self, answers: &Answers) -> C::Object {
        let lend = |text: &str| RawSlice::new(text.as_bytes());
        let pairs: Vec<_> =
            self.config.iter().map(|(key, value)| PairAbi { key: lend(key), value: lend(value) }).collect();
        let context = ContextAbi { size: size_of::<ContextAbi>(), config: RawSlice::new(&pairs) };
        let mut out = MaybeUninit::<Out<RawObject>>::uninit();
        // SAFETY: the function came with the state; everything is lent for the call.
        let status = unsafe { (answers.make)(answers.state, &raw const context, out.as_mut_ptr()) };
        if status != Status::OK {
            // SAFETY: what the status says was written.
            end_as(status, unsafe { text_of(status, out.as_ptr().cast()) });
        }
        // SAFETY: the status says that an object was written.
        let made = unsafe { out.as_ptr().cast::<RawObject>().read() };
        // SAFETY: it is of this contract: whoever programs a mock has compared the fingerprints of every method.
        let object = unsafe { receive::<C>(made, crate::Instance::through) };
        object.unwrap_or_else(|invalid| {
            end(FaultKind::Passed, joined(&["the mock's object: ", &shown(&invalid)]).into())
        })
    }
}

/// A `*mut Relayed<C>`.
pub struct Relays<C: ?Sized>(PhantomData<fn() -> Box<C>>);

/// The same, whose calls end as the test's objects like.
pub type Relay<C> = StandIn<Relays<C>>;

// SAFETY: the pointer is followed, and then what the relay has; every instance has its own.
unsafe impl<C: ?Sized + Contract> Access for Relays<C> {
    type Target = C;

    unsafe fn shared<'a>(object: *mut ()) -> &'a C {
        // SAFETY: the caller promises a `*mut Relayed<C>` that can be borrowed.
        let relayed = unsafe { &*object.cast::<Relayed<C>>() };
        // SAFETY: nobody has the object exclusively, says the caller.
        C::object_ref(unsafe { &*relayed.target().get() })
    }

    unsafe fn exclusive<'a>(object: *mut ()) -> Option<&'a mut C> {
        // SAFETY: as above.
        let relayed = unsafe { &*object.cast::<Relayed<C>>() };
        // SAFETY: nobody else has the object, says the caller.
        Some(C::object_mut(unsafe { &mut *relayed.target().get() }))
    }
}

impl ContractTable {
    /// The table of contract `C` for a library that hands its calls on.
    #[must_use]
    pub const fn relayed<C: ?Sized + Contract + RowsFor<Relay<C>>>() -> Self {
        let rows = <C as RowsFor<Relay<C>>>::ROWS;
        Self { id: RawSlice::new(C::DESC.id.as_bytes()), rows: RawSlice::new(rows) }
    }
}

/// The export of a library that hands its calls on.
///
/// # Safety
/// `contracts` is [`ContractTable::relayed`] of `C`.
#[must_use]
pub const unsafe fn export<C: ?Sized + Contract>(
    name: &'static str,
    contracts: &'static [ContractTable],
) -> Export {
    // SAFETY: the table is for `Relayed<C>`, says the caller.
    unsafe { Export::new::<Relayed<C>, Infallible>(name, contracts, Relayed::<C>::new) }
}
