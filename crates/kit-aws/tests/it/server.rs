//! A server on loopback that answers as a function says.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use kit_aws::http::Timeouts;
use kit_aws::s3::S3;
use kit_aws::{Aws, CiIdentity, ConnectionOptions, connect};

/// A request as it came.
#[derive(Debug, Clone)]
pub struct Asked {
    pub method: String,
    /// With the query, as it stood on the line.
    pub path: String,
    headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Asked {
    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }
}

/// What the function says.
pub enum Reply {
    /// Status, headers, body.
    Answer(u16, Vec<(&'static str, String)>, Vec<u8>),
    /// These bytes, then the connection is closed.
    Raw(Vec<u8>),
    /// A head of a body without an end, and bytes until the client has enough.
    Endless,
    /// No answer for this long, then the connection is closed.
    Silence(Duration),
}

impl Reply {
    pub fn empty(status: u16) -> Reply {
        Reply::Answer(status, Vec::new(), Vec::new())
    }

    pub fn error(status: u16, code: &str) -> Reply {
        let body = format!("<Error><Code>{code}</Code><Message>as the test wants</Message></Error>");
        Reply::Answer(status, vec![("content-type", "application/xml".into())], body.into_bytes())
    }

    /// The connection is closed without an answer.
    pub fn lost() -> Reply {
        Reply::Raw(Vec::new())
    }
}

/// The server, and all that it was asked.
pub struct Server {
    pub url: String,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Server {
    /// `answer` gets each request with its number, from 0.
    pub fn start(answer: impl Fn(usize, &Asked) -> Reply + Send + Sync + 'static) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let asked: Arc<Mutex<Vec<Asked>>> = Arc::default();
        let (answer, log) = (Arc::new(answer), Arc::clone(&asked));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (answer, log) = (Arc::clone(&answer), Arc::clone(&log));
                std::thread::spawn(move || serve(stream.unwrap(), &*answer, &log));
            }
        });
        Server { url, asked }
    }

    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    pub fn options(&self) -> ConnectionOptions {
        ConnectionOptions {
            endpoint_url: Some(self.url.clone()),
            region: Some("eu-west-1".into()),
            environment: [("AWS_ACCESS_KEY_ID", "AKID"), ("AWS_SECRET_ACCESS_KEY", "hidden-secret")]
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .into(),
            timeouts: Timeouts { connect: Duration::from_secs(5), attempt: Duration::from_millis(1500) },
            ..ConnectionOptions::default()
        }
    }

    pub async fn aws(&self) -> Aws {
        connect(&self.options(), CiIdentity::None).await.unwrap()
    }

    pub async fn s3(&self) -> S3 {
        S3::new(&self.aws().await, "bucket", None)
    }
}

fn serve(stream: TcpStream, answer: &(dyn Fn(usize, &Asked) -> Reply + Send + Sync), log: &Mutex<Vec<Asked>>) {
    stream.set_nodelay(true).unwrap();
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut stream = stream;
    while let Some(asked) = read(&mut reader) {
        let number = {
            let mut log = log.lock().unwrap();
            log.push(asked.clone());
            log.len() - 1
        };
        match answer(number, &asked) {
            Reply::Answer(status, headers, body) => {
                let mut head = format!("HTTP/1.1 {status} X\r\n");
                if !headers.iter().any(|(name, _)| *name == "content-length" || *name == "transfer-encoding") {
                    head.push_str(&format!("content-length: {}\r\n", body.len()));
                }
                for (name, value) in headers {
                    head.push_str(&format!("{name}: {value}\r\n"));
                }
                head.push_str("\r\n");
                let body = if asked.method == "HEAD" { &[][..] } else { &body[..] };
                if stream.write_all(&[head.as_bytes(), body].concat()).is_err() {
                    return;
                }
            }
            Reply::Raw(bytes) => {
                let _ = stream.write_all(&bytes);
                let _ = stream.shutdown(Shutdown::Both);
                return;
            }
            Reply::Endless => {
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");
                let piece = [b"10000\r\n".as_slice(), &[b'x'; 0x10000], b"\r\n"].concat();
                while stream.write_all(&piece).is_ok() {}
                return;
            }
            Reply::Silence(time) => {
                std::thread::sleep(time);
                return;
            }
        }
    }
}

fn read(reader: &mut BufReader<TcpStream>) -> Option<Asked> {
    let mut line = String::new();
    reader.read_line(&mut line).ok().filter(|size| *size > 0)?;
    let mut words = line.split(' ');
    let (method, path) = (words.next()?.to_owned(), words.next()?.to_owned());
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let line = line.trim_end();
        if line.is_empty() {
            break;
        }
        let (name, value) = line.split_once(": ")?;
        headers.push((name.to_ascii_lowercase(), value.to_owned()));
    }
    let mut asked = Asked { method, path, headers, body: Vec::new() };
    asked.body.resize(asked.header("content-length").parse().unwrap_or(0), 0);
    reader.read_exact(&mut asked.body).ok()?;
    Some(asked)
}
