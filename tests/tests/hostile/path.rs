//! The path: nothing there, no file there, or nothing that we may read.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use plugin_host::LoadError;
use plugin_tests::child;
use tempfile::TempDir;

use super::probe::Probe;
use super::{PROBE, load, refused_at};

/// Names the file that the child tries to load.
const PATH_VAR: &str = "PLUGIN_TESTS_PATH";

fn directory() -> TempDir {
    tempfile::tempdir().unwrap()
}

#[test]
fn a_path_that_leads_nowhere_is_not_found() {
    let directory = directory();
    let file = PROBE.write(directory.path(), "it.so");
    for path in [directory.path().join("other.so"), directory.path().join("none/it.so"), file.join("it.so")] {
        let (error, message) = refused_at(&path);
        assert!(matches!(error, LoadError::NotFound { .. }), "{error:?}");
        let name = path.file_name().unwrap().to_str().unwrap();
        let expected = format!(
            "{name}: there is no such file\n  build the plugins (`cargo plugin-gen build`), or correct the path"
        );
        assert_eq!(message, expected);
    }
}

#[test]
fn a_directory_is_no_file() {
    let directory = directory();
    let path = directory.path().join("it.so");
    fs::create_dir(&path).unwrap();
    let (error, message) = refused_at(&path);
    assert!(matches!(error, LoadError::NotAFile { .. }), "{error:?}");
    let expected = "it.so: expected a shared object, found a directory\n  give the path of the plugin's file";
    assert_eq!(message, expected);
}

#[test]
fn a_pipe_is_refused_without_waiting_for_a_writer() {
    let directory = directory();
    let path = directory.path().join("it.so");
    assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
    let (error, message) = refused_at(&path);
    assert!(matches!(error, LoadError::NotAFile { .. }), "{error:?}");
    assert!(message.starts_with("it.so: expected a shared object, found no regular file\n"), "{message}");
}

#[test]
fn a_device_is_no_file() {
    assert!(matches!(refused_at(Path::new("/dev/zero")).0, LoadError::NotAFile { .. }));
}

#[test]
fn a_link_to_itself_is_told_in_the_systems_words() {
    let directory = directory();
    let path = directory.path().join("it.so");
    symlink(&path, &path).unwrap();
    let (error, message) = refused_at(&path);
    assert!(matches!(error, LoadError::Io { .. }), "{error:?}");
    assert!(message.starts_with("it.so: reading failed: Too many levels of symbolic links"), "{message}");
}

#[test]
fn a_link_to_a_plugin_is_followed() {
    let directory = directory();
    let (file, link) = (PROBE.write(directory.path(), "it.so"), directory.path().join("link.so"));
    symlink(file, &link).unwrap();
    assert_eq!(load::<dyn Probe>(&link).unwrap().find("abc"), Ok(3));
}

#[test]
fn a_name_that_is_not_utf8_is_a_name() {
    use std::os::unix::ffi::OsStrExt as _;
    let directory = directory();
    let path = directory.path().join(std::ffi::OsStr::from_bytes(b"\xff.so"));
    fs::write(&path, &PROBE.0).unwrap();
    assert_eq!(load::<dyn Probe>(&path).unwrap().find("abc"), Ok(3));
}

#[test]
fn a_file_that_may_not_be_read_is_told_with_the_permission_it_needs() {
    let directory = reachable();
    let path = PROBE.write(directory.path(), "it.so");
    set_mode(&path, 0);
    child_as_nobody(&directory, &path);
}

#[test]
fn a_file_in_a_directory_that_may_not_be_searched_is_told_likewise() {
    let directory = reachable();
    let closed = directory.path().join("closed");
    fs::create_dir(&closed).unwrap();
    let path = PROBE.write(&closed, "it.so");
    set_mode(&closed, 0);
    child_as_nobody(&directory, &path);
    set_mode(&closed, 0o700);
}

/// A directory that everybody may enter.
fn reachable() -> TempDir {
    let directory = directory();
    set_mode(directory.path(), 0o755);
    directory
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

/// Root may read everything: as root, the child is nobody, and runs a copy of this binary that nobody can reach.
fn child_as_nobody(directory: &TempDir, path: &Path) {
    const NOBODY: u32 = 65534;
    let root = fs::metadata("/proc/self").unwrap().uid() == 0;
    let mut command = if root {
        let copy = directory.path().join("test");
        fs::copy(std::env::current_exe().unwrap(), &copy).unwrap();
        let mut command = child::command_of(&copy, "path::child_may_not_read_it");
        command.uid(NOBODY).gid(NOBODY).current_dir("/");
        command
    } else {
        child::command("path::child_may_not_read_it")
    };
    let _ = child::run(command.env(PATH_VAR, path));
}

#[test]
#[ignore = "a child of the tests that take permissions away"]
fn child_may_not_read_it() {
    let Some(path) = std::env::var_os(PATH_VAR).map(PathBuf::from) else { return };
    let (error, message) = refused_at(&path);
    assert!(matches!(error, LoadError::NotPermitted { .. }), "{error:?}");
    let expected = "it.so: the file may not be read: Permission denied (os error 13)\n  \
                    give this user read permission on the file and search permission on its directories";
    assert_eq!(message, expected);
}
