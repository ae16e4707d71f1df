//! What the inputs mean, validated. Text in, values out.

use super::{BucketArguments, CdnArguments, HeaderArguments, NameArguments, PublishArguments};
use crate::error::Error;
use crate::plan::headers::Policy;
use crate::plan::headers::rules::Rule;
use crate::plan::manifests::Format;
use crate::plan::place::Place;
use crate::plan::resolve::Site;
use url::Url;

/// The longest site name, characters: it is part of every record's key.
const MAX_SITE_CHARS: usize = 100;
/// The longest prefix, bytes: keys have 1,024, and the tree needs most of them.
const MAX_PREFIX_BYTES: usize = 512;
/// Most requests at the same time.
const MAX_CONCURRENCY: u32 = 256;
/// Most URLs of one call to Cloudflare, which takes 100 operations, and 500 URLs of enterprises:
/// developers.cloudflare.com/cache/how-to/purge-cache.
const MAX_CLOUDFLARE_BATCH: u32 = 500;

/// Which bucket, and who asks.
#[derive(Debug, Clone)]
pub struct BucketOptions {
    /// Its name.
    pub bucket: String,
    /// Where in it.
    pub place: Place,
    /// Its region.
    pub region: Option<String>,
    /// Another S3 than AWS's.
    pub endpoint_url: Option<String>,
    /// Role to take on.
    pub role_arn: Option<String>,
    /// GitLab's identity token.
    pub id_token: Option<String>,
    /// Another STS than AWS's.
    pub sts_endpoint_url: Option<String>,
    /// Account that it must belong to.
    pub owner: Option<String>,
    /// Requests at the same time.
    pub concurrency: usize,
}

/// How the published names come about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Names {
    /// As the build left them: kept where they hold digests, fingerprinted else.
    Auto,
    /// A digest in each name.
    Fingerprint,
    /// As they are.
    Keep,
    /// Below a version.
    Versioned,
}

/// What the files are called.
#[derive(Debug, Clone)]
pub struct NameOptions {
    /// How.
    pub names: Names,
    /// Form of fingerprinted names.
    pub form: String,
    /// Globs of pages; empty for the default.
    pub pages: Vec<String>,
    /// Whether references are rewritten; `None` for what goes with the names.
    pub rewrite: Option<bool>,
    /// Path at which the site serves the tree, with `/` at both ends.
    pub public_path: String,
    /// Where browsers find the published keys, with `/` at its end; empty when nobody said.
    pub base_url: String,
}

/// What points to the release.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PointerKind {
    /// An object that is written last.
    S3,
    /// Nothing: the manifest travels with the code.
    None,
}

/// What a CDN is told.
#[derive(Debug, Clone, Default)]
pub struct CdnOptions {
    /// CloudFront distribution.
    pub cloudfront: Option<String>,
    /// Another CloudFront.
    pub cloudfront_endpoint_url: Option<String>,
    /// Cloudflare zone with its token.
    pub cloudflare: Option<(String, String)>,
    /// Cloudflare's API, without `/` at its end.
    pub cloudflare_endpoint_url: String,
    /// URLs of one call.
    pub cloudflare_batch: usize,
    /// Fetch what changed afterwards.
    pub warm: bool,
}

/// The whole number that an input says, within bounds.
pub fn number(input: &str, text: &str, least: u32, most: u32) -> Result<u32, Error> {
    let value = text.trim().parse::<u32>().ok().filter(|value| (least..=most).contains(value));
    value.ok_or_else(|| Error::input(format!("{input} is `{text}`; write a whole number from {least} to {most}")))
}

/// The time that an input says, ms: `30d`, `12h`, `5m`, `10s`.
pub fn time_ms(input: &str, text: &str) -> Result<u64, Error> {
    let text = text.trim();
    let units = [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000)];
    let parsed =
        units.iter().find_map(|(unit, ms)| Some(u64::from(text.strip_suffix(unit)?.parse::<u32>().ok()?) * ms));
    parsed.ok_or_else(|| Error::input(format!("{input} is `{text}`; write a time such as `30d` or `12h`")))
}

/// A web address without credentials, query and fragment. Errors: it is none.
fn web_address(input: &str, text: &str) -> Result<Url, Error> {
    let url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    let url =
        url.ok_or_else(|| Error::input(format!("{input} is `{text}`; write an address that begins with https://")))?;
    if !url.username().is_empty() || url.password().is_some() || url.query().is_some() || url.fragment().is_some() {
        return Err(Error::input(format!("{input} is an address with more than host, port and path")));
    }
    Ok(url)
}

/// The address with `/` at its end; empty for none.
pub fn base_url(text: Option<&str>) -> Result<String, Error> {
    let Some(text) = text else { return Ok(String::new()) };
    let mut url = web_address("base-url", text)?.to_string();
    if !url.ends_with('/') {
        url.push('/');
    }
    Ok(url)
}

/// Errors: a bucket or a prefix that can't be one.
fn place(arguments: &BucketArguments) -> Result<(String, Place), Error> {
    let bucket = arguments.bucket.as_deref().unwrap_or_default().trim();
    if bucket.is_empty() {
        return Err(Error::input("no bucket is named; set --bucket"));
    }
    // docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html; older buckets have capitals and underscores.
    let allowed = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_');
    if !(3..=255).contains(&bucket.len()) || !bucket.bytes().all(allowed) || bucket.contains("..") {
        return Err(Error::input(format!("`{bucket}` is no name of a bucket")));
    }
    let prefix = arguments.prefix.as_deref().unwrap_or_default().trim_matches('/');
    let bad = |part: &str| part.is_empty() || matches!(part, "." | ".." | ".roadcrew");
    if !prefix.is_empty()
        && (prefix.split('/').any(bad) || prefix.len() > MAX_PREFIX_BYTES || prefix.contains(char::is_control))
    {
        return Err(Error::input(format!(
            "prefix is `{prefix}`; write names with `/` between them, such as `shop/assets`"
        )));
    }
    let site = arguments.site.trim();
    let named = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    if site.is_empty() || !site.chars().all(named) || site.starts_with('.') || site.len() > MAX_SITE_CHARS {
        return Err(Error::input(format!("site is `{site}`; write letters, digits, `-`, `_` and `.`")));
    }
    let prefix = if prefix.is_empty() { String::new() } else { format!("{prefix}/") };
    Ok((bucket.to_owned(), Place { prefix, site: site.to_owned() }))
}

impl BucketOptions {
    /// Errors: no bucket, or an input that makes no sense.
    pub fn new(arguments: &BucketArguments) -> Result<BucketOptions, Error> {
        let (bucket, place) = place(arguments)?;
        for (input, url) in
            [("endpoint-url", &arguments.endpoint_url), ("sts-endpoint-url", &arguments.sts_endpoint_url)]
        {
            url.as_deref().map(|url| web_address(input, url)).transpose()?;
        }
        let owner = arguments.expected_bucket_owner.clone();
        if owner.as_deref().is_some_and(|owner| owner.len() != 12 || !owner.bytes().all(|b| b.is_ascii_digit())) {
            return Err(Error::input("expected-bucket-owner is an account id of twelve digits"));
        }
        Ok(BucketOptions {
            bucket,
            place,
            region: arguments.region.clone(),
            endpoint_url: arguments.endpoint_url.as_deref().map(|url| url.trim_end_matches('/').to_owned()),
            role_arn: arguments.aws_role_arn.clone(),
            id_token: arguments.id_token.clone(),
            sts_endpoint_url: arguments.sts_endpoint_url.clone(),
            owner,
            concurrency: number("concurrency", &arguments.concurrency, 1, MAX_CONCURRENCY)? as usize,
        })
    }
}

impl NameOptions {
    /// Errors: an input that makes no sense.
    pub fn new(arguments: &NameArguments) -> Result<NameOptions, Error> {
        let names = match arguments.names.as_str() {
            "auto" => Names::Auto,
            "fingerprint" => Names::Fingerprint,
            "keep" => Names::Keep,
            "versioned" => Names::Versioned,
            other => {
                return Err(Error::input(format!("names is `{other}`; write auto, fingerprint, keep or versioned")));
            }
        };
        let rewrite = match arguments.references.as_deref() {
            None => None,
            Some("rewrite") => Some(true),
            Some("keep") => Some(false),
            Some(other) => return Err(Error::input(format!("references is `{other}`; write rewrite or keep"))),
        };
        if rewrite == Some(true) && matches!(names, Names::Keep | Names::Versioned) {
            return Err(Error::input(
                "references are rewritten for fingerprinted names alone: other names stay as they are",
            ));
        }
        let path = arguments.public_path.trim_matches('/');
        Ok(NameOptions {
            names,
            form: arguments.name_form.clone(),
            pages: arguments.pages.clone(),
            rewrite,
            public_path: if path.is_empty() { "/".to_owned() } else { format!("/{path}/") },
            base_url: base_url(arguments.base_url.as_deref())?,
        })
    }
}

impl CdnOptions {
    /// Errors: a zone without its token or without the address of the files.
    pub fn new(arguments: &CdnArguments, base_url: &str) -> Result<CdnOptions, Error> {
        let cloudflare = match (&arguments.cloudflare_zone, &arguments.cloudflare_token) {
            (None, _) => None,
            (Some(_), None) => return Err(Error::input("cloudflare-zone needs cloudflare-token")),
            (Some(_), Some(_)) if base_url.is_empty() => {
                return Err(Error::input("cloudflare-zone needs base-url: Cloudflare purges addresses, not keys"));
            }
            (Some(zone), Some(_)) if !zone.bytes().all(|b| b.is_ascii_alphanumeric()) => {
                return Err(Error::input("cloudflare-zone is an id of letters and digits"));
            }
            (Some(zone), Some(token)) => Some((zone.clone(), token.clone())),
        };
        let distribution = &arguments.cloudfront_distribution;
        if distribution.as_deref().is_some_and(|id| !id.bytes().all(|b| b.is_ascii_alphanumeric())) {
            return Err(Error::input("cloudfront-distribution is an id such as E2QWRUHAPOMQZL"));
        }
        if arguments.warm && base_url.is_empty() {
            return Err(Error::input("warm needs base-url"));
        }
        let api = web_address("cloudflare-endpoint-url", &arguments.cloudflare_endpoint_url)?;
        Ok(CdnOptions {
            cloudfront: distribution.clone(),
            cloudfront_endpoint_url: arguments.cloudfront_endpoint_url.clone(),
            cloudflare,
            cloudflare_endpoint_url: api.as_str().trim_end_matches('/').to_owned(),
            cloudflare_batch: number("cloudflare-batch", &arguments.cloudflare_batch, 1, MAX_CLOUDFLARE_BATCH)?
                as usize,
            warm: arguments.warm,
        })
    }
}

/// What points to the release; `None` for what goes with the names.
pub fn pointer(arguments: &PublishArguments) -> Result<Option<PointerKind>, Error> {
    match arguments.pointer.as_deref() {
        None => Ok(None),
        Some("s3") => Ok(Some(PointerKind::S3)),
        Some("none") => Ok(Some(PointerKind::None)),
        Some(other) => Err(Error::input(format!("pointer is `{other}`; write s3 or none"))),
    }
}

/// The folder that a command works on. Errors: none is named.
pub fn folder(dir: Option<&str>) -> Result<&std::path::Path, Error> {
    let dir = dir.filter(|dir| !dir.trim().is_empty());
    dir.map(std::path::Path::new).ok_or_else(|| Error::input("no folder is named; write it after the command"))
}

/// The header policy. Errors: a rule or a value that S3 does not take.
pub fn policy(arguments: &HeaderArguments) -> Result<Policy, Error> {
    let parsed = |texts: &[String], parse: fn(&str) -> Result<Rule, String>| -> Result<Vec<Rule>, Error> {
        texts.iter().map(|text| parse(text).map_err(Error::Input)).collect()
    };
    let mut rules = parsed(&arguments.cache_control, Rule::cache_control)?;
    rules.extend(parsed(&arguments.content_type, Rule::content_type)?);
    rules.extend(parsed(&arguments.object_header, Rule::header)?);
    let policy = Policy {
        rules,
        storage_class: arguments.storage_class.clone(),
        acl: arguments.acl.clone(),
        encryption: arguments.sse.clone(),
        kms_key: arguments.sse_kms_key_id.clone(),
        bucket_key: false,
        precompressed: false,
    };
    policy.check().map_err(Error::Input)?;
    Ok(policy)
}

/// The coding that text is stored with; empty for none.
pub fn encode(arguments: &HeaderArguments) -> Result<String, Error> {
    match arguments.encode.as_deref() {
        None => Ok(String::new()),
        Some(coding @ ("br" | "gzip")) => Ok(coding.to_owned()),
        Some(other) => Err(Error::input(format!("encode is `{other}`; write br or gzip"))),
    }
}

/// Where the tree is served from. Errors: a public path that is none.
pub fn site(names: &NameOptions) -> Result<Site, Error> {
    let bases = if names.base_url.is_empty() { Vec::new() } else { vec![names.base_url.clone()] };
    Site::new(&names.public_path, &bases).map_err(Error::Input)
}

/// Format of the map from paths to names; `None` for that of the tree.
pub fn manifest_format(arguments: &PublishArguments) -> Result<Option<Format>, Error> {
    let Some(name) = arguments.manifest_format.as_deref() else { return Ok(None) };
    Format::parse(name).map(Some).map_err(|why| Error::input(format!("manifest-format: {why}")))
}
