//! Names that a mock gives to its own functions, beside those of the contract.

use plugin_contracts::plugin_contract;

/// Every name that a mock would like to have.
#[plugin_contract(id = "test.names", version = "1.0.0", mock)]
#[allow(non_snake_case, missing_docs, reason = "the names are the point")]
pub trait Names {
    fn new(&self) -> u8;
    fn lenient(&self) -> u8;
    fn wrapping(&self) -> u8;
    fn without_log(&self) -> u8;
    fn at_version(&self) -> u8;
    fn verify(&self) -> u8;
    fn checkpoint(&mut self) -> u8;
    fn drop(&self) -> u8;
    fn state(&self) -> u8;
    fn real(&self) -> u8;
    fn m0(&self) -> u8;
    fn get_a(&self) -> u8;
    fn get_A(&self) -> u8;
    fn x(&self) -> u8;
    fn expect_x(&self) -> u8;
    fn x_calls(&self) -> u8;
    fn expect_x_calls(&self) -> u8;
    fn mock_verify(&self) -> u8;
    fn r#type(&self, r#fn: u8) -> u8;
}

#[test]
fn what_is_taken_gets_mock_in_front_until_it_is_free() {
    let mut mock = MockNames::mock_mock_new();
    mock.expect_new().return_const(1);
    mock.expect_verify().return_const(2);
    mock.expect_checkpoint().return_const(3);
    mock.expect_get_a().return_const(4);
    mock.expect_get_A().return_const(5);
    mock.mock_expect_x().return_const(6);
    mock.expect_expect_x().return_const(7);
    mock.mock_expect_x_calls().return_const(8);
    mock.expect_expect_x_calls().return_const(9);
    mock.expect_type().returning(|value| value);
    mock.expect_drop().return_const(11);
    mock.expect_state().return_const(12);
    let found = [
        mock.new(),
        mock.verify(),
        mock.checkpoint(),
        mock.get_a(),
        mock.get_A(),
        mock.x(),
        mock.expect_x(),
        mock.x_calls(),
        mock.expect_x_calls(),
        mock.r#type(10),
        Names::drop(&mock),
        mock.state(),
    ];
    assert_eq!(found, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    assert_eq!(mock.mock_x_calls().len(), 1);
    assert_eq!(mock.mock_mock_verify(), Ok(()));
    mock.mock_mock_checkpoint();
    let lenient = MockNames::mock_mock_lenient().mock_mock_without_log();
    let spy = MockNames::mock_mock_wrapping(lenient);
    assert_eq!(spy.m0(), 0);
}

/// One name of a mock's functions, and those that none of them may take.
#[plugin_contract(id = "test.ledger", version = "1.0.0", mock)]
#[allow(missing_docs, reason = "the names are the point")]
pub trait Ledger {
    fn checkpoint(&mut self) -> u8;
    fn part(&self) -> u8;
    fn is_spy(&self) -> u8;
    fn with(&self) -> u8;
    fn state_of(&self) -> u8;
    fn real(&self) -> u8 {
        self.real_mut() + 1
    }
    fn real_mut(&self) -> u8;
}

#[test]
fn all_functions_of_a_mock_get_it_where_one_is_taken() {
    let mut mock = MockLedger::mock_new().mock_with_times();
    mock.expect_checkpoint().return_const(1);
    mock.expect_part().return_const(2);
    mock.expect_is_spy().return_const(3);
    mock.expect_with().return_const(4);
    mock.expect_state_of().return_const(5);
    mock.expect_real_mut().return_const(5);
    let found = [mock.checkpoint(), mock.part(), mock.is_spy(), mock.with(), mock.state_of(), mock.real()];
    assert_eq!(found, [1, 2, 3, 4, 5, 6]);
    assert_eq!(mock.mock_verify(), Ok(()));
    mock.mock_checkpoint();
    assert!(mock.checkpoint_calls().is_empty());
}
