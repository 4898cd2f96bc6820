//! The handshake: a host's contract against a plugin's note, before the plugin is opened.
//!
//! In: the host's descriptor and the decoded record. Out: which of the plugin's methods each method of the host binds
//! to, or a [`Refusal`] of at most five lines. Pure: it does not know files, and nothing of the plugin has run.

mod refusal;
mod shape;

use plugin_abi::Fingerprint;
use plugin_abi::describe::ContractDesc;
use plugin_abi::note::{Contract, Record};

pub use refusal::{Mismatch, Refusal};

/// For each method of the host that the plugin has: the plugin's fingerprint of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bound {
    rows: Vec<(&'static str, Fingerprint)>,
}

impl Bound {
    /// The fingerprint under which the plugin's table holds this method; nothing when the default body runs.
    #[must_use]
    pub fn fingerprint(&self, method: &str) -> Option<Fingerprint> {
        self.rows.iter().find(|(name, _)| *name == method).map(|(_, fingerprint)| *fingerprint)
    }
}

/// Compares method by method, by name. Equal fingerprints bind at once; others are compared structurally, and whatever
/// differs on the wire is refused.
///
/// # Errors
/// The first method that cannot be bound, and how many more there are.
pub fn bind(host: &'static ContractDesc, record: &Record, plugin: &Contract) -> Result<Bound, Mismatch> {
    let mut rows = Vec::with_capacity(host.methods.len());
    let mut refused: Option<Mismatch> = None;
    // The host as a record is needed only when fingerprints differ.
    let mut host_record = None;
    for method in host.methods {
        let mismatch = match plugin.method(method.name) {
            Some(found) if found.fingerprint == method.fingerprint => {
                rows.push((method.name, found.fingerprint));
                continue;
            }
            None if method.optional => continue,
            None => Mismatch::missing(method),
            Some(found) => {
                let host_record = host_record.get_or_insert_with(|| Record::of_contract(host));
                match shape::difference(host_record, method.name, record, plugin, found) {
                    None => {
                        rows.push((method.name, found.fingerprint));
                        continue;
                    }
                    Some(detail) => Mismatch::differs(method, found, detail),
                }
            }
        };
        match &mut refused {
            Some(first) => first.more += 1,
            None => refused = Some(mismatch),
        }
    }
    refused.map_or(Ok(Bound { rows }), Err)
}
