//! How an object differs from its contract.
//!
//! In: a plan and an object. Out: every difference, named by both sides. The kernel makes none of these comparisons: it takes
//! bytes, and a struct of the same name with other fields.

mod maps;

use crate::btf::{Id, Member, Type};
use crate::object::Object;
use crate::plan::{Config, Field, Map, Plan, Program, ProgramKind, Struct, Ty};
use crate::rule::{Drift, Rule, Subject};

pub use maps::{KernelMap, compare_map};

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

/// How many differences are told.
const MOST: usize = 128;

/// How many members of anonymous structs are looked at: each may lie in another, again and again.
const MEMBERS: usize = 1 << 16;

/// What a difference is about: for people, and by the names of both sides.
struct About {
    what: String,
    subject: Subject,
}

impl About {
    fn method(method: &str, c: &str) -> Self {
        let subject = Subject { item: method.to_owned(), part: None, c: c.to_owned(), c_part: None };
        Self { what: method.to_owned(), subject }
    }

    /// A field of a struct, by both names.
    fn field(one: &Struct, field: &str, c: &str) -> Self {
        let of = Self::from(one).subject;
        let subject = Subject { part: Some(field.to_owned()), c_part: Some(c.to_owned()), ..of };
        Self { what: format!("{}.{field}", one.rust), subject }
    }
}

impl From<&Struct> for About {
    fn from(one: &Struct) -> Self {
        // A call's struct is of its method.
        let about = Self::method(one.rust.trim_end_matches("(..)"), &one.name);
        Self { what: one.rust.clone(), ..about }
    }
}

impl From<&Program> for About {
    fn from(one: &Program) -> Self {
        Self::method(&one.method, &one.name)
    }
}

impl From<&Map> for About {
    fn from(one: &Map) -> Self {
        Self::method(&one.method, &one.name)
    }
}

impl From<&Config> for About {
    fn from(one: &Config) -> Self {
        Self::method(&one.method, &one.name)
    }
}

struct Comparison<'a> {
    plan: &'a Plan,
    object: &'a Object,
    found: Vec<Drift>,
    members: usize,
}

impl<'a> Comparison<'a> {
    fn push(
        &mut self,
        rule: Rule,
        about: impl Into<About>,
        contract: impl Into<String>,
        object: impl Into<String>,
    ) {
        let About { what, subject } = about.into();
        let (contract, object) = (contract.into(), object.into());
        let drift = Drift { rule, what, subject, contract, object, contract_place: None, object_place: None };
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
                self.push(Rule::PC301, wanted, expected, near);
            }
            return;
        };
        if !same_section(&wanted.section, &found.section) {
            return self.push(Rule::PC302, wanted, expected, format!("`SEC(\"{}\")`", found.section));
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
                wanted,
                format!("`struct {context} *`"),
                "no types of the function",
            );
        };
        let parameter = match &parameters[..] {
            [one] => *one,
            _ => {
                let count = format!("{} arguments", parameters.len());
                return self.push(Rule::PC302, wanted, format!("`struct {context} *`"), count);
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
            self.push(Rule::PC302, wanted, format!("`struct {context} *`"), shown);
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
            return self.push(Rule::PC308, wanted, expected, format!("`union {}`", wanted.name));
        }
        if named.is_empty() && self.is_used(at) {
            let expected = format!("a struct of {} bytes", wanted.size);
            return self.push(Rule::PC303, wanted, expected, format!("nothing of `struct {}`", wanted.name));
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
            let about = || About::field(wanted, &field.rust, &field.name);
            let Some((bit, member)) = flat.iter().find(|(_, member)| member.name == field.name) else {
                // Bytes that nobody reads may go by any name, or by none.
                if !field.is_padding() && !flat.iter().any(|(_, member)| member.name.is_empty()) {
                    let expected = self.shown(field);
                    let instead = flat.iter().find(|(bit, _)| *bit == u64::from(field.offset) * 8);
                    let instead = instead.map_or_else(
                        || "no such field".to_owned(),
                        |(_, other)| format!("`{} {}` in its place", object.btf.show(other.ty), other.name),
                    );
                    self.push(Rule::PC306, about(), expected, instead);
                }
                continue;
            };
            if field.is_padding() {
                continue;
            }
            if let Some(bits) = member.bits {
                let expected = self.shown(field);
                self.push(Rule::PC308, about(), expected, format!("a bit field of {bits} bits"));
                continue;
            }
            if *bit != u64::from(field.offset) * 8 {
                let found = format!("`{} {}` at byte {}", object.btf.show(member.ty), member.name, bit / 8);
                let expected = self.shown(field);
                self.push(Rule::PC304, about(), expected, found);
            }
            if !self.ty(&field.ty, member.ty, about()) {
                // One finding a field: what lies elsewhere and is another type is another type first.
                let last = self.found.len().checked_sub(2);
                if let Some(last) = last.filter(|last| {
                    self.found[*last].what == about().what && self.found[*last].rule == Rule::PC304
                }) {
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
            self.push(rule, About::field(wanted, &member.name, &member.name), "no such field", place);
        }
        if self.found.len() == before && size != wanted.size {
            self.push(Rule::PC309, wanted, format!("{} bytes", wanted.size), format!("{size} bytes"));
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
                    self.push(Rule::PC308, wanted, "plain fields", format!("a union at byte {}", at / 8));
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
    fn ty(&mut self, wanted: &Ty, found: Id, about: impl Into<About>) -> bool {
        let (rule, same) = self.same(wanted, found, 0);
        if !same {
            let (expected, shown) =
                (format!("`{}`", self.plan.show(wanted)), format!("`{}`", self.object.btf.show(found)));
            self.push(rule, about, expected, shown);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::btf::tests::section;

    #[test]
    fn structs_in_structs_without_a_name_have_an_end() {
        // Each of sixteen lies forty times in the one before: more members than anybody could look at.
        const STRUCT: u32 = 4 << 24;
        let (depth, times) = (16, 40);
        let mut words = Vec::new();
        for at in 1..=depth {
            // The first is called `a`, the others nothing.
            words.extend([u32::from(at == 1), STRUCT | times, 4]);
            for _ in 0..times {
                words.extend([0, at + 1, 0]);
            }
        }
        // In the last lie numbers.
        words.extend([3, 1 << 24, 4, 32]);
        let object =
            Object::of_types(&section(&words, "\0a\0u\0")).expect("each refers to one that is there");
        let plan = Plan {
            contract: "test".to_owned(),
            version: "1.0.0".to_owned(),
            prefix: "test".to_owned(),
            structs: vec![Struct { name: "a".to_owned(), rust: "A".to_owned(), size: 8, fields: Vec::new() }],
            programs: Vec::new(),
            maps: Vec::new(),
            configs: Vec::new(),
        };
        let found = compare(&plan, &object);
        assert_eq!(found.iter().map(|drift| drift.rule).collect::<Vec<_>>(), [Rule::PC309]);
    }
}
