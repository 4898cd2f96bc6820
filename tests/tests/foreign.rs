//! Types of the crates that people use in signatures: they cross whole, and what their own crate would not read is refused.

#[allow(missing_docs, reason = "documented where they are declared")]
#[path = "../fixtures/contracts/src/foreign.rs"]
pub mod foreign;

use std::collections::BTreeMap;

use bytes::{Bytes, BytesMut};
use foreign::{Event, Foreign, Head, Mirror, MockForeign};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode, Uri, Version};
use jiff::civil::{Date, DateTime, Time};
use jiff::{SignedDuration, Timestamp, Zoned};
use plugin_abi::wire::RawVec;
use plugin_contracts::PluginType;
use plugin_host::Plugin;
use plugin_tests::fixture;
use serde_json::{Value, json};
use uuid::Uuid;

fn both() -> [Plugin<dyn Foreign>; 2] {
    // SAFETY: the file is built by this test.
    [unsafe { Plugin::load(fixture("foreign")) }.unwrap(), Plugin::linked(Mirror::default())]
}

fn event(at: Timestamp) -> Event {
    let content = json!({ "text": "ß", "numbers": [1, -1, 0.1, 1e300, u64::MAX, 5e-324], "none": null, "deep": [[[{}]]] });
    Event {
        id: Uuid::from_u128(0x0102_0304_0506_0708_090a_0b0c_0d0e_0f10),
        at,
        took: SignedDuration::new(-3, -5),
        zoned: Some("2026-03-29T03:30:00+02:00[Europe/Berlin]".parse().unwrap()),
        date: Date::constant(-9999, 1, 31),
        time: Time::constant(23, 59, 59, 999_999_999),
        both: DateTime::constant(9999, 12, 31, 1, 2, 3, 4),
        parts: BTreeMap::from([(Uuid::nil(), vec![content.clone(), Value::Null]), (Uuid::max(), Vec::new())]),
        content,
        bytes: Bytes::from_static(b"bytes"),
    }
}

fn headers() -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.append("accept", HeaderValue::from_static("text/html"));
    headers.append("x-raw", HeaderValue::from_bytes(&[0x80, 0xff]).unwrap());
    headers.append("accept", HeaderValue::from_static("*/*"));
    headers
}

fn head() -> Head {
    Head {
        method: Method::from_bytes(b"PURGE").unwrap(),
        uri: Uri::from_static("https://example.org:8080/a%20b?c=d"),
        status: StatusCode::from_u16(299).unwrap(),
        version: Version::HTTP_2,
        header: (HeaderName::from_static("x-one"), HeaderValue::from_static("1")),
        headers: headers(),
    }
}

#[test]
fn everything_comes_back_as_it_was() {
    for plugin in both() {
        for at in [Timestamp::MIN, Timestamp::UNIX_EPOCH, Timestamp::new(-1, -1).unwrap(), Timestamp::MAX] {
            assert_eq!(plugin.event(event(at)), event(at));
        }
        let (event, head) = (event(Timestamp::UNIX_EPOCH), head());
        assert_eq!(plugin.lent(&event, &head), (event.clone(), head.clone()));
        assert_eq!(plugin.head(head.clone()), Ok(head.clone()));
        assert_eq!(
            plugin.head(Head { status: StatusCode::IM_A_TEAPOT, ..head }),
            Err(StatusCode::IM_A_TEAPOT)
        );
        for version in [Version::HTTP_09, Version::HTTP_10, Version::HTTP_11, Version::HTTP_3] {
            assert_eq!(plugin.head(Head { version, ..self::head() }).map(|head| head.version), Ok(version));
        }
    }
}

#[test]
fn messages_cross_with_their_bodies() {
    for plugin in both() {
        let mut request = Request::new(vec![1, 2, 3]);
        *request.headers_mut() = headers();
        *request.version_mut() = Version::HTTP_10;
        let response = plugin.answer(request);
        assert_eq!((response.status(), response.version()), (StatusCode::ACCEPTED, Version::HTTP_10));
        assert_eq!((response.headers(), &**response.body()), (&headers(), &[3, 2, 1][..]));
        let accepted: Vec<_> = response.headers().get_all("accept").iter().collect();
        assert_eq!(accepted, ["text/html", "*/*"]);
        let request = Request::builder().method("PUT").uri("/x").header("a", "b").body(json!([1])).unwrap();
        let expected = json!({ "method": "PUT", "uri": "/x", "headers": 1, "body": [1] });
        assert_eq!(*plugin.json(&request).body(), expected);
        assert_eq!(request.body(), &json!([1]));
    }
}

#[test]
fn bytes_stay_where_they_are_unless_they_are_kept_of_what_was_lent() {
    for plugin in both() {
        let bytes = Bytes::from(vec![7; 5000]);
        let place = bytes.as_ptr().addr() as u64;
        let (back, seen) = plugin.place(bytes);
        assert_eq!((&*back, seen), (&[7; 5000][..], place), "it was not copied on its way there");
        let part = back.slice(10..20);
        drop(back);
        assert_eq!(&*part, [7; 10]);
        let lent = Bytes::from(vec![1, 2]);
        let kept = plugin.keep(&lent);
        drop(lent);
        assert_eq!(&*kept, [1, 2]);
        let mut more = BytesMut::from(&b"more "[..]);
        assert_eq!(&*plugin.grow(BytesMut::from(&b"and more"[..]), &mut more), b"and more!");
        assert_eq!(&*more, b"more and more");
    }
}

#[test]
fn a_mock_sees_them() {
    let mut mock = MockForeign::new();
    mock.expect_answer().returning(|request| Response::new(request.into_body().into()));
    assert_eq!(&**mock.answer(Request::new(vec![1])).body(), [1]);
}

/// What the type says of a form that is none.
fn refused<T: PluginType>(form: T::Abi) -> String {
    // SAFETY: the form owns what it says, and is used once.
    match unsafe { T::from_abi(form) } {
        Ok(_) => "nothing".to_owned(),
        Err(invalid) => invalid.to_string(),
    }
}

fn text(text: &str) -> RawVec<u8> {
    text.to_owned().into_abi()
}

#[test]
fn what_their_own_crate_would_not_read_is_refused() {
    assert_eq!(refused::<Value>(text("{\"a\": }")), "it is no `Value`");
    assert_eq!(refused::<Value>(text("")), "it is no `Value`");
    assert_eq!(refused::<Value>(text("1 2")), "it is no `Value`");
    assert_eq!(refused::<Value>(text(&"[".repeat(1_000_000))), "it is no `Value`");
    assert_eq!(refused::<Value>(vec![b'"', 0xff, b'"'].into_abi()), "the text is not UTF-8");
    assert_eq!(refused::<Method>(text("G T")), "it is no `Method`");
    assert_eq!(refused::<Method>(text("")), "it is no `Method`");
    assert_eq!(refused::<Uri>(text("http://[")), "it is no `Uri`");
    assert_eq!(refused::<HeaderName>(text("a b")), "it is no `HeaderName`");
    assert_eq!(refused::<HeaderValue>(vec![b'a', b'\n'].into_abi()), "it is no `HeaderValue`");
    assert_eq!(refused::<StatusCode>(99), "it is no `StatusCode`");
    assert_eq!(refused::<StatusCode>(1000), "it is no `StatusCode`");
    assert_eq!(refused::<Version>(12), "it is no `Version`");
    let pair = |name: &str, value: &[u8]| (name.to_owned(), value.to_owned());
    assert_eq!(refused::<HeaderMap>(vec![pair("a\0", b"")].into_abi()), "it is no `HeaderName`");
    assert_eq!(refused::<HeaderMap>(vec![pair("a", b"\r\n")].into_abi()), "it is no `HeaderValue`");
    let many: Vec<_> = (0..40_000).map(|number| pair(&format!("x-{number}"), b"")).collect();
    assert_eq!(refused::<HeaderMap>(many.into_abi()), "it is no `HeaderMap`");
    assert_eq!(refused::<Zoned>(text("2026-03-29T03:30:00+02:00[Mars/Olympus]")), "it is no `Zoned`");
    assert_eq!(refused::<Zoned>(text("yesterday")), "it is no `Zoned`");
}

#[test]
fn numbers_that_are_no_time_are_refused() {
    /// Changes the form of a value.
    fn bent<T: PluginType>(value: T, bend: impl FnOnce(&mut T::Abi)) -> String {
        let mut form = value.into_abi();
        bend(&mut form);
        refused::<T>(form)
    }
    assert_eq!(bent(Timestamp::MAX, |form| form.secs += 1), "it is no `Timestamp`");
    assert_eq!(bent(Timestamp::MAX, |form| form.nanos = i32::MAX), "it is no `Timestamp`");
    assert_eq!(bent(SignedDuration::MAX, |form| form.nanos = 1_000_000_000), "it is no `SignedDuration`");
    assert_eq!(bent(SignedDuration::MIN, |form| form.nanos = i32::MIN), "it is no `SignedDuration`");
    assert_eq!(bent(SignedDuration::MAX, |form| form.nanos = -999_999_999), "nothing");
    assert_eq!(bent(SignedDuration::MIN, |form| form.nanos = 999_999_999), "nothing");
    assert_eq!(bent(Date::constant(2026, 2, 28), |form| form.day = 29), "it is no `Date`");
    assert_eq!(bent(Time::MAX, |form| form.hour = 24), "it is no `Time`");
    assert_eq!(bent(DateTime::MAX, |form| form.time.minute = -1), "it is no `Time`");
    assert_eq!(bent(Uuid::nil(), |form| form.items = [0xff; 16]), "nothing");
}
