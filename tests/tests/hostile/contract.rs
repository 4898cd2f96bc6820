//! The contract: absent, incomplete, or another of the same name.

use plugin_contracts::{PluginType, plugin_contract};
use plugin_host::LoadError;
use plugin_tests::fixture;

use super::load;
use super::pair::{One, Two};
use super::silence::{Changed, Other};

/// The fixture's contract with a method more, without a default body.
#[plugin_contract(id = "test.probe", version = "1.2.0", unlocked)]
pub trait Longer: Send + Sync {
    /// New, and needed.
    fn size(&self) -> u64;
    /// As it was.
    fn find(&self, key: &str) -> Result<u64, super::probe::ProbeError>;
}

/// The fixture's error, in which a field two types below the signature is wider.
#[derive(Debug, PluginType)]
pub enum ProbeError {
    /// As it was.
    Absent,
    /// As it looks.
    Deep(Cause),
}

/// See [`ProbeError`].
#[derive(Debug, PluginType)]
pub struct Cause {
    /// Was `u32`.
    pub code: u64,
}

/// The fixture's contract, with the same words and another meaning.
#[plugin_contract(id = "test.probe", version = "1.0.0", unlocked)]
pub trait Nested: Send + Sync {
    /// As it looks.
    fn find(&self, key: &str) -> Result<u64, ProbeError>;
}

#[test]
fn a_contract_that_is_not_there_is_told_with_those_that_are() {
    let error = load::<dyn Other>(&fixture("probe")).unwrap_err();
    assert!(matches!(error, LoadError::ContractAbsent { .. }), "{error:?}");
    let message = error.to_string();
    let expected = "libprobe.so: expected contract `test.other`, found `test.probe`\n  \
                    load it as one of those, or export `test.other` from it";
    assert!(message.ends_with(expected), "{message}");
}

#[test]
fn a_missing_method_without_a_default_body_is_refused() {
    let error = load::<dyn Longer>(&fixture("probe")).unwrap_err();
    assert!(matches!(error, LoadError::MethodMissing(_)), "{error:?}");
    let expected = "refused libprobe.so: `test.probe` size: plugin has no such method, host expects fn size(&self) -> u64\n  \
                    plugin is older (1.0.0, host 1.2.0): rebuild it against test.probe 1.2.x, of package plugin-tests";
    assert_eq!(error.to_string(), expected);
}

#[test]
fn another_type_of_an_argument_is_refused_with_both_signatures() {
    let error = load::<dyn Changed>(&fixture("probe")).unwrap_err();
    assert!(matches!(error, LoadError::SignatureDiffers(_)), "{error:?}");
    let expected = "refused libprobe.so: `test.probe` find: \
                    plugin built for fn find(&self, key: &str) -> Result<u64, ProbeError>, \
                    host expects fn find(&self, key: u32) -> Result<u64, ProbeError>\n  \
                    plugin is older (1.0.0, host 2.0.0): rebuild it against test.probe 2.x, of package plugin-tests";
    assert_eq!(error.to_string(), expected);
}

#[test]
fn a_field_nested_in_an_error_is_refused_with_its_place_where_the_signatures_read_alike() {
    let error = load::<dyn Nested>(&fixture("probe")).unwrap_err();
    assert!(matches!(error, LoadError::SignatureDiffers(_)), "{error:?}");
    let signature = "fn find(&self, key: &str) -> Result<u64, ProbeError>";
    let expected = format!(
        "refused libprobe.so: `test.probe` find: plugin built for {signature}, host expects {signature}\n  \
         the result: `Result<u64, ProbeError>`: `ProbeError::Deep.0`: `Cause.code`: plugin built for `u32`, host expects `u64`\n  \
         both say 1.0.0, yet they differ: the contract changed without a new version; rebuild both against one plugin-tests"
    );
    assert_eq!(error.to_string(), expected);
}

#[test]
fn a_plugin_behind_two_contracts_loads_as_either() {
    let one = load::<dyn One>(&fixture("pair")).unwrap();
    assert_eq!([one.up(), one.up()], [100, 101]);
    let two = load::<dyn Two>(&fixture("pair")).unwrap();
    assert_eq!([two.down(), two.down()], [100, 99], "and each load has an object of its own");
}
