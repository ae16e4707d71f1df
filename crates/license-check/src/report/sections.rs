//! The report's sections: what the change brings, what may not be shipped, licences, lists. The worst first.

use super::Context;
use super::headline::{Counts, identity};
use super::phrases::{cut, plural};
use crate::plan::compare::Change;
use crate::plan::judgement::{Answer, Judged, Judgement};
use kit_report::{Block, Section, Table};
use std::collections::{BTreeMap, BTreeSet};

/// Packages in a table.
const PACKAGES: usize = 50;
/// Licences in the table of all licences.
const LICENSES: usize = 40;
/// Lists that are shown.
const LISTS: usize = 40;
/// Names in a sentence.
const NAMES: usize = 20;

/// All sections that have something to say, in order of importance.
pub(super) fn sections(judgement: &Judgement<'_>, context: &Context) -> Vec<Section> {
    let mut sections = Vec::new();
    sections.extend(problems(judgement));
    if context.base.is_some() {
        sections.push(change(judgement));
    }
    sections.push(licenses(judgement));
    sections.push(read(judgement, context));
    sections
}

/// Entries of the same package at the same version, once, the worst first.
pub(super) fn ranked<'j, 'k>(judgement: &'j Judgement<'k>, keep: impl Fn(&Judged<'k>) -> bool) -> Vec<&'j Judged<'k>> {
    let mut seen = BTreeSet::new();
    let mut ranked: Vec<&Judged<'k>> =
        judgement.foreign().filter(|judged| keep(judged) && seen.insert(identity(judged))).collect();
    ranked.sort_by(|a, b| b.answer.cmp(&a.answer).then_with(|| identity(a).cmp(&identity(b))));
    ranked
}

/// The licence as a cell shows it.
pub(super) fn license(judged: &Judged<'_>) -> String {
    let decision = &judged.decision;
    match (&decision.license, &decision.family) {
        (Some(license), _) => cut(license),
        (None, Some(family)) => cut(&format!("{family}, ambiguous")),
        (None, None) => "none".to_owned(),
    }
}

fn problems(judgement: &Judgement<'_>) -> Option<Section> {
    let ranked = ranked(judgement, |judged| judged.counts && judged.answer >= Answer::Warn);
    if ranked.is_empty() {
        return None;
    }
    let row = |judged: &&Judged<'_>| {
        let why = judged.why.first().map_or("", |why| why.what.as_str());
        let place = &judged.known.package.place;
        vec![
            cut(&judged.known.package.id()),
            license(judged),
            judged.answer.as_str().to_owned(),
            cut(why),
            cut(&place.to_string()),
        ]
    };
    let columns = vec!["package", "licence", "verdict", "why", "where"];
    let mut blocks = vec![Block::Table(Table { columns, rows: ranked.iter().take(PACKAGES).map(row).collect() })];
    blocks.extend(more(ranked.len(), PACKAGES, "package"));
    let pastes: BTreeSet<&str> = ranked
        .iter()
        .filter(|judged| judged.answer == Answer::Fail)
        .filter_map(|judged| judged.paste.as_deref())
        .collect();
    if !pastes.is_empty() {
        let text = pastes.iter().take(NAMES).copied().collect::<Vec<_>>().join("\n");
        let summary = "Lines for the policy that would settle it, once somebody has decided so".to_owned();
        blocks.push(Block::Details { summary, blocks: vec![Block::Preformatted(text)] });
    }
    Some(Section { title: "What needs a decision".to_owned(), blocks })
}

fn more(count: usize, shown: usize, noun: &str) -> Option<Block> {
    (count > shown).then(|| Block::Text(format!("{} more not shown.", plural(count - shown, noun))))
}

/// The three lists of a change: new packages, changed licences, exceptions about to lapse; and the rest in numbers.
fn change(judgement: &Judgement<'_>) -> Section {
    let mut blocks = Vec::new();
    let added = ranked(judgement, |judged| matches!(judged.change, Change::Added | Change::Promoted));
    let bumped = ranked(judgement, |judged| matches!(judged.change, Change::Version { .. }));
    if !added.is_empty() {
        let row = |judged: &&Judged<'_>| {
            let what = if judged.change == Change::Promoted { "shipped now" } else { "new" };
            vec![cut(&judged.known.package.id()), license(judged), judged.answer.as_str().to_owned(), what.to_owned()]
        };
        let columns = vec!["package", "licence", "verdict", ""];
        blocks.push(Block::Table(Table { columns, rows: added.iter().take(PACKAGES).map(row).collect() }));
        blocks.extend(more(added.len(), PACKAGES, "package"));
    }
    let relicensed: Vec<&&Judged<'_>> = bumped.iter().filter(|judged| judged.relicensed.is_some()).collect();
    if !relicensed.is_empty() {
        let row = |judged: &&&Judged<'_>| {
            let before = judged.relicensed.as_ref().map(|before| before.join(", ")).unwrap_or_default();
            vec![cut(&judged.known.package.id()), cut(&before), license(judged)]
        };
        let columns = vec!["new version", "licence before", "licence now"];
        blocks.push(Block::Table(Table { columns, rows: relicensed.iter().take(PACKAGES).map(row).collect() }));
        blocks.extend(more(relicensed.len(), PACKAGES, "package"));
    }
    let lapsing: Vec<String> = judgement
        .policy_notes
        .iter()
        .filter(|note| note.code == "exception-expiring")
        .map(|note| note.what.clone())
        .collect();
    if !lapsing.is_empty() {
        blocks.push(Block::Text(lapsing.join("\n")));
    }
    blocks.push(Block::Text(figures(judgement)));
    Section { title: "What the change brings".to_owned(), blocks }
}

/// `4 added, 5 removed, 85 in another version, 0 of them with another licence.`
pub(super) fn figures(judgement: &Judgement<'_>) -> String {
    let names = |keep: &dyn Fn(&Judged<'_>) -> bool| {
        let names: BTreeSet<_> = judgement
            .foreign()
            .filter(|judged| keep(judged))
            .map(|judged| (judged.list, judged.known.package.ecosystem, judged.known.package.name.as_str()))
            .collect();
        names.len()
    };
    let added = names(&|judged| judged.change == Change::Added);
    let promoted = names(&|judged| judged.change == Change::Promoted);
    let bumped = names(&|judged| matches!(judged.change, Change::Version { .. }));
    let relicensed = names(&|judged| judged.relicensed.is_some());
    let shipped = if promoted == 0 { String::new() } else { format!("{promoted} shipped now, ") };
    format!(
        "{added} added, {} removed, {shipped}{bumped} in another version, {relicensed} of them with another licence.",
        judgement.removed.len()
    )
}

fn licenses(judgement: &Judgement<'_>) -> Section {
    let mut counts: BTreeMap<(String, &str), BTreeSet<_>> = BTreeMap::new();
    for judged in judgement.foreign() {
        counts.entry((license(judged), judged.decision.state.as_str())).or_default().insert(identity(judged));
    }
    let mut rows: Vec<_> = counts.into_iter().map(|((license, state), ids)| (ids.len(), license, state)).collect();
    rows.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| (&a.1, a.2).cmp(&(&b.1, b.2))));
    let shown = rows.len();
    let rows = rows
        .into_iter()
        .take(LICENSES)
        .map(|(count, license, state)| vec![license, state.to_owned(), count.to_string()]);
    let mut blocks =
        vec![Block::Table(Table { columns: vec!["licence", "known by", "packages"], rows: rows.collect() })];
    blocks.extend(more(shown, LICENSES, "licence"));
    Section {
        title: "Licences".to_owned(),
        blocks: vec![Block::Details { summary: "All licences".to_owned(), blocks }],
    }
}

fn read(judgement: &Judgement<'_>, context: &Context) -> Section {
    let row =
        |list: &crate::plan::judgement::ReadList| vec![cut(&list.path), cut(&list.format), list.packages.to_string()];
    let rows = judgement.lists.iter().take(LISTS).map(row).collect();
    let mut blocks = vec![Block::Table(Table { columns: vec!["list", "format", "packages"], rows })];
    blocks.extend(more(judgement.lists.len(), LISTS, "list"));
    let mut facts = Vec::new();
    facts.extend(context.base.iter().map(|base| format!("Compared: {base}.")));
    facts.extend(context.no_base.iter().map(|why| format!("Every package is judged: {why}.")));
    facts.extend(context.policies.iter().map(|policy| format!("Policy: {policy}.")));
    let counts = Counts::of(judgement);
    facts.push(format!("{} judged of {}.", counts.judged, plural(counts.packages, "package")));
    blocks.push(Block::Text(facts.join("\n")));
    Section { title: "What was read".to_owned(), blocks }
}
