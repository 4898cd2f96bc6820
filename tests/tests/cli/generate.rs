//! Generated files: the same text from every door, current or named as stale.

use std::fs;

use plugin_gen::{Build, LockFile, Rust};
use plugin_tests::{cargo, root, target};
use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens as _;

use crate::{edit, greeter, plugin_gen};

/// The greeter's contract, as `init` writes it, with its mock.
fn with_mock(name: &str) -> tempfile::TempDir {
    let directory = greeter(name);
    let workspace = directory.path().join("greeter");
    edit(&workspace.join("Cargo.toml"), "/contracts\" }", "/contracts\", features = [\"mock\"] }");
    directory
}

#[test]
fn macro_build_script_and_command_line_print_the_same_mock() {
    let directory = with_mock("same");
    let workspace = directory.path().join("greeter");
    let source = workspace.join("contract/src/lib.rs");
    let text = fs::read_to_string(&source).unwrap();

    let built = Build::new().source(&source).text(Rust::Mock).unwrap();
    plugin_gen(&workspace, &["generate", "mock", "-p", "same-contract"]).code(0).says(&["Generated"]);
    let generated = fs::read_to_string(workspace.join("contract/src/generated/mock.rs")).unwrap();
    assert_eq!(built, generated);

    // The macro prints it behind the rest, inside a macro that drops it when the feature is off.
    let file = syn::parse_file(&text).unwrap();
    let item = file.items.into_iter().find_map(|item| match item {
        syn::Item::Trait(item) => Some(item),
        _ => None,
    });
    let mut item = item.expect("the contract is a trait");
    item.attrs.retain(|attr| !attr.path().is_ident("plugin_contract"));
    let arguments = quote::quote!(id = "example.same", version = "1.0.0", mock);
    let expanded = plugin_gen::contract(arguments, item.into_token_stream(), &LockFile::None);
    let last = syn::parse2::<syn::File>(expanded).expect("the expansion is Rust").items.pop();
    let Some(syn::Item::Macro(gate)) = last else { panic!("the mock stands last") };
    assert_eq!(words(generated.parse().unwrap()), words(gate.mac.tokens));
}

/// The tokens without their spacing, which means nothing and differs between printers.
fn words(tokens: TokenStream) -> Vec<String> {
    let mut words = Vec::new();
    for token in tokens {
        match token {
            TokenTree::Group(group) => {
                words.push(format!("{:?} begins", group.delimiter()));
                words.extend(self::words(group.stream()));
                words.push("ends".to_owned());
            }
            // Doc comments and attributes are one thing, written in two ways.
            other => words.push(other.to_string().trim_start_matches('r').to_owned()),
        }
    }
    // A comma before a closing bracket is the formatter's taste.
    words.into_iter().filter(|word| word != ",").collect()
}

#[test]
fn a_checked_in_mock_is_current_or_stale() {
    let directory = with_mock("current");
    let workspace = directory.path().join("greeter");
    let run = |words: &[&str]| plugin_gen(&workspace, words);
    for words in [&["generate"][..], &["generate", "--check"]] {
        run(words)
            .code(0)
            .says(&["nothing is generated here yet: say what", "`mock`, `json-schema`, `c` or `bpf`"]);
    }
    run(&["generate", "mock", "-p", "current-plugin"])
        .code(0)
        .says(&["no selected package declares a contract"]);
    run(&["generate", "mock", "-p", "current-contract"]).code(0);
    run(&["generate", "mock", "-p", "current-contract"]).code(0).says(&["Unchanged"]);
    run(&["generate", "--check"]).code(0).says(&["Checked 1 file: current"]);

    let contract = workspace.join("contract/src/lib.rs");
    let text = fs::read_to_string(&contract).unwrap();
    let used = "include!(\"generated/mock.rs\");\n\n#[test]\nfn a_mock_stands_in() {\n    let mut mock = MockGreeter::new();\n    \
                mock.expect_greet().with(plugin_contracts::mock::eq(\"Ada\")).returning(|name| Ok(name.to_owned()));\n    \
                assert_eq!(mock.greet(\"Ada\"), Ok(\"Ada\".to_owned()));\n}\n";
    fs::write(&contract, format!("{text}\n{used}")).unwrap();
    let mut test = cargo();
    test.args(["test", "--quiet", "-p", "current-contract"]).current_dir(&workspace);
    let tested = test.env("CARGO_TARGET_DIR", target().join("outside")).output().unwrap();
    assert!(tested.status.success(), "{}", String::from_utf8_lossy(&tested.stderr));

    edit(&contract, "name: &str) ->", "name: &str, loud: bool) ->");
    let stale =
        run(&["generate", "--check"]).code(1).says(&["[PC206] contract/src/generated/mock.rs is stale"]);
    assert!(stale.stdout.contains("loud"), "{stale:#?}");
    run(&["generate"]).code(0).says(&["Generated"]);
    run(&["generate", "--check"]).code(0);
}

#[test]
fn a_build_script_prints_the_mock_and_names_mistakes_by_place() {
    let directory = with_mock("script");
    let workspace = directory.path().join("greeter");
    let package = workspace.join("contract");
    let root = root();
    let dependency = format!(
        "\n[build-dependencies]\nplugin-gen = {{ path = {:?}, default-features = false, features = [\"build\"] }}\n",
        root.join("plugin-gen")
    );
    let manifest = package.join("Cargo.toml");
    fs::write(&manifest, fs::read_to_string(&manifest).unwrap() + &dependency).unwrap();
    let script = "fn main() -> Result<(), plugin_gen::BuildError> {\n    \
                  plugin_gen::Build::new().source(\"src/lib.rs\").emit(plugin_gen::Rust::Mock)?;\n    Ok(())\n}\n";
    fs::write(package.join("build.rs"), script).unwrap();
    let contract = package.join("src/lib.rs");
    let text = fs::read_to_string(&contract).unwrap();
    let include = "include!(concat!(env!(\"OUT_DIR\"), \"/mock.rs\"));\n\n#[test]\nfn a_mock_stands_in() {\n    \
                   let mut mock = MockGreeter::new();\n    mock.expect_greet().times(0);\n}\n";
    fs::write(&contract, format!("{text}\n{include}")).unwrap();
    let test = |words: &[&str]| {
        let mut test = cargo();
        test.args(words).current_dir(&workspace).env("CARGO_TARGET_DIR", target().join("outside"));
        test.output().unwrap()
    };
    let tested = test(&["test", "--quiet", "-p", "script-contract"]);
    assert!(tested.status.success(), "{}", String::from_utf8_lossy(&tested.stderr));

    edit(&contract, "name: &str) ->", "name: (u8,)) ->");
    let refused = test(&["check", "-p", "script-contract"]);
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(!refused.status.success());
    assert!(said.contains("src/lib.rs:24:27: [P012] `(u8,)` cannot cross"), "{said}");
}

#[test]
fn a_mock_of_an_older_version_lacks_what_the_lock_says_came_later() {
    let directory = with_mock("sooner");
    let workspace = directory.path().join("greeter");
    plugin_gen(&workspace, &["accept", "-p", "sooner-contract"]).code(0);
    let source = workspace.join("contract/src/lib.rs");
    let text = fs::read_to_string(&source).unwrap();
    let end = text.rfind('}').expect("the trait ends");
    // No `#[since]`: the lock alone knows.
    let text =
        format!("{}\n    /// More.\n    fn more(&self) -> u64 {{\n        7\n    }}\n}}\n", &text[..end]);
    fs::write(&source, text.replace("version = \"1.0.0\"", "version = \"1.1.0\"")).unwrap();
    plugin_gen(&workspace, &["accept", "-p", "sooner-contract"]).code(0);

    plugin_gen(&workspace, &["generate", "mock", "-p", "sooner-contract"]).code(0);
    let generated = fs::read_to_string(workspace.join("contract/src/generated/mock.rs")).unwrap();
    let absent = "since: ::core::option::Option::Some(__m::Version(1u32, 1u32, 0u32))";
    assert_eq!(generated.matches(absent).count(), 1, "{generated}");
    assert_eq!(Build::new().source(&source).text(Rust::Mock).unwrap(), generated);

    let lock = fs::read_to_string(workspace.join("contract/plugin-contract.lock")).unwrap();
    let file = syn::parse_file(&fs::read_to_string(&source).unwrap()).unwrap();
    let item = file.items.into_iter().find_map(|item| match item {
        syn::Item::Trait(item) => Some(item),
        _ => None,
    });
    let mut item = item.expect("the contract is a trait").to_token_stream().to_string();
    item.replace_range(..item.find("pub trait").expect("it is public"), "");
    let expand = |lock: &LockFile| {
        let arguments = quote::quote!(id = "example.sooner", version = "1.1.0", mock);
        plugin_gen::contract(arguments, item.parse().unwrap(), lock).to_string()
    };
    let absent = "since : :: core :: option :: Option :: Some (__m :: Version (1u32 , 1u32 , 0u32))";
    let (with, without) = (expand(&LockFile::of_text(&lock)), expand(&LockFile::None));
    assert_eq!((with.matches(absent).count(), without.matches(absent).count()), (1, 0));

    // A library stands in for a contract that has a mock; a checked-in one is one.
    let text = fs::read_to_string(&source).unwrap();
    fs::write(&source, format!("{text}\ninclude!(\"generated/mock.rs\");\n")).unwrap();
    let library = directory.path().join("old.so").display().to_string();
    let words = ["mock-so", "-p", "sooner-contract", "--as-version", "1.0.0", "--out", &library];
    plugin_gen(&workspace, &words).code(0).says(&["example.sooner 1.0.0  "]);
    let inspected = plugin_gen(&workspace, &["inspect", &library]).code(0).says(&["example.sooner 1.0.0"]);
    let plugin = inspected.stdout.split("links").next().unwrap_or_default().to_owned();
    assert!(!plugin.contains("fn more"), "{plugin}");
}

#[test]
fn blocks_for_mockall_are_current_or_stale_and_what_it_cannot_say_is_named() {
    let directory = greeter("block");
    let workspace = directory.path().join("greeter");
    let words = ["generate", "mock", "--style", "mockall", "-p", "block-contract"];
    plugin_gen(&workspace, &words).code(0).says(&["Generated", "generated/mockall.rs"]);
    let path = workspace.join("contract/src/generated/mockall.rs");
    let text = fs::read_to_string(&path).unwrap();
    let block = "mockall::mock! {\n    pub Greeter {}\n    impl Greeter for Greeter {\n        \
                 fn greet(&self, name: &str) -> Result<String, GreetError>;\n    }\n}\n";
    assert!(text.starts_with("// @generated by ") && text.ends_with(block), "{text}");
    let check = [&words[..], &["--check"]].concat();
    plugin_gen(&workspace, &check).code(0);
    fs::write(&path, text.replace("&str", "&[u8]")).unwrap();
    plugin_gen(&workspace, &check)
        .code(1)
        .says(&["mockall.rs is stale", "+        fn greet(&self, name: &str)"]);
    // Whoever asks for everything is told too, and a mock of ours is not missed.
    plugin_gen(&workspace, &["generate", "--check"]).code(1).says(&["mockall.rs is stale"]);
    plugin_gen(&workspace, &["generate"]).code(0);
    assert!(!workspace.join("contract/src/generated/mock.rs").exists());

    edit(&workspace.join("contract/src/lib.rs"), "fn greet", "async fn greet");
    plugin_gen(&workspace, &words).code(1).says(&[
        "src/lib.rs:24:14: `greet` of `Greeter` cannot be said to mockall: its future borrows of the call",
    ]);
    plugin_gen(&workspace, &["generate", "c", "--style", "mockall"])
        .code(2)
        .says(&["`--style` is about mocks"]);
}
