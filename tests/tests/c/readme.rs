//! The plugins in C that the README and `docs/c.md` show, the first with what it leaves out: they compile, and do what they say.

use std::fs;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use plugin_contracts::runtime::Runtime;
use plugin_contracts::{PluginFault, PluginType, plugin_contract, plugin_impl};
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

/// As in the README.
#[plugin_contract(id = "example.session", version = "1.0.0", unlocked)]
pub trait Session: Send + Sync {
    /// An answer.
    async fn ask(&mut self, line: &str) -> Result<String, String>;
}

/// As in the README.
#[plugin_contract(id = "example.gateway", version = "1.0.0", unlocked)]
pub trait Gateway: Send + Sync {
    /// What the host lends.
    fn start(&mut self, runtime: Arc<dyn Runtime>);
    /// What the plugin hands out.
    fn open(&self, closed: Box<dyn FnOnce(u64) + Send>) -> Box<dyn Session>;
    /// Called back, and borrowed from.
    fn each(&self, seen: &mut dyn FnMut(&str) -> bool);
    /// One after the other.
    fn names(&self) -> Box<dyn Iterator<Item = String> + '_>;
    /// Borrowed.
    fn title(&self) -> &str;
}

/// The block of C on a page.
fn shown(page: &str) -> String {
    let text = fs::read_to_string(root().join(page)).unwrap();
    let shown = text.split("```c\n").nth(1).and_then(|rest| rest.split("```").next());
    shown.expect("there is a plugin in C").to_owned()
}

/// A runtime that runs nothing.
struct Idle;

#[plugin_impl]
impl Runtime for Idle {
    fn spawn(&self, _: Pin<Box<dyn Future<Output = ()> + Send>>) {}

    async fn sleep(&self, _: Duration) {}

    fn spawn_blocking(&self, _: Box<dyn FnOnce() + Send>) {}
}

#[test]
fn the_plugin_of_the_page_about_c_hands_over_what_it_says() {
    for compiler in Compiler::all_of(Language::C, "the plugin of docs/c.md") {
        let directory = tempfile::tempdir().unwrap();
        let source = directory.path().join("gateway.c");
        fs::write(&source, shown("docs/c.md")).unwrap();
        fs::write(directory.path().join("example_gateway.h"), header::<dyn Gateway>()).unwrap();
        let library = compiler.library(&source, directory.path(), &directory.path().join("libgateway.so"));
        let library = library.unwrap_or_else(|said| panic!("{said}"));
        // SAFETY: the file was built by this test.
        let mut gateway = unsafe { Plugin::<dyn Gateway>::load(library) }.unwrap();
        assert_eq!(gateway.title(), "a gateway in C");
        assert_eq!(gateway.names().collect::<Vec<_>>(), ["one", "two"]);
        let mut seen = 0;
        gateway.each(&mut |name| {
            seen += name.len();
            false
        });
        assert_eq!(seen, 3);
        let asked = Arc::new(AtomicU64::new(0));
        let counts = Arc::clone(&asked);
        let mut session = gateway.open(Box::new(move |count| counts.store(count, Ordering::SeqCst)));
        assert_eq!(futures::executor::block_on(session.ask("hello")), Ok("hello".to_owned()));
        drop(session);
        assert_eq!((asked.load(Ordering::SeqCst), Arc::strong_count(&asked)), (1, 1));
        let runtime = Arc::new(Idle);
        gateway.start(Arc::clone(&runtime) as Arc<dyn Runtime>);
        assert_eq!(Arc::strong_count(&runtime), 2);
        drop(gateway);
        assert_eq!(Arc::strong_count(&runtime), 1);
    }
}

#[test]
fn the_plugin_of_the_readme_greets() {
    let Some(compiler) = Compiler::any(Language::C, "the README's plugin") else { return };
    let shown = shown("README.md");
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
