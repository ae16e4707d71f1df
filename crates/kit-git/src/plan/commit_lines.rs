//! Where a place of the checkout is in the commit that a host hangs the report on: see
//! [`HostView::annotates_source`](super::base::HostView::annotates_source).

use crate::plan::diff::{ChangedFile, Diff};
use kit_report::{Finding, Location};
use std::collections::BTreeMap;

/// Gives each finding on a file that differs its place in the commit. `since` leads from the commit to the checkout.
///
/// A range keeps those of its lines that the commit has; when it has none, the finding hangs on the file.
pub fn place(findings: &mut [Finding], since: &Diff) {
    let changed: BTreeMap<&str, &ChangedFile> = since.files.iter().map(|file| (file.path.as_str(), file)).collect();
    for finding in findings {
        let Some(location) = &finding.location else { continue };
        let Some(file) = changed.get(location.path.as_str()) else { continue };
        let path = file.old_path.as_ref().unwrap_or(&file.path).clone();
        let last = location.range_end().or(location.line);
        let lines = location.line.zip(last).and_then(|(first, last)| lines(file, first, last));
        let (line, end_line) = lines.map_or((None, None), |(first, last)| (Some(first), Some(last)));
        finding.commit_location = Some(Location { path, line, end_line });
    }
}

/// The first and the last line of a range that the old side has, by their old numbers.
fn lines(file: &ChangedFile, first: u32, last: u32) -> Option<(u32, u32)> {
    let mut old = (first..=last).filter_map(|line| old_line(file, line));
    let start = old.next()?;
    Some((start, old.next_back().unwrap_or(start)))
}

/// The number that an unchanged line of the new side has on the old side; `None` for an added line.
fn old_line(file: &ChangedFile, line: u32) -> Option<u32> {
    let line = i64::from(line);
    // How much further down the old side is than the new one.
    let mut ahead = 0i64;
    for hunk in &file.hunks {
        let (old, new) = (hunk.old.len() as i64, hunk.new.len() as i64);
        // A hunk that only removes has no line of its own on the new side.
        let start = if new == 0 { i64::from(hunk.old_first) - ahead } else { i64::from(hunk.new_first) };
        if line < start {
            break;
        }
        if line < start + new {
            return None;
        }
        ahead += old - new;
    }
    u32::try_from(line + ahead).ok().filter(|old| *old > 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::diff::{Change, Hunk};
    use kit_report::Level;

    fn hunk(old_first: u32, old: usize, new_first: u32, new: usize) -> Hunk {
        let lines = |count| vec!["x".to_owned(); count];
        Hunk { old_first, old: lines(old), new_first, new: lines(new) }
    }

    fn file(hunks: Vec<Hunk>) -> ChangedFile {
        ChangedFile { path: "b".into(), old_path: Some("a".into()), change: Change::Renamed, hunks }
    }

    #[test]
    fn lines_below_what_was_added_or_removed_are_shifted() {
        // Old 1..10: two lines inserted before old 3, old 6 and 7 removed, old 9 replaced by three.
        let file = file(vec![hunk(0, 0, 3, 2), hunk(6, 2, 0, 0), hunk(9, 1, 9, 3)]);
        let new: Vec<Option<u32>> = (1..=12).map(|line| old_line(&file, line)).collect();
        let old = [Some(1), Some(2), None, None, Some(3), Some(4), Some(5), Some(8), None, None, None, Some(10)];
        assert_eq!(new, old);
    }

    #[test]
    fn a_finding_hangs_on_the_lines_that_the_commit_has() {
        let since = Diff { between: String::new(), files: vec![file(vec![hunk(0, 0, 3, 2)])] };
        let at = |first, last| Finding::new("x", Level::Notice, "m").at("b", Some(first)).to_line(last);
        let mut findings = vec![at(3, 6), at(3, 4), Finding::new("x", Level::Notice, "m").at("c", Some(3))];
        place(&mut findings, &since);
        let places: Vec<Option<String>> =
            findings.iter().map(|finding| finding.commit_location.as_ref().map(Location::place)).collect();
        assert_eq!(places, [Some("a:3-4".to_owned()), Some("a".to_owned()), None]);
    }
}
