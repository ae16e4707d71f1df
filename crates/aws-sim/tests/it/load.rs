//! How much a PUT costs the simulator. Ignored: it measures; `cargo test -p aws-sim -- --ignored --nocapture load`.

use crate::client::{Client, path, started};
use std::time::Instant;

const PUTS: usize = 20_000;
const BODY_BYTES: usize = 11_300;

/// Ticks of the process's threads that carry the simulator's name: user and system, in hundredths of a second.
fn simulator_ticks() -> u64 {
    let mut ticks = 0;
    for task in std::fs::read_dir("/proc/self/task").unwrap() {
        let text = std::fs::read_to_string(task.unwrap().path().join("stat")).unwrap_or_default();
        if !text.contains("(aws-sim)") {
            continue;
        }
        let fields: Vec<&str> = text.rsplit(')').next().unwrap_or("").split_whitespace().collect();
        ticks += fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap();
    }
    ticks
}

#[test]
#[ignore = "it measures"]
fn puts() {
    let sim = started(|options| options.keep_below_bytes = 4096);
    let mut client = Client::new(&sim);
    let body = vec![b'x'; BODY_BYTES];
    let heads: Vec<String> = (0..PUTS)
        .map(|index| {
            client.head(
                "PUT",
                &path(&format!("a/{index}")),
                &[("if-none-match", "*"), ("x-amz-meta-sha256", "0")],
                &body,
            )
        })
        .collect();
    let (ticks, began) = (simulator_ticks(), Instant::now());
    for head in &heads {
        assert_eq!(client.exchange("PUT", head, &body).unwrap().status, 200);
    }
    let (ticks, took) = (simulator_ticks() - ticks, began.elapsed());
    println!(
        "{PUTS} PUT of {BODY_BYTES} bytes: {took:?}, the simulator's CPU {}0 ms, {} us each",
        ticks,
        ticks * 10_000 / PUTS as u64
    );
}
