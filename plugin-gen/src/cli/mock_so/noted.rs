//! What a mock's note says that is not true, so that a host can be seen to refuse it.
//!
//! In: flags, and the contract as it is. Out: the contract as the note shall have it. It does not know hosts.

use clap::Args;
use plugin_abi::note::{Contract, Method};
use proc_macro2::TokenStream;

use crate::cli::Failure;
use crate::lock::Lock;
use crate::rust::{Noted, NotedMethod};
use crate::syntax::Version;

/// What shall not be true.
#[derive(Args)]
#[command(next_help_heading = "What hosts shall cope with, or refuse")]
pub(super) struct Lies {
    /// Leave this method out, as a plugin that was built without it. May be given several times.
    #[arg(long, value_name = "METHOD")]
    without: Vec<String>,
    /// Let a method return another type, as a plugin that drifted: `count=String`. May be given several times. The type is
    /// written as at the root of the contract's crate: `Item`, `storage::Item`.
    #[arg(long, value_name = "METHOD=TYPE")]
    returns: Vec<String>,
    /// Be a plugin of this version: the methods that came later are missing.
    #[arg(long, value_name = "VERSION")]
    as_version: Option<String>,
}

impl Lies {
    /// The first flag that was given.
    pub(super) fn first(&self) -> Option<&'static str> {
        let flags = [
            ("--without", !self.without.is_empty()),
            ("--returns", !self.returns.is_empty()),
            ("--as-version", self.as_version.is_some()),
        ];
        flags.into_iter().find(|(_, is_set)| *is_set).map(|(flag, _)| flag)
    }

    /// Whether types were written, which the contract's crate may not have.
    pub(super) fn has_types(&self) -> bool {
        !self.returns.is_empty()
    }

    /// The contract as the note shall have it, if that is another.
    pub(super) fn noted(&self, contract: &Contract, lock: &Lock) -> Result<Option<Noted>, Failure> {
        if self.first().is_none() {
            return Ok(None);
        }
        let mut missing = Vec::new();
        for name in &self.without {
            missing.push(place(contract, name, "--without")?);
        }
        let version = match &self.as_version {
            None => contract.version.clone(),
            Some(text) => {
                let version = version(text)?;
                if version > self::version(&contract.version)? {
                    let message =
                        format!("`{text}` is later than `{}`, which is of {}", contract.id, contract.version);
                    return Err(Failure::Usage(message));
                }
                let locked = lock.contracts.get(&contract.id);
                for (at, method) in contract.methods.iter().enumerate() {
                    // Looked at without its lock, the contract knows what its source says only.
                    let promised = locked.and_then(|locked| locked.methods.get(&method.name));
                    let since = Version::parse(&method.since).or(promised.map(|promised| promised.since));
                    if since.is_some_and(|since| since > version) {
                        missing.push(at);
                    }
                }
                version.to_string()
            }
        };
        let mut returns = Vec::new();
        for said in &self.returns {
            let Some((name, ty)) = said.split_once('=') else {
                let message =
                    format!("`--returns {said}`: expected a method and a type, as in `count=String`");
                return Err(Failure::Usage(message));
            };
            let at = place(contract, name, "--returns")?;
            let tokens = ty
                .parse::<TokenStream>()
                .map_err(|_| Failure::Usage(format!("`--returns {said}`: `{ty}` does not read as a type")))?;
            returns.push((at, tokens, signature(&contract.methods[at], ty)));
        }
        let kept = (0..contract.methods.len()).filter(|at| !missing.contains(at));
        let methods = kept.map(|at| {
            let returns = returns.iter().find(|(of, ..)| *of == at);
            NotedMethod { at, returns: returns.map(|(_, ty, text)| (ty.clone(), text.clone())) }
        });
        Ok(Some(Noted { version, of: contract.methods.len(), methods: methods.collect() }))
    }
}

fn version(text: &str) -> Result<Version, Failure> {
    let wrong =
        || Failure::Usage(format!("`{text}` is no version of a contract: use three numbers, as in `1.0.0`"));
    Version::parse(text).ok_or_else(wrong)
}

fn place(contract: &Contract, name: &str, flag: &str) -> Result<usize, Failure> {
    contract.methods.iter().position(|method| method.name == name).ok_or_else(|| {
        let names: Vec<_> = contract.methods.iter().map(|method| &*method.name).collect();
        let message =
            format!("`{flag}`: `{}` has no method `{name}`; there are: {}", contract.id, names.join(", "));
        Failure::Usage(message)
    })
}

/// The signature with another result.
fn signature(method: &Method, ty: &str) -> String {
    let arguments = method.signature.rfind(')').map_or(&*method.signature, |_| {
        // The result stands behind the bracket that closes the first one.
        let mut depth = 0_usize;
        let end = method.signature.char_indices().find(|(_, letter)| {
            match letter {
                '(' => depth += 1,
                ')' => depth = depth.saturating_sub(1),
                _ => return false,
            }
            depth == 0
        });
        end.map_or(&*method.signature, |(at, _)| &method.signature[..=at])
    });
    format!("{arguments} -> {ty}")
}
