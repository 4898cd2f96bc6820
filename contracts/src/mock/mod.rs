//! What all mocks share: expectations, predicates, the log of calls, and what is said when something is wrong.
//!
//! In: contracts whose attribute says `mock`, and what a test expects of them. Out: answers and verdicts. It does not know any
//! contract.
//!
//! ```
//! use plugin_contracts::mock::eq;
//! use plugin_contracts::plugin_contract;
//!
//! #[plugin_contract(id = "example.lookup", version = "1.0.0", mock)]
//! pub trait Lookup {
//!     fn find(&self, key: &str) -> Option<u64>;
//! }
//!
//! # fn main() {
//! let mut lookup = MockLookup::new();
//! lookup.expect_find().with(eq("k")).times(1..).returning(|_| Some(7));
//! assert_eq!(lookup.find("k"), Some(7));
//! assert_eq!(lookup.find_calls()[0].args, ("k".to_owned(),));
//! # }
//! ```

/// The guide and the page for those who come from elsewhere, whose examples are tests.
#[cfg(doctest)]
mod guide {
    #[doc = include_str!("../../../docs/mocks.md")]
    pub struct Guide;
    #[doc = include_str!("../../../docs/mock-migration.md")]
    pub struct Migration;
}

mod args;
mod author;
mod call;
mod delay;
mod differ;
mod exclusive;
mod expectation;
mod generated;
mod log;
mod mocked;
mod otherwise;
mod predicate;
mod report;
mod sequence;
mod show;
mod slot;
mod state;
mod sync;
#[cfg(feature = "record")]
mod tape;
#[cfg(not(feature = "record"))]
#[path = "untaped.rs"]
mod tape;
mod times;
mod value;
mod version;

// The public interface is:
pub use author::{Logged, Unseen};
pub use expectation::{Expectation, Fault};
pub use generated::Mock;
pub use log::Call;
pub use mocked::Mocked;
pub use predicate::{
    Always, Both, Either, Eq, Ge, Gt, InRange, Le, Lt, Ne, Not, Predicate, always, both, either, eq,
    function, ge, gt, in_range, le, lt, ne, not, str,
};
pub use sequence::Sequence;
pub use state::MockReport;
#[cfg(feature = "record")]
pub use tape::ReplayError;
pub use times::Times;

/// What generated mocks are made of. Not for people.
#[doc(hidden)]
pub mod __private {
    pub use plugin_abi::{Deliver, DeliverByPanic, PluginFault};

    pub use super::args::Args;
    pub use super::author::{
        Blank, BlankByDefault, Logged, NoBlank, OtherwiseKeep, OtherwiseShow, Probe, Unseen,
    };
    pub use super::call::{Answer, At, Begun};
    pub use super::delay::delay;
    pub use super::mocked::{HasMock, Mocked, Part, Parts, Plain, Prefixed, PrefixedTwice};
    pub use super::show::show;
    pub use super::slot::Method;
    pub use super::state::{Desc, State};
    pub use super::tape::{Answered, Document, NoJson, read, refuse, rewrite, write, write_slice};
    pub use super::value::{ByteVec, Bytes, Into, List, Mut, Outcome, Own, Ref, Text, Value};
    pub use super::version::Version;
    pub use super::{Call, Expectation, Mock, MockReport};
}
