//! SPDX as JSON, versions 2.2 and 2.3 <https://spdx.github.io/spdx-spec/v2.3/>.
//!
//! Every entry of `packages` is a package: by its package URL, and without one as a package of no known ecosystem
//! ([`crate::plan::package::Ecosystem::Generic`]). The one that the document describes, where it is one of several, is what the
//! bill is of, thus the team's own. `licenseDeclared` comes before `licenseConcluded`; a `LicenseRef-` that is all of it is
//! followed by the text that the document holds for it.

#[cfg(test)]
mod tests;

use super::cyclonedx::identity::{Named, best_digest, says_nothing};
use super::text::{json_fault, text_of};
use crate::observe::lines::Lines;
use crate::observe::lock::{Fault, Lock};
use crate::plan::package::{Origin, Package, Place, Scope};
use crate::plan::statement::{MAX_LICENSE_BYTES, Statement, Value};
use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::borrow::Cow;

/// Notices about single entries; more are counted.
const MAX_NOTICES: usize = 20;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document<'t> {
    #[serde(borrow)]
    spdx_version: Option<Cow<'t, str>>,
    #[serde(borrow, rename = "@context")]
    context: Option<&'t RawValue>,
    #[serde(borrow)]
    packages: Option<Vec<&'t RawValue>>,
    #[serde(borrow)]
    document_describes: Option<Vec<Cow<'t, str>>>,
    #[serde(borrow)]
    relationships: Option<Vec<Relationship<'t>>>,
    #[serde(borrow)]
    has_extracted_licensing_infos: Option<Vec<Extracted<'t>>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Relationship<'t> {
    #[serde(borrow)]
    spdx_element_id: Option<Cow<'t, str>>,
    #[serde(borrow)]
    related_spdx_element: Option<Cow<'t, str>>,
    #[serde(borrow)]
    relationship_type: Option<Cow<'t, str>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Extracted<'t> {
    #[serde(borrow)]
    license_id: Option<Cow<'t, str>>,
    #[serde(borrow)]
    extracted_text: Option<Cow<'t, str>>,
    #[serde(borrow)]
    name: Option<Cow<'t, str>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry<'t> {
    #[serde(borrow, rename = "SPDXID")]
    id: Option<Cow<'t, str>>,
    #[serde(borrow)]
    name: Option<Cow<'t, str>>,
    #[serde(borrow)]
    version_info: Option<Cow<'t, str>>,
    #[serde(borrow)]
    license_declared: Option<&'t RawValue>,
    #[serde(borrow)]
    license_concluded: Option<&'t RawValue>,
    #[serde(borrow)]
    external_refs: Option<Vec<ExternalRef<'t>>>,
    #[serde(borrow)]
    checksums: Option<Vec<Checksum<'t>>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ExternalRef<'t> {
    #[serde(borrow)]
    reference_type: Option<Cow<'t, str>>,
    #[serde(borrow)]
    reference_locator: Option<Cow<'t, str>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Checksum<'t> {
    #[serde(borrow)]
    algorithm: Option<Cow<'t, str>>,
    #[serde(borrow)]
    checksum_value: Option<Cow<'t, str>>,
}

/// Reads a document. Errors: no JSON, not SPDX, a version that is not known, a package without a name, a field of the wrong
/// type.
pub fn parse(bytes: &[u8], path: &str) -> Result<Lock, Fault> {
    let text = text_of(bytes)?;
    let document: Document<'_> = serde_json::from_str(text).map_err(|error| json_fault(text, text, &error))?;
    let Some(version) = document.spdx_version.as_deref() else {
        return Err(Fault::new(match document.context {
            Some(_) => "SPDX 3 is not read; write the document as SPDX 2.3",
            None => "not an SPDX document: no `spdxVersion`",
        }));
    };
    if !["SPDX-2.2", "SPDX-2.3"].contains(&version) {
        let shown: String = version.chars().take(20).collect();
        return Err(Fault::new(format!("{shown} is not known; SPDX-2.2 and SPDX-2.3 are read")));
    }
    let around = Around::of(&document);
    let mut lock = Lock { format: version.replacen('-', " ", 1), ..Lock::default() };
    let mut lines = Lines::new(text.as_bytes());
    let mut notices = Vec::new();
    let entries = document.packages.unwrap_or_default();
    lock.listed = entries.len();
    for raw in entries {
        let entry: Entry<'_> = serde_json::from_str(raw.get()).map_err(|error| json_fault(text, raw.get(), &error))?;
        let place = Place::new(path, Some(lines.of(raw.get())));
        let mut package = entry.package(place, &mut notices)?;
        if let Some(id) = entry.id.as_deref() {
            around.apply(id, &mut package);
        }
        entry.statements(text, raw, &around, &mut package, &mut notices)?;
        lock.packages.push(package);
    }
    let more = notices.len().saturating_sub(MAX_NOTICES);
    notices.truncate(MAX_NOTICES);
    lock.notices = notices;
    if more > 0 {
        lock.notices.push(format!("{more} more of that kind"));
    }
    Ok(lock)
}

/// What the document says of its packages elsewhere.
struct Around {
    subject: Option<String>,
    development: FxHashSet<String>,
    optional: FxHashSet<String>,
    extracted: FxHashMap<String, (Option<String>, Option<String>)>,
}

impl Around {
    fn of(document: &Document<'_>) -> Self {
        let mut described: FxHashSet<&str> =
            document.document_describes.iter().flatten().map(|id| id.as_ref()).collect();
        let (mut development, mut needed, mut optional) =
            (FxHashSet::default(), FxHashSet::default(), FxHashSet::default());
        for relationship in document.relationships.iter().flatten() {
            let from = relationship.spdx_element_id.as_deref().unwrap_or_default();
            let to = relationship.related_spdx_element.as_deref().unwrap_or_default();
            match relationship.relationship_type.as_deref().unwrap_or_default() {
                "DESCRIBES" if from == "SPDXRef-DOCUMENT" => _ = described.insert(to),
                "DESCRIBED_BY" if to == "SPDXRef-DOCUMENT" => _ = described.insert(from),
                "DEV_DEPENDENCY_OF" | "DEV_TOOL_OF" | "TEST_DEPENDENCY_OF" | "TEST_TOOL_OF" => {
                    development.insert(from.to_owned());
                }
                "OPTIONAL_DEPENDENCY_OF" => _ = optional.insert(from.to_owned()),
                "DEPENDENCY_OF" | "RUNTIME_DEPENDENCY_OF" | "PROVIDED_DEPENDENCY_OF" | "CONTAINED_BY" => {
                    needed.insert(from.to_owned());
                }
                "DEPENDS_ON" => _ = needed.insert(to.to_owned()),
                _ => {}
            }
        }
        // What both need is shipped.
        development.retain(|id| !needed.contains(id));
        // Some writers describe all packages, which makes none of them the team's own; nor is the only one there is.
        let is_one_of_several = described.len() == 1 && document.packages.as_ref().is_some_and(|list| list.len() > 1);
        let subject = described.into_iter().next().filter(|_| is_one_of_several).map(str::to_owned);
        let mut extracted = FxHashMap::default();
        for info in document.has_extracted_licensing_infos.iter().flatten() {
            let Some(id) = info.license_id.as_deref() else { continue };
            let said = |text: &Option<Cow<'_, str>>| {
                let text = text.as_deref().filter(|text| !says_nothing(text) && *text != id);
                text.filter(|text| text.len() as u64 <= MAX_LICENSE_BYTES).map(str::to_owned)
            };
            extracted.insert(id.to_owned(), (said(&info.extracted_text), said(&info.name)));
        }
        Around { subject, development, optional, extracted }
    }

    fn apply(&self, id: &str, package: &mut Package) {
        if self.subject.as_deref() == Some(id) {
            package.origin = Origin::Own;
        }
        if self.development.contains(id) {
            package.scope = Scope::Development;
        }
        package.optional = self.optional.contains(id);
    }
}

impl<'t> Entry<'t> {
    fn package(&self, place: Place, notices: &mut Vec<String>) -> Result<Package, Fault> {
        let is_purl = |reference: &&ExternalRef<'_>| reference.reference_type.as_deref() == Some("purl");
        let purl = self.external_refs.iter().flatten().find(is_purl);
        let named = Named {
            purl: purl.and_then(|reference| reference.reference_locator.as_deref()),
            group: None,
            name: self.name.as_deref().unwrap_or_default(),
            version: self.version_info.as_deref().filter(|version| !says_nothing(version)),
        };
        let mut package = named.package(place, notices)?;
        package.checksum = self.checksums.as_deref().and_then(|checksums| {
            let pairs =
                checksums.iter().filter_map(|one| Some((one.algorithm.as_deref()?, one.checksum_value.as_deref()?)));
            best_digest(pairs)
        });
        Ok(package)
    }

    fn statements(
        &self,
        text: &str,
        raw: &'t RawValue,
        around: &Around,
        package: &mut Package,
        notices: &mut Vec<String>,
    ) -> Result<(), Fault> {
        let mut said: Vec<String> = Vec::new();
        for (field, value) in [("licenseDeclared", self.license_declared), ("licenseConcluded", self.license_concluded)]
        {
            let Some(value) = value else { continue };
            let license: Option<String> =
                serde_json::from_str(value.get()).map_err(|error| json_fault(text, value.get(), &error))?;
            let Some(license) = license.filter(|license| !says_nothing(license)) else { continue };
            if said.contains(&license) {
                continue;
            }
            let offset = (value.get().as_ptr() as usize).wrapping_sub(raw.get().as_ptr() as usize);
            let before = raw.get().as_bytes().get(..offset).unwrap_or_default();
            let passed = u32::try_from(memchr::memchr_iter(b'\n', before).count()).unwrap_or(u32::MAX);
            let line = package.place.line.map(|line| line.saturating_add(passed));
            let place = Place::new(&package.place.path, line);
            let (words, name) = around.extracted.get(license.trim()).cloned().unwrap_or_default();
            let values = words.into_iter().chain(name).chain([license.clone()]).map(Value::One);
            let statements = values.map(|value| Statement { value, field, place: place.clone() });
            package.statements.extend(statements);
            said.push(license);
        }
        if let [declared, concluded] = said.as_slice() {
            notices.push(format!(
                "{}: {} declares {declared}, and the document's author concludes {concluded}",
                package.place,
                package.id()
            ));
        }
        Ok(())
    }
}
