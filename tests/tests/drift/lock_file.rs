//! A lock that nobody could have written is an error with a line, and one that changes is looked at again.

use plugin_tests::package::{rendered, underlined};

use super::{SOURCE, edited_text, package, promised};

/// Asks for one error that names this line and says this of it.
#[track_caller]
fn unreadable(lock: &str, line: usize, says: &str) {
    let said = package(SOURCE, lock).check();
    let [error] = said.as_slice() else { panic!("not one error but {}:\n{}", said.len(), rendered(&said)) };
    let start = format!("[PC204] plugin-contract.lock: line {line}: ");
    assert!(error.message.starts_with(&start), "not `{start}`: {}", error.message);
    assert!(error.message.contains(says), "`{says}` is not said: {}", error.message);
    assert!(error.message.contains("\nhelp: "), "{}", error.message);
    assert_eq!(underlined(error), "Store");
}

/// The line, counted from 1, that begins like this.
fn line_of(start: &str) -> usize {
    1 + promised().lines().position(|line| line.starts_with(start)).expect("the lock has such a line")
}

#[test]
fn a_half_merged_lock_names_the_marker() {
    let merged = edited_text(&promised(), "method.find = ", "<<<<<<< HEAD\nmethod.find = ");
    unreadable(&merged, line_of("method.find"), "conflict markers");
}

#[test]
fn lines_in_another_order_are_an_edit_by_hand() {
    let lock = promised();
    let mut lines: Vec<_> = lock.lines().collect();
    let at = line_of("method.find") - 1;
    lines.swap(at, at + 1);
    unreadable(&(lines.join("\n") + "\n"), at + 1, "edited by hand");
}

#[test]
fn line_ends_of_another_system_are_an_edit_by_hand() {
    unreadable(&promised().replace('\n', "\r\n"), 1, ".gitattributes");
}

#[test]
fn an_unknown_key_is_named() {
    let lock = edited_text(&promised(), "compat = ", "colour = \"red\"\ncompat = ");
    unreadable(&lock, line_of("compat"), "`colour` is unknown here");
}

#[test]
fn a_method_that_is_there_twice_is_an_edit_by_hand() {
    let line =
        promised().lines().find(|line| line.starts_with("method.find")).expect("it is there").to_owned();
    let lock = edited_text(&promised(), &line, &format!("{line}\n{line}"));
    unreadable(&lock, line_of("method.find") + 1, "edited by hand");
}

#[test]
fn a_newer_format_asks_for_a_newer_tool() {
    let said = package(SOURCE, &edited_text(&promised(), "lock = 1\n", "lock = 2\n")).check();
    let [error] = said.as_slice() else { panic!("{}", rendered(&said)) };
    assert!(error.message.contains("[PC204] plugin-contract.lock: format 2 is newer"), "{}", error.message);
    assert!(error.message.contains("help: update plugin-contracts"), "{}", error.message);
}

#[test]
fn an_older_format_says_how_to_write_it_anew() {
    let said = package(SOURCE, &edited_text(&promised(), "lock = 1\n", "lock = 0\n")).check();
    let [error] = said.as_slice() else { panic!("{}", rendered(&said)) };
    assert!(error.message.contains("[PC204] plugin-contract.lock: format 0 is older"), "{}", error.message);
    assert!(
        error.message.contains("help: remove it, then run `cargo plugin-gen accept`"),
        "{}",
        error.message
    );
}

#[test]
fn another_revision_of_the_binary_interface_is_one_error_that_names_both() {
    let said = package(SOURCE, &edited_text(&promised(), "abi = 3\n", "abi = 4\n")).check();
    let [error] = said.as_slice() else { panic!("{}", rendered(&said)) };
    assert!(error.message.contains("contract drift [PC202], `acme.store` 1.1.0:"), "{}", error.message);
    assert!(error.message.contains("was `4`, is `3`"), "{}", error.message);
    assert_eq!(underlined(error), "Store");
}

#[test]
fn a_lock_without_the_revision_is_refused() {
    unreadable(&edited_text(&promised(), "abi = 3\n", ""), 1, "`abi` is missing");
}

#[test]
fn methods_of_two_sides_of_a_merge_belong_to_neither() {
    // Every line is as it was written, and no side has them together.
    let merged: String = promised()
        .lines()
        .filter(|line| !line.starts_with("method.clear"))
        .map(|line| format!("{line}\n"))
        .collect();
    let said = package(SOURCE, &merged).check();
    let [error] = said.as_slice() else { panic!("{}", rendered(&said)) };
    assert!(
        error.message.contains("the fingerprint of `acme.store` is not that of its methods"),
        "{}",
        error.message
    );
}

#[test]
fn bytes_that_are_no_text_are_refused() {
    let package = package(SOURCE, "");
    std::fs::write(package.directory().join("plugin-contract.lock"), [0xff, 0xfe])
        .expect("it can be written");
    let said = package.check();
    assert!(said.len() == 1 && said[0].message.contains("[PC204]"), "{}", rendered(&said));
}

#[test]
fn a_signature_that_nobody_can_read_is_refused() {
    let lock = edited_text(&promised(), "fn find(&self, id: Id) -> bool", "fn find(&self, id Id) -> bool");
    let said = package(SOURCE, &lock).check();
    let [error] = said.as_slice() else { panic!("{}", rendered(&said)) };
    assert!(
        error.message.contains("[PC204]") && error.message.contains("fn find(&self, id Id)"),
        "{}",
        error.message
    );
    assert_eq!(underlined(error), "find");
}

#[test]
fn a_lock_that_changes_is_compared_again_though_no_source_did() {
    let package = package(SOURCE, &promised());
    assert!(package.check().is_empty(), "the lock promises what the source says");
    package
        .write("plugin-contract.lock", &edited_text(&promised(), "deep: bool) -> u64", "deep: bool) -> u32"));
    let said = package.check();
    assert!(said.len() == 1 && said[0].message.contains("was `u32`, is `u64`"), "{}", rendered(&said));
    package.write("plugin-contract.lock", &promised());
    assert!(package.check().is_empty(), "the lock is right again");
}
