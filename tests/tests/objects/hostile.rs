//! The other side as an enemy: what can be checked is refused, and what was given is given back all the same.

use std::mem::MaybeUninit;
use std::ptr::NonNull;
use std::sync::Arc;

use plugin_abi::access::{Access as _, Lent, Shared};
use plugin_abi::call::Out;
use plugin_abi::wire::{Object, ObjectTable, RawFunction, RawFuture, RawObject, RawVec};
use plugin_abi::{Answer, Instance, Invalid, PluginType, Raw, Status};
use plugin_host::Contract;

use super::objects::{Lines, Session, Workshop};

fn sent() -> RawObject {
    <dyn Session>::box_into_abi(Box::new(Lines::new(Vec::new())))
}

fn refused(raw: RawObject) -> Invalid {
    // SAFETY: what is wrong with it is what is tested, and is seen before anything is called.
    match unsafe { <dyn Session>::receive(raw) } {
        Ok(_) => panic!("it was taken"),
        Err(invalid) => invalid,
    }
}

#[test]
fn objects_that_are_none_are_refused() {
    let good = sent();
    let missing = |name| Invalid::Missing { name };
    assert_eq!(refused(RawObject { object: std::ptr::null_mut(), ..good }), missing("object"));
    assert_eq!(refused(RawObject { table: std::ptr::null(), ..good }), missing("table"));
    let crooked = good.table.cast::<u8>().wrapping_add(1).cast::<ObjectTable>();
    assert_eq!(refused(RawObject { table: crooked, ..good }), Invalid::Misaligned);
    // SAFETY: the table came from this very process.
    let mut short = unsafe { std::ptr::read(good.table) };
    short.size = 8;
    assert_eq!(refused(RawObject { table: &raw const short, ..good }), Invalid::Content);
    // SAFETY: the object was sent by this test, and is received once.
    drop(unsafe { <dyn Session>::receive(good) }.unwrap());
}

#[test]
fn an_object_without_a_method_that_must_be_there_is_refused_and_given_back() {
    let good = sent();
    // SAFETY: the table came from this very process.
    let mut fewer = unsafe { std::ptr::read(good.table) };
    fewer.contract.rows.len = 1;
    assert_eq!(refused(RawObject { table: &raw const fewer, ..good }), Invalid::Method { name: "lines" });
}

#[test]
fn functions_and_futures_without_a_pointer_are_refused() {
    extern "C" fn nobody() -> plugin_abi::wire::RawSlice<u8> {
        plugin_abi::wire::RawSlice::new(b"\xff")
    }
    let function =
        RawFunction { object: std::ptr::null_mut(), call: None, origin: Some(nobody), release: None };
    // SAFETY: nothing is called.
    assert!(matches!(unsafe { function.receive("test") }, Err(Invalid::Missing { name: "object" })));
    let future = RawFuture::<u64> { state: [MaybeUninit::uninit(); 2], poll: None, drop: None, origin: None };
    // SAFETY: as above.
    let remote = unsafe { <std::pin::Pin<Box<dyn Future<Output = u64>>>>::from_abi(future) };
    assert!(matches!(remote, Err(Invalid::Missing { name: "poll" })));
}

#[test]
fn what_others_have_too_is_not_changed() {
    let arc: Arc<dyn Session> = Arc::new(Lines::new(Vec::new()));
    let place = (&raw const arc).cast_mut().cast::<()>();
    // SAFETY: the pointer is one to an `Arc` that lives.
    assert!(unsafe { Shared::<dyn Session>::exclusive(place) }.is_none());
    let lent: &dyn Session = &*arc;
    let place = (&raw const lent).cast_mut().cast::<()>();
    // SAFETY: the pointer is one to a reference that lives.
    assert!(unsafe { Lent::<dyn Session>::exclusive(place) }.is_none());
}

/// What a plugin gets for `once`.
type Once = unsafe extern "C" fn(*mut (), RawVec<u8>, *mut Out<u64>) -> Answer;

/// Calls what can be called once twice, and answers with what the second call said.
unsafe extern "C" fn calls_twice(_: *mut (), done: RawFunction, out: *mut Out<u64>) -> Answer {
    // SAFETY: the host's closure is a `FnOnce(String) -> u64`.
    let call = unsafe { std::mem::transmute::<unsafe extern "C" fn(), Once>(done.call.unwrap()) };
    let mut result = MaybeUninit::<Out<u64>>::uninit();
    // SAFETY: everything is as the closure's type says.
    let first = unsafe { call(done.object, "first".to_owned().into_abi(), result.as_mut_ptr()) };
    assert_eq!(first.status, Status::OK);
    // SAFETY: the result fits, and was returned.
    assert_eq!(unsafe { first.word.assume_init() }, 1);
    // SAFETY: as above, but for the times.
    let second = unsafe { call(done.object, "second".to_owned().into_abi(), out.cast()) };
    let mut gone = MaybeUninit::<Out<u8>>::uninit();
    // SAFETY: the closure is given back once.
    let dropped = unsafe { done.release.unwrap()(done.object, gone.as_mut_ptr()) };
    assert_eq!(dropped, Status::OK);
    second
}

unsafe extern "C" fn nothing(_: *mut (), _: *mut Out<u8>) -> Status {
    Status::OK
}

#[test]
fn what_can_be_called_once_is_called_once() {
    let find = |name: &'static str, _| {
        let call = if name == "once" { calls_twice as *const () } else { nothing as *const () };
        NonNull::new(call.cast_mut())
    };
    // SAFETY: nothing but `once` is called, which has the right type.
    let table = unsafe { <dyn Workshop as Contract>::bind(&find) }.unwrap();
    // SAFETY: there is no object, and nothing to destroy.
    let instance = unsafe { Instance::new(std::ptr::null_mut(), nothing, "hostile".to_owned(), "test") };
    // SAFETY: as above.
    let shop = unsafe { <dyn Workshop as Contract>::stub(Raw::new(Arc::new(instance)), table) };
    let held = Arc::new(());
    let kept = Arc::clone(&held);
    let called = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        shop.once(Box::new(move |text| {
            let _ = &kept;
            assert_eq!(text, "first");
            1
        }))
    }));
    let said = *called.unwrap_err().downcast::<String>().unwrap();
    assert!(said.contains("it can be called once, and was"), "{said}");
    assert_eq!(Arc::strong_count(&held), 1, "and dropped once");
}
