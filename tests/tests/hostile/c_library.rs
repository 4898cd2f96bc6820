//! A library that was linked for another C library than the host's: refused while it is only a file.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::FileExt as _;

use plugin_host::LoadError;
use plugin_tests::elf::{HEADER_LEN, Library, SEGMENT_LEN};

use super::{PROBE, assert_refused, refused};

const CURE: &str = "  two C libraries cannot live in one process: build the plugin for this host's target, whose name ends in `-gnu`";
const PT_DYNAMIC: u32 = 2;
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

#[test]
fn what_the_linker_reads_may_be_bent_anywhere() {
    const BENT: usize = 3000;
    // Refused in the end, whatever else is right, so that none of it runs.
    let note = PROBE.export_note();
    let library = PROBE.with(PROBE.find_in(note, b"__plugin_probe"), b"__plugin_porbe");
    let header = segment(PT_DYNAMIC);
    let at = |field: usize| library.word(header + field) as usize;
    let dynamic = at(8)..at(8) + at(32);
    let name = PROBE.find(b"\0libc.so.6\0")[0];
    let places = [HEADER_LEN..PROBE.headers_end(), dynamic, name - 40..name + 40];
    let directory = tempfile::tempdir().unwrap();
    let path = library.write(directory.path(), "it.so");
    let file = fs::File::options().write(true).open(&path).unwrap();
    let mut number = 1_u64;
    let mut below = |end: usize| {
        number = number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(number >> 33).unwrap() % end
    };
    let mut variants = BTreeSet::new();
    for _ in 0..BENT {
        let mut bent = Vec::new();
        for _ in 0..=below(3) {
            let place = &places[below(places.len())];
            let at = place.start + below(place.len());
            // A bit, a byte, or a whole number: the largest there is.
            let word = at / 8 * 8;
            let (at, bytes) = match below(3) {
                0 => (at, vec![library.0[at] ^ (1 << below(8))]),
                1 => (at, vec![0xff]),
                _ => (word, vec![0xff; 8]),
            };
            file.write_all_at(&bytes, at as u64).unwrap();
            bent.push(at..at + bytes.len());
        }
        let (error, _) = super::refused_at(&path);
        variants.insert(format!("{:?}", std::mem::discriminant(&error)));
        for at in bent {
            file.write_all_at(&library.0[at.clone()], at.start as u64).unwrap();
        }
    }
    assert!(variants.len() > 3, "too few of the checks were reached: {variants:?}");
}

/// Where the header stands that the probe can do without.
fn interpreter() -> usize {
    segment(PT_GNU_STACK)
}

/// Where the first program header of this kind stands.
fn segment(kind: u32) -> usize {
    let mut headers = (HEADER_LEN..PROBE.headers_end()).step_by(SEGMENT_LEN);
    headers.find(|at| PROBE.word(*at) == kind).expect("linkers write one")
}

/// The probe with an interpreter, behind its other bytes.
fn with_interpreter(name: &[u8]) -> Library {
    let (at, end) = (interpreter(), PROBE.0.len());
    let mut library = PROBE.with(at, &PT_INTERP.to_le_bytes()).with(at + 8, &end.to_le_bytes());
    library = library.with(at + 32, &name.len().to_le_bytes());
    library.0.extend(name);
    library
}
