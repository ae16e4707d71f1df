//! One address: its socket, its counts, its connections.

use crate::class::Class;
use crate::{Setup, answer};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;

/// Bytes of a request's head that are read.
const MAX_HEAD_BYTES: usize = 64 << 10;
/// First byte of a TLS client's first record. Source: RFC 8446, section 5.1, `handshake(22)`.
const TLS_HANDSHAKE: &str = "\u{16}";
/// How long a client may take for its request, and for closing after the answer.
const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) struct Instance {
    pub address: SocketAddr,
    pub class: Class,
    pub seed: u64,
    /// Whether it is the one that is wrong, where only one is.
    pub is_odd: bool,
    pub began: Instant,
    pub ready_after: Duration,
    /// Requests for anything but the version; what they are answered depends on this.
    pub asked: AtomicU64,
    /// Requests for the version.
    pub asked_version: AtomicU64,
    pub requests: AtomicU64,
    pub connections: AtomicU64,
    tls: Option<TlsAcceptor>,
}

impl Instance {
    pub(crate) fn new(
        setup: &Setup,
        index: usize,
        address: SocketAddr,
        began: Instant,
        tls: Option<Arc<ServerConfig>>,
    ) -> Instance {
        let odd = setup.seed % setup.instances.max(1) as u64;
        Instance {
            address,
            class: setup.class,
            seed: setup.seed ^ (index as u64) << 32,
            is_odd: odd == index as u64,
            began,
            ready_after: setup.ready_after,
            asked: AtomicU64::new(0),
            asked_version: AtomicU64::new(0),
            requests: AtomicU64::new(0),
            connections: AtomicU64::new(0),
            tls: tls.map(TlsAcceptor::from),
        }
    }

    /// When its port opens, counted from the start; `None`: never.
    pub(crate) fn opens_after(&self) -> Option<Duration> {
        match self.class {
            Class::RefusedThenReady => Some(self.ready_after),
            Class::DeadAddress if self.is_odd => None,
            _ => Some(Duration::ZERO),
        }
    }
}

/// Opens a port in time, or keeps it closed for ever.
pub(crate) async fn open_later(socket: TcpSocket, after: Option<Duration>, instance: Arc<Instance>) {
    let Some(after) = after else {
        std::future::pending::<()>().await;
        drop(socket);
        return;
    };
    tokio::time::sleep_until((instance.began + after).into()).await;
    if let Ok(listener) = socket.listen(crate::BACKLOG) {
        accept(listener, instance).await;
    }
}

/// Answers whoever comes.
pub(crate) async fn accept(listener: TcpListener, instance: Arc<Instance>) {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                instance.connections.fetch_add(1, Relaxed);
                tokio::spawn(converse(stream, Arc::clone(&instance)));
            }
            // No descriptors left: others will end soon.
            Err(_) => tokio::time::sleep(Duration::from_millis(5)).await,
        }
    }
}

/// One connection. Clients break off as they like, so errors end it and are nobody's news.
async fn converse(stream: TcpStream, instance: Arc<Instance>) {
    // Every answer is one write or means to be slow.
    let _ = stream.set_nodelay(true);
    if instance.class == Class::ResetAfterHead {
        let _ = stream.set_zero_linger();
    }
    let _ = match &instance.tls {
        None => serve(stream, &instance, false).await,
        Some(acceptor) => match tokio::time::timeout(PATIENCE, acceptor.accept(stream)).await {
            Ok(Ok(stream)) => {
                let is_right = stream.get_ref().1.server_name() == Some(crate::HOST);
                serve(stream, &instance, is_right).await
            }
            _ => Ok(()),
        },
    };
}

async fn serve<S: AsyncRead + AsyncWrite + Unpin>(
    mut stream: S,
    instance: &Instance,
    has_right_name: bool,
) -> std::io::Result<()> {
    match instance.class {
        Class::Silent | Class::SilentTls => return until_closed(&mut stream).await,
        Class::NoHttp => {
            stream.write_all(b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n").await?;
            return until_closed(&mut stream).await;
        }
        Class::GoAway => {
            stream.write_all(answer::GO_AWAY).await?;
            stream.flush().await?;
            return ended(&mut stream).await;
        }
        _ => {}
    }
    let Some(head) = read_head(&mut stream).await? else { return Ok(()) };
    if head.starts_with(TLS_HANDSHAKE) {
        stream.write_all(answer::NO_TLS_HERE).await?;
        return ended(&mut stream).await;
    }
    instance.requests.fetch_add(1, Relaxed);
    answer::write(&mut stream, instance, &head, has_right_name).await
}

/// Reads a request's head, or the beginning of a TLS handshake; what follows stays where it is. `None`: the client left before.
async fn read_head<S: AsyncRead + Unpin>(stream: &mut S) -> std::io::Result<Option<String>> {
    let mut head = Vec::new();
    let mut part = [0; 4096];
    while !head.windows(4).any(|end| end == b"\r\n\r\n") && !head.starts_with(TLS_HANDSHAKE.as_bytes()) {
        let Ok(read) = tokio::time::timeout(PATIENCE, stream.read(&mut part)).await else { return Ok(None) };
        let read = read?;
        if read == 0 || head.len() > MAX_HEAD_BYTES {
            return Ok(None);
        }
        head.extend_from_slice(&part[..read]);
    }
    Ok(Some(String::from_utf8_lossy(&head).into_owned()))
}

/// Closes our direction, then waits until the client has closed its own, lest a reset overtakes the answer.
pub(crate) async fn ended<S: AsyncRead + AsyncWrite + Unpin>(stream: &mut S) -> std::io::Result<()> {
    stream.shutdown().await?;
    until_closed(stream).await
}

/// Reads and says nothing until the client has enough.
pub(crate) async fn until_closed<S: AsyncRead + Unpin>(stream: &mut S) -> std::io::Result<()> {
    let mut part = [0; 4096];
    while let Ok(read) = tokio::time::timeout(PATIENCE, stream.read(&mut part)).await {
        if read? == 0 {
            break;
        }
    }
    Ok(())
}
