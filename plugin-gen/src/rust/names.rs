//! Every name that generated code makes up, in one place.

use proc_macro2::{Ident, Span};
use quote::format_ident;

use crate::syntax::plain_name;

/// The hidden trait that holds the default bodies: `__StoreDefaults`.
pub(super) fn defaults(contract: &Ident) -> Ident {
    format_ident!("__{}Defaults", plain_name(contract), span = Span::call_site())
}

/// A method's default body in that trait: `__default_count`.
pub(super) fn default_body(method: &Ident) -> Ident {
    format_ident!("__default_{}", plain_name(method), span = Span::call_site())
}

/// The const with a method's types: `__SHAPE_0`.
pub(super) fn shape(index: usize) -> Ident {
    format_ident!("__SHAPE_{index}")
}

/// The const with a method's fingerprint: `__PRINT_0`.
pub(super) fn print(index: usize) -> Ident {
    format_ident!("__PRINT_{index}")
}

/// The const that says why a method's fingerprint is not the promised one: `__CAUSE_0`.
pub(super) fn cause(index: usize) -> Ident {
    format_ident!("__CAUSE_{index}")
}

/// The type of a method's shim: `__Call0`.
pub(super) fn call(index: usize) -> Ident {
    format_ident!("__Call{index}")
}

/// A method's shim: `__shim_0`.
pub(super) fn shim(index: usize) -> Ident {
    format_ident!("__shim_{index}")
}

/// A method's function that takes and returns nothing but numbers: `__direct_0`.
pub(super) fn direct_shim(index: usize) -> Ident {
    format_ident!("__direct_{index}")
}

/// Its field in the table: `d0`.
pub(super) fn direct(index: usize) -> Ident {
    format_ident!("d{index}")
}

/// A method's field in the table: `m0`.
pub(super) fn field(index: usize) -> Ident {
    format_ident!("m{index}")
}

/// A base's table in the table: `b0`.
pub(super) fn base(index: usize) -> Ident {
    format_ident!("b{index}")
}

/// A variant's fields on the wire: `__V0`.
pub(super) fn payload(index: usize) -> Ident {
    format_ident!("__V{index}")
}

/// A variant's tag: `__TAG_0`.
pub(super) fn tag(index: usize) -> Ident {
    format_ident!("__TAG_{index}")
}

/// A value taken apart: `__0`.
pub(super) fn part(index: usize) -> Ident {
    format_ident!("__{index}")
}

/// The mock: `MockStore`.
pub(super) fn mock(contract: &Ident) -> Ident {
    format_ident!("Mock{}", plain_name(contract))
}

/// Where a contract's programs are attached: `FilterHooks`.
pub(super) fn hooks(contract: &Ident) -> Ident {
    format_ident!("{}Hooks", plain_name(contract))
}

/// The part of a mock that the contract printed, where the mock holds others: `__StoreMock`.
pub(super) fn mock_part(contract: &Ident) -> Ident {
    format_ident!("__{}Mock", plain_name(contract), span = Span::call_site())
}

/// The forms of types that a mock prints for its contract: `__StoreForm`.
pub(super) fn form(contract: &Ident) -> Ident {
    format_ident!("__{}Form", plain_name(contract), span = Span::call_site())
}
