//! One `<line>`.

use super::super::xml::number::{Count, whole};
use super::super::xml::{Scanner, Value};
use crate::observe::reading::{MAX_LINE, ReadError, Reading};
use crate::plan::coverage::FileCoverage;
use crate::plan::coverage::arm_counts::LineArms;

/// Most branch arms of a line; generated switches reach thousands.
const MAX_ARMS: u64 = 1_000_000;

/// What stands in the place of a line number.
enum Number {
    Line(u32),
    Zero,
    /// Istanbul's `undefined` and the like, of code that its source map puts nowhere.
    Nowhere,
}

/// Attributes of a line as they stand there.
#[derive(Default)]
struct Attributes<'a> {
    number: Option<Value<'a>>,
    hits: Option<Value<'a>>,
    branch: Option<Value<'a>>,
    conditions: Option<Value<'a>>,
}

#[inline]
fn attributes<'a>(xml: &'a Scanner<'_>) -> Attributes<'a> {
    let mut found = Attributes::default();
    for (name, value) in xml.attributes() {
        match name {
            b"number" => found.number = Some(value),
            b"hits" => found.hits = Some(value),
            b"branch" => found.branch = Some(value),
            b"condition-coverage" => found.conditions = Some(value),
            _ => {}
        }
    }
    found
}

/// Notes a line of a class.
pub(super) fn class_line(xml: &Scanner<'_>, into: &mut Reading, file: &mut FileCoverage) -> Result<(), ReadError> {
    let found = attributes(xml);
    let hit = hit(xml, found.hits)?;
    let number = match number(xml, found.number)? {
        Number::Line(number) => number,
        Number::Zero => {
            into.notice("line-zero", Some(xml.line()), || "a line has the number 0; it is ignored".to_owned());
            return Ok(());
        }
        Number::Nowhere => {
            into.notice("line-unnumbered", Some(xml.line()), || {
                let text = found.number.map(|value| value.quoted()).unwrap_or_default();
                format!("a line has the number `{text}`; it is ignored")
            });
            return Ok(());
        }
    };
    file.lines.push(number, hit);
    if found.branch.is_some() || found.conditions.is_some() {
        branches(xml, into, file, number, &found)?;
    }
    Ok(())
}

/// Line number and whether it ran, of a line of a method. `None` for a line that is ignored.
#[inline]
pub(super) fn method_line(xml: &Scanner<'_>) -> Result<Option<(u32, bool)>, ReadError> {
    let found = attributes(xml);
    let hit = hit(xml, found.hits)?;
    Ok(match number(xml, found.number)? {
        Number::Line(number) => Some((number, hit)),
        Number::Zero | Number::Nowhere => None,
    })
}

#[inline]
fn number(xml: &Scanner<'_>, value: Option<Value<'_>>) -> Result<Number, ReadError> {
    let Some(value) = value else { return Err(xml.malformed("a line has no number")) };
    let text = value.bytes();
    match whole(&text) {
        Some(0) => Ok(Number::Zero),
        Some(line) if line <= u64::from(MAX_LINE) => Ok(Number::Line(u32::try_from(line).unwrap_or(MAX_LINE))),
        _ if matches!(&*text, b"undefined" | b"null" | b"NaN" | b"") => Ok(Number::Nowhere),
        _ => Err(xml.malformed(format!("`{}` is no line number up to 100,000,000", value.quoted()))),
    }
}

#[inline]
fn hit(xml: &Scanner<'_>, value: Option<Value<'_>>) -> Result<bool, ReadError> {
    let Some(value) = value else { return Err(xml.malformed("a line has no `hits`")) };
    match Count::of(&value.bytes()) {
        Count::Positive => Ok(true),
        Count::Zero => Ok(false),
        Count::Negative => Err(xml.malformed(format!("a line ran `{}` times, less than never", value.quoted()))),
        Count::NoNumber => Err(xml.malformed(format!("`{}` is no count of hits", value.quoted()))),
    }
}

/// Takes the arms from `condition-coverage="50% (1/2)"`; the share before the parenthesis is rounded.
fn branches(
    xml: &Scanner<'_>,
    into: &mut Reading,
    file: &mut FileCoverage,
    number: u32,
    found: &Attributes<'_>,
) -> Result<(), ReadError> {
    let Some(conditions) = found.conditions else {
        if found.branch.is_some_and(|branch| branch.bytes().eq_ignore_ascii_case(b"true")) {
            into.notice("branch-without-arms", Some(xml.line()), || {
                "a line is a branch, but does not say of how many arms; as a branch it does not count".to_owned()
            });
        }
        return Ok(());
    };
    let text = conditions.bytes();
    match arms(&text) {
        Some((covered, all)) if all <= MAX_ARMS => {
            let odd = match covered {
                Covered::Negative => Some("less than none"),
                Covered::Of(covered) if covered > all => Some("more than all"),
                Covered::Of(_) => None,
            };
            if let Some(odd) = odd {
                into.notice("branches-impossible", Some(xml.line()), || {
                    format!(
                        "`{}`: {odd} of the branches ran; it is read as the nearest that can be",
                        conditions.quoted()
                    )
                });
            }
            let short = |count: u64| u32::try_from(count).unwrap_or(u32::MAX);
            let covered = if let Covered::Of(covered) = covered { covered.min(all) } else { 0 };
            if all > 0 {
                file.arm_counts.push(LineArms::exact(number, short(covered), short(all)));
            }
            Ok(())
        }
        Some(_) => Err(xml.malformed(format!("`{}` is more than 1,000,000 branches on one line", conditions.quoted()))),
        None if text.contains(&b'(') => {
            Err(xml.malformed(format!("`{}` is no share of branches, such as `50% (1/2)`", conditions.quoted())))
        }
        None => {
            into.notice("branch-without-arms", Some(xml.line()), || {
                format!(
                    "`{}` does not say of how many branch arms; as a branch the line does not count",
                    conditions.quoted()
                )
            });
            Ok(())
        }
    }
}

/// A count of arms that ran.
#[derive(Debug, PartialEq, Eq)]
enum Covered {
    Negative,
    Of(u64),
}

/// The numbers of `… (1/2)`.
fn arms(text: &[u8]) -> Option<(Covered, u64)> {
    let open = memchr::memchr(b'(', text)?;
    let inner = text[open + 1..].strip_suffix(b")")?;
    let slash = memchr::memchr(b'/', inner)?;
    let (covered, all) = (inner[..slash].trim_ascii(), inner[slash + 1..].trim_ascii());
    let covered = match covered.strip_prefix(b"-") {
        Some(covered) => whole(covered).map(|_| Covered::Negative)?,
        None => Covered::Of(whole(covered)?),
    };
    Some((covered, whole(all)?))
}
