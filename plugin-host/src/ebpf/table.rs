//! A table that the kernel keeps.

use std::collections::BTreeSet;

use libbpf_rs::{Error, ErrorKind, MapCore as _, MapFlags, MapHandle, MapType};
use plugin_contracts::Sink;
use plugin_contracts::kernel::{KernelError, TableBytes};

/// A map of the kernel's, as a table.
pub(super) struct KernelTable {
    map: MapHandle,
}

impl KernelTable {
    pub(super) fn new(map: MapHandle) -> Self {
        Self { map }
    }

    pub(super) fn map(&self) -> &MapHandle {
        &self.map
    }

    fn is_array(&self) -> bool {
        matches!(self.map.map_type(), MapType::Array | MapType::PercpuArray)
    }

    fn is_per_cpu(&self) -> bool {
        self.map.map_type().is_percpu()
    }

    /// This value for the first processor, and zeros for every other.
    fn update_first(&self, key: &[u8], value: &[u8]) -> libbpf_rs::Result<()> {
        let mut values = vec![vec![0; value.len()]; libbpf_rs::num_possible_cpus()?];
        values[0].copy_from_slice(value);
        self.map.update_percpu(key, &values, MapFlags::ANY)
    }

    /// What arrives may come from another side, which may be wrong about the sizes.
    fn fits(given: &[u8], holds: u32) -> Result<(), KernelError> {
        let given = u32::try_from(given.len()).unwrap_or(u32::MAX);
        if given == holds { Ok(()) } else { Err(KernelError::Size(given, holds)) }
    }
}

pub(super) fn system(error: &Error) -> KernelError {
    KernelError::System(error.to_string())
}

impl TableBytes for KernelTable {
    fn get(&self, key: &[u8], mut value: Sink<'_>) -> Result<bool, KernelError> {
        Self::fits(key, self.map.key_size())?;
        let found = if self.is_per_cpu() {
            self.map.lookup_percpu(key, MapFlags::ANY).map(|found| found.map(|values| values.concat()))
        } else {
            self.map.lookup(key, MapFlags::ANY)
        };
        match found {
            Ok(Some(found)) => {
                value.write(&found);
                Ok(true)
            }
            Ok(None) => Ok(false),
            Err(error) => Err(system(&error)),
        }
    }

    fn insert(&self, key: &[u8], value: &[u8]) -> Result<(), KernelError> {
        Self::fits(key, self.map.key_size())?;
        Self::fits(value, self.map.value_size())?;
        let updated = if self.is_per_cpu() {
            self.update_first(key, value)
        } else {
            self.map.update(key, value, MapFlags::ANY)
        };
        updated.map_err(|error| match error.kind() {
            ErrorKind::TooBig if self.is_array() => KernelError::NoKey,
            ErrorKind::TooBig => KernelError::Full(self.capacity()),
            _ => system(&error),
        })
    }

    fn remove(&self, key: &[u8]) -> Result<bool, KernelError> {
        Self::fits(key, self.map.key_size())?;
        if self.is_array() {
            return Err(KernelError::Unsupported("an array's keys are always there".to_owned()));
        }
        match self.map.delete(key) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
            Err(error) => Err(system(&error)),
        }
    }

    fn keys(&self, mut keys: Sink<'_>) -> Result<(), KernelError> {
        // The kernel begins again where the key it stood at was removed: no key is written twice, and there is an end.
        let mut seen = BTreeSet::new();
        let most = 4 * self.map.max_entries() as usize + 16;
        for key in self.map.keys().take(most) {
            if seen.contains(&key) {
                continue;
            }
            keys.write(&key);
            seen.insert(key);
        }
        Ok(())
    }

    fn replace(&self, _: &[u8]) -> Result<(), KernelError> {
        let why = "this table's entries change one by one: write `#[table(policy)]` in the contract";
        Err(KernelError::Unsupported(why.to_owned()))
    }

    fn capacity(&self) -> u32 {
        self.map.max_entries()
    }
}
