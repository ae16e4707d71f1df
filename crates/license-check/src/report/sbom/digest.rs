//! Digests as lists write them, to digests as bills write them. PURE.
#![warn(clippy::disallowed_methods)]

use serde::Serialize;

/// A digest in hex, and what it was made with.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(super) struct Hash {
    /// As `CycloneDX` names it.
    pub alg: &'static str,
    /// Lower-case hex.
    pub content: String,
}

/// `sha512-<base64>` (npm, several apart by blanks), `sha256:<hex>` (Python, Cargo's and Composer's bare hex by its length).
/// Go's `h1:` is a digest of a list of digests and none of a file, and is left out, as is what can't be read.
pub(super) fn read(text: &str) -> Vec<Hash> {
    let mut found: Vec<Hash> = text.split_whitespace().filter_map(one).collect();
    found.sort();
    found.dedup();
    found
}

fn one(text: &str) -> Option<Hash> {
    if let Some((name, digest)) = text.split_once([':', '-', '=']) {
        // What follows a question mark are options, which say nothing of the digest.
        let digest = digest.split('?').next().unwrap_or(digest);
        let content = if is_hex(digest) { digest.to_ascii_lowercase() } else { from_base64(digest)? };
        return checked(algorithm(name)?, content);
    }
    let name = match text.len() {
        32 => "MD5",
        40 => "SHA-1",
        64 => "SHA-256",
        96 => "SHA-384",
        128 => "SHA-512",
        _ => return None,
    };
    is_hex(text).then(|| Hash { alg: name, content: text.to_ascii_lowercase() })
}

fn algorithm(name: &str) -> Option<&'static str> {
    match name.to_ascii_lowercase().as_str() {
        "md5" => Some("MD5"),
        "sha1" => Some("SHA-1"),
        "sha256" => Some("SHA-256"),
        "sha384" => Some("SHA-384"),
        "sha512" => Some("SHA-512"),
        _ => None,
    }
}

/// A digest of another length than its algorithm's is none.
fn checked(alg: &'static str, content: String) -> Option<Hash> {
    let digits = match alg {
        "MD5" => 32,
        "SHA-1" => 40,
        "SHA-256" => 64,
        "SHA-384" => 96,
        _ => 128,
    };
    (content.len() == digits).then_some(Hash { alg, content })
}

fn is_hex(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Base64, with or without padding, as hex.
fn from_base64(text: &str) -> Option<String> {
    use std::fmt::Write;
    let mut hex = String::with_capacity(text.len() * 3 / 2);
    let (mut bits, mut count) = (0_u32, 0_u32);
    for byte in text.trim_end_matches('=').bytes() {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => return None,
        };
        bits = (bits << 6) | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            let octet = (bits >> count) & 0xFF;
            write!(hex, "{octet:02x}").ok()?;
        }
    }
    Some(hex)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_lists_write_them() {
        let sha1 = "da39a3ee5e6b4b0d3255bfef95601890afd80709";
        let sha256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        let hash = |alg, content: &str| vec![Hash { alg, content: content.to_owned() }];
        assert_eq!(read("sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk="), hash("SHA-1", sha1));
        assert_eq!(read("sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=?x"), hash("SHA-256", sha256));
        assert_eq!(read(&format!("sha256:{}", sha256.to_uppercase())), hash("SHA-256", sha256));
        assert_eq!(read(sha256), hash("SHA-256", sha256));
        assert_eq!(read(sha1), hash("SHA-1", sha1));
        for none in ["", "h1:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", "sha256:12", "sha512-!!", "xyz", "10c0/abc"]
        {
            assert_eq!(read(none), [], "{none}");
        }
    }
}
