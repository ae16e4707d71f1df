//! The HTTP/1.1 server around [`super::route::respond`]: connections, bounds, and the graceful end.

use std::convert::Infallible;
use std::future::Future;
use std::net::{IpAddr, SocketAddr};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use std::{io, thread};

use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use super::request::Request;
use super::response::Response;
use super::route::respond;
use crate::store::{Problem, Shop};

/// Largest request body. The stock import is the largest honest one: 4,000 lines of some 12 bytes.
pub const MAX_BODY_BYTES: usize = 64 * 1024;
/// Largest request head. Browsers send some 2 KiB.
pub const MAX_HEAD_BYTES: usize = 16 * 1024;
/// Most header lines of a request; the same as hyper's own default, written down.
pub const MAX_HEADERS: usize = 100;
/// Open connections; the next one waits in the kernel until one ends.
pub const MAX_CONNECTIONS: usize = 256;
/// How long a client may take for the head of a request, and for its body.
pub const READ_TIMEOUT: Duration = Duration::from_secs(10);
/// How long requests under way may take after the signal to stop.
pub const STOP_TIMEOUT: Duration = Duration::from_secs(10);

/// Requests that are worked on at the same time; the others queue.
const WORKER_THREADS: usize = 8;

/// A runtime for the server or the client: one thread for the sockets, the others for requests that compute.
///
/// # Errors
/// When the system gives no threads.
pub fn runtime() -> io::Result<Runtime> {
    Builder::new_multi_thread().worker_threads(1).max_blocking_threads(WORKER_THREADS).enable_all().build()
}

/// A socket that listens; port 0 lets the system choose one.
///
/// # Errors
/// When the address is taken or not this machine's.
pub async fn listen(host: IpAddr, port: u16) -> io::Result<TcpListener> {
    TcpListener::bind(SocketAddr::new(host, port)).await
}

/// Serves until `stop` is done, then lets the requests under way finish for at most [`STOP_TIMEOUT`]. Returns whether
/// all did.
pub async fn serve(shop: Arc<Shop>, listener: TcpListener, stop: impl Future<Output = ()>) -> bool {
    let connections = GracefulShutdown::new();
    let free = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    let mut stop = pin!(stop);
    loop {
        let accept = async {
            let permit = Arc::clone(&free).acquire_owned().await.ok()?;
            Some((listener.accept().await, permit))
        };
        let (accepted, permit) = tokio::select! {
            () = &mut stop => break,
            accepted = accept => match accepted {
                Some(accepted) => accepted,
                None => break,
            },
        };
        let Ok((stream, _)) = accepted else {
            // The process is out of file descriptors, or the client is gone already. A connection that ends repairs the
            // first; yielding lets it, instead of asking again at once.
            tokio::time::sleep(Duration::from_millis(10)).await;
            continue;
        };
        let connection = connections.watch(connection(Arc::clone(&shop), stream));
        tokio::spawn(async move {
            // A connection that broke is the client's affair.
            let _ = connection.await;
            drop(permit);
        });
    }
    drop(listener);
    tokio::time::timeout(STOP_TIMEOUT, connections.shutdown()).await.is_ok()
}

/// Done at the first SIGTERM or SIGINT.
///
/// # Errors
/// When the system refuses the handlers.
pub fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

fn connection(
    shop: Arc<Shop>,
    stream: TcpStream,
) -> impl hyper_util::server::graceful::GracefulConnection<Error = hyper::Error> {
    // Responses are small and complete when written, so waiting for more to send only delays them.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request| {
        let shop = Arc::clone(&shop);
        async move { Ok::<_, Infallible>(answer(shop, request).await) }
    });
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(READ_TIMEOUT)
        .max_buf_size(MAX_HEAD_BYTES)
        .max_headers(MAX_HEADERS)
        .serve_connection(TokioIo::new(stream), service)
}

async fn answer(shop: Arc<Shop>, request: hyper::Request<Incoming>) -> hyper::Response<Full<Bytes>> {
    let (head, body) = request.into_parts();
    let body = match tokio::time::timeout(READ_TIMEOUT, Limited::new(body, MAX_BODY_BYTES).collect()).await {
        Ok(Ok(body)) => body.to_bytes().to_vec(),
        Ok(Err(error)) if error.is::<LengthLimitError>() => {
            let message = format!("a request body has at most {MAX_BODY_BYTES} bytes");
            return refuse(&Problem::new(413, "body_too_large", message));
        }
        Ok(Err(_)) => return refuse(&Problem::new(400, "bad_body", "the request body could not be read")),
        Err(_) => return refuse(&Problem::new(408, "too_slow", "the request body took too long")),
    };
    let request = Request {
        method: head.method.as_str().to_owned(),
        path: head.uri.path().to_owned(),
        query: head.uri.query().unwrap_or("").to_owned(),
        headers: head
            .headers
            .iter()
            .filter_map(|(name, value)| Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned())))
            .collect(),
        body,
        params: Vec::new(),
    };
    // Handlers compute for milliseconds; on the thread of the sockets they would hold up everybody else's.
    let response = spawn_blocking(move || respond(&shop, request)).await;
    response.map_or_else(|_| refuse(&Problem::new(500, "bug", "the shop has a bug; please tell us")), to_wire)
}

fn refuse(problem: &Problem) -> hyper::Response<Full<Bytes>> {
    // After a body that was not read to its end the connection is of no more use.
    to_wire(Response::from(problem).with_header("Connection", "close"))
}

fn to_wire(response: Response) -> hyper::Response<Full<Bytes>> {
    let mut builder = hyper::Response::builder().status(response.status);
    for (name, value) in &response.headers {
        builder = builder.header(*name, value);
    }
    builder.body(Full::from(response.body)).unwrap_or_else(|_| {
        // Only a header value with a control character gets here, and no handler copies what a client sent into one.
        let mut failed = hyper::Response::new(Full::default());
        *failed.status_mut() = hyper::StatusCode::INTERNAL_SERVER_ERROR;
        failed
    })
}

/// A shop that serves on a free port of the loopback interface from a thread of its own, until dropped.
#[derive(Debug)]
pub struct OwnServer {
    address: SocketAddr,
    stop: Option<tokio::sync::oneshot::Sender<()>>,
    thread: Option<thread::JoinHandle<bool>>,
}

impl OwnServer {
    /// Starts serving `shop`.
    ///
    /// # Errors
    /// When the system gives no port or no threads.
    pub fn start(shop: Shop) -> io::Result<Self> {
        let runtime = runtime()?;
        let listener = runtime.block_on(listen(IpAddr::from([127, 0, 0, 1]), 0))?;
        let address = listener.local_addr()?;
        let (stop, stopped) = tokio::sync::oneshot::channel();
        let thread = thread::Builder::new().name("shop".to_owned()).spawn(move || {
            runtime.block_on(serve(Arc::new(shop), listener, async {
                // A sender that is gone means the same as one that has sent.
                let _ = stopped.await;
            }))
        })?;
        Ok(Self { address, stop: Some(stop), thread: Some(thread) })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for OwnServer {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A server thread that panicked has nothing left to stop.
            let _ = thread.join();
        }
    }
}
