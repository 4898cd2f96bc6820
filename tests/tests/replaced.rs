//! A plugin's file that changes under a host: what is loaded is what lies there now, or it is refused.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use plugin_host::{LoadError, Plugin};
use plugin_tests::plugin;
use store_contract::Store;

fn load(path: &Path, data: &Path) -> Result<Plugin<dyn Store>, LoadError> {
    let data = data.to_str().expect("a path that is text");
    // SAFETY: the file is code and runs with our rights; the tests built it themselves.
    unsafe { Plugin::<dyn Store>::options().config("data", data).load(path) }
}

fn backend(plugin: &Plugin<dyn Store>) -> String {
    plugin.stats().expect("the store works").backend
}

#[test]
fn a_file_that_took_another_ones_place_is_the_one_that_runs() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("libstore.so");
    let put = |package: &str| {
        let beside = directory.path().join("new");
        fs::copy(plugin(package), &beside).unwrap();
        fs::rename(&beside, &path).unwrap();
    };
    put("memory");
    let first = load(&path, directory.path()).unwrap();
    put("disk");
    let second = load(&path, directory.path()).unwrap();
    let again = load(&path, &directory.path().join("other")).unwrap();
    put("memory");
    let third = load(&path, directory.path()).unwrap();

    let backends = [&first, &second, &again, &third].map(backend);
    assert_eq!(backends, ["memory", "disk", "disk", "memory"]);
    first.put("k", b"v").unwrap();
    assert!(third.get("k").is_err(), "two generations share one object");
}

#[test]
fn a_file_that_is_written_to_while_it_is_loaded_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("libstore.so");
    fs::copy(plugin("memory"), &path).unwrap();
    let loaded = load(&path, directory.path()).unwrap();
    // Behind everything that is mapped, so that what runs is unharmed.
    fs::File::options().append(true).open(&path).unwrap().write_all(b"more").unwrap();
    let error = load(&path, directory.path()).unwrap_err();
    assert!(matches!(error, LoadError::Overwritten { .. }), "{error}");
    assert!(error.to_string().contains("renaming the new file over the old one"), "{error}");
    assert_eq!(backend(&loaded), "memory");
}

#[test]
fn a_path_that_the_linker_would_expand_is_the_file_that_was_read() {
    let directory = tempfile::tempdir().unwrap();
    // `$LIB` is another directory to ld.so(8); there the other plugin waits.
    for (lib, package) in
        [("$LIB", "memory"), ("lib/x86_64-linux-gnu", "disk"), ("lib64", "disk"), ("lib", "disk")]
    {
        fs::create_dir_all(directory.path().join(lib)).unwrap();
        fs::copy(plugin(package), directory.path().join(lib).join("libstore.so")).unwrap();
    }
    let loaded = load(&directory.path().join("$LIB/libstore.so"), directory.path()).unwrap();
    assert_eq!(backend(&loaded), "memory");
}
