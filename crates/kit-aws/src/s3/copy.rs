//! CopyObject: onto another key, or onto the same one with other headers. Above 5 GiB in parts.

use std::sync::Arc;
use std::time::Duration;

use http::{HeaderName, HeaderValue, Method};
use tokio::task::JoinSet;

use super::address::copy_source;
use super::multipart::Part;
use super::{Condition, S3, Stored, checked, quoted, unquoted, xml};
use crate::Error;
use crate::http::header_values;
use crate::recorder::Kind;

/// The largest object that one request copies. Source: Amazon S3 API Reference, "CopyObject".
pub const LARGEST_COPY_BYTES: u64 = 5 * 1024 * 1024 * 1024;
/// A part of a larger one: 10,000 of them hold 10 TB.
const PART_BYTES: u64 = 1024 * 1024 * 1024;
/// Parts that S3 copies at the same time.
const AT_ONCE: usize = 8;
/// S3 copies some 100 MB a second and more; it is waited for as if it were this slow.
const SLOWEST_BYTES_PER_S: u64 = 16 * 1024 * 1024;

/// Headers that an object keeps when it is copied in parts, which copies none by itself.
const KEPT: [&str; 6] = [
    "cache-control",
    "content-disposition",
    "content-encoding",
    "content-language",
    "content-type",
    "x-amz-website-redirect-location",
];

impl S3 {
    /// Copies `from` onto `to` within the bucket. `size` is that of `from` in bytes. With `headers` the copy has these
    /// and no others (S3 refuses a copy onto itself without any); without, it has those of `from`. With `if_match`, only if
    /// `from` still has this ETag.
    ///
    /// # Errors
    /// [`Error::NoSuchKey`], [`Error::PreconditionFailed`], and those of all calls.
    pub async fn copy(
        &self,
        from: &str,
        to: &str,
        size: u64,
        headers: Option<&[(String, String)]>,
        if_match: Option<&str>,
    ) -> Result<Stored, Error> {
        checked(from)?;
        checked(to)?;
        let source = self.source(from, if_match)?;
        if size > LARGEST_COPY_BYTES {
            return self.copy_in_parts(from, to, size, headers, source).await;
        }
        let (what, url) = (self.what("COPY", to), self.0.address.object(to));
        let mut call = self.call(Kind::Copy, &what, Method::PUT, &url);
        call.headers = header_values(headers.unwrap_or_default())?;
        call.headers.extend(source);
        let directive = if headers.is_some() { "REPLACE" } else { "COPY" };
        let directive = HeaderValue::from_static(directive);
        call.headers.push((HeaderName::from_static("x-amz-metadata-directive"), directive));
        call.hides_errors = true;
        call.patience = Duration::from_secs(size / SLOWEST_BYTES_PER_S);
        let answer = self.send(call).await?;
        // Other implementations leave the ETag out; that it was copied is told by the kind of the document.
        if xml::root(&answer.body).as_deref() != Some("CopyObjectResult") {
            return Err(Error::Malformed { what: what.to_string(), why: "it tells of no copy".to_owned() });
        }
        let etag = xml::leaf(&answer.body, "ETag").map(|etag| unquoted(&etag)).unwrap_or_default();
        Ok(Stored { etag, attempts: answer.attempts })
    }

    /// The headers that name what is copied.
    fn source(&self, from: &str, if_match: Option<&str>) -> Result<Vec<(HeaderName, HeaderValue)>, Error> {
        let source = HeaderValue::from_str(&copy_source(&self.0.name, from));
        let mut headers = vec![(
            HeaderName::from_static("x-amz-copy-source"),
            source.map_err(|error| Error::Input(error.to_string()))?,
        )];
        if let Some(etag) = if_match {
            headers.push((HeaderName::from_static("x-amz-copy-source-if-match"), quoted(etag)?));
        }
        if let Some(owner) = &self.0.owner {
            let owner = HeaderValue::from_str(owner).map_err(|error| Error::Input(error.to_string()))?;
            headers.push((HeaderName::from_static("x-amz-source-expected-bucket-owner"), owner));
        }
        Ok(headers)
    }

    async fn copy_in_parts(
        &self,
        from: &str,
        to: &str,
        size: u64,
        headers: Option<&[(String, String)]>,
        source: Vec<(HeaderName, HeaderValue)>,
    ) -> Result<Stored, Error> {
        let kept;
        let headers = match headers {
            Some(headers) => headers,
            None => {
                let what = self.what("COPY", from).to_string();
                let head = self.head(from).await?.ok_or(Error::NoSuchKey { what })?;
                let mut headers = head.headers;
                headers.retain(|(name, _)| KEPT.contains(&name.as_str()) || name.starts_with("x-amz-meta-"));
                kept = headers;
                &kept[..]
            }
        };
        let upload = Arc::new(self.begin(to, headers, false).await?);
        let mut parts: Vec<Option<Part>> = vec![None; usize::try_from(size.div_ceil(PART_BYTES)).unwrap_or(0)];
        let mut copying: JoinSet<Result<(usize, Part), Error>> = JoinSet::new();
        let source = Arc::new(source);
        let mut failure = None;
        let mut next = 0;
        while failure.is_none() && (next < parts.len() || !copying.is_empty()) {
            if next < parts.len() && copying.len() < AT_ONCE {
                let (upload, source, at) = (Arc::clone(&upload), Arc::clone(&source), next);
                let first = at as u64 * PART_BYTES;
                let last = (first + PART_BYTES).min(size) - 1;
                let number = u32::try_from(at + 1).unwrap_or(u32::MAX);
                copying.spawn(async move { Ok((at, upload.copy_part(number, &source, first, last).await?)) });
                next += 1;
                continue;
            }
            match copying.join_next().await {
                Some(Ok(Ok((at, part)))) => parts[at] = Some(part),
                Some(Ok(Err(error))) => failure = Some(error),
                Some(Err(error)) => failure = Some(Error::Network(format!("a part was not copied: {error}"))),
                None => {}
            }
        }
        copying.shutdown().await;
        let Some(mut upload) = Arc::into_inner(upload) else {
            return Err(Error::Network(format!("COPY {to}: a part is still on its way")));
        };
        let parts: Vec<Part> = parts.into_iter().flatten().collect();
        let copied = match failure {
            Some(error) => Err(error),
            None => upload.complete(&parts, &Condition::None, (size, None)).await,
        };
        match copied {
            Ok(stored) => Ok(stored),
            Err(error) => {
                upload.abort().await;
                Err(error)
            }
        }
    }
}
