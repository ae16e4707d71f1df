//! Samples of several machines as one run. PURE.
//!
//! Each machine has a clock of its own that begins with its run, so that the runs are laid over each other as if they had
//! begun together. The targets of each stay apart, and its instances must be its own.
#![warn(clippy::disallowed_methods)]

use crate::error::Error;
use kit_probe::event::{End, Event};
use kit_probe::recording::Header;
use kit_probe::target::Target;
use kit_probe::verdict::Quorum;
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

/// One header and its events, in the order of their times. `quorum` replaces that of the rules. Errors: different rules, or
/// an instance that two files speak of.
pub fn merge(all: Vec<Samples>, quorum: Option<Quorum>) -> Result<(Header, Vec<Event>), Error> {
    let mut owners: BTreeMap<String, (usize, String)> = BTreeMap::new();
    let mut merged: Option<Merged> = None;
    let mut events: Vec<Event> = Vec::new();
    let mut ends: Vec<(u64, End)> = Vec::new();
    let files = all.len();
    for (number, samples) in all.into_iter().enumerate() {
        let offset = merged.as_ref().map_or(0, |(header, ..)| header.targets.len());
        take_over(&mut merged, &samples)?;
        for event in samples.events {
            match event {
                Event::End { at_us, why } => ends.push((at_us, why)),
                Event::Members { at_us, target, members } => {
                    for member in &members {
                        let owner = owners.entry(member.id.clone()).or_insert_with(|| (number, samples.path.clone()));
                        if owner.0 != number {
                            return Err(Error::Input(format!(
                                "{} and {} both speak of the instance {}; give each machine's probe an --instance of its own",
                                owner.1, samples.path, member.id
                            )));
                        }
                    }
                    events.push(Event::Members { at_us, target: target + offset, members });
                }
                Event::NotResolved { at_us, target, fault } => {
                    events.push(Event::NotResolved { at_us, target: target + offset, fault });
                }
                Event::Sample(mut sample) => {
                    sample.target += offset;
                    events.push(Event::Sample(sample));
                }
            }
        }
    }
    let Some((mut header, ..)) = merged else {
        return Err(Error::Input("no samples are given".to_owned()));
    };
    header.rules.quorum = quorum.or(header.rules.quorum);
    events.sort_by_key(at_us);
    // A file without an end was cut off, and proves nothing about its machine.
    if ends.len() == files {
        let at_us = ends.iter().map(|(at_us, _)| *at_us).max().unwrap_or(0);
        let why = ends.iter().map(|(_, why)| *why).max_by_key(|why| match why {
            End::Decided => 0,
            End::Deadline => 1,
            End::Stopped => 2,
        });
        events.push(Event::End { at_us, why: why.unwrap_or(End::Stopped) });
    }
    Ok((header, events))
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
