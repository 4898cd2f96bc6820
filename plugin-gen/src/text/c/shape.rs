//! How each kind of type looks in C.
//!
//! In: a type of a record. Out: its struct, with what lies in it and what it points to. The layout is that of
//! `plugin_abi::wire`; the record's sizes and offsets become assertions, so that a mistake here does not compile.

use plugin_abi::describe::Kind;
use plugin_abi::note::{Member, Record, Type, TypeIndex};

use super::names::{declared, ident, snake};
use super::types::{Node, Types};
use super::{built_in, handed};

/// A struct.
pub(super) struct Decl {
    /// What it is, for people.
    about: String,
    /// Lines before it: the tags of an enum.
    pub(super) before: Vec<String>,
    /// Its members.
    pub(super) members: Vec<String>,
    /// What lies in it, and has to be declared before.
    pub(super) inside: Vec<Node>,
    /// What it points to.
    pub(super) behind: Vec<Node>,
    /// Size and alignment, where the record says them.
    pub(super) layout: Option<(u32, u32)>,
    /// Offsets of members.
    pub(super) offsets: Vec<(String, u32)>,
}

impl Decl {
    pub(super) fn new(about: String) -> Self {
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
        self.inside.push(types.node(member.ty));
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

/// Whether it is a `&Path`, which has a form of its own.
pub(super) fn is_path(record: &Record, at: TypeIndex) -> bool {
    let ty = record.ty(at);
    ty.kind == Kind::Reference && record.ty(ty.members[0].ty).name == "Path"
}

/// What is lent, and whether to be changed, if it is a `&T` or `&mut T` that is a pointer to the form of `T`.
pub(super) fn referent(record: &Record, at: TypeIndex) -> Option<(TypeIndex, Mutability)> {
    let ty = record.ty(at);
    let behind = ty.members.first().filter(|_| ty.kind == Kind::Reference)?.ty;
    let is_pointer = !is_path(record, at) && handed::node(record, at) == Node::Type(at);
    let mutability = if ty.name == "&mut " { Mutability::Changed } else { Mutability::Read };
    is_pointer.then_some((behind, mutability))
}

/// What may be done with what is lent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mutability {
    /// `&T`.
    Read,
    /// `&mut T`.
    Changed,
}

/// Whether this file, or `handed`, knows what it looks like.
pub(super) fn is_known(record: &Record, at: TypeIndex) -> bool {
    let ty = record.ty(at);
    let behind = || record.ty(ty.members[0].ty).kind;
    match ty.kind {
        Kind::Object => record.known_contract(&ty.variants[0].name).is_some(),
        Kind::Arc => behind() == Kind::Object,
        Kind::Scalar => built_in::scalar(ty).is_some(),
        Kind::Std => built_in::std_members(&ty.name).is_some(),
        Kind::Str
        | Kind::String
        | Kind::Vec
        | Kind::Slice
        | Kind::Reference
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
        | Kind::Set
        | Kind::Plain
        | Kind::SliceMut
        | Kind::Sink
        | Kind::Function
        | Kind::Future
        | Kind::Iterator
        | Kind::Stream => true,
        // A kind of later: its form is for whoever adds it.
        _ => false,
    }
}

/// Whether it has a name of its own.
pub(super) fn is_named(ty: &Type) -> bool {
    matches!(
        ty.kind,
        Kind::Struct
            | Kind::Plain
            | Kind::Enum
            | Kind::Open
            | Kind::Sized
            | Kind::Scalar
            | Kind::Str
            | Kind::String
            | Kind::Sink
            | Kind::Object
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
        Kind::Sink => return Name::Every("sink".to_owned()),
        Kind::Reference if ty.name == "&mut " => format!("mut_{}", all()),
        Kind::Reference => format!("ref_{}", all()),
        Kind::SliceMut => format!("slice_mut_{}", all()),
        Kind::Vec if member(0) == "u8" => "bytes".to_owned(),
        Kind::Tuple => format!("tuple_{}", all()),
        Kind::Array => format!("array_{}_{}", all(), ty.name),
        Kind::Struct | Kind::Plain | Kind::Enum | Kind::Open | Kind::Sized | Kind::Std => snake(&ty.name),
        _ => format!("{}_{}", snake(&ty.name.replace("BTree", "Btree")), all()),
    })
}

/// The declaration of a node; nothing where every header has it.
pub(super) fn decl(types: &Types<'_>, node: Node) -> Option<Decl> {
    let at = match node {
        Node::Type(at) => return decl_of_type(types, at),
        Node::Variant(at, _) | Node::Fields(at) | Node::Entry(at) => at,
        _ => return None,
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
                decl.inside.push(types.node(member.ty));
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

fn decl_of_type(types: &Types<'_>, at: TypeIndex) -> Option<Decl> {
    let ty = types.ty(at);
    let mut decl = Decl::new(types.show(at));
    decl.layout = Some((ty.size, ty.align));
    let node = |member: usize| types.node(ty.members[member].ty);
    match ty.kind {
        Kind::Slice => {
            decl.about += ": lent for the call";
            decl.members.push(format!("const {} *ptr;", types.c(ty.members[0].ty)));
            decl.members.push("size_t len;".to_owned());
            decl.behind.extend([node(0)]);
        }
        Kind::SliceMut => {
            decl.about += ": lent for the call, to be changed";
            decl.members.push(format!("{} *ptr;", types.c(ty.members[0].ty)));
            decl.members.push("size_t len;".to_owned());
            decl.behind.extend([node(0)]);
        }
        Kind::Reference => {
            if let Some((behind, mutability)) = types.referent(at) {
                return (mutability == Mutability::Changed).then(|| of_change(types, behind, decl));
            }
            decl.about += ": the bytes of a path, lent";
            decl.members.extend(["const char *ptr;", "size_t len;"].map(str::to_owned));
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
            decl.members.push(format!("{};", declared(&types.c(ty.members[0].ty), "value")));
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
        Kind::Plain => {
            decl.about += ": its bytes are shared where they lie";
            decl.fields(types, &ty.members);
        }
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
            for (member, offset) in built_in::std_members(&ty.name)? {
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

/// What `&mut T` points to.
fn of_change(types: &Types<'_>, behind: TypeIndex, mut decl: Decl) -> Decl {
    let Type { size, align, .. } = types.ty(behind);
    decl.about +=
        ": the value is the receiver's; who writes another sets `changed` to 1, and it is the sender's";
    decl.members = vec![format!("{} value;", types.c(behind)), "uint32_t changed;".to_owned()];
    decl.inside.push(types.node(behind));
    decl.layout = Some(((size + 4).next_multiple_of((*align).max(4)), (*align).max(4)));
    decl.offsets = vec![("value".to_owned(), 0), ("changed".to_owned(), size.next_multiple_of(4))];
    decl
}

fn of_enum(types: &Types<'_>, at: TypeIndex, decl: &mut Decl) {
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
            [only] if only.name == "0" => (types.c(only.ty), types.node(only.ty)),
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
fn tags(types: &Types<'_>, at: TypeIndex) -> Vec<String> {
    let define = |(number, variant): (usize, &plugin_abi::note::Variant)| {
        let name = types.name(Node::Variant(at, number)).to_uppercase();
        format!("#define @P@_{name} UINT32_C({})", variant.tag)
    };
    types.ty(at).variants.iter().enumerate().map(define).collect()
}
