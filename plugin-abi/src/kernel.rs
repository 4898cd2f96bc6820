//! What a method is where an eBPF object carries its contract, and which data a kernel program can hold.
//!
//! In: roles as the macro writes them, and descriptors. Out: yes or no, and the kinds of hooks there are. It does not know
//! objects, BTF or the kernel: loaders do.

#[cfg(feature = "wire")]
use crate::describe::{Kind, TypeRef};
#[cfg(feature = "wire")]
use crate::graph::Graph;
use crate::name::same_text;

/// A place in the kernel where a program is attached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HookKind {
    /// What stands in `#[hook(…)]`: `xdp`, or `lsm` of `lsm(file_open)`.
    pub name: &'static str,
    /// How the program's ELF section begins, as libbpf knows it.
    pub section: &'static str,
    /// Whether it names a function, in brackets: one of the kernel's, or of the program that it takes the place in.
    pub names_function: bool,
    /// Whether it looks at packets: its method takes `&[u8]`, and user space can run it.
    pub takes_packet: bool,
    /// What a program gets: the C type behind its one argument, or nothing where that depends on the function.
    pub context: Option<&'static str>,
    /// The first version of Linux that attaches it by a link.
    pub since: (u32, u32),
}

const fn hook(
    name: &'static str,
    section: &'static str,
    context: &'static str,
    takes_packet: bool,
    since: (u32, u32),
) -> HookKind {
    HookKind { name, section, names_function: false, takes_packet, context: Some(context), since }
}

const fn of_function(name: &'static str, since: (u32, u32)) -> HookKind {
    HookKind { name, section: name, names_function: true, takes_packet: false, context: None, since }
}

/// Every kind of hook.
///
/// Source: libbpf, "Program Types and ELF Sections"; the history of kernel/bpf/syscall.c of Linux.
pub const HOOKS: &[HookKind] = &[
    hook("xdp", "xdp", "xdp_md", true, (5, 9)),
    hook("tcx_ingress", "tcx/ingress", "__sk_buff", true, (6, 6)),
    hook("tcx_egress", "tcx/egress", "__sk_buff", true, (6, 6)),
    hook("cgroup_connect4", "cgroup/connect4", "bpf_sock_addr", false, (5, 7)),
    hook("cgroup_connect6", "cgroup/connect6", "bpf_sock_addr", false, (5, 7)),
    hook("cgroup_sendmsg4", "cgroup/sendmsg4", "bpf_sock_addr", false, (5, 7)),
    hook("cgroup_sendmsg6", "cgroup/sendmsg6", "bpf_sock_addr", false, (5, 7)),
    of_function("lsm", (5, 7)),
    of_function("fentry", (5, 5)),
    of_function("fexit", (5, 5)),
    of_function("freplace", (5, 10)),
];

/// The kind of hook with this name.
#[must_use]
pub fn hook_kind(name: &str) -> Option<&'static HookKind> {
    HOOKS.iter().find(|kind| kind.name == name)
}

/// What of a role both sides must agree to: all of `hook(xdp)`, and `table` of `table(hash, 1024)`. How large a table is, and how
/// events are carried, is the carrier's business.
#[must_use]
pub const fn meaning(role: &str) -> &str {
    let bytes = role.as_bytes();
    if bytes.len() >= 5 && same_text(role.split_at(5).0, "hook(") {
        return role;
    }
    let mut at = 0;
    while at < bytes.len() && bytes[at] != b'(' {
        at += 1;
    }
    role.split_at(at).0
}

/// Whether a kernel program can hold a value of this type: integers of up to 64 bits, arrays, and plain structs of them.
#[cfg(feature = "wire")]
#[must_use]
pub const fn is_kernel_data(ty: TypeRef) -> bool {
    let mut graph = Graph::new();
    graph.insert(ty);
    graph.close();
    let mut at = 0;
    while at < graph.len() {
        let ty = graph.node(at);
        let fits = match ty.kind {
            Kind::Scalar => is_integer(ty.name),
            Kind::Array | Kind::Plain => true,
            _ => false,
        };
        if !fits {
            return false;
        }
        at += 1;
    }
    true
}

/// Whether it is an integer that C has under every kernel: `usize` is another one where pointers are.
#[must_use]
pub const fn is_integer(name: &str) -> bool {
    const NAMES: [&str; 8] = ["u8", "u16", "u32", "u64", "i8", "i16", "i32", "i64"];
    let mut at = 0;
    while at < NAMES.len() {
        if same_text(NAMES[at], name) {
            return true;
        }
        at += 1;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::PluginType;

    #[test]
    fn the_size_of_a_table_is_no_part_of_what_it_means() {
        assert_eq!(meaning("table(hash, 1024)"), "table");
        assert_eq!(meaning("hook(lsm(file_open))"), "hook(lsm(file_open))");
        assert_eq!(meaning("config"), "config");
        assert_eq!(meaning(""), "");
    }

    #[test]
    fn a_program_holds_integers_and_nothing_that_points() {
        assert!(is_kernel_data(<[u32; 4]>::DESC));
        assert!(is_kernel_data(i64::DESC));
        for refused in [f32::DESC, usize::DESC, u128::DESC, bool::DESC, String::DESC, <Vec<u8>>::DESC] {
            assert!(!is_kernel_data(refused));
        }
    }

    #[test]
    fn a_hook_is_found_by_its_name() {
        assert_eq!(hook_kind("tcx_egress").map(|kind| kind.section), Some("tcx/egress"));
        assert_eq!(hook_kind("kprobe"), None);
    }
}
