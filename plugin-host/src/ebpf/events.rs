//! Events that the kernel carries: by one ring, or by a buffer for each processor.
//!
//! In: a map. Out: [`EventBytes`]. What arrives is copied out of the kernel's memory at once, so that programs have the room again.

use std::cell::UnsafeCell;
use std::os::fd::RawFd;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use libbpf_rs::{
    MapCore as _, MapFlags, MapHandle, PerfBuffer, PerfBufferBuilder, RingBuffer, RingBufferBuilder,
};
use plugin_contracts::Sink;
use plugin_contracts::kernel::{EventBytes, KernelError};

use super::table::system;

/// How many lost events a program counted: where the variable lies, in which map.
pub(super) struct Lost {
    pub(super) map: MapHandle,
    pub(super) offset: usize,
}

/// Events of one map.
pub(super) struct KernelEvents {
    source: Mutex<Source>,
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
    unsafe fn with<T>(&self, look: impl FnOnce(&mut Waiting) -> T) -> T {
        // SAFETY: the caller vouches that nobody else has it.
        look(unsafe { &mut *self.0.get() })
    }
}

#[derive(Default)]
struct Waiting {
    bytes: Vec<u8>,
    taken: usize,
    /// The size of an event that is none.
    wrong: Option<usize>,
    /// Whoever takes events just now: they go there at once.
    taker: Option<NonNull<Sink<'static>>>,
    /// How many it asks for, and how many it has.
    most: u64,
    given: u64,
}

// SAFETY: the taker is there while one thread runs `consume`, and no longer.
unsafe impl Send for Waiting {}

impl Waiting {
    fn add(&mut self, event: &[u8], size: usize, padding: usize) {
        // The kernel fills up what lies in perf buffers to eight bytes.
        match event.get(..size) {
            Some(exact) if event.len() - size <= padding => self.put(exact),
            _ => self.wrong = Some(event.len()),
        }
    }

    #[inline]
    fn put(&mut self, event: &[u8]) {
        // Nothing overtakes what waits.
        if let Some(mut events) = self.taker.filter(|_| self.bytes.is_empty() && self.given < self.most) {
            // SAFETY: `look` lends the sink as long as this is there.
            let events = unsafe { events.as_mut() };
            // Under libbpf's feet is no place to find that there is no memory.
            if events.spare_capacity().len() >= event.len() {
                self.given += 1;
                return events.write(event);
            }
        }
        self.bytes.extend_from_slice(event);
    }

    /// Lends a sink until `end`; says whether events wait already.
    #[inline]
    fn begin(&mut self, most: u32, events: &mut Sink<'_>) -> bool {
        (self.taker, self.most, self.given) = (Some(NonNull::from(events).cast()), most.into(), 0);
        !self.bytes.is_empty() || self.wrong.is_some()
    }

    /// Says how many events the taker has, with those that waited; if none, the size of what came and is none.
    #[inline]
    fn end(&mut self, most: u32, size: usize, events: &mut Sink<'_>) -> (u32, Option<usize>) {
        self.taker = None;
        // No more than were asked for, which is a `u32`.
        let mut given = self.given as u32;
        if given < most && !self.bytes.is_empty() {
            given += self.give((most - given) as usize, size, events);
        }
        (given, if given == 0 { self.wrong.take() } else { None })
    }

    /// Gives up to so many events of those that wait.
    fn give(&mut self, most: usize, size: usize, events: &mut Sink<'_>) -> u32 {
        let end = self.bytes.len().min(self.taken.saturating_add(most.saturating_mul(size)));
        events.write(&self.bytes[self.taken..end]);
        let count = (end - self.taken) / size;
        self.taken = end;
        if self.taken == self.bytes.len() {
            self.bytes.clear();
            self.taken = 0;
        }
        u32::try_from(count).unwrap_or(u32::MAX)
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
            unsafe { there.with(|waiting| waiting.add(event, size, 0)) };
            0
        };
        builder.add(map, note).map_err(|error| system(&error))?;
        let ring = builder.build().map_err(|error| system(&error))?;
        let epoll = ring.epoll_fd();
        let source = Mutex::new(Source::Ring(ring));
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
        Ok(Self { source: Mutex::new(Source::Perf(perf)), epoll, arrived, unsent, lost, size })
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

    /// Takes what is there; says how many there were.
    #[inline]
    fn look(&self, most: u32, events: &mut Sink<'_>) -> Result<u32, KernelError> {
        let source = self.source.lock().unwrap_or_else(PoisonError::into_inner);
        // SAFETY: this thread has `source`.
        let waits = unsafe { self.arrived.with(|waiting| waiting.begin(most, events)) };
        // Of a ring, what is not asked for stays where it is: its programs see that it is full.
        let consumed = if waits { Ok(()) } else { source.consume(most as usize) };
        // SAFETY: the same.
        let (given, wrong) = unsafe { self.arrived.with(|waiting| waiting.end(most, self.size, events)) };
        if given > 0 {
            return Ok(given);
        }
        consumed?;
        let narrow = |size: usize| u32::try_from(size).unwrap_or(u32::MAX);
        wrong.map_or(Ok(0), |found| Err(KernelError::Size(narrow(found), narrow(self.size))))
    }
}

impl EventBytes for KernelEvents {
    fn take(&self, most: u32, wait: Duration, mut events: Sink<'_>) -> Result<u32, KernelError> {
        if most == 0 {
            return Ok(0);
        }
        let count = self.look(most, &mut events)?;
        // Who does not wait needs no clock, which takes longer than looking.
        if count > 0 || wait.is_zero() {
            return Ok(count);
        }
        let started = Instant::now();
        while let Some(left) = wait.checked_sub(started.elapsed()).filter(|left| !left.is_zero()) {
            self.wait(left);
            let count = self.look(most, &mut events)?;
            if count > 0 {
                return Ok(count);
            }
        }
        Ok(0)
    }

    fn lost(&self) -> Result<u64, KernelError> {
        let Some(lost) = &self.lost else { return Ok(self.unsent.load(Ordering::Relaxed)) };
        let value = lost.map.lookup(&0_u32.to_ne_bytes(), MapFlags::ANY).map_err(|error| system(&error))?;
        let counted = value.as_ref().and_then(|value| value.get(lost.offset..)?.first_chunk::<8>().copied());
        Ok(counted.map_or(0, u64::from_ne_bytes))
    }
}
