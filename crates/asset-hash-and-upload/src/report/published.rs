//! What `publish` did, or `plan` would do.

use super::{Requests, begin, number, requests, words};
use crate::plan::price;
use crate::plan::summary::{Change, Summary};
use kit_report::{Block, Finding, Report, Section, Table, Verdict, plural};
use serde_json::{Map, Value};

/// Rows of the tables of changed files.
const ROWS: usize = 10;

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// The release is there, and the pointer, if there is one, leads to it.
    Published,
    /// The last release is the same: nothing was written.
    Unchanged,
    /// A dry run.
    Planned,
    /// A newer release took the pointer first.
    Superseded,
}

/// A publish.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publication {
    /// How it ended.
    pub end: End,
    /// The release; of a plan the one that is there.
    pub release: Option<String>,
    /// The cache-busting value.
    pub version: String,
    /// Key of the record.
    pub manifest: Option<String>,
    /// Where browsers find the published keys; empty when nobody said.
    pub base_url: String,
    /// The file with the map of names, where one was written.
    pub manifest_file: Option<String>,
    /// What it came to.
    pub summary: Summary,
    /// Addresses that a CDN was told to forget.
    pub purged: Vec<String>,
    /// Requests that were made; of a plan, those that would be.
    pub requests: Requests,
    /// Their price at list prices, millionths of a dollar.
    pub price_microdollars: u64,
    /// What else is worth knowing.
    pub notes: Vec<Finding>,
}

/// The report of `publish` and `plan`.
pub fn report(publication: &Publication) -> Report {
    let verdict = if publication.end == End::Superseded { Verdict::Superseded } else { Verdict::Pass };
    let mut report = begin(verdict, headline(publication));
    report.findings.clone_from(&publication.notes);
    report.sections = sections(publication);
    report.body = body(publication);
    let line = |change: &Change| {
        let mut map = Map::new();
        map.insert("path".to_owned(), Value::from(change.path.as_str()));
        map.insert("before_bytes".to_owned(), change.before_bytes.map_or(Value::Null, Value::from));
        map.insert("after_bytes".to_owned(), Value::from(change.after_bytes));
        Value::Object(map).to_string()
    };
    report.lists.insert("changed", publication.summary.changes.iter().map(line).collect());
    report
        .lists
        .insert("gone", publication.summary.gone.iter().map(|path| Value::from(path.as_str()).to_string()).collect());
    report.set_output("version", publication.version.clone());
    report.set_output("release", publication.release.clone().unwrap_or_default());
    report.set_output("manifest-path", publication.manifest_file.clone().unwrap_or_default());
    report.set_output("changed-count", publication.summary.files.uploaded.to_string());
    report.set_output("base-url", publication.base_url.clone());
    report.insights.data = vec![
        number("Files", publication.summary.files.total),
        number("Uploaded", publication.summary.files.uploaded),
        number("Unchanged", publication.summary.files.unchanged),
    ];
    report
}

fn headline(publication: &Publication) -> String {
    let files = &publication.summary.files;
    let all = plural(usize::try_from(files.total).unwrap_or(usize::MAX), "file");
    let sent = format!("{} of {all} ({})", files.uploaded, words::size(publication.summary.uploaded_bytes));
    let release = publication.release.as_deref().unwrap_or_default();
    match publication.end {
        End::Published => format!("release {release}: {sent} uploaded, {} unchanged", files.unchanged),
        End::Unchanged => format!("nothing changed: release {release} has these {all}"),
        End::Planned => format!("{sent} would be uploaded for {}", price::dollars(publication.price_microdollars)),
        End::Superseded => format!("release {release} is there, but a newer one took the pointer first"),
    }
}

fn sections(publication: &Publication) -> Vec<Section> {
    let files = &publication.summary.files;
    let rows = [
        ("Uploaded", files.uploaded),
        ("Unchanged", files.unchanged),
        ("Other headers", files.headers_only),
        ("Copied", files.copied),
        ("Pages put in place", files.pages),
        ("Left out", files.left_out),
    ];
    let rows = rows.into_iter().filter(|(_, count)| *count > 0);
    let rows = rows.map(|(what, count)| vec![what.to_owned(), count.to_string()]).collect();
    let mut blocks = vec![Block::Table(Table { columns: vec!["Files", "Count"], rows })];
    let spent: Vec<String> =
        publication.requests.by_kind.iter().map(|(kind, count)| format!("{count} {kind}")).collect();
    blocks.push(Block::Text(format!(
        "Requests: {} ({})",
        spent.join(", "),
        price::dollars(publication.price_microdollars)
    )));
    let mut sections = vec![Section { title: "Files".to_owned(), blocks }];
    if let Some(table) = growth(&publication.summary.changes) {
        sections.push(Section { title: "Largest growth".to_owned(), blocks: vec![Block::Table(table)] });
    }
    sections
}

/// The files that grew most; new ones count whole.
fn growth(changes: &[Change]) -> Option<Table> {
    let grown = |change: &Change| change.after_bytes.saturating_sub(change.before_bytes.unwrap_or_default());
    let mut largest: Vec<&Change> = changes.iter().filter(|change| grown(change) > 0).collect();
    largest.sort_by_key(|change| (std::cmp::Reverse(grown(change)), change.path.as_str()));
    largest.truncate(ROWS);
    let row = |change: &&Change| {
        let before = change.before_bytes.map_or_else(|| "new".to_owned(), words::size);
        vec![change.path.clone(), before, words::size(change.after_bytes), format!("+{}", words::size(grown(change)))]
    };
    let rows: Vec<Vec<String>> = largest.iter().map(row).collect();
    (!rows.is_empty()).then(|| Table { columns: vec!["File", "Before", "Now", "Growth"], rows })
}

fn body(publication: &Publication) -> Map<String, Value> {
    let files = &publication.summary.files;
    let counts = [
        ("total", files.total),
        ("uploaded", files.uploaded),
        ("unchanged", files.unchanged),
        ("headers_only", files.headers_only),
        ("copied", files.copied),
        ("pages", files.pages),
        ("left_out", files.left_out),
    ];
    let counts: Map<String, Value> =
        counts.into_iter().map(|(name, count)| (name.to_owned(), Value::from(count))).collect();
    let text = |value: &Option<String>| value.as_deref().map_or(Value::Null, Value::from);
    let mut body = Map::new();
    let end = match publication.end {
        End::Published => "published",
        End::Unchanged => "unchanged",
        End::Planned => "planned",
        End::Superseded => "superseded",
    };
    body.insert("end".to_owned(), Value::from(end));
    body.insert("release".to_owned(), text(&publication.release));
    body.insert("manifest".to_owned(), text(&publication.manifest));
    body.insert("cache_busting_value".to_owned(), Value::from(publication.version.as_str()));
    body.insert("files".to_owned(), Value::Object(counts));
    body.insert("total_bytes".to_owned(), Value::from(publication.summary.total_bytes));
    body.insert("uploaded_bytes".to_owned(), Value::from(publication.summary.uploaded_bytes));
    body.insert("purged".to_owned(), publication.purged.iter().map(String::as_str).collect());
    body.insert("requests".to_owned(), requests(&publication.requests));
    body.insert("price_microdollars".to_owned(), Value::from(publication.price_microdollars));
    body
}
