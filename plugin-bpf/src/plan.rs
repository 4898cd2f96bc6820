//! A contract as the kernel's side must have it: structs, programs, maps and constants, by the names that C gives them.
//!
//! In: a record and one of its contracts. Out: a [`Plan`], or everything that has no form there. It does not know objects, nor how
//! C is written.

mod draft;

use std::fmt;

use plugin_abi::c_name::file_name;
use plugin_abi::kernel::HookKind;
use plugin_abi::note::{Contract, Record};

use draft::Draft;

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
    /// As a hash, with a value for each processor.
    PerCpuHash,
    /// As an array, with a value for each processor.
    PerCpuArray,
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
            Self::PerCpuHash => (5, "BPF_MAP_TYPE_PERCPU_HASH"),
            Self::PerCpuArray => (6, "BPF_MAP_TYPE_PERCPU_ARRAY"),
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
            "percpu" => Self::PerCpuHash,
            "percpu_array" => Self::PerCpuArray,
            "policy" => Self::Policy,
            "ring" => Self::Ring,
            "perf" => Self::Perf,
            _ => return None,
        })
    }

    /// Whether its keys are 0 up to the capacity, and always there.
    #[must_use]
    pub const fn is_array(self) -> bool {
        matches!(self, Self::Array | Self::PerCpuArray)
    }

    /// Whether each processor has a value of its own.
    #[must_use]
    pub const fn is_per_cpu(self) -> bool {
        matches!(self, Self::PerCpuHash | Self::PerCpuArray)
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
        let empty = Self {
            contract: contract.id.clone(),
            version: contract.version.clone(),
            prefix: file_name(&contract.id),
            structs: Vec::new(),
            programs: Vec::new(),
            maps: Vec::new(),
            configs: Vec::new(),
        };
        let mut draft = Draft::new(record, empty);
        let mut all = Vec::new();
        for method in &contract.methods {
            if let Err(why) = draft.method(method) {
                all.push(refused(&method.name, why));
            }
        }
        if all.is_empty() { Ok(draft.finish()) } else { Err(all) }
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
