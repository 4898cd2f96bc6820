//! The plugin as somebody careful writes it: what arrives is looked at, and no panic gets out.

use std::mem::ManuallyDrop;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::{ptr, slice, str};

use guarded_contract::{Answer, Bytes, Functions, INVALID, OK, PANICKED, VERSION, Wake};
use work::{Count, Table};

/// What the host looks up.
#[unsafe(no_mangle)]
pub static PEERS_GUARDED: Functions = Functions {
    version: VERSION,
    create,
    destroy,
    add,
    sum,
    get,
    read,
    free,
    put,
    each,
    open,
    next,
    close,
    ready,
    poll,
    forget,
};

/// A number, or why there is none.
fn answer(work: impl FnOnce() -> Result<u64, u32>) -> Answer {
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(Ok(value)) => Answer { value, status: OK },
        Ok(Err(status)) => Answer { value: 0, status },
        Err(_) => Answer { value: 0, status: PANICKED },
    }
}

fn status(work: impl FnOnce() -> Result<(), u32>) -> u32 {
    catch_unwind(AssertUnwindSafe(work)).map_or(PANICKED, |done| done.err().unwrap_or(OK))
}

fn made<T>(make: impl FnOnce() -> T) -> *mut () {
    catch_unwind(AssertUnwindSafe(|| Box::into_raw(Box::new(make())).cast())).unwrap_or(ptr::null_mut())
}

unsafe fn table<'a>(object: *const ()) -> &'a Table {
    // SAFETY: `create` made it.
    unsafe { &*object.cast() }
}

unsafe fn bytes<'a>(ptr: *const u8, len: usize) -> Result<&'a [u8], u32> {
    if len == 0 {
        return Ok(&[]);
    }
    if ptr.is_null() || isize::try_from(len).is_err() {
        return Err(INVALID);
    }
    // SAFETY: the host passes bytes.
    Ok(unsafe { slice::from_raw_parts(ptr, len) })
}

unsafe fn text<'a>(ptr: *const u8, len: usize) -> Result<&'a str, u32> {
    // SAFETY: the caller's promise is the same.
    let bytes = unsafe { bytes(ptr, len) }?;
    str::from_utf8(bytes).map_err(|_| INVALID)
}

unsafe fn unbox<T>(object: *mut ()) -> u32 {
    status(|| {
        // SAFETY: a box of this type was given out, and comes back once.
        drop(unsafe { Box::from_raw(object.cast::<T>()) });
        Ok(())
    })
}

extern "C" fn create() -> *mut () {
    made(Table::default)
}

unsafe extern "C" fn destroy(object: *mut ()) -> u32 {
    // SAFETY: `create` made it.
    unsafe { unbox::<Table>(object) }
}

unsafe extern "C" fn add(object: *const (), a: u64, b: u64) -> Answer {
    // SAFETY: `create` made it.
    answer(|| Ok(unsafe { table(object) }.sum(a, b)))
}

unsafe extern "C" fn sum(object: *const (), a: u64, b: u64) -> u64 {
    // SAFETY: `create` made it.
    unsafe { table(object) }.sum(a, b)
}

unsafe extern "C" fn get(object: *const (), key: *const u8, len: usize, out: *mut Bytes) -> u32 {
    status(|| {
        // SAFETY: the host passes a text.
        let key = unsafe { text(key, len) }?;
        // SAFETY: `create` made it.
        let mut bytes = ManuallyDrop::new(unsafe { table(object) }.value(key).to_vec());
        let bytes = Bytes { ptr: bytes.as_mut_ptr(), len: bytes.len(), cap: bytes.capacity() };
        // SAFETY: the host passes a place for them.
        unsafe { out.write(bytes) };
        Ok(())
    })
}

unsafe extern "C" fn read(object: *const (), key: *const u8, len: usize, to: *mut u8, room: usize) -> Answer {
    answer(|| {
        // SAFETY: the host passes a text.
        let key = unsafe { text(key, len) }?;
        // SAFETY: `create` made it.
        let value = unsafe { table(object) }.value(key);
        if value.len() <= room {
            // SAFETY: there is room.
            unsafe { ptr::copy_nonoverlapping(value.as_ptr(), to, value.len()) };
        }
        Ok(value.len() as u64)
    })
}

unsafe extern "C" fn free(ptr: *mut u8, cap: usize) {
    // SAFETY: both are of a vector.
    drop(unsafe { Vec::from_raw_parts(ptr, 0, cap) });
}

unsafe extern "C" fn put(
    object: *mut (),
    key: *const u8,
    key_len: usize,
    value: *const u8,
    len: usize,
) -> u32 {
    status(|| {
        // SAFETY: the host passes a text.
        let key = unsafe { text(key, key_len) }?;
        // SAFETY: the host passes bytes.
        let value = unsafe { bytes(value, len) }?;
        // SAFETY: `create` made it, and nobody else uses it now.
        unsafe { &mut *object.cast::<Table>() }.keep(key, value);
        Ok(())
    })
}

/// How a call back did not end well, on its way through what the plugin does.
struct Ended(u32);

unsafe extern "C" fn each(
    object: *const (),
    times: u64,
    visit: unsafe extern "C" fn(*const (), u64) -> Answer,
    userdata: *const (),
) -> Answer {
    let visit = |number| {
        // SAFETY: the host passes a function with what it takes.
        let Answer { value, status } = unsafe { visit(userdata, number) };
        if status != OK {
            std::panic::resume_unwind(Box::new(Ended(status)));
        }
        value
    };
    // SAFETY: `create` made it.
    match catch_unwind(AssertUnwindSafe(|| unsafe { table(object) }.each(times, visit))) {
        Ok(value) => Answer { value, status: OK },
        Err(panic) => {
            let status = panic.downcast::<Ended>().map_or(PANICKED, |ended| ended.0);
            Answer { value: 0, status }
        }
    }
}

unsafe extern "C" fn open(_: *const (), from: u64) -> *mut () {
    made(|| Count::new(from))
}

unsafe extern "C" fn next(counter: *mut ()) -> Answer {
    // SAFETY: `open` made it, and nobody else uses it now.
    answer(|| Ok(unsafe { &mut *counter.cast::<Count>() }.step()))
}

unsafe extern "C" fn close(counter: *mut ()) -> u32 {
    // SAFETY: `open` made it.
    unsafe { unbox::<Count>(counter) }
}

unsafe extern "C" fn ready(_: *const (), value: u64) -> *mut () {
    made(|| value)
}

unsafe extern "C" fn poll(future: *mut (), _: *const Wake, out: *mut u64) -> Answer {
    answer(|| {
        // SAFETY: `ready` made it.
        let value = unsafe { *future.cast::<u64>() };
        // SAFETY: the host passes a place for the result.
        unsafe { out.write(value) };
        Ok(1)
    })
}

unsafe extern "C" fn forget(future: *mut ()) -> u32 {
    // SAFETY: `ready` made it.
    unsafe { unbox::<u64>(future) }
}
