//! Reads the files that may name others, for [`graph`] to find out what they name and what they will be called.

use crate::error::Error;
use crate::plan::graph::{self, Broken, Named, Problem, Task};
use crate::plan::manifests;
use crate::plan::publication::{self, PARSE_LIMIT_BYTES};
use crate::plan::record::Record;
use crate::plan::references::{self, Demand, Found, Kind, Unreadable, Writing, javascript, line_of};
use crate::plan::resolve::{Site, Target, resolve};
use crate::plan::tree::Content;
use kit_report::{Finding, Level};
use std::path::Path;

/// Problems that the first line names; all of them are findings.
const NAMED: usize = 3;
/// Strings that are told one by one; a tree with more has one cause, such as a build that writes lists of its files into scripts.
const STRINGS_LIMIT: usize = 50;

/// The tree on the disk.
struct Disk<'t> {
    root: &'t Path,
    tree: publication::Tree<'t>,
    site: &'t Site,
    /// Whether a script that is none is a problem.
    strict: bool,
    warnings: Vec<Finding>,
    /// Strings that were found, told or not.
    strings: usize,
}

impl Disk<'_> {
    fn place(&self, path: &str) -> Option<usize> {
        self.tree.files.binary_search_by(|known| known.path.as_str().cmp(path)).ok()
    }

    fn manifest(&self, manifest: &manifests::Manifest, bytes: &[u8]) -> Result<Found, Unreadable> {
        let has = |path: &str| self.place(path).is_some();
        let resolves = |base: Option<&str>, url: &str, file: &str| {
            let target = resolve(self.site, &manifest.path, base, url, Demand::Optional, &has);
            matches!(target, Target::File { path, .. } if path == file)
        };
        manifests::references(manifest, bytes, &has, &resolves)
    }

    /// A file that can't be read is published as it is, unless all is to be rewritten.
    fn kept(&mut self, code: &'static str, path: &str, why: Unreadable) -> Result<Found, Unreadable> {
        if self.strict {
            return Err(why);
        }
        let what = format!(
            "{}; it is published as it is, and what it names is not rewritten. Mend it, or exclude it; with \
             --references rewrite it is refused",
            why.what
        );
        self.warnings.push(Finding::new(code, Level::Warning, what).at(path, Some(why.line)));
        Ok(Found::default())
    }

    /// Strings of a script that are the URL of a file whose name will be another, and that nothing says are references: they stay as
    /// they are, and lead nowhere.
    fn note_strings(&mut self, path: &str, bytes: &[u8], found: &Found) {
        for (span, url) in javascript::strings(bytes) {
            if found.references.iter().any(|reference| reference.span.start == span.start) {
                continue;
            }
            // Scripts join such strings to the root of the site, or to that of the page.
            let target =
                resolve(self.site, "index.html", None, &url, Demand::Optional, &|path| self.place(path).is_some());
            let Target::File { path: names, .. } = target else { continue };
            if self.tree.naming.pages.contains(&names) {
                continue;
            }
            self.strings += 1;
            if self.strings <= STRINGS_LIMIT {
                let what = format!(
                    "the string `{url}` is where `{names}` was before it got its published name, and nothing says that it is a \
                     reference, so it stays: import the file, or write `new URL(…, import.meta.url)`; let --pages keep its name; or \
                     let the build hash its names"
                );
                let line = line_of(bytes, span.start);
                self.warnings.push(Finding::new("string-kept", Level::Warning, what).at(path, Some(line)));
            }
        }
    }
}

impl graph::Tree for Disk<'_> {
    type Error = Error;

    fn read(&mut self, path: &str) -> Result<Vec<u8>, Error> {
        let file = self.root.join(path);
        std::fs::read(&file).map_err(|error| Error::world("read", &file, &error))
    }

    fn parse(&mut self, path: &str, bytes: &[u8]) -> Result<Found, Unreadable> {
        if let Some(manifest) = self.tree.manifest(path) {
            let found = self.manifest(manifest, bytes);
            return found.or_else(|why| self.kept("manifest-kept", path, why));
        }
        let Some(kind) = Kind::of(path) else { return Ok(Found::default()) };
        let is_script = matches!(kind, Kind::JavaScript | Kind::Module);
        match references::references(kind, bytes) {
            Err(why) if is_script => self.kept("script-kept", path, why),
            Ok(found) if is_script => {
                self.note_strings(path, bytes, &found);
                Ok(found)
            }
            other => other,
        }
    }

    fn write(&self, url: &str, writing: Writing) -> Option<String> {
        references::writing::write(url, writing)
    }

    fn name_hash(&mut self, file: &graph::File<'_>) -> Result<String, Error> {
        let content = self.place(file.path).and_then(|at| self.tree.contents.get(at));
        Ok(content.map(Content::name_digits).unwrap_or_default())
    }
}

/// Names all files of the tree, and tells what is worth a warning of files that were read. With `strict`, a script that is none is refused.
/// Errors: exit 2 with every reference that leads to nothing and every file that can't be read as what it is; exit 3 when a file changed
/// meanwhile.
pub fn name(
    root: &Path,
    tree: &publication::Tree<'_>,
    site: &Site,
    strict: bool,
    last: Option<&Record>,
) -> Result<(Named, Vec<Finding>), Error> {
    let files: Vec<graph::File<'_>> = tree.graph_files().collect();
    let large = files.iter().filter(|file| tree.reads(file.path) && !file.parse);
    let warnings = large.map(|file| kept_whole(file.path)).collect();
    let mut disk = Disk { root, tree: *tree, site, strict, warnings, strings: 0 };
    let last = last.filter(|last| last.options == tree.options);
    let task = Task { files: &files, site, form: tree.form, last };
    let named = graph::name(&task, &mut disk).map_err(|broken| match broken {
        Broken::Read(error) => error,
        Broken::Changed(path) => Error::changed(&root.join(path)),
    })?;
    if !named.problems.is_empty() {
        return Err(refusal(&named));
    }
    let more = disk.strings.saturating_sub(STRINGS_LIMIT);
    if more > 0 {
        let what = format!("{more} more strings are where a file was before it got its published name");
        disk.warnings.push(Finding::new("string-kept", Level::Warning, what));
    }
    Ok((named, disk.warnings))
}

fn kept_whole(path: &str) -> Finding {
    let what = format!(
        "it is larger than {} MiB, so that it is not read: what it names is not rewritten",
        PARSE_LIMIT_BYTES >> 20
    );
    Finding::new("file-kept", Level::Warning, what).at(path, None)
}

fn refusal(named: &Named) -> Error {
    let first: Vec<String> = named.problems.iter().take(NAMED).map(Problem::to_string).collect();
    let more = (named.problems.len() + named.problems_left_out).saturating_sub(NAMED);
    let more = if more > 0 { format!("; and {more} more") } else { String::new() };
    Error::References { what: format!("{}{more}", first.join("; ")), problems: named.problems.clone() }
}
