//! Types by name: what a lock file, which knows no paths, can hold.

use std::collections::BTreeMap;

use plugin_abi::describe::Kind;
use plugin_abi::note::{Member, Record};

use crate::lock::{Type, Variant};

/// Adds the derived types of a record.
///
/// # Errors
/// The name of two types that differ.
pub(super) fn add_types(record: &Record, types: &mut BTreeMap<String, Type>) -> Result<(), String> {
    for ty in &record.types {
        let member = |member: &Member| (member.name.clone(), record.show(member.ty).to_string());
        let described = match ty.kind {
            Kind::Struct | Kind::Sized => Type::Struct(ty.members.iter().map(member).collect()),
            Kind::Enum | Kind::Open => Type::Enum(
                ty.variants
                    .iter()
                    .map(|variant| {
                        let fields = variant.fields.iter().map(|field| match member(field) {
                            (name, ty) if name.starts_with(|first: char| first.is_ascii_digit()) => ty,
                            (name, ty) => format!("{name}: {ty}"),
                        });
                        (variant.name.clone(), Variant { tag: variant.tag, fields: fields.collect() })
                    })
                    .collect(),
            ),
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
