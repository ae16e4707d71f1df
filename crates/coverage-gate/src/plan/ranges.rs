//! Ranges of lines, and how they are written: `1-4,7`. PURE.
#![warn(clippy::disallowed_methods)]

use super::diff::LineRange;
use std::fmt::Write;

/// Highest line number that counts; the largest generated sources have a few million lines.
pub const MAX_LINE: u32 = 100_000_000;

/// Ranges of wanted lines out of a file's coverable lines, in order: neighbouring ones join across lines that can't run,
/// never across a coverable line that is not wanted.
pub fn neighbours(coverable: impl Iterator<Item = (u32, bool)>) -> Vec<LineRange> {
    let mut ranges: Vec<LineRange> = Vec::new();
    let mut open = false;
    for (line, wanted) in coverable {
        match (wanted, open, ranges.last_mut()) {
            (true, true, Some(last)) => last.last = line,
            (true, ..) => ranges.push(LineRange { first: line, last: line }),
            (false, ..) => {}
        }
        open = wanted;
    }
    ranges
}

/// Ranges of consecutive lines, exactly those given, which are in order.
pub fn exact(lines: impl Iterator<Item = u32>) -> Vec<LineRange> {
    let mut ranges: Vec<LineRange> = Vec::new();
    for line in lines {
        match ranges.last_mut() {
            Some(last) if last.last.checked_add(1) == Some(line) => last.last = line,
            Some(last) if last.last == line => {}
            _ => ranges.push(LineRange { first: line, last: line }),
        }
    }
    ranges
}

/// How many lines they hold.
pub fn count(ranges: &[LineRange]) -> u64 {
    ranges.iter().map(|range| u64::from(range.last - range.first) + 1).sum()
}

/// Whether one of them holds a line. They are in order and don't overlap.
pub fn contains(ranges: &[LineRange], line: u32) -> bool {
    let after = ranges.partition_point(|range| range.first <= line);
    after > 0 && ranges[after - 1].last >= line
}

/// `1-4,7`.
pub fn to_text(ranges: &[LineRange]) -> String {
    let mut text = String::new();
    for range in ranges {
        let comma = if text.is_empty() { "" } else { "," };
        // Writing to a String can't fail.
        let _ = match range.first == range.last {
            true => write!(text, "{comma}{}", range.first),
            false => write!(text, "{comma}{}-{}", range.first, range.last),
        };
    }
    text
}

/// Reads [`to_text`]'s form: in order, apart from each other, lines from 1 to [`MAX_LINE`].
/// Errors: one sentence.
pub fn parse(text: &str) -> Result<Vec<LineRange>, String> {
    let mut ranges: Vec<LineRange> = Vec::new();
    if text.is_empty() {
        return Ok(ranges);
    }
    for part in text.split(',') {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let number = |text: &str| {
            let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            let line = if digits { text.parse().ok() } else { None };
            line.filter(|line| (1..=MAX_LINE).contains(line))
        };
        let range = match (number(first), number(last)) {
            (Some(first), Some(last)) if first <= last => LineRange { first, last },
            _ => {
                let part: String = part.chars().filter(|one| !one.is_control()).take(40).collect();
                return Err(format!("`{part}` is no range of lines"));
            }
        };
        if ranges.last().is_some_and(|before| before.last >= range.first) {
            return Err(format!("line {} is out of order", range.first));
        }
        ranges.push(range);
    }
    Ok(ranges)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(ranges: &[LineRange]) -> Vec<(u32, u32)> {
        ranges.iter().map(|range| (range.first, range.last)).collect()
    }

    #[test]
    fn neighbours_join_across_what_cannot_run_only() {
        let lines = [(1, true), (3, true), (4, false), (5, true), (9, true)];
        assert_eq!(pairs(&neighbours(lines.into_iter())), [(1, 3), (5, 9)]);
        assert_eq!(pairs(&exact([1, 2, 2, 4].into_iter())), [(1, 2), (4, 4)]);
    }

    #[test]
    fn written_and_read_again() {
        let ranges = exact([1, 2, 3, 7, 9, 10].into_iter());
        assert_eq!(to_text(&ranges), "1-3,7,9-10");
        assert_eq!(parse("1-3,7,9-10"), Ok(ranges.clone()));
        assert_eq!(count(&ranges), 6);
        assert_eq!(
            [3, 4, 7, 8, 10, 11, 0].map(|line| contains(&ranges, line)),
            [true, false, true, false, true, false, false]
        );
        assert_eq!(parse(""), Ok(vec![]));
        for bad in ["0", "3-2", "1,1", "2-4,4", "a", "1-", "-1", "1-2-3", "+1", "99999999999", "1-100000001", ","] {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }
}
