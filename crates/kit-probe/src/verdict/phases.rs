//! The times of a member's passes, kept small. PURE.
#![warn(clippy::disallowed_methods)]

use crate::event::{Phases, Sample};

/// Passes of a member whose times are kept. 2,000 members take 20 MB with it.
pub const KEPT_PASSES: usize = 512;

/// Times in 20 bytes each as long as all of them are under 71 minutes.
#[derive(Debug, Clone)]
enum Store {
    /// DNS, connect, TLS, first byte, total; `u32::MAX` is `None`.
    Narrow(Vec<[u32; 5]>),
    /// As they are.
    Wide(Vec<Phases>),
}

/// The times of a member's passes: all of them, or every second, fourth, ... one when there are too many.
#[derive(Debug, Clone)]
pub(super) struct PassPhases {
    store: Store,
    seen: u64,
    stride: u64,
}

impl PassPhases {
    pub(super) fn new() -> PassPhases {
        PassPhases { store: Store::Narrow(Vec::new()), seen: 0, stride: 1 }
    }

    /// Whether none is left out.
    pub(super) fn all_kept(&self) -> bool {
        self.stride == 1
    }

    pub(super) fn push(&mut self, phases: &Phases) {
        let kept = self.seen.is_multiple_of(self.stride);
        self.seen += 1;
        if !kept {
            return;
        }
        if self.len() == KEPT_PASSES {
            self.thin();
            // The stride has doubled, and the new one is the first after a whole number of the new strides.
        }
        match (&mut self.store, narrow(phases)) {
            (Store::Narrow(rows), Some(row)) => rows.push(row),
            (Store::Wide(rows), _) => rows.push(*phases),
            (Store::Narrow(rows), None) => {
                let mut wide: Vec<Phases> = rows.iter().map(widen).collect();
                wide.push(*phases);
                self.store = Store::Wide(wide);
            }
        }
    }

    pub(super) fn to_vec(&self) -> Vec<Phases> {
        match &self.store {
            Store::Narrow(rows) => rows.iter().map(widen).collect(),
            Store::Wide(rows) => rows.clone(),
        }
    }

    fn len(&self) -> usize {
        match &self.store {
            Store::Narrow(rows) => rows.len(),
            Store::Wide(rows) => rows.len(),
        }
    }

    fn thin(&mut self) {
        let mut index = 0_usize;
        let mut even = || {
            index += 1;
            index % 2 == 1
        };
        match &mut self.store {
            Store::Narrow(rows) => rows.retain(|_| even()),
            Store::Wide(rows) => rows.retain(|_| even()),
        }
        self.stride *= 2;
    }
}

fn narrow(phases: &Phases) -> Option<[u32; 5]> {
    let fit = |time: u64| u32::try_from(time).ok().filter(|time| *time != u32::MAX);
    let part = |time: Option<u64>| time.map_or(Some(u32::MAX), fit);
    Some([
        part(phases.dns_us)?,
        part(phases.connect_us)?,
        part(phases.tls_us)?,
        part(phases.first_byte_us)?,
        fit(phases.total_us)?,
    ])
}

fn widen(row: &[u32; 5]) -> Phases {
    let part = |time: u32| (time != u32::MAX).then_some(u64::from(time));
    Phases {
        dns_us: part(row[0]),
        connect_us: part(row[1]),
        tls_us: part(row[2]),
        first_byte_us: part(row[3]),
        total_us: u64::from(row[4]),
    }
}

/// The times of a pass: the parts of its first step, and the total of all its steps. The request for the version is left
/// out, because it is ours and no user waits for it.
pub(super) fn of(sample: &Sample) -> Phases {
    let steps = match sample.steps.as_slice() {
        [request, version] if request.name == "request" && version.name == "version" => &sample.steps[..1],
        steps => steps,
    };
    let total_us = steps.iter().fold(0_u64, |sum, step| sum.saturating_add(step.phases.total_us));
    Phases { total_us, ..steps.first().map(|step| step.phases).unwrap_or_default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn total(total_us: u64) -> Phases {
        Phases { total_us, tls_us: Some(total_us / 2), ..Phases::default() }
    }

    #[test]
    fn long_times_are_kept_as_they_are() {
        let mut kept = PassPhases::new();
        let times = [total(1), total(u64::from(u32::MAX) - 1), total(u64::from(u32::MAX)), total(u64::MAX), total(3)];
        times.iter().for_each(|time| kept.push(time));
        assert_eq!(kept.to_vec(), times);
    }

    #[test]
    fn too_many_are_thinned_evenly() {
        let mut kept = PassPhases::new();
        for round in 0..5_000 {
            kept.push(&total(round));
            assert!(kept.len() <= KEPT_PASSES);
            assert_eq!(kept.all_kept(), round < KEPT_PASSES as u64);
        }
        let totals: Vec<u64> = kept.to_vec().iter().map(|phases| phases.total_us).collect();
        let expected: Vec<u64> = (0..5_000).filter(|round| round % 16 == 0).collect();
        assert_eq!(totals, expected);
    }
}
