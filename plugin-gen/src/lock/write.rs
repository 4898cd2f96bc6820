//! A [`Lock`] into its canonical text: one line a method or field, so that a diff is one line a change.

use std::fmt;

use super::value::{key, quoted};
use super::{Contract, Field, Lock, Method, Removed, StructForm, Type, Variant};

const HEADER: &str =
    "# Written by cargo plugin-gen. Review it like code; change it with `cargo plugin-gen accept`.";

impl fmt::Display for Lock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{HEADER}\nlock = 1\nabi = {}", self.abi)?;
        for (id, contract) in &self.contracts {
            writeln!(f, "\n[contract.{}]", quoted(id))?;
            write!(f, "{contract}")?;
        }
        for (name, ty) in &self.types {
            writeln!(f, "\n[type.{}]", key(name))?;
            write!(f, "{ty}")?;
        }
        for accepted in &self.accepted {
            writeln!(
                f,
                "\n[[accepted]]\nrule = {}\nitem = {}",
                quoted(&accepted.rule),
                quoted(&accepted.item)
            )?;
            writeln!(f, "to = \"{}\"\nwhy = {}", accepted.to, quoted(&accepted.why))?;
        }
        Ok(())
    }
}

impl fmt::Display for Contract {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "trait = {}", quoted(&self.name))?;
        writeln!(f, "version = \"{}\"\ncompat = \"{}\"", self.version, self.compat)?;
        writeln!(f, "bounds = \"{}\"", self.bounds)?;
        if !self.bases.is_empty() {
            let ids: Vec<_> = self.bases.iter().map(|id| quoted(id)).collect();
            writeln!(f, "bases = [{}]", ids.join(", "))?;
        }
        writeln!(f, "fingerprint = \"fnv128:{:032x}\"", self.fingerprint)?;
        for (name, method) in &self.methods {
            writeln!(f, "method.{} = {method}", key(name))?;
        }
        for (name, removed) in &self.removed {
            writeln!(f, "removed.{} = {removed}", key(name))?;
        }
        Ok(())
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{{ since = \"{}\", ", self.since)?;
        if !self.was.is_empty() {
            let names: Vec<_> = self.was.iter().map(|name| quoted(name)).collect();
            write!(f, "was = [{}], ", names.join(", "))?;
        }
        if self.optional {
            f.write_str("optional = true, ")?;
        }
        if !self.role.is_empty() {
            write!(f, "role = {}, ", quoted(&self.role))?;
        }
        if !self.from.is_empty() {
            write!(f, "from = {}, ", quoted(&self.from))?;
        }
        write!(f, "sig = {}, ", quoted(&self.signature))?;
        if !self.resolved.is_empty() {
            let pairs: Vec<_> =
                self.resolved.iter().map(|(name, ty)| format!("{} = {}", key(name), quoted(ty))).collect();
            write!(f, "resolved = {{ {} }}, ", pairs.join(", "))?;
        }
        write!(f, "fp = \"fnv128:{:032x}\" }}", self.fingerprint)
    }
}

impl fmt::Display for Removed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{{ since = \"{}\", until = \"{}\", sig = {} }}",
            self.since,
            self.until,
            quoted(&self.signature)
        )
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Struct { form, fields } => {
                let kind = match form {
                    StructForm::Mirrored => "struct",
                    StructForm::Sized => "sized struct",
                    StructForm::Plain => "plain struct",
                };
                writeln!(f, "kind = \"{kind}\"")?;
                fields.iter().try_for_each(|field| match field {
                    Field { name, ty, optional: false } => {
                        writeln!(f, "field.{} = {}", key(name), quoted(ty))
                    }
                    Field { name, ty, optional: true } => {
                        writeln!(f, "field.{} = {{ optional = true, type = {} }}", key(name), quoted(ty))
                    }
                })
            }
            Self::Enum { open, variants } => {
                writeln!(f, "kind = {}", if *open { "\"open enum\"" } else { "\"enum\"" })?;
                variants.iter().try_for_each(|variant| {
                    write!(f, "variant.{} = {{ tag = {}", key(&variant.name), variant.tag)?;
                    if !variant.fields.is_empty() {
                        let fields: Vec<_> =
                            variant.fields.iter().map(|field| quoted(&field.to_string())).collect();
                        write!(f, ", fields = [{}]", fields.join(", "))?;
                    }
                    writeln!(f, " }}")
                })
            }
        }
    }
}

/// `Io(String)`, `Moved { to: String }`, for people.
impl fmt::Display for Variant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        let fields: Vec<_> = self.fields.iter().map(ToString::to_string).collect();
        match self.fields.first() {
            None => Ok(()),
            Some(first) if first.is_numbered() => write!(f, "({})", fields.join(", ")),
            Some(_) => write!(f, " {{ {} }}", fields.join(", ")),
        }
    }
}

/// `String` in a tuple, else `to: String`.
impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_numbered() { f.write_str(&self.ty) } else { write!(f, "{}: {}", self.name, self.ty) }
    }
}

impl Field {
    /// Whether its name is its place.
    pub(super) fn is_numbered(&self) -> bool {
        self.name.starts_with(|first: char| first.is_ascii_digit())
    }
}
