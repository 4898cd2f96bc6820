//! The plugin in C that the README shows, with what it leaves out: it compiles, and greets.

use std::fs;

use plugin_contracts::{PluginFault, PluginType, plugin_contract};
use plugin_host::Plugin;
use plugin_tests::compiler::{Compiler, Language};
use plugin_tests::root;

use super::header;

/// As in the README.
#[derive(Debug, PartialEq, PluginType)]
pub enum GreetError {
    /// Nobody has an empty name.
    NoName,
    /// The plugin panicked; its host goes on.
    Fault(String),
}

impl From<PluginFault> for GreetError {
    fn from(fault: PluginFault) -> Self {
        Self::Fault(fault.to_string())
    }
}

/// Greets people.
#[plugin_contract(id = "example.greeter", version = "1.0.0", unlocked)]
pub trait Greeter: Send + Sync {
    /// A greeting for `name`.
    fn greet(&self, name: &str) -> Result<String, GreetError>;
}

#[test]
fn the_plugin_of_the_readme_greets() {
    let Some(compiler) = Compiler::any(Language::C, "the README's plugin") else { return };
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let shown = readme.split("```c\n").nth(1).and_then(|rest| rest.split("```").next());
    let shown = shown.expect("there is a plugin in C");
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("example_greeter.h"), header::<dyn Greeter>()).unwrap();
    let text = "#include \"example_greeter.h\"\n\
                static char object;\n\
                static void *polite_open(const example_greeter_plugin_context *context, example_greeter_string *why) {\n\
                \x20   (void)context, (void)why;\n    return &object;\n}\n\
                static void polite_close(void *self) { (void)self; }\n";
    let source = directory.path().join("polite.c");
    // The object is used by nobody, and the README is not the place to say so.
    fs::write(&source, format!("#pragma GCC diagnostic ignored \"-Wunused-parameter\"\n{text}{shown}"))
        .unwrap();
    let library = compiler.library(&source, directory.path(), &directory.path().join("libpolite.so"));
    let library = library.unwrap_or_else(|said| panic!("{said}"));
    // SAFETY: the file was built by this test.
    let polite = unsafe { Plugin::<dyn Greeter>::load(library) }.unwrap();
    assert_eq!(polite.greet("Ada"), Ok("Ada".to_owned()));
    assert_eq!(polite.greet(""), Err(GreetError::NoName));
}
