//! An instance: what others hear while a call of it fails, and that it is destroyed once, when nobody is inside.

use std::mem::MaybeUninit;

use loom::thread;

use super::Object;
use crate::call::{Answer, Out, Status};
use crate::sync::Arc;
use crate::wire::{PluginType as _, RawVec};
use crate::{FaultKind, Instance, PluginFault, Raw};

/// A closure or an object of the other side's, as its stub holds it.
struct Stub(Raw<Instance>);

// SAFETY: the object's methods take a shared reference, and are called from any thread.
unsafe impl Send for Stub {}
// SAFETY: as above.
unsafe impl Sync for Stub {}

unsafe extern "C" fn destroy(object: *mut (), _: *mut Out<u8>) -> Status {
    // SAFETY: `Object::made` made it.
    unsafe { Object::at(object) }.destroy();
    Status::OK
}

impl Stub {
    fn new() -> Self {
        // SAFETY: the object and what destroys it belong together, and code stays.
        Self(Raw::of(unsafe { Instance::received(Object::made(), Some(destroy), None, "test") }))
    }

    fn call(&self, panics: bool) -> Result<u64, Box<PluginFault>> {
        let shim = |object: *mut (), out: *mut Out<u64>| {
            // SAFETY: `Object::made` made it.
            unsafe { Object::at(object) }.call(|| {
                if panics {
                    // SAFETY: the place is large enough for what a status says.
                    unsafe { out.cast::<RawVec<u8>>().write("said".to_owned().into_abi()) };
                    Answer::ended(Status::PANICKED)
                } else {
                    Answer { word: MaybeUninit::new(7), status: Status::OK }
                }
            })
        };
        // SAFETY: it does what shims do.
        unsafe { self.0.call::<u64>("m", shim) }
    }
}

#[test]
fn whoever_is_refused_hears_by_what_it_was_poisoned() {
    loom::model(|| {
        let stub = Arc::new(Stub::new());
        let panics = {
            let stub = Arc::clone(&stub);
            thread::spawn(move || stub.call(true).unwrap_err().kind)
        };
        let other = {
            let stub = Arc::clone(&stub);
            thread::spawn(move || match stub.call(false) {
                Ok(value) => assert_eq!(value, 7),
                Err(fault) => {
                    assert_eq!(fault.kind, FaultKind::Poisoned);
                    assert_eq!(fault.message, "`m` failed before: said");
                }
            })
        };
        assert_eq!(panics.join().unwrap(), FaultKind::Panicked);
        other.join().unwrap();
        let fault = stub.call(false).unwrap_err();
        assert_eq!((fault.kind, &*fault.message), (FaultKind::Poisoned, "`m` failed before: said"));
    });
}

#[test]
fn whoever_lets_go_last_destroys_it() {
    loom::model(|| {
        let stub = Arc::new(Stub::new());
        let threads = [(); 2].map(|()| {
            let stub = Arc::clone(&stub);
            thread::spawn(move || assert_eq!(stub.call(false).unwrap(), 7))
        });
        drop(stub);
        threads.into_iter().for_each(|thread| thread.join().unwrap());
    });
}
