//! Generated code is a guest: it says nothing under the strictest lints, wherever the contract stands.

use plugin_tests::package::{Package, rendered};

/// The lints of a house where everything is forbidden.
const STRICT: &str = "
    #![deny(warnings, missing_docs, unsafe_op_in_unsafe_fn, unreachable_pub, unused_qualifications)]
    #![deny(missing_debug_implementations, missing_copy_implementations, single_use_lifetimes, let_underscore_drop)]
    #![deny(unused_lifetimes, unused_results, non_ascii_idents, trivial_casts, trivial_numeric_casts, unsafe_code)]
    #![deny(elided_lifetimes_in_paths, explicit_outlives_requirements, unused_import_braces, variant_size_differences)]
    #![deny(clippy::all, clippy::pedantic, clippy::nursery, clippy::undocumented_unsafe_blocks)]
    #![deny(clippy::multiple_unsafe_ops_per_block, clippy::absolute_paths, clippy::unwrap_used, clippy::panic)]
    #![deny(clippy::missing_inline_in_public_items, clippy::shadow_reuse, clippy::std_instead_of_core)]
";

/// Runs clippy over a package of this source and asks for silence.
#[track_caller]
fn silent(edition: &str, dependency: &str, source: &str) {
    let package = Package::new("silent", edition, dependency);
    package.write("src/lib.rs", source);
    let said = package.diagnostics(package.cargo("clippy"));
    assert!(said.is_empty(), "clippy is not silent:\n{}", rendered(&said));
}

const WITH_MOCK: &str = "plugin-contracts = { path = \"ROOT/contracts\", features = [\"mock\"] }";

/// Types, a contract with a mock, an implementation and an export, with `VIS` before what may be hidden.
const CONTRACT: &str = r#"
    use core::fmt::{self, Display, Formatter};

    use plugin_contracts::{PluginContext, PluginType, export_plugin, plugin_contract};

    /// Why not.
    #[derive(Debug, Clone, PartialEq, Eq, PluginType)]
    VIS enum StoreError {
        /// There is nothing.
        NotFound,
        /// The medium failed.
        Io(String),
        /// A field of each kind.
        Named {
            /// Which.
            r#type: char,
            /// Whether.
            fatal: Option<bool>,
        },
    }

    /// What is stored.
    #[derive(Debug, Clone, Default, PartialEq, PluginType)]
    VIS struct Row {
        /// Its key.
        VIS key: String,
        /// Its cells.
        VIS cells: Vec<f64>,
    }

    /// Nothing at all.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PluginType)]
    VIS struct Nothing;

    /// Ten numbers.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PluginType)]
    #[repr(u8)]
    VIS enum Level {
        /// Ten.
        Low = 10,
        /// Eleven.
        High,
    }

    /// What happened.
    #[derive(Debug, Clone, PartialEq, Eq, PluginType)]
    #[plugin(open, name = "Happening")]
    VIS enum Event {
        /// Nothing.
        Quiet,
        /// Something.
        Stored(String, Level),
        /// What this side does not know.
        Unknown(u32),
    }

    /// How far to go.
    #[derive(Debug, Clone, PartialEq, PluginType)]
    #[plugin(sized)]
    VIS struct Limits {
        /// At most.
        VIS most: u32,
        /// What else there is.
        #[plugin(default)]
        VIS rows: Vec<Row>,
    }

    /// A store.
    #[plugin_contract(id = "acme.store", version = "1.1.0", mock)]
    VIS trait Store: Send + Sync {
        /// The value under a key.
        ///
        /// # Errors
        /// There is none.
        fn get(&self, key: &str) -> Result<Vec<Row>, StoreError>;

        /// Stores values.
        ///
        /// # Errors
        /// The medium failed.
        fn put(&mut self, key: &str, row: Row, cells: &[f64]) -> Result<Nothing, StoreError>;

        /// How full it is.
        fn level(&self) -> Level;

        /// Forgets everything.
        #[renamed_from("reset")]
        fn clear(&mut self);

        /// What happened within limits.
        fn event(&self, limits: Limits) -> Event;

        /// How many there are.
        #[since("1.1.0")]
        fn count(&self, r#type: Option<Level>) -> u64 {
            u64::from(r#type == Some(Level::High))
        }
    }

    #[derive(Debug)]
    struct Memory;

    impl Store for Memory {
        fn get(&self, _: &str) -> Result<Vec<Row>, StoreError> {
            Err(StoreError::NotFound)
        }

        fn put(&mut self, key: &str, mut row: Row, cells: &[f64]) -> Result<Nothing, StoreError> {
            key.clone_into(&mut row.key);
            row.cells.extend_from_slice(cells);
            if row.cells.is_empty() { Err(StoreError::Named { r#type: 'x', fatal: None }) } else { Ok(Nothing) }
        }

        fn level(&self) -> Level {
            Level::Low
        }

        fn clear(&mut self) {}

        fn event(&self, limits: Limits) -> Event {
            if limits.most == 0 { Event::Quiet } else { Event::Stored("all".to_owned(), Level::High) }
        }
    }

    impl Memory {
        fn new(context: &PluginContext) -> Result<Self, StoreError> {
            match context.config("data") {
                Some(_) => Ok(Self),
                None => Err(StoreError::Io("no data".to_owned())),
            }
        }
    }

    impl Display for StoreError {
        #[inline]
        fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
            f.write_str("no")
        }
    }

    export_plugin!(dyn Store => Memory::new);
"#;

fn source(visibility: &str) -> String {
    format!("//! Strict.\n{STRICT}\n{}", CONTRACT.replace("VIS", visibility))
}

#[test]
fn a_public_contract_is_silent() {
    silent("2024", WITH_MOCK, &source("pub"));
}

#[test]
fn a_public_contract_is_silent_in_edition_2021() {
    silent("2021", WITH_MOCK, &source("pub"));
}

#[test]
fn a_contract_of_one_crate_is_silent() {
    silent("2024", WITH_MOCK, &source("pub(crate)"));
}

#[test]
fn a_private_contract_is_silent() {
    silent("2024", WITH_MOCK, &source(""));
}

#[test]
fn a_contract_without_the_mock_feature_is_silent() {
    silent("2024", "plugin-contracts = { path = \"ROOT/contracts\" }", &source("pub"));
}

#[test]
fn a_crate_that_forbids_unsafe_code_may_hold_a_contract() {
    silent(
        "2024",
        WITH_MOCK,
        &source("pub").replace("unsafe_code)]", "unused_macros)]\n#![forbid(unsafe_code)]"),
    );
}

#[test]
fn a_renamed_dependency_is_found() {
    let source = source("pub")
        .replace("mock)]", "mock, crate = contracts)]")
        .replace("PluginType)]", "PluginType)]\n#[plugin(crate = contracts)]")
        .replace("use plugin_contracts::{", "use contracts::{")
        // The export does not know another name yet.
        .replace("export_plugin!(dyn Store => Memory::new);", "#[expect(dead_code)]\nconst NEW: fn(&PluginContext) -> Result<Memory, StoreError> = Memory::new;")
        .replace("export_plugin, ", "");
    let renamed =
        "contracts = { package = \"plugin-contracts\", path = \"ROOT/contracts\", features = [\"mock\"] }";
    silent("2024", renamed, &source);
}

#[test]
fn names_of_the_prelude_may_be_taken() {
    // Whatever generated code needs it names by an absolute path.
    let taken = "
        /// Taken.
        pub mod taken {
            #![allow(dead_code, non_camel_case_types, clippy::all, clippy::pedantic, clippy::nursery)]
            struct Option; struct Result; struct Box; struct Vec; struct String; struct Some; struct Ok; struct Err;
            trait Send {} trait Sync {} trait Clone {} trait Copy {} trait Fn {} trait FnMut {} trait Sized {} trait Drop {} trait Into {} trait Default {}
            fn drop() {} mod std {} mod core {}

            /// A contract among them.
            #[plugin_contracts::plugin_contract(id = \"acme.taken\", version = \"1.0.0\", mock)]
            pub trait Taken: ::core::marker::Send + ::core::marker::Sync {
                /// A number.
                fn number(&self, text: &str, bytes: &[u8]) -> u64;
                /// Another.
                fn other(&self) -> u64 { 0 }
            }

            /// A type among them.
            #[derive(plugin_contracts::PluginType)]
            pub enum Choice {
                /// A number.
                Number(u64),
                /// None.
                None,
            }
        }
    ";
    silent("2024", WITH_MOCK, &format!("//! Taken.\n{taken}"));
}

#[test]
fn a_warning_of_the_authors_own_is_still_heard() {
    // A test that cannot fail is a defect: silence must come from the code, not from the way we listen.
    let package = Package::new("silent", "2024", WITH_MOCK);
    package.write("src/lib.rs", &source("pub").replace("/// How full it is.\n", ""));
    let said = package.diagnostics(package.cargo("clippy"));
    assert!(
        said.len() == 1 && said[0].message == "missing documentation for a method",
        "{}",
        rendered(&said)
    );
}
