//! Arguments and results: how each is made ready for the wire, and taken from it.
//!
//! In: a type as it was written, and the expression of a value. Out: tokens of its wire form, its descriptor, and the way
//! there and back. It does not know whether a method or a closure is called.
//!
//! Most types are `PluginType`s and cross by themselves. A trait object behind a reference stands on the caller's stack, and
//! for the length of the call a stub for it stands on the other side's. A closure is carried by a type that is printed for
//! its signature, because no trait of ours can be implemented for `dyn Fn(&str)` whatever the lifetime.

use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};
use syn::Type;

use super::{first_span, function, last_span, with_static};
use crate::syntax::{
    Container, Contract, Dynamic, Lent, boxed_function, dynamic, holds_function, is_sink, lent_dynamic,
    parts, parts_mut, type_text,
};

/// How a type crosses.
enum Way<'a> {
    /// As a `PluginType`.
    Value,
    /// `&dyn Session`, or `&mut`.
    Object { object: &'a Type, mutable: bool },
    /// `&dyn Fn(A) -> R`, or `&mut dyn FnMut`.
    Function { carrier: Ident, written: &'a Type, mutable: bool },
    /// `&Item`, `&[Item]`, `Option<&Item>`, `&mut Item`.
    Lent(Lent<'a>),
}

fn way(ty: &Type) -> Way<'_> {
    match lent_dynamic(ty) {
        None => Lent::of(ty).map_or(Way::Value, Way::Lent),
        Some((written, mutable)) => match dynamic(written) {
            Some(Dynamic::Function(_)) => {
                Way::Function { carrier: function::carrier(written), written, mutable }
            }
            _ => Way::Object { object: written, mutable },
        },
    }
}

/// Whether a type stands for itself.
pub(super) fn is_itself(ty: &Type) -> bool {
    !holds_function(ty)
}

/// The `PluginType` that stands for a type.
pub(super) fn carried(ty: &Type) -> TokenStream {
    fn carry(ty: &mut Type) {
        if let Some(function) = boxed_function(ty) {
            let carrier = function::carrier(function);
            *ty = syn::parse_quote!(#carrier);
            return;
        }
        parts_mut(ty).into_iter().for_each(carry);
    }
    let mut ty = ty.clone();
    if holds_function(&ty) {
        carry(&mut ty);
    }
    quote!(#ty)
}

/// `<T as PluginType>`, with the span of what the author wrote: a type that cannot cross is underlined where it stands.
pub(super) fn crossing(ty: &Type) -> TokenStream {
    let open = quote_spanned!(first_span(ty)=> <);
    let close = quote_spanned!(last_span(ty)=> as __p::PluginType>);
    let ty = if holds_function(ty) { carried(ty) } else { with_static(ty) };
    quote!(#open #ty #close)
}

/// The wire form of a type.
pub(super) fn wire(ty: &Type) -> TokenStream {
    match way(ty) {
        Way::Value => {
            let crossing = crossing(ty);
            let form = quote_spanned!(last_span(ty)=> ::Abi);
            quote!(#crossing #form)
        }
        Way::Object { .. } => quote!(__p::RawObject),
        Way::Function { .. } => quote!(__p::RawFunction),
        Way::Lent(lent) => {
            let value = lent.value();
            let (crossing, form) = (crossing(value), quote_spanned!(last_span(value)=> ::Abi));
            match lent {
                Lent::One(_) => quote!(*const #crossing #form),
                Lent::Optional(_) => quote!(__p::OptionAbi<*const #crossing #form>),
                Lent::Slice(_) => quote!(__p::RawSlice<#crossing #form>),
                Lent::Changed(_) => quote!(*mut __p::ChangeAbi<#crossing #form>),
            }
        }
    }
}

/// Whether objects are lent anywhere in a contract, to closures too.
pub(super) fn lends_objects(contract: &Contract) -> bool {
    fn any(ty: &Type) -> bool {
        matches!(way(ty), Way::Object { .. }) || parts(ty).into_iter().any(any)
    }
    contract.methods.iter().any(|method| method.args.iter().any(|arg| any(&arg.ty)) || any(&method.ret))
}

/// That what is lent is what it seems, whatever its names stand for: that a value holds nothing else, and that an object is
/// one of a contract.
pub(super) fn is_what_it_seems(ty: &Type) -> TokenStream {
    let lent = match way(ty) {
        Way::Lent(lent) => lent,
        Way::Object { object, .. } => {
            // With the span of what the author wrote, which may be no contract.
            let open = quote_spanned!(first_span(object)=> __p::is_contract::<);
            let close = quote_spanned!(last_span(object)=> >());
            return quote!(const _: () = #open #object #close;);
        }
        _ => return TokenStream::new(),
    };
    let value = lent.value();
    let crossing = crossing(value);
    let message = format!(
        "[P013] `{}` lends an object, a closure or something borrowed within\n\
         help: take `{}` by value, or lend each object by itself, as `&dyn …`",
        type_text(ty),
        type_text(value)
    );
    let desc = quote!(#crossing::DESC);
    // What is borrowed by a value that may be kept would be kept too.
    let owned = matches!(lent, Lent::Changed(_)).then(|| quote!(&& __p::borrows(#desc) == 0));
    quote_spanned! {first_span(value)=>
        const _: () = ::core::assert!(__p::is_data(#desc) #owned, "{}", #message);
    }
}

/// The descriptor of a type.
pub(super) fn desc(ty: &Type) -> TokenStream {
    match way(ty) {
        Way::Value => match dynamic(ty) {
            // Not an argument, but what its words are compared as.
            Some(Dynamic::Function(_)) => {
                let carrier = function::carrier(ty);
                quote!(#carrier::ITSELF)
            }
            Some(_) => {
                let contract = implements(ty, &quote!(Contract));
                quote!(#contract::OBJECT)
            }
            None => {
                let crossing = crossing(ty);
                quote!(#crossing::DESC)
            }
        },
        Way::Object { object, mutable } => {
            let objects = objects(object);
            if mutable { quote!(#objects::MUT) } else { quote!(#objects::REF) }
        }
        Way::Function { carrier, mutable, .. } => {
            if mutable {
                quote!(#carrier::MUT)
            } else {
                quote!(#carrier::REF)
            }
        }
        Way::Lent(lent) => {
            let value = with_static(lent.value());
            let way = match lent {
                Lent::One(_) => quote!(REF),
                Lent::Optional(_) => quote!(OPTION),
                Lent::Slice(_) => quote!(SLICE),
                Lent::Changed(_) => quote!(MUT),
            };
            quote_spanned!(first_span(&value)=> __p::Reference::<#value>::#way)
        }
    }
}

/// What there is for lending objects of a trait, whether it is a contract or not: [`is_what_it_seems`] asks that.
fn objects(object: &Type) -> TokenStream {
    quote!(__p::Objects::<#object>)
}

/// With the span of what the author wrote, which may be no contract.
fn implements(object: &Type, name: &TokenStream) -> TokenStream {
    let open = quote_spanned!(first_span(object)=> <);
    let close = quote_spanned!(last_span(object)=> as __p::#name>);
    quote!(#open #object #close)
}

/// A value as the `PluginType` that stands for its type.
pub(super) fn wrap(ty: &Type, value: &TokenStream) -> TokenStream {
    convert(ty, value, &|carrier, closure| quote!(#carrier(#closure)))
}

/// The inverse of `wrap`.
pub(super) fn unwrap(ty: &Type, value: &TokenStream) -> TokenStream {
    convert(ty, value, &|_, carried| quote!(#carried.0))
}

/// A value with another in the place of each closure.
fn convert(ty: &Type, value: &TokenStream, one: &dyn Fn(Ident, &TokenStream) -> TokenStream) -> TokenStream {
    if let Some(function) = boxed_function(ty) {
        return one(function::carrier(function), value);
    }
    if !holds_function(ty) {
        return value.clone();
    }
    let inner = |ty| convert(ty, &quote!(__value), one);
    match Container::of(ty) {
        Some(Container::Vec(item)) => {
            let item = inner(item);
            quote!(#value.into_iter().map(|__value| #item).collect::<__p::Vec<_>>())
        }
        Some(Container::Option(item) | Container::Array(item)) => {
            let item = inner(item);
            quote!(#value.map(|__value| #item))
        }
        Some(Container::Box(item)) => {
            let item = inner(item);
            quote!(__p::Box::new({ let __value = *#value; #item }))
        }
        Some(Container::Map(item)) => {
            let item = inner(item);
            quote!(#value.into_iter().map(|(__key, __value)| (__key, #item)).collect())
        }
        Some(Container::Result(ok, err)) => {
            let (ok, err) = (inner(ok), inner(err));
            quote!(match #value { __p::Ok(__value) => __p::Ok(#ok), __p::Err(__value) => __p::Err(#err) })
        }
        Some(Container::Tuple(items)) => {
            let parts: Vec<_> = (0..items.len()).map(|at| quote::format_ident!("__part{at}")).collect();
            let items = items.iter().zip(&parts).map(|(ty, part)| convert(ty, &quote!(#part), one));
            quote!({ let (#(#parts,)*) = #value; (#(#items,)*) })
        }
        // Refused before.
        None => value.clone(),
    }
}

/// Before a call: arguments that are not moved into it stay where they are, under a reference of the same name. They are large, and
/// were written just now, a word at a time; moved, in pieces of another size, they would be waited for.
pub(super) fn stay(args: &[(TokenStream, &Type)]) -> TokenStream {
    let sinks = args.iter().filter(|(_, ty)| is_sink(ty)).map(|(variable, _)| variable);
    quote!(#(let #sinks = &#sinks;)*)
}

/// The wire form of a variable of this type.
pub(super) fn send(ty: &Type, variable: &TokenStream) -> TokenStream {
    match way(ty) {
        // Of what `stay` left where it is, under the `unsafe` of the call.
        Way::Value if is_sink(ty) => quote!(__p::Sink::send(#variable)),
        Way::Value => {
            let (carried, wrapped) = (carried(ty), wrap(ty, variable));
            quote!(<#carried as __p::PluginType>::into_abi(#wrapped))
        }
        Way::Object { object, mutable } => {
            let (objects, lend) = (objects(object), if mutable { quote!(lend_mut) } else { quote!(lend) });
            quote!(#objects::#lend((&raw const #variable).cast()))
        }
        Way::Function { carrier, mutable, .. } => {
            let lend = if mutable { quote!(lend_mut) } else { quote!(lend) };
            quote!(#carrier::#lend((&raw const #variable).cast()))
        }
        // A temporary: it is there until the call is over.
        Way::Lent(lent) => {
            let value = lent.value();
            match lent {
                Lent::One(_) => quote!(__p::Mirror::of::<#value>(#variable).place()),
                Lent::Optional(_) => quote!(__p::Mirror::of_option::<#value>(#variable).option()),
                Lent::Slice(_) => quote!(__p::Mirror::of_slice::<#value>(#variable).slice()),
                // Of what `changes` made of it.
                Lent::Changed(_) => quote!(#variable.place()),
            }
        }
    }
}

/// An argument on its way from the wire.
pub(super) struct Taken {
    /// Takes what the wire form owns: a `Result`, under the argument's own name.
    pub(super) first: TokenStream,
    /// Refuses what is bad, once everything was taken: what is owned is dropped then.
    pub(super) check: TokenStream,
    /// Makes a reference of what was lent. What it refers to is the variable of the same name.
    pub(super) then: TokenStream,
    /// The argument itself.
    pub(super) value: TokenStream,
}

/// Takes the argument `name` from its wire form, which is in `part`.
pub(super) fn take(ty: &Type, name: &str, part: &Ident) -> Taken {
    match way(ty) {
        Way::Value => {
            let carried = carried(ty);
            let first = quote! {
                // SAFETY: the caller made it from a value of a type with the same fingerprint, and lends it for this call.
                let #part = unsafe { __p::argument::<#carried>(#name, #part) };
            };
            let value = unwrap(ty, &quote!(#part));
            Taken { first, check: quote!(let #part = #part?;), then: quote!(), value }
        }
        Way::Object { object, mutable } => {
            let objects = objects(object);
            let first = quote! {
                // SAFETY: the caller made it from a reference to an object of this contract, and lends it for this call.
                let #part = __p::rejected(#name, unsafe { #objects::receive(#part) });
            };
            let (check, view, reference) = if mutable {
                (quote!(let mut #part = #part?;), quote!(view_mut), quote!(&mut #part))
            } else {
                (quote!(let #part = #part?;), quote!(view), quote!(&#part))
            };
            let then = quote!(let #part = #objects::#view(#reference););
            Taken { first, check, then, value: quote!(#part) }
        }
        Way::Function { carrier, written, mutable } => {
            let first = quote! {
                // SAFETY: the caller made it from a closure of this signature, and lends it for this call.
                let #part = __p::rejected(#name, unsafe { #carrier::receive(#part) });
            };
            let closure = function::closure(written, &quote!(#part));
            let (reference, mutable) =
                if mutable { (quote!(&mut), quote!(mut)) } else { (quote!(&), quote!()) };
            let then = quote!(let #part: & #mutable (#written) = #reference #closure;);
            Taken { first, check: quote!(let #part = #part?;), then, value: quote!(#part) }
        }
        Way::Lent(lent) => {
            let value = lent.value();
            let (take, reference) = match lent {
                Lent::One(_) => (quote!(lent), quote!(&#part)),
                Lent::Optional(_) => (quote!(lent_option), quote!(#part.as_ref())),
                Lent::Slice(_) => (quote!(lent_slice), quote!(&*#part)),
                Lent::Changed(_) => (quote!(lent_mut), quote!(&mut *#part)),
            };
            let first = quote! {
                // SAFETY: the caller made it from a value of a type with the same fingerprint, and lends it for this call.
                let #part = unsafe { __p::#take::<#value>(#name, #part) };
            };
            let mutable = matches!(lent, Lent::Changed(_)).then(|| quote!(mut));
            let then = quote!(let #part = #reference;);
            Taken { first, check: quote!(let #mutable #part = #part?;), then, value: quote!(#part) }
        }
    }
}

/// The call of a method, which arguments that are lent to be changed come back from.
pub(super) fn changes(args: &[(TokenStream, &Type)], ret: &TokenStream, call: TokenStream) -> TokenStream {
    let changed: Vec<_> = args
        .iter()
        .filter(|(_, ty)| matches!(way(ty), Way::Lent(Lent::Changed(_))))
        .map(|(variable, _)| variable)
        .collect();
    if changed.is_empty() {
        return call;
    }
    let names = changed.iter().map(|variable| variable.to_string().trim_start_matches("r#").to_owned());
    quote! {
        {
            #(let mut #changed = __p::Change::of(#changed);)*
            let __answer = #call;
            #(
                // SAFETY: the call has ended with this answer, and its result is the method's.
                let __answer = unsafe { #changed.finish::<#ret>(#names, __answer, __out) };
            )*
            __answer
        }
    }
}
