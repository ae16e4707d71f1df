//! The one set of reports that every renderer is shown with.

use crate::report::{Block, Finding, Level, Report, Section, Table, Verdict};

/// A report with everything in it, strangers' text included.
pub(crate) fn full() -> Report {
    let mut report = Report::new("sample-tool", "1.2.3", Verdict::Fail, "2 of 3 checks failed ::error::x");
    report.findings = vec![
        Finding::new("later", Level::Notice, "no place"),
        Finding::new("broken", Level::Error, "line one\n::warning::line two 100%").at("src/a,b:c.rs", Some(7)),
        Finding::new("doubtful", Level::Warning, "look <b>here</b> @you ##[group]").at("src/z.rs", None),
        Finding { on_changed_line: true, ..Finding::new("changed", Level::Notice, "touched").at("src/q.rs", Some(1)) },
    ];
    report.set_output("files", "a\nb");
    report.set_output("predicted-s", "12.5");
    report.sections = vec![Section {
        title: "Shards".into(),
        blocks: vec![
            Block::Text("all | of it".into()),
            Block::Table(Table {
                columns: vec!["shard", "seconds"],
                rows: vec![vec!["0".into(), "12.5".into()], vec!["1".into(), "7.25".into()]],
            }),
        ],
    }];
    report.body.insert("shards".into(), serde_json::json!(2));
    report
}

/// A report that says yes and nothing else.
pub(crate) fn pass() -> Report {
    Report::new("sample-tool", "1.2.3", Verdict::Pass, "all good")
}
