//! Values that are lent: the other side sees them as they are, and owns nothing of them.

#[allow(missing_docs, reason = "documented where they are declared")]
#[path = "../fixtures/contracts/src/values.rs"]
pub mod values;

use std::cell::RefCell;
use std::collections::HashMap;
use std::mem::MaybeUninit;
use std::panic::{AssertUnwindSafe, catch_unwind};

use plugin_abi::call::Rejected;
use plugin_abi::wire::{
    Change, ChangeAbi, Mirror, Mirrors, OptionAbi, RawSlice, RawVec, lent, lent_mut, lent_option, lent_slice,
};
use plugin_abi::{Answer, Out, PluginType as _, Status};
use plugin_contracts::mock::{always, eq, function};
use plugin_host::Plugin;
use plugin_tests::fixture;
use values::{Catalogue, Event, Item, Mark, MockCatalogue, Shelf, Sort, empty, full};

/// With memory of its own, with its host's, and linked.
fn all() -> [Plugin<dyn Catalogue>; 3] {
    // SAFETY: the file is built by this test.
    let load = |name| unsafe { Plugin::load(fixture(name)) }.unwrap();
    [load("values"), load("lent-values"), Plugin::linked(Shelf::default())]
}

#[test]
fn a_value_looks_the_same_on_both_sides() {
    for plugin in all() {
        for item in [full("full"), empty("empty")] {
            let (text, kept) = (format!("{item:?}"), item.clone());
            assert_eq!(plugin.describe(&item), text);
            assert_eq!(plugin.maybe(Some(&item)), Some(text));
            assert_eq!(item, kept, "it stays what it was");
        }
        assert_eq!(plugin.maybe(None), None);
        let named = Sort::Named("name".to_owned());
        assert_eq!(plugin.sort(&named, &Event::Unknown(9)), "Named(\"name\") Unknown(9)");
        assert_eq!(plugin.sum(&[1, 2, 3, 4]), 10);
    }
}

#[test]
fn values_in_a_row_are_lent_too() {
    let text = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    for plugin in all() {
        let items = [full("one"), empty("two")];
        assert_eq!(plugin.list(&items), items.each_ref().map(|item| format!("{item:?}")));
        assert_eq!(plugin.list(&[]), [""; 0]);
        assert_eq!(plugin.join(&["a", "", "ß"], &text(&["b", "c"]), &text(&["d"])), "a--ß b+c d");
        assert_eq!(plugin.pairs(&[("x".to_owned(), 1)], &[true, false]), "[(\"x\", 1)] [true, false]");
        let map = HashMap::from(items.clone().map(|item| (item.name.clone(), item)));
        assert_eq!(plugin.find(&map, "one"), Some(items[0].clone()));
        assert_eq!(plugin.find(&map, "three"), None);
    }
}

#[test]
fn text_that_stays_where_it_is_and_plain_data_are_not_copied() {
    for plugin in all() {
        let (item, marks) = (full("item"), [Mark { at: 1, by: 2 }]);
        let expected = (item.note.as_ptr().addr(), marks.as_ptr().addr());
        assert_eq!(plugin.places(&item, &marks), expected);
    }
}

#[test]
fn a_closure_is_lent_values_as_a_method_is() {
    for plugin in all() {
        let seen = RefCell::new(Vec::new());
        let count = plugin.each(&[full("one"), empty("two")], &|item, tags, sort| {
            seen.borrow_mut().push(format!("{item:?} {tags:?} {sort:?}"));
            item.name == "one"
        });
        let expected = [full("one"), empty("two")]
            .map(|item| format!("{item:?} {:?} {:?}", item.tags, Some(item.kind.clone())));
        assert_eq!((count, &*seen.borrow()), (1, &expected.to_vec()));
    }
}

#[test]
fn a_future_is_lent_them_until_it_ends() {
    for plugin in all() {
        let (item, words) = (full("item"), vec!["word".to_owned()]);
        let waited = futures::executor::block_on(plugin.wait(&item, &words));
        assert_eq!(waited, format!("{item:?} {words:?}"));
        drop(plugin.wait(&item, &words));
    }
}

#[test]
fn a_panic_leaves_them_with_whom_they_are() {
    for plugin in all() {
        let item = full("item");
        catch_unwind(AssertUnwindSafe(|| plugin.explode(&item))).unwrap_err();
        assert_eq!(item, full("item"));
    }
}

#[test]
fn what_became_of_a_value_is_written_back() {
    for plugin in all() {
        let mut bytes = vec![1, 2];
        assert_eq!(plugin.extend(&mut bytes, &[3; 1000]), 1002);
        assert_eq!(plugin.extend(&mut bytes, &[]), 1002);
        bytes.extend([4; 5000]);
        assert_eq!((bytes.len(), bytes[0], bytes[1001], bytes[6001]), (6002, 1, 3, 4));
        let (mut text, mut count) = ("straße".to_owned(), 1);
        plugin.shout(&mut text, &mut count);
        assert_eq!((&*text, count), ("STRASSE", 8));
        text.clear();
        plugin.shout(&mut text, &mut count);
        assert_eq!((&*text, count), ("", 8));
        let mut item = full("old");
        assert_eq!(plugin.replace(&mut item, full("new")), full("old"));
        assert_eq!(plugin.fail(&mut item, "no".to_owned()), Err("no".to_owned()));
        assert_eq!(item.tags.pop().as_deref(), Some("no"));
        assert_eq!(item, full("new"));
    }
}

#[test]
fn what_is_kept_of_a_value_that_was_lent_to_be_changed_is_nobody_elses() {
    for plugin in all() {
        let mut item = full("kept");
        let old = plugin.replace(&mut item, empty("other"));
        drop(item);
        assert_eq!((old.note, old.bytes), (full("kept").note, full("kept").bytes));
    }
}

#[test]
fn what_was_changed_before_a_panic_is_changed() {
    for plugin in all() {
        let (mut text, mut bytes) = ("milk".to_owned(), vec![0; 100]);
        let fault = catch_unwind(AssertUnwindSafe(|| plugin.spoil(&mut text, &mut bytes))).unwrap_err();
        assert!(fault.downcast_ref::<String>().is_none_or(|text| text.contains("milk is spoilt")));
        assert_eq!((&*text, &*bytes), ("milk is", &[1, 2, 3][..]));
        // It is poisoned now: nobody looks at what is lent.
        if catch_unwind(AssertUnwindSafe(|| plugin.spoil(&mut text, &mut bytes))).is_err() {
            assert!(text.starts_with("milk is"));
        }
    }
}

#[test]
fn a_closure_changes_what_it_is_lent() {
    for plugin in all() {
        let changed = plugin.change(vec![empty("a"), full("b")], &mut |item, count| {
            item.name.push('!');
            item.note = "changed".into();
            *count += 1;
        });
        let expected = [empty("a!"), Item { name: "b!".to_owned(), ..full("b") }];
        assert_eq!(changed, expected.map(|item| Item { note: "changed".into(), ..item }));
    }
}

/// What is said of an argument that is none.
fn said<T>(taken: Result<T, Rejected>) -> String {
    taken
        .map_or_else(|refused| format!("{}: {}", refused.argument, refused.invalid), |_| "nothing".to_owned())
}

#[test]
fn what_comes_back_as_no_value_leaves_the_callers_as_it_was() {
    let mut out = MaybeUninit::<Out<RawVec<u8>>>::uninit();
    let mut text = "mine".to_owned();
    for (changed, expected) in [(1, "the text is not UTF-8"), (2, "`&mut` has no variant with tag 2")] {
        let mut change = Change::of(&mut text);
        let form = ChangeAbi { value: vec![0xff_u8; 3].into_abi(), changed };
        // SAFETY: a form is there.
        unsafe { change.place().write(form) };
        out.write(Out { value: "result".to_owned().into_abi() });
        // SAFETY: the result was written just now.
        let answer = unsafe { change.finish::<String>("text", Answer::ended(Status::OK), out.as_mut_ptr()) };
        assert_eq!(answer.status, Status::INVALID);
        // SAFETY: the status says so.
        let fault = unsafe { out.as_ptr().cast::<RawVec<u8>>().read() };
        // SAFETY: as above, and it is read once.
        let fault = unsafe { String::from_abi(fault) }.unwrap();
        assert_eq!(fault, format!("argument `text`: {expected}"));
        assert_eq!(text, "mine");
    }
    let change = Change::of(&mut text);
    // SAFETY: nothing was written: the method did not run.
    let answer = unsafe { change.finish::<String>("text", Answer::ended(Status::ERROR), out.as_mut_ptr()) };
    assert_eq!((answer.status, &*text), (Status::ERROR, "mine"));
    // SAFETY: null is refused before it is followed.
    let refused = unsafe { lent_mut::<String>("text", std::ptr::null_mut()) };
    assert_eq!(said(refused), "text: the pointer is null though the length is not 0");
}

#[test]
fn what_is_no_value_is_refused_by_the_argument() {
    // SAFETY: each is a form of an item, or is refused before it is looked at.
    let take = |form| unsafe { lent::<Item>("item", form) };
    // SAFETY: as above.
    let take_all = |forms| unsafe { lent_slice::<Item>("items", forms) };
    let item = full("item");
    let (mut kept, whole) = (Mirrors::default(), Mirror::of(&item));
    assert_eq!(take(whole.place()).unwrap(), item);
    assert_eq!(said(take(std::ptr::null())), "item: the pointer is null though the length is not 0");
    let odd = whole.place().wrapping_byte_add(1);
    assert_eq!(said(take(odd)), "item: the pointer is not aligned for its type");
    let mut bent = item.lend(&mut kept);
    // A struct begins with its first field, and that is the name.
    let name = (&raw mut bent).cast::<RawVec<u8>>();
    // SAFETY: as said.
    unsafe { (*name).ptr = b"\xff\xff\xff\xff".as_ptr().cast_mut() };
    assert_eq!(said(take(&raw const bent)), "item: the text is not UTF-8");
    let row = [item.lend(&mut kept), bent];
    assert_eq!(said(take_all(RawSlice::new(&row))), "items: the text is not UTF-8");
    let more = RawSlice { ptr: row.as_ptr(), len: usize::MAX };
    assert_eq!(said(take_all(more)), "items: the length is larger than memory or than its own capacity");
    let neither = OptionAbi { tag: 2, ..Mirror::of_option(Some(&item)).option() };
    // SAFETY: the tag is refused before anything is looked at.
    let refused = unsafe { lent_option::<Item>("item", neither) };
    assert_eq!(said(refused), "item: `Option` has no variant with tag 2");
}

#[test]
fn a_mock_sees_them() {
    let mut mock = MockCatalogue::new();
    mock.expect_describe()
        .with(function(|item: &Item| item.name == "it"))
        .returning(|item| item.note.to_string());
    mock.expect_join()
        .with(always(), eq(vec!["a".to_owned()]), always())
        .returning(|_, owned, _| owned[0].clone());
    mock.expect_shout().with(eq("low".to_owned()), eq(1_u64)).returning(|text, count| {
        *text = "high".to_owned();
        *count = 2;
    });
    let plugin = Plugin::<dyn Catalogue>::linked(mock);
    let (mut text, mut count) = ("low".to_owned(), 1);
    plugin.shout(&mut text, &mut count);
    assert_eq!((&*text, count), ("high", 2));
    assert_eq!(plugin.describe(&full("it")), "noted");
    assert_eq!(plugin.join(&["b"], &["a".to_owned()], &[]), "a");
}
