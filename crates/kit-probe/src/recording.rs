//! A run as a file: a header, then one event a line, all JSON. PURE.
#![warn(clippy::disallowed_methods)]

#[cfg(test)]
mod tests;

use crate::event::Event;
use crate::target::{MAX_INSTANCES, Target};
use crate::verdict::{Quorum, Rules};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeSet;

/// Version of the lines' shape.
pub const VERSION: u32 = 1;

/// The first line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// [`VERSION`].
    pub recording: u32,
    /// Who wrote it, `healthcheck 0.1.0`.
    pub tool: String,
    /// When the run began, seconds since 1970. For people; no verdict depends on it.
    pub started_s: i64,
    /// The rules.
    pub rules: Rules,
    /// The targets.
    pub targets: Vec<Target>,
    /// The version that was asked for, when one was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected_version: Option<String>,
    /// What a person should know before the first sample: a proxy that applies, instances that were left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// One line that can't be read.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("line {line}: {why}")]
pub struct RecordingError {
    /// 1-based.
    pub line: u64,
    /// One sentence.
    pub why: String,
}

/// Most bytes of a line: a list of [`MAX_INSTANCES`] members takes about one and a half million.
pub const MAX_LINE_BYTES: usize = 4 << 20;

/// The header's line with its line feed.
pub fn header_line(header: &Header) -> String {
    line_of(header)
}

/// An event's line with its line feed.
pub fn event_line(event: &Event) -> String {
    line_of(event)
}

/// Writing plain data into memory has no way to fail; an empty line would be read as no line.
fn line_of(value: &impl Serialize) -> String {
    let mut line = serde_json::to_string(value).unwrap_or_default();
    line.push('\n');
    line
}

/// Reads the header's line. Errors: no JSON, another version, unknown fields, rules out of range.
pub fn read_header(line: &str) -> Result<Header, RecordingError> {
    let refused = |why: String| RecordingError { line: 1, why };
    let value = value_of(1, line)?;
    match value.get("recording") {
        Some(version) if *version == VERSION => {}
        Some(version) if version.is_u64() => {
            return Err(refused(format!(
                "recording version {version}; this program reads version {VERSION}: use the one that wrote it"
            )));
        }
        _ => return Err(refused("no recording: its first line has no \"recording\" with a version".to_owned())),
    }
    let header: Header = typed(1, line)?;
    nothing_lost(&value, &header).map_err(refused)?;
    in_range(&header).map_err(refused)?;
    Ok(header)
}

/// Reads an event's line; `line` is its number. Errors: no JSON, unknown fields, a target that the header does not have, no
/// or too many members or one of them twice, a sample without a step.
pub fn read_event(header: &Header, line: u64, text: &str) -> Result<Event, RecordingError> {
    let refused = |why: String| RecordingError { line, why };
    let value = value_of(line, text)?;
    let event: Event = typed(line, text)?;
    nothing_lost(&value, &event).map_err(refused)?;
    let target = match &event {
        Event::Members { target, members, .. } => {
            if members.is_empty() || members.len() > MAX_INSTANCES {
                return Err(refused(format!("{} members; there are 1 to {MAX_INSTANCES}", members.len())));
            }
            let mut seen = BTreeSet::new();
            if let Some(twice) = members.iter().find(|member| !seen.insert((&member.id, member.address))) {
                return Err(refused(format!("the member {:?} is there twice", twice.id)));
            }
            Some(*target)
        }
        Event::Sample(sample) if sample.steps.is_empty() => {
            return Err(refused("a sample without a step proves nothing".to_owned()));
        }
        Event::Sample(sample) => Some(sample.target),
        Event::NotResolved { target, .. } => Some(*target),
        Event::End { .. } => None,
    };
    match target.filter(|target| *target >= header.targets.len()) {
        Some(target) => {
            Err(refused(format!("target {target}, but there are {} (counted from 0)", header.targets.len())))
        }
        None => Ok(event),
    }
}

/// Reads a whole recording and hands each event on. Errors: those of [`Reader`].
pub fn read(bytes: &[u8], mut each: impl FnMut(&Header, Event)) -> Result<Header, RecordingError> {
    let mut reader = Reader::default();
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        if let Some((header, event)) = reader.line(line)? {
            each(header, event);
        }
    }
    reader.end()
}

/// Reads a recording line by line, so that one of any length takes no more memory than its longest line.
#[derive(Debug, Default)]
pub struct Reader {
    header: Option<Header>,
    line: u64,
    ended: bool,
}

impl Reader {
    /// Takes the next line with its line feed, of which the last alone may have none, and gives its event. Such a last line
    /// that can't be read is where the file was cut off and is left out: without an end the verdict is
    /// [`crate::verdict::Health::Cut`]. Errors: those of [`read_header`] and [`read_event`], a line over [`MAX_LINE_BYTES`],
    /// no UTF-8, an event after the end.
    pub fn line(&mut self, bytes: &[u8]) -> Result<Option<(&Header, Event)>, RecordingError> {
        self.line += 1;
        let line = self.line;
        let refused = |why: &str| RecordingError { line, why: why.to_owned() };
        let whole = bytes.ends_with(b"\n");
        if bytes.len() > MAX_LINE_BYTES {
            return Err(refused("longer than 4 MiB; no recording has such a line"));
        }
        let text = match std::str::from_utf8(bytes) {
            Ok(text) => text.trim_ascii(),
            Err(_) if !whole && self.header.is_some() => return Ok(None),
            Err(_) => return Err(refused("not UTF-8; recordings are")),
        };
        if self.header.is_none() {
            self.header = Some(read_header(text)?);
            return Ok(None);
        }
        let Some(header) = &self.header else { return Ok(None) };
        if text.is_empty() {
            return Ok(None);
        }
        if self.ended {
            return Err(refused("there is an event after the end; are these two recordings in one file?"));
        }
        match read_event(header, line, text) {
            Ok(event) => {
                self.ended = matches!(event, Event::End { .. });
                Ok(Some((header, event)))
            }
            // Half a line is no JSON; whole JSON that is wrong is an error with or without its line feed.
            Err(_) if !whole && serde_json::from_str::<Value>(text).is_err() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The header, once all lines were taken. Errors: there was none.
    pub fn end(self) -> Result<Header, RecordingError> {
        self.header
            .ok_or(RecordingError { line: 1, why: "empty: not even the header of a recording is there".to_owned() })
    }
}

fn value_of(line: u64, text: &str) -> Result<Value, RecordingError> {
    if text.len() > MAX_LINE_BYTES {
        return Err(RecordingError { line, why: "longer than 4 MiB; no recording has such a line".to_owned() });
    }
    typed(line, text)
}

fn typed<'a, T: Deserialize<'a>>(line: u64, text: &'a str) -> Result<T, RecordingError> {
    serde_json::from_str(text).map_err(|error| {
        let whole = error.to_string();
        let why = whole.split(" at line ").next().unwrap_or_default();
        let why = if error.column() == 0 { why.to_owned() } else { format!("{why} (column {})", error.column()) };
        RecordingError { line, why: why.chars().take(300).collect() }
    })
}

/// Whether reading has left nothing out. A field that is misspelled, `mises`, would turn a failure into a pass.
fn nothing_lost(given: &Value, read: &impl Serialize) -> Result<(), String> {
    let read = serde_json::to_value(read).map_err(|error| error.to_string())?;
    lost(given, &read).map_or(Ok(()), |name| Err(format!("the field {name:?} is unknown")))
}

fn lost<'a>(given: &'a Value, read: &Value) -> Option<&'a str> {
    match (given, read) {
        (Value::Object(given), Value::Object(read)) => given.iter().find_map(|(name, value)| match read.get(name) {
            Some(read) => lost(value, read),
            None if value.is_null() || value.as_array().is_some_and(Vec::is_empty) => None,
            None => Some(name.as_str()),
        }),
        (Value::Array(given), Value::Array(read)) => given.iter().zip(read).find_map(|(given, read)| lost(given, read)),
        _ => None,
    }
}

fn in_range(header: &Header) -> Result<(), String> {
    let rules = &header.rules;
    let quorum = match rules.quorum {
        Some(Quorum::Count(count)) => count >= 1,
        Some(Quorum::Percent(percent)) => (1..=100).contains(&percent),
        None => true,
    };
    let checks = [
        (!header.targets.is_empty(), "it has no target"),
        (header.targets.len() == rules.targets.len(), "its rules are for another number of targets"),
        (rules.passes >= 1, "its rules ask for 0 passes; 1 is the fewest"),
        (rules.deadline_us >= 1, "its deadline is 0"),
        (quorum, "its quorum is out of range: a count from 1, or 1 to 100 percent"),
        (
            rules.percentile.is_none_or(|bound| (1..=1000).contains(&bound.per_mille)),
            "its percentile is out of range: 1 to 1000 thousandths",
        ),
    ];
    checks.iter().find(|(right, _)| !right).map_or(Ok(()), |(_, why)| Err((*why).to_owned()))
}
