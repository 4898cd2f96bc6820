//! Waiting without blocking, on no runtime.
//!
//! In: how long. Out: a future that is ready then, woken by a thread of its own. It does not know who waits.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::{Duration, Instant};

/// Ready when this much time has passed.
#[must_use]
pub fn delay(time: Duration) -> Delay {
    Delay { until: Instant::now() + time, waker: None }
}

/// See [`delay`].
pub struct Delay {
    until: Instant,
    /// The waker of the last poll, for the thread that wakes.
    waker: Option<Arc<Mutex<Waker>>>,
}

impl Future for Delay {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let left = self.until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Poll::Ready(());
        }
        if let Some(waker) = &self.waker {
            waker.lock().unwrap_or_else(PoisonError::into_inner).clone_from(context.waker());
            return Poll::Pending;
        }
        let waker = Arc::new(Mutex::new(context.waker().clone()));
        self.waker = Some(Arc::clone(&waker));
        thread::spawn(move || {
            thread::sleep(left);
            waker.lock().unwrap_or_else(PoisonError::into_inner).wake_by_ref();
        });
        Poll::Pending
    }
}
