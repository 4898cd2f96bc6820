//! Text into a [`Lock`], strictly: what is not exactly as it would be written is an error, not a guess.

use std::fmt;

use super::value::{Line, Value, line};
use super::{
    Accepted, Bounds, Compat, Contract, Field as TypeField, Lock, Method, Removed, StructForm, Type, Variant,
};
use crate::syntax::Version;

/// Why a text is not a lock file.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LockError {
    /// A merge left its markers.
    Conflict {
        /// The line, counted from 1.
        line: usize,
    },
    /// A line that is not of the format.
    Syntax {
        /// The line, counted from 1.
        line: usize,
        /// What should be there.
        expected: &'static str,
        /// What is there.
        found: String,
    },
    /// A key that is unknown, missing, given twice, or has a value of another kind.
    Key {
        /// The line, counted from 1.
        line: usize,
        /// The key.
        key: String,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// A later format than this reader knows.
    NewerFormat {
        /// The format found.
        found: u128,
    },
    /// A format that nothing writes any more.
    OlderFormat {
        /// The format found.
        found: u128,
    },
    /// The hash over a contract's methods is not that of the methods that are there.
    Fingerprint {
        /// The contract's id.
        id: String,
    },
    /// Every line can be read, but the text is not the one that would be written.
    NotCanonical {
        /// The first line that differs, counted from 1.
        line: usize,
    },
}

impl LockError {
    /// What to do about it.
    #[must_use]
    pub const fn cure(&self) -> &'static str {
        match self {
            Self::NewerFormat { .. } => "update plugin-contracts and plugin-gen to the version that wrote it",
            Self::OlderFormat { .. } => {
                "remove it, then run `cargo plugin-gen accept` on the code it was written for"
            }
            Self::Conflict { .. } => "take one side of the merge, then run `cargo plugin-gen accept`",
            _ => "restore the file from git, then run `cargo plugin-gen accept`",
        }
    }
}

impl fmt::Display for LockError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Conflict { line } => write!(f, "line {line}: a merge left its conflict markers"),
            Self::Syntax { line, expected, found } => {
                write!(f, "line {line}: expected {expected}, found `{}`", found.escape_debug())
            }
            Self::Key { line, key, problem } => write!(f, "line {line}: `{key}` {problem}"),
            Self::NewerFormat { found } => {
                write!(f, "format {found} is newer than this version of plugin-gen knows (1)")
            }
            Self::OlderFormat { found } => {
                write!(f, "format {found} is older than what this version of plugin-gen reads (1)")
            }
            Self::Fingerprint { id } => {
                write!(f, "edited by hand, or merged: the fingerprint of `{id}` is not that of its methods")
            }
            Self::NotCanonical { line } => {
                write!(f, "line {line}: edited by hand, or merged: it is not what plugin-gen writes")
            }
        }
    }
}

impl std::error::Error for LockError {}

/// Where pairs go.
enum Section {
    Top,
    Contract(String),
    Type(String),
    Accepted,
}

impl Lock {
    /// Reads a lock file.
    ///
    /// # Errors
    /// [`LockError`], with the line.
    pub fn parse(text: &str) -> Result<Self, LockError> {
        let mut lock = Self::default();
        let mut section = Section::Top;
        let (mut format, mut abi) = (None, None);
        for (at, content) in text.split('\n').enumerate() {
            let number = at + 1;
            if content.ends_with('\r') {
                let expected = "a line that ends with `\\n` alone (`plugin-contract.lock -text` in .gitattributes keeps it)";
                return Err(LockError::Syntax { line: number, expected, found: "\r".to_owned() });
            }
            if content.is_empty() || content.starts_with('#') {
                continue;
            }
            match line(content, number)? {
                Line::Section(path) => section = lock.open(path, number)?,
                Line::Item(name) if name == "accepted" => {
                    let none = Version { major: 0, minor: 0, patch: 0 };
                    let (rule, item, why) = (String::new(), String::new(), String::new());
                    lock.accepted.push(Accepted { rule, item, to: none, why });
                    section = Section::Accepted;
                }
                Line::Item(key) => return Err(LockError::Key { line: number, key, problem: "is no list" }),
                Line::Pair(path, value) => {
                    let path: Vec<&str> = path.iter().map(String::as_str).collect();
                    let field = Field { line: number, path: &path, value };
                    match &section {
                        Section::Top if path == ["lock"] => format = Some(field.format()?),
                        Section::Top if path == ["abi"] => abi = Some(field.number()?),
                        Section::Top => return Err(field.unknown()),
                        Section::Contract(id) => {
                            let Some(contract) = lock.contracts.get_mut(id) else { continue };
                            field.contract(contract)?;
                        }
                        Section::Type(name) => {
                            let Some(ty) = lock.types.get_mut(name) else { continue };
                            field.ty(ty)?;
                        }
                        Section::Accepted => {
                            let Some(accepted) = lock.accepted.last_mut() else { continue };
                            field.accepted(accepted)?;
                        }
                    }
                }
            }
        }
        let missing = |key: &str| LockError::Key { line: 1, key: key.to_owned(), problem: "is missing" };
        format.ok_or_else(|| missing("lock"))?;
        lock.abi = abi.ok_or_else(|| missing("abi"))?;
        // The writer knows best what a lock file looks like: order, spaces, duplicates, line ends.
        let canonical = lock.to_string();
        if canonical != text {
            let lines = canonical.split('\n').zip(text.split('\n'));
            let same = lines.take_while(|(ours, theirs)| ours == theirs).count();
            return Err(LockError::NotCanonical { line: same + 1 });
        }
        // What a merge took from both sides can be in order and belong to neither.
        match lock.contracts.iter().find(|(_, contract)| contract.fingerprint != contract.hash()) {
            Some((id, _)) => Err(LockError::Fingerprint { id: id.clone() }),
            None => Ok(lock),
        }
    }

    fn open(&mut self, path: Vec<String>, line: usize) -> Result<Section, LockError> {
        let key = path.join(".");
        match <[String; 2]>::try_from(path) {
            Ok([kind, id]) if kind == "contract" => {
                let zero = Version { major: 0, minor: 0, patch: 0 };
                let contract = Contract {
                    name: String::new(),
                    version: zero,
                    compat: Compat::default(),
                    bounds: Bounds::default(),
                    bases: std::collections::BTreeSet::new(),
                    fingerprint: 0,
                    methods: std::collections::BTreeMap::new(),
                    removed: std::collections::BTreeMap::new(),
                };
                match self.contracts.insert(id.clone(), contract) {
                    None => Ok(Section::Contract(id)),
                    Some(_) => Err(LockError::Key { line, key, problem: "is here twice" }),
                }
            }
            Ok([kind, name]) if kind == "type" => {
                match self
                    .types
                    .insert(name.clone(), Type::Struct { form: StructForm::Mirrored, fields: Vec::new() })
                {
                    None => Ok(Section::Type(name)),
                    Some(_) => Err(LockError::Key { line, key, problem: "is here twice" }),
                }
            }
            _ => Err(LockError::Key { line, key, problem: "is no section of a lock file" }),
        }
    }
}

/// One `path = value`, about to find its place.
struct Field<'a> {
    line: usize,
    path: &'a [&'a str],
    value: Value,
}

impl Field<'_> {
    fn error(&self, problem: &'static str) -> LockError {
        LockError::Key { line: self.line, key: self.path.join("."), problem }
    }

    fn unknown(&self) -> LockError {
        self.error("is unknown here")
    }

    fn text(&self) -> Result<String, LockError> {
        match &self.value {
            Value::Text(text) => Ok(text.clone()),
            _ => Err(self.error("is no text")),
        }
    }

    fn version(&self) -> Result<Version, LockError> {
        Version::parse(&self.text()?).ok_or_else(|| self.error("is no version"))
    }

    fn fingerprint(&self) -> Result<u128, LockError> {
        let text = self.text()?;
        let digits = text.strip_prefix("fnv128:").filter(|digits| digits.len() == 32);
        digits
            .and_then(|digits| u128::from_str_radix(digits, 16).ok())
            .ok_or_else(|| self.error("is no fingerprint (`fnv128:` and 32 hexadecimal digits)"))
    }

    fn format(&self) -> Result<(), LockError> {
        match self.value {
            Value::Number(1) => Ok(()),
            Value::Number(found) if found > 1 => Err(LockError::NewerFormat { found }),
            Value::Number(found) => Err(LockError::OlderFormat { found }),
            _ => Err(self.error("is no format number")),
        }
    }

    fn number(&self) -> Result<u32, LockError> {
        match self.value {
            Value::Number(number) => u32::try_from(number).map_err(|_| self.error("is over 32 bits")),
            _ => Err(self.error("is no number")),
        }
    }

    /// The fields of a one-line table, each with its name for errors.
    fn table(&self) -> Result<Vec<(&str, Field<'_>)>, LockError> {
        let Value::Table(pairs) = &self.value else { return Err(self.error("is no table")) };
        let field = |value: &Value| Field { line: self.line, path: self.path, value: value.clone() };
        Ok(pairs.iter().map(|(key, value)| (key.as_str(), field(value))).collect())
    }

    fn contract(self, contract: &mut Contract) -> Result<(), LockError> {
        match self.path {
            ["trait"] => contract.name = self.text()?,
            ["version"] => contract.version = self.version()?,
            ["fingerprint"] => contract.fingerprint = self.fingerprint()?,
            ["compat"] => {
                contract.compat = match self.text()?.as_str() {
                    "backward" => Compat::Backward,
                    "forward" => Compat::Forward,
                    "full" => Compat::Full,
                    _ => return Err(self.error("is backward, forward or full")),
                }
            }
            ["bounds"] => {
                let text = self.text()?;
                let bounds = [(false, false), (true, false), (false, true), (true, true)]
                    .map(|(send, sync)| Bounds { send, sync })
                    .into_iter()
                    .find(|bounds| bounds.to_string() == text);
                contract.bounds = bounds.ok_or_else(|| self.error("is `Send`, `Sync`, both or empty"))?;
            }
            ["bases"] => contract.bases = self.list()?.into_iter().collect(),
            ["method", name] => {
                contract.methods.insert((*name).to_owned(), self.method()?);
            }
            ["removed", name] => {
                contract.removed.insert((*name).to_owned(), self.removed()?);
            }
            _ => return Err(self.unknown()),
        }
        Ok(())
    }

    fn method(&self) -> Result<Method, LockError> {
        let (mut since, mut signature, mut fingerprint) = (None, None, None);
        let (mut optional, mut was) = (false, Vec::new());
        let (mut role, mut from) = (String::new(), String::new());
        let mut resolved = std::collections::BTreeMap::new();
        for (key, field) in self.table()? {
            match key {
                "since" => since = Some(field.version()?),
                "was" => was = field.list()?,
                "optional" => optional = field.value == Value::True,
                "role" => role = field.text()?,
                "from" => from = field.text()?,
                "sig" => signature = Some(field.text()?),
                "fp" => fingerprint = Some(field.fingerprint()?),
                "resolved" => {
                    for (name, ty) in field.table()? {
                        resolved.insert(name.to_owned(), ty.text()?);
                    }
                }
                _ => return Err(self.error("holds a key that is unknown")),
            }
        }
        match (since, signature, fingerprint) {
            (Some(since), Some(signature), Some(fingerprint)) => {
                Ok(Method { since, was, optional, from, role, signature, resolved, fingerprint })
            }
            _ => Err(self.error("lacks `since`, `sig` or `fp`")),
        }
    }

    fn removed(&self) -> Result<Removed, LockError> {
        let (mut since, mut until, mut signature) = (None, None, None);
        for (key, field) in self.table()? {
            match key {
                "since" => since = Some(field.version()?),
                "until" => until = Some(field.version()?),
                "sig" => signature = Some(field.text()?),
                _ => return Err(self.error("holds a key that is unknown")),
            }
        }
        match (since, until, signature) {
            (Some(since), Some(until), Some(signature)) => Ok(Removed { since, until, signature }),
            _ => Err(self.error("lacks `since`, `until` or `sig`")),
        }
    }

    fn ty(self, ty: &mut Type) -> Result<(), LockError> {
        match (self.path, ty) {
            (["kind"], ty) => {
                *ty = match self.text()?.as_str() {
                    "struct" => Type::Struct { form: StructForm::Mirrored, fields: Vec::new() },
                    "sized struct" => Type::Struct { form: StructForm::Sized, fields: Vec::new() },
                    "plain struct" => Type::Struct { form: StructForm::Plain, fields: Vec::new() },
                    "enum" => Type::Enum { open: false, variants: Vec::new() },
                    "open enum" => Type::Enum { open: true, variants: Vec::new() },
                    _ => return Err(self.error("is struct, enum, sized struct, plain struct or open enum")),
                }
            }
            (["field", name], Type::Struct { fields, .. }) => fields.push(self.field(name)?),
            (["variant", name], Type::Enum { variants, .. }) => variants.push(self.variant(name)?),
            _ => return Err(self.unknown()),
        }
        Ok(())
    }

    fn field(&self, name: &str) -> Result<TypeField, LockError> {
        let name = name.to_owned();
        if let Value::Text(ty) = &self.value {
            return Ok(TypeField { name, ty: ty.clone(), optional: false });
        }
        let (mut ty, mut optional) = (None, false);
        for (key, field) in self.table()? {
            match key {
                "optional" => optional = field.value == Value::True,
                "type" => ty = Some(field.text()?),
                _ => return Err(self.error("holds a key that is unknown")),
            }
        }
        let ty = ty.ok_or_else(|| self.error("lacks `type`"))?;
        Ok(TypeField { name, ty, optional })
    }

    fn list(&self) -> Result<Vec<String>, LockError> {
        match &self.value {
            Value::List(list) => Ok(list.clone()),
            _ => Err(self.error("is no list")),
        }
    }

    fn variant(&self, name: &str) -> Result<Variant, LockError> {
        let mut variant = Variant { name: name.to_owned(), tag: 0, fields: Vec::new() };
        for (key, field) in self.table()? {
            match (key, &field.value) {
                ("tag", _) => variant.tag = field.number()?,
                ("fields", Value::List(fields)) => {
                    variant.fields =
                        fields.iter().enumerate().map(|(at, text)| variant_field(at, text)).collect();
                }
                _ => return Err(self.error("holds `tag` and `fields` only")),
            }
        }
        Ok(variant)
    }

    fn accepted(self, accepted: &mut Accepted) -> Result<(), LockError> {
        match self.path {
            ["rule"] => accepted.rule = self.text()?,
            ["item"] => accepted.item = self.text()?,
            ["to"] => accepted.to = self.version()?,
            ["why"] => accepted.why = self.text()?,
            _ => return Err(self.unknown()),
        }
        Ok(())
    }
}

/// `String` in a tuple, else `to: String`. A path's colons have no space behind them.
fn variant_field(at: usize, text: &str) -> TypeField {
    let (name, ty) =
        text.split_once(": ").map_or_else(|| (at.to_string(), text), |(name, ty)| (name.to_owned(), ty));
    TypeField { name, ty: ty.to_owned(), optional: false }
}
