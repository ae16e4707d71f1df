//! DeleteObjects, and DeleteObject for the keys that XML cannot say.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderName, HeaderValue, Method};
use sha2::{Digest, Sha256};

use super::put::hex;
use super::xml::{self, Node};
use super::{S3, checked};
use crate::Error;
use crate::error::shown;
use crate::recorder::Kind;
use crate::sign::Payload;

/// Keys of one request. Source: Amazon S3 API Reference, "DeleteObjects".
const BATCH: usize = 1000;

impl S3 {
    /// Deletes keys, 1,000 a request. A key that is not there counts as deleted. Gives the keys that are still there, each
    /// with the reason.
    ///
    /// # Errors
    /// Those of all calls; batches before the failing one are done.
    pub async fn delete(&self, keys: &[String]) -> Result<Vec<(String, String)>, Error> {
        let mut failures = Vec::new();
        for batch in keys.chunks(BATCH) {
            let mut document =
                String::from(r#"<Delete xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Quiet>true</Quiet>"#);
            let mut said = 0;
            for key in batch {
                checked(key)?;
                match xml::escaped(key) {
                    Some(key) => {
                        said += 1;
                        document.push_str("<Object><Key>");
                        document.push_str(&key);
                        document.push_str("</Key></Object>");
                    }
                    None => self.delete_one(key).await?,
                }
            }
            document.push_str("</Delete>");
            if said > 0 {
                failures.extend(self.delete_batch(document).await?);
            }
        }
        Ok(failures)
    }

    async fn delete_batch(&self, document: String) -> Result<Vec<(String, String)>, Error> {
        let (what, url) = (self.what("DELETE", ""), self.0.address.bucket_with(&[("delete", "")]));
        let digest = Sha256::digest(document.as_bytes());
        let checksum = HeaderValue::from_str(&STANDARD.encode(digest));
        let mut call = self.call(Kind::Delete, &what, Method::POST, &url);
        call.headers = vec![
            (CONTENT_TYPE, HeaderValue::from_static("application/xml")),
            (
                HeaderName::from_static("x-amz-checksum-sha256"),
                checksum.map_err(|error| Error::Input(error.to_string()))?,
            ),
            (HeaderName::from_static("x-amz-sdk-checksum-algorithm"), HeaderValue::from_static("SHA256")),
        ];
        call.body = Bytes::from(document).into();
        call.payload = Payload::Sha256(hex(&digest));
        // A thousand deletions are one answer.
        call.patience = std::time::Duration::from_secs(30);
        let answer = self.send(call).await?;
        failures(&answer.body).map_err(|why| Error::Malformed { what: what.to_string(), why })
    }

    async fn delete_one(&self, key: &str) -> Result<(), Error> {
        let (what, url) = (self.what("DELETE", key), self.0.address.object(key));
        match self.send(self.call(Kind::Delete, &what, Method::DELETE, &url)).await {
            Ok(_) | Err(Error::NoSuchKey { .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }
}

fn failures(document: &[u8]) -> Result<Vec<(String, String)>, String> {
    let mut failures = Vec::new();
    let (mut key, mut code, mut message, mut a_result) = (String::new(), String::new(), String::new(), false);
    xml::walk(document, |node| match node {
        Node::Begin([root]) => a_result = root == "DeleteResult",
        Node::Begin([_, element]) if element == "Error" => {
            key.clear();
            code.clear();
            message.clear();
        }
        Node::Begin(_) => {}
        Node::End([_, element], _) if element == "Error" => {
            failures.push((key.clone(), format!("{}: {}", shown(&code), shown(&message))));
        }
        Node::End([_, error, element], text) if error == "Error" => match element.as_str() {
            "Key" => key = text.to_owned(),
            "Code" => code = text.to_owned(),
            "Message" => message = text.to_owned(),
            _ => {}
        },
        Node::End(..) => {}
    })?;
    if a_result { Ok(failures) } else { Err("it is no result of a deletion".to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stays_is_told() {
        let answer = br#"<DeleteResult xmlns="x"><Deleted><Key>a</Key></Deleted><Error><Key>b &amp; c</Key><Code>AccessDenied</Code><Message>no</Message></Error></DeleteResult>"#;
        assert_eq!(failures(answer).unwrap(), [("b & c".to_owned(), "AccessDenied: no".to_owned())]);
        assert_eq!(failures(b"<DeleteResult/>").unwrap(), []);
        assert!(failures(b"").is_err());
        assert!(failures(b"<html/>").is_err());
    }
}
