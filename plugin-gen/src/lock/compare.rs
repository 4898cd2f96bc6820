//! A contract in the source against the lock: the token net, and what is left for rustc.
//!
//! In: a tree with spans, and the lock. Out: what the words prove, as findings at the word; everything else as a promise
//! that rustc is to check.

use std::collections::BTreeSet;

use super::contracts::{self, Now, NowMethod};
use super::difference::{ContractPart, Difference, MethodPart, Place, TypePart};
use super::{
    Based, Bounds, Contract as Promised, Fingerprinted, Inherited, Lock, Method as PromisedMethod, Promise,
    Shown, Type, locate,
};
use crate::report::{Code, Finding};
use crate::syntax::{
    self, Attribute, Contract, Method, Type as Written, holds_but_not, is_built_in, is_of_platform, resolve,
    shown_text, type_text,
};

/// Compares a contract. What the words prove is returned, harmless or not; what only rustc can tell goes into `promise`,
/// with the place where it shall say so.
pub(crate) fn compare(
    contract: &Contract,
    lock: &Lock,
    promised: &Promised,
    promise: &mut Promise,
) -> Vec<Finding> {
    let id = &contract.arguments.id;
    let net = Net { contract, promised };
    let methods = contract.methods.iter().map(now_method).collect();
    let bases = contract.bases.iter().map(syntax::tokens_text).collect();
    let now = Now {
        version: contract.arguments.version,
        bounds: bounds(contract, promised),
        bases: contracts::Bases::Written(bases),
        methods,
    };
    let mut findings: Vec<_> =
        contracts::of_contract(id, promised, &now).iter().map(|found| net.finding(found, None)).collect();
    if lock.abi != plugin_abi::REVISION {
        findings.push(net.finding(&revision(id, lock.abi), None));
    }
    for (at, method) in now.methods.iter().enumerate() {
        let cfgs: Vec<_> = contract.methods[at].cfgs().cloned().collect();
        let differences = contracts::of_method(id, promised, (&now, method));
        let before = contracts::promised(promised, method).map(|(_, before)| before);
        // Words under a `#[cfg]` may be another platform's; then rustc compares where they are compiled.
        let (certain, open): (Vec<_>, Vec<_>) =
            differences.into_iter().partition(|found| found.certain && (cfgs.is_empty() || found.compiles()));
        let proven = certain.iter().any(|found| !found.compiles() && is_signature(found));
        findings.extend(certain.iter().map(|found| net.finding(found, Some(at))));
        let Some(before) = before else {
            let open = open.iter().map(|found| (cfgs.clone(), net.finding(found, Some(at))));
            promise.conditional.extend(open);
            continue;
        };
        let (types, rest): (Vec<_>, Vec<_>) = open.into_iter().partition(is_signature);
        promise.conditional.extend(rest.iter().map(|found| (cfgs.clone(), net.finding(found, Some(at)))));
        if !proven && now.bounds == promised.bounds {
            net.leave_to_rustc(at, before, &types, promise);
        }
    }
    if now.bases.are_unseen() {
        promise.based = Some(based(&net, lock, &now));
    }
    hidden(&net, &now, promise);
    if !promise.methods.is_empty() {
        promise.types = reachable(lock, promised, &net);
    }
    findings
}

/// What the words say of threads. A base may demand more than they do, which is left to rustc as long as it could be what was
/// promised.
fn bounds(contract: &Contract, promised: &Promised) -> Bounds {
    let written = Bounds { send: contract.send, sync: contract.sync };
    let could_be = promised.bounds.send >= written.send && promised.bounds.sync >= written.sync;
    if could_be && !contract.bases.is_empty() { promised.bounds } else { written }
}

/// What was promised of the bases, and of methods that are theirs, or may be by now.
fn based(net: &Net<'_>, lock: &Lock, now: &Now<'_>) -> Based {
    let (id, promised) = (&net.contract.arguments.id, net.promised);
    let rebased = now.bases.other_than(&promised.bases).is_none();
    let rebased = rebased.then(|| contracts::rebased(id, promised, net.contract.supertraits_text()));
    let is_own = |name: &String, method: &PromisedMethod| {
        let asked =
            |asked: &String| now.methods.iter().any(|own| own.name == *asked || own.former.contains(asked));
        asked(name) || method.was.iter().any(asked)
    };
    let inherited = promised.methods.iter().filter(|(name, method)| !is_own(name, method));
    let methods = inherited.map(|(name, method)| {
        let item = || format!("{id}.{name}");
        let place = || Place::Method { id: id.clone(), name: name.clone(), part: MethodPart::Name };
        let gone = Difference::new(Code::PC001, item(), place(), format!("method `{name}` was removed"));
        let what = match method.from.as_str() {
            "" => format!("method `{name}`, which a base has now, changed"),
            from => format!("method `{name}` changed in `{from}`, which declares it"),
        };
        let changed = Difference::new(Code::PC108, item(), place(), what);
        let finding = |found: Difference| net.finding(&found.showing(&method.signature, ""), None);
        let (from, fingerprint) = (method.from.clone(), method.fingerprint);
        let of_base = lock.contracts.get(&from).and_then(|base| base.methods.get(name));
        let said = of_base.is_some_and(|of_base| of_base.fingerprint == fingerprint);
        let (gone, changed) = (finding(gone), finding(changed));
        Inherited { name: name.clone(), from, fingerprint, said, gone, changed }
    });
    let what = format!(
        "required method `{}`, which plugins built before lack, was added to a contract that it is built on",
        Based::ADDED
    );
    let place = Place::Contract { id: id.clone(), part: ContractPart::Bounds };
    let added = net.finding(&Difference::new(Code::PC002, id, place, what), None);
    let names = |contract: &Promised| {
        let methods = contract.methods.iter();
        methods.flat_map(|(name, method)| [name].into_iter().chain(&method.was).cloned()).collect()
    };
    Based {
        names: names(promised),
        speaking: lock.contracts.iter().map(|(id, contract)| (id.clone(), names(contract))).collect(),
        added,
        ids: promised.bases.iter().cloned().collect(),
        rebased: rebased.map(|rebased| net.finding(&rebased, None)),
        bounds: (promised.bounds, net.finding(&contracts::unbound(id, promised, ""), None)),
        methods: methods.collect(),
    }
}

fn now_method(method: &Method) -> NowMethod<'_> {
    NowMethod {
        name: method.name(),
        written: method,
        names: None,
        since: method.since,
        optional: method.body.is_some(),
        role: method.role.as_ref().map_or("", |role| &role.text),
        former: method.former_names(),
        fingerprint: None,
    }
}

/// Whether a difference is one of the types in a signature.
fn is_signature(found: &Difference) -> bool {
    matches!(
        found.code,
        Code::PC003 | Code::PC004 | Code::PC005 | Code::PC006 | Code::PC007 | Code::PC013 | Code::PC204
    )
}

pub(crate) fn revision(id: &str, was: u32) -> Difference {
    let place = Place::Contract { id: id.to_owned(), part: ContractPart::Name };
    let what = "the revision of the binary interface changed: what was built before cannot be loaded";
    Difference::new(Code::PC202, id, place, what).showing(was.to_string(), plugin_abi::REVISION.to_string())
}

/// Promised methods that are there only under some `#[cfg]`: elsewhere the contract is another, under the same version.
fn hidden(net: &Net<'_>, now: &Now<'_>, promise: &mut Promise) {
    for (name, promised) in net.promised.methods.iter().filter(|(_, promised)| !promised.optional) {
        let written = || net.contract.methods.iter().zip(&now.methods);
        let here: Vec<Vec<Attribute>> = written()
            .filter(|(_, now)| now.name == *name || now.former.contains(name))
            .map(|(method, _)| method.cfgs().cloned().collect())
            .collect();
        // Binaries of two platforms never meet: what counts is where the platform would have it, and the rest does not.
        let on_platform =
            |cfgs: &Vec<Attribute>| cfgs.iter().filter(|cfg| is_of_platform(cfg)).cloned().collect();
        let wanted: Vec<Vec<Attribute>> = here.iter().map(on_platform).collect();
        if here.is_empty() || here.iter().zip(&wanted).any(|(here, wanted)| here.len() == wanted.len()) {
            continue;
        }
        let id = &net.contract.arguments.id;
        let place = Place::Contract { id: id.clone(), part: ContractPart::Name };
        let what = format!("method `{name}` is not compiled here: its `#[cfg]` is off");
        let found = Difference::new(Code::PC001, format!("{id}.{name}"), place, what)
            .showing(&promised.signature, "");
        let finding = net.finding(&found, None);
        promise.conditional.push((vec![holds_but_not(&wanted, &here)], finding));
    }
}

/// The types of this contract, with what to say where they are declared elsewhere and changed there.
fn reachable(lock: &Lock, promised: &Promised, net: &Net<'_>) -> Vec<(String, Type, String)> {
    let names: BTreeSet<&str> = promised.methods.values().flat_map(|method| lock.types_of(method)).collect();
    let one = |name: &str| {
        let ty = lock.types[name].clone();
        let place = Place::Type { name: name.to_owned(), part: TypePart::Name };
        let what = format!("type `{name}` changed where it is declared");
        let found = Difference::new(Code::PC108, name, place, what).showing(summary(name, &ty), "");
        let text = net.finding(&found, None).text();
        (name.to_owned(), ty, text)
    };
    names.into_iter().map(one).collect()
}

/// A type on one line.
fn summary(name: &str, ty: &Type) -> String {
    let parts: Vec<_> = match ty {
        Type::Struct { fields, .. } => fields.iter().map(ToString::to_string).collect(),
        Type::Enum { variants, .. } => variants.iter().map(ToString::to_string).collect(),
    };
    format!("{} {name} {{ {} }}", ty.form(), parts.join(", "))
}

/// A difference of a contract, at the word it is about.
#[cfg(feature = "build")]
pub(crate) fn point_at(found: &Difference, contract: &Contract, promised: &Promised) -> Finding {
    Net { contract, promised }.finding(found, None)
}

/// A contract with its promise, and who can point at words of it.
struct Net<'a> {
    contract: &'a Contract,
    promised: &'a Promised,
}

impl Net<'_> {
    fn finding(&self, found: &Difference, at: Option<usize>) -> Finding {
        let tokens = locate::in_contract(self.contract, at, &found.place);
        Finding::of_drift(
            found,
            &tokens,
            (&self.contract.arguments.id, self.promised.version),
            self.promised.compat,
        )
    }

    /// What the words of a method leave open.
    fn leave_to_rustc(&self, at: usize, before: &PromisedMethod, open: &[Difference], promise: &mut Promise) {
        let method = &self.contract.methods[at];
        // The same words need not be read again.
        let parsed;
        let old = if before.signature == method.signature {
            method
        } else {
            let Ok(read) = Method::parse_signature(&before.signature) else { return };
            parsed = read;
            &parsed
        };
        if old.args.len() != method.args.len() || old.receiver != method.receiver {
            // Only under a `#[cfg]`: there the whole signature is compared where it is compiled.
            if let Some(found) = open.first() {
                let (fingerprint, texts) = (before.fingerprint, Vec::new());
                let finding = self.finding(found, Some(at));
                promise.methods.insert(at, Fingerprinted { fingerprint, texts, finding });
            }
            return;
        }
        let cfgs: Vec<_> = method.cfgs().cloned().collect();
        let parts = (0..old.args.len()).map(MethodPart::Argument).chain([MethodPart::Result]);
        let types = old.args.iter().map(|arg| &arg.ty).chain([&old.ret]);
        let written = method.args.iter().map(|arg| &arg.ty).chain([&method.ret]);
        let mut texts = Vec::new();
        for ((part, ty), written) in parts.zip(types).zip(written) {
            let text = shown_text(&resolve(ty, &before.resolved));
            let same_part = |found: &&Difference| matches!(&found.place, Place::Method { part: changed, .. } if *changed == part);
            let found = open.iter().find(same_part);
            // Nobody calls a type of his own `u32`; if somebody does, the hash knows, and the method speaks.
            if found.is_none() && is_of_std(&text) && type_text(written) == text {
                texts.push(None);
                continue;
            }
            texts.push(Some(text.clone()));
            let finding = match found {
                Some(found) => self.finding(found, Some(at)),
                None => {
                    // One name is in many methods: the first speaks for all.
                    let known =
                        |shown: &Shown| shown.text == text && type_text(&shown.ty) == type_text(written);
                    if cfgs.is_empty()
                        && promise.shown.iter().any(|shown| shown.cfgs.is_empty() && known(shown))
                    {
                        continue;
                    }
                    self.finding(&self.stands_for(at, part, &text), Some(at))
                }
            };
            // Another type with the same alias in it: the first speaks for all.
            let aliases: BTreeSet<&str> = before.resolved.keys().flat_map(|name| words(name)).collect();
            let unless = said_before(&promise.shown, written, &|word| aliases.contains(word));
            promise.shown.push(Shown { cfgs: cfgs.clone(), ty: written.clone(), text, unless, finding });
        }
        let name = method.name();
        let place = Place::Method {
            id: self.contract.arguments.id.clone(),
            name: name.clone(),
            part: MethodPart::Name,
        };
        let what = contracts::changed_within(&name, method);
        let found =
            Difference::new(Code::PC108, format!("{}.{name}", self.contract.arguments.id), place, what)
                .showing(&before.signature, "");
        let finding = self.finding(&found, Some(at));
        promise.methods.insert(at, Fingerprinted { fingerprint: before.fingerprint, texts, finding });
    }

    fn stands_for(&self, at: usize, part: MethodPart, text: &str) -> Difference {
        let (id, method) = (&self.contract.arguments.id, &self.contract.methods[at]);
        let (name, ty) = (method.name(), type_of(method, part));
        let what = format!("`{}` in `{name}` stands for another type", type_text(ty));
        let place = Place::Method { id: id.clone(), name: name.clone(), part };
        Difference::new(Code::PC108, format!("{id}.{name}"), place, what).showing(text, "")
    }
}

/// Of each alias in a type, the first type that was asked for with it, wherever it is compiled.
pub(super) fn said_before(
    shown: &[Shown],
    ty: &Written,
    is_alias: &dyn Fn(&str) -> bool,
) -> Vec<(Written, String)> {
    let text = type_text(ty);
    let mut found: Vec<&Shown> = Vec::new();
    for alias in words(&text).filter(|word| is_alias(word) && !is_built_in(word)) {
        let names_it =
            |one: &&Shown| one.cfgs.is_empty() && words(&type_text(&one.ty)).any(|word| word == alias);
        let first = shown.iter().find(names_it);
        found.extend(first.filter(|first| !found.iter().any(|known| std::ptr::eq(*known, *first))));
    }
    found.iter().map(|one| (one.ty.clone(), one.text.clone())).collect()
}

pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty())
}

/// Whether no word of a type is the author's own.
fn is_of_std(text: &str) -> bool {
    // An array's length stands for itself.
    words(text).all(|word| is_built_in(word) || word.starts_with(|c: char| c.is_ascii_digit()))
}

fn type_of(method: &Method, part: MethodPart) -> &Written {
    match part {
        MethodPart::Argument(at) => &method.args[at].ty,
        _ => &method.ret,
    }
}
