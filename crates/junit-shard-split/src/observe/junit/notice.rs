//! What was repaired or left out while a report was read: counted by kind, so that memory stays bounded.

use std::fmt;

/// Something in a report that was repaired or left out. One notice stands for all of its kind in the report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// What was repaired.
    pub kind: NoticeKind,
    /// How often.
    pub count: u64,
    /// Line of the first one, 1-based.
    pub first_line: u64,
    /// The first offending text, at most [`MAX_SAMPLE_CHARS`] characters; may be empty.
    pub sample: String,
}

/// 40 characters are enough to find the place in the report again.
pub const MAX_SAMPLE_CHARS: usize = 40;

/// The kinds of [`Notice`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NoticeKind {
    /// A character that XML 1.0 forbids became U+FFFD.
    ForbiddenCharacter,
    /// Bytes that are no UTF-8 became U+FFFD.
    InvalidUtf8,
    /// `&` that begins no reference was kept.
    BareAmpersand,
    /// An attribute stood twice in one tag; the first one counted.
    DuplicateAttribute,
    /// A time below zero was read as 0.
    NegativeTime,
    /// A time that is no number (`tbd`, `NaN`, nothing) was left out.
    UnreadableTime,
    /// A time above [`super::time::MAX_SECONDS`] was left out.
    AbsurdTime,
    /// Times are nanoseconds, as container-structure-test writes them.
    NanosecondTimes,
    /// Several documents were appended to each other.
    SeveralDocuments,
    /// A `<testcase>` inside a `<testcase>` was left out.
    NestedCase,
    /// The declared encoding is not known; the report was read as UTF-8.
    UnknownEncoding,
}

impl NoticeKind {
    /// A stable name for machines, `kebab-case`.
    pub fn code(self) -> &'static str {
        match self {
            Self::ForbiddenCharacter => "forbidden-character",
            Self::InvalidUtf8 => "invalid-utf8",
            Self::BareAmpersand => "bare-ampersand",
            Self::DuplicateAttribute => "duplicate-attribute",
            Self::NegativeTime => "negative-time",
            Self::UnreadableTime => "unreadable-time",
            Self::AbsurdTime => "absurd-time",
            Self::NanosecondTimes => "nanosecond-times",
            Self::SeveralDocuments => "several-documents",
            Self::NestedCase => "nested-case",
            Self::UnknownEncoding => "unknown-encoding",
        }
    }

    fn phrase(self) -> &'static str {
        match self {
            Self::ForbiddenCharacter => "characters that XML forbids, replaced by U+FFFD",
            Self::InvalidUtf8 => "bytes that are no UTF-8, replaced by U+FFFD",
            Self::BareAmpersand => "a `&` that begins no reference, kept",
            Self::DuplicateAttribute => "an attribute given twice, the first one counts",
            Self::NegativeTime => "a time below zero, read as 0",
            Self::UnreadableTime => "a time that is no number, left out",
            Self::AbsurdTime => "a time above 7 days, left out",
            Self::NanosecondTimes => "times in nanoseconds",
            Self::SeveralDocuments => "several documents in one file, all read",
            Self::NestedCase => "a test case inside a test case, left out",
            Self::UnknownEncoding => "an unknown encoding, read as UTF-8",
        }
    }
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.first_line, self.kind.phrase())?;
        if !self.sample.is_empty() {
            write!(f, " ({:?})", self.sample)?;
        }
        if self.count > 1 {
            write!(f, ", {} times in this report", self.count)?;
        }
        Ok(())
    }
}

/// Counts notices by kind.
#[derive(Debug, Default)]
pub(super) struct Notices {
    seen: Vec<Notice>,
}

impl Notices {
    /// Counts one, and keeps line and sample of the first of its kind.
    #[cold]
    pub(super) fn add(&mut self, kind: NoticeKind, line: u64, sample: &str) {
        self.add_many(kind, 1, line, sample);
    }

    /// Counts several of one kind at once.
    #[cold]
    pub(super) fn add_many(&mut self, kind: NoticeKind, count: u64, line: u64, sample: &str) {
        match self.seen.iter_mut().find(|notice| notice.kind == kind) {
            Some(notice) => notice.count += count,
            None => self.seen.push(Notice {
                kind,
                count,
                first_line: line,
                sample: sample.chars().take(MAX_SAMPLE_CHARS).collect(),
            }),
        }
    }

    /// Adds what another counter saw in the same report.
    pub(super) fn merge(&mut self, other: Self) {
        for notice in other.seen {
            match self.seen.iter_mut().find(|mine| mine.kind == notice.kind) {
                Some(mine) if mine.first_line <= notice.first_line => mine.count += notice.count,
                Some(mine) => *mine = Notice { count: mine.count + notice.count, ..notice },
                None => self.seen.push(notice),
            }
        }
    }

    /// All notices in the order of [`NoticeKind`].
    pub(super) fn into_sorted(mut self) -> Vec<Notice> {
        self.seen.sort_by_key(|notice| notice.kind);
        self.seen
    }
}
