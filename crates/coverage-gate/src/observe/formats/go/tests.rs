use super::*;
use crate::plan::coverage::totals::{PartialLines, Share};

fn reading(text: &str) -> Result<Reading, ReadError> {
    let mut into = Reading::default();
    read(&mut text.as_bytes(), &mut into)?;
    into.settle();
    Ok(into)
}

fn lines(text: &str) -> Vec<(u32, bool)> {
    let reading = reading(&format!("mode: set\n{text}")).unwrap();
    reading.files[&ReportedPath::new("m/a.go")].lines.iter().collect()
}

fn statements(reading: &Reading, path: &str) -> Option<Share> {
    reading.files[&ReportedPath::new(path)].totals(PartialLines::Hit).statements
}

#[test]
fn blocks_are_counted_once_however_often_they_are_said() {
    let text = "mode: count\nm/a.go:1.1,3.2 2 0\nm/a.go:1.1,3.2 2 4\nm/a.go:5.1,6.2 1 0\nmode: count\nm/b.go:1.1,2.2 1 1\n\
                m/a.go:5.1,6.2 1 0\nm/a.go:1.1,3.2 2 0\n";
    let reading = reading(text).unwrap();
    assert_eq!(statements(&reading, "m/a.go"), Some(Share { covered: 2, coverable: 3 }));
    assert_eq!(statements(&reading, "m/b.go"), Some(Share { covered: 1, coverable: 1 }));
    assert!(reading.notices.is_empty());
}

#[test]
fn lines_are_those_that_blocks_touch() {
    assert_eq!(lines("m/a.go:3.20,5.2 1 1\n"), [(3, true), (4, true), (5, true)]);
    assert_eq!(lines("m/a.go:3.20,5.1 1 1\n"), [(3, true), (4, true)], "nothing of line 5 belongs to it");
    assert_eq!(lines("m/a.go:3.1,3.1 1 0\n"), [(3, false)]);
    // if x { … } else { … }: the lines of the braces belong to both sides.
    let both = "m/a.go:1.10,2.8 1 1\nm/a.go:2.8,4.3 1 0\nm/a.go:4.8,6.3 1 1\n";
    assert_eq!(lines(both), [(1, true), (2, true), (3, false), (4, true), (5, true), (6, true)]);
    assert_eq!(lines("m/a.go:3.20,5.2 0 0\nm/a.go:9.1,9.9 1 1\n"), [(9, true)], "nothing to run in an empty function");
}

#[test]
fn large_blocks_cost_no_more_than_their_lines() {
    let many: String = (1..2000).map(|n| format!("m/a.go:{n}.1,{}.1 1 {}\n", 150_000 + n, n % 2)).collect();
    let lines = lines(&many);
    assert_eq!((lines.len(), lines.iter().all(|(_, covered)| *covered)), (151_998, true));
}

#[test]
fn interleaved_files_are_kept_apart() {
    let mut text = "mode: set\n".to_owned();
    for block in 1..300 {
        for file in ["m/a.go", "m/b.go", "m/a:c.go"] {
            text.push_str(&format!("{file}:{block}.1,{block}.9 1 {}\n", u32::from(block % 3 == 0)));
        }
    }
    let reading = reading(&text.repeat(2)).unwrap();
    assert_eq!(reading.files.len(), 3);
    for path in ["m/a.go", "m/b.go", "m/a:c.go"] {
        assert_eq!(statements(&reading, path), Some(Share { covered: 99, coverable: 299 }));
    }
}

#[test]
fn dialects() {
    let reading =
        reading("\u{FEFF}\r\nmode: atomic\r\nC:/a b.go:1.2,3.4 1 99999999999999999999\r\n\r\nx.go:1.2,1.3 1 0")
            .unwrap();
    assert_eq!(statements(&reading, "C:/a b.go"), Some(Share { covered: 1, coverable: 1 }));
    assert_eq!(
        reading.notices.iter().map(|notice| (notice.code, notice.line)).collect::<Vec<_>>(),
        [("no-final-newline", Some(5))]
    );
    let zero = super::tests::reading("mode: set\nx.go:0.1,1.3 1 0\nx.go:1.1,1.3 1 1\n").unwrap();
    assert_eq!((zero.notices[0].code, zero.notices[0].line), ("line-zero", Some(2)));
    assert!(super::tests::reading("mode: set\n").unwrap().files.is_empty());
}

#[test]
fn what_is_damaged_is_refused() {
    for (text, line) in [
        ("mode: fast\n", Some(1)),
        ("mode: set\nm/a.go\n", Some(2)),
        ("mode: set\nm/a.go:1.1,2.2 1\n", Some(2)),
        ("mode: set\nm/a.go:1.1,2.2 1 \n", Some(2)),
        ("mode: set\nm/a.go:1.1,2.2 1 -1\n", Some(2)),
        ("mode: set\nm/a.go:1.1,2.2 1 1x\n", Some(2)),
        ("mode: set\nm/a.go:1.1,2.2 -1 1\n", Some(2)),
        ("mode: set\nm/a.go:1.1 2.2 1 1\n", Some(2)),
        ("mode: set\n:1.1,2.2 1 1\n", Some(2)),
        ("mode: set\nm/\0.go:1.1,2.2 1 1\n", Some(2)),
        ("mode: set\nm/a.go:1.1,2.2 1 1\nm/a.go:5.1,2.2 1 1\n", Some(3)),
        ("mode: set\nm/a.go:1.1,200002.2 1 1\n", Some(2)),
        ("mode: set\nm/a.go:1.1,4000000000.2 1 1\n", Some(2)),
        ("mode: set\nm/a.go:100000001.1,100000001.2 1 1\n", Some(2)),
        ("mode: set\nm/a.go:1.1,2.2 1 1\nm/a.go:1.1,2.2 2 1\n", None),
    ] {
        let err = reading(text).unwrap_err();
        assert!(matches!(err.fault, Fault::Malformed(_)), "{text}: {err:?}");
        assert_eq!(err.line, line, "{text}");
    }
    for text in ["", "\n\n"] {
        assert_eq!(reading(text).unwrap_err().fault, Fault::Empty);
    }
    for text in ["m/a.go:1.1,2.2 1 1\n", "<html>\n"] {
        assert!(matches!(reading(text).unwrap_err().fault, Fault::NotAReport(_)), "{text}");
    }
}
