//! Mistakes, collected and shown.
//!
//! In: findings with a code and the words they are about. Out: `compile_error!`s for rustc. It does not know what a
//! contract is.

mod code;
#[cfg(feature = "cli")]
pub(crate) mod page;

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};

pub use code::Code;

use crate::lock::{Compat, Difference};
use crate::syntax::Version;

/// One mistake.
#[derive(Clone, Debug)]
pub struct Finding {
    /// Which rule it breaks.
    pub code: Code,
    /// What is wrong, with the names involved.
    pub message: String,
    /// What to do instead.
    pub help: String,
    /// How the contract differs from its lock, when that is the mistake.
    pub drift: Option<Box<Difference>>,
    start: Span,
    end: Span,
}

impl Finding {
    /// A finding about these tokens.
    pub fn new(code: Code, at: &impl ToTokens, message: impl Into<String>, help: impl Into<String>) -> Self {
        let mut tokens = at.to_token_stream().into_iter();
        let start = tokens.next().map_or_else(Span::call_site, |token| token.span());
        let end = tokens.last().map_or(start, |token| token.span());
        Self { code, message: message.into(), help: help.into(), drift: None, start, end }
    }

    /// A difference from what was promised under this id with this version.
    pub(crate) fn of_drift(
        found: &Difference,
        at: &impl ToTokens,
        (id, version): (&str, Version),
        compat: Compat,
    ) -> Self {
        let message = format!("`{id}` {version}: {}", found.sentence());
        let help = found.help(version, compat);
        Self { drift: Some(Box::new(found.clone())), ..Self::new(found.code, at, message, help) }
    }

    /// Whether code with it is not to be compiled.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.drift.as_ref().is_none_or(|drift| !drift.compiles())
    }

    /// Where it begins and ends in the source: its first and its last token.
    #[must_use]
    pub fn spans(&self) -> (Span, Span) {
        (self.start, self.end)
    }

    /// The text as rustc shows it after `error: `.
    #[must_use]
    pub fn text(&self) -> String {
        let Self { code, message, help, drift, .. } = self;
        let title = if drift.is_some() { format!("contract drift [{code}],") } else { format!("[{code}]") };
        let help = if help.is_empty() { String::new() } else { format!("\nhelp: {help}") };
        format!("{title} {message}{help}")
    }

    /// A `compile_error!` that rustc shows under the tokens.
    #[must_use]
    pub fn to_compile_error(&self) -> TokenStream {
        let text = self.text();
        // rustc underlines from the first token's span to the last's.
        let path = quote_spanned!(self.start=> ::core::compile_error!);
        let body = quote_spanned!(self.end=> { #text });
        quote!(#path #body)
    }
}

/// Every mistake of one input: the second deserves to be seen too.
///
/// It must be finished: dropping it unread is a defect of ours, and panics in tests.
#[derive(Debug)]
#[must_use = "errors that nobody finishes are lost"]
pub struct Errors {
    findings: Vec<Finding>,
    finished: bool,
}

impl Errors {
    /// No mistakes so far.
    pub fn new() -> Self {
        Self { findings: Vec::new(), finished: false }
    }

    /// Notes a mistake and goes on.
    pub fn push(
        &mut self,
        code: Code,
        at: &impl ToTokens,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.findings.push(Finding::new(code, at, message, help));
    }

    /// The end of a stage.
    ///
    /// # Errors
    /// All that was noted, if anything was.
    pub fn finish(mut self) -> Result<(), Vec<Finding>> {
        self.finished = true;
        let findings = std::mem::take(&mut self.findings);
        if findings.is_empty() { Ok(()) } else { Err(findings) }
    }
}

impl Default for Errors {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for Errors {
    fn drop(&mut self) {
        if !self.finished && !std::thread::panicking() {
            panic!("errors were collected and never finished: {:?}", self.findings);
        }
    }
}
