//! The rules of a header policy as people write them.

use crate::plan::globs;
use serde::Serialize;

/// Bytes of a rules file that are read; a rule is a line, and nobody writes ten thousand.
pub const FILE_LIMIT_BYTES: usize = 1 << 20;
/// Bytes of a header's value: S3 takes 8 KB of headers in a request, and all of them go in one.
const VALUE_LIMIT_BYTES: usize = 4096;

/// Headers that S3 stores with an object and sends with it, or that decide how it is stored (S3 API Reference, PutObject).
const KNOWN: &[&str] = &[
    "cache-control",
    "content-disposition",
    "content-encoding",
    "content-language",
    "content-type",
    "expires",
    "x-amz-acl",
    "x-amz-server-side-encryption",
    "x-amz-server-side-encryption-aws-kms-key-id",
    "x-amz-server-side-encryption-bucket-key-enabled",
    "x-amz-server-side-encryption-context",
    "x-amz-storage-class",
    "x-amz-website-redirect-location",
];
/// Values that S3 knows; GLACIER and DEEP_ARCHIVE are left out, since nobody can fetch a file from there.
const STORAGE_CLASSES: &[&str] = &[
    "EXPRESS_ONEZONE",
    "GLACIER_IR",
    "INTELLIGENT_TIERING",
    "ONEZONE_IA",
    "OUTPOSTS",
    "REDUCED_REDUNDANCY",
    "SNOW",
    "STANDARD",
    "STANDARD_IA",
];
/// Canned ACLs; `public-read-write` is left out, since it lets anybody write.
const ACLS: &[&str] = &[
    "authenticated-read",
    "aws-exec-read",
    "bucket-owner-full-control",
    "bucket-owner-read",
    "private",
    "public-read",
];
const ENCRYPTIONS: &[&str] = &["AES256", "aws:kms", "aws:kms:dsse"];
const CODINGS: &[&str] = &["br", "compress", "deflate", "gzip", "zstd"];
/// Names of metadata that the tool itself writes and relies on.
const OUR_METADATA: &[&str] = &["x-amz-meta-sha256", "x-amz-meta-site", "x-amz-meta-roadcrew"];

/// Sets or removes one header on the files that a glob fits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Rule {
    /// Fits paths of the tree; see [`globs::fits`].
    pub glob: String,
    /// The header, in lower case.
    pub name: String,
    /// Its value; `None` takes it away (of `content-type`: back to the table's).
    pub value: Option<String>,
}

impl Rule {
    /// `--cache-control 'GLOB=VALUE'`; an empty value sends none. Errors: one sentence.
    pub fn cache_control(text: &str) -> Result<Rule, String> {
        let (glob, value) = glob_and_rest(text, "*.js=public, max-age=60")?;
        if value.is_empty() {
            globs::check(&glob)?;
            // Set to nothing, not unset: an unset one would fall back to the default.
            return Ok(Rule { glob, name: "cache-control".to_owned(), value: Some(String::new()) });
        }
        Rule::new(glob, "cache-control", value)
    }

    /// `--content-type 'GLOB=TYPE'`; an empty type is the table's again. Errors: one sentence.
    pub fn content_type(text: &str) -> Result<Rule, String> {
        let (glob, value) = glob_and_rest(text, "*.data=application/octet-stream")?;
        Rule::new(glob, "content-type", value)
    }

    /// `--header 'GLOB=Name: value'`; an empty value takes the header away. Errors: one sentence.
    pub fn header(text: &str) -> Result<Rule, String> {
        let example = "*.pdf=Content-Disposition: attachment";
        let (glob, rest) = glob_and_rest(text, example)?;
        let (name, value) =
            rest.split_once(':').ok_or_else(|| format!("`{text}` names no header; write `{example}`"))?;
        Rule::new(glob, name, value.trim())
    }

    /// A rule of a glob, a name in any case and a value, both as written. Errors: one sentence.
    pub fn new(glob: String, name: &str, value: &str) -> Result<Rule, String> {
        globs::check(&glob)?;
        let name = name.trim_matches([' ', '\t']).to_ascii_lowercase();
        let value = (!value.is_empty()).then(|| value.to_owned());
        check_header(&name, value.as_deref().unwrap_or(""))?;
        Ok(Rule { glob, name, value })
    }

    /// Whether it is about a file of the tree.
    pub fn fits(&self, path: &str) -> bool {
        globs::fits(&self.glob, path)
    }
}

/// Reads a rules file: the shape of Netlify's and Cloudflare's `_headers`. A line that does not begin with a blank is a
/// glob, the indented lines below it are `Name: value`, or `! Name` to take one away; `#` begins a comment's line. A `/*` at
/// a glob's end fits all that is below, as it does there. Errors: the line, 1-based, and one sentence.
pub fn read_file(text: &str) -> Result<Vec<Rule>, (u32, String)> {
    if text.len() > FILE_LIMIT_BYTES {
        return Err((1, format!("the file has {} bytes; {FILE_LIMIT_BYTES} are read", text.len())));
    }
    let mut rules = Vec::new();
    let mut glob: Option<String> = None;
    for (number, line) in (1_u32..).zip(text.trim_start_matches('\u{feff}').lines()) {
        let said = line.trim();
        if said.is_empty() || said.starts_with('#') {
            continue;
        }
        if line.starts_with([' ', '\t']) {
            let glob = glob.clone().ok_or_else(|| (number, format!("`{said}` stands below no glob")))?;
            rules.push(indented(glob, said).map_err(|why| (number, why))?);
        } else {
            let next = file_glob(said);
            globs::check(&next).map_err(|why| (number, why))?;
            glob = Some(next);
        }
    }
    Ok(rules)
}

fn indented(glob: String, said: &str) -> Result<Rule, String> {
    if let Some(name) = said.strip_prefix('!') {
        if name.trim().eq_ignore_ascii_case("cache-control") {
            return Ok(Rule { glob, name: "cache-control".to_owned(), value: Some(String::new()) });
        }
        return Rule::new(glob, name, "");
    }
    let (name, value) = said.split_once(':').ok_or_else(|| format!("`{said}` is no `Name: value`"))?;
    Rule::new(glob, name, value.trim())
}

fn file_glob(said: &str) -> String {
    match said.strip_suffix("/*") {
        Some(folder) => format!("{folder}/**"),
        None => said.to_owned(),
    }
}

/// Splits at the first `=` that no backslash stands before.
fn glob_and_rest<'t>(text: &'t str, example: &str) -> Result<(String, &'t str), String> {
    let at = text.match_indices('=').find(|(at, _)| !text[..*at].ends_with('\\')).map(|(at, _)| at);
    match at {
        Some(at) if at > 0 => Ok((text[..at].trim().replace("\\=", "="), text[at + 1..].trim())),
        _ => Err(format!("`{text}` is no rule; write `{example}`")),
    }
}

/// Whether S3 stores such a header and whether its value can be one; an empty value always can. Errors: one sentence.
pub fn check_header(name: &str, value: &str) -> Result<(), String> {
    check_name(name)?;
    if value.len() > VALUE_LIMIT_BYTES {
        return Err(format!("the value of `{name}` has {} bytes; write at most {VALUE_LIMIT_BYTES}", value.len()));
    }
    if let Some(odd) = value.chars().find(|c| !(c.is_ascii_graphic() || *c == ' ')) {
        return Err(format!("the value of `{name}` has {odd:?} in it; write printable ASCII"));
    }
    if value.is_empty() {
        return Ok(());
    }
    let (values, extra) = match name {
        "x-amz-storage-class" => (STORAGE_CLASSES, "; files in GLACIER and DEEP_ARCHIVE can't be fetched"),
        "x-amz-acl" => (ACLS, ""),
        "x-amz-server-side-encryption" => (ENCRYPTIONS, ""),
        "x-amz-server-side-encryption-bucket-key-enabled" => (["true", "false"].as_slice(), ""),
        "content-encoding" => (CODINGS, ""),
        "content-type" if !is_media_type(value) => {
            return Err(format!("`{value}` is no media type; write one such as `text/plain; charset=utf-8`"));
        }
        _ => return Ok(()),
    };
    if values.contains(&value) {
        return Ok(());
    }
    Err(format!("`{value}` is no value of `{name}`; write one of {}{extra}", values.join(", ")))
}

fn check_name(name: &str) -> Result<(), String> {
    if OUR_METADATA.contains(&name) {
        return Err(format!("`{name}` is written by the tool itself; take another name"));
    }
    if let Some(rest) = name.strip_prefix("x-amz-meta-") {
        let token = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-_.".contains(&b);
        return match rest.is_empty() || rest.len() > 128 || !rest.bytes().all(token) {
            true => Err(format!(
                "`{name}` is no name of metadata; write letters, digits, `-`, `_` and `.` after x-amz-meta-"
            )),
            false => Ok(()),
        };
    }
    if KNOWN.contains(&name) {
        return Ok(());
    }
    if name.starts_with("x-amz-server-side-encryption-customer-") {
        return Err(format!("`{name}` would need the key at every fetch, which no CDN has; use aws:kms"));
    }
    let shown: String = name.chars().take(80).collect();
    Err(format!("S3 stores no header {shown:?} with an object; set it in the CDN, or write x-amz-meta-*"))
}

/// `type/subtype` with parameters (RFC 9110, 8.3.1), roughly: what would break a browser is found.
fn is_media_type(value: &str) -> bool {
    let kind = value.split(';').next().unwrap_or(value).trim_end();
    let token =
        |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&b));
    kind.split_once('/').is_some_and(|(a, b)| token(a) && token(b))
}
