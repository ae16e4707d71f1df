//! Attempts that wait for the case that takes them over.

use crate::observe::junit::{Detail, DetailKind};
use std::collections::HashMap;

/// 64 KiB of one attempt's text are held; a stack trace is far shorter, and what is cut says so.
const MAX_TEXT_BYTES: usize = 64 << 10;
/// 16 MiB of text are held at one time; further attempts keep their message only.
const MAX_HELD_BYTES: usize = 16 << 20;
/// Stands where text was cut.
const CUT: &str = "\n[cut by the merge]";

/// An attempt that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Attempt {
    /// Whether it broke rather than failed.
    pub(super) broke: bool,
    /// Rendered, `message` and `type` among them.
    pub(super) attributes: Vec<u8>,
    pub(super) text: String,
}

impl Attempt {
    pub(super) fn of(detail: &Detail<'_>, attributes: Vec<u8>) -> Self {
        Attempt {
            broke: matches!(detail.kind, DetailKind::Error | DetailKind::FlakyError | DetailKind::RerunError),
            attributes,
            text: String::new(),
        }
    }

    /// The element's name in Surefire's schema.
    pub(super) fn kind(&self, is_recovered: bool) -> DetailKind {
        match (is_recovered, self.broke) {
            (true, false) => DetailKind::FlakyFailure,
            (true, true) => DetailKind::FlakyError,
            (false, false) => DetailKind::RerunFailure,
            (false, true) => DetailKind::RerunError,
        }
    }
}

/// All attempts that wait, by fold.
#[derive(Debug, Default)]
pub(super) struct Held {
    by_fold: HashMap<u32, Vec<Attempt>>,
    bytes: usize,
}

impl Held {
    /// Appends to the text of an attempt that is not yet held.
    pub(super) fn append(&self, attempt: &mut Attempt, piece: &str) {
        let room = MAX_TEXT_BYTES.min(MAX_HELD_BYTES.saturating_sub(self.bytes)).saturating_sub(attempt.text.len());
        if attempt.text.ends_with(CUT) {
            return;
        }
        let kept = crate::plan::results::cut(piece, room);
        attempt.text.push_str(kept);
        if kept.len() < piece.len() {
            attempt.text.push_str(CUT);
        }
    }

    pub(super) fn hold(&mut self, fold: u32, attempts: Vec<Attempt>) {
        self.bytes += attempts.iter().map(size).sum::<usize>();
        self.by_fold.entry(fold).or_default().extend(attempts);
    }

    pub(super) fn take(&mut self, fold: u32) -> Vec<Attempt> {
        let attempts = self.by_fold.remove(&fold).unwrap_or_default();
        self.bytes -= attempts.iter().map(size).sum::<usize>().min(self.bytes);
        attempts
    }
}

fn size(attempt: &Attempt) -> usize {
    attempt.text.len() + attempt.attributes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_held_is_bounded() {
        let attempt = || Attempt { broke: false, attributes: Vec::new(), text: String::new() };
        let mut held = Held::default();
        for fold in 0..1000 {
            let mut one = attempt();
            for _ in 0..20 {
                held.append(&mut one, &"x".repeat(10 << 10));
            }
            assert!(one.text.len() <= MAX_TEXT_BYTES + CUT.len());
            assert!(one.text.ends_with(CUT));
            held.hold(fold, vec![one]);
        }
        assert!(held.bytes <= MAX_HELD_BYTES + 1000 * CUT.len());
        for fold in 0..1000 {
            assert_eq!(held.take(fold).len(), 1);
        }
        assert_eq!(held.bytes, 0);
        assert!(held.take(0).is_empty());
    }
}
