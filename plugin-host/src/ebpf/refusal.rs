//! Why an object was not loaded: what was expected, what was found, what to do.
//!
//! In: what the comparison, libbpf and the kernel said. Out: a [`KernelRefusal`]. It does not know who asked for the load.

use std::fmt;

use plugin_abi::kernel::HookKind;
use plugin_bpf::{Drift, GENERATION, ObjectError, Refused};
use thiserror::Error;

/// Why an eBPF object was not loaded. Up to [`Verifier`](Self::Verifier) the kernel has seen nothing of it.
#[derive(Error)]
#[non_exhaustive]
pub enum KernelRefusal {
    /// No eBPF object can carry the contract.
    #[error("{}", lines(.0))]
    NotCarried(Vec<Refused>),
    /// The contract was compiled by a macro that prints no skeleton.
    #[error("`{contract}` was compiled without what an eBPF object needs\n  build the host again")]
    NoSkeleton {
        /// The contract's id.
        contract: &'static str,
    },
    /// The file is no object, or says nothing of its types.
    #[error(transparent)]
    Object(ObjectError),
    /// The object differs from the contract.
    #[error("the object is not what `{contract}` says:\n  {}\n  include the header that `cargo plugin-gen generate bpf` prints, and compile again", lines_within(.drifts))]
    Differs {
        /// The contract's id.
        contract: &'static str,
        /// Every difference.
        drifts: Vec<Drift>,
    },
    /// Constants that the object does not hold as BTF says.
    #[error("`{method}`: the object's constants are not where its symbols say\n  compile it again")]
    Constants {
        /// The method.
        method: String,
    },
    /// A generation was given, and the object has no place for it.
    #[error(
        "the object has no constant `{GENERATION}`\n  include the header that `cargo plugin-gen generate bpf` prints, and compile again"
    )]
    NoGeneration,
    /// A method takes the place of a function, and nothing says in which program.
    #[error(
        "`{method}` takes the place of a function in another program, and none is named that this loader has loaded\n  name it: `Plugin::options().extending(&other.hooks().…)`"
    )]
    NoTarget {
        /// The method.
        method: String,
    },
    /// State of an older contract is there.
    #[error("{place}: this state is not what the contract says:\n  {}\n  it is of another version: move it, or begin anew in another directory", lines_within(.drifts))]
    State {
        /// Where it is.
        place: String,
        /// Every difference.
        drifts: Vec<Drift>,
    },
    /// The kernel's verifier did not accept a program.
    #[error("{0}")]
    Verifier(Verdict),
    /// The system refused, or libbpf did.
    #[error("{said}\n  {cure}")]
    System {
        /// What was said.
        said: String,
        /// What to do.
        cure: String,
    },
}

impl fmt::Debug for KernelRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// What the verifier said of a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The program.
    pub program: String,
    /// The line of the source it stopped at, as in `filter.bpf.c:42`, and what stands there.
    pub place: Option<(String, String)>,
    /// The end of its log.
    pub tail: Vec<String>,
    /// What it mostly means.
    pub hint: Option<&'static str>,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the kernel's verifier refused `{}`", self.program)?;
        if let Some((place, text)) = &self.place {
            write!(f, " at {place}: `{text}`")?;
        }
        for line in &self.tail {
            write!(f, "\n  | {line}")?;
        }
        match self.hint {
            Some(hint) => write!(f, "\n  {hint}"),
            None => f.write_str("\n  its whole log: `bpftool -d prog load <object> /sys/fs/bpf/try`"),
        }
    }
}

fn lines(all: &[Refused]) -> String {
    all.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n  ")
}

fn lines_within(all: &[Drift]) -> String {
    all.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n  ")
}

/// How much of the verifier's log is shown, in lines.
const TAIL: usize = 20;

/// What the verifier mostly means by its words, which versions of Linux have changed. The first that fits is shown.
const HINTS: &[(&[&str], &str)] = &[
    (
        &["invalid access to packet"],
        "compare with `data_end` before reading, on every way to the access: `if (ptr + 1 > end) return …;`",
    ),
    (&["map_value_or_null"], "a lookup may find nothing: test its result before reading it"),
    (&["_or_null'"], "what was reserved or looked up may not be there: test the pointer before reading it"),
    (
        &["invalid mem access 'scalar'", "invalid mem access 'inv'"],
        "it is a number to the verifier, not a pointer: keep pointers in variables of their own, and read the kernel's with `bpf_core_read`",
    ),
    (
        &["invalid mem access"],
        "what is read there may be no such memory: test the pointer, and stay within its bounds",
    ),
    (
        &["invalid access to map value", "either use unsigned or 'var &= const'", "unbounded"],
        "an index or a length has no bounds there: compare it with the size, as an unsigned number, right before it is used",
    ),
    (
        &["infinite loop detected", "back-edge"],
        "a loop has no end that the verifier sees: bound it by a constant, or use `bpf_loop`",
    ),
    (
        &["BPF program is too large", "jumps is too complex"],
        "the program is longer than the verifier follows: make it shorter, use `bpf_loop`, or split it with tail calls",
    ),
    (
        &["combined stack size"],
        "the stack is 512 bytes for all calls together: keep large structs in a per-processor array",
    ),
    (&["invalid write to stack"], "the stack is 512 bytes: keep large structs in a per-processor array"),
    (
        &["read from stack"],
        "what is read there nobody wrote: set the whole struct to zeros first, padding included",
    ),
    (
        &["!read_ok"],
        "what is read there has no value yet: a function returns nothing on some ways, or a variable was not set",
    ),
    (
        &["cannot call GPL-restricted function"],
        "say `char LICENSE[] SEC(\"license\") = \"Dual MIT/GPL\";`: this helper is for such programs only",
    ),
    (
        &["cannot use helper", "invalid func", "unknown func"],
        "this kernel has no such helper, or not for this kind of program: bpf-helpers(7) says since when, `bpftool feature probe` what is here",
    ),
    (&["At program exit the register R0"], "the program returns a value that its hook does not know"),
    (
        &["Unreleased reference", "reference leak"],
        "what was reserved or looked up is released on some ways only: submit or discard it on each",
    ),
    (&["modified ctx ptr"], "the context is read by its fields only: do not add to its pointer"),
    (&["Cannot recursively"], "what extends a program cannot be extended: name the program that it extends"),
    (&["Subprog "], NO_FUNCTION),
    (
        &["invalid bpf_context access"],
        "this field of the context is not there for this kind of program, or in another size",
    ),
];

const NO_FUNCTION: &str = "the program that is extended has no such function that the kernel can exchange: define it there without `static`, with `__noinline`, and call it";

/// What became of an object that libbpf or the kernel refused.
pub(super) fn of_load(error: &libbpf_rs::Error, log: &str) -> KernelRefusal {
    if let Some(verdict) = verdict(log) {
        return KernelRefusal::Verifier(verdict);
    }
    let said = libbpfs_reason(log).unwrap_or_else(|| error.to_string());
    let cure = cure(error, &said);
    KernelRefusal::System { said, cure }
}

/// The last thing that libbpf said about why.
fn libbpfs_reason(log: &str) -> Option<String> {
    let ours = log.lines().filter_map(|line| line.strip_prefix("libbpf: "));
    let mut reasons: Vec<_> =
        ours.filter(|line| !line.contains("failed to load object") && !line.contains("Retrying")).collect();
    reasons.dedup();
    reasons.first().map(|first| (*first).to_owned())
}

fn verdict(log: &str) -> Option<Verdict> {
    let (before, rest) = log.split_once("-- BEGIN PROG LOAD LOG --")?;
    let (text, _) = rest.split_once("-- END PROG LOAD LOG --").unwrap_or((rest, ""));
    let program =
        before.rsplit("prog '").next().and_then(|name| name.split('\'').next()).unwrap_or("?").to_owned();
    let is_statistics = |line: &str| {
        line.starts_with("processed ")
            || line.starts_with("verification time")
            || line.starts_with("stack depth")
    };
    let lines: Vec<&str> = text.lines().map(str::trim_end).filter(|line| !line.is_empty()).collect();
    // A log without instructions is the kernel's, about something else.
    if lines.is_empty() {
        return None;
    }
    let place = lines.iter().rev().find_map(|line| {
        let (code, place) = line.strip_prefix("; ")?.rsplit_once(" @ ")?;
        // What the compiler put there itself has no line.
        (!code.trim().is_empty()).then(|| (place.to_owned(), code.trim().to_owned()))
    });
    let shown: Vec<_> = lines.iter().filter(|line| !is_statistics(line)).collect();
    let tail = shown[shown.len().saturating_sub(TAIL)..].iter().map(|line| (**line).to_owned()).collect();
    let said =
        shown[shown.len().saturating_sub(4)..].iter().map(|line| **line).collect::<Vec<_>>().join("\n");
    let means = |words: &[&str]| words.iter().any(|word| said.contains(word));
    let hint = HINTS.iter().find(|(words, _)| means(words)).map(|(_, hint)| *hint);
    Some(Verdict { program, place, tail, hint })
}

/// Which capabilities loading takes, by their numbers in capability.h.
const CAPABILITIES: [(u32, &str); 3] = [(39, "CAP_BPF"), (38, "CAP_PERFMON"), (12, "CAP_NET_ADMIN")];
const SYS_ADMIN: u32 = 21;

/// What to do about what libbpf said, by words of it.
const CURES: &[(&str, &str)] = &[
    (
        "missing BPF prog type",
        "libbpf knows no such section: correct `SEC(\"…\")`, which the header has for each of the contract's programs, or take the program out",
    ),
    (
        "failed to create: -EINVAL",
        "this kernel makes no such map, and may be too old for its type: `bpftool feature probe` shows those it has",
    ),
    (
        "failed to create: -E2BIG",
        "the map is larger than the kernel makes any: lower its `capacity` in the contract",
    ),
    ("failed to create: -ENOMEM", "there is no memory for the map: lower its `capacity` in the contract"),
    (
        "program load failed: -EINVAL",
        "the kernel says no more, and may be too old for programs of this section: `bpftool feature probe` shows those it has",
    ),
    ("in prog's BTF", NO_FUNCTION),
    (
        "not found in kernel",
        "this kernel lacks the function: it is too old, or was built without it; `__weak` lets a program ask whether it is there",
    ),
];

fn cure(error: &libbpf_rs::Error, said: &str) -> String {
    if error.kind() == libbpf_rs::ErrorKind::PermissionDenied {
        return permission();
    }
    if let Some((_, cure)) = CURES.iter().find(|(words, _)| said.contains(words)) {
        return (*cure).to_owned();
    }
    if said.contains("struct_ops") || error.kind() == libbpf_rs::ErrorKind::NotFound {
        return "this kernel lacks what the object needs (a function, a type, a kind of map): `bpftool feature probe` shows what it has".to_owned();
    }
    "see `bpftool -d prog load <object> /sys/fs/bpf/try` for all that libbpf says".to_owned()
}

/// What is missing where the kernel said no to whoever asked.
pub(super) fn permission() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let effective = status.lines().find_map(|line| line.strip_prefix("CapEff:"));
    let effective = effective.and_then(|text| u64::from_str_radix(text.trim(), 16).ok()).unwrap_or(u64::MAX);
    let has = |number: u32| effective >> number & 1 == 1;
    let missing: Vec<_> =
        CAPABILITIES.iter().filter(|(number, _)| !has(*number)).map(|(_, name)| *name).collect();
    if !missing.is_empty() && !has(SYS_ADMIN) {
        return format!(
            "this process lacks {}: run it as root, or give its file `setcap cap_bpf,cap_perfmon,cap_net_admin+ep`",
            missing.join(", ")
        );
    }
    let lockdown = std::fs::read_to_string("/sys/kernel/security/lockdown").unwrap_or_default();
    match lockdown.split('[').nth(1).and_then(|rest| rest.split(']').next()) {
        Some(mode) if mode != "none" => format!(
            "the kernel is locked down ({mode}), which refuses programs that trace it: boot it without `lockdown=`, or use another hook"
        ),
        _ => "this process has the capabilities for it: the kernel was built or configured to refuse this kind of program".to_owned(),
    }
}

/// What is missing where the kernel does not let whoever asked look at what others loaded.
pub(super) fn permission_to_look() -> String {
    "it takes CAP_SYS_ADMIN: run as root, or give the file `setcap cap_sys_admin,cap_bpf,cap_net_admin+ep`"
        .to_owned()
}

/// That this kernel does not have such hooks yet, if that is so.
pub(super) fn too_old(kind: &HookKind) -> Option<String> {
    let release = std::fs::read_to_string("/proc/sys/kernel/osrelease").ok()?;
    let mut numbers = release.split(['.', '-']).map_while(|number| number.trim().parse::<u32>().ok());
    let found = (numbers.next()?, numbers.next()?);
    let (major, minor) = kind.since;
    (found < kind.since).then(|| {
        format!("`{}` needs Linux {major}.{minor} or later, and this is {}", kind.name, release.trim())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOG: &str = "libbpf: prog 'ingress': BPF program load failed: -EACCES\n\
        libbpf: prog 'ingress': -- BEGIN PROG LOAD LOG --\n\
        0: R1=ctx() R10=fp0\n\
        ; void *data = (void *)(long)ctx->data; @ filter.bpf.c:7\n\
        0: (61) r1 = *(u32 *)(r1 +0)          ; R1=pkt(r=0)\n\
        ; return *(char *)data; @ filter.bpf.c:8\n\
        1: (71) r0 = *(u8 *)(r1 +0)\n\
        invalid access to packet, off=0 size=1, R1(id=0,off=0,r=0)\n\
        R1 offset is outside of the packet\n\
        processed 2 insns (limit 1000000) max_states_per_insn 0\n\
        -- END PROG LOAD LOG --\n";

    #[test]
    fn the_verifiers_log_is_shown_at_the_source_with_a_hint() {
        let found = verdict(LOG).expect("there is a log");
        assert_eq!(found.program, "ingress");
        assert_eq!(found.place, Some(("filter.bpf.c:8".to_owned(), "return *(char *)data;".to_owned())));
        assert_eq!(found.tail.last().map(String::as_str), Some("R1 offset is outside of the packet"));
        assert!(found.hint.is_some_and(|hint| hint.contains("data_end")));
    }

    #[test]
    fn only_the_end_of_a_long_log_is_shown() {
        let long: String = (0..1000).map(|line| format!("{line}: (b7) r0 = {line}\n")).collect();
        let log = format!("prog 'a': -- BEGIN PROG LOAD LOG --\n{long}-- END PROG LOAD LOG --");
        let found = verdict(&log).expect("there is a log");
        assert_eq!((found.tail.len(), found.place, found.hint), (TAIL, None, None));
    }

    #[test]
    fn an_empty_log_says_nothing_of_a_program() {
        assert_eq!(verdict("prog 'a': -- BEGIN PROG LOAD LOG --\n-- END PROG LOAD LOG --"), None);
    }
}
