//! The two ends of a call: the macros that make a plugin, in C and C++, and what a host calls.
//!
//! In: methods, and the record for the note. Out: macros and inline functions. It does not know any plugin: name,
//! version and functions are the macros' arguments.

use plugin_abi::name::NOTE_SECTION;
use plugin_abi::note::{self, Record};

use super::assembler;
use super::methods::{Argument, Method, Methods};

pub(super) fn text(methods: &Methods, record: &Record, hands_over: bool) -> String {
    let all = &methods.all;
    let each = |write: &dyn Fn(&Method) -> String| all.iter().map(write).collect::<String>();
    let list = |write: &dyn Fn(&Method) -> String| all.iter().map(write).collect::<Vec<_>>().join(", ");
    let mut text = include_str!("plugin.h")
        .replace("@functions@", &each(&|method| format!(" * {}\n", prototype(method))))
        .replace("@without@", &without(all));
    text += &each(&shim);
    text += &include_str!("entry.h")
        .replace("@params@", &list(&|method| format!("m_{}", method.name)))
        .replace(
            "@shims@\n",
            &each(&|method| format!("    @P@_SHIM_{}(@p@, m_{}) \\\n", upper(method), method.name)),
        )
        .replace("@rows@\n", &each(&|method| format!("        @P@_ROW_{}(@p@) \\\n", upper(method))))
        .replace("@named@", if hands_over { "        @p@_plugin_self = @p@_lend(#name); \\\n" } else { "" });
    let handed = list(&|method| format!("prefix##_{}", method.name));
    text += &format!(
        "#define @P@_PLUGIN(name, version, open, close, prefix) \\\n    @P@_EXPORT(name, version, open, close, {handed})\n\n"
    );
    let prototypes =
        each(&|method| format!(" \\\n    @P@_C @p@_{}_fn prefix##_{};", method.base, method.name));
    text += &format!(
        "#define @P@_PROTOTYPES(open, close, prefix) \\\n    \
         @P@_C void *open(const @p@_plugin_context *, @p@_string *); \\\n    @P@_C void close(void *);{}\n\n",
        prototypes.trim_end_matches(';')
    );
    text += &include_str!("note.h")
        .replace("@section@", NOTE_SECTION)
        .replace("@note_revision@", &note::REVISION.to_string())
        .replace("@content@\n", &assembler::content(record));
    text += &include_str!("class.h")
        .replace("@functions@", &each(&|method| format!(" * {}\n", class_prototype(method))))
        .replace("@methods@\n", &each(&class_method))
        .replace(
            "@class_functions@",
            &format!("        {}", list(&|method| format!("@p@_plugin_class<Class>::{}", method.name))),
        );
    text += &include_str!("host.h").replace("@binds@\n", &each(&bind)).replace("@calls@\n", &each(&call));
    text
}

pub(super) fn upper(method: &Method) -> String {
    method.base.to_uppercase()
}

/// What the implementation of a method looks like.
pub(super) fn prototype(method: &Method) -> String {
    let Method { name, base, .. } = method;
    format!("@p@_status prefix_{name}(void *self, {}@p@_{base}_out *out);", method.params())
}

fn class_prototype(method: &Method) -> String {
    let ret = if method.is_unit { "void" } else { &method.ret };
    format!("{ret} {}({});", method.name, method.params().trim_end_matches(", "))
}

/// How a method with a default body is left out.
pub(super) fn without(all: &[Method]) -> String {
    let optional: Vec<_> = all.iter().filter(|method| method.optional).collect();
    if optional.is_empty() {
        return String::new();
    }
    let each: Vec<_> = optional.iter().map(|method| format!("@P@_WITHOUT_{}", upper(method))).collect();
    format!(
        " * Not all are needed: defined before this header, {} leaves its method out, and the host runs the default body.\n *\n",
        each.join(" or ")
    )
}

/// What stands between the host and the implementation of a method: its type is held, and nothing is thrown through.
pub(super) fn shim(method: &Method) -> String {
    let Method { base, signature, rust, .. } = method;
    let [low, high] = method.fingerprint;
    let upper = upper(method);
    let without = format!(
        "#ifdef @P@_WITHOUT_{upper}\n#define @P@_SHIM_{upper}(scope_, shimmed_)\n#define @P@_ROW_{upper}(scope_)\n#else\n"
    );
    // An older side asks for the names that the method had.
    let names = [rust].into_iter().chain(&method.renamed_from);
    let rows: String = names
        .map(|name| {
            format!(
                " \\\n    {{{{{name:?}, {}}}, {{UINT64_C({low:#018x}), UINT64_C({high:#018x})}}, (@p@_plugin_code)scope_##_shim_{base}}},",
                name.len()
            )
        })
        .collect();
    let (before, after) = if method.optional { (without.as_str(), "#endif\n") } else { ("", "") };
    format!(
        "{before}#define @P@_SHIM_{upper}(scope_, shimmed_) \\\n    \
         @P@_TYPED(shimmed_, @p@_{base}_fn, {signature:?}) \\\n    \
         static @p@_status scope_##_guarded_{base}(void *self, {params}@p@_{base}_out *out) @P@_NOEXCEPT {{ \\\n        \
         @p@_{base}_fn *const call = shimmed_; \\\n        \
         @P@_GUARD(return call(self, {args}out);) \\\n    }} \\\n    \
         static @p@_answer scope_##_shim_{base}(void *self, {crossing}@p@_{base}_out *out) @P@_NOEXCEPT {{ \\\n        \
         return @p@_plugin_answer(scope_##_guarded_{base}(self, {taken}out), &out->value, sizeof out->value); \\\n    }}\n\
         #define @P@_ROW_{upper}(scope_){rows}\n{after}\n",
        params = method.params(),
        crossing = method.crossing(),
        args = method.hand_on(),
        taken = method.take(),
    )
}

pub(super) fn class_method(method: &Method) -> String {
    let Method { name, base, ret, signature, .. } = method;
    let exactly = |Argument { name, ty, .. }: &Argument| format!("@p@_plugin_exactly<{ty}>{{{name}}}");
    let args = method.args.iter().map(exactly).collect::<Vec<_>>().join(", ");
    let call = format!("static_cast<Class *>(self)->{name}({args})");
    let body = if method.is_unit {
        let check = format!("static_assert(std::is_void<decltype({call})>::value, {signature:?});");
        format!("{check}\n        {call};\n        out->value = 0;")
    } else {
        format!("out->value = @p@_plugin_returned<{ret}>({call});")
    };
    format!(
        "    static @p@_status {name}(void *self, {}@p@_{base}_out *out) {{\n        {body}\n        \
         return @P@_STATUS_OK;\n    }}\n\n",
        method.params()
    )
}

fn bind(method: &Method) -> String {
    let Method { name, base, rust, .. } = method;
    let [low, high] = method.fingerprint;
    let find = |name: &str, optional: bool| {
        format!(
            "(@p@_{base}_shim *)@p@_plugin_find(plugin, table, {name:?}, UINT64_C({low:#018x}),\n        UINT64_C({high:#018x}), {});\n",
            u8::from(optional)
        )
    };
    // An older plugin knows it by a former name; the one of now is what is missed.
    let mut text = String::new();
    for former in &method.renamed_from {
        text += &format!(
            "    if (plugin->methods.{name} == NULL) plugin->methods.{name} = {}",
            find(former, true)
        );
    }
    let optional = method.optional || !text.is_empty();
    let mut text = format!("    plugin->methods.{name} = {}{text}", find(rust, optional));
    if optional && !method.optional {
        text += &format!(
            "    if (plugin->methods.{name} == NULL && plugin->why[0] == '\\0') @p@_plugin_fail(plugin, \"the plugin has no method \", {rust:?});\n"
        );
    }
    text
}

fn call(method: &Method) -> String {
    let Method { name, base, signature, .. } = method;
    format!(
        "/* {signature} */\nstatic inline @p@_status @p@_call_{base}(@p@_plugin *plugin, {}@p@_{base}_out *out) {{\n    \
         if (!@p@_plugin_enter(plugin)) return @p@_refused(out, \"it panicked before\");\n    \
         if (plugin->methods.{name} == NULL) return @P@_STATUS_UNSUPPORTED;\n    \
         return @p@_plugin_leave(plugin, @p@_plugin_taken(plugin->methods.{name}(plugin->object, {}out), &out->value, sizeof out->value));\n}}\n\n",
        method.params(),
        method.send()
    )
}
