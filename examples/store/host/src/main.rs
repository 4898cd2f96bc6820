//! `store`: keeps files in whichever store plugin it is told to load.
//!
//! A command line comes in; text and an exit code go out: 0 when all is well, 1 when something failed, was
//! not found or is not equal, 2 for a command line that makes no sense. The commands below know the contract
//! and nothing of the plugins: which one answers is decided in `backend`, at run time.

mod args;
mod backend;
mod digest;
mod import;
mod progress;
mod query;
mod report;
mod tree;
mod verify;

use std::error::Error;
use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

use store_contract::Store;

use args::{Cli, Command};
use report::Findings;
use tree::Tree;

/// Whatever ends a command early; its text is for the person at the terminal.
type Failure = Box<dyn Error>;

/// Exit code 1: something failed, was not found or is not equal.
const FAILED: u8 = 1;

fn main() -> ExitCode {
    let cli = Cli::read();
    let mut out = BufWriter::new(io::stdout().lock());
    let done = run(&cli, &mut out);
    // What is left to print decides nothing but a success: a finding stays one when nobody reads the summary.
    let printed = out.flush().map_err(Failure::from);
    match done.and_then(|good| if good { printed.map(|()| true) } else { Ok(false) }) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(FAILED),
        // `store scan | head`: whoever reads has seen enough.
        Err(failure) if is_broken_pipe(&failure) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("error: {failure}");
            ExitCode::from(FAILED)
        }
    }
}

/// Loads the plugin, runs the command on it and drops it again, so that it can finish its writes before the
/// process ends. Says whether all is well.
fn run(cli: &Cli, out: &mut impl Write) -> Result<bool, Failure> {
    let plugin = backend::load(&cli.plugin(), cli.data.as_deref())?;
    let store: &dyn Store = &*plugin;
    match &cli.command {
        Command::Import { path, verify } => collecting(|findings| {
            let tree = Tree::walk(path, cli.data_path(), findings)?;
            let stored = import::run(store, &tree, findings, out)?;
            if *verify { verify::run(store, stored, findings, out) } else { Ok(()) }
        }),
        Command::Verify { path } => collecting(|findings| {
            let tree = Tree::walk(path, cli.data_path(), findings)?;
            verify::run(store, &tree.files, findings, out)
        }),
        Command::Get { key } => query::get(store, key, out),
        Command::Scan { prefix } => query::scan(store, prefix, out),
        Command::Stats => query::stats(store, out),
        Command::Delete { key } => query::delete(store, key),
    }
}

/// Runs a command that goes through many files, and tells what it found also when it ended early.
fn collecting(command: impl FnOnce(&mut Findings) -> Result<(), Failure>) -> Result<bool, Failure> {
    let mut findings = Findings::default();
    let ended = command(&mut findings);
    let good = findings.tell();
    ended.map(|()| good)
}

fn is_broken_pipe(failure: &Failure) -> bool {
    failure.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}
