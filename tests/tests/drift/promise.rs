//! The lock of a contract that is compiled into the tests.
//!
//! In: its descriptor. Out: the lock that promises just that. The command line does the same from compiled notes; here
//! nothing of it is used, so that the two can disagree.

use std::collections::BTreeMap;

use plugin_abi::Contract;
use plugin_abi::describe::{Kind, Member, MethodDesc, TypeDesc};
use plugin_gen::lock::{self, Bounds, Compat, Field, Lock, StructForm, Type, Variant};
use plugin_gen::syntax::Version;

/// The lock that holds this contract only.
pub(crate) fn lock<C: ?Sized + Contract>() -> Lock {
    let desc = C::DESC;
    let methods = desc.methods.iter().map(|found| (found.name.to_owned(), method(found))).collect();
    let contract = lock::Contract {
        name: desc.name.to_owned(),
        version: version(desc.version),
        compat: Compat::Backward,
        bounds: Bounds { send: desc.send, sync: desc.sync },
        bases: desc.bases.iter().map(|base| base.contract.id.to_owned()).collect(),
        fingerprint: desc.fingerprint.0,
        methods,
        removed: BTreeMap::new(),
    };
    let mut types = BTreeMap::new();
    for shape in desc.methods.iter().map(|method| method.shape) {
        let args = shape.args.iter().map(|arg| arg.ty);
        args.chain([shape.ret]).for_each(|ty| collect(ty.get(), &mut types));
    }
    Lock { contracts: BTreeMap::from([(desc.id.to_owned(), contract)]), types, ..Lock::default() }
}

/// Every derived type that this one reaches, itself included.
fn collect(ty: &TypeDesc, found: &mut BTreeMap<String, Type>) {
    let promised = match ty.kind {
        Kind::Struct => Type::Struct { form: StructForm::Mirrored, fields: fields(ty.members) },
        Kind::Sized => Type::Struct { form: StructForm::Sized, fields: fields(ty.members) },
        Kind::Plain => Type::Struct { form: StructForm::Plain, fields: fields(ty.members) },
        Kind::Enum | Kind::Open => {
            let mut variants: Vec<_> = ty.variants.iter().collect();
            variants.sort_by_key(|variant| variant.tag);
            let variants = variants.into_iter().map(|variant| Variant {
                name: variant.name.to_owned(),
                tag: variant.tag,
                fields: fields(variant.fields),
            });
            Type::Enum { open: ty.kind == Kind::Open, variants: variants.collect() }
        }
        _ => return ty.members.iter().for_each(|member| collect(member.ty.get(), found)),
    };
    // Types may contain themselves.
    if found.insert(ty.name.to_owned(), promised).is_none() {
        let of_variants = ty.variants.iter().flat_map(|variant| variant.fields);
        ty.members.iter().chain(of_variants).for_each(|member| collect(member.ty.get(), found));
    }
}

fn fields(members: &[Member]) -> Vec<Field> {
    let field = |member: &Member| Field {
        name: member.name.to_owned(),
        ty: text(member.ty.get()),
        optional: member.optional,
    };
    members.iter().map(field).collect()
}

fn method(method: &MethodDesc) -> lock::Method {
    let mentions = method.mentions.iter().map(|mention| (mention.text.to_owned(), text(mention.ty.get())));
    lock::Method {
        since: version(if method.since.is_empty() { "1.0.0" } else { method.since }),
        was: method.renamed_from.iter().map(|name| (*name).to_owned()).collect(),
        optional: method.optional,
        role: method.shape.role.to_owned(),
        from: method.from.to_owned(),
        signature: method.signature.to_owned(),
        resolved: mentions.filter(|(name, meant)| name != meant).collect(),
        fingerprint: method.fingerprint.0,
    }
}

fn version(text: &str) -> Version {
    Version::parse(text).expect("the macro read it")
}

/// A type as it would be written without aliases.
fn text(ty: &TypeDesc) -> String {
    // Asked only where it ends: a struct may contain itself.
    let inner = || ty.members.iter().map(|member| text(member.ty.get())).collect::<Vec<_>>().join(", ");
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
