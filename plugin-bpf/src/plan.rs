//! A contract as the kernel's side must have it: structs, programs, maps and constants, by the names that C gives them.
//!
//! In: a record and one of its contracts. Out: a [`Plan`], or everything that has no form there. It does not know objects, nor how
//! C is written.

use std::collections::BTreeMap;
use std::fmt;

use plugin_abi::c_name::{file_name, ident, snake};
use plugin_abi::describe::{Kind, Waiting};
use plugin_abi::kernel::{HookKind, hook_kind, is_integer};
use plugin_abi::note::{Contract, Method, Record, Type, TypeIndex};

/// The constant that holds the number of a program's generation.
pub const GENERATION: &str = "bpf_metadata_generation";

/// What an object that carries a contract consists of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The contract's id.
    pub contract: String,
    /// Its version.
    pub version: String,
    /// How its names begin in C: `acme_filter`.
    pub prefix: String,
    /// Its structs, those that lie in others first.
    pub structs: Vec<Struct>,
    /// Its programs, in the order of the methods.
    pub programs: Vec<Program>,
    /// Its maps, in the order of the methods.
    pub maps: Vec<Map>,
    /// Its constants, in the order of the methods.
    pub configs: Vec<Config>,
}

/// A struct that both sides look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Struct {
    /// What it is called in C: `acme_filter_drop`.
    pub name: String,
    /// What it is called in the contract: `Drop`, or `verdict(..)` for a call's arguments and result.
    pub rust: String,
    /// Its size in bytes.
    pub size: u32,
    /// Its fields, in order.
    pub fields: Vec<Field>,
}

/// A field of a struct.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// What it is called in C.
    pub name: String,
    /// What it is called in the contract.
    pub rust: String,
    /// Where it lies, in bytes.
    pub offset: u32,
    /// Its type.
    pub ty: Ty,
}

impl Field {
    /// Whether it is there to fill up: nobody reads it.
    #[must_use]
    pub fn is_padding(&self) -> bool {
        self.rust.starts_with('_') && !self.rust.as_bytes().get(1).is_some_and(u8::is_ascii_digit)
    }
}

/// A type that a kernel program can hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ty {
    /// An integer.
    Int {
        /// Its size in bytes.
        size: u32,
        /// Whether it has a sign.
        signed: bool,
    },
    /// The struct at this place in [`Plan::structs`].
    Struct(usize),
    /// An array.
    Array(Box<Self>, u32),
}

/// A program, and the method that it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    /// The method's name.
    pub method: String,
    /// What the function is called in C.
    pub name: String,
    /// The ELF section it stands in.
    pub section: String,
    /// What it does.
    pub kind: ProgramKind,
    /// Whether the contract has a default body for it.
    pub optional: bool,
    /// The method's signature, for people.
    pub signature: String,
}

impl Program {
    /// Whether it takes the place of a function in another program.
    #[must_use]
    pub fn replaces_function(&self) -> bool {
        matches!(self.kind, ProgramKind::Hook(kind) if kind.name == "freplace")
    }
}

/// What a program is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProgramKind {
    /// It is attached.
    Hook(&'static HookKind),
    /// It is called, with the struct at this place in [`Plan::structs`], if there is anything to say.
    Call(Option<usize>),
}

/// A map, and the method that it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Map {
    /// The method's name.
    pub method: String,
    /// What the map is called in C.
    pub name: String,
    /// What kind of map it is.
    pub kind: MapKind,
    /// How many entries it can hold; for events, bytes.
    pub capacity: u32,
    /// Its key, if it has one.
    pub key: Option<Ty>,
    /// Its value, or the event that it carries.
    pub value: Ty,
    /// Whether it survives its programs.
    pub state: bool,
}

/// A kind of map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MapKind {
    /// Keys that are there when they are put there.
    Hash,
    /// Keys that are always there: 0 up to the capacity.
    Array,
    /// As a hash; the key that was used longest ago makes room.
    Lru,
    /// A hash in an array of one: whoever replaces it replaces it whole, in one step.
    Policy,
    /// Events of all processors in order.
    Ring,
    /// Events, a buffer for each processor.
    Perf,
}

impl MapKind {
    /// The number that the kernel has for it, and its name there.
    ///
    /// Source: `enum bpf_map_type` of linux/bpf.h.
    #[must_use]
    pub const fn in_kernel(self) -> (u32, &'static str) {
        match self {
            Self::Hash => (1, "BPF_MAP_TYPE_HASH"),
            Self::Array => (2, "BPF_MAP_TYPE_ARRAY"),
            Self::Perf => (4, "BPF_MAP_TYPE_PERF_EVENT_ARRAY"),
            Self::Lru => (9, "BPF_MAP_TYPE_LRU_HASH"),
            Self::Policy => (12, "BPF_MAP_TYPE_ARRAY_OF_MAPS"),
            Self::Ring => (27, "BPF_MAP_TYPE_RINGBUF"),
        }
    }

    fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "hash" => Self::Hash,
            "array" => Self::Array,
            "lru" => Self::Lru,
            "policy" => Self::Policy,
            "ring" => Self::Ring,
            "perf" => Self::Perf,
            _ => return None,
        })
    }

    /// Whether it carries events.
    #[must_use]
    pub const fn is_events(self) -> bool {
        matches!(self, Self::Ring | Self::Perf)
    }
}

/// Constants, and the method that they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// The method's name.
    pub method: String,
    /// What the variable is called in C.
    pub name: String,
    /// Its type.
    pub ty: Ty,
}

/// A method that has no form in the kernel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The contract's id.
    pub contract: String,
    /// The method's name; empty for the whole contract.
    pub method: String,
    /// Why.
    pub why: String,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`", self.contract)?;
        if !self.method.is_empty() {
            write!(f, " {}", self.method)?;
        }
        write!(f, ": {}", self.why)
    }
}

impl Map {
    /// What the map is called that a policy begins with: `rules_first`.
    #[must_use]
    pub fn first(&self) -> String {
        format!("{}_first", self.name)
    }
}

impl Plan {
    /// The plan of one contract of a record.
    ///
    /// # Errors
    /// Every method that has no form in the kernel, with why.
    pub fn of(record: &Record, contract: &Contract) -> Result<Self, Vec<Refused>> {
        let refused = |method: &str, why: String| Refused {
            contract: contract.id.clone(),
            method: method.to_owned(),
            why,
        };
        if contract.methods.iter().all(|method| method.role.is_empty()) {
            let why =
                "no eBPF object can carry it: none of its methods is a hook, an event, constants or a table";
            return Err(vec![refused("", why.to_owned())]);
        }
        let mut draft = Draft {
            record,
            plan: Self {
                contract: contract.id.clone(),
                version: contract.version.clone(),
                prefix: file_name(&contract.id),
                structs: Vec::new(),
                programs: Vec::new(),
                maps: Vec::new(),
                configs: Vec::new(),
            },
            known: BTreeMap::new(),
            open: Vec::new(),
        };
        let mut all = Vec::new();
        for method in &contract.methods {
            if let Err(why) = draft.method(method) {
                all.push(refused(&method.name, why));
            }
        }
        if all.is_empty() { Ok(draft.plan) } else { Err(all) }
    }

    /// A type's size in bytes.
    #[must_use]
    pub fn size(&self, ty: &Ty) -> u32 {
        match ty {
            Ty::Int { size, .. } => *size,
            Ty::Struct(at) => self.structs[*at].size,
            Ty::Array(element, length) => self.size(element).saturating_mul(*length),
        }
    }

    /// How a type is aligned, in bytes.
    #[must_use]
    pub fn align(&self, ty: &Ty) -> u32 {
        match ty {
            Ty::Int { size, .. } => *size,
            Ty::Struct(at) => {
                self.structs[*at].fields.iter().map(|field| self.align(&field.ty)).max().unwrap_or(1)
            }
            Ty::Array(element, _) => self.align(element),
        }
    }

    /// A type as the contract writes it: `[u8; 4]`.
    #[must_use]
    pub fn show(&self, ty: &Ty) -> String {
        match ty {
            Ty::Int { size, signed } => format!("{}{}", if *signed { 'i' } else { 'u' }, size * 8),
            Ty::Struct(at) => self.structs[*at].rust.clone(),
            Ty::Array(element, length) => format!("[{}; {length}]", self.show(element)),
        }
    }

    /// The places of every struct that is part of a type.
    pub(crate) fn within(&self, ty: &Ty) -> Vec<usize> {
        match ty {
            Ty::Int { .. } => Vec::new(),
            Ty::Array(element, _) => self.within(element),
            Ty::Struct(at) => {
                let parts = self.structs[*at].fields.iter().flat_map(|field| self.within(&field.ty));
                parts.chain([*at]).collect()
            }
        }
    }

    /// The program of a method.
    #[must_use]
    pub fn program(&self, method: &str) -> Option<&Program> {
        self.programs.iter().find(|program| program.method == method)
    }
}

/// A plan that is being made.
struct Draft<'a> {
    record: &'a Record,
    plan: Plan,
    known: BTreeMap<u32, usize>,
    /// The types whose fields are being looked at: records may be foreign, and say that one contains itself.
    open: Vec<u32>,
}

impl Draft<'_> {
    fn method(&mut self, method: &Method) -> Result<(), String> {
        if method.waiting != Waiting::Blocks {
            return Err("a kernel program cannot wait".to_owned());
        }
        let (head, inner) = match method.role.split_once('(') {
            Some((head, inner)) => (head, inner.strip_suffix(')').unwrap_or(inner)),
            None => (method.role.as_str(), ""),
        };
        let (name, method_name) = (ident(&method.name), method.name.clone());
        let mut program = |section: String, kind: ProgramKind| {
            self.plan.programs.push(Program {
                method: method_name.clone(),
                name: name.clone(),
                section,
                kind,
                optional: method.optional,
                signature: method.signature.clone(),
            });
        };
        match head {
            "" => {
                let call = self.call(method)?;
                let section = "syscall".to_owned();
                self.plan.programs.push(Program {
                    method: method_name,
                    name,
                    section,
                    kind: ProgramKind::Call(call),
                    optional: method.optional,
                    signature: method.signature.clone(),
                });
            }
            "hook" => {
                let (kind, function) = match inner.split_once('(') {
                    Some((kind, function)) => (kind, function.trim_end_matches(')')),
                    None => (inner, ""),
                };
                let kind =
                    hook_kind(kind).ok_or_else(|| format!("`{kind}` is no hook that this version knows"))?;
                let section = if kind.names_function {
                    format!("{}/{function}", kind.section)
                } else {
                    kind.section.to_owned()
                };
                program(section, ProgramKind::Hook(kind));
            }
            "config" => {
                let ty = self.ty(method.ret)?;
                self.plan.configs.push(Config { method: method_name, name, ty });
            }
            "event" | "table" | "state" => {
                let (kind, capacity) = inner.split_once(", ").unwrap_or((inner, ""));
                let kind = MapKind::parse(kind)
                    .ok_or_else(|| format!("`{kind}` is no map that this version knows"))?;
                let capacity = capacity.parse().map_err(|_| format!("`{capacity}` is no capacity"))?;
                let (key, value) = if head == "event" {
                    (None, self.carried(method.ret, "plugin.events", "event")?)
                } else {
                    let key = self.carried(method.ret, "plugin.table", "key")?;
                    if kind == MapKind::Array && key != (Ty::Int { size: 4, signed: false }) {
                        return Err(format!("an array's keys are `u32`, not `{}`", self.plan.show(&key)));
                    }
                    (Some(key), self.carried(method.ret, "plugin.table", "value")?)
                };
                let state = head == "state";
                self.plan.maps.push(Map { method: method_name, name, kind, capacity, key, value, state });
            }
            other => return Err(format!("`{other}` is nothing that this version knows")),
        }
        Ok(())
    }

    /// `K` of a `Table<K, V>`: what its `Option`, which is never filled, is of.
    fn carried(&mut self, at: TypeIndex, contract: &str, name: &str) -> Result<Ty, String> {
        let found = self.record.ty(at);
        let is_ours = found.members.iter().any(|member| {
            let behind = self.record.ty(member.ty).members.first().map(|object| self.record.ty(object.ty));
            behind.is_some_and(|object: &Type| {
                object.kind == Kind::Object && object.variants.first().is_some_and(|id| id.name == contract)
            })
        });
        let option = found.members.iter().find(|member| member.name == name);
        let inner = option.and_then(|option| self.record.ty(option.ty).members.first());
        match inner.filter(|_| is_ours) {
            Some(inner) => self.ty(inner.ty),
            None => {
                Err(format!("`{}` is not the type of plugin-contracts of that name", self.record.show(at)))
            }
        }
    }

    fn ty(&mut self, at: TypeIndex) -> Result<Ty, String> {
        let found = self.record.ty(at);
        match found.kind {
            Kind::Scalar if is_integer(&found.name) => {
                Ok(Ty::Int { size: found.size, signed: found.name.starts_with('i') })
            }
            Kind::Array => {
                let length =
                    found.name.parse().map_err(|_| format!("`{}` is too long", self.record.show(at)))?;
                Ok(Ty::Array(Box::new(self.ty(found.members[0].ty)?), length))
            }
            Kind::Plain => {
                if let Some(known) = self.known.get(&at.0) {
                    return Ok(Ty::Struct(*known));
                }
                if self.open.contains(&at.0) {
                    return Err(format!("`{}` contains itself", self.record.show(at)));
                }
                self.open.push(at.0);
                let mut fields = Vec::new();
                for member in &found.members {
                    let ty = self.ty(member.ty)?;
                    fields.push(Field {
                        name: ident(&member.name),
                        rust: member.name.clone(),
                        offset: member.offset,
                        ty,
                    });
                }
                self.open.pop();
                let name = format!("{}_{}", self.plan.prefix, snake(&found.name));
                let place = self.add(Struct { name, rust: found.name.clone(), size: found.size, fields })?;
                self.known.insert(at.0, place);
                Ok(Ty::Struct(place))
            }
            _ => Err(format!("a kernel program cannot hold `{}`", self.record.show(at))),
        }
    }

    /// Arguments and result, laid out as C does.
    fn call(&mut self, method: &Method) -> Result<Option<usize>, String> {
        let mut fields = Vec::new();
        for arg in &method.args {
            let name = if arg.name == "result" { "result_".to_owned() } else { ident(&arg.name) };
            fields.push(Field { name, rust: arg.name.clone(), offset: 0, ty: self.ty(arg.ty)? });
        }
        let ret = self.record.ty(method.ret);
        if !(ret.kind == Kind::Scalar && ret.name == "()") {
            let ty = self.ty(method.ret)?;
            fields.push(Field { name: "result".to_owned(), rust: "result".to_owned(), offset: 0, ty });
        }
        if fields.is_empty() {
            return Ok(None);
        }
        let (mut end, mut align) = (0_u32, 1);
        for field in &mut fields {
            let aligned = self.plan.align(&field.ty).max(1);
            align = align.max(aligned);
            field.offset = end.next_multiple_of(aligned);
            end = field.offset.saturating_add(self.plan.size(&field.ty));
        }
        let name = format!("{}_{}_call", self.plan.prefix, ident(&method.name));
        let size = end.checked_next_multiple_of(align).filter(|size| *size <= 1 << 15);
        let size = size.ok_or("arguments and result together are longer than 32768 bytes")?;
        self.add(Struct { name, rust: format!("{}(..)", method.name), size, fields }).map(Some)
    }

    fn add(&mut self, one: Struct) -> Result<usize, String> {
        if let Some(other) = self.plan.structs.iter().find(|other| other.name == one.name) {
            return Err(format!(
                "`{}` and `{}` would both be `struct {}` in C: rename one",
                other.rust, one.rust, one.name
            ));
        }
        self.plan.structs.push(one);
        Ok(self.plan.structs.len() - 1)
    }
}
