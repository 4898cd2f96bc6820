//! Values: how each is made, and how its receiver gives it back.
//!
//! In: the types of a contract. Out: inline functions. Who receives a value drops it; what lies in a box is dropped by
//! the side that made it, so a function that makes one also prints what gives it back.

use std::collections::BTreeSet;

use plugin_abi::describe::Kind;
use plugin_abi::note::{Member, TypeIndex};

use super::names::{Names, declared, ident, snake};
use super::shape::Mutability;
use super::types::{Node, Types};

/// Prints a function that makes a value: its name, its parameters, what it does with `made`.
type Function<'a> = &'a mut dyn FnMut(&str, &[String], &[String]) -> String;

/// The functions of all types.
pub(super) struct Memory<'a> {
    types: &'a Types<'a>,
    text: String,
    dropped: BTreeSet<TypeIndex>,
    declared: BTreeSet<TypeIndex>,
}

impl<'a> Memory<'a> {
    pub(super) fn new(types: &'a Types<'a>, names: &mut Names) -> Self {
        let mut memory =
            Self { types, text: String::new(), dropped: BTreeSet::new(), declared: BTreeSet::new() };
        for at in types.all().chain(types.read()) {
            memory.drop(at, &mut BTreeSet::new());
        }
        for at in types.all() {
            memory.make(at, names);
        }
        memory
    }

    pub(super) fn text(self) -> String {
        self.text
    }

    fn c(&self, at: TypeIndex) -> String {
        self.types.c(at)
    }

    /// The statement that drops a value, if there is anything to drop.
    fn dropping(&self, at: TypeIndex, place: &str) -> Option<String> {
        self.types.owns(at).then(|| format!("@p@_drop_{}(&{place});", self.types.short(at)))
    }

    /// Prints the function that drops such a value, behind those that it calls.
    fn drop(&mut self, at: TypeIndex, begun: &mut BTreeSet<TypeIndex>) {
        let ty = self.types.ty(at);
        // What is handed over is given back by functions that stand before these.
        let others = ty.kind == Kind::String || self.types.node(at) != Node::Type(at);
        if !self.types.owns(at) || others || self.dropped.contains(&at) {
            return;
        }
        let name = self.types.short(at).to_owned();
        let value = declared(&self.c(at), "*value");
        let head = format!("static inline void @p@_drop_{name}({value})");
        if !begun.insert(at) {
            if self.declared.insert(at) {
                self.text += &format!("{head};\n\n");
            }
            return;
        }
        // A box is dropped by the side that made it: that function is the sender's.
        let fields = ty.variants.iter().flat_map(|variant| &variant.fields);
        for part in ty.members.iter().chain(fields) {
            self.drop(part.ty, begun);
        }
        self.dropped.insert(at);
        let mut lines = Vec::new();
        match ty.kind {
            Kind::Slice | Kind::Vec | Kind::Set | Kind::Map | Kind::Std => self.drop_vector(at, &mut lines),
            Kind::Reference => self.drop_referent(at, &mut lines),
            Kind::Box | Kind::Open | Kind::Sized => {
                lines.push("if (value->release != NULL) value->release(value->ptr, 0);".to_owned());
            }
            Kind::Option => {
                let value = self.dropping(ty.members[0].ty, "value->value").unwrap_or_default();
                lines.push(format!("if (value->tag == @P@_SOME) {value}"));
            }
            Kind::Result => {
                for (tag, field, member) in [("OK", "ok", 0), ("ERR", "err", 1)] {
                    let drop = self.dropping(ty.members[member].ty, &format!("value->as.{field}"));
                    lines.extend(drop.map(|drop| format!("if (value->tag == @P@_{tag}) {drop}")));
                }
            }
            Kind::Array => {
                let item = self.dropping(ty.members[0].ty, "value->items[at]").unwrap_or_default();
                lines.push("size_t at;".to_owned());
                lines.push(format!("for (at = 0; at < {}; at++) {item}", ty.name));
            }
            Kind::Enum => self.drop_enum(at, &mut lines),
            _ => {
                for (number, member) in ty.members.iter().enumerate() {
                    let field =
                        if ty.kind == Kind::Tuple { format!("_{number}") } else { ident(&member.name) };
                    lines.extend(self.dropping(member.ty, &format!("value->{field}")));
                }
            }
        }
        let lines: String = lines.iter().map(|line| format!("    {line}\n")).collect();
        self.text += &format!("{head} {{\n{lines}}}\n\n");
    }

    fn drop_vector(&self, at: TypeIndex, lines: &mut Vec<String>) {
        let ty = self.types.ty(at);
        let fields: &[&str] = if ty.kind == Kind::Map { &[".key", ".value"] } else { &[""] };
        let drops = ty.members.iter().zip(fields);
        // What lies in a slice is as constant as what a reference points to, and no less the receiver's.
        let item = if ty.kind == Kind::Slice {
            format!("(({} *)value->ptr)[at]", self.c(ty.members[0].ty))
        } else {
            "value->ptr[at]".to_owned()
        };
        let drops = drops.filter_map(|(part, field)| self.dropping(part.ty, &format!("{item}{field}")));
        let drops = drops.collect::<Vec<_>>().join(" ");
        if !drops.is_empty() {
            lines.push("size_t at;".to_owned());
            lines.push(format!("for (at = 0; at < value->len; at++) {{ {drops} }}"));
        }
        if ty.kind != Kind::Slice {
            lines.push("if (value->free != NULL) value->free(value->ptr, value->cap);".to_owned());
        }
    }

    /// Drops what a reference points to; what is changed by now is its sender's.
    fn drop_referent(&self, at: TypeIndex, lines: &mut Vec<String>) {
        let Some((behind, mutability)) = self.types.referent(at) else { return };
        let name = self.types.short(behind);
        lines.push(match mutability {
            Mutability::Read => format!("@p@_drop_{name}(({} *)*value);", self.c(behind)),
            Mutability::Changed => {
                format!("if ((*value)->changed == 0) @p@_drop_{name}(&(*value)->value);")
            }
        });
    }

    fn drop_enum(&self, at: TypeIndex, lines: &mut Vec<String>) {
        lines.push("switch (value->tag) {".to_owned());
        for (number, variant) in self.types.ty(at).variants.iter().enumerate() {
            let place = format!("value->as.{}", ident(&snake(&variant.name)));
            let drops: Vec<_> = variant
                .fields
                .iter()
                .filter_map(|field| {
                    let direct = variant.fields.len() == 1 && field.name == "0";
                    let place =
                        if direct { place.clone() } else { format!("{place}.{}", ident(&field.name)) };
                    self.dropping(field.ty, &place)
                })
                .collect();
            if !drops.is_empty() {
                let tag = self.types.name(Node::Variant(at, number)).to_uppercase();
                lines.push(format!("case @P@_{tag}: {} break;", drops.join(" ")));
            }
        }
        lines.push("default: break;".to_owned());
        lines.push("}".to_owned());
    }

    /// Prints the functions that make such a value.
    fn make(&mut self, at: TypeIndex, names: &mut Names) {
        let (ty, name, c) = (self.types.ty(at), self.types.short(at).to_owned(), self.c(at));
        let mut function = |name: &str, params: &[String], lines: &[String]| {
            let name = names.claim(&format!("make_{name}"));
            let params = if params.is_empty() { "void".to_owned() } else { params.join(", ") };
            let lines: String = lines.iter().map(|line| format!("    {line}\n")).collect();
            format!(
                "static inline {c} @p@_{name}({params}) {{\n    {c} made;\n    memset(&made, 0, sizeof made);\n\
                 {lines}    return made;\n}}\n\n"
            )
        };
        let line = str::to_owned;
        let text = match ty.kind {
            Kind::Slice => {
                let element = self.types.c(ty.members[0].ty);
                let params = [format!("const {element} *ptr"), line("size_t len")];
                function(&name, &params, &[line("made.ptr = ptr;"), line("made.len = len;")])
            }
            Kind::SliceMut => {
                let element = self.types.c(ty.members[0].ty);
                let params = [format!("{element} *ptr"), line("size_t len")];
                function(&name, &params, &[line("made.ptr = ptr;"), line("made.len = len;")])
            }
            Kind::Reference if self.types.referent(at).is_some() => self.change(at, &name, names),
            Kind::Reference => {
                let params = [line("const char *ptr"), line("size_t len")];
                function(&name, &params, &[line("made.ptr = ptr;"), line("made.len = len;")])
            }
            Kind::Std if ty.name == "PathBuf" => {
                let copy = "memcpy(made.ptr, ptr, len);";
                function(&name, &[line("const char *ptr"), line("size_t len")], &vector("char", Some(copy)))
            }
            Kind::Vec if matches!(self.types.ty(ty.members[0].ty).kind, Kind::Scalar | Kind::Plain) => {
                let element = self.types.c(ty.members[0].ty);
                let params = [format!("const {element} *ptr"), line("size_t len")];
                let copy = "memcpy(made.ptr, ptr, len * sizeof *ptr);";
                function(&name, &params, &vector(&element, Some(copy)))
            }
            Kind::Vec | Kind::Set => {
                let element = self.types.c(ty.members[0].ty);
                let made = function(&name, &[line("size_t len")], &vector(&element, None));
                format!("/* Room for `len` elements, all of which are to be written. */\n{made}")
            }
            Kind::Map => {
                let entry = format!("@p@_{}", self.types.name(Node::Entry(at)));
                let made = function(&name, &[line("size_t len")], &vector(&entry, None));
                format!("/* Room for `len` pairs, all of which are to be written. */\n{made}")
            }
            Kind::Option => {
                let (param, value) = self.value(ty.members[0].ty);
                let some = [line("made.tag = @P@_SOME;"), format!("made.value = {value};")];
                let none = function(&format!("{name}_none"), &[], &[line("made.tag = @P@_NONE;")]);
                none + &function(&format!("{name}_some"), &param, &some)
            }
            Kind::Result => ["ok", "err"]
                .iter()
                .zip(&ty.members)
                .map(|(field, member)| {
                    let (param, value) = self.value(member.ty);
                    let tag = format!("made.tag = @P@_{};", field.to_uppercase());
                    function(
                        &format!("{name}_{field}"),
                        &param,
                        &[tag, format!("made.as.{field} = {value};")],
                    )
                })
                .collect(),
            Kind::Struct | Kind::Plain if !ty.members.is_empty() => {
                let (params, lines) = self.fields(&ty.members, "made.");
                function(&name, &params, &lines)
            }
            Kind::Tuple => {
                let members: Vec<_> = ty
                    .members
                    .iter()
                    .enumerate()
                    .map(|(at, member)| Member { name: at.to_string(), ..member.clone() })
                    .collect();
                let (params, lines) = self.fields(&members, "made.");
                function(&name, &params, &lines)
            }
            Kind::Enum => self.make_enum(at, &mut function),
            Kind::Box => {
                let (value, drop) = (ty.members[0].ty, self.dropping(ty.members[0].ty, "*ptr"));
                let value = self.types.c(value);
                let drop =
                    drop.map_or_else(|| line("(void)taken;"), |drop| format!("if (taken == 0) {drop}"));
                let drop = drop.replace("&*ptr", &format!("({value} *)ptr"));
                let release = release(&name, &[drop]);
                let lines = [
                    format!("made.ptr = ({value} *)@p@_allocate(1, sizeof *made.ptr);"),
                    line("*made.ptr = value;"),
                    format!("made.release = @p@_release_{name};"),
                ];
                release + &function(&name, &[format!("{value} value")], &lines)
            }
            Kind::Open => {
                let one = |(number, variant): (usize, &plugin_abi::note::Variant)| {
                    let node = Node::Variant(at, number);
                    self.boxed(node, &variant.fields, Some(self.types.name(node)), &mut function)
                };
                ty.variants.iter().enumerate().map(one).collect()
            }
            Kind::Sized => self.boxed(Node::Fields(at), &ty.members, None, &mut |_, params, lines| {
                function(&name, params, lines)
            }),
            _ => String::new(),
        };
        self.text += &text;
    }

    /// The functions that lend a value to be changed, and change one that is lent.
    fn change(&self, at: TypeIndex, name: &str, names: &mut Names) -> String {
        let Some((behind, Mutability::Changed)) = self.types.referent(at) else { return String::new() };
        let c = self.c(behind);
        let [made, changed] = ["make_", "change_"].map(|verb| names.claim(&format!("{verb}{name}")));
        let drop =
            self.dropping(behind, "lent->value").map(|drop| format!("    if (lent->changed == 0) {drop}\n"));
        let drop = drop.unwrap_or_default();
        format!(
            "/* Lends a value to be changed. Afterwards it is the caller's again where `changed` is 1, and gone where it is 0. */\n\
             static inline @p@_{name} @p@_{made}({c} value) {{\n    @p@_{name} made;\n    memset(&made, 0, sizeof made);\n    \
             made.value = value;\n    return made;\n}}\n\n\
             /* Writes another value in the place of the one that was lent. */\n\
             static inline void @p@_{changed}(@p@_{name} *lent, {c} value) {{\n{drop}    lent->value = value;\n    \
             lent->changed = 1;\n}}\n\n"
        )
    }

    /// The parameter for one value, and what is written of it: of `()` there is nothing to say.
    fn value(&self, at: TypeIndex) -> (Vec<String>, String) {
        if self.types.short(at) == "unit" {
            return (Vec::new(), "0".to_owned());
        }
        (vec![declared(&self.types.c(at), "value")], "value".to_owned())
    }

    /// Parameters for fields, and their assignments.
    fn fields(&self, fields: &[Member], place: &str) -> (Vec<String>, Vec<String>) {
        let one = |field: &Member| {
            let name = ident(&field.name);
            let param = if name == "made" { "made_".to_owned() } else { name.clone() };
            (declared(&self.types.c(field.ty), &param), format!("{place}{name} = {param};"))
        };
        fields.iter().map(one).unzip()
    }

    fn make_enum(&self, at: TypeIndex, function: Function<'_>) -> String {
        let one = |(number, variant): (usize, &plugin_abi::note::Variant)| {
            let name = self.types.name(Node::Variant(at, number));
            let place = format!("made.as.{}", ident(&snake(&variant.name)));
            let (params, mut lines) = match &variant.fields[..] {
                [only] if only.name == "0" => {
                    let (param, value) = self.value(only.ty);
                    (param, vec![format!("{place} = {value};")])
                }
                fields => self.fields(fields, &format!("{place}.")),
            };
            lines.insert(0, format!("made.tag = @P@_{};", name.to_uppercase()));
            function(name, &params, &lines)
        };
        self.types.ty(at).variants.iter().enumerate().map(one).collect()
    }

    /// The functions that make fields in a box, and give it back.
    fn boxed(&self, node: Node, fields: &[Member], tag: Option<&str>, function: Function<'_>) -> String {
        let name = self.types.name(node);
        let mut lines: Vec<String> =
            tag.iter().map(|tag| format!("made.tag = @P@_{};", tag.to_uppercase())).collect();
        if fields.is_empty() {
            return function(name, &[], &lines);
        }
        let (params, sets) = self.fields(fields, "ptr->");
        lines.insert(0, format!("@p@_{name} *ptr = (@p@_{name} *)@p@_allocate(1, sizeof *ptr);"));
        lines.extend(sets);
        lines.push(format!("made.fields = {};", fields.len()));
        lines.push("made.ptr = ptr;".to_owned());
        lines.push(format!("made.release = @p@_release_{name};"));
        let drops = fields.iter().enumerate().filter_map(|(at, field)| {
            let drop = self.dropping(field.ty, &format!("fields->{}", ident(&field.name)))?;
            Some(format!("if (taken < {}) {drop}", at + 1))
        });
        let mut drops: Vec<_> = drops.collect();
        if drops.is_empty() {
            drops.push("(void)taken;".to_owned());
        } else {
            drops.insert(0, format!("@p@_{name} *fields = (@p@_{name} *)ptr;"));
        }
        release(name, &drops) + &function(name, &params, &lines)
    }
}

/// The lines that fill `made` with room for elements, and with copies of them.
fn vector(element: &str, copy: Option<&str>) -> Vec<String> {
    let mut lines = vec![
        format!("made.ptr = ({element} *)@p@_allocate(len, sizeof *made.ptr);"),
        "made.len = made.cap = len;".to_owned(),
        "made.free = @p@_free;".to_owned(),
    ];
    lines.extend(copy.map(|copy| format!("if (len > 0) {copy}")));
    lines
}

/// The function that a box goes back with.
fn release(name: &str, lines: &[String]) -> String {
    let lines: String = lines.iter().map(|line| format!("    {line}\n")).collect();
    format!(
        "static inline void @p@_release_{name}(void *ptr, uint32_t taken) {{\n{lines}    free(ptr);\n}}\n\n"
    )
}
