//! What is no drift is not called one.

use plugin_tests::package::rendered;

use super::{SOURCE, edited, edited_text, package, promised, under_lock};

#[track_caller]
fn compiles(source: &str) {
    let said = under_lock(source);
    assert!(said.is_empty(), "{}", rendered(&said));
}

#[test]
fn an_argument_may_be_renamed() {
    compiles(&edited("value: &[u8]", "bytes: &[u8]"));
}

#[test]
fn methods_may_change_places() {
    let without = edited("    fn size(&self, deep: bool) -> u64;\n", "");
    let first = edited_text(&without, "    fn get(", "    fn size(&self, deep: bool) -> u64;\n    fn get(");
    compiles(&first);
}

#[test]
fn docs_and_attributes_may_be_added() {
    compiles(&edited("    fn size", "    /// How large it is.\n    #[must_use]\n    fn size"));
}

#[test]
fn a_method_with_a_default_body_may_be_added() {
    compiles(&edited(
        "    fn clear(&self);",
        "    fn clear(&self);\n    fn purge(&self) -> bool {\n        false\n    }",
    ));
}

#[test]
fn a_required_method_may_be_added_where_it_is_not_compiled() {
    compiles(&edited(
        "    fn clear(&self);",
        "    fn clear(&self);\n    #[cfg(windows)]\n    fn purge(&self);",
    ));
}

#[test]
fn a_method_may_be_there_on_one_platform_only() {
    // Binaries of two platforms never meet.
    compiles(&edited("    fn clear(&self);", "    #[cfg(windows)]\n    fn clear(&self);"));
}

#[test]
fn an_optional_method_may_be_hidden() {
    compiles(&edited("    #[since(\"1.1.0\")]\n", "    #[cfg(test)]\n    #[since(\"1.1.0\")]\n"));
}

#[test]
fn a_default_body_may_be_added_to_a_method() {
    compiles(&edited("deep: bool) -> u64;", "deep: bool) -> u64 {\n        u64::from(deep)\n    }"));
}

#[test]
fn types_of_std_may_be_written_with_their_path() {
    compiles(&edited("Result<Vec<u8>, StoreError>", "std::result::Result<std::vec::Vec<u8>, StoreError>"));
}

#[test]
fn an_alias_may_give_way_to_what_it_stood_for() {
    compiles(&edited("id: Id", "id: u32"));
}

#[test]
fn an_alias_may_take_the_place_of_what_it_stands_for() {
    // The words differ and may mean anything; rustc knows that they mean the same.
    let named = edited("value: &[u8]", "value: &[Byte]");
    compiles(&edited_text(&named, "pub type Id = u32;", "pub type Id = u32;\npub type Byte = u8;"));
}

#[test]
fn a_result_may_be_hidden_behind_an_alias_with_a_parameter() {
    let aliased = SOURCE.replace("Result<Vec<u8>, StoreError>;", "Answer<Vec<u8>>;");
    compiles(&(aliased + "pub type Answer<T> = Result<T, StoreError>;\n"));
}

#[test]
fn an_alias_may_have_the_name_of_a_type_of_std() {
    let aliased = edited("Result<u64, String>", "Result<u64>");
    compiles(&(aliased + "pub type Result<T, E = String> = std::result::Result<T, E>;\n"));
}

#[test]
fn a_unit_result_may_be_written() {
    compiles(&edited("fn clear(&self);", "fn clear(&self) -> ();"));
}

#[test]
fn a_contract_that_is_not_in_the_lock_compiles() {
    compiles(&edited("acme.store", "acme.shop"));
}

#[test]
fn an_unlocked_contract_is_not_compared() {
    let unlocked = edited("version = \"1.1.0\"", "version = \"1.1.0\", unlocked");
    compiles(&edited_text(&unlocked, "value: &[u8]", "value: &[u16]"));
}

#[test]
fn a_package_without_a_lock_compiles() {
    let package = package(&edited("value: &[u8]", "value: &[u16]"), &promised());
    std::fs::remove_file(package.directory().join("plugin-contract.lock")).expect("it was just written");
    let said = package.check();
    assert!(said.is_empty(), "{}", rendered(&said));
}

#[test]
fn the_command_line_can_describe_what_drifted() {
    let package = package(&edited("value: &[u8]", "value: &[u16]"), &promised());
    let mut cargo = package.cargo("check");
    cargo.env("PLUGIN_GEN_DESCRIBE", "1");
    let said = package.diagnostics(cargo);
    assert!(said.is_empty(), "{}", rendered(&said));
}
