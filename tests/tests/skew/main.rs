//! Host and plugin of different versions: what fits is bound method by method, what does not is refused in words that
//! somebody can act on.

pub mod astray;
#[allow(missing_docs, reason = "documented where they are declared")]
#[path = "../../fixtures/contracts/src/grow/mod.rs"]
pub mod grow;
mod growth;
pub mod hosts;
#[allow(missing_docs, reason = "documented where they are declared")]
#[path = "../../fixtures/contract-v1/src/lib.rs"]
pub mod v1;
#[allow(missing_docs, reason = "documented where they are declared")]
#[path = "../../fixtures/contract-v2/src/lib.rs"]
pub mod v2;

use plugin_abi::note::Record;
use plugin_host::handshake::{self, Rule};
use plugin_host::{Contract, LoadError, Plugin};
use plugin_tests::fixture;

fn load<C: ?Sized + Contract>(plugin: &str) -> Result<Plugin<C>, LoadError> {
    // SAFETY: the file is built by this test.
    unsafe { Plugin::load(fixture(plugin)) }
}

/// The refusal of the plugin built against contract-v1 by a host with contract `C`.
#[track_caller]
fn refusal<C: ?Sized + Contract>() -> String {
    let error = load::<C>("skew-v1").expect_err("it is refused");
    assert!(matches!(error, LoadError::SignatureDiffers(_)), "{error:?}");
    let text = error.to_string();
    assert!(text.lines().count() <= 5, "more than five lines: {text}");
    text
}

const WEIGH: &str = "refused libskew_v1.so: `test.skew` weigh: \
                     plugin built for fn weigh(&self, item: Item, times: u32) -> u64, host expects ";
const FIND: &str = "refused libskew_v1.so: `test.skew` find: \
                    plugin built for fn find(&self, name: &str) -> Result<Item, SkewError>, host expects ";
const PLUGIN_OLDER: &str =
    "  plugin is older (1.0.0, host 2.0.0): rebuild it against test.skew 2.x, of package plugin-tests";

#[test]
fn an_old_plugin_in_a_new_host_gets_the_hosts_default_for_what_it_lacks() {
    use v2::{Item, Skew, SkewError};
    let plugin = load::<dyn Skew>("skew-v1").unwrap();
    let stone = || Item { name: "stone".to_owned(), grams: 500 };
    assert_eq!(plugin.pack(stone(), stone()), 1010, "the default body, over the plugin's own `weigh`");
    assert_eq!(plugin.weigh(stone(), 3), 1500, "found by name, in another order, with other argument names");
    assert_eq!(plugin.find("stone"), Ok(stone()), "a field under a new name");
    assert_eq!(plugin.find(""), Err(SkewError::Gone));
    assert_eq!(plugin.find("none"), Err(SkewError::Full { limit: 9 }));
}

#[test]
fn a_new_plugin_in_its_own_host_uses_its_own_method() {
    use v2::{Item, Skew};
    let plugin = load::<dyn Skew>("skew-v2").unwrap();
    let stone = || Item { name: "stone".to_owned(), grams: 500 };
    assert_eq!(plugin.pack(stone(), stone()), 1000, "not the default body");
}

#[test]
fn a_new_plugin_in_an_old_host_serves_what_the_host_knows() {
    use v1::{Item, Skew, SkewError};
    let plugin = load::<dyn Skew>("skew-v2").unwrap();
    assert_eq!(plugin.find("stone"), Ok(Item { name: "stone".to_owned(), weight: 500 }));
    assert_eq!(plugin.weigh(Item { name: String::new(), weight: 7 }, 6), 42);
    assert_eq!(plugin.find("none"), Err(SkewError::Full { limit: 9 }));
}

#[test]
fn hosts_of_both_versions_use_one_file_at_a_time_together() {
    let (old, new) = (load::<dyn v1::Skew>("skew-v1").unwrap(), load::<dyn v2::Skew>("skew-v1").unwrap());
    let (old, new) = (v1::Skew::find(&*old, "stone").unwrap(), v2::Skew::find(&*new, "stone").unwrap());
    assert_eq!((old.name, old.weight), (new.name, new.grams));
}

#[test]
fn a_field_that_moved_is_refused_with_its_name() {
    let text = refusal::<dyn hosts::moved::Skew>();
    let place =
        "  the result: `Result<Item, SkewError>`: `Item` has its fields in another order: `name` moved";
    // Both methods name the type: one is told in full, the other is counted.
    let more = "  1 more of its methods do not fit";
    let expected = [
        FIND,
        "fn find(&self, name: &str) -> Result<Item, SkewError>\n",
        place,
        "\n",
        more,
        "\n",
        PLUGIN_OLDER,
    ];
    assert_eq!(text, expected.concat());
}

#[test]
fn a_field_of_another_type_is_refused_with_both_types() {
    let text = refusal::<dyn hosts::retyped::Skew>();
    let place =
        "  the result: `Result<Item, SkewError>`: `Item.weight`: plugin built for `u32`, host expects `u64`";
    assert_eq!(text.lines().nth(1), Some(place), "{text}");
}

#[test]
fn a_field_more_is_refused_with_both_numbers() {
    let text = refusal::<dyn hosts::longer::Skew>();
    let place = "  the result: `Result<Item, SkewError>`: `Item` has 2 fields in the plugin, 3 in the host";
    assert_eq!(text.lines().nth(1), Some(place), "{text}");
}

#[test]
fn a_variant_more_is_refused_with_both_numbers() {
    let text = refusal::<dyn hosts::varied::Skew>();
    let place =
        "  the result: `Result<Item, SkewError>`: `SkewError` has 2 variants in the plugin, 3 in the host";
    let expected =
        [FIND, "fn find(&self, name: &str) -> Result<Item, SkewError>\n", place, "\n", PLUGIN_OLDER];
    assert_eq!(text, expected.concat());
}

#[test]
fn a_variant_with_another_number_is_refused_with_both() {
    let text = refusal::<dyn hosts::renumbered::Skew>();
    let place = "  the result: `Result<Item, SkewError>`: `SkewError` has variant Gone = 0 in the plugin, Full = 0 in the host";
    assert_eq!(text.lines().nth(1), Some(place), "{text}");
}

#[test]
fn another_receiver_is_refused_with_both_signatures() {
    let expected = [WEIGH, "fn weigh(&mut self, item: Item, times: u32) -> u64\n", PLUGIN_OLDER];
    assert_eq!(refusal::<dyn hosts::exclusive::Skew>(), expected.concat());
}

#[test]
fn another_result_is_refused_with_both_signatures() {
    let expected = [WEIGH, "fn weigh(&self, item: Item, times: u32) -> u32\n", PLUGIN_OLDER];
    assert_eq!(refusal::<dyn hosts::returns::Skew>(), expected.concat());
}

#[test]
fn an_argument_less_is_refused_with_both_signatures() {
    let expected = [WEIGH, "fn weigh(&self, item: Item) -> u64\n", PLUGIN_OLDER];
    assert_eq!(refusal::<dyn hosts::shorter::Skew>(), expected.concat());
}

#[test]
fn an_alias_that_changed_behind_the_same_words_is_refused_with_its_place() {
    let text = refusal::<dyn hosts::aliased::Skew>();
    assert!(text.contains("\n  argument `item`: plugin built for `Item`, host expects `u32`\n"), "{text}");
}

#[test]
fn a_plugin_may_promise_more_of_threads_than_the_host_relies_on() {
    let plugin = load::<dyn hosts::unsynced::Skew>("skew-v1").unwrap();
    assert_eq!(plugin.weigh(v1::Item { name: String::new(), weight: 7 }, 6), 42);
}

#[test]
fn a_plugin_that_promises_less_of_threads_is_refused_by_name() {
    let (host, plugin) = (<dyn v1::Skew>::DESC, Record::of_contract(<dyn hosts::unsynced::Skew>::DESC));
    let refused =
        handshake::bind(host, &plugin, &plugin.contracts[0]).expect_err("its object may not be shared");
    assert!(refused.iter().all(|mismatch| mismatch.rule == Rule::PC009), "{refused:#?}");
    assert_eq!(refused[0].detail, "the host relies on `Send` or `Sync`, which the plugin's trait lacks");
}

#[test]
fn a_refusal_is_data_too_every_method_with_the_id_of_its_rule() {
    fn rules<C: ?Sized + Contract>() -> Vec<(String, Rule)> {
        let error = load::<C>("skew-v1").expect_err("it is refused");
        error.findings().iter().map(|finding| (finding.method.to_string(), finding.rule)).collect()
    }
    let one = |name: &str, rule| vec![(name.to_owned(), rule)];
    let (find, weigh) = (|rule| one("find", rule), |rule| one("weigh", rule));
    assert_eq!(rules::<dyn hosts::moved::Skew>(), [find(Rule::PC102), weigh(Rule::PC102)].concat());
    assert_eq!(rules::<dyn hosts::retyped::Skew>()[..1], find(Rule::PC102));
    assert_eq!(rules::<dyn hosts::varied::Skew>(), find(Rule::PC104));
    assert_eq!(rules::<dyn hosts::renumbered::Skew>(), find(Rule::PC106));
    assert_eq!(rules::<dyn hosts::exclusive::Skew>(), weigh(Rule::PC006));
    assert_eq!(rules::<dyn hosts::returns::Skew>(), weigh(Rule::PC005));
    assert_eq!(rules::<dyn hosts::shorter::Skew>(), weigh(Rule::PC004));
    assert_eq!(rules::<dyn hosts::aliased::Skew>(), weigh(Rule::PC108));
    let other = Plugin::<dyn hosts::moved::Skew>::options();
    // SAFETY: nothing is there to be loaded.
    let absent = unsafe { other.load("/nowhere/libskew.so") }.expect_err("it is not there");
    assert!(absent.findings().is_empty());
}

#[test]
fn what_a_handshake_calls_a_rule_the_command_line_explains() {
    for rule in [
        Rule::PC001,
        Rule::PC002,
        Rule::PC003,
        Rule::PC004,
        Rule::PC005,
        Rule::PC006,
        Rule::PC009,
        Rule::PC102,
        Rule::PC104,
        Rule::PC105,
        Rule::PC106,
        Rule::PC108,
    ] {
        let code = plugin_gen::report::Code::parse(&rule.to_string());
        assert!(code.and_then(plugin_gen::lock::rule).is_some(), "{rule} is no rule");
    }
}

#[test]
fn a_method_with_a_default_is_refused_when_the_plugin_has_another_of_that_name() {
    let text = refusal::<dyn hosts::defaulted::Skew>();
    assert!(text.ends_with(PLUGIN_OLDER) && text.contains("weigh"), "the default would hide it: {text}");
}

#[test]
fn a_host_that_is_older_is_told_to_update() {
    let text = refusal::<dyn hosts::old::Skew>();
    let expected =
        "  host is older (0.9.0, plugin 1.0.0): update the host, or use a plugin built against test.skew 0.x";
    assert_eq!(text.lines().last(), Some(expected), "{text}");
}

#[test]
fn two_contracts_of_one_version_that_differ_are_told_as_what_they_are() {
    let text = refusal::<dyn hosts::same_version::Skew>();
    let expected = "  both say 1.0.0, yet they differ: the contract changed without a new version; \
                    rebuild both against one plugin-tests";
    assert_eq!(text.lines().last(), Some(expected), "{text}");
}
