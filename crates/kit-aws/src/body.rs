//! The body of a request, which need not lie in one place: megabytes at a stretch are seldom free in a process that has worked.

use bytes::Bytes;
use http_body::{Frame, SizeHint};
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use aws_smithy_types::body::SdkBody;

/// Bytes in pieces, in order. A copy shares them.
#[derive(Debug, Clone, Default)]
pub struct Body {
    pieces: Arc<[Bytes]>,
    len: usize,
}

impl Body {
    /// How many bytes there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Whether they are these.
    pub fn is(&self, bytes: &[u8]) -> bool {
        let mut rest = bytes;
        self.len == bytes.len()
            && self.pieces.iter().all(|piece| {
                let (head, tail) = rest.split_at_checked(piece.len()).unwrap_or((rest, &[]));
                rest = tail;
                head == &piece[..]
            })
    }

    /// As the client takes it. It can be sent any number of times.
    pub(crate) fn sdk(&self) -> SdkBody {
        match &*self.pieces {
            [] => SdkBody::from(Bytes::new()),
            [whole] => SdkBody::from(whole.clone()),
            _ => {
                let body = self.clone();
                SdkBody::retryable(move || {
                    SdkBody::from_body_1_x(Sending { pieces: Arc::clone(&body.pieces), next: 0, left: body.len as u64 })
                })
            }
        }
    }
}

impl From<Bytes> for Body {
    fn from(bytes: Bytes) -> Self {
        Body { len: bytes.len(), pieces: Arc::new([bytes]) }
    }
}

impl From<Vec<Bytes>> for Body {
    fn from(pieces: Vec<Bytes>) -> Self {
        Body { len: pieces.iter().map(Bytes::len).sum(), pieces: pieces.into() }
    }
}

/// A body on its way.
struct Sending {
    pieces: Arc<[Bytes]>,
    next: usize,
    left: u64,
}

impl http_body::Body for Sending {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let sending = self.get_mut();
        let piece = sending.pieces.get(sending.next).cloned();
        sending.next += 1;
        sending.left -= piece.as_ref().map_or(0, |piece| piece.len() as u64);
        Poll::Ready(piece.map(|piece| Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.next >= self.pieces.len()
    }

    /// S3 takes no body whose length it is not told.
    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http_body_util::BodyExt;

    #[tokio::test]
    async fn pieces_are_sent_in_order_with_the_length_of_all_as_often_as_asked()
    -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        let body = Body::from(vec![Bytes::from_static(b"one "), Bytes::new(), Bytes::from_static(b"two")]);
        assert_eq!(body.len(), 7);
        let sdk = body.sdk();
        for sent in [sdk.try_clone().ok_or("it can't be sent again")?, sdk] {
            assert_eq!(sent.content_length(), Some(7));
            assert_eq!(sent.collect().await?.to_bytes(), "one two");
        }
        Ok(())
    }

    #[test]
    fn bytes_are_compared_wherever_they_are_cut() {
        let body = Body::from(vec![Bytes::from_static(b"one "), Bytes::from_static(b"two")]);
        assert!(body.is(b"one two"));
        for other in [&b"one twx"[..], b"one tw", b"one two ", b"xne two", b""] {
            assert!(!body.is(other), "{other:?}");
        }
        assert!(Body::default().is(b"") && Body::from(Bytes::new()).is_empty());
    }
}
