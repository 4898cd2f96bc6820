//! Values that are sent, there and back.

use std::collections::HashMap;

use plugin_contracts::{Buf, Sink, Text};
use plugin_tests::{fixture, plugin};
use store_contract::{Store, conformance};

use crate::echo::{Echo, Level, Named, Options, Pair, Remark, Shape, Tree};
use crate::foreign::Foreign;
use crate::pour::Pour;
use crate::{given, watched};

#[test]
fn a_store_conforms_and_loses_nothing() {
    watched("sent::child_conforms", &plugin("memory"));
}

#[test]
#[ignore = "a child of `a_store_conforms_and_loses_nothing`"]
fn child_conforms() {
    let Some(store) = given::<dyn Store>() else { return };
    conformance::run(&*store);
    store.close().unwrap();
}

#[test]
fn types_of_other_crates_cross_without_a_byte_lost() {
    watched("sent::child_sends_foreign_types", &fixture("foreign"));
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
fn every_type_crosses_without_a_byte_lost() {
    watched("sent::child_sends_every_type", &fixture("echo"));
}

#[test]
fn every_type_crosses_in_lent_memory_without_a_byte_lost() {
    watched("sent::child_sends_every_type", &fixture("lent-echo"));
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
