//! Wire forms, made of JSON.

use std::alloc::{Layout, alloc_zeroed, dealloc, handle_alloc_error};
use std::format;
use std::mem;
use std::ptr::NonNull;
use std::string::ToString as _;
use std::vec::Vec;

use super::form::{AnyVec, are_bytes, behind_tag, fields, is_text, pair, part, unnamed};
use super::{NoJson, Value, leaf};
use crate::describe::{Kind, Member, TypeDesc};
use crate::wire::{BoxAbi, OpenAbi, RawBox, RawVec, SizedAbi, keep};

/// What the forms point to.
#[derive(Default)]
pub(super) struct Made {
    /// Memory that the receiver copies, zeros at first.
    rows: Vec<(NonNull<u8>, Layout)>,
    /// Bytes that are the receiver's.
    bytes: Vec<RawVec<u8>>,
}

impl Drop for Made {
    fn drop(&mut self) {
        for (ptr, layout) in self.rows.drain(..) {
            // SAFETY: it was allocated so, and whoever was to copy it has.
            unsafe { dealloc(ptr.as_ptr(), layout) };
        }
        for bytes in self.bytes.drain(..) {
            // SAFETY: nobody has received them.
            drop(unsafe { bytes.take() });
        }
    }
}

pub(super) fn expected<T>(what: &str, found: &Value) -> Result<T, NoJson> {
    let mut shown = found.to_string();
    if let Some((end, _)) = shown.char_indices().nth(60) {
        shown.truncate(end);
        shown.push('…');
    }
    Err(NoJson::new(format!("expected {what}, found {shown}")))
}

/// # Safety
/// There is room for a `T` at the place.
pub(super) unsafe fn put<T: Copy>(place: *mut u8, value: T) {
    // SAFETY: as the caller promises.
    unsafe { place.cast::<T>().write(value) };
}

impl Made {
    /// The receiver has the bytes from now on.
    pub(super) fn give_away(&mut self) {
        mem::take(&mut self.bytes);
    }

    /// Zeros for so many of these.
    fn room(&mut self, size: usize, align: usize, count: usize) -> Result<*mut u8, NoJson> {
        let bytes = size.checked_mul(count).ok_or_else(|| NoJson::new("it is larger than memory"))?;
        let Ok(layout) = Layout::from_size_align(bytes, align) else {
            return Err(NoJson::new("it is larger than memory"));
        };
        if bytes == 0 {
            return Ok(std::ptr::without_provenance_mut(align));
        }
        // SAFETY: the layout has a size.
        let ptr = unsafe { alloc_zeroed(layout) };
        let Some(kept) = NonNull::new(ptr) else { handle_alloc_error(layout) };
        self.rows.push((kept, layout));
        Ok(ptr)
    }

    pub(super) fn vector(&mut self, bytes: Vec<u8>) -> AnyVec {
        let form = RawVec::from_vec(bytes);
        self.bytes.push(form);
        form
    }

    /// Writes the wire form of a value.
    ///
    /// # Safety
    /// There is room for it at the place, and zeros.
    pub(super) unsafe fn value(
        &mut self,
        desc: &TypeDesc,
        json: &Value,
        place: *mut u8,
    ) -> Result<(), NoJson> {
        match desc.kind {
            // SAFETY: as the caller promises, here and below: the descriptor says how large what is.
            Kind::Scalar => unsafe { leaf::scalar(desc.name, json, place) },
            // SAFETY: as above.
            Kind::Std => unsafe { self.of_std(desc.name, json, place) },
            Kind::String => {
                let Value::String(text) = json else { return expected("a string", json) };
                let form = self.vector(text.clone().into_bytes());
                // SAFETY: as above.
                unsafe { put(place, form) };
                Ok(())
            }
            Kind::Vec | Kind::Set => {
                let Value::Array(items) = json else { return expected("an array", json) };
                // SAFETY: as above.
                unsafe { self.row(part(desc, 0), items, place) }
            }
            Kind::Array => {
                let len: usize = desc.name.parse().unwrap_or(0);
                let Value::Array(items) = json else { return expected("an array", json) };
                if items.len() != len {
                    return Err(NoJson::new(format!("expected {len} items, found {}", items.len())));
                }
                let elem = part(desc, 0);
                for (index, item) in items.iter().enumerate() {
                    // SAFETY: as above.
                    let done = unsafe { self.value(elem, item, place.wrapping_add(index * elem.size)) };
                    done.map_err(|error| error.within(&format!("[{index}]")))?;
                }
                Ok(())
            }
            // SAFETY: as above.
            Kind::Map => unsafe { self.map(desc, json, place) },
            Kind::Box => {
                let inner = part(desc, 0);
                let value = self.room(inner.size, inner.align, 1)?;
                // SAFETY: there is room, and zeros.
                unsafe { self.value(inner, json, value) }?;
                // SAFETY: as above.
                unsafe { put(place, BoxAbi { value, release: Some(keep) }) };
                Ok(())
            }
            Kind::Option => {
                if json.is_null() {
                    return Ok(());
                }
                let some = part(desc, 0);
                // SAFETY: as above.
                unsafe { put(place, 1_u32) };
                // SAFETY: as above.
                unsafe { self.value(some, json, place.wrapping_add(behind_tag(some.align))) }
            }
            Kind::Result => {
                let (name, content) = tagged(json, "{\"Ok\": …} or {\"Err\": …}")?;
                let (ok, err) = (part(desc, 0), part(desc, 1));
                let (tag, which) = match name {
                    "Ok" => (0_u32, ok),
                    "Err" => (1, err),
                    _ => return expected("{\"Ok\": …} or {\"Err\": …}", json),
                };
                // SAFETY: as above.
                unsafe { put(place, tag) };
                let inner = place.wrapping_add(behind_tag(ok.align.max(err.align)));
                // SAFETY: as above.
                let done = unsafe { self.value(which, content, inner) };
                done.map_err(|error| error.within(&format!(".{name}")))
            }
            // SAFETY: as above.
            Kind::Tuple => unsafe { self.items(desc.members, json, place) },
            // SAFETY: as above.
            Kind::Struct | Kind::Plain => unsafe { self.structure(desc.members, json, place, desc.name) },
            // SAFETY: as above.
            Kind::Sized => unsafe { self.sized(desc, json, place) },
            // SAFETY: as above.
            Kind::Enum | Kind::Open => unsafe { self.variant(desc, json, place) },
            _ => Err(NoJson::new(format!("a `{}` has no JSON", desc.name))),
        }
    }

    /// # Safety
    /// There is room for a vector's form.
    unsafe fn row(&mut self, elem: &TypeDesc, items: &[Value], place: *mut u8) -> Result<(), NoJson> {
        if are_bytes(elem) {
            let byte = |(index, item): (usize, &Value)| {
                let byte = item.as_u64().and_then(|byte| u8::try_from(byte).ok());
                let wrong = || expected::<u8>("an integer from 0 to 255", item);
                byte.map_or_else(wrong, Ok).map_err(|error| error.within(&format!("[{index}]")))
            };
            let bytes = items.iter().enumerate().map(byte).collect::<Result<Vec<u8>, _>>()?;
            let form = self.vector(bytes);
            // SAFETY: as the caller promises.
            unsafe { put(place, form) };
            return Ok(());
        }
        let ptr = self.room(elem.size, elem.align, items.len())?;
        for (index, item) in items.iter().enumerate() {
            // SAFETY: there is room for so many, and zeros.
            let done = unsafe { self.value(elem, item, ptr.wrapping_add(index * elem.size)) };
            done.map_err(|error| error.within(&format!("[{index}]")))?;
        }
        // SAFETY: as the caller promises.
        unsafe { put(place, lent(ptr, items.len())) };
        Ok(())
    }

    /// # Safety
    /// As for [`row`](Self::row).
    unsafe fn map(&mut self, desc: &TypeDesc, json: &Value, place: *mut u8) -> Result<(), NoJson> {
        let (key, item) = (part(desc, 0), part(desc, 1));
        let (behind_key, stride) = pair(key, item);
        let pairs: Vec<(Value, &Value)> = match json {
            Value::Object(object) if is_text(key) => {
                object.iter().map(|(key, value)| (Value::String(key.clone()), value)).collect()
            }
            Value::Array(pairs) if !is_text(key) => {
                let mut found = Vec::with_capacity(pairs.len());
                for pair in pairs {
                    let Some([key, value]) = pair.as_array().map(Vec::as_slice) else {
                        return expected("a pair", pair);
                    };
                    found.push((key.clone(), value));
                }
                found
            }
            _ if is_text(key) => return expected("an object", json),
            _ => return expected("an array of pairs", json),
        };
        let ptr = self.room(stride, key.align.max(item.align), pairs.len())?;
        for (index, (name, value)) in pairs.iter().enumerate() {
            let first = ptr.wrapping_add(index * stride);
            let inside = |error: NoJson| error.within(&format!("[{name}]"));
            // SAFETY: as above.
            unsafe { self.value(key, name, first) }.map_err(inside)?;
            // SAFETY: as above.
            unsafe { self.value(item, value, first.wrapping_add(behind_key)) }.map_err(inside)?;
        }
        // SAFETY: as the caller promises.
        unsafe { put(place, lent(ptr, pairs.len())) };
        Ok(())
    }

    /// # Safety
    /// There is room for the members at the place, and zeros.
    unsafe fn items(&mut self, members: &[Member], json: &Value, place: *mut u8) -> Result<(), NoJson> {
        let Value::Array(items) = json else { return expected("an array", json) };
        if items.len() != members.len() {
            return Err(NoJson::new(format!("expected {} items, found {}", members.len(), items.len())));
        }
        for (index, (member, item)) in members.iter().zip(items).enumerate() {
            // SAFETY: as the caller promises.
            let done = unsafe { self.value(member.ty.get(), item, place.wrapping_add(member.offset)) };
            done.map_err(|error| error.within(&format!(".{index}")))?;
        }
        Ok(())
    }

    /// Fields as serde writes them: all of them, and no others.
    ///
    /// # Safety
    /// As for [`items`](Self::items).
    unsafe fn structure(
        &mut self,
        members: &[Member],
        json: &Value,
        place: *mut u8,
        name: &str,
    ) -> Result<(), NoJson> {
        match members {
            [] if json.is_null() => Ok(()),
            [] => expected("null", json),
            [only] if unnamed(members) => {
                // SAFETY: as the caller promises.
                unsafe { self.value(only.ty.get(), json, place.wrapping_add(only.offset)) }
            }
            // SAFETY: as above.
            _ if unnamed(members) => unsafe { self.items(members, json, place) },
            _ => {
                let Value::Object(object) = json else { return expected("an object", json) };
                if let Some(other) =
                    object.keys().find(|key| !members.iter().any(|member| member.name == **key))
                {
                    return Err(NoJson::new(format!("`{name}` has no field `{other}`")));
                }
                for member in members {
                    let Some(field) = object.get(member.name) else {
                        return Err(NoJson::new(format!(
                            "the field `{}` of `{name}` is missing",
                            member.name
                        )));
                    };
                    // SAFETY: as above.
                    let done =
                        unsafe { self.value(member.ty.get(), field, place.wrapping_add(member.offset)) };
                    done.map_err(|error| error.within(&format!(".{}", member.name)))?;
                }
                Ok(())
            }
        }
    }

    /// The fields that are there, as an older side would send them; what nobody knows is left out.
    ///
    /// # Safety
    /// There is room for a sized struct's form.
    unsafe fn sized(&mut self, desc: &TypeDesc, json: &Value, place: *mut u8) -> Result<(), NoJson> {
        let members = desc.members;
        let found: Vec<Option<&Value>> = match json {
            Value::Null if members.is_empty() => Vec::new(),
            Value::Array(items) if unnamed(members) => {
                members.iter().enumerate().map(|(at, _)| items.get(at)).collect()
            }
            Value::Object(object) if !unnamed(members) => {
                members.iter().map(|member| object.get(member.name)).collect()
            }
            _ if unnamed(members) => return expected("an array", json),
            _ => return expected("an object", json),
        };
        let known = found.iter().take_while(|field| field.is_some()).count();
        if let Some((missing, _)) =
            members.iter().zip(&found).skip(known).find(|(member, _)| !member.optional)
        {
            return Err(NoJson::new(format!("the field `{}` of `{}` is missing", missing.name, desc.name)));
        }
        if let Some(behind) = found.iter().skip(known).position(Option::is_some) {
            let (missing, there) = (members[known].name, members[known + behind].name);
            return Err(NoJson::new(format!("`{there}` is there and `{missing}` before it is not")));
        }
        let mut content = RawBox::EMPTY;
        if known > 0 {
            let (size, align) = fields(members);
            let payload = self.room(size, align, 1)?;
            for (member, field) in members.iter().zip(found.into_iter().flatten()) {
                // SAFETY: there is room, and zeros.
                let done = unsafe { self.value(member.ty.get(), field, payload.wrapping_add(member.offset)) };
                done.map_err(|error| error.within(&format!(".{}", member.name)))?;
            }
            content = RawBox { payload: payload.cast(), release: Some(keep) };
        }
        let fields = u32::try_from(known).map_err(|_| NoJson::new("it has too many fields"))?;
        // SAFETY: as the caller promises.
        unsafe { put(place, SizedAbi { fields, content }) };
        Ok(())
    }

    /// # Safety
    /// There is room for an enum's form, and zeros.
    unsafe fn variant(&mut self, desc: &TypeDesc, json: &Value, place: *mut u8) -> Result<(), NoJson> {
        let is_open = desc.kind == Kind::Open;
        let (name, content) = match json {
            Value::String(name) => (name.as_str(), None),
            _ => {
                let (name, content) = tagged(json, &format!("a variant of `{}`", desc.name))?;
                (name, Some(content))
            }
        };
        let Some(variant) = desc.variants.iter().find(|variant| variant.name == name) else {
            let number = content.and_then(Value::as_u64).and_then(|tag| u32::try_from(tag).ok());
            let (true, "Unknown", Some(tag)) = (is_open, name, number) else {
                let names: Vec<_> = desc.variants.iter().map(|variant| variant.name).collect();
                let known = names.join(", ");
                return Err(NoJson::new(format!(
                    "`{}` has no variant `{name}`; there are: {known}",
                    desc.name
                )));
            };
            // SAFETY: as the caller promises.
            unsafe { put(place, OpenAbi { tag, fields: 0, content: RawBox::EMPTY }) };
            return Ok(());
        };
        let count = variant.fields.len();
        if (count == 0) != content.is_none() {
            let form = if count == 0 { format!("\"{name}\"") } else { format!("{{\"{name}\": …}}") };
            return expected(&form, json);
        }
        let tag = variant.tag;
        // SAFETY: as above.
        unsafe { put(place, tag) };
        let Some(content) = content else { return Ok(()) };
        let payload = if is_open {
            let (size, align) = fields(variant.fields);
            let payload = self.room(size, align, 1)?;
            let fields = u32::try_from(count).map_err(|_| NoJson::new("it has too many fields"))?;
            let content = RawBox { payload: payload.cast(), release: Some(keep) };
            // SAFETY: as above.
            unsafe { put(place, OpenAbi { tag, fields, content }) };
            payload
        } else {
            place.wrapping_add(behind_tag(desc.align))
        };
        // SAFETY: there is room for the fields, and zeros.
        let done = unsafe { self.structure(variant.fields, content, payload, name) };
        done.map_err(|error| error.within(&format!(".{name}")))
    }
}

/// A vector that the receiver copies.
fn lent(ptr: *mut u8, len: usize) -> AnyVec {
    RawVec { ptr, len, cap: len, free: None }
}

/// `{"Ok": …}`: an object with one field.
fn tagged<'a>(json: &'a Value, what: &str) -> Result<(&'a str, &'a Value), NoJson> {
    let only = json.as_object().filter(|object| object.len() == 1).and_then(|object| object.iter().next());
    match only {
        Some((name, content)) => Ok((name, content)),
        None => expected(what, json),
    }
}
