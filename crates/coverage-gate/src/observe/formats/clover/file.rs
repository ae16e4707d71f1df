//! `<file>`: lines, conditions and methods.

use super::super::xml::Scanner;
use super::super::xml::number::{Count, whole};
use super::metrics;
use crate::observe::reading::{MAX_LINE, MAX_PATH_BYTES, ReadError, Reading};
use crate::observe::whole_lines::quote;
use crate::plan::coverage::arm_counts::LineArms;
use crate::plan::coverage::items::ItemId;
use crate::plan::coverage::stated::Kind as StatedKind;
use crate::plan::coverage::totals::{BranchShare, Share, Totals};
use crate::plan::coverage::{FileCoverage, ReportedPath};

/// Most branch arms of a line; generated switches reach thousands.
const MAX_ARMS: u64 = 1_000_000;
/// Most lines of one file that are kept until it ends.
const MAX_RECORDS: usize = 50_000_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Statement,
    Condition,
    Method,
}

/// A condition as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Condition {
    line: u32,
    true_count: u32,
    false_count: u32,
}

/// Reads files one after the other, keeping what it needs for one.
pub(super) struct FileReader {
    may_be_istanbul: bool,
    /// Statements, conditions among them: line and whether it ran, in the order of the report.
    statements: Vec<(u32, bool)>,
    conditions: Vec<Condition>,
    /// Methods without a name, likewise.
    nameless: Vec<(u32, bool)>,
    /// Methods with a name, likewise.
    named: Vec<(u32, bool)>,
}

impl FileReader {
    pub(super) fn new(may_be_istanbul: bool) -> Self {
        FileReader {
            may_be_istanbul,
            statements: Vec::new(),
            conditions: Vec::new(),
            nameless: Vec::new(),
            named: Vec::new(),
        }
    }

    /// Reads a file of a package.
    pub(super) fn read(&mut self, xml: &mut Scanner<'_>, package: &str, into: &mut Reading) -> Result<(), ReadError> {
        let path = path(xml, package)?;
        self.statements.clear();
        self.nameless.clear();
        self.named.clear();
        self.conditions.clear();
        let mut file = FileCoverage::default();
        let (mut has_classes, mut declared) = (false, Totals::default());
        while xml.child()? {
            match xml.name() {
                b"line" => self.line(xml, &mut file, into)?,
                b"class" => has_classes = true,
                b"metrics" => declared = metrics(xml),
                _ => {}
            }
            xml.skip()?;
        }
        let (methods, conditions, declared) = (declared.functions, declared.branches, declared.statements);
        if let Some(declared) = declared {
            self.add_hidden(declared);
        }
        let is_istanbul = self.may_be_istanbul && !has_classes;
        self.resolve(is_istanbul, &mut file);
        // Istanbul counts functions and lists none, and lists no branches on lines that start no statement.
        let kinds = [(StatedKind::Functions, methods), (StatedKind::Branches, conditions.map(BranchShare::lower))];
        for (kind, share) in kinds {
            if let Some(share) = share.filter(|share| is_istanbul && share.covered <= share.coverable) {
                file.stated.get_or_insert_default().set(kind, share);
            }
        }
        file.statements.finish();
        let derived = Share::from(file.statements.totals());
        if let Some(declared) = declared.filter(|declared| *declared != derived) {
            into.lying.push((path.clone(), declared, derived));
        }
        into.add(ReportedPath::new(path), file)
    }

    fn line(&mut self, xml: &Scanner<'_>, file: &mut FileCoverage, into: &mut Reading) -> Result<(), ReadError> {
        let line = Line::of(xml)?;
        let (Some(number), Some(hit)) = (line.number, line.hit) else {
            return Err(xml.malformed("a line has no `num` or no `count`"));
        };
        if number == 0 {
            into.notice("line-zero", Some(xml.line()), || "a line has the number 0; it is ignored".to_owned());
            return Ok(());
        }
        if self.statements.len().max(self.nameless.len()).max(self.named.len()) == MAX_RECORDS {
            return Err(xml.malformed("a file has more than 50,000,000 lines"));
        }
        match line.kind {
            Kind::Statement => self.statements.push((number, hit)),
            Kind::Condition => {
                let [true_count, false_count] = line.counts;
                self.conditions.push(Condition { line: number, true_count, false_count });
                self.statements.push((number, hit));
            }
            Kind::Method if line.name.is_empty() => self.nameless.push((number, hit)),
            Kind::Method => {
                file.functions.push(number, ItemId::Text(&line.name), hit);
                self.named.push((number, hit));
            }
        }
        Ok(())
    }

    /// Adds the statements of methods of one line. `PHPUnit` writes one record for a line, and the method's takes the place
    /// of its statement's (php-code-coverage, `src/Report/Clover.php`), with the same count; it lists only methods that have
    /// statements, so one without any before the next method is such. Nothing is added unless that makes the file's own
    /// numbers true.
    fn add_hidden(&mut self, declared: Share) {
        let ran = |records: &[(u32, bool)]| records.iter().filter(|(_, hit)| *hit).count() as u64;
        let (all, covered) = (self.statements.len() as u64, ran(&self.statements));
        if declared.coverable <= all {
            return;
        }
        self.statements.sort_by_key(|(line, _)| *line);
        self.named.sort_by_key(|(line, _)| *line);
        let lines = self.named.iter().map(|(line, _)| *line);
        let next_lines = lines.skip(1).chain([u32::MAX]);
        let is_hidden = |line: u32, next: u32| {
            let from = self.statements.partition_point(|(statement, _)| *statement < line);
            self.statements.get(from).is_none_or(|(statement, _)| *statement >= next)
        };
        let hidden: Vec<(u32, bool)> = self
            .named
            .iter()
            .zip(next_lines)
            .filter(|(method, next)| is_hidden(method.0, *next))
            .map(|(method, _)| *method)
            .collect();
        if (declared.covered, declared.coverable) == (covered + ran(&hidden), all + hidden.len() as u64) {
            self.statements.extend(hidden);
        }
    }

    /// Turns what was gathered into coverage.
    ///
    /// Istanbul writes one line for a statement with branches, `truecount` being the arms that ran and `falsecount` the
    /// others (istanbul-reports, `lib/clover/index.js`). In the others both say how often a condition came out so.
    fn resolve(&mut self, is_istanbul: bool, file: &mut FileCoverage) {
        for &(line, hit) in &self.statements {
            file.lines.push(line, hit);
        }
        number_each(&mut self.statements, |line, id, hit| file.statements.push(line, id, hit));
        number_each(&mut self.nameless, |line, id, hit| file.functions.push(line, id, hit));
        self.conditions.sort_by_key(|condition| condition.line);
        for of_line in self.conditions.chunk_by(|a, b| a.line == b.line) {
            let (mut covered, mut arms) = (0_u32, 0_u32);
            for condition in of_line {
                let counts = [condition.true_count, condition.false_count];
                let (ran, all) = match is_istanbul {
                    true => (counts[0], counts[0].saturating_add(counts[1])),
                    false => (counts.iter().map(|&count| u32::from(count > 0)).sum(), 2),
                };
                covered = covered.saturating_add(ran);
                arms = arms.saturating_add(all);
            }
            if arms > 0 {
                file.arm_counts.push(LineArms::exact(of_line[0].line, covered, arms));
            }
        }
    }
}

/// Tells records of the same line apart by numbers, since a line may hold several.
fn number_each(records: &mut [(u32, bool)], mut push: impl FnMut(u32, ItemId<'_>, bool)) {
    // Stable, so that the numbers follow the order of the report.
    records.sort_by_key(|(line, _)| *line);
    for of_line in records.chunk_by(|a, b| a.0 == b.0) {
        for (number, &(line, hit)) in (0..).zip(of_line) {
            push(line, ItemId::Number(number), hit);
        }
    }
}

/// `path` where there is one, else `name`: Istanbul and `OpenClover` have the file's bare name there, `PHPUnit` its path.
fn path(xml: &Scanner<'_>, package: &str) -> Result<String, ReadError> {
    let text = |name| xml.attribute(name).map(|value| value.text().into_owned()).filter(|text| !text.is_empty());
    let path = match (text("path"), text("name")) {
        (Some(path), _) => path,
        // A bare name of a language whose packages are folders.
        (None, Some(name)) if !package.is_empty() && !name.contains(['/', '\\']) && is_of_packages(&name) => {
            format!("{}/{name}", package.replace('.', "/"))
        }
        (None, Some(name)) => name,
        (None, None) => return Err(xml.malformed("a file has neither `path` nor `name`")),
    };
    if path.len() > MAX_PATH_BYTES {
        return Err(xml.malformed("the path of a file is longer than 4096 bytes"));
    }
    Ok(path)
}

fn is_of_packages(name: &str) -> bool {
    [".java", ".groovy", ".kt", ".scala"].iter().any(|ending| name.ends_with(ending))
}

/// A `<line>` as it stands there.
struct Line {
    number: Option<u32>,
    kind: Kind,
    hit: Option<bool>,
    /// `truecount` and `falsecount`, at most [`MAX_ARMS`] each.
    counts: [u32; 2],
    name: Vec<u8>,
}

impl Line {
    fn of(xml: &Scanner<'_>) -> Result<Line, ReadError> {
        let mut line = Line { number: None, kind: Kind::Statement, hit: None, counts: [0; 2], name: Vec::new() };
        let mut condition_hit = None;
        for (name, value) in xml.attributes() {
            match name {
                b"num" => {
                    let number = whole(&value.bytes()).filter(|number| *number <= u64::from(MAX_LINE));
                    line.number = number.and_then(|number| u32::try_from(number).ok());
                }
                b"count" => line.hit = Some(hit(xml, &value.bytes())?),
                b"type" => {
                    line.kind = match &*value.bytes() {
                        b"stmt" => Kind::Statement,
                        b"cond" => Kind::Condition,
                        b"method" => Kind::Method,
                        _ => return Err(xml.malformed(format!("`{}` is no type of a line", value.quoted()))),
                    }
                }
                b"truecount" | b"falsecount" => {
                    let text = value.bytes();
                    let hit = hit(xml, &text)?;
                    condition_hit = Some(hit || condition_hit == Some(true));
                    let count = whole(&text).unwrap_or(MAX_ARMS).min(MAX_ARMS);
                    line.counts[usize::from(name == b"falsecount")] = u32::try_from(count).unwrap_or(u32::MAX);
                }
                b"name" | b"signature" => line.name.extend_from_slice(value.text().as_bytes()),
                _ => {}
            }
        }
        // OpenClover writes conditions without a count of their own.
        line.hit = line.hit.or(condition_hit);
        Ok(line)
    }
}

fn hit(xml: &Scanner<'_>, text: &[u8]) -> Result<bool, ReadError> {
    match Count::of(text) {
        Count::Positive => Ok(true),
        Count::Zero => Ok(false),
        Count::Negative | Count::NoNumber => Err(xml.malformed(format!("`{}` is no count of runs", quote(text)))),
    }
}
