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
use super::table::read;
use crate::{PluginType, Sink, plugin_contract};

/// Events as bytes, wherever they wait.
#[plugin_contract(id = "plugin.events", version = "1.1.0", crate = crate)]
pub trait EventBytes: Send + Sync {
    /// Takes up to so many events, in order, and writes them one behind the other. Waits for the first one at most so long;
    /// says how many there were.
    fn take(&self, most: u32, wait: Duration, events: Sink<'_>) -> Result<u32, KernelError>;
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
        let queue = Arc::new(Queue { waiting, more: Condvar::new(), capacity, size: size_of::<T>() });
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
        let started = Instant::now();
        let mut bytes = Vec::with_capacity(size_of::<T>());
        loop {
            // The clock is asked once in a while: it takes longer than looking.
            for _ in 0..LOOKS {
                if self.bytes.take(1, Duration::ZERO, Sink::new(&mut bytes))? > 0 {
                    return read(&bytes).map(Some);
                }
            }
            if started.elapsed() >= time {
                return Ok(None);
            }
            std::hint::spin_loop();
        }
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
    /// # Errors
    /// Whoever carries the events failed.
    pub fn each(&self, most: u32, wait: Duration, mut seen: impl FnMut(T)) -> Result<u32, KernelError> {
        let mut bytes = Vec::new();
        let count = self.bytes.take(most, wait, Sink::new(&mut bytes))?;
        let (size, len) = (size_of::<T>(), bytes.len());
        if len != size * count as usize {
            let narrow = |size: usize| u32::try_from(size).unwrap_or(u32::MAX);
            return Err(KernelError::Size(narrow(len), narrow(size * count as usize)));
        }
        bytes.chunks_exact(size).filter_map(plain_from_bytes).for_each(&mut seen);
        Ok(count)
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
    size: usize,
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
    fn take(&self, most: u32, wait: Duration, mut events: Sink<'_>) -> Result<u32, KernelError> {
        let started = Instant::now();
        let mut waiting = self.lock();
        while waiting.events.is_empty() && most > 0 {
            let Some(left) = wait.checked_sub(started.elapsed()).filter(|left| !left.is_zero()) else {
                break;
            };
            waiting = self.more.wait_timeout(waiting, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        let count = waiting.events.len().min(most as usize);
        events.reserve(count * self.size);
        waiting.events.drain(..count).for_each(|event| events.write(&event));
        Ok(u32::try_from(count).unwrap_or(most))
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
    fn whoever_waits_is_woken() {
        let (sink, events) = Events::<u64>::channel(1);
        let sender = std::thread::spawn(move || sink.send(&7));
        assert_eq!(events.wait(Duration::from_secs(60)), Ok(Some(7)));
        assert!(sender.join().expect("it does not panic"));
    }
}
