//! Wire forms as JSON.

use std::borrow::ToOwned as _;
use std::format;
use std::string::{String, ToString as _};
use std::vec::Vec;

use super::form::{AnyVec, behind_tag, is_text, pair, part, unnamed, variant};
use super::{Map, NoJson, Number, Value};
use crate::describe::{Kind, Member, TypeDesc};
use crate::wire::{
    BoxAbi, DurationAbi, IpAbi, Ipv4Abi, Ipv6Abi, OpenAbi, PluginType, RawSlice, SizedAbi, SocketAbi,
    SystemTimeAbi,
};

/// What lies at a place.
///
/// # Safety
/// As for [`value`], of a `T`.
unsafe fn at<T: Copy>(place: *const u8) -> T {
    // SAFETY: the caller promises that it is there.
    unsafe { place.cast::<T>().read() }
}

/// The value of this type whose wire form lies here.
///
/// # Safety
/// Such a form lies there, made by [`PluginType::lend`], and what it points to is alive.
pub(super) unsafe fn value(desc: &TypeDesc, place: *const u8) -> Result<Value, NoJson> {
    Ok(match desc.kind {
        // SAFETY: as the caller promises, here and below: the descriptor says what lies where.
        Kind::Scalar => return unsafe { scalar(desc.name, place) },
        // SAFETY: as above.
        Kind::Std => return unsafe { of_std(desc.name, place) },
        // SAFETY: as above.
        Kind::Str => Value::String(unsafe { str_at(place) }?),
        // SAFETY: as above.
        Kind::String => Value::String(unsafe { text(place) }?),
        Kind::Vec | Kind::Set => {
            // SAFETY: as above.
            let AnyVec { ptr, len, .. } = unsafe { at::<AnyVec>(place) };
            let elem = part(desc, 0);
            // SAFETY: as above.
            let items = unsafe { row(elem, ptr, len, elem.size) }?;
            if desc.kind == Kind::Set { ordered(items) } else { Value::Array(items) }
        }
        Kind::Array => {
            let (elem, len) = (part(desc, 0), desc.name.parse().unwrap_or(0));
            // SAFETY: as above.
            Value::Array(unsafe { row(elem, place, len, elem.size) }?)
        }
        // SAFETY: as above.
        Kind::Map => unsafe { map(desc, place) }?,
        Kind::Box => {
            // SAFETY: as above.
            let boxed = unsafe { at::<BoxAbi<u8>>(place) };
            // SAFETY: as above.
            unsafe { value(part(desc, 0), boxed.value) }?
        }
        Kind::Option => {
            // SAFETY: as above.
            if unsafe { at::<u32>(place) } == 0 {
                return Ok(Value::Null);
            }
            let some = part(desc, 0);
            // SAFETY: as above; the tag says that there is a value.
            unsafe { value(some, place.wrapping_add(behind_tag(some.align))) }?
        }
        Kind::Result => {
            let (ok, err) = (part(desc, 0), part(desc, 1));
            // SAFETY: as above.
            let is_ok = unsafe { at::<u32>(place) } == 0;
            let (name, which) = if is_ok { ("Ok", ok) } else { ("Err", err) };
            let inner = place.wrapping_add(behind_tag(ok.align.max(err.align)));
            // SAFETY: as above; the tag says which it is.
            tagged(name, unsafe { value(which, inner) }.map_err(|error| error.within(&format!(".{name}")))?)
        }
        Kind::Tuple => {
            // SAFETY: as above.
            Value::Array(unsafe { items(desc.members, place) }?)
        }
        // SAFETY: as above.
        Kind::Struct | Kind::Plain => unsafe { structure(desc.members, place, false) }?,
        Kind::Sized => {
            // SAFETY: as above.
            let sized = unsafe { at::<SizedAbi>(place) };
            let known = &desc.members[..desc.members.len().min(sized.fields as usize)];
            // SAFETY: as above; the fields that are there begin the struct.
            unsafe { structure(known, sized.content.payload.cast(), true) }?
        }
        Kind::Enum => {
            // SAFETY: as above.
            let tag = unsafe { at::<u32>(place) };
            let payload = place.wrapping_add(behind_tag(desc.align));
            // SAFETY: as above; the tag says which fields these are.
            unsafe { chosen(desc, tag, payload) }?
        }
        Kind::Open => {
            // SAFETY: as above.
            let open = unsafe { at::<OpenAbi>(place) };
            // SAFETY: as above.
            unsafe { chosen(desc, open.tag, open.content.payload.cast()) }?
        }
        _ => return Err(NoJson::new(format!("a `{}` has no JSON", desc.name))),
    })
}

/// # Safety
/// As for [`value`], of each of the elements.
unsafe fn row(elem: &TypeDesc, ptr: *const u8, len: usize, stride: usize) -> Result<Vec<Value>, NoJson> {
    let mut all = Vec::with_capacity(len);
    for index in 0..len {
        // SAFETY: as the caller promises.
        let item = unsafe { value(elem, ptr.wrapping_add(index * stride)) };
        all.push(item.map_err(|error| error.within(&format!("[{index}]")))?);
    }
    Ok(all)
}

/// # Safety
/// As for [`value`].
unsafe fn map(desc: &TypeDesc, place: *const u8) -> Result<Value, NoJson> {
    // SAFETY: as the caller promises.
    let AnyVec { ptr, len, .. } = unsafe { at::<AnyVec>(place) };
    let (key, item) = (part(desc, 0), part(desc, 1));
    let (behind_key, stride) = pair(key, item);
    let mut pairs = Vec::with_capacity(len);
    for index in 0..len {
        let first = ptr.wrapping_add(index * stride);
        let error = |error: NoJson| error.within(&format!("[{index}]"));
        // SAFETY: as above.
        let name = unsafe { value(key, first) }.map_err(error)?;
        // SAFETY: as above.
        let inner = unsafe { value(item, first.wrapping_add(behind_key)) }.map_err(error)?;
        pairs.push((name, inner));
    }
    if is_text(key) {
        let named = pairs.into_iter().filter_map(|(key, value)| Some((key.as_str()?.to_owned(), value)));
        return Ok(Value::Object(named.collect()));
    }
    Ok(ordered(pairs.into_iter().map(|(key, value)| Value::Array(std::vec![key, value])).collect()))
}

/// # Safety
/// As for [`value`], of each of the members.
unsafe fn items(members: &[Member], place: *const u8) -> Result<Vec<Value>, NoJson> {
    let each = members.iter().enumerate().map(|(index, member)| {
        // SAFETY: as the caller promises.
        let item = unsafe { value(member.ty.get(), place.wrapping_add(member.offset)) };
        item.map_err(|error| error.within(&format!(".{index}")))
    });
    each.collect()
}

/// What has no order of its own, in one that is the same each time.
fn ordered(mut items: Vec<Value>) -> Value {
    items.sort_by_cached_key(Value::to_string);
    Value::Array(items)
}

/// Fields as serde writes them.
///
/// # Safety
/// As for [`items`].
unsafe fn structure(members: &[Member], place: *const u8, grows: bool) -> Result<Value, NoJson> {
    match members {
        [] => Ok(Value::Null),
        // SAFETY: as the caller promises.
        [only] if unnamed(members) && !grows => unsafe {
            value(only.ty.get(), place.wrapping_add(only.offset))
        },
        // SAFETY: as above.
        _ if unnamed(members) => unsafe { items(members, place) }.map(Value::Array),
        _ => {
            let mut object = Map::new();
            for member in members {
                // SAFETY: as above.
                let field = unsafe { value(member.ty.get(), place.wrapping_add(member.offset)) };
                let field = field.map_err(|error| error.within(&format!(".{}", member.name)))?;
                object.insert(member.name.to_owned(), field);
            }
            Ok(Value::Object(object))
        }
    }
}

/// # Safety
/// The fields of the variant with this tag lie at `payload`.
unsafe fn chosen(desc: &TypeDesc, tag: u32, payload: *const u8) -> Result<Value, NoJson> {
    let Some(variant) = variant(desc, tag) else {
        return Ok(tagged("Unknown", Value::Number(tag.into())));
    };
    if variant.fields.is_empty() {
        return Ok(Value::String(variant.name.to_owned()));
    }
    // SAFETY: as the caller promises.
    let content = unsafe { structure(variant.fields, payload, false) };
    Ok(tagged(variant.name, content.map_err(|error| error.within(&format!(".{}", variant.name)))?))
}

fn tagged(name: &str, content: Value) -> Value {
    Value::Object(Map::from_iter([(name.to_owned(), content)]))
}

/// # Safety
/// The form of a `String` lies there, which was lent.
unsafe fn text(place: *const u8) -> Result<String, NoJson> {
    // SAFETY: as the caller promises.
    let AnyVec { ptr, len, .. } = unsafe { at::<AnyVec>(place) };
    // SAFETY: as above.
    unsafe { copied(RawSlice { ptr: ptr.cast_const(), len }) }
}

/// # Safety
/// The form of a `&str` lies there.
unsafe fn str_at(place: *const u8) -> Result<String, NoJson> {
    // SAFETY: as the caller promises.
    let slice = unsafe { at::<RawSlice<u8>>(place) };
    // SAFETY: as above.
    unsafe { copied(slice) }
}

/// # Safety
/// The bytes are lent.
unsafe fn copied(bytes: RawSlice<u8>) -> Result<String, NoJson> {
    // SAFETY: as the caller promises.
    unsafe { <&str>::from_abi(bytes) }
        .map(ToOwned::to_owned)
        .map_err(|_| NoJson::new("it is not UTF-8, as JSON is"))
}

fn number(number: Option<Number>, what: &str) -> Result<Value, NoJson> {
    number.map(Value::Number).ok_or_else(|| NoJson::new(format!("JSON has no number for {what}")))
}

/// # Safety
/// As for [`value`], of a scalar.
unsafe fn scalar(name: &str, place: *const u8) -> Result<Value, NoJson> {
    macro_rules! numbers {
        ($($number:ident)*) => {
            match name {
                // SAFETY: as the caller promises.
                $(stringify!($number) => Value::Number(unsafe { at::<$number>(place) }.into()),)*
                // SAFETY: as above.
                "u128" => return unsafe { wide(at::<u128>(place)) },
                // SAFETY: as above.
                "i128" => return unsafe { signed(at::<i128>(place)) },
                "f32" => {
                    // SAFETY: as above.
                    let value = unsafe { at::<f32>(place) };
                    return number(Number::from_f64(value.into()), &value.to_string());
                }
                "f64" => {
                    // SAFETY: as above.
                    let value = unsafe { at::<f64>(place) };
                    return number(Number::from_f64(value), &value.to_string());
                }
                // SAFETY: as above.
                "bool" => Value::Bool(unsafe { at::<u8>(place) } != 0),
                "char" => {
                    // SAFETY: as above.
                    let letter = unsafe { at::<u32>(place) };
                    Value::String(char::from_u32(letter).unwrap_or(char::REPLACEMENT_CHARACTER).to_string())
                }
                _ => Value::Null,
            }
        };
    }
    Ok(numbers!(u8 u16 u32 u64 usize i8 i16 i32 i64 isize))
}

fn wide(value: u128) -> Result<Value, NoJson> {
    number(Number::from_u128(value), &value.to_string())
}

fn signed(value: i128) -> Result<Value, NoJson> {
    number(Number::from_i128(value), &value.to_string())
}

/// # Safety
/// As for [`value`], of a type of std.
unsafe fn of_std(name: &str, place: *const u8) -> Result<Value, NoJson> {
    let pair = |seconds: &str, count: u64, nanos: &str, rest: u32| {
        let fields = [(seconds, count.into()), (nanos, rest.into())];
        Value::Object(
            fields.into_iter().map(|(name, number)| (name.to_owned(), Value::Number(number))).collect(),
        )
    };
    // SAFETY: as the caller promises, here and below.
    macro_rules! shown {
        ($form:ty => $value:ty) => {{
            // SAFETY: as the caller promises.
            let form = unsafe { at::<$form>(place) };
            // SAFETY: as above.
            let value = unsafe { <$value>::from_abi(form) };
            Value::String(value.map_err(|invalid| NoJson::new(invalid.to_string()))?.to_string())
        }};
    }
    Ok(match name {
        "Duration" => {
            // SAFETY: as above.
            let DurationAbi { secs, nanos } = unsafe { at(place) };
            pair("secs", secs, "nanos", nanos)
        }
        "SystemTime" => {
            // SAFETY: as above.
            let SystemTimeAbi { secs, nanos } = unsafe { at(place) };
            let secs = u64::try_from(secs).map_err(|_| NoJson::new("JSON has no time before 1970"))?;
            pair("secs_since_epoch", secs, "nanos_since_epoch", nanos)
        }
        "PathBuf" => {
            // SAFETY: as above.
            let text = unsafe { text(place) }?;
            Value::String(text)
        }
        "Value" => {
            // SAFETY: as above.
            let text = unsafe { text(place) }?;
            super::from_str(&text).map_err(|error| NoJson::new(error.to_string()))?
        }
        "Ipv4Addr" => shown!(Ipv4Abi => std::net::Ipv4Addr),
        "Ipv6Addr" => shown!(Ipv6Abi => std::net::Ipv6Addr),
        "IpAddr" => shown!(IpAbi => std::net::IpAddr),
        "SocketAddr" => shown!(SocketAbi => std::net::SocketAddr),
        _ => return Err(NoJson::new(format!("a `{name}` has no JSON"))),
    })
}
