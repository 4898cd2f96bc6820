//! Loaded plugins under valgrind: no byte read that was not written, none used after it was freed, none lost. The test
//! `sanitizer` has the same built with AddressSanitizer, by the package `walks`.

#[allow(missing_docs, reason = "documented where they are declared")]
#[path = "../fixtures/contracts/src/built.rs"]
pub mod built;
#[allow(missing_docs, reason = "documented where they are declared")]
#[path = "../fixtures/contracts/src/echo.rs"]
pub mod echo;
#[allow(missing_docs, reason = "documented where they are declared")]
#[path = "../fixtures/contracts/src/foreign.rs"]
pub mod foreign;
#[allow(missing_docs, reason = "documented where they are declared")]
#[path = "../fixtures/contracts/src/grow/mod.rs"]
pub mod grow;
#[allow(missing_docs, reason = "documented where they are declared")]
#[path = "../fixtures/contracts/src/hooks.rs"]
pub mod hooks;
#[allow(missing_docs, reason = "documented where they are declared")]
#[path = "../fixtures/contracts/src/lent.rs"]
pub mod lent;
#[allow(missing_docs, reason = "documented where they are declared")]
#[path = "../fixtures/contracts/src/objects.rs"]
pub mod objects;
#[allow(missing_docs, reason = "documented where they are declared")]
#[path = "../fixtures/contracts/src/panicky.rs"]
pub mod panicky;
#[allow(missing_docs, reason = "documented where they are declared")]
#[path = "../fixtures/contracts/src/pour.rs"]
pub mod pour;
#[allow(missing_docs, reason = "documented where they are declared")]
#[path = "../fixtures/contracts/src/values.rs"]
pub mod values;
#[allow(missing_docs, reason = "documented where they are declared")]
#[path = "../fixtures/contracts/src/waiting.rs"]
pub mod waiting;

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use built::{Board, Shelf};
use echo::{Echo, Level, Named, Options, Pair, Remark, Shape, Tree};
use foreign::Foreign;
use lent::Borrower;
use objects::{Lines, Workshop};
use panicky::{How, Panicky, Spill};
use plugin_contracts::{Buf, PluginType, Sink, Text};
use plugin_host::{Contract, OnPanic, Plugin};
use plugin_tests::{child, fixture, plugin};
use pour::Pour;
use store_contract::{Store, conformance};
use values::Catalogue;
use waiting::Waiting;

/// Names the file that the child loads.
const PATH_VAR: &str = "PLUGIN_TESTS_PATH";

/// Runs an ignored test of this binary under watch; nothing when there is nothing to watch it.
fn watched(test: &str, library: &Path) {
    if let Some(mut child) = child::watched(child::command(test)) {
        let _ = child::run(child.env(PATH_VAR, library));
    }
}

/// The plugin that the parent built; nothing when there is no parent.
fn given<C: ?Sized + Contract>() -> Option<Plugin<C>> {
    let path = PathBuf::from(std::env::var_os(PATH_VAR)?);
    // SAFETY: the file is built by this test.
    Some(unsafe { Plugin::load(path) }.unwrap())
}

#[test]
fn a_store_conforms_and_loses_nothing() {
    watched("child_conforms", &plugin("memory"));
}

#[test]
#[ignore = "a child of `a_store_conforms_and_loses_nothing`"]
fn child_conforms() {
    let Some(store) = given::<dyn Store>() else { return };
    conformance::run(&*store);
    store.close().unwrap();
}

#[test]
fn contracts_that_are_built_on_others_lose_nothing() {
    watched("child_calls_bases", &fixture("built"));
}

#[test]
#[ignore = "a child of `contracts_that_are_built_on_others_lose_nothing`"]
fn child_calls_bases() {
    let Some(mut shelf) = given::<dyn Shelf>() else { return };
    shelf.put("key", b"value".to_vec());
    assert_eq!((shelf.title().as_str(), shelf.shut()), ("1 of board", 1));
    assert_eq!(futures::executor::block_on(shelf.flush(2)), "board");
    assert_eq!(shelf.rename("other").as_deref(), Ok("board"));
    assert!(shelf.rename("").is_err());
    let mut fork = shelf.fork();
    assert_eq!((fork.name(), fork.get("key").as_deref()), ("other", Some(&b"value"[..])));
    let shared = shelf.share();
    assert_eq!(shelf.look(&*shared), "other: 1 of other, Some([118, 97, 108, 117, 101])");
    let mut mine = Board::new("mine");
    assert_eq!(shelf.change(&mut mine).as_deref(), Ok("mine"));
    assert_eq!(shelf.change(&mut *fork).as_deref(), Ok("other"));
    assert_eq!(shelf.keep(std::sync::Arc::new(mine)), "changed");
    assert_eq!(shelf.keep(shared), "other");
    let thing: Box<dyn fixture_bases::Thing> = fork;
    assert_eq!((thing.name(), shelf.thing().name()), ("changed", "other"));
    assert!(shelf.explode().is_err() && shelf.poison().is_some());
    shelf.close().unwrap();
}

#[test]
fn objects_and_closures_cross_without_a_byte_lost() {
    watched("child_hands_over", &fixture("objects"));
}

#[test]
#[ignore = "a child of `objects_and_closures_cross_without_a_byte_lost`"]
fn child_hands_over() {
    let Some(mut shop) = given::<dyn Workshop>() else { return };
    let mut session = shop.open("first");
    session.add("second");
    let fork = session.fork();
    assert_eq!((session.last(), fork.lines().len()), ("second", 2));
    assert!(session.explode().is_err());
    assert_eq!(shop.shared().lines(), ["shared"]);
    let mut mine = Lines::new(vec!["mine".to_owned()]);
    shop.write(&mut mine, "more");
    assert!(shop.consume(Box::new(mine)).is_err());
    assert_eq!(shop.each(3, &|number| number), 3);
    let mut seen = Vec::new();
    shop.until(vec!["a".to_owned(), "b".to_owned()], &mut |text| {
        seen.push(text.to_owned());
        seen.len() < 2
    });
    let kept = "kept".to_owned();
    shop.subscribe(Box::new(move |text| (text.len() + kept.len()) as u64));
    assert_eq!(shop.publish("four"), 8);
    assert_eq!(shop.once(Box::new(|text| text.len() as u64)), 4);
    let passes = std::panic::AssertUnwindSafe(|| shop.each(1, &|_| panic!("the host's own closure")));
    assert!(std::panic::catch_unwind(passes).is_err() && shop.poison().is_none());
    let adder = shop.adder(1);
    drop((session, fork));
    shop.close().unwrap();
    assert_eq!(adder(1), 2);
}

#[test]
fn closures_within_values_cross_without_a_byte_lost() {
    watched("child_hands_over_hooks", &fixture("hooks"));
}

#[test]
#[ignore = "a child of `closures_within_values_cross_without_a_byte_lost`"]
fn child_hands_over_hooks() {
    use hooks::{From, Hook, Hooks, Options};
    let Some(plugin) = given::<dyn Hooks>() else { return };
    let text = "kept".to_owned();
    let hook = Hook {
        name: "hook".to_owned(),
        call: Box::new(move |name, value| if value == 1 { Ok(name.len() as u32) } else { Err(text.clone()) }),
        done: Some(Box::new(drop)),
        counter: Box::new(From(1)),
    };
    assert_eq!(plugin.run(hook), Ok(6));
    assert_eq!(plugin.chain(vec![Box::new(|value| value + 1)], 1), 2);
    let two: [Box<dyn FnOnce() -> String>; 2] = [Box::new(String::new), Box::new(|| "y".to_owned())];
    assert_eq!(plugin.nested((Some(vec![Box::new(|| 2)]), two)).unwrap().len(), 3);
    assert_eq!(plugin.work(plugin.make(5)), 20);
    drop(plugin.make(5));
    let after = vec!["after".to_owned()];
    let after = Box::new(move |_| drop(after.clone()));
    assert!(plugin.ask(Options { before: Box::new(|| true), after: vec![after] }));
    let steps: Vec<Box<dyn Fn(u32) -> u32 + Send + Sync>> =
        vec![Box::new(|_| panic!("out of steps")), Box::new(|value| value)];
    let chain = std::panic::AssertUnwindSafe(|| plugin.chain(steps, 1));
    std::panic::catch_unwind(chain).unwrap_err();
    assert_eq!(
        plugin.chain(vec![Box::new(|value| value + 1)], 1),
        2,
        "it was the host's own closure that failed"
    );
    plugin.close().unwrap();
}

#[test]
fn types_of_other_crates_cross_without_a_byte_lost() {
    watched("child_sends_foreign_types", &fixture("foreign"));
}

#[test]
#[ignore = "a child of `types_of_other_crates_cross_without_a_byte_lost`"]
fn child_sends_foreign_types() {
    use bytes::{Bytes, BytesMut};
    use http::{Request, Response};
    use serde_json::json;
    let Some(plugin) = given::<dyn Foreign>() else { return };
    let (bytes, _) = plugin.place(Bytes::from(vec![7; 100]));
    let part = bytes.slice(10..20);
    drop(bytes);
    assert_eq!(&*part, [7; 10]);
    let lent = Bytes::from(vec![1, 2]);
    let kept = plugin.keep(&lent);
    drop(lent);
    assert_eq!(&*kept, [1, 2]);
    let mut more = BytesMut::from(&b"more"[..]);
    assert_eq!(&*plugin.grow(BytesMut::from(&b"and"[..]), &mut more), b"and!");
    assert_eq!(&*more, b"moreand");
    let request = |body| Request::builder().uri("/x").header("a", "b").header("a", "c").body(body).unwrap();
    let response: Response<Bytes> = plugin.answer(request(vec![1, 2]));
    assert_eq!((response.headers().len(), &**response.body()), (2, &[2, 1][..]));
    let request = Request::new(json!({ "a": [1, 2.5, null] }));
    assert_eq!(plugin.json(&request).body()["body"], *request.body());
    plugin.close().unwrap();
}

#[test]
fn values_are_lent_without_a_byte_lost() {
    watched("child_lends_values", &fixture("values"));
}

#[test]
fn values_are_lent_in_lent_memory_without_a_byte_lost() {
    watched("child_lends_values", &fixture("lent-values"));
}

#[test]
#[ignore = "a child of `values_are_lent_without_a_byte_lost`"]
fn child_lends_values() {
    use values::{empty, full};
    let Some(plugin) = given::<dyn Catalogue>() else { return };
    let items = [full("one"), empty("two")];
    assert_eq!(plugin.describe(&items[0]), format!("{:?}", items[0]));
    assert_eq!(plugin.list(&items).len(), 2);
    assert_eq!(plugin.maybe(None), None);
    assert_eq!(plugin.join(&["a"], &["b".to_owned()], &[]), "a b ");
    let map = HashMap::from(items.clone().map(|item| (item.name.clone(), item)));
    assert_eq!(plugin.find(&map, "one").as_ref(), Some(&items[0]));
    assert_eq!(plugin.each(&items, &|item, tags, _| item.tags == tags), 2);
    let waited = futures::executor::block_on(plugin.wait(&items[0], &items[0].tags));
    assert!(waited.contains("green"));
    drop(plugin.wait(&items[0], &items[0].tags));
    let (mut item, mut bytes, mut text) = (full("old"), vec![1, 2], "text".to_owned());
    assert_eq!(plugin.extend(&mut bytes, &[3; 1000]), 1002);
    plugin.shout(&mut text, &mut 0);
    assert_eq!(plugin.replace(&mut item, full("new")), full("old"));
    assert!(plugin.fail(&mut item, "no".to_owned()).is_err());
    assert_eq!(
        plugin.change(vec![empty("a"), item], &mut |item, count| {
            item.name.push('!');
            *count += 1;
        })[0]
            .name,
        "a!"
    );
    let spoil = std::panic::AssertUnwindSafe(|| plugin.spoil(&mut text, &mut bytes));
    std::panic::catch_unwind(spoil).unwrap_err();
    assert_eq!((&*text, &*bytes), ("TEXT is", &[1, 2, 3][..]));
    plugin.close().unwrap();
    let Some(plugin) = given::<dyn Catalogue>() else { return };
    let explode = std::panic::AssertUnwindSafe(|| plugin.explode(&items[0]));
    std::panic::catch_unwind(explode).unwrap_err();
    plugin.close().unwrap();
}

#[test]
fn what_is_waited_for_ends_without_a_byte_lost() {
    watched("child_waits", &fixture("waiting"));
}

#[test]
#[ignore = "a child of `what_is_waited_for_ends_without_a_byte_lost`"]
fn child_waits() {
    use futures::StreamExt as _;
    let Some(mut plugin) = given::<dyn Waiting>() else { return };
    futures::executor::block_on(async {
        assert_eq!(plugin.rounds("ab", 2).await.unwrap(), "abab");
        assert_eq!(plugin.asks(Box::new(|number| number == 7)).await, [7]);
        assert_eq!(plugin.run(Box::pin(async { 1 })).await, 2);
        assert_eq!(plugin.later(5).await, 5);
        assert_eq!(plugin.ticks(2).collect::<Vec<_>>().await, [1, 0]);
        assert_eq!(plugin.names("x").unwrap().take(2).count(), 2);
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        let mut forever = plugin.forever();
        assert!(forever.as_mut().poll(&mut context).is_pending());
        drop(forever);
        let mut parks = plugin.parks();
        assert!(parks.as_mut().poll(&mut context).is_pending());
        drop(parks);
        plugin.wakes();
        assert!(plugin.fails().await.is_err());
    });
    plugin.close().unwrap();
}

#[test]
fn every_type_crosses_without_a_byte_lost() {
    watched("child_sends_every_type", &fixture("echo"));
}

#[test]
fn every_type_crosses_in_lent_memory_without_a_byte_lost() {
    watched("child_sends_every_type", &fixture("lent-echo"));
}

#[test]
fn lent_memory_is_given_back_to_whom_it_belongs() {
    watched("child_lends_memory", &fixture("lent"));
}

#[test]
#[ignore = "a child of `lent_memory_is_given_back_to_whom_it_belongs`"]
fn child_lends_memory() {
    let Some(mut plugin) = given::<dyn Borrower>() else { return };
    let before = plugin.live_bytes();
    assert_eq!(plugin.keep(vec![1, 2, 3]).capacity, 3);
    plugin.allocate(100);
    plugin.keep_buf(Buf::from(vec![4; 40]));
    assert_eq!(plugin.give().map(|bytes| bytes.capacity()), Some(100));
    assert_eq!(plugin.early(0).len() + plugin.grow_early(2, &[3; 100]).len(), 210);
    assert_eq!(plugin.words(30).into_iter().sum::<u64>(), 435);
    assert_eq!(plugin.on_threads(2).len(), 2);
    assert!(plugin.aligned() && plugin.live_bytes() > before);
    plugin.close().unwrap();
    let Some(plugin) = given::<dyn Borrower>() else { return };
    plugin.close().unwrap();
}

#[test]
#[ignore = "a child of `every_type_crosses_without_a_byte_lost`"]
fn child_sends_every_type() {
    let Some(echo) = given::<dyn Echo>() else { return };
    let text = || "text".to_owned();
    let pair = || Pair(1, text());
    let tree = Tree { name: text(), children: vec![Tree { name: text(), children: Vec::new() }] };
    let shapes = vec![
        Shape::Empty,
        Shape::Circle(1.5),
        Shape::Line(-1, pair()),
        Shape::Box { width: 1, label: Some(text()) },
        Shape::Box { width: 1, label: None },
        Shape::Tree(tree),
    ];
    assert_eq!(echo.shapes(shapes.clone()), shapes);
    let texts = vec![vec![text(), String::new()], Vec::new()];
    assert_eq!(echo.texts(texts.clone()), texts);
    let results = vec![Ok(text()), Err(Level::High)];
    assert_eq!(echo.results(results.clone()), results);
    for flag in [true, false] {
        let (bytes, nothing) = (vec![1, 2, 3], ());
        let named =
            Named { small: 1, text: text(), flag, large: 2, letter: 'ß', nothing, pair: pair(), bytes };
        assert_eq!(echo.named(named.clone()).is_ok(), flag);
    }
    let remarks =
        vec![Remark::Text(text()), Remark::Reply { to: pair(), remarks: vec![Remark::Text(text())] }];
    assert_eq!(echo.remarks(remarks.clone()), remarks);
    for wide in [Some(1), None] {
        let options = Options { small: 1, name: text(), wide, remarks: remarks.clone() };
        assert_eq!(echo.options(options.clone()).is_ok(), wide.is_some());
    }
    assert_eq!(echo.words(&[1, -2]), [1, -2]);
    // Of the plugin's memory, of the host's that went there and back, and none at all.
    for bytes in [echo.buf(vec![1, 2].into()), echo.buf(Buf::new()), echo.bytes(&[3]).into()] {
        let again = echo.buf(bytes.clone());
        assert_eq!(Vec::from(again), Vec::from(bytes));
    }
    let Some(pour) = given::<dyn Pour>() else { return };
    let mut bytes = vec![0];
    for pieces in [1, 3, 50] {
        bytes.truncate(1);
        bytes.shrink_to_fit();
        assert_eq!(pour.pour(&[7; 500], pieces, Sink::new(&mut bytes)), 501);
    }
    let views = || HashMap::from([(Text::from("text"), vec![Buf::from(vec![1]), Buf::new()])]);
    let mut back = echo.views(views()).unwrap();
    assert_eq!(back, views());
    assert_eq!(back.remove("text").map(|mut bufs| Vec::from(bufs.remove(0))), Some(vec![1]));
    let refused = echo.views(HashMap::new()).unwrap_err();
    assert_eq!(String::from(refused), "nothing to see");
    assert_eq!(echo.maybe(Some(None)), Some(None));
    echo.close().unwrap();
}

#[test]
fn an_older_host_loses_nothing_of_what_it_does_not_know() {
    watched("child_is_the_older_host", &fixture("grow-v2"));
}

#[test]
#[ignore = "a child of `an_older_host_loses_nothing_of_what_it_does_not_know`"]
fn child_is_the_older_host() {
    use grow::v1::{Event, Grow, Limits};
    let Some(plugin) = given::<dyn Grow>() else { return };
    assert_eq!(plugin.event(2), Event::Unknown(2));
    let limits = plugin.limits().unwrap();
    assert_eq!(
        plugin.within(vec![limits.clone(), Limits { most: 1, ..limits }]).matches("notes: []").count(),
        2
    );
    plugin.close().unwrap();
}

#[test]
fn an_older_plugin_loses_nothing_of_what_it_does_not_know() {
    watched("child_is_the_newer_host", &fixture("grow-v1"));
}

#[test]
#[ignore = "a child of `an_older_plugin_loses_nothing_of_what_it_does_not_know`"]
fn child_is_the_newer_host() {
    use grow::v2::{Event, Grow, Limits, Way};
    let Some(plugin) = given::<dyn Grow>() else { return };
    let text = || "text".to_owned();
    let moved = Event::Moved { who: text(), way: Way { places: vec![text(), text()] } };
    assert_eq!(plugin.tell(vec![moved, Event::Joined(text())]), r#"[Unknown(2), Joined("text")]"#);
    let limits = Limits { owner: text(), most: 1, least: 2, notes: vec![text()] };
    assert!(plugin.within(vec![limits]).starts_with("[Limits"));
    assert_eq!(plugin.limits().map(|limits| limits.notes), Some(Vec::new()));
    plugin.close().unwrap();
}

/// A sender whose struct ends where the receiver's next field is not yet aligned.
#[derive(Debug, PluginType)]
#[plugin(sized)]
pub struct Narrow(pub u8);

/// A receiver that would read behind it, if it counted up to where its own next field begins.
#[derive(Debug, PartialEq, PluginType)]
#[plugin(sized)]
pub struct Broad(pub u8, #[plugin(default)] pub u128);

#[test]
fn a_narrow_sender_is_read_to_its_end_and_no_further() {
    watched("child_reads_a_narrow_sender", Path::new("no plugin"));
}

#[test]
#[ignore = "a child of `a_narrow_sender_is_read_to_its_end_and_no_further`"]
fn child_reads_a_narrow_sender() {
    let abi = Narrow(5).into_abi();
    // SAFETY: it was made just now, and is used once; a `Broad` begins as it does.
    let found = unsafe { Broad::from_abi(abi) };
    assert_eq!(found, Ok(Broad(5, 0)));
}

#[test]
fn a_panic_loses_nothing_on_its_way() {
    watched("child_hears_of_panics", &fixture("panicky"));
}

#[test]
#[ignore = "a child of `a_panic_loses_nothing_on_its_way`"]
fn child_hears_of_panics() {
    for how in [How::Literal, How::Formatted, How::NotText, How::Resumed] {
        let Some(plugin) = given::<dyn Panicky>() else { return };
        assert!(plugin.typed(how).is_err());
        assert!(plugin.typed(How::Not).is_err(), "it is poisoned");
        plugin.close().unwrap();
        let Some(plugin) = given::<dyn Spill>() else { return };
        let mut bytes = Vec::new();
        let spill = || plugin.spill(&[7; 100], how, Sink::new(&mut bytes));
        std::panic::catch_unwind(std::panic::AssertUnwindSafe(spill)).unwrap_err();
        assert_eq!(bytes, [7; 100]);
    }
}

#[test]
fn an_object_that_is_constructed_again_loses_nothing() {
    watched("child_has_objects_constructed_again", &fixture("panicky"));
}

#[test]
#[ignore = "a child of `an_object_that_is_constructed_again_loses_nothing`"]
fn child_has_objects_constructed_again() {
    let Some(path) = std::env::var_os(PATH_VAR) else { return };
    for policy in [OnPanic::Restart { at_most: 2 }, OnPanic::Keep] {
        let options = Plugin::<dyn Panicky>::options().on_panic(policy);
        // SAFETY: the file is built by this test.
        let mut plugin = unsafe { options.load(PathBuf::from(&path)) }.unwrap();
        std::thread::scope(|scope| {
            for how in [How::Literal, How::Not, How::Formatted, How::Not] {
                let plugin = &plugin;
                scope.spawn(move || plugin.linger(100, how));
            }
        });
        assert_eq!(plugin.linger(0, How::Not), Ok(0));
        plugin.bump(1, How::Not);
        assert!(plugin.typed(How::Literal).is_err());
        plugin.close().unwrap();
    }
}

/// What whoever watches says of a child that does wrong.
fn seen(test: &str) -> Option<String> {
    let mut child = child::watched(child::command(test))?;
    let ended = child.env(PATH_VAR, "no plugin").output().expect("the child starts");
    assert!(!ended.status.success(), "otherwise that nothing is seen proves nothing");
    Some(String::from_utf8_lossy(&ended.stderr).into_owned())
}

#[test]
fn what_is_used_after_it_was_freed_is_seen() {
    let Some(said) = seen("child_receives_a_form_twice") else { return };
    let expected = if child::is_sanitized() { "heap-use-after-free" } else { "Invalid read" };
    assert!(said.contains(expected), "{said}");
}

#[test]
#[ignore = "a child of `what_is_used_after_it_was_freed_is_seen`"]
fn child_receives_a_form_twice() {
    if std::env::var_os(PATH_VAR).is_none() {
        return;
    }
    let abi = Narrow(5).into_abi();
    // SAFETY: none for the second: the form is used twice, and whoever watches is to say so.
    let found = [unsafe { Narrow::from_abi(abi) }, unsafe { Narrow::from_abi(abi) }];
    assert!(found.iter().all(Result::is_ok));
}

#[test]
fn what_is_lost_is_seen() {
    let Some(said) = seen("child_receives_no_form") else { return };
    let expected = if child::is_sanitized() { "detected memory leaks" } else { "definitely lost" };
    assert!(said.contains(expected), "{said}");
}

#[test]
#[ignore = "a child of `what_is_lost_is_seen`"]
fn child_receives_no_form() {
    if std::env::var_os(PATH_VAR).is_some() {
        let _ = Narrow(5).into_abi();
    }
}
