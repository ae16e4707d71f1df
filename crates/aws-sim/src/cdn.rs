//! Stored objects as a website serves them: `GET /_cdn/<bucket>/<key>`, unsigned, with their headers.

use crate::clock::http_date;
use crate::front::{Answer, text};
use crate::server::Shared;
use crate::store::object::Object;
use http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, ETAG, IF_NONE_MATCH, LAST_MODIFIED};
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode};
use percent_encoding::percent_decode_str;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Where it is.
pub(crate) const PATH: &str = "/_cdn/";

/// How the website is set up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CdnOptions {
    /// What a path that ends with a slash is for.
    pub index: String,
    /// Whether it is an edge that keeps what it has seen, and that something is missing, until an invalidation or a
    /// purge names it. No time ends it.
    pub cache: bool,
}

impl Default for CdnOptions {
    fn default() -> CdnOptions {
        CdnOptions { index: "index.html".to_owned(), cache: false }
    }
}

/// What the edge keeps, by bucket and path. `None` is a 404.
type Kept = BTreeMap<(String, String), Option<Arc<Object>>>;

/// The edge.
#[derive(Debug)]
pub(crate) struct Cdn {
    options: CdnOptions,
    kept: Mutex<Kept>,
}

impl Cdn {
    pub(crate) fn new(options: CdnOptions) -> Cdn {
        Cdn { options, kept: Mutex::default() }
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Forgets a path, or all below it when it ends with `*`. The path is encoded and begins with a slash.
    pub(crate) fn forget(&self, path: &str) {
        let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
        match path.strip_suffix('*') {
            Some(prefix) => {
                let prefix = decoded(prefix);
                self.lock().retain(|(_, kept), _| !kept.starts_with(&prefix));
            }
            None => {
                let path = decoded(path);
                self.lock().retain(|(_, kept), _| *kept != path);
            }
        }
    }

    pub(crate) fn forget_all(&self) {
        self.lock().clear();
    }
}

/// Serves a path.
pub(crate) fn serve<B>(shared: &Shared, request: &Request<B>) -> Answer {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return text(StatusCode::METHOD_NOT_ALLOWED, "GET and HEAD only");
    }
    let path = request.uri().path().strip_prefix(PATH).unwrap_or("");
    let path = percent_decode_str(path).decode_utf8_lossy();
    let (bucket, key) = path.split_once('/').unwrap_or((&path, ""));
    let place = (bucket.to_owned(), format!("/{key}"));
    let cached = if shared.cdn.options.cache { shared.cdn.lock().get(&place).cloned() } else { None };
    let (hit, object) = match cached {
        Some(object) => (true, object),
        None => (false, origin(shared, bucket, key)),
    };
    if shared.cdn.options.cache && !hit {
        shared.cdn.lock().insert(place, object.clone());
    }
    let Some(object) = object else { return text(StatusCode::NOT_FOUND, "there is no such object") };
    answer(&object, request.headers(), hit)
}

fn origin(shared: &Shared, bucket: &str, key: &str) -> Option<Arc<Object>> {
    let index = &shared.cdn.options.index;
    let key = if key.is_empty() || key.ends_with('/') { format!("{key}{index}") } else { key.to_owned() };
    shared.store.get(bucket, &key, None).ok()
}

fn answer(object: &Object, asked: &HeaderMap, hit: bool) -> Answer {
    let etag = format!("\"{}\"", object.etag);
    let known = asked.get(IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let unchanged = known.is_some_and(|known| known.split(',').any(|each| each.trim() == etag || each.trim() == "*"));
    let mut answer = if unchanged {
        let mut answer = Response::new(s3s::Body::empty());
        *answer.status_mut() = StatusCode::NOT_MODIFIED;
        answer
    } else {
        Response::new(object.content.clone().into_body())
    };
    let headers = answer.headers_mut();
    for (name, value) in &object.headers {
        if !name.as_str().starts_with("x-amz-server-side-encryption") {
            headers.insert(name.clone(), value.clone());
        }
    }
    let dates = [(ETAG, etag), (LAST_MODIFIED, http_date(object.last_modified_s))];
    for (name, value) in dates {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(name, value);
        }
    }
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert("x-cache", HeaderValue::from_static(if hit { "Hit from aws-sim" } else { "Miss from aws-sim" }));
    answer
}
