//! A contract that grew: what the matrix of its versions (`evolution`) does not show, and how a growth that breaks is refused.

use plugin_abi::note::Record;
use plugin_host::{Contract, LoadError};

use super::grow::{v1, v2};
use super::{astray, load};

/// What a panic said.
fn said(call: impl FnOnce() + std::panic::UnwindSafe) -> String {
    let payload = std::panic::catch_unwind(call).expect_err("it panics");
    payload.downcast_ref::<String>().expect("it says why").clone()
}

#[test]
fn a_new_variant_crosses_whole_where_both_sides_know_it() {
    use v2::{Event, Grow, Way};
    let plugin = load::<dyn Grow>("grow-v2").unwrap();
    let places = vec!["here".to_owned(), "there".to_owned()];
    let moved = Event::Moved { who: "Ada".to_owned(), way: Way { places } };
    assert_eq!(plugin.reflect(moved.clone()), moved);
}

#[test]
fn what_an_older_side_could_not_read_it_cannot_send_back() {
    use v2::{Event, Grow, Way};
    let plugin = load::<dyn Grow>("grow-v1").unwrap();
    let moved = Event::Moved { who: "Ada".to_owned(), way: Way { places: Vec::new() } };
    let text = said(std::panic::AssertUnwindSafe(|| drop(plugin.reflect(moved))));
    assert!(text.contains("`Event::Moved` has 2 fields, found 0"), "{text}");
}

#[test]
fn every_former_name_is_tried_before_the_default_body_is() {
    use astray::thrice::Grow;
    for (plugin, expected) in [("grow-v1", "k by fetch"), ("grow-v3", "k by word")] {
        assert_eq!(load::<dyn Grow>(plugin).unwrap().look_up("k"), expected);
    }
}

#[test]
fn variants_in_another_order_with_the_same_numbers_are_the_same() {
    let fingerprint = |desc: &'static plugin_abi::describe::ContractDesc| {
        let found = desc.methods.iter().find(|method| method.name == "outcome");
        found.expect("it is there").fingerprint
    };
    assert_eq!(fingerprint(<dyn v1::Grow as Contract>::DESC), fingerprint(<dyn v2::Grow as Contract>::DESC));
    let plugin = load::<dyn v2::Grow>("grow-v1").unwrap();
    let bad = v2::Outcome::Bad { why: "rain".to_owned() };
    assert_eq!(
        [v2::Grow::outcome(&*plugin, true), v2::Grow::outcome(&*plugin, false)],
        [v2::Outcome::Good, bad]
    );
}

#[test]
fn a_record_lists_variants_by_their_numbers() {
    let record = Record::of_contract(<dyn v2::Grow as Contract>::DESC);
    let outcome = record.types.iter().find(|ty| ty.name == "Outcome").expect("it is there");
    let names: Vec<_> = outcome.variants.iter().map(|variant| &*variant.name).collect();
    assert_eq!(names, ["Good", "Bad"]);
    let event = record.types.iter().find(|ty| ty.name == "Event").expect("it is there");
    assert!(event.variants.iter().all(|variant| variant.name != "Unknown"), "it has no number of its own");
}

#[test]
fn variants_of_a_note_that_lists_them_otherwise_are_found_by_their_numbers() {
    let desc = <dyn v1::Grow as Contract>::DESC;
    let mut record = Record::of_contract(desc);
    record.types.iter_mut().for_each(|ty| ty.variants.reverse());
    let mut contract = record.contracts[0].clone();
    contract.methods.iter_mut().for_each(|method| method.fingerprint.0 ^= 1);
    plugin_host::handshake::bind(desc, &record, &contract).unwrap();
}

#[test]
fn a_type_crosses_under_the_name_that_is_written() {
    use astray::named::{Bounds, Grow};
    let plugin = load::<dyn Grow>("grow-v1").unwrap();
    assert_eq!(plugin.limits(), Some(Bounds { owner: "plugin".to_owned(), most: 7 }));
}

/// What a refusal of the older plugin says of the place.
#[track_caller]
fn place<C: ?Sized + Contract>() -> String {
    place_in::<C>("grow-v1")
}

#[track_caller]
fn place_in<C: ?Sized + Contract>(plugin: &str) -> String {
    let error = load::<C>(plugin).expect_err("it is refused");
    assert!(matches!(error, LoadError::SignatureDiffers(_)), "{error:?}");
    error.to_string().lines().nth(1).unwrap_or_default().to_owned()
}

#[test]
fn a_growth_that_breaks_is_refused_with_its_place() {
    assert_eq!(
        place::<dyn astray::demanding::Grow>(),
        "  the result: `Option<Limits>`: `Limits.least` is known to the host only, and has no default"
    );
    assert_eq!(
        place::<dyn astray::between::Grow>(),
        "  the result: `Option<Limits>`: `Limits` has its fields in another order: `most` moved"
    );
    assert_eq!(
        place_in::<dyn astray::misplaced::Grow>("grow-v2"),
        "  the result: `Option<Limits>`: `Limits` has its fields in another order: `least` moved",
        "the plugin has more fields than the host"
    );
    assert_eq!(
        place::<dyn astray::renumbered::Grow>(),
        "  the result: `Event` has variant Started = 0 in the plugin, Joined = 0 in the host"
    );
    assert_eq!(
        place::<dyn astray::fuller::Grow>(),
        "  the result: `Event::Joined` has 1 fields in the plugin, 2 in the host"
    );
    assert_eq!(
        place::<dyn astray::closed::Grow>(),
        "  the result: `Event` is an open enum in the plugin, an enum in the host"
    );
    assert_eq!(
        place::<dyn astray::shifted::Grow>(),
        "  the result: `Outcome` has variant Bad = 2 in the host, none of that number in the plugin"
    );
}

#[test]
fn a_renamed_method_whose_words_are_the_same_is_refused_with_its_place() {
    let expected = "  the result: `Option<u32>`: plugin built for `Limits`, host expects `u32`";
    assert_eq!(place::<dyn astray::meant::Grow>(), expected);
}

#[test]
fn a_renamed_method_that_takes_something_else_is_refused_though_it_has_a_default() {
    let error =
        load::<dyn astray::renamed::Grow>("grow-v1").expect_err("the default would hide it").to_string();
    let expected = "refused libgrow_v1.so: `test.grow` look: plugin built for fn fetch(&self, key: &str) -> String, host \
                    expects fn look(&self, key: Key) -> String\n  plugin is older";
    assert!(error.starts_with(expected), "{error}");
}
