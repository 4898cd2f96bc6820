//! Contracts that the kernel carries: drift of objects, what is loaded and what is refused, and that nothing is left behind.
//!
//! `cargo test -p plugin-tests --features ebpf --test ebpf`, as root. What the machine cannot do is skipped by name; the types of
//! programs in `PLUGIN_TESTS_REQUIRE` (`xdp,tcx`, or `all`) may not be.

mod build;
mod contract;
mod drift;
mod events;
mod loaded;
mod memory;
mod packets;
mod per_cpu;
mod pinned;
mod refused;
mod state;
mod swap;
mod system;
mod verifier;
mod vmlinux;
