//! The methods of a contract: the type of each, where it writes, and how it ends.
//!
//! In: a contract and its types. Out: a typed function, an out union and small helpers for each method, and the struct of
//! them all. It does not know who calls them.

use plugin_abi::describe::{Kind, Waiting};
use plugin_abi::note::{Contract, TypeIndex};

use super::names::{Names, declared, heading, ident};
use super::types::{Node, Types};

/// A method.
pub(super) struct Method {
    /// Its name in Rust.
    pub(super) rust: String,
    /// What it was called once.
    pub(super) renamed_from: Vec<String>,
    /// Its name as a member, and behind an implementation's prefix.
    pub(super) name: String,
    /// What its own names begin with.
    pub(super) base: String,
    /// Its signature.
    pub(super) signature: String,
    /// What it is called with.
    pub(super) args: Vec<Argument>,
    /// Whether it returns `()`.
    pub(super) is_unit: bool,
    /// What its result is in C.
    pub(super) ret: String,
    /// Its fingerprint, low half first.
    pub(super) fingerprint: [u64; 2],
    /// Whether a plugin may lack it.
    pub(super) optional: bool,
    /// The version that brought it.
    since: String,
    ends: Vec<String>,
}

/// An argument.
pub(super) struct Argument {
    pub(super) name: String,
    /// Its type in C.
    pub(super) ty: String,
    /// Whether it crosses as a pointer: it stays where it is, and is copied there.
    stays: bool,
}

/// The methods of a contract.
pub(super) struct Methods {
    pub(super) all: Vec<Method>,
}

impl Methods {
    /// Those of the header's own contract, or those of an object of this name.
    pub(super) fn new(
        types: &Types<'_>,
        contract: &Contract,
        names: &mut Names,
        object: Option<&str>,
    ) -> Self {
        let one = |method: &plugin_abi::note::Method| {
            let name = ident(&method.name);
            let plain = ident(&method.name).trim_end_matches('_').to_owned();
            let plain = object.map_or_else(|| plain.clone(), |object| format!("{object}_{plain}"));
            let base =
                names.claim_all(&plain, "method", &["fn", "shim", "out", "ok", "err", "return", "ready"]);
            let arg = |(at, arg): (usize, &plugin_abi::note::Member)| {
                let name = match ident(&arg.name) {
                    name if name.is_empty() => format!("_{at}"),
                    // What the functions around it call their own.
                    name if ["self", "out", "call", "plugin", "object", "method", "shimmed_", "scope_"]
                        .contains(&name.as_str()) =>
                    {
                        format!("{name}_")
                    }
                    name => name,
                };
                Argument { name, ty: types.c(arg.ty), stays: types.ty(arg.ty).kind == Kind::Sink }
            };
            let waits = method.waiting != Waiting::Blocks;
            let mut made = Method {
                rust: method.name.clone(),
                renamed_from: method.renamed_from.clone(),
                name,
                base,
                signature: method.signature.replace("*/", "* /"),
                args: method.args.iter().enumerate().map(arg).collect(),
                is_unit: types.short(method.ret) == "unit" && !waits,
                ret: match waits {
                    false => types.c(method.ret),
                    true => format!("@p@_{}", types.name(Node::Future(method.ret))),
                },
                fingerprint: method.fingerprint.halves(),
                optional: method.optional,
                since: method.since.clone(),
                ends: Vec::new(),
            };
            made.ends = match waits {
                false => ends(types, &made.base, method.ret, "return"),
                true => futures(types, &made, method.ret),
            };
            made
        };
        Self { all: contract.methods.iter().map(one).collect() }
    }

    pub(super) fn text(&self) -> String {
        let mut text =
            heading("Methods: how a plugin implements them, and a host calls them") + &self.each_text();
        text += "/* All of them. */\ntypedef struct @p@_methods {\n";
        for Method { name, base, .. } in &self.all {
            text += &format!("    @p@_{base}_shim *{name};\n");
        }
        text + "} @p@_methods;\n\n"
    }

    /// Each without the struct of them all.
    pub(super) fn each_text(&self) -> String {
        self.all.iter().map(Method::text).collect()
    }
}

impl Method {
    /// Parameters between the object and the place of the result, as people write them.
    pub(super) fn params(&self) -> String {
        self.args.iter().map(|Argument { name, ty, .. }| format!("{}, ", declared(ty, name))).collect()
    }

    /// The same, as they cross.
    pub(super) fn crossing(&self) -> String {
        let one = |Argument { name, ty, stays }: &Argument| match stays {
            true => format!("const {ty} *{name}, "),
            false => format!("{}, ", declared(ty, name)),
        };
        self.args.iter().map(one).collect()
    }

    /// The arguments, handed on.
    pub(super) fn hand_on(&self) -> String {
        self.hand("")
    }

    /// The same, to what they cross to.
    pub(super) fn send(&self) -> String {
        self.hand("&")
    }

    /// The same, of what crossed.
    pub(super) fn take(&self) -> String {
        self.hand("*")
    }

    fn hand(&self, how: &str) -> String {
        let one = |arg: &Argument| format!("{}{}, ", if arg.stays { how } else { "" }, arg.name);
        self.args.iter().map(one).collect()
    }

    fn text(&self) -> String {
        let Self { base, signature, ret, .. } = self;
        let since = if self.since.is_empty() { String::new() } else { format!(", since {}", self.since) };
        let optional = if self.optional { "; a plugin may lack it" } else { "" };
        let mut text = format!(
            "/* {signature}{since}{optional} */\ntypedef union @p@_{base}_out {{\n    {ret} value;\n    @p@_string fault;\n}} @p@_{base}_out;\n\n\
             typedef @p@_status @p@_{base}_fn(void *self, {params}@p@_{base}_out *out);\n\
             typedef @p@_answer @p@_{base}_shim(void *self, {crossing}@p@_{base}_out *out);\n\n",
            params = self.params(),
            crossing = self.crossing(),
        );
        text.extend(self.ends.iter().map(String::as_str));
        text
    }
}

/// The parameter for a value behind others, and what is written of it: of `()` there is nothing to say.
pub(super) fn given(types: &Types<'_>, at: TypeIndex) -> (String, &'static str) {
    if types.short(at) == "unit" {
        (String::new(), "0")
    } else {
        (format!(", {}", declared(&types.c(at), "value")), "value")
    }
}

/// The functions that write a result and say so: one of this name, or two of a `Result`.
pub(super) fn ends(types: &Types<'_>, base: &str, ret: TypeIndex, name: &str) -> Vec<String> {
    let function = |name: &str, param: &str, lines: &str| {
        format!(
            "static inline @p@_status @p@_{base}_{name}(@p@_{base}_out *out{param}) {{\n{lines}    return @P@_STATUS_OK;\n}}\n\n"
        )
    };
    if types.ty(ret).kind != Kind::Result {
        let (param, value) = given(types, ret);
        return vec![function(name, &param, &format!("    out->value = {value};\n"))];
    }
    ["ok", "err"]
        .iter()
        .zip(&types.ty(ret).members)
        .map(|(name, member)| {
            let (param, value) = given(types, member.ty);
            let tag = name.to_uppercase();
            let lines = format!("    out->value.tag = @P@_{tag};\n    out->value.as.{name} = {value};\n");
            function(name, &param, &lines)
        })
        .collect()
}

/// The same for a method that waits: a future, or what is there already.
fn futures(types: &Types<'_>, method: &Method, ret: TypeIndex) -> Vec<String> {
    let Method { base, ret: future, .. } = method;
    let (param, value) = given(types, ret);
    let (made, value) = (types.name(Node::Future(ret)), if param.is_empty() { "" } else { value });
    let function = |name: &str, param: &str, value: &str| {
        format!(
            "static inline @p@_status @p@_{base}_{name}(@p@_{base}_out *out{param}) {{\n    out->value = {value};\n    \
             return @P@_STATUS_OK;\n}}\n\n"
        )
    };
    vec![
        function("return", &format!(", {future} value"), "value"),
        function("ready", &param, &format!("@p@_make_{made}_ready({value})")),
    ]
}
