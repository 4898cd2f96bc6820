//! Fields behind a pointer: what grows keeps one size on the wire.
//!
//! In: the mirror structs of fields. Out: forms of constant size, and back, whatever number of fields or variants the
//! other side knows. It does not know which type a box belongs to: the derive prints the fields.
//!
//! An enum that is open and a struct that is sized lie in vectors, options and fields of others. A side that knows one
//! variant or field more would lay all of these out in another way; so the fields are in a box of the sender's.

use alloc::boxed::Box;
use core::mem::MaybeUninit;

use super::mirror::keep;
use super::{Invalid, Mirrors, PluginType};

/// The `repr(C)` mirror of a variant's or a struct's fields.
///
/// # Safety
/// Implemented by the derive only: `ENDS` are the places behind the fields, in their order, which is that of the wire
/// forms in the struct; `discard` panics for no value that crosses.
pub unsafe trait Payload: Copy {
    /// Where each field ends, in bytes: its offset and its size.
    const ENDS: &'static [usize];

    /// Drops the fields from the one with number `taken` on.
    ///
    /// # Safety
    /// As for [`PluginType::from_abi`], of each of these fields.
    unsafe fn discard(self, taken: u32);
}

/// The fields of one value, in memory of the sender's. Both parts are null when there are no fields.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct RawBox {
    /// A `repr(C)` struct of the fields' wire forms.
    pub payload: *mut (),
    /// Gives the memory back: called once with `payload` and the number of fields, from the first on, that the receiver
    /// has moved out. The sender drops the others.
    pub release: Option<unsafe extern "C" fn(*mut (), u32)>,
}

/// An enum that is open, on the wire.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct OpenAbi {
    /// The variant's number, which the receiver need not know.
    pub tag: u32,
    /// How many fields the variant has.
    pub fields: u32,
    /// The variant's fields.
    pub content: RawBox,
}

/// A struct that is sized, on the wire.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct SizedAbi {
    /// How many fields the sender knows.
    pub fields: u32,
    /// The fields.
    pub content: RawBox,
}

const fn count<P: Payload>() -> u32 {
    P::ENDS.len() as u32
}

impl RawBox {
    /// Of what has no fields.
    pub const EMPTY: Self = Self { payload: core::ptr::null_mut(), release: None };

    fn new<P: Payload>(fields: P) -> Self {
        Self { payload: Box::into_raw(Box::new(fields)).cast(), release: Some(release::<P>) }
    }

    /// Of fields that stay the sender's.
    fn lent<P: Payload>(fields: P, mirrors: &mut Mirrors) -> Self {
        Self { payload: mirrors.keep(alloc::vec![fields]).cast(), release: Some(keep) }
    }

    /// What there is, if the parts fit together. Where one of them is missing, nothing is given back: it cannot be told
    /// what is there.
    ///
    /// # Safety
    /// The box was sent as the wire form says, and is not used again unless it is the answer.
    unsafe fn check(self, fields: u32) -> Result<Option<Sent>, Invalid> {
        match (self.release, self.payload.is_null()) {
            (None, true) if fields == 0 => Ok(None),
            (Some(release), false) => {
                let sent = Sent { payload: self.payload, release, fields };
                if fields > 0 {
                    return Ok(Some(sent));
                }
                // SAFETY: nothing was moved out; the caller promises the rest.
                unsafe { sent.release(0) };
                Err(Invalid::Content)
            }
            (_, true) if fields > 0 => Err(Invalid::NullPointer),
            _ => Err(Invalid::Content),
        }
    }
}

/// Fields that have arrived, and there is at least one.
#[derive(Clone, Copy)]
struct Sent {
    payload: *mut (),
    release: unsafe extern "C" fn(*mut (), u32),
    fields: u32,
}

impl Sent {
    /// Copies out what both sides know, and gives the box back.
    ///
    /// # Safety
    /// The box was sent as the wire form says, begins with the fields of `P` as far as it has any, and is not used again.
    unsafe fn take<P: Payload>(self) -> Taken<P> {
        let taken = self.fields.min(count::<P>());
        let bytes = taken.checked_sub(1).map_or(0, |last| P::ENDS[last as usize]);
        let mut fields = MaybeUninit::<P>::uninit();
        // SAFETY: the sender's struct has `taken` fields, which end where ours do; bytes have no alignment, and ours are
        // nobody else's.
        unsafe { self.payload.cast::<u8>().copy_to_nonoverlapping(fields.as_mut_ptr().cast(), bytes) };
        // SAFETY: the caller promises it of the whole box, whose first fields have just moved out.
        unsafe { self.release(taken) };
        Taken { fields, count: taken }
    }

    /// Gives the box back.
    ///
    /// # Safety
    /// The box was sent as the wire form says, its first `taken` fields have moved out, and it is not used again.
    unsafe fn release(self, taken: u32) {
        // SAFETY: `release` comes with the box, and is called once.
        unsafe { (self.release)(self.payload, taken) };
    }
}

/// Drops the fields that the receiver left, and the box.
unsafe extern "C" fn release<P: Payload>(payload: *mut (), taken: u32) {
    // SAFETY: `RawBox::new::<P>` of this very side made the pointer from a box, and the receiver gives it back once.
    let fields = unsafe { Box::from_raw(payload.cast::<P>()) };
    // SAFETY: these fields were made here, and the receiver says that it has not moved them out.
    unsafe { fields.discard(taken) };
}

/// The fields of a sized struct that both sides know.
pub struct Taken<P> {
    fields: MaybeUninit<P>,
    count: u32,
}

impl<P: Payload> Taken<P> {
    /// The field with this number; nothing when the sender does not know it.
    ///
    /// # Errors
    /// The field's bytes are no `T`.
    ///
    /// # Safety
    /// The field is a `T`, as the sender promised of the whole, and is not asked for again.
    pub unsafe fn field<T: PluginType>(&self, at: u32) -> Result<Option<T>, Invalid> {
        if at >= self.count {
            return Ok(None);
        }
        let offset = P::ENDS[at as usize] - size_of::<T::Abi>();
        let field = self.fields.as_ptr().wrapping_byte_add(offset).cast::<T::Abi>();
        // SAFETY: the field lies at its end less its size, and was copied here, because it is below `count`.
        let field = unsafe { field.read() };
        // SAFETY: as the caller promises.
        unsafe { T::from_abi(field) }.map(Some)
    }
}

impl OpenAbi {
    /// A variant without fields.
    #[must_use]
    pub const fn empty(tag: u32) -> Self {
        Self { tag, fields: 0, content: RawBox::EMPTY }
    }

    /// A variant with fields.
    #[must_use]
    pub fn new<P: Payload>(tag: u32, fields: P) -> Self {
        Self { tag, fields: count::<P>(), content: RawBox::new(fields) }
    }

    /// A variant whose fields stay the sender's.
    #[must_use]
    pub fn lent<P: Payload>(tag: u32, fields: P, mirrors: &mut Mirrors) -> Self {
        Self { tag, fields: count::<P>(), content: RawBox::lent(fields, mirrors) }
    }

    /// The fields of a variant that the receiver knows.
    ///
    /// # Errors
    /// There are more or fewer, or the box makes no sense.
    ///
    /// # Safety
    /// This is what [`new`](Self::new) or code that follows the wire form made of a variant with the fields of `P`, as
    /// far as their number is the same, and it is not used again.
    pub unsafe fn take<P: Payload>(self, name: &'static str) -> Result<P, Invalid> {
        let expected = count::<P>();
        // SAFETY: as the caller promises.
        match unsafe { self.content.check(self.fields) }? {
            Some(sent) if sent.fields == expected => {
                // SAFETY: as the caller promises.
                let taken = unsafe { sent.take::<P>() };
                // SAFETY: all fields are there, and what lies between them is never read.
                Ok(unsafe { taken.fields.assume_init() })
            }
            Some(sent) => {
                // SAFETY: as the caller promises.
                unsafe { sent.release(0) };
                Err(Invalid::Fields { name, found: self.fields, expected })
            }
            None => Err(Invalid::Fields { name, found: 0, expected }),
        }
    }

    /// That a variant that the receiver knows has no fields.
    ///
    /// # Errors
    /// It has some, or the box makes no sense.
    ///
    /// # Safety
    /// As for [`discard`](Self::discard).
    pub unsafe fn take_none(self, name: &'static str) -> Result<(), Invalid> {
        // SAFETY: as the caller promises.
        unsafe { self.discard() }?;
        match self.fields {
            0 => Ok(()),
            found => Err(Invalid::Fields { name, found, expected: 0 }),
        }
    }

    /// Gives back whatever a variant that the receiver does not know holds.
    ///
    /// # Errors
    /// The box makes no sense.
    ///
    /// # Safety
    /// This came from [`new`](Self::new) or code that follows the wire form, and is not used again.
    pub unsafe fn discard(self) -> Result<(), Invalid> {
        // SAFETY: as the caller promises.
        if let Some(sent) = unsafe { self.content.check(self.fields) }? {
            // SAFETY: as the caller promises.
            unsafe { sent.release(0) };
        }
        Ok(())
    }
}

impl SizedAbi {
    /// A struct without fields.
    pub const EMPTY: Self = Self { fields: 0, content: RawBox::EMPTY };

    /// A struct with fields.
    #[must_use]
    pub fn new<P: Payload>(fields: P) -> Self {
        Self { fields: count::<P>(), content: RawBox::new(fields) }
    }

    /// A struct whose fields stay the sender's.
    #[must_use]
    pub fn lent<P: Payload>(fields: P, mirrors: &mut Mirrors) -> Self {
        Self { fields: count::<P>(), content: RawBox::lent(fields, mirrors) }
    }

    /// The fields that both sides know. The sender drops its others.
    ///
    /// # Errors
    /// The box makes no sense.
    ///
    /// # Safety
    /// This is what [`new`](Self::new) or code that follows the wire form made of a struct that begins with the fields of
    /// `P`, or with which those of `P` begin, and it is not used again.
    pub unsafe fn take<P: Payload>(self) -> Result<Taken<P>, Invalid> {
        // SAFETY: as the caller promises.
        match unsafe { self.content.check(self.fields) }? {
            // SAFETY: as the caller promises.
            Some(sent) => Ok(unsafe { sent.take() }),
            None => Ok(Taken { fields: MaybeUninit::uninit(), count: 0 }),
        }
    }
}
