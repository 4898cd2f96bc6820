//! Closures and objects cross within other values as they cross by themselves.

#[allow(missing_docs, reason = "documented where they are declared")]
#[path = "../fixtures/contracts/src/hooks.rs"]
pub mod hooks;

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};

use hooks::{Caller, From, Hook, Hooks, MockHooks, Options, Task};
use plugin_host::Plugin;
use plugin_tests::fixture;

fn both() -> [Plugin<dyn Hooks>; 2] {
    // SAFETY: the file is built by this test.
    [unsafe { Plugin::load(fixture("hooks")) }.unwrap(), Plugin::linked(Caller::default())]
}

/// Everything that is said to it.
#[derive(Clone, Default)]
struct Heard(Arc<Mutex<Vec<String>>>);

impl Heard {
    fn hear(&self, text: &str) {
        self.0.lock().unwrap().push(text.to_owned());
    }

    fn all(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }
}

#[test]
fn closures_in_a_row_are_called_in_order() {
    for plugin in both() {
        assert_eq!(plugin.chain(vec![Box::new(|value| value + 1), Box::new(|value| value * 10)], 4), 50);
        assert_eq!(plugin.chain(Vec::new(), 4), 4);
        let suffix = "!".to_owned();
        let step: Box<dyn Fn(&str) -> String + Send + Sync> = Box::new(move |name| name.to_owned() + &suffix);
        assert_eq!(plugin.named(BTreeMap::from([("a".to_owned(), step)])), ["a!"]);
    }
}

#[test]
fn closures_are_found_however_deep_they_are() {
    for plugin in both() {
        let two = || -> [Box<dyn FnOnce() -> String>; 2] {
            [Box::new(|| "x".to_owned()), Box::new(|| "y".to_owned())]
        };
        let made = plugin.nested((Some(vec![Box::new(|| 2), Box::new(|| 3)]), two())).unwrap();
        assert_eq!(made.iter().map(|one| one(10)).collect::<Vec<_>>(), [50, 51, 52]);
        assert_eq!(plugin.nested((None, two())).map(|_| ()), Err("xy".to_owned()));
    }
}

#[test]
fn a_struct_of_closures_and_objects_crosses() {
    for plugin in both() {
        let heard = Heard::default();
        let (called, done) = (heard.clone(), heard.clone());
        let hook = |fails: bool| {
            let (called, done) = (called.clone(), done.clone());
            Hook {
                name: "hook".to_owned(),
                call: Box::new(move |name, value| {
                    called.hear(name);
                    if fails { Err("failed".to_owned()) } else { Ok(value + 1) }
                }),
                done: Some(Box::new(move |name| done.hear(&(name + " done")))),
                counter: Box::new(From(10)),
            }
        };
        assert_eq!(plugin.run(hook(false)), Ok(13));
        assert_eq!(plugin.run(hook(true)), Err("failed".to_owned()));
        assert_eq!(heard.all(), ["hook", "hook done", "hook"]);
        drop((called, done));
        assert_eq!(Arc::strong_count(&heard.0), 1, "nobody kept what was given");
    }
}

#[test]
fn an_enum_and_what_may_grow_hold_them_too() {
    for plugin in both() {
        let mut sum = 0;
        let one = Box::new(move |value| {
            sum += value;
            sum
        });
        assert_eq!(plugin.work(Task::One(one)), 4);
        assert_eq!(plugin.work(Task::Many { steps: vec![Box::new(|value| value + 7)] }), 8);
        assert_eq!(plugin.work(plugin.make(5)), 20);
        assert_eq!(plugin.work(plugin.make(0)), 0);
        let heard = Heard::default();
        let after = heard.clone();
        let options = Options {
            before: Box::new(|| true),
            after: vec![Box::new(move |said| after.hear(&said.to_string()))],
        };
        assert!(plugin.ask(options));
        assert_eq!(heard.all(), ["1"]);
    }
}

#[test]
fn a_panic_in_one_of_them_is_told_and_loses_nothing() {
    for plugin in both() {
        let alive = Arc::new(());
        let held = alive.clone();
        let steps: Vec<Box<dyn Fn(u32) -> u32 + Send + Sync>> = vec![
            Box::new(|_| panic!("out of steps")),
            Box::new(move |value| value + Arc::strong_count(&held) as u32),
        ];
        let Err(told) = catch_unwind(AssertUnwindSafe(|| plugin.chain(steps, 1))) else {
            panic!("it panics")
        };
        let told = told.downcast::<String>().map_or_else(|_| "out of steps".to_owned(), |told| *told);
        assert!(told.contains("out of steps"), "{told}");
        assert_eq!(Arc::strong_count(&alive), 1);
    }
}

#[test]
fn a_mock_is_given_them() {
    let mut mock = MockHooks::new();
    mock.expect_chain().returning(|steps, from| steps.len() as u32 + from);
    assert_eq!(mock.chain(vec![Box::new(|value| value)], 2), 3);
}
