//! CloudFront: CreateInvalidation, GetInvalidation and ListInvalidations of 2020-05-31
//! (<https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CreateInvalidation.html>).

use crate::clock::iso_date;
use crate::credentials::{Bad, signer};
use crate::front::{Answer, small_body, xml, xml_text};
use crate::server::Shared;
use crate::sigv4::verified;
use http::header::LOCATION;
use http::{HeaderValue, Method, Request, StatusCode};
use hyper::body::Incoming;
use quick_xml::events::Event;
use serde::Serialize;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Where it is.
pub(crate) const PATH: &str = "/2020-05-31/distribution/";
/// The longest path of an invalidation, in characters.
const MAX_PATH_CHARS: usize = 4000;

/// How CloudFront is set up. The quotas are those of
/// <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html#limits-invalidations>.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CloudFrontOptions {
    /// The distributions that are there; empty: every one.
    pub distributions: Vec<String>,
    /// How long an invalidation is in progress, in milliseconds of the simulated clock.
    pub progress_ms: i64,
    /// How many paths without a wildcard may be in progress.
    pub max_paths: usize,
    /// How many paths with a wildcard may be in progress.
    pub max_wildcards: usize,
}

impl Default for CloudFrontOptions {
    fn default() -> CloudFrontOptions {
        CloudFrontOptions { distributions: Vec::new(), progress_ms: 1000, max_paths: 3000, max_wildcards: 15 }
    }
}

/// An invalidation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Invalidation {
    /// Its id.
    pub id: String,
    /// Of which distribution.
    pub distribution: String,
    /// The caller's own name for it; the same name and paths again give the same invalidation.
    pub caller_reference: String,
    /// As they were sent.
    pub paths: Vec<String>,
    /// Milliseconds since 1970.
    pub created_ms: i64,
}

/// Its state.
#[derive(Debug)]
pub(crate) struct CloudFront {
    options: CloudFrontOptions,
    made: Mutex<Vec<Invalidation>>,
}

type Refused = (StatusCode, &'static str, String);

fn wildcard(path: &str) -> bool {
    path.ends_with('*')
}

impl CloudFront {
    pub(crate) fn new(options: CloudFrontOptions) -> CloudFront {
        CloudFront { options, made: Mutex::default() }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Invalidation>> {
        self.made.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// All invalidations, in order.
    pub(crate) fn invalidations(&self) -> Vec<Invalidation> {
        self.lock().clone()
    }

    fn is_done(&self, invalidation: &Invalidation, now_ms: i64) -> bool {
        now_ms - invalidation.created_ms >= self.options.progress_ms
    }

    fn create(&self, distribution: &str, batch: Batch, now_ms: i64) -> Result<Invalidation, Refused> {
        check(&batch)?;
        let mut made = self.lock();
        let same =
            |one: &&Invalidation| one.distribution == distribution && one.caller_reference == batch.caller_reference;
        if let Some(known) = made.iter().find(same) {
            if known.paths == batch.paths {
                return Ok(known.clone());
            }
            let message = "You already sent an invalidation batch with this caller reference and other paths.";
            return Err((StatusCode::BAD_REQUEST, "InvalidArgument", message.to_owned()));
        }
        let running = made.iter().filter(|one| one.distribution == distribution && !self.is_done(one, now_ms));
        let (mut paths, mut wildcards) = (0, 0);
        for path in running.flat_map(|one| &one.paths).chain(&batch.paths) {
            if wildcard(path) { wildcards += 1 } else { paths += 1 }
        }
        if batch.paths.len() > self.options.max_paths {
            let message = "Your request contains too many paths.";
            return Err((StatusCode::PAYLOAD_TOO_LARGE, "BatchTooLarge", message.to_owned()));
        }
        if paths > self.options.max_paths || wildcards > self.options.max_wildcards {
            let message = "You have exceeded the maximum number of allowable InProgress invalidation batch requests, or invalidation objects.";
            return Err((StatusCode::BAD_REQUEST, "TooManyInvalidationsInProgress", message.to_owned()));
        }
        let invalidation = Invalidation {
            id: format!("I{:013}", made.len() + 1),
            distribution: distribution.to_owned(),
            caller_reference: batch.caller_reference,
            paths: batch.paths,
            created_ms: now_ms,
        };
        made.push(invalidation.clone());
        Ok(invalidation)
    }
}

/// Checks what a batch says of itself.
fn check(batch: &Batch) -> Result<(), Refused> {
    let wrong = |code, message: String| Err((StatusCode::BAD_REQUEST, code, message));
    if batch.caller_reference.is_empty() {
        return wrong("InvalidArgument", "The caller reference is missing.".to_owned());
    }
    if batch.paths.is_empty() {
        return wrong("InvalidArgument", "Your request contains no invalidation path.".to_owned());
    }
    if batch.quantity != Some(batch.paths.len()) {
        return wrong("InconsistentQuantities", "The value of Quantity and the size of Items don't match.".to_owned());
    }
    for path in &batch.paths {
        let star = path.find('*').is_some_and(|at| at + 1 != path.len());
        // What is not of a URL must come encoded.
        let odd = path.bytes().any(|byte| !byte.is_ascii_graphic() || b"\"<>\\^`{|}".contains(&byte));
        if !path.starts_with('/') || star || odd || path.chars().count() > MAX_PATH_CHARS {
            let message = format!("Your request contains one or more invalid invalidation paths: {path}");
            return wrong("InvalidArgument", message);
        }
    }
    Ok(())
}

/// What a client sends.
#[derive(Debug, Default)]
struct Batch {
    paths: Vec<String>,
    quantity: Option<usize>,
    caller_reference: String,
}

/// Reads an InvalidationBatch. `None`: it is not XML, or another's.
fn parsed(body: &[u8]) -> Option<Batch> {
    let text = std::str::from_utf8(body).ok()?;
    let mut reader = quick_xml::Reader::from_str(text);
    let (mut batch, mut open, mut value) = (Batch::default(), Vec::new(), String::new());
    let mut is_batch = false;
    loop {
        match reader.read_event().ok()? {
            Event::Start(start) => {
                open.push(start.local_name().as_ref().to_owned());
                is_batch |= open == ["InvalidationBatch"];
                value.clear();
            }
            Event::Text(piece) => value.push_str(&piece),
            Event::GeneralRef(name) => value.push_str(&reference(&name)?),
            Event::CData(piece) => value.push_str(&piece),
            Event::End(_) => {
                let path: Vec<&str> = open.iter().map(String::as_str).collect();
                match path.as_slice() {
                    [_, "Paths", "Items", "Path"] => batch.paths.push(value.clone()),
                    [_, "Paths", "Quantity"] => batch.quantity = value.trim().parse().ok(),
                    [_, "CallerReference"] => batch.caller_reference = value.trim().to_owned(),
                    _ => {}
                }
                open.pop()?;
                value.clear();
            }
            Event::Eof => return (is_batch && open.is_empty()).then_some(batch),
            _ => {}
        }
    }
}

/// What `&name;` stands for.
fn reference(name: &quick_xml::events::BytesRef<'_>) -> Option<String> {
    if let Some(character) = name.resolve_char_ref().ok()? {
        return Some(character.to_string());
    }
    quick_xml::escape::resolve_predefined_entity(name).map(str::to_owned)
}

/// A refusal of CloudFront's.
pub(crate) fn error(status: StatusCode, code: &str, message: &str) -> Answer {
    xml(
        status,
        format!(
            "<ErrorResponse xmlns=\"http://cloudfront.amazonaws.com/doc/2020-05-31/\"><Error><Type>Sender</Type><Code>{code}</Code><Message>{}</Message></Error><RequestId>SIM</RequestId></ErrorResponse>",
            xml_text(message)
        ),
    )
}

fn written(invalidation: &Invalidation, is_done: bool) -> String {
    let items: String = invalidation.paths.iter().map(|path| format!("<Path>{}</Path>", xml_text(path))).collect();
    format!(
        "<Invalidation xmlns=\"http://cloudfront.amazonaws.com/doc/2020-05-31/\"><Id>{}</Id><Status>{}</Status><CreateTime>{}</CreateTime><InvalidationBatch><Paths><Quantity>{}</Quantity><Items>{items}</Items></Paths><CallerReference>{}</CallerReference></InvalidationBatch></Invalidation>",
        invalidation.id,
        if is_done { "Completed" } else { "InProgress" },
        iso_date(invalidation.created_ms.div_euclid(1000)),
        invalidation.paths.len(),
        xml_text(&invalidation.caller_reference),
    )
}

/// Serves a call.
pub(crate) async fn serve(shared: &Shared, request: Request<Incoming>) -> Answer {
    let (parts, body) = request.into_parts();
    let Some(body) = small_body(body).await else {
        return error(StatusCode::BAD_REQUEST, "MalformedInput", "The body broke off or is too large.");
    };
    let outcome = signed(shared, &parts, &body).and_then(|()| answer(shared, &parts, &body));
    outcome.unwrap_or_else(|(status, code, message)| error(status, code, &message))
}

fn signed(shared: &Shared, parts: &http::request::Parts, body: &[u8]) -> Result<(), Refused> {
    let refused = |code, message: &str| Err((StatusCode::FORBIDDEN, code, message.to_owned()));
    let Some(signer) = signer(&parts.headers, parts.uri.query()) else {
        return refused("MissingAuthenticationToken", "Missing Authentication Token");
    };
    let now_s = shared.clock.now_s();
    if signer.signed_s.is_none_or(|signed| now_s.abs_diff(signed) > shared.clock.max_skew_s()) {
        return refused("SignatureDoesNotMatch", "Signature expired or not yet current.");
    }
    match shared.credentials.check(&signer, now_s) {
        Ok(()) => {}
        Err(Bad::Expired) => return refused("ExpiredToken", "The security token included in the request is expired"),
        Err(_) => return refused("InvalidClientTokenId", "The security token included in the request is invalid."),
    }
    if signer.service != "cloudfront" || signer.region != "us-east-1" {
        return refused("SignatureDoesNotMatch", "Credential should be scoped to cloudfront in us-east-1.");
    }
    let secret = shared.credentials.secret(&signer.access_key).unwrap_or_default();
    let query = parts.uri.query().unwrap_or("");
    if !verified(parts.method.as_str(), parts.uri.path(), query, &parts.headers, body, &secret) {
        return refused(
            "SignatureDoesNotMatch",
            "The request signature we calculated does not match the signature you provided.",
        );
    }
    Ok(())
}

fn answer(shared: &Shared, parts: &http::request::Parts, body: &[u8]) -> Result<Answer, Refused> {
    let cloudfront = &shared.cloudfront;
    let path: Vec<&str> = parts.uri.path().strip_prefix(PATH).unwrap_or("").split('/').collect();
    let now_ms = shared.clock.now_ms();
    let known = &cloudfront.options.distributions;
    let distribution = path.first().copied().unwrap_or("");
    if !known.is_empty() && !known.iter().any(|one| one == distribution) {
        let message = "The specified distribution does not exist.".to_owned();
        return Err((StatusCode::NOT_FOUND, "NoSuchDistribution", message));
    }
    match (&parts.method, path.as_slice()) {
        (&Method::POST, [_, "invalidation"]) => {
            let malformed =
                || (StatusCode::BAD_REQUEST, "MalformedXML", "The XML is not an InvalidationBatch.".to_owned());
            let batch = parsed(body).ok_or_else(malformed)?;
            let made = cloudfront.create(distribution, batch, now_ms)?;
            for path in &made.paths {
                shared.cdn.forget(path);
            }
            let mut answer = xml(StatusCode::CREATED, written(&made, cloudfront.is_done(&made, now_ms)));
            let location = format!("https://cloudfront.amazonaws.com{}/{}", parts.uri.path(), made.id);
            if let Ok(value) = HeaderValue::from_str(&location) {
                answer.headers_mut().insert(LOCATION, value);
            }
            Ok(answer)
        }
        (&Method::GET, [_, "invalidation", id]) => {
            let made = cloudfront.lock();
            let found = made.iter().find(|one| one.id == *id && one.distribution == distribution);
            let missing = || {
                (StatusCode::NOT_FOUND, "NoSuchInvalidation", "The specified invalidation does not exist.".to_owned())
            };
            let found = found.ok_or_else(missing)?;
            Ok(xml(StatusCode::OK, written(found, cloudfront.is_done(found, now_ms))))
        }
        _ => Err((StatusCode::NOT_IMPLEMENTED, "NotImplemented", "This call is not simulated.".to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn batch(reference: &str, paths: &[&str]) -> Batch {
        let paths: Vec<String> = paths.iter().map(|path| (*path).to_owned()).collect();
        Batch { quantity: Some(paths.len()), paths, caller_reference: reference.to_owned() }
    }

    #[test]
    fn a_batch_is_read_from_xml() {
        let body = br#"<?xml version="1.0"?><InvalidationBatch xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Paths><Quantity>2</Quantity><Items><Path>/a&amp;b</Path><Path>/c*</Path></Items></Paths><CallerReference>r1</CallerReference></InvalidationBatch>"#;
        let batch = parsed(body).unwrap();
        assert_eq!((batch.quantity, batch.caller_reference.as_str()), (Some(2), "r1"));
        assert_eq!(batch.paths, ["/a&b", "/c*"]);
        assert!(parsed(b"<Other/>").is_none() && parsed(b"<InvalidationBatch>").is_none());
    }

    #[test]
    fn quotas_count_what_is_in_progress() {
        let cloudfront = CloudFront::new(CloudFrontOptions { max_wildcards: 2, max_paths: 3, ..Default::default() });
        assert!(cloudfront.create("D", batch("1", &["/a*", "/b*", "/c"]), 0).is_ok());
        let code = |outcome: Result<Invalidation, Refused>| outcome.map_err(|(_, code, _)| code);
        assert_eq!(code(cloudfront.create("D", batch("2", &["/d*"]), 10)), Err("TooManyInvalidationsInProgress"));
        assert_eq!(code(cloudfront.create("D", batch("3", &["/1", "/2", "/3", "/4"]), 10)), Err("BatchTooLarge"));
        assert!(cloudfront.create("E", batch("2", &["/d*"]), 10).is_ok());
        assert!(cloudfront.create("D", batch("2", &["/d*"]), 1000).is_ok());
    }

    #[test]
    fn a_reference_names_one_invalidation() {
        let cloudfront = CloudFront::new(CloudFrontOptions::default());
        let first = cloudfront.create("D", batch("1", &["/a"]), 0).unwrap();
        assert_eq!(cloudfront.create("D", batch("1", &["/a"]), 5).unwrap(), first);
        assert!(cloudfront.create("D", batch("1", &["/b"]), 5).is_err());
    }

    #[test]
    fn paths_are_checked() {
        for wrong in ["a", "/a*b", "/a b", "/ä", "/*/x"] {
            assert!(check(&batch("1", &[wrong])).is_err(), "{wrong}");
        }
        assert!(check(&batch("1", &["/", "/*", "/a%20b?x=1"])).is_ok());
        assert!(check(&Batch { quantity: Some(2), ..batch("1", &["/a"]) }).is_err());
    }
}
