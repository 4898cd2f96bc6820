//! Copies of libraries: one that is open already opens for nothing.

use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::vec::IntoIter;

/// So many of each file, under names of their own and in the page cache: of each in turn, so that where they came to lie is the same
/// luck for all.
pub(crate) fn copies<const N: usize>(
    files: [(&Path, &str); N],
    directory: &Path,
    rounds: usize,
) -> [IntoIter<PathBuf>; N] {
    let mut all = [const { Vec::new() }; N];
    for at in 0..rounds {
        for ((file, name), copies) in files.iter().zip(&mut all) {
            let path = directory.join(format!("lib{name}{at}.so"));
            fs::copy(file, &path).expect("the target directory is writable");
            black_box(fs::read(&path).expect("what was written can be read"));
            copies.push(path);
        }
    }
    all.map(Vec::into_iter)
}
