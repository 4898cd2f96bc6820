//! What is to be said of a file for the kernel.
//!
//! In: the bytes of an ELF file for eBPF. Out: the object, if a host can read it, and what hosts will make of it. It does not know
//! contracts: which one it is of, only its source tells.

use plugin_bpf::Object;

use super::problem::Problem;
use super::rule::Rule;
use super::text;

/// The object, and the one thing that is to be said of it.
pub(crate) fn object(bytes: &[u8]) -> (Option<Object>, Problem) {
    match Object::parse(bytes) {
        Ok(object) => {
            let what =
                "this is an eBPF object: a host with plugin-host's feature `ebpf` loads it into the kernel";
            let why = "no dynamic linker opens it, so nothing is asked about C libraries, search paths, exports, symbols or the stack";
            let help = "build it with `plugin_gen::Build::bpf`, which compares it with its contract; hosts do so before they load it";
            (Some(object), Problem::new(Rule::EbpfObject, what, why, help))
        }
        Err(error) => {
            let said = error.to_string();
            let (what, help) = said.split_once("\n  ").unwrap_or((&said, "compile its source again"));
            let why = "a host refuses it before the kernel sees it";
            (None, Problem::new(Rule::UnreadableObject, text(what.as_bytes()), why, help.to_owned()))
        }
    }
}
