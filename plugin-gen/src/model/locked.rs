//! The lock that follows from compiled contracts, and how it differs from the one that was promised.

use std::collections::BTreeMap;

use plugin_abi::note::{Contract, Method, Record, RecordKind};

use super::unique::add_types;
use crate::lock::{self, Bounds, Lock, Place, between};
use crate::report::Code;
use crate::syntax::{self, Version};

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
        optional: method.optional,
        signature: method.signature.clone(),
        resolved: resolved.collect(),
        fingerprint: method.fingerprint.0,
    }
}

fn version(text: &str) -> Result<Version, String> {
    Version::parse(text).ok_or_else(|| format!("`{text}` is no version of a contract"))
}

/// One way in which code differs from its lock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Difference {
    /// The rule it falls under.
    pub(crate) code: Code,
    /// What it is about, as in `acme.store.put`.
    pub(crate) item: String,
    /// What stood there; empty for what is new.
    pub(crate) was: String,
    /// What stands there now; empty for what is gone.
    pub(crate) is: String,
}

impl Difference {
    /// Whether built plugins or hosts stop fitting.
    pub(crate) fn breaks(&self) -> bool {
        self.code != Code::PC010
    }
}

/// Every difference between two locks, contract by contract, method by method.
pub(crate) fn differences(old: &Lock, new: &Lock) -> Vec<Difference> {
    // Types first: what changed in one of them is why methods changed.
    let mut found = of_types(old, new);
    for (id, before) in &old.contracts {
        let Some(now) = new.contracts.get(id) else {
            let was = format!("trait {}", before.name);
            found.push(Difference { code: Code::PC201, item: id.clone(), was, is: String::new() });
            continue;
        };
        if before.bounds != now.bounds {
            let (was, is) = (before.bounds.to_string(), now.bounds.to_string());
            found.push(Difference { code: Code::PC009, item: id.clone(), was, is });
        }
        for (name, method) in &before.methods {
            let item = format!("{id}.{name}");
            match now.methods.get(name) {
                None => {
                    let was = method.signature.clone();
                    found.push(Difference { code: Code::PC001, item, was, is: String::new() });
                }
                Some(now_method) => {
                    if method.optional && !now_method.optional {
                        let (was, is) = ("a default body".to_owned(), now_method.signature.clone());
                        found.push(Difference { code: Code::PC012, item: item.clone(), was, is });
                    }
                    found.extend(of_method(&item, method, now_method, before.bounds == now.bounds));
                }
            }
        }
        for (name, method) in now.methods.iter().filter(|(name, _)| !before.methods.contains_key(*name)) {
            let code = if method.optional { Code::PC010 } else { Code::PC002 };
            let (item, is) = (format!("{id}.{name}"), method.signature.clone());
            found.push(Difference { code, item, was: String::new(), is });
        }
    }
    found
}

fn of_method(item: &str, old: &lock::Method, new: &lock::Method, same_bounds: bool) -> Vec<Difference> {
    let difference = |code, was: &str, is: &str| Difference {
        code,
        item: item.to_owned(),
        was: was.into(),
        is: is.into(),
    };
    if old.fingerprint == new.fingerprint {
        return Vec::new();
    }
    let parse = |method: &lock::Method| syntax::Method::parse_signature(&method.signature).ok();
    let changes = match (parse(old), parse(new)) {
        (Some(before), Some(now)) => between(&before, &old.resolved, &now),
        _ => Vec::new(),
    };
    if changes.is_empty() && same_bounds {
        // The words are the same, or mean the same; what they are made of is not.
        let (was, is) = (resolved(old), resolved(new));
        return vec![if was == is {
            difference(Code::PC108, "", "")
        } else {
            difference(Code::PC108, &was, &is)
        }];
    }
    let differences = changes.into_iter().map(|change| {
        let item = match change.place {
            Place::Argument(at) => format!("{item}, argument {}", at + 1),
            _ => item.to_owned(),
        };
        Difference { code: change.code, item, was: change.was, is: change.is }
    });
    differences.collect()
}

fn resolved(method: &lock::Method) -> String {
    let names: Vec<_> = method.resolved.iter().map(|(name, ty)| format!("{name} = {ty}")).collect();
    if names.is_empty() {
        method.signature.clone()
    } else {
        format!("{} with {}", method.signature, names.join(", "))
    }
}

fn of_types(old: &Lock, new: &Lock) -> Vec<Difference> {
    let mut found = Vec::new();
    for (name, before) in &old.types {
        let Some(now) = new.types.get(name).filter(|now| *now != before) else { continue };
        let (before, now) = (before.to_string(), now.to_string());
        // What both have says nothing.
        let only = |text: &str, other: &str| {
            let lines = text.lines().filter(|line| !other.lines().any(|other| other == *line));
            lines.collect::<Vec<_>>().join("; ")
        };
        let (was, is) = match (only(&before, &now), only(&now, &before)) {
            (was, is) if was.is_empty() && is.is_empty() => {
                ("another order".to_owned(), "this order".to_owned())
            }
            changed => changed,
        };
        found.push(Difference { code: Code::PC102, item: name.clone(), was, is });
    }
    found
}
