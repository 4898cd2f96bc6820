//! What is handed over: objects, closures, and what is waited for.

use plugin_tests::fixture;

use crate::built::{Board, Shelf};
use crate::objects::{Lines, Workshop};
use crate::waiting::Waiting;
use crate::{given, hooks, watched};

#[test]
fn contracts_that_are_built_on_others_lose_nothing() {
    watched("handed::child_calls_bases", &fixture("built"));
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
    watched("handed::child_hands_over", &fixture("objects"));
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
    watched("handed::child_hands_over_hooks", &fixture("hooks"));
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
fn what_is_waited_for_ends_without_a_byte_lost() {
    watched("handed::child_waits", &fixture("waiting"));
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
