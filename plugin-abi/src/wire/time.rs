//! Spans and points of time, as seconds and nanoseconds.
//!
//! In: `Duration`, `SystemTime`. Out: two numbers, of which the nanoseconds stay below a second. It does not know clocks:
//! an `Instant` means nothing to another machine, and is not here.

use core::time::Duration;
#[cfg(feature = "std")]
use std::time::{SystemTime, UNIX_EPOCH};

use super::{Invalid, PluginType, built_in, lent_as_it_is};
use crate::Hasher;
use crate::describe::{Kind, TypeRef};

/// `Duration` on the wire.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct DurationAbi {
    /// Whole seconds.
    pub secs: u64,
    /// What is more than those, in nanoseconds: less than a second.
    pub nanos: u32,
}

/// `SystemTime` on the wire: as POSIX has it in a `timespec`.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct SystemTimeAbi {
    /// Whole seconds since 1970-01-01 00:00:00 UTC, rounded down; negative before.
    pub secs: i64,
    /// How long after those, in nanoseconds: less than a second.
    pub nanos: u32,
}

const SECOND: u32 = 1_000_000_000;

const fn checked(nanos: u32) -> Result<u32, Invalid> {
    if nanos < SECOND { Ok(nanos) } else { Err(Invalid::Nanos(nanos)) }
}

// SAFETY: two numbers, and `from_abi` accepts less than a second of nanoseconds only.
unsafe impl PluginType for Duration {
    type Abi = DurationAbi;
    const ID: u128 = Hasher::new().text("Duration").finish().0;
    const DESC: TypeRef =
        TypeRef::new(const { &built_in::<DurationAbi>(Self::ID, Kind::Std, "Duration", &[]) });

    #[inline]
    fn into_abi(self) -> DurationAbi {
        DurationAbi { secs: self.as_secs(), nanos: self.subsec_nanos() }
    }

    lent_as_it_is!();

    #[inline]
    unsafe fn from_abi(abi: DurationAbi) -> Result<Self, Invalid> {
        Ok(Self::new(abi.secs, checked(abi.nanos)?))
    }
}

#[cfg(feature = "std")]
// SAFETY: two numbers, and `from_abi` accepts what this system's clock can show only.
unsafe impl PluginType for SystemTime {
    type Abi = SystemTimeAbi;
    const ID: u128 = Hasher::new().text("SystemTime").finish().0;
    const DESC: TypeRef =
        TypeRef::new(const { &built_in::<SystemTimeAbi>(Self::ID, Kind::Std, "SystemTime", &[]) });

    fn into_abi(self) -> SystemTimeAbi {
        // No system's clock goes further than 64 bits of seconds; were there one, the last that they count is sent.
        match self.duration_since(UNIX_EPOCH) {
            Ok(after) => SystemTimeAbi {
                secs: i64::try_from(after.as_secs()).unwrap_or(i64::MAX),
                nanos: after.subsec_nanos(),
            },
            Err(before) => {
                let before = before.duration();
                let secs = 0_i64.saturating_sub_unsigned(before.as_secs());
                match before.subsec_nanos() {
                    0 => SystemTimeAbi { secs, nanos: 0 },
                    nanos => SystemTimeAbi { secs: secs.saturating_sub(1), nanos: SECOND - nanos },
                }
            }
        }
    }

    lent_as_it_is!();

    unsafe fn from_abi(abi: SystemTimeAbi) -> Result<Self, Invalid> {
        let nanos = Duration::from_nanos(u64::from(checked(abi.nanos)?));
        let secs = Duration::from_secs(abi.secs.unsigned_abs());
        let whole = if abi.secs < 0 { UNIX_EPOCH.checked_sub(secs) } else { UNIX_EPOCH.checked_add(secs) };
        whole.and_then(|whole| whole.checked_add(nanos)).ok_or(Invalid::Time(abi.secs))
    }
}
