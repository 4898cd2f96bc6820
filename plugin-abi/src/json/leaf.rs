//! Wire forms of what has no parts, made of JSON: numbers, and what std writes as a text or a pair of numbers.

use std::format;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::string::{String, ToString as _};

use super::read::{Made, expected, put};
use super::{Map, NoJson, Value};
use crate::wire::{DurationAbi, PluginType, SystemTimeAbi};

impl Made {
    /// # Safety
    /// There is room for the form of this type.
    pub(super) unsafe fn of_std(&mut self, name: &str, json: &Value, place: *mut u8) -> Result<(), NoJson> {
        macro_rules! parsed {
            ($ty:ty, $what:literal) => {{
                let parsed = json.as_str().and_then(|text| text.parse::<$ty>().ok());
                let Some(value) = parsed else { return expected($what, json) };
                // SAFETY: as the caller promises.
                unsafe { put(place, value.into_abi()) };
            }};
        }
        match name {
            "Duration" => {
                let (secs, nanos) = seconds(json, "secs", "nanos")?;
                // SAFETY: as the caller promises.
                unsafe { put(place, DurationAbi { secs, nanos }) };
            }
            "SystemTime" => {
                let (secs, nanos) = seconds(json, "secs_since_epoch", "nanos_since_epoch")?;
                let Ok(secs) = i64::try_from(secs) else {
                    return expected("a time that there will be", json);
                };
                // SAFETY: as above.
                unsafe { put(place, SystemTimeAbi { secs, nanos }) };
            }
            "PathBuf" => {
                let Value::String(text) = json else { return expected("a string", json) };
                let form = self.vector(text.clone().into_bytes());
                // SAFETY: as above.
                unsafe { put(place, form) };
            }
            "Value" => {
                let form = self.vector(json.to_string().into_bytes());
                // SAFETY: as above.
                unsafe { put(place, form) };
            }
            "Ipv4Addr" => parsed!(Ipv4Addr, "an IPv4 address"),
            "Ipv6Addr" => parsed!(Ipv6Addr, "an IPv6 address"),
            "IpAddr" => parsed!(IpAddr, "an IP address"),
            "SocketAddr" => parsed!(SocketAddr, "an address and a port"),
            _ => return Err(NoJson::new(format!("a `{name}` has no JSON"))),
        }
        Ok(())
    }
}

fn seconds(json: &Value, seconds: &str, nanos: &str) -> Result<(u64, u32), NoJson> {
    let what = format!("{{\"{seconds}\": …, \"{nanos}\": …}}");
    let number = |object: &Map<String, Value>, name: &str| object.get(name).and_then(Value::as_u64);
    let both = json.as_object().filter(|object| object.len() == 2);
    let both = both.and_then(|object| Some((number(object, seconds)?, number(object, nanos)?)));
    match both {
        Some((seconds, rest)) if rest < 1_000_000_000 => Ok((seconds, rest as u32)),
        _ => expected(&what, json),
    }
}

/// # Safety
/// There is room for the scalar.
pub(super) unsafe fn scalar(name: &str, json: &Value, place: *mut u8) -> Result<(), NoJson> {
    let number = json.as_number();
    macro_rules! numbers {
        ($($number:ident $as:ident)*) => {
            match name {
                $(stringify!($number) => {
                    let found = number.and_then(|number| number.$as()).and_then(|number| $number::try_from(number).ok());
                    let Some(found) = found else {
                        return expected(&format!("an integer from {} to {}", $number::MIN, $number::MAX), json);
                    };
                    // SAFETY: as the caller promises.
                    unsafe { put(place, found) };
                })*
                "f32" => {
                    // What was written of an `f32` is one exactly.
                    let found = number.and_then(serde_json::Number::as_f64).map(|found| found as f32);
                    let Some(found) = found.filter(|found| found.is_finite()) else {
                        return expected("a number of 32 bits", json);
                    };
                    // SAFETY: as above.
                    unsafe { put(place, found) };
                }
                "f64" => {
                    let Some(found) = number.and_then(serde_json::Number::as_f64) else { return expected("a number", json) };
                    // SAFETY: as above.
                    unsafe { put(place, found) };
                }
                "bool" => {
                    let Value::Bool(found) = json else { return expected("true or false", json) };
                    // SAFETY: as above.
                    unsafe { put(place, u8::from(*found)) };
                }
                "char" => {
                    let mut letters = json.as_str().unwrap_or_default().chars();
                    let (Some(letter), None) = (letters.next(), letters.next()) else {
                        return expected("a character", json);
                    };
                    // SAFETY: as above.
                    unsafe { put(place, u32::from(letter)) };
                }
                _ if json.is_null() => {}
                _ => return expected("null", json),
            }
        };
    }
    numbers! {
        u8 as_u64 u16 as_u64 u32 as_u64 u64 as_u64 usize as_u64 u128 as_u128
        i8 as_i64 i16 as_i64 i32 as_i64 i64 as_i64 isize as_i64 i128 as_i128
    }
    Ok(())
}
