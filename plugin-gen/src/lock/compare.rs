//! A contract in the source against the lock: the token net, and what is left for rustc.

use proc_macro2::TokenStream;
use quote::ToTokens;

use super::change::{Change, Place, between};
use super::{Bounds, Contract as Promised, Method as PromisedMethod};
use crate::report::{Code, Finding};
use crate::rust::{Locked, Promise};
use crate::syntax::{Contract, Method, Version};

/// Compares. What the words prove is returned; what only rustc can tell goes into `promise`, with the place where it
/// shall say so.
#[must_use]
pub(crate) fn compare(contract: &Contract, promised: &Promised, promise: &mut Promise) -> Vec<Finding> {
    let now = Bounds { send: contract.send, sync: contract.sync };
    if now != promised.bounds {
        // It is in every method's fingerprint: one finding, not one a method.
        let message = format!("the thread bounds changed: was `{}`, is `{now}`", promised.bounds);
        let help = format!("take the bounds back, or {ACCEPT}");
        let at = if contract.supertraits.is_empty() {
            contract.ident.to_token_stream()
        } else {
            contract.supertraits.clone()
        };
        return vec![finding(contract, promised, Code::PC009, &at, &message, &help)];
    }
    let mut findings = Vec::new();
    for (name, old) in &promised.methods {
        if !contract.methods.iter().any(|method| method.name() == *name) {
            let message = format!("method `{name}` was removed: was `{}`", old.signature);
            let help = format!("keep it, or {ACCEPT}");
            findings.push(finding(contract, promised, Code::PC001, &contract.ident, &message, &help));
        }
    }
    for (at, method) in contract.methods.iter().enumerate() {
        let Some(old) = promised.methods.get(&method.name()) else {
            findings.extend(added(contract, promised, (at, method), promise));
            continue;
        };
        findings.extend(compare_method(contract, promised, (at, method), old, promise));
    }
    findings
}

/// A method that the lock does not know: fine, when plugins that lack it are served by a default body.
fn added(
    contract: &Contract,
    promised: &Promised,
    (at, method): (usize, &Method),
    promise: &mut Promise,
) -> Option<Finding> {
    if method.body.is_some() {
        return None;
    }
    let message = format!("required method `{}` was added: plugins built before lack it", method.ident);
    // It cannot have come with a version that is promised already.
    let Version { major, minor, .. } = promised.version;
    let next = Version { major, minor: minor + 1, patch: 0 }.max(contract.arguments.version);
    let help = format!("give it a default body and `#[since(\"{next}\")]` (PC010), or {ACCEPT}");
    let finding = finding(contract, promised, Code::PC002, &method.ident, &message, &help);
    if method.cfgs().next().is_none() {
        return Some(finding);
    }
    // Whether it is there at all, rustc knows.
    promise.methods.insert(at, Locked { fingerprint: NEVER, finding });
    None
}

/// No method's: an assertion that fails wherever it is compiled.
const NEVER: u128 = 0;

const ACCEPT: &str = "raise the major version and run `cargo plugin-gen accept --why \"…\"`";

fn compare_method(
    contract: &Contract,
    promised: &Promised,
    (at, method): (usize, &Method),
    old: &PromisedMethod,
    promise: &mut Promise,
) -> Vec<Finding> {
    let changes = match Method::parse_signature(&old.signature) {
        Ok(before) => between(&before, &old.resolved, method),
        Err(_) => {
            let message =
                format!("the lock's signature of `{}` cannot be read: `{}`", method.ident, old.signature);
            return vec![finding(
                contract,
                promised,
                Code::PC204,
                &method.ident,
                &message,
                "restore the lock from git",
            )];
        }
    };
    // Words under a `#[cfg]` may be another platform's; then rustc compares where they are compiled.
    let always = method.cfgs().next().is_none();
    let (certain, open): (Vec<_>, Vec<_>) = changes.into_iter().partition(|change| change.certain && always);
    if certain.is_empty() {
        let locked = match open.first() {
            Some(change) => Locked {
                fingerprint: old.fingerprint,
                finding: finding_of(contract, promised, method, change),
            },
            None => unseen(contract, promised, method, old),
        };
        promise.methods.insert(at, locked);
    }
    let mut findings: Vec<_> =
        certain.iter().map(|change| finding_of(contract, promised, method, change)).collect();
    if old.optional && method.body.is_none() {
        let name = &method.ident;
        let message =
            format!("the default body of `{name}` was removed: it served plugins that lack the method");
        let help = format!("keep a default body, or {ACCEPT}");
        let finding = finding(contract, promised, Code::PC012, name, &message, &help);
        if always {
            findings.push(finding);
        } else {
            promise.methods.insert(at, Locked { fingerprint: NEVER, finding });
        }
    }
    findings
}

/// What rustc says when the words are the same and the types are not: an alias, a `cfg`, a dependency changed.
fn unseen(contract: &Contract, promised: &Promised, method: &Method, old: &PromisedMethod) -> Locked {
    let names: Vec<_> = old.resolved.iter().map(|(name, ty)| format!("{name} was {ty}")).collect();
    let names = if names.is_empty() { String::new() } else { format!(" ({})", names.join(", ")) };
    let message = format!(
        "a type that `{}` names has changed, though its text has not: `{}`{names}",
        method.ident, old.signature
    );
    let help =
        format!("`cargo plugin-gen diff` shows which, and what else names it; take it back, or {ACCEPT}");
    let finding = finding(contract, promised, Code::PC108, &method.ident, &message, &help);
    Locked { fingerprint: old.fingerprint, finding }
}

fn finding_of(contract: &Contract, promised: &Promised, method: &Method, change: &Change) -> Finding {
    let Change { code, place, was, is, .. } = change;
    let name = &method.ident;
    let (at, what): (TokenStream, String) = match place {
        Place::Receiver => (method.receiver_tokens.clone(), format!("receiver of `{name}` changed")),
        Place::Arguments => (name.to_token_stream(), format!("number of arguments of `{name}` changed")),
        Place::Argument(at) => {
            let arg = &method.args[*at];
            (arg.ty.to_token_stream(), format!("type of argument `{}` of `{name}` changed", arg.ident))
        }
        Place::Result if type_is_unit(method) => {
            (name.to_token_stream(), format!("return type of `{name}` changed"))
        }
        Place::Result => (method.ret.to_token_stream(), format!("return type of `{name}` changed")),
    };
    let message = format!("{what}: was `{was}`, is `{is}`");
    let help = format!("keep `{was}`, or add another method with a default body (PC010), or {ACCEPT}");
    finding(contract, promised, *code, &at, &message, &help)
}

/// Nothing may be written where the return type would stand.
fn type_is_unit(method: &Method) -> bool {
    crate::syntax::type_text(&method.ret) == "()"
}

fn finding(
    contract: &Contract,
    promised: &Promised,
    code: Code,
    at: &impl ToTokens,
    message: &str,
    help: &str,
) -> Finding {
    let message = format!("contract drift, `{}` {}: {message}", contract.arguments.id, promised.version);
    Finding::new(code, at, message, help)
}
