//! Which package an entry of a bill of materials is; shared by its formats.

use crate::observe::lock::Fault;
use crate::plan::package::{Ecosystem, Package, Place};
use crate::plan::purl::Purl;

/// What an entry says of itself.
pub(in crate::observe::locks) struct Named<'t> {
    /// Its package URL.
    pub purl: Option<&'t str>,
    /// The group or publisher, where the format has one.
    pub group: Option<&'t str>,
    /// Its name.
    pub name: &'t str,
    /// Its version.
    pub version: Option<&'t str>,
}

impl Named<'_> {
    /// The package. By its URL, since names in bills of materials are for people; without one (or with one that can't be read,
    /// which is told in `notices`) it is a package of no known ecosystem by its group and name.
    pub fn package(&self, place: Place, notices: &mut Vec<String>) -> Result<Package, Fault> {
        let (group, name) = (self.group.unwrap_or_default().trim(), self.name.trim());
        let version = self.version.unwrap_or_default().trim();
        let purl = match self.purl.map(str::trim).filter(|purl| !purl.is_empty()).map(|text| (text, Purl::parse(text)))
        {
            None => None,
            Some((_, Ok(purl))) => Some(purl),
            Some((text, Err(why))) => {
                let shown: String = text.chars().take(80).collect();
                notices.push(format!("{place}: `{shown}` is no package URL ({why}); taken by its name `{name}`"));
                None
            }
        };
        if let Some(purl) = purl {
            let (ecosystem, name) = purl.package();
            let version = if purl.version.is_empty() { version.to_owned() } else { purl.version };
            return Ok(Package::new(ecosystem, name, version, place));
        }
        if name.is_empty() {
            return Err(Fault { line: place.line, what: "an entry has neither a name nor a package URL".to_owned() });
        }
        let name = if group.is_empty() { name.to_owned() } else { format!("{group}/{name}") };
        Ok(Package::new(Ecosystem::Generic, name, version, place))
    }
}

/// The best of several digests: `sha512:…` in lower-case hex. `algorithms` are pairs of names as either format writes them
/// (`SHA-512`, `SHA512`) and hex digests.
pub(in crate::observe::locks) fn best_digest<'t>(digests: impl Iterator<Item = (&'t str, &'t str)>) -> Option<String> {
    const BEST: [&str; 4] = ["sha512", "sha384", "sha256", "sha1"];
    digests
        .filter_map(|(algorithm, digest)| {
            let algorithm = algorithm.replace('-', "").to_ascii_lowercase();
            let rank = BEST.iter().position(|name| *name == algorithm)?;
            let is_hex = !digest.is_empty() && digest.bytes().all(|byte| byte.is_ascii_hexdigit());
            is_hex.then(|| (rank, format!("{algorithm}:{}", digest.to_ascii_lowercase())))
        })
        .min()
        .map(|(_, digest)| digest)
}

/// Whether a word states no licence: SPDX's way to say that nobody looked.
pub(in crate::observe::locks) fn says_nothing(text: &str) -> bool {
    ["", "NOASSERTION"].contains(&text.trim())
}
