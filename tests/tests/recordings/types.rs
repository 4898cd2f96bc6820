//! Values of every type, recorded of a loaded plugin: they are what the schema says, and are read back as they were.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fs;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use plugin_abi::json::{read, write};
use plugin_contracts::mock::Mock as _;
use plugin_contracts::{PluginType, Text};
use plugin_host::Plugin;
use plugin_tests::package::Package;
use plugin_tests::{child, fixture, mock, root};
use serde_json::{Value, json};

use crate::echo::{
    Chain, Echo, Level, Maps, MockEcho, Moments, Named, Options, Pair, Products, Remark, Shape, Tree, Unit,
};
use crate::{file, lines};

/// The JSON Schema of `test.echo`, as the command line prints it.
fn schema() -> Value {
    let package = Package::new("recorded", "2024", "plugin-contracts = { path = \"ROOT/contracts\" }");
    let source = fs::read_to_string(root().join("tests/fixtures/contracts/src/echo.rs")).unwrap();
    package.write("src/lib.rs", "//! It.\npub mod echo;\n");
    package.write("src/echo.rs", &source);
    let mut command = Command::new(mock::binary());
    command.args(["generate", "json-schema", "--offline"]).current_dir(package.directory());
    command.env("CARGO_TARGET_DIR", plugin_tests::target().join("outside"));
    let output = command.output().expect("the command line starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = fs::read_to_string(package.directory().join("schema/test.echo.json")).expect("it was written");
    serde_json::from_str(&text).expect("it is JSON")
}

fn pair() -> Pair {
    Pair(7, "sieben \u{1f980}".to_owned())
}

fn named() -> Named {
    Named {
        small: 255,
        text: "\"\\\n\0".to_owned(),
        flag: true,
        large: u64::MAX.into(),
        letter: 'ß',
        nothing: (),
        pair: pair(),
        bytes: vec![0, 255],
    }
}

fn tree() -> Tree {
    let leaf = |name: &str| Tree { name: name.to_owned(), children: vec![] };
    Tree {
        name: "root".to_owned(),
        children: vec![leaf("a"), Tree { name: "b".to_owned(), children: vec![leaf("c")] }],
    }
}

fn shapes() -> Vec<Shape> {
    vec![
        Shape::Empty,
        Shape::Circle(-0.5),
        Shape::Line(-3, pair()),
        Shape::Box { width: 4, label: Some("l".to_owned()) },
        Shape::Box { width: 0, label: None },
        Shape::Tree(tree()),
    ]
}

fn remarks() -> Vec<Remark> {
    let inner = vec![Remark::Empty, Remark::Text("t".to_owned()), Remark::Unknown(77)];
    vec![Remark::Reply { to: pair(), remarks: inner }, Remark::Empty]
}

fn options() -> Options {
    Options { small: 1, name: "n".to_owned(), wide: Some(5), remarks: remarks() }
}

fn chain() -> Chain {
    Chain { value: 1, next: Some(Box::new(Chain { value: 2, next: None })) }
}

fn products() -> Products {
    Products {
        pair: (1, (2, "3".to_owned())),
        maybe: (Some(4), Err(Level::High)),
        key: [9; 16],
        texts: [None, Some(String::new()), Some("x".to_owned())],
        boxes: (false, [Box::new(Shape::Empty), Box::new(Shape::Circle(1.0))]),
    }
}

fn moments() -> Moments {
    Moments {
        took: Duration::new(1, 999_999_999),
        at: Some(UNIX_EPOCH + Duration::new(1_700_000_000, 5)),
        path: PathBuf::from("/a/b c"),
        addresses: (IpAddr::V4(Ipv4Addr::LOCALHOST), Ipv4Addr::new(1, 2, 3, 4), Ipv6Addr::LOCALHOST),
        to: Ok("[::1]:80".parse().unwrap()),
    }
}

fn maps() -> Maps {
    Maps {
        ordered: BTreeMap::from([("k".to_owned(), BTreeMap::from([(1, Box::new(chain()))]))]),
        hashed: HashMap::from([
            ((1, "a".to_owned()), Some(BTreeSet::from(["x".to_owned()]))),
            ((2, "b".to_owned()), None),
        ]),
        boxed: Box::new(HashSet::from([PathBuf::from("p"), PathBuf::from("q")])),
        maybe: Some(HashMap::from([(IpAddr::V6(Ipv6Addr::UNSPECIFIED), Err(Level::Low))])),
        both: [BTreeSet::from([[1, 2], [3, 4]]), BTreeSet::new()],
    }
}

/// Calls many methods, and says what came of it.
fn calls(echo: &dyn Echo) -> Vec<String> {
    let mut said = Vec::new();
    macro_rules! call {
        ($($method:ident($($value:expr),*);)*) => { $(said.push(format!("{:?}", echo.$method($($value),*)));)* };
    }
    call! {
        u8(255);
        u64(u64::MAX);
        i64(i64::MIN);
        u128(u64::MAX.into());
        i128(i64::MIN.into());
        f32(0.1);
        f64(1.0e-300);
        bool(true);
        char('\u{10ffff}');
        unit();
        many(1, 2, true, 0.5, -1, 'x', "g", &[1, 65535], Level::Middle);
        text("zeilen\n");
        owned("o".to_owned());
        bytes(&[0, 1, 255]);
        words(&[i64::MIN, 0]);
        wide(&[1]);
        texts(vec![vec!["a".to_owned()], vec![]]);
        maybe(Some(Some("m".to_owned())));
        maybe(None);
        results(vec![Ok("r".to_owned()), Err(Level::Low)]);
        nothings(vec![(), ()]);
        empty(Unit);
        named(named());
        shapes(shapes());
        remarks(remarks());
        options(options());
        chain(Box::new(chain()));
        maybe_boxed(Some(Box::new(Err(Box::new(3)))));
        pairs(vec![(1, "p".to_owned())]);
        twelve((1, 2, true, 4, 'c', 6, -7, 8, (), "s".to_owned(), -11, None));
        lent_pair(("l", &[1, 2]));
        array([3; 16]);
        grid([[Some('a'), None, Some('b')], [None; 3]]);
        products(products());
        duration(Duration::new(5, 6));
        time(UNIX_EPOCH + Duration::from_millis(1500));
        path(PathBuf::from("a/b"));
        sockets(vec!["1.2.3.4:5".parse().unwrap()]);
        moments(moments());
        map(BTreeMap::from([("k".to_owned(), vec![1, 2])]));
        hash_map(HashMap::from([(5, Some("five".to_owned()))]));
        set(BTreeSet::from([(1, "s".to_owned())]));
        hash_set(HashSet::from([[1, 2, 3, 4]]));
        lent_map(BTreeMap::from([("k", [7_u16].as_slice())]));
        buf(b"buf".to_vec().into());
        views(HashMap::from([(Text::from("t".to_owned()), vec![b"v".to_vec().into()])]));
    }
    said.push(format!("{:?}", echo.maps(maps()).map(|found| found == maps())));
    said
}

#[test]
fn lines_are_what_the_schema_says() {
    let (_directory, path) = file();
    // SAFETY: the file is built by this test.
    let plugin = unsafe { Plugin::<dyn Echo>::load(fixture("echo")) }.unwrap();
    let spy = MockEcho::recording(plugin.into_box(), &path).unwrap();
    let said = calls(&spy);
    let schema = schema();
    let lines = lines(&path);
    assert_eq!(lines.len(), said.len(), "each call is a line");
    for line in &lines {
        assert!(line["unrecorded"].is_null(), "{line}");
        let method = line["method"].as_str().unwrap();
        for (part, definition) in [("args", "arguments"), ("result", "result")] {
            let definition = format!("{method}.{definition}");
            assert!(schema["$defs"][&definition].is_object(), "there is no `{definition}`");
            let mut document = schema.clone();
            document["$ref"] = format!("#/$defs/{definition}").into();
            let validator = jsonschema::draft202012::new(&document).unwrap();
            if let Err(error) = validator.validate(&line[part]) {
                panic!("{definition}: {error}: {line}");
            }
        }
    }
    let replayed = MockEcho::replay(&path).unwrap();
    assert_eq!(calls(&replayed), said);
    assert_eq!(replayed.verify(), Ok(()));
}

#[track_caller]
fn there_and_back<T: PluginType + PartialEq + std::fmt::Debug>(value: &T) {
    let json = write(value).unwrap_or_else(|error| panic!("{value:?}: {error}"));
    let text: Value = serde_json::from_str(&json.to_string()).unwrap();
    assert_eq!(read::<T>(&text).as_ref(), Ok(value), "{text}");
}

#[test]
fn types_of_other_crates_are_read_back() {
    use crate::foreign::{Event, Head};
    let event = Event {
        id: uuid::Uuid::from_u128(7),
        at: jiff::Timestamp::from_second(1_700_000_000).unwrap(),
        took: jiff::SignedDuration::new(-5, -6),
        zoned: Some("2024-06-19T15:22:45-04:00[America/New_York]".parse().unwrap()),
        date: jiff::civil::date(2024, 2, 29),
        time: jiff::civil::time(1, 2, 3, 4),
        both: jiff::civil::datetime(1999, 12, 31, 23, 59, 59, 0),
        content: json!({ "a": [1, null, { "b": 0.5 }] }),
        bytes: bytes::Bytes::from_static(&[1, 2]),
        parts: BTreeMap::from([(uuid::Uuid::max(), vec![json!(1)])]),
    };
    there_and_back(&event);
    let head = Head {
        method: http::Method::PATCH,
        uri: "https://example.org/a?b".parse().unwrap(),
        status: http::StatusCode::IM_A_TEAPOT,
        version: http::Version::HTTP_2,
        header: (http::header::ACCEPT, http::HeaderValue::from_static("*/*")),
        headers: http::HeaderMap::from_iter([(http::header::HOST, http::HeaderValue::from_static("h"))]),
    };
    there_and_back(&head);
}

#[test]
fn what_json_cannot_say_is_refused_by_name() {
    let error = |error: plugin_abi::json::NoJson| error.to_string();
    assert_eq!(write(&[1.0, f64::NAN]).map_err(error), Err("[1]: JSON has no number for NaN".to_owned()));
    let before = UNIX_EPOCH - Duration::from_secs(1);
    assert_eq!(write(&(1_u8, before)).map_err(error), Err(".1: JSON has no time before 1970".to_owned()));
    let wide = write(&Some(u128::MAX)).map_err(error);
    assert_eq!(wide, Err(format!("JSON has no number for {}", u128::MAX)));
    let path = <std::ffi::OsString as std::os::unix::ffi::OsStringExt>::from_vec(vec![0xff]);
    assert_eq!(write(&PathBuf::from(path)).map_err(error), Err("it is not UTF-8, as JSON is".to_owned()));
    let line: Box<dyn crate::rig::Line> = Box::new(crate::rig::MockLine::lenient());
    let said = write(&line).map_err(error).unwrap_err();
    assert!(
        said.contains("Line>` has no JSON: what is lent, called or waited for in it is no data"),
        "{said}"
    );
}

#[test]
fn json_that_is_no_value_is_refused_with_its_place() {
    fn said<T: PluginType>(json: Value) -> String {
        match read::<T>(&json) {
            Ok(_) => panic!("{json} is a value"),
            Err(error) => error.to_string(),
        }
    }
    assert_eq!(said::<u8>(json!(256)), "expected an integer from 0 to 255, found 256");
    assert_eq!(said::<i8>(json!(1.5)), "expected an integer from -128 to 127, found 1.5");
    assert_eq!(said::<Vec<u16>>(json!([1, "2"])), "[1]: expected an integer from 0 to 65535, found \"2\"");
    assert_eq!(said::<String>(json!(null)), "expected a string, found null");
    assert_eq!(said::<char>(json!("ab")), "expected a character, found \"ab\"");
    assert_eq!(said::<[u8; 2]>(json!([1])), "expected 2 items, found 1");
    assert_eq!(said::<(u8, bool)>(json!([1, 1])), ".1: expected true or false, found 1");
    assert_eq!(
        said::<Result<u8, bool>>(json!({ "Maybe": 1 })),
        "expected {\"Ok\": …} or {\"Err\": …}, found {\"Maybe\":1}"
    );
    assert_eq!(
        said::<Level>(json!("Medium")),
        "`Level` has no variant `Medium`; there are: Low, Middle, High"
    );
    assert_eq!(said::<Shape>(json!({ "Empty": null })), "expected \"Empty\", found {\"Empty\":null}");
    assert_eq!(said::<Shape>(json!("Circle")), "expected {\"Circle\": …}, found \"Circle\"");
    assert_eq!(
        said::<Shape>(json!({ "Box": { "width": -1, "label": null } })),
        ".Box.width: expected an integer from 0 to 4294967295, found -1"
    );
    assert_eq!(said::<Chain>(json!({ "value": 1 })), "the field `next` of `Chain` is missing");
    assert_eq!(said::<Chain>(json!({ "value": 1, "next": null, "more": 1 })), "`Chain` has no field `more`");
    assert_eq!(said::<Options>(json!({ "small": 1 })), "the field `name` of `Options` is missing");
    assert_eq!(
        said::<Options>(json!({ "small": 1, "name": "", "remarks": [] })),
        "`remarks` is there and `wide` before it is not"
    );
    assert_eq!(
        said::<Duration>(json!({ "secs": 1, "nanos": 1_000_000_000 })),
        "expected {\"secs\": …, \"nanos\": …}, found {\"nanos\":1000000000,\"secs\":1}"
    );
    assert_eq!(said::<IpAddr>(json!("1.2.3")), "expected an IP address, found \"1.2.3\"");
    assert_eq!(said::<BTreeMap<u8, u8>>(json!([[1, 2], [3]])), "expected a pair, found [3]");
    assert_eq!(
        said::<BTreeSet<u8>>(json!([1, 1])),
        "it is no value that crosses: a key of a `BTreeSet` came twice"
    );
    assert_eq!(said::<Vec<String>>(json!(["freed", 1])), "[1]: expected a string, found 1");
}

#[test]
fn what_may_grow_is_read_from_older_and_newer_sides() {
    let older: Options = read(&json!({ "small": 1, "name": "n" })).unwrap();
    assert_eq!(older, Options { small: 1, name: "n".to_owned(), wide: None, remarks: vec![] });
    let newer: Options =
        read(&json!({ "small": 1, "name": "n", "wide": 2, "remarks": [], "later": true })).unwrap();
    assert_eq!(newer.wide, Some(2));
    assert_eq!(read::<Remark>(&json!({ "Unknown": 9 })), Ok(Remark::Unknown(9)));
    there_and_back(&SystemTime::UNIX_EPOCH);
    there_and_back(&remarks());
    there_and_back(&options());
    there_and_back(&maps());
}

#[test]
fn nothing_is_lost_on_the_way_to_json_and_back() {
    if let Some(mut child) = child::watched(child::command("types::child_walks")) {
        let _ = child::run(&mut child);
    }
}

#[test]
#[ignore = "a child of `nothing_is_lost_on_the_way_to_json_and_back`"]
fn child_walks() {
    what_may_grow_is_read_from_older_and_newer_sides();
    json_that_is_no_value_is_refused_with_its_place();
    types_of_other_crates_are_read_back();
    for shape in shapes() {
        there_and_back(&shape);
    }
    there_and_back(&products());
    there_and_back(&moments());
    there_and_back(&named());
    there_and_back(&chain());
    // Bytes that a receiver leaves where they are outlive what they were made of.
    let kept: Text = read(&json!("kept")).unwrap();
    let bytes: bytes::Bytes = read(&json!([1, 2, 3])).unwrap();
    assert_eq!((&*kept, &bytes[..]), ("kept", &[1_u8, 2, 3][..]));
}
