//! Compilers of C and C++, found by name.
//!
//! In: sources in those languages. Out: libraries and programs, or what the compiler said. A compiler that is not there is
//! named on stderr, and what needs it is skipped.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A language, and its standard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// C11.
    C,
    /// C++17.
    Cpp,
}

impl Language {
    /// As people write it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::C => "c",
            Self::Cpp => "c++",
        }
    }
}

/// A compiler for one language.
#[derive(Clone, Copy, Debug)]
pub struct Compiler {
    /// What it is called: `gcc`, `zig c++`.
    pub name: &'static str,
    /// What it compiles.
    pub language: Language,
    words: &'static [&'static str],
}

const ALL: [Compiler; 6] = [
    Compiler { name: "gcc", language: Language::C, words: &["gcc"] },
    Compiler { name: "clang", language: Language::C, words: &["clang"] },
    Compiler { name: "zig cc", language: Language::C, words: &["zig", "cc"] },
    Compiler { name: "g++", language: Language::Cpp, words: &["g++"] },
    Compiler { name: "clang++", language: Language::Cpp, words: &["clang++"] },
    Compiler { name: "zig c++", language: Language::Cpp, words: &["zig", "c++"] },
];

/// Zig from PyPI is a module of Python's.
const ZIG_OF_PYTHON: [&str; 3] = ["python3", "-m", "ziglang"];

impl Compiler {
    /// Every compiler that is here; `what` is skipped by the others, and stderr says so.
    #[must_use]
    pub fn all(what: &str) -> Vec<Self> {
        Self::here(what, |_| true)
    }

    /// Every compiler of one language that is here; `what` is skipped by the others, and stderr says so.
    #[must_use]
    pub fn all_of(language: Language, what: &str) -> Vec<Self> {
        Self::here(what, |compiler| compiler.language == language)
    }

    fn here(what: &str, wanted: impl Fn(&Self) -> bool) -> Vec<Self> {
        let here = |compiler: &Self| {
            let found = compiler.command().is_some();
            if !found {
                let Self { name, language, words } = compiler;
                skipped(&format!("{} {what} by {name}: {} not found", language.name(), words[0]));
            }
            found
        };
        ALL.into_iter().filter(wanted).filter(here).collect()
    }

    /// The first compiler of a language that is here; nothing, and a line on stderr, when there is none.
    #[must_use]
    pub fn any(language: Language, what: &str) -> Option<Self> {
        let found = ALL.into_iter().find(|one| one.language == language && one.command().is_some());
        if found.is_none() {
            skipped(&format!("{what}: no compiler of {} found", language.name()));
        }
        found
    }

    fn command(self) -> Option<Command> {
        let runs = |command: &mut Command| command.output().is_ok_and(|output| output.status.success());
        let (program, rest) = self.words.split_first()?;
        if runs(Command::new(program).arg(if *program == "zig" { "version" } else { "--version" })) {
            let mut command = Command::new(program);
            command.args(rest);
            return Some(command);
        }
        let [python, module @ ..] = ZIG_OF_PYTHON;
        if *program == "zig" && runs(Command::new(python).args(module).arg("version")) {
            let mut command = Command::new(python);
            command.args(module).args(rest);
            return Some(command);
        }
        None
    }

    /// The compiler with every warning an error.
    ///
    /// # Panics
    /// It is not here.
    #[must_use]
    pub fn strict(self) -> Command {
        let mut command = self.command().expect("the compiler was found before");
        command.arg(match self.language {
            Language::C => "-std=c11",
            Language::Cpp => "-std=c++17",
        });
        command.args(["-Wall", "-Wextra", "-Werror", "-pedantic", "-O1", "-g", "-fPIC"]);
        command
    }

    /// Compiles a source into a shared library. What the compiler said is the error.
    ///
    /// # Errors
    /// It refused.
    pub fn library(self, source: &Path, include: &Path, out: &Path) -> Result<PathBuf, String> {
        let mut command = self.strict();
        command.args(["-shared", "-I"]).arg(include).arg(source).arg("-o").arg(out);
        said(command).map(|()| out.to_owned())
    }

    /// Compiles a source into a program.
    ///
    /// # Errors
    /// It refused.
    pub fn program(self, source: &Path, include: &Path, out: &Path) -> Result<PathBuf, String> {
        let mut command = self.strict();
        command.arg("-I").arg(include).arg(source).arg("-o").arg(out).arg("-ldl");
        said(command).map(|()| out.to_owned())
    }

    /// Looks at a source without making anything of it.
    ///
    /// # Errors
    /// It refused.
    pub fn check(self, source: &Path, include: &Path) -> Result<(), String> {
        let mut command = self.strict();
        let out = include.join("checked.o");
        command.arg("-c").arg("-I").arg(include).arg(source).arg("-o").arg(out);
        said(command)
    }
}

/// A command that compiles C for another target, `aarch64-linux-gnu` or `x86_64-linux-musl`: zig brings headers and C
/// libraries of its own. Nothing, and a line on stderr, when there is none.
#[must_use]
pub fn zig_cc(target: &str) -> Option<Command> {
    let zig = ALL.into_iter().find(|one| one.name == "zig cc").and_then(Compiler::command);
    let Some(mut zig) = zig else {
        skipped(&format!("what is compiled for {target}: zig not found"));
        return None;
    };
    // Where it may write, whoever runs the tests.
    let cache = crate::target().join("zig");
    zig.args(["-target", target]).env("ZIG_GLOBAL_CACHE_DIR", &cache).env("ZIG_LOCAL_CACHE_DIR", cache);
    Some(zig)
}

/// A command that compiles C for 64-bit ARM, by zig or by the cross compiler that Debian has. Nothing, and lines on stderr, when
/// there is neither.
#[must_use]
pub fn aarch64_cc() -> Option<Command> {
    let strict = ["-std=c11", "-Wall", "-Wextra", "-Werror", "-pedantic", "-O1", "-g", "-fPIC"];
    let cross = || {
        let name = "aarch64-linux-gnu-gcc";
        let found = Command::new(name).arg("--version").output().is_ok_and(|output| output.status.success());
        if !found {
            skipped(&format!("what is compiled for aarch64: {name} not found either"));
        }
        found.then(|| Command::new(name))
    };
    let mut command = zig_cc("aarch64-linux-gnu").or_else(cross)?;
    command.args(strict);
    Some(command)
}

/// Where Debian's package libc6-arm64-cross puts the C library of 64-bit ARM.
const AARCH64: &str = "/usr/aarch64-linux-gnu";

/// A command that runs a program for 64-bit ARM, which is its next argument: qemu's, with that machine's C library. Nothing, and a
/// line on stderr, when one of them is not here.
#[must_use]
pub fn aarch64_emulator(what: &str) -> Option<Command> {
    let runs =
        |name: &&str| Command::new(name).arg("--version").output().is_ok_and(|out| out.status.success());
    let Some(name) = ["qemu-aarch64-static", "qemu-aarch64"].into_iter().find(runs) else {
        skipped(&format!("{what}: qemu-aarch64-static not found"));
        return None;
    };
    if !Path::new(AARCH64).join("lib/ld-linux-aarch64.so.1").exists() {
        skipped(&format!("{what}: no C library in {AARCH64}"));
        return None;
    }
    let mut command = Command::new(name);
    command.args(["-L", AARCH64]);
    Some(command)
}

/// A compiler of this name, `g++` or `clang++`, for this machine, without any flags. Nothing, and a line on stderr, when there
/// is none.
#[must_use]
pub fn native(name: &str) -> Option<Command> {
    let found = ALL.into_iter().find(|one| one.name == name).and_then(Compiler::command);
    if found.is_none() {
        skipped(&format!("what {name} compiles: {name} not found"));
    }
    found
}

/// What a shell has to hear so that `zig` is Zig: nothing, or where it is. Nothing at all, and a line on stderr, when there is
/// none.
#[must_use]
pub fn zig_in_shell(what: &str) -> Option<String> {
    let runs = |words: &[&str]| {
        let mut command = Command::new(words[0]);
        command.args(&words[1..]).arg("version");
        command.output().is_ok_and(|output| output.status.success())
    };
    if runs(&["zig"]) {
        return Some(String::new());
    }
    if runs(&ZIG_OF_PYTHON) {
        return Some(format!("zig() {{ {} \"$@\"; }}\n", ZIG_OF_PYTHON.join(" ")));
    }
    skipped(&format!("{what}: zig not found"));
    None
}

/// Says that something was not tested, past the harness, which shows only what a failed test prints.
pub fn skipped(what: &str) {
    // Nobody reads a closed stderr, and that is no failure of the test.
    let _ = writeln!(std::io::stderr(), "SKIPPED {what}");
}

fn said(mut command: Command) -> Result<(), String> {
    let output = command.output().map_err(|error| error.to_string())?;
    if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned()) }
}
