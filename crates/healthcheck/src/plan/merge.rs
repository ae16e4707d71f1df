//! Samples of several machines as one run. PURE.
//!
//! Each machine has a clock of its own that begins with its run, so that the runs are laid over each other as if they had
//! begun together. The targets of each stay apart, and its instances must be its own.
#![warn(clippy::disallowed_methods)]

#[cfg(test)]
mod tests;

use crate::error::Error;
use kit_probe::event::{End, Event};
use kit_probe::recording::Header;
use kit_probe::target::Target;
use kit_probe::verdict::{Decision, Judge, Quorum};
use std::collections::BTreeMap;

/// What one machine printed.
#[derive(Debug, Clone)]
pub struct Samples {
    /// The file.
    pub path: String,
    /// Its header.
    pub header: Header,
    /// Its events.
    pub events: Vec<Event>,
}

/// The header of all so far, the path of the first, and how many targets that has.
type Merged = (Header, String, usize);

/// One header and its events, in the order of their times; those of one file stay in its order, which is the one in which its
/// run heard them. `quorum` replaces that of the rules. Errors: different rules, or
/// an instance that two files speak of.
pub fn merge(all: Vec<Samples>, quorum: Option<Quorum>) -> Result<(Header, Vec<Event>), Error> {
    let mut owners: BTreeMap<String, (usize, String)> = BTreeMap::new();
    let mut merged: Option<Merged> = None;
    let mut events: Vec<(u64, Event)> = Vec::new();
    let mut ends: Vec<(Weight, u64, End)> = Vec::new();
    let files = all.len();
    for (file, samples) in all.into_iter().enumerate() {
        let offset = merged.as_ref().map_or(0, |(header, ..)| header.targets.len());
        take_over(&mut merged, &samples)?;
        ends.extend(ended(&samples));
        let mut heard_us = 0;
        for event in samples.events {
            // A probe that was over is heard a moment later, perhaps after others.
            heard_us = at_us(&event).max(heard_us);
            match event {
                Event::End { .. } => {}
                Event::Members { at_us, target, members } => {
                    for member in &members {
                        let owner = owners.entry(member.id.clone()).or_insert_with(|| (file, samples.path.clone()));
                        if owner.0 != file {
                            return Err(twice(&owner.1, &samples.path, &member.id));
                        }
                    }
                    events.push((heard_us, Event::Members { at_us, target: target + offset, members }));
                }
                Event::NotResolved { at_us, target, fault } => {
                    events.push((heard_us, Event::NotResolved { at_us, target: target + offset, fault }));
                }
                Event::Sample(mut sample) => {
                    sample.target += offset;
                    events.push((heard_us, Event::Sample(sample)));
                }
            }
        }
    }
    let Some((mut header, ..)) = merged else {
        return Err(Error::Input("no samples are given".to_owned()));
    };
    header.rules.quorum = quorum.or(header.rules.quorum);
    events.sort_by_key(|(heard_us, _)| *heard_us);
    let mut events: Vec<Event> = events.into_iter().map(|(_, event)| event).collect();
    // A file without an end was cut off, and proves nothing about its machine.
    if ends.len() == files {
        let last = ends.into_iter().max_by_key(|(weight, at_us, _)| match weight {
            // Of several deadlines the earliest: whoever was not watched for the whole time does not stand for it.
            Weight::Deadline => (*weight, u64::MAX - at_us),
            _ => (*weight, *at_us),
        });
        let (at_us, why) = last.map_or((0, End::Stopped), |(_, at_us, why)| (at_us, why));
        events.push(Event::End { at_us, why });
    }
    Ok((header, events))
}

/// How much an end decides for all: a run that was broken off leaves more open than any other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Weight {
    Decided,
    Deadline,
    BrokenOff,
}

/// When and why a file ends. A run that says that it was decided, and was not, was broken off.
fn ended(samples: &Samples) -> Option<(Weight, u64, End)> {
    let (Event::End { at_us, why }, before) = samples.events.split_last()? else { return None };
    let mut judge = Judge::new(samples.header.rules.clone());
    before.iter().for_each(|event| judge.hear(event));
    let weight = match why {
        End::Decided if judge.decision() == Decision::Done => Weight::Decided,
        End::Deadline => Weight::Deadline,
        End::Decided | End::Stopped => Weight::BrokenOff,
    };
    Some((weight, *at_us, *why))
}

fn twice(first: &str, second: &str, id: &str) -> Error {
    Error::Input(if first == second {
        format!("{first} is given twice; name the samples of each machine once")
    } else {
        format!(
            "{first} and {second} both speak of the instance {id}; give each machine's probe an --instance of its own"
        )
    })
}

fn take_over(merged: &mut Option<Merged>, samples: &Samples) -> Result<(), Error> {
    let Some((header, first, count)) = merged else {
        *merged = Some((samples.header.clone(), samples.path.clone(), samples.header.targets.len()));
        return Ok(());
    };
    let mut rules = samples.header.rules.clone();
    let targets = std::mem::take(&mut rules.targets);
    let mut own = header.rules.clone();
    own.targets = Vec::new();
    if rules != own || samples.header.expected_version != header.expected_version {
        return Err(Error::Input(format!(
            "{first} and {} were taken by different rules; probe every machine with the same inputs",
            samples.path
        )));
    }
    let asked = &samples.header.targets;
    if asked.len() != *count || !header.targets.iter().zip(asked).all(|(one, other)| asks_the_same(one, other)) {
        return Err(Error::Input(format!(
            "{first} and {} asked for different things; probe every machine with the same inputs",
            samples.path
        )));
    }
    header.rules.targets.extend(targets);
    header.targets.extend(samples.header.targets.iter().cloned());
    header.notes.extend(samples.header.notes.iter().cloned());
    Ok(())
}

/// Whether two machines were asked the same. Each may have been named by its own address.
fn asks_the_same(one: &Target, other: &Target) -> bool {
    let is_address = |target: &Target| target.host.parse::<std::net::IpAddr>().is_ok();
    let same_host = one.host == other.host || (is_address(one) && is_address(other));
    same_host && (one.scheme, &one.path, &one.command) == (other.scheme, &other.path, &other.command)
}

/// When an event was heard: a sample at its end.
fn at_us(event: &Event) -> u64 {
    match event {
        Event::Members { at_us, .. } | Event::NotResolved { at_us, .. } | Event::End { at_us, .. } => *at_us,
        Event::Sample(sample) => sample.ended_us(),
    }
}
