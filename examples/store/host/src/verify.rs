//! `verify`: are the files on disk what the store holds? Files and a store come in, a summary and findings go
//! out; nothing is written anywhere.

use std::io::Write;
use std::time::Instant;

use store_contract::{Store, StoreError};

use crate::Failure;
use crate::digest::Digest;
use crate::progress::Progress;
use crate::report::{Findings, Kind, Tally};
use crate::tree::File;

/// Compares each of `files` with its value in `store` by SHA-256, and prints the summary to `out`.
///
/// # Errors
///
/// When the store fails; a file that differs, is missing or cannot be read is a finding.
pub(crate) fn run<'a, I>(
    store: &dyn Store,
    files: I,
    findings: &mut Findings,
    out: &mut impl Write,
) -> Result<(), Failure>
where
    I: IntoIterator<Item = &'a File, IntoIter: ExactSizeIterator>,
{
    let start = Instant::now();
    let mut tally = Tally::default();
    let files = files.into_iter();
    let progress = Progress::new("verifying", files.len());
    for file in files {
        if let Some(bytes) = is_equal(store, file, findings)? {
            tally.files += 1;
            tally.bytes += bytes;
        }
        progress.step();
    }
    drop(progress);

    tally.time = start.elapsed();
    let verdict = if findings.is_empty() { ", all equal" } else { "" };
    writeln!(out, "verified {tally}{verdict}{findings}")?;
    Ok(())
}

/// The length of `file` in bytes when the store holds the same; a finding when not.
fn is_equal(store: &dyn Store, file: &File, findings: &mut Findings) -> Result<Option<u64>, StoreError> {
    let path = file.path.display();
    let stored = match store.get(&file.key) {
        Ok(value) => Digest::of(&value),
        // A key that the store would not take cannot be in it.
        Err(error @ (StoreError::NotFound { .. } | StoreError::InvalidKey { .. })) => {
            findings.add(Kind::Missing, format_args!("{path}: {error}"));
            return Ok(None);
        }
        Err(error) => return Err(error),
    };
    match Digest::of_file(&file.path) {
        Ok((found, bytes)) if found == stored => return Ok(Some(bytes)),
        Ok((found, _)) => {
            findings.add(Kind::Different, format_args!("{path}: the file is {found}, stored is {stored}"));
        }
        Err(error) => findings.add(Kind::Unreadable, format_args!("{path}: {error}")),
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use memory::Memory;

    use super::*;

    #[test]
    fn a_changed_a_missing_and_a_vanished_file_are_told_apart() {
        let root = tempfile::tempdir().unwrap();
        let store = Memory::default();
        let files = ["same", "changed", "missing", "vanished"]
            .map(|name| File { path: root.path().join(name), key: name.to_owned() });
        for file in &files {
            fs::write(&file.path, &file.key).unwrap();
            store.put(&file.key, file.key.as_bytes()).unwrap();
        }
        let verify = || {
            let (mut findings, mut out) = (Findings::default(), Vec::new());
            run(&store, &files, &mut findings, &mut out).unwrap();
            (String::from_utf8(out).unwrap(), findings)
        };
        let (summary, findings) = verify();
        assert!(findings.is_empty(), "{findings:?}");
        assert!(
            summary.starts_with("verified 4 files, 26 B in ") && summary.ends_with(" s, all equal\n"),
            "{summary}"
        );

        fs::write(&files[1].path, "Changed").unwrap();
        store.delete("missing").unwrap();
        fs::remove_file(&files[3].path).unwrap();
        let (summary, findings) = verify();
        assert!(summary.starts_with("verified 1 file, 4 B in "), "{summary}");
        assert!(summary.ends_with(" s, 1 unreadable, 1 different, 1 missing\n"), "{summary}");
        assert!(findings.lines()[0].contains("changed: the file is "), "{findings:?}");
    }
}
