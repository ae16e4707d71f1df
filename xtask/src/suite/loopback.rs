//! Small HTTP servers on loopback, for the stand-ins of what pipelines talk to.

use anyhow::{Context, Result, ensure};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

/// Bytes of one request's body: what pipelines send here is far smaller.
const BODY_LIMIT_BYTES: usize = 16 << 20;

/// A client that says nothing for so long is gone.
const PATIENCE: Duration = Duration::from_secs(10);

/// One request.
#[derive(Debug, Clone)]
pub(super) struct Request {
    pub method: String,
    /// As the client wrote it: a path with its query, or a whole address to a proxy.
    pub target: String,
    headers: BTreeMap<String, String>,
    pub body: Vec<u8>,
}

/// What is answered.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    pub status: u16,
    pub location: Option<String>,
    pub body: Vec<u8>,
}

/// Listens on a free port of 127.0.0.1 and answers until the process ends, one client after another.
pub(super) fn start(answer: impl Fn(&Request) -> Answer + Send + 'static) -> Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    serve(listener, answer);
    Ok(address)
}

/// The same for a socket that listens already.
pub(super) fn serve(listener: TcpListener, answer: impl Fn(&Request) -> Answer + Send + 'static) {
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            // A client that breaks off, or speaks no HTTP, gets nothing more, and the next one is served.
            let Ok(request) = Request::read(&mut stream) else { continue };
            let _ = answer(&request).write(&mut stream);
        }
    });
}

impl Request {
    fn read(stream: &mut TcpStream) -> Result<Request> {
        stream.set_read_timeout(Some(PATIENCE))?;
        let mut reader = BufReader::new(stream.try_clone()?);
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let mut words = line.split_whitespace().map(str::to_owned);
        let (method, target) = (words.next().context("no method")?, words.next().context("no target")?);
        let mut headers = BTreeMap::new();
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line)? == 0 || line.trim().is_empty() {
                break;
            }
            let (name, value) = line.split_once(':').context("no header")?;
            headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
        }
        let mut request = Request { method, target, headers, body: Vec::new() };
        let length = request.header("content-length").parse().unwrap_or(0);
        ensure!(length <= BODY_LIMIT_BYTES, "a body of {length} bytes");
        if request.header("expect") == "100-continue" {
            stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\n")?;
        }
        request.body = vec![0; length];
        reader.read_exact(&mut request.body)?;
        Ok(request)
    }

    /// A header's value by its name in lower case; empty when there is none.
    pub(super) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }
}

impl Answer {
    /// A status with a body.
    pub(super) fn new(status: u16, body: impl Into<Vec<u8>>) -> Answer {
        Answer { status, location: None, body: body.into() }
    }

    /// A status with a JSON body.
    pub(super) fn json(status: u16, body: &serde_json::Value) -> Answer {
        Answer::new(status, body.to_string())
    }

    /// An error in the form of Bitbucket's API.
    pub(super) fn error(status: u16, message: &str) -> Answer {
        Answer::json(status, &serde_json::json!({ "type": "error", "error": { "message": message } }))
    }

    fn write(&self, stream: &mut TcpStream) -> Result<()> {
        write!(stream, "HTTP/1.1 {} X\r\nContent-Length: {}\r\nConnection: close\r\n", self.status, self.body.len())?;
        if let Some(location) = &self.location {
            write!(stream, "Location: {location}\r\n")?;
        }
        stream.write_all(b"\r\n")?;
        stream.write_all(&self.body)?;
        Ok(())
    }
}
