//! Plugins in C that return what no value is: each is refused by its host, with a fault that says what was wrong, and
//! without a byte read that should not be.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::env;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use plugin_contracts::{PluginFault, PluginType, plugin_contract};
use plugin_host::Plugin;
use plugin_tests::child;
use plugin_tests::compiler::{Compiler, Language};

use super::{build, header};

/// Names the plugin for the child.
const PATH_VAR: &str = "PLUGIN_TESTS_PATH";

/// What the host says of a call.
#[derive(Debug, Clone, PartialEq, PluginType)]
pub enum Fault {
    /// The fault's text.
    Said(String),
}

impl From<PluginFault> for Fault {
    fn from(fault: PluginFault) -> Self {
        Self::Said(fault.message)
    }
}

/// Without fields.
#[derive(Debug, Clone, PartialEq, PluginType)]
pub enum Level {
    /// 3
    Low = 3,
    /// 4
    High,
}

/// With fields.
#[derive(Debug, Clone, PartialEq, PluginType)]
pub enum Shape {
    /// Nothing.
    Empty,
    /// Something owned.
    Named(String),
}

/// It may grow.
#[derive(Debug, Clone, PartialEq, PluginType)]
#[plugin(open)]
pub enum Remark {
    /// One field.
    Text(String),
    /// What this side does not know.
    Unknown(u32),
}

/// It may grow.
#[derive(Debug, Clone, PartialEq, PluginType)]
#[plugin(sized)]
pub struct Options {
    /// Needed.
    pub name: String,
    /// Needed too.
    pub most: u32,
}

/// Everything that can be wrong.
#[plugin_contract(id = "test.hostile", version = "1.0.0", unlocked)]
#[allow(missing_docs, reason = "what is wrong is said by the number, in `hostile.c`")]
pub trait Hostile: Send + Sync {
    fn flag(&self) -> Result<bool, Fault>;
    fn letter(&self) -> Result<char, Fault>;
    fn level(&self) -> Result<Level, Fault>;
    fn shape(&self) -> Result<Shape, Fault>;
    fn maybe(&self) -> Result<Option<u8>, Fault>;
    fn tag(&self) -> Result<u8, Fault>;
    fn text(&self, how: u32) -> Result<String, Fault>;
    fn words(&self, how: u32) -> Result<Vec<u32>, Fault>;
    fn texts(&self) -> Result<Vec<String>, Fault>;
    fn map(&self) -> Result<BTreeMap<String, u32>, Fault>;
    fn hash_map(&self) -> Result<HashMap<u8, String>, Fault>;
    fn set(&self) -> Result<BTreeSet<String>, Fault>;
    fn boxed(&self, how: u32) -> Result<Box<u64>, Fault>;
    fn remark(&self, how: u32) -> Result<Remark, Fault>;
    fn options(&self, how: u32) -> Result<Options, Fault>;
    fn duration(&self) -> Result<Duration, Fault>;
    fn time(&self) -> Result<SystemTime, Fault>;
    fn address(&self) -> Result<IpAddr, Fault>;
    fn ended(&self, how: u32) -> Result<u8, Fault>;
}

/// What comes of a call on an object of its own: the first fault poisons it.
#[track_caller]
fn refused<T: std::fmt::Debug>(
    library: &Path,
    call: impl FnOnce(&dyn Hostile) -> Result<T, Fault>,
    expected: &str,
) {
    // SAFETY: the file was built by this test, and breaks no promise but those under test.
    let plugin = unsafe { Plugin::<dyn Hostile>::load(library) }.unwrap();
    match call(&*plugin) {
        Ok(value) => panic!("accepted: {value:?}"),
        Err(Fault::Said(text)) => assert_eq!(text, expected),
    }
}

fn each_is_refused(library: &Path) {
    let it = library;
    refused(it, |it| it.flag(), "a bool is 0 or 1, found 2");
    refused(it, |it| it.letter(), "55296 is no Unicode scalar value");
    refused(it, |it| it.level(), "`Level` has no variant with tag 5");
    refused(it, |it| it.shape(), "`Shape` has no variant with tag 2");
    refused(it, |it| it.maybe(), "`Option` has no variant with tag 2");
    refused(it, |it| it.tag(), "`Result` has no variant with tag 4294967295");

    const NULL: &str = "the pointer is null though the length is not 0";
    const MISALIGNED: &str = "the pointer is not aligned for its type";
    const TOO_LONG: &str = "the length is larger than memory or than its own capacity";
    refused(it, |it| it.text(0), "the text is not UTF-8");
    refused(it, |it| it.text(1), NULL);
    refused(it, |it| it.text(2), TOO_LONG);
    refused(it, |it| it.text(3), TOO_LONG);
    refused(it, |it| it.words(0), NULL);
    refused(it, |it| it.words(1), MISALIGNED);
    refused(it, |it| it.words(2), TOO_LONG);
    refused(it, |it| it.words(3), TOO_LONG);
    refused(it, |it| it.texts(), "the text is not UTF-8");
    refused(it, |it| it.map(), "a key of a `BTreeMap` came twice");
    refused(it, |it| it.hash_map(), "a key of a `HashMap` came twice");
    refused(it, |it| it.set(), "a key of a `BTreeSet` came twice");

    const CONTENT: &str = "a box that holds no field, or that nothing gives back";
    refused(it, |it| it.boxed(0), NULL_BOX);
    refused(it, |it| it.boxed(1), MISALIGNED);
    refused(it, |it| it.boxed(2), CONTENT);
    refused(it, |it| it.remark(0), "`Remark::Text` has 1 fields, found 2");
    refused(it, |it| it.remark(1), NULL_BOX);
    refused(it, |it| it.remark(2), CONTENT);
    refused(it, |it| it.remark(3), "`Remark::Text` has 1 fields, found 0");
    refused(it, |it| it.options(0), "`Options` has 2 fields, found 1");
    refused(it, |it| it.options(1), NULL_BOX);
    refused(it, |it| it.options(2), CONTENT);

    refused(it, |it| it.duration(), "nanoseconds are less than a second, found 1000000000");
    refused(it, |it| it.time(), "nanoseconds are less than a second, found 4294967295");
    refused(it, |it| it.address(), "`IpAddr` has no variant with tag 5");
    refused(it, |it| it.ended(4), "status 4");
    refused(it, |it| it.ended(3), "");
    refused(it, |it| it.ended(2), "a text that cannot be shown: the text is not UTF-8");
    refused(it, |it| it.ended(1), "it said no");
}

const NULL_BOX: &str = "the pointer is null though the length is not 0";

#[test]
fn what_no_value_is_is_refused_with_what_is_wrong() {
    for compiler in Compiler::all_of(Language::C, "hostile plugin") {
        let built = build(compiler, "hostile.c", &[("test_hostile.h", &header::<dyn Hostile>())]);
        each_is_refused(&built.unwrap_or_else(|said| panic!("{}: {said}", compiler.name)).library);
    }
}

#[test]
fn what_is_refused_is_not_read_and_what_was_sent_is_given_back() {
    let Some(compiler) = Compiler::any(Language::C, "hostile plugin under valgrind") else { return };
    let built = build(compiler, "hostile.c", &[("test_hostile.h", &header::<dyn Hostile>())]).unwrap();
    let child = child::command("hostile::child_is_sent_what_no_value_is");
    if let Some(mut valgrind) = child::under_valgrind(&child) {
        let _ = child::run(valgrind.env(PATH_VAR, &built.library));
    }
}

#[test]
#[ignore = "a child of `what_is_refused_is_not_read_and_what_was_sent_is_given_back`"]
fn child_is_sent_what_no_value_is() {
    if let Some(library) = env::var_os(PATH_VAR).map(PathBuf::from) {
        each_is_refused(&library);
    }
}
