//! What is lent to be changed: `&mut String`, `&mut Item`.
//!
//! In: a reference. Out: the wire form of a copy, which the receiver makes a value of its own of, and writes back what became
//! of it, also when the method panics. Until it has come back, and is a value, the sender's is what it was. No side ever has
//! memory of the other's in a vector that it may grow. It does not know which call it is.

use core::mem::ManuallyDrop;
use core::ops::{Deref, DerefMut};

use super::{Invalid, Mirrors, PluginType};
use crate::call::{self, Answer, Out, Rejected, Status, rejected};

/// `&mut T` on the wire: a pointer to this, lent for the call.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct ChangeAbi<F> {
    /// The value: the sender's as it was, whatever of it comes with memory the receiver's own; then the receiver's, and what
    /// comes with memory is the sender's own.
    pub value: F,
    /// 0 as long as it is the sender's, 1 once the receiver has written its own.
    pub changed: u32,
}

/// The sender's half.
pub struct Change<'a, T: PluginType> {
    target: &'a mut T,
    form: ChangeAbi<T::Abi>,
    _kept: Mirrors,
}

impl<'a, T: PluginType> Change<'a, T> {
    /// Lends the value.
    #[must_use]
    pub fn of(target: &'a mut T) -> Self {
        let mut kept = Mirrors::of_copies();
        let value = target.lend(&mut kept);
        Self { target, form: ChangeAbi { value, changed: 0 }, _kept: kept }
    }

    /// Where the form is.
    #[must_use]
    pub fn place(&mut self) -> *mut ChangeAbi<T::Abi> {
        &raw mut self.form
    }

    /// Takes what became of it. What is no value leaves the sender's as it was, and is what the call failed of.
    ///
    /// # Safety
    /// The call that [`place`](Self::place) was passed to has ended with this answer, and `out` was written as it says, from an
    /// `R` of the same fingerprint.
    pub unsafe fn finish<R: PluginType>(
        self,
        argument: &'static str,
        answer: Answer,
        out: *mut Out<R::Abi>,
    ) -> Answer {
        let back = match self.form.changed {
            0 => return answer,
            // SAFETY: the receiver says that it has written a form of its own, which is read once.
            1 => unsafe { T::from_abi(self.form.value) },
            tag => Err(Invalid::Tag { name: "&mut", tag }),
        };
        match back {
            Ok(value) => {
                *self.target = value;
                answer
            }
            // Something else was wrong before, and has its text.
            Err(_) if answer.status != Status::OK => answer,
            Err(invalid) => {
                // SAFETY: the status says that there is a result.
                let result = unsafe { answer.result(out) };
                // SAFETY: it is not read again; whoever called hears of the argument instead.
                drop(unsafe { R::from_abi(result) });
                // SAFETY: the caller lends the place.
                Answer::ended(unsafe {
                    call::fail(out.cast(), Status::INVALID, Rejected { argument, invalid }.text())
                })
            }
        }
    }
}

/// The receiver's half: a value of its own, which is written back when this is dropped.
pub struct Changed<T: PluginType> {
    value: ManuallyDrop<T>,
    place: *mut ChangeAbi<T::Abi>,
}

/// Takes an argument that was lent to be changed.
///
/// # Errors
/// [`Rejected`], when there is no `T`.
///
/// # Safety
/// `place` is null, or points to what [`Change`] or code that follows the wire form made; it is received once, lent to nobody
/// else, and alive for as long as the answer is.
pub unsafe fn lent_mut<T: PluginType>(
    argument: &'static str,
    place: *mut ChangeAbi<T::Abi>,
) -> Result<Changed<T>, Rejected> {
    // SAFETY: the caller's promise is the same.
    rejected(argument, unsafe { take(place) })
}

/// # Safety
/// As for [`lent_mut`].
unsafe fn take<T: PluginType>(place: *mut ChangeAbi<T::Abi>) -> Result<Changed<T>, Invalid> {
    if place.is_null() {
        return Err(Invalid::NullPointer);
    }
    if !place.is_aligned() {
        return Err(Invalid::Misaligned);
    }
    // SAFETY: it was checked just now, and a form is there, says the caller.
    let form = unsafe { (*place).value };
    // SAFETY: as the caller promises.
    let value = unsafe { T::from_abi(form) }?;
    Ok(Changed { value: ManuallyDrop::new(value), place })
}

impl<T: PluginType> Deref for Changed<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: PluginType> DerefMut for Changed<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.value
    }
}

impl<T: PluginType> Drop for Changed<T> {
    fn drop(&mut self) {
        // SAFETY: it is not used again.
        let value = unsafe { ManuallyDrop::take(&mut self.value) };
        let form = ChangeAbi { value: value.into_abi(), changed: 1 };
        // SAFETY: the sender lends the place for as long as this lives.
        unsafe { self.place.write(form) };
    }
}
