//! Tells a CDN which addresses have another content now. EFFECTS.
//!
//! The release is there whatever the CDN says, so what fails here is a warning: until the old pages have gone from its caches they
//! are shown, and all that they name is still there.

use crate::args::options::CdnOptions;
use crate::commands::connection::Connection;
use crate::plan::place::Place;
use crate::plan::purge::{addresses, cloudflare_calls, cloudfront_paths, in_url};
use bytes::Bytes;
use kit_host::Permit;
use kit_report::{Finding, Level};
use std::collections::BTreeSet;
use std::time::{SystemTime, UNIX_EPOCH};
use url::Url;

/// The longest answer of Cloudflare that is read, bytes.
const ANSWER_BYTES: u64 = 1 << 20;
/// The longest page that is fetched to warm a cache, bytes.
const PAGE_BYTES: u64 = 64 << 20;

/// What changed.
pub struct Changed<'c> {
    /// Where the site is.
    pub place: &'c Place,
    /// Where browsers find its keys; empty when nobody said.
    pub base_url: &'c str,
    /// Pages with another content.
    pub pages: BTreeSet<String>,
    /// The release that brought them.
    pub release: &'c str,
}

/// What was told.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Told {
    /// Paths and addresses.
    pub purged: Vec<String>,
    /// What failed.
    pub notes: Vec<Finding>,
}

/// Purges what changed, and fetches it again if that was asked for.
pub async fn purge(_permit: &Permit, connection: &Connection, cdn: &CdnOptions, changed: &Changed<'_>) -> Told {
    let mut told = Told::default();
    let addresses = addresses(&changed.pages);
    if addresses.is_empty() {
        return told;
    }
    if let Some(distribution) = &cdn.cloudfront {
        let paths = cloudfront_paths(&root(changed), &addresses);
        let endpoint = cdn.cloudfront_endpoint_url.as_deref();
        // A reference that was used before purges nothing, and a release may become live a second time, by a rollback.
        let now_ms = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis());
        let reference = format!("{}-{now_ms}", changed.release);
        let call = kit_aws::cloudfront::invalidate(&connection.aws, endpoint, distribution, &paths, &reference);
        match call.await {
            Ok(_) => told.purged.extend(paths),
            Err(error) => told.notes.push(failed(&format!("CloudFront: {error}"))),
        }
    }
    if let Some((zone, token)) = &cdn.cloudflare {
        let url = format!("{}/client/v4/zones/{zone}/purge_cache", cdn.cloudflare_endpoint_url);
        let headers = [
            ("authorization".to_owned(), format!("Bearer {token}")),
            ("content-type".to_owned(), "application/json".to_owned()),
        ];
        for urls in cloudflare_calls(changed.base_url, &addresses, cdn.cloudflare_batch) {
            let body = Bytes::from(serde_json::json!({ "files": urls }).to_string());
            let http = connection.aws.http();
            match http.request(&http::Method::POST, &url, &headers, body, ANSWER_BYTES).await {
                Ok(answer) if answer.status == 200 => told.purged.extend(urls),
                Ok(answer) => told.notes.push(failed(&format!("Cloudflare answered {}", answer.status))),
                Err(error) => told.notes.push(failed(&format!("Cloudflare: {error}"))),
            }
        }
    }
    if cdn.warm {
        for address in &addresses {
            let url = format!("{}{address}", changed.base_url);
            let got = connection.aws.http().request(&http::Method::GET, &url, &[], Bytes::new(), PAGE_BYTES).await;
            match got {
                Ok(answer) if answer.status == 200 => {}
                Ok(answer) => told.notes.push(failed(&format!("{url} answered {}", answer.status))),
                Err(error) => told.notes.push(failed(&error.to_string())),
            }
        }
    }
    told
}

/// The path below which the CDN serves the keys: the base URL's, else the keys' own.
fn root(changed: &Changed<'_>) -> String {
    match Url::parse(changed.base_url) {
        Ok(url) => url.path().to_owned(),
        Err(_) => format!("/{}", in_url(&changed.place.prefix)),
    }
}

fn failed(what: &str) -> Finding {
    let what = format!("{what}; the release is live, but the CDN may show old pages until they expire");
    Finding::new("purge-failed", Level::Warning, what)
}
