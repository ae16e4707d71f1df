//! Jobs that ran again.

use super::*;

/// The receipt of another attempt, in a folder of its own, and how it ended.
pub(super) fn again(of: &ReceiptFile, job: &str, number: u64, exit_code: i32) -> ReceiptFile {
    let mut again = of.clone();
    again.path = format!("attempts/{}-{job}-{number}/receipt.json", of.receipt.shard);
    again.receipt.attempt = Some(Attempt { job: job.to_owned(), number });
    again.receipt.exit_code = Some(exit_code);
    again.receipt.started_ms += number;
    again
}

#[test]
fn the_latest_attempt_counts_however_it_ended() {
    let ended = |evidence: &mut Evidence, ends: &[(u64, i32)]| {
        let first = evidence.receipts.remove(0);
        evidence.receipts.extend(ends.iter().map(|(number, code)| again(&first, "test", *number, *code)));
    };
    for ends in [[(1, 1), (2, 0)], [(2, 0), (1, 1)], [(7, 9), (8, 0)]] {
        let verification = assert_judged(Verdict::Pass, &["shard-ran-again"], |_, evidence| ended(evidence, &ends));
        assert_eq!((verification.shards[0].receipts, verification.shards[0].exit_code), (2, Some(0)));
        let [finding] = &verification.findings[..] else { panic!("{:?}", verification.findings) };
        for (number, _) in ends {
            assert!(finding.message.contains(&format!("attempt {number} of `test`")), "{}", finding.message);
            assert!(finding.message.contains(&format!("attempts/0-test-{number}/receipt.json")), "{}", finding.message);
        }
    }
    // Having passed once is not enough.
    let verification = assert_judged(Verdict::Fail, &["runner-failed", "shard-ran-again"], |_, evidence| {
        ended(evidence, &[(1, 0), (2, 0), (3, 1)]);
    });
    assert_eq!((verification.shards[0].receipts, verification.shards[0].exit_code), (3, Some(1)));
    assert_judged(Verdict::Unproven, &["exit-code-missing", "shard-ran-again"], |_, evidence| {
        ended(evidence, &[(1, 0), (2, 0)]);
        evidence.receipts.last_mut().unwrap().receipt.exit_code = None;
    });
    // An attempt at another plan is none at this one.
    assert_judged(Verdict::Fail, &["digest-differs"], |_, evidence| {
        ended(evidence, &[(1, 0), (2, 0)]);
        evidence.receipts[2].receipt.digest = "sha256:2".to_owned();
    });
}

#[test]
fn a_shard_that_ran_twice_is_doubled_unless_it_is_one_job_s_attempts() {
    // The same receipt twice, as when artifacts are downloaded into two folders, says nothing new.
    assert_judged(Verdict::Pass, &[], |_, evidence| {
        let mut copy = evidence.receipts[0].clone();
        copy.path = "copy.json".to_owned();
        evidence.receipts.push(copy);
    });
    let doubled = |codes: &[&str], add: &dyn Fn(&ReceiptFile) -> Vec<ReceiptFile>| {
        let verification = assert_judged(Verdict::Fail, codes, |_, evidence| {
            let first = evidence.receipts.remove(0);
            evidence.receipts.extend(add(&first));
        });
        assert_eq!(verification.doubled, ["a.py", "b.py"]);
        assert!(verification.headline.contains("1 shards ran more than once"), "{}", verification.headline);
    };
    // Nothing says which is the later one.
    doubled(&["shard-doubled"], &|first| {
        let mut later = first.clone();
        later.receipt.started_ms += 1;
        vec![first.clone(), later]
    });
    doubled(&["shard-doubled"], &|first| vec![first.clone(), again(first, "test", 2, 0)]);
    // The same attempt; another job.
    doubled(&["shard-doubled"], &|first| {
        let mut twin = again(first, "test", 1, 0);
        twin.receipt.duration_ms += 1;
        twin.path = "twin.json".to_owned();
        vec![again(first, "test", 1, 0), twin]
    });
    doubled(&["shard-doubled"], &|first| vec![again(first, "test", 1, 0), again(first, "other", 2, 0)]);
    // A third attempt does not heal it, and the worst end is told.
    doubled(&["shard-doubled", "runner-failed"], &|first| {
        let mut twin = again(first, "test", 1, 3);
        twin.path = "twin.json".to_owned();
        vec![again(first, "test", 1, 0), twin, again(first, "test", 2, 0)]
    });
}

#[test]
fn reports_of_replaced_attempts_are_told_by_their_folders() {
    let plan = plan(ABC);
    let paths = |paths: &[&str]| paths.iter().map(|path| (*path).to_owned()).collect::<Vec<_>>();
    let all = paths(&[
        "attempts/0-test-1/deep/junit.xml",
        "attempts/0-test-1/junit.xml",
        "attempts/0-test-2/junit.xml",
        "attempts/junit.xml",
        "receipts/junit.xml",
        "junit.xml",
    ]);
    let receipts = |ends: &[(&str, u64)]| {
        let mut receipts: Vec<ReceiptFile> = (1..3).map(|shard| receipt(&plan, shard)).collect();
        receipts.extend(ends.iter().map(|(job, number)| again(&receipt(&plan, 0), job, *number, 0)));
        receipts
    };
    let of = |receipts: &[ReceiptFile]| outdated(receipts, &all);
    let first = [("attempts/0-test-1/deep/junit.xml".to_owned(), 0), ("attempts/0-test-1/junit.xml".to_owned(), 0)];
    assert_eq!(of(&receipts(&[("test", 1), ("test", 2)])), first);
    assert_eq!(of(&receipts(&[("test", 2), ("test", 1)])), first);
    // Without a replaced attempt nothing is set aside.
    assert_eq!(of(&receipts(&[("test", 1)])), []);
    assert_eq!(of(&receipts(&[("test", 1), ("other", 2)])), []);
    // A folder that another receipt lies in, too, is not that attempt's alone.
    let mut mixed = receipts(&[("test", 1), ("test", 2)]);
    mixed[0].path = "attempts/0-test-1/deep/receipt.json".to_owned();
    assert_eq!(of(&mixed), []);
    // Nor is one of two shards' replaced attempts a shard's.
    let mut shared = receipts(&[("test", 1), ("test", 2)]);
    for number in [1, 2] {
        shared.push(again(&receipt(&plan, 1), "test", number, 0));
    }
    shared.swap_remove(0);
    shared.iter_mut().filter(|file| file.path == "attempts/1-test-1/receipt.json").for_each(|file| {
        file.path = "attempts/0-test-1/second.json".to_owned();
    });
    assert_eq!(of(&shared), []);
    let mut foreign = receipts(&[("test", 1), ("test", 2)]);
    foreign[3].receipt.digest = "sha256:2".to_owned();
    assert_eq!(of(&foreign), []);

    assert!(is_of_shard(&plan, 0, &report("r.xml", &["a.py", "new.py"])));
    assert!(!is_of_shard(&plan, 0, &report("r.xml", &["a.py", "c.py"])));
}

#[test]
fn attempts_whose_reports_cannot_be_told_apart_are_the_shards_own_all_the_same() {
    assert_judged(Verdict::Pass, &["shard-ran-again"], |_, evidence| {
        for shard in 0..3 {
            evidence.receipts[shard].path = format!("shard-{shard}/receipt.json");
            if let Some(report) = evidence.reports.get_mut(shard) {
                report.path = format!("shard-{shard}/r.xml");
            }
        }
        let first = evidence.receipts[0].clone();
        evidence.receipts[0].receipt.attempt = Some(Attempt { job: "test".to_owned(), number: 2 });
        let mut old = again(&first, "test", 1, 1);
        old.path = "shard-0/first/receipt.json".to_owned();
        evidence.receipts.push(old);
        evidence.reports.push(report("shard-0/second.xml", &["a.py", "b.py"]));
    });
}
