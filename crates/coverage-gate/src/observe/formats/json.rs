//! What the readers of JSON reports share: a report is read as a stream, one file's data at a time, with bounds on what a
//! hostile one can make us hold. JSON is RFC 8259's.

mod guard;
mod instant;
mod names;
mod numbers;
#[cfg(test)]
pub mod testing;

pub use instant::{Instant, SECONDS_WEST_S};
pub use names::{MAX_NAME_BYTES, Name, is_absolute, name_id, path_of};
pub use numbers::{Flag, Hits, LineNumber, StatedTotal};

use crate::observe::reading::{Fault, ReadError};
use guard::Guard;
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::error::Category;
use std::fmt;
use std::io::{BufReader, Read};
use std::marker::PhantomData;

/// Bytes that are read at once.
const BUFFER_BYTES: usize = 1 << 16;
/// Bytes of a message that came with outside text in it.
const MAX_MESSAGE_BYTES: usize = 300;
/// Lines, arms, functions and statements of one file together. The largest generated sources have a few million lines; what
/// is held of one file before it is compact takes some hundred bytes for each.
pub const MAX_ENTRIES: u32 = 10_000_000;

/// Why a reader stops, on its way out through serde, which only carries text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal(Fault);

impl Refusal {
    /// It breaks its format's rules.
    pub fn malformed(what: impl Into<String>) -> Self {
        Refusal(Fault::Malformed(what.into()))
    }

    /// It is no report of this format; what it is, and what to give instead.
    pub fn not_a_report(what: impl Into<String>) -> Self {
        Refusal(Fault::NotAReport(what.into()))
    }

    /// It is more than is read.
    pub fn too_large(what: impl Into<String>) -> Self {
        Refusal(Fault::TooLarge(what.into()))
    }
}

impl From<ReadError> for Refusal {
    fn from(error: ReadError) -> Self {
        Refusal(error.fault)
    }
}

impl From<Refusal> for ReadError {
    fn from(refusal: Refusal) -> Self {
        ReadError::new(None, refusal.0)
    }
}

/// What says through serde that the text is a refusal of this kind. No message of serde's begins with a control character.
const NOT_A_REPORT: char = '\u{1}';
const TOO_LARGE: char = '\u{2}';

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Fault::NotAReport(what) => write!(f, "{NOT_A_REPORT}{what}"),
            Fault::TooLarge(what) => write!(f, "{TOO_LARGE}{what}"),
            Fault::Truncated(what) | Fault::Malformed(what) | Fault::Io(what) => f.write_str(what),
            Fault::Empty => f.write_str("it is empty"),
        }
    }
}

/// What a reader's own step says.
pub type Step = Result<(), Refusal>;

/// Counts what one file holds.
#[derive(Debug, Clone, Copy, Default)]
pub struct Budget(u32);

impl Budget {
    /// One more. Errors: more than [`MAX_ENTRIES`].
    #[inline]
    pub fn take(&mut self) -> Step {
        self.take_many(1)
    }

    /// So many more. Errors: more than [`MAX_ENTRIES`].
    pub fn take_many(&mut self, count: u32) -> Step {
        self.0 = self.0.saturating_add(count);
        if self.0 > MAX_ENTRIES {
            return Err(Refusal::too_large(format!("one file of it has more than {MAX_ENTRIES} lines and branches")));
        }
        Ok(())
    }
}

/// An object whose fields are read as they come, in any order.
pub trait Fields {
    /// What the object is, for messages: `a file of coverage.py's`.
    const WHAT: &'static str;

    /// Reads the value of one field; an unknown one is left to [`skip`].
    fn field<'de, A: MapAccess<'de>>(&mut self, key: &[u8], map: &mut A) -> Result<(), A::Error>;
}

/// Reads an object into its [`Fields`].
pub struct Object<'f, F>(pub &'f mut F);

impl<'de, F: Fields> DeserializeSeed<'de> for Object<'_, F> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de, F: Fields> Visitor<'de> for Object<'_, F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(F::WHAT)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut key = Vec::new();
        while map.next_key_seed(names::Bytes(&mut key))?.is_some() {
            self.0.field(&key, &mut map)?;
        }
        Ok(())
    }
}

/// Reads an array of objects, each into its own [`Fields`], which `make` starts and `take` gets when it ends.
pub struct Objects<S, M, T> {
    /// What both closures work on.
    pub state: S,
    /// Starts an object.
    pub make: M,
    /// Gets it.
    pub take: T,
}

impl<'de, S, F, M, T> DeserializeSeed<'de> for Objects<S, M, T>
where
    F: Fields,
    M: FnMut(&mut S) -> F,
    T: FnMut(&mut S, F) -> Step,
{
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de, S, F, M, T> Visitor<'de> for Objects<S, M, T>
where
    F: Fields,
    M: FnMut(&mut S) -> F,
    T: FnMut(&mut S, F) -> Step,
{
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an array, each element {}", F::WHAT)
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut seq: A) -> Result<(), A::Error> {
        loop {
            let mut object = (self.make)(&mut self.state);
            if seq.next_element_seed(Object(&mut object))?.is_none() {
                return Ok(());
            }
            (self.take)(&mut self.state, object).map_err(A::Error::custom)?;
        }
    }
}

/// Reads an array, giving each element to a closure.
pub struct Each<T, F> {
    what: &'static str,
    each: F,
    element: PhantomData<fn() -> T>,
}

/// Reads an array of `T`; `what` says what it is, for messages.
pub fn each<T, F: FnMut(T) -> Step>(what: &'static str, each: F) -> Each<T, F> {
    Each { what, each, element: PhantomData }
}

impl<'de, T: serde::Deserialize<'de>, F: FnMut(T) -> Step> DeserializeSeed<'de> for Each<T, F> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de, T: serde::Deserialize<'de>, F: FnMut(T) -> Step> Visitor<'de> for Each<T, F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.what)
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut seq: A) -> Result<(), A::Error> {
        while let Some(element) = seq.next_element()? {
            (self.each)(element).map_err(A::Error::custom)?;
        }
        Ok(())
    }
}

/// Reads an object as a map, giving each key and value to a closure.
pub struct EachPair<T, F> {
    what: &'static str,
    each: F,
    value: PhantomData<fn() -> T>,
}

/// Reads an object whose keys are names and whose values are `T`; `what` says what it is, for messages.
pub fn each_pair<T, F: FnMut(&[u8], T) -> Step>(what: &'static str, each: F) -> EachPair<T, F> {
    EachPair { what, each, value: PhantomData }
}

impl<'de, T: serde::Deserialize<'de>, F: FnMut(&[u8], T) -> Step> DeserializeSeed<'de> for EachPair<T, F> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de, T: serde::Deserialize<'de>, F: FnMut(&[u8], T) -> Step> Visitor<'de> for EachPair<T, F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.what)
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        let mut key = Vec::new();
        while map.next_key_seed(names::Bytes(&mut key))?.is_some() {
            let value = map.next_value()?;
            (self.each)(&key, value).map_err(A::Error::custom)?;
        }
        Ok(())
    }
}

/// Passes over a value.
pub fn skip<'de, A: MapAccess<'de>>(map: &mut A) -> Result<(), A::Error> {
    map.next_value::<IgnoredAny>().map(|_| ())
}

/// Reads one JSON document, an object, into `root`. What follows it is an error.
pub fn read_object<F: Fields>(input: &mut dyn Read, root: &mut F) -> Result<(), ReadError> {
    let mut guard = Guard::new(input);
    let mut deserializer = serde_json::Deserializer::from_reader(BufReader::with_capacity(BUFFER_BYTES, &mut guard));
    let read = Object(root).deserialize(&mut deserializer).and_then(|()| deserializer.end());
    drop(deserializer);
    read.map_err(|error| read_error(error, &guard))
}

/// Reads JSON documents one after the other, each an object into what `make` makes; `take` gets it when it ends.
/// There is at least one.
pub fn read_objects<F: Fields>(
    input: &mut dyn Read,
    mut make: impl FnMut() -> F,
    mut take: impl FnMut(F) -> Result<(), ReadError>,
) -> Result<(), ReadError> {
    let mut guard = Guard::new(input);
    let mut deserializer = serde_json::Deserializer::from_reader(BufReader::with_capacity(BUFFER_BYTES, &mut guard));
    loop {
        let mut root = make();
        let read = Object(&mut root).deserialize(&mut deserializer);
        if let Err(error) = read {
            drop(deserializer);
            return Err(read_error(error, &guard));
        }
        take(root)?;
        // At the end of the input there is nothing but white space, else another document.
        match deserializer.end() {
            Ok(()) => return Ok(()),
            Err(error) if error.classify() == Category::Syntax => {}
            Err(error) => {
                drop(deserializer);
                return Err(read_error(error, &guard));
            }
        }
    }
}

/// What serde's error means to those who gave the report.
fn read_error(error: serde_json::Error, guard: &Guard<'_>) -> ReadError {
    let line = u64::try_from(error.line()).ok().filter(|line| *line > 0);
    let category = error.classify();
    if category == Category::Io {
        if let Some(fault) = guard.fault() {
            return fault.clone();
        }
        return ReadError::from(std::io::Error::from(error));
    }
    if category == Category::Eof && guard.is_blank() {
        return ReadError::new(None, Fault::Empty);
    }
    let text = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    let what = text.strip_suffix(&place).unwrap_or(&text);
    let fault = match what.strip_prefix(NOT_A_REPORT) {
        Some(what) => Fault::NotAReport(cut(what)),
        None => match what.strip_prefix(TOO_LARGE) {
            Some(what) => Fault::TooLarge(cut(what)),
            None if category == Category::Eof || category == Category::Syntax && guard.is_cut_off() => {
                Fault::Truncated(format!("its JSON ends too early ({})", what.replacen("EOF while ", "while ", 1)))
            }
            None if category == Category::Syntax => Fault::Malformed(format!("it is no valid JSON: {}", cut(what))),
            None => Fault::Malformed(cut(what)),
        },
    };
    ReadError::new(line, fault)
}

/// At most [`MAX_MESSAGE_BYTES`] of a message, and no control characters.
fn cut(what: &str) -> String {
    let end = what.floor_char_boundary(MAX_MESSAGE_BYTES);
    let mut kept = what[..end].replace(char::is_control, " ");
    if end < what.len() {
        kept.push('…');
    }
    kept
}

#[cfg(test)]
mod tests;
