//! Closures that stay on their thread.
//!
//! In: a closure. Out: its result, or that it is running already, further up this thread's own stack, or that this is another
//! thread: then it cannot be called. It does not know what it is given. Those that any thread may call are
//! [`Turn`](plugin_abi::mock::Turn)s.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::atomic::{AtomicU64, Ordering};

/// A number that no other thread has; never 0.
#[inline]
fn thread() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    thread_local!(static NUMBER: Cell<u64> = const { Cell::new(0) });
    NUMBER.with(|number| {
        if number.get() == 0 {
            number.set(NEXT.fetch_add(1, Ordering::Relaxed));
        }
        number.get()
    })
}

/// A closure that this thread's calls share.
type Shared = Rc<RefCell<Box<dyn Any>>>;

thread_local! {
    /// The closures that stay here, by number.
    static HERE: RefCell<HashMap<u64, Shared>> = RefCell::default();
}

/// A closure that stays on the thread that made it. It lies in that thread's own memory; this is the number it has there.
pub(super) struct Here {
    thread: u64,
    number: u64,
}

impl Here {
    pub(super) fn new(function: Box<dyn Any>) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        HERE.with_borrow_mut(|here| here.insert(number, Rc::new(RefCell::new(function))));
        Self { thread: thread(), number }
    }

    fn function(&self) -> Option<Shared> {
        if self.thread != thread() {
            return None;
        }
        HERE.try_with(|here| here.borrow().get(&self.number).cloned()).ok().flatten()
    }

    /// Whether it runs on this very thread.
    pub(super) fn is_busy(&self) -> bool {
        self.function().is_some_and(|function| function.try_borrow_mut().is_err())
    }

    /// Whether it could be run: not on another thread.
    pub(super) fn run(&self, call: &mut dyn FnMut(&mut dyn Any)) -> bool {
        let Some(function) = self.function() else { return false };
        let Ok(mut function) = function.try_borrow_mut() else { return false };
        call(&mut **function);
        true
    }
}

impl Drop for Here {
    fn drop(&mut self) {
        if self.thread == thread() {
            // Taken out first and dropped behind: what it owns may be a mock too.
            let _taken = HERE.try_with(|here| here.borrow_mut().remove(&self.number));
        }
    }
}
