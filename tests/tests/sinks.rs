//! `Sink`: what is written on one side stands in the vector of the other, whatever happens between.

#[allow(missing_docs, reason = "documented where they are declared")]
#[path = "../fixtures/contracts/src/panicky.rs"]
pub mod panicky;

use std::ffi::c_void;
use std::io::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;

use panicky::{How, Spill};
use plugin_abi::wire::{Room, SinkAbi};
use plugin_abi::{Invalid, PluginType as _};
use plugin_contracts::Sink;
use plugin_host::Plugin;
use plugin_tests::fixture;

#[test]
fn what_was_written_before_a_panic_is_there() {
    // SAFETY: the file is built by this test.
    let plugin = unsafe { Plugin::<dyn Spill>::load(fixture("panicky")) }.unwrap();
    let mut bytes = vec![1];
    plugin.spill(&[2, 3], How::Not, Sink::new(&mut bytes));
    assert_eq!(bytes, [1, 2, 3, 2, 3]);
    for spare in [0, 100] {
        // SAFETY: as above.
        let plugin = unsafe { Plugin::<dyn Spill>::load(fixture("panicky")) }.unwrap();
        let mut bytes = Vec::with_capacity(spare);
        let spill = || plugin.spill(&[4; 50], How::Literal, Sink::new(&mut bytes));
        catch_unwind(AssertUnwindSafe(spill)).unwrap_err();
        assert_eq!(bytes, [4; 50]);
        let refused = || plugin.spill(&[4; 50], How::Not, Sink::new(&mut bytes));
        catch_unwind(AssertUnwindSafe(refused)).unwrap_err();
        assert_eq!(bytes, [4; 50], "it was not called");
    }
}

#[test]
fn memory_that_is_large_enough_stays_where_it_is() {
    let mut bytes = Vec::with_capacity(100);
    let place = bytes.as_ptr();
    for _ in 0..3 {
        bytes.clear();
        let mut sink = Sink::new(&mut bytes);
        sink.reserve(100);
        sink.write(&[1; 100]);
        drop(sink);
        assert_eq!((bytes.as_ptr(), &*bytes), (place, &[1; 100][..]));
    }
}

#[test]
fn a_sink_is_written_to_in_every_way_that_a_vector_is() {
    let mut bytes = b"a".to_vec();
    let mut sink = Sink::from(&mut bytes);
    assert_eq!((sink.len(), sink.is_empty(), sink.as_slice()), (1, false, &b"a"[..]));
    sink.write(b"b");
    sink.extend_from_slice(b"");
    write!(sink, "{}-{}", 1, 2).unwrap();
    sink.flush().unwrap();
    sink.reserve(2);
    assert!(sink.spare_capacity().len() >= 2);
    sink.spare_capacity()[0].write(b'c');
    sink.spare_capacity()[1].write(b'd');
    // SAFETY: just written.
    unsafe { sink.advance(2) };
    assert_eq!((format!("{sink:?}"), sink.as_ref()), (format!("{:?}", b"ab1-2cd"), &b"ab1-2cd"[..]));
    drop(sink);
    assert_eq!(bytes, b"ab1-2cd");
    let mut none = Vec::new();
    let mut sink = Sink::new(&mut none);
    assert!(sink.is_empty() && sink.as_slice().is_empty() && sink.spare_capacity().is_empty());
}

#[test]
fn a_sink_that_nobody_drops_leaves_the_vector_as_it_was() {
    let mut bytes = Vec::with_capacity(10);
    bytes.push(1);
    let mut sink = Sink::new(&mut bytes);
    sink.write(&[2]);
    std::mem::forget(sink);
    assert_eq!(bytes, [1]);
}

#[test]
fn a_sink_that_is_passed_on_takes_along_what_was_written() {
    let mut bytes = Vec::new();
    let mut sink = Sink::new(&mut bytes);
    sink.write(&[1]);
    // SAFETY: nobody else has it.
    let sent = unsafe { sink.send() };
    // SAFETY: it was sent just now, and is received once.
    let mut passed = unsafe { Sink::from_abi(sent) }.unwrap();
    assert_eq!(passed.as_slice(), [1]);
    passed.write(&[2]);
    drop(passed);
    drop(sink);
    assert_eq!(bytes, [1, 2], "who lent it says nothing more");
}

#[test]
fn more_than_there_can_be_is_a_panic_of_whoever_asks() {
    let mut bytes = vec![1];
    let mut sink = Sink::new(&mut bytes);
    let asked = catch_unwind(AssertUnwindSafe(|| sink.reserve(usize::MAX)));
    let text = *asked.unwrap_err().downcast::<String>().unwrap();
    assert!(text.starts_with("the caller has no memory for "), "{text}");
    sink.write(&[2]);
    // SAFETY: nothing is said to be written that could be.
    catch_unwind(AssertUnwindSafe(|| unsafe { sink.advance(usize::MAX) })).unwrap_err();
    drop(sink);
    assert_eq!(bytes, [1, 2], "and what was there is there");
}

#[test]
fn a_sink_that_makes_no_sense_is_refused() {
    unsafe extern "C" fn grow(_: *mut c_void, _: usize, _: usize) -> Room {
        Room { ptr: ptr::null_mut(), cap: 0 }
    }
    let mut byte = 0_u8;
    let whole = SinkAbi { ptr: &raw mut byte, len: 0, cap: 1, grow: Some(grow), context: ptr::null_mut() };
    let why = |abi| {
        // SAFETY: what is wrong is found before more is read.
        unsafe { Sink::from_abi(&raw const abi) }.err()
    };
    // SAFETY: as above.
    let at = |place| unsafe { Sink::from_abi(place) }.err();
    assert_eq!(at(ptr::null()), Some(Invalid::NullPointer));
    assert_eq!(
        at((&raw const byte).wrapping_add(1 - (&raw const byte).addr() % 2).cast()),
        Some(Invalid::Misaligned)
    );
    assert_eq!(why(whole), None);
    assert_eq!(why(SinkAbi { grow: None, ..whole }), Some(Invalid::Sink));
    assert_eq!(why(SinkAbi { len: 2, ..whole }), Some(Invalid::TooLong));
    assert_eq!(why(SinkAbi { cap: usize::MAX, ..whole }), Some(Invalid::TooLong));
    assert_eq!(why(SinkAbi { ptr: ptr::null_mut(), ..whole }), Some(Invalid::NullPointer));
    // SAFETY: it is refused, or a sink of one byte that cannot grow.
    let mut small = unsafe { Sink::from_abi(&raw const whole) }.unwrap();
    small.write(&[7]);
    catch_unwind(AssertUnwindSafe(|| small.write(&[8]))).unwrap_err();
    drop(small);
    assert_eq!(byte, 7);
}

#[test]
fn a_sink_that_is_lent_on_writes_to_the_same_vector() {
    let mut bytes = vec![1];
    {
        let mut sink = Sink::new(&mut bytes);
        sink.write(&[2]);
        {
            let mut lent = sink.reborrow();
            assert_eq!(lent.as_slice(), [1, 2]);
            lent.write(&[3; 500]);
            let mut further = lent.reborrow();
            further.write(&[4]);
        }
        assert_eq!((sink.len(), sink.as_slice()[502]), (503, 4));
        // What nobody drops leaves it as it was.
        let mut lost = sink.reborrow();
        lost.write(&[5]);
        std::mem::forget(lost);
        assert_eq!(sink.len(), 503);
        sink.write(&[6]);
    }
    assert_eq!((bytes.len(), bytes[0], bytes[1], bytes[502], bytes[503]), (504, 1, 2, 4, 6));
}

#[test]
fn what_was_there_cannot_be_taken_away() {
    let take = |sink: &Sink<'_>| {
        // SAFETY: nobody else has it.
        let sent = unsafe { sink.send() };
        // SAFETY: it lies in the sink.
        let sent = unsafe { *sent };
        // SAFETY: as another side would that takes no care.
        let room = unsafe { sent.grow.unwrap()(sent.context, 1, 0) };
        assert!(room.ptr.is_null());
    };
    let mut bytes = vec![1, 2];
    let mut sink = Sink::new(&mut bytes);
    take(&sink.reborrow());
    take(&sink);
    drop(sink);
    assert_eq!(bytes, [1, 2]);
}

#[test]
fn what_a_lent_sink_wrote_before_a_panic_is_there() {
    let mut bytes = Vec::new();
    let caught = catch_unwind(AssertUnwindSafe(|| {
        let mut sink = Sink::new(&mut bytes);
        let mut lent = sink.reborrow();
        lent.write(b"half");
        panic!("way");
    }));
    assert!(caught.is_err());
    assert_eq!(bytes, b"half");
}
