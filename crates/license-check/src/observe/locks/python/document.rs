//! TOML locks, one package at a time.

use crate::observe::lines::Lines;
use crate::observe::lock::Fault;
use crate::observe::locks::text::toml_fault;
use serde::Deserialize;

/// Bytes of the largest piece: its tree takes some twenty times as much memory. One package has a few kilobytes; only the
/// table `[metadata.files]` of Poetry's and PDM's old formats gathers the files of all, two kilobytes for each.
const MAX_PIECE_BYTES: usize = 16 << 20;

/// Where a piece stands, for the lines of what it holds.
pub(in crate::observe::locks) struct Piece<'l, 't> {
    offset: usize,
    lines: &'l mut Lines<'t>,
}

impl Piece<'_, '_> {
    /// The 1-based line of an offset of the piece, such as a [`toml::Spanned`]'s start. Cheap in ascending order.
    pub(in crate::observe::locks) fn line(&mut self, offset: usize) -> u32 {
        self.lines.at(self.offset + offset)
    }
}

/// Reads each piece of `text` as a document of its own: what stands before the first line `header` (such as
/// `[[package]]`), and each part from one such line to the next. So only one package's tree is in memory at a time. Returns how
/// many pieces began with `header`.
///
/// Why this is sound: a line within a string or an array that looks like a header leaves that string or array without its
/// end in the piece before it, which is a fault and never another reading. A header in another spelling (`[[ package ]]`)
/// is no cut, so its package is found with the piece that it stands in.
/// Errors: a piece that is no TOML or does not fit `D`, or what `each` says.
pub(in crate::observe::locks) fn read<'t, D: Deserialize<'t>>(
    text: &'t str,
    header: &str,
    mut each: impl FnMut(D, &mut Piece<'_, 't>) -> Result<(), Fault>,
) -> Result<usize, Fault> {
    let mut lines = Lines::new(text.as_bytes());
    let mut headers = 0;
    let mut from = 0;
    let starts = memchr::memmem::find_iter(text.as_bytes(), header)
        .filter(|at| *at == 0 || text.as_bytes()[at - 1] == b'\n')
        .inspect(|_| headers += 1)
        .filter(|at| *at > 0);
    for to in starts.chain(std::iter::once(text.len())) {
        let piece = &text[from..to];
        if piece.len() > MAX_PIECE_BYTES {
            return Err(Fault::at(lines.at(from), "more than 16 MiB without a package: not a lock file"));
        }
        let document = toml::from_str(piece).map_err(|error| toml_fault(text, from, &error))?;
        each(document, &mut Piece { offset: from, lines: &mut lines })?;
        from = to;
    }
    Ok(headers)
}

/// The major number of a format's version: `2` of `2.1`. `None` for what is no such version.
pub(in crate::observe::locks) fn major(version: &str) -> Option<u32> {
    version.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use toml::Spanned;

    #[derive(Deserialize)]
    struct Document {
        #[serde(default)]
        package: Vec<Entry>,
    }

    #[derive(Deserialize)]
    struct Entry {
        name: Spanned<String>,
    }

    fn names(text: &str) -> Result<Vec<(String, u32)>, Fault> {
        let mut names = Vec::new();
        read(text, "[[package]]", |document: Document, piece| {
            for entry in document.package {
                let line = piece.line(entry.name.span().start);
                names.push((entry.name.into_inner(), line));
            }
            Ok(())
        })?;
        Ok(names)
    }

    #[test]
    fn every_spelling_of_a_header_is_a_package_with_its_line() {
        let text = "top = 1\n[[package]]\nname = 'a'\n[package.deps]\nx = 1\n[[ package ]] # odd\nname = 'b'\n\n[[package]]\r\nname = 'c'\n";
        let found = names(text).unwrap();
        assert_eq!(found, [("a".into(), 3), ("b".into(), 7), ("c".into(), 10)]);
        assert_eq!(names("package = [{name = 'a'}, {name = 'b'}]").unwrap().len(), 2);
    }

    #[test]
    fn a_header_within_a_string_is_never_read_as_a_package() {
        let fault = names("[[package]]\nname = 'a'\ntext = '''\n[[package]]\nname = 'hidden'\n'''\n").unwrap_err();
        assert_eq!(fault.line, Some(4), "where the piece ends");
        assert!(names("x = [\n[[package]]\n]").is_err());
    }

    #[test]
    fn a_piece_that_would_take_all_memory_is_refused() {
        let text = format!("[[package]]\nname = 'a'\n\n[[package]]\n#{}", "x".repeat(MAX_PIECE_BYTES));
        assert_eq!(names(&text).unwrap_err().line, Some(4));
    }

    #[test]
    fn faults_name_the_line_of_the_file() {
        assert_eq!(names("[[package]]\nname = 'a'\n\n[[package]]\nname = \n").unwrap_err().line, Some(5));
        assert_eq!(names("[[package]]\nname = 'a'\n\n[[package]]\nname = 1\n").unwrap_err().line, Some(5));
        assert_eq!(names("[[package]]\nname = 'a'\n\n[[package]]\nx = 1\n").unwrap_err().line, Some(4));
    }
}
