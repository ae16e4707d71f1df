use crate::observe::formats;
use crate::observe::reading::{Fault, Reading};
use crate::plan::coverage::{self, FileCoverage, Files, ReportedPath, Runs};
use crate::plan::report_format::ReportFormat;
use proptest::collection::vec;
use proptest::prelude::*;

fn count() -> impl Strategy<Value = String> {
    prop_oneof![Just("0".to_owned()), (1..9u32).prop_map(|n| n.to_string()), Just("1e9".to_owned())]
}

/// One line within a record, as any dialect has it.
fn line() -> impl Strategy<Value = String> {
    let number = 1..200u32;
    let name = prop_oneof![Just("main"), Just("f<int, 2>"), Just("")];
    let end = prop_oneof![Just(String::new()), (200..300u32).prop_map(|end| format!("{end},"))];
    prop_oneof![
        4 => (number.clone(), count()).prop_map(|(line, count)| format!("DA:{line},{count}")),
        1 => (number.clone(), count()).prop_map(|(line, count)| format!("DA:{line},{count},sum==")),
        3 => (number.clone(), "(|e|f|U|eU)[0-2]", "([0-3]|to line 9, 1)", prop_oneof![Just("-".to_owned()), count()])
            .prop_map(|(line, block, branch, taken)| format!("BRDA:{line},{block},{branch},{taken}")),
        1 => (number, end, name.clone()).prop_map(|(line, end, name)| format!("FN:{line},{end}{name}")),
        1 => (count(), name).prop_map(|(count, name)| format!("FNDA:{count},{name}")),
        1 => Just("# a comment".to_owned()),
        1 => Just(String::new()),
        1 => Just("LF:3".to_owned()),
        1 => Just("LH:1".to_owned()),
    ]
}

fn record() -> impl Strategy<Value = String> {
    (0..4u32, vec(line(), 0..20), any::<bool>()).prop_map(|(file, lines, windows)| {
        let end = if windows { "\r\n" } else { "\n" };
        format!("TN:{end}SF:src/{file}.c{end}{}{end}end_of_record{end}", lines.join(end))
    })
}

fn read(text: &[u8]) -> Reading {
    let mut reading = Reading::default();
    formats::read(ReportFormat::Lcov, &mut &*text, &mut reading).unwrap();
    reading
}

proptest! {
    #[test]
    fn parts_read_apart_are_the_whole(records in vec((record(), 0..4usize), 1..12)) {
        let whole: String = records.iter().map(|(record, _)| record.as_str()).collect();
        let mut merged: Files<ReportedPath> = Files::new();
        for part in 0..4 {
            let text: String = records.iter().filter(|(_, of)| *of == part).map(|(record, _)| record.as_str()).collect();
            if !text.is_empty() {
                for (path, file) in read(text.as_bytes()).files {
                    coverage::add(&mut merged, path, file, Runs::Different);
                }
            }
        }
        prop_assert_eq!(merged, read(whole.as_bytes()).files);
    }

    #[test]
    fn the_order_of_records_and_reading_twice_change_nothing(records in vec(record(), 1..8)) {
        let forward = read(records.concat().as_bytes()).files;
        let backward: String = records.iter().rev().map(String::as_str).collect();
        prop_assert_eq!(&read(backward.as_bytes()).files, &forward);
        prop_assert_eq!(read(records.concat().repeat(2).as_bytes()).files, forward);
    }

    #[test]
    fn what_breaks_off_within_a_record_is_never_taken_for_whole(record in record(), cut in any::<prop::sample::Index>()) {
        let end = cut.index(record.trim_end().len());
        let mut reading = Reading::default();
        let result = formats::read(ReportFormat::Lcov, &mut &record.as_bytes()[..end], &mut reading);
        prop_assert!(result.is_err() || !record[..end].contains("SF:"), "{:?}", &record[..end]);
        prop_assert!(reading.files.is_empty());
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in vec(prop_oneof![Just(b'\n'), Just(b','), any::<u8>()], 0..200)) {
        let mut reading = Reading::default();
        let _ = formats::read(ReportFormat::Lcov, &mut &*bytes, &mut reading);
        prop_assert!(reading.files.is_empty(), "nothing begins a record here");
        let framed = [b"SF:a\n", &*bytes, b"\nend_of_record\n"].concat();
        let result = formats::read(ReportFormat::Lcov, &mut &*framed, &mut Reading::default());
        prop_assert!(!matches!(result, Err(err) if matches!(err.fault, Fault::Io(_) | Fault::Empty)));
    }

    #[test]
    fn a_covered_line_more_never_lowers_anything(record in record(), line in 1..250u32) {
        let more = record.replacen("end_of_record", &format!("DA:{line},1\nend_of_record"), 1);
        let of = |text: &str| -> FileCoverage { read(text.as_bytes()).files.into_values().next().unwrap_or_default() };
        let (before, after) = (of(&record), of(&more));
        prop_assert!(after.lines.covered() >= before.lines.covered());
        prop_assert_eq!(after.lines.state(line), Some(true));
        prop_assert!(after.lines.covered() - before.lines.covered() >= after.lines.coverable() - before.lines.coverable());
    }
}
