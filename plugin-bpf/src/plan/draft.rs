//! A plan, while it is made method by method.
//!
//! In: a record, which may be foreign. Out: what of it a kernel program can be, or why it can be nothing.

use std::collections::BTreeMap;

use plugin_abi::c_name::{ident, snake};
use plugin_abi::describe::{Kind, Waiting};
use plugin_abi::kernel::{hook_kind, is_integer};
use plugin_abi::note::{Method, Record, Type, TypeIndex};

use super::{Config, Field, Map, MapKind, Plan, Program, ProgramKind, Struct, Ty};

/// A plan that is being made.
pub(super) struct Draft<'a> {
    record: &'a Record,
    plan: Plan,
    known: BTreeMap<u32, usize>,
    /// The types whose fields are being looked at: records may be foreign, and say that one contains itself.
    open: Vec<u32>,
}

impl<'a> Draft<'a> {
    pub(super) fn new(record: &'a Record, empty: Plan) -> Self {
        Self { record, plan: empty, known: BTreeMap::new(), open: Vec::new() }
    }

    pub(super) fn finish(self) -> Plan {
        self.plan
    }

    /// Adds what a method is; says why it is nothing.
    pub(super) fn method(&mut self, method: &Method) -> Result<(), String> {
        if method.waiting != Waiting::Blocks {
            return Err("a kernel program cannot wait".to_owned());
        }
        let (head, inner) = match method.role.split_once('(') {
            Some((head, inner)) => (head, inner.strip_suffix(')').unwrap_or(inner)),
            None => (method.role.as_str(), ""),
        };
        let (name, method_name) = (ident(&method.name), method.name.clone());
        let mut program = |section: String, kind: ProgramKind| {
            self.plan.programs.push(Program {
                method: method_name.clone(),
                name: name.clone(),
                section,
                kind,
                optional: method.optional,
                signature: method.signature.clone(),
            });
        };
        match head {
            "" => {
                let call = self.call(method)?;
                let section = "syscall".to_owned();
                self.plan.programs.push(Program {
                    method: method_name,
                    name,
                    section,
                    kind: ProgramKind::Call(call),
                    optional: method.optional,
                    signature: method.signature.clone(),
                });
            }
            "hook" => {
                let (kind, function) = match inner.split_once('(') {
                    Some((kind, function)) => (kind, function.trim_end_matches(')')),
                    None => (inner, ""),
                };
                let kind =
                    hook_kind(kind).ok_or_else(|| format!("`{kind}` is no hook that this version knows"))?;
                let section = if kind.names_function {
                    format!("{}/{function}", kind.section)
                } else {
                    kind.section.to_owned()
                };
                program(section, ProgramKind::Hook(kind));
            }
            "config" => {
                let ty = self.ty(method.ret)?;
                self.plan.configs.push(Config { method: method_name, name, ty });
            }
            "event" | "table" | "state" => {
                let (kind, capacity) = inner.split_once(", ").unwrap_or((inner, ""));
                let kind = MapKind::parse(kind)
                    .ok_or_else(|| format!("`{kind}` is no map that this version knows"))?;
                let capacity = capacity.parse().map_err(|_| format!("`{capacity}` is no capacity"))?;
                let (key, value) = if head == "event" {
                    (None, self.carried(method.ret, "plugin.events", "event")?)
                } else {
                    let key = self.carried(method.ret, "plugin.table", "key")?;
                    let per_cpu = self.record.ty(method.ret).name.starts_with("PerCpu");
                    if per_cpu != kind.is_per_cpu() {
                        let shown = self.record.show(method.ret);
                        return Err(format!("`{shown}` is not what `#[{head}({inner})]` stands on"));
                    }
                    if kind.is_array() && key != (Ty::Int { size: 4, signed: false }) {
                        return Err(format!("an array's keys are `u32`, not `{}`", self.plan.show(&key)));
                    }
                    (Some(key), self.carried(method.ret, "plugin.table", "value")?)
                };
                let state = head == "state";
                self.plan.maps.push(Map { method: method_name, name, kind, capacity, key, value, state });
            }
            other => return Err(format!("`{other}` is nothing that this version knows")),
        }
        Ok(())
    }

    /// `K` of a `Table<K, V>`: what its `Option`, which is never filled, is of.
    fn carried(&mut self, at: TypeIndex, contract: &str, name: &str) -> Result<Ty, String> {
        let found = self.record.ty(at);
        let is_ours = found.members.iter().any(|member| {
            let behind = self.record.ty(member.ty).members.first().map(|object| self.record.ty(object.ty));
            behind.is_some_and(|object: &Type| {
                object.kind == Kind::Object && object.variants.first().is_some_and(|id| id.name == contract)
            })
        });
        let option = found.members.iter().find(|member| member.name == name);
        let inner = option.and_then(|option| self.record.ty(option.ty).members.first());
        match inner.filter(|_| is_ours) {
            Some(inner) => self.ty(inner.ty),
            None => {
                Err(format!("`{}` is not the type of plugin-contracts of that name", self.record.show(at)))
            }
        }
    }

    fn ty(&mut self, at: TypeIndex) -> Result<Ty, String> {
        let found = self.record.ty(at);
        match found.kind {
            Kind::Scalar if is_integer(&found.name) => {
                Ok(Ty::Int { size: found.size, signed: found.name.starts_with('i') })
            }
            Kind::Array | Kind::Plain if self.open.contains(&at.0) => {
                Err(format!("`{}` contains itself", found.name))
            }
            Kind::Array => {
                let length =
                    found.name.parse().map_err(|_| format!("`{}` is too long", self.record.show(at)))?;
                let element = found.members.first().ok_or("an array is of nothing")?;
                self.open.push(at.0);
                let element = self.ty(element.ty)?;
                self.open.pop();
                Ok(Ty::Array(Box::new(element), length))
            }
            Kind::Plain => {
                if let Some(known) = self.known.get(&at.0) {
                    return Ok(Ty::Struct(*known));
                }
                self.open.push(at.0);
                let mut fields = Vec::new();
                for member in &found.members {
                    let ty = self.ty(member.ty)?;
                    fields.push(Field {
                        name: ident(&member.name),
                        rust: member.name.clone(),
                        offset: member.offset,
                        ty,
                    });
                }
                self.open.pop();
                let name = format!("{}_{}", self.plan.prefix, snake(&found.name));
                let place = self.add(Struct { name, rust: found.name.clone(), size: found.size, fields })?;
                self.known.insert(at.0, place);
                Ok(Ty::Struct(place))
            }
            _ => Err(format!("a kernel program cannot hold `{}`", self.record.show(at))),
        }
    }

    /// Arguments and result, laid out as C does.
    fn call(&mut self, method: &Method) -> Result<Option<usize>, String> {
        let mut fields = Vec::new();
        for arg in &method.args {
            let name = if arg.name == "result" { "result_".to_owned() } else { ident(&arg.name) };
            fields.push(Field { name, rust: arg.name.clone(), offset: 0, ty: self.ty(arg.ty)? });
        }
        let ret = self.record.ty(method.ret);
        if !(ret.kind == Kind::Scalar && ret.name == "()") {
            let ty = self.ty(method.ret)?;
            fields.push(Field { name: "result".to_owned(), rust: "result".to_owned(), offset: 0, ty });
        }
        if fields.is_empty() {
            return Ok(None);
        }
        let (mut end, mut align) = (0_u32, 1);
        for field in &mut fields {
            let aligned = self.plan.align(&field.ty).max(1);
            align = align.max(aligned);
            field.offset = end.next_multiple_of(aligned);
            end = field.offset.saturating_add(self.plan.size(&field.ty));
        }
        let name = format!("{}_{}_call", self.plan.prefix, ident(&method.name));
        let size = end.checked_next_multiple_of(align).filter(|size| *size <= 1 << 15);
        let size = size.ok_or("arguments and result together are longer than 32768 bytes")?;
        self.add(Struct { name, rust: format!("{}(..)", method.name), size, fields }).map(Some)
    }

    fn add(&mut self, one: Struct) -> Result<usize, String> {
        if let Some(other) = self.plan.structs.iter().find(|other| other.name == one.name) {
            return Err(format!(
                "`{}` and `{}` would both be `struct {}` in C: rename one",
                other.rust, one.rust, one.name
            ));
        }
        self.plan.structs.push(one);
        Ok(self.plan.structs.len() - 1)
    }
}

#[cfg(test)]
mod tests {
    use plugin_abi::note::{Member, RecordKind, Toolchain};

    use super::*;

    /// A record of these types, each of which is made of others by their places.
    fn record(types: &[(Kind, &str, &[u32])]) -> Record {
        let one = |(kind, name, of): &(Kind, &str, &[u32])| Type {
            kind: *kind,
            name: (*name).to_owned(),
            size: 4,
            align: 4,
            members: of
                .iter()
                .map(|at| Member { name: format!("at{at}"), ty: TypeIndex(*at), offset: 0, optional: false })
                .collect(),
            variants: Vec::new(),
        };
        Record {
            kind: RecordKind::Declares,
            package: String::new(),
            version: String::new(),
            toolchain: Toolchain {
                rustc: String::new(),
                target: String::new(),
                pointer_width: 64,
                big_endian: false,
                panic_abort: false,
                debug: false,
            },
            symbol: String::new(),
            types: types.iter().map(one).collect(),
            contracts: Vec::new(),
            objects: Vec::new(),
        }
    }

    fn read(types: &[(Kind, &str, &[u32])]) -> Result<Ty, String> {
        let record = record(types);
        let empty = Plan {
            contract: "test".to_owned(),
            version: "1.0.0".to_owned(),
            prefix: "test".to_owned(),
            structs: Vec::new(),
            programs: Vec::new(),
            maps: Vec::new(),
            configs: Vec::new(),
        };
        Draft::new(&record, empty).ty(TypeIndex(0))
    }

    #[test]
    fn a_type_that_contains_itself_is_refused() {
        let direct = read(&[(Kind::Plain, "Loop", &[0])]);
        assert_eq!(direct, Err("`Loop` contains itself".to_owned()));
        let round = read(&[(Kind::Plain, "First", &[1]), (Kind::Plain, "Second", &[0])]);
        assert_eq!(round, Err("`First` contains itself".to_owned()));
        let array = read(&[(Kind::Array, "4", &[0])]);
        assert_eq!(array, Err("`4` contains itself".to_owned()));
    }

    #[test]
    fn a_type_may_stand_in_another_twice() {
        let types: &[(Kind, &str, &[u32])] =
            &[(Kind::Plain, "Pair", &[1, 1]), (Kind::Plain, "One", &[2]), (Kind::Scalar, "u32", &[])];
        assert_eq!(read(types), Ok(Ty::Struct(1)));
    }

    #[test]
    fn an_array_of_nothing_is_refused() {
        assert_eq!(read(&[(Kind::Array, "4", &[])]), Err("an array is of nothing".to_owned()));
    }
}
