//! Values of JSON fields that keep their place in the text and bear any type.

use crate::plan::statement::Value;
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::borrow::Cow;
use std::fmt;

/// A string, borrowed from the text unless it has escapes. Anything else is an error.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Word<'t>(pub(crate) Cow<'t, str>);

impl<'t> Word<'t> {
    /// The slice of the text, when it is one.
    pub(crate) fn place(&self) -> Option<&'t str> {
        match self.0 {
            Cow::Borrowed(text) => Some(text),
            Cow::Owned(_) => None,
        }
    }
}

impl<'de: 't, 't> Deserialize<'de> for Word<'t> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Words;
        impl<'de> Visitor<'de> for Words {
            type Value = Word<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }
            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Word(Cow::Borrowed(text)))
            }
            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Word(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_str(Words)
    }
}

/// A string, or anything else as `None`: for files that people write.
#[derive(Debug, Clone, Default)]
pub(crate) struct Loose<'t>(pub(crate) Option<Word<'t>>);

impl<'de: 't, 't> Deserialize<'de> for Loose<'t> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let stated = Stated::deserialize(deserializer)?;
        Ok(Loose(match stated.value {
            Some(Value::One(text)) if stated.plain => Some(Word(stated.place.map_or(Cow::Owned(text), Cow::Borrowed))),
            _ => None,
        }))
    }
}

/// What a `license` or `licenses` field says, in all shapes that npm ever had: a string, `{type, url}`, an array of both.
/// <https://docs.npmjs.com/cli/v11/configuring-npm/package-json#license>
#[derive(Debug, Clone, Default)]
pub(crate) struct Stated<'t> {
    /// `None`: nothing that could be a licence (`null`, `false`, `""`, an object without a known key).
    pub(crate) value: Option<Value>,
    /// A slice of the text within the value, for its line.
    pub(crate) place: Option<&'t str>,
    plain: bool,
}

impl<'t> Stated<'t> {
    fn word(word: &Word<'t>, plain: bool) -> Self {
        let blank = word.0.trim().is_empty();
        Stated { value: (!blank).then(|| Value::One(word.0.to_string())), place: word.place(), plain }
    }
}

impl<'de: 't, 't> Deserialize<'de> for Stated<'t> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Statements)
    }
}

struct Statements;

impl<'de> Visitor<'de> for Statements {
    type Value = Stated<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a licence")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Stated::word(&Word(Cow::Borrowed(text)), true))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Stated::word(&Word(Cow::Owned(text.to_owned())), true))
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Stated::default())
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
        Ok(Stated::default())
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
        Ok(Stated::default())
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
        Ok(Stated::default())
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
        Ok(Stated::default())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let (mut kind, mut name, mut url) = (None, None, None);
        while let Some(key) = map.next_key::<Word<'de>>()? {
            let slot = match &*key.0 {
                "type" => &mut kind,
                "name" => &mut name,
                "url" => &mut url,
                _ => {
                    map.next_value::<IgnoredAny>()?;
                    continue;
                }
            };
            *slot = map.next_value::<Loose<'de>>()?.0.filter(|word| !word.0.trim().is_empty());
        }
        Ok(match (kind.or(name), url) {
            (Some(word), _) => Stated::word(&word, false),
            (None, Some(url)) => {
                Stated { value: Some(Value::Url(url.0.to_string())), place: url.place(), plain: false }
            }
            (None, None) => Stated::default(),
        })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut all = Vec::new();
        let mut place = None;
        while let Some(one) = seq.next_element::<Stated<'de>>()? {
            place = place.or(one.place);
            match one.value {
                Some(Value::One(text) | Value::Url(text)) => all.push(text),
                Some(Value::Many(texts)) => all.extend(texts),
                _ => {}
            }
        }
        Ok(Stated { value: (!all.is_empty()).then_some(Value::Many(all)), place, plain: false })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shape_of_a_licence() {
        let one = |text: &str| Some(Value::One(text.to_owned()));
        let many = |texts: &[&str]| Some(Value::Many(texts.iter().map(|text| (*text).to_owned()).collect()));
        for (json, expected) in [
            (r#""MIT""#, one("MIT")),
            (r#"{"type":"MIT","url":"x"}"#, one("MIT")),
            (r#"{"url":"x","name":"MIT"}"#, one("MIT")),
            (r#"{"url":"x"}"#, Some(Value::Url("x".to_owned()))),
            (r#"[{"type":"MIT"},"ISC",["0BSD"],{"url":"x"}]"#, many(&["MIT", "ISC", "0BSD", "x"])),
            (r#"[{"type":{"a":[1]}}, null]"#, None),
            (r#""  ""#, None),
            ("{}", None),
            ("[]", None),
            ("null", None),
            ("true", None),
            ("-1", None),
            ("1.5", None),
        ] {
            let stated: Stated<'_> = serde_json::from_str(json).expect("valid JSON");
            assert_eq!(stated.value, expected, "{json}");
        }
    }

    #[test]
    fn a_word_borrows_unless_it_has_escapes() {
        let text = r#"["a","\u0061"]"#;
        let words: Vec<Word<'_>> = serde_json::from_str(text).expect("valid JSON");
        assert!(words[0].place().is_some() && words[1].place().is_none());
        assert_eq!(words[0].0, words[1].0);
        let loose: Vec<Loose<'_>> = serde_json::from_str(r#"["a",{"type":"a"},1]"#).expect("valid JSON");
        assert_eq!(loose.iter().filter(|one| one.0.is_some()).count(), 1);
    }
}
