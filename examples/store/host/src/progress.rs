//! A bar for people who wait. It goes to standard error, and only when that is a terminal: logs and pipes get
//! the final line alone.

use std::io::{self, IsTerminal};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// How the bar looks; `{msg}` is what is being done.
const TEMPLATE: &str = "{msg:>10} {bar:30} {pos}/{len} files, {eta} left";

/// A bar over `files` files; it vanishes when it is dropped.
pub(crate) struct Progress(ProgressBar);

impl Progress {
    /// Begins; `doing` is a word such as `importing`.
    pub(crate) fn new(doing: &'static str, files: usize) -> Self {
        let terminal = io::stderr().is_terminal();
        let target = if terminal { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(Some(files as u64), target).with_message(doing);
        // A template that does not parse would be a slip in the constant above; the default bar is no reason
        // to fail.
        Self(if let Ok(style) = ProgressStyle::with_template(TEMPLATE) { bar.with_style(style) } else { bar })
    }

    /// One more file is done.
    pub(crate) fn step(&self) {
        self.0.inc(1);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
