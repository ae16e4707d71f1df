//! Where things lie in the bucket.

use super::digest::Digest;

/// 10^13: the first millisecond that has fourteen digits (in the year 2286).
const END_OF_TIME_MS: u64 = 10_000_000_000_000;

/// A site in a bucket: its prefix and its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Empty, or with a `/` at its end.
    pub prefix: String,
    /// Name of the site: several may share a prefix.
    pub site: String,
}

impl Place {
    /// The key of a published file.
    pub fn key(&self, below: &str) -> String {
        format!("{}{below}", self.prefix)
    }

    /// What all records begin with.
    pub fn releases(&self) -> String {
        format!("{}.roadcrew/{}/releases/", self.prefix, self.site)
    }

    /// The key of a release's record. Lists are in the order of keys, so later releases get smaller keys: the first of a list
    /// is the last release.
    pub fn record(&self, release: &str, created_ms: u64) -> String {
        format!("{}{:013}-{release}.json", self.releases(), END_OF_TIME_MS.saturating_sub(created_ms))
    }

    /// The release whose record a key is; `None` for any other key.
    pub fn release_of<'k>(&self, key: &'k str) -> Option<&'k str> {
        let name = key.strip_prefix(self.releases().as_str())?.strip_suffix(".json")?;
        let (time, release) = name.split_once('-')?;
        (time.len() == 13 && time.bytes().all(|b| b.is_ascii_digit()) && !release.is_empty()).then_some(release)
    }

    /// The pointer.
    pub fn pointer(&self) -> String {
        format!("{}.roadcrew/{}/current.json", self.prefix, self.site)
    }

    /// What all marks of retired releases begin with.
    pub fn retired(&self) -> String {
        format!("{}.roadcrew/{}/retired/", self.prefix, self.site)
    }

    /// Below the prefix: where a page's bytes are kept.
    pub fn page(&self, sha256: &Digest) -> String {
        format!(".roadcrew/{}/pages/{}", self.site, sha256.hex())
    }
}
