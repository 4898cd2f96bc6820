//! `cargo plugin-gen explain`

use clap::Args;

use super::{Failure, Outcome, style};
use crate::report::Code;

/// The arguments of `explain`.
#[derive(Args)]
#[command(after_help = "Examples:\n  cargo plugin-gen explain PC003\n  cargo plugin-gen explain")]
pub(super) struct Arguments {
    /// The code, as in `PC003` or `P012`; without one, all are listed.
    #[arg(value_name = "CODE")]
    code: Option<String>,
}

pub(super) fn run(arguments: &Arguments) -> Outcome {
    let Some(text) = &arguments.code else {
        for code in Code::ALL {
            anstream::println!("{}  {}", style::literal(&format!("{:<5}", code.to_string())), code.title());
        }
        return Ok(());
    };
    let Some(code) = Code::parse(text) else {
        let message = format!("there is no code `{text}`; `cargo plugin-gen explain` lists all");
        return Err(Failure::Usage(message));
    };
    anstream::print!("{}", code.explanation());
    Ok(())
}
