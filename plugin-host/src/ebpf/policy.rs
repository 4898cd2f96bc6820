//! A table that is replaced whole: a map in an array of one.
//!
//! In: the array, and the map it begins with. Out: a table whose entries programs see all at once, because what changes is one
//! pointer. The kernel frees the old map when no program looks into it any more.

use std::os::fd::{AsFd as _, AsRawFd as _};
use std::sync::{PoisonError, RwLock};

use libbpf_rs::{MapCore as _, MapFlags, MapHandle, MapType};
use plugin_contracts::Sink;
use plugin_contracts::kernel::{KernelError, TableBytes};

use super::table::{KernelTable, system};

pub(super) struct Policy {
    array: MapHandle,
    now: RwLock<KernelTable>,
}

impl Policy {
    pub(super) fn new(array: MapHandle, first: MapHandle) -> Self {
        Self { array, now: RwLock::new(KernelTable::new(first)) }
    }

    fn read<T>(&self, read: impl FnOnce(&KernelTable) -> T) -> T {
        read(&self.now.read().unwrap_or_else(PoisonError::into_inner))
    }
}

impl TableBytes for Policy {
    fn get(&self, key: &[u8], value: Sink<'_>) -> Result<bool, KernelError> {
        self.read(|now| now.get(key, value))
    }

    fn insert(&self, key: &[u8], value: &[u8]) -> Result<(), KernelError> {
        self.read(|now| now.insert(key, value))
    }

    fn remove(&self, key: &[u8]) -> Result<bool, KernelError> {
        self.read(|now| now.remove(key))
    }

    fn keys(&self, keys: Sink<'_>) -> Result<(), KernelError> {
        self.read(|now| now.keys(keys))
    }

    fn replace(&self, entries: &[u8]) -> Result<(), KernelError> {
        // What is inserted meanwhile waits, and goes into the new one.
        let mut now = self.now.write().unwrap_or_else(PoisonError::into_inner);
        let (key, value) = (now.map().key_size(), now.map().value_size());
        let size = (key + value) as usize;
        if !entries.len().is_multiple_of(size) {
            let narrow = |size: usize| u32::try_from(size).unwrap_or(u32::MAX);
            return Err(KernelError::Size(narrow(entries.len()), narrow(size)));
        }
        let options = libbpf_sys::bpf_map_create_opts {
            sz: size_of::<libbpf_sys::bpf_map_create_opts>() as u64,
            ..Default::default()
        };
        let made = MapHandle::create(MapType::Hash, Some("policy"), key, value, now.capacity(), &options);
        let made = KernelTable::new(made.map_err(|error| system(&error))?);
        for entry in entries.chunks_exact(size) {
            let (key, value) = entry.split_at(key as usize);
            made.insert(key, value)?;
        }
        let fd = made.map().as_fd().as_raw_fd().to_ne_bytes();
        self.array.update(&0_u32.to_ne_bytes(), &fd, MapFlags::ANY).map_err(|error| system(&error))?;
        *now = made;
        Ok(())
    }

    fn capacity(&self) -> u32 {
        self.read(TableBytes::capacity)
    }
}
