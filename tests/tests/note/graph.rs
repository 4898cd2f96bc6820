//! Graphs of types that are small to write and have no end, or a far one, when they are printed or compared.

use plugin_abi::note::{Member, NoteError, Record, TypeIndex};
use plugin_abi::{Contract, Fingerprint};
use plugin_contracts::{PluginType, plugin_contract};
use plugin_host::handshake;

use super::encode::{
    ARRAY, BOX, LATER, MAP, OPEN, OPTION, RESULT, SCALAR, SET, STD, STRUCT, TUPLE, Type, VEC, descriptor,
};
use super::{EXPORTS, read};

fn refused_type(types: &[Type<'_>]) -> bool {
    let decoded = read(EXPORTS, &descriptor(types, &["id"]));
    matches!(decoded, Err(NoteError::Malformed { what, .. }) if what.contains("made of itself"))
}

#[test]
fn an_honest_graph_is_read() {
    let types = [Type(RESULT, "Result", &[1, 2]), Type(VEC, "Vec", &[2]), Type(STRUCT, "Node", &[1, 0])];
    let record = read(EXPORTS, &descriptor(&types, &["id"])).unwrap();
    assert_eq!(record.show(TypeIndex(0)).to_string(), "Result<Vec<Node>, Node>");
}

#[test]
fn tuples_arrays_and_boxes_are_read_and_shown() {
    let types = [
        Type(TUPLE, "tuple", &[1, 2, 3]),
        Type(ARRAY, "16", &[3]),
        Type(BOX, "Box", &[3]),
        Type(SCALAR, "u8", &[]),
    ];
    let record = read(EXPORTS, &descriptor(&types, &["id"])).unwrap();
    assert_eq!(record.show(TypeIndex(0)).to_string(), "([u8; 16], Box<u8>, u8)");
}

#[test]
fn maps_sets_and_types_made_of_no_other_are_read_and_shown() {
    let types = [Type(MAP, "HashMap", &[2, 1]), Type(SET, "BTreeSet", &[2]), Type(STD, "Duration", &[])];
    let record = read(EXPORTS, &descriptor(&types, &["id"])).unwrap();
    assert_eq!(record.show(TypeIndex(0)).to_string(), "HashMap<Duration, BTreeSet<Duration>>");
}

#[test]
fn a_box_a_tuple_or_an_array_of_itself_is_refused() {
    for ty in [Type(BOX, "Box", &[0]), Type(TUPLE, "tuple", &[1, 0]), Type(ARRAY, "2", &[0])] {
        assert!(refused_type(&[ty, Type(SCALAR, "u8", &[])]));
    }
}

#[test]
fn a_vector_of_itself_is_refused() {
    assert!(refused_type(&[Type(VEC, "Vec", &[0])]));
}

#[test]
fn two_types_made_of_each_other_without_a_name_between_are_refused() {
    assert!(refused_type(&[Type(VEC, "Vec", &[1]), Type(OPTION, "Option", &[0])]));
}

#[test]
fn types_that_double_at_every_level_are_refused_before_they_are_printed() {
    let doubled = |levels: usize| {
        let members: Vec<_> = (1..=levels).map(|at| [at, at]).collect();
        let mut types: Vec<_> = members.iter().map(|both| Type(RESULT, "Result", both)).collect();
        types.push(Type(SCALAR, "u8", &[]));
        descriptor(&types, &["id"])
    };
    let refused = read(EXPORTS, &doubled(64));
    assert!(matches!(refused, Err(NoteError::Malformed { .. })), "{refused:?}");
    let long = read(EXPORTS, &doubled(8)).unwrap().show(TypeIndex(0)).to_string();
    assert_eq!(long.matches("u8").count(), 256, "a few levels are a long line, and allowed");
}

#[test]
fn a_chain_of_options_too_deep_to_print_is_refused() {
    let members: Vec<_> = (1..=1000).map(|at| [at]).collect();
    let mut types: Vec<_> = members.iter().map(|next| Type(OPTION, "Option", next)).collect();
    types.push(Type(SCALAR, "u8", &[]));
    assert!(refused_type(&types));
}

#[test]
fn kinds_with_other_members_than_they_have_are_refused() {
    for ty in [
        Type(VEC, "Vec", &[]),
        Type(RESULT, "Result", &[1]),
        Type(OPTION, "Option", &[1, 1]),
        Type(SCALAR, "u8", &[1]),
        Type(OPEN, "Event", &[1]),
        Type(MAP, "HashMap", &[1]),
        Type(SET, "HashSet", &[1, 1]),
        Type(STD, "Duration", &[1]),
        Type(BOX, "Box", &[]),
        Type(BOX, "Box", &[1, 1]),
        Type(TUPLE, "tuple", &[1]),
        Type(TUPLE, "tuple", &[1; 13]),
        Type(ARRAY, "3", &[]),
        Type(ARRAY, "3", &[1, 1]),
        Type(ARRAY, "0", &[1]),
        Type(ARRAY, "03", &[1]),
        Type(ARRAY, "+3", &[1]),
        Type(ARRAY, "", &[1]),
        Type(ARRAY, "99999999999999999999", &[1]),
    ] {
        let decoded = read(EXPORTS, &descriptor(&[ty, Type(STRUCT, "Leaf", &[])], &["id"]));
        assert!(matches!(decoded, Err(NoteError::Malformed { .. })), "{decoded:?}");
    }
}

#[test]
fn a_kind_of_a_later_version_is_refused_and_not_taken_for_another() {
    let decoded = read(EXPORTS, &descriptor(&[Type(LATER, "Event", &[])], &["id"]));
    assert!(matches!(decoded, Err(NoteError::Malformed { what: "a type's kind", .. })), "{decoded:?}");
}

#[test]
fn a_note_from_before_members_had_flags_methods_former_names_and_contracts_bases_is_read() {
    let types = [Type(STRUCT, "Node", &[1]), Type(SCALAR, "u8", &[])];
    let record = read(EXPORTS, &descriptor(&types, &["id"])).unwrap();
    assert!(!record.types[0].members[0].optional);
    let [contract] = &record.contracts[..] else { panic!("one contract") };
    assert!(contract.bases.is_empty());
    assert!(contract.methods[0].renamed_from.is_empty() && contract.methods[0].from.is_empty());
}

#[test]
fn ids_are_compared_however_many_there_are() {
    let mut ids: Vec<_> = (0..50_000).map(|at| format!("contract.{at}")).collect();
    let types = [Type(SCALAR, "u8", &[])];
    let contracts = |ids: &[String]| descriptor(&types, &ids.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(read(EXPORTS, &contracts(&ids)).unwrap().contracts.len(), 50_000);
    ids[40_000] = "contract.7".to_owned();
    let decoded = read(EXPORTS, &contracts(&ids));
    assert_eq!(decoded, Err(NoteError::DuplicateContract { id: "contract.7".to_owned() }));
}

/// A type that contains itself.
#[derive(Debug, PluginType)]
pub struct Tree {
    /// More of the same.
    pub children: Vec<Tree>,
}

/// Takes such a type.
#[plugin_contract(id = "test.deep", version = "1.0.0", unlocked)]
pub trait Deep {
    /// Nothing.
    fn walk(&self, tree: Tree);
}

/// A plugin's record in which `Tree` contains another `Tree`, and so on; only the last contains itself.
fn unrolled(depth: u32) -> Record {
    let desc = <dyn Deep as Contract>::DESC;
    let mut record = Record::of_contract(desc);
    record.contracts[0].methods[0].fingerprint = Fingerprint(0);
    let tree = record.ty(record.contracts[0].methods[0].args[0].ty).clone();
    let vec = record.ty(tree.members[0].ty).clone();
    let first = u32::try_from(record.types.len()).unwrap();
    for at in 0..depth {
        let (this, next) = (first + 2 * at, first + 2 * (at + 1).min(depth - 1));
        let member = |ty: u32, of: &Member| Member { ty: TypeIndex(ty), ..of.clone() };
        let mut ty = tree.clone();
        ty.members = vec![member(this + 1, &tree.members[0])];
        record.types.push(ty);
        let mut ty = vec.clone();
        ty.members = vec![member(next, &vec.members[0])];
        record.types.push(ty);
    }
    record.contracts[0].methods[0].args[0].ty = TypeIndex(first);
    record
}

#[test]
fn a_type_unrolled_a_few_times_is_the_same_type() {
    let record = unrolled(10);
    handshake::bind(<dyn Deep as Contract>::DESC, &record, &record.contracts[0]).unwrap();
}

#[test]
fn a_type_unrolled_a_million_times_is_refused_without_following_it_to_its_end() {
    let record = unrolled(1_000_000);
    let refused = handshake::bind(<dyn Deep as Contract>::DESC, &record, &record.contracts[0]).unwrap_err();
    assert!(refused[0].detail.contains("nested too deeply"), "{}", refused[0].detail);
}
