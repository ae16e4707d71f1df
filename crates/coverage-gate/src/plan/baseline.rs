//! What was covered before: the baseline that a drop is measured against. PURE.
//!
//! Our own file is JSON with one file of the code on each line, sorted, so that a committed one can be read and merged:
//! ```json
//! {"coverage-gate-baseline":1,"commit":"1a2b3c4","partial-lines":"hit",
//! "totals":{"lines":{"covered":1,"coverable":2}},
//! "files":[
//! {"path":"src/a.php","covered":"1-4,7","uncovered":"9","totals":{"lines":{"covered":5,"coverable":6}}}
//! ]}
//! ```
//! `covered` and `uncovered` are absent for files of which no lines are known by number. The report that `--json` writes
//! is a baseline too; it knows totals only, so removed code can be taken out of it by whole files alone.
#![warn(clippy::disallowed_methods)]

use super::coverage::Files;
use super::coverage::totals::{PartialLines, Share, Totals};
use super::diff::LineRange;
use super::judgement::Judgement;
use super::measured::states;
use super::ranges;
use crate::error::Error;
use serde::{Deserialize, Serialize};

/// Version of our own file. It grows when a field changes its meaning.
pub const BASELINE_VERSION: u64 = 1;
/// Bytes of a baseline. Fifty thousand files with four hundred lines each take 80 MB.
pub const MAX_BASELINE_BYTES: usize = 1 << 29;
/// Any count in a baseline; more lines than that were never written.
const MAX_COUNT: u64 = 1 << 48;
/// Characters of a commit's id: SHA-256 in hexadecimal.
const MAX_COMMIT: usize = 64;

/// Lines of a file by number.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LineNumbers {
    /// In order, consecutive lines joined.
    pub covered: Vec<LineRange>,
    /// Likewise.
    pub uncovered: Vec<LineRange>,
}

impl LineNumbers {
    /// Whether a line was covered; `None` when it could not run.
    pub fn state(&self, line: u32) -> Option<bool> {
        if ranges::contains(&self.covered, line) {
            return Some(true);
        }
        ranges::contains(&self.uncovered, line).then_some(false)
    }

    /// So many of so many.
    pub fn share(&self) -> Share {
        let covered = ranges::count(&self.covered);
        Share { covered, coverable: covered + ranges::count(&self.uncovered) }
    }
}

/// One file as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaselineFile {
    /// In the repository, or as reported.
    pub path: String,
    /// Whether it was a file of the repository.
    pub matched: bool,
    /// Its totals.
    pub totals: Totals,
    /// Its lines, when known by number.
    pub lines: Option<LineNumbers>,
}

/// A run that later ones are compared with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Baseline {
    /// The commit it is of, when known.
    pub commit: Option<String>,
    /// What a partial line counted as, when known.
    pub partial: Option<PartialLines>,
    /// Over all files.
    pub totals: Totals,
    /// In order of path, each once.
    pub files: Vec<BaselineFile>,
}

impl Baseline {
    /// Reads our own file or the report that `--json` writes. `name` is the file's, for errors.
    /// Errors: with the line where there is one, what is wrong and what to give instead.
    pub fn parse(text: &str, name: &str) -> Result<Baseline, Error> {
        let refuse = |line: Option<usize>, what: String| {
            Error::file(name, line.filter(|line| *line > 0).and_then(|line| u32::try_from(line).ok()), what)
        };
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        if text.len() > MAX_BASELINE_BYTES {
            return Err(refuse(None, format!("a baseline has at most {MAX_BASELINE_BYTES} bytes")));
        }
        if text.trim().is_empty() {
            return Err(refuse(None, format!("it is empty; {HOW_TO_MAKE}")));
        }
        let file: BaselineText = serde_json::from_str(text).map_err(|err| {
            refuse(Some(err.line()), format!("it is no baseline: {}; {HOW_TO_MAKE}", without_place(&err)))
        })?;
        file.check().map_err(|what| refuse(None, what))
    }

    /// Keeps what a later run is compared with. `files` are those that the judgement is of.
    pub fn from(judgement: &Judgement, files: &Files<String>, commit: Option<&str>) -> Baseline {
        let partial = partial_of(judgement.partial_lines).unwrap_or_default();
        let keep = |result: &super::judgement::FileResult| BaselineFile {
            path: result.path.clone(),
            matched: result.matched,
            totals: result.totals,
            lines: files.get(&result.path).filter(|_| result.matched && !result.totals_only).map(|coverage| {
                LineNumbers {
                    covered: ranges::exact(states(coverage, partial).filter(|(_, ran)| *ran).map(|(line, _)| line)),
                    uncovered: ranges::exact(states(coverage, partial).filter(|(_, ran)| !*ran).map(|(line, _)| line)),
                }
            }),
        };
        let mut kept: Vec<BaselineFile> = judgement.files.iter().map(keep).collect();
        kept.sort_by(|a, b| (&a.path, !a.matched).cmp(&(&b.path, !b.matched)));
        // Two modules may report one path that no file of the repository has; their sum stands for both.
        kept.dedup_by(|next, before| {
            let same = next.path == before.path;
            if same {
                before.totals = before.totals.plus(next.totals);
                before.lines = None;
            }
            same
        });
        Baseline { commit: commit.map(str::to_owned), partial: Some(partial), totals: judgement.totals, files: kept }
    }

    /// Our own file, with a line end at its end.
    pub fn to_text(&self) -> String {
        let head = HeadText {
            version: BASELINE_VERSION,
            commit: self.commit.as_deref(),
            partial: self.partial.map(partial_name),
        };
        // Serialising plain structures into a String can't fail; what is left then would be refused on reading.
        let json = |value: Result<String, serde_json::Error>| value.unwrap_or_default();
        let head = json(serde_json::to_string(&head));
        let mut text = format!(
            "{},\n\"totals\":{},\n\"files\":[",
            head.trim_end_matches('}'),
            json(serde_json::to_string(&self.totals))
        );
        for (at, file) in self.files.iter().enumerate() {
            let line = FileText {
                path: file.path.clone(),
                matched: file.matched,
                covered: file.lines.as_ref().map(|lines| ranges::to_text(&lines.covered)),
                uncovered: file.lines.as_ref().map(|lines| ranges::to_text(&lines.uncovered)),
                totals: Some(file.totals),
                flat: Totals::default(),
            };
            text.push_str(if at == 0 { "\n" } else { ",\n" });
            text.push_str(&json(serde_json::to_string(&line)));
        }
        text.push_str("\n]}\n");
        text
    }

    /// Whether lines are known by number.
    pub fn has_lines(&self) -> bool {
        self.files.iter().any(|file| file.lines.is_some())
    }
}

const HOW_TO_MAKE: &str = "give a file that `--write-baseline` wrote, or a report that `--json` wrote";

#[derive(Serialize)]
struct HeadText<'b> {
    #[serde(rename = "coverage-gate-baseline")]
    version: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    commit: Option<&'b str>,
    #[serde(rename = "partial-lines", skip_serializing_if = "Option::is_none")]
    partial: Option<&'static str>,
}

#[derive(Deserialize)]
struct BaselineText {
    #[serde(rename = "coverage-gate-baseline")]
    version: Option<u64>,
    tool: Option<String>,
    schema: Option<u64>,
    commit: Option<String>,
    #[serde(rename = "partial-lines", alias = "partial_lines")]
    partial: Option<String>,
    totals: Option<Totals>,
    files: Option<Vec<FileText>>,
}

#[derive(Serialize, Deserialize)]
struct FileText {
    path: String,
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    matched: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    covered: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    uncovered: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    totals: Option<Totals>,
    /// In a report of `--json`, a file's totals stand in the file itself.
    #[serde(flatten, skip_serializing)]
    flat: Totals,
}

fn yes() -> bool {
    true
}

fn is_yes(value: &bool) -> bool {
    *value
}

impl BaselineText {
    fn check(self) -> Result<Baseline, String> {
        match (self.version, self.tool.as_deref(), self.schema) {
            (Some(BASELINE_VERSION), ..) | (None, Some("coverage-gate"), Some(1)) => {}
            (Some(version), ..) => {
                return Err(format!("a baseline of version {version} is not known; a newer coverage-gate wrote it"));
            }
            (None, Some("coverage-gate"), schema) => {
                return Err(format!("a report of schema {schema:?} is not known; another coverage-gate wrote it"));
            }
            (None, ..) => return Err(format!("it is no baseline; {HOW_TO_MAKE}")),
        }
        let Some(totals) = self.totals else { return Err("it has no totals".to_owned()) };
        let partial = match self.partial.as_deref() {
            None => None,
            Some(name) => Some(partial_of(name).ok_or_else(|| "`partial-lines` is neither hit nor miss".to_owned())?),
        };
        let hexadecimal =
            |id: &String| (7..=MAX_COMMIT).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_hexdigit());
        if self.commit.as_ref().is_some_and(|id| !hexadecimal(id)) {
            return Err("`commit` is no commit's id".to_owned());
        }
        check_totals(&totals, "the totals")?;
        let mut files = Vec::new();
        for file in self.files.unwrap_or_default() {
            files.push(file.check()?);
        }
        files.sort_by(|a: &BaselineFile, b| a.path.cmp(&b.path));
        if let Some(twice) = files.windows(2).find(|pair| pair[0].path == pair[1].path && pair[0].matched) {
            return Err(format!("`{}` is in it twice", twice[0].path.escape_debug()));
        }
        Ok(Baseline { commit: self.commit, partial, totals, files })
    }
}

impl FileText {
    fn check(self) -> Result<BaselineFile, String> {
        let path = self.path;
        let of_file = |what: String| format!("`{}`: {what}", path.escape_debug());
        let totals = self.totals.unwrap_or(self.flat);
        check_totals(&totals, "its totals").map_err(of_file)?;
        let lines = match (self.covered, self.uncovered) {
            (None, None) => None,
            (covered, uncovered) => {
                let lines = LineNumbers {
                    covered: ranges::parse(&covered.unwrap_or_default()).map_err(of_file)?,
                    uncovered: ranges::parse(&uncovered.unwrap_or_default()).map_err(of_file)?,
                };
                if let Some(line) = overlap(&lines) {
                    return Err(of_file(format!("line {line} is both covered and uncovered")));
                }
                Some(lines)
            }
        };
        Ok(BaselineFile { path, matched: self.matched, totals, lines })
    }
}

fn overlap(lines: &LineNumbers) -> Option<u32> {
    let mut all: Vec<&LineRange> = lines.covered.iter().chain(&lines.uncovered).collect();
    all.sort();
    all.windows(2).find(|pair| pair[0].last >= pair[1].first).map(|pair| pair[1].first)
}

fn check_totals(totals: &Totals, whose: &str) -> Result<(), String> {
    let shares = [
        totals.lines,
        totals.functions,
        totals.statements,
        totals.branches.map(super::coverage::totals::BranchShare::lower),
    ];
    for share in shares.into_iter().flatten() {
        if share.covered > share.coverable {
            return Err(format!("{whose} say that {} of {} are covered", share.covered, share.coverable));
        }
        if share.coverable > MAX_COUNT {
            return Err(format!("{whose} count {}, which is more than there can be", share.coverable));
        }
    }
    Ok(())
}

/// `hit` or `miss`.
pub fn partial_name(partial: PartialLines) -> &'static str {
    match partial {
        PartialLines::Hit => "hit",
        PartialLines::Miss => "miss",
    }
}

fn partial_of(name: &str) -> Option<PartialLines> {
    [PartialLines::Hit, PartialLines::Miss].into_iter().find(|partial| partial_name(*partial) == name)
}

fn without_place(err: &serde_json::Error) -> String {
    let text = err.to_string();
    text.rfind(" at line ").map_or(text.clone(), |end| text[..end].to_owned())
}

#[cfg(test)]
mod tests;
