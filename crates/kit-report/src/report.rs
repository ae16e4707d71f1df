//! The report: what a tool found, as plain data.

use serde::Serialize;

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
    /// 1-based line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
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
}

impl Finding {
    /// A finding without a place.
    pub fn new(code: &'static str, level: Level, message: impl Into<String>) -> Self {
        Finding { code, level, message: message.into(), location: None, on_changed_line: false }
    }

    /// The same finding at a place.
    pub fn at(mut self, path: impl Into<String>, line: Option<u32>) -> Self {
        self.location = Some(Location { path: path.into(), line });
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
}

/// A titled part of the report, for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// Heading.
    pub title: String,
    /// Content in order.
    pub blocks: Vec<Block>,
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
    /// Whether the report is a verdict on the commit that belongs on the pull request (Code Insights, code quality), or
    /// one worker's intermediate result that would only be noise there.
    pub on_commit: bool,
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
            on_commit: false,
        }
    }

    /// The findings as every renderer shows them: those on changed lines first, then by weight, place and code.
    pub fn ranked_findings(&self) -> Vec<&Finding> {
        let mut ranked: Vec<&Finding> = self.findings.iter().collect();
        ranked.sort_by(|a, b| {
            (!a.on_changed_line, a.level, &a.location, a.code).cmp(&(!b.on_changed_line, b.level, &b.location, b.code))
        });
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
