//! A note section of any bytes: read or refused, and what was read can be printed.

#![no_main]

use libfuzzer_sys::fuzz_target;
use plugin_abi::note::{Notes, TypeIndex, decode};

fuzz_target!(|bytes: &[u8]| {
    // As a section, and as a descriptor, so that the fuzzer need not find the frame by itself.
    let framed = Notes::new(bytes, false).flatten();
    for (kind, desc) in framed.chain([(1, bytes), (2, bytes)]) {
        let Ok(record) = decode(kind, desc) else { continue };
        for at in 0..record.types.len() {
            let index = TypeIndex(u32::try_from(at).expect("a note has 32-bit indices"));
            assert!(record.show(index).to_string().len() <= 1 << 14);
        }
    }
});
