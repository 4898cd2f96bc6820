//! The note: damaged, newer, or with lengths that lie. The library it is in would load.

use plugin_host::LoadError;
use plugin_tests::elf::Library;
use plugin_tests::fixture;

use super::pair::One;
use super::{PROBE, assert_refused, load, refused, refused_at};

const DAMAGED: &str = "  the file is damaged, or was made by something else: build it again";
const CUT: &str = "  the file is damaged: copy or build it again";

#[test]
fn a_note_with_another_magic_is_refused() {
    assert_refused!(
        &PROBE.with(PROBE.export_note().desc, b"plgnote"),
        NoteMagic,
        r"it.so: the note begins with plgnote\x00, not with PLGNOTE\x00",
        DAMAGED,
    );
}

#[test]
fn a_note_of_a_newer_revision_is_refused() {
    assert_refused!(
        &PROBE.with(PROBE.export_note().desc + 8, &2_u16.to_le_bytes()),
        NoteRevision,
        "it.so: the note has format revision 2, this reader knows up to 1",
        "  the plugin was built with a newer plugin-abi: update this host, or build the plugin with the host's version",
    );
}

#[test]
fn a_note_of_an_unknown_kind_is_refused() {
    let (error, message) = refused(&PROBE.with(PROBE.export_note().frame + 8, &7_u32.to_le_bytes()));
    assert!(matches!(error, LoadError::NoteMalformed { .. }), "{error:?}");
    assert!(message.contains("the note is malformed at the record kind, byte 10"), "{message}");
}

#[test]
fn a_frame_longer_than_its_segment_is_refused() {
    let note = PROBE.export_note();
    let (error, message) = refused(&PROBE.with(note.frame + 4, &u32::MAX.to_le_bytes()));
    assert!(matches!(error, LoadError::NoteTruncated { .. }), "{error:?}");
    assert!(message.starts_with("it.so: the note ends inside an ELF note's frame, at byte "), "{message}");
    assert!(message.ends_with(CUT), "{message}");
}

#[test]
fn every_length_that_claims_more_than_there_is_is_refused() {
    let note = PROBE.export_note();
    let lengths = Walk::lengths(PROBE.desc(note));
    assert!(lengths.len() > 40, "the walk found only {} lengths", lengths.len());
    for at in lengths {
        let at = note.desc + at;
        let length = PROBE.word(at);
        // One less than there is may be right: an item's end may hold fields that this reader does not know.
        for lie in [u32::MAX, u32::MAX / 2, 1 << 20, length + 1] {
            let (error, message) = refused(&PROBE.with(at, &lie.to_le_bytes()));
            let fits = matches!(error, LoadError::NoteTruncated { .. } | LoadError::NoteMalformed { .. });
            assert!(fits, "{length} made {lie} at byte {} of the note: {message}", at - note.desc);
        }
    }
}

#[test]
fn bytes_behind_the_record_are_refused() {
    // The frame takes in the first word of the next note, which is no padding.
    let note = PROBE.export_note();
    let longer = (u32::try_from(note.len).unwrap().next_multiple_of(4) + 4).to_le_bytes();
    let (error, message) = refused(&PROBE.with(note.frame + 4, &longer));
    assert!(matches!(error, LoadError::NoteMalformed { .. }), "{error:?}");
    let expected = format!("it.so: the note is malformed at the end of the record, byte {}", note.len);
    assert!(message.starts_with(&expected), "{message}");
}

#[test]
fn texts_that_are_not_text_for_a_terminal_are_refused() {
    let note = PROBE.export_note();
    let id = PROBE.find_in(note, b"test.probe");
    for bad in [&b"\x1b[2J"[..], b"\xff\xff", b"\0", b"\n", "\u{9b}".as_bytes()] {
        let (error, message) = refused(&PROBE.with(id, bad));
        assert!(matches!(error, LoadError::NoteMalformed { .. }), "{}: {error:?}", bad.escape_ascii());
        assert!(message.contains("malformed at a contract's id"), "{message}");
    }
}

#[test]
fn an_index_of_a_type_that_does_not_exist_is_refused() {
    // The one argument, `key`: its type stands behind its name.
    let note = PROBE.export_note();
    let key = PROBE.find_in(note, b"\x03\0\0\0key");
    let (error, message) = refused(&PROBE.with(key + 7, &99_u32.to_le_bytes()));
    assert!(matches!(error, LoadError::NoteMalformed { .. }), "{error:?}");
    assert!(message.contains("malformed at a type's index"), "{message}");
}

#[test]
fn one_id_for_two_contracts_is_refused() {
    let pair = Library::read(&fixture("pair"));
    let at = pair.find_in(pair.export_note(), b"test.two");
    let directory = tempfile::tempdir().unwrap();
    let path = pair.with(at, b"test.one").write(directory.path(), "it.so");
    let error = load::<dyn One>(&path).unwrap_err();
    assert!(matches!(error, LoadError::DuplicateContract { .. }), "{error:?}");
    let expected = "it.so: exports `test.one` twice\n  \
                    a plugin has one `export_plugin!` for each contract: it may link another plugin's crate";
    assert!(error.to_string().ends_with(expected), "{error}");
}

#[test]
fn a_plugin_that_links_another_of_the_same_contract_is_refused() {
    let (error, message) = refused_at(&fixture("twice"));
    assert!(matches!(error, LoadError::DuplicateContract { .. }), "{error:?}");
    let expected = "libtwice.so: exports `test.probe` twice\n  \
                    a plugin has one `export_plugin!` for each contract: it may link another plugin's crate";
    assert_eq!(message, expected);
}

/// Walks a descriptor by the format's description, to find every length in it.
struct Walk<'a> {
    bytes: &'a [u8],
    at: usize,
    lengths: Vec<usize>,
}

impl Walk<'_> {
    fn lengths(bytes: &[u8]) -> Vec<usize> {
        let mut walk = Walk { bytes, at: 12, lengths: Vec::new() };
        walk.length();
        walk.texts(5);
        walk.list(|ty| {
            ty.at += 1;
            ty.texts(1);
            ty.at += 8;
            ty.list(Walk::field);
            ty.list(|variant| {
                variant.texts(1);
                variant.at += 4;
                variant.list(Walk::field);
            });
        });
        walk.list(Walk::contract);
        walk.list(Walk::contract);
        assert_eq!(walk.at, bytes.len(), "the walk ends where the descriptor does");
        walk.lengths
    }

    fn length(&mut self) -> usize {
        self.lengths.push(self.at);
        let word = self.bytes[self.at..self.at + 4].try_into().unwrap();
        self.at += 4;
        u32::from_le_bytes(word) as usize
    }

    fn texts(&mut self, count: usize) {
        for _ in 0..count {
            self.at += self.length();
        }
    }

    fn list(&mut self, item: impl Fn(&mut Self)) {
        for _ in 0..self.length() {
            let end = self.length() + self.at;
            item(self);
            assert_eq!(self.at, end, "an item ends where its length says");
        }
    }

    fn contract(&mut self) {
        self.texts(3);
        self.at += 1;
        self.texts(2);
        self.at += 16;
        self.list(|method| {
            method.texts(3);
            method.at += 1 + 16;
            method.list(Walk::member);
            method.at += 4;
            method.list(Walk::member);
            method.list(|name| name.texts(1));
        });
    }

    /// A member with its flags.
    fn field(&mut self) {
        self.member();
        self.at += 1;
    }

    fn member(&mut self) {
        self.texts(1);
        self.at += 8;
    }
}
