//! What threads share: std's atomics. In a model (`--cfg loom`) they are loom's, which runs it once for every order that its threads
//! could run in.

#[cfg(all(test, loom))]
pub(super) use loom::sync::atomic;
#[cfg(not(all(test, loom)))]
pub(super) use std::sync::atomic;
