//! A [`Lock`] into its canonical text: one line a method or field, so that a diff is one line a change.

use std::fmt;

use super::value::{key, quoted};
use super::{Contract, Lock, Method, Removed, Type, Variant};

const HEADER: &str =
    "# Written by cargo plugin-gen. Review it like code; change it with `cargo plugin-gen accept`.";

impl fmt::Display for Lock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{HEADER}\nlock = 1")?;
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
        writeln!(f, "bounds = \"{}\"\nfingerprint = \"fnv128:{:032x}\"", self.bounds, self.fingerprint)?;
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
        if self.optional {
            f.write_str("optional = true, ")?;
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
            Self::Struct(fields) => {
                writeln!(f, "kind = \"struct\"")?;
                fields.iter().try_for_each(|(name, ty)| writeln!(f, "field.{} = {}", key(name), quoted(ty)))
            }
            Self::Enum(variants) => {
                writeln!(f, "kind = \"enum\"")?;
                variants
                    .iter()
                    .try_for_each(|(name, variant)| writeln!(f, "variant.{} = {variant}", key(name)))
            }
        }
    }
}

impl fmt::Display for Variant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{{ tag = {}", self.tag)?;
        if !self.fields.is_empty() {
            let fields: Vec<_> = self.fields.iter().map(|field| quoted(field)).collect();
            write!(f, ", fields = [{}]", fields.join(", "))?;
        }
        f.write_str(" }")
    }
}
