//! The plugin `memory`, linked in, keeps the contract.

use memory::Memory;
use store_contract::conformance;

#[test]
fn memory_keeps_the_contract_when_linked_in() {
    conformance::run(&Memory::default());
}
