//! AWS's signature, version 4, for requests that `s3s` does not verify, and for raw clients in tests
//! (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html>).

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use sha2::{Digest, Sha256};

const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');
const OF_PATH: &AsciiSet = &UNRESERVED.remove(b'/');
/// The size of SHA-256's block, which HMAC pads its key to.
const BLOCK_BYTES: usize = 64;

/// A request that is signed.
#[derive(Debug, Clone, Copy)]
pub struct Signing<'a> {
    /// In capitals.
    pub method: &'a str,
    /// As it stands in the first line: encoded once.
    pub path: &'a str,
    /// Without the question mark, encoded.
    pub query: &'a str,
    /// The signed headers: lower-case names, in their order, and trimmed values.
    pub headers: &'a [(String, String)],
    /// Hex of the body's SHA-256, or what `x-amz-content-sha256` says instead.
    pub payload_sha256: &'a str,
    /// `20261123T164500Z`.
    pub amz_date: &'a str,
    /// Such as `us-east-1`.
    pub region: &'a str,
    /// Such as `s3`; all but S3 encode the path once more.
    pub service: &'a str,
}

/// Lower-case hex.
pub fn hex(bytes: &[u8]) -> String {
    crate::backend::hex(bytes)
}

/// Hex of the SHA-256.
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// A key's bytes as a path, each `/` kept.
pub fn encoded_path(path: &str) -> String {
    utf8_percent_encode(path, OF_PATH).to_string()
}

/// A name or value of a query.
pub fn encoded(text: &str) -> String {
    utf8_percent_encode(text, UNRESERVED).to_string()
}

fn hmac(key: &[u8], message: &[u8]) -> [u8; 32] {
    let mut block = [0; BLOCK_BYTES];
    if key.len() > BLOCK_BYTES {
        block[..32].copy_from_slice(&Sha256::digest(key));
    } else {
        block[..key.len()].copy_from_slice(key);
    }
    let padded = |pad: u8| block.map(|byte| byte ^ pad);
    let inner = Sha256::new().chain_update(padded(0x36)).chain_update(message).finalize();
    Sha256::new().chain_update(padded(0x5c)).chain_update(inner).finalize().into()
}

impl Signing<'_> {
    fn names(&self) -> String {
        self.headers.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(";")
    }

    fn date(&self) -> &str {
        self.amz_date.get(..8).unwrap_or("")
    }

    fn scope(&self) -> String {
        format!("{}/{}/{}/aws4_request", self.date(), self.region, self.service)
    }

    fn canonical(&self) -> String {
        let path = if self.service == "s3" { self.path.to_owned() } else { encoded_path(self.path) };
        let mut pairs: Vec<String> = self
            .query
            .split('&')
            .filter(|pair| !pair.is_empty())
            .map(|pair| if pair.contains('=') { pair.to_owned() } else { format!("{pair}=") })
            .collect();
        pairs.sort_unstable();
        let headers: String = self.headers.iter().map(|(name, value)| format!("{name}:{value}\n")).collect();
        let names = self.names();
        format!("{}\n{path}\n{}\n{headers}\n{names}\n{}", self.method, pairs.join("&"), self.payload_sha256)
    }

    /// The signature in hex.
    pub fn signature(&self, secret_key: &str) -> String {
        let request = sha256_hex(self.canonical().as_bytes());
        let text = format!("AWS4-HMAC-SHA256\n{}\n{}\n{request}", self.amz_date, self.scope());
        let mut key = hmac(format!("AWS4{secret_key}").as_bytes(), self.date().as_bytes());
        for part in [self.region, self.service, "aws4_request"] {
            key = hmac(&key, part.as_bytes());
        }
        hex(&hmac(&key, text.as_bytes()))
    }

    /// The value of `Authorization`.
    pub fn authorization(&self, access_key: &str, secret_key: &str) -> String {
        format!(
            "AWS4-HMAC-SHA256 Credential={access_key}/{}, SignedHeaders={}, Signature={}",
            self.scope(),
            self.names(),
            self.signature(secret_key)
        )
    }
}

/// Verifies a request's `Authorization` against the secret of its access key. `false` also when it is no such header.
pub(crate) fn verified(
    method: &str,
    path: &str,
    query: &str,
    headers: &http::HeaderMap,
    body: &[u8],
    secret_key: &str,
) -> bool {
    let value = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    let Some(authorization) = value("authorization") else { return false };
    let part = |name: &str| {
        let parts = authorization.trim_start_matches("AWS4-HMAC-SHA256").split(',');
        parts.filter_map(|part| part.trim().strip_prefix(name)).next()
    };
    let (Some(scope), Some(names), Some(signature)) = (part("Credential="), part("SignedHeaders="), part("Signature="))
    else {
        return false;
    };
    let scope: Vec<&str> = scope.split('/').collect();
    let [_, _, region, service, "aws4_request"] = scope.as_slice() else { return false };
    let names: Vec<&str> = names.split(';').collect();
    if !names.contains(&"host") {
        return false;
    }
    let headers: Vec<(String, String)> =
        names.iter().map(|name| ((*name).to_owned(), value(name).unwrap_or("").to_owned())).collect();
    let signing = Signing {
        method,
        path,
        query,
        headers: &headers,
        payload_sha256: &sha256_hex(body),
        amz_date: value("x-amz-date").unwrap_or(""),
        region,
        service,
    };
    signing.signature(secret_key) == signature
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of AWS's documentation of S3's header-based authentication (GET Object).
    #[test]
    fn the_documented_example_has_the_documented_signature() {
        let empty = sha256_hex(b"");
        let headers: Vec<(String, String)> = [
            ("host", "examplebucket.s3.amazonaws.com"),
            ("range", "bytes=0-9"),
            ("x-amz-content-sha256", empty.as_str()),
            ("x-amz-date", "20130524T000000Z"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec();
        let signing = Signing {
            method: "GET",
            path: "/test.txt",
            query: "",
            headers: &headers,
            payload_sha256: &empty,
            amz_date: "20130524T000000Z",
            region: "us-east-1",
            service: "s3",
        };
        assert_eq!(
            signing.signature(crate::SECRET_KEY),
            "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"
        );
    }
}
