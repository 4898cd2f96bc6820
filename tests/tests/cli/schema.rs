//! JSON Schemas: documents of the draft they name, which take the values of a type and no others.

use std::fs;
use std::path::PathBuf;

use jsonschema::Validator;
use plugin_tests::package::Package;
use plugin_tests::root;
use serde_json::{Value, json};

use crate::{Ended, edit, plugin_gen};

/// A package with the contract of every type.
fn echo() -> Package {
    let package = Package::new("schema", "2024", "plugin-contracts = { path = \"ROOT/contracts\" }");
    let source = fs::read_to_string(root().join("tests/fixtures/contracts/src/echo.rs")).unwrap();
    package.write("src/lib.rs", "//! It.\npub mod echo;\n");
    package.write("src/echo.rs", &source);
    package
}

fn generate(package: &Package, words: &[&str]) -> Ended {
    plugin_gen(package.directory(), &[&["generate"], words].concat())
}

fn written(package: &Package) -> PathBuf {
    package.directory().join("schema/test.echo.json")
}

/// The document, with one of its definitions to hold values against.
fn validator(document: &Value, definition: &str) -> Validator {
    assert!(document["$defs"][definition].is_object(), "there is no `{definition}`");
    let mut document = document.clone();
    document["$ref"] = format!("#/$defs/{definition}").into();
    jsonschema::draft202012::new(&document).unwrap_or_else(|error| panic!("{definition}: {error}"))
}

#[test]
fn values_of_each_type_are_told_from_others() {
    let package = echo();
    generate(&package, &["json-schema"]).code(0).says(&["Generated schema/test.echo.json"]);
    let text = fs::read_to_string(written(&package)).unwrap();
    let document: Value = serde_json::from_str(&text).expect("it is JSON");
    jsonschema::draft202012::meta::validate(&document).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(document["$schema"], "https://json-schema.org/draft/2020-12/schema");
    assert_eq!(document["$id"], "urn:plugin-contract:test.echo:1.0.0");
    // The largest and the smallest numbers stand there to the last digit.
    for limit in [u128::MAX.to_string(), i128::MIN.to_string(), u64::MAX.to_string()] {
        assert!(text.contains(&format!(": {limit}")), "{limit}");
    }
    let pair = || json!([7, "seven"]);
    let named = || json!({ "small": 255, "text": "", "flag": true, "large": 0, "letter": "ß", "nothing": null, "pair": pair(), "bytes": [0, 255] });
    let without = |key: &str| {
        let mut value = named();
        value.as_object_mut().unwrap().remove(key);
        value
    };
    let with = |key: &str, other: Value| {
        let mut value = named();
        value[key] = other;
        value
    };
    let chain = json!({ "value": 1, "next": { "value": 2, "next": null } });
    let cases: Vec<(&str, Vec<Value>, Vec<Value>)> = vec![
        (
            "u8.result",
            vec![json!(0), json!(255)],
            vec![json!(256), json!(-1), json!(1.5), json!("1"), json!(null)],
        ),
        ("u64.result", vec![json!(u64::MAX)], vec![json!(-1), json!(2e19)]),
        ("i64.result", vec![json!(i64::MIN), json!(i64::MAX)], vec![json!(u64::MAX), json!(-1e19)]),
        ("u128.result", vec![json!(u64::MAX), json!(1e38)], vec![json!(-1), json!(4e38)]),
        ("i128.result", vec![json!(i64::MIN), json!(-1e38)], vec![json!(2e38), json!(-2e38)]),
        ("i8.result", vec![json!(-128), json!(127)], vec![json!(128), json!(-129)]),
        ("f32.result", vec![json!(0.5), json!(-3e38)], vec![json!(1e39), json!("0.5")]),
        ("f64.result", vec![json!(1e300), json!(3)], vec![json!(null), json!("NaN")]),
        ("bool.result", vec![json!(true)], vec![json!(1), json!("true")]),
        ("char.result", vec![json!("ß"), json!("🦀")], vec![json!(""), json!("ab"), json!(97)]),
        ("unit.result", vec![json!(null)], vec![json!([]), json!({})]),
        ("unit.arguments", vec![json!({})], vec![json!({ "value": 1 }), json!(null)]),
        (
            "u8.arguments",
            vec![json!({ "value": 1 })],
            vec![json!({}), json!({ "value": 1, "more": 1 }), json!(1)],
        ),
        (
            "many.arguments",
            vec![
                json!({ "a": 1, "b": 2, "c": true, "d": 0.5, "e": -1, "f": "x", "g": "", "h": [65535], "i": "High" }),
            ],
            vec![
                json!({ "a": 1, "b": 2, "c": true, "d": 0.5, "e": -1, "f": "x", "g": "", "h": [65536], "i": "High" }),
            ],
        ),
        ("bytes.result", vec![json!([]), json!([0, 255])], vec![json!([256]), json!("AA=="), json!([null])]),
        ("maybe.result", vec![json!(null), json!("it")], vec![json!(1), json!(["it"])]),
        (
            "results.result",
            vec![json!([{ "Ok": "it" }, { "Err": "Low" }])],
            vec![json!([{ "Ok": 1 }]), json!([{ "Ok": "it", "Err": "Low" }]), json!([{}]), json!(["it"])],
        ),
        (
            "Level",
            vec![json!("Low"), json!("Middle"), json!("High")],
            vec![json!("low"), json!(3), json!({ "Low": null })],
        ),
        ("Unit", vec![json!(null)], vec![json!(1)]),
        (
            "Pair",
            vec![pair()],
            vec![json!([7]), json!(["seven", 7]), json!([7, "seven", 7]), json!({ "0": 7, "1": "seven" })],
        ),
        (
            "Named",
            vec![named()],
            vec![
                without("small"),
                without("nothing"),
                with("small", json!(256)),
                with("more", json!(1)),
                with("pair", json!([7])),
            ],
        ),
        (
            "Shape",
            vec![
                json!("Empty"),
                json!({ "Circle": 0.5 }),
                json!({ "Line": [-1, pair()] }),
                json!({ "Box": { "width": 1, "label": null } }),
                json!({ "Tree": { "name": "root", "children": [{ "name": "leaf", "children": [] }] } }),
            ],
            vec![
                json!("Circle"),
                json!({ "Circle": "wide" }),
                json!({ "Line": [-1] }),
                json!({ "Box": { "width": 1 } }),
                json!({ "Square": 1 }),
                json!({ "Circle": 0.5, "Empty": null }),
                json!({ "Tree": { "name": "root", "children": [{ "name": "leaf" }] } }),
            ],
        ),
        (
            "Remark",
            vec![
                json!("Empty"),
                json!({ "Unknown": 7 }),
                json!({ "Reply": { "to": pair(), "remarks": ["Empty", { "Unknown": 0 }] } }),
            ],
            vec![
                json!("Unknown"),
                json!({ "Unknown": -1 }),
                json!({ "Unknown": "Later" }),
                json!({ "Reply": { "to": pair(), "remarks": ["Full"] } }),
            ],
        ),
        (
            "Options",
            vec![
                json!({ "small": 1, "name": "it" }),
                json!({ "small": 1, "name": "it", "wide": null, "remarks": [] }),
                json!({ "small": 1, "name": "it", "wide": 5, "later": true }),
            ],
            vec![
                json!({ "small": 1 }),
                json!({ "small": 1, "name": "it", "wide": "5" }),
                json!({ "small": 1, "name": "it", "remarks": null }),
            ],
        ),
        (
            "Chain",
            vec![chain.clone()],
            vec![json!({ "value": 1 }), json!({ "value": 1, "next": { "value": 2 } })],
        ),
        (
            "pairs.result",
            vec![json!([[1, "one"]])],
            vec![json!([[1]]), json!([[1, 2]]), json!({ "1": "one" })],
        ),
        (
            "array.result",
            vec![json!(vec![1; 16])],
            vec![json!(vec![1; 15]), json!(vec![1; 17]), json!(vec![256; 16])],
        ),
        (
            "duration.result",
            vec![json!({ "secs": 1, "nanos": 999_999_999 })],
            vec![json!({ "secs": 1, "nanos": 1_000_000_000 }), json!({ "secs": 1 }), json!(1.5)],
        ),
        (
            "time.result",
            vec![json!({ "secs_since_epoch": 1, "nanos_since_epoch": 0 })],
            vec![json!({ "secs": 1, "nanos": 0 })],
        ),
        ("path.result", vec![json!("/tmp/it")], vec![json!(["tmp"])]),
        (
            "sockets.result",
            vec![json!(["127.0.0.1:80", "[::1]:443"])],
            vec![json!(["127.0.0.1"]), json!(["::1:443x"]), json!([80])],
        ),
        (
            "map.result",
            vec![json!({}), json!({ "key": [1] })],
            vec![json!({ "key": [256] }), json!([["key", [1]]])],
        ),
        (
            "hash_map.result",
            vec![json!([[1, null], [2, "two"]])],
            vec![json!({ "1": null }), json!([["1", null]]), json!([[1]])],
        ),
        (
            "hash_set.result",
            vec![json!([[1, 2, 3, 4]])],
            vec![json!([[1, 2, 3]]), json!([[1, 2, 3, 4], [1, 2, 3, 4]])],
        ),
        (
            "maps.result",
            vec![json!({ "Err": [[1, "Low"]] })],
            vec![json!({ "Err": [["1", "Low"]] }), json!({ "Ok": {} })],
        ),
        (
            "Maps",
            vec![
                json!({ "ordered": { "a": [[1, chain]] }, "hashed": [[[1, "a"], null], [[2, "b"], ["x"]]], "boxed": ["/a"], "maybe": [["::1", { "Ok": "" }]], "both": [[[1, 2]], []] }),
            ],
            vec![json!({ "ordered": {}, "hashed": [], "boxed": [], "maybe": null, "both": [[]] })],
        ),
    ];
    for (definition, good, bad) in cases {
        let validator = validator(&document, definition);
        for value in good {
            assert!(validator.is_valid(&value), "`{definition}` does not take {value}");
        }
        for value in bad {
            assert!(!validator.is_valid(&value), "`{definition}` takes {value}");
        }
    }
    // Everything that is defined can be held against values.
    for definition in document["$defs"].as_object().unwrap().keys() {
        validator(&document, definition);
    }
}

#[allow(dead_code, unreachable_pub, reason = "its types are what matters")]
#[path = "../../fixtures/contracts/src/plain.rs"]
mod plain;

#[test]
fn plain_data_is_what_a_recording_writes() {
    let package = Package::new("plain", "2024", "plugin-contracts = { path = \"ROOT/contracts\" }");
    let source = fs::read_to_string(root().join("tests/fixtures/contracts/src/plain.rs")).unwrap();
    package.write("src/lib.rs", "//! It.\npub mod plain;\n");
    package.write("src/plain.rs", &source);
    let said = generate(&package, &["json-schema"]).code(0);
    assert!(!said.stderr.contains("`Sample`"), "{said:#?}");
    let text = fs::read_to_string(package.directory().join("schema/fixture.samples.json")).unwrap();
    let document: Value = serde_json::from_str(&text).expect("it is JSON");
    let sample = plain::Sample { time: 7, at: plain::Point([0.5, 1.0, -2.0]), value: 0.25 };
    let sample = plugin_abi::json::write(&sample).unwrap();
    assert_eq!(sample, json!({ "time": 7, "at": [0.5, 1.0, -2.0], "value": 0.25 }));
    let with = |key: &str, value: Value| {
        let mut other = sample.clone();
        other[key] = value;
        other
    };
    let takes = |definition: &str, value: &Value| validator(&document, definition).is_valid(value);
    assert!(takes("Sample", &sample) && takes("Point", &sample["at"]));
    assert!(takes("make.result", &json!([sample])) && takes("largest.result", &json!(null)));
    assert!(takes("shift.arguments", &json!({ "sample": sample, "by": [0, 0, 0] })));
    for wrong in [
        with("time", json!(-1)),
        with("at", json!([1.0, 2.0])),
        with("value", json!("1")),
        with("more", json!(1)),
        json!([7, [0, 0, 0], 1]),
    ] {
        assert!(!takes("Sample", &wrong), "{wrong}");
    }
}

#[test]
fn a_checked_in_schema_is_current_or_stale() {
    let package = echo();
    generate(&package, &["--check"]).code(0);
    generate(&package, &["json-schema", "--check"])
        .code(1)
        .says(&["[PC206] schema/test.echo.json is missing", "`cargo plugin-gen generate json-schema`"]);
    generate(&package, &["json-schema"]).code(0).says(&["Generated"]);
    let first = fs::read(written(&package)).unwrap();
    generate(&package, &["json-schema"]).code(0).says(&["Unchanged"]);
    generate(&package, &["--check"]).code(0);
    assert_eq!(fs::read(written(&package)).unwrap(), first);

    // An alias is what it stands for: the schema is of what was compiled, not of what was written.
    let source = package.directory().join("src/echo.rs");
    edit(&source, "/// As many as cross", "/// An alias.\npub type Small = u8;\n\n/// As many as cross");
    edit(
        &source,
        "    pub small: u8,\n    /// Text.\n    pub text",
        "    pub small: Small,\n    /// Text.\n    pub text",
    );
    generate(&package, &["--check"]).code(0);
    edit(&source, "pub type Small = u8", "pub type Small = u16");
    let stale = generate(&package, &["--check"]).code(1).says(&["[PC206] schema/test.echo.json is stale"]);
    assert!(stale.stdout.contains("65535"), "{stale:#?}");
    generate(&package, &[]).code(0).says(&["Generated"]);
    generate(&package, &["--check"]).code(0);

    edit(&source, "pub type Small = u16", "pub type Small = Smaller");
    generate(&package, &["json-schema", "--check"])
        .code(101)
        .says(&["does not build: what its schemas are cannot be told"]);
}

#[test]
fn a_schema_whose_contract_is_gone_is_reported() {
    let package = echo();
    generate(&package, &["json-schema"]).code(0);
    let directory = written(&package).parent().unwrap().to_owned();
    // Somebody else's, which is nobody's business.
    fs::write(directory.join("other.json"), "{ \"$id\": \"urn:other\" }").unwrap();
    fs::write(directory.join("notes.json"), "no JSON").unwrap();
    generate(&package, &["json-schema", "--check"]).code(0);
    edit(&package.directory().join("src/echo.rs"), "\"test.echo\"", "\"test.shout\"");
    let gone = "[PC206] schema/test.echo.json is of a contract that is gone";
    for words in [&["--check"][..], &["json-schema", "--check"]] {
        let said = generate(&package, words).code(1).says(&[gone, "delete it, or bring the contract back"]);
        assert!(!said.stderr.contains("other.json") && !said.stderr.contains("notes.json"), "{said:#?}");
    }
    let said = plugin_gen(package.directory(), &["check"]).code(1);
    said.says(&["schema/test.echo.json is of a contract that is gone", "`rm schema/test.echo.json`"]);
    generate(&package, &["json-schema"])
        .code(0)
        .says(&["Generated schema/test.shout.json", "schema/test.echo.json is of a contract that is gone"]);
    assert!(written(&package).exists(), "it is not ours to delete");
    fs::remove_file(written(&package)).unwrap();
    generate(&package, &["json-schema", "--check"]).code(0);
}
