//! Maps and constants: those that an object declares, and maps that the kernel has already.

use super::{About, Comparison};
use crate::btf::{Id, Member, Type};
use crate::object::Object;
use crate::plan::{Config, Map, MapKind, Plan, Ty};
use crate::rule::{Drift, Rule};

/// A map that is in the kernel already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KernelMap {
    /// The kernel's number of its kind.
    pub kind: u32,
    /// How many entries it can hold.
    pub capacity: u32,
    /// The number of its key's type; 0 when it has none.
    pub key: u32,
    /// The number of its value's type; 0 when it has none.
    pub value: u32,
    /// Its types: a `.BTF` section. Empty when it has none.
    pub btf: Vec<u8>,
}

/// Everything in which a map of the kernel's differs from the contract.
///
/// # Errors
/// What is wrong with its types.
pub fn compare_map(plan: &Plan, wanted: &Map, found: &KernelMap) -> Result<Vec<Drift>, &'static str> {
    if found.btf.is_empty() || found.key == 0 || found.value == 0 {
        return Err("it was made without types, so nobody can tell what is in it");
    }
    let object = Object::of_types(&found.btf)?;
    let mut comparison = Comparison { plan, object: &object, found: Vec::new(), members: 0 };
    let (number, kind) = wanted.kind.in_kernel();
    if found.kind != number {
        comparison.push(Rule::PC310, wanted, format!("`{kind}`"), format!("map type {}", found.kind));
    }
    if found.capacity != wanted.capacity {
        let expected = format!("a capacity of {}", wanted.capacity);
        comparison.push(Rule::PC310, wanted, expected, found.capacity.to_string());
    }
    let key = wanted.key.iter().map(|key| ("key", key, found.key));
    for (name, ty, id) in key.chain([("value", &wanted.value, found.value)]) {
        comparison.map_type(wanted, name, ty, Some(id), None);
        for at in plan.within(ty) {
            comparison.structs(at, &plan.structs[at]);
        }
    }
    Ok(comparison.found)
}

impl<'a> Comparison<'a> {
    /// The variable of this name, and the section it stands in.
    fn variable(&self, name: &str) -> Option<(&'a str, Id)> {
        let object = self.object;
        object.btf.all().find_map(|section| {
            let Type::Section { name: section, variables } = section else { return None };
            variables.iter().find_map(|variable| match object.btf.ty(*variable) {
                Type::Variable { name: found, ty } if found == name => Some((section.as_str(), *ty)),
                _ => None,
            })
        })
    }

    pub(super) fn map(&mut self, wanted: &Map) {
        let object = self.object;
        let btf = &object.btf;
        let expected = format!("`{}`", wanted.kind.in_kernel().1);
        let Some((".maps", ty)) = self.variable(&wanted.name) else {
            return self.push(Rule::PC310, wanted, expected, "no such map");
        };
        let Type::Struct { members, .. } = btf.resolve(ty) else {
            return self.push(Rule::PC310, wanted, expected, format!("`{}`", btf.show(ty)));
        };
        if wanted.kind != MapKind::Policy {
            return self.declared(wanted, wanted.kind, wanted.capacity, members);
        }
        self.declared(wanted, wanted.kind, 1, members);
        // What is in it is declared as an array of pointers to maps.
        let values =
            members.iter().find(|member| member.name == "values").map(|values| btf.resolve(values.ty));
        let element = match values {
            Some(Type::Array { element, .. }) => Some(btf.resolve(*element)),
            _ => None,
        };
        let inner = match element {
            Some(Type::Pointer(to)) => Some(btf.resolve(*to)),
            _ => None,
        };
        match inner {
            Some(Type::Struct { members, .. }) => {
                self.declared(wanted, MapKind::Hash, wanted.capacity, members);
            }
            _ => self.push(Rule::PC310, wanted, "maps within", "none that BTF knows"),
        }
    }

    /// A map as libbpf's macros declare it: numbers are the lengths of arrays that are pointed to, and types are pointed to.
    fn declared(&mut self, wanted: &Map, kind: MapKind, capacity: u32, members: &'a [Member]) {
        let btf = &self.object.btf;
        let pointee = |name: &str| {
            let member = members.iter().find(|member| member.name == name)?;
            match btf.resolve(member.ty) {
                Type::Pointer(to) => Some(*to),
                _ => None,
            }
        };
        let number_of = |name: &str| match btf.resolve(pointee(name)?) {
            Type::Array { length, .. } => Some(*length),
            _ => None,
        };
        let (number, shown) = kind.in_kernel();
        let found = number_of("type").unwrap_or(0);
        if found != number {
            return self.push(Rule::PC310, wanted, format!("`{shown}`"), format!("map type {found}"));
        }
        // A perf buffer has one entry a processor, and its bytes are the reader's.
        let entries = number_of("max_entries").unwrap_or(0);
        if kind != MapKind::Perf && entries != capacity {
            let expected = format!("a capacity of {capacity}");
            self.push(Rule::PC310, wanted, expected, entries.to_string());
        }
        if kind.is_events() || kind == MapKind::Policy {
            return;
        }
        let types = wanted.key.iter().map(|key| ("key", key)).chain([("value", &wanted.value)]);
        for (name, ty) in types {
            let bytes = number_of(&format!("{name}_size"));
            self.map_type(wanted, name, ty, pointee(name), bytes);
        }
    }

    /// A map's key or value: its type, or only how many bytes it has.
    fn map_type(&mut self, wanted: &Map, name: &str, ty: &Ty, found: Option<Id>, bytes: Option<u32>) {
        let about = About { what: format!("{} ({name})", wanted.method), ..About::from(wanted) };
        let expected = format!("`{}`", self.plan.show(ty));
        let Some(found) = found else {
            let bytes = bytes.map_or_else(|| "none".to_owned(), |bytes| format!("{bytes} bytes of no type"));
            return self.push(Rule::PC311, about, expected, bytes);
        };
        if !self.same(ty, found, 0).1 {
            let shown = format!("`{}`", self.object.btf.show(found));
            self.push(Rule::PC311, about, expected, shown);
        }
    }

    pub(super) fn config(&mut self, wanted: &Config) {
        let expected = format!("`const volatile` of `{}`", self.plan.show(&wanted.ty));
        match self.variable(&wanted.name) {
            Some((section, ty)) if section.starts_with(".rodata") => {
                self.ty(&wanted.ty, ty, wanted);
            }
            Some((section, _)) => {
                self.push(Rule::PC312, wanted, expected, format!("a variable in `{section}`"));
            }
            None => self.push(Rule::PC312, wanted, expected, "no such constant"),
        }
    }
}
