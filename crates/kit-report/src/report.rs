//! The report: what a tool found, as plain data.

use serde::Serialize;
use std::collections::BTreeMap;

/// Version of the JSON report's shape. It grows when a field changes its meaning or goes away; new fields don't count.
pub const SCHEMA_VERSION: u32 = 1;

/// The answer to the tool's question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// The answer is yes, or the work is done.
    Pass,
    /// The answer is no.
    Fail,
    /// The evidence for an answer is missing; never to be read as a pass.
    Unproven,
    /// No answer: bad input, or the world failed.
    Error,
    /// A newer run has taken over; nothing was left to do.
    Superseded,
}

impl Verdict {
    /// The word that stands in the JSON report and in outputs.
    pub fn as_str(self) -> &'static str {
        match self {
            Verdict::Pass => "pass",
            Verdict::Fail => "fail",
            Verdict::Unproven => "unproven",
            Verdict::Error => "error",
            Verdict::Superseded => "superseded",
        }
    }
}

/// How much a finding matters. Declared in order of weight: errors sort first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Contributes to a verdict other than pass.
    Error,
    /// Does not change the verdict; somebody should look.
    Warning,
    /// Worth knowing.
    Notice,
}

/// A place in the repository.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Location {
    /// Relative to the repository's root, `/`-separated.
    pub path: String,
    /// 1-based line; the first of a range.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// 1-based last line of a range, inclusive; `None` when the place is one line or a whole file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_line: Option<u32>,
}

impl Location {
    /// A file, or one line of it.
    pub fn new(path: impl Into<String>, line: Option<u32>) -> Self {
        Location { path: path.into(), line, end_line: None }
    }

    /// The last line when the place is a range of more than one line.
    pub fn range_end(&self) -> Option<u32> {
        self.end_line.filter(|end| self.line.is_some_and(|line| *end > line))
    }

    /// As people write it: `path`, `path:41` or `path:41-42`. Not escaped.
    pub fn place(&self) -> String {
        match (self.line, self.range_end()) {
            (Some(line), Some(end)) => format!("{}:{line}-{end}", self.path),
            (Some(line), None) => format!("{}:{line}", self.path),
            (None, _) => self.path.clone(),
        }
    }
}

/// One thing found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Stable, kebab-case; part of the users' contract.
    pub code: &'static str,
    /// Weight.
    pub level: Level,
    /// One line or several; what was found and what to do.
    pub message: String,
    /// Where, when there is a place.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub location: Option<Location>,
    /// Whether the place is on a line that the change under review touches; such findings are shown first where a host
    /// shows only some.
    #[serde(skip)]
    pub on_changed_line: bool,
    /// The same place in the commit that a host hangs the report on, where that is not the commit that was checked out:
    /// Bitbucket and GitHub check out the merge of a pull request, but annotate its own last commit.
    #[serde(skip)]
    pub commit_location: Option<Location>,
}

impl Finding {
    /// A finding without a place.
    pub fn new(code: &'static str, level: Level, message: impl Into<String>) -> Self {
        Finding { code, level, message: message.into(), location: None, on_changed_line: false, commit_location: None }
    }

    /// The same finding at a place.
    pub fn at(mut self, path: impl Into<String>, line: Option<u32>) -> Self {
        self.location = Some(Location::new(path, line));
        self
    }

    /// The same finding over all lines from its own to `end_line`, 1-based and inclusive. Without a line, or with an end
    /// that is not after it, nothing changes.
    pub fn to_line(mut self, end_line: u32) -> Self {
        if let Some(location) = &mut self.location {
            location.end_line = Some(end_line);
            location.end_line = location.range_end();
        }
        self
    }
}

/// One named result handed to later steps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// Kebab-case name as declared by the tool.
    pub name: &'static str,
    /// The value; may hold several lines.
    pub value: String,
}

/// A table of a section.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Table {
    /// Column headings.
    pub columns: Vec<&'static str>,
    /// Rows, each as long as `columns`.
    pub rows: Vec<Vec<String>>,
}

/// A piece of a section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A paragraph of plain text.
    Text(String),
    /// A table.
    Table(Table),
    /// Lines whose blanks and breaks matter, such as a tree.
    Preformatted(String),
    /// A part that is folded away where a host can fold.
    Details {
        /// What stands there while it is folded.
        summary: String,
        /// Content in order; a further `Details` within stands unfolded.
        blocks: Vec<Block>,
    },
}

/// A titled part of the report, for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// Heading.
    pub title: String,
    /// Content in order.
    pub blocks: Vec<Block>,
}

/// What a finding's code means, for hosts that show rules, and for the tool's documentation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// The code, as in [`Finding::code`].
    pub code: &'static str,
    /// One or two sentences: what it means and what to do. Plain text of at most 1024 characters.
    pub description: &'static str,
}

/// What Code Insights call a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum InsightsType {
    /// Anything that is tested.
    #[default]
    Test,
    /// Coverage.
    Coverage,
}

/// A figure on a report's card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InsightsDatum {
    /// What it is, a few words.
    pub title: String,
    /// How much.
    pub value: InsightsValue,
}

/// The value of a figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InsightsValue {
    /// Plain text of at most 50 characters.
    Text(String),
    /// A count.
    Number(u64),
    /// A percentage in hundredths of a point: 7999 is 79.99 %. The caller has rounded it the way it must be rounded.
    Percentage {
        /// 0 to 10,000.
        hundredths: u32,
    },
}

/// How the report looks on Bitbucket's Code Insights.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Insights {
    /// What kind of report.
    pub report_type: InsightsType,
    /// At most [`crate::limits::BITBUCKET_REPORT_DATA`] figures; with none, the outputs stand there as text.
    pub data: Vec<InsightsDatum>,
}

/// One thing that was tried, for JUnit: passing ones too, which no finding speaks of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// What was tried.
    pub name: String,
    /// How long it took, µs.
    pub time_us: u64,
    /// Why it failed; `None` when it passed.
    pub failure: Option<String>,
}

/// What a tool has to say.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// The tool's name.
    pub tool: &'static str,
    /// The tool's version, SemVer.
    pub version: &'static str,
    /// The answer.
    pub verdict: Verdict,
    /// One line that says the answer and its main figure.
    pub headline: String,
    /// What was found, in no particular order; renderers sort by [`Report::ranked_findings`].
    pub findings: Vec<Finding>,
    /// What later steps get.
    pub outputs: Vec<Output>,
    /// Details for people, in order of importance: a host that shows less cuts from the end.
    pub sections: Vec<Section>,
    /// The tool's own part of the JSON report: an object whose keys join the top level.
    pub body: serde_json::Map<String, serde_json::Value>,
    /// Long lists of that part by key, each element as JSON text on one line: a tree of values of fifty thousand files would
    /// take ten times the memory of their text.
    pub lists: BTreeMap<&'static str, Vec<String>>,
    /// Whether the report is a verdict on the commit that belongs on the pull request (Code Insights, code quality), or
    /// one worker's intermediate result that would only be noise there.
    pub on_commit: bool,
    /// What the codes of the findings mean; a code that is missing here explains itself by its name.
    pub rules: &'static [Rule],
    /// The report's card on Bitbucket.
    pub insights: Insights,
    /// What JUnit shows instead of the findings; with none, it shows those.
    pub cases: Vec<Case>,
}

impl Report {
    /// An empty report with a verdict and its headline.
    pub fn new(tool: &'static str, version: &'static str, verdict: Verdict, headline: impl Into<String>) -> Self {
        Report {
            tool,
            version,
            verdict,
            headline: headline.into(),
            findings: Vec::new(),
            outputs: Vec::new(),
            sections: Vec::new(),
            body: serde_json::Map::new(),
            lists: BTreeMap::new(),
            on_commit: false,
            rules: &[],
            insights: Insights::default(),
            cases: Vec::new(),
        }
    }

    /// The findings as every renderer shows them: errors that are about the whole first, then those on changed lines, then
    /// the others; each by weight, place and code.
    pub fn ranked_findings(&self) -> Vec<&Finding> {
        let mut ranked: Vec<&Finding> = self.findings.iter().collect();
        let group = |finding: &Finding| match (&finding.location, finding.level, finding.on_changed_line) {
            (None, Level::Error, _) => 0,
            (_, _, true) => 1,
            (_, _, false) => 2,
        };
        ranked.sort_by(|a, b| (group(a), a.level, &a.location, a.code).cmp(&(group(b), b.level, &b.location, b.code)));
        ranked
    }

    /// Sets an output, replacing an earlier value of the same name.
    pub fn set_output(&mut self, name: &'static str, value: impl Into<String>) {
        let value = value.into();
        match self.outputs.iter_mut().find(|output| output.name == name) {
            Some(output) => output.value = value,
            None => self.outputs.push(Output { name, value }),
        }
    }
}
