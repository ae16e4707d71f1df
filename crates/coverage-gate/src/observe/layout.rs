//! Reads what says where a module's files are: every `go.mod` that the repository tracks.
//! Source of the format: go.dev/ref/mod, "go.mod files".

use crate::plan::paths::Layout;
use std::collections::BTreeMap;
use std::path::Path;

/// Bytes of a `go.mod`; real ones have some hundred lines.
const GO_MOD_BYTES: u64 = 1 << 20;
/// Modules of one repository; the largest have some hundreds.
const GO_MODULES: usize = 10_000;

/// The layout of the repository at `top`. A module path that two folders claim counts for neither. A `go.mod` that can't be
/// read is left out: paths are then compared by their ends, as those of any language.
pub fn read(top: &Path, tracked: &[String], maps: Vec<(String, String)>) -> Layout {
    let mut folders: BTreeMap<String, Option<String>> = BTreeMap::new();
    let files = tracked.iter().filter(|path| path.rsplit('/').next() == Some("go.mod")).take(GO_MODULES);
    for path in files {
        let file = top.join(path);
        if !std::fs::metadata(&file).is_ok_and(|metadata| metadata.is_file() && metadata.len() <= GO_MOD_BYTES) {
            continue;
        }
        let Ok(text) = std::fs::read_to_string(&file) else { continue };
        let folder = path.strip_suffix("go.mod").unwrap_or_default().trim_end_matches('/');
        for (module, at) in modules(&text, folder) {
            folders
                .entry(module)
                .and_modify(|known| {
                    if known.as_ref() != Some(&at) {
                        *known = None;
                    }
                })
                .or_insert(Some(at));
        }
    }
    let go_modules = folders.into_iter().filter_map(|(module, folder)| Some((module, folder?))).collect();
    let top = top.to_str().unwrap_or_default().to_owned();
    Layout { top, maps, go_modules }
}

/// The module of a `go.mod` in `folder`, and those that it replaces by folders of the repository.
fn modules(text: &str, folder: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut block = String::new();
    for line in text.lines() {
        let line = line.split("//").next().unwrap_or_default().trim();
        if line == ")" {
            block.clear();
            continue;
        }
        if let Some(name) = line.strip_suffix('(') {
            block = name.trim().to_owned();
            continue;
        }
        let whole = if block.is_empty() { line.to_owned() } else { format!("{block} {line}") };
        let mut words = whole.split_whitespace().map(|word| word.trim_matches(['"', '`']));
        match words.next() {
            Some("module") => found.extend(words.next().map(|path| (path.to_owned(), folder.to_owned()))),
            Some("replace") => {
                let words: Vec<&str> = words.collect();
                let local = words.iter().position(|word| *word == "=>").and_then(|arrow| words.get(arrow + 1));
                if let (Some(path), Some(local)) = (words.first(), local.filter(|to| to.starts_with('.'))) {
                    let to = crate::plan::paths::normal::normal(folder)
                        .joined(&crate::plan::paths::normal::normal(local))
                        .text();
                    found.push(((*path).to_owned(), to));
                }
            }
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_and_local_replacements_are_read() {
        let text = "module \"example.org/m\" // the root\n\nrequire (\n\texample.org/lib v1.0.0\n)\nreplace (\n\texample.org/lib v1.0.0 => ../lib\n\texample.org/far => example.org/fork v1.2.3\n)\n";
        let expected = [("example.org/m", "services/pay"), ("example.org/lib", "services/lib")];
        assert_eq!(modules(text, "services/pay"), expected.map(|(a, b)| (a.to_owned(), b.to_owned())));
    }
}
