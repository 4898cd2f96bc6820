//! A library that was linked for another C library than the host's: refused while it is only a file.

use plugin_host::LoadError;
use plugin_tests::elf::{HEADER_LEN, Library, SEGMENT_LEN};

use super::{PROBE, assert_refused, refused};

const CURE: &str = "  two C libraries cannot live in one process: build the plugin for this host's target, whose name ends in `-gnu`";
const PT_INTERP: u32 = 3;
const PT_GNU_STACK: u32 = 0x6474_e551;

/// The probe, which needs `libc.so.6`, with another name of at most as many bytes there.
fn needs(name: &str) -> Library {
    let found = PROBE.find(b"\0libc.so.6\0");
    let [at] = found[..] else { panic!("the name of glibc stands {} times", found.len()) };
    let mut bytes = [0; 9];
    bytes[..name.len()].copy_from_slice(name.as_bytes());
    PROBE.with(at + 1, &bytes)
}

#[test]
fn a_library_for_musl_is_refused_by_what_it_needs() {
    assert_refused!(
        &needs("libc.so"),
        WrongLibc,
        "it.so: expected a library for glibc, found one for musl: it needs `libc.so`",
        CURE,
    );
    // A name that the probe has no room for, where it can have more.
    assert_refused!(
        &with_interpreter(b"/lib/ld-musl-x86_64.so.1\0"),
        WrongLibc,
        "it.so: expected a library for glibc, found one for musl: it needs `/lib/ld-musl-x86_64.so.1`",
        CURE,
    );
}

#[test]
fn the_interpreter_of_this_host_is_no_reason_to_refuse() {
    let directory = tempfile::tempdir().unwrap();
    let path = with_interpreter(b"/lib64/ld-linux-x86-64.so.2\0").write(directory.path(), "it.so");
    super::load::<dyn super::probe::Probe>(&path).unwrap();
}

#[test]
fn a_name_outside_the_file_is_refused_and_not_read() {
    let (error, message) = refused(&with_interpreter(&[]).with(interpreter() + 8, &[0xff; 8]));
    assert!(matches!(error, LoadError::Truncated { what: "the interpreter's name", .. }), "{message}");
    // A name without an end is none that we know.
    let (error, message) = refused(&with_interpreter(b"ld-musl-\xff\x1b[31m"));
    assert!(matches!(error, LoadError::WrongLibc { .. }), "{message}");
    assert!(message.contains(r"`ld-musl-\u{fffd}\u{1b}[31m`"), "{message}");
}

/// Where the header stands that the probe can do without.
fn interpreter() -> usize {
    let mut headers = (HEADER_LEN..PROBE.headers_end()).step_by(SEGMENT_LEN);
    headers.find(|at| PROBE.word(*at) == PT_GNU_STACK).expect("linkers write one")
}

/// The probe with an interpreter, behind its other bytes.
fn with_interpreter(name: &[u8]) -> Library {
    let (at, end) = (interpreter(), PROBE.0.len());
    let mut library = PROBE.with(at, &PT_INTERP.to_le_bytes()).with(at + 8, &end.to_le_bytes());
    library = library.with(at + 32, &name.len().to_le_bytes());
    library.0.extend(name);
    library
}
