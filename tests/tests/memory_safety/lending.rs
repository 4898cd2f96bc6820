//! What is lent, and memory that is its host's.

use std::collections::HashMap;

use plugin_contracts::Buf;
use plugin_tests::fixture;

use crate::lent::Borrower;
use crate::values::Catalogue;
use crate::{given, values, watched};

#[test]
fn values_are_lent_without_a_byte_lost() {
    watched("lending::child_lends_values", &fixture("values"));
}

#[test]
fn values_are_lent_in_lent_memory_without_a_byte_lost() {
    watched("lending::child_lends_values", &fixture("lent-values"));
}

#[test]
#[ignore = "a child of `values_are_lent_without_a_byte_lost`"]
fn child_lends_values() {
    use values::{empty, full};
    let Some(plugin) = given::<dyn Catalogue>() else { return };
    let items = [full("one"), empty("two")];
    assert_eq!(plugin.describe(&items[0]), format!("{:?}", items[0]));
    assert_eq!(plugin.list(&items).len(), 2);
    assert_eq!(plugin.maybe(None), None);
    assert_eq!(plugin.join(&["a"], &["b".to_owned()], &[]), "a b ");
    let map = HashMap::from(items.clone().map(|item| (item.name.clone(), item)));
    assert_eq!(plugin.find(&map, "one").as_ref(), Some(&items[0]));
    assert_eq!(plugin.each(&items, &|item, tags, _| item.tags == tags), 2);
    let waited = futures::executor::block_on(plugin.wait(&items[0], &items[0].tags));
    assert!(waited.contains("green"));
    drop(plugin.wait(&items[0], &items[0].tags));
    let (mut item, mut bytes, mut text) = (full("old"), vec![1, 2], "text".to_owned());
    assert_eq!(plugin.extend(&mut bytes, &[3; 1000]), 1002);
    plugin.shout(&mut text, &mut 0);
    assert_eq!(plugin.replace(&mut item, full("new")), full("old"));
    assert!(plugin.fail(&mut item, "no".to_owned()).is_err());
    assert_eq!(
        plugin.change(vec![empty("a"), item], &mut |item, count| {
            item.name.push('!');
            *count += 1;
        })[0]
            .name,
        "a!"
    );
    let spoil = std::panic::AssertUnwindSafe(|| plugin.spoil(&mut text, &mut bytes));
    std::panic::catch_unwind(spoil).unwrap_err();
    assert_eq!((&*text, &*bytes), ("TEXT is", &[1, 2, 3][..]));
    plugin.close().unwrap();
    let Some(plugin) = given::<dyn Catalogue>() else { return };
    let explode = std::panic::AssertUnwindSafe(|| plugin.explode(&items[0]));
    std::panic::catch_unwind(explode).unwrap_err();
    plugin.close().unwrap();
}

#[test]
fn lent_memory_is_given_back_to_whom_it_belongs() {
    watched("lending::child_lends_memory", &fixture("lent"));
}

#[test]
#[ignore = "a child of `lent_memory_is_given_back_to_whom_it_belongs`"]
fn child_lends_memory() {
    let Some(mut plugin) = given::<dyn Borrower>() else { return };
    let before = plugin.live_bytes();
    assert_eq!(plugin.keep(vec![1, 2, 3]).capacity, 3);
    plugin.allocate(100);
    plugin.keep_buf(Buf::from(vec![4; 40]));
    assert_eq!(plugin.give().map(|bytes| bytes.capacity()), Some(100));
    assert_eq!(plugin.early(0).len() + plugin.grow_early(2, &[3; 100]).len(), 210);
    assert_eq!(plugin.words(30).into_iter().sum::<u64>(), 435);
    assert_eq!(plugin.on_threads(2).len(), 2);
    assert!(plugin.aligned() && plugin.live_bytes() > before);
    plugin.close().unwrap();
    let Some(plugin) = given::<dyn Borrower>() else { return };
    plugin.close().unwrap();
}
