//! How two signatures differ: which rule, at which word.
//!
//! In: two methods as they were written, and what their names stand for as far as that is known. Out: [`Change`]s. It
//! knows no spans beyond "the third argument"; whoever asks has them.

use std::collections::BTreeMap;

use super::difference::MethodPart;
use crate::report::Code;
use crate::syntax::{Method, Receiver, Type, Waiting, resolve, shown_text, surely_differ, type_text};

/// What the author's own names in a signature stand for.
pub(crate) type Names = BTreeMap<String, String>;

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Change {
    /// The rule it falls under.
    pub(crate) code: Code,
    /// Where it is.
    pub(crate) part: MethodPart,
    /// What stood there.
    pub(crate) was: String,
    /// What stands there now.
    pub(crate) is: String,
    /// Whether the words alone prove it. Where a name could be an alias, only rustc knows.
    pub(crate) certain: bool,
}

/// Everything in which `new` differs from `old`. What `old`'s names stood for is known; what `new`'s stand for only rustc
/// knows, unless it has said so.
#[must_use]
pub(crate) fn between((old, was): (&Method, &Names), (new, is): (&Method, Option<&Names>)) -> Vec<Change> {
    let mut changes = Vec::new();
    if old.receiver != new.receiver {
        let (was, is) = (receiver(old), receiver(new));
        changes.push(Change { code: Code::PC006, part: MethodPart::Receiver, was, is, certain: true });
    }
    if old.waiting != new.waiting {
        let (was, is) = (waiting(old), waiting(new));
        changes.push(Change { code: Code::PC007, part: MethodPart::Name, was, is, certain: true });
    }
    if old.args.len() == new.args.len() {
        for (at, (before, now)) in old.args.iter().zip(&new.args).enumerate() {
            changes.extend(types(Code::PC003, MethodPart::Argument(at), (&before.ty, was), (&now.ty, is)));
        }
    } else {
        let (was, is) = (list(old), list(new));
        changes.push(Change { code: Code::PC004, part: MethodPart::Name, was, is, certain: true });
    }
    changes.extend(types(Code::PC005, MethodPart::Result, (&old.ret, was), (&new.ret, is)));
    changes
}

fn receiver(method: &Method) -> String {
    match method.receiver {
        Receiver::Shared => "&self".to_owned(),
        Receiver::Exclusive => "&mut self".to_owned(),
    }
}

fn waiting(method: &Method) -> String {
    let text = match method.waiting {
        Waiting::Blocks => "fn",
        Waiting::Async => "async fn",
        Waiting::Local => "#[plugin(local)] async fn",
    };
    text.to_owned()
}

fn list(method: &Method) -> String {
    let types: Vec<_> = method.args.iter().map(|arg| type_text(&arg.ty)).collect();
    format!("({})", types.join(", "))
}

fn types(
    code: Code,
    part: MethodPart,
    (old, was_names): (&Type, &Names),
    (new, is_names): (&Type, Option<&Names>),
) -> Option<Change> {
    let (was, is) = (type_text(old), type_text(new));
    let meant = resolve(old, was_names);
    let meant_text = type_text(&meant);
    let means = is_names.map(|names| shown_text(&resolve(new, names)));
    let with = |text: String, meant: &str| if text == meant { text } else { format!("{text} (= {meant})") };
    match means {
        // The same words may mean something else, and other words the same.
        Some(means) => {
            let code = if was == is { Code::PC108 } else { code };
            let change =
                || Change { code, part, was: with(was, &meant_text), is: with(is, &means), certain: true };
            (shown_text(&meant) != means).then(change)
        }
        None if was == is || meant_text == is => None,
        None => {
            let certain = surely_differ(&meant, new);
            Some(Change { code, part, was: with(was, &meant_text), is, certain })
        }
    }
}
