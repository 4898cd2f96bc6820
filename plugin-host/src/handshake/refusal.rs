//! A refusal, and how it is told: which method, both signatures, who is older, what to do.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;

use plugin_abi::describe::{ContractDesc, MethodDesc};
use plugin_abi::note::{Contract, Method};

use super::Rule;
use super::objects::Side;
use super::shape::Difference;

/// A method that cannot be bound.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Mismatch {
    /// The rule that is broken.
    pub rule: Rule,
    /// The contract whose object lacks the method or has another, when it is not the one that was asked for.
    pub object: Option<HandedOver>,
    /// The method's name.
    pub method: Cow<'static, str>,
    /// The host's signature; nothing when the plugin would call it on an object of the host's, which lacks it.
    pub expected: Option<Cow<'static, str>>,
    /// The plugin's signature; nothing when the plugin lacks the method.
    pub found: Option<String>,
    /// Where exactly the two differ, in words; empty when the plugin lacks the method.
    pub detail: String,
}

/// A contract whose objects cross within another.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct HandedOver {
    /// Its id.
    pub contract: String,
    /// Its version in the host.
    pub host_version: String,
    /// Its version in the plugin.
    pub plugin_version: String,
}

impl HandedOver {
    pub(super) fn of(host: &Contract, plugin: &Contract) -> Self {
        let (host_version, plugin_version) = (host.version.clone(), plugin.version.clone());
        Self { contract: host.id.clone(), host_version, plugin_version }
    }

    fn plugin_is(&self) -> Age {
        Age::of(&self.plugin_version, &self.host_version)
    }
}

impl Mismatch {
    pub(super) fn missing(method: &MethodDesc, plugin_is: Age) -> Self {
        let rule = if plugin_is == Age::Newer { Rule::PC001 } else { Rule::PC002 };
        let (method, expected) = (method.name.into(), Some(method.signature.into()));
        Self { rule, object: None, method, expected, found: None, detail: String::new() }
    }

    /// An object of the side that does not call it lacks a method.
    pub(super) fn object_lacks(object: HandedOver, method: &Method, caller: Side) -> Self {
        let plugin_is = object.plugin_is();
        let is_newer = (plugin_is == Age::Newer) == (caller == Side::Host);
        let rule = if plugin_is != Age::Same && is_newer { Rule::PC001 } else { Rule::PC002 };
        let (expected, found) = match caller {
            Side::Host => (Some(method.signature.clone().into()), None),
            Side::Plugin => (None, Some(method.signature.clone())),
        };
        let (object, method) = (Some(object), method.name.clone().into());
        Self { rule, object, method, expected, found, detail: String::new() }
    }

    pub(super) fn differs(method: &MethodDesc, found: &Method, difference: Difference) -> Self {
        Self::of_pair(None, method.name.into(), method.signature.into(), found, difference)
    }

    pub(super) fn object_differs(
        object: HandedOver,
        expected: &Method,
        found: &Method,
        difference: Difference,
    ) -> Self {
        let (name, signature) = (expected.name.clone().into(), expected.signature.clone().into());
        Self::of_pair(Some(object), name, signature, found, difference)
    }

    fn of_pair(
        object: Option<HandedOver>,
        method: Cow<'static, str>,
        expected: Cow<'static, str>,
        found: &Method,
        difference: Difference,
    ) -> Self {
        let Difference { rule, text: detail } = difference;
        let rule = match rule {
            // The words are the same, and stand for another type.
            Rule::PC003 | Rule::PC005 if words(&found.signature) == words(&expected) => Rule::PC108,
            rule => rule,
        };
        Self { rule, object, method, expected: Some(expected), found: Some(found.signature.clone()), detail }
    }

    /// Whether the two signatures read the same, but for a name that was changed.
    fn reads_the_same(&self) -> bool {
        match (&self.found, &self.expected) {
            (Some(found), Some(expected)) => words(found) == words(expected),
            _ => false,
        }
    }
}

/// Which of two contracts is older, by their versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Age {
    Older,
    Same,
    Newer,
}

impl Age {
    /// How old the first is, beside the second.
    pub(super) fn of(version: &str, beside: &str) -> Self {
        match numbers(version).cmp(&numbers(beside)) {
            Ordering::Less => Self::Older,
            Ordering::Equal => Self::Same,
            Ordering::Greater => Self::Newer,
        }
    }
}

/// Why a plugin was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Refusal {
    /// The plugin's file name.
    pub plugin: String,
    /// The contract's id.
    pub contract: &'static str,
    /// The contract's version in the host.
    pub host_version: &'static str,
    /// The contract's version in the plugin.
    pub plugin_version: String,
    /// The package that declares the contract, in the host.
    pub package: &'static str,
    /// What does not fit, in the order of the host's methods; never empty.
    pub mismatches: Vec<Mismatch>,
}

impl Refusal {
    /// What [`bind`](super::bind) found, with the names of whom it was found in.
    #[must_use]
    pub fn new(
        plugin: String,
        host: &'static ContractDesc,
        found: &Contract,
        mismatches: Vec<Mismatch>,
    ) -> Self {
        let plugin_version = found.version.clone();
        let (contract, host_version, package) = (host.id, host.version, host.package.name);
        Self { plugin, contract, host_version, plugin_version, package, mismatches }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { plugin, contract, host_version, plugin_version, package, mismatches } = self;
        let Some(mismatch) = mismatches.first() else { return write!(f, "refused {plugin}: `{contract}`") };
        let Mismatch { object, method, expected, found, detail, .. } = mismatch;
        write!(f, "refused {plugin}: `{contract}` ")?;
        if let Some(object) = object {
            write!(f, "hands over `{}` ", object.contract)?;
        }
        write!(f, "{method}: ")?;
        match (found, expected) {
            (Some(found), Some(expected)) => write!(f, "plugin built for {found}, host expects {expected}")?,
            (Some(found), None) => write!(f, "host has no such method, plugin calls {found}")?,
            (None, Some(expected)) => write!(f, "plugin has no such method, host expects {expected}")?,
            (None, None) => f.write_str("neither side has such a method")?,
        }
        // Where the words differ they say it; where they do not, the detail must.
        if !detail.is_empty() && mismatch.reads_the_same() {
            write!(f, "\n  {detail}")?;
        }
        let more = mismatches.len() - 1;
        if more > 0 {
            write!(f, "\n  {more} more of its methods do not fit")?;
        }
        // What is handed over has a version of its own, and is declared who knows where.
        let (contract, host_version, plugin_version, of_package) = match object {
            Some(object) => {
                (&*object.contract, &*object.host_version, &*object.plugin_version, String::new())
            }
            None => (*contract, *host_version, plugin_version.as_str(), format!(", of package {package}")),
        };
        match Age::of(plugin_version, host_version) {
            Age::Older => write!(
                f,
                "\n  plugin is older ({plugin_version}, host {host_version}): rebuild it against {contract} {}{of_package}",
                fitting(host_version, plugin_version)
            ),
            Age::Newer => write!(
                f,
                "\n  host is older ({host_version}, plugin {plugin_version}): update the host, or use a plugin built \
                 against {contract} {}",
                fitting(host_version, plugin_version)
            ),
            Age::Same => write!(
                f,
                "\n  both say {host_version}, yet they differ: the contract changed without a new version; rebuild \
                 both against one {package}"
            ),
        }
    }
}

/// A signature without its name, which a renamed method has another of: `&self, key: &str) -> u64`.
fn words(signature: &str) -> &str {
    signature.split_once('(').map_or(signature, |(_, words)| words)
}

/// The versions that are like the first where it differs from the second: `2.x` beside 1.0.0, `2.1.x` beside 2.0.0.
fn fitting(version: &str, beside: &str) -> String {
    let [major, minor, patch] = numbers(version);
    match numbers(beside) {
        [other, ..] if other != major => format!("{major}.x"),
        [_, other, _] if other != minor => format!("{major}.{minor}.x"),
        _ => format!("{major}.{minor}.{patch}"),
    }
}

/// A version's three numbers. A plugin's text is foreign: what is no number counts as 0.
fn numbers(version: &str) -> [u64; 3] {
    let mut parts = version.split('.').map(|part| part.parse().unwrap_or(0));
    [(); 3].map(|()| parts.next().unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::fitting;

    #[test]
    fn what_fits_is_named_by_where_the_versions_part() {
        assert_eq!(fitting("2.1.0", "1.4.2"), "2.x");
        assert_eq!(fitting("1.0.3", "1.2.0"), "1.0.x");
        assert_eq!(fitting("1.0.0", "1.0.7"), "1.0.0");
    }
}
