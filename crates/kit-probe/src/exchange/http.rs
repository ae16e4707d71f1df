//! One HTTP request and its answer over a stream of its own, bounded in time and size.

mod driver;
mod meter;

use super::clock::{Clock, us};
use super::connect::Stream;
use crate::event::{Cause, Fault};
use driver::{Driver, Sender};
use http_body_util::{BodyExt, Full};
use hyper::HeaderMap;
use hyper::body::{Body, Bytes, Incoming};
use hyper::http::response::Parts;
use meter::{Ended, Meter};
use std::error::Error;
use std::sync::Arc;
use tokio::time::Instant;

/// Most bytes of an answer's head; servers send a few hundred, and nginx itself refuses to send on more than 8 KiB a line.
pub(super) const MAX_HEAD_BYTES: usize = 64 << 10;

/// Most headers of an answer.
const MAX_HEADERS: usize = 1000;

/// Most bytes that are read before an HTTP/2 answer begins: heads, frames of settings, and a window of early data.
const MAX_HTTP2_BYTES_BEFORE_ANSWER: u64 = 1 << 20;

/// Bytes of a body that HTTP/2 may have on the way to us.
const HTTP2_WINDOW_BYTES: u32 = 256 << 10;

/// What came of a request.
#[derive(Default)]
pub(super) struct Answer {
    /// Status, version and headers.
    pub(super) head: Option<Parts>,
    /// The body, as far as it came.
    pub(super) body: Vec<u8>,
    /// Trailers.
    pub(super) trailers: Option<HeaderMap>,
    /// From the request's first byte to the head, µs.
    pub(super) first_byte_us: Option<u64>,
    /// Why the answer is not whole.
    pub(super) fault: Option<Fault>,
}

/// How it is asked.
#[derive(Debug, Clone, Copy)]
pub(super) struct Manner<'a> {
    /// HTTP/2, else HTTP/1.1.
    pub(super) http2: bool,
    /// Most bytes of the body.
    pub(super) max_body_bytes: u64,
    /// Its time.
    pub(super) clock: &'a Clock,
    /// Who answers, for messages.
    pub(super) place: &'a str,
}

/// Sends the request and reads the answer. The stream is closed afterwards.
pub(super) async fn ask(stream: Stream, request: hyper::Request<Full<Bytes>>, manner: Manner<'_>) -> Answer {
    let max_before_answer = if manner.http2 { MAX_HTTP2_BYTES_BEFORE_ANSWER } else { MAX_HEAD_BYTES as u64 };
    let meter = Arc::new(Meter::new(max_before_answer));
    let talk = Talk { manner, meter: meter.clone() };
    let sent = Instant::now();
    let opened = manner.clock.within(driver::open(stream, meter, manner.http2, MAX_HEADERS, HTTP2_WINDOW_BYTES)).await;
    let (mut sender, mut driver) = match opened {
        None => return Answer { fault: Some(talk.silent(Progress::Head)), ..Answer::default() },
        Some(Err(error)) => return Answer { fault: Some(talk.failed(&error, Progress::Head)), ..Answer::default() },
        Some(Ok(opened)) => opened,
    };
    let mut answer = Answer::default();
    let response = match manner.clock.within(driver.with(send(&mut sender, request))).await {
        None => {
            answer.fault = Some(talk.silent(Progress::Head));
            return answer;
        }
        Some(Err(error)) => {
            let error = driver.error().unwrap_or(error);
            answer.fault = Some(talk.failed(&error, Progress::Head));
            return answer;
        }
        Some(Ok(response)) => response,
    };
    answer.first_byte_us = Some(us(sent.elapsed()));
    talk.meter.answered();
    let (head, body) = response.into_parts();
    answer.head = Some(head);
    talk.read(body, &mut driver, &mut answer).await;
    answer
}

async fn send(sender: &mut Sender, request: hyper::Request<Full<Bytes>>) -> hyper::Result<hyper::Response<Incoming>> {
    match sender {
        Sender::Http1(sender) => sender.send_request(request).await,
        Sender::Http2(sender) => sender.send_request(request).await,
    }
}

/// How far an answer had come when something happened.
#[derive(Debug, Clone, Copy)]
enum Progress {
    /// The head was not there.
    Head,
    /// So many bytes of the body, of so many when they had been told.
    Body(u64, Option<u64>),
}

struct Talk<'a> {
    manner: Manner<'a>,
    meter: Arc<Meter>,
}

impl Talk<'_> {
    async fn read(&self, mut body: Incoming, driver: &mut Driver, answer: &mut Answer) {
        let told = body.size_hint().exact();
        loop {
            let progress = Progress::Body(answer.body.len() as u64, told);
            match self.manner.clock.within(driver.with(body.frame())).await {
                None => {
                    answer.fault = Some(self.silent(progress));
                    return;
                }
                Some(None) => return,
                Some(Some(Err(error))) => {
                    answer.fault = Some(self.failed(&error, progress));
                    return;
                }
                Some(Some(Ok(frame))) => match frame.into_data() {
                    Ok(data) => {
                        let room = self.manner.max_body_bytes.saturating_sub(answer.body.len() as u64);
                        if data.len() as u64 > room {
                            answer.body.extend_from_slice(&data[..usize::try_from(room).unwrap_or(0)]);
                            answer.fault = Some(self.too_large(told));
                            return;
                        }
                        answer.body.extend_from_slice(&data);
                    }
                    Err(frame) => answer.trailers = frame.into_trailers().ok(),
                },
            }
        }
    }

    fn too_large(&self, told: Option<u64>) -> Fault {
        let told = told.map(|told| format!(" (it said {told})")).unwrap_or_default();
        Fault {
            cause: Cause::BodyTooLarge,
            message: format!(
                "{} sent a body of more than {} bytes{told}; no more is read",
                self.manner.place, self.manner.max_body_bytes
            ),
        }
    }

    /// The time is up.
    fn silent(&self, progress: Progress) -> Fault {
        let within = self.manner.clock.elapsed();
        let place = self.manner.place;
        let message = match progress {
            Progress::Head => match self.meter.received() {
                0 => format!("{place} accepted the connection but sent no answer within {within}"),
                bytes => format!("{place} sent {bytes} bytes but not the whole head of an answer within {within}"),
            },
            Progress::Body(..) => format!("{place} sent only {} within {within}", shown(progress)),
        };
        Fault { cause: Cause::TimedOut, message }
    }

    /// The connection or what came over it was broken.
    fn failed(&self, error: &hyper::Error, progress: Progress) -> Fault {
        let place = self.manner.place;
        let after = self.manner.clock.elapsed();
        if self.meter.overflowed() || error.is_parse_too_large() {
            return Fault {
                cause: Cause::ProtocolError,
                message: format!(
                    "{place} sent a head of more than {MAX_HEAD_BYTES} bytes or {MAX_HEADERS} headers, after {after}"
                ),
            };
        }
        if error.is_parse() || error.is_user() {
            return self.garbled(&error.to_string(), progress, &after);
        }
        let io = chain(error).find_map(|error| error.downcast_ref::<std::io::Error>());
        if let Some(io) = io.filter(|io| io.kind() == std::io::ErrorKind::InvalidInput || is_own(io)) {
            return self.garbled(&io.to_string(), progress, &after);
        }
        if self.manner.http2 && self.meter.is_no_http2() {
            return self.garbled("this is another protocol", progress, &after);
        }
        match self.meter.ended() {
            Some(Ended::Failed(cause, what)) => Fault {
                cause,
                message: format!("{place} {what} {}, {after} in", when(progress, self.meter.received())),
            },
            Some(Ended::Closed) => Fault {
                cause: Cause::Reset,
                message: format!("{place} closed the connection {}, {after} in", when(progress, self.meter.received())),
            },
            None => {
                let text = chain(error).last().map_or_else(|| error.to_string(), ToString::to_string);
                self.garbled(&text, progress, &after)
            }
        }
    }

    fn garbled(&self, text: &str, progress: Progress, after: &str) -> Fault {
        let place = self.manner.place;
        let version = if self.manner.http2 { "HTTP/2" } else { "HTTP/1.1" };
        let message = match progress {
            Progress::Head => {
                let began = match self.meter.began_with() {
                    began if began.is_empty() => began,
                    // Frames mean nothing to people. The HTTP library does not tell a large head, which may come compressed,
                    // from a wrong one.
                    _ if self.manner.http2 && !self.meter.is_no_http2() => {
                        if self.meter.received() > MAX_HEAD_BYTES as u64 / 2 {
                            format!(" (a head of more than {MAX_HEAD_BYTES} bytes is refused)")
                        } else {
                            String::new()
                        }
                    }
                    began => format!("; it began with `{began}`"),
                };
                format!("{place} sent no valid {version} answer, {after} in: {text}{began}")
            }
            Progress::Body(..) => format!("{place} sent an invalid body after {}, {after} in: {text}", shown(progress)),
        };
        Fault { cause: Cause::ProtocolError, message }
    }
}

/// Errors that the chunked decoder makes itself are plain data errors.
fn is_own(error: &std::io::Error) -> bool {
    error.kind() == std::io::ErrorKind::InvalidData && super::tls::after_handshake(error).is_none()
}

fn when(progress: Progress, received: u64) -> String {
    match progress {
        Progress::Head if received == 0 => "before it sent any answer".to_owned(),
        Progress::Head => format!("after {received} bytes, before the head of its answer was whole"),
        Progress::Body(..) => format!("after {}", shown(progress)),
    }
}

fn shown(progress: Progress) -> String {
    match progress {
        Progress::Head => "nothing".to_owned(),
        Progress::Body(bytes, Some(told)) => format!("{bytes} of {told} bytes of the body"),
        Progress::Body(bytes, None) => format!("{bytes} bytes of the body"),
    }
}

/// An error and what caused it, outermost first.
fn chain(error: &hyper::Error) -> impl Iterator<Item = &(dyn Error + 'static)> {
    std::iter::successors(Some(error as &(dyn Error + 'static)), |error| (*error).source())
}
