//! A trait, read item by item, so that one mistake does not hide the next.
//!
//! Bodies stay tokens: nobody here needs to understand them, and syn's parser for expressions would cost every
//! contract's build more than all the rest.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::ext::IdentExt as _;
use syn::parse::ParseStream;
use syn::punctuated::Punctuated;
use syn::{
    Attribute, Generics, Ident, Lifetime, LitStr, Path, Token, Type, TypeParamBound, Visibility, WhereClause,
};

use plugin_abi::Waiting;

use super::{Arguments, Role, Version, attributes, check, dynamic, kernel, parts, print};
use crate::report::{Code, Errors, Finding};

/// A contract as it was written.
#[derive(Clone)]
pub struct Contract {
    /// The attribute's arguments.
    pub arguments: Arguments,
    /// The trait's attributes, docs included.
    pub attrs: Vec<Attribute>,
    /// Its visibility.
    pub vis: Visibility,
    /// Its name.
    pub ident: Ident,
    /// Its supertraits, as written.
    pub supertraits: TokenStream,
    /// Whether `Send` is among them, and not only demanded by a base.
    pub send: bool,
    /// Whether `Sync` is among them.
    pub sync: bool,
    /// All others: the contracts that it is built on.
    pub bases: Vec<Path>,
    /// Its methods, in source order.
    pub methods: Vec<Method>,
}

/// How a method takes its object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Receiver {
    /// `&self`
    Shared,
    /// `&mut self`
    Exclusive,
}

/// One method.
#[derive(Clone)]
pub struct Method {
    /// Its attributes without `#[since]`, `#[renamed_from]`, `#[plugin]` and those of the kernel's, docs included.
    pub attrs: Vec<Attribute>,
    /// Its name.
    pub ident: Ident,
    /// How it takes its object.
    pub receiver: Receiver,
    /// The receiver's tokens, for errors.
    pub receiver_tokens: TokenStream,
    /// Whether it is `async`, and whether its future stays on its thread.
    pub waiting: Waiting,
    /// Its arguments.
    pub args: Vec<Arg>,
    /// What it returns; `()` when nothing is written.
    pub ret: Type,
    /// The default body, with its braces.
    pub body: Option<Group>,
    /// The version that brought it, when it is written.
    pub since: Option<Version>,
    /// What it was called once.
    pub renamed_from: Vec<LitStr>,
    /// Whether it promises not to panic, so that nothing need catch it.
    pub nounwind: bool,
    /// What it is to the kernel, if it is more than called.
    pub role: Option<Role>,
    /// The canonical signature.
    pub signature: String,
}

impl Method {
    /// Whether a call can end in one way only, with a number or with nothing: it promises not to panic, and whatever the bits of
    /// its arguments are, they are numbers.
    #[must_use]
    pub fn is_direct(&self) -> bool {
        let is_number = |ty: &Type| {
            let text = print::type_text(ty);
            print::is_number(&text) && !text.ends_with("128")
        };
        self.nounwind
            && self.waiting == Waiting::Blocks
            && matches!(self.receiver, Receiver::Shared)
            && (is_number(&self.ret) || print::type_text(&self.ret) == "()")
            && self.args.iter().all(|arg| is_number(&arg.ty))
    }

    /// What its row for such calls is called.
    #[must_use]
    pub fn direct_name(&self) -> String {
        self.name() + plugin_abi::name::DIRECT
    }
}

/// One argument.
#[derive(Clone)]
pub struct Arg {
    /// Its name.
    pub ident: Ident,
    /// Its type.
    pub ty: Type,
}

impl Method {
    /// The `#[cfg]`s that decide whether the method is there at all: everything printed for it carries them.
    pub fn cfgs(&self) -> impl Iterator<Item = &Attribute> {
        self.attrs.iter().filter(|attr| attr.path().is_ident("cfg"))
    }

    /// Reads a canonical signature back: `fn get(&self, key: &str) -> u64`.
    ///
    /// # Errors
    /// The text is no signature of a method.
    pub fn parse_signature(text: &str) -> Result<Self, Vec<Finding>> {
        let mut errors = Errors::new();
        let read = |input: ParseStream<'_>| read_method(input, None, &mut errors);
        let method = syn::parse::Parser::parse_str(read, &format!("{text};"));
        if let Err(error) = &method {
            super::unreadable(error, METHOD, &mut errors);
        }
        errors.finish()?;
        method.ok().flatten().ok_or_else(Vec::new)
    }

    /// The names that it had before.
    #[must_use]
    pub fn former_names(&self) -> Vec<String> {
        self.renamed_from.iter().map(LitStr::value).collect()
    }

    /// The method's name without `r#`, as it crosses.
    #[must_use]
    pub fn name(&self) -> String {
        print::plain(&self.ident)
    }
}

impl Contract {
    /// Its supertraits, as people write them.
    #[must_use]
    pub fn supertraits_text(&self) -> String {
        print::tokens(self.supertraits.clone())
    }

    /// Reads a trait under its attribute.
    ///
    /// # Errors
    /// Every mistake found.
    pub fn parse(arguments: TokenStream, item: TokenStream) -> Result<Self, Vec<Finding>> {
        let mut errors = Errors::new();
        let arguments = Arguments::parse(arguments, &mut errors);
        let read = |input: ParseStream<'_>| Self::read(arguments, input, &mut errors);
        let contract = syn::parse::Parser::parse2(read, item);
        match &contract {
            Ok(Some(contract)) => check::contract(contract, &mut errors),
            Ok(None) => {}
            Err(error) => {
                super::unreadable(
                    error,
                    "write a plain `trait Store { … }` under the attribute",
                    &mut errors,
                );
            }
        }
        errors.finish()?;
        contract.ok().flatten().ok_or_else(Vec::new)
    }

    /// Reads the trait. Whatever is no trait was noted.
    fn read(arguments: Arguments, input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<Option<Self>> {
        let attrs = input.call(Attribute::parse_outer)?;
        let vis = input.parse()?;
        let before: TokenStream = modifiers(input)?;
        if !input.peek(Token![trait]) {
            let rest: TokenStream = input.parse()?;
            let message = "`#[plugin_contract]` stands on something that is no trait";
            let help = "put it on a trait; structs and enums that cross derive `PluginType`";
            errors.push(Code::P001, &quote!(#before #rest), message, help);
            return Ok(None);
        }
        input.parse::<Token![trait]>()?;
        let ident: Ident = input.parse()?;
        let generics: Generics = input.parse()?;
        let mut bounds = Punctuated::<TypeParamBound, Token![+]>::new();
        if input.peek(Token![:]) {
            input.parse::<Token![:]>()?;
            while !input.peek(syn::token::Brace) && !input.peek(Token![where]) {
                bounds.push_value(input.parse()?);
                if !input.peek(Token![+]) {
                    break;
                }
                bounds.push_punct(input.parse()?);
            }
        }
        let condition: Option<WhereClause> = input.parse()?;
        check::header(&before, &generics, condition.as_ref(), errors);
        let check::Supertraits { send, sync, bases } = check::supertraits(&bounds, errors);
        let body;
        syn::braced!(body in input);
        let mut methods = Vec::new();
        while !body.is_empty() {
            methods.extend(method(&body, &arguments, errors));
        }
        let supertraits = bounds.to_token_stream();
        Ok(Some(Self { arguments, attrs, vis, ident, supertraits, send, sync, bases, methods }))
    }
}

/// What a method looks like.
const METHOD: &str = "write a method as `fn get(&self, key: u64) -> u64;`";

/// Words before `trait` or `fn`.
fn modifiers(input: ParseStream<'_>) -> syn::Result<TokenStream> {
    let mut words = TokenStream::new();
    loop {
        let extern_abi = input.peek(Token![extern]);
        let known = extern_abi
            || input.peek(Token![unsafe])
            || input.peek(Token![async])
            || input.peek(Token![pub])
            || (input.peek(Token![const]) && !input.peek2(Ident))
            || (input.peek(Ident)
                && input.fork().parse::<Ident>().is_ok_and(|word| word == "auto" || word == "safe"));
        if !known {
            return Ok(words);
        }
        let public = input.peek(Token![pub]);
        words.extend(input.parse::<TokenTree>());
        if (public && input.peek(syn::token::Paren)) || (extern_abi && input.peek(LitStr)) {
            words.extend(input.parse::<TokenTree>());
        }
    }
}

/// Reads one item; what is no method, or cannot be read, is noted and skipped.
fn method(input: ParseStream<'_>, arguments: &Arguments, errors: &mut Errors) -> Option<Method> {
    match read_method(input, Some(arguments.version), errors) {
        Ok(method) => method,
        Err(error) => {
            super::unreadable(&error, METHOD, errors);
            skip(input);
            None
        }
    }
}

/// Goes to the end of an item: a `;`, or a body in braces.
fn skip(input: ParseStream<'_>) {
    while let Ok(token) = input.parse::<TokenTree>() {
        match token {
            TokenTree::Punct(punct) if punct.as_char() == ';' => return,
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => return,
            _ => {}
        }
    }
}

fn read_method(
    input: ParseStream<'_>,
    now: Option<Version>,
    errors: &mut Errors,
) -> syn::Result<Option<Method>> {
    let mut attrs = input.call(Attribute::parse_outer)?;
    let words = modifiers(input)?;
    if !input.peek(Token![fn]) {
        let ahead = input.fork();
        let item: TokenStream = (0..2).map_while(|_| ahead.parse::<TokenTree>().ok()).collect();
        let message =
            format!("`{}` is no method, and a contract holds nothing else", print::tokens(item.clone()));
        let help = "an associated type or const cannot cross: make it a method that returns the value, or a concrete type";
        errors.push(Code::P007, &item, message, help);
        skip(input);
        return Ok(None);
    }
    input.parse::<Token![fn]>()?;
    // Any word: in a lock `r#move` stands without its `r#`.
    let ident = input.call(Ident::parse_any)?;
    let mut generics: Generics = input.parse()?;
    let parens;
    syn::parenthesized!(parens in input);
    let receiver = receiver(&parens, &ident, errors)?;
    let mut args = Vec::new();
    while !parens.is_empty() {
        args.extend(arg(&parens, errors)?);
        if !parens.is_empty() {
            parens.parse::<Token![,]>()?;
        }
    }
    let arrow = input.peek(Token![->]);
    if arrow {
        input.parse::<Token![->]>()?;
    }
    let ret: Type = if arrow { input.parse()? } else { syn::parse_quote!(()) };
    generics.where_clause = input.parse()?;
    let body = if input.peek(syn::token::Brace) {
        match input.parse::<TokenTree>()? {
            TokenTree::Group(group) => Some(group),
            _ => None,
        }
    } else {
        input.parse::<Token![;]>()?;
        None
    };
    let (asynchronous, words) = without_async(words);
    check::method(&words, &generics, errors);
    let marks = attributes::MethodMarks::take(&mut attrs, errors);
    let waiting = match (asynchronous, marks.local) {
        (false, false) => Waiting::Blocks,
        (true, false) => Waiting::Async,
        (true, true) => Waiting::Local,
        (false, true) => {
            let message = format!("`{ident}` is `local`, and not `async`");
            errors.push(Code::P002, &ident, message, "remove `#[plugin(local)]`: it speaks of futures");
            Waiting::Blocks
        }
    };
    if asynchronous && marks.nounwind {
        let message = format!("`{ident}` is `nounwind`, and `async`");
        errors.push(
            Code::P002,
            &ident,
            message,
            "remove `#[plugin(nounwind)]`: a future is guarded whenever it is polled",
        );
    }
    if marks.nounwind
        && let Some(arg) = args.iter().find(|arg| can_be_called(&arg.ty))
    {
        let message = format!("`{ident}` is `nounwind`, and can call `{}`", print::type_text(&arg.ty));
        let help = "remove `#[plugin(nounwind)]`: what its caller's own code panics with would end the process there";
        errors.push(Code::P002, &ident, message, help);
    }
    let since = attributes::since(&mut attrs, now, errors);
    let renamed_from = attributes::renamed_from(&mut attrs, errors);
    let role = kernel::role(&mut attrs, errors);
    let (receiver, receiver_tokens) = receiver;
    let signature = String::new();
    let mut method = Method {
        attrs,
        ident,
        receiver,
        receiver_tokens,
        waiting,
        args,
        ret,
        body,
        since,
        renamed_from,
        nounwind: marks.nounwind,
        role,
        signature,
    };
    method.signature = print::signature(&method);
    Ok(Some(method))
}

/// Whether there is code of its sender's in it: an object, a closure, an iterator.
fn can_be_called(ty: &Type) -> bool {
    dynamic(ty).is_some() || parts(ty).into_iter().any(can_be_called)
}

/// Whether `async` is among the words before `fn`, and the others.
fn without_async(words: TokenStream) -> (bool, TokenStream) {
    let is_async = |word: &TokenTree| matches!(word, TokenTree::Ident(word) if word == "async");
    let found = words.clone().into_iter().any(|word| is_async(&word));
    (found, words.into_iter().filter(|word| !is_async(word)).collect())
}

/// Reads the receiver. One that cannot cross is noted and taken for `&self`.
fn receiver(
    input: ParseStream<'_>,
    ident: &Ident,
    errors: &mut Errors,
) -> syn::Result<(Receiver, TokenStream)> {
    let help = "take `&self` or `&mut self`: the host keeps the object";
    let ahead = input.fork();
    let reference = ahead.parse::<Option<Token![&]>>()?.is_some();
    let lifetime = ahead.parse::<Option<Lifetime>>()?;
    let exclusive = ahead.parse::<Option<Token![mut]>>()?.is_some();
    if !ahead.peek(Token![self]) {
        errors.push(Code::P010, ident, format!("`{ident}` has no receiver"), help);
        return Ok((Receiver::Shared, TokenStream::new()));
    }
    let mut tokens = TokenStream::new();
    while !input.is_empty() && !input.peek(Token![,]) {
        tokens.extend(input.parse::<TokenTree>());
    }
    input.parse::<Option<Token![,]>>()?;
    let typed = tokens
        .clone()
        .into_iter()
        .any(|token| matches!(&token, TokenTree::Punct(punct) if punct.as_char() == ':'));
    if !reference || typed || lifetime.is_some() {
        let text = print::tokens(tokens.clone());
        errors.push(Code::P010, &tokens, format!("`{ident}` takes its object as `{text}`"), help);
    }
    Ok((if reference && exclusive { Receiver::Exclusive } else { Receiver::Shared }, tokens))
}

/// Reads one argument. A pattern is noted and left out.
fn arg(input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<Option<Arg>> {
    let attrs = input.call(Attribute::parse_outer)?;
    if let Some(attr) = attrs.first() {
        errors.push(Code::P011, attr, "an attribute on an argument", "remove it: arguments carry none yet");
    }
    let mut pattern = TokenStream::new();
    while !input.is_empty() && !input.peek(Token![:]) {
        pattern.extend(input.parse::<TokenTree>());
    }
    let ident = syn::parse::Parser::parse2(Ident::parse_any, pattern.clone());
    input.parse::<Token![:]>()?;
    let ty = input.parse()?;
    if let Ok(ident) = ident
        && ident != "_"
    {
        if print::plain(&ident).starts_with("__") {
            let message = format!("`{ident}` could be a name of what is generated");
            errors.push(Code::P011, &ident, message, "let the argument's name begin otherwise");
        }
        return Ok(Some(Arg { ident, ty }));
    }
    let message = format!("`{}` is a pattern, not a name", print::tokens(pattern.clone()));
    errors.push(Code::P011, &pattern, message, "give the argument a name and take it apart in the body");
    Ok(None)
}
