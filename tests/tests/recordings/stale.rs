//! Recordings that are damaged, or of another form of their contract: where it stands, what is wrong, what to do.

use std::fs;

use plugin_contracts::mock::Mock as _;
use store_contract::{MockStore, Store as _};

use crate::rig::MockRig;
use crate::{file, panic_of, recorded_store};

/// What is said of a recording of a store that was changed like this, without its path.
#[track_caller]
fn said(change: impl FnOnce(String) -> String) -> String {
    let (_directory, path) = file();
    recorded_store(&path);
    let text = change(fs::read_to_string(&path).unwrap());
    fs::write(&path, text).unwrap();
    let error = MockStore::replay(&path).err().expect("it does not fit").to_string();
    error.strip_prefix(&path.display().to_string()).expect("the path stands first").to_owned()
}

#[test]
fn a_line_that_was_cut_short_is_named() {
    let error = said(|text| text[..text.len() - 10].to_owned());
    assert!(error.starts_with(":7: expected a call as JSON: EOF while parsing"), "{error}");
    assert!(error.ends_with("remove the line, or record it again"), "{error}");
    let error = said(|text| text.replace("{\"args\":{\"key\":\"c\"}", "{\"args\":{\"key\":c}"));
    assert!(error.starts_with(":4: expected a call as JSON: expected value at line 1"), "{error}");
}

#[test]
fn what_is_no_recording_is_refused() {
    for text in ["", "{}\n", "no JSON\n", "{\"recording\":\"1\"}", "[1]"] {
        let error = said(|_| text.to_owned());
        assert_eq!(
            error, ":1: expected a recording, which begins with {\"recording\":1,…}, found something else",
            "{text}"
        );
    }
    let error = said(|text| text.replacen("\"recording\":1", "\"recording\":2", 1));
    assert_eq!(error, ":1: a recording of form 2, and this reads 1: record it again");
}

#[test]
fn a_recording_is_of_one_contract() {
    let (_directory, path) = file();
    recorded_store(&path);
    let error = MockRig::replay(&path).err().unwrap().to_string();
    assert!(
        error.ends_with(":1: expected a recording of `fixture.rig`, found one of `acme.store`"),
        "{error}"
    );
}

#[test]
fn a_method_that_is_gone_is_named() {
    let error = said(|text| text.replace("\"method\":\"scan\"", "\"method\":\"list\""));
    assert_eq!(
        error,
        ":7: `acme.store` 1.1.0 has no method `list`: the recording is of 1.1.0\n  record it again, or remove the line"
    );
}

#[test]
fn a_method_of_another_signature_is_named() {
    let error = said(|text| {
        let text = text.replacen("fn delete(&self, key: &str)", "fn delete(&self, key: u64)", 1);
        let at = text.find("\"delete\":{\"fingerprint\":\"").unwrap() + 25;
        let mut text = text;
        text.replace_range(at..at + 4, "0000");
        text + "{\"args\":{\"key\":1},\"method\":\"delete\",\"result\":{\"Ok\":true}}\n"
    });
    assert!(
        error.starts_with(
            ":8: `delete` was recorded as `fn delete(&self, key: u64) -> Result<bool, StoreError>`"
        ),
        "{error}"
    );
    assert!(
        error.contains("and is `fn delete(&self, key: &str) -> Result<bool, StoreError>`\n  record it again"),
        "{error}"
    );
}

#[test]
fn what_changed_and_was_not_called_does_not_matter() {
    let (_directory, path) = file();
    recorded_store(&path);
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replacen("\"delete\":", "\"remove\":", 1)).unwrap();
    assert!(MockStore::replay(&path).is_ok());
}

#[test]
fn lines_without_a_method_or_a_result_are_named() {
    assert_eq!(said(|text| text + "{}\n"), ":8: expected a call, which has a `method`: record it again");
    let error = said(|text| text + "{\"method\":\"get\",\"args\":{}}\n");
    assert_eq!(error, ":8: the call has no `result`: record it again");
}

#[test]
fn a_result_of_another_type_is_told_when_it_is_asked_for() {
    let (_directory, path) = file();
    recorded_store(&path);
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace("{\"Ok\":[1,2]}", "{\"Ok\":[1,256]}")).unwrap();
    let store = MockStore::replay(&path).unwrap();
    let said = panic_of(|| store.get("a/b"));
    let place = path.display();
    assert_eq!(
        said,
        format!(
            "MockStore: {place}:3: what `get` returned is no such value: result.Ok[1]: expected an integer from 0 to 255, found 256\n  record it again"
        )
    );
    assert!(store.verify().is_err());
}

#[test]
fn a_file_that_is_not_there_is_to_be_recorded() {
    let (_directory, path) = file();
    let error = MockStore::replay(&path).err().unwrap().to_string();
    assert!(error.contains("calls.jsonl: No such file") && error.contains("record it first"), "{error}");
}
