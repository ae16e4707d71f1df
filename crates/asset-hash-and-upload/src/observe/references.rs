//! Reads the files that may name others, for [`graph`] to find out what they name and what they will be called.

use crate::error::Error;
use crate::plan::fingerprint::NameForm;
use crate::plan::graph::{self, Broken, Named, Problem, Task};
use crate::plan::publication;
use crate::plan::record::Record;
use crate::plan::references::{self, Found, Kind, Unreadable, Writing};
use crate::plan::resolve::Site;
use crate::plan::tree::{Content, SourceFile};
use std::path::Path;

/// Problems that the first line names; all of them are findings.
const NAMED: usize = 3;

/// The tree on the disk.
struct Disk<'t> {
    root: &'t Path,
    files: &'t [SourceFile],
    contents: &'t [Content],
}

impl graph::Tree for Disk<'_> {
    type Error = Error;

    fn read(&mut self, path: &str) -> Result<Vec<u8>, Error> {
        let file = self.root.join(path);
        std::fs::read(&file).map_err(|error| Error::world("read", &file, &error))
    }

    fn parse(&mut self, path: &str, bytes: &[u8]) -> Result<Found, Unreadable> {
        Kind::of(path).map_or_else(|| Ok(Found::default()), |kind| references::references(kind, bytes))
    }

    fn write(&self, url: &str, writing: Writing) -> Option<String> {
        references::writing::write(url, writing)
    }

    fn name_hash(&mut self, file: &graph::File<'_>) -> Result<String, Error> {
        let at = self.files.binary_search_by(|known| known.path.as_str().cmp(file.path)).ok();
        Ok(at.and_then(|at| self.contents.get(at)).map(Content::name_digits).unwrap_or_default())
    }
}

/// Names all files of the tree. Errors: exit 2 with every reference that leads to nothing and every file that can't be
/// read as what it is; exit 3 when a file changed meanwhile.
pub fn name(
    root: &Path,
    tree: &publication::Tree<'_>,
    form: &NameForm,
    site: &Site,
    last: Option<&Record>,
) -> Result<Named, Error> {
    let files: Vec<graph::File<'_>> = tree.graph_files().collect();
    let mut disk = Disk { root, files: tree.files, contents: tree.contents };
    let last = last.filter(|last| last.options == tree.options);
    let named = graph::name(&Task { files: &files, site, form, last }, &mut disk).map_err(|broken| match broken {
        Broken::Read(error) => error,
        Broken::Changed(path) => Error::changed(&root.join(path)),
    })?;
    if named.problems.is_empty() { Ok(named) } else { Err(refusal(&named)) }
}

fn refusal(named: &Named) -> Error {
    let first: Vec<String> = named.problems.iter().take(NAMED).map(Problem::to_string).collect();
    let more = (named.problems.len() + named.problems_left_out).saturating_sub(NAMED);
    let more = if more > 0 { format!("; and {more} more") } else { String::new() };
    Error::References { what: format!("{}{more}", first.join("; ")), problems: named.problems.clone() }
}
