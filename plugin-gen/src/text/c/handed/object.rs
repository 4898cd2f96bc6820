//! Objects: their methods, what calls them, and the macros that make objects of this side's own.
//!
//! In: the objects that a contract reaches, each with its contract. Out: typed functions that find a method by its name, and
//! a macro that asks for the methods' implementations and holds their types. It does not know what an object is of.

use plugin_abi::note::Contract;

use crate::text::c::methods::{Method, Methods};
use crate::text::c::names::{Names, heading};
use crate::text::c::plugin;
use crate::text::c::types::{Node, Types};

/// The objects of a contract.
pub(in crate::text::c) struct Objects<'a>(Vec<Object<'a>>);

struct Object<'a> {
    /// As people write it.
    shown: String,
    /// What it is called behind the prefix.
    name: String,
    /// What its macros begin with.
    upper: String,
    contract: &'a Contract,
    methods: Methods,
}

impl<'a> Objects<'a> {
    pub(in crate::text::c) fn new(types: &Types<'a>, names: &mut Names) -> Self {
        let one = |node: Node| {
            let Node::Object(at) = node else { return None };
            let (name, contract) = (types.name(node).to_owned(), types.contract(at)?);
            let methods = Methods::new(types, contract, names, Some(&name));
            let upper = name.to_uppercase();
            for ending in ["object", "class_object", "tables", "id"] {
                names.claim_macro(&format!("{name}_{ending}"));
            }
            Some(Object { shown: types.show(at), name, upper, contract, methods })
        };
        Self(types.handed().filter_map(one).collect())
    }

    pub(in crate::text::c) fn text(&self) -> String {
        if self.0.is_empty() {
            return String::new();
        }
        let objects = self.0.iter().map(Object::text).collect::<String>();
        heading("Objects: how those of others are called, and one's own are made")
            + include_str!("method.h")
            + &objects
    }
}

impl Object<'_> {
    fn text(&self) -> String {
        let all = &self.methods.all;
        let each = |write: &dyn Fn(&Method) -> String| all.iter().map(write).collect::<String>();
        let list = |write: &dyn Fn(&Method) -> String| all.iter().map(write).collect::<Vec<_>>().join(", ");
        let Self { shown, name, upper, contract, .. } = self;
        let mut text = self.methods.each_text();
        for (at, method) in all.iter().enumerate() {
            text += &self.call(at, method);
        }
        text += &format!(
            "/* Objects of one's own, of {shown}, in the file that makes them:\n *\n \
             * @P@_{upper}_OBJECT(name, close, prefix);\n *\n * It defines\n *\n \
             * @p@_{name} name_give(void *object);   moved: close(object) is called once\n \
             * @p@_{name} name_lend(void *object);   lent for a call\n *\n \
             * of an object that is not null, and asks for:\n *\n \
             * void close(void *object);\n{}",
            each(&|method| format!(" * {}\n", plugin::prototype(method))),
        );
        let without = plugin::without(all);
        if !without.is_empty() {
            text += " *\n";
            text += without.trim_end_matches(" *\n");
        }
        text += " */\n\n";
        text += &each(&plugin::shim);
        text += &format!("#define @P@_{upper}_ID {:?}\n\n", contract.id);
        text += &include_str!("tables.h")
            .replace("@params@", &list(&|method| format!("m_{}", method.name)))
            .replace(
                "@shims@\n",
                &each(&|method| {
                    format!("    @P@_SHIM_{}(name_, m_{}) \\\n", plugin::upper(method), method.name)
                }),
            )
            .replace(
                "@rows@\n",
                &each(&|method| format!("        @P@_ROW_{}(name_) \\\n", plugin::upper(method))),
            )
            .replace("@prefixed@", &list(&|method| format!("prefix_##_{}", method.name)))
            .replace("@methods@\n", &each(&plugin::class_method))
            .replace(
                "@class_functions@",
                &list(&|method| format!("@p@_{name}_class<Class>::{}", method.name)),
            )
            .replace("@object@", name)
            .replace("@OBJECT@", upper);
        text
    }

    /// What finds a method of an object, and calls it.
    fn call(&self, at: usize, method: &Method) -> String {
        let Method { base, signature, rust, .. } = method;
        let [low, high] = method.fingerprint;
        let finds = |name: &str| {
            let len = name.len();
            format!(
                "(@p@_{base}_shim *)@p@_plugin_method(object->table, {at}, {name:?}, {len}, UINT64_C({low:#018x}), UINT64_C({high:#018x}));\n"
            )
        };
        let former: String = method
            .renamed_from
            .iter()
            .map(|name| format!("    if (method == NULL) method = {}", finds(name)))
            .collect();
        format!(
            "/* {signature} */\n\
             static inline @p@_status @p@_call_{base}(const @p@_{} *object, {}@p@_{base}_out *out) {{\n    \
             @p@_{base}_shim *method = {}{former}    \
             if (method == NULL) return @P@_STATUS_UNSUPPORTED;\n    \
             return @p@_plugin_taken(method(object->object, {}out), &out->value, sizeof out->value);\n}}\n\n",
            self.name,
            method.params(),
            finds(rust),
            method.send(),
        )
    }
}
