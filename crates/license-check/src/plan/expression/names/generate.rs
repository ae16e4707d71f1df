//! Makes the data file of names from the names of the `spdx` crate and the tables beside this file; see
//! `observe/text_data.rs`, which writes and checks it.

use super::{Known, PROPRIETARY, PUBLIC_DOMAIN, key, open, table};
use std::collections::BTreeMap;

/// The whole file.
pub(crate) fn file() -> Vec<u8> {
    let line = |(key, known): (&String, &Known)| match known {
        Known::Expression(expression) => format!("{key}\t={expression}\n"),
        Known::Family(family) => format!("{key}\t~{family}\n"),
        Known::Proprietary => format!("{key}\t{PROPRIETARY}\n"),
        Known::PublicDomain => format!("{key}\t{PUBLIC_DOMAIN}\n"),
    };
    names().iter().map(line).collect::<String>().into_bytes()
}

/// What each name means, by its key.
fn names() -> BTreeMap<String, Known> {
    let mut names: BTreeMap<String, Known> = BTreeMap::new();
    let mut claimed: BTreeMap<String, Option<&'static str>> = BTreeMap::new();
    for license in spdx::identifiers::LICENSES {
        let Some(id) = spdx::license_id(license.name).filter(|id| id.name == license.name) else { continue };
        // GNU's names say too little without "only" or "or later": they have a reader of their own.
        if id.is_deprecated() || id.is_gnu() || id.name == "NOASSERTION" {
            continue;
        }
        let mut keys = vec![key(license.name), key(license.full_name)];
        keys.extend(keys.clone().iter().filter_map(|key| without_zero(key, license.name)));
        keys.sort_unstable();
        keys.dedup();
        for key in keys {
            // Two licences by one name: none of them.
            claimed
                .entry(key)
                .and_modify(|who| *who = who.filter(|who| *who == license.name))
                .or_insert(Some(license.name));
        }
    }
    for (key, id) in claimed {
        if let Some(id) = id {
            names.insert(key, Known::Expression(id.to_owned()));
        }
    }
    for (expression, list) in table::NAMES {
        names.extend(list.iter().map(|name| (key(name), Known::Expression((*expression).to_owned()))));
    }
    names.extend(open::PROPRIETARY.iter().map(|name| (key(name), Known::Proprietary)));
    names.extend(open::PUBLIC_DOMAIN.iter().map(|name| (key(name), Known::PublicDomain)));
    for (family, list) in open::FAMILIES {
        names.extend(list.iter().map(|name| (key(name), Known::Family((*family).to_owned()))));
    }
    names
}

/// `apache 2.0` is also `apache 2`, unless there is a 2.1.
fn without_zero(key: &str, id: &str) -> Option<String> {
    let (before, _) = key.rsplit_once(".0").filter(|(_, after)| after.is_empty() || after.starts_with(' '))?;
    let major = before.rsplit(' ').next()?;
    let (prefix, rest) = id.split_once(&format!("-{major}."))?;
    let start = format!("{prefix}-{major}.");
    // The list is sorted by identifier.
    let list = spdx::identifiers::LICENSES;
    let from = list.partition_point(|other| other.name < start.as_str());
    let mut alike = list[from..].iter().map_while(|other| other.name.strip_prefix(&start));
    let others = alike.any(|other| other != rest);
    (!others && !major.is_empty()).then(|| key.replacen(&format!("{major}.0"), major, 1))
}
