//! Which files a directory tree has to store, and under which keys. Paths come in, a list sorted by path goes
//! out; what is in the files, and what becomes of them, is not known here.

use std::path::{Path, PathBuf};

use ignore::{DirEntry, WalkBuilder};

use crate::Failure;
use crate::report::{Findings, Kind};

/// Never stored, whatever the rest says: the output of builds and the inside of git.
const NEVER: [&str; 2] = ["target", ".git"];

/// One file to store.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct File {
    /// Where it is.
    pub(crate) path: PathBuf,
    /// Its path below the root, with `/` between the names on every system.
    pub(crate) key: String,
}

/// What a walk has found.
#[derive(Debug)]
pub(crate) struct Tree {
    /// The files to store.
    pub(crate) files: Vec<File>,
    /// How many symbolic links, sockets, pipes and devices were passed by. A link may point out of the tree
    /// or in a circle, and reading a pipe may never end.
    pub(crate) special: u64,
}

impl Tree {
    /// Lists what is below `root`, except what .gitignore files exclude, [`NEVER`], and the directory `data`.
    ///
    /// What cannot be listed or named is a finding and stops nothing.
    ///
    /// # Errors
    ///
    /// When `root` is not there, or is the data directory itself.
    pub(crate) fn walk(root: &Path, data: Option<&Path>, findings: &mut Findings) -> Result<Self, Failure> {
        let own_data = below(root, data)?;
        let mut walk = WalkBuilder::new(root);
        // Only .gitignore files decide, those of the directories above included, and also where there is no
        // repository: a tree is imported alike on every machine, so what a user excludes globally and
        // the `.ignore` files of search tools have no say. Files that begin with a dot are files.
        walk.hidden(false).require_git(false).git_global(false).ignore(false);
        walk.sort_by_file_name(Ord::cmp);
        let start = root.to_owned();
        walk.filter_entry(move |entry| {
            // The root itself is what was asked for, whatever its name.
            let wanted = entry.depth() == 0 || NEVER.iter().all(|name| entry.file_name() != *name);
            wanted && (own_data.is_none() || entry.path().strip_prefix(&start).ok() != own_data.as_deref())
        });

        let mut tree = Self { files: Vec::new(), special: 0 };
        for entry in walk.build() {
            match entry {
                Ok(entry) => tree.add(root, &entry, findings),
                Err(error) => findings.add(Kind::Unreadable, error),
            }
        }
        Ok(tree)
    }

    fn add(&mut self, root: &Path, entry: &DirEntry, findings: &mut Findings) {
        let path = entry.path();
        // The root may be a link: what was asked for is what it points to.
        let kind = if entry.depth() == 0 {
            path.metadata().ok().map(|it| it.file_type())
        } else {
            entry.file_type()
        };
        match kind {
            Some(kind) if kind.is_dir() => {}
            Some(kind) if kind.is_file() => match key(root, path) {
                Some(key) => self.files.push(File { path: path.to_owned(), key }),
                None => findings
                    .add(Kind::Unnameable, format_args!("{path:?}: a key is text, this path is not UTF-8")),
            },
            _ => self.special += 1,
        }
    }
}

/// The key of `path`: the names below `root`, or its own name when it is the root.
fn key(root: &Path, path: &Path) -> Option<String> {
    let relative = path.strip_prefix(root).ok().filter(|relative| !relative.as_os_str().is_empty());
    let relative = relative.or_else(|| path.file_name().map(Path::new))?;
    let names: Option<Vec<&str>> = relative.iter().map(|name| name.to_str()).collect();
    Some(names?.join("/"))
}

/// Where `data` lies below `root`, if it does. A store imported into itself would grow while it is read.
fn below(root: &Path, data: Option<&Path>) -> Result<Option<PathBuf>, Failure> {
    let root = root.canonicalize().map_err(|error| format!("cannot read {}: {error}", root.display()))?;
    // A data directory that is not there, for the plugin has no use for it, needs no keeping out.
    let Some(data) = data.and_then(|data| data.canonicalize().ok()) else { return Ok(None) };
    match data.strip_prefix(&root) {
        Ok(relative) if relative.as_os_str().is_empty() => Err(format!(
            "{} is the data directory of the store: it cannot be stored in itself",
            root.display()
        )
        .into()),
        Ok(relative) => Ok(Some(relative.to_owned())),
        Err(_) => Ok(None),
    }
}

#[cfg(test)]
mod tests;
