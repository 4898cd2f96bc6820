//! What a method is to the kernel: `#[hook(xdp)]`, `#[event]`, `#[config]`, `#[table]`, `#[state]`.
//!
//! In: attributes and a method's signature. Out: roles in canonical text, and findings where a kernel program cannot do what is
//! written. What a name stands for it does not know: rustc is asked by the expansion.

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens as _, quote};
use syn::ext::IdentExt as _;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Attribute, GenericArgument, Ident, LitInt, Meta, PathArguments, Token, Type};

use plugin_abi::kernel::{HOOKS, HookKind, hook_kind, is_integer};

use super::check::tokens_text;
use super::{Contract, Method, Waiting, dynamic, print};
use crate::report::{Code, Errors};

/// The names of the attributes.
pub const ATTRIBUTES: [&str; 5] = ["hook", "event", "config", "table", "state"];

/// What a method is to the kernel.
#[derive(Clone)]
pub struct Role {
    /// Which attribute said so.
    pub kind: RoleKind,
    /// Its canonical text: `hook(xdp)`, `table(hash, 1024)`.
    pub text: String,
    /// The attribute's words, for errors.
    pub tokens: TokenStream,
}

impl Role {
    /// What a method under `#[table]` or `#[state]` returns.
    #[must_use]
    pub fn table(&self) -> &'static str {
        if self.text.contains("(percpu") { "PerCpu" } else { "Table" }
    }
}

/// Which attribute a role is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoleKind {
    /// A program that is attached.
    Hook(&'static HookKind),
    /// What the programs tell.
    Event,
    /// Constants that are set before the programs are loaded.
    Config,
    /// A map.
    Table,
    /// A map that survives its programs.
    State,
    /// What could not be read, and was noted: nothing else is said of the method.
    Unreadable,
}

const EXPECTED: &str = "write `#[hook(xdp)]`, `#[event]` or `#[event(perf, capacity = 65536)]`, `#[config]`, `#[table(capacity = 1024)]`, or `#[state(array, capacity = 4)]`";

/// Takes the attribute out of a method's, if there is one.
pub(super) fn role(attrs: &mut Vec<Attribute>, errors: &mut Errors) -> Option<Role> {
    let mut found = None;
    attrs.retain(|attr| {
        let Some(name) = attr.path().get_ident().map(ToString::to_string) else { return true };
        if !ATTRIBUTES.contains(&name.as_str()) {
            return true;
        }
        let role = match name.as_str() {
            "hook" => hook(attr, errors),
            "config" => config(attr, errors),
            name => map(attr, name, errors),
        };
        if found.is_some() {
            errors.push(
                Code::P040,
                attr,
                "a method is one thing to the kernel, and this says another",
                EXPECTED,
            );
        }
        let unreadable =
            || Role { kind: RoleKind::Unreadable, text: String::new(), tokens: attr.to_token_stream() };
        found = found.take().or_else(|| Some(role.unwrap_or_else(unreadable)));
        false
    });
    found
}

/// `hook(xdp)`, or `hook(lsm(file_open))`.
struct Hook {
    name: Ident,
    function: Option<Ident>,
}

impl Parse for Hook {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let name = input.parse()?;
        let mut function = None;
        if input.peek(syn::token::Paren) {
            let content;
            syn::parenthesized!(content in input);
            function = Some(content.call(Ident::parse_any)?);
        }
        Ok(Self { name, function })
    }
}

fn hook(attr: &Attribute, errors: &mut Errors) -> Option<Role> {
    let names = || {
        let shown =
            |kind: &HookKind| format!("{}{}", kind.name, if kind.names_function { "(function)" } else { "" });
        format!("hooks are {}", HOOKS.iter().map(shown).collect::<Vec<_>>().join(", "))
    };
    let Ok(found) = attr.parse_args::<Hook>() else {
        errors.push(Code::P040, attr, "`hook` takes the place where the program is attached", names());
        return None;
    };
    let name = found.name.to_string();
    let Some(kind) = hook_kind(&name) else {
        errors.push(Code::P040, &found.name, format!("`{name}` is no hook that is known"), names());
        return None;
    };
    let text = match (&found.function, kind.names_function) {
        (None, false) => format!("hook({name})"),
        (Some(function), true) => format!("hook({name}({}))", print::plain(function)),
        (None, true) => {
            let (whose, example) = if name == "freplace" {
                ("the function in another program that it takes the place of", "verdict")
            } else {
                ("a function of the kernel's", "file_open")
            };
            let help = format!("name it, as in `#[hook({name}({example}))]`");
            errors.push(Code::P040, &found.name, format!("`{name}` needs {whose}"), help);
            return None;
        }
        (Some(function), false) => {
            let help = format!("write `#[hook({name})]`: where it is attached is said when it is");
            errors.push(Code::P040, function, format!("`{name}` takes no function"), help);
            return None;
        }
    };
    Some(Role { kind: RoleKind::Hook(kind), text, tokens: attr.to_token_stream() })
}

fn config(attr: &Attribute, errors: &mut Errors) -> Option<Role> {
    if !matches!(attr.meta, Meta::Path(_)) {
        errors.push(Code::P040, attr, "`config` takes nothing", "write `#[config]`");
    }
    Some(Role { kind: RoleKind::Config, text: "config".to_owned(), tokens: attr.to_token_stream() })
}

/// `hash`, or `capacity = 1024`.
enum Word {
    Kind(Ident),
    Capacity(LitInt),
}

impl Parse for Word {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let name: Ident = input.parse()?;
        if name == "capacity" {
            input.parse::<Token![=]>()?;
            return Ok(Self::Capacity(input.parse()?));
        }
        Ok(Self::Kind(name))
    }
}

fn map(attr: &Attribute, name: &str, errors: &mut Errors) -> Option<Role> {
    let (kind, kinds, default) = match name {
        "event" => (RoleKind::Event, &["ring", "perf"][..], 262_144),
        "state" => (RoleKind::State, &["hash", "array", "lru", "percpu", "percpu_array"][..], 1024),
        _ => (RoleKind::Table, &["hash", "array", "lru", "percpu", "percpu_array", "policy"][..], 1024),
    };
    let words = match &attr.meta {
        Meta::Path(_) => Punctuated::new(),
        _ => match attr.parse_args_with(Punctuated::<Word, Token![,]>::parse_terminated) {
            Ok(words) => words,
            Err(error) => {
                errors.push(Code::P040, attr, format!("cannot read this attribute: {error}"), EXPECTED);
                return None;
            }
        },
    };
    let (mut carried, mut capacity) = (None, None);
    for word in words {
        match word {
            Word::Kind(kind) if carried.is_none() && kinds.iter().any(|known| kind == known) => {
                carried = Some(kind.to_string());
            }
            Word::Kind(other) => {
                let message = format!("`{other}` is unknown here, or says it twice");
                errors.push(Code::P040, &other, message, format!("write one of {}", kinds.join(", ")));
            }
            Word::Capacity(number) if capacity.is_none() => match number.base10_parse::<u32>() {
                Ok(found) if fits(kind, found) => capacity = Some(found),
                _ => {
                    let help = match kind {
                        RoleKind::Event => {
                            "a ring's bytes are a power of two, from 4096 to 536870912: whole pages, so that it has no end"
                        }
                        _ => "write how many entries there may be, from 1 to 1073741823",
                    };
                    errors.push(Code::P040, &number, format!("a capacity of {number}"), help);
                }
            },
            Word::Capacity(number) => errors.push(Code::P040, &number, "`capacity` is given twice", EXPECTED),
        }
    }
    let carried = carried.unwrap_or_else(|| kinds[0].to_owned());
    let text = format!("{name}({carried}, {})", capacity.unwrap_or(default));
    Some(Role { kind, text, tokens: attr.to_token_stream() })
}

/// In BTF a capacity is the length of an array of C's `int`s, whose bytes the kernel counts in 32 bits.
fn fits(kind: RoleKind, capacity: u32) -> bool {
    let in_btf = (1..=u32::MAX / 4).contains(&capacity);
    in_btf && (kind != RoleKind::Event || capacity >= 4096 && capacity.is_power_of_two())
}

/// Whether a kernel program may carry the contract: one of its methods says so.
#[must_use]
pub fn is_kernel(contract: &Contract) -> bool {
    contract.methods.iter().any(|method| method.role.is_some())
}

/// Every type of a method that the kernel side holds too; empty where its shape was refused.
#[must_use]
pub fn kernel_types(method: &Method) -> Vec<&Type> {
    let table = method.role.as_ref().map_or("Table", Role::table);
    match method.role.as_ref().map(|role| role.kind) {
        Some(RoleKind::Hook(_) | RoleKind::Unreadable) => Vec::new(),
        Some(RoleKind::Event) => generic(&method.ret, "Events"),
        Some(RoleKind::Table | RoleKind::State) => generic(&method.ret, table),
        Some(RoleKind::Config) | None => {
            let ret = (print::type_text(&method.ret) != "()").then_some(&method.ret);
            method.args.iter().map(|arg| &arg.ty).chain(ret).collect()
        }
    }
}

/// What stands between the brackets of `Table<Key, Action>`.
fn generic<'a>(ty: &'a Type, name: &str) -> Vec<&'a Type> {
    let Type::Path(path) = dynamic::plain_type(ty) else { return Vec::new() };
    let Some(last) = path.path.segments.last().filter(|last| last.ident == name) else { return Vec::new() };
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return Vec::new() };
    let ty = |argument: &'a GenericArgument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    };
    arguments.args.iter().filter_map(ty).collect()
}

/// What a kernel program cannot do: asked only of contracts that one may carry.
pub(super) fn check(contract: &Contract, errors: &mut Errors) {
    if !is_kernel(contract) {
        return;
    }
    for base in &contract.bases {
        let message = format!(
            "`{}` has hooks, events, constants or tables, and is built on another contract",
            contract.ident
        );
        let help = "put the other's methods into this one: an object has one program or map a name, and no tables of methods";
        errors.push(Code::P042, base, message, help);
    }
    for method in &contract.methods {
        if method.waiting != Waiting::Blocks {
            let message = format!("`{}` is `async`, and a kernel program cannot wait", method.ident);
            let help = "return at once, and tell what comes later by an `#[event]`; or put the method into a contract of its own";
            errors.push(Code::P042, &method.ident, message, help);
            continue;
        }
        if method.role.is_none() && is_unsaid(method, errors) {
            continue;
        }
        let before = shape(method, errors);
        if before {
            for ty in kernel_types(method) {
                data(ty, errors);
            }
        }
    }
}

/// Whether a method returns what an attribute would make of it, and has none.
fn is_unsaid(method: &Method, errors: &mut Errors) -> bool {
    let wanted = [
        ("Events", 1, "it returns events", "put `#[event]` above it"),
        (
            "Table",
            2,
            "it returns a table",
            "put `#[table]` above it, or `#[state]` where it survives its programs",
        ),
        (
            "PerCpu",
            2,
            "it returns a table of each processor",
            "put `#[table(percpu)]` above it, or `#[state(percpu)]`",
        ),
    ];
    let found = wanted.iter().find(|(name, count, ..)| generic(&method.ret, name).len() == *count);
    let Some((.., what, help)) = found else { return false };
    let message = format!("nothing says what `{}` is to the kernel, and {what}", print::plain(&method.ident));
    errors.push(Code::P041, &method.ident, message, *help);
    true
}

/// Whether a method looks as its attribute says.
fn shape(method: &Method, errors: &mut Errors) -> bool {
    let Some(role) = &method.role else { return true };
    let name = print::plain(&method.ident);
    let args: Vec<_> = method.args.iter().map(|arg| print::type_text(&arg.ty)).collect();
    let ret = print::type_text(&method.ret);
    let (fits, expected) = match role.kind {
        RoleKind::Hook(kind) => {
            let wanted: &[&str] = if kind.takes_packet { &["&[u8]"] } else { &[] };
            let what = if kind.takes_packet { ", packet: &[u8]" } else { "" };
            (
                args == wanted && matches!(ret.as_str(), "u32" | "i32"),
                format!("fn {name}(&self{what}) -> u32"),
            )
        }
        RoleKind::Unreadable => return false,
        RoleKind::Event => (
            args.is_empty() && generic(&method.ret, "Events").len() == 1,
            format!("fn {name}(&self) -> Events<Happened>"),
        ),
        RoleKind::Table | RoleKind::State => (
            args.is_empty() && generic(&method.ret, role.table()).len() == 2,
            format!("fn {name}(&self) -> {}<Key, Value>", role.table()),
        ),
        RoleKind::Config => (args.is_empty() && ret != "()", format!("fn {name}(&self) -> Limits")),
    };
    if !fits {
        let head = role.text.split('(').next().unwrap_or_default().to_owned();
        let message = format!("`{name}` is not what `#[{head}]` stands on: `{}`", method.signature);
        errors.push(Code::P041, &method.ident, message, format!("write `{expected}`"));
    }
    // Aliases are left to whoever prints the header.
    if fits && (role.text.contains("(array,") || role.text.contains("(percpu_array,")) {
        let key =
            generic(&method.ret, role.table()).first().map(|key| print::type_text(key)).unwrap_or_default();
        if is_integer(&key) && key != "u32" {
            let message = format!("`{name}` is an array, and its keys are `{key}`");
            errors.push(
                Code::P041,
                &method.ret,
                message,
                "write `u32`: an array's keys are 0 up to its capacity",
            );
            return false;
        }
    }
    if let (true, Some(body)) = (fits && !matches!(role.kind, RoleKind::Hook(_)), &method.body) {
        let message = format!("`{name}` has a default body, and is data");
        let help = "leave the body out: what an older object lacks, its contract's version says";
        let at: TokenStream = [TokenTree::from(body.clone())].into_iter().collect();
        errors.push(Code::P041, &at, message, help);
        return false;
    }
    fits
}

/// A type that stands in a kernel program, as far as its words tell.
fn data(ty: &Type, errors: &mut Errors) {
    let text = print::type_text(ty);
    let help = match dynamic::plain_type(ty) {
        Type::Array(array) => return data(&array.elem, errors),
        Type::Path(path) => {
            let last = path.path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default();
            match last.as_str() {
                name if is_integer(name) => return,
                "usize" | "isize" => "write `u64` or `i64`: how wide it is depends on who compiles it",
                "u128" | "i128" => {
                    "write two `u64`s in a plain struct: no program has registers of that size"
                }
                "f32" | "f64" => {
                    "write an integer, in thousandths say: programs cannot compute with fractions"
                }
                "bool" => "write `u8`, which is 0 or 1: whatever byte a program writes must be a value",
                "char" => "write `u32`: whatever a program writes must be a value",
                "String" | "str" | "PathBuf" | "Path" | "Text" => {
                    "write an array of bytes, as in `[u8; 16]`: a program has no memory of its own"
                }
                "Vec" | "Box" | "Arc" | "HashMap" | "BTreeMap" | "HashSet" | "BTreeSet" | "Buf" => {
                    "write an array, or let it be a `#[table]`: a program has no memory of its own"
                }
                "Option" | "Result" => "write a plain struct with a number that says which it is",
                _ if matches!(
                    path.path.segments.last().map(|last| &last.arguments),
                    Some(PathArguments::None)
                ) =>
                {
                    return;
                }
                _ => "write integers, arrays of them, or a struct with `#[plugin(plain)]`",
            }
        }
        Type::Reference(_) => "take it by value: a program shares no memory with its caller",
        _ => "write integers, arrays of them, or a struct with `#[plugin(plain)]`",
    };
    errors.push(Code::P042, ty, format!("a kernel program cannot hold `{text}`"), help);
}

/// The words of a role, or of the method where none are written.
pub(crate) fn role_tokens(method: &Method) -> TokenStream {
    match &method.role {
        Some(role) => role.tokens.clone(),
        None => {
            let ident = &method.ident;
            quote!(#ident)
        }
    }
}

/// What only rustc can tell of a type: the sentence that it fails with.
#[must_use]
pub fn data_message(ty: &Type) -> String {
    let text = tokens_text(ty);
    format!(
        "[P042] a kernel program cannot hold `{text}`\nhelp: it can hold integers of up to 64 bits, arrays, and structs with `#[plugin(plain)]` made of them"
    )
}
