//! Contracts that are built on others: their supertraits.
//!
//! In: the descriptors of bases, and what a contract has of its own. Out: all methods and rows of the contract, each once, and
//! where the table of a base lies in that of the contract. It does not know traits: that a base is a supertrait, rustc saw.

#[cfg(feature = "std")]
use crate::Contract;
use crate::describe::{BaseDesc, ContractDesc, MethodDesc, Receiver, Shape, Waiting, same_text};
use crate::named::Written;
use crate::{Fingerprint, PluginType, Row};

/// Where the table of `B` lies in that of `C`, in bytes. A contract that `C` is not built on does not compile.
#[cfg(feature = "std")]
pub(crate) const fn offset<C: ?Sized + Contract, B: ?Sized + Contract>() -> usize {
    if C::OBJECT_ID == B::OBJECT_ID {
        return 0;
    }
    match offset_in(C::DESC.bases, B::OBJECT_ID) {
        Some(offset) => offset,
        None => panic!("a stub is asked for the methods of a contract that its own is not built on"),
    }
}

/// The first place of a contract's table: a base that is there by two ways has two, which hold the same.
#[cfg(feature = "std")]
const fn offset_in(bases: &[BaseDesc], object: u128) -> Option<usize> {
    let mut at = 0;
    while at < bases.len() {
        let base = &bases[at];
        if base.object == object {
            return Some(base.offset);
        }
        if let Some(offset) = offset_in(base.contract.bases, object) {
            return Some(base.offset + offset);
        }
        at += 1;
    }
    None
}

/// What stands in a list until something is put there.
const NONE: MethodDesc = MethodDesc {
    name: "",
    from: "",
    signature: "",
    renamed_from: &[],
    since: "",
    optional: false,
    direct: false,
    shape: &Shape {
        receiver: Receiver::Shared,
        waiting: Waiting::Blocks,
        args: &[],
        ret: <() as PluginType>::DESC,
        role: "",
    },
    mentions: &[],
    fingerprint: Fingerprint(0),
};

/// How many methods bases bring: the `N` of [`inherited`].
#[must_use]
pub const fn count_inherited(bases: &[BaseDesc]) -> usize {
    inherit::<0>(bases).1
}

/// The methods that bases bring, each once, with the contract that it is from.
///
/// # Panics
/// `N` is not how many there are.
#[must_use]
pub const fn inherited<const N: usize>(bases: &[BaseDesc]) -> [MethodDesc; N] {
    let (methods, count) = inherit::<N>(bases);
    assert!(count == N, "the number of inherited methods is `count_inherited` of the bases");
    methods
}

/// Keeps what fits and counts all: with `N` = 0 it measures.
const fn inherit<const N: usize>(bases: &[BaseDesc]) -> ([MethodDesc; N], usize) {
    let mut methods = [NONE; N];
    let (mut count, mut base) = (0, 0);
    while base < bases.len() {
        let from = bases[base].contract;
        let mut at = 0;
        while at < from.methods.len() {
            let mut method = from.methods[at];
            method.from = origin(from, &method);
            // It counts versions of the other contract.
            method.since = "";
            if !has(bases, base, &method) {
                if count < N {
                    methods[count] = method;
                }
                count += 1;
            }
            at += 1;
        }
        base += 1;
    }
    (methods, count)
}

/// The contract that a method of this one comes from.
const fn origin(contract: &ContractDesc, method: &MethodDesc) -> &'static str {
    if method.from.is_empty() { contract.id } else { method.from }
}

/// Whether one of the first bases has the method too, from the same contract: there are two ways to it.
const fn has(bases: &[BaseDesc], first: usize, method: &MethodDesc) -> bool {
    let mut base = 0;
    while base < first {
        let contract = bases[base].contract;
        if let Some(other) = method_of(contract, method.name)
            && same_text(origin(contract, other), method.from)
        {
            return true;
        }
        base += 1;
    }
    false
}

const fn method_of<'a>(contract: &'a ContractDesc, name: &str) -> Option<&'a MethodDesc> {
    let mut at = 0;
    while at < contract.methods.len() {
        if same_text(contract.methods[at].name, name) {
            return Some(&contract.methods[at]);
        }
        at += 1;
    }
    None
}

/// All methods of a contract: what it inherits, and its own behind that.
///
/// # Panics
/// `N` is not the sum of both.
#[must_use]
pub const fn all_methods<const N: usize>(inherited: &[MethodDesc], own: &[MethodDesc]) -> [MethodDesc; N] {
    assert!(inherited.len() + own.len() == N, "all methods are those of the bases and its own");
    let mut methods = [NONE; N];
    let mut at = 0;
    while at < N {
        methods[at] = if at < inherited.len() { inherited[at] } else { own[at - inherited.len()] };
        at += 1;
    }
    methods
}

/// How many rows these methods have: one each, another where it is called directly, and one for each former name.
#[must_use]
pub const fn count_rows(methods: &[MethodDesc]) -> usize {
    let (mut count, mut at) = (0, 0);
    while at < methods.len() {
        count += 1 + methods[at].direct as usize + methods[at].renamed_from.len();
        at += 1;
    }
    count
}

/// All rows of a contract: those of its bases, each once, and its own behind them.
///
/// # Panics
/// `N` is not [`count_rows`] of its methods.
///
/// # Safety
/// The rows were made by [`Row::new`].
#[must_use]
pub const unsafe fn all_rows<const N: usize>(bases: &[&[Row]], own: &[Row]) -> [Row; N] {
    let none = Row { name: crate::wire::RawSlice::new(b""), fingerprint: [0; 2], call: core::ptr::null() };
    let mut rows = [none; N];
    let (mut count, mut base) = (0, 0);
    while base <= bases.len() {
        let from = if base < bases.len() { bases[base] } else { own };
        let mut at = 0;
        while at < from.len() {
            let row = from[at];
            // SAFETY: the caller's promise is the same.
            if base == bases.len() || !unsafe { is_among(&rows, count, &row) } {
                assert!(count < N, "a contract has as many rows as its methods say");
                rows[count] = row;
                count += 1;
            }
            at += 1;
        }
        base += 1;
    }
    assert!(count == N, "a contract has as many rows as its methods say");
    rows
}

/// Whether one of the first rows has this row's name.
///
/// # Safety
/// The rows were made by [`Row::new`].
const unsafe fn is_among(rows: &[Row], count: usize, row: &Row) -> bool {
    let mut at = 0;
    while at < count {
        // SAFETY: the caller's promise is the same.
        if unsafe { row.is_named_as(&rows[at]) } {
            return true;
        }
        at += 1;
    }
    false
}

/// Whether a contract that is built on these has methods of this name already, or a method that was called so.
const fn answers_to<'a>(contract: &'a ContractDesc, name: &str) -> Option<&'a MethodDesc> {
    let mut at = 0;
    while at < contract.methods.len() {
        let method = &contract.methods[at];
        let mut former = 0;
        while former < method.renamed_from.len() {
            if same_text(method.renamed_from[former], name) {
                return Some(method);
            }
            former += 1;
        }
        at += 1;
    }
    method_of(contract, name)
}

/// Why a name of a contract's own, of a method or a former one, is taken by one of its bases; empty when it is not.
#[must_use]
pub const fn taken(bases: &[BaseDesc], name: &str) -> Written {
    let mut text = Written::new();
    let mut base = 0;
    while base < bases.len() {
        let contract = bases[base].contract;
        if let Some(method) = answers_to(contract, name) {
            text.put("[P027] `");
            text.put(name);
            text.put("` is a name of a method of `");
            text.put(origin(contract, method));
            text.put("` too, which this contract is built on\nhelp: a plugin's methods are found by name, ");
            text.put("former names included: rename one, or leave it to the other contract");
            return text;
        }
        base += 1;
    }
    text
}

/// Why two bases cannot stand together; empty when they can.
#[must_use]
pub const fn apart(id: &str, bases: &[BaseDesc]) -> Written {
    let mut text = Written::new();
    let mut base = 0;
    while base < bases.len() {
        let contract = bases[base].contract;
        if same_text(contract.id, id) || meets(contract.bases, id, 0) {
            text.put("[P027] this contract is built on another one of its own id, `");
            text.put(id);
            text.put("`\nhelp: give it an id of its own");
            return text;
        }
        let mut other = 0;
        while other < base {
            if let Some(id) = doubled(&bases[base], bases, other) {
                text.put("[P027] two traits have the id `");
                text.put(id);
                text.put("`, and this contract is built on both\nhelp: depend on one version of the crate ");
                text.put("that declares it");
                return text;
            }
            if let Some(method) = shared(contract, bases[other].contract) {
                text.put("[P027] `");
                text.put(method.name);
                text.put("` is a name of a method of `");
                text.put(origin(contract, method));
                text.put("` and of one of `");
                text.put(bases[other].contract.id);
                text.put(
                    "`, and this contract is built on both\nhelp: a plugin's methods are found by name, ",
                );
                text.put("former names included: rename one, or make two contracts of this one");
                return text;
            }
            other += 1;
        }
        base += 1;
    }
    text
}

/// Whether a contract of this id, but not with this identity, is among these and what they are built on.
const fn meets(bases: &[BaseDesc], id: &str, but: u128) -> bool {
    let mut at = 0;
    while at < bases.len() {
        let base = &bases[at];
        if (same_text(base.contract.id, id) && base.object != but) || meets(base.contract.bases, id, but) {
            return true;
        }
        at += 1;
    }
    false
}

/// The id that a base, or one that it is built on, shares with another contract that an earlier one is, or is built on.
const fn doubled(base: &BaseDesc, bases: &[BaseDesc], other: usize) -> Option<&'static str> {
    let (_, rest) = bases.split_at(other);
    let (one, _) = rest.split_at(1);
    if meets(one, base.contract.id, base.object) {
        return Some(base.contract.id);
    }
    let mut at = 0;
    while at < base.contract.bases.len() {
        if let Some(id) = doubled(&base.contract.bases[at], bases, other) {
            return Some(id);
        }
        at += 1;
    }
    None
}

/// A method of one contract to whose name, or a former one, another of the other contract answers.
const fn shared<'a>(one: &'a ContractDesc, other: &ContractDesc) -> Option<&'a MethodDesc> {
    let mut at = 0;
    while at < one.methods.len() {
        let method = &one.methods[at];
        let mut name = 0;
        while name <= method.renamed_from.len() {
            let asked = if name == 0 { method.name } else { method.renamed_from[name - 1] };
            if let Some(found) = answers_to(other, asked)
                && !(same_text(found.name, method.name)
                    && same_text(origin(other, found), origin(one, method)))
            {
                return Some(method);
            }
            name += 1;
        }
        at += 1;
    }
    None
}

/// The method that answers to a name, and the contract that declares it.
pub(crate) const fn found<'a>(
    bases: &'a [BaseDesc],
    name: &str,
) -> Option<(&'a MethodDesc, &'a ContractDesc)> {
    let mut at = 0;
    while at < bases.len() {
        let contract = bases[at].contract;
        if let Some(method) = answers_to(contract, name) {
            let deeper = found(contract.bases, name);
            return if deeper.is_some() { deeper } else { Some((method, contract)) };
        }
        at += 1;
    }
    None
}

/// The contract of this id among these and what they are built on.
pub(crate) const fn contract_of<'a>(bases: &'a [BaseDesc], id: &str) -> Option<&'a ContractDesc> {
    let mut at = 0;
    while at < bases.len() {
        let contract = bases[at].contract;
        if same_text(contract.id, id) {
            return Some(contract);
        }
        if let Some(found) = contract_of(contract.bases, id) {
            return Some(found);
        }
        at += 1;
    }
    None
}
