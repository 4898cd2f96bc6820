//! `Buf` and `Text`: bytes and text that stay where they are.

#![cfg(target_os = "linux")]

use std::collections::{BTreeSet, HashMap};
use std::hash::{BuildHasher as _, RandomState};

use plugin_abi::wire::RawVec;
use plugin_abi::{Fingerprint, Invalid, PluginType};
use plugin_contracts::{Buf, Text};
use plugin_host::Plugin;
use plugin_tests::fixture;

/// The contract of the fixture, written the other way round: views where the plugin has vectors, and the reverse.
mod turned {
    use plugin_contracts::{Buf, Text, plugin_contract};
    use std::collections::{BTreeMap, HashMap};

    #[plugin_contract(id = "test.echo", version = "1.0.0", unlocked)]
    pub trait Echo: Send + Sync {
        fn owned(&self, value: Text) -> Text;
        fn bytes(&self, value: &[u8]) -> Buf;
        fn texts(&self, value: Vec<Vec<Text>>) -> Vec<Vec<Text>>;
        fn map(&self, value: BTreeMap<Text, Buf>) -> BTreeMap<Text, Buf>;
        fn buf(&self, value: Vec<u8>) -> Vec<u8>;
        fn views(
            &self,
            value: HashMap<String, Vec<Vec<u8>>>,
        ) -> Result<HashMap<String, Vec<Vec<u8>>>, String>;
    }
}

#[test]
fn a_view_on_one_side_is_a_vector_on_the_other() {
    // SAFETY: the file is built by this test.
    let plugin = unsafe { Plugin::<dyn turned::Echo>::load(fixture("echo")) }.unwrap();
    assert_eq!(plugin.owned("text".into()), "text");
    assert_eq!(plugin.bytes(&[1, 2]), [1, 2][..]);
    assert_eq!(plugin.texts(vec![vec!["a".into(), Text::new()]]), [["a", ""]]);
    let map = [(Text::from("a"), Buf::from(vec![1]))].into();
    assert_eq!(plugin.map(map)["a"], [1][..]);
    assert_eq!(plugin.buf(vec![3]), [3]);
    let views = HashMap::from([("a".to_owned(), vec![vec![4], Vec::new()])]);
    assert_eq!(plugin.views(views.clone()), Ok(views));
}

#[test]
fn a_view_and_what_it_shows_are_one_type() {
    let prints = [<Vec<u8>>::DESC, Buf::DESC].map(Fingerprint::of_type);
    assert_eq!(prints[0], prints[1]);
    let prints = [String::DESC, Text::DESC].map(Fingerprint::of_type);
    assert_eq!(prints[0], prints[1]);
    let prints = [<(Buf, Vec<Text>)>::DESC, <(Vec<u8>, Vec<String>)>::DESC].map(Fingerprint::of_type);
    assert_eq!(prints[0], prints[1]);
    assert_ne!(Fingerprint::of_type(Buf::DESC), Fingerprint::of_type(Text::DESC));
}

#[test]
fn bytes_of_this_side_become_a_view_and_a_vector_again_where_they_are() {
    let bytes = vec![1, 2, 3];
    let place = bytes.as_ptr();
    let view = Buf::from(bytes);
    assert_eq!(view.as_ptr(), place);
    // SAFETY: it was made just now, and is used once.
    let view = unsafe { Buf::from_abi(view.into_abi()) }.unwrap();
    let bytes = Vec::from(view);
    assert_eq!((bytes.as_ptr(), &*bytes), (place, &[1, 2, 3][..]));
}

#[test]
fn bytes_that_the_host_sent_come_back_as_the_hosts_own() {
    // SAFETY: the file is built by this test.
    let plugin = unsafe { Plugin::<dyn turned::Echo>::load(fixture("echo")) }.unwrap();
    let there = plugin.bytes(&[1, 2, 3]);
    let place = there.as_ptr();
    let copy = Vec::from(there);
    assert_ne!(copy.as_ptr(), place, "a plugin's memory is copied out of it");

    /// Takes and returns views on both sides.
    mod viewed {
        #[plugin_contracts::plugin_contract(id = "test.echo", version = "1.0.0", unlocked)]
        pub(crate) trait Echo: Send + Sync {
            fn buf(&self, value: plugin_contracts::Buf) -> plugin_contracts::Buf;
        }
    }
    // SAFETY: as above.
    let plugin = unsafe { Plugin::<dyn viewed::Echo>::load(fixture("echo")) }.unwrap();
    let ours = Buf::from(vec![4, 5]);
    let place = ours.as_ptr();
    let back = Vec::from(plugin.buf(ours));
    assert_eq!(back.as_ptr(), place, "nobody copied");
}

#[test]
fn a_view_compares_hashes_and_prints_as_what_it_shows() {
    let (one, other) = (Buf::from(&[1, 2][..]), Buf::from(vec![1, 3]));
    assert!(one < other && one == one.clone() && one != other);
    assert_eq!(one, [1, 2][..]);
    assert_eq!(one, &[1, 2][..]);
    assert_eq!(one, vec![1, 2]);
    assert_eq!(vec![1, 2], one);
    assert_eq!(format!("{one:?}"), "[1, 2]");
    let (one, other) = (Text::from("ä"), Text::from(String::from("b")));
    assert!(other < one);
    assert_eq!(one, "ä");
    assert_eq!("ä", one);
    assert_eq!(one, *"ä");
    assert_eq!(one, "ä".to_owned());
    assert_eq!(
        (format!("{one:?}"), format!("{one}"), format!("{one:>2}")),
        ("\"ä\"".into(), "ä".into(), " ä".into())
    );
    let state = RandomState::new();
    assert_eq!(state.hash_one(&one), state.hash_one("ä"));
    assert_eq!(state.hash_one(Buf::from(vec![1])), state.hash_one([1_u8].as_slice()));
    assert_eq!(BTreeSet::from([one]).get("ä").map(|found| found.len()), Some(2));
    assert_eq!((Buf::default().len(), Text::default().len()), (0, 0));
}

#[test]
fn a_view_of_this_sides_own_can_be_written_to() {
    let mut view = Buf::from(vec![1, 2]);
    view[0] = 7;
    view.reverse();
    assert_eq!(view, [2, 7][..]);
    let mut none = Buf::new();
    none.reverse();
    assert!(none.is_empty());
}

#[test]
fn a_view_goes_from_thread_to_thread() {
    let view = std::sync::Arc::new(Buf::from(vec![1, 2]));
    let other = std::thread::spawn({
        let view = std::sync::Arc::clone(&view);
        move || view.iter().sum::<u8>()
    });
    assert_eq!(other.join().unwrap(), 3);
}

#[test]
fn bytes_that_are_none_are_refused_and_text_that_is_none_goes_back() {
    unsafe extern "C" fn count(ptr: *mut std::ffi::c_void, cap: usize) {
        // SAFETY: the test passes its counter where memory begins.
        unsafe { *ptr.cast::<u8>() += u8::try_from(cap).unwrap() };
    }
    let mut counter = 0x80_u8;
    let raw = |ptr: *mut u8, len, cap| RawVec { ptr, len, cap, free: Some(count) };
    let refused = |raw| {
        // SAFETY: what is wrong is found before more is read.
        unsafe { Buf::from_abi(raw) }.err()
    };
    assert_eq!(refused(raw(std::ptr::null_mut(), 1, 1)), Some(Invalid::NullPointer));
    assert_eq!(refused(raw(&raw mut counter, 2, 1)), Some(Invalid::TooLong));
    assert_eq!(counter, 0x80, "it cannot be told what is there");
    // SAFETY: there is one byte.
    let text = unsafe { Text::from_abi(raw(&raw mut counter, 1, 1)) };
    assert_eq!((text.err(), counter), (Some(Invalid::NotUtf8), 0x81), "once");
    counter = b'a';
    // SAFETY: as above.
    let text = unsafe { Text::from_abi(raw(&raw mut counter, 1, 1)) }.unwrap();
    assert_eq!(text, "a");
    assert_eq!(String::from(text), "a");
    assert_eq!(counter, b'b', "copied, and given back once");
}
