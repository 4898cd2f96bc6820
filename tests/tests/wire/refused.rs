//! Wire forms that nobody made: refused, and what they own goes back to whom it belongs.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::ffi::c_void;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::ptr;
use std::time::{Duration, SystemTime};

use plugin_abi::wire::{ArrayAbi, BoxAbi, DurationAbi, IpAbi, RawVec, SocketAbi, SystemTimeAbi, Tuple2Abi};
use plugin_abi::{Invalid, PluginType};

thread_local! {
    /// What was given back on this thread: of boxes how much was moved out, of vectors their capacity.
    static BOXES: Cell<Vec<u32>> = const { Cell::new(Vec::new()) };
    static VECTORS: Cell<Vec<usize>> = const { Cell::new(Vec::new()) };
}

fn note<T: 'static>(list: &'static std::thread::LocalKey<Cell<Vec<T>>>, one: T) {
    let mut known = list.take();
    known.push(one);
    list.set(known);
}

unsafe extern "C" fn release(_: *mut (), taken: u32) {
    note(&BOXES, taken);
}

unsafe extern "C" fn free(_: *mut c_void, cap: usize) {
    note(&VECTORS, cap);
}

/// A box around somebody else's value.
fn boxed<T>(value: &mut T) -> BoxAbi<T> {
    BoxAbi { value, release: Some(release) }
}

/// A vector of somebody else's elements, with a capacity that tells it from others.
pub(super) fn vector<T>(items: &mut [T], cap: usize) -> RawVec<T> {
    RawVec { ptr: items.as_mut_ptr(), len: items.len(), cap, free: Some(free) }
}

/// What went back since this was last asked: boxes, then vectors.
pub(super) fn given_back() -> (Vec<u32>, Vec<usize>) {
    (BOXES.take(), VECTORS.take())
}

/// Why a wire form is refused.
pub(super) fn why<T: PluginType>(abi: T::Abi) -> Invalid {
    // SAFETY: the tests hand over what is well-formed up to the one thing that is refused before more is read.
    unsafe { T::from_abi(abi) }.err().expect("it is refused")
}

#[test]
fn a_box_without_a_value_or_without_release_is_refused_and_left_alone() {
    let null = BoxAbi::<u8> { value: ptr::null_mut(), release: Some(release) };
    assert_eq!(why::<Box<u8>>(null), Invalid::NullPointer);
    let mut value = 7_u8;
    let kept = BoxAbi { value: &raw mut value, release: None };
    assert_eq!(why::<Box<u8>>(kept), Invalid::Content);
    assert_eq!(given_back(), (vec![], vec![]), "it cannot be told what is there");
}

#[test]
fn a_box_at_an_odd_address_goes_back_unread() {
    let mut words = [0_u64; 2];
    let odd = BoxAbi::<u64> { value: words.as_mut_ptr().wrapping_byte_add(1), release: Some(release) };
    assert_eq!(why::<Box<u64>>(odd), Invalid::Misaligned);
    assert_eq!(given_back(), (vec![0], vec![]), "the sender drops what is in it");
}

#[test]
fn a_box_with_a_bad_value_is_refused_and_goes_back_empty() {
    assert_eq!(why::<Box<bool>>(boxed(&mut 2)), Invalid::Bool(2));
    assert_eq!(given_back(), (vec![1], vec![]));
}

#[test]
fn a_box_that_nobody_takes_drops_what_is_in_it() {
    let counted = std::rc::Rc::new(());
    struct Counted(std::rc::Rc<()>);
    // SAFETY: a pointer that Rust made and takes back.
    unsafe impl PluginType for Counted {
        type Abi = *const ();
        const ID: u128 = 1;
        const DESC: plugin_abi::describe::TypeRef = u8::DESC;
        fn into_abi(self) -> *const () {
            std::rc::Rc::into_raw(self.0)
        }
        unsafe fn from_abi(abi: *const ()) -> Result<Self, Invalid> {
            // SAFETY: it came from `into_abi`.
            Ok(Self(unsafe { std::rc::Rc::from_raw(abi) }))
        }
    }
    let abi = Box::new(Counted(counted.clone())).into_abi();
    assert_eq!(std::rc::Rc::strong_count(&counted), 2);
    // SAFETY: as a receiver does that has moved nothing out.
    unsafe { abi.release.unwrap()(abi.value.cast(), 0) };
    assert_eq!(std::rc::Rc::strong_count(&counted), 1);
}

#[test]
fn a_tuple_with_a_bad_member_is_refused_and_the_others_are_consumed() {
    let (mut first, mut last) = (*b"abc", [0_u8; 2]);
    let before = Tuple2Abi(vector(&mut first, 30), 2_u8);
    assert_eq!(why::<(String, bool)>(before), Invalid::Bool(2));
    let behind = Tuple2Abi(2_u8, vector(&mut last, 20));
    assert_eq!(why::<(bool, Vec<u8>)>(behind), Invalid::Bool(2));
    assert_eq!(given_back(), (vec![], vec![30, 20]));
}

#[test]
fn an_array_with_a_bad_element_is_refused_and_the_others_are_consumed() {
    let (mut one, mut two, mut three) = (*b"abc", [0xff_u8], *b"d");
    let items = [vector(&mut one, 30), vector(&mut two, 10), vector(&mut three, 11)];
    assert_eq!(why::<[String; 3]>(ArrayAbi { items }), Invalid::NotUtf8);
    assert_eq!(given_back(), (vec![], vec![30, 10, 11]));
    let nested = ArrayAbi { items: [boxed(&mut 1), boxed(&mut 9), boxed(&mut 0)] };
    assert_eq!(why::<[Box<bool>; 3]>(nested), Invalid::Bool(9));
    assert_eq!(given_back(), (vec![1, 1, 1], vec![]));
}

#[test]
fn a_key_that_comes_twice_is_refused_and_all_is_consumed() {
    let duplicate = |name| Invalid::Duplicate { name };
    let (mut one, mut two, mut three) = (*b"a", *b"b", *b"c");
    let mut pairs = [
        Tuple2Abi(1_u8, vector(&mut one, 10)),
        Tuple2Abi(2, vector(&mut two, 11)),
        Tuple2Abi(1, vector(&mut three, 12)),
    ];
    assert_eq!(why::<BTreeMap<u8, String>>(vector(&mut pairs, 30)), duplicate("BTreeMap"));
    assert_eq!(given_back(), (vec![], vec![30, 10, 11, 12]));
    assert_eq!(why::<HashMap<u8, String>>(vector(&mut pairs, 31)), duplicate("HashMap"));
    assert_eq!(given_back(), (vec![], vec![31, 10, 11, 12]));
    assert_eq!(why::<BTreeSet<u8>>(vector(&mut [7, 7], 32)), duplicate("BTreeSet"));
    assert_eq!(why::<HashSet<u8>>(vector(&mut [7, 8, 7], 33)), duplicate("HashSet"));
    assert_eq!(given_back(), (vec![], vec![32, 33]));
}

#[test]
fn a_map_with_a_bad_value_is_refused_and_all_is_consumed() {
    let (mut one, mut two) = (*b"a", *b"b");
    let mut pairs = [Tuple2Abi(vector(&mut one, 10), 2_u8), Tuple2Abi(vector(&mut two, 11), 1)];
    assert_eq!(why::<BTreeMap<String, bool>>(vector(&mut pairs, 30)), Invalid::Bool(2));
    assert_eq!(given_back(), (vec![], vec![30, 10, 11]));
    let longer = RawVec { len: 40, ..vector(&mut pairs, 30) };
    assert_eq!(why::<BTreeMap<String, bool>>(longer), Invalid::TooLong);
    let null = RawVec { ptr: ptr::null_mut(), ..vector(&mut [1_u8], 30) };
    assert_eq!(why::<BTreeSet<u8>>(null), Invalid::NullPointer);
    assert_eq!(given_back(), (vec![], vec![]), "it cannot be told what is there");
}

#[test]
fn times_that_no_clock_shows_are_refused() {
    let second = 1_000_000_000;
    assert_eq!(why::<Duration>(DurationAbi { secs: 1, nanos: second }), Invalid::Nanos(second));
    assert_eq!(why::<Duration>(DurationAbi { secs: u64::MAX, nanos: u32::MAX }), Invalid::Nanos(u32::MAX));
    assert_eq!(why::<SystemTime>(SystemTimeAbi { secs: -1, nanos: second }), Invalid::Nanos(second));
    let last = DurationAbi { secs: u64::MAX, nanos: second - 1 };
    // SAFETY: it owns nothing.
    assert_eq!(unsafe { Duration::from_abi(last) }, Ok(Duration::MAX));
}

#[test]
fn addresses_of_no_version_are_refused() {
    let ip = IpAbi { version: 5, octets: [0; 16] };
    assert_eq!(why::<IpAddr>(ip), Invalid::Tag { name: "IpAddr", tag: 5 });
    let socket = SocketAbi { ip, flow: 0, scope: 0, port: 80 };
    assert_eq!(why::<SocketAddr>(socket), Invalid::Tag { name: "IpAddr", tag: 5 });
}

#[test]
fn a_path_whose_parts_do_not_fit_is_refused() {
    let null = RawVec { ptr: ptr::null_mut(), ..vector(&mut [b'a'], 30) };
    assert_eq!(why::<PathBuf>(null), Invalid::NullPointer);
    assert_eq!(why::<PathBuf>(RawVec { len: 31, ..vector(&mut [b'a'], 30) }), Invalid::TooLong);
}
