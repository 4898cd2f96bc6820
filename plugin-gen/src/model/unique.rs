//! Types by name: what a lock file, which knows no paths, can hold.

use std::collections::BTreeMap;

use plugin_abi::describe::Kind;
use plugin_abi::note::{Member, Record};

use crate::lock::{Field, StructForm, Type, Variant};

/// Adds the derived types of a record.
///
/// # Errors
/// The name of two types that differ.
pub(super) fn add_types(record: &Record, types: &mut BTreeMap<String, Type>) -> Result<(), String> {
    for ty in &record.types {
        let field = |member: &Member| Field {
            name: member.name.clone(),
            ty: record.show(member.ty).to_string(),
            optional: member.optional,
        };
        let fields = |members: &[Member]| members.iter().map(field).collect();
        let described = match ty.kind {
            Kind::Struct => Type::Struct { form: StructForm::Mirrored, fields: fields(&ty.members) },
            Kind::Sized => Type::Struct { form: StructForm::Sized, fields: fields(&ty.members) },
            Kind::Plain => Type::Struct { form: StructForm::Plain, fields: fields(&ty.members) },
            Kind::Enum | Kind::Open => {
                let variant = |variant: &plugin_abi::note::Variant| Variant {
                    name: variant.name.clone(),
                    tag: variant.tag,
                    fields: fields(&variant.fields),
                };
                let variants = ty.variants.iter().map(variant).collect();
                Type::Enum { open: ty.kind == Kind::Open, variants }
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
