//! `import`: the files of a tree go into the store. Which files those are is known to `tree`, where they end
//! up to the plugin.

use std::fs;
use std::io::Write;
use std::time::Instant;

use store_contract::{Store, StoreError};

use crate::Failure;
use crate::progress::Progress;
use crate::report::{Findings, Kind, Tally};
use crate::tree::{File, Tree};

/// Stores the files of `tree`, prints the summary to `out`, and returns the files that are stored now.
///
/// A file that cannot be read, or whose path the store does not take as a key, is a finding, no more.
///
/// # Errors
///
/// When the store itself fails: the next file would fare no better.
pub(crate) fn run<'a>(
    store: &dyn Store,
    tree: &'a Tree,
    findings: &mut Findings,
    out: &mut impl Write,
) -> Result<Vec<&'a File>, Failure> {
    let start = Instant::now();
    let mut tally = Tally::default();
    let mut stored = Vec::with_capacity(tree.files.len());
    let progress = Progress::new("importing", tree.files.len());
    for file in &tree.files {
        match fs::read(&file.path) {
            Ok(bytes) => match store.put(&file.key, &bytes) {
                Ok(()) => {
                    stored.push(file);
                    tally.files += 1;
                    tally.bytes += bytes.len() as u64;
                }
                Err(error @ StoreError::InvalidKey { .. }) => findings.add(Kind::Unnameable, error),
                Err(error) => return Err(error.into()),
            },
            Err(error) => findings.add(Kind::Unreadable, format_args!("{}: {error}", file.path.display())),
        }
        progress.step();
    }
    // The barrier of the contract: a delayed write that fails must fail this command, and its time counts.
    let stats = store.stats()?;
    drop(progress);

    tally.time = start.elapsed();
    write!(out, "imported {tally} into {}{findings}", stats.backend)?;
    if tree.special > 0 {
        write!(out, ", {} links or special files passed by", tree.special)?;
    }
    writeln!(out)?;
    Ok(stored)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use memory::Memory;
    use store_contract::MAX_KEY_BYTES;

    use super::*;

    fn file(root: &Path, key: &str) -> File {
        File { path: root.join(key), key: key.to_owned() }
    }

    #[test]
    fn a_file_that_is_gone_or_has_no_possible_key_is_named_and_the_others_are_stored() {
        let root = tempfile::tempdir().unwrap();
        fs::write(root.path().join("a"), "first").unwrap();
        fs::write(root.path().join("z"), "last").unwrap();
        let unnameable = File { key: "k".repeat(MAX_KEY_BYTES + 1), ..file(root.path(), "a") };
        let files =
            vec![file(root.path(), "a"), file(root.path(), "gone"), unnameable, file(root.path(), "z")];
        let tree = Tree { files, special: 2 };

        let (store, mut findings, mut out) = (Memory::default(), Findings::default(), Vec::new());
        let stored = run(&store, &tree, &mut findings, &mut out).unwrap();

        assert_eq!(stored, [&tree.files[0], &tree.files[3]]);
        assert_eq!(store.get("z").unwrap(), b"last");
        assert_eq!(store.count("").unwrap(), 2);
        assert!(findings.lines()[0].contains("gone: "), "{findings:?}");
        let summary = String::from_utf8(out).unwrap();
        assert!(summary.starts_with("imported 2 files, 9 B in "), "{summary}");
        let end = " into memory, 1 unreadable, 1 unnameable, 2 links or special files passed by\n";
        assert!(summary.ends_with(end), "{summary}");
    }
}
