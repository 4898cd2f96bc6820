//! The lock of a contract that is compiled into the tests.
//!
//! In: its descriptor. Out: the lock that promises just that. The command line does the same from compiled notes; here
//! nothing of it is used, so that the two can disagree.

use std::collections::BTreeMap;

use plugin_abi::Contract;
use plugin_abi::describe::{Kind, MethodDesc, TypeDesc};
use plugin_gen::lock::{self, Bounds, Compat, Lock};
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
        fingerprint: desc.fingerprint.0,
        methods,
        removed: BTreeMap::new(),
    };
    Lock { contracts: BTreeMap::from([(desc.id.to_owned(), contract)]), ..Lock::default() }
}

fn method(method: &MethodDesc) -> lock::Method {
    let mentions = method.mentions.iter().map(|mention| (mention.text.to_owned(), text(mention.ty.get())));
    lock::Method {
        since: version(if method.since.is_empty() { "1.0.0" } else { method.since }),
        optional: method.optional,
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
    let inner: Vec<_> = ty.members.iter().map(|member| text(member.ty.get())).collect();
    match ty.kind {
        Kind::Vec | Kind::Option | Kind::Result => format!("{}<{}>", ty.name, inner.join(", ")),
        Kind::Slice => format!("&[{}]", inner.join("")),
        Kind::Str => "&str".to_owned(),
        _ => ty.name.to_owned(),
    }
}
