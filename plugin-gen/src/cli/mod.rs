//! The command line: one file a command.
//!
//! In: arguments. Out: text on stdout, diagnostics on stderr, and an exit code: 0 all is well, 1 findings, 2 usage,
//! 101 could not run. It knows cargo and files; what contracts are it leaves to the library.

mod accept;
mod build;
mod bump;
mod check;
mod compile;
mod diff;
mod doctor;
mod ebpf;
mod explain;
mod finding;
mod generate;
mod headers;
mod init;
mod inspect;
mod library;
mod list;
mod mock_so;
mod project;
mod render;
mod run;
mod schema;
mod shell;
mod style;
mod survey;

use std::fmt;
use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};

/// Everything around plugin contracts: build, look, compare, generate.
#[derive(Parser)]
#[command(name = "cargo-plugin-gen", bin_name = "cargo plugin-gen", version, styles = clap_cargo::style::CLAP_STYLING)]
#[command(after_help = "Exit codes: 0 all is well, 1 findings, 2 wrong usage, 101 could not run.")]
struct Arguments {
    /// When to use colours.
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto, value_name = "WHEN")]
    color: Color,
    #[command(subcommand)]
    command: Command,
}

#[derive(Clone, Copy, ValueEnum)]
enum Color {
    /// On a terminal.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// How findings and facts are printed.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum MessageFormat {
    /// For people.
    Human,
    /// One line a finding on stdout, for editors and grep.
    Short,
    /// For programs: one JSON document on stdout.
    Json,
    /// Workflow commands, which GitHub shows beside the lines of a pull request.
    Github,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
}

/// How facts that are no findings are printed.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FactFormat {
    /// For people.
    Human,
    /// For programs: one JSON document on stdout.
    Json,
}

#[derive(Subcommand)]
enum Command {
    /// Make a new workspace: a contract, a plugin, and a host that runs it.
    Init(init::Arguments),
    /// Build the plugins of a workspace, collect them in `target/plugins`, and read them back.
    Build(build::Arguments),
    /// Build the plugins, then run a host with `PLUGIN_DIR` set.
    Run(run::Arguments),
    /// Build a contract's mock as a plugin, which tests program from their own process.
    MockSo(mock_so::Arguments),
    /// List the contracts and plugins of a workspace.
    List(list::Arguments),
    /// Show what a built library says of itself.
    Inspect(inspect::Arguments),
    /// Say what of built libraries will hurt the host that loads them.
    Doctor(doctor::Arguments),
    /// Write `plugin-contract.lock`: promise the contracts as they are now.
    Accept(accept::Arguments),
    /// Show how the contracts differ from what the lock promises.
    Diff(diff::Arguments),
    /// Check that contracts, versions and generated files are as promised: what CI runs.
    Check(check::Arguments),
    /// Explain a code: what it means, whom it breaks, what to do.
    Explain(explain::Arguments),
    /// Generate checked-in files, or check that they are current.
    Generate(generate::Arguments),
    /// Print a shell's completions.
    Completions(shell::Completions),
    /// Print the man pages.
    Man(shell::Man),
}

/// Why a command did not end well.
enum Failure {
    /// There are findings, and they have been printed: exit code 1.
    Findings,
    /// The arguments make no sense: exit code 2.
    Usage(String),
    /// The command could not run: exit code 101.
    Broken(String),
    /// A program that we ran ended with this code.
    Child(u8),
}

impl Failure {
    /// A failure about this file or program.
    fn about(what: impl fmt::Display, error: impl fmt::Display) -> Self {
        Self::Broken(format!("{what}: {error}"))
    }
}

type Outcome = Result<(), Failure>;

/// Runs the command line of this process, with or without the word `plugin-gen` that cargo puts first.
#[must_use]
pub fn main() -> ExitCode {
    let mut words: Vec<_> = std::env::args_os().collect();
    if words.get(1).is_some_and(|word| word == "plugin-gen") {
        words.remove(1);
    }
    let arguments = match Arguments::try_parse_from(words) {
        Ok(arguments) => arguments,
        Err(error) => {
            // Nobody reads a closed pipe, and that is no failure of ours.
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
        }
    };
    match arguments.color {
        Color::Auto => anstream::ColorChoice::Auto,
        Color::Always => anstream::ColorChoice::Always,
        Color::Never => anstream::ColorChoice::Never,
    }
    .write_global();
    let outcome = match arguments.command {
        Command::Init(arguments) => init::run(&arguments),
        Command::Build(arguments) => build::run(&arguments),
        Command::Run(arguments) => run::run(&arguments),
        Command::MockSo(arguments) => mock_so::run(&arguments),
        Command::List(arguments) => list::run(&arguments),
        Command::Inspect(arguments) => inspect::run(&arguments),
        Command::Doctor(arguments) => doctor::run(&arguments),
        Command::Accept(arguments) => accept::run(&arguments),
        Command::Diff(arguments) => diff::run(&arguments),
        Command::Check(arguments) => check::run(&arguments),
        Command::Explain(arguments) => explain::run(&arguments),
        Command::Generate(arguments) => generate::run(&arguments),
        Command::Completions(arguments) => shell::completions(&arguments),
        Command::Man(arguments) => shell::man(&arguments),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Findings) => ExitCode::from(1),
        Err(Failure::Child(code)) => ExitCode::from(code),
        Err(Failure::Usage(message)) => {
            style::error(&message);
            ExitCode::from(2)
        }
        Err(Failure::Broken(message)) => {
            style::error(&message);
            ExitCode::from(101)
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_consistent() {
        super::Arguments::command().debug_assert();
    }
}
