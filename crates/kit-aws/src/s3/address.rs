//! Where a bucket and its keys lie.
//!
//! Source: Amazon S3 User Guide, "Virtual hosting of buckets": the bucket stands in the host's name, but in the path when an
//! endpoint is given (other implementations know no such hosts) or when it has dots (no certificate fits).

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// All but RFC 3986's unreserved characters, as signature version 4 wants it.
const VALUE: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
/// The same, but a key's slashes stay.
const KEY: &AsciiSet = &VALUE.remove(b'/');

/// The longest name of a bucket, which is also the longest label of a host's name.
const LONGEST_BUCKET_BYTES: usize = 63;

/// A bucket's address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Address {
    /// Without a slash at its end.
    base: String,
}

impl Address {
    pub(super) fn new(endpoint: Option<&str>, region: &str, bucket: &str) -> Address {
        let encoded = utf8_percent_encode(bucket, VALUE);
        let suffix = if region.starts_with("cn-") { "amazonaws.com.cn" } else { "amazonaws.com" };
        let base = match endpoint {
            Some(endpoint) => format!("{endpoint}/{encoded}"),
            None if is_label(bucket) => format!("https://{bucket}.s3.{region}.{suffix}"),
            None => format!("https://s3.{region}.{suffix}/{encoded}"),
        };
        Address { base }
    }

    /// The URL of an object.
    pub(super) fn object(&self, key: &str) -> String {
        let mut url = String::with_capacity(self.base.len() + key.len() + 16);
        url.push_str(&self.base);
        url.push('/');
        url.extend(utf8_percent_encode(key, KEY));
        url
    }

    /// The URL of an object with a query.
    pub(super) fn object_with(&self, key: &str, query: &[(&str, &str)]) -> String {
        with(self.object(key), query)
    }

    /// The URL of the bucket with a query.
    pub(super) fn bucket_with(&self, query: &[(&str, &str)]) -> String {
        with(format!("{}/", self.base), query)
    }
}

fn with(mut url: String, query: &[(&str, &str)]) -> String {
    for (at, (name, value)) in query.iter().enumerate() {
        url.push(if at == 0 { '?' } else { '&' });
        url.push_str(name);
        url.push('=');
        url.extend(utf8_percent_encode(value, VALUE));
    }
    url
}

/// `/bucket/key` as `x-amz-copy-source` wants it.
pub(super) fn copy_source(bucket: &str, key: &str) -> String {
    format!("/{}/{}", utf8_percent_encode(bucket, VALUE), utf8_percent_encode(key, KEY))
}

/// Whether the name can be one label of a host's name.
fn is_label(bucket: &str) -> bool {
    let inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    bucket.len() <= LONGEST_BUCKET_BYTES
        && bucket.bytes().all(|byte| inner(byte) || byte == b'-')
        && bucket.bytes().next().is_some_and(inner)
        && bucket.bytes().next_back().is_some_and(inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bucket_stands_where_it_can() {
        let url = |endpoint, region, bucket| Address::new(endpoint, region, bucket).object("k");
        assert_eq!(url(None, "eu-west-1", "assets"), "https://assets.s3.eu-west-1.amazonaws.com/k");
        assert_eq!(url(None, "eu-west-1", "cdn.example"), "https://s3.eu-west-1.amazonaws.com/cdn.example/k");
        assert_eq!(url(None, "cn-north-1", "assets"), "https://assets.s3.cn-north-1.amazonaws.com.cn/k");
        assert_eq!(url(None, "eu-west-1", "evil/../x"), "https://s3.eu-west-1.amazonaws.com/evil%2F..%2Fx/k");
        assert_eq!(url(Some("http://localhost:1/base"), "eu-west-1", "b"), "http://localhost:1/base/b/k");
    }

    #[test]
    fn keys_are_encoded_byte_for_byte() {
        let address = Address::new(Some("http://h"), "eu-west-1", "b");
        assert_eq!(address.object("a b+c%d?e#f//g/./h~i"), "http://h/b/a%20b%2Bc%25d%3Fe%23f//g/./h~i");
        assert_eq!(address.object("ä\n*'()"), "http://h/b/%C3%A4%0A%2A%27%28%29");
        assert_eq!(address.bucket_with(&[("prefix", "a/b c"), ("delete", "")]), "http://h/b/?prefix=a%2Fb%20c&delete=");
        assert_eq!(copy_source("b", "a b/c"), "/b/a%20b/c");
    }
}
