//! Keeps an HTTP connection going while something is waited for, and ends it when nobody waits any more.

use super::super::connect::Stream;
use super::MAX_HEAD_BYTES;
use super::meter::{Meter, Metered};
use http_body_util::Full;
use hyper::body::Bytes;
use hyper::client::conn::{http1, http2};
use hyper_util::rt::TokioIo;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Poll;
use tokio::task::JoinSet;

/// Where a request is handed in.
pub(super) enum Sender {
    Http1(http1::SendRequest<Full<Bytes>>),
    Http2(http2::SendRequest<Full<Bytes>>),
}

/// A connection, driven by whoever waits for something that comes over it.
pub(super) struct Driver {
    connection: Option<Pin<Box<dyn Future<Output = hyper::Result<()>> + Send>>>,
    error: Option<hyper::Error>,
    tasks: Tasks,
}

impl Driver {
    /// Waits for `what` while the connection goes on.
    pub(super) async fn with<F: Future>(&mut self, what: F) -> F::Output {
        let mut what = pin!(what);
        std::future::poll_fn(|context| {
            if let Some(connection) = &mut self.connection
                && let Poll::Ready(ended) = connection.as_mut().poll(context)
            {
                self.connection = None;
                self.error = ended.err();
            }
            what.as_mut().poll(context)
        })
        .await
    }

    /// What ended the connection. Requests that were on the way are told no more than that they were cancelled.
    pub(super) fn error(&mut self) -> Option<hyper::Error> {
        self.error.take()
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        self.tasks.0.lock().unwrap_or_else(PoisonError::into_inner).abort_all();
    }
}

/// The tasks of an HTTP/2 connection. They end with its driver, so that no socket outlives its exchange.
#[derive(Clone, Default)]
struct Tasks(Arc<Mutex<JoinSet<()>>>);

impl<F: Future<Output: Send> + Send + 'static> hyper::rt::Executor<F> for Tasks {
    fn execute(&self, task: F) {
        let task = async {
            task.await;
        };
        self.0.lock().unwrap_or_else(PoisonError::into_inner).spawn(task);
    }
}

/// Begins HTTP on a stream.
pub(super) async fn open(
    stream: Stream,
    meter: Arc<Meter>,
    http2: bool,
    max_headers: usize,
    window_bytes: u32,
) -> hyper::Result<(Sender, Driver)> {
    let io = TokioIo::new(Metered { stream, meter });
    let tasks = Tasks::default();
    if http2 {
        let (sender, connection) = http2::Builder::new(tasks.clone())
            .initial_stream_window_size(window_bytes)
            .initial_connection_window_size(window_bytes)
            .max_header_list_size(u32::try_from(MAX_HEAD_BYTES).unwrap_or(u32::MAX))
            .handshake(io)
            .await?;
        let driver = Driver { connection: Some(Box::pin(connection)), error: None, tasks };
        return Ok((Sender::Http2(sender), driver));
    }
    let (sender, connection) = http1::Builder::new()
        .max_headers(max_headers)
        .max_header_size(MAX_HEAD_BYTES)
        .max_buf_size(MAX_HEAD_BYTES)
        .handshake(io)
        .await?;
    Ok((Sender::Http1(sender), Driver { connection: Some(Box::pin(connection)), error: None, tasks }))
}
