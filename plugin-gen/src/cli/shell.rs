//! `cargo plugin-gen completions` and `cargo plugin-gen man`: what a shell and `man` want to know of us.

use std::fs;
use std::io::{self, Write as _};
use std::path::PathBuf;

use clap::{Args, CommandFactory as _};

use super::{Failure, Outcome, style};

/// The arguments of `completions`.
#[derive(Args)]
#[command(
    after_help = "Examples:\n  cargo plugin-gen completions bash > ~/.local/share/bash-completion/completions/cargo-plugin-gen\n  \
                  cargo plugin-gen completions fish > ~/.config/fish/completions/cargo-plugin-gen.fish"
)]
pub(super) struct Completions {
    /// The shell.
    shell: clap_complete::Shell,
}

pub(super) fn completions(arguments: &Completions) -> Outcome {
    let mut command = super::Arguments::command();
    let mut text = Vec::new();
    clap_complete::generate(arguments.shell, &mut command, "cargo-plugin-gen", &mut text);
    print(&text)
}

/// The arguments of `man`.
#[derive(Args)]
#[command(
    after_help = "Examples:\n  cargo plugin-gen man | man -l -\n  cargo plugin-gen man --dir target/man"
)]
pub(super) struct Man {
    /// Write one page a command into this directory, instead of the first to stdout.
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
}

pub(super) fn man(arguments: &Man) -> Outcome {
    let mut command = super::Arguments::command().name("cargo-plugin-gen").bin_name("cargo-plugin-gen");
    command.build();
    let Some(directory) = &arguments.dir else {
        let mut text = Vec::new();
        clap_mangen::Man::new(command)
            .render(&mut text)
            .map_err(|error| Failure::about("man page", error))?;
        return print(&text);
    };
    let written = fs::create_dir_all(directory).and_then(|()| clap_mangen::generate_to(command, directory));
    written.map_err(|error| Failure::about(directory.display(), error))?;
    style::status("Written", &directory.display().to_string());
    Ok(())
}

/// Nobody reads a closed pipe, and that is no failure of ours.
fn print(text: &[u8]) -> Outcome {
    match io::stdout().write_all(text) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Failure::about("stdout", error)),
        _ => Ok(()),
    }
}
