//! Recordings: what a real object answered, to be answered again.
//!
//! In: a file of JSON lines, and calls. Out: lines, or answers. What values look like as JSON `plugin_abi::json` knows, and
//! `generate json-schema` describes; this knows methods by their names.

mod record;
mod replay;

use std::io;
use std::path::Path;

use plugin_abi::PluginType;
use plugin_abi::describe::ContractDesc;
pub use plugin_abi::json::NoJson;
use plugin_abi::json::{self, Value};

use self::record::Recorder;
use self::replay::Recording;
pub use self::replay::ReplayError;

/// The version of the form of recordings.
const REVISION: u64 = 1;

/// A value as JSON, or why there is none.
pub type Document = Result<Value, NoJson>;

/// A value as JSON.
pub fn write<T: PluginType>(value: &T) -> Document {
    json::write(value)
}

/// Values in a row as JSON.
pub fn write_slice<T: PluginType>(items: &[T]) -> Document {
    json::write_slice(items)
}

/// Arguments by their names.
pub(super) fn args(names: &[&str], args: Vec<Document>) -> Document {
    let named = names.iter().zip(args).map(|(name, arg)| {
        let named = |NoJson { at, why }| NoJson { at: format!("argument `{name}`{at}"), why };
        Ok(((*name).to_owned(), arg.map_err(named)?))
    });
    named.collect::<Result<json::Map<_, _>, _>>().map(Value::Object)
}

/// What has no JSON.
pub fn refuse(why: &str) -> Document {
    Err(NoJson { at: String::new(), why: why.to_owned() })
}

/// What stands in a recording, as a value.
///
/// # Errors
/// It is none of this type.
pub fn read<T: PluginType>(answer: &Answered) -> Result<T, NoJson> {
    json::read(&answer.0)
}

/// Overwrites values in a row.
///
/// # Errors
/// It is no list of so many of this type.
pub fn rewrite<T: PluginType>(place: &mut [T], written: &Answered) -> Result<(), NoJson> {
    let items: Vec<T> = read(written)?;
    let (there, here) = (items.len(), place.len());
    if there != here {
        let why = format!("{there} were written, and there is room for {here}");
        return Err(NoJson { at: String::new(), why });
    }
    place.iter_mut().zip(items).for_each(|(place, item)| *place = item);
    Ok(())
}

/// Does this with what was written to an argument, if something was.
///
/// # Errors
/// It could not be done.
pub(super) fn part(
    written: &Answered,
    name: Option<&&str>,
    rewrite: impl FnOnce(&Answered) -> Result<(), NoJson>,
) -> Result<(), NoJson> {
    let Some((name, part)) = name.and_then(|name| Some((name, written.0.get(name)?))) else { return Ok(()) };
    let named = |NoJson { at, why }| NoJson { at: format!("argument `{name}`{at}"), why };
    rewrite(&Answered(part.clone())).map_err(named)
}

/// What a recording says that a call returned, or wrote.
pub struct Answered(Value);

impl Answered {
    /// Of a type that has no JSON.
    ///
    /// # Errors
    /// Always.
    pub fn refuse<T>(&self, why: &str) -> Result<T, NoJson> {
        Err(NoJson { at: String::new(), why: why.to_owned() })
    }
}

/// What a mock writes its real object's answers to, or reads its own from.
pub(super) struct Tape(Kind);

enum Kind {
    Records(Recorder),
    Replays(Recording),
}

/// A call whose result is not there yet.
pub(super) struct Pending {
    method: &'static str,
    args: Document,
    /// What was written to arguments, by their names.
    written: json::Map<String, Value>,
}

impl Pending {
    /// What is in an argument now; what it is that was written, where that stands behind what was there.
    pub(super) fn wrote(&mut self, name: &str, now: Document, appends: bool) {
        let Ok(Value::Object(args)) = &self.args else { return };
        match now {
            Ok(mut now) => {
                if let (true, Some(Value::Array(before)), Value::Array(now)) =
                    (appends, args.get(name), &mut now)
                {
                    now.drain(..before.len().min(now.len()));
                }
                self.written.insert(name.to_owned(), now);
            }
            Err(NoJson { at, why }) => {
                self.args = Err(NoJson { at: format!("what was written to argument `{name}`{at}"), why });
            }
        }
    }
}

/// What a recording has for a call like one.
pub(super) struct Given {
    pub(super) result: Answered,
    pub(super) written: Answered,
    /// Where it stands.
    pub(super) line: String,
}

/// What a recording has for a call.
pub(super) enum Found {
    /// This answer.
    Answer(Given),
    /// Calls of the method, and none like this one; in lines of text.
    Other(String),
    /// No call of the method.
    Nothing,
}

impl Tape {
    /// Writes to a new file.
    ///
    /// # Errors
    /// It cannot be written.
    pub(super) fn record(path: &Path, contract: &ContractDesc) -> io::Result<Self> {
        Ok(Self(Kind::Records(Recorder::new(path, contract)?)))
    }

    /// Reads a file.
    ///
    /// # Errors
    /// It is no recording of this contract.
    pub(super) fn replay(path: &Path, contract: &ContractDesc) -> Result<Self, ReplayError> {
        Ok(Self(Kind::Replays(Recording::read(path, contract)?)))
    }

    /// A call goes to the real object.
    pub(super) fn begin(&self, method: &'static str, args: impl FnOnce() -> Document) -> Option<Pending> {
        matches!(self.0, Kind::Records(_)).then(|| Pending {
            method,
            args: args(),
            written: json::Map::new(),
        })
    }

    /// The real object has answered.
    pub(super) fn end(&self, pending: Pending, result: Document) {
        if let Kind::Records(recorder) = &self.0 {
            recorder.write(pending, result);
        }
    }

    /// What the recording has for a call.
    pub(super) fn find(&self, method: &str, args: impl FnOnce() -> Document) -> Found {
        match &self.0 {
            Kind::Records(_) => Found::Nothing,
            Kind::Replays(recording) => recording.find(method, args),
        }
    }
}
