//! The plugin as somebody in a hurry writes it: nothing is checked, no panic is caught.

use std::mem::ManuallyDrop;
use std::{ptr, slice, str};

use raw_contract::{Bytes, Functions, Wake};
use work::{Count, Table};

/// What the host looks up.
#[unsafe(no_mangle)]
pub static PEERS_RAW: Functions =
    Functions { create, destroy, add, get, read, free, put, each, open, next, close, ready, poll, forget };

unsafe fn table<'a>(object: *const ()) -> &'a Table {
    // SAFETY: `create` made it.
    unsafe { &*object.cast() }
}

unsafe fn text<'a>(ptr: *const u8, len: usize) -> &'a str {
    // SAFETY: the host passes bytes,
    let bytes = unsafe { slice::from_raw_parts(ptr, len) };
    // SAFETY: and they are UTF-8.
    unsafe { str::from_utf8_unchecked(bytes) }
}

unsafe fn unbox<T>(object: *mut ()) {
    // SAFETY: a box of this type was given out, and comes back once.
    drop(unsafe { Box::from_raw(object.cast::<T>()) });
}

extern "C" fn create() -> *mut () {
    Box::into_raw(Box::new(Table::default())).cast()
}

unsafe extern "C" fn destroy(object: *mut ()) {
    // SAFETY: `create` made it.
    unsafe { unbox::<Table>(object) };
}

unsafe extern "C" fn add(object: *const (), a: u64, b: u64) -> u64 {
    // SAFETY: `create` made it.
    unsafe { table(object) }.sum(a, b)
}

unsafe extern "C" fn get(object: *const (), key: *const u8, len: usize) -> Bytes {
    // SAFETY: the host passes UTF-8.
    let key = unsafe { text(key, len) };
    // SAFETY: `create` made it.
    let mut bytes = ManuallyDrop::new(unsafe { table(object) }.value(key).to_vec());
    Bytes { ptr: bytes.as_mut_ptr(), len: bytes.len(), cap: bytes.capacity() }
}

unsafe extern "C" fn read(object: *const (), key: *const u8, len: usize, to: *mut u8, room: usize) -> usize {
    // SAFETY: the host passes UTF-8.
    let key = unsafe { text(key, len) };
    // SAFETY: `create` made it.
    let value = unsafe { table(object) }.value(key);
    if value.len() <= room {
        // SAFETY: there is room.
        unsafe { ptr::copy_nonoverlapping(value.as_ptr(), to, value.len()) };
    }
    value.len()
}

unsafe extern "C" fn free(ptr: *mut u8, cap: usize) {
    // SAFETY: both are of a vector.
    drop(unsafe { Vec::from_raw_parts(ptr, 0, cap) });
}

unsafe extern "C" fn put(object: *mut (), key: *const u8, key_len: usize, value: *const u8, len: usize) {
    // SAFETY: the host passes UTF-8.
    let key = unsafe { text(key, key_len) };
    // SAFETY: the host passes bytes.
    let value = unsafe { slice::from_raw_parts(value, len) };
    // SAFETY: `create` made it, and nobody else uses it now.
    unsafe { &mut *object.cast::<Table>() }.keep(key, value);
}

unsafe extern "C" fn each(
    object: *const (),
    times: u64,
    visit: unsafe extern "C" fn(*const (), u64) -> u64,
    userdata: *const (),
) -> u64 {
    // SAFETY: `create` made it,
    let table = unsafe { table(object) };
    // SAFETY: and the host passes a function with what it takes.
    table.each(times, |number| unsafe { visit(userdata, number) })
}

unsafe extern "C" fn open(_: *const (), from: u64) -> *mut () {
    Box::into_raw(Box::new(Count::new(from))).cast()
}

unsafe extern "C" fn next(counter: *mut ()) -> u64 {
    // SAFETY: `open` made it, and nobody else uses it now.
    unsafe { &mut *counter.cast::<Count>() }.step()
}

unsafe extern "C" fn close(counter: *mut ()) {
    // SAFETY: `open` made it.
    unsafe { unbox::<Count>(counter) };
}

unsafe extern "C" fn ready(_: *const (), value: u64) -> *mut () {
    Box::into_raw(Box::new(value)).cast()
}

unsafe extern "C" fn poll(future: *mut (), _: *const Wake, out: *mut u64) -> bool {
    // SAFETY: `ready` made it.
    let value = unsafe { *future.cast::<u64>() };
    // SAFETY: the host passes a place for the result.
    unsafe { out.write(value) };
    true
}

unsafe extern "C" fn forget(future: *mut ()) {
    // SAFETY: `ready` made it.
    unsafe { unbox::<u64>(future) };
}
