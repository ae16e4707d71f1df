//! `dependencies` of lockfileVersion 1: a tree, in which each package holds those that lie in its own `node_modules`.

use super::field::{Loose, Word};
use super::{Reading, source};
use crate::plan::package::{Origin, Scope};
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use std::fmt;

/// Adds the project itself, which version 1 has no entry for.
pub(super) fn project<'t>(reading: &mut Reading<'t>, key: &Word<'t>) {
    let place = reading.place(key.place());
    let (name, version) = (reading.name.clone().unwrap_or_default(), reading.version.clone().unwrap_or_default());
    let mut package = reading.package(name, version, place);
    package.origin = Origin::Own;
    package.place.line = Some(1);
    reading.packages.push(package);
    reading.listed += 1;
}

/// One such object.
pub(super) struct Dependencies<'r, 't> {
    reading: &'r mut Reading<'t>,
    /// Where these lie, with a `/` at the end.
    within: String,
}

impl<'r, 't> Dependencies<'r, 't> {
    /// The outermost.
    pub(super) fn top(reading: &'r mut Reading<'t>) -> Self {
        Dependencies { reading, within: "node_modules/".to_owned() }
    }
}

impl<'de> DeserializeSeed<'de> for Dependencies<'_, 'de> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Dependencies<'_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("`dependencies` to be an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<Word<'de>>()? {
            self.reading.listed += 1;
            let entry = Entry { reading: &mut *self.reading, key, at: &self.within };
            map.next_value_seed(entry)?;
        }
        Ok(())
    }
}

/// One package with what lies in it.
struct Entry<'r, 't> {
    reading: &'r mut Reading<'t>,
    key: Word<'t>,
    at: &'r str,
}

impl<'de> DeserializeSeed<'de> for Entry<'_, 'de> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

/// A flag; `null` and its absence mean no.
fn flag<'de, A: MapAccess<'de>>(map: &mut A) -> Result<bool, A::Error> {
    Ok(map.next_value::<Option<bool>>()?.unwrap_or(false))
}

impl<'de> Visitor<'de> for Entry<'_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the entry `{}` to be an object", self.key.0)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Entry { reading, key, at } = self;
        let place = reading.place(key.place());
        let at = format!("{at}{}", key.0);
        let mut package = reading.package(key.0.to_string(), String::new(), place);
        // Its place in the order is before those that lie in it.
        let index = reading.packages.len();
        reading.packages.push(package.clone());
        let mut resolved = None;
        while let Some(field) = map.next_key::<Word<'de>>()? {
            match &*field.0 {
                "version" => package.version = map.next_value::<Word<'de>>()?.0.into_owned(),
                "resolved" => resolved = map.next_value::<Loose<'de>>()?.0,
                "integrity" => package.checksum = map.next_value::<Loose<'de>>()?.0.map(|word| word.0.into_owned()),
                "dev" if flag(&mut map)? => package.scope = Scope::Development,
                "optional" if flag(&mut map)? => package.optional = true,
                "dev" | "optional" => {}
                "dependencies" => {
                    let within = format!("{at}/node_modules/");
                    map.next_value_seed(Dependencies { reading: &mut *reading, within })?;
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        if let Some((name, version)) = source::alias(&package.version) {
            (package.name, package.version) = (name.to_owned(), version.to_owned());
        }
        // `version` holds the address of what isn't from a registry; elsewhere `resolved` tells.
        package.origin = match source::origin(&package.version) {
            Origin::Registry => resolved.map_or(Origin::Registry, |word| source::origin(&word.0)),
            other => other,
        };
        package.installed_at.push(at);
        reading.packages[index] = package;
        Ok(())
    }
}
