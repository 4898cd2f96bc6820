//! The short commands: one call of the contract each, and its answer as text. Each says whether what was
//! asked for was there.

use std::io::Write;

use indicatif::HumanBytes;
use store_contract::{Store, StoreError};

use crate::Failure;
use crate::report::OneLine;

/// `get`: the value itself, so that it can be piped; an absent key is told on standard error.
pub(crate) fn get(store: &dyn Store, key: &str, out: &mut impl Write) -> Result<bool, Failure> {
    match store.get(key) {
        Ok(value) => {
            out.write_all(&value)?;
            Ok(true)
        }
        Err(absent @ StoreError::NotFound { .. }) => {
            eprintln!("{absent}");
            Ok(false)
        }
        Err(error) => Err(error.into()),
    }
}

/// `scan`: a line a key, with the length first because a key may contain anything. None is no failure.
pub(crate) fn scan(store: &dyn Store, prefix: &str, out: &mut impl Write) -> Result<bool, Failure> {
    for entry in store.scan(prefix)? {
        writeln!(out, "{:>12}  {}", entry.size, OneLine(&entry.key))?;
    }
    Ok(true)
}

/// `stats`: three lines.
pub(crate) fn stats(store: &dyn Store, out: &mut impl Write) -> Result<bool, Failure> {
    let stats = store.stats()?;
    writeln!(out, "backend  {}", OneLine(&stats.backend))?;
    writeln!(out, "entries  {}", stats.entries)?;
    writeln!(out, "bytes    {} ({})", stats.bytes, HumanBytes(stats.bytes))?;
    Ok(true)
}

/// `delete`: silent when it worked.
pub(crate) fn delete(store: &dyn Store, key: &str) -> Result<bool, Failure> {
    let was_there = store.delete(key)?;
    if !was_there {
        eprintln!("{}", StoreError::NotFound { key: key.to_owned() });
    }
    Ok(was_there)
}

#[cfg(test)]
mod tests {
    use memory::Memory;

    use super::*;

    #[test]
    fn a_value_is_written_as_it_is_and_an_absent_key_is_not_a_success() {
        let store = Memory::default();
        store.put("k", b"\xff\0no newline").unwrap();
        let mut out = Vec::new();
        assert!(get(&store, "k", &mut out).unwrap());
        assert_eq!(out, b"\xff\0no newline");
        assert!(!get(&store, "absent", &mut out).unwrap());
        assert!(delete(&store, "k").unwrap());
        assert!(!delete(&store, "k").unwrap());
    }

    #[test]
    fn a_listing_is_one_line_a_key_whatever_is_in_it() {
        let store = Memory::default();
        store.put("a\nb", b"12").unwrap();
        store.put("ключ", b"").unwrap();
        let mut out = Vec::new();
        scan(&store, "", &mut out).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "           2  a\\nb\n           0  ключ\n");
    }
}
