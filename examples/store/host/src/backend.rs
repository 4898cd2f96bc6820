//! Which plugin answers: what `--plugin` says comes in, a loaded store goes out. The only file that knows
//! that there are plugins at all.

use std::env::{self, consts};
use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};

use plugin_host::{LoadError, Plugin};
use store_contract::Store;

/// Where plugins are looked for when `PLUGIN_DIR` does not say: where `cargo plugin-gen build` puts them.
const DEFAULT_DIR: &str = "target/plugins";

/// Loads the store that `plugin` names, and hands it `data` as its configuration.
///
/// # Errors
///
/// [`NotLoaded`], which adds where names are looked up to what the loader says.
pub(crate) fn load(plugin: &Path, data: Option<&str>) -> Result<Plugin<dyn Store>, NotLoaded> {
    let path = resolve(plugin, env::var_os("PLUGIN_DIR"));
    let mut options = Plugin::<dyn Store>::options();
    if let Some(directory) = data {
        options = options.config("data", directory);
    }
    // SAFETY: the file is code and will run with our rights. The person at the command line chose it, by
    // `--plugin` and PLUGIN_DIR, as they choose the programs they start.
    let loaded = unsafe { options.load(&path) };
    loaded.map_err(|error| NotLoaded { missing: !path.exists(), error })
}

/// The file that `plugin` stands for: a path as it is, a name in the plugin directory.
fn resolve(plugin: &Path, plugin_dir: Option<OsString>) -> PathBuf {
    let is_name = plugin.parent().is_some_and(|parent| parent.as_os_str().is_empty());
    match plugin.to_str() {
        Some(name) if is_name => {
            let directory = plugin_dir.filter(|dir| !dir.is_empty()).unwrap_or_else(|| DEFAULT_DIR.into());
            // cargo builds the library of package `my-store` as `my_store`.
            let library = name.replace('-', "_");
            PathBuf::from(directory).join(format!("{}{library}{}", consts::DLL_PREFIX, consts::DLL_SUFFIX))
        }
        _ => plugin.to_owned(),
    }
}

/// The loader's complete account, and where it was looked for when there was nothing.
#[derive(Debug)]
pub(crate) struct NotLoaded {
    error: LoadError,
    missing: bool,
}

impl fmt::Display for NotLoaded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.error)?;
        if self.missing {
            // What to build, the loader has said; where names are looked up, only this program knows.
            f.write_str(
                "\n  a name is looked up in the directory that PLUGIN_DIR names, else in target/plugins",
            )?;
        }
        Ok(())
    }
}

impl std::error::Error for NotLoaded {}

#[cfg(test)]
mod tests {
    use super::*;

    fn library(directory: &str, name: &str) -> PathBuf {
        Path::new(directory).join(format!("{}{name}{}", consts::DLL_PREFIX, consts::DLL_SUFFIX))
    }

    #[test]
    fn a_name_is_looked_up_in_the_plugin_directory() {
        let given = |dir: &str| resolve(Path::new("my-store"), Some(dir.into()));
        assert_eq!(given("/opt/plugins"), library("/opt/plugins", "my_store"));
        assert_eq!(given(""), library("target/plugins", "my_store"), "an empty variable says nothing");
        assert_eq!(resolve(Path::new("disk"), None), library("target/plugins", "disk"));
    }

    #[test]
    fn a_path_is_used_as_it_is() {
        for path in ["./disk", "../plugins/libdisk.so", "/opt/my-store.so"] {
            assert_eq!(resolve(Path::new(path), Some("/opt/plugins".into())), Path::new(path));
        }
    }
}
