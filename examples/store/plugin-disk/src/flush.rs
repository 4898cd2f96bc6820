//! When a write waits for the medium.
//!
//! Writes come in, transactions of the right durability go out. Knows nothing of tables. The rule is stated
//! for users in the crate's documentation; the figures and the reasons are here.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use redb::{Database, Durability, Error, WriteTransaction};

/// A burst is flushed by the write that makes it this many writes.
const MAX_WRITES: u32 = 1024;
/// A burst is flushed by the write that makes it this many bytes of values.
const MAX_BYTES: usize = 32 << 20;
/// A write that comes this long after the last flush is flushed: the store was idle, or busy for long.
const MAX_AGE: Duration = Duration::from_secs(1);

/// Decides for each write, and remembers what has not reached the medium yet.
#[derive(Debug, Default)]
pub(crate) struct Flushing {
    /// Held while writing, so that decision and write are one; redb admits one writer at a time anyway.
    pending: Mutex<Pending>,
}

/// What has been written since the last flush.
#[derive(Debug, Default)]
struct Pending {
    writes: u32,
    bytes: usize,
    last_flush: Option<Instant>,
}

impl Pending {
    /// Whether the next write, of `bytes` bytes, has to reach the medium before its call returns.
    fn is_due(&self, bytes: usize) -> bool {
        self.writes + 1 >= MAX_WRITES
            || self.bytes.saturating_add(bytes) >= MAX_BYTES
            || self.last_flush.is_none_or(|last| last.elapsed() >= MAX_AGE)
    }

    fn flushed(&mut self) {
        *self = Self { last_flush: Some(Instant::now()), ..Self::default() };
    }
}

impl Flushing {
    /// Runs `statement`, which says whether it changed anything, as one transaction that adds `bytes` bytes
    /// of values, and returns what it said. A statement that changed nothing leaves no trace.
    pub(crate) fn write(
        &self,
        database: &Database,
        bytes: usize,
        statement: impl FnOnce(&WriteTransaction) -> Result<bool, Error>,
    ) -> Result<bool, Error> {
        let mut pending = self.pending();
        let due = pending.is_due(bytes);
        let mut transaction = database.begin_write()?;
        transaction.set_durability(if due { Durability::Immediate } else { Durability::None })?;
        if !statement(&transaction)? {
            transaction.abort()?;
            return Ok(false);
        }
        // Counted first: should the commit fail or panic, the worst that follows is a flush too many.
        pending.writes += 1;
        pending.bytes += bytes;
        transaction.commit()?;
        if due {
            pending.flushed();
        }
        Ok(true)
    }

    /// Waits until everything that was written is durable.
    pub(crate) fn flush(&self, database: &Database) -> Result<(), Error> {
        let mut pending = self.pending();
        if pending.writes > 0 {
            // An empty durable transaction takes all earlier ones with it.
            database.begin_write()?.commit()?;
            pending.flushed();
        }
        Ok(())
    }

    /// The counts, also after a panic while they were locked: they are never too low.
    fn pending(&self) -> MutexGuard<'_, Pending> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn just_flushed() -> Pending {
        let mut pending = Pending::default();
        pending.flushed();
        pending
    }

    #[test]
    fn a_lone_write_is_flushed_and_the_one_right_behind_it_is_not() {
        assert!(Pending::default().is_due(1), "the first after opening");
        assert!(!just_flushed().is_due(1), "right behind a flush");
        let idle = Pending { last_flush: Instant::now().checked_sub(MAX_AGE), ..just_flushed() };
        assert!(idle.is_due(1), "after a pause");
    }

    #[test]
    fn a_burst_is_flushed_by_its_number_and_by_its_bytes() {
        let many = |writes| Pending { writes, ..just_flushed() };
        assert!(!many(MAX_WRITES - 2).is_due(1));
        assert!(many(MAX_WRITES - 1).is_due(1));
        let large = |bytes| Pending { bytes, ..just_flushed() };
        assert!(!large(MAX_BYTES - 2).is_due(1));
        assert!(large(MAX_BYTES - 1).is_due(1));
        assert!(just_flushed().is_due(MAX_BYTES), "one large value");
    }
}
