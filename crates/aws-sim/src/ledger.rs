//! What was asked, counted and in order.

use crate::kind::{Kind, Target};
use serde::Serialize;
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Requests since the start or the last reset. `_sim` and `_cdn` are not among them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// By kind; those that were refused or cut count as well.
    pub requests: BTreeMap<Kind, u64>,
    /// All of them: the number of the last request.
    pub total: u64,
    /// Those that change what S3 stores.
    pub writes: u64,
    /// Bytes of bodies, as their senders declared them.
    pub bytes_in: u64,
    /// Bytes of answers' bodies.
    pub bytes_out: u64,
    /// Answers by status.
    pub statuses: BTreeMap<u16, u64>,
    /// Requests whose connection was cut instead of an answer.
    pub cut: u64,
    /// Faults that struck, by name.
    pub faults: BTreeMap<String, u64>,
}

impl Counts {
    /// How many requests of a kind there were.
    pub fn of(&self, kind: Kind) -> u64 {
        self.requests.get(&kind).copied().unwrap_or(0)
    }
}

/// One request of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Record {
    /// From 1, in order of arrival.
    pub number: u64,
    /// What it was.
    pub kind: Kind,
    /// Empty for services without buckets.
    pub bucket: String,
    /// Decoded; empty for a request of a bucket.
    pub key: String,
    /// The answer's status; 0 while there is none, and for good when the connection was cut.
    pub status: u16,
    /// The faults that struck it.
    pub faults: Vec<String>,
}

#[derive(Debug, Default)]
struct Inner {
    counts: Counts,
    log: VecDeque<Record>,
}

/// Counts and the log, of which the last `log_length` records are kept.
#[derive(Debug)]
pub(crate) struct Ledger {
    inner: Mutex<Inner>,
    log_length: usize,
}

impl Ledger {
    pub(crate) fn new(log_length: usize) -> Ledger {
        Ledger { inner: Mutex::default(), log_length }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a request that has arrived; gives its number.
    pub(crate) fn begin(&self, target: &Target, bytes_in: u64) -> u64 {
        let mut inner = self.lock();
        let counts = &mut inner.counts;
        counts.total += 1;
        counts.writes += u64::from(target.kind.is_write());
        counts.bytes_in += bytes_in;
        *counts.requests.entry(target.kind).or_default() += 1;
        let number = counts.total;
        if self.log_length > 0 {
            if inner.log.len() == self.log_length {
                inner.log.pop_front();
            }
            inner.log.push_back(Record {
                number,
                kind: target.kind,
                bucket: target.bucket.clone(),
                key: target.key.clone(),
                status: 0,
                faults: Vec::new(),
            });
        }
        number
    }

    /// Notes how request `number` ended; `status` 0 says that its connection was cut.
    pub(crate) fn end(&self, number: u64, status: u16, bytes_out: u64, faults: Vec<String>) {
        let mut inner = self.lock();
        let counts = &mut inner.counts;
        if number > counts.total {
            return; // It began before a reset.
        }
        counts.bytes_out += bytes_out;
        if status == 0 {
            counts.cut += 1;
        } else {
            *counts.statuses.entry(status).or_default() += 1;
        }
        for fault in &faults {
            *counts.faults.entry(fault.clone()).or_default() += 1;
        }
        let first = inner.log.front().map_or(0, |record| record.number);
        let index = number.checked_sub(first).and_then(|index| usize::try_from(index).ok());
        if let Some(record) = index.and_then(|index| inner.log.get_mut(index)) {
            record.status = status;
            record.faults = faults;
        }
    }

    pub(crate) fn counts(&self) -> Counts {
        self.lock().counts.clone()
    }

    pub(crate) fn log(&self) -> Vec<Record> {
        self.lock().log.iter().cloned().collect()
    }

    pub(crate) fn reset(&self) {
        *self.lock() = Inner::default();
    }
}
