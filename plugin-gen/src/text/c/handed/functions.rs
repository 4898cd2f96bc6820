//! Functions for closures, futures, iterators and streams: what makes, asks, ends and gives back each.
//!
//! In: the types of a contract. Out: inline functions, in two parts: values that hold them are dropped by what the first
//! prints, and they are made of values that what stands between both drops. It does not know objects' methods.

use plugin_abi::describe::Kind;
use plugin_abi::note::TypeIndex;

use super::{params, signature, yielded};
use crate::text::c::methods;
use crate::text::c::types::{Node, Types};

/// What stands before the types: what they are made of.
pub(in crate::text::c) fn before(types: &Types<'_>) -> String {
    let mut text = String::new();
    if types.any(Kind::Sink) {
        text += include_str!("sink.h");
    }
    if types.handed().next().is_some() {
        text += include_str!("handed.h");
    }
    if waits(types) {
        text += include_str!("waker.h");
    }
    text
}

/// Whether there is anything to be polled.
pub(in crate::text::c) fn waits(types: &Types<'_>) -> bool {
    types.handed().any(|node| matches!(node, Node::Future(_) | Node::Stream(_)))
}

/// Whether there are objects.
pub(in crate::text::c) fn has_objects(types: &Types<'_>) -> bool {
    types.handed().any(|node| matches!(node, Node::Object(_)))
}

/// What gives each back, and where each writes.
pub(in crate::text::c) fn drops(types: &Types<'_>) -> String {
    let mut text = String::new();
    if types.any(Kind::Sink) {
        text += include_str!("sink_functions.h");
    }
    if types.handed().next().is_some() {
        text += include_str!("functions.h");
    }
    if waits(types) {
        text += include_str!("waker_functions.h");
    }
    for node in types.handed() {
        let name = types.name(node);
        let given = match node {
            Node::Object(_) => {
                "    if (value->table != NULL && value->table->release != NULL)\n        \
                 @p@_ignore(value->table->release(value->object, &out), &out);\n    value->table = NULL;\n"
            }
            Node::Function(_) => {
                "    if (value->release != NULL) @p@_ignore(value->release(value->object, &out), &out);\n    \
                 value->release = NULL;\n"
            }
            _ => {
                "    if (value->drop != NULL) @p@_ignore(value->drop(value->state, &out), &out);\n    \
                 value->drop = NULL;\n"
            }
        };
        text += &format!(
            "static inline void @p@_drop_{name}(@p@_{name} *value) {{\n    @p@_plugin_destroy_out out;\n{given}}}\n\n"
        );
        if !matches!(node, Node::Object(_)) {
            let value = out_of(types, node);
            text += &format!("union @p@_{name}_out {{\n    {value} value;\n    @p@_string fault;\n}};\n\n");
        }
    }
    text
}

/// What is written when it went well.
fn out_of(types: &Types<'_>, node: Node) -> String {
    match yielded(types, node) {
        Node::Type(at) => types.c(at),
        other => format!("@p@_{}", types.name(other)),
    }
}

/// What makes and asks each.
pub(in crate::text::c) fn text(types: &Types<'_>) -> String {
    types.handed().map(|node| one(types, node)).collect()
}

fn one(types: &Types<'_>, node: Node) -> String {
    let name = types.name(node);
    match node {
        Node::Function(at) => function(types, name, at),
        Node::Future(item) => {
            let poll = asks(name, "poll", "const @p@_waker *waker, ", "waker, ", Asked::Once);
            let ends = methods::ends(types, name, item, "ready");
            poll + &makes(name, "poll", "a future") + &ends.concat() + &ready(types, name, item)
        }
        Node::Stream(item) => {
            let poll = asks(name, "poll", "const @p@_waker *waker, ", "waker, ", Asked::Again);
            poll + &makes(name, "poll", "a stream") + &items(types, name, item)
        }
        Node::Iterator(item) => {
            let next = asks(name, "next", "", "", Asked::Again);
            next + &makes(name, "next", "an iterator") + &items(types, name, item)
        }
        _ => String::new(),
    }
}

/// How often there is something.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asked {
    Once,
    Again,
}

/// What asks, and does not ask again once it has ended.
fn asks(name: &str, ask: &str, param: &str, arg: &str, asked: Asked) -> String {
    let (about, ended, goes_on) = match asked {
        Asked::Once => (
            "/* Polls: pending, or the end. Then it is only to be dropped. */\n",
            "return @p@_refused(out, \"it has ended\");".to_owned(),
            "status != @P@_STATUS_PENDING".to_owned(),
        ),
        Asked::Again => (
            "/* Asks for the next; once there was none, there is none. */\n",
            "{\n        out->value.tag = @P@_NONE;\n        return @P@_STATUS_OK;\n    }".to_owned(),
            match ask {
                "poll" => {
                    "status != @P@_STATUS_PENDING && (status != @P@_STATUS_OK || out->value.tag != @P@_SOME)"
                }
                _ => "status != @P@_STATUS_OK || out->value.tag != @P@_SOME",
            }
            .to_owned(),
        ),
    };
    format!(
        "{about}static inline @p@_status @p@_{ask}_{name}(@p@_{name} *of, {param}@p@_{name}_out *out) {{\n    \
         @p@_status status;\n    if (of->{ask} == NULL) {ended}\n    \
         status = of->{ask}(of->state, {arg}out);\n    if ({goes_on}) of->{ask} = NULL;\n    return status;\n}}\n\n"
    )
}

/// What makes one of functions.
fn makes(name: &str, ask: &str, about: &str) -> String {
    format!(
        "/* Makes {about}: both functions are called with the address of `state`, `drop` once and at the end. */\n\
         static inline @p@_{name} @p@_make_{name}(void *state, @p@_{name}_{ask}_fn *{ask}, @p@_plugin_drop_fn *drop) {{\n    \
         @p@_{name} made;\n    made.state[0] = state;\n    made.state[1] = NULL;\n    made.{ask} = {ask};\n    \
         made.drop = drop;\n    made.origin = @p@_plugin_origin;\n    return made;\n}}\n\n"
    )
}

/// What ends a call that yields: an item, or none.
fn items(types: &Types<'_>, name: &str, item: TypeIndex) -> String {
    let (param, value) = methods::given(types, item);
    format!(
        "static inline @p@_status @p@_{name}_some(@p@_{name}_out *out{param}) {{\n    \
         out->value.tag = @P@_SOME;\n    out->value.value = {value};\n    return @P@_STATUS_OK;\n}}\n\n\
         static inline @p@_status @p@_{name}_end(@p@_{name}_out *out) {{\n    \
         out->value.tag = @P@_NONE;\n    return @P@_STATUS_OK;\n}}\n\n"
    )
}

/// A future whose result is there already.
fn ready(types: &Types<'_>, name: &str, item: TypeIndex) -> String {
    let c = types.c(item);
    let (param, value) = methods::given(types, item);
    let param = if param.is_empty() { "void" } else { param.trim_start_matches(", ") };
    let drop = if types.owns(item) {
        format!("if (state[0] != NULL) @p@_drop_{}(({c} *)state[0]);\n    ", types.short(item))
    } else {
        String::new()
    };
    format!(
        "static inline @p@_status @p@_plugin_poll_{name}(void **state, const @p@_waker *waker, @p@_{name}_out *out) @P@_NOEXCEPT {{\n    \
         (void)waker;\n    if (state[0] == NULL) return @p@_panicked(out, \"it was polled after it was ready\");\n    \
         out->value = *({c} *)state[0];\n    free(state[0]);\n    state[0] = NULL;\n    return @P@_STATUS_OK;\n}}\n\n\
         static inline @p@_status @p@_plugin_drop_{name}(void **state, @p@_plugin_destroy_out *out) @P@_NOEXCEPT {{\n    \
         (void)out;\n    {drop}free(state[0]);\n    return @P@_STATUS_OK;\n}}\n\n\
         /* A future that is ready. */\n\
         static inline @p@_{name} @p@_make_{name}_ready({param}) {{\n    \
         {c} *ptr = ({c} *)@p@_allocate(1, sizeof *ptr);\n    *ptr = {value};\n    \
         return @p@_make_{name}(ptr, @p@_plugin_poll_{name}, @p@_plugin_drop_{name});\n}}\n\n"
    )
}

fn function(types: &Types<'_>, name: &str, at: TypeIndex) -> String {
    let (args, ret) = signature(types, at);
    let handed: String = (0..args.len()).map(|at| format!("_{at}, ")).collect();
    let (params, upper, shown) = (params(types, &args), name.to_uppercase(), types.show(at));
    let mut text = format!(
        "static inline @p@_status @p@_call_{name}(const @p@_{name} *function, {params}@p@_{name}_out *out) {{\n    \
         return @p@_plugin_taken(function->call(function->object, {handed}out), &out->value, sizeof out->value);\n}}\n\n\
         /* Makes a closure: `object` is what `call` gets, and is not null; `release` gives it back, and is null for one that is\n \
         * lent for a call. */\n\
         static inline @p@_{name} @p@_make_{name}(void *object, @p@_{name}_fn *call, @p@_plugin_release_fn *release) {{\n    \
         @p@_{name} made;\n    made.object = object;\n    made.call = call;\n    made.origin = @p@_plugin_origin;\n    \
         made.release = release;\n    return made;\n}}\n\n\
         /* Its `call`, of this name, from a function of one's own, in the same file: @P@_{upper}_CLOSURE(name, function); */\n\
         typedef @p@_status @p@_{name}_body(void *object, {params}@p@_{name}_out *out);\n\n\
         #define @P@_{upper}_CLOSURE(name_, function_) \\\n    \
         @P@_TYPED(function_, @p@_{name}_body, {shown:?}) \\\n    \
         static @p@_status name_##_guarded(void *object, {params}@p@_{name}_out *out) @P@_NOEXCEPT {{ \\\n        \
         @p@_{name}_body *const body = function_; \\\n        \
         @P@_GUARD(return body(object, {handed}out);) \\\n    }} \\\n    \
         static @p@_answer name_(void *object, {params}@p@_{name}_out *out) @P@_NOEXCEPT {{ \\\n        \
         return @p@_plugin_answer(name_##_guarded(object, {handed}out), &out->value, sizeof out->value); \\\n    }} \\\n    \
         static @p@_answer name_(void *object, {params}@p@_{name}_out *out) @P@_NOEXCEPT\n\n"
    );
    text.extend(methods::ends(types, name, ret, "return"));
    text
}
