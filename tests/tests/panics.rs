//! A panic never crosses: every way for a plugin to fail, and what the caller hears of it.

#[allow(missing_docs, reason = "documented where they are declared")]
#[path = "../fixtures/contracts/src/panicky.rs"]
pub mod panicky;

use std::os::unix::process::ExitStatusExt as _;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use panicky::{Account, How, Panicky, Trouble};
use plugin_host::{FaultKind, LoadError, Plugin, PluginFault};
use plugin_tests::{child, fixture};

const FILE: &str = "libpanicky.so";
const SIGABRT: i32 = 6;

fn try_load(config: &[(&str, &str)]) -> Result<Plugin<dyn Panicky>, LoadError> {
    let options = Plugin::<dyn Panicky>::options();
    let options = config.iter().fold(options, |options, (key, value)| options.config(*key, *value));
    // SAFETY: the file is built by this test.
    unsafe { options.load(fixture("panicky")) }
}

fn load() -> Plugin<dyn Panicky> {
    try_load(&[]).unwrap()
}

/// What a method without a typed error says when it panics on our side.
fn raised<T>(call: impl FnOnce() -> T) -> String {
    let payload = catch_unwind(AssertUnwindSafe(call)).err().expect("the call panics on the caller's side");
    *payload.downcast::<String>().expect("with a text")
}

fn account(result: Result<u32, Trouble>) -> Account {
    match result {
        Err(Trouble::Fault(account)) => account,
        other => panic!("expected a fault as an error, got {other:?}"),
    }
}

#[test]
fn a_panic_is_a_typed_error_where_the_signature_has_room_for_one() {
    let plugin = load();
    let Account { kind, plugin: name, method, message } = account(plugin.typed(How::Literal));
    assert_eq!((&*kind, &*name, &*method), ("Panicked", FILE, "typed"));
    assert!(message.starts_with("a literal, at ") && message.contains("src/lib.rs:"), "{message}");
}

#[test]
fn a_panic_is_a_panic_of_the_caller_where_it_has_none_and_names_plugin_and_method() {
    let plugin = load();
    let text = raised(|| plugin.bare(How::Formatted));
    assert!(
        text.starts_with("plugin libpanicky.so: `test.panicky` bare panicked: formatted 42, at "),
        "{text}"
    );
}

#[test]
fn an_error_of_the_plugins_own_is_no_fault_and_poisons_nothing() {
    let plugin = load();
    assert_eq!(plugin.refuse("because"), Err(Trouble::Refused("because".to_owned())));
    assert_eq!(plugin.typed(How::Not), Ok(1));
    assert_eq!(plugin.poison(), None);
}

#[test]
fn a_payload_that_is_not_text_is_said_to_be_none() {
    let message = account(load().typed(How::NotText)).message;
    assert!(message.starts_with("a panic whose payload is not text, at "), "{message}");
}

#[test]
fn a_payload_whose_destructor_panics_stays_on_the_plugins_side_and_keeps_its_place() {
    let plugin = load();
    let message = account(plugin.typed(How::DropPanics)).message;
    assert!(message.starts_with("a panic whose payload is not text, at "), "{message}");
    assert_eq!(account(plugin.typed(How::Not)).kind, "Poisoned", "and the process goes on");
}

#[test]
fn a_panic_past_the_hook_is_told_without_the_place_of_another() {
    assert_eq!(account(load().typed(How::Resumed)).message, "resumed");
}

#[test]
fn a_panicking_instance_is_poisoned_and_names_its_first_fault_from_then_on() {
    let plugin = load();
    let _ = plugin.typed(How::Literal);
    let second = account(plugin.typed(How::Not));
    assert_eq!((&*second.kind, &*second.method), ("Poisoned", "typed"));
    assert!(second.message.starts_with("`typed` failed before: a literal, at "), "{}", second.message);
    let third = raised(|| plugin.bare(How::Not));
    let expected = "plugin libpanicky.so: `test.panicky` bare was not called, the instance is poisoned: \
                    `typed` failed before: a literal, at ";
    assert!(third.starts_with(expected), "{third}");

    let first: &PluginFault = plugin.poison().expect("it is poisoned");
    assert_eq!((first.kind, first.method, first.contract), (FaultKind::Panicked, "typed", "test.panicky"));
    assert_eq!(load().typed(How::Not), Ok(1), "another instance of the same file is not");
    plugin.close().expect("a poisoned object can still be destroyed");
}

#[test]
fn a_method_with_exclusive_access_changes_the_object_and_poisons_it_like_any_other() {
    let mut plugin = load();
    assert_eq!(plugin.bump(2, How::Not), 2);
    assert_eq!(plugin.bump(3, How::Not), 5);
    let text = raised(|| plugin.bump(1, How::Literal));
    assert!(text.contains("bump panicked: a literal"), "{text}");
    assert!(raised(|| plugin.bump(1, How::Not)).contains("bump was not called"), "it was half way through");
}

#[test]
fn a_default_body_runs_in_the_plugin_and_calls_the_methods_of_the_object() {
    let plugin = load();
    assert_eq!(plugin.both(How::Not), Ok(3));
    // `both` is typed, so the panic of `bare` inside it comes as an error, under the name of what was called.
    assert_eq!(account(plugin.both(How::Literal)).method, "both");
}

#[test]
fn a_constructor_that_panics_is_a_load_error_with_its_text() {
    match try_load(&[("constructor", "panic")]) {
        Err(LoadError::ConstructorPanicked { plugin, message }) => {
            assert_eq!(plugin, FILE);
            assert!(message.starts_with("the constructor gave up, at "), "{message}");
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_constructor_that_refuses_is_a_load_error_with_its_words() {
    let error = try_load(&[("constructor", "refuse"), ("other", ""), ("other", "again")]).unwrap_err();
    assert!(matches!(error, LoadError::Constructor { .. }), "{error:?}");
    let expected = "libpanicky.so: the constructor refused: told to refuse, with 2 pairs of configuration";
    assert_eq!(error.to_string(), expected);
}

#[test]
fn close_says_that_a_destructor_panicked() {
    let fault = try_load(&[("drop", "panic")]).unwrap().close().unwrap_err();
    assert_eq!((fault.kind, fault.method), (FaultKind::Panicked, "drop"));
    let expected = "plugin libpanicky.so: `test.panicky` drop panicked: the destructor gave up, at ";
    assert!(fault.to_string().starts_with(expected), "{fault}");
    load().close().expect("and that another did not");
}

#[test]
fn dropping_prints_what_close_would_return_also_while_unwinding() {
    let stderr = child::run(&mut child::command("child_drops_twice"));
    let told =
        stderr.matches("plugin libpanicky.so: `test.panicky` drop panicked: the destructor gave up, at ");
    assert_eq!(told.count(), 2, "{stderr}");
}

#[test]
#[ignore = "a child of `dropping_prints_what_close_would_return_also_while_unwinding`"]
fn child_drops_twice() {
    drop(try_load(&[("drop", "panic")]).unwrap());
    let unwound = catch_unwind(|| {
        let _plugin = try_load(&[("drop", "panic")]).unwrap();
        // Not `panic!`: the host's own message would stand on the same stderr.
        resume_unwind(Box::new("the host's own"));
    });
    assert_eq!(unwound.unwrap_err().downcast_ref::<&str>(), Some(&"the host's own"));
}

#[test]
fn dropping_while_unwinding_does_not_abort_when_stderr_is_gone() {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let status =
        child::command("child_drops_twice").stderr(writer).stdout(std::process::Stdio::null()).status();
    let status = status.unwrap();
    assert!(status.success(), "{status}");
}

#[test]
fn stderr_stays_silent_about_panics_that_the_caller_hears_of() {
    let stderr = child::run(&mut child::command("child_hears_of_every_panic"));
    assert_eq!(stderr, "");
}

#[test]
#[ignore = "a child of `stderr_stays_silent_about_panics_that_the_caller_hears_of`"]
fn child_hears_of_every_panic() {
    // The constructor first: on a thread that has never called into a plugin.
    assert!(try_load(&[("constructor", "panic")]).is_err());
    for how in [How::Literal, How::Formatted, How::NotText, How::DropPanics, How::Resumed] {
        assert_eq!(account(load().typed(how)).kind, "Panicked");
    }
    let from_another_thread = std::thread::spawn(|| account(load().typed(How::Literal)).kind);
    assert_eq!(from_another_thread.join().unwrap(), "Panicked");
    assert!(try_load(&[("drop", "panic")]).unwrap().close().is_err());
}

#[test]
fn a_panic_out_of_a_method_that_is_nounwind_ends_the_process_and_says_what_it_was() {
    assert_eq!(load().sworn(How::Not), 3);
    let output = child::command("child_breaks_its_word").output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.signal(), Some(SIGABRT), "{stderr}");
    assert!(stderr.contains("panicked: a literal, at ") && stderr.contains("cannot unwind"), "{stderr}");
}

#[test]
#[ignore = "a child of `a_panic_out_of_a_method_that_is_nounwind_ends_the_process_and_says_what_it_was`"]
fn child_breaks_its_word() {
    load().sworn(How::Literal);
}

/// The same contract without the word: it says nothing of the signature.
mod unsworn {
    use super::panicky::How;

    #[plugin_contracts::plugin_contract(id = "test.panicky", version = "1.0.0", unlocked)]
    pub trait Panicky: Send + Sync {
        fn sworn(&self, how: How) -> u32;
        #[plugin(nounwind)]
        fn bare(&self, how: How) -> u32;
        fn total(&self, times: u64) -> u64;
        #[plugin(nounwind)]
        fn inverse(&self, of: u64) -> u64;
    }
}

#[test]
fn either_side_may_say_nounwind_and_the_plugins_word_counts() {
    // SAFETY: the file is built by this test.
    let plugin = unsafe { Plugin::<dyn unsworn::Panicky>::load(fixture("panicky")) }.unwrap();
    assert_eq!(plugin.sworn(How::Not), 3);
    assert_eq!((plugin.total(3), plugin.inverse(u64::MAX)), (0, 1), "numbers too");
    assert!(raised(|| plugin.inverse(0)).contains("inverse panicked: attempt to divide by zero"));
    // SAFETY: as above.
    let plugin = unsafe { Plugin::<dyn unsworn::Panicky>::load(fixture("panicky")) }.unwrap();
    assert!(raised(|| plugin.bare(How::Literal)).contains("bare panicked: a literal"), "it is caught there");
}

#[test]
fn a_method_of_numbers_that_is_nounwind_is_called_directly_and_not_once_its_object_is_broken() {
    let plugin = try_load(&[("total", "7")]).unwrap();
    assert_eq!(plugin.total(6), 42);
    plugin.typed(How::Literal).unwrap_err();
    let refused = raised(|| plugin.total(6));
    assert!(
        refused.contains("total was not called, the instance is poisoned: `typed` failed before"),
        "{refused}"
    );
}

#[test]
fn a_panic_out_of_a_method_that_is_called_directly_ends_the_process_too() {
    let output = child::command("child_counts_too_often").output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.signal(), Some(SIGABRT), "{stderr}");
    assert!(stderr.contains("too often") && stderr.contains("cannot unwind"), "{stderr}");
}

#[test]
#[ignore = "a child of `a_panic_out_of_a_method_that_is_called_directly_ends_the_process_too`"]
fn child_counts_too_often() {
    load().total(u64::MAX);
}

#[test]
fn a_panic_on_a_thread_of_the_plugins_own_is_printed_as_ever() {
    let stderr = child::run(&mut child::command("child_lets_the_plugin_panic_by_itself"));
    assert!(stderr.contains("panicked at ") && stderr.contains("nobody waits for this"), "{stderr}");
}

#[test]
#[ignore = "a child of `a_panic_on_a_thread_of_the_plugins_own_is_printed_as_ever`"]
fn child_lets_the_plugin_panic_by_itself() {
    let plugin = load();
    assert!(plugin.panic_on_own_thread("nobody waits for this"));
    assert_eq!(plugin.typed(How::Not), Ok(1), "and poisons nothing");
}
