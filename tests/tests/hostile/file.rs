//! The file itself: no ELF, cut short, for another machine.

use plugin_host::LoadError;
use plugin_tests::elf::{HEADER_LEN, Library, MACHINE_AT};
use plugin_tests::fixture;

use super::{PROBE, assert_refused, refused, refused_at};

const NO_ELF: &str = "  give the path of the built `.so`, not of a source, an archive or a text";
const OTHER_TARGET: &str = "  build the plugin for this host's target";
const CUT: &str = "  copy or build it again";

#[test]
fn a_text_is_no_elf() {
    assert_refused!(
        &Library(b"#!/bin/sh\necho hello\n".to_vec()),
        NotElf,
        "it.so: expected an ELF shared object, found a file that begins with `#!/bin/s`",
        NO_ELF,
    );
}

#[test]
fn an_empty_file_is_no_elf() {
    let empty = Library(Vec::new());
    assert_refused!(&empty, NotElf, "it.so: expected an ELF shared object, found an empty file", NO_ELF);
}

#[test]
fn control_characters_of_a_file_do_not_reach_the_terminal() {
    let (_, message) = refused(&Library(b"\x1b[31mred\x07".to_vec()));
    assert!(message.contains(r"`\x1b[31mred`"), "{message}");
}

#[test]
fn every_prefix_of_an_elf_header_is_refused() {
    for len in 1..4 {
        let (error, message) = refused(&PROBE.cut(len));
        assert!(matches!(error, LoadError::NotElf { .. }), "{len} bytes: {message}");
    }
    for len in 4..HEADER_LEN {
        let first = format!(
            "it.so: the file is truncated: the ELF header would end at byte 64, the file ends at {len}"
        );
        assert_refused!(&PROBE.cut(len), Truncated, &*first, CUT);
    }
}

#[test]
fn a_file_cut_anywhere_is_truncated() {
    let len = PROBE.0.len();
    let note = PROBE.export_note();
    // Every 64th byte of what is parsed, and some hundred places in what the dynamic linker would map.
    let parsed = (HEADER_LEN..note.desc + note.len + 64).step_by(64);
    let mapped = (note.desc..len).step_by(len / 200);
    for at in parsed.chain(mapped).chain([len - 64, len - 1]) {
        let (error, message) = refused(&PROBE.cut(at));
        assert!(matches!(error, LoadError::Truncated { has, .. } if has == at as u64), "at {at}: {message}");
    }
}

#[test]
fn a_file_without_section_headers_cut_inside_a_segment_is_truncated() {
    // As `sstrip` leaves it: legal, and nothing says any more where the file should end.
    let stripped = PROBE.with(40, &[0; 8]).with(60, &[0; 2]);
    let (end, headers) = (loaded_end(&stripped), stripped.headers_end());
    for at in (HEADER_LEN..headers).step_by(64).chain((headers..end).step_by(end / 200)).chain([end - 1]) {
        let (error, message) = refused(&stripped.cut(at));
        assert!(matches!(error, LoadError::Truncated { .. }), "at {at}: {message}");
    }
    let (_, message) = refused(&stripped.cut(end - 1));
    let expected = format!(
        "it.so: the file is truncated: a loaded segment would end at byte {end}, the file ends at {}\n{CUT}",
        end - 1
    );
    assert_eq!(message, expected);
}

/// Where the last loaded segment ends, in bytes.
fn loaded_end(library: &Library) -> usize {
    let headers = (HEADER_LEN..library.headers_end()).step_by(plugin_tests::elf::SEGMENT_LEN);
    let loaded = headers.filter(|at| library.word(*at) == 1);
    loaded.map(|at| library.word(at + 8) + library.word(at + 32)).max().expect("something is loaded") as usize
}

#[test]
fn a_segment_beyond_the_end_of_numbers_is_truncated() {
    let first_load = (HEADER_LEN..PROBE.headers_end()).step_by(56).find(|at| PROBE.word(*at) == 1).unwrap();
    for field in [8, 32] {
        let (error, message) = refused(&PROBE.with(first_load + field, &[0xff; 8]));
        assert!(matches!(error, LoadError::Truncated { .. }), "{message}");
    }
}

#[test]
fn code_for_another_machine_is_refused() {
    let for_machine = |machine: u16| PROBE.with(MACHINE_AT, &machine.to_le_bytes());
    assert_refused!(
        &for_machine(183),
        WrongArch,
        "it.so: expected code for x86-64, found AArch64",
        OTHER_TARGET
    );
    assert_refused!(&for_machine(3), WrongArch, "it.so: expected code for x86-64, found x86", OTHER_TARGET);
    assert_refused!(
        &for_machine(4242),
        WrongArch,
        "it.so: expected code for x86-64, found ELF machine 4242",
        OTHER_TARGET
    );
}

#[test]
fn a_kernel_program_is_refused_by_its_name() {
    assert_refused!(
        &PROBE.with(MACHINE_AT, &247_u16.to_le_bytes()),
        WrongArch,
        "it.so: expected code for x86-64, found eBPF (a kernel program, for which this host has no loader)",
        OTHER_TARGET,
    );
}

#[test]
fn pointers_of_another_size_are_refused() {
    let class = |class| PROBE.with(4, &[class]);
    assert_refused!(&class(1), WrongClass, "it.so: expected a 64-bit ELF file, found 32-bit", OTHER_TARGET);
    assert_refused!(
        &class(9),
        WrongClass,
        "it.so: expected a 64-bit ELF file, found one of an unknown class",
        OTHER_TARGET,
    );
}

#[test]
fn another_byte_order_is_refused() {
    assert_refused!(
        &PROBE.with(5, &[2]),
        WrongClass,
        "it.so: expected a little-endian ELF file, found big-endian",
        OTHER_TARGET,
    );
}

#[test]
fn an_elf_file_that_is_no_shared_object_is_refused() {
    const CURE: &str = "  set `crate-type = [\"cdylib\"]` in the plugin's Cargo.toml";
    let of_type = |kind: u8| PROBE.with(16, &[kind, 0]);
    assert_refused!(&of_type(1), NotShared, "it.so: expected a shared object, found an object file", CURE);
    assert_refused!(&of_type(2), NotShared, "it.so: expected a shared object, found an executable", CURE);
    assert_refused!(&of_type(4), NotShared, "it.so: expected a shared object, found a core dump", CURE);
}

#[test]
fn program_headers_of_another_size_are_refused() {
    assert_refused!(
        &PROBE.with(54, &[32, 0]),
        BadHeaders,
        "it.so: expected an ELF shared object, found an ELF file with program headers of 32 bytes",
        "  the file is damaged: copy or build it again",
    );
}

#[test]
fn a_library_without_a_note_is_no_plugin() {
    let (error, message) = refused_at(&fixture("bare"));
    assert!(matches!(error, LoadError::NoNote { .. }), "{error:?}");
    let expected = "libbare.so: expected a note `.note.plugin_contract`, found none\n  \
                    this is a library, but no plugin: use `plugin_contracts::export_plugin!` in its crate";
    assert_eq!(message, expected);
}

#[test]
fn a_library_that_uses_a_contract_and_exports_none_is_no_plugin() {
    let (error, message) = refused_at(&fixture("unexported"));
    let LoadError::NotAPlugin { declares, .. } = error else { panic!("{error:?}") };
    assert!(declares.iter().any(|id| id == "test.probe"), "{declares:?}");
    let expected = format!(
        "libunexported.so: expected a plugin, found a library that uses contracts ({}) and exports none\n  \
         add `plugin_contracts::export_plugin!(dyn Trait => constructor);` to its crate",
        declares.join(", ")
    );
    assert_eq!(message, expected);
}
