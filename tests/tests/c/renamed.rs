//! Objects of an older side in C: a method is found by the name that it had, and one that is not there is left to the contract.

use plugin_host::Plugin;
use plugin_tests::compiler::{Compiler, Language};

use super::{build, header};

/// As it was.
pub mod before {
    use plugin_contracts::plugin_contract;

    /// An object.
    #[plugin_contract(id = "test.reader.part", version = "1.0.0", unlocked)]
    pub trait Part: Send + Sync {
        /// Its number.
        fn number(&self) -> u64;
    }

    /// Reads objects, and makes some.
    #[plugin_contract(id = "test.reader", version = "1.0.0", unlocked)]
    pub trait Reader: Send + Sync {
        /// All that an object says.
        fn read(&self, part: &dyn Part) -> u64;
        /// An object with this number.
        fn make(&self, label: u64) -> Box<dyn Part>;
    }
}

/// With another name, and a method more.
pub mod after {
    use plugin_contracts::plugin_contract;

    /// An object.
    #[plugin_contract(id = "test.reader.part", version = "1.1.0", unlocked)]
    pub trait Part: Send + Sync {
        /// Its number.
        #[renamed_from("number")]
        fn label(&self) -> u64;
        /// Two of it.
        #[since("1.1.0")]
        fn twice(&self) -> u64 {
            2 * self.label()
        }
    }

    /// Reads objects, and makes some.
    #[plugin_contract(id = "test.reader", version = "1.1.0", unlocked)]
    pub trait Reader: Send + Sync {
        /// All that an object says.
        fn read(&self, part: &dyn Part) -> u64;
        /// An object with this number.
        fn make(&self, label: u64) -> Box<dyn Part>;
    }
}

struct Old;

impl before::Part for Old {
    fn number(&self) -> u64 {
        7
    }
}

struct New;

impl after::Part for New {
    fn label(&self) -> u64 {
        7
    }

    fn twice(&self) -> u64 {
        30
    }
}

#[test]
fn objects_of_an_older_side_are_called_by_the_names_they_have() {
    for compiler in Compiler::all_of(Language::C, "renamed methods of objects") {
        let built = build(compiler, "reader.c", &[("test_reader.h", &header::<dyn after::Reader>())]);
        let built = built.unwrap_or_else(|said| panic!("{}: {said}", compiler.name));
        {
            // SAFETY: the file was built by this test.
            let older = unsafe { Plugin::<dyn before::Reader>::load(&built.library) }.unwrap();
            assert_eq!(older.read(&Old), 7, "it has no `twice`, and `label` is its `number`");
            assert_eq!(older.make(5).number(), 5, "and it finds its `number`");
        }
        // SAFETY: as above.
        let newer = unsafe { Plugin::<dyn after::Reader>::load(&built.library) }.unwrap();
        assert_eq!(newer.read(&New), 37);
        assert_eq!(newer.make(5).twice(), 10, "the host runs the default body");
    }
}
