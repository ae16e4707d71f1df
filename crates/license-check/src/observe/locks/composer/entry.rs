//! One package of Composer's lists.

use super::line_of;
use crate::observe::lines::Lines;
use crate::observe::lock::Fault;
use crate::observe::locks::text::json_fault as fault;
use crate::plan::package::{Ecosystem, Origin, Package, Place};
use crate::plan::statement::{Statement, Value};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::borrow::Cow;

/// The fields that are read; the others are skipped without being kept.
#[derive(Deserialize)]
struct Entry<'t> {
    #[serde(borrow)]
    name: Option<&'t RawValue>,
    #[serde(borrow)]
    version: Option<Cow<'t, str>>,
    #[serde(borrow)]
    license: Option<&'t RawValue>,
    #[serde(borrow)]
    source: Option<Source<'t>>,
    #[serde(borrow)]
    dist: Option<Source<'t>>,
    #[serde(borrow, rename = "notification-url")]
    notification_url: Option<&'t RawValue>,
    #[serde(borrow, rename = "install-path")]
    install_path: Option<Cow<'t, str>>,
}

/// `source` and `dist`.
#[derive(Deserialize)]
struct Source<'t> {
    #[serde(borrow, rename = "type")]
    kind: Option<Cow<'t, str>>,
    #[serde(borrow)]
    url: Option<Cow<'t, str>>,
    #[serde(borrow)]
    shasum: Option<Cow<'t, str>>,
}

/// What an entry gives.
pub(super) struct Read {
    pub(super) package: Package,
    pub(super) install_path: Option<String>,
}

/// Reads entries in the order of the text. Names and licences have a line counter each: a counter that is asked back and
/// forth would start anew for each package, which is quadratic.
pub(super) struct Cursor<'t> {
    text: &'t str,
    path: &'t str,
    names: Lines<'t>,
    licenses: Lines<'t>,
}

impl<'t> Cursor<'t> {
    pub(super) fn new(text: &'t str, path: &'t str) -> Self {
        Cursor { text, path, names: Lines::new(text.as_bytes()), licenses: Lines::new(text.as_bytes()) }
    }

    /// One entry. Errors: it has no name or no version, or one of its fields is of the wrong type.
    pub(super) fn read(&mut self, raw: &'t RawValue, notices: &mut Vec<String>) -> Result<Read, Fault> {
        let entry: Entry<'t> = serde_json::from_str(raw.get()).map_err(|error| fault(self.text, raw.get(), &error))?;
        let Some(name_raw) = entry.name else {
            let line = self.names.of(raw.get());
            return Err(Fault::at(line, "a package without `name`: run `composer update --lock` with Composer 2"));
        };
        let line = line_of(&mut self.names, name_raw);
        let name: String =
            serde_json::from_str(name_raw.get()).map_err(|error| fault(self.text, name_raw.get(), &error))?;
        if name.is_empty() {
            return Err(Fault { line, what: "a package whose `name` is empty".to_owned() });
        }
        let Some(version) = entry.version.as_deref().filter(|version| !version.is_empty()) else {
            return Err(Fault { line, what: format!("{name} has no `version`") });
        };
        let mut package = Package::new(Ecosystem::Composer, name, version, Place::new(self.path, line));
        if let Some(license) = entry.license {
            let place = Place::new(self.path, line_of(&mut self.licenses, license));
            match license_value(license.get()) {
                License::Stated(value) => package.statements.push(Statement { value, field: "license", place }),
                License::Nothing => {}
                License::Odd => notices.push(format!(
                    "{place}: the licence of {} is neither a string nor an array of strings, and counts as none",
                    package.name
                )),
            }
        }
        package.origin = origin_of(&entry);
        if package.origin == Origin::Folder {
            let url = entry.dist.as_ref().and_then(|dist| dist.url.as_deref());
            package.installed_at.extend(url.map(|url| url.trim_end_matches('/').to_owned()));
        }
        package.checksum =
            entry.dist.and_then(|dist| dist.shasum).filter(|digest| !digest.is_empty()).map(Cow::into_owned);
        Ok(Read { package, install_path: entry.install_path.map(Cow::into_owned) })
    }
}

/// What a field `license` holds.
pub(crate) enum License {
    /// Something to be understood.
    Stated(Value),
    /// An empty array or string.
    Nothing,
    /// A value of another type.
    Odd,
}

/// Reads a field `license`: a string or an array of strings.
pub(crate) fn license_value(json: &str) -> License {
    if let Ok(one) = serde_json::from_str::<String>(json) {
        return if one.trim().is_empty() { License::Nothing } else { License::Stated(Value::One(one)) };
    }
    match serde_json::from_str::<Vec<String>>(json) {
        Ok(many) if many.is_empty() => License::Nothing,
        Ok(many) => License::Stated(Value::Many(many)),
        Err(_) => License::Odd,
    }
}

/// Repositories that speak Packagist's protocol give a `notification-url`; what has none comes straight from a
/// repository, a file, or a folder beside the project.
fn origin_of(entry: &Entry<'_>) -> Origin {
    let kind = |source: &Option<Source<'_>>| -> Option<String> {
        Some(source.as_ref()?.kind.as_deref()?.to_ascii_lowercase())
    };
    let (source, dist) = (kind(&entry.source), kind(&entry.dist));
    if dist.as_deref() == Some("path") {
        return Origin::Folder;
    }
    if entry.notification_url.is_some() {
        return Origin::Registry;
    }
    match (source, dist) {
        (Some(_), _) => Origin::Git,
        (None, Some(_)) => Origin::Archive,
        // A metapackage has no files, wherever it comes from.
        (None, None) => Origin::Registry,
    }
}
