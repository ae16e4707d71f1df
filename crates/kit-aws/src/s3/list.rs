//! ListObjectsV2.

use http::Method;

use super::xml::{self, Node};
use super::{S3, unquoted};
use crate::Error;
use crate::recorder::Kind;

/// An object in a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listed {
    /// The whole key.
    pub key: String,
    /// In bytes.
    pub size: u64,
    /// Without its quotes.
    pub etag: String,
    /// Seconds since 1970; 0 when the server did not tell.
    pub last_modified_s: i64,
}

/// A page of a list, in the order of the keys' bytes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listing {
    /// Up to as many as were asked for.
    pub objects: Vec<Listed>,
    /// Whether there are more: ask again after the last key.
    pub more: bool,
}

impl S3 {
    /// Lists up to `max_keys` (1 to 1,000) keys that begin with `prefix` and come after `after`.
    ///
    /// # Errors
    /// [`Error::NoSuchBucket`], [`Error::Malformed`], and those of all calls.
    pub async fn list(&self, prefix: &str, after: Option<&str>, max_keys: u32) -> Result<Listing, Error> {
        let max_keys = max_keys.clamp(1, 1000).to_string();
        let mut query = vec![("encoding-type", "url"), ("list-type", "2"), ("max-keys", &max_keys), ("prefix", prefix)];
        if let Some(after) = after {
            query.push(("start-after", after));
        }
        let (what, url) = (self.what("LIST", prefix), self.0.address.bucket_with(&query));
        let answer = self.send(self.call(Kind::List, &what, Method::GET, &url)).await?;
        parse(&answer.body).map_err(|why| Error::Malformed { what: what.to_string(), why })
    }
}

fn parse(document: &[u8]) -> Result<Listing, String> {
    let mut listing = Listing::default();
    let mut object = Listed::default();
    let (mut encoded, mut a_list) = (false, false);
    xml::walk(document, |node| match node {
        Node::Begin([_, element]) if element == "Contents" => object = Listed::default(),
        Node::Begin([root]) => a_list = root == "ListBucketResult",
        Node::Begin(_) => {}
        Node::End([_, element], text) => match element.as_str() {
            "Contents" => listing.objects.push(std::mem::take(&mut object)),
            "IsTruncated" => listing.more = text == "true",
            "EncodingType" => encoded = text == "url",
            _ => {}
        },
        Node::End([_, contents, element], text) if contents == "Contents" => match element.as_str() {
            "Key" => object.key = text.to_owned(),
            "Size" => object.size = text.parse().unwrap_or(0),
            "ETag" => object.etag = unquoted(text),
            "LastModified" => object.last_modified_s = xml::iso_seconds(text),
            _ => {}
        },
        Node::End(..) => {}
    })?;
    if !a_list {
        return Err("it is no list of a bucket".to_owned());
    }
    if encoded {
        // The element that says so may stand behind the keys.
        for object in &mut listing.objects {
            object.key = xml::decoded(&object.key, true);
        }
    }
    Ok(listing)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page() {
        let page = br#"<?xml version="1.0" encoding="UTF-8"?>
<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>b</Name><Prefix>p%2F</Prefix><MaxKeys>2</MaxKeys>
<Contents><Key>p/a+b%2B</Key><LastModified>2026-11-23T16:45:00.000Z</LastModified><ETag>&quot;abc-2&quot;</ETag><Size>7</Size>
<Owner><ID>x</ID></Owner></Contents><Contents><Key>p/c</Key><Size>0</Size></Contents>
<EncodingType>url</EncodingType><IsTruncated>true</IsTruncated></ListBucketResult>"#;
        let listing = parse(page).unwrap();
        assert!(listing.more);
        assert_eq!(
            listing.objects[0],
            Listed { key: "p/a b+".into(), size: 7, etag: "abc-2".into(), last_modified_s: 1_795_452_300 }
        );
        assert_eq!(listing.objects[1], Listed { key: "p/c".into(), ..Listed::default() });
    }

    #[test]
    fn a_page_of_a_stranger_is_no_empty_list() {
        assert!(parse(b"<html>welcome</html>").is_err());
        assert!(parse(b"").is_err());
        assert!(parse(b"<ListBucketResult><Contents><Key>a</Key>").is_err());
        assert_eq!(parse(b"<ListBucketResult/>").unwrap(), Listing::default());
    }
}
