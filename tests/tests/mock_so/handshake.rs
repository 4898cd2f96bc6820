//! What a mock's note says that is not true, and what a host makes of it before anything runs.

use plugin_host::{LoadError, MockPlugin, Plugin};
use plugin_tests::mock::{self, Copy};
use plugin_tests::plugin;
use store_contract::Store;

use crate::rig::{Line, MockRig, Rig};

fn refused(copy: &Copy) -> LoadError {
    // SAFETY: the file is built by this test.
    unsafe { Plugin::<dyn Rig>::load(copy.path()) }.expect_err("it does not fit")
}

#[test]
fn a_missing_method_is_refused_and_one_with_a_default_body_is_not() {
    let error = refused(&mock::rig("fixture.rig", &["--without", "get"]));
    assert!(matches!(error, LoadError::MethodMissing(_)), "{error}");
    assert!(error.to_string().contains("`fixture.rig` get"), "{error}");

    let copy = mock::rig("fixture.rig", &["--without", "twice"]);
    let mut mock = MockRig::new();
    mock.expect_count().return_const(5_u64);
    // SAFETY: the file is built by this test.
    let library = unsafe { MockPlugin::<dyn Rig>::open(copy.path()) }.unwrap();
    library.program(&mock);
    // SAFETY: as above.
    let plugin = unsafe { Plugin::<dyn Rig>::load(copy.path()) }.unwrap();
    assert_eq!(plugin.twice(), 10, "the host's own body runs");
    assert!(mock.twice_calls().is_empty());
}

#[test]
fn a_method_of_another_type_is_refused_with_both_signatures() {
    let error = refused(&mock::rig("fixture.rig", &["--returns", "count=String", "--returns", "name=u8"]));
    assert!(matches!(error, LoadError::SignatureDiffers(_)), "{error}");
    assert_eq!(error.findings().len(), 2);
    let said = error.to_string();
    assert!(said.contains("fn count(&self) -> String") && said.contains("fn count(&self) -> u64"), "{said}");
}

#[test]
fn a_type_of_the_contracts_crate_is_written_as_at_its_root() {
    let error = refused(&mock::rig("fixture.rig", &["--returns", "count=Option<rig::RigError>"]));
    assert!(matches!(error, LoadError::SignatureDiffers(_)), "{error}");
    let said = error.to_string();
    assert!(said.contains("fn count(&self) -> Option<rig::RigError>"), "{said}");
}

#[test]
fn a_plugin_of_an_older_version_lacks_what_came_later() {
    let error = refused(&mock::rig("fixture.rig", &["--as-version", "1.1.0"]));
    assert!(matches!(error, LoadError::MethodMissing(_)), "{error}");
    let said = error.to_string();
    assert!(said.contains("needed") && said.contains("1.1.0"), "{said}");
}

#[test]
fn a_mock_of_another_form_is_not_programmed() {
    let copy = mock::rig("fixture.rig", &["--returns", "count=String"]);
    // SAFETY: the file is built by this test.
    let error = unsafe { MockPlugin::<dyn Rig>::open(copy.path()) }.err().expect("it differs");
    assert!(matches!(error, LoadError::MockDiffers { method: "count", .. }), "{error}");
    assert!(error.to_string().contains("another `count` of `fixture.rig`"), "{error}");
}

#[test]
fn a_plugin_is_no_mock() {
    // SAFETY: the file is built by this test.
    let error = unsafe { MockPlugin::<dyn Store>::open(plugin("memory")) }.err().expect("it is none");
    assert!(matches!(error, LoadError::NotAMock { .. }), "{error}");
    let said = error.to_string();
    assert!(said.contains("expected a mock, found a plugin") && said.contains("mock-so"), "{said}");
}

#[test]
fn a_mock_is_of_one_contract() {
    let copy = mock::rig("fixture.rig", &[]);
    // SAFETY: the file is built by this test.
    let error = unsafe { MockPlugin::<dyn Line>::open(copy.path()) }.err().expect("it is another's");
    assert!(matches!(error, LoadError::ContractAbsent { .. }), "{error}");
    // SAFETY: as above.
    let error = unsafe { MockPlugin::<dyn Line>::open("nowhere.so") }.err().expect("there is none");
    assert!(matches!(error, LoadError::NotFound { .. }), "{error}");
}
