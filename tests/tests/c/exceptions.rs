//! Plugins in C++ that throw: nothing is thrown across, and the host hears what was said.

use plugin_contracts::{PluginFault, PluginType, plugin_contract};
use plugin_host::{LoadError, Plugin};
use plugin_tests::compiler::{Compiler, Language};

use super::{build, header};

/// What the host says of a call.
#[derive(Debug, Clone, PartialEq, PluginType)]
pub struct Said(pub String);

impl From<PluginFault> for Said {
    fn from(fault: PluginFault) -> Self {
        Self(format!("{:?}: {}", fault.kind, fault.message))
    }
}

/// Throws when it is asked to.
#[plugin_contract(id = "test.thrower", version = "1.0.0", unlocked)]
pub trait Thrower: Send + Sync {
    /// 0 does not throw, 1 throws what has a text, else what has none.
    fn throw(&self, how: u32) -> Result<u32, Said>;
    /// Nothing to throw, and nothing to return.
    fn delete(&mut self);
}

#[test]
fn an_exception_is_a_panic_with_its_text() {
    for compiler in Compiler::all_of(Language::Cpp, "thrower") {
        let name = compiler.name;
        let built = build(compiler, "thrower.cpp", &[("test_thrower.h", &header::<dyn Thrower>())]);
        let library = built.unwrap_or_else(|said| panic!("{name}: {said}"));
        let load = |how: &str| {
            // SAFETY: the file was built by this test.
            unsafe { Plugin::<dyn Thrower>::options().config("how", how).load(&library.library) }
        };
        let mut thrower = load("well").unwrap();
        thrower.delete();
        assert_eq!(thrower.throw(0), Ok(0), "{name}");
        assert_eq!(thrower.throw(1), Err(Said("Panicked: it was asked to".to_owned())), "{name}");
        let poisoned = "Poisoned: `throw` failed before: it was asked to";
        assert_eq!(thrower.throw(0), Err(Said(poisoned.to_owned())), "{name}");
        let untold = "Panicked: an exception that is no std::exception";
        assert_eq!(load("well").unwrap().throw(2), Err(Said(untold.to_owned())), "{name}");

        let refused = load("badly").unwrap_err();
        let LoadError::Constructor { message, .. } = refused else { panic!("{name}: {refused:?}") };
        assert_eq!(message, "it was configured badly", "{name}");
        let refused = load("worse").unwrap_err();
        let LoadError::ConstructorPanicked { message, .. } = refused else { panic!("{name}: {refused:?}") };
        assert_eq!(message, "an exception that is no std::exception", "{name}");
        let at_end = load("at the end").unwrap().close().unwrap_err();
        assert_eq!(at_end.message, "it ends badly", "{name}");
    }
}
