//! An object that is constructed again after it panicked.
//!
//! In: how to construct one, and calls as they enter and leave. Out: the object to call, replaced only while nobody is
//! inside it. It does not know what is called, and nothing of it is on the way of a call into any other instance.

use std::cell::RefCell;
use std::io::Write as _;
use std::ptr;
use std::sync::PoisonError;

use crate::PluginFault;
use crate::sync::atomic::{AtomicPtr, AtomicU32, AtomicUsize, Ordering};
use crate::sync::{Condvar, Mutex, MutexGuard, per_thread};

/// What happens to an instance that panicked, or returned what is no value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum OnPanic {
    /// It is poisoned: every later call is refused.
    #[default]
    Fail,
    /// It is destroyed and constructed again, with the same configuration, before the next call. A call that comes while
    /// others are still in flight waits for those, unless it is made from inside one of them: then it is refused. Each call
    /// pays two atomic additions for it.
    Restart {
        /// How often in a row, without a call in between that went well. After that the instance is poisoned.
        at_most: u32,
    },
    /// It is called again as if nothing had happened. Whether it is still sound is for its author to say.
    Keep,
}

/// Makes an object of the same plugin with the same configuration, or says why not.
pub type Construct = Box<dyn Fn() -> Result<*mut (), String> + Send + Sync>;

/// Destroys an object.
pub(crate) type Destroy<'a> = &'a dyn Fn(*mut ()) -> Result<(), PluginFault>;

/// One call in flight, in [`Restart::state`].
const CALL: usize = 2;
/// The object is not to be called.
const BROKEN: usize = 1;

/// The object of one instance.
pub(crate) struct Restart {
    at_most: u32,
    construct: Construct,
    /// [`CALL`] for every call in flight, and [`BROKEN`].
    state: AtomicUsize,
    /// Null when the last construction failed.
    object: AtomicPtr<()>,
    /// How often it was constructed again without a call that went well.
    in_a_row: AtomicU32,
    /// The last fault. Whoever replaces the object holds it.
    last: Mutex<Option<PluginFault>>,
    /// Nobody is inside any more, or the object is new.
    changed: Condvar,
}

per_thread! {
    /// What this thread is inside of: it cannot wait for itself to leave.
    static INSIDE: RefCell<Vec<*const Restart>> = const { RefCell::new(Vec::new()) };
}

/// What an instance asks of an object that may be replaced. Behind a pointer, so that a plugin links none of it: its own
/// instances are never constructed again.
pub(crate) trait Replace: Send + Sync {
    /// Begins a call. A broken object is replaced first.
    fn enter(&self, destroy: Destroy<'_>) -> Result<Inside<'_>, Refused>;
    /// A call ended, well or not.
    fn left(&self, well: bool);
    /// The object failed: nobody enters it any more.
    fn broke(&self, fault: &PluginFault);
    /// The object, if there is one, for whoever destroys it.
    fn take_object(&self) -> Option<*mut ()>;
}

/// Why there is no object to call.
pub(crate) enum Refused {
    /// Once for all, because of this.
    GivenUp(Option<PluginFault>),
    /// For now: after this, and for that reason.
    Now(Option<PluginFault>, String),
}

/// A call in flight. The object stays while it lives.
pub(crate) struct Inside<'a> {
    restart: &'a dyn Replace,
    well: bool,
    pub(crate) object: *mut (),
}

impl Restart {
    #[inline]
    pub(crate) fn new(object: *mut (), at_most: u32, construct: Construct) -> Self {
        Self {
            at_most,
            construct,
            state: AtomicUsize::new(0),
            object: AtomicPtr::new(object),
            in_a_row: AtomicU32::new(0),
            last: Mutex::new(None),
            changed: Condvar::new(),
        }
    }

    #[inline]
    fn leave(&self) {
        if self.state.fetch_sub(CALL, Ordering::AcqRel) == CALL | BROKEN {
            // With the lock, so that it falls between no one's look and wait.
            let _last = self.last();
            self.changed.notify_all();
        }
    }

    /// Replaces the object once nobody is inside, unless somebody else did so meanwhile.
    #[inline]
    fn mend(&self, destroy: Destroy<'_>) -> Result<(), Refused> {
        let mut last = self.last();
        if self.is_marked() {
            let why = "it is constructed again when this thread has left it".to_owned();
            return Err(Refused::Now(last.clone(), why));
        }
        loop {
            let state = self.state.load(Ordering::Acquire);
            if state & BROKEN == 0 {
                return Ok(());
            }
            // From here on whoever enters sees that it is broken, and leaves again.
            if state == BROKEN {
                break;
            }
            last = self.changed.wait(last).unwrap_or_else(PoisonError::into_inner);
        }
        if self.in_a_row.load(Ordering::Relaxed) >= self.at_most {
            return Err(Refused::GivenUp(last.clone()));
        }
        self.in_a_row.fetch_add(1, Ordering::Relaxed);
        // What the constructor calls back must not wait for it.
        self.mark();
        let made = self.replace(destroy);
        self.unmark();
        self.changed.notify_all();
        made.map_err(|why| Refused::Now(last.clone(), format!("it could not be constructed again: {why}")))
    }

    #[inline]
    fn replace(&self, destroy: Destroy<'_>) -> Result<(), String> {
        if let Some(Err(fault)) = self.take_object().map(destroy) {
            // The caller hears of the fault before; silence would hide a leak.
            let _ = writeln!(std::io::stderr(), "{fault}");
        }
        self.object.store((self.construct)()?, Ordering::Release);
        self.state.fetch_and(!BROKEN, Ordering::AcqRel);
        Ok(())
    }

    #[inline]
    fn last(&self) -> MutexGuard<'_, Option<PluginFault>> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }

    #[inline]
    fn mark(&self) {
        // A thread that is ending has no list any more, and is inside of nothing that it could wait for.
        let _ = INSIDE.try_with(|inside| inside.borrow_mut().push(self));
    }

    #[inline]
    fn unmark(&self) {
        let _ = INSIDE.try_with(|inside| {
            let mut inside = inside.borrow_mut();
            let at = inside.iter().rposition(|known| ptr::eq(*known, self));
            at.map(|at| inside.swap_remove(at))
        });
    }

    #[inline]
    fn is_marked(&self) -> bool {
        INSIDE.try_with(|inside| inside.borrow().iter().any(|known| ptr::eq(*known, self))).unwrap_or(false)
    }
}

impl Replace for Restart {
    #[inline]
    fn enter(&self, destroy: Destroy<'_>) -> Result<Inside<'_>, Refused> {
        loop {
            if self.state.fetch_add(CALL, Ordering::Acquire) & BROKEN == 0 {
                self.mark();
                let object = self.object.load(Ordering::Acquire);
                return Ok(Inside { restart: self, well: false, object });
            }
            self.leave();
            self.mend(destroy)?;
        }
    }

    #[inline]
    fn left(&self, well: bool) {
        if well && self.in_a_row.load(Ordering::Relaxed) > 0 {
            self.in_a_row.store(0, Ordering::Relaxed);
        }
        self.unmark();
        self.leave();
    }

    #[inline]
    fn broke(&self, fault: &PluginFault) {
        *self.last() = Some(fault.clone());
        self.state.fetch_or(BROKEN, Ordering::AcqRel);
    }

    #[inline]
    fn take_object(&self) -> Option<*mut ()> {
        Some(self.object.swap(ptr::null_mut(), Ordering::AcqRel)).filter(|object| !object.is_null())
    }
}

impl Inside<'_> {
    /// The call went well.
    #[inline]
    pub(crate) fn went_well(mut self) {
        self.well = true;
    }
}

impl Drop for Inside<'_> {
    #[inline]
    fn drop(&mut self) {
        self.restart.left(self.well);
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use std::sync::Arc;
    use std::sync::mpsc::channel;
    use std::thread;
    use std::time::Duration;

    use super::*;
    use crate::FaultKind;

    fn fault() -> PluginFault {
        PluginFault::new(FaultKind::Panicked, "p", "c", "m", "said")
    }

    /// Counts the calls inside of it.
    type Object = AtomicUsize;

    fn object() -> *mut () {
        Box::into_raw(Box::new(Object::new(0))).cast()
    }

    fn destroy(object: *mut ()) -> Result<(), PluginFault> {
        // SAFETY: `object` made it, and it is destroyed once.
        let object = unsafe { Box::from_raw(object.cast::<Object>()) };
        assert_eq!(object.load(Ordering::SeqCst), 0, "somebody is inside");
        Ok(())
    }

    fn restart(at_most: u32) -> Restart {
        Restart::new(object(), at_most, Box::new(|| Ok(object())))
    }

    fn end(restart: &Restart) {
        restart.take_object().map_or(Ok(()), destroy).unwrap();
    }

    #[test]
    fn a_broken_object_is_replaced_before_the_next_call() {
        let restart = restart(1);
        let first = restart.enter(&destroy).ok().unwrap().object;
        assert_eq!(restart.enter(&destroy).ok().unwrap().object, first, "nothing is broken");
        restart.broke(&fault());
        let second = restart.enter(&destroy).ok().unwrap();
        assert_eq!(restart.state.load(Ordering::SeqCst), CALL);
        drop(second);
        restart.broke(&fault());
        let refused = restart.enter(&destroy).err();
        assert!(matches!(refused, Some(Refused::GivenUp(Some(_)))), "once was all there was");
        end(&restart);
    }

    #[test]
    fn a_call_that_goes_well_begins_the_count_anew() {
        let restart = restart(1);
        for _ in 0..3 {
            restart.broke(&fault());
            restart.enter(&destroy).ok().unwrap().went_well();
        }
        end(&restart);
    }

    #[test]
    fn whoever_is_inside_is_refused_and_does_not_wait_for_himself() {
        let restart = restart(1);
        let outer = restart.enter(&destroy).ok().unwrap();
        restart.broke(&fault());
        let Some(Refused::Now(Some(_), why)) = restart.enter(&destroy).err() else { panic!("it waits") };
        assert!(why.contains("left it"), "{why}");
        drop(outer);
        assert!(restart.enter(&destroy).is_ok());
        end(&restart);
    }

    #[test]
    fn whoever_comes_from_outside_waits_until_the_last_has_left() {
        let restart = restart(1);
        let first = restart.enter(&destroy).ok().unwrap();
        restart.broke(&fault());
        let (sent, received) = channel();
        thread::scope(|scope| {
            scope.spawn(|| {
                let second = restart.enter(&destroy).ok().unwrap();
                sent.send(second.object as usize).unwrap();
            });
            assert!(received.recv_timeout(Duration::from_millis(50)).is_err(), "somebody is inside");
            drop(first);
            received.recv().unwrap();
        });
        end(&restart);
    }

    #[test]
    fn a_constructor_that_fails_is_asked_again_as_often_as_it_may_be() {
        let restart = Restart::new(object(), 2, Box::new(|| Err("no".to_owned())));
        restart.broke(&fault());
        for _ in 0..2 {
            let refused = restart.enter(&destroy).err();
            assert!(matches!(refused, Some(Refused::Now(_, why)) if why.ends_with("again: no")));
        }
        assert!(matches!(restart.enter(&destroy).err(), Some(Refused::GivenUp(_))));
        assert_eq!(restart.take_object(), None, "nothing is destroyed twice");
    }

    #[test]
    fn no_object_is_replaced_while_a_thread_is_inside() {
        let restart = Arc::new(restart(u32::MAX));
        let threads = (0..4_usize).map(|thread| {
            let restart = Arc::clone(&restart);
            thread::spawn(move || {
                for call in 0..5000_usize {
                    let Ok(inside) = restart.enter(&destroy) else { panic!("it gave up") };
                    // SAFETY: it stays while we are inside.
                    let object = unsafe { &*inside.object.cast::<Object>() };
                    object.fetch_add(1, Ordering::SeqCst);
                    if (call + thread * 7) % 61 == 0 {
                        restart.broke(&fault());
                    }
                    object.fetch_sub(1, Ordering::SeqCst);
                }
            })
        });
        threads.collect::<Vec<_>>().into_iter().for_each(|thread| thread.join().unwrap());
        end(&restart);
    }
}
