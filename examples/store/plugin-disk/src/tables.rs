//! The layout inside the database, and the statements on it.
//!
//! Transactions and keys come in, owned values go out. Knows nothing of durability (`flush`) or of the
//! contract's errors (`lib`). The lengths stand in a table of their own so that listing and counting never
//! read a value.

use redb::{Database, Error, ReadTransaction, ReadableTableMetadata, TableDefinition, WriteTransaction};
use store_contract::Entry;

/// Key to value.
const VALUES: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("values");
/// Key to the length of its value in bytes; has the same keys as [`VALUES`] after every transaction.
const SIZES: TableDefinition<'_, &str, u64> = TableDefinition::new("sizes");

/// Makes sure that the tables exist, so that reading never meets a database without them.
pub(crate) fn create(database: &Database) -> Result<(), Error> {
    let transaction = database.begin_write()?;
    transaction.open_table(VALUES)?;
    transaction.open_table(SIZES)?;
    transaction.commit()?;
    Ok(())
}

/// The value of `key`.
pub(crate) fn get(transaction: &ReadTransaction, key: &str) -> Result<Option<Vec<u8>>, Error> {
    let value = transaction.open_table(VALUES)?.get(key)?.map(|value| value.value().to_vec());
    Ok(value)
}

/// Stores `value` under `key`.
pub(crate) fn put(transaction: &WriteTransaction, key: &str, value: &[u8]) -> Result<(), Error> {
    transaction.open_table(VALUES)?.insert(key, value)?;
    transaction.open_table(SIZES)?.insert(key, value.len() as u64)?;
    Ok(())
}

/// Removes `key`; says whether it was there.
pub(crate) fn delete(transaction: &WriteTransaction, key: &str) -> Result<bool, Error> {
    let was_there = transaction.open_table(SIZES)?.remove(key)?.is_some();
    if was_there {
        transaction.open_table(VALUES)?.remove(key)?;
    }
    Ok(was_there)
}

/// Lists the keys that begin with `prefix`, in byte order.
pub(crate) fn scan(transaction: &ReadTransaction, prefix: &str) -> Result<Vec<Entry>, Error> {
    let mut entries = Vec::new();
    for_each_beginning_with(transaction, prefix, |key, size| {
        entries.push(Entry { key: key.to_owned(), size });
    })?;
    Ok(entries)
}

/// How many keys begin with `prefix`.
pub(crate) fn count(transaction: &ReadTransaction, prefix: &str) -> Result<u64, Error> {
    if prefix.is_empty() {
        return Ok(transaction.open_table(SIZES)?.len()?);
    }
    let mut count = 0;
    for_each_beginning_with(transaction, prefix, |_, _| count += 1)?;
    Ok(count)
}

/// How many keys there are, and the sum of their values' lengths in bytes.
pub(crate) fn totals(transaction: &ReadTransaction) -> Result<(u64, u64), Error> {
    let (mut entries, mut bytes) = (0, 0);
    for_each_beginning_with(transaction, "", |_, size| {
        entries += 1;
        bytes += size;
    })?;
    Ok((entries, bytes))
}

/// Hands every key that begins with `prefix`, and the length of its value, to `visit`. They are neighbours in
/// the table, and the prefix itself sorts before all of them.
fn for_each_beginning_with(
    transaction: &ReadTransaction,
    prefix: &str,
    mut visit: impl FnMut(&str, u64),
) -> Result<(), Error> {
    let table = transaction.open_table(SIZES)?;
    for row in table.range(prefix..)? {
        let (key, size) = row?;
        if !key.value().starts_with(prefix) {
            break;
        }
        visit(key.value(), size.value());
    }
    Ok(())
}
