//! Events that the kernel carries: by one ring, or by a buffer for each processor.
//!
//! In: a map. Out: [`EventBytes`]. An event is handed over where it lies, before its program has the room again: whoever hears it waits for
//! nothing that comes after it (docs/kernel-numbers.md).

use std::any::Any;
use std::cell::UnsafeCell;
use std::os::fd::RawFd;
use std::panic::{self, AssertUnwindSafe};
use std::ptr::NonNull;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use libbpf_rs::{
    MapCore as _, MapFlags, MapHandle, PerfBuffer, PerfBufferBuilder, RingBuffer, RingBufferBuilder,
};
use plugin_contracts::kernel::{EventBytes, KernelError};

use super::table::system;
use super::turns::{Mine, Turn, Turns};

/// How long somebody rests whose turn it is not, where whoever has it lets an event be looked at.
const REST: Duration = Duration::from_micros(200);

/// How many lost events a program counted: where the variable lies, in which map.
pub(super) struct Lost {
    pub(super) map: MapHandle,
    pub(super) offset: usize,
}

/// Events of one map.
pub(super) struct KernelEvents {
    source: Turns<Source>,
    /// The file that `wait` asks.
    epoll: RawFd,
    arrived: Arc<Arrived>,
    /// Events that the kernel could not put into a processor's buffer.
    unsent: Arc<AtomicU64>,
    lost: Option<Lost>,
    size: usize,
}

enum Source {
    Ring(RingBuffer<'static>),
    Perf(PerfBuffer<'static>),
}

// SAFETY: libbpf's buffers belong to no thread, and what their callbacks hold may go to another. `source` lets one thread at a time
// use them.
unsafe impl Send for Source {}

/// What arrived and was not taken yet. Whoever holds `source` has it alone, with the callbacks that run meanwhile.
#[derive(Default)]
struct Arrived(UnsafeCell<Waiting>);

// SAFETY: it is used through `with`, whose callers are one thread at a time.
unsafe impl Sync for Arrived {}

impl Arrived {
    /// # Safety
    /// This thread has `source`, and nobody looks at it further up the stack.
    #[inline]
    unsafe fn with<T>(&self, look: impl FnOnce(&mut Waiting) -> T) -> T {
        // SAFETY: the caller vouches that nobody else has it.
        look(unsafe { &mut *self.0.get() })
    }
}

#[derive(Default)]
struct Waiting {
    /// Events that came and were not asked for, one behind the other.
    bytes: Vec<u8>,
    taken: usize,
    /// The size of an event that is none.
    wrong: Option<usize>,
    /// Whoever takes events just now: each goes there at once, where it lies.
    taker: Option<NonNull<Taker<'static>>>,
}

// SAFETY: the taker is there while one thread runs `look`, and no longer.
unsafe impl Send for Waiting {}

impl Waiting {
    /// An event came; says whether another may.
    #[inline]
    fn add(&mut self, event: &[u8], size: usize, padding: usize) -> bool {
        // SAFETY: `look` lends the taker as long as this is there, and touches it no more meanwhile.
        let taker = self.taker.map(|mut taker| unsafe { taker.as_mut() });
        // The kernel fills up what lies in perf buffers to eight bytes.
        let Some(exact) = event.get(..size).filter(|exact| event.len() - exact.len() <= padding) else {
            self.wrong = Some(event.len());
            return true;
        };
        match taker {
            Some(taker) if taker.wants() => taker.hand(exact),
            _ => {
                self.bytes.extend_from_slice(exact);
                true
            }
        }
    }

    /// Hands over what waits; says whether anything did.
    #[inline]
    fn give(&mut self, size: usize, taker: &mut Taker<'_>) -> bool {
        let waits = !self.bytes.is_empty() || self.wrong.is_some();
        while taker.wants()
            && let Some(event) = self.bytes.get(self.taken..self.taken + size)
        {
            self.taken += size;
            taker.hand(event);
        }
        if self.taken == self.bytes.len() {
            self.bytes.clear();
            self.taken = 0;
        }
        waits
    }
}

/// Whoever takes events: where they go, how many it asks for, and how many it has.
struct Taker<'a> {
    seen: &'a mut dyn FnMut(&[u8]),
    most: u32,
    given: u32,
    panic: Option<Box<dyn Any + Send>>,
}

impl Taker<'_> {
    #[inline]
    fn wants(&self) -> bool {
        self.given < self.most && self.panic.is_none()
    }

    /// Hands an event over; says whether another may come. A panic waits until nobody of C's is on the stack.
    #[inline]
    fn hand(&mut self, event: &[u8]) -> bool {
        self.given += 1;
        self.panic = panic::catch_unwind(AssertUnwindSafe(|| (self.seen)(event))).err();
        self.panic.is_none()
    }
}

impl KernelEvents {
    /// Events by a ring.
    pub(super) fn ring(map: &MapHandle, size: usize, lost: Option<Lost>) -> Result<Self, KernelError> {
        let arrived = Arc::new(Arrived::default());
        let there = Arc::clone(&arrived);
        let mut builder = RingBufferBuilder::new();
        let note = move |event: &[u8]| {
            // SAFETY: only `consume` calls it, on the thread that holds `source`.
            let goes_on = unsafe { there.with(|waiting| waiting.add(event, size, 0)) };
            if goes_on { 0 } else { -1 }
        };
        builder.add(map, note).map_err(|error| system(&error))?;
        let ring = builder.build().map_err(|error| system(&error))?;
        let epoll = ring.epoll_fd();
        let source = Turns::new(Source::Ring(ring));
        Ok(Self { source, epoll, arrived, unsent: Arc::default(), lost, size })
    }

    /// Events by a buffer of so many bytes for each processor.
    pub(super) fn perf(
        map: &MapHandle,
        size: usize,
        bytes: u32,
        lost: Option<Lost>,
    ) -> Result<Self, KernelError> {
        let (arrived, unsent) = (Arc::new(Arrived::default()), Arc::new(AtomicU64::new(0)));
        let (there, count) = (Arc::clone(&arrived), Arc::clone(&unsent));
        let pages = (bytes as usize / page_size()).max(1);
        let perf = PerfBufferBuilder::new(map)
            .pages(pages)
            .sample_cb(move |_, event: &[u8]| {
                // SAFETY: only `consume` calls it, on the thread that holds `source`.
                unsafe { there.with(|waiting| waiting.add(event, size, 7)) };
            })
            .lost_cb(move |_, more| {
                count.fetch_add(more, Ordering::Relaxed);
            })
            .build()
            .map_err(|error| system(&error))?;
        let epoll = perf.epoll_fd();
        Ok(Self { source: Turns::new(Source::Perf(perf)), epoll, arrived, unsent, lost, size })
    }
}

/// The bytes of a page.
fn page_size() -> usize {
    // SAFETY: it reads a number that the C library keeps.
    let size = unsafe { libc::sysconf(libc::_SC_PAGESIZE) };
    usize::try_from(size).unwrap_or(4096)
}

impl Source {
    /// Lets what is there arrive; of a ring no more than so many.
    fn consume(&self, most: usize) -> Result<(), KernelError> {
        match self {
            Self::Ring(ring) => {
                let status = ring.consume_raw_n(most);
                if status < 0 {
                    return Err(system(&libbpf_rs::Error::from_raw_os_error(-status)));
                }
                Ok(())
            }
            Self::Perf(perf) => perf.consume().map_err(|error| system(&error)),
        }
    }
}

impl KernelEvents {
    /// Sleeps until something may be there, at most so long. Others may look meanwhile.
    fn wait(&self, time: Duration) {
        let mut ready = libc::epoll_event { events: 0, u64: 0 };
        // Whole milliseconds, and not fewer: a rest of one would be asked for again and again.
        let milliseconds = i32::try_from(time.as_micros().div_ceil(1000)).unwrap_or(i32::MAX);
        // SAFETY: it is one `epoll_event`, and it lives until the call is over. The file is open as long as `source` is there.
        unsafe { libc::epoll_wait(self.epoll, &raw mut ready, 1, milliseconds) };
    }

    /// Hands over what is there; says how many there were.
    #[inline]
    fn look(
        &self,
        source: Turn<'_, Source>,
        most: u32,
        seen: &mut dyn FnMut(&[u8]),
    ) -> Result<u32, KernelError> {
        let mut taker = Taker { seen, most, given: 0, panic: None };
        // SAFETY: this thread has `source`.
        let waits = unsafe { self.arrived.with(|waiting| waiting.give(self.size, &mut taker)) };
        let lent = NonNull::from(&mut taker).cast();
        // SAFETY: the same.
        unsafe { self.arrived.with(|waiting| waiting.taker = Some(lent)) };
        // Of a ring, what is not asked for stays where it is: its programs see that it is full.
        let consumed = if waits { Ok(()) } else { source.consume(most as usize) };
        // SAFETY: the same.
        let wrong = unsafe {
            self.arrived.with(|waiting| {
                waiting.taker = None;
                if taker.given == 0 { waiting.wrong.take() } else { None }
            })
        };
        drop(source);
        if let Some(panic) = taker.panic {
            panic::resume_unwind(panic);
        }
        if taker.given > 0 {
            return Ok(taker.given);
        }
        consumed?;
        let narrow = |size: usize| u32::try_from(size).unwrap_or(u32::MAX);
        wrong.map_or(Ok(0), |found| Err(KernelError::Size(narrow(found), narrow(self.size))))
    }
}

impl EventBytes for KernelEvents {
    fn each(&self, most: u32, wait: Duration, seen: &mut dyn FnMut(&[u8])) -> Result<u32, KernelError> {
        if most == 0 {
            return Ok(0);
        }
        let mut started = None;
        loop {
            let turn = self.source.take().map_err(|Mine| {
                let why = "an event's handler took events from where its own comes from: let it return first";
                KernelError::Unsupported(why.to_owned())
            })?;
            let has_looked = turn.is_some();
            let count = turn.map_or(Ok(0), |source| self.look(source, most, seen))?;
            // Who does not wait needs no clock, which takes longer than looking.
            if count > 0 || wait.is_zero() {
                return Ok(count);
            }
            let started = started.get_or_insert_with(Instant::now);
            let Some(left) = wait.checked_sub(started.elapsed()).filter(|left| !left.is_zero()) else {
                return Ok(0);
            };
            if has_looked {
                self.wait(left);
            } else {
                thread::sleep(left.min(REST));
            }
        }
    }

    fn lost(&self) -> Result<u64, KernelError> {
        let Some(lost) = &self.lost else { return Ok(self.unsent.load(Ordering::Relaxed)) };
        let value = lost.map.lookup(&0_u32.to_ne_bytes(), MapFlags::ANY).map_err(|error| system(&error))?;
        let counted = value.as_ref().and_then(|value| value.get(lost.offset..)?.first_chunk::<8>().copied());
        Ok(counted.map_or(0, u64::from_ne_bytes))
    }
}
