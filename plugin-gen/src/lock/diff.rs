//! One lock against another: what the code is now, or what it was at some revision.
//!
//! In: two locks. Out: every difference, types first: what changed in one of them is why methods changed.

use std::collections::BTreeSet;

use super::compare::revision;
use super::contracts::{self, Now, NowMethod};
use super::difference::{ContractPart, Difference, Place};
use super::types::{self, Words};
use super::{Contract, Lock};
use crate::report::Code;
use crate::syntax;

/// Every difference between two locks, contract by contract, method by method.
#[must_use]
pub fn diff(old: &Lock, new: &Lock) -> Vec<Difference> {
    let mut found = of_types(old, new);
    if old.abi != new.abi {
        found.extend(old.contracts.keys().next().map(|id| revision(id, old.abi)));
    }
    let changed: BTreeSet<String> = found
        .iter()
        .filter_map(|difference| match &difference.place {
            Place::Type { name, .. } => Some(name.clone()),
            _ => None,
        })
        .collect();
    let mut aliases = BTreeSet::new();
    for (id, before) in &old.contracts {
        let Some(now) = new.contracts.get(id) else {
            found.push(gone(id, before, new, old));
            continue;
        };
        if before == now {
            continue;
        }
        let differences =
            of_contract(id, before, now).into_iter().filter(|difference| match difference.code {
                // Whatever a type's own difference explains is said there.
                Code::PC108 if difference.was.is_empty() => {
                    let method = difference
                        .item
                        .strip_prefix(&format!("{id}."))
                        .and_then(|name| before.methods.get(name));
                    !method
                        .is_some_and(|method| old.types_of(method).iter().any(|name| changed.contains(*name)))
                }
                // One alias is in many methods: the first speaks for all.
                Code::PC108 => aliases.insert((difference.was.clone(), difference.is.clone())),
                _ => true,
            });
        found.extend(differences);
    }
    found
}

fn of_contract(id: &str, before: &Contract, now: &Contract) -> Vec<Difference> {
    let mut written = Vec::new();
    for (name, method) in &now.methods {
        match syntax::Method::parse_signature(&method.signature) {
            Ok(parsed) => written.push((name, method, parsed)),
            Err(_) => {
                let place = Place::Contract { id: id.to_owned(), part: ContractPart::Name };
                let what = format!("the signature of `{name}` cannot be read: `{}`", method.signature);
                return vec![Difference::new(Code::PC204, format!("{id}.{name}"), place, what)];
            }
        }
    }
    let methods = written.iter().map(|(name, method, written)| NowMethod {
        name: (*name).clone(),
        written,
        names: Some(&method.resolved),
        since: Some(method.since),
        optional: method.optional,
        role: &method.role,
        former: method.was.clone(),
        fingerprint: Some(method.fingerprint),
    });
    let now = Now {
        version: now.version,
        bounds: now.bounds,
        bases: contracts::Bases::Known(now.bases.clone()),
        methods: methods.collect(),
    };
    contracts::differences(id, before, &now)
}

/// A contract that is not there any more, or goes by another id.
fn gone(id: &str, before: &Contract, new: &Lock, old: &Lock) -> Difference {
    let heir =
        new.contracts.iter().find(|(id, now)| now.name == before.name && !old.contracts.contains_key(*id));
    let what = match heir {
        Some((heir, _)) => format!("trait `{}` changed its id: was `{id}`, is `{heir}`", before.name),
        None => format!("contract `{id}` is gone from the code"),
    };
    let place = match heir {
        Some((heir, _)) => Place::Contract { id: heir.clone(), part: ContractPart::Name },
        None => Place::Lock,
    };
    Difference::new(Code::PC201, id, place, what)
}

fn of_types(old: &Lock, new: &Lock) -> Vec<Difference> {
    let both = old.types.iter().filter_map(|(name, before)| Some((name, before, new.types.get(name)?)));
    let changed = both.filter(|(_, before, now)| before != now);
    changed
        .flat_map(|(name, before, now)| {
            types::differences(name, before, (now, Words::Facts), || old.flow(name))
        })
        .collect()
}
