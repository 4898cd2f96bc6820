//! The objects that two contracts hand to and fro: whether whoever calls one finds every method that it calls.
//!
//! In: both records, and the methods that were bound. Out: every method of an object that does not fit. An object is asked
//! for its methods by name when it arrives, so nothing is bound here; but nothing that was not compared may arrive.
//!
//! Which side calls an object follows from the way that it takes: a result goes to the caller, an argument to whom is
//! called, and what a closure is given goes the other way round.

use std::collections::HashSet;

use plugin_abi::describe::Kind;
use plugin_abi::note::{Contract, Member, Method, Record, TypeIndex};

use super::refusal::{HandedOver, Mismatch};
use super::shape;

/// One of the two sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Side {
    Host,
    Plugin,
}

impl Side {
    fn other(self) -> Self {
        match self {
            Self::Host => Self::Plugin,
            Self::Plugin => Self::Host,
        }
    }
}

/// Walks everything that crosses.
struct Walk<'a> {
    host: &'a Record,
    seen: HashSet<(TypeIndex, Side)>,
    /// Types that are to be followed, and who gets a value of each.
    types: Vec<(TypeIndex, Side)>,
    /// Contracts whose objects cross, and who calls them, in the order in which they were met.
    objects: Vec<(&'a str, Side)>,
}

/// Every method of an object that does not fit.
pub(super) fn compare<'a>(
    host: &'a Record,
    bound: impl Iterator<Item = &'a str>,
    plugin: &Record,
) -> Vec<Mismatch> {
    let mut walk = Walk { host, seen: HashSet::new(), types: Vec::new(), objects: Vec::new() };
    let mut mismatches = Vec::new();
    let Some(contract) = host.contracts.first() else { return mismatches };
    for method in bound.filter_map(|name| contract.method(name)) {
        walk.method(method, Side::Host);
    }
    let mut at = 0;
    while let Some((id, caller)) = walk.objects.get(at).copied() {
        at += 1;
        // The bound methods were compared, and with them the ids of the objects that they name.
        let (Some(ours), Some(theirs)) = (host.known_contract(id), plugin.known_contract(id)) else {
            continue;
        };
        for method in &ours.methods {
            walk.method(method, caller);
        }
        mismatches.extend(object(host, ours, plugin, theirs, caller));
    }
    mismatches
}

impl<'a> Walk<'a> {
    fn method(&mut self, method: &'a Method, caller: Side) {
        self.types.extend(method.args.iter().map(|arg| (arg.ty, caller.other())));
        self.types.push((method.ret, caller));
        while let Some((ty, receiver)) = self.types.pop() {
            self.follow(ty, receiver);
        }
    }

    fn follow(&mut self, index: TypeIndex, receiver: Side) {
        if !self.seen.insert((index, receiver)) {
            return;
        }
        let ty = self.host.ty(index);
        let members = |members: &'a [Member], to: Side| members.iter().map(move |member| (member.ty, to));
        match (ty.kind, &*ty.variants, &*ty.members) {
            (Kind::Object, [id], _) => {
                let object = (id.name.as_str(), receiver);
                if !self.objects.contains(&object) {
                    self.objects.push(object);
                }
            }
            // Whoever gets a closure calls it.
            (Kind::Function, _, [args @ .., ret]) => {
                self.types.extend(members(args, receiver.other()));
                self.types.push((ret.ty, receiver));
            }
            (_, variants, parts) => {
                self.types.extend(members(parts, receiver));
                for variant in variants {
                    self.types.extend(members(&variant.fields, receiver));
                }
            }
        }
    }
}

/// Compares the methods of one contract that this side calls on the other's objects.
fn object(host: &Record, ours: &Contract, plugin: &Record, theirs: &Contract, caller: Side) -> Vec<Mismatch> {
    let mut mismatches = Vec::new();
    let handed_over = || HandedOver::of(ours, theirs);
    let (asking, asked) = if caller == Side::Host { (ours, theirs) } else { (theirs, ours) };
    for method in &asking.methods {
        let found = counterpart(method, asked);
        let Some(found) = found else {
            if !method.optional {
                mismatches.push(Mismatch::object_lacks(handed_over(), method, caller));
            }
            continue;
        };
        if found.fingerprint == method.fingerprint {
            continue;
        }
        let (expected, found) = if caller == Side::Host { (method, found) } else { (found, method) };
        let pair = shape::Pair { host, ours, expected, plugin, theirs, found, caller };
        if let Some(difference) = shape::difference(&pair) {
            mismatches.push(Mismatch::object_differs(handed_over(), expected, found, difference));
        }
    }
    mismatches
}

/// The method that the other side means: by its name, else by a name that either side had for it.
fn counterpart<'a>(method: &Method, contract: &'a Contract) -> Option<&'a Method> {
    let older = || method.renamed_from.iter().find_map(|name| contract.method(name));
    let newer = || contract.methods.iter().find(|found| found.renamed_from.contains(&method.name));
    contract.method(&method.name).or_else(older).or_else(newer)
}
