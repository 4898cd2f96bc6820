//! An object that is replaced: never while a call is inside it, never called when it is gone, and nobody waits for ever.

use loom::thread;

use super::Object;
use crate::restart::{Refused, Replace as _, Restart};
use crate::sync::Arc;
use crate::sync::atomic::{AtomicUsize, Ordering};
use crate::{FaultKind, PluginFault};

fn fault() -> PluginFault {
    PluginFault::new(FaultKind::Panicked, "p", "c", "m", "said")
}

fn destroy(object: *mut ()) -> Result<(), PluginFault> {
    // SAFETY: `Object::made` made it.
    unsafe { Object::at(object) }.destroy();
    Ok(())
}

/// Calls, and breaks it.
fn call(restart: &Restart, breaks: bool) -> Result<(), Refused> {
    let inside = restart.enter(&destroy)?;
    // SAFETY: `Object::made` made it.
    unsafe { Object::at(inside.object) }.call(|| {
        if breaks {
            restart.broke(&fault());
        }
    });
    if !breaks {
        inside.went_well();
    }
    Ok(())
}

/// One more than it was broken, if all goes well, and all but the last are destroyed.
fn model(at_most: u32, threads: &'static [bool], after: impl Fn(usize) + Sync + Send + Copy + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = Some(3);
    builder.check(move || {
        let made = Arc::new(AtomicUsize::new(1));
        let construct = {
            let made = Arc::clone(&made);
            move || {
                made.fetch_add(1, Ordering::SeqCst);
                Ok(Object::made())
            }
        };
        let restart = Arc::new(Restart::new(Object::made(), at_most, Box::new(construct)));
        let started: Vec<_> = threads
            .iter()
            .map(|breaks| {
                let restart = Arc::clone(&restart);
                thread::spawn(move || call(&restart, *breaks).is_ok())
            })
            .collect();
        for thread in started {
            let _ = thread.join().unwrap();
        }
        if let Some(last) = restart.take_object() {
            destroy(last).unwrap();
        }
        after(made.load(Ordering::SeqCst));
    });
}

#[test]
fn nobody_is_inside_what_is_replaced() {
    // What is broken last is replaced by the next call, if there is one.
    model(9, &[true, false], |made| assert!(made <= 2, "{made}"));
}

#[test]
fn two_threads_that_break_it_are_waited_for() {
    model(9, &[true, true], |made| assert!(made <= 3, "{made}"));
}

#[test]
fn it_is_not_replaced_more_often_than_it_may_be() {
    model(0, &[true, false], |made| assert_eq!(made, 1));
}
