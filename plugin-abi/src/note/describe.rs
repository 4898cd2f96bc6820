//! A descriptor of this process as a record: what the other side would read of it.

use alloc::string::String;
use alloc::vec::Vec;

use super::record::{Contract, Member, Method, Record, Toolchain, Type, TypeIndex, Variant};
use super::{RecordKind, write};
use crate::Graph;
use crate::describe::{self, ContractDesc, MethodDesc, TypeDesc};

impl Record {
    /// The record that the crate of this contract declares.
    #[must_use]
    pub fn of_contract(desc: &'static ContractDesc) -> Self {
        let mut graph = Graph::of_contracts(&[desc]);
        let types = (0..graph.len()).map(|at| type_of(&mut graph, at)).collect();
        let contract = contract_of(&mut graph, desc);
        let objects = (0..graph.len()).filter_map(|at| graph.object(at, &[desc])).collect::<Vec<_>>();
        let objects = objects.into_iter().map(|object| contract_of(&mut graph, object)).collect();
        Self {
            kind: RecordKind::Declares,
            package: desc.package.name.into(),
            version: desc.package.version.into(),
            toolchain: Toolchain::of_flags(write::RUSTC.into(), write::TARGET.into(), write::target_flags()),
            symbol: String::new(),
            types,
            contracts: Vec::from([contract]),
            objects,
        }
    }
}

fn contract_of(graph: &mut Graph, desc: &ContractDesc) -> Contract {
    let methods = desc.methods.iter().map(|method| method_of(graph, method)).collect();
    Contract {
        id: desc.id.into(),
        version: desc.version.into(),
        name: desc.name.into(),
        send: desc.send,
        sync: desc.sync,
        locked: desc.locked,
        package: desc.package.name.into(),
        package_version: desc.package.version.into(),
        fingerprint: desc.fingerprint,
        methods,
        bases: desc.bases.iter().map(|base| base.contract.id.into()).collect(),
    }
}

fn type_of(graph: &mut Graph, at: usize) -> Type {
    let TypeDesc { kind, name, size, align, members, variants, .. } = *graph.node(at);
    let variants = variants.iter().map(|variant| Variant {
        name: variant.name.into(),
        tag: variant.tag,
        fields: members_of(graph, variant.fields),
    });
    let variants = variants.collect();
    let (size, align) = (narrow(size), narrow(align));
    Type { kind, name: name.into(), size, align, members: members_of(graph, members), variants }
}

fn members_of(graph: &mut Graph, members: &[describe::Member]) -> Vec<Member> {
    let member = |member: &describe::Member| Member {
        name: member.name.into(),
        ty: index(graph.insert(member.ty)),
        offset: narrow(member.offset),
        optional: member.optional,
    };
    members.iter().map(member).collect()
}

fn method_of(graph: &mut Graph, method: &MethodDesc) -> Method {
    let mut member = |name: &str, ty| Member {
        name: name.into(),
        ty: index(graph.insert(ty)),
        offset: 0,
        optional: false,
    };
    let args = method.shape.args.iter().map(|arg| member(arg.name, arg.ty)).collect();
    let mentions = method.mentions.iter().map(|mention| member(mention.text, mention.ty)).collect();
    Method {
        name: method.name.into(),
        signature: method.signature.into(),
        renamed_from: method.renamed_from.iter().copied().map(String::from).collect(),
        since: method.since.into(),
        receiver: method.shape.receiver,
        waiting: method.shape.waiting,
        role: method.shape.role.into(),
        optional: method.optional,
        fingerprint: method.fingerprint,
        args,
        ret: index(graph.insert(method.shape.ret)),
        mentions,
        from: method.from.into(),
    }
}

fn index(at: usize) -> TypeIndex {
    TypeIndex(narrow(at))
}

/// Sizes and counts of a contract have 32 bits; the note's writer has checked that at compile time.
fn narrow(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}
