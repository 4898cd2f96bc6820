//! Tables: keys and values that programs and their users share.
//!
//! In: plain keys and values. Out: their bytes, to whoever keeps them. It does not know who that is: a map in the kernel, a
//! plugin, or this process.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use plugin_abi::{Plain, plain_bytes, plain_from_bytes};

use super::KernelError;
use crate::{PluginType, Sink, plugin_contract};

/// A table's bytes, wherever they are kept.
#[plugin_contract(id = "plugin.table", version = "1.1.0", crate = crate)]
pub trait TableBytes: Send + Sync {
    /// Writes the value under a key; says whether there is one.
    fn get(&self, key: &[u8], value: Sink<'_>) -> Result<bool, KernelError>;
    /// Puts a value under a key, whether or not there was one.
    fn insert(&self, key: &[u8], value: &[u8]) -> Result<(), KernelError>;
    /// Removes a key; says whether it was there.
    fn remove(&self, key: &[u8]) -> Result<bool, KernelError>;
    /// Writes every key, one behind the other.
    fn keys(&self, keys: Sink<'_>) -> Result<(), KernelError>;
    /// Takes these entries, each a key and its value one behind the other, for all that are there, in one step.
    fn replace(&self, entries: &[u8]) -> Result<(), KernelError>;
    /// How many entries there can be.
    fn capacity(&self) -> u32;
}

/// Keys and values that a program and its user share: what a method under `#[table]` or `#[state]` returns.
///
/// It is a handle: a clone is the same table. Whoever reads sees what was written last, by whichever side; nothing but a single
/// entry changes in one step.
#[derive(PluginType)]
#[plugin(crate = crate)]
pub struct Table<K, V> {
    bytes: Arc<dyn TableBytes>,
    // Never filled: they say what the bytes are, to whoever compares the two sides.
    key: Option<K>,
    value: Option<V>,
}

impl<K: Plain, V: Plain> Table<K, V> {
    /// A table in this process, for plugins that are linked in or native.
    #[must_use]
    pub fn new(capacity: u32) -> Self {
        Self::of(Arc::new(Memory::of::<K, V>(capacity)))
    }

    /// A table whose bytes somebody else keeps.
    #[must_use]
    pub fn of(bytes: Arc<dyn TableBytes>) -> Self {
        Self { bytes, key: None, value: None }
    }

    /// The value under a key.
    ///
    /// # Errors
    /// Whoever keeps the table failed.
    pub fn get(&self, key: &K) -> Result<Option<V>, KernelError> {
        let mut value = Vec::with_capacity(size_of::<V>());
        let found = self.bytes.get(plain_bytes(key), Sink::new(&mut value))?;
        found.then(|| read(&value)).transpose()
    }

    /// Puts a value under a key, whether or not there was one.
    ///
    /// # Errors
    /// [`KernelError::Full`], [`KernelError::NoKey`], or whoever keeps the table failed.
    pub fn insert(&self, key: &K, value: &V) -> Result<(), KernelError> {
        self.bytes.insert(plain_bytes(key), plain_bytes(value))
    }

    /// Removes a key; says whether it was there.
    ///
    /// # Errors
    /// The table is an array, whose keys are always there; or whoever keeps it failed.
    pub fn remove(&self, key: &K) -> Result<bool, KernelError> {
        self.bytes.remove(plain_bytes(key))
    }

    /// Every entry that is there from beginning to end; others may be among them, or not.
    ///
    /// # Errors
    /// Whoever keeps the table failed.
    pub fn entries(&self) -> Result<Vec<(K, V)>, KernelError> {
        let mut keys = Vec::new();
        self.bytes.keys(Sink::new(&mut keys))?;
        let keys = keys.chunks(size_of::<K>()).map(read::<K>);
        let entry = |key: Result<K, KernelError>| {
            let key = key?;
            Ok(self.get(&key)?.map(|value| (key, value)))
        };
        keys.filter_map(|key| entry(key).transpose()).collect()
    }

    /// Takes these entries for all that are there, in one step: whoever looks up meanwhile sees the old ones or the new ones, and
    /// no mixture.
    ///
    /// # Errors
    /// [`KernelError::Full`]; [`KernelError::Unsupported`] where the kernel keeps the table and the contract does not say
    /// `#[table(policy)]`; or whoever keeps the table failed. What was there is there still.
    pub fn replace_all<'a>(&self, entries: impl IntoIterator<Item = &'a (K, V)>) -> Result<(), KernelError> {
        let mut bytes = Vec::new();
        for (key, value) in entries {
            bytes.extend_from_slice(plain_bytes(key));
            bytes.extend_from_slice(plain_bytes(value));
        }
        self.bytes.replace(&bytes)
    }

    /// How many entries there can be.
    #[must_use]
    pub fn capacity(&self) -> u32 {
        self.bytes.capacity()
    }
}

/// What whoever keeps a table or events wrote.
pub(super) fn read<T: Plain>(bytes: &[u8]) -> Result<T, KernelError> {
    let wrong = || KernelError::Size(narrow(bytes.len()), narrow(size_of::<T>()));
    plain_from_bytes(bytes).ok_or_else(wrong)
}

pub(super) fn narrow(size: usize) -> u32 {
    u32::try_from(size).unwrap_or(u32::MAX)
}

impl<K, V> Clone for Table<K, V> {
    fn clone(&self) -> Self {
        Self { bytes: Arc::clone(&self.bytes), key: None, value: None }
    }
}

impl<K, V> fmt::Debug for Table<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Table").finish_non_exhaustive()
    }
}

/// A table of this process.
pub(super) struct Memory {
    entries: RwLock<BTreeMap<Vec<u8>, Vec<u8>>>,
    key: usize,
    value: usize,
    capacity: u32,
}

impl Memory {
    pub(super) fn of<K, V>(capacity: u32) -> Self {
        let entries = RwLock::new(BTreeMap::new());
        Self { entries, key: size_of::<K>(), value: size_of::<V>(), capacity }
    }

    /// What arrives may come from another side, which may be wrong about the sizes.
    fn fits(&self, key: &[u8]) -> Result<(), KernelError> {
        if key.len() == self.key {
            Ok(())
        } else {
            Err(KernelError::Size(narrow(key.len()), narrow(self.key)))
        }
    }
}

impl TableBytes for Memory {
    fn get(&self, key: &[u8], mut value: Sink<'_>) -> Result<bool, KernelError> {
        self.fits(key)?;
        let entries = self.entries.read().unwrap_or_else(PoisonError::into_inner);
        let Some(found) = entries.get(key) else { return Ok(false) };
        value.write(found);
        Ok(true)
    }

    fn insert(&self, key: &[u8], value: &[u8]) -> Result<(), KernelError> {
        self.fits(key)?;
        if value.len() != self.value {
            return Err(KernelError::Size(narrow(value.len()), narrow(self.value)));
        }
        let mut entries = self.entries.write().unwrap_or_else(PoisonError::into_inner);
        if entries.len() >= self.capacity as usize && !entries.contains_key(key) {
            return Err(KernelError::Full(self.capacity));
        }
        entries.insert(key.to_owned(), value.to_owned());
        Ok(())
    }

    fn remove(&self, key: &[u8]) -> Result<bool, KernelError> {
        self.fits(key)?;
        Ok(self.entries.write().unwrap_or_else(PoisonError::into_inner).remove(key).is_some())
    }

    fn keys(&self, mut keys: Sink<'_>) -> Result<(), KernelError> {
        let entries = self.entries.read().unwrap_or_else(PoisonError::into_inner);
        entries.keys().for_each(|key| keys.write(key));
        Ok(())
    }

    fn replace(&self, entries: &[u8]) -> Result<(), KernelError> {
        let size = self.key + self.value;
        if !entries.len().is_multiple_of(size) {
            return Err(KernelError::Size(narrow(entries.len()), narrow(size)));
        }
        let pairs = entries.chunks_exact(size).map(|entry| entry.split_at(self.key));
        let new: BTreeMap<_, _> = pairs.map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
        if new.len() > self.capacity as usize {
            return Err(KernelError::Full(self.capacity));
        }
        *self.entries.write().unwrap_or_else(PoisonError::into_inner) = new;
        Ok(())
    }

    fn capacity(&self) -> u32 {
        self.capacity
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_holds_no_more_than_its_capacity() {
        let table = Table::<u32, u64>::new(2);
        table.insert(&1, &10).expect("there is room");
        table.insert(&2, &20).expect("there is room");
        assert_eq!(table.insert(&3, &30), Err(KernelError::Full(2)));
        table.insert(&2, &21).expect("what is there may change");
        assert_eq!(table.get(&2), Ok(Some(21)));
        assert_eq!(table.remove(&1), Ok(true));
        assert_eq!(table.remove(&1), Ok(false));
        table.insert(&3, &30).expect("there is room again");
        let mut entries = table.clone().entries().expect("a clone is the same table");
        entries.sort_unstable();
        assert_eq!(entries, [(2, 21), (3, 30)]);
    }

    #[test]
    fn a_table_is_replaced_whole_or_not_at_all() {
        let table = Table::<u32, u64>::new(2);
        table.insert(&1, &10).expect("there is room");
        table.replace_all(&[(2, 20), (3, 30)]).expect("there is room");
        assert_eq!(table.entries(), Ok(vec![(2, 20), (3, 30)]));
        assert_eq!(table.replace_all(&[(4, 1), (5, 1), (6, 1)]), Err(KernelError::Full(2)));
        assert_eq!(table.bytes.replace(&[0; 13]), Err(KernelError::Size(13, 12)));
        assert_eq!(table.entries(), Ok(vec![(2, 20), (3, 30)]), "what was there is there still");
    }

    #[test]
    fn bytes_of_another_size_are_refused() {
        let table = Table::<u32, u64>::new(2);
        assert_eq!(table.bytes.insert(&[1, 2], &[0; 8]), Err(KernelError::Size(2, 4)));
        assert_eq!(table.bytes.insert(&[0; 4], &[0; 4]), Err(KernelError::Size(4, 8)));
        let wrong = Table::<u32, u16>::of(Arc::clone(&table.bytes));
        table.insert(&1, &1).expect("there is room");
        assert_eq!(wrong.get(&1), Err(KernelError::Size(8, 2)));
    }
}
