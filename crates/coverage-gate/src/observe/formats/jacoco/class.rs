//! `<class>`: the methods, as functions of the file that it names.

use super::super::xml::Scanner;
use super::super::xml::number::whole;
use super::{Kind, Source, counter, text};
use crate::observe::reading::{MAX_LINE, MAX_PATH_BYTES, ReadError, Reading};
use crate::observe::whole_lines::quote;
use crate::plan::coverage::items::ItemId;
use std::collections::BTreeMap;

/// Most methods without a file that are kept until the package ends; no package has so many.
const MAX_ORPHANS: usize = 1_000_000;
/// Endings of the sources of languages that compile to classes.
const ENDINGS: [&str; 6] = [".java", ".kt", ".groovy", ".scala", ".kts", ".clj"];

/// A method of a class that does not say which file it is from, as `JaCoCo` before 0.8.0 wrote them.
pub(super) struct Orphan {
    /// The outermost class.
    class: String,
    line: u32,
    identity: Vec<u8>,
    hit: bool,
}

/// Reads a class.
pub(super) fn read(
    xml: &mut Scanner<'_>,
    files: &mut BTreeMap<String, Source>,
    orphans: &mut Vec<Orphan>,
) -> Result<(), ReadError> {
    let class = text(xml, "name");
    let file = text(xml, "sourcefilename");
    if file.len() > MAX_PATH_BYTES {
        return Err(xml.malformed("the name of a source file is longer than 4096 bytes"));
    }
    let mut of_file = None;
    if !file.is_empty() {
        of_file = Some(files.entry(file).or_default());
    }
    while xml.child()? {
        if xml.name() != b"method" {
            xml.skip()?;
            continue;
        }
        let (line, identity, hit) = method(xml, &class)?;
        if let Some(source) = &mut of_file {
            source.coverage.functions.push(line, ItemId::Text(&identity), hit);
        } else if orphans.len() < MAX_ORPHANS {
            let simple = class.rsplit('/').next().unwrap_or_default();
            let outermost = simple.split('$').next().unwrap_or_default().to_owned();
            orphans.push(Orphan { class: outermost, line, identity, hit });
        }
    }
    Ok(())
}

/// Line (0 when unknown), identity and whether it ran.
fn method(xml: &mut Scanner<'_>, class: &str) -> Result<(u32, Vec<u8>, bool), ReadError> {
    let mut identity = class.as_bytes().to_vec();
    identity.push(b'.');
    let mut line = 0;
    for (name, value) in xml.attributes() {
        match name {
            b"name" | b"desc" => identity.extend_from_slice(value.text().as_bytes()),
            b"line" => {
                let number = whole(&value.bytes()).and_then(|number| u32::try_from(number).ok());
                line = number.filter(|number| *number <= MAX_LINE).ok_or_else(|| {
                    xml.malformed(format!("`{}` is no line number up to 100,000,000", value.quoted()))
                })?;
            }
            _ => {}
        }
    }
    let (mut ran, mut instructions) = (None, false);
    while xml.child()? {
        if xml.name() == b"counter" {
            let counter = counter(xml)?;
            match counter.kind {
                Kind::Method => ran = Some(counter.share.covered > 0),
                Kind::Instruction => instructions = counter.share.covered > 0,
                _ => {}
            }
        }
        xml.skip()?;
    }
    Ok((line, identity, ran.unwrap_or(instructions)))
}

/// Gives orphans to the one file of the package that is named as their class is.
pub(super) fn place(orphans: Vec<Orphan>, files: &mut BTreeMap<String, Source>, into: &mut Reading) {
    for orphan in orphans {
        // Kotlin puts the functions of a file Names.kt into a class NamesKt.
        let stems = [Some(orphan.class.as_str()), orphan.class.strip_suffix("Kt")];
        let mut names = stems.into_iter().flatten().flat_map(|stem| ENDINGS.map(|ending| format!("{stem}{ending}")));
        match names.find(|name| files.contains_key(name)).and_then(|name| files.get_mut(&name)) {
            Some(source) => source.coverage.functions.push(orphan.line, ItemId::Text(&orphan.identity), orphan.hit),
            None => into.notice("function-without-file", None, || {
                format!("class `{}` names no file; its methods do not count", quote(orphan.class.as_bytes()))
            }),
        }
    }
}
