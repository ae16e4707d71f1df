//! The time of one exchange: when it began, when it must be over, and how both are told.

use std::time::Duration;
use tokio::time::Instant;

/// The time that one exchange has, with all its redirects.
#[derive(Debug, Clone, Copy)]
pub(super) struct Clock {
    began: Instant,
    end: Instant,
}

impl Clock {
    /// Begins now and ends after `timeout`, or at `until` when that is earlier.
    pub(super) fn new(timeout: Duration, until: Instant) -> Clock {
        let began = Instant::now();
        let end = began.checked_add(timeout).map_or(until, |end| end.min(until));
        Clock { began, end }
    }

    /// The same beginning with an earlier end: an equal share of what is left among `parts`.
    pub(super) fn share(self, parts: usize) -> Clock {
        let left = self.end.saturating_duration_since(Instant::now());
        let parts = u32::try_from(parts.max(1)).unwrap_or(u32::MAX);
        Clock { began: self.began, end: Instant::now() + left / parts }
    }

    /// Since the beginning, µs.
    pub(super) fn elapsed_us(&self) -> u64 {
        us(self.began.elapsed())
    }

    /// Since the beginning, for people.
    pub(super) fn elapsed(&self) -> String {
        shown(self.began.elapsed())
    }

    /// What is left.
    pub(super) fn left(&self) -> Duration {
        self.end.saturating_duration_since(Instant::now())
    }

    /// Waits for `what`, but not beyond the end: `None` when the time is up.
    pub(super) async fn within<F: Future>(&self, what: F) -> Option<F::Output> {
        tokio::time::timeout_at(self.end, what).await.ok()
    }
}

/// Whole microseconds.
pub(super) fn us(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

/// A length of time for people: `850 ms`, `5.0 s`.
pub(super) fn shown(time: Duration) -> String {
    let ms = time.as_millis();
    if ms < 1000 { format!("{ms} ms") } else { format!("{}.{} s", ms / 1000, ms % 1000 / 100) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_time_are_short() {
        assert_eq!(shown(Duration::from_micros(1999)), "1 ms");
        assert_eq!(shown(Duration::from_millis(999)), "999 ms");
        assert_eq!(shown(Duration::from_millis(5049)), "5.0 s");
        assert_eq!(shown(Duration::from_millis(61_990)), "61.9 s");
    }

    #[test]
    fn the_earlier_end_counts() {
        let clock = Clock::new(Duration::from_secs(60), Instant::now() + Duration::from_secs(1));
        assert!(clock.left() <= Duration::from_secs(1));
        let clock = Clock::new(Duration::from_secs(1), Instant::now() + Duration::from_secs(60));
        assert!(clock.left() <= Duration::from_secs(1));
        assert!(clock.share(4).left() <= Duration::from_millis(250));
    }
}
