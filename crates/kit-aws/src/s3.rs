//! S3, as far as the tools need it. One file for each kind of call.
//!
//! ETags are given and taken without their quotes. Keys are any UTF-8 up to 1,024 bytes and are sent byte for byte.

mod address;
pub(crate) mod checksum;
mod copy;
mod delete;
mod get;
mod list;
mod multipart;
mod part_file;
mod put;
mod upload;
pub(crate) mod xml;

pub use copy::LARGEST_COPY_BYTES;
pub use get::{Head, Object};
pub use list::{Listed, Listing};
pub use part_file::Crc64;
pub(crate) use put::hex;
pub use put::{Condition, Put, Stored};
pub use upload::{LARGEST_FILE_BYTES, PutFile};

use std::fmt::{self, Display};
use std::sync::Arc;

use http::{HeaderName, HeaderValue, Method};

use crate::call::{Answer, Call, send};
use crate::recorder::{Kind, Recorder};
use crate::sign::Scope;
use crate::{Aws, Body, Error};
use address::Address;

/// The longest key, in bytes of UTF-8. Source: Amazon S3 User Guide, "Naming Amazon S3 objects".
pub const LONGEST_KEY_BYTES: usize = 1024;

/// `x-amz-expected-bucket-owner`.
const OWNER: HeaderName = HeaderName::from_static("x-amz-expected-bucket-owner");

/// One bucket. Clones share everything.
#[derive(Debug, Clone)]
pub struct S3(Arc<Bucket>);

#[derive(Debug)]
struct Bucket {
    aws: Aws,
    name: String,
    owner: Option<String>,
    address: Address,
}

/// A call in the words of errors: `PUT s3://bucket/key`.
struct What<'a> {
    verb: &'static str,
    bucket: &'a str,
    key: &'a str,
}

impl Display for What<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} s3://{}/{}", self.verb, self.bucket, self.key.escape_debug())
    }
}

impl S3 {
    /// The bucket by its name. With `owner` (an account's 12 digits) each call is refused by S3 when the bucket is another
    /// account's.
    pub fn new(aws: &Aws, bucket: &str, owner: Option<&str>) -> S3 {
        let address = Address::new(aws.endpoint(), aws.region(), bucket);
        let owner = owner.filter(|owner| !owner.is_empty()).map(str::to_owned);
        S3(Arc::new(Bucket { aws: aws.clone(), name: bucket.to_owned(), owner, address }))
    }

    /// The bucket's name.
    pub fn bucket(&self) -> &str {
        &self.0.name
    }

    /// What was sent so far, by all clients of this connection.
    pub fn recorder(&self) -> &Recorder {
        self.0.aws.recorder()
    }

    fn what<'a>(&'a self, verb: &'static str, key: &'a str) -> What<'a> {
        What { verb, bucket: &self.0.name, key }
    }

    /// Adds what all calls carry, signs and sends.
    async fn send(&self, mut call: Call<'_>) -> Result<Answer, Error> {
        if let Some(owner) = &self.0.owner {
            let owner = HeaderValue::from_str(owner)
                .map_err(|_| Error::Input(format!("the bucket's owner {owner:?} is no account number")))?;
            call.headers.push((OWNER, owner));
        }
        send(&self.0.aws, Scope { region: self.0.aws.region(), service: "s3" }, &call).await
    }

    /// A call without a body, to fill in.
    fn call<'a>(&self, kind: Kind, what: &'a What<'a>, method: Method, url: &'a str) -> Call<'a> {
        Call {
            kind,
            what,
            method,
            url,
            headers: Vec::new(),
            body: Body::default(),
            payload: crate::sign::Payload::Empty,
            limit: crate::call::Limit::Buffered(xml::ANSWER_BYTES),
            hides_errors: false,
            verified: false,
            patience: std::time::Duration::ZERO,
        }
    }
}

/// A key that S3 can hold.
///
/// # Errors
/// [`Error::Input`].
fn checked(key: &str) -> Result<(), Error> {
    if key.is_empty() || key.len() > LONGEST_KEY_BYTES {
        return Err(Error::Input(format!(
            "the key {key:?} has {} bytes; S3 takes 1 to {LONGEST_KEY_BYTES}",
            key.len()
        )));
    }
    Ok(())
}

/// An ETag without its quotes.
fn unquoted(etag: &str) -> String {
    etag.trim_matches('"').to_owned()
}

/// An ETag as a header's value.
fn quoted(etag: &str) -> Result<HeaderValue, Error> {
    HeaderValue::from_str(&format!("\"{}\"", etag.trim_matches('"')))
        .map_err(|_| Error::Input(format!("{etag:?} is no ETag")))
}
