//! A contract as it is against the contract that was promised, method by method, by name.
//!
//! In: the promise, and what is known of the contract now: its words, and from a compiled record its fingerprints too.
//! Out: differences. It does not know where the words stand.

use std::collections::BTreeSet;

use super::change::{Names, between};
use super::compare::words;
use super::difference::{ContractPart, Difference, MethodPart, Place};
use super::{Bounds, Contract, Method as Promised};
use crate::report::Code;
use crate::syntax::{Method, Version, is_built_in, type_text};

/// A contract as it is now.
pub(crate) struct Now<'a> {
    /// Its version.
    pub(crate) version: Version,
    /// Its thread bounds.
    pub(crate) bounds: Bounds,
    /// The contracts that it is built on.
    pub(crate) bases: Bases,
    /// Its methods, with those of its bases where these are known.
    pub(crate) methods: Vec<NowMethod<'a>>,
}

/// The contracts that one is built on, as it is now.
pub(crate) enum Bases {
    /// Their ids, and their methods are among those of the contract.
    Known(BTreeSet<String>),
    /// Words for them: which contracts these are, and what they bring, only rustc can tell.
    Written(Vec<String>),
}

impl Bases {
    /// Whether there are some of which only rustc knows what they bring.
    pub(crate) fn are_unseen(&self) -> bool {
        matches!(self, Self::Written(words) if !words.is_empty())
    }

    /// How they are shown where they surely are not these.
    pub(crate) fn other_than(&self, promised: &BTreeSet<String>) -> Option<String> {
        match self {
            Self::Known(ids) => (ids != promised).then(|| listed(ids)),
            Self::Written(words) => (words.len() != promised.len()).then(|| listed(words)),
        }
    }
}

/// `acme.base + acme.other`
fn listed<'a>(names: impl IntoIterator<Item = &'a String>) -> String {
    let names: Vec<_> = names.into_iter().map(String::as_str).collect();
    if names.is_empty() { "no contract".to_owned() } else { names.join(" + ") }
}

/// A method as it is now.
pub(crate) struct NowMethod<'a> {
    /// Its name without `r#`.
    pub(crate) name: String,
    /// What was written.
    pub(crate) written: &'a Method,
    /// What the names in it stand for; nothing before rustc has said so.
    pub(crate) names: Option<&'a Names>,
    /// The version that brought it, where the source or the lock says one.
    pub(crate) since: Option<Version>,
    /// Whether it has a default body.
    pub(crate) optional: bool,
    /// What it is to the kernel; empty for what is called.
    pub(crate) role: &'a str,
    /// The names it had before.
    pub(crate) former: Vec<String>,
    /// The hash of its types; nothing before rustc has computed it.
    pub(crate) fingerprint: Option<u128>,
}

/// Everything in which the contract with this id differs from its promise, but for what its derived types are made of.
pub(crate) fn differences(id: &str, old: &Contract, now: &Now<'_>) -> Vec<Difference> {
    let mut found = of_contract(id, old, now);
    found.extend(now.methods.iter().flat_map(|method| of_method(id, old, (now, method))));
    found
}

/// What concerns the contract as a whole: its bounds, and methods that are gone.
pub(crate) fn of_contract(id: &str, old: &Contract, now: &Now<'_>) -> Vec<Difference> {
    let mut found = Vec::new();
    if old.bounds != now.bounds {
        // They are in every method's fingerprint: one finding, not one a method.
        found.push(unbound(id, old, shown_bounds(now.bounds)));
    }
    found.extend(now.bases.other_than(&old.bases).map(|is| rebased(id, old, is)));
    found.extend(old.methods.iter().filter_map(|(name, promised)| gone(id, name, promised, now)));
    found
}

/// That the contract demands something else of threads.
pub(crate) fn unbound(id: &str, old: &Contract, is: impl Into<String>) -> Difference {
    let place = Place::Contract { id: id.to_owned(), part: ContractPart::Bounds };
    Difference::new(Code::PC009, id, place, "the thread bounds changed").showing(shown_bounds(old.bounds), is)
}

fn shown_bounds(bounds: Bounds) -> String {
    match bounds.to_string() {
        none if none.is_empty() => "no bounds".to_owned(),
        text => text,
    }
}

/// That the contract is built on others than it was.
pub(crate) fn rebased(id: &str, old: &Contract, is: String) -> Difference {
    let place = Place::Contract { id: id.to_owned(), part: ContractPart::Bounds };
    let what = "the contracts that it is built on changed";
    Difference::new(Code::PC014, id, place, what).showing(listed(&old.bases), is)
}

/// What concerns one method.
pub(crate) fn of_method(
    id: &str,
    old: &Contract,
    (now, method): (&Now<'_>, &NowMethod<'_>),
) -> Vec<Difference> {
    let Some((name, promised)) = promised(old, method) else { return added(id, method, old, now.version) };
    let mut found = Vec::new();
    if *name != method.name {
        let what = format!("method `{name}` was renamed");
        let place = place(id, method, MethodPart::Name);
        let difference = Difference::new(Code::PC008, item(id, &method.name), place, what);
        found.push(difference.showing(name, &method.name));
    }
    found.extend(kept(id, method, promised, old.bounds == now.bounds));
    found
}

/// What was promised of a method, and under which name: its own, or one that it had before.
pub(crate) fn promised<'a>(old: &'a Contract, method: &NowMethod<'_>) -> Option<(&'a String, &'a Promised)> {
    let former = || method.former.iter().find_map(|former| old.methods.get_key_value(former));
    old.methods.get_key_value(&method.name).or_else(former)
}

fn item(id: &str, name: &str) -> String {
    format!("{id}.{name}")
}

fn place(id: &str, method: &NowMethod<'_>, part: MethodPart) -> Place {
    Place::Method { id: id.to_owned(), name: method.name.clone(), part }
}

/// A promised name that nothing answers to any more.
fn gone(id: &str, name: &str, promised: &Promised, now: &Now<'_>) -> Option<Difference> {
    let answers =
        |name: &String| now.methods.iter().any(|method| method.name == *name || method.former.contains(name));
    let names = [name.to_owned()];
    // A base may have it, or have it now.
    if now.bases.are_unseen() && !names.iter().chain(&promised.was).any(answers) {
        return None;
    }
    let lost = names.iter().chain(&promised.was).find(|name| !answers(name))?;
    let at = Place::Contract { id: id.to_owned(), part: ContractPart::Name };
    let (place, what) = match now.methods.iter().find(|method| method.name == name) {
        // The method is there; a name it had before is not.
        Some(method) => (
            place(id, method, MethodPart::Name),
            format!("`{name}` no longer answers to `{lost}`, by which older plugins and hosts know it"),
        ),
        None => (at, format!("method `{lost}` was removed")),
    };
    Some(Difference::new(Code::PC001, item(id, lost), place, what).showing(&promised.signature, ""))
}

/// A method that the lock does not know: fine, when plugins that lack it are served by a default body.
fn added(id: &str, method: &NowMethod<'_>, old: &Contract, now: Version) -> Vec<Difference> {
    let at = || place(id, method, MethodPart::Name);
    let (name, signature) = (&method.name, &method.written.signature);
    let mut found = Vec::new();
    // Plugins of that time have it by its name, as it was.
    if let Some(before) =
        old.removed.get(name).and_then(|removed| Method::parse_signature(&removed.signature).ok())
    {
        let changes = between((&before, &Names::new()), (method.written, method.names));
        found.extend(changes.into_iter().filter(|change| change.certain).map(|change| {
            let what = format!("`{name}`, which was removed, is back with another signature");
            Difference::new(change.code, item(id, name), at(), what).showing(change.was, change.is)
        }));
    }
    if found.is_empty() {
        let (code, what) = if method.optional {
            (Code::PC010, format!("method `{name}` with a default body was added"))
        } else {
            (Code::PC002, format!("required method `{name}` was added, which plugins built before lack"))
        };
        found.push(Difference::new(code, item(id, name), at(), what).showing("", signature));
    }
    if let Some(since) = method.since.filter(|since| *since <= old.version && *since != now) {
        let what =
            format!("`{name}` says that it came with {since}, but {} was promised without it", old.version);
        found.push(Difference::new(Code::PC205, item(id, name), at(), what));
    }
    found
}

/// A method that is in both.
fn kept(id: &str, method: &NowMethod<'_>, promised: &Promised, same_bounds: bool) -> Vec<Difference> {
    let name = &method.name;
    let item = || item(id, name);
    let at = |part| place(id, method, part);
    let mut found = Vec::new();
    if promised.optional != method.optional {
        let (code, what) = if promised.optional {
            (
                Code::PC012,
                format!("the default body of `{name}` was removed: it served plugins that lack the method"),
            )
        } else {
            (Code::PC011, format!("`{name}` got a default body"))
        };
        found.push(Difference::new(code, item(), at(MethodPart::Name), what));
    }
    if let Some(since) = method.since.filter(|since| *since != promised.since) {
        let what =
            format!("`{name}` came with {}, says the lock; the source now says {since}", promised.since);
        found.push(Difference::new(Code::PC205, item(), at(MethodPart::Name), what));
    }
    let same_text = promised.signature == method.written.signature;
    let same_role = promised.role == method.role;
    if !same_role {
        let text =
            |role: &str| if role.is_empty() { "a plain method".to_owned() } else { format!("#[{role}]") };
        let what = format!("what `{name}` is to the kernel changed");
        let found_here = Difference::new(Code::PC013, item(), at(MethodPart::Role), what);
        found.push(found_here.showing(text(&promised.role), text(method.role)));
    }
    if method.fingerprint == Some(promised.fingerprint) {
        if !same_text {
            let other = if contradicts(promised, method) { edited } else { reworded };
            found.push(other(item(), at(MethodPart::Name), name, promised, method));
        }
        return found;
    }
    // The same words are the same to us; what they mean now, only rustc can say.
    if same_text && method.names.is_none() {
        return found;
    }
    let Ok(before) = Method::parse_signature(&promised.signature) else {
        let what = format!("the lock's signature of `{name}` cannot be read: `{}`", promised.signature);
        found.push(Difference::new(Code::PC204, item(), at(MethodPart::Name), what));
        return found;
    };
    let changes = between((&before, &promised.resolved), (method.written, method.names));
    if changes.is_empty() {
        if method.fingerprint.is_some() && same_bounds && same_role {
            let what = changed_within(name, method.written);
            found.push(Difference::new(Code::PC108, item(), at(MethodPart::Name), what));
        } else if method.fingerprint.is_none() && !same_text {
            found.push(reworded(item(), at(MethodPart::Name), name, promised, method));
        }
    }
    for change in changes {
        let what = match (change.code, change.part) {
            (Code::PC108, MethodPart::Argument(at)) => {
                format!(
                    "what the type of argument `{}` of `{name}` stands for changed",
                    method.written.args[at].ident
                )
            }
            (Code::PC108, _) => format!("what the return type of `{name}` stands for changed"),
            (Code::PC007, _) => format!("how `{name}` is waited for changed"),
            (_, MethodPart::Receiver) => format!("receiver of `{name}` changed"),
            (_, MethodPart::Name | MethodPart::Role) => format!("number of arguments of `{name}` changed"),
            (_, MethodPart::Argument(at)) => {
                format!("type of argument `{}` of `{name}` changed", method.written.args[at].ident)
            }
            (_, MethodPart::Result) => format!("return type of `{name}` changed"),
        };
        let mut difference =
            Difference::new(change.code, item(), at(change.part), what).showing(change.was, change.is);
        difference.certain = change.certain;
        found.push(difference);
    }
    found
}

/// That a type of a method is another, which no word of it shows: the author's own types are who it can be.
pub(super) fn changed_within(name: &str, method: &Method) -> String {
    const OF_STD: [&str; 6] = ["Fn", "FnMut", "FnOnce", "Self", "Send", "Sync"];
    let types = method.args.iter().map(|arg| type_text(&arg.ty)).chain([type_text(&method.ret)]);
    let texts: Vec<_> = types.collect();
    let own =
        |word: &&str| word.starts_with(char::is_uppercase) && !is_built_in(word) && !OF_STD.contains(word);
    let own: BTreeSet<_> = texts.iter().flat_map(|text| words(text)).filter(own).collect();
    let own: Vec<_> = own.into_iter().map(|word| format!("`{word}`")).collect();
    match &own[..] {
        [] => format!("a type that `{name}` names changed, though its text did not"),
        [one] => format!("{one}, which `{name}` names, changed, though the text of `{name}` did not"),
        several => {
            format!(
                "one of {}, which `{name}` names, changed, though the text of `{name}` did not",
                several.join(", ")
            )
        }
    }
}

/// Whether the lock's words say another thing than the fingerprint beside them, which is that of the method as it is.
fn contradicts(promised: &Promised, method: &NowMethod<'_>) -> bool {
    Method::parse_signature(&promised.signature).is_ok_and(|before| {
        let changes = between((&before, &promised.resolved), (method.written, method.names));
        changes.iter().any(|change| change.certain)
    })
}

fn edited(item: String, place: Place, name: &str, promised: &Promised, method: &NowMethod<'_>) -> Difference {
    let what =
        format!("the lock's signature of `{name}` was edited: the fingerprint beside it is of another");
    Difference::new(Code::PC204, item, place, what).showing(&promised.signature, &method.written.signature)
}

fn reworded(
    item: String,
    place: Place,
    name: &str,
    promised: &Promised,
    method: &NowMethod<'_>,
) -> Difference {
    let what = format!("`{name}` is written otherwise, and means the same");
    Difference::new(Code::PC020, item, place, what).showing(&promised.signature, &method.written.signature)
}

#[cfg(test)]
mod tests {
    use super::{Method, changed_within};

    #[test]
    fn what_no_word_shows_is_said_of_the_types_that_it_can_be() {
        let said =
            |text: &str| changed_within("find", &Method::parse_signature(text).expect("it is a signature"));
        let one = said("fn find(&self, id: Option<Id>, each: &dyn Fn(u32) -> String) -> Vec<u8>");
        assert_eq!(one, "`Id`, which `find` names, changed, though the text of `find` did not");
        let two = said("fn find(&self, id: Id) -> Result<Item, ()>");
        assert!(two.starts_with("one of `Id`, `Item`, which"), "{two}");
        let none = said("fn find(&self, id: u32)");
        assert!(none.starts_with("a type that `find` names"), "{none}");
    }
}
