//! The contracts that are mutated: compiled into the tests for what rustc knows of them, and as text.

use std::path::Path;

use plugin_abi::Contract as _;
use plugin_abi::describe::ContractDesc;
use plugin_gen::lock::Lock;
use plugin_host::Plugin;

use crate::promise;

/// A load of one contract.
type Load = fn(&Path) -> Result<(), String>;

/// One library with its contracts.
pub(crate) struct Base {
    /// What its file is called.
    pub(crate) name: &'static str,
    /// Its source.
    pub(crate) text: &'static str,
    /// What rustc made of its contracts, in source order.
    contracts: fn() -> Vec<&'static ContractDesc>,
    /// Loads a file as one of its contracts, as a host of its time does.
    loads: &'static [Load],
}

impl Base {
    /// What is promised of it.
    pub(crate) fn lock(&self) -> Lock {
        promise::lock(&(self.contracts)())
    }

    /// Loads a plugin of one of its contracts, counted in source order.
    pub(crate) fn load(&self, contract: usize, plugin: &Path) -> Result<(), String> {
        self.loads[contract](plugin)
    }
}

fn load<C: ?Sized + plugin_abi::Contract>(plugin: &Path) -> Result<(), String> {
    // SAFETY: the file was built for this test.
    match unsafe { Plugin::<C>::load(plugin) } {
        Ok(_) => Ok(()),
        Err(error) => Err(error.to_string()),
    }
}

/// Every base is a module here, and a library of its own as text.
macro_rules! bases {
    ($($name:ident: $($contract:ident)*;)*) => {
        $(
            #[allow(dead_code, unused_variables, missing_docs, unreachable_pub, reason = "as text it is a library")]
            pub(crate) mod $name;
        )*

        /// All of them.
        pub(crate) const BASES: &[Base] = &[$(Base {
            name: stringify!($name),
            text: include_str!(concat!("bases/", stringify!($name), ".rs")),
            contracts: || vec![$(<dyn $name::$contract>::DESC),*],
            loads: &[$(load::<dyn $name::$contract>),*],
        }),*];
    };
}

bases! {
    store: Store;
    cache: Cache;
    codec: Codec;
    files: Files;
    metrics: Sink Chart;
    auth: Auth;
    filter: Filter;
    timer: Timer;
    scheduler: Scheduler;
    tokenizer: Tokenizer;
    compression: Compression;
    pubsub: Broker Subscriber;
}
