//! The contract that most of these tests mock.

use plugin_contracts::{PluginFault, PluginType, Sink, plugin_contract};

/// A type that cannot be shown, copied or compared: no `Debug`, no `Clone`, no `PartialEq`.
#[derive(PluginType)]
pub struct Secret {
    /// What it hides.
    pub word: String,
}

/// A type that can.
#[derive(Debug, Clone, PartialEq, PluginType)]
pub struct Entry {
    /// Its key.
    pub key: String,
    /// Its size.
    pub size: u64,
}

/// Why nothing came of it.
#[derive(Debug, Clone, PartialEq, PluginType)]
pub enum VaultError {
    /// There is nothing.
    Gone,
    /// The plugin failed.
    Fault(String),
}

impl From<PluginFault> for VaultError {
    fn from(fault: PluginFault) -> Self {
        Self::Fault(fault.to_string())
    }
}

/// A small store.
#[plugin_contract(id = "test.vault", version = "1.1.0", mock)]
pub trait Vault: Send + Sync {
    /// The value under a key.
    fn get(&self, key: &str, depth: u64) -> Option<Vec<u8>>;
    /// Stores bytes.
    fn put(&mut self, key: &str, value: &[u8]);
    /// Takes something that cannot be shown.
    fn hide(&self, secret: Secret) -> u64;
    /// Takes something that can.
    fn add(&self, entry: Entry) -> Result<Entry, VaultError>;
    /// Writes the value under a key behind what is there.
    fn read(&self, key: &str, out: Sink<'_>) -> bool;
    /// Calls back for each entry.
    fn each(&self, visit: &dyn Fn(&str) -> u64) -> u64;
    /// Its name.
    fn name(&self) -> &str;
    /// Has nothing to say.
    fn ping(&self);
    /// How many there are.
    #[since("1.1.0")]
    fn count(&self) -> u64 {
        self.get("count", 1).map_or(7, |value| value.len() as u64)
    }
}

/// An implementation.
#[derive(Default)]
pub(crate) struct Real {
    /// What was put.
    pub(crate) put: Vec<(String, Vec<u8>)>,
}

impl Vault for Real {
    fn get(&self, key: &str, depth: u64) -> Option<Vec<u8>> {
        let found = self.put.iter().find(|(name, _)| name == key);
        found.map(|(_, value)| value[..value.len().min(depth as usize)].to_vec())
    }

    fn put(&mut self, key: &str, value: &[u8]) {
        self.put.push((key.to_owned(), value.to_vec()));
    }

    fn hide(&self, secret: Secret) -> u64 {
        secret.word.len() as u64
    }

    fn add(&self, entry: Entry) -> Result<Entry, VaultError> {
        Ok(entry)
    }

    fn read(&self, key: &str, mut out: Sink<'_>) -> bool {
        out.write(key.as_bytes());
        true
    }

    fn each(&self, visit: &dyn Fn(&str) -> u64) -> u64 {
        self.put.iter().map(|(key, _)| visit(key)).sum()
    }

    fn name(&self) -> &str {
        "real"
    }

    fn ping(&self) {}

    fn count(&self) -> u64 {
        self.put.len() as u64
    }
}
