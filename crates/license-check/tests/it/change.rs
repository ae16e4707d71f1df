//! Changes under review, in real repositories: what the change brings is judged, by the policy of the base.

mod bases;
mod policies;
mod repo;
mod what_changes;

use repo::Repo;
use serde_json::json;

/// A lock of npm's: name, version, licence (none for an empty one), whether for development alone.
pub fn npm_lock(packages: &[(&str, &str, &str, bool)]) -> String {
    let mut entries = serde_json::Map::new();
    let wanted = |dev: bool| -> serde_json::Value {
        let of = packages.iter().filter(|package| package.3 == dev);
        of.map(|package| (package.0.to_owned(), json!(package.1))).collect::<serde_json::Map<_, _>>().into()
    };
    let own =
        json!({"name": "shop", "version": "1.0.0", "dependencies": wanted(false), "devDependencies": wanted(true)});
    entries.insert(String::new(), own);
    for (name, version, license, dev) in packages {
        let mut entry = json!({"version": version, "integrity": "sha512-AAAA"});
        if *dev {
            entry["dev"] = true.into();
        }
        if !license.is_empty() {
            entry["license"] = json!(license);
        }
        entries.insert(format!("node_modules/{name}"), entry);
    }
    let lock = json!({"name": "shop", "version": "1.0.0", "lockfileVersion": 3, "requires": true, "packages": entries});
    serde_json::to_string_pretty(&lock).unwrap() + "\n"
}

/// A lock of Composer's, with what is for development alone.
fn composer_lock(packages: &[(&str, &str, &str)], development: &[(&str, &str, &str)]) -> String {
    let entries = |packages: &[(&str, &str, &str)]| -> Vec<serde_json::Value> {
        let entry = |(name, version, license): &(&str, &str, &str)| json!({"name": name, "version": version, "license": [license]});
        packages.iter().map(entry).collect()
    };
    let lock = json!({"content-hash": "0", "packages": entries(packages), "packages-dev": entries(development)});
    serde_json::to_string_pretty(&lock).unwrap() + "\n"
}
