//! A contract that moved on: a plugin in C does not compile against its new header, and one that was built before is
//! refused when it is loaded.

use plugin_host::{LoadError, Plugin};
use plugin_tests::compiler::{Compiler, Language};

use super::{Built, build, build_all, header};

/// As it was.
pub mod before {
    use plugin_contracts::plugin_contract;

    /// Calculates.
    #[plugin_contract(id = "test.drift", version = "1.0.0", unlocked)]
    pub trait Drift: Send + Sync {
        /// The sum.
        fn add(&self, a: i32, b: i32) -> i32;
    }
}

/// With another argument.
pub mod changed {
    use plugin_contracts::plugin_contract;

    /// Calculates.
    #[plugin_contract(id = "test.drift", version = "2.0.0", unlocked)]
    pub trait Drift: Send + Sync {
        /// The sum.
        fn add(&self, a: i32, b: i64) -> i32;
    }
}

/// The method was called otherwise.
pub mod renamed {
    use plugin_contracts::plugin_contract;

    /// A calculator.
    #[plugin_contract(id = "test.drift", version = "1.0.0", unlocked)]
    pub trait Drift: Send + Sync {
        /// The sum.
        #[renamed_from("plus")]
        fn add(&self, a: i32, b: i32) -> i32;
    }
}

/// With a method more.
pub mod longer {
    use plugin_contracts::plugin_contract;

    /// Calculates.
    #[plugin_contract(id = "test.drift", version = "2.0.0", unlocked)]
    pub trait Drift: Send + Sync {
        /// The sum.
        fn add(&self, a: i32, b: i32) -> i32;
        /// The product.
        fn multiply(&self, a: i32, b: i32) -> i32;
    }
}

/// The plugin of the contract as it was, against this header.
fn built(compiler: Compiler, header: &str) -> Result<Built, String> {
    let source = match compiler.language {
        Language::C => "drift.c",
        Language::Cpp => "drift.cpp",
    };
    build(compiler, source, &[("test_drift.h", header)])
}

#[test]
fn a_plugin_that_drifted_does_not_compile() {
    let headers =
        [header::<dyn before::Drift>(), header::<dyn changed::Drift>(), header::<dyn longer::Drift>()];
    for compiler in Compiler::all("drift") {
        let [before, changed, longer] = &headers;
        assert!(built(compiler, before).is_ok(), "{}", compiler.name);
        let Err(changed) = built(compiler, changed) else {
            panic!("{} compiles another type", compiler.name)
        };
        let Err(longer) = built(compiler, longer) else {
            panic!("{} compiles without a method", compiler.name)
        };
        if compiler.language == Language::C {
            let said =
                "calculator_add is not what the contract asks for: fn add(&self, a: i32, b: i64) -> i32";
            assert!(changed.contains(said), "{}: {changed}", compiler.name);
        }
        assert!(changed.contains("add"), "{}: {changed}", compiler.name);
        assert!(longer.contains("multiply"), "{}: {longer}", compiler.name);
    }
}

#[test]
fn a_plugin_that_was_built_before_is_refused() {
    let header = header::<dyn before::Drift>();
    for (compiler, built) in build_all(["drift.c", "drift.cpp"], &[("test_drift.h", &header)]) {
        // SAFETY: the file was built by this test.
        let plugin = unsafe { Plugin::<dyn before::Drift>::load(&built.library) }.unwrap();
        assert_eq!(plugin.add(3, 5), 8, "{compiler}");
        // SAFETY: as above.
        let error = unsafe { Plugin::<dyn changed::Drift>::load(&built.library) }.unwrap_err();
        assert!(matches!(error, LoadError::SignatureDiffers(_)), "{compiler}: {error:?}");
        let expected = "refused libplugin.so: `test.drift` add: plugin built for fn add(&self, a: i32, b: i32) -> i32, \
                        host expects fn add(&self, a: i32, b: i64) -> i32\n  \
                        plugin is older (1.0.0, host 2.0.0): rebuild it against test.drift 2.x, of package plugin-tests";
        assert_eq!(error.to_string(), expected, "{compiler}");
        // SAFETY: as above.
        let error = unsafe { Plugin::<dyn longer::Drift>::load(&built.library) }.unwrap_err();
        assert!(matches!(error, LoadError::MethodMissing(_)), "{compiler}: {error:?}");
        assert!(error.to_string().contains("multiply: plugin has no such method"), "{compiler}: {error}");
    }
}
