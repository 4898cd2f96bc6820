//! The command line as a type: words come in, a [`Cli`] or a usage message and exit code 2 goes out. Knows
//! nothing of plugins beyond what its help says.

use std::path::{Path, PathBuf};

use clap::error::ErrorKind;
use clap::{CommandFactory, Parser, Subcommand};

/// Keep files in a store that a plugin provides
#[derive(Debug, Parser)]
#[command(name = "store", version, max_term_width = 100, override_usage = USAGE, after_help = EXAMPLES)]
pub(crate) struct Cli {
    /// The plugin to load: a name such as `disk` or `memory`, or a path with a slash in it
    ///
    /// A name is looked up as `lib<NAME>.so` in the directory that the environment variable PLUGIN_DIR
    /// names, else in target/plugins, where `cargo plugin-gen build` puts the plugins of a workspace.
    #[arg(long, global = true, value_name = "disk|memory|PATH")]
    plugin: Option<PathBuf>,

    /// The directory in which the plugin keeps its data; `disk` needs one, and creates it
    // Text, for it travels as a value of the plugin's configuration.
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) data: Option<String>,

    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Store every file below a directory under its relative path
    ///
    /// Left out are what .gitignore files exclude, everything called `target` or `.git`, and the data
    /// directory. Symbolic links and special files are not followed, only counted. A file that cannot be
    /// read is named, the others are stored all the same, and the exit code is 1.
    Import {
        /// The directory, or a single file
        path: PathBuf,
        /// Read everything back at once and compare; the way to test `memory`, which forgets when the
        /// command ends
        #[arg(long)]
        verify: bool,
    },
    /// Write the value of a key to standard output, byte for byte
    Get {
        /// The key
        key: String,
    },
    /// List keys in order, each behind the length of its value in bytes
    Scan {
        /// Only keys that begin so
        #[arg(default_value = "", hide_default_value = true)]
        prefix: String,
    },
    /// Count the keys and the bytes of their values
    Stats,
    /// Compare every file that `import` would store with what is stored, by SHA-256
    ///
    /// Names the first files that differ, are missing or cannot be read, and then exits with code 1. Keys
    /// without a file are no finding: a store may hold more than one tree.
    Verify {
        /// The directory, or a single file
        path: PathBuf,
    },
    /// Remove a key and its value; exit code 1 when it was not there
    Delete {
        /// The key
        key: String,
    },
}

/// Written out, for clap would count `--plugin` among the options that may be left out; see [`Cli::read`].
const USAGE: &str = "store --plugin <disk|memory|PATH> [--data <DIR>] <COMMAND>";

const EXAMPLES: &str = "\
Examples:
  store --plugin disk --data ./data import .        store a source tree
  store --plugin disk --data ./data verify .        prove that it is all there, in another process
  store --plugin disk --data ./data scan src/       list a part of it
  store --plugin disk --data ./data get src/lib.rs  print one file
  store --plugin memory import . --verify           the same, in memory and at once
  store --plugin ./target/plugins/libdisk.so --data ./data stats

Exit codes: 0 all is well; 1 a failure, a difference or a key that is not there; 2 wrong usage";

impl Cli {
    /// Reads the command line of this process; leaves it with a message when there is nothing to run.
    pub(crate) fn read() -> Self {
        let cli = Self::parse();
        if cli.plugin.is_none() {
            // Asked for here because clap does not let an option be required and stand behind the subcommand
            // as well.
            let message = "no store to work on: pass --plugin disk, --plugin memory, or --plugin with a path";
            Self::command().error(ErrorKind::MissingRequiredArgument, message).exit();
        }
        cli
    }

    /// What `--plugin` says.
    pub(crate) fn plugin(&self) -> PathBuf {
        self.plugin.clone().unwrap_or_default()
    }

    /// What `--data` says, as a path.
    pub(crate) fn data_path(&self) -> Option<&Path> {
        self.data.as_deref().map(Path::new)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_definition_holds_together() {
        Cli::command().debug_assert();
    }

    #[test]
    fn options_may_stand_on_either_side_of_the_command() {
        for line in ["store --plugin disk --data d stats", "store stats --plugin disk --data d"] {
            let cli = Cli::try_parse_from(line.split(' ')).unwrap();
            assert_eq!((cli.plugin(), cli.data_path()), ("disk".into(), Some(Path::new("d"))), "{line}");
        }
    }
}
