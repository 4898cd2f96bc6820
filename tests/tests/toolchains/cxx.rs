//! Plugins with C++ inside, by each compiler, with its runtime inside or beside: in one process, and each catches what it
//! throws.

use std::fs;
use std::path::{Path, PathBuf};

use plugin_host::Plugin;
use plugin_tests::compiler::native;
use plugin_tests::elf::Library;
use plugin_tests::{cargo, root, target};

use crate::probe::{Cause, Probe, ProbeError};

/// The plugin with its C++ compiled by this compiler, and its runtime inside the file or not.
fn build(compiler: &str, is_static: bool) -> Option<PathBuf> {
    let target = target().join("toolchains/cxx");
    let fixtures = root().join("tests/fixtures");
    fs::create_dir_all(&target).unwrap();
    let object = target.join(format!("guarded-{compiler}.o"));
    let mut command = native(compiler)?;
    command.args([
        "-std=c++17",
        "-O1",
        "-fPIC",
        "-fvisibility=hidden",
        "-Wall",
        "-Wextra",
        "-Werror",
        "-c",
        "-o",
    ]);
    let output = command.arg(&object).arg(fixtures.join("cxx/src/guarded.cpp")).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let runtime = if is_static { "-l:libstdc++.a" } else { "-lstdc++" };
    let mut cargo = cargo();
    cargo.args(["rustc", "--quiet", "--package", "cxx", "--target-dir"]).arg(&target);
    cargo.args(["--", "-C"]).arg(format!("link-arg={}", object.display()));
    cargo.args(["-C", &format!("link-arg={runtime}")]);
    let status = cargo.current_dir(fixtures).status().expect("cargo starts");
    assert!(status.success(), "linking what {compiler} compiled with {runtime} failed");
    // The next one gets the same name.
    let linked = if is_static { "static" } else { "dynamic" };
    let path = target.join(format!("libcxx-{compiler}-{linked}.so"));
    fs::copy(target.join("debug/libcxx.so"), &path).unwrap();
    Some(path)
}

fn load(path: &Path) -> Plugin<dyn Probe> {
    // SAFETY: the file is built by this test.
    unsafe { Plugin::load(path) }.unwrap()
}

#[test]
fn runtimes_of_cxx_inside_and_beside_do_not_meet() {
    let mut all = Vec::new();
    for compiler in ["g++", "clang++"] {
        for is_static in [false, true] {
            let Some(path) = build(compiler, is_static) else { continue };
            let needs = !Library::read(&path).find(b"\0libstdc++.so.6\0").is_empty();
            assert_eq!(needs, !is_static, "{}", path.display());
            all.push(load(&path));
        }
    }
    let calls = || {
        for plugin in &all {
            assert_eq!(plugin.find("four"), Ok(4));
            assert_eq!(plugin.find(""), Err(ProbeError::Absent));
            assert_eq!(plugin.find("odd"), Err(ProbeError::Deep(Cause { code: 2 })));
            assert_eq!(plugin.find("huge"), Err(ProbeError::Deep(Cause { code: 3 })));
        }
    };
    // One inside the other's thread, each with thread-locals that end with it.
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| (0..50).for_each(|_| calls()));
        }
    });
    calls();
    println!("{} plugins with C++ in one process", all.len());
    for plugin in all {
        plugin.close().unwrap();
    }
}
