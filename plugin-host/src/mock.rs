//! A test's own objects behind a library that a host loads like any other.
//!
//! In: a library that `cargo plugin-gen mock-so` built, and a mock of this process. Out: [`MockPlugin`], which says that the mock
//! answers the library's calls. It does not know expectations.

use std::collections::BTreeSet;
use std::marker::PhantomData;
use std::mem::ManuallyDrop;
use std::path::Path;
use std::ptr::{self, NonNull};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::{self, ThreadId};

use plugin_abi::mock::{Answers, Control, Mocked};
use plugin_abi::{Contract, ExportOf, FaultKind, PluginContext, RowsFor};
use plugin_contracts::mock::Mock;

use crate::{LoadError, native};

/// A mock that lies in a file: whoever loads the file, by [`Plugin::load`](crate::Plugin::load) or in whatever other way, calls what
/// this says. Dropping it leaves the library without anybody to answer, and then its calls are faults again.
///
/// ```no_run
/// use plugin_contracts::plugin_contract;
/// use plugin_host::{MockPlugin, Plugin};
///
/// #[plugin_contract(id = "example.clock", version = "1.0.0", mock)]
/// pub trait Clock: Send + Sync {
///     fn now(&self) -> u64;
/// }
///
/// # fn main() -> Result<(), plugin_host::LoadError> {
/// let path = "target/mocks/libmock_example_clock.so";
/// // SAFETY: the file is code and will run with our rights; we built it ourselves.
/// let library = unsafe { MockPlugin::<dyn Clock>::open(path)? };
/// let mut clock = MockClock::new();
/// clock.expect_now().return_const(7_u64);
/// library.program(&clock);
///
/// // What stands here is the host under test, which knows nothing of mocks.
/// // SAFETY: as above.
/// let plugin = unsafe { Plugin::<dyn Clock>::load(path)? };
/// assert_eq!(plugin.now(), 7);
///
/// clock.verify().expect("all that was expected came");
/// # Ok(())
/// # }
/// ```
///
/// What nobody expects is written down for [`verify`](plugin_contracts::mock::MockReport), and ends the call as a fault that passes
/// ([`FaultKind::Passed`]): nothing unwinds through C, and the plugin is not poisoned. `fail(…)` ends it as a plugin does that fails
/// so; a closure of the test's that panics is a plugin that panicked.
pub struct MockPlugin<C: ?Sized + Contract> {
    control: NonNull<Control>,
    contract: PhantomData<fn() -> Box<C>>,
}

// SAFETY: the control is a static of an image that stays mapped, and locks what it changes.
unsafe impl<C: ?Sized + Contract> Send for MockPlugin<C> {}
// SAFETY: as above.
unsafe impl<C: ?Sized + Contract> Sync for MockPlugin<C> {}

/// The controls that somebody has.
fn taken() -> MutexGuard<'static, BTreeSet<usize>> {
    static TAKEN: Mutex<BTreeSet<usize>> = Mutex::new(BTreeSet::new());
    TAKEN.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<C: ?Sized + Contract + RowsFor<Mocked<C>>> MockPlugin<C> {
    /// Opens a mock's file.
    ///
    /// A file has one desk, whatever loads it in this process: tests that run at once each open a copy of their own.
    ///
    /// # Errors
    /// [`LoadError`]: as for [`Plugin::load`](crate::Plugin::load); or it is a plugin and no mock, was built for another form of
    /// the contract, or is programmed by somebody else.
    ///
    /// # Safety
    /// As for [`Plugin::load`](crate::Plugin::load).
    pub unsafe fn open(path: impl AsRef<Path>) -> Result<Self, LoadError> {
        let path = path.as_ref();
        // SAFETY: the caller's promise is the same.
        let control = unsafe { native::control::<C>(path) }?;
        if !taken().insert(control.addr().get()) {
            return Err(LoadError::MockTaken { path: path.to_owned() });
        }
        Ok(Self { control, contract: PhantomData })
    }

    /// From now on the mock answers, for every plugin that was loaded from the file or will be. What they call is matched,
    /// counted and written down in it; it can be looked at all the time, and told more once it is no longer programmed.
    pub fn program<M: Mock + Send + Sync>(&self, mock: &M)
    where
        C: ExportOf<M>,
    {
        let mock = mock.behind();
        self.answer_with(move |_| C::boxed(mock.behind()));
    }

    /// The same for a mock that stays on this thread, because its contract's objects do. A call on any other thread is a
    /// fault.
    pub fn program_st<M: Mock>(&self, mock: &M)
    where
        C: ExportOf<M>,
    {
        let here = Here { mock: ManuallyDrop::new(mock.behind()), thread: thread::current().id() };
        self.answer_with(move |_| {
            let here = &here;
            C::boxed(here.get(C::DESC.id).behind())
        });
    }

    /// From now on whatever this makes answers, one object for each plugin that was loaded from the file or will be: a fake,
    /// or a mock for each configuration. It is asked when a plugin is called first.
    pub fn answer_with(&self, make: impl Fn(&PluginContext) -> Box<C> + Send + Sync + 'static) {
        self.answer(&mut ManuallyDrop::new(Answers::new::<C>(Box::new(make))));
    }
}

impl<C: ?Sized + Contract> MockPlugin<C> {
    fn answer(&self, answers: *mut ManuallyDrop<Answers>) {
        // SAFETY: `open` found the control in an image that stays mapped.
        let answer = unsafe { (*self.control.as_ptr()).answer };
        // SAFETY: the answers are for objects of this contract, whose methods `open` has compared, and are not dropped here.
        unsafe { answer(answers.cast()) };
    }
}

impl<C: ?Sized + Contract> Drop for MockPlugin<C> {
    fn drop(&mut self) {
        self.answer(ptr::null_mut());
        taken().remove(&self.control.addr().get());
    }
}

/// A mock that stays on its thread.
struct Here<M> {
    mock: ManuallyDrop<M>,
    thread: ThreadId,
}

// SAFETY: the mock is looked at and dropped on its thread only.
unsafe impl<M> Send for Here<M> {}
// SAFETY: as above.
unsafe impl<M> Sync for Here<M> {}

impl<M> Here<M> {
    fn is_here(&self) -> bool {
        thread::current().id() == self.thread
    }

    fn get(&self, contract: &str) -> &M {
        if !self.is_here() {
            let text = format!(
                "the mock of `{contract}` stays on the thread that programmed it, and this is another"
            );
            plugin_abi::mock::end(FaultKind::Passed, text);
        }
        &self.mock
    }
}

impl<M> Drop for Here<M> {
    fn drop(&mut self) {
        if self.is_here() {
            // SAFETY: it is dropped once, here.
            unsafe { ManuallyDrop::drop(&mut self.mock) };
        }
    }
}
