//! What must hold for any bytes that are merged; used by the fuzz target and by the replay of the reader's corpus.

use std::io::{Cursor, Read};

use junit_shard_split::apply::merge;
use junit_shard_split::observe::junit::{self, Limits};
use junit_shard_split::observe::results::Collection;
use junit_shard_split::plan::results::Totals;
use junit_shard_split::plan::results::place::Repository;
use junit_shard_split::plan::results::summary;

/// The report given `copies` times, merged. `None` when it cannot be read.
fn merged(data: &[u8], copies: u32, group: Option<u32>) -> Option<(Totals, Vec<u8>)> {
    let limits = Limits::default();
    let mut collection = Collection::new(2);
    for number in 0..copies {
        let mut collector = collection.collector(number, "report.xml", group);
        junit::read(data, &limits, &mut collector).ok()?;
        collection.commit(collector);
    }
    let (results, outline) = collection.finish();
    summary::sections(&results, &Repository::default());
    summary::findings(&results, &Repository::default());
    let mut open = |_: &str| -> std::io::Result<Box<dyn Read>> { Ok(Box::new(Cursor::new(data.to_vec()))) };
    match merge::write(&outline, &limits, &mut open, "merged.xml", Vec::new()) {
        Ok(out) => Some((results.totals, out)),
        Err(error) => panic!("what was read once cannot be merged: {error}"),
    }
}

/// Whatever can be read can be merged, and merging the result again changes nothing.
pub fn check(data: &[u8]) {
    for (copies, group) in [(1, None), (2, None), (2, Some(1))] {
        let Some((totals, once)) = merged(data, copies, group) else { return };
        let Some((again, twice)) = merged(&once, 1, None) else { panic!("the merged report cannot be read") };
        assert_eq!(once, twice, "merging is idempotent");
        let counts = |totals: &Totals| [totals.tests, totals.failures, totals.errors, totals.skipped, totals.flaky];
        assert_eq!(counts(&totals), counts(&again), "no test is lost");
    }
}
