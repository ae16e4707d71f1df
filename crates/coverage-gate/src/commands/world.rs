//! All that was observed, as the judge and the report want it.

use crate::args::GateArguments;
use crate::args::options::ReportsOptions;
use crate::error::Error;
use crate::observe::change::Change;
use crate::observe::earlier;
use crate::observe::gather::{self, Gathered, Ground};
use crate::observe::layout;
use crate::plan::baseline::Baseline;
use crate::plan::judge::{Evidence, Rules, judge};
use crate::plan::judgement::{Gate, GateKind, GateVerdict, Judgement, Unproven};
use crate::plan::policy::Policy;
use crate::plan::ratchet::Ratchet;
use crate::plan::thresholds::Thresholds;
use crate::report::Context;
use crate::report::lines::ChangedLines;
use kit_git::observe::judged_by::Found;
use kit_report::{Finding, Level};
use std::collections::BTreeMap;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

/// Everything observed.
pub struct World<'w> {
    options: &'w ReportsOptions,
    /// The change under review.
    pub change: Change,
    /// What the reports say.
    pub gathered: Gathered,
    /// What counts.
    policy: Policy,
    /// A policy that the base branch does not have yet: it reports, and does not decide.
    proposed: Option<Policy>,
    policy_from: Option<String>,
    /// The ratchet's path on this machine, and what it holds.
    ratchet: Option<(String, Result<Found<Ratchet>, Unproven>)>,
    baseline: Option<Result<Found<Baseline>, Unproven>>,
    tracked: Vec<String>,
    /// Whether the repository's files are known.
    complete: bool,
}

impl<'w> World<'w> {
    /// Reads everything, in the order in which it can be wrong: policy, earlier state, reports.
    pub fn observe(
        arguments: &'w GateArguments,
        options: &'w ReportsOptions,
        flags: Policy,
        change: Change,
    ) -> Result<Self, Error> {
        let review = &change.review;
        let found = earlier::policy(review, &below(&options.root, &arguments.thresholds.policy))?;
        let policy_from = found.as_ref().map(|found| found.from.clone());
        let (policy, proposed) = match found {
            Some(found) if found.report_only => (flags, Some(found.content)),
            Some(found) => (found.content.with_flags(flags), None),
            None => (flags, None),
        };
        let asked = policy.ratchet.as_ref().or(proposed.as_ref().and_then(|proposed| proposed.ratchet.as_ref()));
        let ratchet = match asked {
            Some(path) => {
                let path = below(&options.root, path);
                let found = earlier::ratchet(review, &path)?;
                Some((path, found))
            }
            None => None,
        };
        let baseline =
            arguments.earlier.baseline.as_deref().map(|named| earlier::baseline(review, named)).transpose()?;
        let (tracked, complete) = change.paths()?;
        let layout = layout::read(&change.top(), &tracked, options.path_map.clone());
        let gathered = gather::gather(options, &Ground { paths: &tracked, complete, layout })?;
        Ok(World { options, change, gathered, policy, proposed, policy_from, ratchet, baseline, tracked, complete })
    }

    /// The decision, and beside it the gates that only report.
    pub fn judge(&self) -> Judgement {
        // What the base branch does not have yet must not decide, and must not loosen what does: so it is judged apart.
        let decides = self.policy.ratchet.is_some()
            && !self.ratchet.as_ref().is_some_and(|(_, found)| found.as_ref().is_ok_and(|found| found.report_only));
        let counting = Thresholds { ratchet: decides, ..self.policy.thresholds.clone() };
        let mut judgement = self.judge_by(&counting, &self.policy);
        let new_ratchet = self.ratchet.is_some() && !decides;
        if self.proposed.is_some() || new_ratchet {
            let proposed = self.proposed.as_ref().map(|policy| policy.thresholds.clone()).unwrap_or_default();
            let reporting = Thresholds { ratchet: new_ratchet, report_only: true, ..proposed };
            let policy = self.proposed.as_ref().unwrap_or(&self.policy);
            judgement.gates.extend(self.judge_by(&reporting, policy).gates);
        }
        judgement
    }

    fn judge_by(&self, thresholds: &Thresholds, policy: &Policy) -> Judgement {
        let now_s = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs().cast_signed());
        let evidence = Evidence {
            known_files: self.complete,
            tracked: if self.complete { &self.tracked } else { &[] },
            diff: self.change.diff.as_ref().map(|diff| diff.as_ref().map_err(Clone::clone)),
            no_diff: self.change.no_diff.clone(),
            base_commit: self.change.review.comparison.base().map(|base| base.id.as_str()),
            baseline: self.baseline.as_ref().map(content),
            ratchet: self.ratchet.as_ref().map(|(_, found)| content(found)),
            head_time_s: self.change.review.head.as_ref().map(|head| head.time_s),
            now_s,
            expect_reports: self.options.expected.or(policy.expect_reports),
            ..self.gathered.evidence()
        };
        let rules = Rules {
            thresholds,
            partial: policy.partial_lines.unwrap_or_default(),
            missing_baseline: policy.missing_baseline.unwrap_or_default(),
        };
        judge(&rules, &evidence)
    }

    /// The ratchet as today's state allows it, and its file: what is there, tightened, or a first one.
    /// Errors: the reports prove nothing, or not of all that the ratchet holds, so that a ratchet from them would be loose.
    pub fn tightened(&self, judgement: &Judgement) -> Result<Option<(String, Ratchet)>, Error> {
        let Some((path, found)) = &self.ratchet else { return Ok(None) };
        if let Some(unproven) = judgement.unproven.first() {
            return Err(Error::Unproven {
                code: unproven.code,
                what: format!("{path} is left as it is, since the reports prove nothing: {}", unproven.what),
            });
        }
        let open = |gate: &&Gate| gate.gate == GateKind::Ratchet && gate.verdict == GateVerdict::Unproven;
        if let Some(gate) = judgement.gates.iter().find(open).filter(|_| found.is_ok()) {
            let what = format!("{path} is left as it is: {}", gate.why);
            return Err(Error::Unproven { code: "ratchet-unproven", what });
        }
        let ratchet = match found {
            Ok(found) => {
                let moved = match &self.change.diff {
                    Some(Ok(diff)) => found.content.renamed(diff),
                    _ => found.content.clone(),
                };
                moved.tightened(&judgement.files)
            }
            Err(_) => Ratchet::from(&judgement.files, self.policy.ratchet_by.unwrap_or_default()),
        };
        Ok(Some((path.clone(), ratchet)))
    }

    /// What is said besides the judgement.
    pub fn context(&self, judgement: &Judgement) -> Context {
        // Before the notices, since it may leave one.
        let since_commit = self.change.review.since_commit();
        let base = self.change.review.comparison.base().map(|base| format!("{}: {}", base.between, base.why));
        Context {
            base: base.or_else(|| judgement.patch.as_ref().map(|patch| patch.between.clone())),
            policy: self.policy_from.clone(),
            ratchet: self.ratchet.as_ref().and_then(|(_, found)| Some(found.as_ref().ok()?.from.clone())),
            baseline: self.baseline.as_ref().and_then(|found| found.as_ref().ok()).map(|found| {
                match found.content.commit.as_deref() {
                    Some(id) => format!("{}, of commit {}", found.from, &id[..id.len().min(7)]),
                    None => found.from.clone(),
                }
            }),
            likely_path_map: self.gathered.likely_path_map.clone(),
            notices: self.notices(),
            lying: self.gathered.lying.clone(),
            disagreements: self.gathered.disagreements.clone(),
            since_commit,
            lines: self.lines(judgement),
            pull_request: self.change.review.view.number.as_deref().and_then(|number| number.parse().ok()),
            head_sha: self
                .change
                .review
                .view
                .source_id
                .clone()
                .or_else(|| self.change.review.head.as_ref().map(|head| head.id.clone())),
            ..Context::default()
        }
    }

    fn notices(&self) -> Vec<Finding> {
        let mut notices = self.gathered.findings.clone();
        if let Some(repository) = &self.change.review.repository {
            let notice = |what| Finding::new("repository-notice", Level::Notice, what);
            notices.extend(repository.take_notices().into_iter().map(notice));
        }
        notices
    }

    fn lines(&self, judgement: &Judgement) -> BTreeMap<String, ChangedLines> {
        let (Some(_), Some(Ok(diff))) = (&judgement.patch, &self.change.diff) else { return BTreeMap::new() };
        let lines =
            |file: &crate::plan::diff::ChangedFile| ChangedLines::new(file, self.gathered.files.get(&file.path));
        diff.files.iter().map(|file| (file.path.clone(), lines(file))).collect()
    }
}

fn content<T>(found: &Result<Found<T>, Unproven>) -> Result<&T, Unproven> {
    found.as_ref().map(|found| &found.content).map_err(Clone::clone)
}

/// A path relative to the folder that the user named as the root.
pub fn below(root: &str, path: &str) -> String {
    if root == "." || Path::new(path).is_absolute() {
        return path.to_owned();
    }
    Path::new(root).join(path).display().to_string()
}
