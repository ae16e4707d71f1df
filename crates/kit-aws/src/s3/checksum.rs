//! Checksums that answers tell.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::HeaderMap;
use sha2::{Digest, Sha256};

use super::Crc64;

/// Whether `body` has the checksums that `headers` tell: `x-amz-checksum-sha256` and `x-amz-checksum-crc64nvme`, which are
/// those that we give. What is not told, is of another kind, or is made of the parts' checksums (`...-3`) is not compared.
pub(crate) fn fits(headers: &HeaderMap, body: &[u8]) -> bool {
    let told = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).filter(|told| !told.contains('-'));
    let sha256 = told("x-amz-checksum-sha256");
    let crc64 = told("x-amz-checksum-crc64nvme");
    sha256.is_none_or(|told| told == STANDARD.encode(Sha256::digest(body)))
        && crc64.is_none_or(|told| told == STANDARD.encode(Crc64::of(body).to_be_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_told_must_fit() {
        let fits = |name: &'static str, value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(name, http::HeaderValue::from_static(value));
            fits(&headers, b"123456789")
        };
        assert!(fits("x-amz-checksum-crc64nvme", "rosUhgp5mIg="));
        assert!(!fits("x-amz-checksum-crc64nvme", "rosUhgp5mIk="));
        assert!(fits("x-amz-checksum-sha256", "FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU="));
        assert!(!fits("x-amz-checksum-sha256", "AAAA"));
        assert!(fits("x-amz-checksum-sha256", "AAAA-3"));
        assert!(fits("x-amz-checksum-crc32", "AAAA"));
    }
}
