//! Text with `${name}` in it. PURE.

#![warn(clippy::disallowed_methods)]

use std::collections::BTreeMap;

/// Longest name of a variable in bytes.
pub const MAX_NAME_BYTES: usize = 64;
/// Most digits that `${repeat:N}` and `${round:N}` pad to.
pub const MAX_PAD: usize = 9;

/// Text with places to fill in.
///
/// `${name}` stands for a constant, a captured value, or one of the built-in values: `${repeat}`, the number of the
/// step's repetition from 1 (`${repeat:4}` has at least four digits: `0001`), `${round}`, the number of the scenario's
/// round likewise, and `${run}`, which differs in every attempt of every run. `$` before anything but `{` is itself;
/// `$${` is a literal `${`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    Variable(String),
    Counter { counter: Counter, pad: usize },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Counter {
    Repeat,
    Round,
}

/// The values to fill in.
#[derive(Debug, Clone, Default)]
pub struct Values {
    /// Constants, captures and `run`, by name.
    pub named: BTreeMap<String, String>,
    /// Number of the step's repetition from 1.
    pub repeat: u32,
    /// Number of the scenario's round from 1.
    pub round: u32,
}

impl Template {
    /// Reads a template.
    ///
    /// # Errors
    /// One line that says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut literal = String::new();
        let mut rest = text;
        while let Some(at) = rest.find("${") {
            let (before, after) = (rest.get(..at).unwrap_or(""), rest.get(at + 2..).unwrap_or(""));
            if let Some(escaped) = before.strip_suffix('$') {
                literal.push_str(escaped);
                literal.push_str("${");
                rest = after;
                continue;
            }
            literal.push_str(before);
            let (name, after) = after.split_once('}').ok_or_else(|| format!("`${{` without `}}` in {text:?}"))?;
            if !literal.is_empty() {
                parts.push(Part::Text(std::mem::take(&mut literal)));
            }
            parts.push(variable(name)?);
            rest = after;
        }
        literal.push_str(rest);
        if !literal.is_empty() {
            parts.push(Part::Text(literal));
        }
        Ok(Self { parts })
    }

    /// The names that it needs, those of built-in values left out.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            Part::Variable(name) if name != "run" => Some(name.as_str()),
            _ => None,
        })
    }

    /// The text before the first variable.
    pub fn literal_prefix(&self) -> &str {
        match self.parts.first() {
            Some(Part::Text(text)) => text,
            _ => "",
        }
    }

    /// The text with the values filled in.
    ///
    /// # Errors
    /// The name of a value that is missing. [`super::parse::parse`] has made sure that there is none.
    pub fn fill(&self, values: &Values) -> Result<String, String> {
        let mut text = String::new();
        for part in &self.parts {
            match part {
                Part::Text(literal) => text.push_str(literal),
                Part::Counter { counter, pad } => {
                    let number = match counter {
                        Counter::Repeat => values.repeat,
                        Counter::Round => values.round,
                    };
                    text.push_str(&format!("{number:0pad$}"));
                }
                Part::Variable(name) => {
                    text.push_str(values.named.get(name).ok_or_else(|| format!("`${{{name}}}` has no value"))?);
                }
            }
        }
        Ok(text)
    }
}

fn variable(name: &str) -> Result<Part, String> {
    let (counter, pad) = match name.split_once(':') {
        Some((counter, pad)) => (counter, Some(pad)),
        None => (name, None),
    };
    let counter = match counter {
        "repeat" => Counter::Repeat,
        "round" => Counter::Round,
        _ => return check_name(name).map(|()| Part::Variable(name.to_owned())),
    };
    let pad = pad.map_or(Some(0), |pad| pad.parse().ok().filter(|pad| *pad <= MAX_PAD));
    pad.map(|pad| Part::Counter { counter, pad })
        .ok_or_else(|| format!("`${{{name}}}`: the number of digits is 0 to {MAX_PAD}"))
}

/// Whether `name` can name a constant or capture: 1 to [`MAX_NAME_BYTES`] of `a-z 0-9 _`, a letter first.
///
/// # Errors
/// One line that says what a name is.
pub fn check_name(name: &str) -> Result<(), String> {
    let is_name = name.len() <= MAX_NAME_BYTES
        && name.starts_with(|letter: char| letter.is_ascii_lowercase())
        && name.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_'));
    if is_name {
        Ok(())
    } else {
        Err(format!("{name:?} is not a name: use a-z, 0-9 and _, a letter first, at most {MAX_NAME_BYTES}"))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn fill(text: &str) -> Result<String, String> {
        let named = BTreeMap::from([("id".to_owned(), "42".to_owned()), ("run".to_owned(), "r-1".to_owned())]);
        Template::parse(text)?.fill(&Values { named, repeat: 7, round: 3 })
    }

    #[test]
    fn variables_are_filled_in() {
        assert_eq!(fill("/orders/${id}/x").as_deref(), Ok("/orders/42/x"));
        assert_eq!(fill("${repeat}-${repeat:4}-${round:2}-${run}").as_deref(), Ok("7-0007-03-r-1"));
        assert_eq!(fill("5 $ and $${id} and ${id}").as_deref(), Ok("5 $ and ${id} and 42"));
        assert_eq!(fill("").as_deref(), Ok(""));
    }

    #[test]
    fn mistakes_are_named() {
        assert!(fill("${id").unwrap_err().contains("without"));
        assert!(fill("${}").unwrap_err().contains("not a name"));
        assert!(fill("${repeat:99}").unwrap_err().contains("digits"));
        assert!(fill("${other}").unwrap_err().contains("no value"));
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused_without_panic(text in ".{0,40}") {
            let _ = fill(&text);
        }

        #[test]
        fn text_without_dollar_is_itself(text in "[^$]{0,40}") {
            prop_assert_eq!(fill(&text), Ok(text));
        }
    }
}
