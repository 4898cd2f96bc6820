//! Every rule that tokens can prove: an error on the word that changed, with was, is and what to do.

use plugin_tests::package::{rendered, underlined};

use super::{MEMORY, SOURCE, edited, edited_text, under_lock};

/// Changes the contract at one place and asks for one error: this code, on these words, saying all of this.
#[track_caller]
fn drifts(from: &str, to: &str, code: &str, at: &str, says: &[&str]) {
    let said = under_lock(&edited(from, to));
    let [error] = said.as_slice() else { panic!("not one error but {}:\n{}", said.len(), rendered(&said)) };
    assert!(
        error.message.contains(&format!("contract drift [{code}], `acme.store` 1.1.0:")),
        "{}",
        error.message
    );
    assert!(error.message.contains("\nhelp: "), "nothing says what to do: {}", error.message);
    for text in says {
        assert!(error.message.contains(text), "`{text}` is not said: {}", error.message);
    }
    assert_eq!(underlined(error), at, "{}", rendered(&said));
}

#[test]
fn what_was_promised_compiles() {
    let said = under_lock(SOURCE);
    assert!(said.is_empty(), "{}", rendered(&said));
}

#[test]
fn a_removed_method_is_named_with_its_signature() {
    drifts(
        "    fn size(&self, deep: bool) -> u64;\n",
        "",
        "PC001",
        "Store",
        &["`fn size(&self, deep: bool) -> u64`"],
    );
}

#[test]
fn a_required_method_that_a_cfg_hides_is_removed_where_it_is_off() {
    drifts(
        "    fn clear(&self);",
        "    #[cfg(test)]\n    fn clear(&self);",
        "PC001",
        "Store",
        &["method `clear` is not compiled here: its `#[cfg]` is off", "`fn clear(&self)`"],
    );
}

#[test]
fn a_required_method_that_was_added_is_underlined() {
    drifts(
        "    fn clear(&self);",
        "    fn clear(&self);\n    fn purge(&self);",
        "PC002",
        "purge",
        &["default body"],
    );
}

#[test]
fn a_changed_argument_is_underlined_at_its_type() {
    drifts(
        "value: &[u8]",
        "value: &[u16]",
        "PC003",
        "&[u16]",
        &["was `&[u8]`, is `&[u16]`", "`value` of `put`"],
    );
}

#[test]
fn a_changed_number_of_arguments_shows_both_lists() {
    drifts("deep: bool", "deep: bool, kind: u8", "PC004", "size", &["was `(bool)`, is `(bool, u8)`"]);
}

#[test]
fn a_changed_result_is_underlined_at_its_type() {
    drifts("deep: bool) -> u64", "deep: bool) -> u32", "PC005", "u32", &["was `u64`, is `u32`"]);
}

#[test]
fn a_result_that_was_added_is_underlined_at_its_type() {
    drifts("fn clear(&self)", "fn clear(&self) -> bool", "PC005", "bool", &["was `()`, is `bool`"]);
}

#[test]
fn a_result_that_is_gone_is_underlined_at_the_method() {
    drifts("deep: bool) -> u64", "deep: bool)", "PC005", "size", &["was `u64`, is `()`"]);
}

#[test]
fn a_changed_receiver_is_underlined() {
    drifts("size(&self", "size(&mut self", "PC006", "&mut self", &["was `&self`, is `&mut self`"]);
}

#[test]
fn changed_thread_bounds_are_one_error_however_many_methods_there_are() {
    drifts("Store: Send + Sync", "Store: Send", "PC009", "Send", &["was `Send + Sync`, is `Send`"]);
}

#[test]
fn a_default_body_that_is_gone_is_underlined_at_the_method() {
    drifts(
        "count(&self) -> u64 {\n        0\n    }",
        "count(&self) -> u64;",
        "PC012",
        "count",
        &["that lack the method"],
    );
}

#[test]
fn a_change_beside_a_derived_type_is_underlined_at_the_whole_type() {
    // `StoreError` could be an alias: the words accuse, and rustc has the last word.
    let (from, to) = ("-> Result<Vec<u8>, StoreError>", "-> Result<Vec<u16>, StoreError>");
    let is = "was `Result<Vec<u8>, StoreError>`, is `Result<Vec<u16>, StoreError>`";
    drifts(from, to, "PC005", "Result<Vec<u16>, StoreError>", &[is]);
}

#[test]
fn a_method_of_one_platform_is_compared_where_it_is_compiled() {
    // What the other platform's says is no drift here: `store.rs` holds both.
    drifts("wait: bool", "wait: u8", "PC003", "u8", &["was `bool`, is `u8`"]);
}

#[test]
fn a_required_method_of_one_platform_is_refused_there() {
    let (from, to) = ("    fn clear(&self);", "    fn clear(&self);\n    #[cfg(unix)]\n    fn purge(&self);");
    drifts(from, to, "PC002", "purge", &["default body"]);
}

#[test]
fn a_default_body_of_one_platform_that_is_gone_is_refused_there() {
    drifts(
        "spare(&self) -> u64 {\n        1\n    }",
        "spare(&self) -> u64;",
        "PC012",
        "spare",
        &["that lack the method"],
    );
}

#[test]
fn two_drifts_are_two_errors_of_one_run() {
    let once = edited("value: &[u8]", "value: &[u16]");
    let twice = edited_text(&once, "    fn size(&self, deep: bool) -> u64;\n", "");
    let said = under_lock(&twice);
    let codes =
        ["PC001", "PC003"].map(|code| said.iter().filter(|error| error.message.contains(code)).count());
    assert_eq!((said.len(), codes), (2, [1, 1]), "{}", rendered(&said));
}

#[test]
fn one_drift_does_not_become_an_error_wherever_the_contract_is_used() {
    let exports = "
        impl Memory {
            pub fn new(_: &plugin_contracts::PluginContext) -> Result<Self, String> { Ok(Self) }
        }

        plugin_contracts::export_plugin!(dyn Store => Memory::new);
    ";
    let said = under_lock(&(edited("value: &[u8]", "value: &[u16]") + MEMORY + exports));
    assert_eq!(said.len(), 1, "{}", rendered(&said));
    assert!(said[0].message.contains("PC003"));
}
