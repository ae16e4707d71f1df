//! The one set of reports that every renderer is shown with.

use crate::report::{
    Block, Finding, Insights, InsightsDatum, InsightsType, InsightsValue, Level, Location, Report, Rule, Section,
    Table, Verdict,
};

/// A report with everything in it, strangers' text included.
pub(crate) fn full() -> Report {
    let mut report = Report::new("sample-tool", "1.2.3", Verdict::Fail, "2 of 3 checks failed ::error::x");
    report.findings = vec![
        Finding::new("later", Level::Notice, "no place"),
        Finding::new("broken", Level::Error, "line one\n::warning::line two 100%").at("src/a,b:c.rs", Some(7)),
        Finding::new("doubtful", Level::Warning, "look <b>here</b> @you ##[group]").at("src/z.rs", None),
        Finding { on_changed_line: true, ..Finding::new("changed", Level::Notice, "touched").at("src/q.rs", Some(1)) },
        Finding::new("broken", Level::Error, "all of {0} [them](1)").at("src/r.rs", Some(41)).to_line(42),
        Finding {
            commit_location: Some(Location::new("src/old.rs", Some(3))),
            ..Finding::new("moved", Level::Warning, "elsewhere #12").at("src/new.rs", Some(30))
        },
    ];
    report.rules = &[Rule { code: "broken", description: "Something is broken. Mend it." }];
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
            Block::Preformatted("src\n  a <b>\n  ::c".into()),
            Block::Details {
                summary: "More <of> it".into(),
                blocks: vec![
                    Block::Text("inside".into()),
                    Block::Details { summary: "deeper".into(), blocks: vec![Block::Text("innermost".into())] },
                ],
            },
        ],
    }];
    report.insights = Insights {
        report_type: InsightsType::Coverage,
        data: vec![
            InsightsDatum { title: "share".into(), value: InsightsValue::Percentage { hundredths: 7999 } },
            InsightsDatum { title: "lines".into(), value: InsightsValue::Number(12) },
            InsightsDatum { title: "words".into(), value: InsightsValue::Text("x".repeat(60)) },
        ],
    };
    report.body.insert("shards".into(), serde_json::json!(2));
    report
}

/// A report that says yes and nothing else.
pub(crate) fn pass() -> Report {
    Report::new("sample-tool", "1.2.3", Verdict::Pass, "all good")
}
