//! `cargo plugin-gen inspect`
//!
//! In: a library. Out: what it says of itself, for people and programs. What would hurt a host, `doctor` says.

mod facts;
mod show;

use std::path::PathBuf;

use clap::Args;
use plugin_bpf::Object;

use super::{FactFormat, Failure, Outcome, library, style};
use crate::model::{self, Dynamic};

/// The arguments of `inspect`.
#[derive(Args)]
#[command(after_help = "Examples:\n  cargo plugin-gen inspect target/plugins/libdisk.so\n  \
                        cargo plugin-gen inspect --message-format json target/plugins/libdisk.so")]
pub(super) struct Arguments {
    /// The library: a shared object, an rlib, an executable; or an eBPF object.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// How to print.
    #[arg(long, value_enum, default_value_t = FactFormat::Human, value_name = "FORMAT")]
    message_format: FactFormat,
}

pub(super) fn run(arguments: &Arguments) -> Outcome {
    let path = &arguments.file;
    let failed = |error: &dyn std::fmt::Display| Failure::about(path.display(), error);
    let bytes = library::read(path)?;
    if Object::is_one(&bytes) {
        let object = Object::parse(&bytes).map_err(|error| failed(&error))?;
        match arguments.message_format {
            FactFormat::Json => anstream::println!("{:#}", facts::object(path, &object)),
            FactFormat::Human => anstream::print!("{}", show::object(path, &object)),
        }
        return Ok(());
    }
    let records = model::records_in(&bytes).map_err(|error| failed(&error))?;
    let dynamic = Dynamic::read(&bytes).map_err(|error| failed(&error))?;
    if arguments.message_format == FactFormat::Json {
        anstream::println!("{:#}", facts::json(path, &records, &dynamic));
    } else {
        anstream::print!("{}", show::text(path, &records, &dynamic));
    }
    if records.is_empty() {
        style::warning(
            "there is no plugin note in this file: it is neither a plugin nor a contract's library",
        );
        return Err(Failure::Findings);
    }
    Ok(())
}
