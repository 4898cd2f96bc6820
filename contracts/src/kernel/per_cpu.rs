//! Tables that keep a value for each processor: what runs there writes without waiting for any other.
//!
//! In: plain keys and values. Out: their bytes, to whoever keeps them. It does not know how many processors there are: whoever keeps
//! them says so with each value.

use std::fmt;
use std::sync::Arc;

use plugin_abi::{Plain, plain_bytes};

use super::table::{Memory, narrow, read};
use super::{KernelError, TableBytes};
use crate::PluginType;

/// Keys, and for each a value of every processor: what a method under `#[table(percpu)]` or `#[table(percpu_array)]` returns, or one
/// under `#[state]` with these words.
///
/// A program sees the value of the processor that it runs on; its user sees all. It is a handle: a clone is the same table. A table
/// in this process keeps one value.
#[derive(PluginType)]
#[plugin(crate = crate)]
pub struct PerCpu<K, V> {
    bytes: Arc<dyn TableBytes>,
    // Never filled: they say what the bytes are, to whoever compares the two sides.
    key: Option<K>,
    value: Option<V>,
}

impl<K: Plain, V: Plain> PerCpu<K, V> {
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

    /// The values under a key, one of each processor that there may be.
    ///
    /// # Errors
    /// Whoever keeps the table failed.
    pub fn get(&self, key: &K) -> Result<Option<Vec<V>>, KernelError> {
        let mut values = Vec::new();
        if !self.bytes.get(plain_bytes(key), crate::Sink::new(&mut values))? {
            return Ok(None);
        }
        let size = size_of::<V>();
        if values.is_empty() || !values.len().is_multiple_of(size) {
            return Err(KernelError::Size(narrow(values.len()), narrow(size)));
        }
        values.chunks_exact(size).map(read).collect::<Result<_, _>>().map(Some)
    }

    /// Puts a value under a key: the first processor has it, and every other has zeros, so that sums begin with it.
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

    /// Every key that is there from beginning to end, with its values; others may be among them, or not.
    ///
    /// # Errors
    /// Whoever keeps the table failed.
    pub fn entries(&self) -> Result<Vec<(K, Vec<V>)>, KernelError> {
        let mut keys = Vec::new();
        self.bytes.keys(crate::Sink::new(&mut keys))?;
        let entry = |key: Result<K, KernelError>| {
            let key = key?;
            Ok(self.get(&key)?.map(|values| (key, values)))
        };
        keys.chunks(size_of::<K>()).map(read::<K>).filter_map(|key| entry(key).transpose()).collect()
    }

    /// How many keys there can be.
    #[must_use]
    pub fn capacity(&self) -> u32 {
        self.bytes.capacity()
    }
}

impl<K, V> Clone for PerCpu<K, V> {
    fn clone(&self) -> Self {
        Self { bytes: Arc::clone(&self.bytes), key: None, value: None }
    }
}

impl<K, V> fmt::Debug for PerCpu<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PerCpu").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_of_this_process_keeps_one_value() {
        let table = PerCpu::<u32, u64>::new(2);
        table.insert(&1, &10).expect("there is room");
        assert_eq!((table.get(&1), table.get(&2)), (Ok(Some(vec![10])), Ok(None)));
        table.insert(&2, &20).expect("there is room");
        assert_eq!(table.insert(&3, &30), Err(KernelError::Full(2)));
        assert_eq!(table.remove(&1), Ok(true));
        assert_eq!(table.clone().entries(), Ok(vec![(2, vec![20])]));
    }

    #[test]
    fn values_that_are_cut_short_are_refused() {
        let table = PerCpu::<u32, u32>::new(2);
        table.insert(&1, &1).expect("there is room");
        assert_eq!(PerCpu::<u32, u64>::of(Arc::clone(&table.bytes)).get(&1), Err(KernelError::Size(4, 8)));
        // Whoever keeps it may have more processors.
        assert_eq!(
            PerCpu::<u32, u16>::of(Arc::clone(&table.bytes)).get(&1).map(|all| all.map(|all| all.len())),
            Ok(Some(2))
        );
    }
}
