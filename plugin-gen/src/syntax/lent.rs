//! Values that are lent and have no form in place: `&Item`, `&[Item]`, `Option<&Item>`, `&mut Item`.
//!
//! In: an argument's type as it was written. Out: which of them it is. It does not know whether an author's name is plain
//! data, text or a struct: rustc does.

use syn::Type;

use super::dynamic::{dynamic, is_option, plain_type};
use super::{is_sink, print};

/// A value that is lent.
pub enum Lent<'a> {
    /// `&Item`
    One(&'a Type),
    /// `Option<&Item>`
    Optional(&'a Type),
    /// `&[Item]`
    Slice(&'a Type),
    /// `&mut Item`
    Changed(&'a Type),
}

impl<'a> Lent<'a> {
    /// Which of them an argument is, if any. Text, paths and numbers are lent where they lie, and trait objects as such.
    #[must_use]
    pub fn of(ty: &'a Type) -> Option<Self> {
        if let Some(inner) = is_option(ty) {
            return match Self::of(inner)? {
                Self::One(value) => Some(Self::Optional(value)),
                _ => None,
            };
        }
        let Type::Reference(reference) = plain_type(ty) else { return None };
        let behind = plain_type(&reference.elem);
        let changed = reference.mutability.is_some();
        match behind {
            _ if dynamic(behind).is_some() || is_sink(behind) => None,
            Type::Slice(_) if changed => None,
            _ if changed => (!is_text(behind)).then_some(Self::Changed(behind)),
            Type::Slice(slice) => {
                (!print::is_number(&print::type_text(&slice.elem))).then_some(Self::Slice(&slice.elem))
            }
            _ => (!is_text(behind)).then_some(Self::One(behind)),
        }
    }

    /// The type of the value, or of each.
    #[must_use]
    pub fn value(&self) -> &'a Type {
        let (Self::One(value) | Self::Optional(value) | Self::Slice(value) | Self::Changed(value)) = self;
        value
    }
}

/// `str`, and `Path`, which is lent as text is.
fn is_text(ty: &Type) -> bool {
    matches!(&*print::type_text(ty), "str" | "Path")
}
