//! What of a library hurts a host: one function a rule.
//!
//! In: a library's facts and its records. Out: problems, the worst first. It does not know the other libraries, and of
//! the machine that it runs on nothing at all: what it says of a file it says everywhere.

use plugin_abi::note::{Record, RecordKind};

use super::dynamic::Libc;
use super::library::{Library, Stack};
use super::problem::Problem;
use super::rule::Rule;
use super::symbols::Export;
use super::versions::numbers;
use crate::model;

/// Libraries that are known to give their symbols versions: what needs them and has no version comes from elsewhere.
const VERSIONED: [&str; 8] = [
    "libc.so.6",
    "libm.so.6",
    "libgcc_s.so.1",
    "libstdc++.so.6",
    "libpthread.so.0",
    "libdl.so.2",
    "librt.so.1",
    "ld-linux",
];

const NOT_FOR_HOSTS: &str = "a host refuses it before it is opened";

/// Everything that is to be said of one library, which shall load where glibc is as old as this.
pub(crate) fn examine(library: &Library, records: &[Record], glibc: Option<&str>) -> Vec<Problem> {
    if !library.is_shared {
        let help = "give the built `.so` (`crate-type = [\"cdylib\"]`)";
        let what = format!("expected a shared object, found {}", library.kind);
        return vec![Problem::new(Rule::NotShared, what, NOT_FOR_HOSTS, help)];
    }
    let mut problems = Vec::new();
    plugin(library, records, &mut problems);
    linker(library, &mut problems);
    problems.extend(glibc.and_then(|oldest| newer(library, oldest)));
    protection(library, &mut problems);
    symbols(library, records, &mut problems);
    // What refuses first; otherwise in the order of the rules.
    problems.sort_by_key(|problem| std::cmp::Reverse(problem.rule.level()));
    problems
}

/// What is to be said of bytes that are no library.
pub(crate) fn damaged(error: &str) -> Problem {
    let what = format!("expected an ELF shared object: {error}");
    Problem::new(Rule::Damaged, what, NOT_FOR_HOSTS, "copy or build it again")
}

/// Which plugin it is, and how it was built.
fn plugin(library: &Library, records: &[Record], problems: &mut Vec<Problem>) {
    let mut add = |rule, what: String, why, help| problems.push(Problem::new(rule, what, why, help));
    if !library.has_sections {
        add(
            Rule::NoSectionHeaders,
            "the file has no section headers: its note and its symbols are not found".to_owned(),
            "hosts do not need them, and nobody else can look into it",
            "strip it with `strip`, which keeps them",
        );
        return;
    }
    let exports: Vec<_> = records.iter().filter(|record| record.kind == RecordKind::Exports).collect();
    if exports.is_empty() {
        let mut declares: Vec<_> =
            records.iter().flat_map(|record| &record.contracts).map(|one| one.id.clone()).collect();
        // A crate says what it declares, and that it is linked in.
        declares.sort_unstable();
        declares.dedup();
        let what = if declares.is_empty() {
            "this is no plugin: it has no plugin note".to_owned()
        } else {
            format!("this is no plugin: it uses contracts ({}) and exports none", declares.join(", "))
        };
        add(Rule::NoPlugin, what, NOT_FOR_HOSTS, "use `plugin_contracts::export_plugin!` in its crate");
    }
    if library.symbols.exports.iter().any(is_control) {
        let what = "it is a mock that `cargo plugin-gen mock-so` built".to_owned();
        let why = "every call of it is a fault, unless a test of the same process answers";
        add(Rule::Mock, what, why, "ship the plugin; mocks lie in `target/mocks` and are for tests");
    }
    for record in exports {
        if !library.symbols.exports.iter().any(|export| export.name == record.symbol) {
            let what = format!("the note names the entry `{}`, which is not exported", record.symbol);
            let help = "build it as a `cdylib`, and do not strip its dynamic symbols";
            add(Rule::EntryMissing, what, NOT_FOR_HOSTS, help);
        }
        if record.toolchain.panic_abort {
            let help = "build it with `panic = \"unwind\"`; `Options::require_unwind` refuses it";
            let why = "a panic of the plugin ends the whole process, and no host can catch it";
            add(Rule::PanicAborts, "a panic aborts".to_owned(), why, help);
        }
        if record.toolchain.debug {
            let what = "it was built with debug assertions".to_owned();
            let help = if model::is_of_rustc(record) {
                "build it with `--release`"
            } else {
                "compile it with `-DNDEBUG`, by which C tells a release"
            };
            add(Rule::DebugBuild, what, "it is slower than it must be", help);
        }
    }
}

/// What the dynamic linker will make of it.
fn linker(library: &Library, problems: &mut Vec<Problem>) {
    let dynamic = &library.dynamic;
    let mut add = |problem: Problem| problems.push(problem);
    if dynamic.no_open {
        add(Problem::new(
            Rule::NoDlopen,
            "it forbids dlopen (DF_1_NOOPEN)",
            "the dynamic linker refuses to load it at run time",
            "link it without `-z nodlopen`",
        ));
    }
    if dynamic.libc == Libc::Musl {
        add(Problem::new(
            Rule::Musl,
            "it was linked for musl",
            "hosts that were linked for glibc refuse it: two C libraries cannot live in one process",
            "build it for the host's target; for a musl host this is as it should be",
        ));
    }
    if dynamic.no_delete {
        add(Problem::new(
            Rule::NeverUnloaded,
            "it is never unloaded (DF_1_NODELETE)",
            "each replaced version of it stays in memory",
            "link it without `-z nodelete`",
        ));
    }
    if dynamic.static_tls {
        add(Problem::new(
            Rule::StaticTls,
            "its thread-locals use the static model (DF_STATIC_TLS)",
            "a thread has room for few bytes of it: the host that has loaded others before refuses with \
             \"cannot allocate memory in static TLS block\"",
            "compile it and what it links without `-ftls-model=initial-exec`, or with `-fPIC`",
        ));
    }
    let searched = || dynamic.rpath.iter().chain(&dynamic.runpath);
    let astray = |directory: &&String| {
        !directory.starts_with('/')
            && !directory.starts_with("$ORIGIN")
            && !directory.starts_with("${ORIGIN}")
    };
    let unsafe_paths: Vec<_> = searched().filter(astray).map(|path| format!("`{path}`")).collect();
    if !unsafe_paths.is_empty() {
        add(Problem::new(
            Rule::RelativeSearchPath,
            "it looks for libraries in the directory that the host happens to be in",
            "whoever can write there chooses the code that runs in the host",
            "give `-rpath` a directory from `/` or from `$ORIGIN`",
        )
        .about(unsafe_paths));
    }
    let with_path: Vec<_> = dynamic.needed.iter().filter(|name| name.contains('/')).collect();
    if !with_path.is_empty() {
        add(Problem::new(
            Rule::NeededByPath,
            "it needs a library by its path on the machine that built it",
            "on another machine that path is not there, and it does not load",
            "give that library a SONAME, or link it with `-L` and `-l`",
        )
        .about(with_path));
    }
    let private: Vec<_> = library
        .symbols
        .versions
        .iter()
        .filter(|family| family.version == "PRIVATE")
        .flat_map(|family| &family.symbols)
        .collect();
    if !private.is_empty() {
        add(Problem::new(
            Rule::PrivateSymbols,
            "it uses what the C library keeps to itself",
            "the next release of the C library may not have it: the plugin does not load then",
            "call the public function instead",
        )
        .about(private));
    }
}

/// That it needs no later glibc than this.
fn newer(library: &Library, oldest: &str) -> Option<Problem> {
    let needed = library.symbols.versions.iter().find(|family| family.name == "GLIBC")?;
    let is_newer = numbers(&needed.version) > numbers(oldest);
    let what = format!("it needs glibc {}, and shall load where there is {oldest}", needed.version);
    let why = "the dynamic linker refuses to load it there: \"version `GLIBC_…' not found\"";
    let help = "build it on a system with that glibc, or with `cargo zigbuild --target …-gnu.VERSION`";
    is_newer.then(|| Problem::new(Rule::NewerGlibc, what, why, help).about(&needed.symbols))
}

/// What may be written and run.
fn protection(library: &Library, problems: &mut Vec<Problem>) {
    let executable = "older C libraries make the stacks of the whole host executable when they load it; glibc 2.41 refuses it";
    let source =
        "mark assembly with `.section .note.GNU-stack,\"\",@progbits`, or link it with `-z noexecstack`";
    let stack = |what| Problem::new(Rule::ExecutableStack, what, executable, source);
    match library.stack {
        Stack::Plain => {}
        Stack::Executable => problems.push(stack("it wants an executable stack (PT_GNU_STACK)")),
        Stack::Missing => {
            problems.push(stack(
                "it does not say what it wants of the stack (no PT_GNU_STACK): executable is meant",
            ));
        }
    }
    if library.dynamic.text_relocations {
        problems.push(Problem::new(
            Rule::TextRelocations,
            "its code is written to while it is loaded (DT_TEXTREL)",
            "musl and hardened systems refuse it, and processes do not share its pages",
            "compile all of it, assembly too, with `-fPIC`, and link it with `-z text`",
        ));
    }
    if library.writable_code {
        problems.push(Problem::new(
            Rule::WritableCode,
            "a part of it can be written and run",
            "whoever finds a hole in the host has a place for code; hardened systems refuse it",
            "link it without `-N` and `--omagic`",
        ));
    }
}

/// What it takes and offers.
fn symbols(library: &Library, records: &[Record], problems: &mut Vec<Problem>) {
    let symbols = &library.symbols;
    if symbols.cut {
        problems.push(damaged("the names of its symbols are longer than any linker writes"));
    }
    let known = |name: &&String| {
        symbols.versioned.contains(name) || VERSIONED.iter().any(|versioned| name.starts_with(versioned))
    };
    // musl gives no versions: nothing tells what it has.
    if !symbols.undefined.is_empty() && library.dynamic.libc != Libc::Musl {
        let others: Vec<_> = library.dynamic.needed.iter().filter(|name| !known(name)).cloned().collect();
        let why = "the dynamic linker refuses to load it: \"undefined symbol\"";
        problems.push(if others.is_empty() {
            let what = format!("no library that it needs has these symbols ({})", symbols.undefined.len());
            let help = "link the library that has them (`-l`), or the object file that was forgotten";
            Problem::new(Rule::UndefinedSymbols, what, why, help).about(&symbols.undefined)
        } else {
            let what = format!(
                "these symbols ({}) can only come from {}",
                symbols.undefined.len(),
                others.join(", ")
            );
            let why = "where that library lacks one of them, the dynamic linker refuses to load the plugin";
            let help = "ship that library with the plugin, or link it statically";
            Problem::new(Rule::UnversionedSymbols, what, why, help).about(&symbols.undefined)
        });
    }
    let is_entry =
        |export: &&Export| is_control(export) || records.iter().any(|record| record.symbol == export.name);
    let (unique, others): (Vec<_>, Vec<_>) =
        symbols.exports.iter().filter(|export| !is_entry(export)).partition(|export| export.unique);
    if !unique.is_empty() {
        problems.push(
            Problem::new(
                Rule::UniqueSymbols,
                format!("some of its symbols ({}) exist once in a process (STB_GNU_UNIQUE)", unique.len()),
                "plugins that have them share them, whatever compiler made each; and it is never unloaded",
                "compile its C++ with `-fno-gnu-unique -fvisibility=hidden`",
            )
            .about(unique.iter().map(|export| &export.name)),
        );
    }
    let is_static = library.cxx.as_ref().is_some_and(|cxx| cxx.is_static);
    let (runtime, others): (Vec<_>, Vec<_>) =
        others.into_iter().partition(|export| is_static && is_of_cxx_runtime(export));
    if !runtime.is_empty() {
        problems.push(Problem::new(
            Rule::ExportedRuntime,
            format!("it holds a C++ runtime and exports symbols of it ({})", runtime.len()),
            "another C++ library of the process may be bound to it: exceptions then meet the wrong runtime",
            "link it with `-Wl,--exclude-libs,ALL`, or with a version script that exports the entry alone",
        )
        .about(runtime.iter().map(|export| &export.name)));
    }
    let strong: Vec<_> = others.iter().filter(|export| !export.weak).map(|export| &export.name).collect();
    if !strong.is_empty() {
        problems.push(Problem::new(
            Rule::MoreExports,
            format!("it exports symbols besides its entry ({})", strong.len()),
            "where the host or one of its libraries has one of these names, the plugin is bound to that one",
            "compile C and C++ with `-fvisibility=hidden`; drop `#[no_mangle]`; or link with a version script",
        )
        .about(strong));
    }
}

/// Whether it is what tests program a mock with.
fn is_control(export: &Export) -> bool {
    export.name.starts_with(plugin_abi::name::MOCK_PREFIX)
}

/// What is weak is a template of std's that its user instantiated.
fn is_of_cxx_runtime(export: &Export) -> bool {
    let Export { name, weak: false, .. } = export else { return false };
    [
        "__cxa_",
        "__gxx_",
        "_ZSt",
        "_ZNSt",
        "_ZNKSt",
        "_ZTISt",
        "_ZTSSt",
        "_ZTVSt",
        "_ZTVN10__cxxabiv1",
        "_ZN10__cxxabiv1",
    ]
    .iter()
    .any(|prefix| name.starts_with(prefix))
}
