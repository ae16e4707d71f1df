//! What must hold for any bytes that are given as a recording; used by the fuzz target and by the replay of its corpus.

use healthcheck::plan::merge::{Samples, merge};
use healthcheck::report::report;
use kit_probe::event::Event;
use kit_probe::recording::{self, Header, event_line, header_line};
use kit_probe::verdict::{Health, Judge, Verdict};

fn read(bytes: &[u8]) -> Result<(Header, Vec<Event>), String> {
    let mut events = Vec::new();
    let header = recording::read(bytes, |_, event| events.push(event)).map_err(|error| {
        assert!(error.line >= 1 && !error.why.is_empty(), "{error:?}");
        assert!(!error.why.contains('\n') && error.why.chars().count() <= 500, "{error:?}");
        error.why
    })?;
    Ok((header, events))
}

fn judged(header: &Header, events: &[Event]) -> Verdict {
    let mut judge = Judge::new(header.rules.clone());
    events.iter().for_each(|event| judge.hear(event));
    judge.verdict()
}

/// What the bytes are judged to be, when they are a recording.
pub fn health(data: &[u8]) -> Option<Health> {
    let (header, events) = read(data).ok()?;
    Some(judged(&header, &events).health)
}

/// Reading, judging and reporting never panic; what was read is written and read back; one file merged is the file; what has
/// no end is not healthy, nor is any beginning of the file. Gives the verdict of what can be read.
pub fn check(data: &[u8]) -> Option<Health> {
    let (header, events) = read(data).ok()?;
    let written = header_line(&header) + &events.iter().map(event_line).collect::<String>();
    let (again_header, again) = read(written.as_bytes()).expect("what is written is read back");
    assert_eq!((&again_header, &again), (&header, &events), "what is written is read back");
    let verdict = judged(&header, &events);
    if !matches!(events.last(), Some(Event::End { .. })) {
        assert_eq!(verdict.health, Health::Cut, "it has no end");
    }
    let one = Samples { path: "a".to_owned(), header: header.clone(), events: events.clone() };
    let (merged_header, merged) = merge(vec![one], None).expect("one file is a run");
    assert_eq!(judged(&merged_header, &merged), verdict, "one file merged is the file");
    for end in cuts(data) {
        let health = health(&data[..end]);
        assert!(matches!(health, None | Some(Health::Cut)), "the first {end} of {} bytes are {health:?}", data.len());
    }
    let report = report(&header, &verdict);
    assert_eq!(verdict.health == Health::Healthy, report.verdict == kit_report::Verdict::Pass);
    let junit = kit_report::render::junit::render(&report);
    let is_xml =
        |char: char| !matches!(char, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}');
    assert!(junit.chars().all(is_xml), "characters that XML does not have");
    kit_report::render::json::text(&report);
    kit_report::render::github::summary(&report, 0);
    for line in kit_report::render::github::annotations(&report) {
        assert!(line.starts_with("::") && !line.contains(['\n', '\r']), "{line:?} is not one command");
    }
    Some(verdict.health)
}

/// Ends of the file that cut its end away: all of the last line, and some before.
fn cuts(data: &[u8]) -> Vec<usize> {
    let whole = data.trim_ascii_end().len();
    let last = data[..whole].iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    let some = (0..last).step_by((last / 8).max(1));
    some.chain(last..whole).collect()
}
