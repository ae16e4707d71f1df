//! What came of the runs, class by class.

use fault_server::{Class, Truth};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// Lines of what a wrong run said that are shown.
const SHOWN_LINES: usize = 12;

/// One run.
pub struct Outcome {
    /// Its server's seed.
    pub seed: u64,
    /// Exit code; none when a signal ended it.
    pub exit: Option<i32>,
    /// What went wrong in its samples.
    pub causes: BTreeSet<String>,
    /// Whether the class' own cause is among them.
    pub is_expected: bool,
    /// Requests that the server has read.
    pub requests: u64,
    /// Standard output and error.
    pub said: String,
}

/// All classes.
#[derive(Default)]
pub struct Table {
    rows: BTreeMap<Class, Vec<Outcome>>,
}

impl Table {
    /// Adds runs.
    pub fn add(&mut self, outcomes: Vec<(Class, Outcome)>) {
        for (class, outcome) in outcomes {
            self.rows.entry(class).or_default().push(outcome);
        }
    }

    /// One text for each class with a run that is not as it must be: the first such run.
    pub fn wrong(&self) -> Vec<String> {
        self.rows.iter().filter_map(|(class, outcomes)| wrong(*class, outcomes)).collect()
    }
}

fn wrong(class: Class, outcomes: &[Outcome]) -> Option<String> {
    let exit = if class.truth() == Truth::Healthy { 0 } else { 1 };
    let outcome = outcomes.iter().find(|outcome| outcome.exit != Some(exit) || (exit == 1 && !outcome.is_expected))?;
    let lines: Vec<&str> = outcome.said.lines().rev().take(SHOWN_LINES).collect();
    let said: Vec<&str> = lines.into_iter().rev().collect();
    Some(format!(
        "{} seed {}: exit {:?} instead of {exit}, causes {:?} (one of {:?}), {} requests\n{}",
        class.name(),
        outcome.seed,
        outcome.exit,
        outcome.causes,
        class.causes(),
        outcome.requests,
        said.join("\n")
    ))
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "| class | truth | runs | green | red | other | red for another reason |")?;
        writeln!(f, "| --- | --- | --- | --- | --- | --- | --- |")?;
        for (class, outcomes) in &self.rows {
            let count = |exit| outcomes.iter().filter(|outcome| outcome.exit == Some(exit)).count();
            let (green, red) = (count(0), count(1));
            let odd = outcomes.iter().filter(|outcome| outcome.exit == Some(1) && !outcome.is_expected).count();
            let truth = if class.truth() == Truth::Healthy { "healthy" } else { "unhealthy" };
            let other = outcomes.len() - green - red;
            writeln!(f, "| {} | {truth} | {} | {green} | {red} | {other} | {odd} |", class.name(), outcomes.len())?;
        }
        Ok(())
    }
}
