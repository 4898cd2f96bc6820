//! What was found, for people and programs.
//!
//! In: files, examined. Out: facts on stdout, problems on stderr; or one JSON document. It does not decide what is wrong.

use annotate_snippets::{Group, Level as Shown, Renderer};
use plugin_abi::note::Record;
use serde_json::{Value, json};

use super::Examined;
use crate::cli::{ebpf, style};
use crate::doctor::{Family, Level, Library, Problem, Stack};

/// How many symbols are named where there are more.
const FEW: usize = 3;

/// Prints it for people.
pub(super) fn print(all: &[Examined], between: &[Problem]) {
    for one in all {
        anstream::println!("{}", style::header(&one.path.display().to_string()));
        if let Some(object) = &one.object {
            line("file", "ELF, an eBPF object");
            ebpf::facts(object).iter().for_each(|(word, what)| line(word, what));
        }
        if let Some(library) = &one.library {
            facts(one, library);
        }
        anstream::println!();
        for problem in &one.problems {
            about(&one.name(), problem);
        }
    }
    for problem in between {
        about("together", problem);
    }
}

fn line(word: &str, what: &str) {
    anstream::println!("  {word:<13} {what}");
}

fn facts(one: &Examined, library: &Library) {
    line("file", &format!("{}, {} for {}", library.format, library.kind, library.architecture));
    for record in one.exports() {
        let contracts: Vec<_> =
            record.contracts.iter().map(|contract| format!("{} {}", contract.id, contract.version)).collect();
        let plugin = style::literal(&record.package);
        line("plugin", &format!("{plugin} {}, exports {}", record.version, contracts.join(", ")));
        line("built by", &built(record));
    }
    if !library.is_shared {
        return;
    }
    let dynamic = &library.dynamic;
    line("needs", &list(&dynamic.needed));
    if let Some(soname) = &dynamic.soname {
        line("soname", soname);
    }
    for (word, directories) in [("rpath", &dynamic.rpath), ("runpath", &dynamic.runpath)] {
        if !directories.is_empty() {
            line(word, &list(directories));
        }
    }
    line("C library", dynamic.libc.name());
    for family in &library.symbols.versions {
        line("", &needed(family));
    }
    if let Some(cxx) = &library.cxx {
        let linked = if cxx.is_static { "inside" } else { "dynamic" };
        let tags = if cxx.tags.is_empty() {
            String::new()
        } else {
            format!(", names of {}", cxx.tags.join(" and "))
        };
        line("C++", &format!("{}, {linked}{tags}", cxx.runtime));
    }
    let names: Vec<_> = library.symbols.exports.iter().map(|export| export.name.clone()).collect();
    line("exports", &few(&names));
    line("hardening", &hardening(library).join(", "));
    line("debugging", debugging(library));
}

fn built(record: &Record) -> String {
    let toolchain = &record.toolchain;
    let profile = if toolchain.debug { "debug" } else { "release" };
    let panics = if toolchain.panic_abort { ", panics abort" } else { "" };
    format!("{} for {}, {profile}{panics}", toolchain.rustc, toolchain.target)
}

fn needed(family: &Family) -> String {
    let by = if family.symbols.is_empty() { String::new() } else { format!(" by {}", few(&family.symbols)) };
    format!("{}_{} of {}{by}", family.name, family.version, family.library)
}

fn hardening(library: &Library) -> Vec<&'static str> {
    let dynamic = &library.dynamic;
    let relro = match (library.relro, dynamic.binds_now) {
        (true, true) => "full RELRO",
        (true, false) => "partial RELRO",
        (false, _) => "no RELRO",
    };
    let binding = if dynamic.binds_now { "bound at once" } else { "bound when called" };
    let stack = match library.stack {
        Stack::Plain => "plain stack",
        Stack::Executable | Stack::Missing => "executable stack",
    };
    vec![relro, binding, stack]
}

fn debugging(library: &Library) -> &'static str {
    match (library.has_debug, library.symbols.has_table) {
        (true, _) => "debug information",
        (false, true) => "symbols, no debug information",
        (false, false) => "stripped",
    }
}

fn list(items: &[String]) -> String {
    if items.is_empty() { "nothing".to_owned() } else { items.join(", ") }
}

fn few(items: &[String]) -> String {
    match items.split_at_checked(FEW) {
        Some((shown, rest)) if !rest.is_empty() => format!("{} and {} more", shown.join(", "), rest.len()),
        _ => list(items),
    }
}

fn about(name: &str, problem: &Problem) {
    let level = match problem.rule.level() {
        Level::Error => Shown::ERROR,
        Level::Warning => Shown::WARNING,
        Level::Note => Shown::NOTE,
    };
    let title = level.primary_title(format!("{name}: {}", problem.what)).id(problem.rule.name());
    let mut group = Group::with_title(title);
    if !problem.about.is_empty() {
        group = group.element(Shown::NOTE.no_name().message(few(&problem.about)));
    }
    group = group.element(Shown::NOTE.with_name(Some("why")).message(problem.why));
    group = group.element(Shown::HELP.message(&*problem.help));
    anstream::eprintln!("{}\n", Renderer::styled().render(&[group]));
}

/// One document, for programs: every file, and what they are to each other.
pub(super) fn json(all: &[Examined], between: &[Problem]) -> Value {
    let files: Vec<_> = all.iter().map(file).collect();
    json!({ "files": files, "together": problems(between) })
}

fn problems(all: &[Problem]) -> Vec<Value> {
    let one = |problem: &Problem| {
        json!({
            "rule": problem.rule.name(),
            "level": problem.rule.level().name(),
            "message": problem.what,
            "why": problem.why,
            "help": problem.help,
            "about": problem.about,
        })
    };
    all.iter().map(one).collect()
}

fn file(one: &Examined) -> Value {
    let plugins = one.exports().map(|record| {
        let contracts =
            record.contracts.iter().map(|contract| json!({ "id": contract.id, "version": contract.version }));
        json!({
            "package": record.package,
            "version": record.version,
            "entry": record.symbol,
            "contracts": contracts.collect::<Vec<_>>(),
            "rustc": record.toolchain.rustc,
            "target": record.toolchain.target,
            "debug": record.toolchain.debug,
            "panic_abort": record.toolchain.panic_abort,
        })
    });
    let plugins: Vec<_> = plugins.collect();
    let mut shown = json!({ "file": one.path, "plugins": plugins, "findings": problems(&one.problems) });
    if let Some(object) = &one.object {
        shown["format"] = "ELF".into();
        shown["kind"] = "an eBPF object".into();
        shown["architecture"] = "eBPF".into();
        shown["object"] = ebpf::json(object);
    }
    let Some(library) = &one.library else { return shown };
    let dynamic = &library.dynamic;
    let versions = library.symbols.versions.iter().map(|family| {
        json!({ "family": family.name, "version": family.version, "library": family.library, "symbols": family.symbols })
    });
    let exports = library
        .symbols
        .exports
        .iter()
        .map(|export| json!({ "name": export.name, "weak": export.weak, "unique": export.unique }));
    let cxx = library
        .cxx
        .as_ref()
        .map(|cxx| json!({ "runtime": cxx.runtime, "static": cxx.is_static, "tags": cxx.tags }));
    shown["format"] = library.format.clone().into();
    shown["kind"] = library.kind.into();
    shown["architecture"] = library.architecture.clone().into();
    shown["needed"] = dynamic.needed.clone().into();
    shown["soname"] = dynamic.soname.clone().into();
    shown["rpath"] = dynamic.rpath.clone().into();
    shown["runpath"] = dynamic.runpath.clone().into();
    shown["libc"] = dynamic.libc.name().into();
    shown["versions"] = versions.collect();
    shown["cxx"] = cxx.into();
    shown["exports"] = exports.collect();
    shown["undefined"] = library.symbols.undefined.clone().into();
    shown["executable_stack"] = (library.stack != Stack::Plain).into();
    shown["text_relocations"] = dynamic.text_relocations.into();
    shown["static_tls"] = dynamic.static_tls.into();
    shown["never_unloaded"] = dynamic.no_delete.into();
    shown["relro"] = library.relro.into();
    shown["binds_now"] = dynamic.binds_now.into();
    shown["debug_information"] = library.has_debug.into();
    shown["symbol_table"] = library.symbols.has_table.into();
    shown
}
