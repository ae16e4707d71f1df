//! The attributes of one tag, in one pass: those that are known are decoded, the rest stays as it is.

use std::borrow::Cow;

use super::error::{Class, ReadError};
use super::notice::{NoticeKind, Notices};
use super::tag::{Tag, Value};
use super::time::{self, Seconds, Unit};
use super::visit::{Attributes, Case, Detail, DetailKind, Suite, SuiteKind};

/// Where a tag stands, and where repairs are counted.
pub(super) struct Context<'n> {
    pub(super) notices: &'n mut Notices,
    pub(super) line: u64,
}

impl Context<'_> {
    #[inline]
    fn decode<'a>(&mut self, value: Value<'a>, name: &str) -> Result<Cow<'a, str>, ReadError> {
        value.decode(self.notices, self.line).map_err(|entity| self.undeclared(&entity.0, name))
    }

    #[cold]
    fn undeclared(&self, entity: &str, attribute: &str) -> ReadError {
        ReadError {
            class: Class::Dtd,
            line: self.line,
            column: None,
            what: format!(
                "`{attribute}` refers to the entity `{entity}`, which XML does not know; entities of a DTD are never expanded"
            ),
        }
    }

    /// Sets a field unless the tag has set it before.
    #[inline]
    fn set<T>(&mut self, field: &mut Option<T>, value: T, name: &str) {
        match field {
            Some(_) => self.notices.add(NoticeKind::DuplicateAttribute, self.line, name),
            None => *field = Some(value),
        }
    }

    /// A time in nanoseconds; what cannot be one is counted.
    fn time_ns(&mut self, text: &str, unit: Unit) -> Option<u64> {
        match time::parse(text, unit) {
            Seconds::Ns(ns) => Some(ns),
            Seconds::Negative => {
                self.notices.add(NoticeKind::NegativeTime, self.line, text);
                Some(0)
            }
            Seconds::Absurd => {
                self.notices.add(NoticeKind::AbsurdTime, self.line, text);
                None
            }
            Seconds::Unreadable => {
                self.notices.add(NoticeKind::UnreadableTime, self.line, text);
                None
            }
        }
    }
}

/// The first value of one attribute, decoded.
pub(super) fn one<'a>(tag: Tag<'a>, name: &str, context: &mut Context<'_>) -> Result<Option<Cow<'a, str>>, ReadError> {
    match tag.each().find(|&(found, _)| found == name) {
        Some((_, value)) => context.decode(value, name).map(Some),
        None => Ok(None),
    }
}

/// Reads the tag of a suite.
pub(super) fn suite<'a>(
    tag: Tag<'a>,
    kind: SuiteKind,
    unit: Unit,
    context: &mut Context<'_>,
) -> Result<Suite<'a>, ReadError> {
    let mut suite = Suite {
        kind,
        name: None,
        file: None,
        classname: None,
        package: None,
        hostname: None,
        timestamp: None,
        time_ns: None,
        report_line: context.line,
        attributes: Attributes { text: tag.text, list: tag.attributes },
    };
    let (mut filepath, mut time) = (None, None);
    for (name, value) in tag.each() {
        let field = match name {
            "name" => &mut suite.name,
            "file" => &mut suite.file,
            "filepath" => &mut filepath,
            "classname" => &mut suite.classname,
            "package" => &mut suite.package,
            "hostname" => &mut suite.hostname,
            "timestamp" => &mut suite.timestamp,
            "time" => &mut time,
            _ => continue,
        };
        let value = context.decode(value, name)?;
        context.set(field, value, name);
    }
    suite.file = suite.file.or(filepath);
    suite.time_ns = time.and_then(|text| context.time_ns(&text, unit));
    Ok(suite)
}

/// Reads the tag of a case.
#[inline]
pub(super) fn case<'a>(tag: Tag<'a>, unit: Unit, context: &mut Context<'_>) -> Result<Case<'a>, ReadError> {
    let mut case = Case {
        name: None,
        classname: None,
        class: None,
        file: None,
        line: None,
        time_ns: None,
        status: None,
        report_line: context.line,
        attributes: Attributes { text: tag.text, list: tag.attributes },
    };
    let (mut filepath, mut time, mut duration, mut line, mut lineno) = (None, None, None, None, None);
    for (name, value) in tag.each() {
        let field = match name.as_bytes() {
            b"name" => &mut case.name,
            b"classname" => &mut case.classname,
            b"class" => &mut case.class,
            b"file" => &mut case.file,
            b"filepath" => &mut filepath,
            b"time" => &mut time,
            b"duration" => &mut duration,
            b"line" => &mut line,
            b"lineno" => &mut lineno,
            b"status" => &mut case.status,
            _ => continue,
        };
        let value = context.decode(value, name)?;
        context.set(field, value, name);
    }
    if case.file.is_none() {
        case.file = filepath;
    }
    if line.is_some() || lineno.is_some() {
        case.line = line.or(lineno).and_then(|text| text.trim().parse().ok());
    }
    // Only Bazel and a few others write `duration`, and then as whole seconds beside the exact `time`.
    if let Some(text) = time.as_ref().or(duration.as_ref()) {
        case.time_ns = context.time_ns(text, unit);
    }
    Ok(case)
}

/// Reads the tag of a failure, skip, retry or output.
pub(super) fn detail<'a>(
    tag: Tag<'a>,
    kind: DetailKind,
    unit: Unit,
    context: &mut Context<'_>,
) -> Result<Detail<'a>, ReadError> {
    let mut detail = Detail {
        kind,
        message: None,
        type_name: None,
        file: None,
        line: None,
        time_ns: None,
        report_line: context.line,
        attributes: Attributes { text: tag.text, list: tag.attributes },
    };
    let (mut filepath, mut time, mut line, mut lineno) = (None, None, None, None);
    for (name, value) in tag.each() {
        let field = match name {
            "message" => &mut detail.message,
            "type" => &mut detail.type_name,
            "file" => &mut detail.file,
            "filepath" => &mut filepath,
            "time" => &mut time,
            "line" => &mut line,
            "lineno" => &mut lineno,
            _ => continue,
        };
        let value = context.decode(value, name)?;
        context.set(field, value, name);
    }
    detail.file = detail.file.or(filepath);
    detail.line = line.or(lineno).and_then(|text| text.trim().parse().ok());
    detail.time_ns = time.and_then(|text| context.time_ns(&text, unit));
    Ok(detail)
}
