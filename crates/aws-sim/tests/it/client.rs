//! A client of nothing but a socket: what it sends and reads is what the tests say.

use aws_sim::sigv4::{Signing, encoded_path, sha256_hex};
use aws_sim::{ACCESS_KEY, SECRET_KEY, Sim, SimOptions};
use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The bucket of every test.
pub const BUCKET: &str = "assets";

/// What came back.
#[derive(Debug, Clone, Default)]
pub struct Answer {
    pub status: u16,
    pub headers: BTreeMap<String, String>,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    /// What stands in the first element of this name.
    pub fn element(&self, name: &str) -> String {
        let text = self.text();
        let from = text.find(&format!("<{name}>")).map(|at| at + name.len() + 2);
        let piece = from.and_then(|from| text[from..].split(&format!("</{name}>")).next().map(str::to_owned));
        piece.unwrap_or_default()
    }

    /// The status and S3's code.
    pub fn refusal(&self) -> (u16, String) {
        (self.status, self.element("Code"))
    }
}

/// A signer and a connection.
pub struct Client {
    address: String,
    stream: BufReader<TcpStream>,
    pub access_key: String,
    pub secret_key: String,
    pub token: Option<String>,
    pub region: String,
    pub service: String,
    /// What `x-amz-content-sha256` says instead of the truth.
    pub payload: Option<String>,
    /// How far the client's clock is from the machine's.
    pub skew_s: i64,
}

impl Client {
    pub fn new(sim: &Sim) -> Client {
        let address = sim.url().trim_start_matches("http://").to_owned();
        Client {
            stream: connect(&address),
            address,
            access_key: ACCESS_KEY.to_owned(),
            secret_key: SECRET_KEY.to_owned(),
            token: None,
            region: "us-east-1".to_owned(),
            service: "s3".to_owned(),
            payload: None,
            skew_s: 0,
        }
    }

    /// Sends a signed request; `target` is an encoded path with its query.
    pub fn try_send(
        &mut self,
        method: &str,
        target: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> io::Result<Answer> {
        let head = self.head(method, target, headers, body);
        let sent = self.exchange(method, &head, body);
        if sent.as_ref().map_or(true, |answer| answer.header("connection") == "close") {
            self.stream = connect(&self.address);
        }
        sent
    }

    pub fn send(&mut self, method: &str, target: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        self.try_send(method, target, headers, body).unwrap()
    }

    /// The first line and the headers.
    pub fn head(&self, method: &str, target: &str, headers: &[(&str, &str)], body: &[u8]) -> String {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let payload = self.payload.clone().unwrap_or_else(|| sha256_hex(body));
        let date = amz_date(now_s() + self.skew_s);
        let mut all: Vec<(String, String)> = headers
            .iter()
            .map(|(name, value)| (name.to_ascii_lowercase(), (*value).to_owned()))
            .chain([
                ("host".to_owned(), self.address.clone()),
                ("x-amz-content-sha256".to_owned(), payload.clone()),
                ("x-amz-date".to_owned(), date.clone()),
            ])
            .chain(self.token.clone().map(|token| ("x-amz-security-token".to_owned(), token)))
            .collect();
        all.sort();
        let signing = Signing {
            method,
            path,
            query,
            headers: &all,
            payload_sha256: &payload,
            amz_date: &date,
            region: &self.region,
            service: &self.service,
        };
        let authorization = signing.authorization(&self.access_key, &self.secret_key);
        let lines: String = all.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        let length = body.len();
        format!(
            "{method} {target} HTTP/1.1\r\n{lines}authorization: {authorization}\r\ncontent-length: {length}\r\n\r\n"
        )
    }

    /// Sends a request as it is, unsigned or broken.
    pub fn exchange(&mut self, method: &str, head: &str, body: &[u8]) -> io::Result<Answer> {
        let mut bytes = head.as_bytes().to_vec();
        bytes.extend_from_slice(body);
        self.stream.get_mut().write_all(&bytes)?;
        read(&mut self.stream, method == "HEAD")
    }

    pub fn put(&mut self, key: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        self.send("PUT", &path(key), headers, body)
    }

    pub fn get(&mut self, key: &str, headers: &[(&str, &str)]) -> Answer {
        self.send("GET", &path(key), headers, b"")
    }

    pub fn head_object(&mut self, key: &str) -> Answer {
        self.send("HEAD", &path(key), &[], b"")
    }

    /// The keys of a whole list, in pages of `page`.
    pub fn list(&mut self, query: &str, page: usize) -> Vec<String> {
        let (mut keys, mut token) = (Vec::new(), String::new());
        loop {
            let sorted = format!("/{BUCKET}?{token}encoding-type=url&list-type=2&max-keys={page}{query}");
            let answer = self.send("GET", &sorted, &[], b"");
            assert_eq!(answer.status, 200, "{}", answer.text());
            let text = answer.text();
            keys.extend(text.split("<Key>").skip(1).filter_map(|rest| rest.split("</Key>").next().map(str::to_owned)));
            if answer.element("IsTruncated") != "true" {
                return keys;
            }
            token = format!("continuation-token={}&", answer.element("NextContinuationToken"));
        }
    }
}

/// An object's path.
pub fn path(key: &str) -> String {
    format!("/{BUCKET}/{}", encoded_path(key))
}

pub fn sim() -> Sim {
    Sim::start(SimOptions::with_bucket(BUCKET)).unwrap()
}

pub fn started(change: impl FnOnce(&mut SimOptions)) -> Sim {
    let mut options = SimOptions::with_bucket(BUCKET);
    change(&mut options);
    Sim::start(options).unwrap()
}

fn connect(address: &str) -> BufReader<TcpStream> {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_nodelay(true).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    BufReader::new(stream)
}

fn read(stream: &mut BufReader<TcpStream>, is_head: bool) -> io::Result<Answer> {
    let mut line = String::new();
    stream.read_line(&mut line)?;
    let status = line.split(' ').nth(1).and_then(|text| text.parse().ok());
    let Some(status) = status else { return Err(io::ErrorKind::UnexpectedEof.into()) };
    let mut answer = Answer { status, ..Answer::default() };
    loop {
        let mut line = String::new();
        stream.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        answer.headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
    }
    if is_head || status == 204 || status == 304 {
        return Ok(answer);
    }
    if answer.header("transfer-encoding") == "chunked" {
        loop {
            let mut line = String::new();
            stream.read_line(&mut line)?;
            let size = usize::from_str_radix(line.trim(), 16).map_err(io::Error::other)?;
            let mut chunk = vec![0; size + 2];
            stream.read_exact(&mut chunk)?;
            answer.body.extend_from_slice(&chunk[..size]);
            if size == 0 {
                return Ok(answer);
            }
        }
    }
    let size = answer.header("content-length").parse().unwrap_or(0);
    answer.body = vec![0; size];
    stream.read_exact(&mut answer.body)?;
    Ok(answer)
}

pub fn now_s() -> i64 {
    i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()).unwrap()
}

/// `20261123T164500Z`, by counting years and months up from 1970.
fn amz_date(seconds: i64) -> String {
    let (mut days, of_day) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let (mut year, mut month) = (1970, 0);
    let leap = |year: i64| (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    while days >= 365 + i64::from(leap(year)) {
        days -= 365 + i64::from(leap(year));
        year += 1;
    }
    let months = [31, 28 + i64::from(leap(year)), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    while days >= months[month] {
        days -= months[month];
        month += 1;
    }
    let (hour, minute, second) = (of_day / 3600, of_day / 60 % 60, of_day % 60);
    format!("{year:04}{:02}{:02}T{hour:02}{minute:02}{second:02}Z", month + 1, days + 1)
}
