//! Time as the crate `jiff` has it: points and spans as numbers, what has a time zone as its RFC 9557 text.
//!
//! In: times. Out: seconds and nanoseconds, dates, or a text such as `2026-03-01T12:00:00+01:00[Europe/Berlin]`; the other
//! side must know that time zone. It does not know clocks.

use alloc::string::{String, ToString as _};

use jiff::civil::{Date, DateTime, Time};
use jiff::{SignedDuration, Timestamp, Zoned};

use super::{of_struct, texts};
use crate::Hasher;
use crate::describe::{Member, TypeRef};
use crate::wire::{Invalid, PluginType, lent_as_it_is, unnamed};

/// Structs of numbers: `repr(C)` mirrors, read again by the crate's own constructors.
macro_rules! numbers {
    ($($abi:ident $id:literal $name:literal $ty:ty {
        $($field:ident: $number:ty = |$value:ident| $get:expr),*
    } |$form:ident| $read:expr;)*) => {$(
        #[doc = concat!("`", $name, "` on the wire.")]
        #[derive(Clone, Copy, Debug)]
        #[repr(C)]
        pub struct $abi {
            $(
                #[doc = concat!("Its ", stringify!($field), ".")]
                pub $field: <$number as PluginType>::Abi,
            )*
        }

        // SAFETY: numbers, and `from_abi` accepts what the type's own crate does only.
        unsafe impl PluginType for $ty {
            type Abi = $abi;
            const ID: u128 = Hasher::new().text($id).finish().0;
            const DESC: TypeRef = TypeRef::new(const {
                let members = const { &[$(Member {
                    name: stringify!($field),
                    offset: core::mem::offset_of!($abi, $field),
                    ..unnamed(<$number>::DESC)
                }),*] };
                &of_struct::<$abi>(Self::ID, $name, members)
            });

            fn into_abi(self) -> $abi {
                $abi { $($field: { let $value = self; $get.into_abi() }),* }
            }

            lent_as_it_is!();

            unsafe fn from_abi($form: $abi) -> Result<Self, Invalid> {
                $read
            }
        }
    )*};
}

const fn wrong<E>(name: &'static str) -> impl FnOnce(E) -> Invalid {
    move |_| Invalid::Form { name }
}

numbers! {
    TimestampAbi "jiff::Timestamp" "Timestamp" Timestamp {
        secs: i64 = |time| time.as_second(), nanos: i32 = |time| time.subsec_nanosecond()
    } |form| Timestamp::new(form.secs, form.nanos).map_err(wrong("Timestamp"));
    SignedDurationAbi "jiff::SignedDuration" "SignedDuration" SignedDuration {
        secs: i64 = |span| span.as_secs(), nanos: i32 = |span| span.subsec_nanos()
    } |form| {
        // A second more or less could be one more than there are.
        let less = form.nanos.unsigned_abs() < 1_000_000_000;
        less.then(|| SignedDuration::new(form.secs, form.nanos)).ok_or(Invalid::Form { name: "SignedDuration" })
    };
    DateAbi "jiff::civil::Date" "Date" Date {
        year: i16 = |date| date.year(), month: i8 = |date| date.month(), day: i8 = |date| date.day()
    } |form| Date::new(form.year, form.month, form.day).map_err(wrong("Date"));
    TimeAbi "jiff::civil::Time" "Time" Time {
        hour: i8 = |time| time.hour(), minute: i8 = |time| time.minute(), second: i8 = |time| time.second(),
        nanos: i32 = |time| time.subsec_nanosecond()
    } |form| Time::new(form.hour, form.minute, form.second, form.nanos).map_err(wrong("Time"));
    DateTimeAbi "jiff::civil::DateTime" "DateTime" DateTime {
        date: Date = |at| at.date(), time: Time = |at| at.time()
    } |form| {
        // SAFETY: it is made of numbers, which are checked.
        let date = unsafe { Date::from_abi(form.date) }?;
        // SAFETY: as above.
        let time = unsafe { Time::from_abi(form.time) }?;
        Ok(DateTime::from_parts(date, time))
    };
}

texts! {
    "jiff::Zoned" "Zoned" Zoned: |zoned| zoned.to_string(), |text| text.parse::<Zoned>();
}
