//! Bytes into a record. The bytes are foreign: nothing is believed, nothing panics, nothing is allocated for a length
//! that the bytes at hand do not back.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use super::record::{Contract, Member, Method, Record, Toolchain, Type, TypeIndex, Variant};
use super::{MAGIC, REVISION, RecordKind, contract_flag, flag, member_flag, method_flag};
use crate::Fingerprint;
use crate::describe::{Kind, Receiver, Waiting};

/// Why bytes are not a record.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NoteError {
    /// The bytes end before the record does, or a length points outside.
    Truncated {
        /// Where it was noticed, in bytes from the descriptor's start.
        at: usize,
        /// What was being read.
        what: &'static str,
    },
    /// The descriptor does not begin with [`MAGIC`].
    WrongMagic {
        /// What it begins with.
        found: [u8; 8],
    },
    /// A later format than this reader knows.
    NewerRevision {
        /// The revision found.
        found: u16,
    },
    /// The lengths fit, the content does not.
    Malformed {
        /// Where it was noticed, in bytes from the descriptor's start.
        at: usize,
        /// What was being read.
        what: &'static str,
    },
    /// Two contracts of one record have the same id.
    DuplicateContract {
        /// The id.
        id: String,
    },
}

impl fmt::Display for NoteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Truncated { at, what } => write!(f, "the note ends inside {what}, at byte {at}"),
            Self::WrongMagic { found } => {
                write!(f, "the note begins with {}, not with {}", found.escape_ascii(), MAGIC.escape_ascii())
            }
            Self::NewerRevision { found } => {
                write!(f, "the note has format revision {found}, this reader knows up to {REVISION}")
            }
            Self::Malformed { at, what } => write!(f, "the note is malformed at {what}, byte {at}"),
            Self::DuplicateContract { id } => write!(f, "the note names contract `{id}` twice"),
        }
    }
}

impl core::error::Error for NoteError {}

/// In bytes. A reader looks the symbol up in the file's tables, which costs its length at every step.
const LONGEST_SYMBOL: usize = 1024;

/// Decodes the descriptor of one of our notes.
///
/// # Errors
/// [`NoteError`], with the place where the bytes stopped making sense.
pub fn decode(kind: u32, desc: &[u8]) -> Result<Record, NoteError> {
    let (head, mut body) = Head::begin(kind, desc)?;
    body.record(head)
}

/// Who wrote a record, and for whom: what stands before its types and contracts.
#[derive(Clone, Copy, Debug)]
pub struct Head<'a> {
    /// What the record is for.
    pub kind: RecordKind,
    /// The package that was compiled.
    pub package: &'a str,
    /// Its version.
    pub version: &'a str,
    rustc: &'a str,
    target: &'a str,
    flags: u16,
    /// The entry symbol; empty for what is no [`RecordKind::Exports`].
    pub symbol: &'a str,
    /// The bytes of types and contracts, which nobody has looked at.
    pub noted: &'a [u8],
}

impl<'a> Head<'a> {
    /// Reads the beginning of a descriptor. Nothing is known of the rest but where it ends.
    ///
    /// # Errors
    /// As for [`decode`], as far as was read.
    pub fn read(kind: u32, desc: &'a [u8]) -> Result<Self, NoteError> {
        Self::begin(kind, desc).map(|(head, _)| head)
    }

    fn begin(kind: u32, desc: &'a [u8]) -> Result<(Self, Reader<'a>), NoteError> {
        let mut reader = Reader { bytes: desc, at: 0, end: desc.len() };
        let found: [u8; 8] = reader.array("the magic")?;
        if found != MAGIC {
            return Err(NoteError::WrongMagic { found });
        }
        let revision = u16::from_le_bytes(reader.array("the revision")?);
        if revision > REVISION {
            return Err(NoteError::NewerRevision { found: revision });
        }
        let kind = match kind {
            1 => RecordKind::Declares,
            2 => RecordKind::Exports,
            3 => RecordKind::Links,
            _ => return Err(reader.malformed("the record kind")),
        };
        let flags = u16::from_le_bytes(reader.array("the flags")?);
        let mut body = reader.item("the record")?;
        if reader.at != desc.len() {
            return Err(reader.malformed("the end of the record"));
        }
        let (package, version) = (body.text("the package")?, body.text("the package's version")?);
        let (rustc, target) = (body.text("the compiler")?, body.text("the target")?);
        let symbol = body.text("the symbol")?;
        if symbol.len() > LONGEST_SYMBOL {
            return Err(body.malformed("the symbol, which is too long for one"));
        }
        let noted = body.bytes.get(body.at..body.end).unwrap_or_default();
        Ok((Self { kind, package, version, rustc, target, flags, symbol, noted }, body))
    }

    /// What it was built by and for.
    #[must_use]
    pub fn toolchain(&self) -> Toolchain {
        Toolchain::of_flags(self.rustc.into(), self.target.into(), self.flags)
    }

    /// Whether a panic ends the process there.
    #[must_use]
    pub const fn panic_abort(&self) -> bool {
        self.flags & flag::PANIC_ABORT != 0
    }
}

/// A cursor that never leaves `bytes[..end]`.
struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    end: usize,
}

impl<'a> Reader<'a> {
    const fn malformed(&self, what: &'static str) -> NoteError {
        NoteError::Malformed { at: self.at, what }
    }

    fn take(&mut self, len: usize, what: &'static str) -> Result<&'a [u8], NoteError> {
        let truncated = NoteError::Truncated { at: self.at, what };
        let Some(end) = self.at.checked_add(len).filter(|end| *end <= self.end) else {
            return Err(truncated);
        };
        let found = self.bytes.get(self.at..end).ok_or(truncated)?;
        self.at = end;
        Ok(found)
    }

    fn array<const N: usize>(&mut self, what: &'static str) -> Result<[u8; N], NoteError> {
        let mut array = [0; N];
        array.copy_from_slice(self.take(N, what)?);
        Ok(array)
    }

    fn byte(&mut self, what: &'static str) -> Result<u8, NoteError> {
        self.array(what).map(|[byte]| byte)
    }

    fn word(&mut self, what: &'static str) -> Result<u32, NoteError> {
        self.array(what).map(u32::from_le_bytes)
    }

    fn length(&mut self, what: &'static str) -> Result<usize, NoteError> {
        let length = self.word(what)?;
        usize::try_from(length).map_err(|_| self.malformed(what))
    }

    fn fingerprint(&mut self) -> Result<Fingerprint, NoteError> {
        self.array("a fingerprint").map(u128::from_le_bytes).map(Fingerprint)
    }

    fn owned(&mut self, what: &'static str) -> Result<String, NoteError> {
        self.text(what).map(String::from)
    }

    fn text(&mut self, what: &'static str) -> Result<&'a str, NoteError> {
        let length = self.length(what)?;
        let bytes = self.take(length, what)?;
        // What a note says is printed on terminals. Most of it is ASCII, and one look tells that it is text without
        // control characters.
        if bytes.iter().fold(true, |plain, byte| plain & matches!(byte, b' '..=b'~')) {
            // SAFETY: just checked: all of it is ASCII.
            return Ok(unsafe { core::str::from_utf8_unchecked(bytes) });
        }
        let text = core::str::from_utf8(bytes).map_err(|_| self.malformed(what))?;
        if text.chars().any(char::is_control) { Err(self.malformed(what)) } else { Ok(text) }
    }

    /// Whether an item ends here: one that was written before the format had what follows.
    const fn is_at_end(&self) -> bool {
        self.at == self.end
    }

    /// A part that is prefixed by its length.
    fn item(&mut self, what: &'static str) -> Result<Self, NoteError> {
        let length = self.length(what)?;
        let start = self.at;
        self.take(length, what)?;
        Ok(Self { bytes: self.bytes, at: start, end: self.at })
    }

    /// Items of which each takes at least four bytes, so that a count cannot ask for more memory than the note has.
    fn list<T>(
        &mut self,
        what: &'static str,
        mut read: impl FnMut(&mut Self) -> Result<T, NoteError>,
    ) -> Result<Vec<T>, NoteError> {
        let count = self.length(what)?;
        if count > (self.end - self.at) / 4 {
            return Err(NoteError::Truncated { at: self.at, what });
        }
        // Room for a list of usual length at once; a longer one is believed as it comes.
        let mut items = Vec::with_capacity(count.min(16));
        for _ in 0..count {
            items.push(read(&mut self.item(what)?)?);
        }
        Ok(items)
    }

    fn record(&mut self, head: Head<'_>) -> Result<Record, NoteError> {
        let types = self.list("a type", Self::type_item)?;
        let contracts = self.list("a contract", Self::contract)?;
        let objects =
            if self.is_at_end() { Vec::new() } else { self.list("an object's contract", Self::contract)? };
        let record = Record {
            kind: head.kind,
            package: head.package.into(),
            version: head.version.into(),
            toolchain: head.toolchain(),
            symbol: head.symbol.into(),
            types,
            contracts,
            objects,
        };
        self.check(&record)?;
        Ok(record)
    }

    fn type_item(&mut self) -> Result<Type, NoteError> {
        let kind = self.byte("a type's kind")?;
        let kind = Kind::from_number(kind).ok_or_else(|| self.malformed("a type's kind"))?;
        let ty = Type {
            kind,
            name: self.owned("a type's name")?,
            size: self.word("a type's size")?,
            align: self.word("a type's alignment")?,
            members: self.list("a member", Self::member)?,
            variants: self.list("a variant", |variant| {
                Ok(Variant {
                    name: variant.owned("a variant's name")?,
                    tag: variant.word("a variant's tag")?,
                    fields: variant.list("a field", Self::member)?,
                })
            })?,
        };
        let members = match kind {
            Kind::Slice
            | Kind::SliceMut
            | Kind::Vec
            | Kind::Option
            | Kind::Box
            | Kind::Array
            | Kind::Set
            | Kind::Reference
            | Kind::Arc
            | Kind::Future
            | Kind::Iterator
            | Kind::Stream => 1..=1,
            Kind::Result | Kind::Map => 2..=2,
            Kind::Tuple => 2..=12,
            Kind::Scalar
            | Kind::Str
            | Kind::String
            | Kind::Enum
            | Kind::Open
            | Kind::Std
            | Kind::Object
            | Kind::Sink => 0..=0,
            Kind::Struct | Kind::Sized | Kind::Plain => 0..=usize::MAX,
            Kind::Function => 1..=usize::MAX,
        };
        let variants = match kind {
            Kind::Enum | Kind::Open => true,
            Kind::Object => matches!(&*ty.variants, [contract] if contract.fields.is_empty()),
            _ => ty.variants.is_empty(),
        };
        let fits =
            members.contains(&ty.members.len()) && (kind != Kind::Array || is_length(&ty.name)) && variants;
        if fits { Ok(ty) } else { Err(self.malformed("a type whose members are not those of its kind")) }
    }

    fn member(&mut self) -> Result<Member, NoteError> {
        let name = self.owned("a member's name")?;
        let ty = TypeIndex(self.word("a member's type")?);
        let offset = self.word("a member's offset")?;
        let flags = if self.is_at_end() { 0 } else { self.byte("a member's flags")? };
        Ok(Member { name, ty, offset, optional: flags & member_flag::OPTIONAL != 0 })
    }

    fn name(&mut self) -> Result<String, NoteError> {
        self.owned("a former name")
    }

    fn base(&mut self) -> Result<String, NoteError> {
        self.owned("a base's id")
    }

    fn contract(&mut self) -> Result<Contract, NoteError> {
        let (id, version) = (self.owned("a contract's id")?, self.owned("a contract's version")?);
        let name = self.owned("a contract's trait")?;
        let flags = self.byte("a contract's flags")?;
        Ok(Contract {
            id,
            version,
            name,
            send: flags & contract_flag::SEND != 0,
            sync: flags & contract_flag::SYNC != 0,
            locked: flags & contract_flag::LOCKED != 0,
            package: self.owned("a contract's package")?,
            package_version: self.owned("a contract's package's version")?,
            fingerprint: self.fingerprint()?,
            methods: self.list("a method", Self::method)?,
            bases: if self.is_at_end() { Vec::new() } else { self.list("a base", Self::base)? },
        })
    }

    fn method(&mut self) -> Result<Method, NoteError> {
        let (name, signature) = (self.owned("a method's name")?, self.owned("a method's signature")?);
        let since = self.owned("a method's version")?;
        let flags = self.byte("a method's flags")?;
        let exclusive = flags & method_flag::EXCLUSIVE != 0;
        Ok(Method {
            name,
            signature,
            since,
            receiver: if exclusive { Receiver::Exclusive } else { Receiver::Shared },
            waiting: match (flags & method_flag::ASYNC != 0, flags & method_flag::LOCAL != 0) {
                (false, _) => Waiting::Blocks,
                (true, false) => Waiting::Async,
                (true, true) => Waiting::Local,
            },
            optional: flags & method_flag::OPTIONAL != 0,
            fingerprint: self.fingerprint()?,
            args: self.list("an argument", Self::member)?,
            ret: TypeIndex(self.word("a method's result")?),
            mentions: self.list("a mention", Self::member)?,
            renamed_from: if self.is_at_end() { Vec::new() } else { self.list("a former name", Self::name)? },
            role: if self.is_at_end() { String::new() } else { self.owned("a method's role")? },
            from: if self.is_at_end() { String::new() } else { self.owned("a method's contract")? },
        })
    }

    /// What only the whole record can tell: every index is in range, no contract stands twice, and no type is made of
    /// itself in a way that has no end when it is printed.
    fn check(&self, record: &Record) -> Result<(), NoteError> {
        let in_range = |index: TypeIndex| (index.0 as usize) < record.types.len();
        let members = |list: &[Member]| list.iter().all(|member| in_range(member.ty));
        let types = record
            .types
            .iter()
            .all(|ty| members(&ty.members) && ty.variants.iter().all(|variant| members(&variant.fields)));
        let contracts = || record.contracts.iter().chain(&record.objects);
        let methods = contracts()
            .flat_map(|contract| &contract.methods)
            .all(|method| members(&method.args) && members(&method.mentions) && in_range(method.ret));
        if !(types && methods) {
            return Err(self.malformed("a type's index"));
        }
        if !prints_to_an_end(record) {
            return Err(self.malformed("a type that is made of itself without a name between"));
        }
        // Sorted, because a note of some megabytes has room for a million of them.
        let mut ids: Vec<&str> = contracts().map(|contract| contract.id.as_str()).collect();
        ids.sort_unstable();
        match ids.windows(2).find(|pair| pair[0] == pair[1]) {
            Some(pair) => Err(NoteError::DuplicateContract { id: pair[0].into() }),
            None => Ok(()),
        }
    }
}

/// Whether this is the length of an array, written as the macros do.
fn is_length(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with('0') && text.parse::<u64>().is_ok()
}

/// Whether following `Vec<…>`, `Option<…>` and the like always ends at a type with a name, and soon. The length of the
/// text is what counts: `Result<T, T>` of itself twelve levels deep is a short note and a long line.
fn prints_to_an_end(record: &Record) -> bool {
    const NESTING: usize = 64;
    const LONGEST: usize = 1 << 14;
    // The length of each type's text once known; a round in which all are known is the last.
    let mut lengths: Vec<Option<usize>> = alloc::vec![None; record.types.len()];
    for _ in 0..NESTING {
        let mut unknown = false;
        for (at, ty) in record.types.iter().enumerate() {
            if lengths[at].is_none() {
                let named =
                    matches!(ty.kind, Kind::Struct | Kind::Plain | Kind::Enum | Kind::Open | Kind::Sized);
                let parts = if named { &[][..] } else { &ty.members };
                let length = parts.iter().try_fold(ty.name.len(), |sum, part| {
                    lengths[part.ty.0 as usize].map(|known| sum + known + 4)
                });
                lengths[at] = length.filter(|length| *length <= LONGEST);
                unknown |= lengths[at].is_none();
            }
        }
        if !unknown {
            return true;
        }
    }
    false
}
