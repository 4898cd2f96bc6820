//! Events as a stream: a thread waits for them, and whatever task listens is woken.
//!
//! In: events, whoever carries them. Out: the same, one after the other. It does not know executors: a waker is all it has of one.

use std::collections::VecDeque;
use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::Duration;

use plugin_abi::{Plain, Stream};

use super::{Events, KernelError};

/// How many events wait here. What comes meanwhile stays with whoever carries it, and is lost and counted there as ever.
const ROOM: usize = 1024;

/// How long the thread waits before it looks whether anybody still listens.
const PATIENCE: Duration = Duration::from_millis(100);

/// Events as a stream, made by [`Events::stream`]. It goes on until whoever carries the events fails, and ends with that error; an
/// event of another size is an error too, and the next one follows.
pub struct EventStream<T> {
    shared: Arc<Shared<T>>,
}

struct Shared<T> {
    state: Mutex<State<T>>,
    has_room: Condvar,
}

struct State<T> {
    events: VecDeque<Result<T, KernelError>>,
    end: End,
    listener: Option<Waker>,
    is_dropped: bool,
}

/// How the stream ended, if it did.
enum End {
    NotYet,
    Failed(KernelError),
    Told,
}

impl<T: Plain + Send + 'static> EventStream<T> {
    pub(super) fn of(events: Events<T>) -> Self {
        let state = State { events: VecDeque::new(), end: End::NotYet, listener: None, is_dropped: false };
        let shared = Arc::new(Shared { state: Mutex::new(state), has_room: Condvar::new() });
        let carried = Arc::clone(&shared);
        let thread = thread::Builder::new().name("events".to_owned()).spawn(move || carry(&events, &carried));
        if let Err(error) = thread {
            shared.lock().end =
                End::Failed(KernelError::System(format!("no thread waits for events: {error}")));
        }
        Self { shared }
    }
}

/// What the thread does, until nobody listens or the events fail.
fn carry<T: Plain>(events: &Events<T>, shared: &Shared<T>) {
    while let Some(room) = shared.wait_for_room() {
        let mut found = VecDeque::new();
        let taken = events.each(room, PATIENCE, |event| found.push_back(Ok(event)));
        let mut end = taken.err();
        found.extend(end.take_if(|error| matches!(error, KernelError::Size(..))).map(Err));
        let has_failed = end.is_some();
        shared.put(found, end);
        if has_failed {
            return;
        }
    }
}

impl<T> Shared<T> {
    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// For how many events there is room, once there is any; nothing when nobody listens.
    fn wait_for_room(&self) -> Option<u32> {
        let mut state = self.lock();
        while state.events.len() >= ROOM && !state.is_dropped {
            state = self.has_room.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        let room = u32::try_from(ROOM - state.events.len()).unwrap_or(u32::MAX);
        (!state.is_dropped).then_some(room)
    }

    fn put(&self, mut found: VecDeque<Result<T, KernelError>>, error: Option<KernelError>) {
        let mut state = self.lock();
        if found.is_empty() && error.is_none() {
            return;
        }
        state.events.append(&mut found);
        if let Some(error) = error {
            state.end = End::Failed(error);
        }
        let listener = state.listener.take();
        drop(state);
        if let Some(listener) = listener {
            listener.wake();
        }
    }
}

impl<T> Stream for EventStream<T> {
    type Item = Result<T, KernelError>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let mut state = self.shared.lock();
        if let Some(event) = state.events.pop_front() {
            drop(state);
            self.shared.has_room.notify_one();
            return Poll::Ready(Some(event));
        }
        match std::mem::replace(&mut state.end, End::Told) {
            End::Failed(error) => return Poll::Ready(Some(Err(error))),
            End::Told => return Poll::Ready(None),
            End::NotYet => state.end = End::NotYet,
        }
        match &mut state.listener {
            Some(listener) => listener.clone_from(context.waker()),
            none => *none = Some(context.waker().clone()),
        }
        Poll::Pending
    }
}

impl<T> Drop for EventStream<T> {
    fn drop(&mut self) {
        self.shared.lock().is_dropped = true;
        self.shared.has_room.notify_one();
    }
}

impl<T> fmt::Debug for EventStream<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventStream").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::task::Wake;

    use super::*;
    use crate::kernel::EventBytes;

    struct Unpark(thread::Thread);

    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }

    fn next<T>(stream: &mut EventStream<T>) -> Option<Result<T, KernelError>> {
        let waker = Arc::new(Unpark(thread::current())).into();
        let mut stream = pin!(stream);
        loop {
            match stream.as_mut().poll_next(&mut Context::from_waker(&waker)) {
                Poll::Ready(item) => return item,
                Poll::Pending => thread::park(),
            }
        }
    }

    #[test]
    fn a_task_is_woken_by_each_event_and_none_is_lost_while_there_is_room() {
        let (sink, events) = Events::<u32>::channel(8);
        let mut stream = events.stream();
        let sender = thread::spawn(move || {
            for event in 0..5000 {
                while !sink.send(&event) {
                    thread::yield_now();
                }
            }
        });
        for event in 0..5000 {
            assert_eq!(next(&mut stream), Some(Ok(event)));
        }
        sender.join().expect("it does not panic");
    }

    #[test]
    fn what_nobody_reads_stays_where_it_is_lost_and_counted() {
        let (sink, events) = Events::<u64>::channel(4);
        let stream = events.stream();
        while stream.shared.lock().events.len() < ROOM {
            if !sink.send(&0) {
                thread::yield_now();
            }
        }
        let before = events.lost().expect("they are of this process");
        while sink.send(&0) {}
        assert_eq!(events.lost(), Ok(before + 1));
        assert_eq!(stream.shared.lock().events.len(), ROOM);
        drop(stream);
    }

    #[test]
    fn the_thread_ends_with_its_stream() {
        let (_sink, events) = Events::<u32>::channel(4);
        let shared = {
            let stream = events.stream();
            Arc::downgrade(&stream.shared)
        };
        while shared.strong_count() > 0 {
            thread::sleep(Duration::from_millis(1));
        }
    }

    /// Has an event, then one that is none, and then fails.
    struct Fails(Mutex<u8>);

    impl EventBytes for Fails {
        fn each(&self, _: u32, _: Duration, seen: &mut dyn FnMut(&[u8])) -> Result<u32, KernelError> {
            let mut asked = self.0.lock().expect("nobody panics");
            *asked += 1;
            match *asked {
                1 | 3 => seen(&7_u32.to_ne_bytes()),
                2 => seen(&[7]),
                _ => return Err(KernelError::NoKey),
            }
            Ok(1)
        }

        fn lost(&self) -> Result<u64, KernelError> {
            Ok(0)
        }
    }

    #[test]
    fn a_failure_is_the_last_that_is_heard() {
        let mut stream = Events::<u32>::of(Arc::new(Fails(Mutex::default()))).stream();
        assert_eq!(next(&mut stream), Some(Ok(7)));
        assert_eq!(next(&mut stream), Some(Err(KernelError::Size(1, 4))), "of another size");
        assert_eq!(next(&mut stream), Some(Ok(7)));
        assert_eq!(next(&mut stream), Some(Err(KernelError::NoKey)));
        assert_eq!((next(&mut stream), next(&mut stream)), (None, None));
    }
}
