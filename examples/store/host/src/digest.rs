//! SHA-256 (FIPS 180-4) of a file and of bytes, to be compared and shown.

use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use sha2::{Digest as _, Sha256};

/// How much of a file is read at a time, in bytes.
const CHUNK: usize = 64 << 10;

/// A SHA-256 digest. Shows itself by its first bytes: enough to tell two apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Digest([u8; 32]);

impl Digest {
    /// Of `bytes`.
    pub(crate) fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// Of the file at `path`, which is read a piece at a time: the stored value is in memory already, and may
    /// be large. Also returns the file's length in bytes.
    ///
    /// # Errors
    ///
    /// Whatever opening or reading the file meets.
    pub(crate) fn of_file(path: &Path) -> io::Result<(Self, u64)> {
        let mut file = File::open(path)?;
        let mut chunk = vec![0; CHUNK];
        let (mut hasher, mut length) = (Sha256::new(), 0);
        loop {
            match file.read(&mut chunk) {
                Ok(0) => return Ok((Self(hasher.finalize().into()), length)),
                Ok(n) => {
                    hasher.update(&chunk[..n]);
                    length += n as u64;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().take(6).try_for_each(|byte| write!(f, "{byte:02x}"))?;
        f.write_str("…")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_and_its_bytes_have_the_digest_that_the_standard_says() {
        assert_eq!(Digest::of(b"abc").to_string(), "ba7816bf8f01…");

        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("file");
        for length in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK] {
            let bytes: Vec<u8> = (0..length).map(|i| (i % 251) as u8).collect();
            std::fs::write(&path, &bytes).unwrap();
            assert_eq!(Digest::of_file(&path).unwrap(), (Digest::of(&bytes), length as u64));
        }
    }
}
