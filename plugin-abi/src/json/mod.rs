//! Values as JSON, and back: the JSON that `generate json-schema` describes, which serde's derives make of the same types.
//!
//! In: a value, or JSON. Out: the other. It knows no type: a value is lent in its wire form, as for a call, and its descriptor says
//! what lies there; of JSON a wire form is made, which the type takes and checks as it takes any. So whatever crosses has JSON, if it
//! is data, and nothing is printed for it.

mod form;
mod leaf;
mod read;
mod write;

use std::fmt;
use std::mem::MaybeUninit;
use std::string::String;
use std::vec::Vec;

pub use serde_json::{Map, Number, Value, from_str};

use crate::is_data;
use crate::wire::{Mirrors, PluginType};

/// What has no JSON, or is none of a type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoJson {
    /// Where, as in `.entries[2].size`; empty for the whole.
    pub at: String,
    /// What is wrong there.
    pub why: String,
}

impl NoJson {
    fn new(why: impl Into<String>) -> Self {
        Self { at: String::new(), why: why.into() }
    }

    /// The same, further inside.
    fn within(mut self, outer: &str) -> Self {
        self.at.insert_str(0, outer);
        self
    }
}

impl fmt::Display for NoJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.at.is_empty() { f.write_str(&self.why) } else { write!(f, "{}: {}", self.at, self.why) }
    }
}

impl std::error::Error for NoJson {}

/// What holds more than data has no JSON.
fn check<T: PluginType>() -> Result<(), NoJson> {
    if is_data(T::DESC) {
        return Ok(());
    }
    let name = std::any::type_name::<T>();
    Err(NoJson::new(std::format!(
        "a `{name}` has no JSON: what is lent, called or waited for in it is no data"
    )))
}

/// A value as JSON.
///
/// # Errors
/// It holds more than data, or a number or a path that JSON cannot say.
pub fn write<T: PluginType>(value: &T) -> Result<Value, NoJson> {
    check::<T>()?;
    let mut kept = Mirrors::default();
    let form = value.lend(&mut kept);
    // SAFETY: the form is that of a `T`, and what it points to is alive until the end of this.
    unsafe { write::value(T::DESC.get(), (&raw const form).cast()) }
}

/// Values in a row as JSON.
///
/// # Errors
/// As for [`write()`].
pub fn write_slice<T: PluginType>(items: &[T]) -> Result<Value, NoJson> {
    let each = items.iter().enumerate();
    let each = each.map(|(at, item)| write(item).map_err(|error| error.within(&std::format!("[{at}]"))));
    each.collect::<Result<Vec<_>, _>>().map(Value::Array)
}

/// A value of JSON.
///
/// # Errors
/// It is none of this type, and where; or the type holds more than data.
pub fn read<T: PluginType>(json: &Value) -> Result<T, NoJson> {
    check::<T>()?;
    let mut made = read::Made::default();
    let mut form = MaybeUninit::<T::Abi>::zeroed();
    // SAFETY: there is room for a wire form of a `T`, and zeros in it.
    unsafe { made.value(T::DESC.get(), json, form.as_mut_ptr().cast()) }?;
    made.give_away();
    // SAFETY: it was zeros, and is numbers and pointers since.
    let form = unsafe { form.assume_init() };
    // SAFETY: it is a wire form as its descriptor has it. What it points to is its receiver's to free, or is copied by it and
    // lives until the end of this.
    let value = unsafe { T::from_abi(form) };
    value.map_err(|invalid| NoJson::new(std::format!("it is no value that crosses: {invalid}")))
}
