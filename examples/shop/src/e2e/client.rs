//! The visitor: one HTTP/1.1 connection that is kept open, and a jar of cookies.

use std::collections::BTreeMap;

use http_body_util::{BodyExt, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::{Request, Uri};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use crate::flow::{MAX_RESPONSE_BYTES, Response};

/// Port of `http` when the address names none (RFC 9110, section 4.2.1).
const HTTP_PORT: u16 = 80;
/// Most cookies that a flow keeps; browsers keep at least 50 a site (RFC 6265, section 6.1).
pub const MAX_COOKIES: usize = 50;

/// A request before cookies are added.
#[derive(Debug, Clone, Default)]
pub struct Outgoing {
    /// Upper-case method.
    pub method: String,
    /// Path and query, starting with `/`.
    pub target: String,
    /// Names and values.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

/// A visitor of one shop.
#[derive(Debug)]
pub struct Client {
    base: Uri,
    connection: Option<SendRequest<Full<Bytes>>>,
    cookies: BTreeMap<String, String>,
}

impl Client {
    /// A visitor without cookies of the shop at `base`, an `http` address without a path.
    pub fn new(base: Uri) -> Self {
        Self { base, connection: None, cookies: BTreeMap::new() }
    }

    /// The shop's address.
    pub fn base(&self) -> &Uri {
        &self.base
    }

    /// Becomes a new visitor.
    pub fn forget_cookies(&mut self) {
        self.cookies.clear();
    }

    /// Connects, unless there is a connection.
    ///
    /// # Errors
    /// One line that says why not.
    pub async fn connect(&mut self) -> Result<(), String> {
        if self.connection.as_ref().is_some_and(SendRequest::is_ready) {
            return Ok(());
        }
        // The brackets of an IPv6 address are part of the URL, not of the address.
        let host = self.base.host().unwrap_or("").trim_matches(['[', ']']);
        let stream = TcpStream::connect((host, self.base.port_u16().unwrap_or(HTTP_PORT)))
            .await
            .map_err(|error| format!("can't connect: {error}"))?;
        // Requests are small and complete when written, so waiting for more to send only delays them.
        let _ = stream.set_nodelay(true);
        let (sender, connection) =
            handshake(TokioIo::new(stream)).await.map_err(|error| format!("can't connect: {error}"))?;
        tokio::spawn(async move {
            // A connection that broke fails the request that is sent on it.
            let _ = connection.await;
        });
        self.connection = Some(sender);
        Ok(())
    }

    /// Sends a request and reads the whole response. Cookies that it sets are kept.
    ///
    /// # Errors
    /// One line that says why there is no response.
    pub async fn send(&mut self, outgoing: &Outgoing) -> Result<Response, String> {
        let request = self.request(outgoing)?;
        self.connect().await?;
        let mut connection = self.connection.take().ok_or("not connected")?;
        let response = connection.send_request(request).await.map_err(|error| format!("no response: {error}"))?;
        let response = read(response).await?;
        // Only a connection whose response was read to its end can take another request; the others are dropped here.
        if connection.ready().await.is_ok() {
            self.connection = Some(connection);
        }
        self.keep_cookies(&response);
        Ok(response)
    }

    fn request(&self, outgoing: &Outgoing) -> Result<Request<Full<Bytes>>, String> {
        let mut builder = Request::builder().method(outgoing.method.as_str()).uri(outgoing.target.as_str());
        for (name, value) in &outgoing.headers {
            builder = builder.header(name, value);
        }
        let names = |wanted: &str| outgoing.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case(wanted));
        if !names("host") {
            builder = builder.header("Host", self.base.authority().map_or("", |authority| authority.as_str()));
        }
        if !names("cookie") && !self.cookies.is_empty() {
            let pairs: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            builder = builder.header("Cookie", pairs.join("; "));
        }
        let body = Full::from(outgoing.body.clone());
        builder.body(body).map_err(|error| format!("{} {:?} can't be sent: {error}", outgoing.method, outgoing.target))
    }

    fn keep_cookies(&mut self, response: &Response) {
        for (_, cookie) in response.headers.iter().filter(|(name, _)| name == "set-cookie") {
            let mut parts = cookie.split(';').map(str::trim);
            let Some((name, value)) = parts.next().and_then(|pair| pair.split_once('=')) else { continue };
            let is_deleted = parts.any(|attribute| attribute.eq_ignore_ascii_case("max-age=0"));
            if is_deleted || value.is_empty() {
                self.cookies.remove(name);
            } else if self.cookies.len() < MAX_COOKIES || self.cookies.contains_key(name) {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}

async fn read(response: hyper::Response<Incoming>) -> Result<Response, String> {
    let (head, body) = response.into_parts();
    let body = Limited::new(body, MAX_RESPONSE_BYTES).collect().await;
    let body =
        body.map_err(|error| format!("the response of status {} broke off: {error}", head.status.as_u16()))?.to_bytes();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let headers = head.headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value.as_bytes())));
    Ok(Response { status: head.status.as_u16(), headers: headers.collect(), body: text(&body), landed_on: None })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_are_kept_replaced_and_deleted() {
        let mut client = Client::new(Uri::from_static("http://127.0.0.1:1"));
        let set = |cookie: &str| Response {
            headers: vec![("set-cookie".to_owned(), cookie.to_owned())],
            ..Response::default()
        };
        for cookie in ["a=1; Path=/", "b=2", "a=3; HttpOnly", "b=x; Max-Age=0", "no pair", "c="] {
            client.keep_cookies(&set(cookie));
        }
        assert_eq!(client.cookies, BTreeMap::from([("a".to_owned(), "3".to_owned())]));
        let outgoing = Outgoing { method: "GET".to_owned(), target: "/".to_owned(), ..Outgoing::default() };
        let request = client.request(&outgoing).unwrap();
        assert_eq!(request.headers()["cookie"], "a=3");
        assert_eq!(request.headers()["host"], "127.0.0.1:1");
    }

    #[test]
    fn a_target_that_is_no_path_is_refused_in_words() {
        let client = Client::new(Uri::from_static("http://127.0.0.1:1"));
        let outgoing = Outgoing { method: "GET".to_owned(), target: "/a b".to_owned(), ..Outgoing::default() };
        assert!(client.request(&outgoing).unwrap_err().contains("can't be sent"));
    }
}
