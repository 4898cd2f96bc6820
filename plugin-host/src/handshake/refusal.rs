//! A refusal, and how it is told: which method, both signatures, who is older, what to do.

use std::fmt;

use plugin_abi::describe::{ContractDesc, MethodDesc};
use plugin_abi::note::{Contract, Method};

/// The first method that cannot be bound.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Mismatch {
    /// The method's name.
    pub method: &'static str,
    /// The host's signature.
    pub expected: &'static str,
    /// The plugin's signature; nothing when the plugin lacks the method.
    pub found: Option<String>,
    /// Where exactly the two differ, when the signatures' text does not say it.
    pub detail: String,
    /// How many more methods cannot be bound.
    pub more: usize,
}

impl Mismatch {
    pub(super) fn missing(method: &MethodDesc) -> Self {
        let (method, expected) = (method.name, method.signature);
        Self { method, expected, found: None, detail: String::new(), more: 0 }
    }

    pub(super) fn differs(method: &MethodDesc, found: &Method, detail: String) -> Self {
        let (method, expected) = (method.name, method.signature);
        // Where the words differ they say it; where they do not, the detail must. A renamed method's name says nothing.
        let same = words(&found.signature, &found.name) == words(expected, method);
        let detail = if same { detail } else { String::new() };
        Self { method, expected, found: Some(found.signature.clone()), detail, more: 0 }
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
    /// What does not fit.
    pub mismatch: Mismatch,
}

impl Refusal {
    /// What [`bind`](super::bind) found, with the names of whom it was found in.
    #[must_use]
    pub fn new(plugin: String, host: &'static ContractDesc, found: &Contract, mismatch: Mismatch) -> Self {
        let plugin_version = found.version.clone();
        let (contract, host_version, package) = (host.id, host.version, host.package.name);
        Self { plugin, contract, host_version, plugin_version, package, mismatch }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { plugin, contract, host_version, plugin_version, package, mismatch } = self;
        let Mismatch { method, expected, found, detail, more } = mismatch;
        write!(f, "refused {plugin}: `{contract}` {method}: ")?;
        match found {
            Some(found) => write!(f, "plugin built for {found}, host expects {expected}")?,
            None => write!(f, "plugin has no such method, host expects {expected}")?,
        }
        if !detail.is_empty() {
            write!(f, "\n  {detail}")?;
        }
        if *more > 0 {
            write!(f, "\n  {more} more of its methods do not fit")?;
        }
        match numbers(plugin_version).cmp(&numbers(host_version)) {
            std::cmp::Ordering::Less => write!(
                f,
                "\n  plugin is older ({plugin_version}, host {host_version}): rebuild it against {contract} {}.x, of package {package}",
                numbers(host_version)[0]
            ),
            std::cmp::Ordering::Greater => write!(
                f,
                "\n  host is older ({host_version}, plugin {plugin_version}): update the host, or use a plugin built \
                 against {contract} {}.x",
                numbers(host_version)[0]
            ),
            std::cmp::Ordering::Equal => write!(
                f,
                "\n  both say {host_version}, yet they differ: the contract changed without a new version; rebuild \
                 both against one {package}"
            ),
        }
    }
}

/// A signature without its name: `(&self, key: &str) -> u64`.
fn words<'a>(signature: &'a str, name: &str) -> &'a str {
    let named = signature.strip_prefix("fn ").and_then(|words| words.strip_prefix(name));
    named.unwrap_or(signature)
}

/// A version's three numbers. A plugin's text is foreign: what is no number counts as 0.
fn numbers(version: &str) -> [u64; 3] {
    let mut parts = version.split('.').map(|part| part.parse().unwrap_or(0));
    [(); 3].map(|()| parts.next().unwrap_or(0))
}
