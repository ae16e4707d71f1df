//! Finds the licences that stand in a text and what the text as a whole says. PURE.

use super::align::{Run, Work, align};
use super::copies::Copies;
use super::judge::{Judge, Verdict};
use super::store::{Hit, PIECE, Role, Store};
use super::{How, Identified};
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::ops::Range;

/// Words of the text that are looked at together: twice the longest licence.
const VIEW: usize = 1 << 14;

/// Licences that are laid beside the same part of a text, the likeliest first.
const MAX_TRIALS: usize = 10;

/// A licence of which a good part is somewhere in the view.
struct Likely {
    pattern: usize,
    /// Equal places, in order of text: where they are in [`Scratch::places`].
    places: Range<usize>,
    /// Words of the text that they span.
    span: Range<usize>,
    /// No copy of it has a higher [`likeliness`].
    bound: isize,
}

/// A licence that may stand in a part of the text.
struct Candidate {
    pattern: usize,
    /// Equal places, in order of text: where they are in [`Scratch::anchors`].
    anchors: Range<usize>,
    /// Words of the text that it spans.
    span: Range<usize>,
    /// Equal places outside of optional parts.
    weight: usize,
}

/// Buffers that are used again from text to text: to ask the system for them anew takes longer than to read most texts.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    /// Pieces of the text that are some licence's.
    hits: Vec<Hit>,
    /// Pieces that each licence has in common with the text.
    votes: Vec<u32>,
    /// Where the places of each licence end in `places`.
    ends: Vec<usize>,
    /// Equal places of all likely licences.
    places: Vec<Place>,
    copies: Copies,
    /// Equal places of all candidates.
    anchors: Vec<Place>,
    /// Those of one candidate.
    pairs: Vec<(usize, usize)>,
    work: Work,
}

/// Equal words in a licence and in a view of the text, in one number that orders them by text, then by licence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place(u32);

impl Place {
    /// `offset` is that of the index, `at` within the view.
    pub(super) fn new(offset: usize, at: usize) -> Self {
        Place((at as u32) << 16 | offset as u32)
    }

    pub(super) fn offset(self) -> usize {
        (self.0 & 0xffff) as usize
    }

    pub(super) fn at(self) -> usize {
        (self.0 >> 16) as usize
    }
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
pub(super) fn read(judge: &Judge<'_>, scratch: &mut Scratch) -> Identified {
    let store = judge.store;
    if let Some(pattern) = store.whole(judge.numbers)
        && store.patterns[pattern].role != Role::Exception
    {
        return Identified {
            expression: Some(store.patterns[pattern].id.to_owned()),
            score_permille: 1000,
            how: How::Exact,
            ..Identified::nothing()
        };
    }
    let found = find_all(judge, scratch);
    super::verdict::conclude(judge, &found)
}

/// Licences in the text that do not overlap, in order.
fn find_all(judge: &Judge<'_>, scratch: &mut Scratch) -> Vec<Found> {
    scratch.work.renew();
    let mut all: Vec<Found> = Vec::new();
    let mut start = 0;
    while start < judge.numbers.len() {
        let end = (start + VIEW).min(judge.numbers.len());
        let mut found = find(judge, start..end, scratch);
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
fn find(judge: &Judge<'_>, view: Range<usize>, scratch: &mut Scratch) -> Vec<Found> {
    let start = view.start;
    let mut waiting = likely(judge, view, scratch).into_iter().peekable();
    let mut candidates: Vec<Candidate> = Vec::new();
    // Numbers of candidates: the likeliest comes first, then by licence, then by place.
    let mut next: BinaryHeap<(isize, Reverse<usize>, Reverse<usize>)> = BinaryHeap::new();
    let mut tried: Vec<(Range<usize>, usize)> = Vec::new();
    let mut laid: Vec<Laid> = Vec::new();
    let mut perfect: Vec<(Range<usize>, usize)> = Vec::new();
    loop {
        // Copies of a licence are told apart only when one of them could be the next: of most licences that are like the one
        // that stands there, none ever is.
        while let Some(likely) = waiting.next_if(|likely| next.peek().is_none_or(|(best, ..)| likely.bound >= *best)) {
            if is_settled(judge.store, &likely, &tried, &perfect) {
                continue;
            }
            let known = candidates.len();
            occurrences(judge.store, likely.pattern, likely.places, start, scratch, &mut candidates);
            next.extend((known..candidates.len()).map(|number| {
                let Candidate { pattern, weight, .. } = candidates[number];
                (likeliness(judge.store, pattern, weight), Reverse(pattern), Reverse(number))
            }));
        }
        let Some((_, _, Reverse(number))) = next.pop() else { break };
        let candidate = &candidates[number];
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
        let Some(found) = lay(judge, candidate, start, scratch) else { continue };
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

/// What is missing counts against a licence: many have the same words and then some.
fn likeliness(store: &Store, pattern: usize, weight: usize) -> isize {
    2 * weight as isize - store.patterns[pattern].pieces as isize
}

/// Whether [`find`] would leave out every copy of that licence, wherever it is within the words that they span.
fn is_settled(
    store: &Store,
    likely: &Likely,
    tried: &[(Range<usize>, usize)],
    perfect: &[(Range<usize>, usize)],
) -> bool {
    let shape = &store.patterns[likely.pattern];
    let holds = |span: &Range<usize>| span.start <= likely.span.start && likely.span.end <= span.end;
    let is_short_of = |words: usize| shape.body.len() <= words || likely.places.len() * 10 < shape.pieces as usize * 8;
    perfect.iter().any(|(span, words)| holds(span) && is_short_of(*words))
        || tried
            .iter()
            .find(|(span, _)| overlap(span, &likely.span))
            .is_some_and(|(span, trials)| *trials >= MAX_TRIALS && holds(span))
}

fn overlap(a: &Range<usize>, b: &Range<usize>) -> bool {
    a.start < b.end && b.start < a.end
}

/// Licences of which a good part stands in the view, those first of which most does.
fn likely(judge: &Judge<'_>, view: Range<usize>, scratch: &mut Scratch) -> Vec<Likely> {
    let store = judge.store;
    let text = &judge.numbers[view.clone()];
    let Scratch { hits, votes, ends, places, .. } = scratch;
    store.hits(text, hits);
    votes.clear();
    votes.resize(store.patterns.len(), 0);
    let votes = votes.as_mut_slice();
    for &hit in hits.iter() {
        store.find(hit, |pattern, _| votes[pattern] += 1);
    }
    // Places are gathered for all licences at once, each in its own part of one buffer.
    ends.clear();
    let mut taken = 0;
    for (votes, pattern) in votes.iter_mut().zip(&store.patterns) {
        if *votes * 5 < pattern.pieces * 2 {
            *votes = 0;
        }
        ends.push(taken);
        taken += *votes as usize;
    }
    places.clear();
    places.resize(taken, Place(0));
    if taken > 0 {
        let (ends, places) = (ends.as_mut_slice(), places.as_mut_slice());
        for &hit in hits.iter() {
            store.find(hit, |pattern, offset| {
                if votes[pattern] > 0 {
                    places[ends[pattern]] = Place::new(offset, hit.at as usize);
                    ends[pattern] += 1;
                }
            });
        }
    }
    scratch.anchors.clear();
    let mut found = Vec::new();
    for (pattern, (&count, &end)) in scratch.votes.iter().zip(&scratch.ends).enumerate() {
        let places = end - count as usize..end;
        let own = &scratch.places[places.clone()];
        if let (Some(first), Some(last)) = (own.first(), own.last()) {
            let span = view.start + first.at()..view.start + last.at() + PIECE;
            found.push(Likely { pattern, span, bound: likeliness(store, pattern, places.len()), places });
        }
    }
    found.sort_by_key(|likely| Reverse(likely.bound));
    found
}

/// The copies of one licence of which a good part is there.
fn occurrences(
    store: &Store,
    pattern: usize,
    range: Range<usize>,
    start: usize,
    scratch: &mut Scratch,
    into: &mut Vec<Candidate>,
) {
    let shape = &store.patterns[pattern];
    let Scratch { places, copies, anchors, .. } = scratch;
    let needed = |places: usize| places * 5 >= shape.pieces as usize * 2;
    for own in copies.tell_apart(&places[range], shape.body.len(), needed, anchors) {
        let of_copy = &anchors[own.clone()];
        let counts = |place: &&Place| !shape.optional.iter().any(|optional| optional.contains(&place.offset()));
        let weight = of_copy.iter().filter(counts).count();
        if let (true, Some(first), Some(last)) = (needed(weight), of_copy.first(), of_copy.last()) {
            let span = start + first.at()..start + last.at() + PIECE;
            into.push(Candidate { pattern, anchors: own.clone(), span, weight });
        }
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

/// Lays a licence beside its part of the text. `start` is that of the view.
fn lay(judge: &Judge<'_>, candidate: &Candidate, start: usize, scratch: &mut Scratch) -> Option<Laid> {
    let pattern = &judge.store.patterns[candidate.pattern];
    let body = judge.store.body(candidate.pattern);
    let Scratch { anchors, pairs, work, .. } = scratch;
    pairs.clear();
    pairs.extend(anchors[candidate.anchors.clone()].iter().map(|place| (place.offset(), start + place.at())));
    let runs = align(body, judge.numbers, pairs, work);
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
