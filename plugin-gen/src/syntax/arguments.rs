//! What stands in `#[plugin_contract(…)]`.

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Ident, LitStr, Path, Token};

use super::Version;
use crate::report::{Code, Errors};

/// The attribute's arguments.
#[derive(Clone, Debug)]
pub struct Arguments {
    /// `id = "acme.store"`
    pub id: String,
    /// `version = "1.1.0"`
    pub version: Version,
    /// Where the version stands.
    pub version_span: Span,
    /// `mock`: print `MockStore` beside the trait.
    pub mock: bool,
    /// `unlocked`: the lock file is not asked for.
    pub unlocked: bool,
    /// `crate = path`: where `plugin_contracts` is, when it has another name here.
    pub krate: TokenStream,
}

enum Argument {
    Text(Ident, LitStr),
    Crate(Path),
    Flag(Ident),
}

impl Parse for Argument {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.peek(Token![crate]) {
            input.parse::<Token![crate]>()?;
            input.parse::<Token![=]>()?;
            return input.call(Path::parse_mod_style).map(Self::Crate);
        }
        let name: Ident = input.parse()?;
        if input.peek(Token![=]) {
            input.parse::<Token![=]>()?;
            return Ok(Self::Text(name, input.parse()?));
        }
        Ok(Self::Flag(name))
    }
}

const EXPECTED: &str = "write `#[plugin_contract(id = \"acme.store\", version = \"1.0.0\")]`; `mock`, `unlocked` and \
                        `crate = path` may follow";

impl Arguments {
    /// Reads the arguments; what is missing or malformed is noted and replaced, so that the trait is still checked.
    pub fn parse(tokens: TokenStream, errors: &mut Errors) -> Self {
        let arguments =
            syn::parse::Parser::parse2(Punctuated::<Argument, Token![,]>::parse_terminated, tokens);
        let arguments = match arguments {
            Ok(arguments) => arguments,
            Err(error) => {
                // What else is missing nobody can say: one mistake is one error.
                super::unreadable(&error, EXPECTED, errors);
                return Self::unread();
            }
        };
        let (mut id, mut version, mut krate) = (None, None, None);
        let (mut mock, mut unlocked) = (false, false);
        for argument in arguments {
            match argument {
                Argument::Text(name, text) if name == "id" && id.is_none() => id = Some(text),
                Argument::Text(name, text) if name == "version" && version.is_none() => version = Some(text),
                Argument::Crate(path) if krate.is_none() => krate = Some(path),
                Argument::Flag(name) if name == "mock" && !mock => mock = true,
                Argument::Flag(name) if name == "unlocked" && !unlocked => unlocked = true,
                Argument::Text(name, _) | Argument::Flag(name) => {
                    let message = format!("`{name}` is unknown here, or given twice");
                    errors.push(Code::P002, &name, message, EXPECTED);
                }
                Argument::Crate(path) => errors.push(Code::P002, &path, "`crate` is given twice", EXPECTED),
            }
        }
        let id = Self::id(id, errors);
        let (version, version_span) = Self::version(version, errors);
        let krate = krate.map_or_else(|| quote!(::plugin_contracts), |path| quote!(#path));
        Self { id, version, version_span, mock, unlocked, krate }
    }

    /// Stands for arguments that could not be read, while the trait is checked.
    fn unread() -> Self {
        let (id, version, version_span) = (String::new(), Version::LATEST, Span::call_site());
        Self { id, version, version_span, mock: false, unlocked: false, krate: quote!(::plugin_contracts) }
    }

    fn id(id: Option<LitStr>, errors: &mut Errors) -> String {
        let Some(id) = id else {
            errors.push(Code::P002, &TokenStream::new(), "`id` is missing", EXPECTED);
            return "unknown".to_owned();
        };
        let text = id.value();
        let part = |part: &str| {
            part.starts_with(|first: char| first.is_ascii_lowercase())
                && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_')
        };
        if text.len() > 200 || !text.split('.').all(part) {
            let message = format!("`{text}` is no contract id");
            let help = "use lower-case words with dots between, as in `acme.store`: it names the contract for ever, \
                        whatever the trait is called";
            errors.push(Code::P003, &id, message, help);
        }
        text
    }

    fn version(version: Option<LitStr>, errors: &mut Errors) -> (Version, Span) {
        let Some(version) = version else {
            errors.push(Code::P002, &TokenStream::new(), "`version` is missing", EXPECTED);
            return (Version::LATEST, Span::call_site());
        };
        let parsed = Version::parse(&version.value()).unwrap_or_else(|| {
            let message = format!("`{}` is no version of a contract", version.value());
            errors.push(Code::P004, &version, message, "use three numbers, as in `1.0.0`");
            Version::LATEST
        });
        (parsed, version.span())
    }
}
