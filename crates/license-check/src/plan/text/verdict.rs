//! What a text says as a whole, from the licences that stand in it and the words around them. PURE.

use super::judge::Judge;
use super::reading::{Certainty, Found};
use super::store::{Pattern, Role};
use super::{How, Identified, Part, PartKind};
use std::collections::BTreeSet;
use std::ops::Range;

/// What the text says.
pub(super) fn conclude(judge: &Judge<'_>, found: &[Found]) -> Identified {
    let text = Text { judge, found };
    let expression = text.single().or_else(|| text.choice()).or_else(|| text.with_exception()).or_else(|| text.own());
    let named: Vec<&str> = expression.iter().flat_map(|(expression, _)| expression.split(' ')).collect();
    let others: BTreeSet<&str> = found
        .iter()
        .filter(|found| found.certainty() != Certainty::Doubtful && text.pattern(found).role == Role::License)
        .map(|found| text.pattern(found).id)
        .filter(|id| !named.contains(id))
        .collect();
    let others = others.into_iter().map(str::to_owned).collect();
    let (expression, certainty) = match expression {
        Some((expression, certainty)) => (Some(expression), certainty),
        None => (None, Certainty::Doubtful),
    };
    let nearest = found.iter().map(Found::score).max().unwrap_or(0).min(999);
    let exact = certainty == Certainty::Exact;
    let leading = if expression.is_none() { text.leading() } else { None };
    Identified {
        expression,
        score_permille: if exact { 1000 } else { nearest },
        how: if exact { How::Exact } else { How::Similar },
        others,
        leading,
        parts: text.parts(),
        prose: None,
    }
}

/// A text with the licences in it.
struct Text<'a> {
    judge: &'a Judge<'a>,
    found: &'a [Found],
}

impl Text<'_> {
    /// What stands in the text, with its lines.
    fn parts(&self) -> Vec<Part> {
        let line = |index: usize| self.judge.tokens.tokens.get(index).map_or(0, |token| token.line + 1);
        let alone = |span: &Range<usize>| {
            let same = |one: usize, other: usize| one < self.judge.numbers.len() && line(one) == line(other);
            (span.start == 0 || !same(span.start - 1, span.start)) && !same(span.end, span.end.saturating_sub(1))
        };
        let part = |found: &Found| Part {
            whole_lines: alone(&found.span),
            id: super::current(self.pattern(found).id),
            kind: match self.pattern(found).role {
                Role::License => PartKind::License,
                Role::Exception => PartKind::Exception,
                Role::Notice => PartKind::Notice,
            },
            lines: (line(found.span.start), line(found.span.end.saturating_sub(1))),
            sure: found.certainty() != Certainty::Doubtful,
        };
        self.found.iter().map(part).collect()
    }
}

type Answer = Option<(String, Certainty)>;

impl Text<'_> {
    fn pattern(&self, found: &Found) -> &Pattern {
        &self.judge.store.patterns[found.pattern]
    }

    /// The words before a licence of the text; those behind the last one for the number of licences.
    fn before(&self, number: usize) -> Range<usize> {
        let start = number.checked_sub(1).and_then(|last| self.found.get(last)).map_or(0, |last| last.span.end);
        let end = self.found.get(number).map_or(self.judge.numbers.len(), |next| next.span.start);
        start..end.max(start)
    }

    /// The least certain of all.
    fn certainty(&self) -> Certainty {
        self.found.iter().map(Found::certainty).max().unwrap_or(Certainty::Doubtful)
    }

    /// Whether the words before a licence, or behind the last one, leave it that licence alone.
    fn is_quiet(&self, patterns: &[&Pattern], number: usize) -> bool {
        let mut aside = false;
        self.judge.paragraphs(self.before(number)).into_iter().all(|paragraph| {
            if self.judge.is_harmless(patterns, paragraph.clone(), number == 0)
                || aside && self.judge.is_heading(paragraph.clone())
            {
                return true;
            }
            aside = if number == 0 { self.judge.is_origin(paragraph) } else { self.judge.is_aside(paragraph) };
            aside
        })
    }

    /// One licence, once or several times, and nothing else. A notice says more than the licence's text: whether later
    /// versions may be chosen.
    fn single(&self) -> Answer {
        let first = self.found.first()?;
        let certainty = self.certainty();
        if certainty == Certainty::Doubtful {
            return None;
        }
        let base = |found: &Found| {
            let id = self.pattern(found).id;
            id.strip_suffix("-only").or_else(|| id.strip_suffix("-or-later")).unwrap_or(id)
        };
        if self.found.iter().any(|found| base(found) != base(first) || self.pattern(found).role == Role::Exception) {
            return None;
        }
        let notice = self.found.iter().find(|found| self.pattern(found).role == Role::Notice).unwrap_or(first);
        let quiet = (0..=self.found.len()).all(|number| self.is_quiet(&[self.pattern(first)], number));
        quiet.then(|| (self.pattern(notice).id.to_owned(), certainty))
    }

    /// Several licences of which one may be chosen: the text says so before the first or between the first two.
    fn choice(&self) -> Answer {
        let certainty = self.certainty();
        let patterns: Vec<&Pattern> = self.found.iter().map(|found| self.pattern(found)).collect();
        let mut ids: Vec<&str> = Vec::new();
        for pattern in &patterns {
            if pattern.role != Role::License {
                return None;
            }
            if !ids.contains(&pattern.id) {
                ids.push(pattern.id);
            }
        }
        if ids.len() < 2 || ids.len() > 4 || certainty == Certainty::Doubtful {
            return None;
        }
        let mut chosen = false;
        for number in 0..=self.found.len() {
            let here = self.before(number);
            if !self.judge.is_about_choice(&patterns, here.clone()) {
                return None;
            }
            chosen |= number < 2 && self.judge.is_choice(here);
        }
        chosen.then(|| (ids.join(" OR "), certainty))
    }

    /// A licence and an exception to it.
    fn with_exception(&self) -> Answer {
        let [one, other] = self.found else { return None };
        let (license, exception) = if self.pattern(one).role == Role::Exception { (other, one) } else { (one, other) };
        let patterns = [self.pattern(license), self.pattern(exception)];
        if patterns[0].role == Role::Exception || patterns[1].role != Role::Exception {
            return None;
        }
        let quiet = (0..=2).all(|number| self.is_quiet(&patterns, number));
        let certainty = self.certainty();
        (quiet && certainty != Certainty::Doubtful)
            .then(|| (format!("{} WITH {}", patterns[0].id, patterns[1].id), certainty))
    }

    /// The licence at the top, whatever follows.
    fn leading(&self) -> Option<String> {
        let first = self.found.first()?;
        let pattern = self.pattern(first);
        let is_there = first.certainty() != Certainty::Doubtful && pattern.role == Role::License;
        (is_there && self.is_quiet(&[pattern], 0)).then(|| pattern.id.to_owned())
    }

    /// The package's own licence at the top, and further ones of which the text says that they are for other code.
    fn own(&self) -> Answer {
        let own = self.found.first()?;
        let pattern = self.pattern(own);
        let certainty = own.certainty();
        if certainty == Certainty::Doubtful || pattern.role == Role::Exception || self.found.len() < 2 {
            return None;
        }
        if !self.is_quiet(&[pattern], 0) {
            return None;
        }
        let behind = self.judge.paragraphs(self.before(1));
        let aside = behind.iter().any(|paragraph| self.judge.is_aside(paragraph.clone()));
        let quiet = (1..=self.found.len()).all(|number| {
            self.judge.paragraphs(self.before(number)).into_iter().all(|paragraph| {
                self.judge.is_aside(paragraph.clone())
                    || self.judge.is_heading(paragraph.clone())
                    || self.judge.is_listing(paragraph.clone())
                    || self.judge.is_harmless(&[pattern], paragraph, false)
            })
        });
        (aside && quiet).then(|| (pattern.id.to_owned(), certainty))
    }
}
