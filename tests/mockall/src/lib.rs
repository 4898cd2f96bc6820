//! Every form of argument and result that mockall can say.

use std::collections::BTreeMap;
use std::path::Path;

use plugin_contracts::{PluginType, Sink, plugin_contract};

/// A type of an author's.
#[derive(Debug, Clone, PartialEq, PluginType)]
pub struct Item {
    /// Its name.
    pub name: String,
}

/// What is handed out.
#[plugin_contract(id = "mockall.line", version = "1.0.0", unlocked)]
pub trait Line: Send {
    /// One more.
    fn more(&mut self) -> u64;
}

/// Everything at once.
#[plugin_contract(id = "mockall.forms", version = "1.0.0", unlocked)]
#[allow(clippy::type_complexity, reason = "forms are the point")]
pub trait Forms: Send + Sync {
    /// Plain.
    fn get(&self, key: &str) -> Result<Vec<u8>, String>;
    /// Nothing comes back.
    fn put(&mut self, key: String, value: &[u8]);
    /// Borrowed of the object.
    fn name(&self) -> &str;
    /// The same, of a path.
    fn place(&self) -> &Path;
    /// The same, within something.
    fn maybe(&self) -> Option<&str>;
    /// Lent within something.
    fn find(&self, name: Option<&str>, all: &[&str], pair: (&str, u8)) -> u64;
    /// Lent, of an author's type.
    fn look(&self, item: &Item, items: &[Item], one: Option<&Item>, place: &Path) -> bool;
    /// Lent in a map.
    fn map(&self, of: BTreeMap<&str, u8>) -> u8;
    /// Written to.
    fn fill(&self, bytes: &mut [u8], more: &mut Vec<u8>, out: Sink<'_>) -> bool;
    /// Closures.
    fn each(&self, seen: &mut dyn FnMut(&str) -> bool, keep: Box<dyn Fn(&str) -> u8 + Send + Sync>) -> u64;
    /// Objects.
    fn open(&self, of: &dyn Line, with: &mut dyn Line) -> Box<dyn Line>;
    /// Iterators, both ways.
    fn walk(&self, items: Box<dyn Iterator<Item = u64> + Send>) -> Box<dyn Iterator<Item = u64> + '_>;
    /// A default body, which a mock of mockall's has not.
    fn twice(&self) -> u64 {
        2
    }
}

#[cfg(test)]
#[allow(missing_docs, reason = "mockall's are not documented")]
mod mocked {
    use super::{BTreeMap, Forms, Item, Line, Path, Sink};

    include!("generated/mockall.rs");
}

#[test]
fn mocks_of_mockall_stand_in_for_the_contract() {
    use mockall::predicate::eq;

    let mut forms = mocked::MockForms::new();
    forms.expect_get().with(eq("k")).times(1).returning(|key| Ok(key.as_bytes().to_vec()));
    forms
        .expect_find()
        .returning(|name, all, (_, number)| name.map_or(0, |_| 1) + all.len() as u64 + u64::from(number));
    forms.expect_name().return_const("named".to_owned());
    forms.expect_fill().returning(|bytes, more, mut out| {
        bytes.fill(1);
        more.push(2);
        out.write(&[3]);
        true
    });
    forms.expect_open().returning(|_, _| {
        let mut line = mocked::MockLine::new();
        line.expect_more().return_const(4_u64);
        Box::new(line)
    });
    let forms: &dyn Forms = &forms;
    assert_eq!(forms.get("k"), Ok(b"k".to_vec()));
    assert_eq!(forms.find(Some("a"), &["b", "c"], ("d", 3)), 6);
    assert_eq!(forms.name(), "named");
    let (mut bytes, mut more, mut out) = ([0; 2], vec![], vec![]);
    assert!(forms.fill(&mut bytes, &mut more, Sink::new(&mut out)));
    assert_eq!((bytes, more, out), ([1, 1], vec![2], vec![3]));
    let mut lent = mocked::MockLine::new();
    let other = mocked::MockLine::new();
    assert_eq!(forms.open(&other, &mut lent).more(), 4);
}
