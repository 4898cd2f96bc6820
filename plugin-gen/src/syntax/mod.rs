//! What was written: contracts, types and exports, with the span of every word.
//!
//! In: tokens. Out: trees that hold nothing but what can cross; everything else became a finding. It does not know
//! sizes, aliases or what a name stands for: rustc does.

mod arguments;
mod attributes;
mod check;
mod conditions;
mod contract;
mod crossing;
mod dynamic;
mod export;
mod implementation;
#[cfg(feature = "build")]
mod items;
mod kernel;
mod lent;
mod plugin_type;
mod print;
mod types;
mod version;

pub use arguments::Arguments;
pub use conditions::{holds_but_not, is_of_platform};
pub use contract::{Arg, Contract, Method, Receiver};
pub use dynamic::{
    Container, Dynamic, Function, FunctionKind, bounds_text, boxed_function, dynamic, holds_function,
    is_option, lent_dynamic, parts, parts_mut, plain_type, pointee,
};
pub use export::Export;
pub use implementation::{Implementation, Item};
#[cfg(feature = "build")]
pub use items::{Items, items_in};
pub(crate) use kernel::role_tokens;
pub use kernel::{ATTRIBUTES as KERNEL_ATTRIBUTES, Role, RoleKind, data_message, is_kernel, kernel_types};
pub use lent::Lent;
pub use plugin_abi::Waiting;
pub use plugin_type::{Field, Fields, Number, PluginType, Shape, StructForm, Variant};
pub use print::{is_built_in, length, plain as plain_name, shown_text, signature, type_text};
pub use syn::{Attribute, Type};
pub use types::{is_sink, references, resolve, surely_differ, texts_differ};
pub use version::Version;

pub(crate) use check::tokens_text;

use crate::report::{Code, Errors};

/// Notes what syn could not read.
fn unreadable(error: &syn::Error, help: &str, errors: &mut Errors) {
    for one in error.clone() {
        let at = quote::quote_spanned!(one.span()=> x);
        errors.push(Code::P000, &at, one.to_string(), help);
    }
}
