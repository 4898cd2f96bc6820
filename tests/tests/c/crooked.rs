//! A plugin in C whose export lacks what every export has, and whose methods give back what no value is.

use plugin_contracts::{PluginFault, PluginType, plugin_contract};
use plugin_host::{LoadError, OnPanic, Plugin};
use plugin_tests::compiler::{Compiler, Language};

use super::{Built, build, header};

/// What the host says of a call.
#[derive(Debug, Clone, PartialEq, PluginType)]
pub enum Fault {
    /// What the fault says.
    Said(String),
}

impl From<PluginFault> for Fault {
    fn from(fault: PluginFault) -> Self {
        Self::Said(format!("{:?}: {}", fault.kind, fault.message))
    }
}

/// It changes what it is lent.
#[plugin_contract(id = "test.crooked", version = "1.0.0", unlocked)]
pub trait Crooked: Send + Sync {
    /// Gives back what is wrong in this way, and says how often it ran.
    fn fill(&self, bytes: &mut Vec<u8>, how: u32) -> Result<u32, Fault>;
}

fn built(compiler: Compiler, how: &str) -> Built {
    let headers = [("test_crooked.h", &*header::<dyn Crooked>()), ("crooked_how.h", how)];
    build(compiler, "crooked.c", &headers).unwrap_or_else(|said| panic!("{}: {said}", compiler.name))
}

#[test]
fn an_export_without_a_function_is_refused() {
    let Some(compiler) = Compiler::any(Language::C, "crooked exports") else { return };
    let built = built(compiler, "#define test_crooked_plugin_connect NULL");
    // SAFETY: the file was built by this test, and breaks no promise but the one under test.
    let refused = unsafe { Plugin::<dyn Crooked>::load(&built.library) }.unwrap_err();
    assert!(matches!(refused, LoadError::BadExport { .. }), "{refused}");
    assert!(refused.to_string().contains("expected a function `connect`, found null"), "{refused}");
}

#[test]
fn what_is_given_back_is_an_invalid_result_of_a_method_that_ran() {
    let Some(compiler) = Compiler::any(Language::C, "crooked arguments") else { return };
    let built = built(compiler, "");
    for (how, why) in [
        (0, "the pointer is null though the length is not 0"),
        (1, "the length is larger than memory or than its own capacity"),
        (2, "`&mut` has no variant with tag 2"),
    ] {
        for policy in [OnPanic::Fail, OnPanic::Keep] {
            let options = Plugin::<dyn Crooked>::options().on_panic(policy);
            // SAFETY: as above.
            let plugin = unsafe { options.load(&built.library) }.unwrap();
            let mut bytes = vec![1, 2];
            let Fault::Said(said) = plugin.fill(&mut bytes, how).unwrap_err();
            assert_eq!((said, bytes), (format!("InvalidResult: argument `bytes`: {why}"), vec![1, 2]));
            assert_eq!(plugin.poison().is_some(), policy == OnPanic::Fail, "as by any invalid result");
        }
    }
}
