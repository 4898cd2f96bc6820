//! What the macros print, readable and compiled.
//!
//! `INSTA_UPDATE=always cargo test -p plugin-tests --test expansion` writes the snapshots anew: read the difference as
//! code, because it is compiled under every contract.

use plugin_gen::LockFile;
use plugin_tests::package::{Package, rendered};
use proc_macro2::TokenStream;
use quote::{ToTokens as _, quote};

fn contract() -> TokenStream {
    let arguments = quote!(id = "acme.store", version = "1.1.0", mock);
    let item = quote! {
        /// A small store.
        pub trait Store: Send + Sync {
            /// The value under a key.
            fn get(&self, key: &str) -> Option<Vec<u8>>;
            /// Stores a value.
            fn put(&mut self, key: &str, value: Vec<u8>);
            /// Waits for the medium.
            #[cfg(unix)]
            fn sync(&self);
            /// How many there are.
            #[since("1.1.0")]
            #[plugin(nounwind)]
            #[renamed_from("len")]
            #[renamed_from("size")]
            fn count(&self) -> u64 {
                0
            }
        }
    };
    plugin_gen::contract(arguments, item, &LockFile::None)
}

fn record() -> (TokenStream, TokenStream) {
    let item = quote! {
        /// One stored value.
        pub struct Row {
            /// Its key.
            pub key: String,
            /// Its cells.
            pub cells: Vec<u64>,
        }
    };
    (item.clone(), plugin_gen::plugin_type(item, 0, &LockFile::None))
}

fn choice() -> (TokenStream, TokenStream) {
    let item = quote! {
        /// Every kind of variant.
        #[repr(u8)]
        pub enum Choice {
            /// A number of its own.
            Nothing = 3,
            /// The next number.
            Pair(u8, String),
            /// Named fields, and a number again.
            Named { r#type: bool } = 9,
        }
    };
    (item.clone(), plugin_gen::plugin_type(item, 0, &LockFile::None))
}

fn open() -> (TokenStream, TokenStream) {
    let item = quote! {
        /// What happened.
        #[plugin(open, name = "Happening")]
        pub enum Event {
            /// Named fields.
            Moved {
                /// Where from.
                from: String,
                /// Where to.
                to: Vec<Event>,
            },
            /// Nothing.
            Started,
            /// What this side does not know.
            Unknown(u32),
        }
    };
    (item.clone(), plugin_gen::plugin_type(item, 0, &LockFile::None))
}

fn sized() -> (TokenStream, TokenStream) {
    let item = quote! {
        /// How far to go.
        #[plugin(sized)]
        pub struct Limits {
            /// Always there.
            pub most: u32,
            /// Came later.
            #[plugin(default)]
            pub notes: Vec<String>,
        }
    };
    (item.clone(), plugin_gen::plugin_type(item, 0, &LockFile::None))
}

fn export() -> TokenStream {
    plugin_gen::export(quote!(dyn Store => Memory::new), "memory")
}

/// Formatted, with the mock's gate taken away: prettyplease leaves the inside of a macro call as it is.
fn formatted(tokens: TokenStream) -> String {
    let mut file: syn::File = syn::parse2(tokens).expect("what is printed is Rust");
    file.items = file
        .items
        .into_iter()
        .flat_map(|item| match item {
            syn::Item::Macro(gate) if gate.to_token_stream().to_string().contains("__if_mock") => {
                syn::parse2::<syn::File>(gate.mac.tokens).expect("the mock is Rust").items
            }
            item => vec![item],
        })
        .collect();
    prettyplease::unparse(&file)
}

#[test]
fn a_contract() {
    insta::assert_snapshot!(formatted(contract()));
}

#[test]
fn a_derived_struct() {
    insta::assert_snapshot!(formatted(record().1));
}

#[test]
fn a_derived_enum() {
    insta::assert_snapshot!(formatted(choice().1));
}

#[test]
fn a_derived_enum_that_is_open() {
    insta::assert_snapshot!(formatted(open().1));
}

#[test]
fn a_derived_struct_that_is_sized() {
    insta::assert_snapshot!(formatted(sized().1));
}

#[test]
fn an_export() {
    insta::assert_snapshot!(formatted(export()));
}

#[test]
fn an_export_in_lent_memory() {
    let export = plugin_gen::export(quote!(allocator = host, dyn Store => Memory::new), "memory");
    insta::assert_snapshot!(formatted(export));
}

#[test]
fn a_refused_contract_keeps_its_trait() {
    // One mistake must not become an error at every use of the trait.
    let item = quote! {
        pub trait Store {
            #[since("9.0.0")]
            #[renamed_from("size")]
            fn count(&self) -> u64 {
                0
            }
        }
    };
    insta::assert_snapshot!(formatted(plugin_gen::contract(
        quote!(id = "acme.store", version = "1.0.0"),
        item,
        &LockFile::None
    )));
}

#[test]
fn the_same_tokens_give_the_same_expansion() {
    assert_eq!(contract().to_string(), contract().to_string());
}

/// Everything above in one file, as rustc gets it when the macros are not there.
fn expanded() -> String {
    let memory = quote! {
        /// A store that keeps nothing.
        pub struct Memory;

        impl Store for Memory {
            fn get(&self, _: &str) -> Option<Vec<u8>> {
                None
            }
            fn put(&mut self, _: &str, _: Vec<u8>) {}
            #[cfg(unix)]
            fn sync(&self) {}
        }

        impl Memory {
            /// Makes it.
            ///
            /// # Errors
            /// Never.
            pub fn new(_: &plugin_contracts::PluginContext) -> Result<Self, String> {
                Ok(Self)
            }
        }
    };
    // What the derive reads, rustc would not.
    let plain = |item: TokenStream| {
        let mut item: syn::Item = syn::parse2(item).expect("an item");
        let mine = |attr: &syn::Attribute| attr.path().is_ident("plugin");
        match &mut item {
            syn::Item::Enum(item) => item.attrs.retain(|attr| !mine(attr)),
            syn::Item::Struct(item) => {
                item.attrs.retain(|attr| !mine(attr));
                item.fields.iter_mut().for_each(|field| field.attrs.retain(|attr| !mine(attr)));
            }
            _ => {}
        }
        item.into_token_stream()
    };
    let types = [record(), choice(), open(), sized()].map(|(item, printed)| [plain(item), printed]);
    let parts = [contract()].into_iter().chain(types.into_iter().flatten()).chain([memory, export()]);
    format!("//! Expanded.\n{}", formatted(parts.collect()))
}

#[track_caller]
fn compiles(edition: &str, source: &str) {
    let dependency = "plugin-contracts = { path = \"ROOT/contracts\", features = [\"mock\"] }";
    let package = Package::new("expanded", edition, dependency);
    package.write("src/lib.rs", source);
    let said = package.check();
    assert!(said.is_empty(), "{}", rendered(&said));
}

#[test]
fn the_expansion_is_valid_in_edition_2024() {
    compiles("2024", &expanded());
}

#[test]
fn the_expansion_is_valid_in_edition_2021() {
    compiles("2021", &expanded());
}

#[test]
fn the_macros_can_be_used_in_edition_2021() {
    let source = r#"
        use plugin_contracts::{PluginContext, PluginType, export_plugin, plugin_contract};

        #[derive(Debug, Clone, PartialEq, PluginType)]
        pub enum StoreError {
            NotFound,
            Io { r#type: String },
        }

        #[plugin_contract(id = "acme.store", version = "1.1.0", mock)]
        pub trait Store: Send + Sync {
            fn get(&self, key: &str) -> Result<Vec<u8>, StoreError>;
            fn put(&mut self, key: &str, value: &[u8]) -> Result<(), StoreError>;
            // A word of edition 2024 is a name here.
            fn gen(&self, r#async: Option<String>) -> bool;
            #[since("1.1.0")]
            fn count(&self) -> u64 {
                if let Ok(found) = self.get("count") { found.len() as u64 } else { 0 }
            }
        }

        pub struct Memory;

        impl Store for Memory {
            fn get(&self, _: &str) -> Result<Vec<u8>, StoreError> {
                Err(StoreError::NotFound)
            }
            fn put(&mut self, _: &str, _: &[u8]) -> Result<(), StoreError> {
                Ok(())
            }
            fn gen(&self, _: Option<String>) -> bool {
                true
            }
        }

        impl Memory {
            fn new(_: &PluginContext) -> Result<Self, String> {
                Ok(Self)
            }
        }

        export_plugin!(dyn Store => Memory::new);
    "#;
    compiles("2021", source);
}
