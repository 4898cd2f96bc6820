//! Events: what programs tell their users, in order, and how many they could not tell.
//!
//! In: plain events. Out: the same, on the other side. It does not know what carries them: a ring in the kernel, a plugin, or
//! a queue of this process.

use std::collections::VecDeque;
use std::fmt;
use std::marker::PhantomData;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use plugin_abi::{Plain, plain_bytes, plain_from_bytes};

use super::KernelError;
use crate::{PluginType, plugin_contract};

/// Events as bytes, wherever they wait.
#[plugin_contract(id = "plugin.events", version = "2.0.0", crate = crate)]
pub trait EventBytes: Send + Sync {
    /// Hands over up to so many events, in order. Waits for the first one at most so long; says how many there were.
    fn each(&self, most: u32, wait: Duration, seen: &mut dyn FnMut(&[u8])) -> Result<u32, KernelError>;
    /// How many events were lost so far, because there was no room.
    fn lost(&self) -> Result<u64, KernelError>;
}

/// How often a consumer that spins looks before it asks the clock.
const LOOKS: u32 = 64;

/// What programs tell: what a method under `#[event]` returns.
///
/// It is a handle: clones share the events, and each event goes to one of them. An event for which there is no room is lost, and
/// counted.
#[derive(PluginType)]
#[plugin(crate = crate)]
pub struct Events<T> {
    bytes: Arc<dyn EventBytes>,
    // Never filled: it says what the bytes are, to whoever compares the two sides.
    event: Option<T>,
}

impl<T: Plain> Events<T> {
    /// Events of this process, for plugins that are linked in or native: where they are put, and where they come out. So many
    /// wait at most.
    #[must_use]
    pub fn channel(capacity: usize) -> (EventSink<T>, Self) {
        let waiting = Mutex::new(Waiting { events: VecDeque::new(), lost: 0 });
        let queue = Arc::new(Queue { waiting, more: Condvar::new(), capacity });
        (EventSink { queue: Arc::clone(&queue), event: PhantomData }, Self::of(queue))
    }

    /// Events whose bytes come from somebody else.
    #[must_use]
    pub fn of(bytes: Arc<dyn EventBytes>) -> Self {
        Self { bytes, event: None }
    }

    /// The next event, if one is there.
    ///
    /// # Errors
    /// Whoever carries the events failed.
    pub fn poll(&self) -> Result<Option<T>, KernelError> {
        self.wait(Duration::ZERO)
    }

    /// The next event, once it is there; nothing when none came in time.
    ///
    /// # Errors
    /// Whoever carries the events failed.
    pub fn wait(&self, time: Duration) -> Result<Option<T>, KernelError> {
        let mut found = None;
        self.each(1, time, |event| found = Some(event))?;
        Ok(found)
    }

    /// The next event, asked for again and again without ever sleeping: for who has a processor to spare, and no time to be
    /// woken. Nothing when none came in time.
    ///
    /// # Errors
    /// Whoever carries the events failed.
    pub fn spin(&self, time: Duration) -> Result<Option<T>, KernelError> {
        let mut found = None;
        self.spin_each(1, time, |event| found = Some(event))?;
        Ok(found)
    }

    /// The events from now on as a stream, for a task of whatever executor. A thread waits for them, and ends a tenth of a second
    /// after the stream was dropped at the latest; what it took by then and nobody read is gone.
    #[cfg(feature = "futures")]
    #[must_use]
    pub fn stream(&self) -> super::EventStream<T>
    where
        T: Send + 'static,
    {
        super::EventStream::of(self.clone())
    }

    /// Looks at up to so many events, and waits for the first one at most so long; says how many there were.
    ///
    /// Each is handed over as soon as it is there, before its room is free again and while others wait for their turn: `seen` is
    /// short, and takes no events from here itself. What it panics with goes to the caller; the events behind it come next time.
    ///
    /// # Errors
    /// Whoever carries the events failed, or an event has another size than `T`.
    #[inline]
    pub fn each(&self, most: u32, wait: Duration, mut seen: impl FnMut(T)) -> Result<u32, KernelError> {
        let mut wrong = None;
        let count = self.bytes.each(most, wait, &mut |bytes| match plain_from_bytes(bytes) {
            Some(event) => seen(event),
            None => wrong = Some(bytes.len()),
        })?;
        let narrow = |size: usize| u32::try_from(size).unwrap_or(u32::MAX);
        wrong.map_or(Ok(count), |found| Err(KernelError::Size(narrow(found), narrow(size_of::<T>()))))
    }

    /// The same without ever sleeping: it looks again and again, until an event is there or the time is over.
    ///
    /// # Errors
    /// As of [`each`](Self::each).
    #[inline]
    pub fn spin_each(&self, most: u32, time: Duration, mut seen: impl FnMut(T)) -> Result<u32, KernelError> {
        let started = Instant::now();
        loop {
            // The clock is asked once in a while: it takes longer than looking.
            for _ in 0..LOOKS {
                let count = self.each(most, Duration::ZERO, &mut seen)?;
                if count > 0 {
                    return Ok(count);
                }
            }
            if started.elapsed() >= time {
                return Ok(0);
            }
            std::hint::spin_loop();
        }
    }

    /// How many events were lost so far, because there was no room.
    ///
    /// # Errors
    /// Whoever carries the events failed.
    pub fn lost(&self) -> Result<u64, KernelError> {
        self.bytes.lost()
    }
}

impl<T> Clone for Events<T> {
    fn clone(&self) -> Self {
        Self { bytes: Arc::clone(&self.bytes), event: None }
    }
}

impl<T> fmt::Debug for Events<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Events").finish_non_exhaustive()
    }
}

/// Where a plugin that is no kernel program puts its events.
pub struct EventSink<T> {
    queue: Arc<Queue>,
    event: PhantomData<fn(T)>,
}

impl<T: Plain> EventSink<T> {
    /// Sends an event; says whether there was room. It never waits: what a kernel program cannot do, nobody else does.
    pub fn send(&self, event: &T) -> bool {
        let mut waiting = self.queue.lock();
        if waiting.events.len() >= self.queue.capacity {
            waiting.lost += 1;
            return false;
        }
        waiting.events.push_back(plain_bytes(event).into());
        drop(waiting);
        self.queue.more.notify_one();
        true
    }
}

impl<T> Clone for EventSink<T> {
    fn clone(&self) -> Self {
        Self { queue: Arc::clone(&self.queue), event: PhantomData }
    }
}

impl<T> fmt::Debug for EventSink<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventSink").finish_non_exhaustive()
    }
}

/// Events of this process.
struct Queue {
    waiting: Mutex<Waiting>,
    more: Condvar,
    capacity: usize,
}

struct Waiting {
    events: VecDeque<Box<[u8]>>,
    lost: u64,
}

impl Queue {
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl EventBytes for Queue {
    fn each(&self, most: u32, wait: Duration, seen: &mut dyn FnMut(&[u8])) -> Result<u32, KernelError> {
        let started = Instant::now();
        let mut waiting = self.lock();
        while waiting.events.is_empty() && most > 0 {
            let Some(left) = wait.checked_sub(started.elapsed()).filter(|left| !left.is_zero()) else {
                break;
            };
            waiting = self.more.wait_timeout(waiting, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        let mut count = 0;
        while count < most
            && let Some(event) = waiting.events.pop_front()
        {
            drop(waiting);
            count += 1;
            seen(&event);
            waiting = self.lock();
        }
        Ok(count)
    }

    fn lost(&self) -> Result<u64, KernelError> {
        Ok(self.lock().lost)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_arrive_in_order_and_what_has_no_room_is_counted() {
        let (sink, events) = Events::<u32>::channel(3);
        let sent: Vec<_> = (0..5).map(|event| sink.send(&event)).collect();
        assert_eq!(sent, [true, true, true, false, false]);
        let mut seen = Vec::new();
        assert_eq!(events.each(10, Duration::ZERO, |event| seen.push(event)), Ok(3));
        assert_eq!(seen, [0, 1, 2]);
        assert_eq!((events.lost(), events.poll()), (Ok(2), Ok(None)));
    }

    #[test]
    fn an_event_of_another_size_is_none_and_the_next_is_heard() {
        struct Odd;
        impl EventBytes for Odd {
            fn each(&self, most: u32, _: Duration, seen: &mut dyn FnMut(&[u8])) -> Result<u32, KernelError> {
                let events: [&[u8]; 3] = [&[1; 4], &[2; 5], &[3; 4]];
                events.into_iter().take(most as usize).for_each(&mut *seen);
                Ok(most)
            }
            fn lost(&self) -> Result<u64, KernelError> {
                Ok(0)
            }
        }
        let events = Events::<[u8; 4]>::of(Arc::new(Odd));
        let mut seen = Vec::new();
        assert_eq!(events.each(3, Duration::ZERO, |event| seen.push(event)), Err(KernelError::Size(5, 4)));
        assert_eq!(seen, [[1; 4], [3; 4]]);
        assert_eq!(events.spin(Duration::ZERO), Ok(Some([1; 4])));
    }

    #[test]
    fn what_an_event_is_handed_to_may_look_for_more_or_panic() {
        let (sink, events) = Events::<u32>::channel(3);
        (1..=3).for_each(|event| assert!(sink.send(&event)));
        let mut seen = Vec::new();
        assert_eq!(events.each(1, Duration::ZERO, |event| seen.push((event, events.poll()))), Ok(1));
        assert_eq!(seen, [(1, Ok(Some(2)))]);
        let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            sink.send(&4);
            events.each(2, Duration::ZERO, |_| panic!("by intent"))
        }));
        assert!(panicked.is_err());
        assert_eq!(events.poll(), Ok(Some(4)));
    }

    #[test]
    fn whoever_waits_is_woken() {
        let (sink, events) = Events::<u64>::channel(1);
        let sender = std::thread::spawn(move || sink.send(&7));
        assert_eq!(events.wait(Duration::from_secs(60)), Ok(Some(7)));
        assert!(sender.join().expect("it does not panic"));
    }
}
