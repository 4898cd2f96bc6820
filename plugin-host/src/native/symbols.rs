//! Whether a library has the export that its note names, told from the file.
//!
//! In: a file's dynamic section. Out: nothing when the symbol leads to an export of our revision, else why not. It finds
//! the symbol as the dynamic linker would (System V ABI, "Hash Table"; the GNU hash section where there is one), so that
//! a file that cannot be used is refused before its constructors have run. It does not know what a contract is.

use std::mem::offset_of;
use std::path::Path;

use object::pod;
use object::read::elf::{FileHeader, Sym};
#[cfg(feature = "mock")]
use plugin_abi::mock::Control;
use plugin_abi::{Export, MAGIC, REVISION};

use super::dynamic::{Dynamic, Image};
use super::elf::{ENDIAN, Header};
use crate::LoadError;

type Symbol = <Header as FileHeader>::Sym;

/// No plugin of ours comes near this; a table that claims more is damaged.
const MOST_SYMBOLS: u32 = 1 << 16;

/// Looks the symbol up and reads the first fields of what it leads to.
pub(super) fn check_export(dynamic: &Dynamic<'_>, symbol: &str) -> Result<(), LoadError> {
    let image = dynamic.image;
    let missing =
        || LoadError::SymbolMissing { path: image.source.path.to_owned(), symbol: symbol.to_owned() };
    let address = find(dynamic, symbol)?.ok_or_else(missing)?;
    check_head(image.source.path, &image.read("the export", address, HEAD as u64)?)
}

/// Whether the library has the control of a mock under this name.
#[cfg(feature = "mock")]
pub(super) fn has_control(dynamic: &Dynamic<'_>, symbol: &str) -> Result<bool, LoadError> {
    let Some(address) = find(dynamic, symbol)? else { return Ok(false) };
    let head = dynamic.image.read("the mock's control", address, size_of::<Control>() as u64)?;
    Ok(head.starts_with(&plugin_abi::mock::MAGIC))
}

/// How many bytes of an export tell whether it is one: magic, revision, size.
pub(super) const HEAD: usize = offset_of!(Export, contracts);

/// That these first bytes of an export are those of our revision.
pub(super) fn check_head(path: &Path, head: &[u8]) -> Result<(), LoadError> {
    let word =
        |at: usize| head.get(at..at + 4).and_then(|word| word.try_into().ok()).map_or(0, u32::from_ne_bytes);
    let bad =
        |expected: String, found: String| LoadError::BadExport { path: path.to_owned(), expected, found };
    let (magic, _) = head.split_at(head.len().min(MAGIC.len()));
    if magic != MAGIC {
        return Err(bad(MAGIC.escape_ascii().to_string(), magic.escape_ascii().to_string()));
    }
    let (revision, size) = (word(offset_of!(Export, revision)), word(offset_of!(Export, size)));
    if revision != REVISION {
        let path = path.to_owned();
        return Err(LoadError::WrongRevision { path, expected: REVISION, found: revision });
    }
    if (size as usize) < Export::LEAST {
        return Err(bad(format!("an export of at least {} bytes", Export::LEAST), format!("one of {size}")));
    }
    Ok(())
}

/// The address of a symbol that the library defines.
fn find(dynamic: &Dynamic<'_>, name: &str) -> Result<Option<u64>, LoadError> {
    let (Some(symbols), Some(strings)) = (dynamic.symbols, dynamic.strings) else { return Ok(None) };
    let tables = Tables { image: dynamic.image, symbols, strings };
    match (dynamic.gnu_hash, dynamic.hash) {
        (Some(hash), _) => tables.by_gnu_hash(hash, name),
        (None, Some(hash)) => tables.by_hash(hash, name),
        (None, None) => Ok(None),
    }
}

/// The tables of symbols and their names, by address.
struct Tables<'a> {
    image: Image<'a>,
    symbols: u64,
    strings: u64,
}

impl Tables<'_> {
    /// The address of the symbol with this index, if it is defined here and has this name.
    fn defined(&self, index: u32, name: &str) -> Result<Option<u64>, LoadError> {
        let size = size_of::<Symbol>() as u64;
        let bytes =
            self.image.read("a symbol", self.symbols.saturating_add(u64::from(index) * size), size)?;
        let Ok((symbol, _)) = pod::from_bytes::<Symbol>(&bytes) else { return Ok(None) };
        if symbol.is_undefined(ENDIAN) {
            return Ok(None);
        }
        let at = self.strings.saturating_add(u64::from(symbol.st_name(ENDIAN)));
        let found = self.image.read("a symbol's name", at, name.len() as u64 + 1)?;
        let same = found.strip_suffix(&[0]) == Some(name.as_bytes());
        Ok(same.then(|| symbol.st_value(ENDIAN).into()))
    }

    fn by_gnu_hash(&self, table: u64, name: &str) -> Result<Option<u64>, LoadError> {
        const WHAT: &str = "the symbols' hash table";
        // Offsets are foreign numbers: one that leaves the address space leaves the file too.
        let word = |offset: u64| self.image.word(WHAT, table.saturating_add(offset));
        let hash = name.bytes().fold(5381_u32, |hash, byte| hash.wrapping_mul(33).wrapping_add(byte.into()));
        let (buckets, first, bloom) = (word(0)?, word(4)?, word(8)?);
        if buckets == 0 {
            return Ok(None);
        }
        let bloom_size = u64::from(bloom) * size_of::<usize>() as u64;
        let bucket_at = 16 + bloom_size;
        let chain_at = bucket_at + u64::from(buckets) * 4;
        let mut index = word(bucket_at + u64::from(hash % buckets) * 4)?;
        // An index below the first is the mark of an empty bucket.
        while index >= first && index < MOST_SYMBOLS {
            let link = word(chain_at + u64::from(index - first) * 4)?;
            if link | 1 == hash | 1
                && let Some(address) = self.defined(index, name)?
            {
                return Ok(Some(address));
            }
            // The lowest bit ends a chain.
            if link & 1 == 1 {
                break;
            }
            index += 1;
        }
        Ok(None)
    }

    fn by_hash(&self, table: u64, name: &str) -> Result<Option<u64>, LoadError> {
        // The length of the chains is the number of symbols; a plugin has few, and a scan needs no trust in the chains.
        let symbols = self.image.word("the symbols' hash table", table.saturating_add(4))?.min(MOST_SYMBOLS);
        for index in 1..symbols {
            if let Some(address) = self.defined(index, name)? {
                return Ok(Some(address));
            }
        }
        Ok(None)
    }
}
