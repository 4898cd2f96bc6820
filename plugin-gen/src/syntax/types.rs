//! Questions about a type as it was written.
//!
//! In: a type. Out: the type with names replaced, or whether there are names of the author's own in it. It does not know
//! what a name stands for unless it is told.

use std::collections::BTreeMap;

use syn::{GenericArgument, PathArguments, Type};

use super::print::{is_built_in, type_text};

/// The type with these names replaced by what they stand for.
#[must_use]
pub fn resolve(ty: &Type, names: &BTreeMap<String, String>) -> Type {
    if let Some(meant) = names.get(&type_text(ty))
        && let Ok(meant) = syn::parse_str(meant)
    {
        return meant;
    }
    let mut ty = ty.clone();
    match &mut ty {
        Type::Reference(reference) => *reference.elem = resolve(&reference.elem, names),
        Type::Slice(slice) => *slice.elem = resolve(&slice.elem, names),
        Type::Path(path) => {
            for segment in &mut path.path.segments {
                if let PathArguments::AngleBracketed(arguments) = &mut segment.arguments {
                    for argument in &mut arguments.args {
                        if let GenericArgument::Type(argument) = argument {
                            *argument = resolve(argument, names);
                        }
                    }
                }
            }
        }
        _ => {}
    }
    ty
}

/// Whether a type is made of std's own names only. An author's name may be an alias of anything.
#[must_use]
pub fn speaks_for_itself(ty: &Type) -> bool {
    match ty {
        Type::Reference(reference) => speaks_for_itself(&reference.elem),
        Type::Slice(slice) => speaks_for_itself(&slice.elem),
        Type::Tuple(tuple) => tuple.elems.is_empty(),
        Type::Path(path) => {
            let text = type_text(ty);
            let built_in = is_built_in(text.split('<').next().unwrap_or_default());
            let arguments = path.path.segments.last().map(|last| match &last.arguments {
                PathArguments::AngleBracketed(arguments) => arguments.args.iter().all(|argument| match argument {
                    GenericArgument::Type(argument) => speaks_for_itself(argument),
                    _ => false,
                }),
                _ => true,
            });
            built_in && arguments == Some(true)
        }
        _ => false,
    }
}
