//! Values that are lent, and values that are changed, through C: the same of a plugin in Rust and of one in C; and a host in C.

use std::cell::RefCell;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};

use plugin_host::Plugin;
use plugin_tests::compiler::{Compiler, Language};
use plugin_tests::fixture;

use super::echo::Mirror;
use super::handed::{all, given, hosted, loaded, watched};
use super::header;
use super::ledger::{Entry, Ledger, Note};
use super::values::Catalogue;

fn entry(name: &str, amounts: &[u32], words: &[&str]) -> Entry {
    let words = words.iter().map(|words| Note::Words((*words).to_owned()));
    let notes = words.chain([Note::None]).collect();
    Entry { name: name.to_owned(), amounts: amounts.to_vec(), notes }
}

/// Everything that holds of a ledger.
fn is_lent_and_changes(ledger: &Plugin<dyn Ledger>) {
    let tea = entry("tea", &[3, 4], &["green", "ß"]);
    assert_eq!(ledger.total(&tea), 7);
    assert_eq!(ledger.wordiest(&[]), None);
    let all = [tea.clone(), entry("bread", &[], &[]), entry("books", &[90], &["too many of them"])];
    assert_eq!(ledger.wordiest(&all).as_deref(), Some("books"));
    assert_eq!((ledger.label(Some(&tea)), ledger.label(None)), ("tea".to_owned(), "nothing".to_owned()));
    assert_eq!(ledger.join(&["a".to_owned(), "b".to_owned(), String::new()], &["-", "+"]), "a-b+");
    assert_eq!(ledger.join(&[], &["-"]), "");
    assert_eq!(all[0], tea, "it stays what it was");

    let mut text = String::new();
    assert_eq!((ledger.append(&mut text, ""), &*text), (0, ""));
    assert_eq!((ledger.append(&mut text, "milk"), &*text), (4, "milk"));
    assert_eq!((ledger.append(&mut text, " and ß"), &*text), (11, "milk and ß"));
    let mut sum = 1;
    ledger.add(&tea, &mut sum);
    ledger.add(&all[1], &mut sum);
    assert_eq!(sum, 8);
    let mut other = tea.clone();
    assert_eq!(ledger.rename(&mut other, "coffee".to_owned()), "tea");
    assert_eq!(other, Entry { name: "coffee".to_owned(), ..tea.clone() });

    let seen = RefCell::new(Vec::new());
    let likes = |entry: &Entry| {
        seen.borrow_mut().push(entry.clone());
        !entry.amounts.is_empty()
    };
    assert_eq!(ledger.count(&all, &likes), 2);
    assert_eq!(*seen.borrow(), all);
    let edited = ledger.edit(tea.clone(), &mut |entry| entry.amounts.push(1000));
    assert_eq!(edited, entry("tea", &[3, 4, 1000], &["green", "ß"]));
    assert_eq!(ledger.edit(tea.clone(), &mut |_| {}), tea);
}

/// The same, and what is left of what is lent to whom panics.
fn keeps_books(load: impl Fn() -> Plugin<dyn Ledger>) {
    is_lent_and_changes(&load());
    let tea = entry("tea", &[3, 4], &["green"]);
    let ledger = load();
    let mut spoilt = tea.clone();
    catch_unwind(AssertUnwindSafe(|| ledger.spoil(&mut spoilt))).unwrap_err();
    assert_eq!(spoilt, Entry { name: "spoilt".to_owned(), ..tea.clone() });
    let ledger = load();
    let edits = |entry: &mut Entry| {
        entry.name.clear();
        panic!("no more");
    };
    catch_unwind(AssertUnwindSafe(|| ledger.edit(tea.clone(), &mut { edits }))).unwrap_err();
    catch_unwind(AssertUnwindSafe(|| ledger.count(std::slice::from_ref(&tea), &|_| panic!("none"))))
        .unwrap_err();
}

#[test]
fn values_are_lent_and_changed() {
    keeps_books(|| Plugin::linked(Mirror));
    keeps_books(|| loaded(&fixture("echo")));
    for built in all::<dyn Ledger>("ledger.c") {
        keeps_books(|| loaded(&built.library));
    }
}

#[test]
fn nothing_is_lost_of_what_is_lent() {
    watched::<dyn Ledger>("ledger.c", "lending::child_keeps_books");
}

#[test]
#[ignore = "a child of `nothing_is_lost_of_what_is_lent`"]
fn child_keeps_books() {
    if let Some(library) = given() {
        keeps_books(|| loaded(&library));
    }
}

#[test]
fn a_host_in_c_lends_to_a_plugin_in_rust() {
    hosted::<dyn Ledger>("bookkeeper.c", &fixture("echo"));
}

#[test]
fn whatever_can_be_lent_has_a_form() {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("fixture_catalogue.h"), header::<dyn Catalogue>()).unwrap();
    let text = "#define FIXTURE_CATALOGUE_HOST\n#include \"fixture_catalogue.h\"\n\
                FIXTURE_CATALOGUE_PROTOTYPES(begin, end, it);\nFIXTURE_CATALOGUE_PLUGIN(it, \"1.0.0\", begin, end, it);\n";
    for compiler in Compiler::all("all that is lent") {
        let source = directory.path().join(match compiler.language {
            Language::C => "lent.c",
            Language::Cpp => "lent.cpp",
        });
        fs::write(&source, text).unwrap();
        assert_eq!(compiler.check(&source, directory.path()), Ok(()), "{}", compiler.name);
    }
}
