//! `<method>`: the functions of a file.

use super::super::xml::Scanner;
use super::super::xml::number::Count;
use super::line;
use crate::observe::reading::{ReadError, Reading};
use crate::observe::whole_lines::quote;
use crate::plan::coverage::items::ItemId;
use crate::plan::coverage::{FileCoverage, ReportedPath};
use std::collections::BTreeMap;

/// Reads methods, keeping what it needs for one, and the functions of `PHPUnit`.
#[derive(Default)]
pub(super) struct Methods {
    name: String,
    signature: String,
    /// Class, name and signature.
    identity: Vec<u8>,
    /// Functions of PHP by name and signature, with the place where each may be; `None` when it may be in several.
    php: BTreeMap<String, Option<Place>>,
}

/// Where a function may be.
struct Place {
    path: String,
    line: u32,
    hit: bool,
}

/// What a method says of itself.
#[derive(Default)]
struct Said {
    /// The rate of its lines, or its hits.
    ran: bool,
    rate_is_one: bool,
}

/// Lines of a method.
#[derive(Default)]
struct Lines {
    first: Option<u32>,
    hits: u64,
    all: u64,
}

impl Methods {
    /// Reads the method that has just begun, of a class of the file `path`. It is a function that ran if one of its lines
    /// did; one without lines if its rate or its hits say so.
    pub(super) fn read(
        &mut self,
        xml: &mut Scanner<'_>,
        class: &str,
        path: &str,
        file: &mut FileCoverage,
    ) -> Result<(), ReadError> {
        let said = self.attributes(xml);
        let lines = lines(xml)?;
        if self.is_php_function(class, path) {
            self.keep_php(path, &said, &lines);
            return Ok(());
        }
        self.identity.clear();
        let bracketed = self.signature.starts_with('(');
        let parts = [
            class,
            "::",
            &self.name,
            if bracketed { "" } else { "(" },
            &self.signature,
            if bracketed { "" } else { ")" },
        ];
        parts.iter().for_each(|part| self.identity.extend_from_slice(part.as_bytes()));
        let hit = if lines.first.is_some() { lines.hits > 0 } else { said.ran };
        file.functions.push(lines.first.unwrap_or(0), ItemId::Text(&self.identity), hit);
        Ok(())
    }

    fn attributes(&mut self, xml: &Scanner<'_>) -> Said {
        self.name.clear();
        self.signature.clear();
        let mut said = Said::default();
        for (name, value) in xml.attributes() {
            match name {
                b"name" => self.name.push_str(&value.text()),
                b"signature" => self.signature.push_str(&value.text()),
                b"line-rate" | b"hits" => {
                    let text = value.bytes();
                    said.ran |= Count::of(&text) == Count::Positive;
                    said.rate_is_one |= matches!(&*text, b"1" | b"1.0");
                }
                _ => {}
            }
        }
        said
    }

    /// Whether this is a function of PHP, not a method: `PHPUnit` puts them into a class that is named as the file is, with
    /// their name in the signature.
    fn is_php_function(&self, class: &str, path: &str) -> bool {
        let short = self.name.rsplit('\\').next().unwrap_or_default();
        let named = self.signature.strip_prefix(short).is_some_and(|rest| rest.starts_with('('));
        path.ends_with(".php") && path.ends_with(class) && class.ends_with(".php") && named
    }

    /// php-code-coverage 9 (`src/Report/Cobertura.php`) lists the functions of the whole report in every file, with those of
    /// the file's lines that have the function's numbers. So one is kept where it can be by its rate, and counts when that is
    /// in one file only.
    fn keep_php(&mut self, path: &str, said: &Said, lines: &Lines) {
        let agrees = (lines.hits > 0) == said.ran && (lines.hits == lines.all) == said.rate_is_one;
        let Some(line) = lines.first.filter(|_| agrees) else { return };
        let place = Place { path: path.to_owned(), line, hit: lines.hits > 0 };
        let name = format!("{}\0{}", self.name, self.signature);
        self.php.entry(name).and_modify(|place| *place = None).or_insert(Some(place));
    }

    /// Adds the functions of PHP whose file is certain.
    pub(super) fn finish(self, into: &mut Reading) -> Result<(), ReadError> {
        let mut files = BTreeMap::<String, FileCoverage>::new();
        for (name, place) in self.php {
            let (name, signature) = name.split_once('\0').unwrap_or((&name, ""));
            let Some(place) = place else {
                into.notice("function-in-many-files", None, || {
                    format!(
                        "function `{}` is listed in several files; it does not count as a function",
                        quote(name.as_bytes())
                    )
                });
                continue;
            };
            let parameters = &signature[signature.find('(').unwrap_or(0)..];
            let identity = format!("{name}{parameters}");
            let functions = &mut files.entry(place.path).or_default().functions;
            functions.push(place.line, ItemId::Text(identity.as_bytes()), place.hit);
        }
        files.into_iter().try_for_each(|(path, file)| into.add(ReportedPath::new(path), file))
    }
}

/// Goes over the lines of a method.
fn lines(xml: &mut Scanner<'_>) -> Result<Lines, ReadError> {
    let mut lines = Lines::default();
    while xml.child()? {
        if xml.name() != b"lines" {
            xml.skip()?;
            continue;
        }
        while xml.child()? {
            if xml.name() == b"line"
                && let Some((number, hit)) = line::method_line(xml)?
            {
                lines.first = Some(lines.first.map_or(number, |first| first.min(number)));
                lines.hits += u64::from(hit);
                lines.all += 1;
            }
            xml.skip()?;
        }
    }
    Ok(lines)
}
