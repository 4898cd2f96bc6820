//! A derived type: its wire form, its descriptor, and the way there and back.

use proc_macro2::TokenStream;
use quote::{ToTokens as _, quote, quote_spanned};

use super::generic::Parameters;
use super::pass::{self, crossing, wire};
use super::{boxed, copy_generic, first_span, function, lends, names, plain, promise, silence};
use crate::lock::TypePromise;
use crate::syntax::{Field, Fields, PluginType, Shape, Variant};

/// Prints a type's implementation of `PluginType`.
#[must_use]
pub(crate) fn emit(ty: &PluginType, serial: u64, promise: &TypePromise) -> TokenStream {
    let (ident, krate, name) = (&ty.ident, &ty.krate, &ty.name);
    let silence = silence();
    let parameters = Parameters::of(&ty.generics);
    let parts = match &ty.shape {
        Shape::Struct(fields) => of_struct(fields, &parameters),
        Shape::Plain(fields) => plain::of_plain(ty, fields),
        Shape::Sized(fields) => boxed::of_sized(ty, fields, &parameters),
        Shape::Enum(variants) => of_enum(ty, variants, &parameters),
        Shape::Open(variants) => boxed::of_open(ty, variants, &parameters),
    };
    let Parts { items, wire, kind, members, variants, into, lend, from, more } = parts;
    let owned: TokenStream = match &ty.shape {
        Shape::Struct(fields) | Shape::Sized(fields) | Shape::Plain(fields) => {
            lends_nothing(fields, &parameters)
        }
        Shape::Enum(variants) | Shape::Open(variants) => {
            variants.iter().map(|variant| lends_nothing(&variant.fields, &parameters)).collect()
        }
    };
    let functions = match &ty.shape {
        Shape::Struct(fields) | Shape::Sized(fields) | Shape::Plain(fields) => {
            function::of_fields(fields.iter(), name)
        }
        Shape::Enum(variants) | Shape::Open(variants) => {
            function::of_fields(variants.iter().flat_map(|variant| &variant.fields), name)
        }
    };
    let (held, compared) = (promise::of_type(promise), promise::compared(promise));
    let Parameters { declared, used, condition, idents, .. } = &parameters;
    let descriptor = |name: TokenStream| {
        quote! {
            __p::TypeDesc {
                id: <#ident #used as __p::PluginType>::ID,
                kind: __p::Kind::#kind,
                name: #name,
                size: ::core::mem::size_of::<#wire>(),
                align: ::core::mem::align_of::<#wire>(),
                members: #members,
                variants: #variants,
                compared: #compared,
                contract: __p::None,
            }
        }
    };
    let (beside, desc) = if parameters.is_empty() {
        let descriptor = descriptor(quote!(#name));
        let beside = quote! {
            #owned
            #held
            // A static, so that a type can name itself: consts that refer to each other are a cycle.
            static __DESC: __p::TypeDesc = #descriptor;
        };
        let desc = quote! {
            // SAFETY: it is the address of an immutable static.
            const DESC: __p::TypeRef = unsafe { __p::TypeRef::of_static(&raw const __DESC) };
        };
        (beside, desc)
    } else {
        // Of each instance another.
        let descriptor = descriptor(quote! {
            const { &__p::InstanceName::of(#name, &[#(<#idents as __p::PluginType>::DESC),*]) }.text()
        });
        let desc = quote! {
            const DESC: __p::TypeRef = {
                #owned
                __p::TypeRef::new(const { &#descriptor })
            };
        };
        (quote!(), desc)
    };
    quote! {
        #silence
        const _: () = {
            use #krate::__private as __p;
            #functions
            #items
            #beside
            // SAFETY: `__Wire` is `repr(C)` and holds the wire forms of the fields; tags are checked before fields
            // are read; the descriptor is printed from the same fields.
            unsafe impl #declared __p::PluginType for #ident #used #condition {
                type Abi = #wire;
                const ID: u128 = __p::Hasher::new()
                    .text(::core::concat!(::core::env!("CARGO_PKG_NAME"), "@", ::core::env!("CARGO_PKG_VERSION"), "/", ::core::module_path!()))
                    // A library and a program of one package may share their name.
                    .text(match ::core::option_env!("CARGO_BIN_NAME") {
                        __p::Some(__bin) => __bin,
                        __p::None => "",
                    })
                    .text(#name)
                    .number(::core::line!() as u128)
                    .number(::core::column!() as u128)
                    .number(#serial as u128)
                    #(.number(<#idents as __p::PluginType>::ID))*
                    .finish()
                    .0;
                #desc

                #[inline]
                fn into_abi(self) -> #wire {
                    #into
                }

                #[inline]
                fn lend(&self, __mirrors: &mut __p::Mirrors) -> #wire {
                    #lend
                }

                #[inline]
                unsafe fn from_abi(__wire: #wire) -> __p::Result<Self, __p::Invalid> {
                    #from
                }

                #more
            }
        };
    }
}

/// That no field borrows, whatever its type's name stands for.
fn lends_nothing(fields: &Fields, parameters: &Parameters) -> TokenStream {
    let holds = fields.iter().map(|field| lends(&field.ty, 0, "a field cannot borrow"));
    // In an instance, a statement: an item knows no parameters.
    holds
        .map(|holds| if parameters.is_empty() { quote!(const _: () = #holds;) } else { quote!(#holds;) })
        .collect()
}

pub(super) struct Parts {
    pub(super) items: TokenStream,
    /// The type of the wire form.
    pub(super) wire: TokenStream,
    pub(super) kind: TokenStream,
    pub(super) members: TokenStream,
    pub(super) variants: TokenStream,
    pub(super) into: TokenStream,
    /// The same of what stays where it is.
    pub(super) lend: TokenStream,
    pub(super) from: TokenStream,
    /// Other functions of the trait.
    pub(super) more: TokenStream,
}

fn of_struct(fields: &Fields, parameters: &Parameters) -> Parts {
    let items = wire_struct(&quote!(__Wire), fields, parameters);
    let Parameters { used, marked, .. } = parameters;
    let wire = quote!(__Wire #used);
    let members: Vec<_> = fields.iter().map(|field| &field.member).collect();
    let idents: Vec<_> = idents(fields).collect();
    let parts: Vec<_> = (0..fields.len()).map(names::part).collect();
    let takes = takes(fields, &quote!(__wire));
    let built = fields.iter().zip(&parts).map(|(field, part)| {
        let (member, value) = (&field.member, pass::unwrap(&field.ty, &quote!(#part?)));
        quote!(#member: #value)
    });
    let (moved, lent) = (Give::Moved.forms(fields), Give::Lent.forms(fields));
    let filler = fields.is_empty().then(|| quote!(__none: 0));
    Parts {
        items,
        kind: quote!(Struct),
        members: descriptors(fields, &wire),
        wire,
        variants: quote!(&[]),
        into: quote! {
            let Self { #(#members: #parts),* } = self;
            __Wire { #(#idents: #moved,)* #marked #filler }
        },
        lend: quote! {
            let Self { #(#members: #parts),* } = self;
            __Wire { #(#idents: #lent,)* #marked #filler }
        },
        more: quote!(),
        from: quote! {
            #takes
            __p::Ok(Self { #(#built),* })
        },
    }
}

fn of_enum(ty: &PluginType, variants: &[Variant], parameters: &Parameters) -> Parts {
    let name = &ty.name;
    let Parameters { declared, used, condition, .. } = parameters;
    let with_data = variants.iter().any(|variant| !variant.fields.is_empty());
    let tags = tags(&ty.discriminant, variants);
    let payloads: Vec<_> = payloads(variants).collect();
    let structs =
        payloads.iter().map(|(payload, variant)| wire_struct(&quote!(#payload), &variant.fields, parameters));
    let fields = payloads.iter().map(|(payload, _)| quote!(#payload: #payload #used));
    let union = with_data.then(|| {
        let copy = copy_generic(&quote!(__Payload), parameters);
        quote! {
            #[repr(C)]
            pub union __Payload #declared #condition {
                __none: u8,
                #(#fields,)*
            }
            #copy
        }
    });
    let payload_field = with_data.then(|| quote!(payload: __Payload #used));
    let into = |way| {
        let one = move |(at, variant)| into_variant(at, variant, with_data, parameters, way);
        variants.iter().enumerate().map(one)
    };
    let (intos, lends) = (into(Give::Moved), into(Give::Lent));
    let froms = variants.iter().enumerate().map(|(at, variant)| from_variant(at, variant));
    let copy = copy_generic(&quote!(__Wire), parameters);
    Parts {
        items: quote! {
            #tags
            #(#structs)*
            #union
            #[repr(C)]
            pub struct __Wire #declared #condition {
                tag: u32,
                #payload_field
            }
            #copy
        },
        wire: quote!(__Wire #used),
        kind: quote!(Enum),
        members: quote!(&[]),
        variants: descriptors_of(variants, parameters),
        into: quote!(match self { #(#intos)* }),
        lend: quote!(match self { #(#lends)* }),
        more: quote!(),
        from: quote! {
            match __wire.tag {
                #(#froms)*
                __tag => __p::Err(__p::Invalid::Tag { name: #name, tag: __tag }),
            }
        },
    }
}

/// The numbers of the variants: what is written, else one more than that of the variant before, as Rust counts.
pub(super) fn tags(discriminant: &proc_macro2::Ident, variants: &[Variant]) -> TokenStream {
    let one = |(at, variant): (usize, &Variant)| {
        let tag = names::tag(at);
        let value = match (&variant.discriminant, at) {
            (Some(value), _) => {
                let (variant, span) = (variant.name(), first_span(value));
                let message = format!(
                    "[P022] the discriminant of `{variant}` is its tag, which has 32 bits and no sign\n\
                     help: write one from 0 to 4294967295"
                );
                // Two that differ only in what `as` cuts off would be one tag.
                quote_spanned! {span=> {
                    let __value: #discriminant = #value;
                    ::core::assert!(__value as i128 >= 0 && __value as i128 <= u32::MAX as i128, #message);
                    __value as u32
                }}
            }
            (None, 0) => quote!(0),
            (None, at) => {
                let before = names::tag(at - 1);
                quote!(#before + 1)
            }
        };
        quote!(const #tag: u32 = #value;)
    };
    variants.iter().enumerate().map(one).collect()
}

/// The descriptors of the variants, in the order of their numbers.
pub(super) fn descriptors_of(variants: &[Variant], parameters: &Parameters) -> TokenStream {
    let used = &parameters.used;
    let descs = variants.iter().enumerate().map(|(at, variant)| {
        let (tag, payload, name) = (names::tag(at), names::payload(at), variant.name());
        let fields = descriptors(&variant.fields, &quote!(#payload #used));
        quote!(__p::Variant { name: #name, tag: #tag, fields: #fields })
    });
    quote!(&__p::by_tag([#(#descs),*]))
}

pub(super) fn payloads(variants: &[Variant]) -> impl Iterator<Item = (proc_macro2::Ident, &Variant)> {
    let with_data = variants.iter().enumerate().filter(|(_, variant)| !variant.fields.is_empty());
    with_data.map(|(at, variant)| (names::payload(at), variant))
}

/// Whether a value is taken apart, or looked at.
#[derive(Clone, Copy)]
pub(super) enum Give {
    Moved,
    Lent,
}

impl Give {
    /// The wire forms of fields, each in the variable of its part.
    pub(super) fn forms(self, fields: &Fields) -> Vec<TokenStream> {
        let form = |(at, field): (usize, &Field)| {
            let (ty, part) = (&field.ty, names::part(at));
            match self {
                Self::Moved if pass::is_itself(ty) => quote!(__p::PluginType::into_abi(#part)),
                Self::Moved => {
                    let (carried, wrapped) = (pass::carried(ty), pass::wrap(ty, &quote!(#part)));
                    quote!(<#carried as __p::PluginType>::into_abi(#wrapped))
                }
                Self::Lent if pass::is_itself(ty) => quote!(__p::PluginType::lend(#part, __mirrors)),
                // Refused where it would be lent.
                Self::Lent => quote!({
                    let _ = #part;
                    __p::cannot_be_lent()
                }),
            }
        };
        fields.iter().enumerate().map(form).collect()
    }
}

fn into_variant(
    at: usize,
    variant: &Variant,
    with_data: bool,
    parameters: &Parameters,
    way: Give,
) -> TokenStream {
    let Parameters { turbofish, marked, .. } = parameters;
    let (ident, tag, payload) = (&variant.ident, names::tag(at), names::payload(at));
    let members = variant.fields.iter().map(|field| &field.member);
    let parts: Vec<_> = (0..variant.fields.len()).map(names::part).collect();
    let idents = idents(&variant.fields);
    let filled = if variant.fields.is_empty() {
        quote!(__none: 0)
    } else {
        let forms = way.forms(&variant.fields);
        quote!(#payload: #payload #turbofish { #(#idents: #forms,)* #marked })
    };
    let filled = with_data.then(|| quote!(payload: __Payload { #filled }));
    quote!(Self::#ident { #(#members: #parts),* } => __Wire { tag: #tag, #filled },)
}

fn from_variant(at: usize, variant: &Variant) -> TokenStream {
    let (ident, tag, payload) = (&variant.ident, names::tag(at), names::payload(at));
    if variant.fields.is_empty() {
        return quote!(#tag => __p::Ok(Self::#ident {}),);
    }
    let values = values(&variant.fields);
    let members = variant.fields.iter().map(|field| &field.member);
    let takes = takes(&variant.fields, &quote!(__fields));
    quote! {
        #tag => {
            // SAFETY: the tag says which field of the union was written.
            let __fields = unsafe { __wire.payload.#payload };
            #takes
            __p::Ok(Self::#ident { #(#members: #values),* })
        }
    }
}

/// A `repr(C)` struct of wire forms. C has no empty structs, so an empty one holds a byte that means nothing.
pub(super) fn wire_struct(name: &TokenStream, fields: &Fields, parameters: &Parameters) -> TokenStream {
    let Parameters { declared, condition, marker, .. } = parameters;
    let idents = idents(fields);
    let wires = fields.iter().map(|field| wire(&field.ty));
    let filler = fields.is_empty().then(|| quote!(__none: u8));
    let copy = copy_generic(name, parameters);
    quote! {
        #[repr(C)]
        pub struct #name #declared #condition {
            #(#idents: #wires,)*
            #marker
            #filler
        }
        #copy
    }
}

pub(super) fn idents(fields: &Fields) -> impl Iterator<Item = &proc_macro2::Ident> {
    fields.iter().map(|field| &field.ident)
}

/// The fields' values, of what [`takes`] made of them.
pub(super) fn values(fields: &Fields) -> impl Iterator<Item = TokenStream> {
    fields.iter().enumerate().map(|(at, field)| {
        let part = names::part(at);
        pass::unwrap(&field.ty, &quote!(#part?))
    })
}

/// Takes every field from the wire before any of them is judged, so that nothing leaks when one is bad.
pub(super) fn takes(fields: &Fields, wire: &TokenStream) -> TokenStream {
    let takes = fields.iter().enumerate().map(|(at, field)| {
        let (part, ident, crossing) = (names::part(at), &field.ident, crossing(&field.ty));
        quote! {
            // SAFETY: the caller promises a wire form of this type, and each field of it is read once.
            let #part = unsafe { #crossing::from_abi(#wire.#ident) };
        }
    });
    quote!(#(#takes)*)
}

pub(super) fn descriptors(fields: &Fields, wire: &TokenStream) -> TokenStream {
    descriptors_at(fields, wire, |field| field.ident.to_token_stream())
}

/// The fields, each where the struct has it under this name.
pub(super) fn descriptors_at(
    fields: &Fields,
    wire: &TokenStream,
    named: impl Fn(&Field) -> TokenStream,
) -> TokenStream {
    let members = fields.iter().map(|field| {
        let (name, ident, crossing) = (&field.name, named(field), crossing(&field.ty));
        let optional = field.optional;
        quote! {
            __p::Member {
                name: #name,
                ty: #crossing::DESC,
                offset: ::core::mem::offset_of!(#wire, #ident),
                optional: #optional,
            }
        }
    });
    quote!(&[#(#members),*])
}
