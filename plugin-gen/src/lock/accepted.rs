//! What was accepted: entries that outlived their contract, and the acceptance of some differences and not others.
//!
//! In: locks. Out: locks. It does not know why somebody accepts something.

use super::Lock;
use crate::report::Code;
use crate::syntax::Version;

/// Accepted entries that speak of nothing that is there, by their place, each with why.
#[must_use]
pub fn stale(lock: &Lock) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (at, accepted) in lock.accepted.iter().enumerate() {
        let item = &accepted.item;
        let version = version_of(lock, item);
        let message = match version {
            // That it is not there is what was accepted.
            _ if accepted.rule == Code::PC201.to_string() => continue,
            None => format!(
                "`{item}` was accepted ({}), and neither contract nor type of it is there",
                accepted.rule
            ),
            Some(version) if accepted.to > version => format!(
                "`{item}` was accepted ({}) for {}, and the contract is at {version}",
                accepted.rule, accepted.to
            ),
            Some(_) => continue,
        };
        found.push((at, message));
    }
    found
}

/// The version of what an item is part of; nothing when it is part of nothing.
fn version_of(lock: &Lock, item: &str) -> Option<Version> {
    let part_of = |whole: &str| {
        item.strip_prefix(whole)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('.') || rest.starts_with(':'))
    };
    // An id may begin with another: the longest is meant.
    let contracts = lock.contracts.iter().filter(|(id, _)| part_of(id));
    let contract = contracts.max_by_key(|(id, _)| id.len()).map(|(_, contract)| contract.version);
    let of_type = || {
        let name = lock.types.keys().find(|name| part_of(name))?;
        lock.spokesman(name).map(|(_, contract)| contract.version)
    };
    contract.or_else(of_type)
}

/// The version that a difference is accepted for.
#[cfg(feature = "cli")]
pub(crate) fn spoken_for(lock: &Lock, found: &super::Difference) -> Option<Version> {
    version_of(lock, &found.item).or_else(|| lock.contracts.values().map(|contract| contract.version).max())
}

/// The old lock with these items as they are in the new one, and everything else as it was promised.
#[cfg(feature = "cli")]
#[must_use]
pub(crate) fn only(old: &Lock, mut new: Lock, items: &[String]) -> Lock {
    let mut lock = old.clone();
    for item in items {
        if lock.contracts.contains_key(item) || new.contracts.contains_key(item) {
            match new.contracts.remove(item) {
                Some(contract) => lock.contracts.insert(item.clone(), contract),
                None => lock.contracts.remove(item),
            };
            continue;
        }
        let of_contract =
            old.contracts.keys().filter_map(|id| Some((id, item.strip_prefix(&format!("{id}."))?))).max();
        match of_contract {
            Some((id, method)) => only_method(&mut lock, &new, id, method),
            None => only_type(&mut lock, old, &new, item),
        }
    }
    for (name, ty) in new.types {
        lock.types.entry(name).or_insert(ty);
    }
    for contract in lock.contracts.values_mut() {
        contract.fingerprint = contract.hash();
    }
    lock
}

#[cfg(feature = "cli")]
fn only_method(lock: &mut Lock, new: &Lock, id: &str, name: &str) {
    let (Some(contract), Some(now)) = (lock.contracts.get_mut(id), new.contracts.get(id)) else { return };
    contract.version = now.version;
    contract.methods.remove(name);
    contract.removed.remove(name);
    if let Some(method) = now.methods.get(name) {
        contract.methods.retain(|known, _| !method.was.contains(known));
        contract.methods.insert(name.to_owned(), method.clone());
    } else if let Some(removed) = now.removed.get(name) {
        contract.removed.insert(name.to_owned(), removed.clone());
    }
}

/// A type, and the hashes of the methods that are what they were but for it.
#[cfg(feature = "cli")]
fn only_type(lock: &mut Lock, old: &Lock, new: &Lock, item: &str) {
    let name = item.split([':', '.']).next().unwrap_or(item);
    let Some(ty) = new.types.get(name) else { return };
    lock.types.insert(name.to_owned(), ty.clone());
    for (id, contract) in &mut lock.contracts {
        let Some(now) = new.contracts.get(id) else { continue };
        for (method_name, method) in &mut contract.methods {
            let Some(now_method) = now.methods.get(method_name) else { continue };
            let same = method.signature == now_method.signature && method.resolved == now_method.resolved;
            if same && old.types_of(method).contains(name) {
                method.fingerprint = now_method.fingerprint;
                contract.version = now.version;
            }
        }
    }
}
