//! The plugin `disk`: a [`Store`] in one file, which survives restarts and crashes.
//!
//! Calls of the contract come in, transactions on a redb database go out. This file translates between the
//! two; `tables` knows the layout inside the database, `flush` decides when the medium is waited for.
//!
//! # What is promised
//!
//! * **Never torn, never out of order.** Every `put` and `delete` is a transaction. After a crash the store
//!   is what it was at one moment: each write up to there is whole, and none behind it is visible.
//! * **A lone write is durable when the call returns**: the first one after the store was opened, and any
//!   that comes a second or more after the last flush.
//! * **Writes in a burst share a flush**, since waiting for the medium costs milliseconds and would turn the
//!   import of a source tree into minutes. A crash of the process or the machine may lose the burst's end:
//!   fewer than 1024 writes, holding less than 32 MiB.
//! * **`stats` is a barrier, and so is dropping the store**: what was written before is durable after.
//!
//! There is no thread that flushes in the background, on purpose: a thread born in a plugin keeps its code
//! from being unloaded. One process at a time can have the file open.

mod flush;
mod tables;

use std::fs;
use std::path::{Path, PathBuf};

use plugin_contracts::PluginContext;
use redb::{Database, ReadTransaction, ReadableDatabase, WriteTransaction};
use store_contract::{Entry, Stats, Store, StoreError, check_key};

use flush::Flushing;

/// The name of the database file inside the configured directory.
const FILE: &str = "store.redb";

/// How much of the file redb may keep in memory, in bytes. Its default, 1 GiB, is too much for a guest.
const CACHE_BYTES: usize = 64 << 20;

/// A store in one file; see the [crate's documentation](crate) for what outlives a crash.
#[derive(Debug)]
pub struct Disk {
    database: Database,
    path: PathBuf,
    flushing: Flushing,
}

impl Disk {
    /// Opens the store in the directory that the configuration names as `data`.
    ///
    /// # Errors
    ///
    /// What is missing or wrong, in words for the person who configured it.
    pub fn new(ctx: &PluginContext) -> Result<Self, String> {
        Self::open(directory(ctx.config("data"))?)
    }

    /// Opens the store in `directory`, which is created if it is missing.
    ///
    /// After a crash redb checks the file before it opens it, which reads all of it once.
    ///
    /// # Errors
    ///
    /// The path and the reason when the directory cannot be created, or the file cannot be opened, is not a
    /// database, or is open already.
    pub fn open(directory: impl AsRef<Path>) -> Result<Self, String> {
        let directory = directory.as_ref();
        fs::create_dir_all(directory)
            .map_err(|error| format!("cannot create the data directory {}: {error}", directory.display()))?;
        let path = directory.join(FILE);
        let open = || -> Result<Database, redb::Error> {
            let database = Database::builder().set_cache_size(CACHE_BYTES).create(&path)?;
            tables::create(&database)?;
            Ok(database)
        };
        match open() {
            Ok(database) => Ok(Self { database, flushing: Flushing::default(), path }),
            Err(redb::Error::DatabaseAlreadyOpen) => {
                Err(format!("{} is in use: one process at a time can have it open", path.display()))
            }
            Err(error) => Err(format!("cannot open {}: {error}", path.display())),
        }
    }

    /// Answers a query from the store as it is at this moment; writers are not waited for.
    fn read<T>(
        &self,
        query: impl FnOnce(&ReadTransaction) -> Result<T, redb::Error>,
    ) -> Result<T, StoreError> {
        let answer = self.database.begin_read().map_err(redb::Error::from).and_then(|moment| query(&moment));
        answer.map_err(|error| self.failed("read", &error))
    }

    /// Runs a statement, which says whether it changed anything, and returns what it said.
    fn write(
        &self,
        bytes: usize,
        statement: impl FnOnce(&WriteTransaction) -> Result<bool, redb::Error>,
    ) -> Result<bool, StoreError> {
        self.flushing.write(&self.database, bytes, statement).map_err(|error| self.failed("write", &error))
    }

    /// An error of redb as one of the contract. It names the file, for a host may have several stores.
    fn failed(&self, doing: &str, error: &redb::Error) -> StoreError {
        StoreError::Io(format!("cannot {doing} {}: {error}", self.path.display()))
    }
}

impl Store for Disk {
    fn get(&self, key: &str) -> Result<Vec<u8>, StoreError> {
        check_key(key)?;
        self.read(|moment| tables::get(moment, key))?
            .ok_or_else(|| StoreError::NotFound { key: key.to_owned() })
    }

    fn put(&self, key: &str, value: &[u8]) -> Result<(), StoreError> {
        check_key(key)?;
        self.write(value.len(), |transaction| tables::put(transaction, key, value).map(|()| true))?;
        Ok(())
    }

    fn delete(&self, key: &str) -> Result<bool, StoreError> {
        check_key(key)?;
        self.write(0, |transaction| tables::delete(transaction, key))
    }

    fn scan(&self, prefix: &str) -> Result<Vec<Entry>, StoreError> {
        self.read(|moment| tables::scan(moment, prefix))
    }

    fn stats(&self) -> Result<Stats, StoreError> {
        self.flushing.flush(&self.database).map_err(|error| self.failed("flush", &error))?;
        let (entries, bytes) = self.read(tables::totals)?;
        Ok(Stats { entries, bytes, backend: "disk".to_owned() })
    }

    fn count(&self, prefix: &str) -> Result<u64, StoreError> {
        self.read(|moment| tables::count(moment, prefix))
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // Nobody is left to return an error to; a line is better than losing writes in silence.
        if let Err(error) = self.flushing.flush(&self.database) {
            eprintln!("disk: the last writes to {} may be lost: {error}", self.path.display());
        }
    }
}

/// The directory to use, or what to pass when there is none.
fn directory(configured: Option<&str>) -> Result<PathBuf, String> {
    match configured {
        Some(directory) if !directory.is_empty() => Ok(PathBuf::from(directory)),
        _ => Err("the disk store has no directory to keep its file in: pass one as `data` in the plugin's \
                  configuration (the command `store` has --data DIR for it)"
            .to_owned()),
    }
}

plugin_contracts::export_plugin!(dyn Store => Disk::new);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_directory_is_answered_with_what_to_pass() {
        for configured in [None, Some("")] {
            let message = directory(configured).unwrap_err();
            assert!(message.contains("as `data`") && message.contains("--data DIR"), "{message}");
        }
    }
}
