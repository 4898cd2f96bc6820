//! What is handed over and called, by plugins in C: objects, closures, sinks, plain data, iterators, futures, streams. They are
//! held to what the plugins in Rust are held to.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::{env, fs};

use plugin_abi::describe::Waiting as Waits;
use plugin_abi::note::{Record, TypeIndex};
use plugin_contracts::Sink;
use plugin_host::{Contract, Plugin};
use plugin_tests::compiler::{Compiler, Language};
use plugin_tests::{child, fixture, root};

use super::objects::Workshop;
use super::plain::Samples;
use super::pour::Pour;
use super::waiting::Waiting;
use super::{Built, build, build_all, header, hosts};
use super::{objects_same as shop, plain_same, waiting_same as patient};

/// Names the plugin for the child.
const PATH_VAR: &str = "PLUGIN_TESTS_PATH";

/// A source of this contract, by this compiler.
#[track_caller]
fn built<C: ?Sized + Contract>(compiler: Compiler, source: &str) -> Built {
    let name = plugin_gen::text::c::file_name(C::DESC.id) + ".h";
    build(compiler, source, &[(&name, &header::<C>())])
        .unwrap_or_else(|said| panic!("{}: {said}", compiler.name))
}

/// The same, by every compiler of C that is here.
#[track_caller]
pub(super) fn all<C: ?Sized + Contract>(source: &'static str) -> impl Iterator<Item = Built> {
    Compiler::all_of(Language::C, source).into_iter().map(move |compiler| built::<C>(compiler, source))
}

#[track_caller]
pub(super) fn loaded<C: ?Sized + Contract>(library: &Path) -> Plugin<C> {
    // SAFETY: the file was built by these tests.
    unsafe { Plugin::load(library) }.unwrap()
}

#[test]
fn plain_data_is_shared_in_place() {
    for built in all::<dyn Samples>("samples.c") {
        plain_same::it_is_shared_in_place_and_moved_as_it_is(loaded(&built.library));
    }
}

fn poured(library: &Path) {
    let plugin = loaded::<dyn Pour>(library);
    for pieces in [1, 3, 50] {
        let mut bytes = vec![1];
        assert_eq!(plugin.pour(&[7; 500], pieces, Sink::new(&mut bytes)), 501);
        assert_eq!(bytes, [&[1][..], &[7; 500]].concat());
    }
    let mut bytes = Vec::with_capacity(100);
    let place = bytes.as_ptr();
    assert_eq!(plugin.pour(&[7; 100], 3, Sink::new(&mut bytes)), 100);
    assert_eq!(bytes.as_ptr(), place, "memory that is large enough stays where it is");
    let (mut first, mut second) = (b"a".to_vec(), Vec::new());
    plugin.pour_both((&mut first).into(), "bc", (&mut second).into());
    assert_eq!((&*first, &*second), (&b"abc"[..], &b"abc"[..]));
}

#[test]
fn sinks_are_written_to() {
    for built in all::<dyn Pour>("pour.c") {
        poured(&built.library);
    }
}

/// Everything that holds of a workshop.
fn works(library: &Path) {
    let checks: [fn(Plugin<dyn Workshop>); 9] = [
        shop::sessions_are_handed_out_and_dropped_where_they_were_made,
        shop::a_session_outlives_the_plugin_that_opened_it,
        shop::objects_of_the_host_are_lent_and_given,
        shop::paths_are_lent_both_ways,
        shop::a_service_is_kept_as_long_as_the_plugin_wants_it,
        shop::an_object_that_panics_is_a_fault_of_its_own,
        shop::closures_are_called_and_dropped,
        shop::a_closure_is_lent_what_the_other_side_has,
        shop::a_closure_that_panics_ends_the_call_and_not_the_process,
    ];
    for check in checks {
        check(loaded(library));
    }
}

#[test]
fn objects_and_closures_are_handed_to_and_fro() {
    let header = ("fixture_workshop.h", &*header::<dyn Workshop>());
    for (_, built) in build_all(["workshop.c", "workshop.cpp"], &[header]) {
        works(&built.library);
    }
}

#[test]
fn what_a_closure_in_cpp_throws_is_a_panic_and_nothing_may_be_thrown_out_of_it() {
    let header = header::<dyn Workshop>();
    let text = fs::read_to_string(root().join("tests/tests/c/sources/workshop.cpp")).unwrap();
    let may_throw = text.replacen("_out *) noexcept {", "_out *) {", 1);
    assert_ne!(text, may_throw);
    for compiler in Compiler::all_of(Language::Cpp, "closures") {
        let built = build(compiler, "workshop.cpp", &[("fixture_workshop.h", &header)]).unwrap();
        let adder = loaded::<dyn Workshop>(&built.library).adder(5);
        assert_eq!(adder(1), 6);
        let threw = catch_unwind(AssertUnwindSafe(|| adder(u64::MAX))).unwrap_err();
        let said = threw.downcast::<String>().expect("a fault is a text");
        assert!(said.contains("panicked: it does not fit"), "{said}");

        let directory = tempfile::tempdir().unwrap();
        let source = directory.path().join("may_throw.cpp");
        fs::write(&source, &may_throw).unwrap();
        fs::write(directory.path().join("fixture_workshop.h"), &header).unwrap();
        let said = compiler.library(&source, directory.path(), &directory.path().join("it.so"));
        assert!(said.is_err_and(|said| said.contains("noexcept")), "{}", compiler.name);
    }
}

/// The header of a contract that drifted.
#[track_caller]
fn drifted<C: ?Sized + Contract>(drift: impl FnOnce(&mut Record)) -> String {
    let mut record = Record::of_contract(C::DESC);
    drift(&mut record);
    plugin_gen::text::c::header(&record, &record.contracts[0]).expect("C has a form for all of it")
}

fn type_of(record: &Record, shown: &str) -> TypeIndex {
    let mut all = (0..).map(TypeIndex).take(record.types.len());
    all.find(|at| record.show(*at).to_string() == shown).expect("there is such a type")
}

#[test]
fn a_plugin_whose_objects_drifted_does_not_compile() {
    let method = drifted::<dyn Workshop>(|record| {
        let number = type_of(record, "u64");
        let session = record.objects.iter_mut().find(|object| object.name == "Session").unwrap();
        session.methods[0].args[0].ty = number;
        session.methods[0].signature = "fn add(&mut self, line: u64) -> u64".to_owned();
    });
    let closure = drifted::<dyn Workshop>(|record| {
        let (function, text) = (type_of(record, "dyn Fn(u64) -> u64"), type_of(record, "&str"));
        record.types[function.0 as usize].members[0].ty = text;
    });
    let sync = drifted::<dyn Waiting>(|record| record.contracts[0].methods[0].waiting = Waits::Blocks);
    let item = drifted::<dyn Waiting>(|record| {
        let (names, bytes) = (type_of(record, "Box<dyn Iterator<Item = String>>"), type_of(record, "u64"));
        record.types[names.0 as usize].members[0].ty = bytes;
    });
    for compiler in Compiler::all("what is handed over drifted") {
        let (source, message) = match compiler.language {
            Language::C => {
                ("workshop.c", "lines_add is not what the contract asks for: fn add(&mut self, line: u64)")
            }
            Language::Cpp => ("workshop.cpp", "add"),
        };
        let said = |source: &str, name: &str, header: &str| match build(compiler, source, &[(name, header)]) {
            Ok(_) => panic!("{} compiles what drifted", compiler.name),
            Err(said) => said,
        };
        let method = said(source, "fixture_workshop.h", &method);
        assert!(method.contains(message), "{}: {method}", compiler.name);
        let closure = said(source, "fixture_workshop.h", &closure);
        assert!(closure.contains("fixture_workshop_fn_u64_u64"), "{}: {closure}", compiler.name);
        if compiler.language == Language::C {
            assert!(said("patient.c", "fixture_waiting.h", &sync).contains("ready"));
            assert!(said("patient.c", "fixture_waiting.h", &item).contains("iterator_string"));
        }
    }
}

/// A host in C with this plugin: it looks by itself whether all is well.
#[track_caller]
pub(super) fn hosted<C: ?Sized + Contract>(source: &str, plugin: &Path) {
    let name = plugin_gen::text::c::file_name(C::DESC.id) + ".h";
    for compiler in Compiler::all_of(Language::C, source) {
        let (_directory, mut host) = hosts::host(compiler, source, &name, &header::<C>());
        host.arg(plugin);
        let watched = if compiler.name == "gcc" { child::under_valgrind(&host) } else { None };
        let output = watched.unwrap_or(host).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{}: {said}", compiler.name);
        assert_eq!(output.stdout, b"all well\n", "{}: {said}", compiler.name);
    }
}

#[test]
fn a_host_in_c_hands_objects_and_closures_to_a_plugin_in_rust() {
    hosted::<dyn Workshop>("shopper.c", &fixture("objects"));
}

#[test]
fn a_host_in_c_calls_no_method_of_another_signature() {
    let Some(compiler) = Compiler::any(Language::C, "a drifted host of objects") else { return };
    let header = drifted::<dyn Workshop>(|record| {
        let session = record.objects.iter_mut().find(|object| object.name == "Session").unwrap();
        session.methods.iter_mut().find(|method| method.name == "fork").unwrap().fingerprint.0 ^= 1;
    });
    let (_directory, mut host) = hosts::host(compiler, "shopper.c", "fixture_workshop.h", &header);
    let output = host.arg(fixture("objects")).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("fixture_workshop_call_session_fork"), "{said}");
}

#[test]
fn a_host_in_c_waits_for_a_plugin_in_rust() {
    hosted::<dyn Waiting>("poller.c", &fixture("waiting"));
}

/// Everything that holds of what waits.
fn waits(library: &Path) {
    patient::under_every_executor(|| loaded(library));
    let checks: [fn(Plugin<dyn Waiting>); 6] = [
        patient::the_host_lends_its_runtime,
        patient::a_future_that_is_dropped_is_dropped_in_the_plugin,
        patient::items_come_one_by_one_and_what_is_left_is_dropped,
        patient::a_waker_may_fire_when_the_future_is_gone,
        patient::the_same_task_is_given_the_same_waker_again,
        patient::a_panic_in_a_poll_is_a_fault_and_poisons,
    ];
    for check in checks {
        check(loaded(library));
    }
}

#[test]
fn futures_iterators_and_streams_are_waited_for() {
    for built in all::<dyn Waiting>("patient.c") {
        waits(&built.library);
    }
}

/// Runs a child of this file under valgrind, with a plugin.
pub(super) fn watched<C: ?Sized + Contract>(source: &str, test: &str) {
    let Some(compiler) = Compiler::any(Language::C, "handed over under valgrind") else { return };
    let built = built::<C>(compiler, source);
    let child = child::command(test);
    if let Some(mut valgrind) = child::under_valgrind(&child) {
        let _ = child::run(valgrind.env(PATH_VAR, &built.library));
    }
}

pub(super) fn given() -> Option<PathBuf> {
    env::var_os(PATH_VAR).map(PathBuf::from)
}

#[test]
fn nothing_is_lost_of_sinks() {
    watched::<dyn Pour>("pour.c", "handed::child_pours");
}

#[test]
#[ignore = "a child of `nothing_is_lost_of_sinks`"]
fn child_pours() {
    if let Some(library) = given() {
        poured(&library);
    }
}

#[test]
fn nothing_is_lost_of_objects_and_closures() {
    watched::<dyn Workshop>("workshop.c", "handed::child_works");
}

#[test]
#[ignore = "a child of `nothing_is_lost_of_objects_and_closures`"]
fn child_works() {
    if let Some(library) = given() {
        works(&library);
    }
}

#[test]
fn nothing_is_lost_of_what_waits() {
    watched::<dyn Waiting>("patient.c", "handed::child_waits");
}

#[test]
#[ignore = "a child of `nothing_is_lost_of_what_waits`"]
fn child_waits() {
    if let Some(library) = given() {
        waits(&library);
    }
}
