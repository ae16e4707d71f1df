//! Where browsers find the files of `assets/`: in the shop itself, or where they were published to.

use std::collections::BTreeMap;
use std::sync::{PoisonError, RwLock};

/// Addresses by file name; they change while the shop runs when the pointer does.
#[derive(Debug, Default)]
pub struct AssetUrls(RwLock<Published>);

/// What a pointer led to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Published {
    /// The value that the pointer holds; empty for none.
    pub version: String,
    /// Absolute addresses by file name.
    pub urls: BTreeMap<String, String>,
}

impl AssetUrls {
    /// From now on these.
    pub fn set(&self, published: Published) {
        // Who panicked in between had only read.
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = published;
    }

    /// The address of a file; the shop's own, under the `release`, when it is not published.
    pub fn of(&self, name: &str, release: &str) -> String {
        let published = self.0.read().unwrap_or_else(PoisonError::into_inner);
        published.urls.get(name).cloned().unwrap_or_else(|| format!("/assets/{name}?v={release}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_published_is_asked_for_there() {
        let urls = AssetUrls::default();
        assert_eq!(urls.of("app.js", "r1"), "/assets/app.js?v=r1");
        let address = "https://cdn.example/app-1a2b.js".to_owned();
        urls.set(Published { version: "1".to_owned(), urls: BTreeMap::from([("app.js".to_owned(), address.clone())]) });
        assert_eq!((urls.of("app.js", "r1"), urls.of("app.css", "r1")), (address, "/assets/app.css?v=r1".to_owned()));
    }
}
