//! Types by name: what a lock file, which knows no paths, can hold.

use std::collections::BTreeMap;

use plugin_abi::describe::Kind;
use plugin_abi::note::{Member, Record};

use crate::lock::{Field, Type, Variant};

/// Adds the derived types of a record.
///
/// # Errors
/// The name of two types that differ.
pub(super) fn add_types(record: &Record, types: &mut BTreeMap<String, Type>) -> Result<(), String> {
    for ty in &record.types {
        let field = |member: &Member| Field {
            name: member.name.clone(),
            ty: record.show(member.ty).to_string(),
            optional: false,
        };
        let fields = |members: &[Member]| members.iter().map(field).collect();
        let described = match ty.kind {
            Kind::Struct => Type::Struct { sized: false, fields: fields(&ty.members) },
            Kind::Enum => {
                let variant = |variant: &plugin_abi::note::Variant| Variant {
                    name: variant.name.clone(),
                    tag: variant.tag,
                    fields: fields(&variant.fields),
                };
                Type::Enum { open: false, variants: ty.variants.iter().map(variant).collect() }
            }
            _ => continue,
        };
        match types.get(&ty.name) {
            Some(known) if *known != described => return Err(ty.name.clone()),
            Some(_) => {}
            None => {
                types.insert(ty.name.clone(), described);
            }
        }
    }
    Ok(())
}
