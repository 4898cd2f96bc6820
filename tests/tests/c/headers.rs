//! The headers themselves: compiled by every compiler that is here, warnings as errors; one of them word for word.

use std::fmt::Write as _;
use std::fs;

use plugin_abi::note::{Record, decode};
use plugin_contracts::{BoxStream, PluginType, plugin_contract};
use plugin_host::Contract;
use plugin_tests::compiler::{Compiler, Language};
use plugin_tests::elf::Library;
use store_contract::Store;

use super::echo::Echo;
use super::objects::{Session, Workshop};
use super::plain::Samples;
use super::pour::Pour;
use super::waiting::Waiting;
use super::{build, header};

/// As the header calls its own.
#[derive(Debug, PluginType)]
pub enum Status {
    /// A macro has this name.
    Ok,
    /// Keywords.
    Default {
        /// In C.
        int: u8,
        /// In C++.
        class: String,
        /// Of the function that makes it.
        made: u8,
    },
}

/// As what crosses is called.
#[derive(Debug, PluginType)]
pub struct Answer {
    /// And how it is made.
    pub ended: Status,
}

/// As a vector of bytes is called.
#[derive(Debug, PluginType)]
pub struct Bytes {
    /// Of the header's functions.
    pub out: Vec<u8>,
    /// Letters that not every compiler takes.
    pub größe: u64,
}

/// As the constants of a variant begin.
#[derive(Debug, PluginType)]
#[plugin(open)]
pub enum StatusOk {
    /// And end.
    Default(String),
    /// Others.
    Unknown(u32),
}

/// What lies behind pointers only, and has nothing in it.
#[derive(Debug, PluginType)]
#[plugin(sized)]
pub struct Plugin {}

/// A generic type, whose instances are named after what they are made of.
#[derive(Debug, PluginType)]
pub struct Sheet<T> {
    /// Several.
    pub items: Vec<T>,
    /// One.
    pub either: Result<T, u8>,
}

/// As one of them is called.
#[derive(Debug, PluginType)]
pub struct SheetBytes {
    /// A number.
    pub number: u8,
}

/// An object whose name is a type's, with methods that are called as what is done with it.
#[plugin_contract(id = "test.object", version = "1.0.0", unlocked)]
#[allow(missing_docs, reason = "the names are the point")]
pub trait Sink: Send + Sync {
    fn drop(&self, object: u8, method: u8, scope_: u8) -> Box<dyn Sink>;
    fn object(&self) -> u8;
    fn class(&self) -> &str;
    async fn next(&self) -> u8;
    async fn poll(&self) -> Result<(), ()>;
    fn fn_mut(&self, of: &mut dyn FnMut(u8)) -> Box<dyn FnOnce()>;
    fn call(&self) -> Box<dyn Iterator<Item = Box<dyn Sink>> + '_>;
}

/// Names that meet.
#[plugin_contract(id = "test.names", version = "1.0.0", unlocked)]
#[allow(missing_docs, clippy::too_many_arguments, reason = "the names are the point")]
pub trait Names: Send + Sync {
    fn open(&self, name: &str, version: &str, prefix: &str, function: u8, error: u8) -> Status;
    fn close(&self, out: u8, plugin: u8, object: u8, context: u8, why: u8, call: u8) -> Bytes;
    fn get(&mut self, auto: u8, register: u8, this: u8, template: u8) -> Result<Vec<Bytes>, ()>;
    fn get_ok(&self, status: Status) -> Option<StatusOk>;
    fn create(&self) -> Vec<Plugin>;
    fn ended(&self, shim: Answer) -> Answer;
    fn create_shim(&self);
    fn destroy(&self, value: Box<Plugin>) -> Box<()>;
    fn delete(&self);
    fn status(&self) -> [Bytes; 2];
    fn none(&self) -> (u8, ());
    fn plugin(&self, shimmed_: u8) -> Box<[Option<Status>; 3]>;
    fn sink_drop(&self, sink: &dyn Sink) -> Box<dyn Sink>;
    fn room(&self, sink: Vec<Box<dyn Sink>>, out: plugin_contracts::Sink<'_>);
    fn future_u8(&self) -> BoxStream<'_, u8>;
    async fn iterator_u8(&self) -> Box<dyn Iterator<Item = ()> + '_>;
    fn sheets(&self, sheet: Sheet<Bytes>, other: SheetBytes) -> Sheet<Sheet<(u8, String)>>;
}

/// What is seen through references only.
#[derive(Debug, PluginType)]
#[allow(missing_docs, reason = "the shape is the point")]
pub struct Step {
    pub at: String,
    pub next: Vec<Step>,
}

/// The same, where its bytes lie.
#[derive(Debug, Clone, Copy, PluginType)]
#[plugin(plain)]
#[repr(C)]
#[allow(missing_docs, reason = "the shape is the point")]
pub struct Mark {
    pub x: u32,
    pub y: u32,
}

/// Closures that are lent what nothing else in the contract names.
#[plugin_contract(id = "test.walks", version = "1.0.0", unlocked)]
#[allow(missing_docs, reason = "the names are the point")]
pub trait Walks: Send + Sync {
    fn each(&self, seen: &mut dyn FnMut(&Step));
}

/// The same of what is changed.
#[plugin_contract(id = "test.changes", version = "1.0.0", unlocked)]
#[allow(missing_docs, reason = "the names are the point")]
pub trait Changes: Send + Sync {
    fn each(&self, seen: &mut dyn FnMut(&mut Step) -> bool);
}

/// The same of many at once.
#[plugin_contract(id = "test.marks", version = "1.0.0", unlocked)]
#[allow(missing_docs, reason = "the names are the point")]
pub trait Marks: Send + Sync {
    fn all(&self, seen: &dyn Fn(&[Mark]));
    fn changed(&self, seen: &dyn Fn(&mut [Mark]));
}

/// The same in other types, and where a closure is given back.
#[plugin_contract(id = "test.within", version = "1.0.0", unlocked)]
#[allow(missing_docs, clippy::type_complexity, reason = "the names are the point")]
pub trait Within: Send + Sync {
    fn maybe(&self, seen: &dyn Fn(Option<&Step>, &[Step]) -> Option<u8>);
    fn made(&self) -> Box<dyn Fn(&Step) -> Result<Box<Step>, Mark> + Send + Sync>;
    fn nested(&self, with: &dyn Fn(&dyn Fn(&Step), &(Mark, Option<String>)));
}

#[test]
fn what_only_closures_are_lent_is_declared() {
    let directory = tempfile::tempdir().unwrap();
    let headers = [
        ("test_walks", header::<dyn Walks>()),
        ("test_changes", header::<dyn Changes>()),
        ("test_marks", header::<dyn Marks>()),
        ("test_within", header::<dyn Within>()),
    ];
    for (name, header) in &headers {
        fs::write(directory.path().join(format!("{name}.h")), header).unwrap();
        let upper = name.to_uppercase();
        // As a plugin, and as a host of it.
        let plugin = format!(
            "#include \"{name}.h\"\n{upper}_PROTOTYPES(begin, end, it);\n\
             {upper}_PLUGIN(it, \"1.0.0\", begin, end, it);\n"
        );
        for text in [plugin, format!("#define {upper}_HOST\n#include \"{name}.h\"\nint it(void);\n")] {
            for compiler in Compiler::all("what closures are lent") {
                let source = directory.path().join(match compiler.language {
                    Language::C => "lent.c",
                    Language::Cpp => "lent.cpp",
                });
                fs::write(&source, &text).unwrap();
                assert_eq!(compiler.check(&source, directory.path()), Ok(()), "{}: {text}", compiler.name);
            }
        }
    }
}

#[test]
fn headers_compile_without_a_warning() {
    let directory = tempfile::tempdir().unwrap();
    let headers = [
        ("acme_store", header::<dyn Store>()),
        ("test_echo", header::<dyn Echo>()),
        ("fixture_samples", header::<dyn Samples>()),
        ("test_pour", header::<dyn Pour>()),
        ("fixture_workshop", header::<dyn Workshop>()),
        ("fixture_session", header::<dyn Session>()),
        ("fixture_waiting", header::<dyn Waiting>()),
    ];
    // All in one file, as a host of them has them, and twice, as headers are.
    let mut text = String::new();
    for (name, header) in &headers {
        fs::write(directory.path().join(format!("{name}.h")), header).unwrap();
        let _ = writeln!(text, "#define {}_HOST\n#include \"{name}.h\"", name.to_uppercase());
    }
    text += "#include \"acme_store.h\"\nint nothing(void);\nint nothing(void) { return 0; }\n";
    for compiler in Compiler::all("headers") {
        let source = directory.path().join(match compiler.language {
            Language::C => "headers.c",
            Language::Cpp => "headers.cpp",
        });
        fs::write(&source, &text).unwrap();
        let said = compiler.check(&source, directory.path());
        assert_eq!(said, Ok(()), "{}", compiler.name);
    }
}

#[test]
fn the_header_of_the_store() {
    insta::assert_snapshot!("acme_store.h", header::<dyn Store>());
}

#[test]
fn the_header_of_what_is_handed_over() {
    insta::assert_snapshot!("fixture_workshop.h", header::<dyn Workshop>());
}

#[test]
fn the_header_of_what_waits() {
    insta::assert_snapshot!("fixture_waiting.h", header::<dyn Waiting>());
}

#[test]
fn the_note_of_a_plugin_in_c_is_what_rustc_wrote_of_the_contract() {
    for compiler in Compiler::all_of(Language::C, "note") {
        let built = build(compiler, "mirror.c", &[("test_echo.h", &header::<dyn Echo>())]);
        let built = built.unwrap_or_else(|said| panic!("{}: {said}", compiler.name));
        let library = Library::read(&built.library);
        let found = decode(2, library.desc(library.export_note())).unwrap();
        let declared = Record::of_contract(<dyn Echo as Contract>::DESC);
        assert_eq!(found.types, declared.types, "{}", compiler.name);
        assert_eq!(found.contracts, declared.contracts, "{}", compiler.name);
        let own = [&found.package, &found.version, &found.symbol].map(String::as_str);
        assert_eq!(own, ["mirror", "1.0.0", "__plugin_mirror"], "{}", compiler.name);
        let compiled = found.toolchain.rustc.to_lowercase();
        let by = if compiler.name == "gcc" { "gcc " } else { "clang " };
        assert!(compiled.contains(by), "{}: {compiled}", compiler.name);
        assert_eq!(found.toolchain.pointer_width, 64);
        assert!(!found.toolchain.panic_abort && !found.toolchain.big_endian);
    }
}

#[test]
fn the_note_of_a_plugin_in_c_has_the_contracts_of_its_objects() {
    let Some(compiler) = Compiler::any(Language::C, "note of objects") else { return };
    for (source, name, header, declared) in [
        ("workshop.c", "fixture_workshop.h", header::<dyn Workshop>(), <dyn Workshop as Contract>::DESC),
        ("patient.c", "fixture_waiting.h", header::<dyn Waiting>(), <dyn Waiting as Contract>::DESC),
    ] {
        let built = build(compiler, source, &[(name, &header)]).unwrap();
        let library = Library::read(&built.library);
        let found = decode(2, library.desc(library.export_note())).unwrap();
        let declared = Record::of_contract(declared);
        assert_eq!(found.types, declared.types);
        assert_eq!(found.contracts, declared.contracts);
        let unlocked = |object: &plugin_abi::note::Contract| plugin_abi::note::Contract {
            locked: false,
            ..object.clone()
        };
        assert_eq!(found.objects, declared.objects.iter().map(unlocked).collect::<Vec<_>>());
    }
}

#[test]
fn a_type_that_c_has_no_form_for_is_named_with_its_method() {
    let mut record = Record::of_contract(<dyn Store as Contract>::DESC);
    let size = record.types.iter_mut().find(|ty| ty.name == "u64").expect("an entry has a size");
    size.name = "f16".to_owned();
    let refused =
        plugin_gen::text::c::header(&record, &record.contracts[0]).expect_err("there is no such number");
    let said: Vec<_> = refused.iter().map(ToString::to_string).collect();
    assert_eq!(said, ["`acme.store` scan: `f16` has no form in C yet"]);
}

#[test]
fn names_that_c_keeps_for_itself_and_names_that_meet_are_told_apart() {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("test_names.h"), header::<dyn Names>()).unwrap();
    let text = "#define TEST_NAMES_HOST\n#include \"test_names.h\"\n\
                TEST_NAMES_PROTOTYPES(begin, end, it);\nTEST_NAMES_PLUGIN(names, \"1.0.0\", begin, end, it);\n";
    for compiler in Compiler::all("names") {
        let source = directory.path().join(match compiler.language {
            Language::C => "names.c",
            Language::Cpp => "names.cpp",
        });
        fs::write(&source, text).unwrap();
        assert_eq!(compiler.check(&source, directory.path()), Ok(()), "{}", compiler.name);
    }
}
