//! The packages that are built: the same traits, the same tests, by four means.
//!
//! In: a side. Out: its files. It does not measure.

use std::fmt::Write as _;
use std::path::Path;
use std::{fs, io};

/// How many traits, and methods of each.
const TRAITS: usize = 10;
const METHODS: usize = 20;

/// One means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    /// The traits alone.
    Nothing,
    /// Ours, as a checked-in file: the mock alone.
    Ours,
    /// Ours, in place, with the whole contract: stub, shim, descriptor and note.
    Contract,
    Mockall,
    Unimock,
    Mry,
}

/// Receiver, arguments, result; a call's arguments and a result.
const SIGNATURES: [(&str, &str, &str, &str, &str); 10] = [
    ("&self", "key: &str", "Option<u64>", "\"k\"", "Some(1)"),
    ("&self", "key: &str, value: &[u8]", "Result<(), E>", "\"k\", &[1]", "Ok(())"),
    ("&self", "a: u64, b: u64", "u64", "1, 2", "3"),
    ("&self", "id: u32", "String", "1", "\"s\".to_string()"),
    ("&self", "prefix: String, limit: usize", "Result<Vec<String>, E>", "\"p\".to_string(), 1", "Ok(vec![])"),
    ("&mut self", "flag: bool", "u8", "true", "1"),
    ("&self", "", "bool", "", "true"),
    ("&self", "key: &str, n: u64, deep: bool", "Result<u64, E>", "\"k\", 1, true", "Ok(1)"),
    ("&mut self", "bytes: Vec<u8>", "usize", "vec![1]", "1"),
    ("&self", "entry: Entry", "Option<Entry>", "Entry { key: String::new(), size: 1 }", "None"),
];

impl Side {
    pub(crate) const ALL: [Self; 6] =
        [Self::Nothing, Self::Ours, Self::Contract, Self::Mockall, Self::Unimock, Self::Mry];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Ours => "ours",
            Self::Contract => "contract",
            Self::Mockall => "mockall",
            Self::Unimock => "unimock",
            Self::Mry => "mry",
        }
    }

    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Nothing => "the traits alone",
            Self::Ours => "**ours**, a checked-in mock",
            Self::Contract => "ours, with the whole contract",
            Self::Mockall => "mockall 0.15",
            Self::Unimock => "unimock 0.6",
            Self::Mry => "mry 0.16",
        }
    }

    fn dependencies(self, root: &Path) -> String {
        match self {
            Self::Nothing => String::new(),
            Self::Ours | Self::Contract => {
                let path = root.join("../../contracts");
                format!("plugin-contracts = {{ path = {path:?}, features = [\"mock\"] }}")
            }
            Self::Mockall => "mockall = \"=0.15.0\"".to_owned(),
            Self::Unimock => "unimock = \"=0.6.8\"".to_owned(),
            Self::Mry => "mry = \"=0.16.0\"".to_owned(),
        }
    }

    fn attribute(self, at: usize) -> String {
        match self {
            Self::Nothing | Self::Ours => String::new(),
            Self::Contract => {
                format!(
                    "#[plugin_contracts::plugin_contract(id = \"bench.t{at}\", version = \"1.0.0\", unlocked, mock)]\n"
                )
            }
            Self::Mockall => "#[mockall::automock]\n".to_owned(),
            Self::Unimock => format!("#[unimock::unimock(api = M{at})]\n"),
            Self::Mry => "#[mry::mry]\n".to_owned(),
        }
    }

    fn traits(self) -> String {
        let derive = if self == Self::Contract { ", plugin_contracts::PluginType" } else { "" };
        let mut text = format!(
            "#[derive(Debug, Clone, PartialEq{derive})]\npub enum E {{ Gone, Io(String) }}\n\
             #[derive(Debug, Clone, PartialEq{derive})]\npub struct Entry {{ pub key: String, pub size: u64 }}\n"
        );
        for at in 0..TRAITS {
            let _ = writeln!(text, "{}pub trait T{at}: Send + Sync {{", self.attribute(at));
            for method in 0..METHODS {
                let (receiver, args, ret, ..) = SIGNATURES[method % SIGNATURES.len()];
                let comma = if args.is_empty() { "" } else { ", " };
                let _ = writeln!(text, "    fn m{at}_{method}({receiver}{comma}{args}) -> {ret};");
            }
            text += "}\n";
        }
        text
    }

    /// Three tests a trait, two methods each.
    fn tests(self) -> String {
        let mut text = String::from("use super::*;\n");
        for at in 0..TRAITS {
            for test in 0..3 {
                let _ = writeln!(text, "#[test] fn t{at}_{test}() {{");
                for method in [2 * test, 2 * test + 7] {
                    let (_, _, _, args, result) = SIGNATURES[method % SIGNATURES.len()];
                    let ignored = vec![
                        "_";
                        args.split(", ")
                            .filter(|arg| !arg.is_empty() && !arg.starts_with("size"))
                            .count()
                    ];
                    let (name, ignored) = (format!("m{at}_{method}"), ignored.join(", "));
                    let body = match self {
                        Self::Unimock => {
                            let more =
                                if ignored.is_empty() { String::new() } else { format!(", {ignored}") };
                            format!(
                                "use unimock::*; #[allow(unused_mut)] let mut m = Unimock::new(M{at}::{name}.next_call(matching!({ignored})).answers(&|_{more}| {result})); assert_eq!(m.{name}({args}), {result});"
                            )
                        }
                        Self::Nothing => String::new(),
                        Self::Ours | Self::Contract => {
                            format!(
                                "let mut m = MockT{at}::new(); m.expect_{name}().returning(|{ignored}| {result}); assert_eq!(m.{name}({args}), {result});"
                            )
                        }
                        Self::Mockall => {
                            format!(
                                "let mut m = MockT{at}::new(); m.expect_{name}().times(1).returning(|{ignored}| {result}); assert_eq!(m.{name}({args}), {result});"
                            )
                        }
                        Self::Mry => {
                            let any =
                                vec!["mry::Any"; ignored.split(", ").filter(|arg| !arg.is_empty()).count()]
                                    .join(", ");
                            format!(
                                "let mut m = MockT{at}::default(); m.mock_{name}({any}).returns_with(|{ignored}| {result}); assert_eq!(m.{name}({args}), {result});"
                            )
                        }
                    };
                    let _ = writeln!(text, "    {{ {body} }}");
                }
                text += "}\n";
            }
        }
        text
    }

    /// Writes the package.
    pub(crate) fn write(self, work: &Path, root: &Path) -> io::Result<()> {
        let package = work.join(self.name());
        fs::create_dir_all(package.join("src"))?;
        let (name, dependencies) = (self.name(), self.dependencies(root));
        let manifest = format!(
            "[package]\nname = \"side-{name}\"\nversion = \"1.0.0\"\nedition = \"2024\"\n\n[dependencies]\n{dependencies}\n\n[lib]\ndoctest = false\n\n[workspace]\n"
        );
        fs::write(package.join("Cargo.toml"), manifest)?;
        let mut text = format!("#![allow(dead_code)]\n{}", self.traits());
        if self == Self::Ours {
            text += "include!(\"mock.rs\");\n";
            let contracts = package.join("contracts.rs");
            fs::write(&contracts, Self::Contract.traits())?;
            let mock = plugin_gen::Build::new().source(&contracts).text(plugin_gen::Rust::Mock);
            fs::write(
                package.join("src/mock.rs"),
                mock.map_err(|error| io::Error::other(error.to_string()))?,
            )?;
        }
        fs::write(package.join("src/tests.rs"), self.tests())?;
        fs::write(package.join("src/lib.rs"), text + "#[cfg(test)]\nmod tests;\n")
    }
}
