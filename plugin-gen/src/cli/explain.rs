//! `cargo plugin-gen explain`

use clap::Args;

use super::{Failure, Outcome, style};
use crate::doctor::Rule;
use crate::report::Code;

/// The arguments of `explain`.
#[derive(Args)]
#[command(
    after_help = "Examples:\n  cargo plugin-gen explain PC003\n  cargo plugin-gen explain executable-stack\n  \
                  cargo plugin-gen explain"
)]
pub(super) struct Arguments {
    /// The code, as in `PC003` or `P012`, or the rule of `doctor`, as in `executable-stack`; without one, all are listed.
    #[arg(value_name = "CODE")]
    code: Option<String>,
}

pub(super) fn run(arguments: &Arguments) -> Outcome {
    let Some(text) = &arguments.code else {
        for code in Code::ALL {
            anstream::println!("{}  {}", style::literal(&format!("{:<5}", code.to_string())), code.title());
        }
        for rule in Rule::ALL {
            anstream::println!("{}  {}", style::literal(&format!("{:<21}", rule.name())), rule.title());
        }
        return Ok(());
    };
    let code = Code::parse(text).map(Code::explanation);
    let Some(explanation) = code.or_else(|| Rule::parse(text).map(Rule::explanation)) else {
        let message =
            format!("there is no code `{text}`, nor such a rule; `cargo plugin-gen explain` lists all");
        return Err(Failure::Usage(message));
    };
    anstream::print!("{explanation}");
    Ok(())
}
