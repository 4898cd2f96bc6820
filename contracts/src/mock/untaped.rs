//! What stands for recordings where the feature `record` is off: nothing.
//!
//! In: nothing. Out: types without values, so that nothing of it is compiled. It does not know what a recording is.

use std::marker::PhantomData;

/// A value as JSON, of which there is none.
pub struct Document(PhantomData<()>);
/// What stands in a recording.
pub enum Answered {}
/// A file.
pub(super) enum Tape {}
/// Why there is no value.
pub enum NoJson {}

/// What a recording has for a call like one.
#[allow(dead_code, reason = "with the feature there is")]
pub(super) struct Given {
    pub(super) result: Answered,
    pub(super) line: String,
}

/// What a recording has for a call.
#[allow(dead_code, reason = "with the feature there are")]
pub(super) enum Found {
    Answer(Given),
    Other(String),
    Nothing,
}

impl std::fmt::Display for NoJson {
    fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match *self {}
    }
}

impl Answered {
    /// Never.
    pub fn refuse<T>(&self, _: &str) -> Result<T, NoJson> {
        match *self {}
    }
}

/// No value.
pub fn write<T>(_: &T) -> Document {
    Document(PhantomData)
}

/// No value.
pub fn write_slice<T>(_: &[T]) -> Document {
    Document(PhantomData)
}

pub(super) fn args(_: &[&str], _: Vec<Document>) -> Document {
    Document(PhantomData)
}

/// No value.
pub fn refuse(_: &str) -> Document {
    Document(PhantomData)
}

/// Never.
pub fn rewrite<T>(_: &mut [T], written: &Answered) -> Result<(), NoJson> {
    match *written {}
}

pub(super) fn part(
    written: &Answered,
    _: Option<&&str>,
    _: impl FnOnce(&Answered) -> Result<(), NoJson>,
) -> Result<(), NoJson> {
    match *written {}
}

/// Never.
pub fn read<T>(answer: &Answered) -> Result<T, NoJson> {
    match *answer {}
}

impl Tape {
    pub(super) fn find(&self, _: &str, _: impl FnOnce() -> Document) -> Found {
        match *self {}
    }
}
