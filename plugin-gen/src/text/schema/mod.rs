//! JSON Schemas of contracts: what the values of each argument and result look like as JSON.
//!
//! In: a compiled record. Out: one document for a contract (JSON Schema 2020-12), as text. It knows no tokens, no files and
//! no values; what JSON looks like is what serde's derives make of the same types by default.

mod print;
mod types;

use plugin_abi::note::{Contract, Method, Record};
use serde_json::{Map, Value, json};

use types::{Definitions, Refusal};

const DRAFT: &str = "https://json-schema.org/draft/2020-12/schema";

/// A contract's document, and what it leaves out.
pub(crate) struct Document {
    /// The text, with a line break at its end.
    pub(crate) text: String,
    /// The methods that have no JSON, each with the reason.
    pub(crate) skipped: Vec<Skipped>,
}

/// A method that the document leaves out.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Skipped {
    /// Its name.
    pub(crate) method: String,
    /// The type that is no value of JSON, as people write it.
    pub(crate) ty: String,
    /// Why it is none.
    pub(crate) why: &'static str,
}

/// The document of one contract of a record.
pub(crate) fn document(record: &Record, contract: &Contract) -> Document {
    let mut definitions = Definitions::new(record);
    let (mut methods, mut skipped) = (Map::new(), Vec::new());
    for method in &contract.methods {
        // Types that only a refused method reaches are left out with it.
        let mut tried = definitions.clone();
        match both(&mut tried, method) {
            Ok((arguments, result)) => {
                definitions = tried;
                // A dot is in no name of Rust: these never are a type's.
                methods.insert(format!("{}.arguments", method.name), arguments);
                methods.insert(format!("{}.result", method.name), result);
            }
            Err(Refusal { ty, why }) => skipped.push(Skipped { method: method.name.clone(), ty, why }),
        }
    }
    methods.extend(definitions.into_types());
    let document = json!({
        "$schema": DRAFT,
        "$id": format!("{}{}", urn(&contract.id), contract.version),
        "title": format!("{} {}", contract.id, contract.version),
        "description": format!("Arguments and results of the methods of `{}`, as JSON", contract.name),
        "$defs": methods,
    });
    Document { text: print::print(&document), skipped }
}

/// How every `$id` of a contract begins, whatever its version is.
fn urn(contract: &str) -> String {
    format!("urn:plugin-contract:{contract}:")
}

/// Whether a document is the schema of this contract.
pub(crate) fn is_of(document: &Value, contract: &str) -> bool {
    document["$id"].as_str().is_some_and(|id| id.starts_with(&urn(contract)))
}

/// The arguments by their names, and the result.
fn both(definitions: &mut Definitions<'_>, method: &Method) -> Result<(Value, Value), Refusal> {
    let mut properties = Map::new();
    for argument in &method.args {
        properties.insert(argument.name.clone(), definitions.of(argument.ty)?);
    }
    let required: Vec<_> = method.args.iter().map(|argument| argument.name.clone()).collect();
    let arguments = json!({
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    });
    let mut result = json!({ "description": method.signature });
    let schema = definitions.of(method.ret)?;
    definitions.finish()?;
    let Value::Object(schema) = schema else { return Ok((arguments, result)) };
    for (key, value) in schema {
        result[key] = value;
    }
    Ok((arguments, result))
}

#[cfg(test)]
mod tests {
    use plugin_abi::Fingerprint;
    use plugin_abi::describe::{Kind, Receiver};
    use plugin_abi::note::{Member, RecordKind, Toolchain, Type, TypeIndex};

    use super::*;

    fn member(ty: u32) -> Member {
        Member { name: "value".to_owned(), ty: TypeIndex(ty), offset: 0, optional: false }
    }

    fn ty(kind: Kind, name: &str, members: Vec<Member>) -> Type {
        Type { kind, name: name.to_owned(), size: 0, align: 1, members, variants: Vec::new() }
    }

    /// A record with one method for each type.
    fn record(types: Vec<Type>) -> Record {
        let text = String::new;
        let method = |at: usize| Method {
            name: format!("m{at}"),
            signature: text(),
            renamed_from: Vec::new(),
            since: text(),
            receiver: Receiver::Shared,
            waiting: plugin_abi::describe::Waiting::Blocks,
            role: String::new(),
            optional: false,
            fingerprint: Fingerprint(0),
            args: vec![member(u32::try_from(at).unwrap())],
            ret: TypeIndex(0),
            mentions: Vec::new(),
            from: text(),
        };
        let contract = Contract {
            id: "a.b".to_owned(),
            version: "1.2.3".to_owned(),
            name: "B".to_owned(),
            send: true,
            sync: true,
            locked: false,
            package: text(),
            package_version: text(),
            fingerprint: Fingerprint(0),
            methods: (0..types.len()).map(method).collect(),
            bases: Vec::new(),
        };
        let toolchain = Toolchain {
            rustc: text(),
            target: text(),
            pointer_width: 64,
            big_endian: false,
            panic_abort: false,
            debug: false,
        };
        Record {
            kind: RecordKind::Declares,
            package: text(),
            version: text(),
            toolchain,
            symbol: text(),
            types,
            contracts: vec![contract],
            objects: Vec::new(),
        }
    }

    #[test]
    fn what_is_no_json_is_left_out_by_method_and_type() {
        let record = record(vec![
            ty(Kind::Scalar, "u8", vec![]),
            ty(Kind::Scalar, "u256", vec![]),
            ty(Kind::Std, "Instant", vec![]),
            ty(Kind::Vec, "Vec", vec![member(2)]),
            // No compiler makes such a type; a file may claim it.
            ty(Kind::Vec, "Vec", vec![member(4)]),
            ty(Kind::Struct, "Unreached", vec![member(2)]),
        ]);
        let document = document(&record, &record.contracts[0]);
        let skipped: Vec<_> =
            document.skipped.iter().map(|skipped| (skipped.method.as_str(), skipped.ty.as_str())).collect();
        assert_eq!(skipped[..3], [("m1", "u256"), ("m2", "Instant"), ("m3", "Instant")]);
        assert_eq!((skipped[3].0, skipped[4]), ("m4", ("m5", "Instant")));
        assert!(document.text.contains("\"m0.arguments\"") && !document.text.contains("\"m1.arguments\""));
        assert!(!document.text.contains("Unreached"), "{}", document.text);
    }

    #[test]
    fn two_types_of_one_name_have_a_definition_each() {
        let record = record(vec![
            ty(Kind::Scalar, "u8", vec![]),
            ty(Kind::Struct, "Twin", vec![member(0)]),
            ty(Kind::Struct, "Twin", vec![member(1)]),
        ]);
        let document: Value = serde_json::from_str(&document(&record, &record.contracts[0]).text).unwrap();
        assert_eq!(document["$defs"]["Twin"]["properties"]["value"]["type"], "integer");
        assert_eq!(document["$defs"]["Twin.2"]["properties"]["value"]["$ref"], "#/$defs/Twin");
    }
}
