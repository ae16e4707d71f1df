//! The HTTP client that everything here shares, and plain requests with it.
//!
//! Roots are the system's, or those of `SSL_CERT_FILE` and `SSL_CERT_DIR`; proxies are those of `HTTPS_PROXY`, `HTTP_PROXY`,
//! `ALL_PROXY` and `NO_PROXY`. Both are read from the environment of the process by the client.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls;
use aws_smithy_runtime_api::client::http::{
    HttpConnectorSettings, SharedHttpClient, SharedHttpConnector, http_client_fn,
};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method};

use crate::call::{Call, Limit, run, streamed};
use crate::recorder::{Kind, Recorder};
use crate::retry::Budget;
use crate::sign::Payload;
use crate::{Body, Error};

/// Idle connections are closed by S3 after some seconds; a connection this old is not worth a try.
const IDLE: Duration = Duration::from_secs(20);

/// Time-outs of each attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// Until a connection stands, TLS included.
    pub connect: Duration,
    /// Until an answer begins (a body that is sent gets a second more for each 32 KiB), and between two pieces of it.
    pub attempt: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Timeouts { connect: Duration::from_secs(10), attempt: Duration::from_secs(30) }
    }
}

/// The client: connections, time-outs, the retry budget and the counters. Clones share them.
#[derive(Clone)]
pub struct Http(pub(crate) Arc<Shared>);

/// What the clones share.
pub(crate) struct Shared {
    pub(crate) connector: SharedHttpConnector,
    pub(crate) user_agent: HeaderValue,
    pub(crate) timeouts: Timeouts,
    pub(crate) budget: Mutex<Budget>,
    pub(crate) recorder: Recorder,
}

impl std::fmt::Debug for Http {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Http").field("timeouts", &self.0.timeouts).finish_non_exhaustive()
    }
}

/// An answer to a plain request, whatever its status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// As they came.
    pub headers: HeaderMap,
    /// All of it.
    pub body: Bytes,
    /// How often the request was sent, from 1.
    pub attempts: u32,
}

impl Http {
    /// A client that calls itself `user_agent`. Nothing is connected yet.
    ///
    /// # Errors
    /// [`Error::Input`] when `user_agent` is not visible ASCII.
    pub fn new(user_agent: &str, timeouts: Timeouts) -> Result<Http, Error> {
        let user_agent = HeaderValue::from_str(user_agent)
            .map_err(|_| Error::Input(format!("the user agent {user_agent:?} is not visible ASCII")))?;
        Ok(Http(Arc::new(Shared {
            connector: connector(Some(timeouts.connect), None),
            user_agent,
            timeouts,
            budget: Mutex::new(Budget::default()),
            recorder: Recorder::default(),
        })))
    }

    /// What was sent so far.
    pub fn recorder(&self) -> &Recorder {
        &self.0.recorder
    }

    /// One plain request, unsigned. It is sent again after connection errors, time-outs, 408, 429 and 500 to 504 (but 501)
    /// as [`crate::retry`] decides, `Retry-After` counted: use it for what may be sent twice. The last answer is returned
    /// whatever its status; redirects are not followed. Answers above `limit_bytes` are an error.
    ///
    /// # Errors
    /// [`Error::Input`] (address or header), [`Error::Network`], [`Error::BodyTooLarge`].
    pub async fn request(
        &self,
        method: &Method,
        url: &str,
        headers: &[(String, String)],
        body: Bytes,
        limit_bytes: u64,
    ) -> Result<Response, Error> {
        // A query may hold a secret, so the address is shown without it.
        let shown = url.split(['?', '#']).next().unwrap_or_default();
        let what = format!("{method} {shown}");
        let call = Call {
            kind: Kind::Other,
            what: &what,
            method: method.clone(),
            url,
            headers: header_values(headers)?,
            body: body.into(),
            payload: Payload::Empty,
            limit: Limit::Buffered(limit_bytes),
            hides_errors: false,
            verified: false,
            patience: Duration::ZERO,
        };
        let answer = run(self, None, &call).await?;
        Ok(Response { status: answer.status, headers: answer.headers, body: answer.body, attempts: answer.attempts })
    }

    /// A plain GET, unsigned, whose body is handed over piece by piece when it is a success; nothing of it is kept, so
    /// [`Response::body`] is empty then. Other answers have their body. It is sent again as [`Http::request`] is, until the body
    /// begins.
    ///
    /// # Errors
    /// Those of [`Http::request`]; [`Error::Network`] too when the body breaks off, and [`Error::File`] when `each` fails.
    pub async fn stream(
        &self,
        url: &str,
        headers: &[(String, String)],
        mut each: impl FnMut(&[u8]) -> std::io::Result<()>,
    ) -> Result<Response, Error> {
        let shown = url.split(['?', '#']).next().unwrap_or_default();
        let what = format!("GET {shown}");
        let call = Call {
            kind: Kind::Other,
            what: &what,
            method: Method::GET,
            url,
            headers: header_values(headers)?,
            body: Body::default(),
            payload: Payload::Empty,
            limit: Limit::Streamed,
            hides_errors: false,
            verified: false,
            patience: Duration::ZERO,
        };
        let mut answer = run(self, None, &call).await?;
        if let Some(mut body) = answer.stream.take() {
            let broken = |why: String| Error::Network(format!("{what}: {why}"));
            while let Some(piece) = streamed(self, &mut body).await.map_err(broken)? {
                each(&piece).map_err(|error| Error::File { path: shown.to_owned(), why: error.to_string() })?;
            }
        }
        Ok(Response { status: answer.status, headers: answer.headers, body: answer.body, attempts: answer.attempts })
    }

    /// The same connections as a client for the SDK's own crates. Their time-outs (the instance's metadata is given one
    /// second) are kept.
    pub(crate) fn for_sdk(&self) -> SharedHttpClient {
        type Known = Vec<(Option<Duration>, Option<Duration>, SharedHttpConnector)>;
        let shared = self.0.connector.clone();
        let known: Mutex<Known> = Mutex::new(Vec::new());
        http_client_fn(move |settings, _| {
            let (connect, read) = (settings.connect_timeout(), settings.read_timeout());
            if connect.is_none() && read.is_none() {
                return shared.clone();
            }
            let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some((.., found)) = known.iter().find(|entry| entry.0 == connect && entry.1 == read) {
                return found.clone();
            }
            let made = connector(connect, read);
            known.push((connect, read, made.clone()));
            made
        })
    }
}

/// A connector of the official family on rustls and ring.
fn connector(connect: Option<Duration>, read: Option<Duration>) -> SharedHttpConnector {
    let mut settings = HttpConnectorSettings::builder();
    settings.set_connect_timeout(connect).set_read_timeout(read);
    let connector = aws_smithy_http_client::Connector::builder()
        .tls_provider(tls::Provider::rustls(tls::rustls_provider::CryptoMode::Ring))
        .connector_settings(settings.build())
        .pool_idle_timeout(IDLE)
        .proxy_config(ProxyConfig::from_env())
        .build();
    SharedHttpConnector::new(connector)
}

/// Headers as the client wants them.
///
/// # Errors
/// [`Error::Input`] that names the header, never its value.
pub(crate) fn header_values(headers: &[(String, String)]) -> Result<Vec<(HeaderName, HeaderValue)>, Error> {
    let mut values = Vec::with_capacity(headers.len() + 8);
    for (name, value) in headers {
        let key = HeaderName::from_bytes(name.as_bytes())
            .map_err(|_| Error::Input(format!("{name:?} is no name of a header")))?;
        let value = HeaderValue::from_str(value)
            .map_err(|_| Error::Input(format!("header {name} holds characters other than visible ASCII")))?;
        values.push((key, value));
    }
    Ok(values)
}
