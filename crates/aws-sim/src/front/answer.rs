//! Answers that no operation of `s3s` makes, and answers that are broken on purpose.

use bytes::Bytes;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderValue, Response, StatusCode};
use http_body_util::BodyExt;
use hyper::body::{Body, Frame, SizeHint};
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

/// An answer of any service.
pub(crate) type Answer = Response<s3s::Body>;

fn with(status: StatusCode, content_type: &'static str, body: impl Into<s3s::Body>) -> Answer {
    let mut answer = Response::new(body.into());
    *answer.status_mut() = status;
    answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    answer
}

pub(crate) fn text(status: StatusCode, body: &str) -> Answer {
    with(status, "text/plain; charset=utf-8", body.to_owned())
}

pub(crate) fn json(status: StatusCode, body: &serde_json::Value) -> Answer {
    with(status, "application/json", body.to_string())
}

pub(crate) fn xml(status: StatusCode, body: String) -> Answer {
    with(status, "application/xml", format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{body}"))
}

/// Text as it stands between XML's tags.
pub(crate) fn xml_text(text: &str) -> String {
    quick_xml::escape::escape(text).into_owned()
}

/// A refusal of S3's. `more` are further elements: name and text.
pub(crate) fn s3_error(
    status: StatusCode,
    code: &str,
    message: &str,
    resource: &str,
    more: &[(&str, String)],
) -> Answer {
    let more: String = more.iter().map(|(name, value)| format!("<{name}>{}</{name}>", xml_text(value))).collect();
    let body = format!(
        "<Error><Code>{code}</Code><Message>{}</Message>{more}<Resource>{}</Resource><RequestId>SIM</RequestId><HostId>aws-sim</HostId></Error>",
        xml_text(message),
        xml_text(resource),
    );
    xml(status, body)
}

async fn taken_apart(answer: Answer) -> (http::response::Parts, Bytes) {
    let (parts, body) = answer.into_parts();
    // Our own bodies do not fail.
    let bytes = body.collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
    (parts, bytes)
}

/// The answer with the lowest bit of its body's middle byte changed.
pub(crate) async fn corrupted(answer: Answer) -> Answer {
    let (parts, bytes) = taken_apart(answer).await;
    let mut bytes = bytes.to_vec();
    let middle = bytes.len() / 2;
    if let Some(byte) = bytes.get_mut(middle) {
        *byte ^= 1;
    }
    Response::from_parts(parts, s3s::Body::from(bytes))
}

/// The answer whose body breaks off in its middle, although its length says more.
pub(crate) async fn truncated(answer: Answer) -> Answer {
    let (mut parts, bytes) = taken_apart(answer).await;
    parts.headers.insert(CONTENT_LENGTH, HeaderValue::from(bytes.len()));
    let half = bytes.slice(..bytes.len() / 2);
    Response::from_parts(parts, s3s::Body::http_body(Broken { half: Some(half), size: bytes.len() as u64 }))
}

struct Broken {
    half: Option<Bytes>,
    size: u64,
}

impl Body for Broken {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        match self.half.take() {
            Some(half) if !half.is_empty() => {
                // hyper forgets what it has not written yet when the body fails, so it is asked again first.
                context.waker().wake_by_ref();
                Poll::Ready(Some(Ok(Frame::data(half))))
            }
            _ => Poll::Ready(Some(Err(io::Error::other("the body breaks off on purpose")))),
        }
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.size)
    }
}
