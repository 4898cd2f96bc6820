//! Which types a contract reaches, what they are called in C, and in which order they are declared.
//!
//! In: a record and a contract. Out: declarations in which each struct stands behind those that lie in it. It does not
//! know how a kind of type is laid out; `shape` does.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::mem;

use plugin_abi::describe::{Kind, Waiting};
use plugin_abi::note::{Contract, Method, Record, Type, TypeIndex};

use super::names::{Names, heading, snake};
use super::shape::{self, Decl, Mutability};
use super::{built_in, handed};

/// A type that C has no form for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The contract's id.
    pub contract: String,
    /// The method that needs it.
    pub method: String,
    /// The type, as people write it.
    pub ty: String,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` {}: `{}` has no form in C yet", self.contract, self.method, self.ty)
    }
}

/// Holds that every type can be written.
///
/// # Errors
/// Those that cannot, each with the first method that needs it.
pub(super) fn check(record: &Record, contract: &Contract) -> Result<(), Vec<Refused>> {
    let (mut seen, mut refused) = (BTreeSet::new(), Vec::new());
    for contract in handed::contracts(record, contract) {
        for method in &contract.methods {
            let mut open: Vec<_> = of_method(method).collect();
            while let Some(at) = open.pop() {
                if !seen.insert(at) {
                    continue;
                }
                if shape::is_known(record, at) {
                    open.extend(parts(record, at));
                } else {
                    let (contract, method) = (contract.id.clone(), method.name.clone());
                    refused.push(Refused { contract, method, ty: record.show(at).to_string() });
                }
            }
        }
    }
    if refused.is_empty() { Ok(()) } else { Err(refused) }
}

/// The types that a method names.
pub(super) fn of_method(method: &Method) -> impl Iterator<Item = TypeIndex> {
    method.args.iter().map(|arg| arg.ty).chain([method.ret])
}

/// The types that another is made of.
pub(super) fn parts(record: &Record, at: TypeIndex) -> Vec<TypeIndex> {
    if shape::is_path(record, at) {
        return Vec::new();
    }
    let ty = record.ty(at);
    let fields = ty.variants.iter().flat_map(|variant| &variant.fields);
    ty.members.iter().chain(fields).map(|member| member.ty).collect()
}

/// Something that is declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Node {
    /// A type.
    Type(TypeIndex),
    /// The fields of a variant.
    Variant(TypeIndex, usize),
    /// The fields of a struct that is sized.
    Fields(TypeIndex),
    /// One pair of a map.
    Entry(TypeIndex),
    /// An object, whatever it is behind.
    Object(TypeIndex),
    /// A closure, whatever it is behind and whatever it says of threads.
    Function(TypeIndex),
    /// A future of this.
    Future(TypeIndex),
    /// An iterator over this.
    Iterator(TypeIndex),
    /// A stream of this.
    Stream(TypeIndex),
    /// What an iterator or a stream yields: this, or nothing more.
    Item(TypeIndex),
}

/// The types of one contract.
pub(super) struct Types<'a> {
    record: &'a Record,
    names: BTreeMap<Node, String>,
    order: Vec<(Node, Decl)>,
    /// References to values that are read: pointers, which nothing is declared for.
    read: Vec<TypeIndex>,
}

impl<'a> Types<'a> {
    /// Those that the contract reaches, every one of which is known.
    pub(super) fn new(record: &'a Record, contract: &Contract, names: &mut Names) -> Self {
        let (mut reached, mut waited) = (Vec::new(), Vec::new());
        for method in handed::contracts(record, contract).into_iter().flat_map(|contract| &contract.methods) {
            for at in of_method(method) {
                reach(record, at, &mut reached);
            }
            if method.waiting != Waiting::Blocks {
                waited.push(Node::Future(method.ret));
            }
        }
        let mut types = Self { record, names: BTreeMap::new(), order: Vec::new(), read: Vec::new() };
        let is_read = |at: &TypeIndex| matches!(types.referent(*at), Some((_, Mutability::Read)));
        types.read = reached.iter().copied().filter(is_read).collect();
        // What has a name of its own is called by it; the others are called after what they are made of.
        for named in [true, false] {
            for at in reached.iter().filter(|at| shape::is_named(record.ty(**at)) == named) {
                types.claim(types.node(*at), names);
            }
        }
        for node in &waited {
            types.claim(*node, names);
        }
        let (mut begun, mut open) = (BTreeSet::new(), Vec::new());
        for node in reached.iter().map(|at| types.node(*at)).chain(waited).collect::<Vec<_>>() {
            types.place(node, &mut begun, &mut open);
        }
        while let Some(node) = open.pop() {
            types.place(node, &mut begun, &mut open);
        }
        types
    }

    /// Names what is declared, after those it is made of when it has no name of its own.
    fn claim(&mut self, node: Node, names: &mut Names) {
        if self.names.contains_key(&node) {
            return;
        }
        let Node::Type(at) = node else { return self.claim_handed(node, names) };
        let ty = self.record.ty(at);
        if !shape::is_named(ty) && !shape::is_path(self.record, at) {
            for member in &ty.members {
                self.claim(self.node(member.ty), names);
            }
        }
        let member = |at: usize| self.short(ty.members[at].ty).to_owned();
        let name = match shape::own_name(ty, &member) {
            _ if shape::is_path(self.record, at) => names.claim("path"),
            shape::Name::Every(name) => name,
            shape::Name::Wanted(name) => names.claim(&name),
        };
        for (variant, found) in ty.variants.iter().enumerate() {
            let wanted = format!("{name}_{}", snake(&found.name));
            self.names.insert(Node::Variant(at, variant), names.claim_macro(&wanted));
        }
        match ty.kind {
            Kind::Map => drop(self.names.insert(Node::Entry(at), names.claim(&format!("{name}_entry")))),
            Kind::Sized => drop(self.names.insert(Node::Fields(at), names.claim(&format!("{name}_fields")))),
            _ => {}
        }
        self.names.insert(node, name);
    }

    /// The same for what is handed over: every name that follows from its own is kept free.
    fn claim_handed(&mut self, node: Node, names: &mut Names) {
        for part in handed::parts(self.record, node) {
            self.claim(self.node(part), names);
        }
        if let Node::Iterator(item) | Node::Stream(item) = node {
            self.claim(Node::Item(item), names);
        }
        let name = names.claim_all(&handed::wanted_name(self, node), "type", handed::endings(node));
        self.names.insert(node, name);
    }

    /// Declares what lies in it, then itself; what it points to waits.
    fn place(&mut self, node: Node, begun: &mut BTreeSet<Node>, open: &mut Vec<Node>) {
        if !begun.insert(node) {
            return;
        }
        let decl = match node {
            Node::Type(_) | Node::Variant(..) | Node::Fields(_) | Node::Entry(_) => shape::decl(self, node),
            handed => Some(handed::decl(self, handed)),
        };
        let Some(mut decl) = decl else { return };
        self.point(&mut decl);
        for inside in &decl.inside {
            self.place(*inside, begun, open);
        }
        open.extend(&decl.behind);
        self.order.push((node, decl));
    }

    /// A reference that lies in something is a pointer there, and one that is only read has no struct of its own: what it
    /// points to is what waits.
    fn point(&self, decl: &mut Decl) {
        let lent = |node: &Node| match node {
            Node::Type(at) => self.referent(*at),
            _ => None,
        };
        let (pointers, inside) =
            mem::take(&mut decl.inside).into_iter().partition(|node| lent(node).is_some());
        decl.inside = inside;
        decl.behind.extend::<Vec<_>>(pointers);
        for node in &mut decl.behind {
            while let Some((behind, Mutability::Read)) = lent(node) {
                *node = self.node(behind);
            }
        }
    }

    /// The record's type.
    pub(super) fn ty(&self, at: TypeIndex) -> &'a Type {
        self.record.ty(at)
    }

    /// A type as people write it in Rust.
    pub(super) fn show(&self, at: TypeIndex) -> String {
        self.record.show(at).to_string()
    }

    /// The contract of an object.
    pub(super) fn contract(&self, object: TypeIndex) -> Option<&'a Contract> {
        handed::contract(self.record, object)
    }

    /// What is declared for a type.
    pub(super) fn node(&self, at: TypeIndex) -> Node {
        handed::node(self.record, at)
    }

    /// What it is called behind the prefix.
    pub(super) fn short(&self, at: TypeIndex) -> &str {
        self.name(self.node(at))
    }

    /// What it is called behind the prefix.
    pub(super) fn name(&self, node: Node) -> &str {
        self.names.get(&node).map_or("unnamed", String::as_str)
    }

    /// How C writes it.
    pub(super) fn c(&self, at: TypeIndex) -> String {
        match (built_in::scalar(self.ty(at)), self.referent(at)) {
            (Some(scalar), _) => scalar.to_owned(),
            (None, Some((behind, Mutability::Read))) => format!("const {} *", self.c(behind)),
            (None, Some((_, Mutability::Changed))) => format!("@p@_{} *", self.short(at)),
            (None, None) => format!("@p@_{}", self.short(at)),
        }
    }

    /// What is lent by a pointer to its form, if this is such a reference.
    pub(super) fn referent(&self, at: TypeIndex) -> Option<(TypeIndex, Mutability)> {
        shape::referent(self.record, at)
    }

    /// Everything that is declared and was handed over, those that lie in others first.
    pub(super) fn handed(&self) -> impl Iterator<Item = Node> {
        self.order.iter().map(|(node, _)| *node).filter(|node| handed::is_handed(*node))
    }

    /// Whether any of the types is of this kind.
    pub(super) fn any(&self, kind: Kind) -> bool {
        self.names.keys().any(|node| matches!(node, Node::Type(at) if self.ty(*at).kind == kind))
    }

    /// Every type that is declared, those that lie in others first.
    pub(super) fn all(&self) -> impl Iterator<Item = TypeIndex> {
        self.order.iter().filter_map(|(node, _)| match node {
            Node::Type(at) => Some(*at),
            _ => None,
        })
    }

    /// References to values that are read.
    pub(super) fn read(&self) -> impl Iterator<Item = TypeIndex> {
        self.read.iter().copied()
    }

    /// Whether a value of it owns what has to be given back.
    pub(super) fn owns(&self, at: TypeIndex) -> bool {
        let ty = self.ty(at);
        match ty.kind {
            // What is lent, and given back by nobody.
            Kind::Reference if self.referent(at).is_none() => false,
            _ if handed::is_handed(self.node(at)) => true,
            Kind::String | Kind::Vec | Kind::Map | Kind::Set | Kind::Box | Kind::Open | Kind::Sized => true,
            Kind::Std => ty.name == "PathBuf",
            Kind::SliceMut | Kind::Plain => false,
            _ => parts(self.record, at).into_iter().any(|part| self.owns(part)),
        }
    }

    /// The declarations.
    pub(super) fn declarations(&self) -> String {
        let mut text = heading("Types");
        if let Some(wide) = built_in::wide(self.record) {
            text += wide;
        }
        let mut declared = BTreeSet::new();
        for (at, (node, decl)) in self.order.iter().enumerate() {
            // A struct that is only pointed to may stand further down.
            for behind in &decl.behind {
                let later = self.order[at..].iter().any(|(node, _)| node == behind);
                if later && declared.insert(*behind) {
                    let name = self.name(*behind);
                    text += &format!("typedef struct @p@_{name} @p@_{name};\n\n");
                }
            }
            text += &decl.text(self.name(*node), declared.contains(node));
        }
        text
    }

    /// What has to hold of their layout.
    pub(super) fn asserts(&self) -> Vec<String> {
        self.order.iter().flat_map(|(node, decl)| decl.asserts(self.name(*node))).collect()
    }
}

/// A type and all that it is made of, each once.
fn reach(record: &Record, at: TypeIndex, reached: &mut Vec<TypeIndex>) {
    let mut open = vec![at];
    while let Some(at) = open.pop() {
        if !reached.contains(&at) {
            reached.push(at);
            open.extend(parts(record, at).into_iter().rev());
        }
    }
}
