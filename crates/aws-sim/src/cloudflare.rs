//! Cloudflare's purge: `POST /client/v4/zones/<zone>/purge_cache`
//! (<https://developers.cloudflare.com/api/resources/cache/methods/purge/>).

use crate::front::{Answer, json, small_body};
use crate::server::Shared;
use http::{HeaderValue, Method, Request, StatusCode};
use hyper::body::Incoming;
use serde::Serialize;
use serde_json::{Value, json};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Where it is.
pub(crate) const PATH: &str = "/client/v4/";
/// One call, in parts so small that every millisecond adds a whole number of them.
const WHOLE: i64 = 60_000;

/// How Cloudflare is set up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CloudflareOptions {
    /// The API token that is known.
    pub token: String,
    /// The zones that are there; empty: every one.
    pub zones: Vec<String>,
    /// How many URLs, tags, hosts or prefixes one call may name. Documented is 100 (500 with Enterprise); 30 is what the
    /// API has been seen to take.
    pub max_files: usize,
    /// How many calls may come at once, and how many a minute after that. The free plan's are 25 and 5
    /// (<https://developers.cloudflare.com/cache/how-to/purge-cache/#availability-and-limits>).
    pub burst: i64,
    /// See [`CloudflareOptions::burst`].
    pub per_minute: i64,
}

impl Default for CloudflareOptions {
    fn default() -> CloudflareOptions {
        CloudflareOptions {
            token: "sim-cloudflare-token".to_owned(),
            zones: Vec::new(),
            max_files: 30,
            burst: 25,
            per_minute: 5,
        }
    }
}

/// A purge that was taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Purge {
    /// Of which zone.
    pub zone: String,
    /// What the client sent.
    pub body: Value,
}

#[derive(Debug)]
struct Inner {
    purges: Vec<Purge>,
    /// Calls left, in parts of [`WHOLE`], at a moment of the simulated clock.
    left: i64,
    at_ms: i64,
}

/// Its state.
#[derive(Debug)]
pub(crate) struct Cloudflare {
    options: CloudflareOptions,
    inner: Mutex<Inner>,
}

impl Cloudflare {
    pub(crate) fn new(options: CloudflareOptions) -> Cloudflare {
        let left = options.burst.saturating_mul(WHOLE);
        Cloudflare { options, inner: Mutex::new(Inner { purges: Vec::new(), left, at_ms: 0 }) }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The purges that were taken, in order.
    pub(crate) fn purges(&self) -> Vec<Purge> {
        self.lock().purges.clone()
    }

    /// Takes one call out of the bucket. Errors: how many seconds until there is one.
    fn take(&self, now_ms: i64) -> Result<(), i64> {
        let mut inner = self.lock();
        let full = self.options.burst.saturating_mul(WHOLE);
        if inner.at_ms > 0 {
            let passed_ms = now_ms.saturating_sub(inner.at_ms).max(0);
            let filled = passed_ms.saturating_mul(self.options.per_minute);
            inner.left = inner.left.saturating_add(filled).min(full);
        }
        inner.at_ms = now_ms;
        if inner.left >= WHOLE {
            inner.left -= WHOLE;
            return Ok(());
        }
        let missing_ms = (WHOLE - inner.left) / self.options.per_minute.max(1);
        Err(missing_ms / 1000 + 1)
    }
}

/// A refusal of Cloudflare's.
pub(crate) fn error(status: StatusCode, code: u32, message: &str) -> Answer {
    let errors = json!([{ "code": code, "message": message }]);
    json(status, &json!({ "success": false, "errors": errors, "messages": [], "result": null }))
}

/// Serves a call.
pub(crate) async fn serve(shared: &Shared, request: Request<Incoming>) -> Answer {
    let (parts, body) = request.into_parts();
    let body = small_body(body).await;
    let cloudflare = &shared.cloudflare;
    let given = parts.headers.get("authorization").and_then(|value| value.to_str().ok());
    if given.and_then(|given| given.strip_prefix("Bearer ")) != Some(cloudflare.options.token.as_str()) {
        return error(StatusCode::FORBIDDEN, 10_000, "Authentication error");
    }
    let path: Vec<&str> = parts.uri.path().strip_prefix(PATH).unwrap_or("").split('/').collect();
    let (&Method::POST, ["zones", zone, "purge_cache"]) = (&parts.method, path.as_slice()) else {
        return error(StatusCode::NOT_FOUND, 7_000, "No route for that URI");
    };
    if !cloudflare.options.zones.is_empty() && !cloudflare.options.zones.iter().any(|known| known == zone) {
        return error(
            StatusCode::NOT_FOUND,
            7_003,
            "Could not route to the zone, perhaps your object identifier is invalid?",
        );
    }
    let asked: Option<Value> = body.and_then(|body| serde_json::from_slice(&body).ok());
    let Some(asked) = asked.filter(Value::is_object) else {
        return error(StatusCode::BAD_REQUEST, 6_003, "Invalid request body");
    };
    if let Err(wait_s) = cloudflare.take(shared.clock.now_ms()) {
        let mut answer =
            error(StatusCode::TOO_MANY_REQUESTS, 1_134, "Unable to purge, rate limit reached. Please wait.");
        answer.headers_mut().insert("retry-after", HeaderValue::from(wait_s));
        return answer;
    }
    if let Err(message) = purge(shared, &asked) {
        return error(StatusCode::BAD_REQUEST, 1_012, &message);
    }
    cloudflare.lock().purges.push(Purge { zone: (*zone).to_owned(), body: asked });
    json(StatusCode::OK, &json!({ "success": true, "errors": [], "messages": [], "result": { "id": zone } }))
}

fn purge(shared: &Shared, asked: &Value) -> Result<(), String> {
    if asked["purge_everything"] == Value::Bool(true) {
        shared.cdn.forget_all();
        return Ok(());
    }
    let most = shared.cloudflare.options.max_files;
    for name in ["files", "tags", "hosts", "prefixes"] {
        let Some(list) = asked[name].as_array() else { continue };
        if list.is_empty() || list.len() > most {
            return Err(format!("Request must contain between 1 and {most} of '{name}'"));
        }
        if name == "files" {
            for file in list {
                let url = file.as_str().or_else(|| file["url"].as_str()).unwrap_or("");
                let path = url.split_once("://").and_then(|(_, rest)| rest.find('/').map(|at| &rest[at..]));
                let Some(path) = path else { return Err(format!("Unable to purge {url}, which is an invalid URL.")) };
                shared.cdn.forget(path);
                // The website's own addresses name the bucket before the path.
                let within = path.strip_prefix(crate::cdn::PATH).and_then(|rest| rest.find('/').map(|at| &rest[at..]));
                shared.cdn.forget(within.unwrap_or(path));
            }
        }
        return Ok(());
    }
    Err("Request must contain one of \"purge_everything\", \"files\", \"tags\", \"hosts\" or \"prefixes\"".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bucket_empties_and_fills() {
        let cloudflare = Cloudflare::new(CloudflareOptions { burst: 2, per_minute: 6, ..Default::default() });
        assert_eq!((cloudflare.take(1000), cloudflare.take(1000)), (Ok(()), Ok(())));
        assert_eq!(cloudflare.take(1000), Err(11));
        assert_eq!(cloudflare.take(1500), Err(10));
        assert_eq!(cloudflare.take(10_999), Err(1));
        assert_eq!(cloudflare.take(11_001), Ok(()));
    }
}
