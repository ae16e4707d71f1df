//! `CycloneDX` as JSON, versions 1.2 to 1.7 <https://cyclonedx.org/docs/1.6/json/>.
//!
//! Components are packages, those within components too. What has a package URL is known by it; what has none is a package of
//! no known ecosystem ([`crate::plan::package::Ecosystem::Generic`]). Single files, data and keys are no packages: they are
//! counted in a notice. `metadata.component` is what the bill is of, thus the team's own.
//!
//! Several licences of one component have no defined meaning together (choice or all of them), so they are passed on as
//! [`Value::Classifiers`], which is what that is.

pub(super) mod identity;
mod license;
#[cfg(test)]
mod tests;

use super::text::{json_fault, text_of};
use crate::observe::lines::Lines;
use crate::observe::lock::{Fault, Lock};
use crate::plan::package::{Origin, Place, Scope};
use identity::{Named, best_digest};
use memchr::memchr_iter;
use serde::Deserialize;
use serde_json::value::RawValue;
use std::borrow::Cow;

/// Components within components within components. Known writers nest two deep; each level is read once more than the one
/// around it.
const MAX_DEPTH: usize = 16;

/// Notices about single entries; more are counted.
const MAX_NOTICES: usize = 20;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document<'t> {
    #[serde(borrow)]
    bom_format: Option<Cow<'t, str>>,
    #[serde(borrow)]
    spec_version: Option<Cow<'t, str>>,
    #[serde(borrow)]
    metadata: Option<Metadata<'t>>,
    #[serde(borrow)]
    components: Option<&'t RawValue>,
}

#[derive(Deserialize)]
struct Metadata<'t> {
    #[serde(borrow)]
    component: Option<&'t RawValue>,
}

#[derive(Deserialize)]
struct Component<'t> {
    #[serde(borrow, rename = "type")]
    kind: Option<Cow<'t, str>>,
    #[serde(borrow)]
    group: Option<Cow<'t, str>>,
    #[serde(borrow)]
    name: Option<Cow<'t, str>>,
    #[serde(borrow)]
    version: Option<Cow<'t, str>>,
    #[serde(borrow)]
    purl: Option<Cow<'t, str>>,
    #[serde(borrow)]
    scope: Option<Cow<'t, str>>,
    #[serde(borrow)]
    licenses: Option<&'t RawValue>,
    #[serde(borrow)]
    evidence: Option<Evidence<'t>>,
    #[serde(borrow)]
    hashes: Option<Vec<Hash<'t>>>,
    #[serde(borrow)]
    properties: Option<Vec<Property<'t>>>,
    #[serde(borrow)]
    components: Option<&'t RawValue>,
}

#[derive(Deserialize)]
struct Evidence<'t> {
    #[serde(borrow)]
    licenses: Option<&'t RawValue>,
}

#[derive(Deserialize)]
struct Hash<'t> {
    #[serde(borrow)]
    alg: Option<Cow<'t, str>>,
    #[serde(borrow)]
    content: Option<Cow<'t, str>>,
}

#[derive(Deserialize)]
struct Property<'t> {
    #[serde(borrow)]
    name: Option<Cow<'t, str>>,
    #[serde(borrow)]
    value: Option<Cow<'t, str>>,
}

/// Reads a bill of materials. Errors: no JSON, not `CycloneDX`, a version that is not known, a component without a name, a
/// field of the wrong type, components nested deeper than 16 levels.
pub fn parse(bytes: &[u8], path: &str) -> Result<Lock, Fault> {
    let text = text_of(bytes)?;
    if text.trim_start().starts_with('<') {
        return Err(Fault::new("this is XML; write the bill of materials as JSON"));
    }
    let document: Document<'_> = serde_json::from_str(text).map_err(|error| json_fault(text, text, &error))?;
    if document.bom_format.as_deref().is_some_and(|format| format != "CycloneDX") || document.spec_version.is_none() {
        return Err(Fault::new("not a CycloneDX bill of materials: no `specVersion`"));
    }
    let version = document.spec_version.unwrap_or_default();
    if !["1.2", "1.3", "1.4", "1.5", "1.6", "1.7"].contains(&version.as_ref()) {
        let shown: String = version.chars().take(20).collect();
        return Err(Fault::new(format!("CycloneDX {shown} is not known; 1.2 to 1.7 are read")));
    }
    let mut reader = Reader {
        text,
        path,
        lines: Lines::new(text.as_bytes()),
        lock: Lock { format: format!("CycloneDX {version}"), ..Lock::default() },
        notices: Vec::new(),
        set_aside: 0,
    };
    if let Some(subject) = document.metadata.and_then(|metadata| metadata.component) {
        reader.component(subject, Origin::Own, 0)?;
    }
    if let Some(components) = document.components {
        reader.list(components, 0)?;
    }
    Ok(reader.finished())
}

struct Reader<'t> {
    text: &'t str,
    path: &'t str,
    lines: Lines<'t>,
    lock: Lock,
    notices: Vec<String>,
    set_aside: usize,
}

impl<'t> Reader<'t> {
    fn list(&mut self, list: &'t RawValue, depth: usize) -> Result<(), Fault> {
        if list.get() == "null" {
            return Ok(());
        }
        let entries: Vec<&'t RawValue> =
            serde_json::from_str(list.get()).map_err(|error| json_fault(self.text, list.get(), &error))?;
        if depth == MAX_DEPTH && !entries.is_empty() {
            let line = self.lines.of(list.get());
            return Err(Fault::at(line, format!("components nested deeper than {MAX_DEPTH} levels")));
        }
        for entry in entries {
            self.component(entry, Origin::Registry, depth)?;
        }
        Ok(())
    }

    fn component(&mut self, entry: &'t RawValue, origin: Origin, depth: usize) -> Result<(), Fault> {
        // Components are met in the order of the text, so that asking for their lines is cheap.
        let line = self.lines.of(entry.get());
        let read: Component<'t> =
            serde_json::from_str(entry.get()).map_err(|error| json_fault(self.text, entry.get(), &error))?;
        // `listed` counts what is met, `packages` what was understood; see the end of this function.
        self.lock.listed += 1;
        let kind = read.kind.as_deref().unwrap_or_default();
        let is_no_package = ["file", "data", "cryptographic-asset"].contains(&kind)
            && read.purl.is_none()
            && read.licenses.is_none()
            && origin != Origin::Own;
        if is_no_package {
            self.set_aside += 1;
            self.lock.listed -= 1;
        } else {
            let named = Named {
                purl: read.purl.as_deref(),
                group: read.group.as_deref(),
                name: read.name.as_deref().unwrap_or_default(),
                version: read.version.as_deref(),
            };
            let mut package = named.package(Place::new(self.path, Some(line)), &mut self.notices)?;
            package.origin = origin;
            package.scope = if is_development(&read) { Scope::Development } else { Scope::Production };
            package.optional = read.scope.as_deref() == Some("optional");
            package.checksum = read.hashes.as_deref().and_then(|hashes| {
                let pairs = hashes.iter().filter_map(|hash| Some((hash.alg.as_deref()?, hash.content.as_deref()?)));
                best_digest(pairs)
            });
            let found = read.evidence.as_ref().and_then(|evidence| evidence.licenses);
            for (field, raw) in [("licenses", read.licenses), ("evidence.licenses", found)] {
                let Some(raw) = raw else { continue };
                let at = line.saturating_add(lines_between(entry.get(), raw.get()));
                let place = Place::new(self.path, Some(at));
                let read = license::statements(raw, field, &place)
                    .map_err(|error| json_fault(self.text, raw.get(), &error))?;
                self.notices.extend(read.notice.map(|notice| format!("{place}: {} {notice}", package.id())));
                package.statements.extend(read.statements);
            }
            self.lock.packages.push(package);
        }
        match read.components {
            Some(inner) => self.list(inner, depth + 1),
            None => Ok(()),
        }
    }

    fn finished(mut self) -> Lock {
        if self.set_aside > 0 {
            self.lock.notices.push(format!(
                "{} of its entries are single files, data or keys without a package URL and a licence: no packages",
                self.set_aside
            ));
        }
        let more = self.notices.len().saturating_sub(MAX_NOTICES);
        self.notices.truncate(MAX_NOTICES);
        self.lock.notices.append(&mut self.notices);
        if more > 0 {
            self.lock.notices.push(format!("{more} more of that kind"));
        }
        self.lock
    }
}

/// `excluded` is a component of tests and the like; npm's and Composer's writers have properties of their own for it
/// <https://github.com/CycloneDX/cyclonedx-property-taxonomy>.
fn is_development(component: &Component<'_>) -> bool {
    component.scope.as_deref() == Some("excluded")
        || component.properties.iter().flatten().any(|property| {
            let name = property.name.as_deref().unwrap_or_default();
            ["cdx:npm:package:development", "cdx:composer:package:isDevRequirement"].contains(&name)
                && property.value.as_deref() == Some("true")
        })
}

/// Line ends in `outer` before `inner`, a slice of it.
fn lines_between(outer: &str, inner: &str) -> u32 {
    let offset = (inner.as_ptr() as usize).wrapping_sub(outer.as_ptr() as usize);
    let before = outer.as_bytes().get(..offset).unwrap_or_default();
    u32::try_from(memchr_iter(b'\n', before).count()).unwrap_or(u32::MAX)
}
