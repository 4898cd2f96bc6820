//! How each kind of type looks in C.
//!
//! In: a type of a record. Out: its struct, with what lies in it and what it points to. The layout is that of
//! `plugin_abi::wire`; the record's sizes and offsets become assertions, so that a mistake here does not compile.

use plugin_abi::describe::Kind;
use plugin_abi::note::{Member, Record, Type};

use super::names::{ident, snake};
use super::types::{Node, Types};

/// A struct.
pub(super) struct Decl {
    /// What it is, for people.
    about: String,
    /// Lines before it: the tags of an enum.
    before: Vec<String>,
    /// Its members.
    members: Vec<String>,
    /// What lies in it, and has to be declared before.
    pub(super) inside: Vec<Node>,
    /// What it points to.
    pub(super) behind: Vec<Node>,
    /// Size and alignment, where the record says them.
    layout: Option<(u32, u32)>,
    /// Offsets of members.
    offsets: Vec<(String, u32)>,
}

impl Decl {
    fn new(about: String) -> Self {
        let none = Vec::new;
        Self {
            about,
            before: none(),
            members: none(),
            inside: Vec::new(),
            behind: Vec::new(),
            layout: None,
            offsets: Vec::new(),
        }
    }

    /// A member that lies in it.
    fn member(&mut self, types: &Types<'_>, name: &str, member: &Member) {
        self.members.push(format!("{} {name};", types.c(member.ty)));
        self.inside.push(Node::Type(member.ty));
        self.offsets.push((name.to_owned(), member.offset));
    }

    /// The members of a struct with these fields.
    fn fields(&mut self, types: &Types<'_>, fields: &[Member]) {
        for field in fields {
            self.member(types, &ident(&field.name), field);
        }
        if fields.is_empty() {
            self.members.push("uint8_t none; /* C has no empty structs */".to_owned());
        }
    }

    /// The members of a vector with such elements.
    fn vector(&mut self, element: &str) {
        let members = [
            &format!("{element} *ptr;"),
            "size_t len;",
            "size_t cap;",
            "void (*free)(void *ptr, size_t cap);",
        ];
        self.members.extend(members.map(str::to_owned));
    }

    /// A pointer that its sender gives back.
    fn release(&mut self, pointer: &str) {
        self.members.push(format!("{pointer};"));
        self.members.push("void (*release)(void *ptr, uint32_t taken);".to_owned());
    }

    pub(super) fn text(&self, name: &str, declared: bool) -> String {
        let about = self.about.replace("*/", "* /");
        let mut text = format!("/* {about} */\n");
        for line in &self.before {
            text += &format!("{line}\n");
        }
        let (opening, closing) = if declared {
            (format!("struct @p@_{name}"), String::new())
        } else {
            (format!("typedef struct @p@_{name}"), format!(" @p@_{name}"))
        };
        text += &format!("{opening} {{\n");
        for member in &self.members {
            text += &format!("    {member}\n");
        }
        text + &format!("}}{closing};\n\n")
    }

    pub(super) fn asserts(&self, name: &str) -> Vec<String> {
        let mut asserts = Vec::new();
        asserts.extend(self.layout.map(|(size, align)| format!("LAYOUT(@p@_{name}, {size}, {align})")));
        asserts.extend(self.offsets.iter().map(|(member, at)| format!("OFFSET(@p@_{name}, {member}, {at})")));
        asserts
    }
}

/// Whether this file knows what it looks like.
pub(super) fn is_known(ty: &Type) -> bool {
    match ty.kind {
        Kind::Scalar => scalar(ty).is_some(),
        Kind::Std => std_members(&ty.name).is_some(),
        Kind::Str
        | Kind::String
        | Kind::Slice
        | Kind::Vec
        | Kind::Option
        | Kind::Result
        | Kind::Struct
        | Kind::Enum
        | Kind::Open
        | Kind::Sized
        | Kind::Box
        | Kind::Tuple
        | Kind::Array
        | Kind::Map
        | Kind::Set => true,
        // A kind of later: its form is for whoever adds it.
        _ => false,
    }
}

/// Whether it has a name of its own.
pub(super) fn is_named(ty: &Type) -> bool {
    matches!(
        ty.kind,
        Kind::Struct | Kind::Enum | Kind::Open | Kind::Sized | Kind::Scalar | Kind::Str | Kind::String
    )
}

/// What a type is called.
pub(super) enum Name {
    /// Every header has it.
    Every(String),
    /// Unless another has it.
    Wanted(String),
}

/// What it is called, after its members where it has no name of its own.
pub(super) fn own_name(ty: &Type, member: &dyn Fn(usize) -> String) -> Name {
    let all = || (0..ty.members.len()).map(member).collect::<Vec<_>>().join("_");
    Name::Wanted(match ty.kind {
        Kind::Scalar if ty.name == "()" => return Name::Every("unit".to_owned()),
        Kind::Scalar => return Name::Every(ty.name.clone()),
        Kind::Str => return Name::Every("str".to_owned()),
        Kind::String => return Name::Every("string".to_owned()),
        Kind::Vec if member(0) == "u8" => "bytes".to_owned(),
        Kind::Tuple => format!("tuple_{}", all()),
        Kind::Array => format!("array_{}_{}", all(), ty.name),
        Kind::Struct | Kind::Enum | Kind::Open | Kind::Sized | Kind::Std => snake(&ty.name),
        _ => format!("{}_{}", snake(&ty.name.replace("BTree", "Btree")), all()),
    })
}

/// How C writes a number.
pub(super) fn scalar(ty: &Type) -> Option<&'static str> {
    if ty.kind != Kind::Scalar {
        return None;
    }
    Some(match ty.name.as_str() {
        "u8" => "uint8_t",
        "u16" => "uint16_t",
        "u32" => "uint32_t",
        "u64" => "uint64_t",
        "u128" => "@p@_u128",
        "usize" => "size_t",
        "i8" => "int8_t",
        "i16" => "int16_t",
        "i32" => "int32_t",
        "i64" => "int64_t",
        "i128" => "@p@_i128",
        "isize" => "ptrdiff_t",
        "f32" => "float",
        "f64" => "double",
        "bool" => "@p@_bool",
        "char" => "@p@_char",
        "()" => "@p@_unit",
        _ => return None,
    })
}

/// Numbers of 128 bits, which C has as an extension.
pub(super) fn wide(record: &Record) -> Option<&'static str> {
    let wide = |ty: &Type| ty.kind == Kind::Scalar && (ty.name == "u128" || ty.name == "i128");
    let text =
        "__extension__ typedef unsigned __int128 @p@_u128;\n__extension__ typedef __int128 @p@_i128;\n\n";
    record.types.iter().any(wide).then_some(text)
}

/// The members of a type of std.
fn std_members(name: &str) -> Option<&'static [(&'static str, u32)]> {
    const IP: &str = "struct { uint32_t version; uint8_t octets[16]; } ip;";
    Some(match name {
        "Duration" => &[("uint64_t secs;", 0), ("uint32_t nanos; /* less than a second */", 8)],
        "SystemTime" => &[
            ("int64_t secs; /* since 1970, rounded down */", 0),
            ("uint32_t nanos; /* less than a second */", 8),
        ],
        "PathBuf" => &[
            ("char *ptr;", 0),
            ("size_t len;", 8),
            ("size_t cap;", 16),
            ("void (*free)(void *ptr, size_t cap);", 24),
        ],
        "Ipv4Addr" => &[("uint8_t octets[4];", 0)],
        "Ipv6Addr" => &[("uint8_t octets[16]; /* in network byte order */", 0)],
        "IpAddr" => &[
            ("uint32_t version; /* 4 or 6 */", 0),
            ("uint8_t octets[16]; /* the first four of them, or all */", 4),
        ],
        "SocketAddr" => &[
            (IP, 0),
            ("uint32_t flow;", 20),
            ("uint32_t scope;", 24),
            ("uint16_t port; /* as this machine counts */", 28),
        ],
        _ => return None,
    })
}

/// The declaration of a node; nothing where every header has it.
pub(super) fn decl(types: &Types<'_>, node: Node) -> Option<Decl> {
    let at = match node {
        Node::Type(at) => return decl_of_type(types, at),
        Node::Variant(at, _) | Node::Fields(at) | Node::Entry(at) => at,
    };
    let (ty, shown) = (types.ty(at), types.show(at));
    Some(match node {
        Node::Variant(_, variant) => {
            let variant = &ty.variants[variant];
            let mut decl = Decl::new(format!("what {shown}::{} holds", variant.name));
            decl.fields(types, &variant.fields);
            decl
        }
        Node::Entry(_) => {
            let mut decl = Decl::new(format!("one pair of {shown}"));
            for (name, member) in ["key", "value"].iter().zip(&ty.members) {
                decl.members.push(format!("{} {name};", types.c(member.ty)));
                decl.inside.push(Node::Type(member.ty));
            }
            decl
        }
        _ => {
            let mut decl =
                Decl::new(format!("the fields of {shown}: there may be fewer, or more behind them"));
            decl.fields(types, &ty.members);
            decl
        }
    })
}

fn decl_of_type(types: &Types<'_>, at: plugin_abi::note::TypeIndex) -> Option<Decl> {
    let ty = types.ty(at);
    let mut decl = Decl::new(types.show(at));
    decl.layout = Some((ty.size, ty.align));
    let node = |member: usize| Node::Type(ty.members[member].ty);
    match ty.kind {
        Kind::Slice => {
            decl.about += ": lent for the call";
            decl.members.push(format!("const {} *ptr;", types.c(ty.members[0].ty)));
            decl.members.push("size_t len;".to_owned());
            decl.behind.extend([node(0)]);
        }
        Kind::Vec | Kind::Set => {
            decl.vector(&types.c(ty.members[0].ty));
            decl.behind.extend([node(0)]);
        }
        Kind::Map => {
            decl.about += ": each key once, in any order";
            decl.vector(&format!("@p@_{}", types.name(Node::Entry(at))));
            decl.behind.push(Node::Entry(at));
        }
        Kind::Option => {
            decl.members.push("uint32_t tag; /* @P@_NONE or @P@_SOME */".to_owned());
            decl.members.push(format!("{} value;", types.c(ty.members[0].ty)));
            decl.inside.push(node(0));
            decl.offsets.push(("value".to_owned(), 4_u32.next_multiple_of(types.ty(ty.members[0].ty).align)));
        }
        Kind::Result => {
            let [ok, err] = [0, 1].map(|at: usize| types.c(ty.members[at].ty));
            decl.members.push("uint32_t tag; /* @P@_OK or @P@_ERR */".to_owned());
            decl.members.push(format!("union {{\n        {ok} ok;\n        {err} err;\n    }} as;"));
            decl.inside.extend([node(0), node(1)]);
            let align = ty.members.iter().map(|member| types.ty(member.ty).align).max();
            decl.offsets.push(("as".to_owned(), 4_u32.next_multiple_of(align.unwrap_or(1))));
        }
        Kind::Struct => decl.fields(types, &ty.members),
        Kind::Tuple => {
            for (at, member) in ty.members.iter().enumerate() {
                decl.member(types, &format!("_{at}"), member);
            }
        }
        Kind::Array => {
            decl.members.push(format!("{} items[{}];", types.c(ty.members[0].ty), ty.name));
            decl.inside.push(node(0));
        }
        Kind::Box => {
            decl.about += ": `release` is called once, with 1 when the value was moved out, else with 0";
            decl.release(&format!("{} *ptr", types.c(ty.members[0].ty)));
            decl.behind.push(node(0));
        }
        Kind::Enum => of_enum(types, at, &mut decl),
        Kind::Open => {
            decl.about += ": `release` is called once, with the number of fields that were moved out";
            decl.before = tags(types, at);
            decl.members
                .extend(["uint32_t tag; /* there may be others */", "uint32_t fields;"].map(str::to_owned));
            decl.release("void *ptr");
            let with_fields =
                (0..ty.variants.len()).filter(|variant| !ty.variants[*variant].fields.is_empty());
            decl.behind.extend(with_fields.map(|variant| Node::Variant(at, variant)));
        }
        Kind::Sized => {
            decl.about += ": `release` is called once, with the number of fields that were moved out";
            decl.members.push("uint32_t fields; /* how many the sender knows */".to_owned());
            decl.release(&format!("@p@_{} *ptr", types.name(Node::Fields(at))));
            decl.behind.push(Node::Fields(at));
        }
        Kind::Std => {
            for (member, offset) in std_members(&ty.name)? {
                let name = member.split(" /*").next().unwrap_or(member).trim_end_matches(';');
                let name = name.rsplit([' ', '*']).next().unwrap_or(name);
                let name = name.split('[').next().unwrap_or(name);
                if !member.starts_with("void") {
                    decl.offsets.push((name.to_owned(), *offset));
                }
                decl.members.push((*member).to_owned());
            }
        }
        _ => return None,
    }
    Some(decl)
}

fn of_enum(types: &Types<'_>, at: plugin_abi::note::TypeIndex, decl: &mut Decl) {
    let ty = types.ty(at);
    decl.before = tags(types, at);
    decl.members.push("uint32_t tag;".to_owned());
    let mut lines = String::new();
    let mut align = 1;
    for (number, variant) in ty.variants.iter().enumerate() {
        align = variant.fields.iter().map(|field| types.ty(field.ty).align).fold(align, u32::max);
        let name = ident(&snake(&variant.name));
        let (form, node) = match &variant.fields[..] {
            [] => continue,
            // One value without a name needs no struct around it.
            [only] if only.name == "0" => (types.c(only.ty), Node::Type(only.ty)),
            _ => {
                let node = Node::Variant(at, number);
                (format!("@p@_{}", types.name(node)), node)
            }
        };
        lines += &format!("        {form} {name};\n");
        decl.inside.push(node);
    }
    if !lines.is_empty() {
        decl.members.push(format!("union {{\n{lines}    }} as;"));
        decl.offsets.push(("as".to_owned(), 4_u32.next_multiple_of(align)));
    }
}

/// The numbers of an enum's variants.
fn tags(types: &Types<'_>, at: plugin_abi::note::TypeIndex) -> Vec<String> {
    let define = |(number, variant): (usize, &plugin_abi::note::Variant)| {
        let name = types.name(Node::Variant(at, number)).to_uppercase();
        format!("#define @P@_{name} UINT32_C({})", variant.tag)
    };
    types.ty(at).variants.iter().enumerate().map(define).collect()
}
