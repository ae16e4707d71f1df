//! What must hold for any bytes that are given as a timing store; used by the fuzz target and by the replay of its corpus.

use junit_shard_split::plan::store::{Keeping, MAX_KEEP, Quiet, Run, Store};

/// Reading, recording and merging never panic; what is written is read back; a store merged with itself stays as it is.
pub fn check(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let store = match Store::parse(text) {
        Ok(store) => store,
        Err(error) => {
            assert!(!error.what.contains('\n'), "one line says what is wrong");
            return;
        }
    };
    let rendered = store.render();
    assert_eq!(Store::parse(&rendered).as_ref(), Ok(&store), "what is written is read back");
    let mut twice = store.clone();
    twice.merge(&store, MAX_KEEP);
    assert_eq!(twice, store, "merging is idempotent");
    let machines: Vec<String> = store.machines().into_iter().map(ToOwned::to_owned).collect();
    for machine in machines.iter().take(3) {
        let medians: Vec<(&str, u64)> = store.medians(machine, MAX_KEEP).collect();
        for quiet in [None, Some(Quiet::DEFAULT)] {
            let mut recorded = store.clone();
            recorded.record(Run::new(u64::MAX, "fuzz"), machine, medians.iter().copied(), &Keeping { keep: 3, quiet });
            assert_eq!(Store::parse(&recorded.render()), Ok(recorded), "what was recorded is read back");
        }
    }
}
