//! `verify`: fetches every file of a release as a browser does, and compares it with what was published.

use super::live::{self, Named};
use super::together::together;
use crate::error::Error;
use crate::plan::digest::Digest;
use crate::plan::options::VerifyOptions;
use crate::plan::place::Place;
use crate::plan::purge::in_url;
use crate::plan::verify::{Answer, Difference, Expected, compare, dangling, expected};
use bytes::Bytes;
use http::{HeaderMap, Method};
use kit_aws::http::Http;
use kit_aws::s3::S3;
use sha2::{Digest as _, Sha256};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

pub use crate::plan::outcome::Verified;

/// A larger file is digested as it comes when it is asked for over the web; others are held whole, so that an answer that breaks off is
/// asked for again.
const WHOLE_BYTES: u64 = 1 << 20;

/// Verifies. `done` is told of each file that was looked at: its bytes.
///
/// Errors: exit 2 for no such release, exit 4 when nothing has been published or nothing could be looked at, exit 3 when it was
/// stopped. Differences are no error: the caller says no.
pub async fn verify(
    s3: &S3,
    http: &Http,
    place: &Place,
    options: &VerifyOptions,
    stop: &AtomicBool,
    done: &(dyn Fn(u64) + Send + Sync),
) -> Result<Verified, Error> {
    let Named { record, base_url } = live::named(s3, place, options.release.as_deref()).await?;
    let base_url = options.base_url.clone().unwrap_or(base_url);
    let files = expected(&record);
    let found = Mutex::new(Verified {
        release: record.release.clone(),
        version: record.version.clone(),
        manifest: place.record(&record.release, record.created_ms),
        files: files.len() as u64,
        differences: dangling(&record),
        base_url: base_url.clone(),
        ..Verified::default()
    });
    let next = AtomicUsize::new(0);
    let work = || async {
        while let Some(file) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
            if stop.load(Ordering::Relaxed) {
                let what = "stopped before all files were looked at".to_owned();
                return Err(Error::Service { code: "stopped", what });
            }
            let answer = if base_url.is_empty() {
                of_bucket(s3, place, file).await
            } else {
                of_web(http, &base_url, file).await
            };
            let mut found = found.lock().unwrap_or_else(PoisonError::into_inner);
            note(&mut found, file, answer);
            drop(found);
            done(file.size);
        }
        Ok(())
    };
    let workers = options.concurrency.clamp(1, files.len().max(1));
    together((0..workers).map(|_| work())).await?;
    let mut verified = found.into_inner().unwrap_or_else(PoisonError::into_inner);
    verified.differences.sort_unstable();
    verified.unknown.sort_unstable();
    if verified.answered == 0 && !verified.unknown.is_empty() {
        let why = verified.unknown.first().map(|(_, why)| why.clone()).unwrap_or_default();
        return Err(Error::Unproven { code: "nothing-verified", what: format!("no file could be looked at: {why}") });
    }
    Ok(verified)
}

fn note(found: &mut Verified, file: &Expected<'_>, answer: Result<Answer, kit_aws::Error>) {
    match answer {
        Ok(answer) => {
            found.answered += 1;
            found.bytes += if answer.sha256.is_some() { answer.size } else { 0 };
            found.differences.extend(compare(file, &answer));
        }
        Err(kit_aws::Error::BodyTooLarge { .. }) => {
            found.answered += 1;
            let what = format!("{} is longer than the {} bytes that were published", file.published, file.size);
            found.differences.push(Difference { code: "digest-differs", path: file.path.to_owned(), what });
        }
        Err(error) => found.unknown.push((file.path.to_owned(), error.to_string())),
    }
}

/// Asks the bucket.
async fn of_bucket(s3: &S3, place: &Place, file: &Expected<'_>) -> Result<Answer, kit_aws::Error> {
    let (mut hash, mut size) = (Sha256::new(), 0_u64);
    let got = s3
        .get_chunks(&place.key(file.published), |bytes| {
            hash.update(bytes);
            size = size.saturating_add(bytes.len() as u64);
            Ok(())
        })
        .await?;
    let Some(head) = got else { return Ok(Answer { status: 404, ..Answer::default() }) };
    let header = |name: &str| head.header(name).unwrap_or_default().to_owned();
    Ok(Answer {
        status: 200,
        size,
        sha256: Some(Digest(hash.finalize().into())),
        content_type: header("content-type"),
        cache_control: header("cache-control"),
        content_encoding: header("content-encoding"),
    })
}

/// Asks as a browser does, for the encoding that was published: what a CDN encodes by itself on the way is not what is compared.
async fn of_web(http: &Http, base_url: &str, file: &Expected<'_>) -> Result<Answer, kit_aws::Error> {
    let url = format!("{base_url}{}", in_url(file.published));
    let encoding = match file.headers.content_encoding.as_str() {
        "" => "identity",
        encoding => encoding,
    };
    let headers = [("accept-encoding".to_owned(), encoding.to_owned()), ("accept".to_owned(), "*/*".to_owned())];
    let (response, size, sha256) = if file.size <= WHOLE_BYTES {
        // An error's page may be longer than the file.
        let limit_bytes = file.size.max(64 << 10);
        let response = http.request(&Method::GET, &url, &headers, Bytes::new(), limit_bytes).await?;
        let (size, sha256) = (response.body.len() as u64, Digest::of(&response.body));
        (response, size, sha256)
    } else {
        let (mut hash, mut size) = (Sha256::new(), 0_u64);
        let streamed = http.stream(&url, &headers, |bytes| {
            size = size.saturating_add(bytes.len() as u64);
            hash.update(bytes);
            if size > file.size { Err(std::io::ErrorKind::FileTooLarge.into()) } else { Ok(()) }
        });
        let response = match streamed.await {
            Err(kit_aws::Error::File { .. }) => {
                return Err(kit_aws::Error::BodyTooLarge { what: format!("GET {url}"), limit_bytes: file.size });
            }
            response => response?,
        };
        (response, size, Digest(hash.finalize().into()))
    };
    Ok(Answer {
        status: response.status,
        size,
        sha256: Some(sha256),
        content_type: text(&response.headers, "content-type"),
        cache_control: text(&response.headers, "cache-control"),
        content_encoding: text(&response.headers, "content-encoding"),
    })
}

/// A header's values, in one line; empty without one.
fn text(headers: &HeaderMap, name: &str) -> String {
    let values: Vec<String> =
        headers.get_all(name).iter().map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned()).collect();
    values.join(", ")
}
