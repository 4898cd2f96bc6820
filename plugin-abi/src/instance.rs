//! One object of the other side: who destroys it, whether it is poisoned, and what became of a call of it.
//!
//! In: an object and its destructor, from an export or as it came over the boundary; statuses and what was written. Out:
//! results and [`PluginFault`]s. It does not know where the object came from, only that its code outlives it.

use std::borrow::Cow;
use std::mem::MaybeUninit;

use crate::call::{Answer, Out, Status};
use crate::fault::{joined, shown};
use crate::once::OnceBox;
use crate::panic::complain;
use crate::restart::{Construct, Inside, OnPanic, Refused, Replace, Restart};
use crate::stub::note_caller;
use crate::sync::atomic::{AtomicBool, Ordering};
use crate::wire::{PluginType, RawSlice, RawVec};
use crate::{FaultKind, PluginFault};

/// One object of a plugin. Dropping the last handle destroys it.
pub struct Instance {
    pub(crate) object: *mut (),
    destroy: Option<unsafe extern "C" fn(*mut (), *mut Out<u8>) -> Status>,
    /// Whether a call must ask before it enters: always when the object may be replaced.
    poisoned: AtomicBool,
    fault: OnceBox<PluginFault>,
    keep: bool,
    /// What is wrong with a call of it is wrong with the call that this side is in, and said in the same words.
    through: bool,
    // Boxed, because an instance lies in every object that crosses.
    restart: Option<Box<dyn Replace>>,
    plugin: Name,
    contract: &'static str,
}

/// A call that is not made before the instance was asked.
pub(crate) struct Asked<'a, T: Copy, F> {
    pub(crate) method: &'static str,
    pub(crate) out: &'a mut MaybeUninit<Out<T>>,
    pub(crate) call: F,
}

/// Whose object it is.
enum Name {
    /// The host's name for a plugin.
    Given(String),
    /// The name that the other side has for itself.
    Asked(Option<extern "C" fn() -> RawSlice<u8>>),
}

impl Name {
    #[inline]
    fn text(&self) -> Cow<'_, str> {
        match self {
            Self::Given(name) => name.into(),
            Self::Asked(None) => "without a name".into(),
            // SAFETY: the name is a static of the other side, which lives as long as its code.
            Self::Asked(Some(origin)) => match unsafe { <&str>::from_abi(origin()) } {
                Ok(name) => name.into(),
                Err(_) => "with a name that is not UTF-8".into(),
            },
        }
    }
}

// SAFETY: the object is touched through stubs, which are `Send` and `Sync` only when the contract's trait is, and by
// `destroy`, which runs where the last handle is dropped: a holder on another thread is a stub that was `Send`.
unsafe impl Send for Instance {}
// SAFETY: as above; the other fields are `Sync`.
unsafe impl Sync for Instance {}

impl Instance {
    /// Takes an object over.
    ///
    /// # Safety
    /// `object` came from the `create` beside `destroy`, nobody else destroys it, and the plugin's image outlives this.
    #[must_use]
    #[inline]
    pub unsafe fn new(
        object: *mut (),
        destroy: unsafe extern "C" fn(*mut (), *mut Out<u8>) -> Status,
        plugin: String,
        contract: &'static str,
    ) -> Self {
        let poisoned = AtomicBool::new(false);
        let (fault, keep, restart) = (OnceBox::new(), false, None);
        let plugin = Name::Given(plugin);
        let through = false;
        Self { object, destroy: Some(destroy), poisoned, fault, keep, through, restart, plugin, contract }
    }

    /// Says what a panic does to the instance; before its first call.
    ///
    /// # Safety
    /// What `construct` makes is as `new` demands of the first object, and of the same type.
    #[must_use]
    #[inline]
    pub unsafe fn on_panic(mut self, policy: OnPanic, construct: Construct) -> Self {
        match policy {
            OnPanic::Fail => {}
            OnPanic::Keep => self.keep = true,
            OnPanic::Restart { at_most } => {
                self.restart = Some(Box::new(Restart::new(self.object, at_most, construct)));
                self.poisoned = AtomicBool::new(true);
            }
        }
        self
    }

    /// Takes over an object that came over the boundary, or borrows it when it has no destructor.
    ///
    /// # Safety
    /// As for [`new`](Self::new): `destroy` and `origin` came with the object.
    #[inline]
    pub(crate) unsafe fn received(
        object: *mut (),
        destroy: Option<unsafe extern "C" fn(*mut (), *mut Out<u8>) -> Status>,
        origin: Option<extern "C" fn() -> RawSlice<u8>>,
        contract: &'static str,
    ) -> Self {
        let plugin = Name::Asked(origin);
        let (fault, keep, restart) = (OnceBox::new(), false, None);
        let (poisoned, through) = (AtomicBool::new(false), false);
        Self { object, destroy, poisoned, fault, keep, through, restart, plugin, contract }
    }

    /// Says that its faults are those of the call that asks it, which ends as it did.
    #[inline]
    pub(crate) fn through(mut self) -> Self {
        self.through = true;
        self
    }

    /// The fault that poisoned the instance, if one did.
    #[must_use]
    #[inline]
    pub fn poison(&self) -> Option<&PluginFault> {
        // Calls read the flag without order. Read again like this, whoever saw it sees the fault behind it.
        let _ = self.poisoned.load(Ordering::Acquire);
        self.fault.get()
    }

    /// Destroys the object now, and says whether that went well.
    ///
    /// # Errors
    /// The destructor panicked; what it had not dropped by then is lost.
    #[inline]
    pub fn destroy(mut self) -> Result<(), PluginFault> {
        self.destroy_once()
    }

    #[inline]
    fn destroy_once(&mut self) -> Result<(), PluginFault> {
        let Some(destroy) = self.destroy.take() else { return Ok(()) };
        let object = match &self.restart {
            None => self.object,
            Some(restart) => match restart.take_object() {
                Some(object) => object,
                None => return Ok(()),
            },
        };
        // SAFETY: `new`'s caller promised that the object is ours to destroy; `take` makes it once.
        unsafe { self.destroy_object(destroy, object) }
    }

    /// # Safety
    /// The object came from the `create` beside `destroy`, and nobody else destroys it.
    #[inline]
    unsafe fn destroy_object(
        &self,
        destroy: unsafe extern "C" fn(*mut (), *mut Out<u8>) -> Status,
        object: *mut (),
    ) -> Result<(), PluginFault> {
        note_caller();
        let mut out = MaybeUninit::uninit();
        // SAFETY: the caller's promise is the same.
        let status = unsafe { destroy(object, out.as_mut_ptr()) };
        if status == Status::OK {
            return Ok(());
        }
        // SAFETY: `destroy` wrote what its status says.
        Err(unsafe { self.fault("drop", status, out.as_ptr().cast()) })
    }

    /// What a status other than `OK` means.
    ///
    /// # Safety
    /// `text` was written as `status` says, and is read here only.
    #[cold]
    #[inline]
    unsafe fn fault(&self, method: &'static str, status: Status, text: *const RawVec<u8>) -> PluginFault {
        let kind = match status {
            Status::PANICKED => FaultKind::Panicked,
            Status::PASSED => FaultKind::Passed,
            Status::ERROR => FaultKind::InvalidArgument,
            Status::INVALID => FaultKind::InvalidResult,
            _ => FaultKind::Unsupported,
        };
        let message = match status {
            Status::UNSUPPORTED => String::new(),
            // SAFETY: the caller's promise is the same.
            _ => unsafe { text_of(status, text) },
        };
        self.fault_of(kind, method, message)
    }

    #[cold]
    #[inline]
    fn fault_of(&self, kind: FaultKind, method: &'static str, message: String) -> PluginFault {
        PluginFault {
            kind,
            plugin: self.plugin.text().into_owned(),
            contract: self.contract,
            method,
            message,
        }
    }

    /// Does what a panic does to the instance: poisons it, as a rule. The first fault is remembered; each caller hears of
    /// its own.
    #[cold]
    #[inline]
    fn poison_with(&self, fault: PluginFault) -> Box<PluginFault> {
        let fault = Box::new(fault);
        match &self.restart {
            Some(restart) => restart.broke(&fault),
            None if self.keep => {}
            None => {
                self.fault.get_or_set(fault.clone());
                self.poisoned.store(true, Ordering::Release);
            }
        }
        fault
    }

    /// That a poisoned instance is not asked.
    #[cold]
    #[inline]
    pub(crate) fn refuse_poisoned(&self, method: &'static str) -> Box<PluginFault> {
        self.refuse(method, self.poison(), "")
    }

    #[cold]
    #[inline]
    fn refuse(&self, method: &'static str, after: Option<&PluginFault>, why: &str) -> Box<PluginFault> {
        let text = match after {
            None => joined(&[why]).into(),
            Some(first) => {
                let and = if why.is_empty() { "" } else { "; " };
                joined(&["`", first.method, "` failed before: ", &first.message, and, why]).into()
            }
        };
        Box::new(self.fault_of(FaultKind::Poisoned, method, text))
    }
}

impl Drop for Instance {
    #[inline]
    fn drop(&mut self) {
        // Nobody is left to tell: `Plugin::close` is the way to hear of it. Silence would hide a leak.
        if let Err(fault) = self.destroy_once() {
            complain("", &fault.to_string());
        }
    }
}

/// The text that a status other than `OK` comes with: it begins where an [`Out`] does.
///
/// # Safety
/// `text` was written as `status` says, and is read here only.
#[cold]
#[inline]
pub(crate) unsafe fn text_of(status: Status, text: *const RawVec<u8>) -> String {
    if !status.has_text() {
        return joined(&["status ", &shown(&status.0)]).into();
    }
    // SAFETY: the status says that a text was written.
    let text = unsafe { text.read() };
    // SAFETY: it was written as a `String` crosses, and is read once.
    unsafe { String::from_abi(text) }
        .unwrap_or_else(|invalid| joined(&["a text that cannot be shown: ", &shown(&invalid)]).into())
}

impl Instance {
    /// Whether a fault poisoned it.
    #[inline]
    pub(crate) fn is_poisoned(&self) -> bool {
        self.poisoned.load(Ordering::Relaxed)
    }

    /// What came of a call.
    ///
    /// # Safety
    /// `out` was written as `status` says, from an `R` of the same fingerprint, and is read here only.
    #[inline]
    pub(crate) unsafe fn ended<R: PluginType>(
        &self,
        method: &'static str,
        status: Status,
        out: &MaybeUninit<Out<R::Abi>>,
    ) -> Result<R, Box<PluginFault>> {
        if status != Status::OK {
            // SAFETY: the caller's promise is the same.
            return Err(unsafe { self.failed(method, status, out.as_ptr().cast()) });
        }
        // SAFETY: the status says that the result was written.
        unsafe { self.taken(method, out) }
    }

    /// The result of a call that went well.
    ///
    /// # Safety
    /// `out` holds the wire form of an `R` of the same fingerprint, and is read here only.
    #[inline]
    pub(crate) unsafe fn taken<R: PluginType>(
        &self,
        method: &'static str,
        out: &MaybeUninit<Out<R::Abi>>,
    ) -> Result<R, Box<PluginFault>> {
        // SAFETY: the caller says that the result was written.
        let value = unsafe { out.as_ptr().cast::<R::Abi>().read() };
        // SAFETY: it was made from an `R` of the same fingerprint; it is read once.
        match unsafe { R::from_abi(value) } {
            Ok(value) => Ok(value),
            Err(invalid) => Err(self.bad_result(method, invalid)),
        }
    }

    /// The call when the flag is up: of an instance that is poisoned, or whose object may be replaced. Unless there is a fault
    /// the result was written.
    ///
    /// # Safety
    /// As for [`Raw::call`](crate::Raw::call).
    #[cold]
    #[inline(never)]
    pub(crate) unsafe fn ask<T: Copy, F: FnOnce(*mut (), *mut Out<T>) -> Answer>(
        &self,
        Asked { method, out, call }: Asked<'_, T, F>,
    ) -> Option<Box<PluginFault>> {
        let inside = match self.enter(method) {
            Ok(inside) => inside,
            Err(refused) => return Some(refused),
        };
        note_caller();
        let answer = call(inside.object, out.as_mut_ptr());
        // SAFETY: the shim answered so, and knows its result's type.
        let status = unsafe { answer.put(out) };
        if status == Status::OK {
            inside.went_well();
            return None;
        }
        // Still inside: nobody may enter before the object is known to be broken.
        // SAFETY: the shim wrote what its status says.
        Some(unsafe { self.failed(method, status, out.as_ptr().cast()) })
    }

    #[cold]
    #[inline]
    fn enter(&self, method: &'static str) -> Result<Inside<'_>, Box<PluginFault>> {
        let (Some(restart), Some(destroy)) = (&self.restart, self.destroy) else {
            return Err(self.refuse(method, self.poison(), ""));
        };
        // SAFETY: the callers of `new` and `on_panic` promised so of every object; each is handed over once.
        let destroy = |object| unsafe { self.destroy_object(destroy, object) };
        restart.enter(&destroy).map_err(|refused| match refused {
            Refused::GivenUp(last) => {
                let first = last.map(|last| self.fault.get_or_set(Box::new(last)));
                self.refuse(method, first, "it was constructed again as often as it may be")
            }
            Refused::Now(last, why) => self.refuse(method, last.as_ref(), &why),
        })
    }

    /// # Safety
    /// `text` was written as `status` says, and is read here only.
    #[cold]
    #[inline]
    pub(crate) unsafe fn failed(
        &self,
        method: &'static str,
        status: Status,
        text: *const RawVec<u8>,
    ) -> Box<PluginFault> {
        if self.through {
            // SAFETY: the caller's promise is the same.
            crate::mock::end_as(status, unsafe { text_of(status, text) });
        }
        // SAFETY: the caller's promise is the same.
        let fault = unsafe { self.fault(method, status, text) };
        match fault.kind {
            FaultKind::Panicked | FaultKind::InvalidResult => self.poison_with(fault),
            _ => Box::new(fault),
        }
    }

    #[cold]
    #[inline]
    pub(crate) fn bad_result(&self, method: &'static str, invalid: crate::Invalid) -> Box<PluginFault> {
        if self.through {
            crate::mock::end(FaultKind::InvalidResult, shown(&invalid));
        }
        self.poison_with(self.fault_of(FaultKind::InvalidResult, method, shown(&invalid)))
    }
}
