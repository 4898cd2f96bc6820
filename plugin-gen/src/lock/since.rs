//! Which version brought a method, where its source does not say: the lock does.
//!
//! In: a contract as it was written, and the lock. Out: the same contract, each method with the version that brought it. That
//! source and lock agree where both speak, rule PC205 demands.

use super::Lock;
use crate::syntax::Contract;

/// Takes over what the lock knows. The methods that were there from the start need no version.
pub(crate) fn since(contract: &mut Contract, lock: &Lock) {
    let locked = lock.contracts.get(&contract.arguments.id).filter(|_| !contract.arguments.unlocked);
    let Some(locked) = locked else { return };
    let Some(first) = locked.methods.values().map(|method| method.since).min() else { return };
    for method in &mut contract.methods {
        let promised = locked.methods.get(&method.name()).filter(|promised| promised.since > first);
        method.since = method.since.or(promised.map(|promised| promised.since));
    }
}
