//! .NET packages on this machine: the global packages folder.
//!
//! Layout: <https://learn.microsoft.com/nuget/consume-packages/managing-the-global-packages-and-cache-folders>; `license` and
//! `licenseUrl`: <https://learn.microsoft.com/nuget/reference/nuspec#license>.

use crate::observe::lock::Lock;
use crate::observe::store::{Evidence, Ground, Store, bounded, license_file, license_files};
use crate::observe::xml::{Element, MAX_DOCUMENT_BYTES, read};
use crate::plan::package::{Origin, Package, Place};
use crate::plan::statement::{Statement, Value};
use std::path::{Path, PathBuf};

#[cfg(test)]
mod tests;

/// Looks up packages in `NUGET_PACKAGES`, else in `~/.nuget/packages`.
pub fn open(ground: &Ground, _lock: &Lock) -> Box<dyn Store> {
    let folder = ground.variable("NUGET_PACKAGES").or_else(|| Some(ground.variable("HOME")?.join(".nuget/packages")));
    Box::new(Packages { ground: ground.clone(), folder })
}

struct Packages {
    ground: Ground,
    folder: Option<PathBuf>,
}

impl Store for Packages {
    fn look(&self, package: &Package) -> Evidence {
        if package.origin == Origin::Own {
            return Evidence::default();
        }
        let name = format!("{} {}", package.name, package.version);
        let missing =
            |why: String| Evidence { missing: Some(format!("{why}; run `dotnet restore`")), ..Evidence::default() };
        let (id, version) = (package.name.to_lowercase(), normalized(&package.version));
        if !is_file_name(&id) || !is_file_name(&version) {
            return missing(format!("{name} is no name of a package"));
        }
        let folder = self.folder.as_ref().map(|packages| packages.join(&id).join(&version));
        let found = folder
            .and_then(|folder| Some((bounded(&folder.join(format!("{id}.nuspec")), MAX_DOCUMENT_BYTES)?, folder)));
        let Some((bytes, folder)) = found else {
            return missing(format!("{name} is not in the global packages folder"));
        };
        let shown = self.ground.shown(&folder.join(format!("{id}.nuspec")));
        let document = match read(&bytes, "package") {
            Ok(document) => document,
            Err(fault) => {
                let line = fault.line.map(|line| format!(":{line}")).unwrap_or_default();
                return missing(format!("{shown}{line}: {}", fault.what));
            }
        };
        let Some(metadata) = document.child("metadata") else { return missing(format!("{shown} has no metadata")) };
        let (other_id, other) =
            (metadata.value("id").unwrap_or_default(), metadata.value("version").unwrap_or_default());
        if other_id.to_lowercase() != id || normalized(other) != version {
            return missing(format!("{shown} is {other_id} {other}, and not {name}"));
        }
        self.said(metadata, &shown, &folder)
    }
}

/// Whether that can stand in a path: names come from the lock, which may say `../../etc`.
fn is_file_name(name: &str) -> bool {
    !name.is_empty() && !name.contains(['/', '\\', '\0']) && name != "." && name != ".."
}

/// The version as the folder has it: three numbers or four, without leading zeros, without build metadata, in lower case.
/// <https://learn.microsoft.com/nuget/concepts/package-versioning#normalized-version-numbers>
fn normalized(version: &str) -> String {
    let version = version.split('+').next().unwrap_or_default().to_lowercase();
    let (numbers, label) = match version.find('-') {
        Some(at) => version.split_at(at),
        None => (version.as_str(), ""),
    };
    let mut numbers: Vec<&str> = numbers
        .split('.')
        .map(|number| match number.trim_start_matches('0') {
            "" if number.starts_with('0') => "0",
            trimmed => trimmed,
        })
        .collect();
    while numbers.len() < 3 {
        numbers.push("0");
    }
    if numbers.len() == 4 && numbers[3] == "0" {
        numbers.pop();
    }
    format!("{}{label}", numbers.join("."))
}

impl Packages {
    fn said(&self, metadata: &Element, shown: &str, folder: &Path) -> Evidence {
        let mut evidence = Evidence { files: license_files(folder, &self.ground), ..Evidence::default() };
        let place = |element: &Element| Place::new(shown, Some(element.line));
        if let Some(license) = metadata.child("license").filter(|license| !license.text.is_empty()) {
            let text = license.text.clone();
            let value = match license.attribute("type") {
                Some("expression") => Value::One(text),
                Some("file") => {
                    let name = text.replace('\\', "/");
                    let name = name.trim_start_matches("./");
                    match license_file(folder, name, &self.ground) {
                        Some(file) if evidence.files.iter().all(|other| other.name != file.name) => {
                            evidence.files.push(file);
                            evidence.files.sort_by(|a, b| a.name.cmp(&b.name));
                        }
                        Some(_) => {}
                        None => evidence.notices.push(format!("{}: {name} can't be read", place(license))),
                    }
                    Value::File(name.to_owned())
                }
                other => {
                    let kind = other.unwrap_or("no type");
                    let what = format!("{}: a license of an unknown type ({kind}) is not read", place(license));
                    evidence.notices.push(what);
                    return evidence;
                }
            };
            // An address beside it is what NuGet made of it for old clients.
            evidence.statements.push(Statement { value, field: "license", place: place(license) });
        } else if let Some(address) = metadata.child("licenseUrl").filter(|address| is_license(&address.text)) {
            let value = Value::Url(address.text.clone());
            evidence.statements.push(Statement { value, field: "licenseUrl", place: place(address) });
        }
        evidence
    }
}

/// Whether an address says anything: NuGet writes <https://aka.ms/deprecateLicenseUrl> where a file is the licence.
fn is_license(address: &str) -> bool {
    let bare = address.split_once("://").map_or(address, |(_, bare)| bare).trim_end_matches('/');
    !address.is_empty() && !bare.eq_ignore_ascii_case("aka.ms/deprecateLicenseUrl")
}
