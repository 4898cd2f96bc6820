//! Walking real trees, built for each test in a directory of its own.

use std::fs;

use tempfile::TempDir;

use super::*;

/// Makes a tree of files; what they hold does not matter here.
fn tree(paths: &[&str]) -> TempDir {
    let root = tempfile::tempdir().unwrap();
    for path in paths {
        let path = root.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "x").unwrap();
    }
    root
}

/// The keys of a walk that must find nothing wrong.
fn keys(root: &Path, data: Option<&Path>) -> Vec<String> {
    let mut findings = Findings::default();
    let tree = Tree::walk(root, data, &mut findings).unwrap();
    assert!(findings.is_empty(), "{findings:?}");
    tree.files.into_iter().map(|file| file.key).collect()
}

#[test]
fn every_file_is_listed_in_order_under_its_relative_path() {
    let root = tree(&["b", "a/2", "a/1/x", ".hidden/.file", "é 🦀"]);
    assert_eq!(keys(root.path(), None), [".hidden/.file", "a/1/x", "a/2", "b", "é 🦀"]);
}

#[test]
fn build_output_git_and_what_gitignore_excludes_stay_out() {
    let root =
        tree(&["src/lib.rs", "target/x", "deep/target/x", ".git/HEAD", "a.log", "keep.log", "deep/c.tmp"]);
    fs::write(root.path().join(".gitignore"), "*.log\n!keep.log\n").unwrap();
    fs::write(root.path().join("deep/.gitignore"), "*.tmp\n").unwrap();
    fs::write(root.path().join(".ignore"), "src\n").unwrap();
    assert_eq!(
        keys(root.path(), None),
        [".gitignore", ".ignore", "deep/.gitignore", "keep.log", "src/lib.rs"]
    );
}

#[test]
fn a_gitignore_above_the_root_has_its_say() {
    let root = tree(&["part/a", "part/b.log"]);
    fs::write(root.path().join(".gitignore"), "*.log\n").unwrap();
    assert_eq!(keys(&root.path().join("part"), None), ["a"]);
}

#[test]
fn what_is_asked_for_by_name_is_walked_even_if_it_is_build_output() {
    let root = tree(&["target/doc/index.html"]);
    fs::write(root.path().join(".gitignore"), "/target\n").unwrap();
    assert_eq!(keys(&root.path().join("target"), None), ["doc/index.html"]);
}

#[test]
fn the_data_directory_stays_out_and_its_namesakes_do_not() {
    let root = tree(&["a", "data/store.redb", "deep/data/x"]);
    let detour = root.path().join("deep/../data");
    assert_eq!(keys(root.path(), Some(&detour)), ["a", "deep/data/x"]);
    assert_eq!(keys(root.path(), Some(&root.path().join("not made"))).len(), 3);

    let itself = Tree::walk(root.path(), Some(root.path()), &mut Findings::default()).unwrap_err();
    assert!(itself.to_string().contains("cannot be stored in itself"), "{itself}");
}

#[test]
fn a_single_file_has_its_name_as_key() {
    let root = tree(&["deep/a"]);
    assert_eq!(keys(&root.path().join("deep/a"), None), ["a"]);
}

#[test]
fn a_root_that_is_not_there_is_an_error_that_names_it() {
    let error = Tree::walk(Path::new("/not/there"), None, &mut Findings::default()).unwrap_err();
    assert!(error.to_string().starts_with("cannot read /not/there: "), "{error}");
}

#[cfg(unix)]
#[test]
fn links_and_pipes_are_counted_and_a_linked_root_is_followed() {
    use std::os::unix::fs::symlink;
    use std::os::unix::net::UnixListener;

    let root = tree(&["real/a"]);
    symlink("a", root.path().join("real/link")).unwrap();
    symlink("..", root.path().join("real/circle")).unwrap();
    let _socket = UnixListener::bind(root.path().join("real/socket")).unwrap();
    symlink("real", root.path().join("root")).unwrap();
    symlink("real/a", root.path().join("file")).unwrap();

    for (name, key, special) in [("real", "a", 3), ("root", "a", 3), ("file", "file", 0)] {
        let tree = Tree::walk(&root.path().join(name), None, &mut Findings::default()).unwrap();
        let keys: Vec<_> = tree.files.iter().map(|file| file.key.as_str()).collect();
        assert_eq!((keys, tree.special), (vec![key], special), "{name}");
    }
}

// Only Linux lets a test make such a name.
#[cfg(target_os = "linux")]
#[test]
fn a_name_that_is_not_text_is_named_and_stops_nothing() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    let root = tree(&["a", "z"]);
    fs::write(root.path().join(OsStr::from_bytes(b"m\xff")), "x").unwrap();
    let mut findings = Findings::default();
    let tree = Tree::walk(root.path(), None, &mut findings).unwrap();
    assert_eq!(tree.files.len(), 2);
    assert_eq!(findings.count(Kind::Unnameable), 1);
    assert!(findings.lines()[0].contains(r"m\xFF"), "{findings:?}");
}
