//! A contract that is built on others, in C: its header has the methods of all, and so do objects that cross.

use std::fs;

use plugin_contracts::plugin_contract;
use plugin_host::Plugin;
use plugin_tests::compiler::{Compiler, Language};
use plugin_tests::fixture;

use super::hosts::host;
use super::{build, header};

/// What has a number.
#[plugin_contract(id = "test.numbered", version = "1.0.0", unlocked)]
pub trait Numbered: Send + Sync {
    /// It.
    fn number(&self) -> u64;
    /// Two of it.
    fn twice(&self) -> u64 {
        2 * self.number()
    }
}

/// What adds to its number.
#[plugin_contract(id = "test.adder", version = "1.0.0", unlocked)]
pub trait Adder: Numbered {
    /// It, and this.
    fn add(&mut self, more: u64) -> u64;
    /// All that another one says.
    fn ask(&self, other: &dyn Adder) -> u64;
    /// Another one.
    fn another(&self, number: u64) -> Box<dyn Adder>;
}

struct Ours(u64);

impl Numbered for Ours {
    fn number(&self) -> u64 {
        self.0
    }
}

impl Adder for Ours {
    fn add(&mut self, more: u64) -> u64 {
        self.0 += more;
        self.0
    }

    fn ask(&self, other: &dyn Adder) -> u64 {
        other.number()
    }

    fn another(&self, number: u64) -> Box<dyn Adder> {
        Box::new(Self(number))
    }
}

#[test]
fn a_plugin_in_c_implements_what_its_contract_is_built_on() {
    for compiler in Compiler::all_of(Language::C, "contracts that are built on others") {
        let built = build(compiler, "adder.c", &[("test_adder.h", &header::<dyn Adder>())]);
        let built = built.unwrap_or_else(|said| panic!("{}: {said}", compiler.name));
        // SAFETY: the file was built by this test.
        let mut adder = unsafe { Plugin::<dyn Adder>::load(&built.library) }.unwrap();
        assert_eq!((adder.number(), adder.add(5), adder.number()), (1, 6, 6));
        assert_eq!(adder.twice(), 60, "C has its own");
        let numbered: &dyn Numbered = &*adder;
        assert_eq!(numbered.number(), 6);
        assert_eq!(adder.ask(&Ours(7)), 7 + 14, "the number of an object of ours, and its default");
        let mut another = adder.another(8);
        assert_eq!((another.number(), another.add(1), another.twice()), (8, 9, 90));
        assert_eq!(adder.ask(&*another), 9 + 90);
    }
}

#[test]
fn a_host_in_c_calls_what_a_plugin_in_rust_is_built_on() {
    let Some(compiler) = Compiler::any(Language::C, "hosts in c") else { return };
    let plugin = fixture("built");
    let header = header::<dyn super::built::Bomb>();
    let (_directory, mut command) = host(compiler, "bomber.c", "fixture_bomb.h", &header);
    let output = command.arg(&plugin).env_remove("RUST_BACKTRACE").output().unwrap();
    let said =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    assert!(said.contains("armed 1"), "{said}");
    assert!(said.contains("explode: board explodes"), "{said}");
}

#[test]
fn what_a_base_demands_c_does_not_compile_without() {
    let Some(compiler) = Compiler::any(Language::C, "contracts that are built on others") else { return };
    let directory = tempfile::tempdir().unwrap();
    let source = fs::read_to_string(plugin_tests::root().join("tests/tests/c/sources/adder.c")).unwrap();
    let without = source.replace("adder_number(", "adder_count(");
    assert_ne!(without, source);
    let path = directory.path().join("adder.c");
    fs::write(&path, without).unwrap();
    fs::write(directory.path().join("test_adder.h"), header::<dyn Adder>()).unwrap();
    let said = compiler.library(&path, directory.path(), &directory.path().join("libadder.so")).unwrap_err();
    assert!(said.contains("adder_number"), "{said}");
}
