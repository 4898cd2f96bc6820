//! Two signatures whose fingerprints differ, compared part by part.
//!
//! In: two records and a method of each. Out: nothing when both mean the same on the wire, else the first difference in
//! words. Field names may differ as long as no field moved; everything else must be the same.

use std::collections::HashSet;

use plugin_abi::note::{Contract, Member, Method, Record, TypeIndex};

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
        if ours.kind != theirs.kind || ours.name != theirs.name {
            return Some(format!("plugin built for `{}`, host expects `{name}`", self.plugin.show(found)));
        }
        if let Some(difference) = self.members(&name, &ours.members, &theirs.members) {
            return Some(difference);
        }
        if ours.variants.len() != theirs.variants.len() {
            let (ours, theirs) = (ours.variants.len(), theirs.variants.len());
            return Some(format!("`{name}` has {theirs} variants in the plugin, {ours} in the host"));
        }
        for (ours, theirs) in ours.variants.iter().zip(&theirs.variants) {
            if (&ours.name, ours.tag) != (&theirs.name, theirs.tag) {
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

    fn members(&mut self, name: &str, ours: &[Member], theirs: &[Member]) -> Option<String> {
        if ours.len() != theirs.len() {
            return Some(format!(
                "`{name}` has {} fields in the plugin, {} in the host",
                theirs.len(),
                ours.len()
            ));
        }
        for (expected, found) in ours.iter().zip(theirs) {
            // A new name for the same place is no matter; the name of another place is.
            if expected.name != found.name && ours.iter().any(|other| other.name == found.name) {
                return Some(format!("`{name}` has its fields in another order: `{}` moved", found.name));
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
