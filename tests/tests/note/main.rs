//! The reader of notes, given what nobody would write: it answers or refuses, and never asks for more memory than the
//! bytes at hand can justify.

#[allow(missing_docs, reason = "documented where they are declared")]
#[path = "../../fixtures/contracts/src/echo.rs"]
pub mod echo;

mod allocated;
mod encode;
mod expected;
pub mod graph;
#[allow(missing_docs, reason = "the names say it all")]
pub mod made_of;

use std::sync::LazyLock;

use echo::Echo;
use plugin_abi::describe::Kind;
use plugin_abi::note::{NoteError, Notes, Record, RecordKind, TypeIndex, decode};
use plugin_host::{Contract, handshake};
use plugin_tests::elf::Library;
use plugin_tests::fixture;
use proptest::collection::vec;
use proptest::prelude::*;

const EXPORTS: u32 = RecordKind::Exports as u32;

/// The descriptor of a real note, with types of every kind in it.
static REAL: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let library = Library::read(&fixture("echo"));
    library.desc(library.export_note()).to_vec()
});

/// The same note with its frame, between those of others.
static SECTION: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let library = Library::read(&fixture("echo"));
    let notes = library.notes();
    let end = notes.iter().map(|note| note.desc + note.len.next_multiple_of(4)).max().expect("it has notes");
    let start = notes.iter().map(|note| note.frame).min().expect("it has notes");
    library.0[start..end].to_vec()
});

/// Decodes, holds the bound on memory, and does with a record whatever a host would do before it refuses.
fn read(kind: u32, bytes: &[u8]) -> Result<Record, NoteError> {
    let (decoded, allocated) = allocated::during(|| decode(kind, bytes));
    let most = 32 * bytes.len() + 4096;
    assert!(allocated <= most, "{} bytes made the reader allocate {allocated}", bytes.len());
    if let Ok(record) = &decoded {
        for at in 0..record.types.len() {
            let text = record.show(TypeIndex(u32::try_from(at).unwrap())).to_string();
            assert!(text.len() <= 1 << 14, "a type of {} bytes of text", text.len());
        }
        for contract in &record.contracts {
            let _ = handshake::bind(<dyn Echo as Contract>::DESC, record, contract);
        }
    }
    decoded
}

/// One way to damage bytes.
#[derive(Clone, Debug)]
enum Damage {
    Byte(usize, u8),
    Word(usize, u32),
    Cut(usize),
    Append(Vec<u8>),
    Remove(usize),
    Repeat(usize, usize),
}

impl Damage {
    fn apply(&self, bytes: &mut Vec<u8>) {
        let place = |at: usize, bytes: &Vec<u8>| at % bytes.len().max(1);
        match self {
            Self::Byte(at, value) => {
                let at = place(*at, bytes);
                bytes.iter_mut().skip(at).take(1).for_each(|byte| *byte ^= value);
            }
            Self::Word(at, value) => {
                let at = place(*at, bytes);
                bytes.iter_mut().skip(at).zip(value.to_le_bytes()).for_each(|(byte, new)| *byte = new);
            }
            Self::Cut(at) => bytes.truncate(place(*at, bytes)),
            Self::Append(more) => bytes.extend(more),
            Self::Remove(at) => drop(bytes.drain(place(*at, bytes)..).next()),
            Self::Repeat(from, len) => {
                let from = place(*from, bytes);
                let piece: Vec<u8> = bytes.iter().copied().skip(from).take(*len).collect();
                bytes.splice(from..from, piece);
            }
        }
    }
}

fn damage() -> impl Strategy<Value = Vec<Damage>> {
    let at = any::<usize>;
    // Numbers that lengths, counts and indices are close to, and those they are far from.
    let word = prop_oneof![0..100_u32, Just(u32::MAX), Just(u32::MAX / 4), any::<u32>()];
    let one = prop_oneof![
        4 => (at(), 1..=u8::MAX).prop_map(|(at, value)| Damage::Byte(at, value)),
        4 => (at(), word).prop_map(|(at, value)| Damage::Word(at, value)),
        1 => at().prop_map(Damage::Cut),
        1 => vec(any::<u8>(), 1..40).prop_map(Damage::Append),
        1 => at().prop_map(Damage::Remove),
        1 => (at(), 1..400_usize).prop_map(|(at, len)| Damage::Repeat(at, len)),
    ];
    vec(one, 1..4)
}

fn damaged(bytes: &[u8], damages: &[Damage]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    damages.iter().for_each(|damage| damage.apply(&mut bytes));
    bytes
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1000) })]

    #[test]
    fn random_bytes_are_refused(kind in any::<u32>(), bytes in vec(any::<u8>(), 0..400)) {
        prop_assert!(read(kind, &bytes).is_err());
    }

    #[test]
    fn random_bytes_behind_a_good_beginning_are_read_or_refused(bytes in vec(prop_oneof![Just(0), 0..4_u8, any::<u8>()], 0..400)) {
        let _ = read(EXPORTS, &encode::record(&bytes));
    }

    #[test]
    fn a_damaged_note_is_read_or_refused(damages in damage()) {
        let _ = read(EXPORTS, &damaged(&REAL, &damages));
    }

    #[test]
    fn a_damaged_section_comes_to_an_end(damages in damage(), big_endian in any::<bool>()) {
        let bytes = damaged(&SECTION, &damages);
        let mut seen = 0;
        for note in Notes::new(&bytes, big_endian) {
            // A frame has twelve bytes and an owner of eight.
            seen += 1;
            prop_assert!(seen * 20 <= bytes.len() + 20);
            let Ok((kind, desc)) = note else { continue };
            let _ = read(kind, desc);
        }
    }
}

#[test]
fn what_was_read_is_written_as_it_was() {
    for plugin in ["echo", "objects", "waiting", "pair", "grow-v2", "built"] {
        let library = Library::read(&fixture(plugin));
        let desc = library.desc(library.export_note());
        let record = read(EXPORTS, desc).unwrap();
        let mut encoded = Vec::new();
        plugin_abi::note::encode(&record, &mut encoded);
        assert!(desc.ends_with(&encoded), "{plugin}: types and contracts are what a note ends with");
        let texts = [&record.package, &record.version, &record.symbol].map(String::len);
        let texts =
            texts.iter().sum::<usize>() + record.toolchain.rustc.len() + record.toolchain.target.len();
        assert_eq!(desc.len() - encoded.len(), 16 + 5 * 4 + texts, "{plugin}: and all of them");
    }
}

#[test]
fn the_real_note_is_read_in_full() {
    let record = read(EXPORTS, &REAL).unwrap();
    assert_eq!(
        (record.kind, &*record.package, &*record.symbol),
        (RecordKind::Exports, "echo", "__plugin_echo")
    );
    let contract = record.contract("test.echo").unwrap();
    assert_eq!(contract.methods.len(), <dyn Echo as Contract>::DESC.methods.len());
    let bound = handshake::bind(<dyn Echo as Contract>::DESC, &record, contract).unwrap();
    assert!(bound.row("shapes").is_some(), "otherwise the damaged ones prove nothing");
}

#[test]
fn what_a_contract_grew_by_is_in_the_note() {
    let record_of = |plugin| {
        let library = Library::read(&fixture(plugin));
        decode(EXPORTS, library.desc(library.export_note())).unwrap()
    };
    let record = record_of("grow-v3");
    let contract = record.contract("test.grow").unwrap();
    let former = |name: &str| contract.method(name).map(|method| method.renamed_from.clone());
    assert_eq!((former("word"), former("limits")), (Some(vec!["fetch".to_owned()]), Some(Vec::new())));
    let limits = record.types.iter().find(|ty| ty.name == "Limits").unwrap();
    let optional: Vec<_> = limits.members.iter().map(|member| member.optional).collect();
    assert_eq!((limits.kind, optional), (Kind::Sized, vec![false, false, true, true]));
    let event = record.types.iter().find(|ty| ty.name == "Event").unwrap();
    let variants: Vec<_> = event.variants.iter().map(|variant| (&*variant.name, variant.tag)).collect();
    assert_eq!((event.kind, variants), (Kind::Open, vec![("Started", 0), ("Joined", 1), ("Moved", 2)]));
    let record = record_of("grow-v2");
    let outcome = record.types.iter().find(|ty| ty.name == "Outcome").unwrap();
    let tags: Vec<_> = outcome.variants.iter().map(|variant| variant.tag).collect();
    assert_eq!(tags, [0, 1], "ascending, whatever the source says");
}

#[test]
fn what_a_contract_is_built_on_is_in_the_note() {
    let library = Library::read(&fixture("built"));
    let record = read(EXPORTS, library.desc(library.export_note())).unwrap();
    let contract = record.contract("fixture.shelf").unwrap();
    assert_eq!(contract.bases, ["fixture.closes", "fixture.counts"]);
    let from = |name: &str| contract.method(name).map(|method| &*method.from);
    assert_eq!(
        (from("explode"), from("title"), from("get")),
        (Some("fixture.explodes"), Some("fixture.counts"), Some(""))
    );
    let names: std::collections::BTreeSet<_> = contract.methods.iter().map(|method| &*method.name).collect();
    assert_eq!(names.len(), contract.methods.len(), "what two bases are built on is there once");
    let library = library.desc(library.export_note());
    for len in 0..library.len() {
        assert!(read(EXPORTS, &library[..len]).is_err(), "{len} bytes of {}", library.len());
    }
}

#[test]
fn a_note_cut_anywhere_is_refused() {
    for len in 0..REAL.len() {
        assert!(read(EXPORTS, &REAL[..len]).is_err(), "{len} of {} bytes were enough", REAL.len());
    }
}

#[test]
fn every_note_of_a_real_section_is_found_and_read() {
    let notes: Vec<_> = Notes::new(&SECTION, false).collect::<Result<_, _>>().unwrap();
    assert!(notes.len() > 1, "the fixture links contracts of its own and of others");
    let exports = notes.iter().filter(|(kind, desc)| read(*kind, desc).unwrap().kind == RecordKind::Exports);
    assert_eq!(exports.count(), 1);
}

#[test]
fn zeros_that_a_sanitizer_puts_behind_a_note_are_none() {
    let once = Notes::new(&SECTION, false).map(Result::unwrap).collect::<Vec<_>>();
    for words in [8, 9, 10, 11, 56] {
        let zeros = vec![0; words * 4];
        let padded = [&SECTION, &zeros[..], &SECTION, &zeros].concat();
        let notes: Vec<_> = Notes::new(&padded, false).map(Result::unwrap).collect();
        assert_eq!(notes, [&once[..], &once].concat(), "{words} words");
    }
    // Fewer are read as what they could be: lengths.
    for words in [1, 2] {
        let short = [&SECTION, &vec![0; words * 4][..]].concat();
        assert!(Notes::new(&short, false).any(|note| note.is_err()), "{words} words");
    }
}

#[test]
fn the_count_of_allocations_counts() {
    let (_, allocated) = allocated::during(|| vec![0_u8; 12_345]);
    assert_eq!(allocated, 12_345, "otherwise the bound on memory proves nothing");
}
