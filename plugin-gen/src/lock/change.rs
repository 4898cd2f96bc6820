//! How two signatures differ: which rule, at which word.
//!
//! In: two methods as they were written, and what the older one's names stood for. Out: [`Change`]s. It knows no spans
//! beyond "the third argument"; whoever asks has them.

use std::collections::BTreeMap;

use crate::report::Code;
use crate::syntax::{Method, Receiver, Type, resolve, surely_differ, type_text};

/// Where a signature changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The receiver.
    Receiver,
    /// The list of arguments.
    Arguments,
    /// The type of this argument, counted from 0 without the receiver.
    Argument(usize),
    /// The return type.
    Result,
}

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The rule it falls under.
    pub code: Code,
    /// Where it is.
    pub place: Place,
    /// What stood there.
    pub was: String,
    /// What stands there now.
    pub is: String,
    /// Whether the words alone prove it. Where a name could be an alias, only rustc knows.
    pub certain: bool,
}

/// Everything in which `new` differs from `old`.
#[must_use]
pub fn between(old: &Method, resolved: &BTreeMap<String, String>, new: &Method) -> Vec<Change> {
    let mut changes = Vec::new();
    let receiver = |method: &Method| match method.receiver {
        Receiver::Shared => "&self".to_owned(),
        Receiver::Exclusive => "&mut self".to_owned(),
    };
    if old.receiver != new.receiver {
        let (was, is) = (receiver(old), receiver(new));
        changes.push(Change { code: Code::PC006, place: Place::Receiver, was, is, certain: true });
    }
    if old.args.len() == new.args.len() {
        for (at, (was, is)) in old.args.iter().zip(&new.args).enumerate() {
            changes.extend(types(Code::PC003, Place::Argument(at), (&was.ty, resolved), &is.ty));
        }
    } else {
        let list = |method: &Method| {
            let types: Vec<_> = method.args.iter().map(|arg| type_text(&arg.ty)).collect();
            format!("({})", types.join(", "))
        };
        let (was, is) = (list(old), list(new));
        changes.push(Change { code: Code::PC004, place: Place::Arguments, was, is, certain: true });
    }
    changes.extend(types(Code::PC005, Place::Result, (&old.ret, resolved), &new.ret));
    changes
}

fn types(
    code: Code,
    place: Place,
    (old, resolved): (&Type, &BTreeMap<String, String>),
    new: &Type,
) -> Option<Change> {
    let (was, is) = (type_text(old), type_text(new));
    if was == is {
        // Whether the same words mean the same is rustc's to say.
        return None;
    }
    let meant = resolve(old, resolved);
    let meant_text = type_text(&meant);
    if meant_text == is {
        return None;
    }
    let certain = surely_differ(&meant, new);
    let was = if meant_text == was { was } else { format!("{was} (= {meant_text})") };
    Some(Change { code, place, was, is, certain })
}
