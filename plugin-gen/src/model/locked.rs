//! The lock that follows from compiled contracts, and how it differs from the one that was promised.

use std::collections::BTreeMap;

use plugin_abi::note::{Contract, Method, Record, RecordKind};

use super::unique::add_types;
use crate::lock::{self, Bounds, Lock};
use crate::syntax::Version;

/// The lock of a package's contracts. What only history knows (`since`, what was removed, what was accepted) comes from
/// the lock so far.
///
/// # Errors
/// A sentence about what cannot be held: two types of one name, or a version that is none.
pub(crate) fn lock(records: &[Record], before: &Lock) -> Result<Lock, String> {
    let mut lock = Lock { accepted: before.accepted.clone(), ..Lock::default() };
    for record in records.iter().filter(|record| record.kind == RecordKind::Declares) {
        for contract in &record.contracts {
            let promised = before.contracts.get(&contract.id);
            let locked = one(record, contract, promised)?;
            if lock.contracts.insert(contract.id.clone(), locked).is_some() {
                return Err(format!(
                    "two traits of this package have the id `{}`: give each its own",
                    contract.id
                ));
            }
        }
        add_types(record, &mut lock.types).map_err(|name| {
            format!("two different types of this package are called `{name}`: rename one, a lock file knows no paths")
        })?;
    }
    Ok(lock)
}

fn one(
    record: &Record,
    contract: &Contract,
    before: Option<&lock::Contract>,
) -> Result<lock::Contract, String> {
    let version = version(&contract.version)?;
    // Without a lock so far, what nobody dated is older than what somebody did.
    let dated = contract.methods.iter().any(|method| !method.since.is_empty());
    let first = if dated && version.major > 0 { Version { minor: 0, patch: 0, ..version } } else { version };
    let mut methods = BTreeMap::new();
    for method in &contract.methods {
        let known = before.and_then(|before| before.methods.get(&method.name));
        let since = match (method.since.as_str(), known, before) {
            ("", Some(known), _) => known.since,
            ("", None, None) => first,
            ("", None, Some(_)) => version,
            (since, ..) => self::version(since)?,
        };
        methods.insert(method.name.clone(), lock_method(record, method, since));
    }
    let mut removed = before.map_or_else(BTreeMap::new, |before| before.removed.clone());
    for (name, method) in before.into_iter().flat_map(|before| &before.methods) {
        if !methods.contains_key(name) {
            let signature = method.signature.clone();
            removed.insert(name.clone(), lock::Removed { since: method.since, until: version, signature });
        }
    }
    removed.retain(|name, _| !methods.contains_key(name));
    Ok(lock::Contract {
        name: contract.name.clone(),
        version,
        compat: before.map(|before| before.compat).unwrap_or_default(),
        bounds: Bounds { send: contract.send, sync: contract.sync },
        bases: contract.bases.iter().cloned().collect(),
        fingerprint: contract.fingerprint.0,
        methods,
        removed,
    })
}

fn lock_method(record: &Record, method: &Method, since: Version) -> lock::Method {
    // What the author's names stand for, where it is not themselves.
    let resolved = method.mentions.iter().filter_map(|mention| {
        let meant = record.show(mention.ty).to_string();
        let itself = mention.name.rsplit("::").next() == Some(meant.as_str());
        (!itself).then(|| (mention.name.clone(), meant))
    });
    lock::Method {
        since,
        was: method.renamed_from.clone(),
        optional: method.optional,
        from: method.from.clone(),
        signature: method.signature.clone(),
        role: method.role.clone(),
        resolved: resolved.collect(),
        fingerprint: method.fingerprint.0,
    }
}

fn version(text: &str) -> Result<Version, String> {
    Version::parse(text).ok_or_else(|| format!("`{text}` is no version of a contract"))
}
