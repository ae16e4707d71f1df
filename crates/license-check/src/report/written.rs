//! The files that a run is asked for: the bill of materials and the attribution.

use super::attribution::{Attributed, attribution};
use super::sbom::{SbomPackage, cyclonedx};
use crate::plan::judgement::{Judged, Judgement};
use crate::plan::license::State;
use crate::plan::package::Scope;
use crate::plan::statement::FileKind;
use std::collections::BTreeMap;

/// The bill of materials: somebody else's packages, whatever their verdict.
pub fn bill(judgement: &Judgement<'_>) -> String {
    let package = |judged: &Judged<'_>| {
        let package = &judged.known.package;
        SbomPackage {
            ecosystem: package.ecosystem,
            name: package.name.clone(),
            version: package.version.clone(),
            license: judged.license().map(str::to_owned),
            license_name: judged.decision.family.clone(),
            concluded: judged.clarified.is_some() || judged.decision.state == State::Detected,
            checksum: package.checksum.clone(),
            scope: package.scope,
            optional: package.optional,
            place: package.place.clone(),
        }
    };
    cyclonedx(&judgement.foreign().map(package).collect::<Vec<_>>(), crate::TOOL.version)
}

/// The licence texts and notices of what is shipped.
pub fn credits(judgement: &Judgement<'_>, markdown: bool) -> String {
    let mut entries: BTreeMap<String, Attributed> = BTreeMap::new();
    for judged in judgement.foreign().filter(|judged| judged.known.package.scope == Scope::Production) {
        let entry = attributed(judged);
        let there = entries.entry(entry.id.clone()).or_insert_with(|| entry.clone());
        // The same package in another list may have its texts here.
        if there.texts.is_empty() {
            *there = entry;
        }
    }
    attribution(&entries.into_values().collect::<Vec<_>>(), markdown)
}

fn attributed(judged: &Judged<'_>) -> Attributed {
    let package = &judged.known.package;
    let texts = |kind: FileKind| {
        let files = judged.known.files.iter().filter(move |file| file.kind == kind);
        files.filter_map(|file| Some((file.name.clone(), file.text.clone()?))).collect()
    };
    let license = judged.license().map_or_else(|| super::sections::license(judged), str::to_owned);
    Attributed {
        id: package.id(),
        name: package.name.clone(),
        version: package.version.clone(),
        license,
        texts: texts(FileKind::License),
        notices: texts(FileKind::Notice),
    }
}
