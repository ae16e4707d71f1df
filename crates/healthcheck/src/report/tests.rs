//! Whatever strangers call their instances and answer, it stays text in every form of the report.

use super::*;
use kit_probe::event::{End, Event, Fault, Miss, Phases};
use kit_probe::recording::VERSION;
use kit_probe::target::{Member, Membership, Target};
use kit_probe::verdict::{Judge, Rules};
use kit_report::render::{bitbucket, github, gitlab, json, junit, terminal};
use proptest::prelude::*;
use quick_xml::events::Event as Xml;
use std::collections::BTreeSet;

/// Commands of runners, markup, control characters, and what XML, JSON and variables can't hold.
const NASTY: &str = "(::|##\\[|%0A|\\]\\]>|<|&|\"|'|@a|`|\\||=|\\$\\(|[\\x00-\\x1f\\x7f-\\x9f]|[\u{2028}\u{202e}\u{feff}\u{fffe}\u{ffff}]|.){0,9}";

fn sample(member: &Member, texts: &[String], how: usize) -> Sample {
    let mut step =
        Step { name: texts[0].clone(), phases: Phases { total_us: 5, ..Phases::default() }, ..Step::default() };
    match how {
        0 => step.version = Some(texts[1].clone()),
        1 => {
            let kind = MissKind::Version;
            step.misses = vec![Miss { kind, expected: texts[1].clone(), got: texts[2].clone() }];
            step.body_start = Some(texts[3].clone());
            step.final_url = Some(texts[2].clone());
        }
        _ => step.fault = Some(Fault { cause: Cause::CertificateWrongName, message: texts[1].clone() }),
    }
    Sample { target: 0, member: member.clone(), round: 1, at_us: 10, took_us: 5, steps: vec![step] }
}

fn reports() -> impl Strategy<Value = (Report, usize)> {
    let ids = prop::collection::btree_set(NASTY, 1..4);
    (ids, prop::collection::vec(NASTY, 6), prop::collection::vec(0..3_usize, 4)).prop_map(|(ids, texts, how)| {
        let member = |id: &String| Member { id: id.clone(), address: None, zone: Some(texts[4].clone()) };
        let members: Vec<Member> = ids.iter().map(member).collect();
        let target = Target { shown: texts[5].clone(), ..Target::parse("http://www.example.com/").unwrap() };
        let rules = Rules {
            mode: Mode::Wait,
            passes: 1,
            deadline_us: 100,
            max_failures: None,
            quorum: None,
            grace_us: 0,
            percentile: None,
            targets: vec![Membership::Given],
        };
        let header = Header {
            recording: VERSION,
            tool: texts[0].clone(),
            started_s: 0,
            rules: rules.clone(),
            targets: vec![target],
            expected_version: Some(texts[1].clone()),
            notes: vec![texts[2].clone()],
        };
        let mut judge = Judge::new(rules);
        judge.hear(&Event::Members { at_us: 0, target: 0, members: members.clone() });
        for (member, how) in members.iter().zip(how) {
            judge.hear(&Event::Sample(sample(member, &texts, how)));
        }
        judge.hear(&Event::End { at_us: 100, why: End::Deadline });
        (report(&header, &judge.verdict()), members.len())
    })
}

/// Whether a runner would take the line for a command: actions/runner, `ActionCommand.TryParseV2` and `TryParse`.
fn is_command(line: &str) -> bool {
    line.trim_start().starts_with("::") || line.contains("##[")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn junit_is_xml_with_a_case_for_each_instance((report, members) in reports()) {
        let text = junit::render(&report);
        let is_xml = |char: char| !matches!(char, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}');
        prop_assert!(text.chars().all(is_xml));
        let mut reader = quick_xml::Reader::from_str(&text);
        let mut names = Vec::new();
        loop {
            match reader.read_event().unwrap() {
                Xml::Start(tag) | Xml::Empty(tag) if tag.name().as_ref() == "testcase" => {
                    let attributes: Vec<_> = tag.attributes().map(|one| one.unwrap().value.into_owned()).collect();
                    names.push(attributes);
                }
                Xml::Eof => break,
                _ => {}
            }
        }
        prop_assert_eq!(names.len(), members + 1);
        prop_assert_eq!(names.into_iter().collect::<BTreeSet<_>>().len(), members + 1, "two cases are one");
    }

    #[test]
    fn no_text_is_a_command_of_a_runner((report, members) in reports()) {
        let shown = terminal::render(&report, false);
        prop_assert!(!shown.contains(|char: char| char.is_control() && char != '\n'), "{:?}", shown);
        prop_assert!(!shown.split('\n').any(is_command), "{:?}", shown);
        for line in github::annotations(&report) {
            let data = line.splitn(3, "::").nth(2).unwrap_or_default();
            prop_assert!(line.starts_with("::") && !line.contains(['\n', '\r']) && !data.contains("##["), "{:?}", line);
        }
        let value: serde_json::Value = serde_json::from_str(&json::text(&report)).unwrap();
        prop_assert_eq!(value["instances"].as_array().map(Vec::len), Some(members));
    }

    #[test]
    fn no_output_adds_another((report, members) in reports()) {
        let value = |name: &str| report.outputs.iter().find(|one| one.name == name).unwrap().value.clone();
        let names: Vec<&str> = report.outputs.iter().map(|one| one.name).collect();
        let healthy: usize = value("healthy").parse().unwrap();
        let unhealthy = value("unhealthy");
        // One line each, whatever it is called; one instance without a name is an empty text.
        let lines = if healthy == members { 0 } else { unhealthy.split('\n').count() };
        prop_assert_eq!(lines, members - healthy, "{:?}", unhealthy);
        prop_assert!(!unhealthy.contains(|char: char| char.is_control() && char != '\n'), "{:?}", unhealthy);
        for text in [bitbucket::variables(&report.outputs).0, gitlab::dotenv(&report).0] {
            for line in text.lines() {
                let name = line.split('=').next().unwrap().to_lowercase().replace('_', "-");
                prop_assert!(names.contains(&name.as_str()), "{:?}", text);
            }
        }
    }
}
