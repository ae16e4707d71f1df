//! `<Method>`: its points.

use super::super::xml::Scanner;
use super::super::xml::number::{Count, whole};
use crate::observe::reading::{MAX_LINE, ReadError};
use crate::plan::coverage::FileCoverage;
use crate::plan::coverage::items::ItemId;

/// The line of what the compiler added and no source stands for.
const HIDDEN_LINE: u64 = 0xFE_EFEE;
/// Most points of one method; the largest generated ones have some hundred thousand.
const MAX_POINTS: usize = 4_000_000;

/// One method as read.
#[derive(Debug, Default)]
pub(super) struct Method {
    pub(super) name: String,
    /// Class and name.
    identity: String,
    /// The file that it begins in.
    pub(super) file: Option<u64>,
    pub(super) points: Vec<Point>,
    /// Line and visit of the method itself, for one without sequence points.
    whole: Option<(u32, bool)>,
}

/// A sequence point, or the arm of a branch.
#[derive(Debug, Clone)]
pub(super) struct Point {
    pub(super) file: Option<u64>,
    pub(super) line: u32,
    hit: bool,
    /// Of a sequence point first column, last line and column; of an arm offset and number.
    place: [u64; 3],
    is_arm: bool,
}

impl Method {
    /// Reads the method that has just begun.
    pub(super) fn read(xml: &mut Scanner<'_>, class: &str) -> Result<Method, ReadError> {
        let mut method = Method::default();
        let outer = xml.depth();
        while xml.depth() >= outer {
            if !xml.child()? {
                continue;
            }
            match xml.name() {
                b"Name" if xml.depth() == outer + 1 => {
                    let name = xml.element_text()?;
                    method.identity = if name.contains("::") { name.clone() } else { format!("{class}::{name}") };
                    method.name = name;
                }
                b"FileRef" => method.file = xml.attribute("uid").and_then(|value| whole(&value.bytes())),
                b"SequencePoint" => method.point(xml, false)?,
                b"BranchPoint" => method.point(xml, true)?,
                b"MethodPoint" => {
                    let (line, point) = Point::as_written(xml, false)?;
                    let line = line.filter(|line| *line <= u64::from(MAX_LINE) && *line != HIDDEN_LINE);
                    method.whole = Some((line.and_then(|line| u32::try_from(line).ok()).unwrap_or(0), point.hit));
                }
                _ => {}
            }
        }
        Ok(method)
    }

    fn point(&mut self, xml: &Scanner<'_>, is_arm: bool) -> Result<(), ReadError> {
        if self.points.len() == MAX_POINTS {
            return Err(xml.malformed("a method has more than 4,000,000 points"));
        }
        self.points.extend(Point::of(xml, is_arm)?);
        Ok(())
    }

    /// Adds a point to the file that it is in.
    pub(super) fn push(&self, point: &Point, file: &mut FileCoverage) {
        let [a, b, c] = point.place;
        if point.is_arm {
            let identity = format!("{}\0{a}:{b}", self.identity);
            file.arms.push(point.line, ItemId::Text(identity.as_bytes()), point.hit);
        } else {
            file.lines.push(point.line, point.hit);
            let identity = format!("{a}-{b}:{c}");
            file.statements.push(point.line, ItemId::Text(identity.as_bytes()), point.hit);
        }
    }

    /// File, line and whether it ran, of the method as a function; `None` when it has no code.
    pub(super) fn function(&self) -> Option<(Option<u64>, u32, bool)> {
        let mut statements = self.points.iter().filter(|point| !point.is_arm && point.line > 0).peekable();
        match statements.peek() {
            Some(first) => {
                let (file, line) = (first.file.or(self.file), first.line);
                Some((file, line, statements.any(|point| point.hit)))
            }
            None => self.whole.map(|(line, hit)| (self.file, line, hit)),
        }
    }

    /// Adds the method as a function to the file that it is in.
    pub(super) fn push_function(&self, line: u32, hit: bool, file: &mut FileCoverage) {
        file.functions.push(line, ItemId::Text(self.identity.as_bytes()), hit);
    }
}

impl Point {
    /// The point that has just begun; `None` for one that stands for no source.
    fn of(xml: &Scanner<'_>, is_arm: bool) -> Result<Option<Point>, ReadError> {
        let (line, mut point) = Point::as_written(xml, is_arm)?;
        match line {
            Some(HIDDEN_LINE) => Ok(None),
            Some(line) if line <= u64::from(MAX_LINE) => {
                point.line = u32::try_from(line).unwrap_or(MAX_LINE);
                Ok(Some(point))
            }
            Some(line) => Err(xml.malformed(format!("{line} is no line number up to 100,000,000"))),
            // OpenCover before 4.5.3 wrote arms without a line: ignored like those on line 0.
            None if is_arm => Ok(Some(point)),
            None => Err(xml.malformed("a point has no line `sl`")),
        }
    }

    /// The line of the point that has just begun, and the rest of it.
    fn as_written(xml: &Scanner<'_>, is_arm: bool) -> Result<(Option<u64>, Point), ReadError> {
        let mut point = Point { file: None, line: 0, hit: false, place: [0; 3], is_arm };
        let (mut line, mut visits) = (None, None);
        for (name, value) in xml.attributes() {
            let number = || {
                let no_number = || xml.malformed(format!("`{}` is no number of a point", value.quoted()));
                whole(&value.bytes()).ok_or_else(no_number)
            };
            match name {
                b"vc" => {
                    visits = Some(match Count::of(&value.bytes()) {
                        Count::Zero => false,
                        Count::Positive => true,
                        Count::Negative | Count::NoNumber => {
                            return Err(xml.malformed(format!("`{}` is no count of visits", value.quoted())));
                        }
                    });
                }
                b"sl" => line = Some(number()?),
                // 0 is what is written for none.
                b"fileid" => point.file = Some(number()?).filter(|number| *number > 0),
                b"sc" | b"offset" if (name == b"offset") == is_arm => point.place[0] = number()?,
                b"el" | b"path" if (name == b"path") == is_arm => point.place[1] = number()?,
                b"ec" if !is_arm => point.place[2] = number()?,
                _ => {}
            }
        }
        let Some(hit) = visits else { return Err(xml.malformed("a point has no count of visits `vc`")) };
        point.hit = hit;
        Ok((line, point))
    }
}
