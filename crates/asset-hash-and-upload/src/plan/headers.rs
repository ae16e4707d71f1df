//! Which headers an object is stored with: rules from arguments and from a file, over defaults. PURE.
//!
//! A rule sets or removes one header on the files that its glob fits; the last one that fits wins. What S3 can't store with
//! an object is refused by name, so that nobody believes that `X-Frame-Options` went along.
#![warn(clippy::disallowed_methods)]

pub mod rules;

use super::content_types;
use super::record::Headers;
use rules::Rule;
use serde::Serialize;

/// What never changes under its name: a year, the longest that caches honour (RFC 9111 says nothing more; RFC 8246 names
/// `immutable`).
pub const IMMUTABLE: &str = "public, max-age=31536000, immutable";
/// HTML: kept, but asked about each time (a 304 costs no body). Whatever is longer leaves people on the last release for
/// that time after a rollback, and no purge reaches a browser.
pub const HTML: &str = "no-cache";
/// Other files that keep their names (`robots.txt`, icons): five minutes, within which a change is seen everywhere.
pub const PAGE: &str = "public, max-age=300";

/// Bytes of all `x-amz-meta-*` names (without that prefix) and values of an object (S3 User Guide, "User-defined object
/// metadata": 2 KB). 256 of them are left for what the tool itself notes there.
pub const METADATA_LIMIT_BYTES: usize = 2048 - 256;

/// Whether the bytes under a name can change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Naming {
    /// The name holds a digest, or lies below a version.
    Immutable,
    /// The name stays when the bytes change.
    Page,
}

/// The header policy of a publish. Serialisable, so that its digest can be taken.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Policy {
    /// In order: later ones win.
    pub rules: Vec<Rule>,
    /// `x-amz-storage-class` of all files.
    pub storage_class: Option<String>,
    /// `x-amz-acl` of all files.
    pub acl: Option<String>,
    /// `x-amz-server-side-encryption` of all files.
    pub encryption: Option<String>,
    /// `x-amz-server-side-encryption-aws-kms-key-id` of all files.
    pub kms_key: Option<String>,
    /// `x-amz-server-side-encryption-bucket-key-enabled: true` for all files.
    pub bucket_key: bool,
    /// Whether `app.js.br` and `app.js.gz` say their `Content-Encoding`.
    pub precompressed: bool,
}

impl Policy {
    /// Sees whether the options for all files are ones that S3 knows. Errors: one sentence that names the option's value and
    /// what can be written.
    pub fn check(&self) -> Result<(), String> {
        let given = [
            ("x-amz-storage-class", &self.storage_class),
            ("x-amz-acl", &self.acl),
            ("x-amz-server-side-encryption", &self.encryption),
            ("x-amz-server-side-encryption-aws-kms-key-id", &self.kms_key),
        ];
        for (name, value) in given {
            if let Some(value) = value {
                rules::check_header(name, value)?;
            }
        }
        let kms = self.encryption.as_deref().is_some_and(|kind| kind.starts_with("aws:kms"));
        if (self.kms_key.is_some() || self.bucket_key) && !kms {
            return Err("a KMS key or a bucket key needs the encryption `aws:kms`".to_owned());
        }
        Ok(())
    }

    /// The headers of the file at `path` (in the tree). `content_encoding` is the coding that the tool itself stores it
    /// with, empty for none. Errors: one sentence; the rules together give it more metadata than S3 takes.
    pub fn headers(&self, path: &str, naming: Naming, content_encoding: &str) -> Result<Headers, String> {
        let mut headers = Headers {
            content_type: content_types::content_type(path).to_owned(),
            content_encoding: content_encoding.to_owned(),
            ..Headers::default()
        };
        if self.precompressed
            && content_encoding.is_empty()
            && let Some((_, coding)) = content_types::compressed(path)
        {
            headers.content_encoding = coding.to_owned();
        }
        self.for_all(&mut headers);
        let mut cache_control = None;
        for rule in self.rules.iter().filter(|rule| rule.fits(path)) {
            let value = rule.value.clone().unwrap_or_default();
            match rule.name.as_str() {
                "content-type" if rule.value.is_none() => {
                    headers.content_type = content_types::content_type(path).to_owned();
                }
                "content-type" => headers.content_type = value,
                "cache-control" => cache_control = Some(value),
                // What the tool encoded is encoded, whatever a rule says.
                "content-encoding" if content_encoding.is_empty() => headers.content_encoding = value,
                "content-encoding" => {}
                _ if rule.value.is_none() => {
                    headers.other.remove(&rule.name);
                }
                _ => {
                    headers.other.insert(rule.name.clone(), value);
                }
            }
        }
        headers.cache_control =
            cache_control.unwrap_or_else(|| default_cache(&headers.content_type, naming).to_owned());
        check_metadata(path, &headers)?;
        Ok(headers)
    }

    fn for_all(&self, headers: &mut Headers) {
        let given = [
            ("x-amz-storage-class", self.storage_class.as_deref()),
            ("x-amz-acl", self.acl.as_deref()),
            ("x-amz-server-side-encryption", self.encryption.as_deref()),
            ("x-amz-server-side-encryption-aws-kms-key-id", self.kms_key.as_deref()),
            ("x-amz-server-side-encryption-bucket-key-enabled", self.bucket_key.then_some("true")),
        ];
        for (name, value) in given {
            if let Some(value) = value {
                headers.other.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}

/// `Cache-Control` where no rule says one.
fn default_cache(content_type: &str, naming: Naming) -> &'static str {
    let html = ["text/html", "application/xhtml+xml"];
    match naming {
        Naming::Immutable => IMMUTABLE,
        Naming::Page if html.iter().any(|kind| content_type.starts_with(kind)) => HTML,
        Naming::Page => PAGE,
    }
}

fn check_metadata(path: &str, headers: &Headers) -> Result<(), String> {
    let metadata = headers.other.iter().filter_map(|(name, value)| Some((name.strip_prefix("x-amz-meta-")?, value)));
    let size: usize = metadata.map(|(name, value)| name.len() + value.len()).sum();
    if size <= METADATA_LIMIT_BYTES {
        return Ok(());
    }
    Err(format!(
        "`{path}` gets {size} bytes of x-amz-meta headers; S3 takes {METADATA_LIMIT_BYTES} of yours: write less"
    ))
}

#[cfg(test)]
mod tests;
