//! The handshake: a host's contract against a plugin's note, before the plugin is opened.
//!
//! In: the host's descriptor and the decoded record. Out: which of the plugin's methods each method of the host binds
//! to, or a [`Refusal`] of at most five lines. Pure: it does not know files, and nothing of the plugin has run.

mod objects;
mod refusal;
mod rule;
mod shape;

use std::borrow::Cow;

use plugin_abi::Fingerprint;
use plugin_abi::describe::{ContractDesc, MethodDesc};
use plugin_abi::note::{Contract, Method, Record};

use objects::Side;
use refusal::Age;
pub use refusal::{HandedOver, Mismatch, Refusal};
pub use rule::Rule;
use shape::Pair;

/// For each method of the host that the plugin has: the plugin's name and fingerprint of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bound {
    rows: Vec<Row>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Row {
    method: &'static str,
    name: Cow<'static, str>,
    fingerprint: Fingerprint,
}

impl Bound {
    /// The name and the fingerprint under which the plugin's table holds this method of the host; nothing when the
    /// default body runs. The name is another where one side renamed the method.
    #[must_use]
    pub fn row(&self, method: &str) -> Option<(&str, Fingerprint)> {
        self.rows.iter().find(|row| row.method == method).map(|row| (&*row.name, row.fingerprint))
    }

    fn add(&mut self, method: &'static str, found: &Method) {
        // Most have the name that they had, and need no memory for it.
        let name = if found.name == method { method.into() } else { found.name.clone().into() };
        self.rows.push(Row { method, name, fingerprint: found.fingerprint });
    }
}

/// The plugin's method that the host means: by its name, else by what the host called it once, else by what the plugin
/// did. The plugin may be the older one or the newer.
fn counterpart<'a>(method: &MethodDesc, plugin: &'a Contract) -> Option<&'a Method> {
    let older = || method.renamed_from.iter().find_map(|name| plugin.method(name));
    let newer =
        || plugin.methods.iter().find(|found| found.renamed_from.iter().any(|name| name == method.name));
    plugin.method(method.name).or_else(older).or_else(newer)
}

/// Compares method by method, by name, former names included. Equal fingerprints bind at once; others are compared
/// structurally, and whatever differs on the wire is refused.
///
/// # Errors
/// Every method that cannot be bound.
pub fn bind(host: &'static ContractDesc, record: &Record, plugin: &Contract) -> Result<Bound, Vec<Mismatch>> {
    let mut bound = Bound { rows: Vec::with_capacity(host.methods.len()) };
    let mut refused = Vec::new();
    // The host as a record is needed only when fingerprints differ.
    let mut host_record = None;
    for method in host.methods {
        match counterpart(method, plugin) {
            Some(found) if found.fingerprint == method.fingerprint => bound.add(method.name, found),
            None if method.optional => {}
            None => refused.push(Mismatch::missing(method, Age::of(&plugin.version, host.version))),
            Some(found) => {
                let host_record = host_record.get_or_insert_with(|| Record::of_contract(host));
                let difference = host_record.contracts.first().and_then(|ours| {
                    let expected = ours.method(method.name)?;
                    let caller = Side::Host;
                    let pair = Pair {
                        host: host_record,
                        ours,
                        expected,
                        plugin: record,
                        theirs: plugin,
                        found,
                        caller,
                    };
                    shape::difference(&pair)
                });
                match difference {
                    None => bound.add(method.name, found),
                    Some(difference) => refused.push(Mismatch::differs(method, found, difference)),
                }
            }
        }
    }
    if !record.objects.is_empty() {
        let host_record = host_record.get_or_insert_with(|| Record::of_contract(host));
        let names = bound.rows.iter().map(|row| row.method);
        refused.extend(objects::compare(host_record, names, record));
    }
    if refused.is_empty() { Ok(bound) } else { Err(refused) }
}
