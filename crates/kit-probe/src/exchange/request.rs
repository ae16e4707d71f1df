//! A request in the form that its hop wants.

use super::{Request, proxy};
use crate::event::{Cause, Fault};
use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{HeaderName, HeaderValue};
use url::{Position, Url};

/// Sent when the request names none.
const USER_AGENT: &str = concat!("roadcrew-probe/", env!("CARGO_PKG_VERSION"));

/// Headers of the connection and of the body's framing. They are the client's own, and those of a request are left out.
const OWN: [&str; 6] =
    ["connection", "content-length", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade"];

/// How a request names what it asks for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Form<'a> {
    /// HTTP/1.1, path alone.
    Origin,
    /// HTTP/1.1 to a proxy, the whole URL; with the proxy's credentials.
    Absolute(&'a Url),
    /// HTTP/2.
    Http2,
}

/// Makes the request, or says why it cannot be made.
pub(super) fn build(request: &Request, form: Form<'_>) -> Result<hyper::Request<Full<Bytes>>, Fault> {
    let url = &request.url;
    let host =
        request.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("host")).map(|(_, value)| value.as_str());
    let path = match &url[Position::BeforePath..Position::AfterQuery] {
        "" => "/",
        path => path,
    };
    let uri = match form {
        Form::Origin => path.to_owned(),
        Form::Absolute(_) => format!("http://{}{path}", authority(url)),
        Form::Http2 => format!("{}://{}{path}", url.scheme(), host.unwrap_or(authority(url))),
    };
    let mut builder = hyper::Request::builder().method(request.method.as_str()).uri(uri);
    let mut named = |name: &str, value: &str, secret: bool| -> Result<(), Fault> {
        let name = HeaderName::from_bytes(name.as_bytes())
            .map_err(|_| invalid(format!("`{}` is no name of a header", name.escape_debug())))?;
        // The value is not shown: it may be a secret.
        let mut value = HeaderValue::from_bytes(value.as_bytes()).map_err(|_| {
            invalid(format!("the value of the header {name} holds a control character, such as a line's end"))
        })?;
        value.set_sensitive(secret);
        if let Some(headers) = builder.headers_mut() {
            headers.append(name, value);
        }
        Ok(())
    };
    if !matches!(form, Form::Http2) {
        named("host", host.unwrap_or(authority(url)), false)?;
        named("connection", "close", false)?;
    }
    for (name, value) in [("user-agent", USER_AGENT), ("accept", "*/*")] {
        if !request.headers.iter().any(|(given, _)| given.eq_ignore_ascii_case(name)) {
            named(name, value, false)?;
        }
    }
    if let Form::Absolute(proxy) = form
        && let Some(credentials) = proxy::credentials(proxy)
    {
        named("proxy-authorization", &credentials, true)?;
    }
    for (name, value) in &request.headers {
        let is = |own: &str| name.eq_ignore_ascii_case(own);
        if !is("host") && !OWN.iter().any(|own| is(own)) {
            named(name, value, is("authorization") || is("cookie"))?;
        }
    }
    builder
        .body(Full::new(Bytes::from(request.body.clone())))
        .map_err(|error| invalid(format!("{} cannot be asked for: {error}", shown(url))))
}

/// Host and port as the URL writes them, the port when it is not the scheme's.
pub(super) fn authority(url: &Url) -> &str {
    &url[Position::BeforeHost..Position::AfterPort]
}

/// Characters of an URL in a message; a server may lead to one of 64 KiB.
const SHOWN_CHARS: usize = 300;

/// An URL without its user part, for messages.
pub(super) fn shown(url: &Url) -> String {
    let text: String = without_user(url).into();
    match text.char_indices().nth(SHOWN_CHARS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// The same URL without its user part.
pub(super) fn without_user(url: &Url) -> Url {
    let mut url = url.clone();
    // Both fail for URLs that can have no user part, which then have none.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url
}

fn invalid(message: String) -> Fault {
    Fault { cause: Cause::RequestInvalid, message }
}
