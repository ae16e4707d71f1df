//! A URL with another name at its end.

use super::{cleaned, split_suffix};
use crate::plan::fingerprint::percent;

/// `url` with the name of its file replaced by `name`, which is encoded; scheme, host, folders, query and fragment stay as
/// they are written. A URL that ends with a folder gets the name behind it.
pub fn renamed(url: &str, name: &str) -> String {
    let url = cleaned(url);
    let (path, suffix) = split_suffix(&url);
    let start = path.rfind(['/', '\\']).map_or(0, |slash| slash + 1);
    let (folder, last) = path.split_at(start);
    let dots = matches!(last.to_ascii_lowercase().replace("%2e", ".").as_str(), "." | "..");
    let kept = if dots { format!("{path}/") } else { folder.to_owned() };
    format!("{kept}{}{suffix}", percent::encode(name))
}
