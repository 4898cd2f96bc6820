//! `Buf` for `Vec<u8>` and `Text` for `String` are no drift: they are other views of the same.

use plugin_tests::package::{rendered, underlined};

use super::{SOURCE, edited, edited_text, package, promise, promised};

/// The contract with a view for every vector of bytes, as it could have been written in the first place.
mod viewed {
    use plugin_contracts::{Buf, Text, plugin_contract};

    #[plugin_contract(id = "acme.views", version = "1.0.0", unlocked)]
    pub trait Views {
        fn get(&self, key: Text) -> Option<Buf>;
    }
}

const VIEWED: &str = "
    use plugin_contracts::{Buf, Text, plugin_contract};

    #[plugin_contract(id = \"acme.views\", version = \"1.0.0\")]
    pub trait Views {
        fn get(&self, key: Text) -> Option<Buf>;
    }
";

#[test]
fn a_view_instead_of_a_vector_is_no_drift() {
    let turned = edited(
        "fn get(&self, key: &str) -> Result<Vec<u8>,",
        "fn get(&self, key: &str) -> Result<plugin_contracts::Buf,",
    );
    let said = package(&turned, &promised()).check();
    assert!(said.is_empty(), "{}", rendered(&said));
}

#[test]
fn a_vector_instead_of_a_view_is_no_drift() {
    let lock = promise::lock::<dyn viewed::Views>().to_string();
    let said = package(VIEWED, &lock).check();
    assert!(said.is_empty(), "{}", rendered(&said));
    let turned = VIEWED.replace("Option<Buf>", "Option<Vec<u8>>").replace("key: Text", "key: String");
    let said = package(&turned.replace("Buf, Text, ", ""), &lock).check();
    assert!(said.is_empty(), "{}", rendered(&said));
}

#[test]
fn a_view_in_a_field_is_no_drift_and_a_view_of_something_else_is() {
    let turned = edited("pub cells: Vec<String>", "pub cells: Vec<plugin_contracts::Text>");
    let said = package(&turned, &promised()).check();
    assert!(said.is_empty(), "{}", rendered(&said));
    let turned = edited_text(SOURCE, "pub cells: Vec<String>", "pub cells: Vec<plugin_contracts::Buf>");
    let said = package(&turned, &promised()).check();
    assert!(
        !said.is_empty() && said.iter().all(|said| said.message.contains("contract drift")),
        "{}",
        rendered(&said)
    );
    assert_eq!(underlined(&said[0]), "Vec<plugin_contracts::Buf>");
}
