//! A stream that counts what comes in and remembers how it ended, because the HTTP library tells neither.

use super::super::connect::{Stream, cause};
use super::super::tls;
use crate::event::Cause;
use std::io::{Error, ErrorKind};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// Bytes that are kept from the beginning, to show what it was that is no HTTP.
const BEGINNING_BYTES: usize = 40;

/// How a stream ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Ended {
    /// In good order.
    Closed,
    /// With an error: what happened, as a verb phrase.
    Failed(Cause, String),
}

/// What came in.
#[derive(Debug)]
pub(super) struct Meter {
    state: Mutex<State>,
    max_before_answer: u64,
}

#[derive(Debug, Default)]
struct State {
    received: u64,
    beginning: Vec<u8>,
    ended: Option<Ended>,
    answered: bool,
    overflowed: bool,
}

impl Meter {
    /// `max_before_answer`: bytes after which nothing more is read until [`Meter::answered`]. Interim answers (1xx) count,
    /// which the HTTP library drops without end.
    pub(super) fn new(max_before_answer: u64) -> Meter {
        Meter { state: Mutex::default(), max_before_answer }
    }

    /// The head of the answer is there.
    pub(super) fn answered(&self) {
        self.state().answered = true;
    }

    /// Bytes that came.
    pub(super) fn received(&self) -> u64 {
        self.state().received
    }

    /// Whether too much came before the answer.
    pub(super) fn overflowed(&self) -> bool {
        self.state().overflowed
    }

    /// How the stream ended, if it did.
    pub(super) fn ended(&self) -> Option<Ended> {
        self.state().ended.clone()
    }

    /// Whether what came cannot be HTTP/2, whose first frame is of the settings: RFC 9113 sections 3.4 and 4.1.
    pub(super) fn is_no_http2(&self) -> bool {
        self.state().beginning.get(3).is_some_and(|kind| *kind != 4)
    }

    /// The first bytes, printable.
    pub(super) fn began_with(&self) -> String {
        self.state().beginning.escape_ascii().to_string()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn may_read(&self) -> Result<(), Error> {
        let mut state = self.state();
        if !state.answered && state.received > self.max_before_answer {
            state.overflowed = true;
            return Err(Error::other("the head is too large"));
        }
        Ok(())
    }

    fn read(&self, bytes: &[u8]) {
        let mut state = self.state();
        let room = BEGINNING_BYTES.saturating_sub(state.beginning.len()).min(bytes.len());
        state.beginning.extend_from_slice(&bytes[..room]);
        state.received = state.received.saturating_add(bytes.len() as u64);
        if bytes.is_empty() {
            state.ended.get_or_insert(Ended::Closed);
        }
    }

    fn failed(&self, error: &Error) {
        let (cause, what) = tls::after_handshake(error).unwrap_or_else(|| {
            let cause = cause(error, Cause::Reset);
            let what = match error.kind() {
                ErrorKind::ConnectionReset => "reset the connection".to_owned(),
                ErrorKind::BrokenPipe => "closed the connection".to_owned(),
                ErrorKind::UnexpectedEof => "cut the TLS connection off without its end mark".to_owned(),
                _ => format!("was lost ({error})"),
            };
            (cause, what)
        });
        self.state().ended.get_or_insert(Ended::Failed(cause, what));
    }
}

/// A stream with a [`Meter`].
pub(super) struct Metered {
    pub(super) stream: Stream,
    pub(super) meter: Arc<Meter>,
}

impl AsyncRead for Metered {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<Result<(), Error>> {
        self.meter.may_read()?;
        if buffer.remaining() == 0 {
            return Poll::Ready(Ok(()));
        }
        let before = buffer.filled().len();
        let read = std::task::ready!(Pin::new(&mut self.stream).poll_read(context, buffer));
        match &read {
            Ok(()) => self.meter.read(&buffer.filled()[before..]),
            Err(error) => self.meter.failed(error),
        }
        Poll::Ready(read)
    }
}

impl AsyncWrite for Metered {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<Result<usize, Error>> {
        let written = std::task::ready!(Pin::new(&mut self.stream).poll_write(context, bytes));
        Poll::Ready(written.inspect_err(|error| self.meter.failed(error)))
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<(), Error>> {
        let flushed = std::task::ready!(Pin::new(&mut self.stream).poll_flush(context));
        Poll::Ready(flushed.inspect_err(|error| self.meter.failed(error)))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<(), Error>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
