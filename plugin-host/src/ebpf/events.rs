//! Events that the kernel carries: by one ring, or by a buffer for each processor.
//!
//! In: a map. Out: [`EventBytes`]. What arrives is copied out of the kernel's memory at once, so that programs have the room again.

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
    arrived: Arc<Mutex<Arrived>>,
    lost: Option<Lost>,
    size: usize,
}

enum Source {
    Ring(RingBuffer<'static>),
    Perf(PerfBuffer<'static>),
}

// SAFETY: libbpf's buffers belong to no thread. Their callbacks hold an `Arc` of a mutex, which may go to another thread, and
// `source` lets one thread at a time use them.
unsafe impl Send for Source {}

/// What arrived and was not taken yet.
#[derive(Default)]
struct Arrived {
    bytes: Vec<u8>,
    taken: usize,
    /// Events that the kernel could not put into a processor's buffer.
    lost: u64,
    /// The size of an event that is none.
    wrong: Option<usize>,
}

impl Arrived {
    fn add(&mut self, event: &[u8], size: usize, padding: usize) {
        // The kernel fills up what lies in perf buffers to eight bytes.
        match event.get(..size) {
            Some(exact) if event.len() - size <= padding => self.bytes.extend_from_slice(exact),
            _ => self.wrong = Some(event.len()),
        }
    }

    /// Gives up to so many events.
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
        let arrived = Arc::new(Mutex::new(Arrived::default()));
        let there = Arc::clone(&arrived);
        let mut builder = RingBufferBuilder::new();
        let note = move |event: &[u8]| {
            lock(&there).add(event, size, 0);
            0
        };
        builder.add(map, note).map_err(|error| system(&error))?;
        let ring = builder.build().map_err(|error| system(&error))?;
        Ok(Self { source: Mutex::new(Source::Ring(ring)), arrived, lost, size })
    }

    /// Events by a buffer of so many bytes for each processor.
    pub(super) fn perf(
        map: &MapHandle,
        size: usize,
        bytes: u32,
        lost: Option<Lost>,
    ) -> Result<Self, KernelError> {
        let arrived = Arc::new(Mutex::new(Arrived::default()));
        let (there, count) = (Arc::clone(&arrived), Arc::clone(&arrived));
        let pages = (bytes as usize / page_size()).max(1);
        let perf = PerfBufferBuilder::new(map)
            .pages(pages)
            .sample_cb(move |_, event: &[u8]| lock(&there).add(event, size, 7))
            .lost_cb(move |_, more| lock(&count).lost += more)
            .build()
            .map_err(|error| system(&error))?;
        Ok(Self { source: Mutex::new(Source::Perf(perf)), arrived, lost, size })
    }
}

/// The bytes of a page.
fn page_size() -> usize {
    // SAFETY: it reads a number that the C library keeps.
    let size = unsafe { libc::sysconf(libc::_SC_PAGESIZE) };
    usize::try_from(size).unwrap_or(4096)
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Source {
    /// Whether something may be there before this much time has passed.
    fn wait(&self, time: Duration) -> bool {
        let fd = match self {
            Self::Ring(ring) => ring.epoll_fd(),
            Self::Perf(perf) => perf.epoll_fd(),
        };
        let mut asked = libc::pollfd { fd, events: libc::POLLIN, revents: 0 };
        // Whole milliseconds, and not fewer: a rest of one would be asked for again and again.
        let milliseconds = i32::try_from(time.as_micros().div_ceil(1000)).unwrap_or(i32::MAX);
        // SAFETY: it is one `pollfd`, and it lives until the call is over.
        unsafe { libc::poll(&raw mut asked, 1, milliseconds) > 0 }
    }

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

impl EventBytes for KernelEvents {
    fn take(&self, most: u32, wait: Duration, mut events: Sink<'_>) -> Result<u32, KernelError> {
        if most == 0 {
            return Ok(0);
        }
        let started = Instant::now();
        let source = lock(&self.source);
        loop {
            // Of a ring, what is not asked for stays where it is: its programs see that it is full.
            let waiting = lock(&self.arrived).bytes.len() / self.size;
            if waiting == 0 {
                source.consume(most as usize)?;
            }
            let mut arrived = lock(&self.arrived);
            if let Some(found) = arrived.wrong.take() {
                let narrow = |size: usize| u32::try_from(size).unwrap_or(u32::MAX);
                return Err(KernelError::Size(narrow(found), narrow(self.size)));
            }
            let count = arrived.give(most as usize, self.size, &mut events);
            drop(arrived);
            if count > 0 {
                return Ok(count);
            }
            match wait.checked_sub(started.elapsed()).filter(|left| !left.is_zero()) {
                Some(left) => source.wait(left),
                None => return Ok(0),
            };
        }
    }

    fn lost(&self) -> Result<u64, KernelError> {
        let by_kernel = lock(&self.arrived).lost;
        let Some(lost) = &self.lost else { return Ok(by_kernel) };
        let value = lost.map.lookup(&0_u32.to_ne_bytes(), MapFlags::ANY).map_err(|error| system(&error))?;
        let counted = value.as_ref().and_then(|value| value.get(lost.offset..)?.first_chunk::<8>().copied());
        Ok(counted.map_or(0, u64::from_ne_bytes))
    }
}
