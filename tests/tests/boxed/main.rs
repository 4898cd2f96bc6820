//! Open enums and sized structs where they arrive: whatever number of fields or variants the other side knows, and
//! whatever nonsense it sends, the answer is a value or a reason, and no byte is lost.

#[allow(missing_docs, reason = "documented where they are declared")]
#[path = "../../fixtures/contracts/src/grow/mod.rs"]
pub mod grow;
mod live;

use std::ptr::null_mut;

use grow::{v1, v2};
use plugin_abi::wire::{Invalid, OpenAbi, PluginType, RawBox, SizedAbi};
use plugin_contracts::PluginType as Derived;
use proptest::collection::vec;
use proptest::prelude::*;

/// Reads a form as a `T` that was made of an `S`, and drops it; nothing may be left.
#[track_caller]
fn arrives<S: PluginType, T: PluginType<Abi = S::Abi>>(sent: S, check: impl FnOnce(&Result<T, Invalid>)) {
    let abi = sent.into_abi();
    receives::<T>(abi, check);
}

#[track_caller]
fn receives<T: PluginType>(abi: T::Abi, check: impl FnOnce(&Result<T, Invalid>)) {
    // SAFETY: the forms of these tests are what the derive made, or say what is wrong with them in numbers and null
    // pointers only; each is used once.
    let found = unsafe { T::from_abi(abi) };
    check(&found);
}

/// Runs a test's body, and holds that it left nothing behind.
#[track_caller]
fn leaving_nothing(work: impl FnOnce()) {
    let ((), left) = live::during(work);
    assert_eq!(left, 0, "bytes are left, or were given back twice");
}

fn moved() -> v2::Event {
    let way = v2::Way { places: vec!["here".to_owned(), "there".to_owned()] };
    v2::Event::Moved { who: "Ada".to_owned(), way }
}

fn limits() -> v2::Limits {
    let notes = vec!["one".to_owned(), "two".to_owned()];
    v2::Limits { owner: "Ada".to_owned(), most: 7, least: 3, notes }
}

#[test]
fn a_variant_that_is_unknown_is_given_back_whole() {
    leaving_nothing(|| {
        arrives::<_, v1::Event>(moved(), |found| assert_eq!(found, &Ok(v1::Event::Unknown(2))));
    });
}

#[test]
fn fields_that_are_unknown_are_given_back() {
    leaving_nothing(|| {
        let known = v1::Limits { owner: "Ada".to_owned(), most: 7 };
        arrives::<_, v1::Limits>(limits(), |found| assert_eq!(found.as_ref(), Ok(&known)));
    });
}

#[test]
fn fields_that_are_missing_are_their_defaults() {
    leaving_nothing(|| {
        let filled = v2::Limits { owner: "Ada".to_owned(), most: 7, least: 0, notes: Vec::new() };
        let sent = v1::Limits { owner: "Ada".to_owned(), most: 7 };
        arrives::<_, v2::Limits>(sent, |found| assert_eq!(found.as_ref(), Ok(&filled)));
    });
}

/// A sender with a byte.
#[derive(Debug, Derived)]
#[plugin(sized)]
pub struct Narrow(pub u8);

/// A receiver with more.
#[derive(Debug, PartialEq, Derived)]
#[plugin(sized)]
pub struct Broad(pub u8, #[plugin(default)] pub u128, #[plugin(default)] pub String);

/// One that has nothing yet.
#[derive(Debug, PartialEq, Derived)]
#[plugin(sized)]
pub struct Bare {}

#[test]
fn fields_of_any_alignment_may_be_missing_and_all_may_be_unknown() {
    leaving_nothing(|| {
        arrives::<_, Broad>(Narrow(5), |found| assert_eq!(found, &Ok(Broad(5, 0, String::new()))));
        arrives::<_, Bare>(Broad(1, 2, "three".to_owned()), |found| assert_eq!(found, &Ok(Bare {})));
        arrives::<_, Bare>(Bare {}, |found| assert_eq!(found, &Ok(Bare {})));
    });
}

#[test]
fn a_field_that_must_be_there_and_is_not_is_told_by_numbers() {
    leaving_nothing(|| {
        arrives::<_, v2::Limits>(Bare {}, |found| {
            let text = found.as_ref().expect_err("nothing arrived").to_string();
            assert_eq!(text, "`Limits` has 2 fields, found 0");
        });
    });
}

/// A sender whose second field is bad where the receiver looks.
#[derive(Debug, Derived)]
#[plugin(sized)]
pub struct Letters(pub String, pub u32, pub String);

/// The receiver: not every number is a letter.
#[derive(Debug, Derived)]
#[plugin(sized)]
pub struct Letter(pub String, pub char, #[plugin(default)] pub String);

/// The same as variants.
#[derive(Debug, Derived)]
#[plugin(open)]
pub enum SendsLetters {
    /// With a number in between.
    Letters(String, u32, String),
    /// Anything else.
    Unknown(u32),
}

/// The receiver of these.
#[derive(Debug, Derived)]
#[plugin(open)]
pub enum TakesLetters {
    /// With a letter in between.
    Letters(String, char, String),
    /// Anything else.
    Unknown(u32),
}

#[test]
fn a_bad_field_loses_none_of_the_others() {
    let text = || "text".to_owned();
    let bad = |found: Option<&Invalid>| assert_eq!(found, Some(&Invalid::Char(0xd800)));
    leaving_nothing(|| {
        arrives::<_, Letter>(Letters(text(), 0xd800, text()), |found| bad(found.as_ref().err()));
        let sent = SendsLetters::Letters(text(), 0xd800, text());
        arrives::<_, TakesLetters>(sent, |found| bad(found.as_ref().err()));
    });
}

#[test]
fn a_known_variant_with_other_fields_is_refused_and_given_back() {
    leaving_nothing(|| {
        for (tag, message) in
            [(0, "`Event::Started` has 0 fields, found 2"), (1, "`Event::Joined` has 1 fields, found 2")]
        {
            let mut abi = moved().into_abi();
            abi.tag = tag;
            receives::<v1::Event>(abi, |found| {
                assert_eq!(found.as_ref().expect_err("its fields are others").to_string(), message);
            });
        }
    });
}

#[test]
fn a_known_variant_without_its_fields_is_refused() {
    leaving_nothing(|| {
        arrives::<_, v2::Event>(v1::Event::Unknown(2), |found| {
            let text = found.as_ref().expect_err("its fields are not there").to_string();
            assert_eq!(text, "`Event::Moved` has 2 fields, found 0");
        });
        arrives::<_, v2::Event>(v1::Event::Unknown(0), |found| assert_eq!(found, &Ok(v2::Event::Started)));
    });
}

/// A type that will not be made of nothing.
#[derive(Debug, Derived)]
pub struct Stubborn(String);

impl Default for Stubborn {
    fn default() -> Self {
        // Without the hook, which would allocate.
        std::panic::resume_unwind(Box::new(()))
    }
}

/// One that needs it.
#[derive(Debug, Derived)]
#[plugin(sized)]
pub struct Demanding(
    pub String,
    pub Stubborn,
    #[plugin(default)] pub Stubborn,
    #[plugin(default)] pub String,
);

/// One that has but the first fields.
#[derive(Debug, Derived)]
#[plugin(sized)]
pub struct Modest(pub String, pub Stubborn);

#[test]
fn a_default_that_panics_loses_nothing_of_what_arrived() {
    leaving_nothing(|| {
        let sent = Modest("text".to_owned(), Stubborn("text".to_owned()));
        let call = || arrives::<_, Demanding>(sent, |_| ());
        let payload = std::panic::catch_unwind(std::panic::AssertUnwindSafe(call)).expect_err("it panics");
        assert!(payload.is::<()>());
    });
}

/// Stands for memory of the other side that must not be touched.
unsafe extern "C" fn never(_: *mut (), _: u32) {
    panic!("it was called");
}

#[test]
fn parts_that_do_not_fit_together_are_refused_and_not_followed() {
    let dangling = std::ptr::without_provenance_mut(8);
    leaving_nothing(|| {
        for (fields, content, expected) in [
            (2, RawBox::EMPTY, Invalid::NullPointer),
            (2, RawBox { payload: null_mut(), release: Some(never) }, Invalid::NullPointer),
            (0, RawBox { payload: null_mut(), release: Some(never) }, Invalid::Content),
            (2, RawBox { payload: dangling, release: None }, Invalid::Content),
            (0, RawBox { payload: dangling, release: None }, Invalid::Content),
        ] {
            // A variant with fields, one without, one that nobody knows, and a struct.
            for tag in [2, 0, 77] {
                let abi = OpenAbi { tag, fields, content };
                receives::<v2::Event>(abi, |found| assert_eq!(found, &Err(expected), "{abi:?}"));
            }
            let abi = SizedAbi { fields, content };
            receives::<v2::Limits>(abi, |found| assert_eq!(found, &Err(expected), "{abi:?}"));
        }
    });
}

#[test]
fn a_box_that_holds_no_field_is_given_back_and_refused() {
    leaving_nothing(|| {
        for tag in [2, 0, 77] {
            let mut abi = moved().into_abi();
            (abi.tag, abi.fields) = (tag, 0);
            receives::<v2::Event>(abi, |found| assert_eq!(found, &Err(Invalid::Content)));
        }
        let mut abi = limits().into_abi();
        abi.fields = 0;
        receives::<v2::Limits>(abi, |found| assert_eq!(found, &Err(Invalid::Content)));
    });
}

#[test]
fn a_receiver_that_takes_too_much_loses_what_it_took_and_nothing_else_happens() {
    leaving_nothing(|| {
        let abi = Narrow(5).into_abi();
        let release = abi.content.release.expect("it has a field");
        // SAFETY: a `u8` owns nothing, so that it is the box alone that is given back, once.
        unsafe { release(abi.content.payload, u32::MAX) };
    });
}

#[test]
fn the_count_of_live_bytes_counts() {
    let (kept, left) = live::during(|| vec![0_u8; 123]);
    assert_eq!(left, 123, "otherwise that nothing is left proves nothing");
    let ((), left) = live::during(|| drop(kept));
    assert_eq!(left, -123);
}

fn text() -> impl Strategy<Value = String> {
    vec(any::<char>(), 0..20).prop_map(String::from_iter)
}

fn event() -> impl Strategy<Value = v2::Event> {
    let way = vec(text(), 0..4).prop_map(|places| v2::Way { places });
    prop_oneof![
        Just(v2::Event::Started),
        text().prop_map(v2::Event::Joined),
        (text(), way).prop_map(|(who, way)| v2::Event::Moved { who, way }),
        (3..=u32::MAX).prop_map(v2::Event::Unknown),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn events_come_back_and_are_read_by_an_older_side(events in vec(event(), 0..6)) {
        let older: Vec<_> = events.iter().map(|event| match event {
            v2::Event::Started => v1::Event::Started,
            v2::Event::Joined(who) => v1::Event::Joined(who.clone()),
            v2::Event::Moved { .. } => v1::Event::Unknown(2),
            v2::Event::Unknown(tag) => v1::Event::Unknown(*tag),
        }).collect();
        leaving_nothing(|| {
            arrives::<_, Vec<v2::Event>>(events.clone(), |found| assert_eq!(found.as_ref(), Ok(&events)));
            arrives::<_, Vec<v1::Event>>(events.clone(), |found| assert_eq!(found.as_ref(), Ok(&older)));
        });
    }

    #[test]
    fn limits_come_back(owner in text(), most in any::<u32>(), least in any::<u128>(), notes in vec(text(), 0..4)) {
        let limits = v2::Limits { owner, most, least, notes };
        leaving_nothing(|| {
            arrives::<_, Option<v2::Limits>>(Some(limits.clone()), |found| {
                assert_eq!(found.as_ref(), Ok(&Some(limits.clone())));
            });
        });
    }
}
