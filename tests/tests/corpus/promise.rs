//! The lock of contracts that are compiled into the tests.
//!
//! In: their descriptors. Out: the lock that promises just that, types included. The command line does the same from
//! compiled notes; here nothing of it is used, so that the two can disagree.

use std::collections::BTreeMap;

use plugin_abi::describe::{ContractDesc, Kind, Member, MethodDesc, TypeDesc, TypeRef};
use plugin_gen::lock::{self, Bounds, Compat, Lock};
use plugin_gen::syntax::Version;

/// The lock that holds these contracts and all that they are made of.
pub(crate) fn lock(contracts: &[&ContractDesc]) -> Lock {
    let mut lock = Lock::default();
    for desc in contracts {
        lock.contracts.insert(desc.id.to_owned(), contract(desc));
        for method in desc.methods {
            let types = method.shape.args.iter().map(|arg| arg.ty).chain([method.shape.ret]);
            types.for_each(|ty| add_types(ty, &mut lock.types));
        }
    }
    lock
}

fn contract(desc: &ContractDesc) -> lock::Contract {
    let version = parsed(desc.version);
    let dated = desc.methods.iter().any(|method| !method.since.is_empty());
    // What nobody dated is older than what somebody did.
    let first = if dated && version.major > 0 { Version { minor: 0, patch: 0, ..version } } else { version };
    let methods = desc.methods.iter().map(|found| (found.name.to_owned(), method(found, first))).collect();
    lock::Contract {
        name: desc.name.to_owned(),
        version,
        compat: Compat::Backward,
        bounds: Bounds { send: desc.send, sync: desc.sync },
        bases: desc.bases.iter().map(|base| base.contract.id.to_owned()).collect(),
        fingerprint: desc.fingerprint.0,
        methods,
        removed: BTreeMap::new(),
    }
}

fn method(method: &MethodDesc, first: Version) -> lock::Method {
    let mentions = method.mentions.iter().map(|mention| (mention.text.to_owned(), text(mention.ty)));
    lock::Method {
        since: if method.since.is_empty() { first } else { parsed(method.since) },
        was: Vec::new(),
        optional: method.optional,
        role: method.shape.role.to_owned(),
        from: method.from.to_owned(),
        signature: method.signature.to_owned(),
        resolved: mentions.filter(|(name, meant)| name != meant).collect(),
        fingerprint: method.fingerprint.0,
    }
}

fn parsed(text: &str) -> Version {
    Version::parse(text).expect("the macro read it")
}

/// Adds what a type is made of, each once: types may contain themselves.
fn add_types(ty: TypeRef, types: &mut BTreeMap<String, lock::Type>) {
    let TypeDesc { kind, name, members, variants, .. } = ty.get();
    let described = match kind {
        Kind::Struct => lock::Type::Struct { form: lock::StructForm::Mirrored, fields: fields(members) },
        Kind::Enum => {
            let mut variants: Vec<_> = variants.iter().collect();
            variants.sort_by_key(|variant| variant.tag);
            let one = |variant: &plugin_abi::describe::Variant| lock::Variant {
                name: variant.name.to_owned(),
                tag: variant.tag,
                fields: fields(variant.fields),
            };
            lock::Type::Enum { open: false, variants: variants.into_iter().map(one).collect() }
        }
        _ => return members.iter().for_each(|member| add_types(member.ty, types)),
    };
    if types.insert((*name).to_owned(), described).is_none() {
        let inner = variants.iter().flat_map(|variant| variant.fields);
        members.iter().chain(inner).for_each(|member| add_types(member.ty, types));
    }
}

fn fields(members: &[Member]) -> Vec<lock::Field> {
    let one =
        |member: &Member| lock::Field { name: member.name.to_owned(), ty: text(member.ty), optional: false };
    members.iter().map(one).collect()
}

/// A type as it would be written without aliases.
fn text(ty: TypeRef) -> String {
    let ty = ty.get();
    // Asked only where it ends: a struct may contain itself.
    let inner = || ty.members.iter().map(|member| text(member.ty)).collect::<Vec<_>>().join(", ");
    match ty.kind {
        Kind::Vec | Kind::Option | Kind::Result | Kind::Box | Kind::Map | Kind::Set => {
            format!("{}<{}>", ty.name, inner())
        }
        Kind::Slice => format!("&[{}]", inner()),
        Kind::Tuple => format!("({})", inner()),
        Kind::Array => format!("[{}; {}]", inner(), ty.name),
        Kind::Str => "&str".to_owned(),
        _ => ty.name.to_owned(),
    }
}
