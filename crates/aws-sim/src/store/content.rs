//! The bytes of an object, kept or only measured.

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use std::collections::VecDeque;
use std::convert::Infallible;
use std::ops::Range;
use std::pin::Pin;
use std::task::{Context, Poll};

/// How much of a body of zeros is given at once.
const ZEROS: &[u8] = &[0; 64 * 1024];

/// A run of an object's bytes.
#[derive(Debug, Clone)]
pub(crate) enum Segment {
    Kept(Bytes),
    /// So many bytes that were not kept; they read as zeros.
    Zeros(u64),
}

impl Segment {
    fn size(&self) -> u64 {
        match self {
            Segment::Kept(bytes) => bytes.len() as u64,
            Segment::Zeros(size) => *size,
        }
    }

    fn slice(&self, from: u64, to: u64) -> Segment {
        match self {
            Segment::Kept(bytes) => {
                let at = |offset: u64| usize::try_from(offset).unwrap_or(usize::MAX).min(bytes.len());
                Segment::Kept(bytes.slice(at(from)..at(to)))
            }
            Segment::Zeros(_) => Segment::Zeros(to - from),
        }
    }
}

/// An object's bytes: runs one after the other. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub(crate) struct Content {
    segments: Vec<Segment>,
    size: u64,
}

impl Content {
    pub(crate) fn kept(bytes: Bytes) -> Content {
        Content { size: bytes.len() as u64, segments: vec![Segment::Kept(bytes)] }
    }

    pub(crate) fn zeros(size: u64) -> Content {
        Content { size, segments: vec![Segment::Zeros(size)] }
    }

    pub(crate) fn size(&self) -> u64 {
        self.size
    }

    /// Whether every byte is what was sent.
    pub(crate) fn is_kept(&self) -> bool {
        self.segments.iter().all(|segment| matches!(segment, Segment::Kept(_)))
    }

    pub(crate) fn append(&mut self, other: &Content) {
        self.size += other.size;
        self.segments.extend(other.segments.iter().cloned());
    }

    /// The bytes of `range`, which lies within the object.
    pub(crate) fn slice(&self, range: &Range<u64>) -> Content {
        let mut taken = Content::default();
        let mut offset = 0;
        for segment in &self.segments {
            let end = offset + segment.size();
            let (from, to) = (range.start.max(offset), range.end.min(end));
            if from < to {
                let part = segment.slice(from - offset, to - offset);
                taken.size += part.size();
                taken.segments.push(part);
            }
            offset = end;
        }
        taken
    }

    /// Goes through the bytes in order.
    pub(crate) fn each(&self, mut take: impl FnMut(&[u8])) {
        for segment in &self.segments {
            match segment {
                Segment::Kept(bytes) => take(bytes),
                Segment::Zeros(size) => {
                    let mut left = *size;
                    while left > 0 {
                        let now = left.min(ZEROS.len() as u64);
                        take(&ZEROS[..usize::try_from(now).unwrap_or(0)]);
                        left -= now;
                    }
                }
            }
        }
    }

    /// As the body of an answer.
    pub(crate) fn into_body(self) -> s3s::Body {
        match self.segments.as_slice() {
            [] => s3s::Body::empty(),
            [Segment::Kept(bytes)] => s3s::Body::from(bytes.clone()),
            _ => s3s::Body::http_body(Stream { left: self.size, segments: self.segments.into() }),
        }
    }
}

struct Stream {
    segments: VecDeque<Segment>,
    left: u64,
}

impl Body for Stream {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let Some(segment) = self.segments.pop_front() else { return Poll::Ready(None) };
        let bytes = match segment {
            Segment::Kept(bytes) => bytes,
            Segment::Zeros(size) => {
                let now = size.min(ZEROS.len() as u64);
                if size > now {
                    self.segments.push_front(Segment::Zeros(size - now));
                }
                Bytes::from_static(&ZEROS[..usize::try_from(now).unwrap_or(0)])
            }
        };
        self.left -= bytes.len() as u64;
        Poll::Ready(Some(Ok(Frame::data(bytes))))
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slice_crosses_the_runs() {
        let mut content = Content::kept(Bytes::from_static(b"abc"));
        content.append(&Content::zeros(100_000));
        content.append(&Content::kept(Bytes::from_static(b"xyz")));
        let mut bytes = Vec::new();
        content.slice(&(1..100_005)).each(|part| bytes.extend_from_slice(part));
        assert_eq!((bytes.len(), &bytes[..3], &bytes[100_002..]), (100_004, &b"bc\0"[..], &b"xy"[..]));
        assert_eq!(content.slice(&(2..2)).size(), 0);
    }
}
