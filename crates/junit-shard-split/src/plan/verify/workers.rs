//! Which worker wrote which report; see [`super`] for the rules.

use super::{Evidence, ReportEvidence};
use crate::plan::lock::PlanFile;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// Who wrote a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Worker<'e> {
    /// The worker of this shard: its receipt lies beside the report.
    Shard(usize),
    /// The worker of this folder, one of as many as there are shards.
    Folder(&'e str),
    /// Unknown; each report is taken for one of its own.
    Report(&'e str),
}

impl fmt::Display for Worker<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Worker::Shard(shard) => write!(f, "shard {shard}"),
            Worker::Folder(folder) => write!(f, "`{folder}`"),
            Worker::Report(path) => write!(f, "`{path}`"),
        }
    }
}

/// The worker of each report, in the order of the reports.
pub(super) fn workers<'e>(plan: &PlanFile, evidence: &'e Evidence) -> Vec<Worker<'e>> {
    let shards_below = shards_below(evidence);
    let folders = artifact_folders(&evidence.reports, plan.shards.len());
    let worker = |report: &'e ReportEvidence| {
        let nearest = ancestors(&report.path).find_map(|folder| shards_below.get(folder));
        match nearest.map(|shards| (shards.len(), shards.first())) {
            Some((1, Some(shard))) => Worker::Shard(*shard),
            _ => match folders.as_ref().map(|prefix| folder_below(&report.path, prefix)) {
                Some(folder) => Worker::Folder(folder),
                None => Worker::Report(&report.path),
            },
        }
    };
    evidence.reports.iter().map(worker).collect()
}

/// The shards whose receipts lie in each folder or below it. Empty when there are not receipts of at least two shards:
/// one receipt alone would claim every report beside it.
fn shards_below(evidence: &Evidence) -> BTreeMap<&str, BTreeSet<usize>> {
    let mut below: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
    for file in &evidence.receipts {
        for folder in ancestors(&file.path) {
            below.entry(folder).or_default().insert(file.receipt.shard);
        }
    }
    let shards: BTreeSet<usize> = evidence.receipts.iter().map(|file| file.receipt.shard).collect();
    if shards.len() < 2 { BTreeMap::new() } else { below }
}

/// The folder that all reports lie in, when as many folders as there are shards lie in it and hold them all: one artifact
/// for each job.
fn artifact_folders(reports: &[ReportEvidence], shards: usize) -> Option<&str> {
    let first = reports.first()?;
    let common = ancestors(&first.path).find(|folder| reports.iter().all(|report| is_below(&report.path, folder)))?;
    let folders: BTreeSet<&str> = reports.iter().map(|report| folder_below(&report.path, common)).collect();
    let is_of_folders = reports.iter().all(|report| folder_below(&report.path, common) != report.path);
    (shards > 1 && folders.len() == shards && is_of_folders).then_some(common)
}

/// The folders around a path, innermost first; the last one is the empty path.
pub(super) fn ancestors(path: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(path);
    std::iter::from_fn(move || {
        let folder = rest?.rfind('/').map_or("", |slash| &path[..slash]);
        rest = (!folder.is_empty()).then_some(folder);
        Some(folder)
    })
}

fn is_below(path: &str, folder: &str) -> bool {
    folder.is_empty() || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

/// The part of a path up to the first name below `folder`.
fn folder_below<'p>(path: &'p str, folder: &str) -> &'p str {
    let begin = if folder.is_empty() { 0 } else { folder.len() + 1 };
    let rest = path.get(begin..).unwrap_or_default();
    let name = rest.find('/').unwrap_or(rest.len());
    path.get(..begin + name).unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::lock::{LOCK_SCHEMA, PlannedShard, Receipt, UnitKind};
    use crate::plan::verify::ReceiptFile;

    fn of(shards: usize, receipts: &[(&str, usize)], reports: &[&str]) -> Vec<String> {
        let receipt = |shard| Receipt {
            schema: LOCK_SCHEMA,
            shard,
            shards,
            digest: String::new(),
            units: Vec::new(),
            exit_code: Some(0),
            signal: None,
            ran: true,
            duration_ms: 0,
            started_ms: 0,
            attempt: None,
        };
        let plan = PlanFile {
            schema: LOCK_SCHEMA,
            digest: String::new(),
            inputs: String::new(),
            tree: None,
            unit: UnitKind::File,
            shards: (0..shards).map(|shard| PlannedShard { shard, predicted_us: 0, units: Vec::new() }).collect(),
            lower_bound_us: 0,
            makespan_us: 0,
            proof: String::new(),
            estimated: Vec::new(),
        };
        let evidence = Evidence {
            receipts: receipts
                .iter()
                .map(|(path, shard)| ReceiptFile { path: (*path).to_owned(), receipt: receipt(*shard) })
                .collect(),
            reports: reports
                .iter()
                .map(|path| ReportEvidence { path: (*path).to_owned(), ..ReportEvidence::default() })
                .collect(),
            ..Evidence::default()
        };
        workers(&plan, &evidence).iter().map(Worker::to_string).collect()
    }

    #[test]
    fn a_receipt_beside_the_report_tells_the_shard() {
        let receipts = [("a/one/.roadcrew/shard-0/receipt.json", 0), ("a/two/.roadcrew/shard-1/receipt.json", 1)];
        assert_eq!(of(2, &receipts, &["a/one/r/x.xml", "a/two/x.xml"]), ["shard 0", "shard 1"]);
        assert_eq!(of(2, &receipts, &["a/x.xml", "y.xml"]), ["`a/x.xml`", "`y.xml`"]);
        assert_eq!(of(2, &receipts[..1], &["a/one/x.xml"]), ["`a/one/x.xml`"]);
        let again = [("t1/receipt.json", 0), ("t2/receipt.json", 0), ("u/receipt.json", 1)];
        assert_eq!(of(2, &again, &["t1/x.xml", "t2/x.xml", "u/x.xml"]), ["shard 0", "shard 0", "shard 1"]);
    }

    #[test]
    fn as_many_folders_as_shards_are_artifacts() {
        assert_eq!(of(2, &[], &["a/one/r/x.xml", "a/one/s/x.xml", "a/two/x.xml"]), ["`a/one`", "`a/one`", "`a/two`"]);
        assert_eq!(of(3, &[], &["a/one/x.xml", "a/two/x.xml"]), ["`a/one/x.xml`", "`a/two/x.xml`"]);
        assert_eq!(of(2, &[], &["a/x.xml", "a/y.xml"]), ["`a/x.xml`", "`a/y.xml`"]);
        assert_eq!(of(2, &[], &["one/x.xml", "two/x.xml"]), ["`one`", "`two`"]);
        assert_eq!(of(2, &[], &["one/x.xml", "y.xml"]), ["`one/x.xml`", "`y.xml`"]);
    }

    #[test]
    fn ancestors_end_at_the_root() {
        assert_eq!(ancestors("a/b/c.xml").collect::<Vec<_>>(), ["a/b", "a", ""]);
        assert_eq!(ancestors("c.xml").collect::<Vec<_>>(), [""]);
        assert_eq!(ancestors("/c.xml").collect::<Vec<_>>(), [""]);
        assert_eq!(ancestors("").collect::<Vec<_>>(), [""]);
    }
}
