//! Plugins and hosts in other languages, through the headers that the generator prints.

#[allow(missing_docs, reason = "documented where they are declared")]
#[path = "../../fixtures/contracts/src/echo.rs"]
pub mod echo;

mod calculator;
mod headers;
mod store;

use plugin_abi::note::Record;
use plugin_host::Contract;

/// The header of a contract.
#[track_caller]
fn header<C: ?Sized + Contract>() -> String {
    let record = Record::of_contract(C::DESC);
    plugin_gen::text::c::header(&record, &record.contracts[0]).expect("C has a form for all of it")
}
