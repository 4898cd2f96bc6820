//! How an object differs from its contract: the rules PC301 to PC312.
//!
//! In: a plan and an object. Out: every difference, named by both sides. The kernel makes none of these comparisons: it takes
//! bytes, and a struct of the same name with other fields.

use std::fmt;

use crate::btf::{Id, Member, Type};
use crate::object::Object;
use crate::plan::{Config, Field, Map, MapKind, Plan, Program, ProgramKind, Struct, Ty};

macro_rules! rules {
    ($($code:ident $doc:literal)*) => {
        /// A rule that an object can break, by the id under which `cargo plugin-gen explain` tells more.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Rule {
            $(#[doc = $doc] $code,)*
        }

        impl Rule {
            /// Every rule.
            pub const ALL: &[Self] = &[$(Self::$code),*];
        }
    };
}

rules! {
    PC301 "A program is missing."
    PC302 "A program is attached elsewhere, or takes another context."
    PC303 "The object says nothing of a type."
    PC304 "A field lies elsewhere."
    PC305 "A field has another type."
    PC306 "A field is missing, new or called otherwise."
    PC307 "An array has another length."
    PC308 "A union or a bit field stands where a field should."
    PC309 "A struct has another size."
    PC310 "A map is missing, or is another kind of map."
    PC311 "A map's key or value is another type."
    PC312 "Constants are missing, or can be written."
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

/// One difference between an object and its contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drift {
    /// The rule.
    pub rule: Rule,
    /// What it is about: `Drop.len`, `rules`.
    pub what: String,
    /// What the contract has there.
    pub contract: String,
    /// What the object has there.
    pub object: String,
}

impl fmt::Display for Drift {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "[{}] `{}`: {} in the contract, {} in the object",
            self.rule, self.what, self.contract, self.object
        )
    }
}

/// Everything in which an object differs from the contract.
#[must_use]
pub fn compare(plan: &Plan, object: &Object) -> Vec<Drift> {
    let mut comparison = Comparison { plan, object, found: Vec::new(), members: 0 };
    plan.programs.iter().for_each(|program| comparison.program(program));
    plan.structs.iter().enumerate().for_each(|(at, one)| comparison.structs(at, one));
    plan.maps.iter().for_each(|map| comparison.map(map));
    plan.configs.iter().for_each(|config| comparison.config(config));
    comparison.found
}

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
        comparison.push(Rule::PC310, &wanted.method, format!("`{kind}`"), format!("map type {}", found.kind));
    }
    if found.capacity != wanted.capacity {
        let expected = format!("a capacity of {}", wanted.capacity);
        comparison.push(Rule::PC310, &wanted.method, expected, found.capacity.to_string());
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

/// How many differences are told.
const MOST: usize = 128;

/// How many members of anonymous structs are looked at: each may lie in another, again and again.
const MEMBERS: usize = 1 << 16;

struct Comparison<'a> {
    plan: &'a Plan,
    object: &'a Object,
    found: Vec<Drift>,
    members: usize,
}

impl<'a> Comparison<'a> {
    fn push(&mut self, rule: Rule, what: &str, contract: impl Into<String>, object: impl Into<String>) {
        let drift = Drift { rule, what: what.to_owned(), contract: contract.into(), object: object.into() };
        // A struct that lies in several others is wrong once; and objects are foreign, and may be wrong a million times.
        if self.found.len() < MOST && !self.found.contains(&drift) {
            self.found.push(drift);
        }
    }

    fn program(&mut self, wanted: &Program) {
        let object = self.object;
        let expected = format!("`SEC(\"{}\")`", wanted.section);
        let Some(found) = object.programs().iter().find(|found| found.name == wanted.name) else {
            if !wanted.optional {
                let near = object.programs().iter().find(|found| found.section == wanted.section);
                let near = near.map_or_else(
                    || "no such program".to_owned(),
                    |near| format!("`{}` in its place", near.name),
                );
                self.push(Rule::PC301, &wanted.method, expected, near);
            }
            return;
        };
        if !same_section(&wanted.section, &found.section) {
            return self.push(Rule::PC302, &wanted.method, expected, format!("`SEC(\"{}\")`", found.section));
        }
        let context = match &wanted.kind {
            ProgramKind::Hook(kind) => match kind.context {
                Some(context) => context,
                // What a function's programs get are its arguments, which clang writes as numbers.
                None => return,
            },
            ProgramKind::Call(Some(at)) => &self.plan.structs[*at].name,
            ProgramKind::Call(None) => return,
        };
        let btf = &object.btf;
        let prototype = btf.all().find_map(|ty| match ty {
            Type::Function { name, prototype } if *name == wanted.name => Some(btf.ty(*prototype)),
            _ => None,
        });
        let Some(Type::Prototype { parameters, .. }) = prototype else {
            return self.push(
                Rule::PC303,
                &wanted.method,
                format!("`struct {context} *`"),
                "no types of the function",
            );
        };
        let parameter = match &parameters[..] {
            [one] => *one,
            _ => {
                let count = format!("{} arguments", parameters.len());
                return self.push(Rule::PC302, &wanted.method, format!("`struct {context} *`"), count);
            }
        };
        let pointee = match btf.resolve(parameter) {
            Type::Pointer(to) => Some(btf.resolve(*to)),
            _ => None,
        };
        let same =
            matches!(pointee, Some(Type::Struct { name, .. } | Type::Forward { name }) if name == context);
        if !same {
            let shown = format!("`{}`", btf.show(parameter));
            self.push(Rule::PC302, &wanted.method, format!("`struct {context} *`"), shown);
        }
    }

    /// Every struct of that name: what programs use is found whether or not a map holds it.
    fn structs(&mut self, at: usize, wanted: &'a Struct) {
        let object = self.object;
        let named: Vec<_> = object
            .btf
            .all()
            .filter_map(|ty| match ty {
                Type::Struct { name, size, members } if *name == wanted.name => Some((*size, members)),
                _ => None,
            })
            .collect();
        let union = object.btf.all().any(|ty| matches!(ty, Type::Union { name } if *name == wanted.name));
        if union {
            let expected = format!("a struct of {} bytes", wanted.size);
            return self.push(Rule::PC308, &wanted.rust, expected, format!("`union {}`", wanted.name));
        }
        if named.is_empty() && self.is_used(at) {
            let expected = format!("a struct of {} bytes", wanted.size);
            return self.push(
                Rule::PC303,
                &wanted.rust,
                expected,
                format!("nothing of `struct {}`", wanted.name),
            );
        }
        for (size, members) in named {
            self.fields(wanted, size, members);
        }
    }

    /// Whether a program that is there needs the struct: one that has a default body need not be.
    fn is_used(&self, at: usize) -> bool {
        let optional = self.plan.programs.iter().find(|program| program.kind == ProgramKind::Call(Some(at)));
        optional.is_none_or(|program| self.object.programs().iter().any(|found| found.name == program.name))
    }

    fn fields(&mut self, wanted: &'a Struct, size: u32, members: &'a [Member]) {
        let object = self.object;
        let before = self.found.len();
        let mut flat = Vec::new();
        self.flatten(wanted, members, (0, 0), &mut flat);
        for field in &wanted.fields {
            let what = format!("{}.{}", wanted.rust, field.rust);
            let Some((bit, member)) = flat.iter().find(|(_, member)| member.name == field.name) else {
                // Bytes that nobody reads may go by any name, or by none.
                if !field.is_padding() && !flat.iter().any(|(_, member)| member.name.is_empty()) {
                    let expected = self.shown(field);
                    let instead = flat.iter().find(|(bit, _)| *bit == u64::from(field.offset) * 8);
                    let instead = instead.map_or_else(
                        || "no such field".to_owned(),
                        |(_, other)| format!("`{} {}` in its place", object.btf.show(other.ty), other.name),
                    );
                    self.push(Rule::PC306, &what, expected, instead);
                }
                continue;
            };
            if field.is_padding() {
                continue;
            }
            if let Some(bits) = member.bits {
                let expected = self.shown(field);
                self.push(Rule::PC308, &what, expected, format!("a bit field of {bits} bits"));
                continue;
            }
            if *bit != u64::from(field.offset) * 8 {
                let found = format!("`{} {}` at byte {}", object.btf.show(member.ty), member.name, bit / 8);
                let expected = self.shown(field);
                self.push(Rule::PC304, &what, expected, found);
            }
            if !self.ty(&field.ty, member.ty, &what) {
                // One finding a field: what lies elsewhere and is another type is another type first.
                let last = self.found.len().checked_sub(2);
                if let Some(last) = last
                    .filter(|last| self.found[*last].what == what && self.found[*last].rule == Rule::PC304)
                {
                    self.found.remove(last);
                }
            }
        }
        for (bit, member) in &flat {
            let known = wanted.fields.iter().any(|field| field.name == member.name);
            if member.name.is_empty() || known || self.lies_in_padding(wanted, *bit, member) {
                continue;
            }
            let place = format!("`{} {}` at byte {}", object.btf.show(member.ty), member.name, bit / 8);
            let rule = if member.bits.is_some() { Rule::PC308 } else { Rule::PC306 };
            self.push(rule, &format!("{}.{}", wanted.rust, member.name), "no such field", place);
        }
        if self.found.len() == before && size != wanted.size {
            self.push(Rule::PC309, &wanted.rust, format!("{} bytes", wanted.size), format!("{size} bytes"));
        }
    }

    /// The members of anonymous structs are the struct's own; those of anonymous unions are refused.
    fn flatten(
        &mut self,
        wanted: &Struct,
        members: &'a [Member],
        (base, depth): (u64, u8),
        flat: &mut Vec<(u64, &'a Member)>,
    ) {
        let object = self.object;
        for member in members {
            self.members += 1;
            if self.members > MEMBERS {
                return;
            }
            let at = base + u64::from(member.bit);
            match object.btf.resolve(member.ty) {
                Type::Struct { name, members, .. }
                    if member.name.is_empty() && name.is_empty() && depth < 16 =>
                {
                    self.flatten(wanted, members, (at, depth + 1), flat);
                }
                Type::Union { .. } if member.name.is_empty() => {
                    self.push(
                        Rule::PC308,
                        &wanted.rust,
                        "plain fields",
                        format!("a union at byte {}", at / 8),
                    );
                    flat.push((at, member));
                }
                _ => flat.push((at, member)),
            }
        }
    }

    /// Whether a member covers nothing but bytes that no field of the contract has, and says so by its name.
    fn lies_in_padding(&self, wanted: &Struct, bit: u64, member: &Member) -> bool {
        let (start, end) = (bit / 8, bit / 8 + self.object.btf.size(member.ty));
        let covers = |field: &Field| {
            let (from, to) =
                (u64::from(field.offset), u64::from(field.offset) + u64::from(self.plan.size(&field.ty)));
            from < end && start < to
        };
        // What stands behind the end makes the struct longer, and that is said of the struct.
        member.name.starts_with('_') && !wanted.fields.iter().filter(|field| !field.is_padding()).any(covers)
    }

    fn shown(&self, field: &Field) -> String {
        format!("`{}` at byte {}", self.plan.show(&field.ty), field.offset)
    }

    /// Compares a type; says whether it is the same. What differs within a struct is said of that struct.
    fn ty(&mut self, wanted: &Ty, found: Id, what: &str) -> bool {
        let (rule, same) = self.same(wanted, found, 0);
        if !same {
            let (expected, shown) =
                (format!("`{}`", self.plan.show(wanted)), format!("`{}`", self.object.btf.show(found)));
            self.push(rule, what, expected, shown);
        }
        same
    }

    fn same(&self, wanted: &Ty, found: Id, depth: u8) -> (Rule, bool) {
        let btf = &self.object.btf;
        match (wanted, btf.resolve(found)) {
            (Ty::Int { size, signed }, Type::Int { size: other, signed: other_signed, boolean, .. }) => {
                (Rule::PC305, size == other && signed == other_signed && !boolean)
            }
            (Ty::Int { size, signed }, Type::Enum { size: other, signed: other_signed, .. }) => {
                (Rule::PC305, size == other && signed == other_signed)
            }
            (Ty::Struct(at), Type::Struct { name, .. }) => {
                (Rule::PC305, *name == self.plan.structs[*at].name)
            }
            (Ty::Array(element, length), Type::Array { element: other, length: found }) if depth < 16 => {
                match self.same(element, *other, depth + 1) {
                    (_, true) => (Rule::PC307, length == found),
                    differs => differs,
                }
            }
            (_, Type::Union { .. }) => (Rule::PC308, false),
            _ => (Rule::PC305, false),
        }
    }

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

    fn map(&mut self, wanted: &Map) {
        let object = self.object;
        let btf = &object.btf;
        let expected = format!("`{}`", wanted.kind.in_kernel().1);
        let Some((".maps", ty)) = self.variable(&wanted.name) else {
            return self.push(Rule::PC310, &wanted.method, expected, "no such map");
        };
        let Type::Struct { members, .. } = btf.resolve(ty) else {
            return self.push(Rule::PC310, &wanted.method, expected, format!("`{}`", btf.show(ty)));
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
            _ => self.push(Rule::PC310, &wanted.method, "maps within", "none that BTF knows"),
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
            return self.push(Rule::PC310, &wanted.method, format!("`{shown}`"), format!("map type {found}"));
        }
        // A perf buffer has one entry a processor, and its bytes are the reader's.
        let entries = number_of("max_entries").unwrap_or(0);
        if kind != MapKind::Perf && entries != capacity {
            let expected = format!("a capacity of {capacity}");
            self.push(Rule::PC310, &wanted.method, expected, entries.to_string());
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
        let what = format!("{} ({name})", wanted.method);
        let expected = format!("`{}`", self.plan.show(ty));
        let Some(found) = found else {
            let bytes = bytes.map_or_else(|| "none".to_owned(), |bytes| format!("{bytes} bytes of no type"));
            return self.push(Rule::PC311, &what, expected, bytes);
        };
        if !self.same(ty, found, 0).1 {
            let shown = format!("`{}`", self.object.btf.show(found));
            self.push(Rule::PC311, &what, expected, shown);
        }
    }

    fn config(&mut self, wanted: &Config) {
        let expected = format!("`const volatile` of `{}`", self.plan.show(&wanted.ty));
        match self.variable(&wanted.name) {
            Some((section, ty)) if section.starts_with(".rodata") => {
                self.ty(&wanted.ty, ty, &wanted.method);
            }
            Some((section, _)) => {
                self.push(Rule::PC312, &wanted.method, expected, format!("a variable in `{section}`"));
            }
            None => self.push(Rule::PC312, &wanted.method, expected, "no such constant"),
        }
    }
}

/// Some sections say more than where a program is attached: that it takes packets in pieces, or may sleep.
fn same_section(wanted: &str, found: &str) -> bool {
    let sleeps = |kind: &str| {
        let function = wanted.strip_prefix(kind)?.strip_prefix('/')?;
        Some(found.strip_prefix(kind)?.strip_prefix(".s/")? == function)
    };
    found == wanted
        || (wanted == "xdp" && found == "xdp.frags")
        || ["lsm", "fentry", "fexit"].into_iter().any(|kind| sleeps(kind) == Some(true))
}
