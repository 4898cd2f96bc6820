//! The form in which a mock takes and returns a type: one of the run-time's for what is std's, or one printed for this contract.
//!
//! In: types of signatures. Out: tokens of their forms, and the forms that must be printed, each once. It does not know methods.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens as _, quote};
use syn::{Attribute, GenericArgument, PathArguments, Type};

use super::super::{with_lifetime, with_static};
use crate::syntax::{is_built_in, is_sink, length, lent_dynamic, parts, plain_type, references, type_text};

/// The forms of one contract.
pub(super) struct Forms {
    name: Ident,
    printed: Vec<Printed>,
}

/// A form of the contract's own.
struct Printed {
    ty: Type,
    /// Under these the type is there at all.
    cfgs: Vec<Attribute>,
    is_result: bool,
}

impl Forms {
    pub(super) fn new(name: Ident) -> Self {
        Self { name, printed: Vec::new() }
    }

    /// The form of an argument.
    pub(super) fn argument(&mut self, ty: &Type, cfgs: &[&Attribute]) -> TokenStream {
        if is_sink(ty) {
            return quote!(__m::Into);
        }
        if let Type::Reference(reference) = plain_type(ty)
            && let Type::Slice(slice) = plain_type(&reference.elem)
            && reference.mutability.is_some()
            && is_known(&slice.elem)
        {
            let elem = &slice.elem;
            return quote!(__m::Mut<#elem>);
        }
        built_in(ty).unwrap_or_else(|| self.own(ty, cfgs, false))
    }

    /// The form of a result.
    pub(super) fn result(&mut self, ty: &Type, cfgs: &[&Attribute]) -> TokenStream {
        let form = if has_default(ty) { built_in(ty) } else { None };
        form.unwrap_or_else(|| self.own(ty, cfgs, true))
    }

    /// A form that is printed for this contract.
    fn own(&mut self, ty: &Type, cfgs: &[&Attribute], is_result: bool) -> TokenStream {
        // Not by its canonical text, which says nothing of lifetimes.
        let of = |ty: &Type| with_lifetime(ty, "'__a").to_string();
        let same = |one: &Printed| {
            let conditions = one.cfgs.iter().map(|cfg| cfg.to_token_stream().to_string());
            let wanted = cfgs.iter().map(|cfg| cfg.to_token_stream().to_string());
            of(&one.ty) == of(ty) && conditions.eq(wanted)
        };
        let at = self.printed.iter().position(same).unwrap_or_else(|| {
            let cfgs = cfgs.iter().map(|cfg| (*cfg).clone()).collect();
            self.printed.push(Printed { ty: ty.clone(), cfgs, is_result: false });
            self.printed.len() - 1
        });
        self.printed[at].is_result |= is_result;
        let name = &self.name;
        quote!(#name<#at>)
    }

    /// The forms that are printed.
    pub(super) fn emit(&self) -> TokenStream {
        self.printed.iter().enumerate().map(|(at, form)| form.emit(&self.name, at)).collect()
    }
}

impl Printed {
    fn emit(&self, name: &Ident, at: usize) -> TokenStream {
        let Self { ty, cfgs, is_result } = self;
        let (of, fixed) = (with_lifetime(ty, "'__a"), with_static(ty));
        let sight = Sight::of(ty);
        let Sight { seen, kept, see, keep, show, write, read, rewrite } = &sight;
        let rewrite = rewrite.as_ref().map(|rewrite| {
            quote! {
                fn rewrite(
                    __value: &mut Self::Of<'_>,
                    __written: &__m::Answered,
                ) -> ::core::result::Result<(), __m::NoJson> {
                    #rewrite
                }
            }
        });
        let outcome = is_result.then(|| {
            quote! {
                #(#cfgs)*
                impl __m::Outcome for #name<#at> {
                    fn blank() -> ::core::option::Option<Self::Of<'static>> {
                        use __m::{BlankByDefault as _, NoBlank as _};
                        (&__m::Blank::<#fixed>::NEW).blank()
                    }
                    fn read(__answer: &__m::Answered) -> ::core::result::Result<Self::Of<'static>, __m::NoJson> {
                        #read
                    }
                    #[track_caller]
                    fn fault(__fault: ::std::boxed::Box<__m::PluginFault>) -> Self::Of<'static> {
                        use __m::DeliverByPanic as _;
                        (&__m::Deliver::<#fixed>::NEW).deliver(__fault)
                    }
                }
            }
        });
        quote! {
            #(#cfgs)*
            impl __m::Value for #name<#at> {
                type Of<'__a> = #of;
                type Seen = #seen;
                type Kept = #kept;
                fn see<__T>(__value: &Self::Of<'_>, __look: impl ::core::ops::FnOnce(&Self::Seen) -> __T) -> __T {
                    __look(#see)
                }
                fn keep(__value: &Self::Of<'_>) -> Self::Kept {
                    #keep
                }
                fn show(__seen: &Self::Seen, __most: ::core::primitive::usize) -> ::std::string::String {
                    #show
                }
                fn write(__value: &Self::Of<'_>) -> __m::Document {
                    #write
                }
                #rewrite
            }
            #outcome
        }
    }
}

/// What is seen and kept of a value `__value`, which is a reference to what is passed.
struct Sight {
    seen: TokenStream,
    kept: TokenStream,
    see: TokenStream,
    keep: TokenStream,
    show: TokenStream,
    /// How it stands in a recording, and what is made of it there.
    write: TokenStream,
    read: TokenStream,
    /// How what was written to it is put there.
    rewrite: Option<TokenStream>,
}

impl Sight {
    fn of(ty: &Type) -> Self {
        if is_dynamic(ty) {
            return Self::unseen(ty);
        }
        match plain_type(ty) {
            Type::Reference(reference) if references(&reference.elem) == 0 => {
                match plain_type(&reference.elem) {
                    Type::Slice(slice) => {
                        let lent = Self::slice(&slice.elem);
                        match reference.mutability {
                            None => lent,
                            Some(_) => lent.rewritten(quote!(__m::rewrite(__value, __written))),
                        }
                    }
                    elem if is_path(elem) => Self {
                        seen: quote!(#elem),
                        kept: quote!(::std::path::PathBuf),
                        see: quote!(__value),
                        keep: quote!(__value.to_path_buf()),
                        show: quote!(__m::show(&__seen, __most)),
                        write: quote!(__m::write(&__value.to_path_buf())),
                        read: quote! {
                            let __path: ::std::path::PathBuf = __m::read(__answer)?;
                            ::core::result::Result::Ok(::std::boxed::Box::leak(__path.into_boxed_path()))
                        },
                        rewrite: None,
                    },
                    elem => {
                        let lent = Self::authors(elem, &quote!(__value));
                        match reference.mutability {
                            None => lent,
                            Some(_) => lent.rewritten(quote! {
                                **__value = __m::read(__written)?;
                                ::core::result::Result::Ok(())
                            }),
                        }
                    }
                }
            }
            ty if references(ty) == 0 => match argument_of_vec(ty) {
                Some(elem) => Self::vector(ty, elem),
                None => Self::authors(ty, &quote!(__value)),
            },
            ty => Self::lent(ty).unwrap_or_else(|| Self::unseen(ty)),
        }
    }

    /// A value that the generator knows nothing of.
    fn authors(ty: &Type, see: &TokenStream) -> Self {
        Self {
            seen: quote!(#ty),
            kept: quote!(__m::Logged<#ty>),
            see: see.clone(),
            keep: quote! {
                use __m::OtherwiseKeep as _;
                (&__m::Probe::<#ty>(__value)).keep().shown_by(<Self as __m::Value>::show)
            },
            show: quote! {
                use __m::OtherwiseShow as _;
                (&__m::Probe::<#ty>(__seen)).show(__most)
            },
            write: quote!(__m::write::<#ty>(#see)),
            read: quote!(__m::read(__answer)),
            rewrite: None,
        }
    }

    /// The same of what is lent to be changed.
    fn rewritten(self, rewrite: TokenStream) -> Self {
        Self { rewrite: Some(rewrite), ..self }
    }

    /// A vector, which is seen as a slice.
    fn vector(ty: &Type, elem: &Type) -> Self {
        Self {
            seen: quote!([#elem]),
            kept: quote!(__m::Logged<#ty>),
            keep: quote! {
                use __m::OtherwiseKeep as _;
                (&__m::Probe::<#ty>(__value)).keep().shown_by(|__kept, __most| <Self as __m::Value>::show(__kept, __most))
            },
            write: quote!(__m::write::<#ty>(__value)),
            read: quote!(__m::read(__answer)),
            ..Self::slice(elem)
        }
    }

    /// Plain data, which is `Copy`.
    fn slice(elem: &Type) -> Self {
        Self {
            seen: quote!([#elem]),
            kept: quote!(__m::Logged<::std::vec::Vec<#elem>>),
            see: quote!(__value),
            keep: quote! {
                use __m::OtherwiseKeep as _;
                let __copy = __value.to_vec();
                (&__m::Probe(&__copy)).keep().shown_by(|__kept, __most| <Self as __m::Value>::show(__kept, __most))
            },
            show: quote! {
                use __m::OtherwiseShow as _;
                (&__m::Probe::<[#elem]>(__seen)).show(__most)
            },
            write: quote!(__m::write_slice::<#elem>(__value)),
            read: quote! {
                let __items: ::std::vec::Vec<#elem> = __m::read(__answer)?;
                ::core::result::Result::Ok(__items.leak())
            },
            rewrite: None,
        }
    }

    /// Something of std's in which something is lent.
    fn lent(ty: &Type) -> Option<Self> {
        let (owned, own) = owned(ty, &quote!(__value))?;
        Some(Self {
            see: quote!(&#own),
            write: quote!(__m::write::<#owned>(&#own)),
            read: quote!(__answer.refuse("what is borrowed within it is not kept")),
            rewrite: None,
            keep: own,
            show: quote!(__m::show(__seen, __most)),
            kept: owned.clone(),
            seen: owned,
        })
    }

    /// What can only be used.
    fn unseen(ty: &Type) -> Self {
        let text = type_text(ty);
        let refused = format!("a `{text}` can only be used, and has no JSON");
        Self {
            seen: quote!(__m::Unseen),
            kept: quote!(__m::Unseen),
            see: quote!(&__m::Unseen::new(#text)),
            keep: quote!(__m::Unseen::new(#text)),
            show: quote!(__m::show(__seen, __most)),
            write: quote!(__m::refuse(#refused)),
            read: quote!(__answer.refuse(#refused)),
            rewrite: None,
        }
    }
}

/// The run-time's form of a type, when it is std's through and through.
fn built_in(ty: &Type) -> Option<TokenStream> {
    match plain_type(ty) {
        Type::Reference(reference) if reference.mutability.is_none() => match plain_type(&reference.elem) {
            Type::Slice(slice) if type_text(&slice.elem) == "u8" => Some(quote!(__m::Bytes)),
            elem @ Type::Slice(slice) if is_known(&slice.elem) => Some(quote!(__m::Ref<#elem>)),
            elem if type_text(elem) == "str" => Some(quote!(__m::Ref<#elem>)),
            _ => None,
        },
        ty if is_known(ty) => Some(match type_text(ty).as_str() {
            "String" => quote!(__m::Text),
            "Vec<u8>" => quote!(__m::ByteVec),
            _ => match argument_of_vec(ty) {
                Some(elem) => quote!(__m::List<#elem>),
                None => quote!(__m::Own<#ty>),
            },
        }),
        _ => None,
    }
}

fn argument_of_vec(ty: &Type) -> Option<&Type> {
    let Type::Path(path) = ty else { return None };
    (path.path.segments.last()?.ident == "Vec").then(|| parts(ty).into_iter().next()).flatten()
}

/// Whether a type is owned, and made of types of std's that every prelude brings. Those have all that a mock asks for.
fn is_known(ty: &Type) -> bool {
    match plain_type(ty) {
        Type::Path(path) => {
            let [segment] = &path.path.segments.iter().collect::<Vec<_>>()[..] else { return false };
            path.qself.is_none()
                && segment.ident != "str"
                && is_built_in(&segment.ident.to_string())
                && parts(ty).into_iter().all(is_known)
        }
        Type::Tuple(_) | Type::Array(_) => parts(ty).into_iter().all(is_known),
        _ => false,
    }
}

/// Whether such a type has a default.
fn has_default(ty: &Type) -> bool {
    match plain_type(ty) {
        Type::Reference(reference) => {
            type_text(&reference.elem) == "str" || matches!(&*reference.elem, Type::Slice(_))
        }
        Type::Tuple(tuple) => tuple.elems.iter().all(has_default),
        Type::Array(array) => {
            length(&array.len).is_some_and(|len| len.base10_parse::<u8>().is_ok_and(|len| len <= 32))
                && has_default(&array.elem)
        }
        Type::Path(path) => match path.path.segments.last() {
            Some(last) if last.ident == "Result" => false,
            Some(last) if last.ident == "Box" => parts(ty).into_iter().all(has_default),
            _ => true,
        },
        _ => true,
    }
}

/// Whether an argument is written to, so that what is in it afterwards is as good as a result.
pub(super) fn is_written(ty: &Type) -> bool {
    match plain_type(ty) {
        Type::Reference(reference) => reference.mutability.is_some() && !is_dynamic(ty),
        ty => is_sink(ty),
    }
}

/// Whether something in it can only be used.
pub(super) fn is_dynamic(ty: &Type) -> bool {
    let is_stream = |ty: &Type| match ty {
        Type::Path(path) => path
            .path
            .segments
            .last()
            .is_some_and(|last| last.ident == "BoxStream" || last.ident == "LocalBoxStream"),
        _ => false,
    };
    matches!(ty, Type::TraitObject(_))
        || lent_dynamic(ty).is_some()
        || is_stream(ty)
        || parts(ty).into_iter().any(is_dynamic)
}

fn is_path(ty: &Type) -> bool {
    type_text(ty) == "Path"
}

/// The owned form of a type in which something is lent, and the expression that makes it of a reference. Nothing, when a part
/// of it is of an author's: nobody knows whether that can be copied.
fn owned(ty: &Type, value: &TokenStream) -> Option<(TokenStream, TokenStream)> {
    let ty = plain_type(ty);
    if is_known(ty) {
        return Some((quote!(#ty), quote!(::core::clone::Clone::clone(#value))));
    }
    match ty {
        Type::Reference(reference) => match plain_type(&reference.elem) {
            Type::Slice(slice) if is_known(&slice.elem) => {
                let elem = &slice.elem;
                Some((quote!(::std::vec::Vec<#elem>), quote!(#value.to_vec())))
            }
            elem if type_text(elem) == "str" => {
                Some((quote!(::std::string::String), quote!(::std::string::ToString::to_string(#value))))
            }
            elem if is_path(elem) => Some((quote!(::std::path::PathBuf), quote!(#value.to_path_buf()))),
            _ => None,
        },
        Type::Tuple(tuple) => {
            let members = tuple.elems.iter().enumerate().map(|(at, elem)| {
                let at = syn::Index::from(at);
                owned(elem, &quote!((&#value.#at)))
            });
            let (types, values): (Vec<_>, Vec<_>) = members.collect::<Option<Vec<_>>>()?.into_iter().unzip();
            Some((quote!((#(#types,)*)), quote!((#(#values,)*))))
        }
        Type::Path(path) => {
            let segment = path.path.segments.last()?;
            let PathArguments::AngleBracketed(arguments) = &segment.arguments else { return None };
            let inner = arguments.args.iter().map(|argument| match argument {
                GenericArgument::Type(ty) => owned(ty, &quote!(__value)),
                _ => None,
            });
            let inner = inner.collect::<Option<Vec<_>>>()?;
            let mut path = path.clone();
            path.path.segments.last_mut()?.arguments = PathArguments::None;
            match (segment.ident.to_string().as_str(), &inner[..]) {
                ("Option", [(ty, make)]) => {
                    Some((quote!(#path<#ty>), quote!(#value.as_ref().map(|__value| #make))))
                }
                ("Vec", [(ty, make)]) => {
                    Some((quote!(#path<#ty>), quote!(#value.iter().map(|__value| #make).collect())))
                }
                ("Result", [(ok, make_ok), (err, make_err)]) => Some((
                    quote!(#path<#ok, #err>),
                    quote!(#value.as_ref().map(|__value| #make_ok).map_err(|__value| #make_err)),
                )),
                ("BTreeMap" | "HashMap", [(key, make_key), (item, make_item)]) => Some((
                    quote!(#path<#key, #item>),
                    quote!(#value.iter().map(|(__value, __item)| (#make_key, { let __value = __item; #make_item })).collect()),
                )),
                ("BTreeSet" | "HashSet", [(ty, make)]) => {
                    Some((quote!(#path<#ty>), quote!(#value.iter().map(|__value| #make).collect())))
                }
                _ => None,
            }
        }
        _ => None,
    }
}
