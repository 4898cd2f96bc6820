//! A library that hands its calls on, while a test changes who answers.

use loom::thread;

use super::Object;
use crate::mock::desk::{Desk, Targets};
use crate::sync::Arc;
use crate::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

/// A desk, and one instance of its library.
struct Library {
    desk: Desk<Answers>,
    targets: Targets<Made>,
}

/// Makes objects with a number, and counts them.
struct Answers {
    number: u64,
    made: Arc<AtomicUsize>,
}

struct Made {
    number: u64,
    object: *mut (),
}

impl Drop for Made {
    fn drop(&mut self) {
        // SAFETY: `Object::made` made it.
        unsafe { Object::at(self.object) }.destroy();
    }
}

impl Library {
    fn new() -> Arc<Self> {
        Arc::new(Self { desk: Desk::new(), targets: Targets::new() })
    }

    fn program(&self, number: u64) -> Arc<AtomicUsize> {
        let made = Arc::new(AtomicUsize::new(0));
        self.desk.change(Some(Answers { number, made: Arc::clone(&made) }));
        made
    }

    /// The number of the object that a call reaches; 0 when nobody answers.
    fn call(&self) -> u64 {
        let target = self.targets.get(&self.desk, |answers| {
            let number = answers.map_or(0, |answers| {
                answers.made.fetch_add(1, Ordering::SeqCst);
                answers.number
            });
            Made { number, object: Object::made() }
        });
        // SAFETY: nobody has it exclusively.
        let made = unsafe { &*target.get() };
        // SAFETY: `Object::made` made it.
        unsafe { Object::at(made.object) }.call(|| made.number)
    }
}

#[test]
fn nobody_is_asked_who_was_replaced() {
    loom::model(|| {
        let library = Library::new();
        library.program(1);
        let told = Arc::new(AtomicU64::new(1));
        let programs = {
            let (library, told) = (Arc::clone(&library), Arc::clone(&told));
            thread::spawn(move || {
                library.program(2);
                told.store(2, Ordering::Release);
            })
        };
        let calls = thread::spawn(move || {
            let mut last = 0;
            for _ in 0..2 {
                let least = told.load(Ordering::Acquire).max(last);
                last = library.call();
                assert!(last >= least, "{last} answered, and {least} did before, or was programmed before");
            }
        });
        programs.join().unwrap();
        calls.join().unwrap();
    });
}

#[test]
fn an_instance_has_one_object_of_each_who_answers() {
    loom::model(|| {
        let library = Library::new();
        let made = library.program(1);
        let threads = [(); 2].map(|()| {
            let library = Arc::clone(&library);
            thread::spawn(move || assert_eq!(library.call(), 1))
        });
        threads.into_iter().for_each(|thread| thread.join().unwrap());
        assert_eq!(made.load(Ordering::SeqCst), 1);
    });
}

#[test]
fn a_call_that_began_before_a_change_keeps_its_object() {
    loom::model(|| {
        let library = Library::new();
        library.program(1);
        let calls = [(); 2].map(|()| {
            let library = Arc::clone(&library);
            thread::spawn(move || {
                let number = library.call();
                assert!(number == 1 || number == 0, "{number}");
            })
        });
        library.desk.change(None);
        calls.into_iter().for_each(|thread| thread.join().unwrap());
    });
}
