//! Replays the corpora of the fuzz targets: what once mattered keeps being tried, without a nightly compiler.

#[path = "../../../../fuzz/fuzz_targets/checks/health_expectations.rs"]
mod health_expectations;
#[path = "../../../../fuzz/fuzz_targets/checks/health_proxies.rs"]
mod health_proxies;
#[path = "../../../../fuzz/fuzz_targets/checks/health_recording.rs"]
mod health_recording;
#[path = "../../../../fuzz/fuzz_targets/checks/health_suite.rs"]
mod health_suite;
#[path = "../../../../fuzz/fuzz_targets/checks/health_targets.rs"]
mod health_targets;

use kit_probe::verdict::Health;

/// The files of one corpus, in the order of their names.
fn inputs(corpus: &str) -> Vec<(String, Vec<u8>)> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus").join(corpus);
    let entries = std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let paths = entries.map(|entry| entry.unwrap().path());
    let mut inputs: Vec<_> = paths.map(|path| (path.display().to_string(), std::fs::read(path).unwrap())).collect();
    inputs.sort();
    assert!(inputs.len() >= 3, "the corpus of {corpus} is there");
    inputs
}

#[test]
fn no_beginning_of_a_recording_is_healthy() {
    let mut healthy = 0;
    for (name, bytes) in inputs("health_recording") {
        println!("{name}");
        healthy += usize::from(health_recording::check(&bytes) == Some(Health::Healthy));
        for end in 0..bytes.trim_ascii_end().len() {
            let health = health_recording::health(&bytes[..end]);
            assert!(matches!(health, None | Some(Health::Cut)), "{name}: {end} bytes are {health:?}");
        }
    }
    assert!(healthy >= 2, "some are healthy");
}

#[test]
fn targets_hold_for_their_corpus_and_every_beginning_of_it() {
    let mut instances = 0;
    for (name, bytes) in inputs("health_targets") {
        println!("{name}");
        instances += health_targets::check(&bytes).unwrap_or(0);
        (0..bytes.len()).for_each(|end| {
            health_targets::check(&bytes[..end]);
        });
    }
    assert!(instances >= 3, "some are lists");
}

#[test]
fn suites_hold_for_their_corpus_and_every_beginning_of_it() {
    let mut steps = 0;
    for (name, bytes) in inputs("health_suite") {
        println!("{name}");
        steps += health_suite::check(&bytes).map_or(0, |suite| suite.steps.len());
        (0..bytes.len()).for_each(|end| {
            health_suite::check(&bytes[..end]);
        });
    }
    assert!(steps >= 4, "some are suites");
}

#[test]
fn expectations_hold_for_their_corpus_and_every_beginning_of_it() {
    for (name, bytes) in inputs("health_expectations") {
        println!("{name}");
        (0..=bytes.len()).for_each(|end| {
            health_expectations::check(&bytes[..end]);
        });
    }
}

#[test]
fn proxies_hold_for_their_corpus_and_every_beginning_of_it() {
    let mut proxied = 0;
    for (name, bytes) in inputs("health_proxies") {
        println!("{name}");
        proxied += usize::from(health_proxies::check(&bytes) == Some(true));
        (0..bytes.len()).for_each(|end| {
            health_proxies::check(&bytes[..end]);
        });
    }
    assert!(proxied >= 1, "some are proxies");
}
