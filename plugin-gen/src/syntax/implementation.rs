//! `impl Store for Memory`, as far as its `async` methods are concerned.
//!
//! In: the tokens under `#[plugin_impl]`. Out: what stands before the braces, and the items in them; whatever is not `async`
//! stays as it is. It does not know the trait.

use proc_macro2::{Group, Ident, TokenStream, TokenTree};
use quote::{ToTokens as _, quote};
use syn::ext::IdentExt as _;
use syn::parse::ParseStream;
use syn::{Attribute, Generics, Lifetime, Token, Type};

use super::attributes::MethodMarks;
use super::{Waiting, print};
use crate::report::{Code, Errors, Finding};

/// An implementation.
pub struct Implementation {
    /// All that stands before the braces.
    pub before: TokenStream,
    /// What stands in them.
    pub items: Vec<Item>,
}

/// Something in an implementation.
pub enum Item {
    /// What is not `async`.
    Other(TokenStream),
    /// A method that is.
    Async(Box<AsyncMethod>),
}

/// An `async` method with its body.
pub struct AsyncMethod {
    /// Its attributes, without `#[plugin]`.
    pub attrs: Vec<Attribute>,
    /// Its name.
    pub name: Ident,
    /// `&'__a self`, with the author's own `self`.
    pub receiver: TokenStream,
    /// Whether its future stays on its thread.
    pub waiting: Waiting,
    /// Its arguments: patterns and types.
    pub args: Vec<(TokenStream, Type)>,
    /// What it returns.
    pub ret: Type,
    /// The body, with its braces.
    pub body: TokenStream,
}

const HELP: &str = "put `#[plugin_impl]` on `impl Store for Memory { … }`";

impl Implementation {
    /// Reads an implementation.
    ///
    /// # Errors
    /// Every mistake found.
    pub fn parse(tokens: TokenStream) -> Result<Self, Vec<Finding>> {
        let mut errors = Errors::new();
        let mut before: Vec<TokenTree> = tokens.into_iter().collect();
        let body = match before.pop() {
            Some(TokenTree::Group(body)) if is_implementation(&before) => body,
            last => {
                before.extend(last);
                let at: TokenStream = before.into_iter().collect();
                let message = "`#[plugin_impl]` stands on something that is no implementation of a trait";
                errors.push(Code::P001, &at, message, HELP);
                errors.finish()?;
                return Err(Vec::new());
            }
        };
        let items =
            syn::parse::Parser::parse2(|input: ParseStream<'_>| items(input, &mut errors), body.stream());
        if let Err(error) = &items {
            super::unreadable(error, HELP, &mut errors);
        }
        errors.finish()?;
        let items = items.unwrap_or_default();
        Ok(Self { before: before.into_iter().collect(), items })
    }
}

fn is_implementation(before: &[TokenTree]) -> bool {
    let word =
        |wanted: &str| before.iter().any(|token| matches!(token, TokenTree::Ident(word) if word == wanted));
    word("impl") && word("for")
}

fn items(input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<Vec<Item>> {
    let mut items = Vec::new();
    while !input.is_empty() {
        items.push(item(input, errors)?);
    }
    Ok(items)
}

fn item(input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<Item> {
    let mut attrs = input.call(Attribute::parse_outer)?;
    if !(input.peek(Token![async]) && input.peek2(Token![fn])) {
        let rest = rest(input);
        return Ok(Item::Other(quote!(#(#attrs)* #rest)));
    }
    input.parse::<Token![async]>()?;
    input.parse::<Token![fn]>()?;
    let marks = MethodMarks::take(&mut attrs, errors);
    let waiting = if marks.local { Waiting::Local } else { Waiting::Async };
    let name = input.call(Ident::parse_any)?;
    let generics: Generics = input.parse()?;
    if !generics.params.is_empty() {
        let text = print::tokens(generics.params.to_token_stream());
        let help = "leave them out: a contract's methods have none";
        errors.push(Code::P008, &generics.params, format!("`{text}` on an `async` method"), help);
    }
    let parens;
    syn::parenthesized!(parens in input);
    let receiver = receiver(&parens)?;
    let mut args = Vec::new();
    while !parens.is_empty() {
        args.push(arg(&parens)?);
        parens.parse::<Option<Token![,]>>()?;
    }
    let ret =
        if input.parse::<Option<Token![->]>>()?.is_some() { input.parse()? } else { syn::parse_quote!(()) };
    let body: Group = input.parse()?;
    let body = body.into_token_stream();
    let method = AsyncMethod { attrs, name, receiver, waiting, args, ret, body };
    Ok(Item::Async(Box::new(method)))
}

/// An item as it stands, to its `;` or its braces.
fn rest(input: ParseStream<'_>) -> TokenStream {
    let mut tokens = TokenStream::new();
    while let Ok(token) = input.parse::<TokenTree>() {
        let ends = match &token {
            TokenTree::Punct(punct) => punct.as_char() == ';',
            TokenTree::Group(group) => group.delimiter() == proc_macro2::Delimiter::Brace,
            _ => false,
        };
        tokens.extend([token]);
        if ends {
            break;
        }
    }
    tokens
}

fn receiver(input: ParseStream<'_>) -> syn::Result<TokenStream> {
    input.parse::<Token![&]>()?;
    input.parse::<Option<Lifetime>>()?;
    let mutable = input.parse::<Option<Token![mut]>>()?;
    let this = input.parse::<Token![self]>()?;
    input.parse::<Option<Token![,]>>()?;
    Ok(quote!(&'__a #mutable #this))
}

fn arg(input: ParseStream<'_>) -> syn::Result<(TokenStream, Type)> {
    let mut pattern = TokenStream::new();
    while !input.is_empty() && (!input.peek(Token![:]) || input.peek(Token![::])) {
        pattern.extend(input.parse::<TokenTree>());
    }
    input.parse::<Token![:]>()?;
    Ok((pattern, input.parse()?))
}
