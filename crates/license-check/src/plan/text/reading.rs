//! Finds the licences that stand in a text and what the text as a whole says. PURE.

use super::align::{MAX_CELLS, Run, align};
use super::judge::{Judge, Verdict};
use super::store::{PIECE, Role, Store};
use super::tokens::Tokens;
use super::{How, Identified};
use std::ops::Range;

/// Words of the text that are looked at together: twice the longest licence.
const VIEW: usize = 1 << 14;

/// Licences that are laid beside the same part of a text, the likeliest first.
const MAX_TRIALS: usize = 10;

/// A licence that may stand in a part of the text.
struct Candidate {
    pattern: usize,
    /// Equal places, in order of text.
    anchors: Vec<(usize, usize)>,
    /// Words of the text that it spans.
    span: Range<usize>,
    /// Equal places outside of optional parts.
    weight: usize,
}

/// A licence laid beside a part of the text.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub(super) pattern: usize,
    pub(super) span: Range<usize>,
    pub(super) matched: usize,
    /// Words in differences that do not count.
    pub(super) soft: usize,
    /// Slips of the pen.
    pub(super) slips: usize,
    /// Words in differences that count.
    pub(super) bad: usize,
}

impl Found {
    fn value(&self) -> isize {
        self.matched as isize * 2 - self.soft as isize - self.bad as isize * 4 - self.slips as isize
    }

    fn is_exact(&self) -> bool {
        self.bad == 0 && self.slips == 0
    }

    /// Few enough slips to be sure.
    fn is_sure(&self) -> bool {
        self.bad == 0 && self.slips <= 1 + self.matched / 60
    }

    fn score_permille(&self) -> u16 {
        let whole = self.matched * 2 + self.bad + self.slips * 2;
        (self.matched * 2 * 1000).checked_div(whole).unwrap_or(0) as u16
    }
}

/// What the text says.
pub(super) fn read(store: &Store, tokens: &Tokens) -> Identified {
    let numbers = store.numbers(tokens);
    if let Some(pattern) = store.whole(&numbers)
        && store.patterns[pattern].role != Role::Exception
    {
        return Identified {
            expression: Some(store.patterns[pattern].id.to_owned()),
            score_permille: 1000,
            how: How::Exact,
            others: Vec::new(),
            leading: None,
        };
    }
    let judge = Judge { store, tokens, numbers: &numbers };
    let found = find_all(&judge);
    super::verdict::conclude(&judge, &found)
}

/// Licences in the text that do not overlap, in order.
fn find_all(judge: &Judge<'_>) -> Vec<Found> {
    let mut cells = MAX_CELLS;
    let mut all: Vec<Found> = Vec::new();
    let mut start = 0;
    while start < judge.numbers.len() {
        let end = (start + VIEW).min(judge.numbers.len());
        let mut found = find(judge, start..end, &mut cells);
        let last = end == judge.numbers.len();
        // What starts in the second half may be cut off: the next view sees it whole.
        let half = start + VIEW / 2;
        if !last {
            found.retain(|found| found.span.start < half);
        }
        found.sort_by_key(|found| found.span.start);
        start = if last { end } else { found.last().map_or(half, |found| found.span.end.max(half)) };
        all.append(&mut found);
    }
    all
}

/// Licences in a part of the text that do not overlap: the best first.
fn find(judge: &Judge<'_>, view: Range<usize>, cells: &mut usize) -> Vec<Found> {
    let mut candidates = candidates(judge, view);
    // What is missing counts against a licence: many have the same words and then some.
    let likeliness =
        |candidate: &Candidate| 2 * candidate.weight as isize - judge.store.patterns[candidate.pattern].pieces as isize;
    candidates.sort_by(|a, b| likeliness(b).cmp(&likeliness(a)).then(a.pattern.cmp(&b.pattern)));
    let mut tried: Vec<(Range<usize>, usize)> = Vec::new();
    let mut laid: Vec<Laid> = Vec::new();
    let mut perfect: Vec<(Range<usize>, usize)> = Vec::new();
    for candidate in candidates {
        let shape = &judge.store.patterns[candidate.pattern];
        // Where a licence stands word for word, only one that has all of it and more could be meant.
        let hopeless = |(span, words): &(Range<usize>, usize)| {
            overlap(span, &candidate.span)
                && (shape.body.len() <= *words || candidate.weight * 10 < shape.pieces as usize * 8)
        };
        if perfect.iter().any(hopeless) {
            continue;
        }
        let overlapping = tried.iter_mut().find(|(span, _)| overlap(span, &candidate.span));
        match overlapping {
            Some((_, trials)) if *trials >= MAX_TRIALS => continue,
            Some((_, trials)) => *trials += 1,
            None => tried.push((candidate.span.clone(), 1)),
        }
        let Some(found) = lay(judge, &candidate, cells) else { continue };
        if found.matched == shape.body.len() && found.span.len() == found.matched {
            perfect.push((found.span.clone(), found.matched));
        }
        laid.push(found);
    }
    laid.sort_by(|a, b| b.bound.cmp(&a.bound).then(a.pattern.cmp(&b.pattern)));
    let mut judged: Vec<Found> = Vec::new();
    for laid in laid {
        // Judging takes the longest: what can't be better than what is known there is left out.
        if judged.iter().all(|better| better.value() < laid.bound || !overlap(&better.span, &laid.span)) {
            judged.extend(weigh(judge, &laid));
        }
    }
    judged.sort_by(|a, b| {
        let role = |found: &Found| judge.store.patterns[found.pattern].role != Role::License;
        b.value().cmp(&a.value()).then(role(a).cmp(&role(b))).then(a.pattern.cmp(&b.pattern))
    });
    let mut chosen: Vec<Found> = Vec::new();
    for found in judged {
        if chosen.iter().all(|other| !overlap(&other.span, &found.span)) {
            chosen.push(found);
        }
    }
    chosen
}

fn overlap(a: &Range<usize>, b: &Range<usize>) -> bool {
    a.start < b.end && b.start < a.end
}

/// Licences of which a good part stands in the view, with the equal places.
fn candidates(judge: &Judge<'_>, view: Range<usize>) -> Vec<Candidate> {
    let store = judge.store;
    let text = &judge.numbers[view.clone()];
    let mut votes = vec![0_u32; store.patterns.len()];
    for piece in text.windows(PIECE) {
        store.find(piece, |pattern, _| votes[pattern] += 1);
    }
    let likely: Vec<bool> = votes
        .iter()
        .zip(&store.patterns)
        .map(|(votes, pattern)| *votes > 0 && votes * 5 >= pattern.pieces * 2)
        .collect();
    let mut anchors: Vec<Vec<(usize, usize)>> = vec![Vec::new(); store.patterns.len()];
    for (at, piece) in text.windows(PIECE).enumerate() {
        store.find(piece, |pattern, offset| {
            if likely[pattern] {
                anchors[pattern].push((offset, view.start + at));
            }
        });
    }
    let mut found = Vec::new();
    for (pattern, anchors) in anchors.into_iter().enumerate() {
        if !anchors.is_empty() {
            occurrences(store, pattern, &anchors, &mut found);
        }
    }
    found
}

/// Tells the copies of one licence apart: in each, equal places have about the same distance.
fn occurrences(store: &Store, pattern: usize, anchors: &[(usize, usize)], into: &mut Vec<Candidate>) {
    /// How much the distance may change from one place to the next: words that a copy has more or less.
    const DRIFT: usize = 48;
    /// No licence has so many words: what keeps distances positive.
    const BIAS: usize = 1 << 16;
    let shape = &store.patterns[pattern];
    let length = shape.body.len();
    // Distance and place in one number: sorting is most of the work on a text that repeats itself.
    let mut keys: Vec<u64> =
        anchors.iter().map(|&(offset, at)| ((at + BIAS - offset) as u64) << 32 | at as u64).collect();
    keys.sort_unstable();
    let mut clusters: Vec<Vec<(usize, usize)>> = Vec::new();
    let mut last = 0;
    for key in keys {
        let (distance, at) = ((key >> 32) as usize, (key & 0xffff_ffff) as usize);
        let anchor = (at + BIAS - distance, at);
        match clusters.last_mut() {
            Some(cluster) if distance - last <= DRIFT => cluster.push(anchor),
            _ => clusters.push(vec![anchor]),
        }
        last = distance;
    }
    for cluster in &mut clusters {
        cluster.sort_unstable_by_key(|&(offset, at)| (at, offset));
    }
    clusters.sort_unstable_by_key(|cluster| (cluster[0].1, cluster[0].0));
    let mut copies: Vec<Vec<(usize, usize)>> = Vec::new();
    for cluster in clusters {
        let first = cluster[0];
        let follows = |copy: &&mut Vec<(usize, usize)>| {
            let last = copy[copy.len() - 1];
            last.0 < first.0 + 8 && last.1 < first.1 + 8 && first.1 < last.1 + length + 200
        };
        match copies.iter_mut().rev().take(8).find(follows) {
            Some(copy) => copy.extend(cluster),
            None => copies.push(cluster),
        }
    }
    for mut anchors in copies {
        anchors.sort_unstable_by_key(|&(offset, at)| (at, offset));
        let weight = anchors
            .iter()
            .filter(|(offset, _)| !shape.optional.iter().any(|optional| optional.contains(offset)))
            .count();
        if weight * 5 < shape.pieces as usize * 2 {
            continue;
        }
        let span = anchors[0].1..anchors[anchors.len() - 1].1 + PIECE;
        into.push(Candidate { pattern, anchors, span, weight });
    }
}

/// A licence laid beside its part of the text, not judged yet.
struct Laid {
    pattern: usize,
    runs: Vec<Run>,
    span: Range<usize>,
    matched: usize,
    /// No judgement can give it a higher value.
    bound: isize,
}

/// Lays a licence beside its part of the text.
fn lay(judge: &Judge<'_>, candidate: &Candidate, cells: &mut usize) -> Option<Laid> {
    let pattern = &judge.store.patterns[candidate.pattern];
    let body = judge.store.body(candidate.pattern);
    let runs = align(body, judge.numbers, &candidate.anchors, cells);
    let (first, last) = (*runs.first()?, *runs.last()?);
    let matched: usize = runs.iter().map(|run| run.length).sum();
    let span = first.text..last.text + last.length;
    let differing: usize = differences(&runs, body.len(), span.end)
        .filter(|(there, _)| !pattern.is_optional(there))
        .map(|(there, here)| there.len() + here.len())
        .sum();
    let bound = matched as isize * 2 - differing as isize;
    Some(Laid { pattern: candidate.pattern, runs, span, matched, bound })
}

/// What lies between the runs, before the first and behind the last: of the licence and of the text.
fn differences(runs: &[Run], length: usize, end: usize) -> impl Iterator<Item = (Range<usize>, Range<usize>)> {
    let mut before = Run { pattern: 0, text: runs.first().map_or(0, |first| first.text), length: 0 };
    let last = Run { pattern: length, text: end, length: 0 };
    runs.iter().copied().chain([last]).filter_map(move |run| {
        let there = before.pattern + before.length..run.pattern;
        let here = before.text + before.length..run.text;
        before = run;
        (there.len() + here.len() > 0).then_some((there, here))
    })
}

/// Judges the differences.
fn weigh(judge: &Judge<'_>, laid: &Laid) -> Option<Found> {
    /// Words of the longest name of a holder at the very end of a licence.
    const MAX_LAST_WORDS: usize = 10;
    let pattern = &judge.store.patterns[laid.pattern];
    let body = judge.store.body(laid.pattern);
    let last = laid.runs.last()?;
    let mut found =
        Found { pattern: laid.pattern, span: laid.span.clone(), matched: laid.matched, soft: 0, slips: 0, bad: 0 };
    // A name at the very end is not followed by anything equal: it goes up to the end of the sentence.
    let rest = last.pattern + last.length..body.len();
    if !rest.is_empty() && rest.len() <= MAX_LAST_WORDS {
        let sentence = judge.sentence_from(found.span.end);
        if judge.difference(pattern, body, rest, sentence.clone()) == Verdict::Same {
            found.span.end = sentence.end;
        }
    }
    for (there, here) in differences(&laid.runs, body.len(), found.span.end) {
        let words = there.len() + here.len();
        let optional = pattern.is_optional(&there);
        match judge.difference(pattern, body, there, here) {
            Verdict::Same if optional => {}
            Verdict::Same => found.soft += words,
            Verdict::Slip => found.slips += 1,
            Verdict::Other => found.bad += words,
        }
    }
    (found.matched * 2 > found.bad).then_some(found)
}

impl Found {
    /// How sure it is.
    pub(super) fn certainty(&self) -> Certainty {
        if self.is_exact() {
            Certainty::Exact
        } else if self.is_sure() {
            Certainty::Sure
        } else {
            Certainty::Doubtful
        }
    }

    /// Likeness in thousandths.
    pub(super) fn score(&self) -> u16 {
        self.score_permille()
    }
}

/// How sure it is that a licence stands there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Certainty {
    /// Word for word.
    Exact,
    /// But for slips of the pen.
    Sure,
    /// There is a difference that counts.
    Doubtful,
}
