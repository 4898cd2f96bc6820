//! Running a program once, by the kernel's own test-run.
//!
//! In: a program, and a call or a packet. Out: what it returned. It does not know whose program it is.
//!
//! Source: "Running BPF programs from userspace", Documentation/bpf/bpf_prog_run.rst of Linux.

use std::io;
use std::os::fd::{AsRawFd as _, OwnedFd};
use std::ptr;

use libbpf_sys::{bpf_prog_test_run_opts, bpf_test_run_opts};

/// The shortest packet that the kernel runs a program on: an Ethernet header.
const SHORTEST: usize = 14;

/// Calls a program: it reads and writes the struct.
pub(super) fn call(program: &OwnedFd, call: &mut [u8]) -> io::Result<u32> {
    let mut options = options();
    // The kernel writes back where it read: for such programs it takes no other place.
    if !call.is_empty() {
        options.ctx_in = call.as_mut_ptr().cast_const().cast();
        options.ctx_size_in = size(call.len())?;
    }
    run(program, &mut options)
}

/// Runs a program on a packet. What it makes of the packet is dropped.
pub(super) fn packet(program: &OwnedFd, packet: &[u8]) -> io::Result<u32> {
    let mut options = options();
    // The kernel has no shorter packets; whoever has, has none that a program would see.
    let mut padded = [0; SHORTEST];
    let packet = match padded.get_mut(..packet.len()) {
        Some(start) if packet.len() < SHORTEST => {
            start.copy_from_slice(packet);
            &padded[..]
        }
        _ => packet,
    };
    options.data_in = packet.as_ptr().cast();
    options.data_size_in = size(packet.len())?;
    run(program, &mut options)
}

fn size(len: usize) -> io::Result<u32> {
    u32::try_from(len).map_err(|_| io::Error::from_raw_os_error(libc::E2BIG))
}

fn options() -> bpf_test_run_opts {
    bpf_test_run_opts {
        sz: size_of::<bpf_test_run_opts>() as u64,
        data_in: ptr::null(),
        data_out: ptr::null_mut(),
        ctx_in: ptr::null(),
        ctx_out: ptr::null_mut(),
        ..Default::default()
    }
}

fn run(program: &OwnedFd, options: &mut bpf_test_run_opts) -> io::Result<u32> {
    // SAFETY: `program` is open, and the options point to memory of the sizes that they say, lent for this call.
    let status = unsafe { bpf_prog_test_run_opts(program.as_raw_fd(), options) };
    if status == 0 { Ok(options.retval) } else { Err(io::Error::from_raw_os_error(-status)) }
}
