//! The version step: whether a contract's version says what changed.
//!
//! In: what was promised, the version in the code, and the differences. Out: the version that is needed, and PC203 where
//! the code does not have it.

use super::difference::{ContractPart, Difference, Place};
use super::{Contract, Lock, Step};
use crate::report::Code;
use crate::syntax::Version;

/// What the differences demand of the version of the contract with this id.
#[must_use]
pub fn demanded(id: &str, lock: &Lock, differences: &[Difference]) -> Step {
    let Some(promised) = lock.contracts.get(id) else { return Step::None };
    let concerns = |difference: &&Difference| match &difference.place {
        Place::Contract { id: of, .. } | Place::Method { id: of, .. } => of == id,
        // A type's change is the change of every contract that it reaches.
        Place::Type { name, .. } => {
            promised.methods.values().any(|method| lock.types_of(method).contains(name.as_str()))
        }
        Place::Lock => false,
    };
    let steps = differences.iter().filter(concerns).map(|difference| difference.step(promised.compat));
    steps.max().unwrap_or(Step::None)
}

/// That the version satisfies what the differences demand.
#[must_use]
pub(crate) fn check(
    id: &str,
    lock: &Lock,
    promised: &Contract,
    now: Version,
    differences: &[Difference],
) -> Option<Difference> {
    let step = demanded(id, lock, differences);
    let (was, needed) = (promised.version, step.after(promised.version));
    let what = if now < was {
        format!("version of `{id}` went back")
    } else if now < needed {
        format!("`{id}` is at {now}, and what changed since {was} needs {needed}")
    } else {
        return None;
    };
    let place = Place::Contract { id: id.to_owned(), part: ContractPart::Version };
    let mut found = Difference::new(Code::PC203, id, place, what);
    if now < was {
        found = found.showing(was.to_string(), now.to_string());
    }
    found.needs = Some(needed.max(was));
    Some(found)
}
