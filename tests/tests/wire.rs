//! The wire form, frozen: a change in these files refuses, or worse misreads, every plugin ever built.
//!
//! What is here may grow. A line that changes needs a new ABI revision.

#![cfg(target_pointer_width = "64")]

#[allow(missing_docs, reason = "documented where they are declared")]
#[path = "../fixtures/contracts/src/echo.rs"]
pub mod echo;
#[allow(missing_docs, reason = "documented where they are declared")]
#[path = "../fixtures/contracts/src/objects.rs"]
pub mod objects;
#[allow(missing_docs, reason = "documented where they are declared")]
#[path = "../fixtures/contracts/src/plain.rs"]
pub mod plain;
#[allow(missing_docs, reason = "documented where they are declared")]
#[path = "../fixtures/contracts/src/pour.rs"]
pub mod pour;
#[allow(missing_docs, reason = "documented where they are declared")]
#[path = "../fixtures/contracts/src/waiting.rs"]
pub mod waiting;

#[path = "wire/refused.rs"]
mod refused;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fmt::Write as _;
use std::mem::{MaybeUninit, align_of, offset_of, size_of};
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use echo::{Chain, Echo, Level, Options, Pair, Remark, Shape};
use plugin_abi::describe::ContractDesc;
use plugin_abi::note::{Member, Record};
use plugin_abi::wire::{
    ArrayAbi, BoxAbi, DurationAbi, IpAbi, Ipv4Abi, Ipv6Abi, ObjectTable, OpenAbi, OptionAbi, RawBox,
    RawFunction, RawFuture, RawIterator, RawObject, RawSlice, RawVec, ResultAbi, Room, SinkAbi, SizedAbi,
    SocketAbi, SystemTimeAbi, Tuple2Abi, Tuple12Abi, WakerAbi,
};
use plugin_abi::{
    Answer, ContextAbi, Contract, ContractTable, Export, Fingerprint, HostServices, Memory, Out, PairAbi,
    PluginType, Row, Status, shows_as,
};

fn members(text: &mut String, indent: &str, record: &Record, members: &[Member]) {
    for Member { name, ty, offset, optional } in members {
        let optional = if *optional { ", may be missing" } else { "" };
        let _ = writeln!(text, "{indent}{offset:>3} {name}: {}{optional}", record.show(*ty));
    }
}

/// Contracts that name every kind of type together.
const CONTRACTS: [&ContractDesc; 5] = [
    <dyn Echo as Contract>::DESC,
    <dyn pour::Pour as Contract>::DESC,
    <dyn objects::Workshop as Contract>::DESC,
    <dyn waiting::Waiting as Contract>::DESC,
    <dyn plain::Samples as Contract>::DESC,
];

#[test]
fn types_keep_their_size_alignment_offsets_and_tags() {
    let mut text = String::new();
    for record in CONTRACTS.map(Record::of_contract) {
        for (at, ty) in record.types.iter().enumerate() {
            let shown = record.show(plugin_abi::note::TypeIndex(u32::try_from(at).unwrap()));
            let _ = writeln!(text, "{shown}: {:?}, size {}, align {}", ty.kind, ty.size, ty.align);
            members(&mut text, "  ", &record, &ty.members);
            for variant in &ty.variants {
                let _ = writeln!(text, "  {} = {}", variant.name, variant.tag);
                members(&mut text, "    ", &record, &variant.fields);
            }
        }
    }
    insta::assert_snapshot!("types", text);
}

#[test]
fn fingerprints_stay_what_they_are() {
    let mut text = String::new();
    for desc in CONTRACTS {
        let _ = writeln!(text, "{} {}", desc.fingerprint, desc.id);
        for method in desc.methods {
            let _ = writeln!(text, "{} {}", method.fingerprint, method.signature);
        }
    }
    insta::assert_snapshot!("fingerprints", text);
}

/// Prints size and alignment of a type, and the offsets of its fields.
macro_rules! layout {
    ($text:ident, $($ty:ty { $($field:tt),* })*) => {$(
        let _ = writeln!($text, "{}: size {}, align {}", stringify!($ty), size_of::<$ty>(), align_of::<$ty>());
        $(let _ = writeln!($text, "  {:>3} {}", offset_of!($ty, $field), stringify!($field));)*
    )*};
}

#[test]
fn what_every_call_is_made_of_keeps_its_layout() {
    let mut text = String::new();
    layout! { text,
        RawSlice<u8> { ptr, len }
        RawVec<u8> { ptr, len, cap, free }
        OptionAbi<u8> { tag, value }
        OptionAbi<u128> { tag, value }
        ResultAbi<u8, u64> { tag, value }
        RawBox { payload, release }
        OpenAbi { tag, fields, content }
        SizedAbi { fields, content }
        BoxAbi<u8> { value, release }
        Tuple2Abi<u8, u32> { 0, 1 }
        Tuple12Abi<u8, u16, u8, u32, u8, u64, u8, u128, u8, u16, u8, u8> { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 }
        ArrayAbi<u16, 5> { items }
        DurationAbi { secs, nanos }
        SystemTimeAbi { secs, nanos }
        Ipv4Abi { octets }
        Ipv6Abi { octets }
        IpAbi { version, octets }
        SocketAbi { ip, flow, scope, port }
        SinkAbi { ptr, len, cap, grow, context }
        Room { ptr, cap }
        RawObject { object, table }
        ObjectTable { size, contract, origin, release }
        RawFunction { object, call, origin, release }
        RawFuture<u64> { state, poll, drop, origin }
        RawIterator<u64> { state, next, drop, origin }
        WakerAbi { clone, wake, wake_by_ref, drop }
        Out<u8> { value, fault }
        Export { magic, revision, size, contracts, connect, create, destroy, flags }
        ContractTable { id, rows }
        Row { name, fingerprint, call }
        HostServices { size, is_caller, take_hook, memory }
        Memory { size, live, alloc, alloc_zeroed, dealloc, realloc, free }
        ContextAbi { size, config }
        PairAbi { key, value }
        Status {}
        Answer { word, status }
    }
    let _ = writeln!(text, "magic {}, revision {}", plugin_abi::MAGIC.escape_ascii(), plugin_abi::REVISION);
    let statuses =
        [Status::OK, Status::ERROR, Status::PANICKED, Status::UNSUPPORTED, Status::PENDING, Status::PASSED];
    let statuses = statuses.map(|status| status.0);
    let _ = writeln!(text, "ok, error, panicked, unsupported, pending, passed: {statuses:?}");
    let _ = writeln!(
        text,
        "note magic {}, revision {}",
        plugin_abi::note::MAGIC.escape_ascii(),
        plugin_abi::note::REVISION
    );
    insta::assert_snapshot!("calls", text);
}

/// The number of type `N` that lies at this offset of a wire form.
fn at<T: PluginType, N: Copy>(abi: &T::Abi, offset: usize) -> N {
    assert!(offset + size_of::<N>() <= size_of::<T::Abi>());
    let place = (&raw const *abi).cast::<u8>().wrapping_add(offset).cast::<N>();
    // SAFETY: it lies inside the wire form, and the tests ask for fields that were written.
    unsafe { place.read_unaligned() }
}

#[test]
fn an_enum_is_its_tag_and_behind_it_aligned_the_fields() {
    let line = Shape::Line(-2, Pair(7, String::from("abc"))).into_abi();
    let number = |offset| at::<Shape, u64>(&line, offset);
    assert_eq!(at::<Shape, u32>(&line, 0), 2, "the tag");
    assert_eq!(at::<Shape, i16>(&line, 8), -2, "the fields begin at their common alignment");
    assert_eq!(at::<Shape, u8>(&line, 16), 7);
    assert_eq!(number(32), 3, "the length of the text, behind its pointer");
    assert!(number(24) != 0 && number(40) >= 3 && number(48) != 0, "pointer, capacity, free");
    // SAFETY: it was made just now, and is used once.
    let back = unsafe { Shape::from_abi(line) };
    assert_eq!(back, Ok(Shape::Line(-2, Pair(7, String::from("abc")))));
}

#[test]
fn an_enum_without_fields_is_its_tag_alone() {
    assert_eq!(at::<Level, u32>(&Level::High.into_abi(), 0), 0x7fff_ffff);
    assert_eq!(size_of::<<Level as PluginType>::Abi>(), 4);
}

#[test]
fn option_and_result_count_as_people_do() {
    let some = Some(5_u8).into_abi();
    assert_eq!((some.tag, at::<Option<u8>, u8>(&some, 4)), (1, 5));
    assert_eq!(None::<u8>.into_abi().tag, 0);
    let (ok, err) = (Ok::<u8, u64>(5).into_abi(), Err::<u8, u64>(6).into_abi());
    assert_eq!((ok.tag, at::<Result<u8, u64>, u8>(&ok, 8)), (0, 5));
    assert_eq!((err.tag, at::<Result<u8, u64>, u64>(&err, 8)), (1, 6));
}

#[test]
fn an_open_enum_is_its_tag_and_a_box_of_fields() {
    let remark = Remark::Reply { to: Pair(7, String::from("abc")), remarks: vec![Remark::Empty] };
    let abi = remark.clone().into_abi();
    assert_eq!((abi.tag, abi.fields), (2, 2));
    let field = |offset: usize| {
        let place = abi.content.payload.cast::<u8>().wrapping_add(offset);
        // SAFETY: the offsets are those of numbers in the box.
        unsafe { place.cast::<usize>().read_unaligned() }
    };
    assert_eq!(field(0).to_ne_bytes()[0], 7, "the first field, a struct, as anywhere else");
    assert_eq!(field(16), 3, "the length of its text, behind the text's pointer");
    assert_eq!(field(48), 1, "the length of the vector, behind its pointer");
    // SAFETY: it was made just now, and is used once.
    let back = unsafe { Remark::from_abi(abi) };
    assert_eq!(back, Ok(remark));
    let empty = Remark::Empty.into_abi();
    assert_eq!((empty.tag, empty.fields, empty.content.payload.is_null()), (0, 0, true));
    assert!(empty.content.release.is_none(), "no box, nothing to give back");
    assert_eq!(Remark::Unknown(99).into_abi().tag, 99, "it is sent on as what it was");
}

#[test]
fn a_sized_struct_is_the_number_of_its_fields_and_a_box_of_them() {
    let options = Options { small: 7, name: String::from("abc"), wide: Some(5), remarks: Vec::new() };
    let abi = options.clone().into_abi();
    assert_eq!(abi.fields, 4);
    // SAFETY: the first field is a byte in the box.
    assert_eq!(unsafe { abi.content.payload.cast::<u8>().read() }, 7);
    // SAFETY: it was made just now, and is used once.
    let back = unsafe { Options::from_abi(abi) };
    assert_eq!(back, Ok(options));
}

#[test]
fn a_box_is_a_pointer_and_what_gives_it_back() {
    let chain = Box::new(Chain { value: 7, next: Some(Box::new(Chain { value: 8, next: None })) });
    let abi = chain.clone().into_abi();
    assert!(abi.release.is_some());
    // SAFETY: the first field is a byte in the box.
    assert_eq!(unsafe { abi.value.cast::<u8>().read() }, 7);
    // SAFETY: it was made just now, and is used once.
    assert_eq!(unsafe { Box::<Chain>::from_abi(abi) }, Ok(chain));
}

#[test]
fn a_tuple_is_a_struct_and_an_array_its_elements_in_one() {
    let tuple = (1_u8, 2_u32, 3_u8).into_abi();
    assert_eq!((at::<(u8, u32, u8), u8>(&tuple, 0), at::<(u8, u32, u8), u32>(&tuple, 4)), (1, 2));
    assert_eq!((at::<(u8, u32, u8), u8>(&tuple, 8), size_of_val(&tuple)), (3, 12));
    let array = [5_u16, 6, 7].into_abi();
    assert_eq!((at::<[u16; 3], u16>(&array, 4), size_of_val(&array)), (7, 6));
}

#[test]
fn a_map_is_a_vector_of_pairs_and_a_set_one_of_items() {
    let map = BTreeMap::from([(1_u8, 10_u32), (2, 20)]);
    let abi = map.clone().into_abi();
    // SAFETY: there are two pairs.
    let second = unsafe { *abi.ptr.wrapping_add(1) };
    assert_eq!((abi.len, second.0, second.1), (2, 2, 20));
    // SAFETY: it was made just now, and is used once.
    assert_eq!(unsafe { BTreeMap::from_abi(abi) }, Ok(map));
    let abi = BTreeSet::from([5_u16, 4]).into_abi();
    // SAFETY: there are two items.
    assert_eq!((abi.len, unsafe { *abi.ptr }), (2, 4));
    // SAFETY: it was made just now, and is used once.
    assert_eq!(unsafe { HashSet::<u16>::from_abi(abi) }, Ok(HashSet::from([4, 5])), "they share their form");
}

#[test]
fn times_count_seconds_from_1970_and_nanoseconds_upwards() {
    let time = |nanos: i64| {
        let by = Duration::from_nanos(nanos.unsigned_abs());
        let time = if nanos < 0 { UNIX_EPOCH - by } else { UNIX_EPOCH + by };
        let abi = time.into_abi();
        // SAFETY: it owns nothing.
        assert_eq!(unsafe { SystemTime::from_abi(abi) }, Ok(time));
        (abi.secs, abi.nanos)
    };
    assert_eq!(time(0), (0, 0));
    assert_eq!(time(1_500_000_000), (1, 500_000_000));
    assert_eq!(time(-1), (-1, 999_999_999));
    assert_eq!(time(-1_000_000_000), (-1, 0));
    assert_eq!(time(-1_500_000_000), (-2, 500_000_000));
    let abi = Duration::new(7, 9).into_abi();
    assert_eq!((abi.secs, abi.nanos), (7, 9));
}

#[test]
fn addresses_are_their_octets() {
    let abi = IpAddr::from([127, 0, 0, 1]).into_abi();
    assert_eq!((abi.version, &abi.octets[..5]), (4, &[127, 0, 0, 1, 0][..]));
    let address = "[fe80::1%7]:80".parse::<SocketAddr>().unwrap();
    let abi = address.into_abi();
    assert_eq!((abi.ip.version, abi.ip.octets[0], abi.ip.octets[15]), (6, 0xfe, 1));
    assert_eq!((abi.scope, abi.port), (7, 80));
    // SAFETY: it owns nothing.
    assert_eq!(unsafe { SocketAddr::from_abi(abi) }, Ok(address));
}

#[test]
fn maps_sets_and_vectors_are_different_types() {
    let prints = [
        Fingerprint::of_type(<BTreeMap<u8, u16>>::DESC),
        Fingerprint::of_type(<HashMap<u8, u16>>::DESC),
        Fingerprint::of_type(<Vec<(u8, u16)>>::DESC),
        Fingerprint::of_type(<BTreeSet<(u8, u16)>>::DESC),
        Fingerprint::of_type(<HashSet<(u8, u16)>>::DESC),
        Fingerprint::of_type(<Vec<u8>>::DESC),
        Fingerprint::of_type(PathBuf::DESC),
        Fingerprint::of_type(String::DESC),
    ];
    let all: BTreeSet<_> = prints.iter().collect();
    assert_eq!(all.len(), prints.len());
}

#[test]
fn arrays_of_other_lengths_and_tuples_of_others_are_other_types() {
    let prints = [
        Fingerprint::of_type(<[u8; 16]>::DESC),
        Fingerprint::of_type(<[u8; 32]>::DESC),
        Fingerprint::of_type(<[u16; 16]>::DESC),
        Fingerprint::of_type(<(u8, u8)>::DESC),
        Fingerprint::of_type(<(u8, u8, u8)>::DESC),
        Fingerprint::of_type(<Vec<u8>>::DESC),
        Fingerprint::of_type(<Box<u8>>::DESC),
        Fingerprint::of_type(u8::DESC),
    ];
    let all: BTreeSet<_> = prints.iter().collect();
    assert_eq!(all.len(), prints.len());
    let holds = [
        shows_as(<[u8; 16]>::DESC, "[u8; 16]"),
        shows_as(<[[u8; 2]; 100]>::DESC, "[[u8; 2]; 100]"),
        shows_as(<(u8, Box<(String, bool)>)>::DESC, "(u8, Box<(String, bool)>)"),
        !shows_as(<[u8; 16]>::DESC, "[u8; 1]"),
        !shows_as(<[u8; 1]>::DESC, "[u8; 16]"),
        !shows_as(<(u8, u8)>::DESC, "(u8, u8, u8)"),
        !shows_as(<(u8, u8, u8)>::DESC, "(u8, u8)"),
    ];
    assert_eq!(holds, [true; 7]);
}

#[test]
fn what_a_const_shows_is_what_a_record_shows() {
    let desc = <dyn Echo as Contract>::DESC;
    let record = Record::of_contract(desc);
    for (method, found) in desc.methods.iter().zip(&record.contracts[0].methods) {
        let args = method.shape.args.iter().zip(&found.args).map(|(arg, found)| (arg.ty, found.ty));
        for (ty, index) in args.chain([(method.shape.ret, found.ret)]) {
            let text = record.show(index).to_string();
            assert!(shows_as(ty, &text), "{text}");
            assert!(!shows_as(ty, &text[..text.len() - 1]), "{text}, cut");
        }
    }
}

#[test]
fn tags_that_no_variant_has_are_refused() {
    // SAFETY: nothing but the tag is read, and an unknown one ends the matter.
    let found = unsafe { Option::<u8>::from_abi(OptionAbi { tag: 2, value: MaybeUninit::uninit() }) };
    assert_eq!(found.unwrap_err().to_string(), "`Option` has no variant with tag 2");
    let mut level = Level::Low.into_abi();
    // SAFETY: the wire form of an enum without fields is its tag.
    unsafe { (&raw mut level).cast::<u32>().write(99) };
    // SAFETY: as above.
    let found = unsafe { Level::from_abi(level) };
    assert_eq!(found.unwrap_err().to_string(), "`Level` has no variant with tag 99");
}

#[test]
fn scalars_that_no_value_has_are_refused() {
    // SAFETY: a scalar owns nothing; any bits may be asked about.
    let flag = unsafe { bool::from_abi(2) };
    // SAFETY: as above.
    let letter = unsafe { char::from_abi(0xd800) };
    assert_eq!(flag.unwrap_err().to_string(), "a bool is 0 or 1, found 2");
    assert_eq!(letter.unwrap_err().to_string(), "55296 is no Unicode scalar value");
}

/// What a shim that returns this answers, where it writes what does not fit.
fn answer<R: PluginType>(value: R) -> (Answer, [u8; 64]) {
    #[repr(align(16))]
    struct Place([u8; 64]);
    assert!(size_of::<Out<R::Abi>>() <= size_of::<Place>());
    let mut out = Place([0xee; 64]);
    // SAFETY: there is room for it.
    let answer = unsafe { plugin_abi::call::respond::<R>((&raw mut out).cast(), || Ok(value)) };
    (answer, out.0)
}

#[test]
fn a_result_of_up_to_a_word_is_in_the_answer_and_any_other_behind_the_pointer() {
    fn in_the_answer<R: PluginType>(value: R, bytes: &[u8]) {
        let (answer, out) = answer(value);
        assert_eq!((answer.status, out), (Status::OK, [0xee; 64]), "nothing else was written");
        let word = (&raw const answer.word).cast::<u8>();
        // SAFETY: the value has as many bytes, none of them padding, and they begin the word.
        assert_eq!(unsafe { std::slice::from_raw_parts(word, bytes.len()) }, bytes);
    }
    in_the_answer((), &[]);
    in_the_answer(true, &[1]);
    in_the_answer('x', &[b'x', 0, 0, 0]);
    in_the_answer(-2_i16, &[0xfe, 0xff]);
    in_the_answer(1.5_f32, &1.5_f32.to_ne_bytes());
    in_the_answer(u64::MAX - 1, &(u64::MAX - 1).to_ne_bytes());
    in_the_answer([1_u8, 2, 3, 4, 5, 6, 7, 8], &[1, 2, 3, 4, 5, 6, 7, 8]);
    in_the_answer(Some(7_u32), &[1, 0, 0, 0, 7, 0, 0, 0]);

    let (longer, out) = answer([9_u8; 9]);
    assert_eq!((longer.status, &out[..9]), (Status::OK, &[9; 9][..]));
    let mut said = MaybeUninit::<Out<u8>>::uninit();
    let refused = || Err(plugin_abi::call::Rejected::SHARED);
    // SAFETY: there is room for a fault's text.
    let failed = unsafe { plugin_abi::call::respond::<u8>(said.as_mut_ptr(), refused) };
    assert_eq!(failed.status, Status::ERROR);
    // SAFETY: the status says that a text is there, also of a result that would be in the answer.
    let text = unsafe { said.as_ptr().cast::<RawVec<u8>>().read() };
    // SAFETY: it was written just now, and is read once.
    let text = unsafe { String::from_abi(text) };
    assert!(text.is_ok_and(|text| text.starts_with("argument `self`")));
}
