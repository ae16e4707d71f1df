//! Reads a store that anybody may have written.

use super::{
    MAX_FILES, MAX_KEEP, MAX_MS, MAX_NAME_BYTES, MAX_STORE_BYTES, Run, STORE_SCHEMA, Sample, Store, StoreError,
    is_machine, keep_newest,
};
use serde::de::{self, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::collections::BTreeMap;
use std::fmt;

pub(super) fn parse(text: &str) -> Result<Store, StoreError> {
    let error =
        |line: Option<usize>, what: String| StoreError { line: line.and_then(|line| u32::try_from(line).ok()), what };
    if text.len() > MAX_STORE_BYTES {
        return Err(error(
            None,
            format!("the timing store is larger than {MAX_STORE_BYTES} bytes; delete it and record again"),
        ));
    }
    if text.trim().is_empty() {
        return Err(error(Some(1), "the timing store is empty; delete the file and record again".to_owned()));
    }
    let conflict = text.lines().position(|line| line.starts_with("<<<<<<<") || line.starts_with(">>>>>>>"));
    if let Some(line) = conflict {
        let what =
            "a merge conflict; take either version of the file, and give the other one to `record --merge-store`";
        return Err(error(Some(line + 1), what.to_owned()));
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let read = deserializer.deserialize_map(OfStore).and_then(|store| deserializer.end().map(|()| store));
    read.map_err(|err| {
        let whole = err.to_string();
        // serde_json appends the place, which has a field of its own here.
        let what = whole.split(" at line ").next().unwrap_or(&whole);
        error(
            Some(err.line()).filter(|line| *line > 0),
            format!("not a timing store: {}", kit_report::escape::log_line(what)),
        )
    })
}

struct OfStore;

impl<'de> Visitor<'de> for OfStore {
    type Value = Store;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with `schema` and `files`")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Store, A::Error> {
        let mut store = Store::default();
        let (mut has_schema, mut has_files) = (false, false);
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "schema" => {
                    let schema: u32 = map.next_value()?;
                    if schema != STORE_SCHEMA {
                        return Err(de::Error::custom(format!(
                            "it has schema {schema}, and this version reads {STORE_SCHEMA}; use the version that wrote it, or delete it and record again"
                        )));
                    }
                    has_schema = true;
                }
                // The shape of the files is the schema's, so it must be known by then.
                "files" if has_schema => {
                    map.next_value_seed(OfFiles(&mut store.files))?;
                    has_files = true;
                }
                "files" => return Err(de::Error::custom("`schema` must stand before `files`")),
                other => return Err(de::Error::custom(format!("unknown key `{}`", shown(other)))),
            }
        }
        if has_files { Ok(store) } else { Err(de::Error::custom("`schema` or `files` is missing")) }
    }
}

type Files = BTreeMap<String, BTreeMap<String, Vec<Sample>>>;

struct OfFiles<'s>(&'s mut Files);

impl<'de> DeserializeSeed<'de> for OfFiles<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for OfFiles<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of files")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(file) = map.next_key::<String>()? {
            if file.len() > MAX_NAME_BYTES {
                return Err(de::Error::custom(format!("a file's name is longer than {MAX_NAME_BYTES} bytes")));
            }
            let mut machines = BTreeMap::new();
            map.next_value_seed(OfMachines(&mut machines))?;
            if machines.is_empty() {
                continue;
            }
            if file.is_empty() {
                return Err(de::Error::custom("a file without a name has times"));
            }
            // An entry that stands twice comes from a merge by lines.
            let own = self.0.entry(file).or_default();
            for (machine, samples) in machines {
                let own: &mut Vec<Sample> = own.entry(machine).or_default();
                own.extend(samples);
                keep_newest(own, MAX_KEEP);
            }
            if self.0.len() > MAX_FILES {
                return Err(de::Error::custom(format!("there are more than {MAX_FILES} files")));
            }
        }
        Ok(())
    }
}

struct OfMachines<'s>(&'s mut BTreeMap<String, Vec<Sample>>);

impl<'de> DeserializeSeed<'de> for OfMachines<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for OfMachines<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of classes of machines")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(machine) = map.next_key::<String>()? {
            if !is_machine(&machine) {
                let what =
                    format!("`{}` is no class of machine: letters, digits, `.`, `_` and `-` only", shown(&machine));
                return Err(de::Error::custom(what));
            }
            let mut samples = Vec::new();
            map.next_value_seed(OfSamples(&mut samples))?;
            if !samples.is_empty() {
                let own = self.0.entry(machine).or_default();
                own.append(&mut samples);
                keep_newest(own, MAX_KEEP);
            }
        }
        Ok(())
    }
}

struct OfSamples<'s>(&'s mut Vec<Sample>);

impl<'de> DeserializeSeed<'de> for OfSamples<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for OfSamples<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of [sequence, \"run id\", milliseconds]")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while let Some(OneSample(sample)) = list.next_element()? {
            self.0.push(sample);
            // Twice the bound, so that a long list is not sorted at every sample.
            if self.0.len() >= 2 * MAX_KEEP {
                keep_newest(self.0, MAX_KEEP);
            }
        }
        Ok(())
    }
}

struct OneSample(Sample);

impl<'de> de::Deserialize<'de> for OneSample {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(OfSample)
    }
}

struct OfSample;

impl<'de> Visitor<'de> for OfSample {
    type Value = OneSample;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[sequence, \"run id\", milliseconds]")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<OneSample, A::Error> {
        let short = || de::Error::custom("a sample must be [sequence, \"run id\", milliseconds]");
        let sequence: u64 = list.next_element()?.ok_or_else(short)?;
        let id: String = list.next_element()?.ok_or_else(short)?;
        let ms: u32 = list.next_element()?.ok_or_else(short)?;
        if list.next_element::<IgnoredAny>()?.is_some() {
            return Err(short());
        }
        let is_hex = id.len() == 8 && id.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        let id = u32::from_str_radix(&id, 16).ok().filter(|_| is_hex).ok_or_else(|| {
            de::Error::custom(format!("`{}` is no run id: it must be 8 hexadecimal digits", shown(&id)))
        })?;
        if ms > MAX_MS {
            return Err(de::Error::custom(format!("{ms} ms is longer than 7 days")));
        }
        Ok(OneSample(Sample { run: Run { sequence, id }, ms }))
    }
}

/// The beginning of a stranger's text.
fn shown(text: &str) -> &str {
    crate::plan::results::cut(text, 60)
}
