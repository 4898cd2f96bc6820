//! Mocks as plugins: loaded by a host that knows nothing of them, programmed by the test.

mod command;
mod faults;
mod handshake;
#[path = "../../fixtures/rig/src/rig.rs"]
#[allow(unreachable_pub, reason = "the plugin that is built of it uses all of it")]
mod rig;
mod walk;

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use plugin_contracts::mock::{Sequence, always, eq};
use plugin_contracts::{PluginContext, Sink, plugin_impl};
use plugin_host::{LoadError, MockPlugin, Plugin};
use plugin_tests::mock::{self, Copy};
use rig::{Line, MockLine, MockRig, MockStill, Rig, RigError, Still};

/// A copy of the mock of `fixture.rig`, which is built once.
fn copy() -> Copy {
    static BUILT: OnceLock<Copy> = OnceLock::new();
    let built = BUILT.get_or_init(|| mock::rig("fixture.rig", &[]));
    built.another()
}

fn load(copy: &Copy) -> Plugin<dyn Rig> {
    // SAFETY: the file is built by this test.
    unsafe { Plugin::load(copy.path()) }.unwrap()
}

fn open(copy: &Copy) -> MockPlugin<dyn Rig> {
    // SAFETY: the file is built by this test.
    unsafe { MockPlugin::open(copy.path()) }.unwrap()
}

#[test]
fn a_host_that_knows_nothing_of_mocks_calls_the_tests_own() {
    let (copy, mut mock) = (copy(), MockRig::new());
    mock.expect_get().with(eq("k")).times(2).returning(|key| Ok(key.as_bytes().to_vec()));
    mock.expect_count().return_const(7_u64);
    let library = open(&copy);
    library.program(&mock);

    let plugin = load(&copy);
    assert_eq!(plugin.get("k"), Ok(b"k".to_vec()));
    assert_eq!(plugin.count(), 7);
    let missing = mock.verify().unwrap_err().to_string();
    assert!(missing.contains("expect_get") && missing.contains("called 1 of 2"), "{missing}");
    assert_eq!(plugin.get("k"), Ok(b"k".to_vec()));
    assert_eq!(mock.verify(), Ok(()));

    let calls = mock.get_calls();
    assert_eq!(calls[0].args, ("k".to_owned(),));
    assert_eq!(calls[0].result.as_deref(), Some(&Ok(b"k".to_vec())));
    plugin.close().unwrap();
}

#[test]
fn everything_that_crosses_crosses_twice() {
    let (copy, mut mock) = (copy(), MockRig::new());
    mock.expect_title().returning(|of| "x".repeat(usize::try_from(of).unwrap()));
    mock.expect_fast().with(eq(3)).return_const(9_u64);
    mock.expect_push().times(2).return_seq([1, 2]);
    mock.expect_name().return_const("a name");
    mock.expect_pour().returning(|mut out| {
        out.write(b"poured");
        true
    });
    mock.expect_each().returning(|seen| u64::from(seen("one")) + u64::from(seen("two")));
    mock.expect_line().returning(|| {
        let mut line = MockLine::new();
        line.expect_more().times(2).returning(|by| by + 1);
        Box::new(line)
    });
    mock.expect_wait().delay(Duration::from_millis(1)).returning(|key| Ok(key.len() as u64));
    let library = open(&copy);
    library.program(&mock);

    let mut plugin = load(&copy);
    assert_eq!(plugin.title(3), "xxx");
    assert_eq!(plugin.fast(3), 9);
    assert_eq!((plugin.push("a".to_owned()), plugin.push("b".to_owned())), (1, 2));
    assert_eq!(plugin.name(), "a name");
    let mut bytes = Vec::new();
    assert!(plugin.pour(Sink::new(&mut bytes)));
    assert_eq!(bytes, b"poured");
    let mut seen = Vec::new();
    let said = plugin.each(&mut |name| {
        seen.push(name.to_owned());
        name == "two"
    });
    assert_eq!((said, seen), (1, vec!["one".to_owned(), "two".to_owned()]));
    let mut line = plugin.line();
    assert_eq!((line.more(1), line.more(2)), (2, 3));
    assert_eq!(futures::executor::block_on(plugin.wait("four")), Ok(4));
    assert_eq!(mock.verify(), Ok(()));
}

#[test]
fn default_bodies_run_unless_they_are_expected() {
    let (copy, mut mock) = (copy(), MockRig::new());
    mock.expect_count().return_const(4_u64);
    let library = open(&copy);
    library.program(&mock);
    assert_eq!(load(&copy).twice(), 8);
    drop(library);

    let mut other = MockRig::new();
    other.expect_twice().return_const(1_u64);
    let library = open(&copy);
    library.program(&other);
    assert_eq!(load(&copy).twice(), 1);
}

#[test]
fn until_somebody_answers_each_call_is_a_fault_that_says_so() {
    let copy = copy();
    let plugin = load(&copy);
    let Err(RigError::Fault(said)) = plugin.get("k") else { panic!("nobody answers") };
    assert_eq!(
        said,
        "plugin libmock.so: `fixture.rig` get let a fault pass: this library is a mock of `fixture.rig`, and nobody answers for \
         it: let `MockPlugin::program` say who does, and keep what it is called on"
    );
    assert_eq!(plugin.poison(), None, "and it is not broken");

    let mut mock = MockRig::new();
    mock.expect_get().returning(|_| Ok(vec![1]));
    let library = open(&copy);
    library.program(&mock);
    assert_eq!(plugin.get("k"), Ok(vec![1]), "a plugin that was loaded before asks again");

    drop(library);
    assert!(matches!(plugin.get("k"), Err(RigError::Fault(said)) if said.contains("nobody answers")));
}

#[test]
fn another_mock_takes_over_where_the_plugin_stands() {
    let copy = copy();
    let library = open(&copy);
    let mut plugin = load(&copy);
    for phase in 1..=3_u64 {
        let mut mock = MockRig::new();
        mock.expect_count().return_const(phase);
        mock.expect_push().return_const(phase);
        library.program(&mock);
        assert_eq!((plugin.count(), plugin.push(String::new())), (phase, phase));
        assert_eq!(mock.verify(), Ok(()));
    }
}

#[test]
fn a_call_that_nobody_expects_is_written_down_and_passes_as_a_fault() {
    let (copy, mut mock) = (copy(), MockRig::new());
    mock.expect_get().with(eq("a")).returning(|_| Ok(vec![]));
    let library = open(&copy);
    library.program(&mock);
    let plugin = load(&copy);
    let Err(RigError::Fault(said)) = plugin.get("b") else { panic!("nobody expects it") };
    assert!(
        said.starts_with("plugin libmock.so: `fixture.rig` get let a fault pass: MockRig: unexpected call"),
        "{said}"
    );
    assert!(said.contains("call: get(key: \"b\")") && said.contains("got \"b\""), "{said}");
    assert_eq!(plugin.poison(), None);
    assert_eq!(plugin.get("a"), Ok(vec![]), "and what is expected is answered as ever");
    let report = mock.verify().unwrap_err().to_string();
    assert!(report.contains("MockRig: unexpected call"), "{report}");
    assert_eq!(mock.verify(), Ok(()), "it is told once");
}

#[test]
fn a_method_that_may_not_panic_ends_as_a_fault_too() {
    let (copy, mock) = (copy(), MockRig::new());
    let library = open(&copy);
    library.program(&mock);
    let plugin = load(&copy);
    let said = panic_of(|| plugin.fast(1));
    assert!(said.contains("`fixture.rig` fast let a fault pass: MockRig: unexpected call"), "{said}");
    assert!(mock.verify().is_err());
}

#[test]
fn a_mock_that_plugins_ask_is_not_told_more() {
    let (copy, mut mock) = (copy(), MockRig::new());
    let library = open(&copy);
    library.program(&mock);
    let said = panic_of(|| {
        mock.expect_count();
    });
    assert!(
        said.contains("`count` cannot be told anew while plugins hand their calls on to this mock"),
        "{said}"
    );
    drop(library);
    mock.expect_count().return_const(1_u64);
    assert_eq!(mock.count(), 1);
    mock.checkpoint();
}

#[test]
fn a_mock_that_wraps_an_object_stands_behind_no_plugin() {
    let (copy, mock) = (copy(), MockRig::wrapping(MockRig::new()));
    let library = open(&copy);
    let said = panic_of(|| library.program(&mock));
    assert!(said.starts_with("MockRig wraps an object, which no plugin can have as well"), "{said}");
}

#[test]
fn a_spy_looks_at_what_a_loaded_plugin_does() {
    let (copy, mut mock) = (copy(), MockRig::new());
    mock.expect_count().times(2).return_const(3_u64);
    mock.expect_push().return_const(9_u64);
    let library = open(&copy);
    library.program(&mock);

    let mut spy = MockRig::wrapping_box(load(&copy).into_box());
    spy.expect_title().return_const("mine".to_owned());
    assert_eq!((spy.count(), spy.count(), spy.push("x".to_owned())), (3, 3, 9));
    assert_eq!(spy.title(0), "mine", "what is expected does not reach the plugin");
    assert_eq!(spy.push_calls()[0].args, ("x".to_owned(),));
    assert_eq!(spy.count_calls().len(), mock.count_calls().len());
}

#[test]
fn each_plugin_of_a_file_has_an_object_with_its_own_configuration() {
    /// A rig that has its number from its configuration.
    struct Numbered(u64);

    #[plugin_impl]
    impl Rig for Numbered {
        fn get(&self, key: &str) -> Result<Vec<u8>, RigError> {
            Err(RigError::Nothing(key.to_owned()))
        }
        fn count(&self) -> u64 {
            self.0
        }
        fn title(&self, of: u64) -> String {
            of.to_string()
        }
        fn fast(&self, value: u64) -> u64 {
            value + self.0
        }
        fn push(&mut self, _: String) -> u64 {
            self.0 += 1;
            self.0
        }
        fn name(&self) -> &str {
            "numbered"
        }
        async fn wait(&self, _: &str) -> Result<u64, RigError> {
            Ok(self.0)
        }
        fn pour(&self, _: Sink<'_>) -> bool {
            false
        }
        fn each(&self, _: &mut dyn FnMut(&str) -> bool) -> u64 {
            0
        }
        fn line(&self) -> Box<dyn Line> {
            Box::new(MockLine::lenient())
        }
        fn needed(&self) -> u64 {
            0
        }
    }

    let copy = copy();
    let library = open(&copy);
    let number = |context: &PluginContext| context.config("number").unwrap_or("0").parse().unwrap();
    library.answer_with(move |context| Box::new(Numbered(number(context))));
    let loaded = |number: &str| {
        // SAFETY: the file is built by this test.
        unsafe { Plugin::<dyn Rig>::options().config("number", number).load(copy.path()) }.unwrap()
    };
    let (mut one, two) = (loaded("10"), loaded("20"));
    assert_eq!((one.push(String::new()), two.count(), one.count()), (11, 20, 11));
    assert_eq!(one.name(), "numbered");
}

#[test]
fn eight_threads_through_a_library_are_counted_exactly() {
    let (copy, mut mock) = (copy(), MockRig::new());
    mock.expect_title().with(always()).times(800).returning(|of| of.to_string());
    let library = open(&copy);
    library.program(&mock);
    let plugin = load(&copy);
    thread::scope(|scope| {
        for thread in 0..8_u64 {
            let plugin = &plugin;
            scope.spawn(move || {
                for call in 0..100 {
                    assert_eq!(plugin.title(thread * 100 + call), (thread * 100 + call).to_string());
                }
            });
        }
    });
    assert_eq!(mock.verify(), Ok(()));
    assert_eq!(mock.title_calls().len(), 800);
}

#[test]
fn a_mock_is_replaced_while_threads_call() {
    let copy = copy();
    let library = open(&copy);
    let phases: Vec<MockRig> = (0..20_u64)
        .map(|phase| {
            let mut mock = MockRig::new();
            mock.expect_count().times(..).return_const(phase);
            mock
        })
        .collect();
    library.program(&phases[0]);
    let plugin = load(&copy);
    let done = AtomicU64::new(0);
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let mut last = 0;
                while done.load(Ordering::Relaxed) == 0 {
                    let phase = plugin.count();
                    assert!(phase >= last, "nobody is asked who was replaced");
                    last = phase;
                }
            });
        }
        for mock in &phases[1..] {
            library.program(mock);
            thread::yield_now();
        }
        done.store(1, Ordering::Relaxed);
    });
    assert_eq!(plugin.count(), 19);
}

#[test]
fn an_order_holds_across_libraries() {
    let (one, other, mut order) = (copy(), copy(), Sequence::new());
    let (mut first, mut second) = (MockRig::new(), MockRig::new());
    first.expect_count().in_sequence(&mut order).return_const(1_u64);
    second.expect_count().in_sequence(&mut order).return_const(2_u64);
    let (first_library, second_library) = (open(&one), open(&other));
    first_library.program(&first);
    second_library.program(&second);
    let (first_plugin, second_plugin) = (load(&one), load(&other));
    let said = panic_of(|| second_plugin.count());
    assert!(said.contains("unexpected call"), "{said}");
    assert!(second.verify().is_err());
    assert_eq!((first_plugin.count(), second_plugin.count()), (1, 2));
}

#[test]
fn a_closure_of_the_test_calls_the_plugin_again() {
    let (copy, mut mock) = (copy(), MockRig::new());
    let (send, receive) = mpsc::channel::<&'static Plugin<dyn Rig>>();
    mock.expect_title().times(3).returning(move |of| match of {
        0 => "end".to_owned(),
        of => {
            let plugin = receive.recv().unwrap();
            plugin.name().to_owned() + &of.to_string()
        }
    });
    mock.expect_name().times(2).return_const("again");
    let library = open(&copy);
    library.program(&mock);
    let plugin: &'static Plugin<dyn Rig> = Box::leak(Box::new(load(&copy)));
    send.send(plugin).unwrap();
    send.send(plugin).unwrap();
    assert_eq!(
        (plugin.title(1), plugin.title(2), plugin.title(0)),
        ("again1".into(), "again2".into(), "end".into())
    );
}

#[test]
fn what_stays_on_a_thread_answers_there() {
    let copy = mock::rig("fixture.still", &[]);
    let mut mock = MockStill::new();
    mock.expect_number().times(2).returning_st(|| 5);
    // SAFETY: the file is built by this test.
    let library = unsafe { MockPlugin::<dyn Still>::open(copy.path()) }.unwrap();
    library.program_st(&mock);
    // SAFETY: as above.
    let load = || unsafe { Plugin::<dyn Still>::load(copy.path()) }.unwrap();
    assert_eq!(load().number(), 5);
    let said = thread::scope(|scope| scope.spawn(|| panic_of(|| load().number())).join().unwrap());
    assert!(said.contains("stays on the thread that programmed it, and this is another"), "{said}");
    assert_eq!(load().number(), 5);
    assert_eq!(mock.verify(), Ok(()));
}

#[test]
fn a_file_is_programmed_by_one() {
    let copy = copy();
    let _library = open(&copy);
    // SAFETY: the file is built by this test.
    let error = unsafe { MockPlugin::<dyn Rig>::open(copy.path()) }.err().unwrap();
    assert!(matches!(error, LoadError::MockTaken { .. }), "{error}");
    let said = error.to_string();
    assert!(
        said.contains("programmed by another `MockPlugin`") && said.contains("a copy of the file"),
        "{said}"
    );
}

/// What the code panics with.
#[track_caller]
fn panic_of<R>(code: impl FnOnce() -> R) -> String {
    let Err(payload) = std::panic::catch_unwind(std::panic::AssertUnwindSafe(code)) else {
        panic!("it did not panic")
    };
    match payload.downcast::<String>() {
        Ok(text) => *text,
        Err(payload) => {
            payload.downcast::<&str>().map_or_else(|_| "not a text".to_owned(), |text| (*text).to_owned())
        }
    }
}
