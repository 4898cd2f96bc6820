//! BTF: the types of an object, as clang writes them.
//!
//! In: the bytes of a `.BTF` section, taken as hostile. Out: types by number, whose numbers and names are in range. It does not
//! know what they should be.
//!
//! Source: "BPF Type Format (BTF)", Documentation/bpf/btf.rst of Linux.

/// A type's number; 0 is `void`.
pub(crate) type Id = u32;

/// The types of one object.
#[derive(Debug)]
pub(crate) struct Btf {
    types: Vec<Type>,
}

/// One type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Type {
    Void,
    Int {
        name: String,
        size: u32,
        signed: bool,
        boolean: bool,
    },
    Pointer(Id),
    Array {
        element: Id,
        length: u32,
    },
    Struct {
        name: String,
        size: u32,
        members: Vec<Member>,
    },
    Union {
        name: String,
    },
    Enum {
        name: String,
        size: u32,
        signed: bool,
    },
    Forward {
        name: String,
    },
    /// `typedef`, `const`, `volatile`, `restrict`, a type tag: another name for the same.
    Alias {
        name: String,
        of: Id,
    },
    Function {
        name: String,
        prototype: Id,
    },
    Prototype {
        result: Id,
        parameters: Vec<Id>,
    },
    Variable {
        name: String,
        ty: Id,
    },
    Section {
        name: String,
        variables: Vec<Id>,
    },
    /// A float, or a tag of a declaration.
    Other {
        name: String,
    },
}

/// A member of a struct.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Member {
    pub(crate) name: String,
    pub(crate) ty: Id,
    /// Where it begins, in bits.
    pub(crate) bit: u32,
    /// How many bits it has, where it is a bit field.
    pub(crate) bits: Option<u32>,
}

/// How many types there may be: clang writes some hundred, and vmlinux has a hundred thousand.
const MOST: usize = 1 << 20;

impl Btf {
    /// Reads a section; says what is wrong with it.
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, &'static str> {
        let mut head = Reader { bytes };
        if head.short() != Some(0xeb9f) {
            return Err("it does not begin with BTF's magic number in little endian");
        }
        const CUT: &str = "it ends in the middle of its header";
        let version = head.byte().ok_or(CUT)?;
        if version != 1 {
            return Err("it has a version that is not known");
        }
        head.byte().ok_or(CUT)?;
        let mut word = || head.word().map(|word| word as usize).ok_or(CUT);
        let (header, types_at, types_len, strings_at, strings_len) =
            (word()?, word()?, word()?, word()?, word()?);
        let part = |at: usize, len: usize| {
            let start = header.checked_add(at)?;
            bytes.get(start..start.checked_add(len)?)
        };
        let types = part(types_at, types_len).ok_or("its types lie outside")?;
        let strings = part(strings_at, strings_len).ok_or("its names lie outside")?;
        let mut reader = Reader { bytes: types };
        let mut found = vec![Type::Void];
        while !reader.bytes.is_empty() {
            if found.len() > MOST {
                return Err("it has more types than any object");
            }
            found.push(reader.ty(strings).ok_or("a type is cut short, or has a name outside")?);
        }
        let btf = Self { types: found };
        if btf.types.iter().flat_map(Type::refers_to).any(|id| id as usize >= btf.types.len()) {
            return Err("a type refers to one that is not there");
        }
        Ok(btf)
    }

    /// The type with this number.
    pub(crate) fn ty(&self, id: Id) -> &Type {
        self.types.get(id as usize).unwrap_or(&Type::Void)
    }

    /// What a type is, whatever other names it has.
    pub(crate) fn resolve(&self, id: Id) -> &Type {
        let mut at = id;
        // Names of names could go in circles.
        for _ in 0..64 {
            match self.ty(at) {
                Type::Alias { of, .. } => at = *of,
                other => return other,
            }
        }
        &Type::Void
    }

    /// Every type.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Type> {
        self.types.iter()
    }

    /// A type as C writes it.
    pub(crate) fn show(&self, id: Id) -> String {
        self.show_within(id, 0)
    }

    fn show_within(&self, id: Id, depth: u8) -> String {
        if depth > 8 {
            return "…".to_owned();
        }
        let inner = |id: Id| self.show_within(id, depth + 1);
        match self.ty(id) {
            Type::Void => "void".to_owned(),
            Type::Int { name, .. } => name.clone(),
            Type::Pointer(to) => format!("{} *", inner(*to)),
            Type::Array { element, length } => format!("{}[{length}]", inner(*element)),
            Type::Struct { name, .. } => format!("struct {name}"),
            Type::Union { name } => format!("union {name}"),
            Type::Enum { name, .. } => format!("enum {name}"),
            Type::Forward { name } => format!("struct {name} (declared only)"),
            Type::Alias { name, of } if name.is_empty() => inner(*of),
            Type::Alias { name, .. } | Type::Variable { name, .. } | Type::Section { name, .. } => {
                name.clone()
            }
            Type::Function { name, .. } => format!("{name}()"),
            Type::Prototype { .. } => "a function".to_owned(),
            Type::Other { name } => name.clone(),
        }
    }

    /// How many bytes a type has.
    pub(crate) fn size(&self, id: Id) -> u64 {
        self.size_within(id, 0)
    }

    fn size_within(&self, id: Id, depth: u8) -> u64 {
        match self.resolve(id) {
            Type::Int { size, .. } | Type::Struct { size, .. } | Type::Enum { size, .. } => u64::from(*size),
            Type::Pointer(_) => 8,
            Type::Array { element, length } if depth < 16 => {
                self.size_within(*element, depth + 1).saturating_mul(u64::from(*length))
            }
            _ => 0,
        }
    }
}

impl Type {
    fn refers_to(&self) -> Vec<Id> {
        match self {
            Self::Pointer(id)
            | Self::Alias { of: id, .. }
            | Self::Function { prototype: id, .. }
            | Self::Variable { ty: id, .. }
            | Self::Array { element: id, .. } => vec![*id],
            Self::Struct { members, .. } => members.iter().map(|member| member.ty).collect(),
            Self::Prototype { result, parameters } => parameters.iter().copied().chain([*result]).collect(),
            Self::Section { variables, .. } => variables.clone(),
            Self::Void
            | Self::Int { .. }
            | Self::Union { .. }
            | Self::Enum { .. }
            | Self::Forward { .. }
            | Self::Other { .. } => Vec::new(),
        }
    }
}

struct Reader<'a> {
    bytes: &'a [u8],
}

impl Reader<'_> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (taken, rest) = self.bytes.split_first_chunk::<N>()?;
        self.bytes = rest;
        Some(*taken)
    }

    fn byte(&mut self) -> Option<u8> {
        self.take::<1>().map(|[byte]| byte)
    }

    fn short(&mut self) -> Option<u16> {
        self.take().map(u16::from_le_bytes)
    }

    fn word(&mut self) -> Option<u32> {
        self.take().map(u32::from_le_bytes)
    }

    /// Items of so many words each: a count cannot ask for more memory than the section has.
    fn list<T, const N: usize>(
        &mut self,
        count: u32,
        read: impl Fn([u32; N]) -> Option<T>,
    ) -> Option<Vec<T>> {
        if count as usize > self.bytes.len() / (4 * N) {
            return None;
        }
        (0..count)
            .map(|_| {
                let mut words = [0; N];
                for word in &mut words {
                    *word = self.word()?;
                }
                read(words)
            })
            .collect()
    }

    fn ty(&mut self, strings: &[u8]) -> Option<Type> {
        let text = |at: u32| {
            let rest = strings.get(at as usize..)?;
            let end = rest.iter().position(|byte| *byte == 0)?;
            Some(String::from_utf8_lossy(&rest[..end]).into_owned())
        };
        let (name, info, other) = (text(self.word()?)?, self.word()?, self.word()?);
        let (count, flag) = (info & 0xffff, info >> 31 == 1);
        Some(match info >> 24 & 0x1f {
            1 => {
                let encoding = self.word()? >> 24 & 0xf;
                Type::Int { name, size: other, signed: encoding & 1 != 0, boolean: encoding & 4 != 0 }
            }
            2 => Type::Pointer(other),
            3 => {
                let [element, _, length] = [self.word()?, self.word()?, self.word()?];
                Type::Array { element, length }
            }
            4 => {
                let members = self.list(count, |[name, ty, offset]| {
                    let (bit, bits) = if flag { (offset & 0x00ff_ffff, offset >> 24) } else { (offset, 0) };
                    Some(Member { name: text(name)?, ty, bit, bits: (bits != 0).then_some(bits) })
                })?;
                Type::Struct { name, size: other, members }
            }
            5 => {
                self.list(count, |[_, _, _]| Some(()))?;
                Type::Union { name }
            }
            6 => {
                // Before version 15 clang did not say whether there is a sign: a value that has one does.
                let values = self.list(count, |[_, value]| Some(value))?;
                let negative = values.into_iter().any(|value| value.cast_signed() < 0);
                Type::Enum { name, size: other, signed: flag || negative }
            }
            7 => Type::Forward { name },
            8..=11 | 18 => {
                Type::Alias { name: if info >> 24 & 0x1f == 8 { name } else { String::new() }, of: other }
            }
            12 => Type::Function { name, prototype: other },
            13 => {
                let parameters = self.list(count, |[_, ty]| Some(ty))?;
                Type::Prototype { result: other, parameters }
            }
            14 => {
                self.word()?;
                Type::Variable { name, ty: other }
            }
            15 => Type::Section { name, variables: self.list(count, |[variable, _, _]| Some(variable))? },
            16 => Type::Other { name },
            17 => {
                self.word()?;
                Type::Other { name }
            }
            19 => {
                self.list(count, |[_, _, _]| Some(()))?;
                Type::Enum { name, size: other, signed: flag }
            }
            _ => return None,
        })
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A section of these words, and of names one behind the other.
    pub(crate) fn section(types: &[u32], names: &str) -> Vec<u8> {
        let length = u32::try_from(types.len() * 4).expect("it is short");
        let mut bytes = vec![0x9f, 0xeb, 1, 0];
        for word in [24, 0, length, length, u32::try_from(names.len()).expect("it is short")] {
            bytes.extend(word.to_le_bytes());
        }
        bytes.extend(types.iter().flat_map(|word| word.to_le_bytes()));
        bytes.extend(names.as_bytes());
        bytes
    }

    const INT: u32 = 1 << 24;
    const TYPEDEF: u32 = 8 << 24;
    const STRUCT: u32 = 4 << 24;

    #[test]
    fn an_integer_has_its_size_and_its_sign() {
        let btf = Btf::parse(&section(&[1, INT, 4, 1 << 24 | 32], "\0int\0")).expect("it is whole");
        assert_eq!(*btf.ty(1), Type::Int { name: "int".to_owned(), size: 4, signed: true, boolean: false });
        assert_eq!((btf.show(1), btf.size(1)), ("int".to_owned(), 4));
        assert_eq!(*btf.ty(2), Type::Void, "a number that nothing has");
    }

    #[test]
    fn names_that_go_in_circles_end_somewhere() {
        let circle = section(&[1, TYPEDEF, 2, 1, TYPEDEF, 1], "\0a\0");
        let btf = Btf::parse(&circle).expect("each refers to one that is there");
        assert_eq!((btf.resolve(1), btf.size(1)), (&Type::Void, 0));
        assert_eq!(btf.show(1), "a");
    }

    #[test]
    fn what_lies_is_refused() {
        let int = [1, INT, 4, 32];
        for (bytes, why) in [
            (vec![0xeb, 0x9f, 1, 0], "magic number"),
            (vec![0x9f, 0xeb, 2, 0], "version"),
            (vec![0x9f, 0xeb, 1, 0, 24, 0], "in the middle of its header"),
            (section(&int, "\0int"), "a name outside"),
            (section(&[9, INT, 4, 32], "\0int\0"), "a name outside"),
            (section(&[1, INT, 4], "\0int\0"), "cut short"),
            (section(&[1, 0x1f << 24, 4], "\0int\0"), "cut short"),
            (section(&[1, TYPEDEF, 7], "\0int\0"), "not there"),
            // A million members in no room.
            (section(&[1, STRUCT | 0xffff, 4], "\0int\0"), "cut short"),
        ] {
            let found = Btf::parse(&bytes).expect_err(why);
            assert!(found.contains(why), "`{why}` is not said: {found}");
        }
        let mut outside = section(&int, "\0int\0");
        outside[12] = 0xff;
        assert_eq!(Btf::parse(&outside).expect_err("it ends before"), "its types lie outside");
    }
}
