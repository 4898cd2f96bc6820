//! The objects: each contract's, compiled by clang and compared with it.

use std::path::{Path, PathBuf};

use plugin_gen::Build;

use crate::contracts::{Plain, Whole};

/// Where they are, and the settings that all sides share.
pub(crate) struct Objects {
    pub(crate) plain: PathBuf,
    pub(crate) whole: PathBuf,
}

impl Objects {
    pub(crate) fn compile() -> Result<Self, String> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let directory = root.join("target/objects");
        let source = |name: &str| root.join("src/bpf").join(name);
        let failed = |error| format!("{error}");
        std::fs::create_dir_all(&directory).map_err(|error| format!("{}: {error}", directory.display()))?;
        let plain = Build::new().contract::<dyn Plain>().bpf_into(&source("plain.bpf.c"), &directory);
        let whole = Build::new().contract::<dyn Whole>().bpf_into(&source("whole.bpf.c"), &directory);
        Ok(Self { plain: plain.map_err(failed)?.object, whole: whole.map_err(failed)?.object })
    }
}
