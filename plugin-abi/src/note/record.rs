//! A record, decoded: what handshake, lock and emitters work on.
//!
//! In: nothing; the reader fills it. Out: plain data whose indices are all in range, and types as people write them.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use super::{RecordKind, flag};
use crate::Fingerprint;
use crate::describe::{Form, Kind, Receiver, Waiting, split_bounds};

/// Everything one note says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// What it is for.
    pub kind: RecordKind,
    /// The package that was compiled.
    pub package: String,
    /// That package's version.
    pub version: String,
    /// What compiled it.
    pub toolchain: Toolchain,
    /// The entry symbol; empty for what is no [`RecordKind::Exports`].
    pub symbol: String,
    /// Every type that the contracts reach.
    pub types: Vec<Type>,
    /// The contracts.
    pub contracts: Vec<Contract>,
    /// The contracts of the objects that those hand over, and that these do.
    pub objects: Vec<Contract>,
}

/// What compiled a library, and for what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Toolchain {
    /// As `rustc --version` prints it.
    pub rustc: String,
    /// The target triple.
    pub target: String,
    /// Bits of a pointer: 32 or 64.
    pub pointer_width: u8,
    /// Whether the target is big-endian.
    pub big_endian: bool,
    /// Whether a panic aborts the process.
    pub panic_abort: bool,
    /// Whether debug assertions are on.
    pub debug: bool,
}

impl Toolchain {
    pub(super) fn of_flags(rustc: String, target: String, flags: u16) -> Self {
        Self {
            rustc,
            target,
            pointer_width: if flags & flag::POINTERS_64 != 0 { 64 } else { 32 },
            big_endian: flags & flag::BIG_ENDIAN != 0,
            panic_abort: flags & flag::PANIC_ABORT != 0,
            debug: flags & flag::DEBUG != 0,
        }
    }
}

/// One contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contract {
    /// Its identity.
    pub id: String,
    /// Its version.
    pub version: String,
    /// The trait's name.
    pub name: String,
    /// Whether the trait demands `Send`.
    pub send: bool,
    /// Whether the trait demands `Sync`.
    pub sync: bool,
    /// Whether a lock file holds it.
    pub locked: bool,
    /// The package that declares it.
    pub package: String,
    /// That package's version.
    pub package_version: String,
    /// The hash over its methods.
    pub fingerprint: Fingerprint,
    /// Its methods: those of its bases first, then its own, in source order.
    pub methods: Vec<Method>,
    /// The ids of the contracts that it is built on, in source order.
    pub bases: Vec<String>,
}

impl Contract {
    /// The method of this name.
    #[must_use]
    pub fn method(&self, name: &str) -> Option<&Method> {
        self.methods.iter().find(|method| method.name == name)
    }
}

/// One method.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Method {
    /// Its name.
    pub name: String,
    /// Its signature in canonical text.
    pub signature: String,
    /// What it was called once.
    pub renamed_from: Vec<String>,
    /// The version that brought it.
    pub since: String,
    /// How it takes its object.
    pub receiver: Receiver,
    /// Whether it is `async`.
    pub waiting: Waiting,
    /// What it is where an eBPF object carries the contract; empty for what is called.
    pub role: String,
    /// Whether it has a default body.
    pub optional: bool,
    /// The hash of its shape.
    pub fingerprint: Fingerprint,
    /// Its arguments.
    pub args: Vec<Member>,
    /// What it returns.
    pub ret: TypeIndex,
    /// The paths it names, as written, and what each is.
    pub mentions: Vec<Member>,
    /// The id of the contract that it comes from, when that is a base of its contract; empty for the contract's own.
    pub from: String,
}

/// A type's place in [`Record::types`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TypeIndex(pub u32);

/// One type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Type {
    /// What kind of type it is.
    pub kind: Kind,
    /// Its name without a path; the length of an array.
    pub name: String,
    /// Size of its wire form in bytes.
    pub size: u32,
    /// Alignment of its wire form in bytes.
    pub align: u32,
    /// Its fields, or what it is made of.
    pub members: Vec<Member>,
    /// Its variants, if it is an enum. The macros list them in ascending order of their tags.
    pub variants: Vec<Variant>,
}

impl Type {
    /// Whether it is `()`.
    pub(crate) fn is_unit(&self) -> bool {
        self.kind == Kind::Scalar && self.name == "()"
    }
}

/// A field, an argument, or one of the types that another is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Its name; may be empty.
    pub name: String,
    /// Its type.
    pub ty: TypeIndex,
    /// Where it lies in its struct's wire form, in bytes.
    pub offset: u32,
    /// Whether an older side may lack it.
    pub optional: bool,
}

/// One variant of an enum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variant {
    /// Its name.
    pub name: String,
    /// The number that stands for it on the wire.
    pub tag: u32,
    /// Its fields.
    pub fields: Vec<Member>,
}

impl Record {
    /// The type with this index. Indices of a decoded record are always in range.
    #[must_use]
    pub fn ty(&self, index: TypeIndex) -> &Type {
        &self.types[index.0 as usize]
    }

    /// The contract with this id.
    #[must_use]
    pub fn contract(&self, id: &str) -> Option<&Contract> {
        self.contracts.iter().find(|contract| contract.id == id)
    }

    /// The contract with this id, be it one of the contracts or that of an object.
    #[must_use]
    pub fn known_contract(&self, id: &str) -> Option<&Contract> {
        self.contracts.iter().chain(&self.objects).find(|contract| contract.id == id)
    }

    /// A type as people write it: `Result<Vec<u8>, StoreError>`.
    #[must_use]
    pub fn show(&self, index: TypeIndex) -> Shown<'_> {
        Shown { record: self, index }
    }
}

/// A type of a record, to be printed.
#[derive(Clone, Copy)]
pub struct Shown<'a> {
    record: &'a Record,
    index: TypeIndex,
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ty = self.record.ty(self.index);
        let member = |at: usize| Self { index: ty.members[at].ty, ..*self };
        let list = |f: &mut fmt::Formatter<'_>, open: &str, members: usize, close: &str| {
            f.write_str(open)?;
            for at in 0..members {
                write!(f, "{}{}", if at == 0 { "" } else { ", " }, member(at))?;
            }
            f.write_str(close)
        };
        match ty.kind.form() {
            Form::Named(before) => write!(f, "{before}{}", ty.name),
            Form::Generic => {
                f.write_str(&ty.name)?;
                list(f, "<", ty.members.len(), ">")
            }
            Form::Between(open, close) => list(f, open, ty.members.len(), close),
            Form::Array => write!(f, "[{}; {}]", member(0), ty.name),
            Form::Reference => {
                // Behind a `&` bounds stand in brackets.
                let lent = self.record.ty(ty.members[0].ty);
                let bounds = lent.kind == Kind::Function && !split_bounds(&lent.name).1.is_empty();
                let (open, close) = if bounds { ("(", ")") } else { ("", "") };
                write!(f, "{}{open}{}{close}", ty.name, member(0))
            }
            Form::Function => {
                let (head, bounds) = split_bounds(&ty.name);
                let args = ty.members.len() - 1;
                write!(f, "dyn {head}")?;
                list(f, "(", args, ")")?;
                if !self.record.ty(ty.members[args].ty).is_unit() {
                    write!(f, " -> {}", member(args))?;
                }
                f.write_str(bounds)
            }
            Form::Bounded(open, of, close) => {
                let (head, bounds) = split_bounds(&ty.name);
                write!(f, "{open}{head}{of}{}>{bounds}{close}", member(0))
            }
        }
    }
}
