//! What stands in `export_plugin!(…)`.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Ident, Token, TypeTraitObject};

use super::print;
use crate::report::{Code, Errors, Finding};

/// `allocator = host, dyn Store, dyn Stateful => Memory::new`
#[derive(Clone)]
pub struct Export {
    /// `allocator = host`: the plugin allocates with its host's memory.
    pub lent: bool,
    /// The contracts' trait objects.
    pub contracts: Vec<TypeTraitObject>,
    /// The constructor, any expression that coerces to a function pointer.
    pub constructor: TokenStream,
}

impl Parse for Export {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let lent = input.peek(Ident) && input.peek2(Token![=]) && !input.peek2(Token![=>]);
        if lent {
            allocator(input)?;
        }
        if input.is_empty() || input.peek(Token![=>]) {
            return Err(input.error("no contract is named"));
        }
        let mut contracts = Punctuated::<TypeTraitObject, Token![,]>::new();
        while !input.peek(Token![=>]) {
            contracts.push_value(input.call(TypeTraitObject::without_plus)?);
            if !input.peek(Token![,]) {
                break;
            }
            contracts.push_punct(input.parse()?);
        }
        let arrow = input.parse::<Token![=>]>()?;
        let constructor: TokenStream = input.parse()?;
        if constructor.is_empty() {
            return Err(syn::Error::new_spanned(arrow, "no constructor follows the arrow"));
        }
        Ok(Self { lent, contracts: contracts.into_iter().collect(), constructor })
    }
}

/// Reads `allocator = host,`.
fn allocator(input: ParseStream<'_>) -> syn::Result<()> {
    let key: Ident = input.parse()?;
    input.parse::<Token![=]>()?;
    let value: Ident = input.parse()?;
    if key != "allocator" || value != "host" {
        let wrong = if key == "allocator" { &value } else { &key };
        return Err(syn::Error::new_spanned(wrong, "before the contracts may stand `allocator = host`"));
    }
    input.parse::<Token![,]>().map(drop)
}

impl Export {
    /// Reads the macro's input.
    ///
    /// # Errors
    /// It is not of the form `dyn Trait => constructor`.
    pub fn parse_tokens(tokens: TokenStream) -> Result<Self, Vec<Finding>> {
        let mut errors = Errors::new();
        let export = syn::parse2::<Self>(tokens);
        match &export {
            Ok(export) => {
                for bare in export.contracts.iter().filter(|contract| contract.dyn_token.is_none()) {
                    let message =
                        format!("`{}` is no trait object: `dyn` is missing", print::tokens(quote!(#bare)));
                    errors.push(Code::P030, bare, message, EXPECTED);
                }
                let texts: Vec<_> =
                    export.contracts.iter().map(|contract| print::tokens(quote!(#contract))).collect();
                for (at, contract) in export.contracts.iter().enumerate() {
                    if texts[..at].contains(&texts[at]) {
                        let message = format!("`{}` is exported twice", texts[at]);
                        errors.push(Code::P030, contract, message, "name each contract once");
                    }
                }
            }
            Err(error) => {
                let at = quote_spanned!(error.span()=> x);
                errors.push(Code::P030, &at, format!("cannot read this export: {error}"), EXPECTED);
            }
        }
        errors.finish()?;
        export.map_err(|_| Vec::new())
    }
}

const EXPECTED: &str = "write `export_plugin!(dyn Store => Memory::new);`, where `Memory::new` is a \
                        `fn(&PluginContext) -> Result<Memory, impl Display>`";
