mod properties;

use super::*;
use crate::observe::reading::Fault;
use crate::plan::coverage::totals::{PartialLines, Share, Totals};
use crate::plan::coverage::{FileCoverage, ReportedPath};

fn reading(text: &str) -> Result<Reading, ReadError> {
    let mut into = Reading::default();
    read(&mut text.as_bytes(), &mut into)?;
    into.settle();
    Ok(into)
}

fn file(text: &str) -> FileCoverage {
    let reading = reading(&format!("SF:a.c\n{text}end_of_record\n")).unwrap();
    reading.files[&ReportedPath::new("a.c")].clone()
}

fn totals(text: &str) -> Totals {
    file(text).totals(PartialLines::Hit)
}

fn share(covered: u64, coverable: u64) -> Option<Share> {
    Some(Share { covered, coverable })
}

fn refused(text: &str) -> (Option<u64>, String) {
    let err = reading(text).unwrap_err();
    (err.line, err.what())
}

#[test]
fn a_whole_report() {
    let text = "\u{FEFF}# made by hand\r\nTN:unit\r\nSF:src/a.c\r\nVER:1\r\nFN:1,main\r\nFN:5,9,f<int, 3>\r\nFNDA:2,main\r\n\
                FNDA:0,f<int, 3>\r\nFNF:2\r\nFNH:1\r\nBRDA:2,0,0,1\r\nBRDA:2,0,1,-\r\nBRDA:3,0,0,0\r\nBRF:3\r\nBRH:1\r\n\
                DA:1,2\r\nDA:2,1,checksum==\r\n\r\nDA:6,0\r\nLF:3\r\nLH:2\r\nend_of_record";
    let reading = reading(text).unwrap();
    let file = &reading.files[&ReportedPath::new("src/a.c")];
    let expected = Totals {
        lines: share(2, 3),
        branches: Some(crate::plan::coverage::totals::BranchShare { covered: 1, covered_at_most: None, coverable: 3 }),
        functions: share(1, 2),
        statements: None,
    };
    assert_eq!(file.totals(PartialLines::Hit), expected);
    assert_eq!(reading.declared, expected);
    assert_eq!((reading.lying, reading.notices), (vec![], vec![]));
    let functions: Vec<_> = file.functions.iter().collect();
    use crate::plan::coverage::items::ItemId::Text;
    assert_eq!(functions, [(1, Text(b"main"), true), (5, Text(b"f<int, 3>"), false)]);
}

#[test]
fn arms_by_block_and_branch() {
    let arms = |text: &str| file(text).arms.totals();
    assert_eq!(arms("BRDA:1,0,0,1\nBRDA:1,0,0,0\nBRDA:1,1,0,-\nBRDA:1,0,1,0\n"), (1, 3));
    assert_eq!(arms("BRDA:23,0,jump to line 24,1\nBRDA:23,0,jump, then 25,-\nBRDA:23,0,jump, then 26,2\n"), (2, 3));
    assert_eq!(arms("BRDA:1,e0,0,1\nBRDA:1,0,0,0\nBRDA:1,f0,0,0\n"), (1, 3), "the prefix is part of the identity");
    assert_eq!(arms("BRDA:1,U0,0,0\nBRDA:1,eU0,1,0\nBRDA:1,0,0,1\n"), (1, 1), "unreachable arms do not count");
    assert_eq!(
        arms("BRDA:1,4294967296,0,1\nBRDA:1,0,4294967296,0\nBRDA:1,0,0,0\n"),
        (1, 3),
        "large numbers stay apart"
    );
    assert_eq!(arms("BRDA:1,32767,65535,1\nBRDA:1,32767,65534,0\nBRDA:1,32768,0,0\nBRDA:1,0,65536,0\n"), (1, 4));
}

#[test]
fn counts() {
    for (count, covered) in [
        ("0", Some(false)),
        ("1", Some(true)),
        ("18446744073709551616", Some(true)),
        ("1e3", Some(true)),
        ("1.5E+20", Some(true)),
        ("0e5", Some(false)),
        ("0.0", Some(false)),
        ("000", Some(false)),
        (" 7 ", Some(true)),
        ("-1", None),
        ("-0", None),
        ("-", None),
        ("", None),
        ("=====", None),
        ("#####", None),
        ("1e", None),
        ("1e-3", None),
        ("0.5", None),
        ("e3", None),
        ("1,2,3", Some(true)),
        ("NaN", None),
        ("0x1", None),
    ] {
        let read = reading(&format!("SF:a\nDA:7,{count}\nend_of_record\n"));
        let state = read.ok().and_then(|reading| reading.files[&ReportedPath::new("a")].lines.state(7));
        assert_eq!(state, covered, "{count}");
    }
    let (line, what) = refused("TN:\nSF:a\nDA:1,1\nDA:2,-3\nend_of_record\n");
    assert!(line == Some(4) && what.starts_with("`DA:2,-3` has a negative count"), "{what}");
}

#[test]
fn functions_by_name_in_any_order() {
    assert_eq!(totals("FNDA:1,b\nFNDA:0,a\nFN:1,a\nFN:2,b\n").functions, share(1, 2));
    assert_eq!(totals("FN:1,a\nFN:2,b\nFNDA:1,b\n").functions, share(1, 2));
    assert_eq!(totals("FN:1,a\nFNDA:0,a\nFNDA:3,nowhere\n").functions, share(1, 2), "counted, but not declared");
    assert_eq!(totals("FN:1,a\nFN:2,b\n").functions, share(0, 2));
    let twice = "FN:1,constructor\nFN:9,constructor\nFNDA:0,constructor\nFNDA:1,constructor\n";
    let hit: Vec<bool> = file(twice).functions.iter().map(|(_, _, hit)| hit).collect();
    assert_eq!(hit, [false, true]);
    assert_eq!(totals("FN:1,a\nFN:9,a\nFNDA:1,a\n").functions, share(1, 1), "nobody knows which");
}

#[test]
fn functions_by_place() {
    let text = "FNL:0,10,20\nFNA:0,1,f<int>\nFNA:0,0,f<long, 2>\nFNL:1,30\nFNA:1,0,g\nFNF:2\nFNH:1\n";
    assert_eq!(totals(text).functions, share(1, 3));
    assert!(reading(&format!("SF:a\n{text}end_of_record\n")).unwrap().notices.is_empty());
    for wrong in ["FNA:0,1,f\n", "FNL:0,1\nFNL:0,2\n", "FNL:x,1\n", "FNL:0\n", "FNL:0,1\nFNA:0,f\n"] {
        assert_eq!(
            refused(&format!("SF:a\n{wrong}end_of_record\n")).0,
            Some(1 + wrong.lines().count() as u64),
            "{wrong}"
        );
    }
}

#[test]
fn what_a_record_declares_is_only_compared() {
    let text = "SF:a\nDA:1,1\nDA:2,0\nLF:10\nLH:9\nBRDA:1,0,0,1\nBRF:2\nBRH:2\nFNF:x\nend_of_record\n";
    let reading = reading(text).unwrap();
    let (declared, derived) = (Share { covered: 9, coverable: 10 }, Share { covered: 1, coverable: 2 });
    assert_eq!(reading.lying, [("a".to_owned(), declared, derived)]);
    let codes: Vec<_> = reading.notices.iter().map(|notice| (notice.code, notice.line)).collect();
    assert_eq!(codes, [("total-unreadable", Some(9)), ("totals-disagree", Some(10))]);
}

#[test]
fn a_file_in_two_records_is_one() {
    let reading = reading("SF:a\nDA:1,1\nDA:2,0\nend_of_record\nSF:a\nDA:2,3\nDA:3,0\nend_of_record\n").unwrap();
    assert_eq!(reading.files.len(), 1);
    let file = &reading.files[&ReportedPath::new("a")];
    assert_eq!(file.lines.iter().collect::<Vec<_>>(), [(1, true), (2, true), (3, false)]);
}

#[test]
fn what_breaks_off_is_refused() {
    for (text, line) in [
        ("SF:a\nDA:1,1\nDA:2,0\n", 3),
        ("SF:a\n", 1),
        ("SF:a\nDA:1,1\nend_of_rec", 3),
        ("SF:a\nDA:1,1\nSF:b\nend_of_record\n", 3),
        ("SF:a\nend_of_record\nSF:b\nDA:1", 4),
    ] {
        let err = reading(text).unwrap_err();
        assert_eq!(err.line, Some(line), "{text}");
        assert!(matches!(err.fault, Fault::Truncated(_) | Fault::Malformed(_)), "{err:?}");
    }
    assert!(matches!(reading("SF:a\nDA:1,1\n").unwrap_err().fault, Fault::Truncated(_)));
}

#[test]
fn what_is_no_report_is_refused() {
    for text in ["", "\n \r\n"] {
        assert_eq!(reading(text).unwrap_err().fault, Fault::Empty);
    }
    for text in ["TN:\n", "# nothing\n", "TN:\nend_of_record\n"] {
        assert!(reading(text).unwrap().files.is_empty(), "{text}: a report of nothing");
    }
    for (text, line) in [
        ("SF:a\nDA:1\nend_of_record\n", 2),
        ("SF:a\nDA:,1\nend_of_record\n", 2),
        ("SF:a\nDA:-1,1\nend_of_record\n", 2),
        ("SF:a\nDA:100000001,1\nend_of_record\n", 2),
        ("SF:a\nDA:1\0,1\nend_of_record\n", 2),
        ("SF:a\nBRDA:1,0,1\nend_of_record\n", 2),
        ("SF:a\nBRDA:1,x,0,1\nend_of_record\n", 2),
        ("SF:a\nBRDA:1,0,0,\nend_of_record\n", 2),
        ("SF:a\nsome text\nend_of_record\n", 2),
        ("SF:a\nda:1,1\nend_of_record\n", 2),
        ("SF:a\nEOF\nend_of_record\n", 2),
        ("SF:a\n:1\nend_of_record\n", 2),
        ("DA:1,1\nSF:a\nend_of_record\n", 1),
        ("SF:\nend_of_record\n", 1),
        ("SF:a\0b\nend_of_record\n", 1),
        ("SF:a\nFNDA:1\nend_of_record\n", 2),
    ] {
        let err = reading(text).unwrap_err();
        assert!(matches!(err.fault, Fault::Malformed(_)), "{text}: {err:?}");
        assert_eq!(err.line, Some(line), "{text}");
    }
}

#[test]
fn oddities_are_told() {
    let text = "SF:a\nDA:0,1\nDA:1,1\nBRDA:0,0,0,1\nXYZ:1\nend_of_record\nEOF\nend_of_record\n";
    let reading = reading(text).unwrap();
    let codes: Vec<_> = reading.notices.iter().map(|notice| (notice.code, notice.line)).collect();
    assert_eq!(
        codes,
        [
            ("line-zero", Some(2)),
            ("line-zero", Some(4)),
            ("record-unknown", Some(5)),
            ("record-unknown", Some(7)),
            ("record-empty", Some(8))
        ]
    );
    assert_eq!(reading.files[&ReportedPath::new("a")].totals(PartialLines::Hit).lines, share(1, 1));
}
