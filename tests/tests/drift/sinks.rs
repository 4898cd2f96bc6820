//! `Sink<'_>` under a lock: the same however it is written, and no other type's.

use plugin_tests::package::{rendered, underlined};

use super::{edited_text, package, promise};

mod poured {
    use plugin_contracts::{Sink, plugin_contract};

    #[plugin_contract(id = "acme.pour", version = "1.0.0", unlocked)]
    pub trait Pour {
        fn pour(&self, key: &str, out: Sink<'_>);
    }
}

const POURED: &str = "
    use plugin_contracts::{Sink, plugin_contract};

    #[plugin_contract(id = \"acme.pour\", version = \"1.0.0\")]
    pub trait Pour {
        fn pour(&self, key: &str, out: Sink<'_>);
    }
";

fn lock() -> String {
    promise::lock::<dyn poured::Pour>().to_string()
}

#[test]
fn a_sink_is_the_same_by_its_name_and_by_its_path() {
    assert!(lock().contains("fn pour(&self, key: &str, out: Sink)"), "{}", lock());
    let by_path = edited_text(POURED, "out: Sink<'_>", "out: plugin_contracts::Sink<'_>");
    for source in [POURED.to_owned(), by_path.replace("{Sink, plugin_contract}", "plugin_contract")] {
        let said = package(&source, &lock()).check();
        assert!(said.is_empty(), "{}", rendered(&said));
    }
}

#[test]
fn another_type_for_a_sink_is_drift_and_so_is_another_sink() {
    let mine = "#[derive(plugin_contracts::PluginType)] pub struct Sink(u8);";
    for (instead, at, more) in [
        ("&[u8]", "&[u8]", ""),
        ("Vec<u8>", "Vec<u8>", ""),
        // By its name it is the same: the fingerprint tells.
        ("Sink", "pour", mine),
    ] {
        let source = edited_text(POURED, "out: Sink<'_>", &format!("out: {instead}"));
        let source = source.replace("{Sink, plugin_contract}", "plugin_contract") + more;
        let said = package(&source, &lock()).check();
        let [error] = said.as_slice() else { panic!("{instead}: {}", rendered(&said)) };
        assert!(error.message.contains("contract drift [PC"), "{}", error.message);
        assert_eq!(underlined(error), at);
    }
}
