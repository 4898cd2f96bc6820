//! Two signatures whose fingerprints differ, compared part by part.
//!
//! In: two records and a method of each. Out: nothing when both mean the same on the wire, else the first difference in
//! words. Field names may differ as long as no field moved, variants stand in any order, and what is open or sized may
//! know more on one side; everything else must be the same.

use std::collections::{HashMap, HashSet};

use plugin_abi::describe::Kind;
use plugin_abi::note::{Contract, Member, Method, Record, TypeIndex, Variant};

/// How many types deep a comparison goes. Nobody writes signatures of such depth, and half the stack of a thread is left.
const NESTING: usize = 128;

/// Both sides, and the pairs of types that are already being compared: types may contain themselves.
struct Comparison<'a> {
    host: &'a Record,
    plugin: &'a Record,
    seen: HashSet<(TypeIndex, TypeIndex)>,
    depth: usize,
}

/// The first difference between the host's method and the plugin's.
pub(super) fn difference(
    host: &Record,
    method: &str,
    plugin: &Record,
    plugin_contract: &Contract,
    found: &Method,
) -> Option<String> {
    let host_contract = host.contracts.first()?;
    let expected = host_contract.method(method)?;
    let bounds = |contract: &Contract| (contract.send, contract.sync);
    if bounds(host_contract) != bounds(plugin_contract) {
        return Some("the trait's `Send` and `Sync` differ".to_owned());
    }
    if expected.receiver != found.receiver {
        return Some("one takes `&self`, the other `&mut self`".to_owned());
    }
    if expected.args.len() != found.args.len() {
        return Some("the number of arguments differs".to_owned());
    }
    let mut comparison = Comparison { host, plugin, seen: HashSet::new(), depth: 0 };
    for (expected, found) in expected.args.iter().zip(&found.args) {
        if let Some(difference) = comparison.types(expected.ty, found.ty) {
            return Some(format!("argument `{}`: {difference}", expected.name));
        }
    }
    comparison.types(expected.ret, found.ret).map(|difference| format!("the result: {difference}"))
}

impl Comparison<'_> {
    fn types(&mut self, expected: TypeIndex, found: TypeIndex) -> Option<String> {
        if !self.seen.insert((expected, found)) {
            return None;
        }
        // The plugin's types are foreign: a million that contain each other in a row would exhaust the stack.
        if self.depth == NESTING {
            return Some(format!("`{}` is nested too deeply in the plugin", self.host.show(expected)));
        }
        self.depth += 1;
        let difference = self.parts(expected, found);
        self.depth -= 1;
        difference
    }

    fn parts(&mut self, expected: TypeIndex, found: TypeIndex) -> Option<String> {
        let (ours, theirs) = (self.host.ty(expected), self.plugin.ty(found));
        let name = self.host.show(expected).to_string();
        if ours.name == theirs.name && ours.kind != theirs.kind {
            let (ours, theirs) = (noun(ours.kind), noun(theirs.kind));
            return Some(format!("`{name}` is {theirs} in the plugin, {ours} in the host"));
        }
        if ours.name != theirs.name {
            return Some(format!("plugin built for `{}`, host expects `{name}`", self.plugin.show(found)));
        }
        match ours.kind {
            Kind::Enum => self.closed(&name, &ours.variants, &theirs.variants),
            Kind::Open => self.common(&name, &ours.variants, &theirs.variants),
            Kind::Sized => self.beginning(&name, &ours.members, &theirs.members),
            _ => self.members(&name, &ours.members, &theirs.members),
        }
    }

    /// Both sides know every variant of the other.
    fn closed(&mut self, name: &str, ours: &[Variant], theirs: &[Variant]) -> Option<String> {
        if ours.len() != theirs.len() {
            let (ours, theirs) = (ours.len(), theirs.len());
            return Some(format!("`{name}` has {theirs} variants in the plugin, {ours} in the host"));
        }
        let tags: HashSet<u32> = theirs.iter().map(|variant| variant.tag).collect();
        if let Some(Variant { name: variant, tag, .. }) = ours.iter().find(|ours| !tags.contains(&ours.tag)) {
            return Some(format!(
                "`{name}` has variant {variant} = {tag} in the host, none of that number in the plugin"
            ));
        }
        self.common(name, ours, theirs)
    }

    /// The variants that both sides know, by their numbers, whatever their places. What one side does not know reaches it
    /// as `Unknown`, or is refused before.
    fn common(&mut self, name: &str, ours: &[Variant], theirs: &[Variant]) -> Option<String> {
        // A map, because a plugin's note has room for thousands.
        let theirs: HashMap<u32, &Variant> = theirs.iter().map(|variant| (variant.tag, variant)).collect();
        let both = ours.iter().filter_map(|ours| theirs.get(&ours.tag).map(|theirs| (ours, *theirs)));
        for (ours, theirs) in both {
            if ours.name != theirs.name {
                return Some(format!(
                    "`{name}` has variant {} = {} in the plugin, {} = {} in the host",
                    theirs.name, theirs.tag, ours.name, ours.tag
                ));
            }
            let name = format!("{name}::{}", ours.name);
            if let Some(difference) = self.members(&name, &ours.fields, &theirs.fields) {
                return Some(difference);
            }
        }
        None
    }

    /// The fields that both sides know: the first ones. A side that knows more fills them with defaults.
    fn beginning(&mut self, name: &str, ours: &[Member], theirs: &[Member]) -> Option<String> {
        let both = ours.len().min(theirs.len());
        let (side, more) =
            if ours.len() > both { ("host", &ours[both..]) } else { ("plugin", &theirs[both..]) };
        if let Some(field) = more.iter().find(|field| !field.optional) {
            return Some(format!("`{name}.{}` is known to the {side} only, and has no default", field.name));
        }
        self.fields(name, ours, theirs)
    }

    fn members(&mut self, name: &str, ours: &[Member], theirs: &[Member]) -> Option<String> {
        if ours.len() != theirs.len() {
            return Some(format!(
                "`{name}` has {} fields in the plugin, {} in the host",
                theirs.len(),
                ours.len()
            ));
        }
        self.fields(name, ours, theirs)
    }

    /// The fields that stand at the same places, as far as both sides have any.
    fn fields(&mut self, name: &str, ours: &[Member], theirs: &[Member]) -> Option<String> {
        let has = |fields: &[Member], name: &str| fields.iter().any(|field| field.name == name);
        for (expected, found) in ours.iter().zip(theirs) {
            // A new name for the same place is no matter; the name of another place is.
            if expected.name != found.name {
                let moved = [&found.name, &expected.name].into_iter();
                let moved = moved.zip([ours, theirs]).find(|(name, fields)| has(fields, name));
                if let Some((field, _)) = moved {
                    return Some(format!("`{name}` has its fields in another order: `{field}` moved"));
                }
            }
            if let Some(difference) = self.types(expected.ty, found.ty) {
                let field =
                    if expected.name.is_empty() { String::new() } else { format!(".{}", expected.name) };
                return Some(format!("`{name}{field}`: {difference}"));
            }
        }
        None
    }
}

/// What people call a type of this kind.
fn noun(kind: Kind) -> &'static str {
    match kind {
        Kind::Struct => "a struct",
        Kind::Sized => "a sized struct",
        Kind::Enum => "an enum",
        Kind::Open => "an open enum",
        _ => "a type of std",
    }
}
