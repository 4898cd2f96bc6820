//! What a contract is to an eBPF object, and how an object differs from it.
//!
//! In: a contract's record, and the bytes of an object file, taken as hostile. Out: a [`Plan`] of the structs, programs and maps
//! that the kernel's side must have, and every [`Drift`] of an object from it. Nothing is loaded and no rights are needed: the
//! generator asks at build, the loader before it loads.

#![forbid(unsafe_code)]

mod btf;
mod drift;
#[cfg(feature = "lines")]
mod lines;
mod object;
mod plan;
mod rule;

// The public interface is:
pub use drift::{KernelMap, compare, compare_map};
#[cfg(feature = "lines")]
pub use lines::Lines;
pub use object::{Object, ObjectError, Program as ObjectProgram, Variable};
pub use plan::{Config, Field, GENERATION, Map, MapKind, Plan, Program, ProgramKind, Refused, Struct, Ty};
pub use rule::{Drift, Place, Rule, Subject};
