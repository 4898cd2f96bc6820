//! An order among expectations, of one mock or of several.
//!
//! In: expectations, in the order in which their calls shall come. Out: whether the next call may be one of them. It does not
//! know arguments.

use std::panic::Location;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::times::Times;

/// An order: each expectation that is put into it comes after those before it.
///
/// An expectation admits a call once all before it had their least number of calls, and until one behind it was called.
///
/// ```
/// use plugin_contracts::mock::Sequence;
/// use plugin_contracts::plugin_contract;
///
/// #[plugin_contract(id = "example.door", version = "1.0.0", unlocked, mock)]
/// pub trait Door {
///     fn open(&self);
///     fn close(&self);
/// }
///
/// # fn main() {
/// let (mut door, mut order) = (MockDoor::new(), Sequence::new());
/// door.expect_open().in_sequence(&mut order);
/// door.expect_close().in_sequence(&mut order);
/// door.open();
/// door.close();
/// # }
/// ```
#[derive(Debug, Default)]
pub struct Sequence {
    steps: Arc<Mutex<Vec<Counted>>>,
}

#[derive(Debug)]
struct Counted {
    at: &'static Location<'static>,
    method: &'static str,
    times: Times,
    calls: usize,
}

/// An expectation's place in a sequence.
#[derive(Debug)]
pub(super) struct Step {
    steps: Arc<Mutex<Vec<Counted>>>,
    index: usize,
}

impl Sequence {
    /// Nothing is in it yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    pub(super) fn add(&mut self, at: &'static Location<'static>, method: &'static str, times: Times) -> Step {
        let mut steps = locked(&self.steps);
        steps.push(Counted { at, method, times, calls: 0 });
        Step { steps: Arc::clone(&self.steps), index: steps.len() - 1 }
    }
}

impl Step {
    /// What the expectation says of its number of calls after it was put into the sequence.
    pub(super) fn expect_times(&self, times: Times) {
        locked(&self.steps)[self.index].times = times;
    }

    /// Counts a call, if it may come now and there were not as many.
    pub(super) fn admit(&self, most: usize) -> bool {
        let mut steps = locked(&self.steps);
        if steps[self.index].calls >= most || obstacle(&steps, self.index).is_some() {
            return false;
        }
        steps[self.index].calls += 1;
        true
    }

    /// Why a call may not come now.
    pub(super) fn why_not(&self) -> Option<String> {
        let steps = locked(&self.steps);
        obstacle(&steps, self.index).map(|other| {
            let Counted { at, method, times, calls } = &steps[other];
            if other < self.index {
                format!("out of order: it waits for {at}  expect_{method}  called {calls} of {times}")
            } else {
                format!("out of order: {at}  expect_{method} behind it was called already")
            }
        })
    }
}

/// The step that says no.
fn obstacle(steps: &[Counted], index: usize) -> Option<usize> {
    let before = steps[..index].iter().position(|step| step.calls < step.times.least);
    before.or_else(|| {
        let behind = steps[index + 1..].iter().position(|step| step.calls > 0);
        behind.map(|behind| index + 1 + behind)
    })
}

fn locked(steps: &Mutex<Vec<Counted>>) -> MutexGuard<'_, Vec<Counted>> {
    steps.lock().unwrap_or_else(PoisonError::into_inner)
}
