//! A lock file of any text: refused with a line, or read and written back as it was; and then a contract is compared with it.

#![no_main]

use libfuzzer_sys::fuzz_target;
use plugin_gen::lock::{Lock, diff, stale};

/// Whatever a lock promises of this contract, comparing must end.
const SOURCE: &str = "#[plugin_contract(id = \"a\", version = \"1.0.0\")] pub trait A { fn f(&self, x: T) -> Vec<u8>; }
    #[derive(PluginType)] pub struct T { pub a: u8, pub b: String }";

fuzz_target!(|text: &str| {
    // The header by itself would take the fuzzer a while to find.
    let headed = format!("{}{text}", Lock::default());
    for text in [text, headed.as_str()] {
        match Lock::parse(text) {
            Ok(lock) => {
                assert_eq!(lock.to_string(), text, "what is read is what would be written");
                assert!(diff(&lock, &lock).is_empty(), "nothing differs from itself");
                let _ = (diff(&lock, &Lock::default()), diff(&Lock::default(), &lock), stale(&lock));
                let _ = plugin_gen::check_source(SOURCE, &lock);
            }
            Err(error) => assert!(!error.to_string().is_empty() && !error.cure().is_empty()),
        }
    }
});
