//! What makes a finding the same one in the next run.

use crate::report::{Finding, Report};
use std::collections::BTreeMap;

/// Hands out fingerprints. The line stays out of them, or every finding below an inserted line would be new; findings that
/// are alike in all else are told apart by their order.
pub(super) struct Fingerprints<'r> {
    tool: &'r str,
    seen: BTreeMap<String, u32>,
}

impl<'r> Fingerprints<'r> {
    pub(super) fn new(report: &'r Report) -> Self {
        Fingerprints { tool: report.tool, seen: BTreeMap::new() }
    }

    /// The fingerprint of the next finding in the report's order, 32 hexadecimal digits.
    pub(super) fn of(&mut self, finding: &Finding) -> String {
        let path = finding.location.as_ref().map_or("", |location| location.path.as_str());
        let first = fingerprint(&[self.tool, finding.code, path, &finding.message]);
        let earlier = self.seen.entry(first.clone()).or_insert(0);
        *earlier += 1;
        match *earlier {
            1 => first,
            nth => fingerprint(&[&first, &nth.to_string()]),
        }
    }
}

/// FNV-1a of 128 bits over the parts. Hosts only compare fingerprints, so a small stable hash will do.
/// Source: datatracker.ietf.org/doc/draft-eastlake-fnv.
fn fingerprint(parts: &[&str]) -> String {
    let mut hash: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    for part in parts {
        for byte in part.bytes().chain([0xff]) {
            hash ^= u128::from(byte);
            hash = hash.wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b);
        }
    }
    format!("{hash:032x}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Level, Verdict};

    #[test]
    fn findings_alike_get_fingerprints_of_their_own_and_a_line_changes_none() {
        let report = Report::new("sample-tool", "1.2.3", Verdict::Pass, "x");
        let at = |line| Finding::new("broken", Level::Error, "m").at("p", Some(line));
        let mut once = Fingerprints::new(&report);
        let all: Vec<String> = [1, 2, 3].into_iter().map(|line| once.of(&at(line))).collect();
        assert!(all[0] != all[1] && all[1] != all[2] && all[0] != all[2]);
        let mut again = Fingerprints::new(&report);
        assert_eq!([7, 8, 9].into_iter().map(|line| again.of(&at(line))).collect::<Vec<_>>(), all);
    }
}
