//! The symbol and the static behind it: what the note promised must be there. What the file's bytes can tell is told
//! before it is opened; what only the dynamic linker can, after.

use plugin_abi::Export;

use plugin_tests::elf::{HEADER_LEN, SEGMENT_LEN};

use super::probe::Probe;
use super::{PROBE, assert_refused};

const DAMAGED: &str = "  the file is damaged, or was made by something else: build it again";

#[test]
fn a_symbol_that_is_not_there_is_missing() {
    let at = PROBE.find_in(PROBE.export_note(), b"__plugin_probe");
    assert_refused!(
        &PROBE.with(at, b"__plugin_porbe"),
        SymbolMissing,
        "it.so: the note names the symbol `__plugin_porbe`, the library does not export it",
        "  build it as a `cdylib`, and do not strip its dynamic symbols",
    );
}

#[test]
fn a_symbol_of_another_library_is_missing() {
    // As long as the right name, and dlsym would find it in what the library links.
    let at = PROBE.find_in(PROBE.export_note(), b"__plugin_probe");
    let (error, message) = super::refused(&PROBE.with(at, b"pthread_create"));
    assert!(matches!(error, plugin_host::LoadError::SymbolMissing { .. }), "{message}");
}

/// The probe with an entry of this tag, which it can do without, as a second table of names one byte behind the first.
fn with_two_tables_of_names(instead_of: u64) -> plugin_tests::elf::Library {
    const PT_DYNAMIC: u32 = 2;
    const DT_STRTAB: u64 = 5;
    let number = |at: usize| u64::from_le_bytes(PROBE.0[at..at + 8].try_into().expect("eight bytes"));
    let mut headers = (HEADER_LEN..PROBE.headers_end()).step_by(SEGMENT_LEN);
    let header = headers.find(|at| PROBE.word(*at) == PT_DYNAMIC).expect("linkers write one");
    let offset = usize::try_from(number(header + 8)).expect("it is in the file");
    let entry = |tag| (offset..).step_by(16).find(|at| number(*at) == tag).expect("linkers write one");
    let names = number(entry(DT_STRTAB) + 8);
    let at = entry(instead_of);
    PROBE.with(at, &DT_STRTAB.to_le_bytes()).with(at + 8, &(names + 1).to_le_bytes())
}

#[test]
fn of_two_tables_of_names_the_last_counts_as_for_the_dynamic_linker() {
    const DT_FINI: u64 = 13;
    const DT_FLAGS: u64 = 30;
    // Behind the other one: every name lacks its first letter.
    let (error, message) = super::refused(&with_two_tables_of_names(DT_FINI));
    assert!(matches!(error, plugin_host::LoadError::SymbolMissing { .. }), "{message}");
    // Before it, where nobody looks.
    let directory = tempfile::tempdir().unwrap();
    let path = with_two_tables_of_names(DT_FLAGS).write(directory.path(), "it.so");
    assert_eq!(super::load::<dyn Probe>(&path).unwrap().find("abc"), Ok(3));
}

#[test]
fn an_export_with_another_magic_is_refused() {
    assert_refused!(
        &PROBE.with(PROBE.export() + 1, b"plugin"),
        BadExport,
        r"it.so: the note and the export disagree: expected \x7fPLUGIN\n, found \x7fplugin\n",
        DAMAGED,
    );
}

#[test]
fn an_export_of_another_revision_is_refused() {
    let sides = [
        (2, "older", "  build the plugin again, with the plugin-contracts that this host is built with"),
        (
            4,
            "newer",
            "  build this host again, with the plugin-host that belongs to the plugin's plugin-contracts",
        ),
    ];
    for (revision, age, help) in sides {
        let found = format!(
            "it.so: expected a plugin of ABI revision 3, found one of revision {revision}: it is {age}"
        );
        assert_refused!(&PROBE.with(PROBE.export() + 8, &[revision]), WrongRevision, &*found, help);
    }
}

#[test]
fn an_export_that_is_too_short_is_refused() {
    let size = u32::try_from(Export::LEAST).expect("it is small");
    let found = format!(
        "it.so: the note and the export disagree: expected an export of at least {size} bytes, found one of {}",
        size - 1
    );
    assert_refused!(&PROBE.with(PROBE.export() + 12, &(size - 1).to_le_bytes()), BadExport, &*found, DAMAGED);
}

#[test]
fn an_export_that_ends_before_its_flags_is_an_older_one() {
    // Whatever lies behind it is not looked at.
    let size = u32::try_from(Export::LEAST).expect("it is small").to_le_bytes();
    let library = PROBE.with(PROBE.export() + 12, &size).with(PROBE.export() + Export::LEAST, &[1]);
    let directory = tempfile::tempdir().unwrap();
    let plugin = super::load::<dyn Probe>(&library.write(directory.path(), "it.so")).unwrap();
    assert_eq!(plugin.live_bytes(), None);
}

#[test]
fn a_table_without_the_fingerprint_that_the_note_promised_is_refused() {
    let fingerprint = <dyn Probe as plugin_host::Contract>::DESC.methods[0].fingerprint.0.to_le_bytes();
    let in_notes =
        |at: &usize| PROBE.notes().iter().any(|note| (note.desc..note.desc + note.len).contains(at));
    let tables: Vec<_> = PROBE.find(&fingerprint).into_iter().filter(|at| !in_notes(at)).collect();
    let [table] = tables[..] else { panic!("expected one row, found {tables:?}") };
    assert_refused!(
        &PROBE.with(table, &[!fingerprint[0]]),
        BadExport,
        "it.so: the note and the export disagree: expected `find` in the table, as in the note, found no such row",
        DAMAGED,
    );
}

#[test]
fn a_library_that_the_dynamic_linker_refuses_is_told_in_its_words() {
    let libc = PROBE.find(b"libc.so.6\0");
    let [name] = libc[..] else { panic!("expected one name, found {libc:?}") };
    let (error, message) = super::refused(&PROBE.with(name, b"libx.so.7"));
    assert!(matches!(error, plugin_host::LoadError::Open { .. }), "{error:?}");
    let expected = "it.so: the dynamic linker refused it: libx.so.7: cannot open shared object file: No such file or directory\n  \
                    see `cargo plugin-gen doctor` for what it needs, and what of it is not there";
    assert_eq!(message, expected);
}

#[test]
fn a_file_that_the_dynamic_linker_refused_may_be_repaired_in_place() {
    let [name] = PROBE.find(b"libc.so.6\0")[..] else { panic!("expected one name") };
    let directory = tempfile::tempdir().unwrap();
    let path = PROBE.with(name, b"libx.so.7").write(directory.path(), "it.so");
    assert!(super::load::<dyn Probe>(&path).is_err());
    // The same inode, and nothing of it is mapped. Longer, because clocks are coarse.
    let mut whole = PROBE.clone();
    whole.0.push(0);
    let path = whole.write(directory.path(), "it.so");
    assert_eq!(super::load::<dyn Probe>(&path).unwrap().find("abc"), Ok(3));
}
