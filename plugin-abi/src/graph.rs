//! The walk over a graph of types, in consts.
//!
//! In: descriptors that may refer to themselves and each other. Out: every reachable type once, numbered in the
//! order of a breadth-first walk, and the fingerprints that follow from that numbering. It does not know Rust's
//! names beyond what a descriptor says.

use crate::describe::{
    ContractDesc, Kind, Member, MethodDesc, Receiver, Shape, TypeDesc, TypeRef, same_text,
};
use crate::kernel::meaning;
use crate::{Fingerprint, Hasher};

/// How many different types one contract may reach.
pub const MAX_TYPES: usize = 1024;
const SLOTS: usize = 2 * MAX_TYPES;

/// The types met so far. A hash table keeps the walk linear: a visited list that is scanned makes a contract of
/// 200 types cost a minute of compile time.
pub struct Graph {
    nodes: [Option<TypeRef>; MAX_TYPES],
    slots: [u16; SLOTS],
    len: usize,
}

impl Graph {
    /// A graph with no types in it.
    #[must_use]
    pub const fn new() -> Self {
        Self { nodes: [None; MAX_TYPES], slots: [0; SLOTS], len: 0 }
    }

    /// How many types are in it.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Whether nothing is in it.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The type with this number.
    #[must_use]
    pub const fn node(&self, index: usize) -> &'static TypeDesc {
        match self.nodes[index] {
            Some(ty) => ty.get(),
            None => panic!("no such type in the graph"),
        }
    }

    /// The number of a type; it gets one if it has none yet.
    pub const fn insert(&mut self, ty: TypeRef) -> usize {
        let id = ty.get().id;
        let mut slot = (id as usize) % SLOTS;
        loop {
            let found = self.slots[slot] as usize;
            if found == 0 {
                assert!(self.len < MAX_TYPES, "a contract may reach at most 1024 different types");
                self.nodes[self.len] = Some(ty);
                self.len += 1;
                self.slots[slot] = self.len as u16;
                return self.len - 1;
            }
            let known = self.node(found - 1);
            if known.id == id {
                assert!(
                    known.looks_like(ty.get()),
                    "two types share an identity: give one of them another name"
                );
                return found - 1;
            }
            slot = (slot + 1) % SLOTS;
        }
    }

    /// Adds everything a method names, without what that is made of; `close` adds the rest.
    pub(crate) const fn insert_shape(&mut self, shape: &Shape) {
        let mut at = 0;
        while at < shape.args.len() {
            self.insert(shape.args[at].ty);
            at += 1;
        }
        self.insert(shape.ret);
    }

    /// Adds all that the types in it are made of, until nothing new appears.
    pub(crate) const fn close(&mut self) {
        let mut at = 0;
        while at < self.len {
            self.insert_parts(self.node(at));
            at += 1;
        }
    }

    const fn insert_parts(&mut self, ty: &TypeDesc) {
        self.insert_members(ty.members);
        let mut variant = 0;
        while variant < ty.variants.len() {
            self.insert_members(ty.variants[variant].fields);
            variant += 1;
        }
    }

    const fn insert_members(&mut self, members: &[Member]) {
        let mut at = 0;
        while at < members.len() {
            self.insert(members[at].ty);
            at += 1;
        }
    }

    /// Every type that these contracts reach, and those that the contracts of their objects do.
    #[must_use]
    pub const fn of_contracts(contracts: &[&ContractDesc]) -> Self {
        let mut graph = Self::new();
        let mut contract = 0;
        while contract < contracts.len() {
            graph.insert_contract(contracts[contract]);
            contract += 1;
        }
        // Objects are met one after the other, and each may bring more.
        let mut at = 0;
        while at < graph.len {
            let node = graph.node(at);
            graph.insert_parts(node);
            if let Some(contract) = node.contract {
                graph.insert_contract(contract.get());
            }
            at += 1;
        }
        graph
    }

    const fn insert_contract(&mut self, contract: &ContractDesc) {
        let mut at = 0;
        while at < contract.methods.len() {
            let method = &contract.methods[at];
            self.insert_shape(method.shape);
            let mut mention = 0;
            while mention < method.mentions.len() {
                self.insert(method.mentions[mention].ty);
                mention += 1;
            }
            at += 1;
        }
    }

    /// The contract of the type with this number, if it is an object of one that is not among these.
    #[must_use]
    pub const fn object(&self, index: usize, but: &[&ContractDesc]) -> Option<&'static ContractDesc> {
        let Some(contract) = self.node(index).contract else { return None };
        let contract = contract.get();
        let mut at = 0;
        while at < but.len() {
            if same_text(but[at].id, contract.id) {
                return None;
            }
            at += 1;
        }
        Some(contract)
    }

    const fn hash_members(&mut self, mut hasher: Hasher, members: &[Member]) -> Hasher {
        hasher = hasher.number(members.len() as u128);
        let mut at = 0;
        while at < members.len() {
            hasher = hasher.text(members[at].name).number(self.insert(members[at].ty) as u128);
            at += 1;
        }
        hasher
    }

    /// Hashes every type from the first on, adding what they are made of as it goes. Numbers instead of names
    /// stand for the types met before, so that a type may contain itself.
    const fn hash(mut self, mut hasher: Hasher) -> Fingerprint {
        let mut at = 0;
        while at < self.len {
            let node = self.node(at);
            hasher = hasher.number(node.kind as u128).text(node.name);
            hasher = self.hash_members(hasher, node.members);
            if matches!(node.kind, Kind::Plain) {
                hasher = hash_layout(hasher, node);
            }
            hasher = hasher.number(node.variants.len() as u128);
            let mut variant = 0;
            while variant < node.variants.len() {
                let found = &node.variants[variant];
                hasher = hasher.text(found.name).number(found.tag as u128);
                hasher = self.hash_members(hasher, found.fields);
                variant += 1;
            }
            at += 1;
        }
        hasher.finish()
    }
}

/// Where everything lies in what both sides look at.
const fn hash_layout(mut hasher: Hasher, ty: &TypeDesc) -> Hasher {
    hasher = hasher.number(ty.size as u128).number(ty.align as u128);
    let mut at = 0;
    while at < ty.members.len() {
        hasher = hasher.number(ty.members[at].offset as u128);
        at += 1;
    }
    hasher
}

/// The number beside the first `false`; a number that nothing has when there is none.
#[must_use]
pub const fn first_false(numbered: &[(usize, bool)]) -> usize {
    let mut at = 0;
    while at < numbered.len() {
        if !numbered[at].1 {
            return numbered[at].0;
        }
        at += 1;
    }
    usize::MAX
}

/// How many texts and slices a type lends, and iterators, streams and futures, which may hold some: what is borrowed stands in an argument, in plain sight, and nowhere else.
/// Derived types lend nothing, or they do not compile.
#[must_use]
pub const fn borrows(ty: TypeRef) -> usize {
    let desc = ty.get();
    match desc.kind {
        Kind::Str | Kind::Slice | Kind::Sink | Kind::SliceMut | Kind::Reference => 1,
        Kind::Future | Kind::Iterator | Kind::Stream => 1 + borrows(desc.members[0].ty),
        Kind::Vec
        | Kind::Option
        | Kind::Result
        | Kind::Box
        | Kind::Tuple
        | Kind::Array
        | Kind::Map
        | Kind::Set => {
            let mut sum = 0;
            let mut at = 0;
            while at < desc.members.len() {
                sum += borrows(desc.members[at].ty);
                at += 1;
            }
            sum
        }
        // What a function's own signature lends is lent to it, and not by it.
        Kind::Scalar
        | Kind::String
        | Kind::Struct
        | Kind::Plain
        | Kind::Enum
        | Kind::Open
        | Kind::Sized
        | Kind::Std
        | Kind::Object
        | Kind::Function
        | Kind::Arc => 0,
    }
}

/// Whether a type is made of values only, which a reference to it can lend: in what is lent, an object or a closure would be
/// lent as if it were given away.
#[must_use]
pub const fn is_data(ty: TypeRef) -> bool {
    let mut graph = Graph::new();
    graph.insert(ty);
    graph.close();
    let mut at = 0;
    while at < graph.len() {
        match graph.node(at).kind {
            Kind::Object
            | Kind::Function
            | Kind::Reference
            | Kind::Arc
            | Kind::Future
            | Kind::Iterator
            | Kind::Stream
            | Kind::Sink
            | Kind::Slice
            | Kind::SliceMut => return false,
            Kind::Scalar
            | Kind::Str
            | Kind::String
            | Kind::Vec
            | Kind::Option
            | Kind::Result
            | Kind::Struct
            | Kind::Plain
            | Kind::Enum
            | Kind::Open
            | Kind::Sized
            | Kind::Box
            | Kind::Tuple
            | Kind::Array
            | Kind::Map
            | Kind::Set
            | Kind::Std => {}
        }
        at += 1;
    }
    true
}

impl Default for Graph {
    fn default() -> Self {
        Self::new()
    }
}

impl Fingerprint {
    /// The fingerprint of a method: receiver, arguments, result, all they are made of, and the thread bounds of its
    /// contract. Not in it: names of the method and its arguments, docs, the compiler, layout of what is converted.
    #[must_use]
    pub const fn of_method(shape: &Shape, send: bool, sync: bool) -> Self {
        let mut graph = Graph::new();
        // One number, which is 0 or 1 for what is not `async`.
        let taken = matches!(shape.receiver, Receiver::Exclusive) as u128 + 2 * shape.waiting as u128;
        let mut hasher = Hasher::new().number(taken).number(send as u128).number(sync as u128);
        hasher = hasher.number(shape.args.len() as u128);
        let mut at = 0;
        while at < shape.args.len() {
            hasher = hasher.number(graph.insert(shape.args[at].ty) as u128);
            at += 1;
        }
        hasher = hasher.number(graph.insert(shape.ret) as u128);
        // What is only called hashes as it did before there were roles.
        if !shape.role.is_empty() {
            hasher = hasher.text(meaning(shape.role));
        }
        graph.hash(hasher)
    }

    /// The fingerprint of a type and all it is made of.
    #[must_use]
    pub const fn of_type(ty: TypeRef) -> Self {
        let mut graph = Graph::new();
        graph.insert(ty);
        graph.hash(Hasher::new())
    }

    /// The fingerprint of a contract: a sum over its methods, because their order means nothing.
    #[must_use]
    pub const fn of_contract(methods: &[MethodDesc]) -> Self {
        let mut sum = Hasher::new().finish().0;
        let mut at = 0;
        while at < methods.len() {
            let method = &methods[at];
            let one = Hasher::new().text(method.name).number(method.optional as u128);
            sum = sum.wrapping_add(one.number(method.fingerprint.0).finish().0);
            at += 1;
        }
        Self(sum)
    }
}
