//! What a lock file promised of types and bases, compared in consts: the net that sees through aliases and into other crates.
//!
//! In: descriptors, and the lock's text as the macros print it. Out: yes or no, and which type is to blame. It does not
//! know the lock file, nor what is said when the answer is no.

use crate::describe::{
    BaseDesc, ContractDesc, Form, Kind, Member, MethodDesc, Shape, TypeDesc, TypeRef, same_text, split_bounds,
};
use crate::graph::Graph;
use crate::{Fingerprint, bases};

/// A derived type as a lock holds it.
pub struct PromisedType {
    /// Its name.
    pub name: &'static str,
    /// What kind of type it was.
    pub kind: Kind,
    /// Its fields, if it is a struct.
    pub fields: &'static [PromisedField],
    /// Its variants, if it is an enum, in any order.
    pub variants: &'static [PromisedVariant],
}

/// A field as a lock holds it.
pub struct PromisedField {
    /// Its name.
    pub name: &'static str,
    /// Its type, without aliases: `Vec<u8>`.
    pub text: &'static str,
}

/// A variant as a lock holds it.
pub struct PromisedVariant {
    /// Its name.
    pub name: &'static str,
    /// Its number.
    pub tag: u32,
    /// Its fields.
    pub fields: &'static [PromisedField],
}

/// Whether a type, written without aliases and paths, is this text. `note::Shown` prints the same of a record: how types of a
/// kind are written, both ask `Kind::form`.
#[must_use]
pub const fn shows_as(ty: TypeRef, text: &str) -> bool {
    matches!(follow(ty, text.as_bytes(), 0), Some(end) if end == text.len())
}

/// Reads a type's text from here on. Says where it ends.
const fn follow(ty: TypeRef, text: &[u8], at: usize) -> Option<usize> {
    let desc = ty.get();
    match desc.kind.form() {
        Form::Named(before) => match eat(before, text, at) {
            Some(at) => eat(desc.name, text, at),
            None => None,
        },
        Form::Generic => match eat(desc.name, text, at) {
            Some(at) => between("<", desc.members, ">", text, at),
            None => None,
        },
        Form::Between(open, close) => between(open, desc.members, close, text, at),
        Form::Array => match between("[", desc.members, "; ", text, at) {
            Some(at) => match eat(desc.name, text, at) {
                Some(at) => eat("]", text, at),
                None => None,
            },
            None => None,
        },
        Form::Reference => match eat(desc.name, text, at) {
            Some(at) => {
                let lent = desc.members[0].ty.get();
                let bounds = matches!(lent.kind, Kind::Function) && !split_bounds(lent.name).1.is_empty();
                let (open, close) = if bounds { ("(", ")") } else { ("", "") };
                between(open, desc.members, close, text, at)
            }
            None => None,
        },
        Form::Function => function(desc, text, at),
        Form::Bounded(open, of, close) => bounded(open, desc, of, close, text, at),
    }
}

/// `dyn Fn(A, B) -> R + Send`
const fn function(desc: &TypeDesc, text: &[u8], at: usize) -> Option<usize> {
    let (head, bounds) = split_bounds(desc.name);
    let Some(at) = eat("dyn ", text, at) else { return None };
    let Some(at) = eat(head, text, at) else { return None };
    let (args, ret) = desc.members.split_at(desc.members.len() - 1);
    let Some(at) = between("(", args, ")", text, at) else { return None };
    let unit = matches!(ret[0].ty.get().kind, Kind::Scalar) && same_text(ret[0].ty.get().name, "()");
    let at = if unit { Some(at) } else { between(" -> ", ret, "", text, at) };
    match at {
        Some(at) => eat(bounds, text, at),
        None => None,
    }
}

/// `Box<dyn Iterator<Item = T> + Send>`
const fn bounded(
    open: &str,
    desc: &TypeDesc,
    of: &str,
    close: &str,
    text: &[u8],
    at: usize,
) -> Option<usize> {
    let (head, bounds) = split_bounds(desc.name);
    let Some(at) = eat(open, text, at) else { return None };
    let Some(at) = eat(head, text, at) else { return None };
    let Some(at) = between(of, desc.members, ">", text, at) else { return None };
    let Some(at) = eat(bounds, text, at) else { return None };
    eat(close, text, at)
}

const fn between(open: &str, members: &[Member], close: &str, text: &[u8], at: usize) -> Option<usize> {
    let mut end = eat(open, text, at);
    let mut member = 0;
    while member < members.len() {
        end = match end {
            Some(at) if member > 0 => eat(", ", text, at),
            end => end,
        };
        end = match end {
            Some(at) => follow(members[member].ty, text, at),
            None => return None,
        };
        member += 1;
    }
    match end {
        Some(at) => eat(close, text, at),
        None => None,
    }
}

const fn eat(word: &str, text: &[u8], at: usize) -> Option<usize> {
    let word = word.as_bytes();
    let mut done = 0;
    while done < word.len() {
        if at + done >= text.len() || text[at + done] != word[done] {
            return None;
        }
        done += 1;
    }
    Some(at + done)
}

/// What [`held`] answers when there is nothing to say, or it is said elsewhere.
pub const SAID: usize = usize::MAX;

/// Whether a method hashes as was promised: [`SAID`] when it does, or when one of its types shows as another than in
/// `texts` (arguments first, then the result; nothing asks for an empty one), which is said at that type; else why: the number of a type of another package in `types`, or `types.len()`.
#[must_use]
pub const fn held(
    print: Fingerprint,
    promised: u128,
    shape: &Shape,
    texts: &[&str],
    types: &[PromisedType],
    package: &str,
) -> usize {
    if print.0 == promised {
        return SAID;
    }
    let mut at = 0;
    while at < texts.len() {
        let ty = if at < shape.args.len() { shape.args[at].ty } else { shape.ret };
        if !texts[at].is_empty() && !shows_as(ty, texts[at]) {
            return SAID;
        }
        at += 1;
    }
    cause(shape, types, package)
}

/// What is said of a cause: the text of the type with that number, or what the method says of itself.
#[must_use]
pub const fn told<'a>(cause: usize, texts: &[&'a str], otherwise: &'a str) -> &'a str {
    if cause < texts.len() { texts[cause] } else { otherwise }
}

/// Why a method's fingerprint is not the one that was promised: the number of the type in `types` that changed in another
/// package; [`SAID`] when a type of `package` did, or when types only grew as they may; `types.len()` when it is none of
/// them.
#[must_use]
const fn cause(shape: &Shape, types: &[PromisedType], package: &str) -> usize {
    let mut graph = Graph::new();
    graph.insert_shape(shape);
    graph.close();
    let mut answer = types.len();
    let mut at = 0;
    while at < graph.len() {
        let ty = graph.node(at);
        let mut known = 0;
        while known < types.len() {
            let promised = &types[known];
            if same_text(ty.name, promised.name) {
                if !keeps(ty, promised) && !same_text(ty.compared, package) {
                    return known;
                }
                if !keeps(ty, promised) || grew(ty, promised) {
                    answer = SAID;
                }
            }
            known += 1;
        }
        at += 1;
    }
    answer
}

/// Whether a derived type is still what was promised, or more. What its fields are made of is asked of their types.
const fn keeps(ty: &TypeDesc, promised: &PromisedType) -> bool {
    let open = matches!(ty.kind, Kind::Open);
    if ty.kind as u8 != promised.kind as u8
        || (!open && ty.variants.len() != promised.variants.len())
        || !keep_fields(ty.members, promised.fields, matches!(ty.kind, Kind::Sized))
    {
        return false;
    }
    let mut at = 0;
    while at < promised.variants.len() {
        let wanted = &promised.variants[at];
        let mut found = 0;
        while found < ty.variants.len() && !same_text(ty.variants[found].name, wanted.name) {
            found += 1;
        }
        if found == ty.variants.len()
            || ty.variants[found].tag != wanted.tag
            || !keep_fields(ty.variants[found].fields, wanted.fields, false)
        {
            return false;
        }
        at += 1;
    }
    true
}

/// Whether a type that is kept has more than was promised.
const fn grew(ty: &TypeDesc, promised: &PromisedType) -> bool {
    ty.variants.len() > promised.variants.len() || ty.members.len() > promised.fields.len()
}

const fn keep_fields(fields: &[Member], promised: &[PromisedField], sized: bool) -> bool {
    if fields.len() < promised.len() || (!sized && fields.len() > promised.len()) {
        return false;
    }
    let mut at = 0;
    while at < fields.len() {
        let kept = if at < promised.len() {
            same_text(fields[at].name, promised[at].name) && shows_as(fields[at].ty, promised[at].text)
        } else {
            fields[at].optional
        };
        if !kept {
            return false;
        }
        at += 1;
    }
    true
}

/// A method of a base as a lock holds it of the contract that is built on it.
pub struct PromisedMethod {
    /// Its name.
    pub name: &'static str,
    /// The contract that it came from; empty for one that was the contract's own.
    pub from: &'static str,
    /// The fingerprint that was promised.
    pub fingerprint: u128,
    /// Whether the lock promises the same of that contract.
    pub said: bool,
}

/// Whether these are the contracts with these ids, in any order.
#[must_use]
pub const fn are_bases(bases: &[BaseDesc], ids: &[&str]) -> bool {
    let mut same = bases.len() == ids.len();
    let mut at = 0;
    while same && at < bases.len() {
        let mut id = 0;
        while id < ids.len() && !same_text(bases[at].contract.id, ids[id]) {
            id += 1;
        }
        same = id < ids.len();
        at += 1;
    }
    same
}

/// Whether no base has a promised method any more, and nobody else says so: neither the base itself, nor who sees that the bases
/// are others.
#[must_use]
pub const fn is_gone(bases: &[BaseDesc], promised: &PromisedMethod, rebased: bool) -> bool {
    if bases::found(bases, promised.name).is_some() {
        return false;
    }
    match bases::contract_of(bases, promised.from) {
        Some(base) => !speaks(base, promised),
        None => promised.from.is_empty() || !rebased,
    }
}

/// Whether a promised method is there with another fingerprint, and its contract does not say so itself.
#[must_use]
pub const fn has_changed(bases: &[BaseDesc], promised: &PromisedMethod) -> bool {
    match bases::found(bases, promised.name) {
        Some((method, from)) if method.fingerprint.0 != promised.fingerprint => {
            !(same_text(from.id, promised.from) && speaks(from, promised))
        }
        _ => false,
    }
}

/// A required method of a base that was not promised, neither of the contract under one of these names, nor of the base itself,
/// which says so then; empty when there is none. `speaking` are the contracts that a lock holds, and the names in it.
#[must_use]
pub const fn added(bases: &[BaseDesc], promised: &[&str], speaking: &[(&str, &[&str])]) -> &'static str {
    let mut at = 0;
    while at < bases.len() {
        let methods = bases[at].contract.methods;
        let mut method = 0;
        while method < methods.len() {
            let found = &methods[method];
            if !found.optional && !answers_to_any(found, promised) && !is_told(bases, found, speaking) {
                return found.name;
            }
            method += 1;
        }
        at += 1;
    }
    ""
}

/// Whether the contract that declares a method says itself that it was added.
const fn is_told(bases: &[BaseDesc], method: &MethodDesc, speaking: &[(&str, &[&str])]) -> bool {
    let Some((_, from)) = bases::found(bases, method.name) else { return false };
    let mut at = 0;
    while at < speaking.len() {
        if same_text(speaking[at].0, from.id) {
            return from.locked && !answers_to_any(method, speaking[at].1);
        }
        at += 1;
    }
    false
}

const fn answers_to_any(method: &MethodDesc, names: &[&str]) -> bool {
    let mut at = 0;
    while at < names.len() {
        let mut answers = same_text(method.name, names[at]);
        let mut former = 0;
        while former < method.renamed_from.len() {
            answers |= same_text(method.renamed_from[former], names[at]);
            former += 1;
        }
        if answers {
            return true;
        }
        at += 1;
    }
    false
}

/// Whether the contract is compared with a lock that promises the same.
const fn speaks(base: &ContractDesc, promised: &PromisedMethod) -> bool {
    promised.said && base.locked
}
