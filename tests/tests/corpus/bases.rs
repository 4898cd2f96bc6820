//! The contracts that are mutated: compiled into the tests for what rustc knows of them, and as text.

use plugin_abi::Contract as _;
use plugin_abi::describe::ContractDesc;
use plugin_gen::lock::Lock;

use crate::promise;

/// One library with its contracts.
pub(crate) struct Base {
    /// What its file is called.
    pub(crate) name: &'static str,
    /// Its source.
    pub(crate) text: &'static str,
    /// What rustc made of its contracts, in source order.
    contracts: fn() -> Vec<&'static ContractDesc>,
}

impl Base {
    /// What is promised of it.
    pub(crate) fn lock(&self) -> Lock {
        promise::lock(&(self.contracts)())
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
