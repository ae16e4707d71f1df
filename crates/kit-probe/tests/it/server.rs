//! Little servers, and networks to ask them with.

use kit_probe::exchange::{Exchange, Family, HttpVersion, Network, Proxies, Request, Settings};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::Instant;

/// Whole requests as they came, in order.
pub type Log = Arc<Mutex<Vec<String>>>;

/// Long enough on a busy machine.
pub fn later() -> Instant {
    Instant::now() + Duration::from_secs(20)
}

pub fn settings() -> Settings {
    Settings {
        timeout: Duration::from_secs(10),
        max_body_bytes: 10_000,
        ca_file: None,
        proxies: Proxies::default(),
        http: HttpVersion::Negotiated,
        family: Family::Any,
    }
}

pub fn network() -> Network {
    Network::new(settings())
}

/// A network that waits no longer than this.
pub fn hasty(ms: u64) -> Network {
    Network::new(Settings { timeout: Duration::from_millis(ms), ..settings() })
}

pub fn get(url: &str) -> Request {
    Request {
        method: "GET".to_owned(),
        url: url::Url::parse(url).unwrap(),
        headers: Vec::new(),
        body: Vec::new(),
        redirects: 0,
    }
}

/// A server that hands every connection to `serve`.
pub async fn listen<F, T>(serve: F) -> SocketAddr
where
    F: Fn(TcpStream) -> T + Send + Sync + 'static,
    T: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream));
        }
    });
    address
}

/// A server that reads a request and answers with these bytes, then closes.
pub async fn answering(bytes: impl AsRef<[u8]>) -> SocketAddr {
    let bytes = bytes.as_ref().to_vec();
    answering_each(Log::default(), move |_| bytes.clone()).await
}

/// A server that logs each request, answers with what is made of it, and closes.
pub async fn answering_each(log: Log, answer: impl Fn(&str) -> Vec<u8> + Send + Sync + 'static) -> SocketAddr {
    let answer = Arc::new(answer);
    listen(move |mut stream| {
        let (log, answer) = (log.clone(), answer.clone());
        async move {
            let request = read_request(&mut stream).await;
            let bytes = answer(&request);
            log.lock().unwrap().push(request);
            let _ = stream.write_all(&bytes).await;
            let _ = stream.shutdown().await;
        }
    })
    .await
}

/// One request with the body that its Content-Length tells.
pub async fn read_request(stream: &mut (impl AsyncReadExt + Unpin)) -> String {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ").map(str::to_owned))
                .map_or(0, |length| length.parse::<usize>().unwrap());
            if body.len() >= length {
                return text;
            }
        }
        if stream.read_buf(&mut bytes).await.unwrap_or(0) == 0 {
            return String::from_utf8_lossy(&bytes).into_owned();
        }
    }
}

/// A port of loopback that nobody listens on.
pub async fn closed_port() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    listener.local_addr().unwrap()
}

/// The fault of an exchange: cause, then message.
pub fn fault(exchange: &Exchange) -> (kit_probe::event::Cause, String) {
    let fault = exchange.fault.as_ref().unwrap_or_else(|| panic!("no fault: {exchange:?}"));
    assert!(!fault.message.contains('\n'), "{}", fault.message);
    (fault.cause, fault.message.clone())
}
