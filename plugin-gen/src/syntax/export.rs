//! What stands in `export_plugin!(…)`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Token, TypeTraitObject};

use crate::report::{Code, Errors, Finding};

/// `dyn Store, dyn Stateful => Memory::new`
#[derive(Clone)]
pub struct Export {
    /// The contracts' trait objects.
    pub contracts: Vec<TypeTraitObject>,
    /// The constructor, any expression that coerces to a function pointer.
    pub constructor: TokenStream,
}

impl Parse for Export {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut contracts = Punctuated::<TypeTraitObject, Token![,]>::new();
        while !input.peek(Token![=>]) {
            contracts.push_value(input.call(TypeTraitObject::without_plus)?);
            if !input.peek(Token![,]) {
                break;
            }
            contracts.push_punct(input.parse()?);
        }
        input.parse::<Token![=>]>()?;
        let constructor: TokenStream = input.parse()?;
        if contracts.is_empty() || constructor.is_empty() {
            return Err(syn::Error::new_spanned(quote!(#contracts #constructor), "a side is empty"));
        }
        Ok(Self { contracts: contracts.into_iter().collect(), constructor })
    }
}

impl Export {
    /// Reads the macro's input.
    ///
    /// # Errors
    /// It is not of the form `dyn Trait => constructor`.
    pub fn parse_tokens(tokens: TokenStream) -> Result<Self, Vec<Finding>> {
        let mut errors = Errors::new();
        let mut export = syn::parse2::<Self>(tokens.clone());
        if let Ok(found) = &mut export
            && let Some(bare) = found.contracts.iter().find(|contract| contract.dyn_token.is_none())
        {
            export = Err(syn::Error::new_spanned(bare, "`dyn` is missing"));
        }
        if let Err(error) = &export {
            let help = "write `export_plugin!(dyn Store => Memory::new);`, where `Memory::new` is a \
                        `fn(&PluginContext) -> Result<Memory, impl Display>`";
            let at = if tokens.is_empty() { TokenStream::new() } else { tokens };
            errors.push(Code::P030, &at, format!("cannot read this export: {error}"), help);
        }
        errors.finish()?;
        export.map_err(|error| vec![Finding::new(Code::P030, &TokenStream::new(), error.to_string(), "")])
    }
}
