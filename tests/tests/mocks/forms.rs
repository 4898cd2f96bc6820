//! Arguments and results of every form, and how predicates and the log see them.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::Duration;

use plugin_contracts::mock::{always, eq, function, str};
use plugin_contracts::{BoxStream, PluginType, plugin_contract};
use plugin_host::Plugin;

use crate::echo::{Echo, Level, MockEcho};
use crate::objects::{Clock, MockClock, MockSession, MockWorkshop, Workshop};
use crate::panic_of;
use crate::vault::{Entry, VaultError};

/// A point.
#[derive(Debug, Clone, Copy, PartialEq, PluginType)]
#[plugin(plain)]
#[repr(C)]
pub struct Point(pub [f32; 2]);

/// A clock that stands.
struct Stands;

impl Clock for Stands {
    fn now(&self) -> u64 {
        1
    }
}

/// Forms that no other contract of the tests has.
#[plugin_contract(id = "test.forms", version = "1.0.0", mock)]
#[allow(missing_docs, clippy::too_many_arguments, reason = "the names say it all, and many is the point")]
pub trait Forms: Send + Sync {
    fn maybe(&self, text: Option<&str>) -> Option<&str>;
    fn several(&self, texts: Vec<&str>, pairs: Vec<(&str, &[u16])>) -> u64;
    fn lent(&self, map: BTreeMap<&str, &[u8]>, result: Result<&str, u8>) -> bool;
    fn path(&self, path: &Path) -> PathBuf;
    fn own_path(&self) -> &Path;
    fn points(&self, points: &[Point], out: &mut [Point]) -> Vec<Point>;
    fn entries(&self, entries: HashMap<String, Entry>) -> Result<Vec<Entry>, VaultError>;
    fn time(&self, time: Duration) -> Duration;
    fn find(&self, name: &str) -> Result<&str, VaultError>;
    fn many(&self, a: u8, b: u8, c: u8, d: u8, e: u8, f: u8, g: u8, h: u8, i: u8, j: u8, k: u8, l: u8)
    -> u64;
    fn last(&mut self) -> &str;
    #[cfg(any())]
    fn nowhere(&self, it: Nowhere);
    #[cfg(unix)]
    fn sometimes(&self, entry: Entry) -> Entry;
    fn items(&self) -> Box<dyn Iterator<Item = u64> + '_>;
    fn stream(&self) -> BoxStream<'_, u64>;
    async fn wait(&self, name: &str, clock: &dyn Clock) -> Result<u64, VaultError>;
    async fn title(&mut self) -> &str;
    async fn twice(&self, name: &str) -> Result<u64, VaultError> {
        Ok(2 * self.wait(name, &Stands).await?)
    }
}

fn ready<T>(future: impl Future<Output = T>) -> T {
    let mut future = std::pin::pin!(future);
    match future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("it waits"),
    }
}

#[test]
fn what_is_lent_within_is_seen_and_kept_owned() {
    let mut mock = MockForms::new();
    mock.expect_maybe().with(eq(Some("k".to_owned()))).return_const(Some("v"));
    assert_eq!(mock.maybe(Some("k")), Some("v"));
    assert_eq!(mock.maybe_calls()[0].args, (Some("k".to_owned()),));
    mock.expect_several()
        .with(eq(vec!["a".to_owned()]), always())
        .returning(|texts, pairs| (texts.len() + pairs.len()) as u64);
    assert_eq!(mock.several(vec!["a"], vec![("b", &[1, 2])]), 2);
    assert_eq!(mock.several_calls()[0].args.1, [("b".to_owned(), vec![1, 2])]);
    mock.expect_lent()
        .with(function(|map: &BTreeMap<String, Vec<u8>>| map["k"] == [1]), eq(Ok("fine".to_owned())))
        .return_const(true);
    assert!(mock.lent(BTreeMap::from([("k", &[1_u8][..])]), Ok("fine")));
}

#[test]
fn paths_plain_data_and_maps_are_seen_as_they_are() {
    let mut mock = MockForms::new();
    mock.expect_path().with(eq(Path::new("/a").to_owned())).returning(|path| path.join("b"));
    assert_eq!(mock.path(Path::new("/a")), Path::new("/a/b"));
    assert_eq!(mock.path_calls()[0].args.0, Path::new("/a"));
    mock.expect_own_path().return_const(Path::new("/own"));
    assert_eq!(mock.own_path(), Path::new("/own"));
    let point = Point([1.0, 2.0]);
    mock.expect_points().with(eq([point]), always()).returning(|points, out| {
        out.copy_from_slice(points);
        points.to_vec()
    });
    let mut out = [Point([0.0; 2])];
    assert_eq!(mock.points(&[point], &mut out), [point]);
    assert_eq!(out, [point]);
    let calls = mock.points_calls();
    assert_eq!((&calls[0].args.0[..], &calls[0].args.1[..]), (&[point][..], &[Point([0.0; 2])][..]));
    let entry = Entry { key: "k".to_owned(), size: 1 };
    mock.expect_entries().returning(|entries| Ok(entries.into_values().collect()));
    assert_eq!(mock.entries(HashMap::from([("k".to_owned(), entry.clone())])), Ok(vec![entry.clone()]));
    mock.expect_time().with(eq(Duration::from_secs(1))).returning(|time| 2 * time);
    assert_eq!(mock.time(Duration::from_secs(1)), Duration::from_secs(2));
    mock.expect_find().returning(|_| Err(VaultError::Gone));
    assert_eq!(mock.find("k"), Err(VaultError::Gone));
    mock.expect_many()
        .with(eq(1), eq(2), eq(3), eq(4), eq(5), eq(6), eq(7), eq(8), eq(9), eq(10), eq(11), eq(12))
        .return_const(1_u64);
    assert_eq!(mock.many(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12), 1);
    mock.expect_last().return_const("last");
    assert_eq!(mock.last(), "last");
    #[cfg(unix)]
    {
        mock.expect_sometimes().returning(|entry| entry);
        assert_eq!(mock.sometimes(entry.clone()), entry);
    }
    mock.expect_items().returning(|| Box::new(0..3));
    assert_eq!(mock.items().sum::<u64>(), 3);
    mock.expect_stream().returning(|| Box::pin(futures_empty()));
    drop(mock.stream());
}

fn futures_empty() -> impl futures_core::Stream<Item = u64> + Send {
    struct Empty;
    impl futures_core::Stream for Empty {
        type Item = u64;
        fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<u64>> {
            Poll::Ready(None)
        }
    }
    Empty
}

#[test]
fn methods_that_wait_are_expected_like_others() {
    let mut mock = MockForms::new();
    mock.expect_wait()
        .with(eq("k"), always())
        .times(2)
        .returning(|name, clock| Ok(clock.now() + name.len() as u64));
    mock.expect_title().return_const("title");
    assert_eq!(ready(mock.wait("k", &Stands)), Ok(2));
    assert_eq!(ready(mock.twice("k")), Ok(4), "the default body asks the mock");
    assert_eq!(ready(mock.title()), "title");
    assert_eq!(mock.wait_calls().len(), 2);
    let mut spy = MockForms::wrapping(mock);
    spy.expect_wait().fail("no");
    assert!(matches!(ready(spy.wait("k", &Stands)), Err(VaultError::Fault(_))));
}

#[test]
fn nothing_is_counted_before_a_future_is_polled() {
    let mut mock = MockForms::new();
    mock.expect_wait().returning(|_, _| Ok(1));
    drop(mock.wait("k", &Stands));
    assert!(mock.wait_calls().is_empty() && mock.verify().is_err());
    assert_eq!(ready(mock.wait("k", &Stands)), Ok(1));
}

#[test]
fn a_delay_of_a_method_that_waits_does_not_block() {
    let mut mock = MockForms::new();
    mock.expect_wait().times(2).delay(Duration::from_millis(20)).returning(|_, _| Ok(1));
    let (mut first, mut second) = (mock.wait("a", &Stands), mock.wait("b", &Stands));
    let mut context = Context::from_waker(Waker::noop());
    assert!(
        first.as_mut().poll(&mut context).is_pending() && second.as_mut().poll(&mut context).is_pending()
    );
    let both = async { (first.await, second.await) };
    assert_eq!(futures::executor::block_on(both), (Ok(1), Ok(1)));
}

#[test]
fn objects_are_handed_out_as_mocks() {
    let mut workshop = MockWorkshop::new();
    workshop.expect_open().with(str::starts_with("a")).returning(|_| {
        let mut session = MockSession::new();
        session.expect_add().with(eq("line")).return_const(1_u64);
        session.expect_fork().returning(|| Box::new(MockSession::lenient()));
        Box::new(session)
    });
    let mut plugin = Plugin::<dyn Workshop>::linked(workshop);
    let mut session = plugin.open("abc");
    assert_eq!(session.add("line"), 1);
    assert!(session.fork().lines().is_empty());
    drop(session);
    drop(plugin);

    let mut workshop = MockWorkshop::new();
    workshop.expect_keep().with(always()).returning(|clock| assert_eq!(clock.now(), 5));
    workshop.expect_each().returning(|end, visit| (0..end).map(visit).sum());
    workshop.expect_until().returning(|texts, visit| texts.iter().filter(|text| visit(text)).count() as u64);
    workshop.expect_once().returning(|done| done("x".to_owned()));
    workshop.expect_maybe().returning(|hook| hook.map(|mut hook| hook(2)));
    workshop.expect_adder().returning(|by| Box::new(move |to| to + by));
    workshop.expect_read().returning(|session| session.lines());
    workshop.expect_write().returning(|session, line| session.add(line));
    workshop.expect_shared().returning(|| Arc::new(MockSession::lenient()));
    workshop.expect_lend().returning(|to| to(&MockSession::lenient()));
    plugin = Plugin::linked(workshop);
    let mut clock = MockClock::new();
    clock.expect_now().return_const(5_u64);
    plugin.keep(Arc::new(clock));
    assert_eq!(plugin.each(4, &|value| value), 6);
    let mut seen = String::new();
    let until = plugin.until(vec!["a".to_owned(), "b".to_owned()], &mut |text| {
        seen += text;
        text == "b"
    });
    assert_eq!((until, &*seen), (1, "ab"));
    assert_eq!(plugin.once(Box::new(|text| text.len() as u64)), 1);
    assert_eq!(plugin.maybe(Some(Box::new(|value| value + 1))), Some(3));
    assert_eq!(plugin.adder(2)(3), 5);
    let mut session = MockSession::new();
    session.expect_lines().return_const(vec!["l".to_owned()]);
    session.expect_add().return_const(9_u64);
    assert_eq!(plugin.read(&session), ["l"]);
    assert_eq!(plugin.write(&mut session, "m"), 9);
    assert!(plugin.shared().lines().is_empty());
    assert_eq!(plugin.lend(&|session| session.lines().len() as u64), 0);
}

#[test]
fn every_type_that_crosses_is_seen_and_kept() {
    let mut echo = MockEcho::new();
    echo.expect_text().with(eq("a")).returning(str_owned);
    echo.expect_owned().with(eq("b")).returning(|value| value);
    echo.expect_bytes().with(eq([1, 2])).returning(<[u8]>::to_vec);
    echo.expect_texts().with(eq([vec!["x".to_owned()]])).returning(|value| value);
    echo.expect_maybe().with(eq(Some(None))).returning(|_| None);
    echo.expect_lent_pair()
        .with(eq(("a".to_owned(), vec![1_u16])))
        .returning(|(text, words)| (text.to_owned(), words.to_vec()));
    echo.expect_many()
        .withf(|a, _, _, _, _, _, g, h, i| *a == 1 && g == "g" && h == [7] && *i == Level::Low)
        .return_const("all");
    echo.expect_array().with(eq([7; 16])).returning(|value| value);
    assert_eq!(echo.text("a"), "a");
    assert_eq!(echo.owned("b".to_owned()), "b");
    assert_eq!(echo.bytes(&[1, 2]), [1, 2]);
    assert_eq!(echo.texts(vec![vec!["x".to_owned()]]), [["x"]]);
    assert_eq!(echo.maybe(Some(None)), None);
    assert_eq!(echo.lent_pair(("a", &[1])), ("a".to_owned(), vec![1]));
    assert_eq!(echo.many(1, 2, true, 0.0, 3, 'c', "g", &[7], Level::Low), "all");
    assert_eq!(echo.array([7; 16]), [7; 16]);
    assert_eq!(echo.many_calls()[0].args.8, Level::Low);
}

fn str_owned(text: &str) -> String {
    text.to_owned()
}

#[plugin_contract(id = "test.slow", version = "1.0.0", mock)]
#[allow(missing_docs, reason = "the shape is the point")]
pub trait Slow: Send + Sync {
    async fn wait(&self, number: u64) -> u64;
}

#[test]
fn a_closure_that_drives_a_call_of_its_own_is_told() {
    type Call = Pin<Box<dyn Future<Output = u64> + Send>>;
    fn driven(mut call: Call) -> u64 {
        loop {
            match call.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
                Poll::Ready(number) => return number,
                Poll::Pending => thread::sleep(Duration::from_millis(1)),
            }
        }
    }
    let begun: Arc<Mutex<Option<Call>>> = Arc::default();
    let mut slow = MockSlow::new();
    let others = Arc::clone(&begun);
    slow.expect_wait().times(2).delay(Duration::from_millis(2)).returning(move |number| {
        let other = others.lock().unwrap().take();
        other.map_or(number, driven)
    });
    let slow = Arc::new(slow);
    let call = |number| -> Call {
        let slow = Arc::clone(&slow);
        Box::pin(async move { slow.wait(number).await })
    };
    let mut first = call(1);
    assert!(first.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
    *begun.lock().unwrap() = Some(first);
    let said = panic_of(|| driven(call(2)));
    assert!(said.contains("expect_wait") && said.contains("cannot run twice"), "{said}");
    assert!(slow.verify().is_err());
}
