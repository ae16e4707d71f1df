use super::*;
use crate::target::Membership;
use crate::verdict::Judge;
use crate::verdict::histories::histories;
use proptest::prelude::*;

fn header(rules: &Rules) -> Header {
    let target = Target::parse("https://www.example.com/health").unwrap();
    Header {
        recording: VERSION,
        tool: "healthcheck 0.1.0".to_owned(),
        started_s: 1_700_000_000,
        targets: vec![target; rules.targets.len()],
        rules: rules.clone(),
        expected_version: Some("abc".to_owned()),
        notes: vec!["a proxy\nin two lines".to_owned()],
    }
}

fn plain() -> Header {
    header(&Rules {
        mode: crate::verdict::Mode::Wait,
        passes: 3,
        deadline_us: 60_000_000,
        max_failures: None,
        quorum: None,
        grace_us: 0,
        percentile: None,
        targets: vec![Membership::Resolved],
    })
}

fn write(header: &Header, events: &[Event]) -> String {
    let lines: String = events.iter().map(event_line).collect();
    header_line(header) + &lines
}

/// Events of targets that are not there are left out by the judge and refused by the reader.
fn known(rules: &Rules, events: Vec<Event>) -> Vec<Event> {
    let target = |event: &Event| match event {
        Event::Members { target, .. } | Event::NotResolved { target, .. } => *target,
        Event::Sample(sample) => sample.target,
        Event::End { .. } => 0,
    };
    events.into_iter().filter(|event| target(event) < rules.targets.len()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_is_read_and_judged_the_same((rules, events) in histories()) {
        let header = header(&rules);
        let events = known(&rules, events);
        let text = write(&header, &events);
        let mut again = Vec::new();
        prop_assert_eq!(&read(text.as_bytes(), |_, event| again.push(event)).unwrap(), &header);
        prop_assert_eq!(&again, &events);
        prop_assert_eq!(write(&header, &again), text);
        let (mut live, mut replayed) = (Judge::new(rules), Judge::new(header.rules.clone()));
        events.iter().for_each(|event| live.hear(event));
        again.iter().for_each(|event| replayed.hear(event));
        prop_assert_eq!(live.verdict(), replayed.verdict());
    }

    #[test]
    fn changed_bytes_never_panic((rules, events) in histories(), changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..3_u8), 1..8)) {
        let mut bytes = write(&header(&rules), &known(&rules, events)).into_bytes();
        for (index, byte, how) in changes {
            let at = index.index(bytes.len());
            match how {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                _ => bytes.truncate(at.max(1)),
            }
        }
        let mut judge: Option<Judge> = None;
        let _ = read(&bytes, |header, event| judge.get_or_insert_with(|| Judge::new(header.rules.clone())).hear(&event));
        let _ = judge.map(|judge| judge.verdict());
    }
}

fn refused(line: &str) -> String {
    read_event(&plain(), 7, line).unwrap_err().to_string()
}

#[test]
fn lines_that_are_refused() {
    let end = r#"{"event":"end","at_us":1,"why":"deadline"}"#;
    assert!(read_event(&plain(), 7, end).is_ok());
    assert_eq!(refused(&end.replace("at_us", "at")), "line 7: missing field `at_us`");
    assert_eq!(
        refused(r#"{"event":"not-resolved","at_us":1,"target":1,"fault":{"cause":"reset","message":""}}"#),
        "line 7: target 1, but there are 1 (counted from 0)"
    );
    let sample = r#"{"event":"sample","target":0,"member":{"id":"a"},"round":1,"at_us":0,"took_us":1,"steps":[{"name":"request","phases":{"total_us":1},"misses":[]}]}"#;
    assert!(read_event(&plain(), 7, sample).is_ok());
    assert_eq!(
        refused(&sample.replace("misses", "mises").replace("[]}]", "[1]}]")),
        "line 7: the field \"mises\" is unknown"
    );
    assert!(
        refused(&sample.replace(r#"{"name":"request","phases":{"total_us":1},"misses":[]}"#, ""))
            .contains("without a step")
    );
    assert!(refused(r#"{"event":"members","at_us":0,"target":0,"members":[]}"#).contains("0 members"));
    assert!(refused(r#"{"event":"members","at_us":0,"target":0,"members":[{"id":"a"},{"id":"a"}]}"#).contains("twice"));
    assert!(refused(&format!("{{\"event\":\"{}\"}}", "x".repeat(MAX_LINE_BYTES))).contains("longer than 4 MiB"));
    assert!(refused(&"[".repeat(100_000)).starts_with("line 7: recursion limit"));
}

#[test]
fn headers_that_are_refused() {
    let line = header_line(&plain());
    let refused = |line: String| read_header(&line).unwrap_err().to_string();
    assert_eq!(read_header(&line).unwrap(), plain());
    assert!(refused(line.replace("\"recording\":1", "\"recording\":2,\"new\":1")).contains("recording version 2"));
    assert!(refused(line.replace("\"recording\":1", "\"x\":1")).contains("no recording"));
    assert!(refused(line.replace("\"tool\"", "\"x\":1,\"tool\"")).contains("unknown field"));
    assert!(refused(line.replace("\"passes\":3", "\"passes\":0")).contains("0 passes"));
    assert!(refused(line.replace("[\"resolved\"]", "[]")).contains("another number"));
    assert!(refused("{}".to_owned()).contains("no recording"));
    assert!(refused(String::new()).starts_with("line 1: "));
}

#[test]
fn a_cut_file_has_no_end_and_a_wrong_one_is_an_error() {
    let end = Event::End { at_us: 1, why: crate::event::End::Deadline };
    let text = write(&plain(), std::slice::from_ref(&end));
    let count = |bytes: &[u8]| {
        let mut count = 0;
        read(bytes, |_, _| count += 1).map(|_| count)
    };
    assert_eq!(count(text.as_bytes()), Ok(1));
    assert_eq!(count(text.trim_end().as_bytes()), Ok(1));
    assert_eq!(count(&text.as_bytes()[..text.len() - 2]), Ok(0));
    let broken = text.replace("deadline\"}", "deadline\"");
    assert_eq!(count(broken.as_bytes()).unwrap_err().line, 2);
    let twice = text.clone() + &event_line(&end);
    assert!(count(twice.as_bytes()).unwrap_err().to_string().starts_with("line 3: there is an event after the end"));
    assert!(count(b"").unwrap_err().to_string().contains("empty"));
    assert!(count(b"\xff\n").unwrap_err().to_string().contains("UTF-8"));
}
