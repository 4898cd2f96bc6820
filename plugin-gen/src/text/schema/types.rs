//! The schema of a type: of a derived one under its name in `$defs`, of any other in place.
//!
//! In: types of a record. Out: schemas, or the type that JSON has no value for. The record is foreign: a type may claim to
//! be made of itself.

use std::collections::BTreeMap;

use plugin_abi::describe::Kind;
use plugin_abi::note::{Member, Record, Type, TypeIndex, Variant};
use serde_json::{Map, Value, json};

use super::print::{I128_MAX, I128_MIN, U128_MAX};

/// How many types without a name may be inside each other; rustc refuses fewer.
const DEEPEST: usize = 128;

/// A type that has no JSON.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) ty: String,
    pub(super) why: &'static str,
}

/// `Page_Item` of `Page<Item>`: an address has no brackets.
fn of_words(name: &str) -> String {
    let words = name.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("_")
}

/// The types with a name, as they are met.
#[derive(Clone)]
pub(super) struct Definitions<'a> {
    record: &'a Record,
    /// The name of each, by its place in the record.
    names: BTreeMap<u32, String>,
    types: BTreeMap<String, Value>,
    /// Those that have a name already, and no schema.
    open: Vec<TypeIndex>,
    depth: usize,
}

impl<'a> Definitions<'a> {
    pub(super) fn new(record: &'a Record) -> Self {
        let mut names = BTreeMap::new();
        let mut count = BTreeMap::new();
        for (at, ty) in (0..).zip(&record.types) {
            if matches!(ty.kind, Kind::Struct | Kind::Plain | Kind::Enum | Kind::Open | Kind::Sized) {
                // Types of two packages may share a name: the second has a number, which no name of Rust has.
                let name = of_words(&ty.name);
                let count = count.entry(name.clone()).or_insert(0_u32);
                *count += 1;
                let name = if *count == 1 { name } else { format!("{name}.{count}") };
                names.insert(at, name);
            }
        }
        Self { record, names, types: BTreeMap::new(), open: Vec::new(), depth: 0 }
    }

    pub(super) fn into_types(self) -> impl Iterator<Item = (String, Value)> {
        self.types.into_iter()
    }

    /// The schema of the type with this index.
    pub(super) fn of(&mut self, index: TypeIndex) -> Result<Value, Refusal> {
        let record = self.record;
        let ty = record.ty(index);
        if self.depth == DEEPEST {
            return Err(Refusal { ty: ty.name.clone(), why: "it is nested too deeply" });
        }
        if let Some(name) = self.names.get(&index.0) {
            if !self.types.contains_key(name) {
                // It may contain itself, and others in a row that is longer than a stack: it waits.
                self.types.insert(name.clone(), Value::Null);
                self.open.push(index);
            }
            return Ok(json!({ "$ref": format!("#/$defs/{name}") }));
        }
        self.depth += 1;
        let schema = self.unnamed(index, ty);
        self.depth -= 1;
        schema
    }

    /// Defines the types that were named and not looked into yet.
    pub(super) fn finish(&mut self) -> Result<(), Refusal> {
        while let Some(index) = self.open.pop() {
            let record = self.record;
            let ty = record.ty(index);
            let schema = match ty.kind {
                Kind::Struct | Kind::Plain | Kind::Sized => {
                    self.fields(&ty.members, ty.kind == Kind::Sized)?
                }
                _ => self.variants(&ty.variants, ty.kind == Kind::Open)?,
            };
            self.types.insert(self.names[&index.0].clone(), schema);
        }
        Ok(())
    }

    fn unnamed(&mut self, index: TypeIndex, ty: &Type) -> Result<Value, Refusal> {
        let refused = |why| Refusal { ty: self.record.show(index).to_string(), why };
        let members: Vec<_> = ty.members.iter().map(|member| member.ty).collect();
        // The reader of notes holds the number of members; what is missing has no JSON all the same.
        let part = |at: usize| {
            let lacks = || Refusal { ty: ty.name.clone(), why: "it lacks a part" };
            members.get(at).copied().ok_or_else(lacks)
        };
        Ok(match ty.kind {
            Kind::Scalar => scalar(&ty.name).ok_or_else(|| refused("JSON has no such number"))?,
            Kind::Std => {
                of_std(&ty.name).ok_or_else(|| refused("it has no form in JSON that is known here"))?
            }
            Kind::Str | Kind::String => json!({ "type": "string" }),
            Kind::Slice | Kind::Vec => json!({ "type": "array", "items": self.of(part(0)?)? }),
            Kind::Set => json!({ "type": "array", "items": self.of(part(0)?)?, "uniqueItems": true }),
            Kind::Array => {
                let length: u64 = ty.name.parse().map_err(|_| refused("its length is no number"))?;
                json!({ "type": "array", "items": self.of(part(0)?)?, "minItems": length, "maxItems": length })
            }
            Kind::Reference if ty.name != "&" => {
                return Err(refused("it is changed in place, and a document is not"));
            }
            Kind::Box | Kind::Reference => self.of(part(0)?)?,
            Kind::Option => json!({ "anyOf": [self.of(part(0)?)?, { "type": "null" }] }),
            Kind::Result => {
                json!({ "oneOf": [tagged("Ok", self.of(part(0)?)?), tagged("Err", self.of(part(1)?)?)] })
            }
            Kind::Tuple => self.array(&ty.members, members.len())?,
            Kind::Map => {
                let (key, value) = (part(0)?, part(1)?);
                let key_type = self.record.ty(key);
                let is_text = matches!(key_type.kind, Kind::Str | Kind::String)
                    || (key_type.kind == Kind::Std && key_type.name == "PathBuf");
                if is_text {
                    json!({ "type": "object", "additionalProperties": self.of(value)? })
                } else {
                    let pair = fixed(vec![self.of(key)?, self.of(value)?], 2);
                    json!({ "type": "array", "items": pair })
                }
            }
            // Others may come: objects, functions and streams are no values.
            _ => return Err(refused("it is no value")),
        })
    }

    fn variants(&mut self, variants: &[Variant], open: bool) -> Result<Value, Refusal> {
        let bare = variants.iter().filter(|variant| variant.fields.is_empty());
        let bare: Vec<_> = bare.map(|variant| variant.name.as_str()).collect();
        let mut forms = Vec::new();
        if !bare.is_empty() {
            forms.push(json!({ "enum": bare }));
        }
        for variant in variants.iter().filter(|variant| !variant.fields.is_empty()) {
            forms.push(tagged(&variant.name, self.fields(&variant.fields, false)?));
        }
        if open {
            forms.push(tagged("Unknown", range(0, u32::MAX.into())));
        }
        // Nothing is a value of an enum without variants.
        Ok(if forms.is_empty() { json!({ "not": {} }) } else { json!({ "oneOf": forms }) })
    }

    /// Fields as serde writes them: with names an object, one without a name itself, several an array, none nothing.
    fn fields(&mut self, fields: &[Member], grows: bool) -> Result<Value, Refusal> {
        let unnamed =
            fields.first().is_some_and(|field| field.name.bytes().all(|byte| byte.is_ascii_digit()));
        match fields {
            [] => Ok(json!({ "type": "null" })),
            [field] if unnamed && !grows => self.of(field.ty),
            _ if unnamed => {
                let least = fields.iter().filter(|field| !field.optional).count();
                let mut schema = self.array(fields, least)?;
                if grows {
                    schema["items"] = true.into();
                }
                Ok(schema)
            }
            _ => {
                let mut properties = Map::new();
                for field in fields {
                    properties.insert(field.name.clone(), self.of(field.ty)?);
                }
                let required = fields.iter().filter(|field| !field.optional);
                let required: Vec<_> = required.map(|field| field.name.as_str()).collect();
                // What may grow may come from somebody who knows more fields.
                Ok(json!({
                    "type": "object",
                    "properties": properties,
                    "required": required,
                    "additionalProperties": grows,
                }))
            }
        }
    }

    fn array(&mut self, members: &[Member], least: usize) -> Result<Value, Refusal> {
        let items = members.iter().map(|member| self.of(member.ty)).collect::<Result<_, _>>()?;
        Ok(fixed(items, least))
    }
}

/// An array of these, one after another.
fn fixed(items: Vec<Value>, least: usize) -> Value {
    json!({ "type": "array", "prefixItems": items, "items": false, "minItems": least })
}

/// A variant with its content, as serde writes it by default.
fn tagged(name: &str, content: Value) -> Value {
    let properties = Map::from_iter([(name.to_owned(), content)]);
    json!({ "type": "object", "properties": properties, "required": [name], "additionalProperties": false })
}

fn range(least: i64, most: u64) -> Value {
    json!({ "type": "integer", "minimum": least, "maximum": most })
}

fn scalar(name: &str) -> Option<Value> {
    Some(match name {
        "u8" => range(0, u8::MAX.into()),
        "u16" => range(0, u16::MAX.into()),
        "u32" => range(0, u32::MAX.into()),
        // As on the targets with the largest pointers.
        "u64" | "usize" => range(0, u64::MAX),
        "i8" => range(i8::MIN.into(), i8::MAX.unsigned_abs().into()),
        "i16" => range(i16::MIN.into(), i16::MAX.unsigned_abs().into()),
        "i32" => range(i32::MIN.into(), i32::MAX.unsigned_abs().into()),
        "i64" | "isize" => range(i64::MIN, i64::MAX.unsigned_abs()),
        "u128" => json!({ "type": "integer", "minimum": 0, "maximum": U128_MAX }),
        "i128" => json!({ "type": "integer", "minimum": I128_MIN, "maximum": I128_MAX }),
        "f32" => json!({ "type": "number", "minimum": f64::from(f32::MIN), "maximum": f64::from(f32::MAX) }),
        "f64" => json!({ "type": "number" }),
        "bool" => json!({ "type": "boolean" }),
        "char" => json!({ "type": "string", "minLength": 1, "maxLength": 1 }),
        "()" => json!({ "type": "null" }),
        _ => return None,
    })
}

fn of_std(name: &str) -> Option<Value> {
    let seconds = || range(0, u64::MAX);
    let nanos = || range(0, 999_999_999);
    let both = |seconds_name: &str, nanos_name: &str| {
        let properties =
            Map::from_iter([(seconds_name.to_owned(), seconds()), (nanos_name.to_owned(), nanos())]);
        json!({
            "type": "object",
            "properties": properties,
            "required": [seconds_name, nanos_name],
            "additionalProperties": false,
        })
    };
    Some(match name {
        "Duration" => both("secs", "nanos"),
        "SystemTime" => both("secs_since_epoch", "nanos_since_epoch"),
        "PathBuf" => json!({ "type": "string" }),
        // Of `serde_json`: any document.
        "Value" => json!({}),
        "Ipv4Addr" => json!({ "type": "string", "format": "ipv4" }),
        "Ipv6Addr" => json!({ "type": "string", "format": "ipv6" }),
        "IpAddr" => json!({ "type": "string", "anyOf": [{ "format": "ipv4" }, { "format": "ipv6" }] }),
        // There is no format for it: an address, a colon, a port.
        "SocketAddr" => {
            json!({ "type": "string", "pattern": "^(\\[[0-9A-Fa-f:.%]+\\]|[0-9.]+):[0-9]{1,5}$" })
        }
        _ => return None,
    })
}
