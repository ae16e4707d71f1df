//! What a long upload says while it runs: files, bytes, rate.

use crate::apply::upload::Counter;
use crate::report::words::size;
use kit_host::Log;
use std::time::{Duration, Instant};

/// Between two lines of a log.
const LINE_INTERVAL: Duration = Duration::from_secs(10);
/// Between two drawings on a terminal.
const DRAW_INTERVAL: Duration = Duration::from_millis(200);

/// Does `work`, and says from time to time how far `counter` has come of `total`.
pub async fn shown<T>(log: &Log, what: &str, total: u64, counter: &Counter, work: impl Future<Output = T>) -> T {
    let began = Instant::now();
    let mut live = log.live();
    let mut work = std::pin::pin!(work);
    loop {
        let interval = if log.terminal() { DRAW_INTERVAL } else { LINE_INTERVAL };
        tokio::select! {
            done = &mut work => return done,
            () = tokio::time::sleep(interval) => {}
        }
        let (files, bytes) = counter.get();
        let ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX).max(1);
        let rate = size(bytes.saturating_mul(1_000) / ms);
        let line = format!("{what} {files} of {total} files, {} ({rate}/s)", size(bytes));
        if log.terminal() { live.draw(&[line]) } else { log.info(&line) }
    }
}
