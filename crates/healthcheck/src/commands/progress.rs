//! What is said while it waits: a table on a terminal, a line for each change elsewhere.

use kit_host::{Log, log::Live};
use kit_probe::event::{Event, Sample};
use kit_probe::recording::Header;
use kit_probe::verdict::Judge;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// Rows of the table; those that fail come first.
const ROWS: usize = 20;
/// Between two summaries where there is no terminal.
const SUMMARY_INTERVAL: Duration = Duration::from_secs(10);
/// Lines about changes, at most: a flapping fleet must not fill the log. The report has the rest.
const LINES: usize = 1_000;

/// How a member did at last.
struct Last {
    target: usize,
    id: String,
    why: Option<String>,
    round: u32,
    took_us: u64,
}

/// Listens to a run and says what changes.
pub struct Progress<'l> {
    log: &'l Log,
    live: Live<'l>,
    targets: Vec<String>,
    last: BTreeMap<(usize, String), Last>,
    lines: usize,
    summary: Instant,
    passes: u32,
}

impl<'l> Progress<'l> {
    /// Nothing has been said yet.
    pub fn new(log: &'l Log, header: &Header) -> Progress<'l> {
        Progress {
            live: log.live(),
            log,
            targets: header.targets.iter().map(|target| target.shown.clone()).collect(),
            last: BTreeMap::new(),
            lines: 0,
            summary: Instant::now(),
            passes: header.rules.passes,
        }
    }

    /// Takes the next event.
    pub fn heard(&mut self, event: &Event, judge: &Judge) {
        match event {
            Event::Members { target, members, .. } => {
                self.last.retain(|(of, id), _| of != target || members.iter().any(|member| member.id == *id));
            }
            Event::NotResolved { fault, .. } => self.say(&fault.message),
            Event::Sample(sample) => self.sampled(sample),
            Event::End { .. } => {}
        }
        if self.live.due() {
            let table = self.table(judge);
            self.live.draw(&table);
        } else if !self.log.terminal() && self.summary.elapsed() >= SUMMARY_INTERVAL {
            self.summary = Instant::now();
            let passing = self.last.values().filter(|last| last.why.is_none()).count();
            let failing: Vec<&str> =
                self.last.values().filter(|last| last.why.is_some()).map(|last| last.id.as_str()).take(5).collect();
            let rest = if failing.is_empty() { String::new() } else { format!("; failing: {}", failing.join(", ")) };
            self.log.info(&format!("{passing} of {} pass{rest}", self.last.len()));
        }
    }

    fn sampled(&mut self, sample: &Sample) {
        let why = sample.failed_step().map(crate::report::words::failure);
        let key = (sample.target, sample.member.id.clone());
        let changed = self.last.get(&key).is_none_or(|last| last.why != why);
        let last = Last {
            target: sample.target,
            id: sample.member.id.clone(),
            round: sample.round,
            took_us: sample.took_us,
            why,
        };
        if changed && !self.log.terminal() {
            let line = self.line(&last);
            self.say(&line);
        }
        self.last.insert(key, last);
    }

    fn line(&self, last: &Last) -> String {
        let target = match self.targets.get(last.target) {
            Some(target) if self.targets.len() > 1 => format!(" {target}"),
            _ => String::new(),
        };
        let what = match &last.why {
            None => format!("passes in {}", crate::report::words::time(last.took_us)),
            Some(why) => format!("fails: {why}"),
        };
        format!("{}{target}: {what} (probe {})", last.id, last.round)
    }

    fn say(&mut self, line: &str) {
        self.lines += 1;
        match self.lines.cmp(&LINES) {
            std::cmp::Ordering::Less => self.log.info(line),
            std::cmp::Ordering::Equal => self.log.info("further changes are not shown; the report has them all"),
            std::cmp::Ordering::Greater => {}
        }
    }

    fn table(&self, judge: &Judge) -> Vec<String> {
        let mut rows: Vec<&Last> = self.last.values().collect();
        rows.sort_by_key(|last| (last.why.is_none(), last.target));
        let more = rows.len().saturating_sub(ROWS);
        let mut lines: Vec<String> = Vec::new();
        for last in rows.into_iter().take(ROWS) {
            let streak = judge.standing(last.target, &last.id).map_or(0, |standing| standing.streak);
            lines.push(format!("{:>3}/{} {}", streak.min(self.passes), self.passes, self.line(last)));
        }
        if more > 0 {
            lines.push(format!("      and {more} more"));
        }
        lines
    }
}
