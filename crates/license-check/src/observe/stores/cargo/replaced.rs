//! Folders of vendored crates, as `.cargo/config.toml` names them.
//!
//! <https://doc.rust-lang.org/cargo/reference/source-replacement.html#directory-sources>

use crate::observe::store::{Ground, bounded};
use crate::observe::within::within;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Bytes of the largest configuration that is read.
const MAX_CONFIG_BYTES: u64 = 1 << 20;

#[derive(Deserialize)]
struct Config {
    #[serde(default)]
    source: BTreeMap<String, Source>,
}

#[derive(Deserialize)]
struct Source {
    #[serde(rename = "replace-with")]
    replace_with: Option<String>,
    directory: Option<String>,
}

/// The folders in order of precedence, and what is odd: those that a configuration of this checkout names as replacements,
/// then `vendor` beside the lock. Folders outside of the root are left out: what a change can write must not choose what
/// else of the machine is read.
pub fn vendored_folders(ground: &Ground) -> (Vec<PathBuf>, Vec<String>) {
    let (mut folders, mut notices) = (Vec::new(), Vec::new());
    let here = ground.here();
    for folder in here.ancestors().take_while(|folder| folder.starts_with(&ground.root)) {
        // Without a suffix is the older name, and cargo prefers it.
        for name in ["config", "config.toml"] {
            let path = folder.join(".cargo").join(name);
            let Some(bytes) = bounded(&path, MAX_CONFIG_BYTES) else { continue };
            let shown = ground.shown(&path);
            match std::str::from_utf8(&bytes).ok().and_then(|text| toml::from_str::<Config>(text).ok()) {
                Some(config) => {
                    for directory in directories(&config) {
                        match within(&ground.root, folder, directory) {
                            Some(vendor) => folders.push(vendor),
                            None => notices.push(format!("{shown}: {directory} is outside of the root, so not read")),
                        }
                    }
                }
                None => notices.push(format!("{shown} can't be read")),
            }
            break;
        }
    }
    folders.push(here.join("vendor"));
    let mut seen = std::collections::BTreeSet::new();
    folders.retain(|folder| seen.insert(folder.clone()) && folder.is_dir());
    (folders, notices)
}

fn directories(config: &Config) -> Vec<&str> {
    let replacing: Vec<&str> = config.source.values().filter_map(|source| source.replace_with.as_deref()).collect();
    config
        .source
        .iter()
        .filter(|(name, _)| replacing.contains(&name.as_str()))
        .filter_map(|(_, source)| source.directory.as_deref())
        .collect()
}
