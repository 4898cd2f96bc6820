//! The kernel's interface as libbpf has it: what every side ends in.

use std::os::fd::{AsRawFd as _, BorrowedFd};
use std::{io, ptr};

use libbpf_rs::{MapCore as _, Object, ObjectBuilder};
use libbpf_sys::{bpf_link_update, bpf_link_update_opts, bpf_prog_test_run_opts, bpf_test_run_opts};

/// Loads by libbpf-rs.
pub(crate) fn load(path: &std::path::Path) -> Object {
    ObjectBuilder::default().open_file(path).and_then(libbpf_rs::OpenObject::load).expect("it loads")
}

/// The program of this name, open.
pub(crate) fn program(object: &Object, name: &str) -> std::os::fd::OwnedFd {
    use std::os::fd::AsFd as _;
    let found = object.progs().find(|program| program.name() == name).expect("it is there");
    found.as_fd().try_clone_to_owned().expect("there is room for a file")
}

/// The map of this name.
pub(crate) fn map(object: &Object, name: &str) -> libbpf_rs::MapHandle {
    let found = object.maps().find(|map| map.name() == name).expect("it is there");
    libbpf_rs::MapHandle::try_from(&found).expect("there is room for a file")
}

fn options() -> bpf_test_run_opts {
    bpf_test_run_opts { sz: size_of::<bpf_test_run_opts>() as u64, ..Default::default() }
}

/// Runs a program on a struct.
#[inline]
pub(crate) fn call<T>(program: BorrowedFd<'_>, call: &mut T) {
    let mut options = options();
    options.ctx_in = ptr::from_mut(call).cast_const().cast();
    options.ctx_size_in = size_of::<T>() as u32;
    // SAFETY: the program is open, and the struct lives until the call is over.
    let status = unsafe { bpf_prog_test_run_opts(program.as_raw_fd(), &raw mut options) };
    assert_eq!((status, options.retval), (0, 0), "{}", io::Error::last_os_error());
}

/// Runs a program on a packet.
#[inline]
pub(crate) fn run(program: BorrowedFd<'_>, packet: &[u8]) -> u32 {
    let mut options = options();
    options.data_in = packet.as_ptr().cast();
    options.data_size_in = packet.len() as u32;
    // SAFETY: the program is open, and the packet lives until the call is over.
    let status = unsafe { bpf_prog_test_run_opts(program.as_raw_fd(), &raw mut options) };
    assert_eq!(status, 0, "{}", io::Error::last_os_error());
    options.retval
}

/// The value under a key.
#[inline]
pub(crate) fn get(map: BorrowedFd<'_>, key: u64) -> Option<u64> {
    let mut value = 0_u64;
    // SAFETY: the map is open, and its keys and values have eight bytes.
    let status = unsafe {
        libbpf_sys::bpf_map_lookup_elem(map.as_raw_fd(), (&raw const key).cast(), (&raw mut value).cast())
    };
    (status == 0).then_some(value)
}

/// Puts a value under a key.
#[inline]
pub(crate) fn insert(map: BorrowedFd<'_>, key: u64, value: u64) {
    // SAFETY: the map is open, and its keys and values have eight bytes.
    let status = unsafe {
        libbpf_sys::bpf_map_update_elem(
            map.as_raw_fd(),
            (&raw const key).cast(),
            (&raw const value).cast(),
            0,
        )
    };
    assert_eq!(status, 0);
}

/// Compares and swaps the program of a link.
#[inline]
pub(crate) fn swap(link: BorrowedFd<'_>, from: BorrowedFd<'_>, to: BorrowedFd<'_>) {
    let options = bpf_link_update_opts {
        sz: size_of::<bpf_link_update_opts>() as u64,
        flags: libbpf_sys::BPF_F_REPLACE,
        old_prog_fd: from.as_raw_fd().cast_unsigned(),
        ..Default::default()
    };
    // SAFETY: all three are open, and the options live until the call is over.
    let status = unsafe { bpf_link_update(link.as_raw_fd(), to.as_raw_fd(), &raw const options) };
    assert_eq!(status, 0, "{}", io::Error::last_os_error());
}
