//! Replays the corpora of the fuzz targets: what once mattered keeps being tried, without a nightly compiler.

#[path = "../../../../fuzz/fuzz_targets/checks/junit_reader.rs"]
mod junit_reader;
#[path = "../../../../fuzz/fuzz_targets/checks/merge.rs"]
mod merge;
#[path = "../../../../fuzz/fuzz_targets/checks/store.rs"]
mod store;

/// The files of one corpus and of the fixtures beside it, in the order of their names.
fn inputs(folder: &str) -> Vec<(String, Vec<u8>)> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut inputs: Vec<(String, Vec<u8>)> = std::fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file())
        .map(|path| (path.display().to_string(), std::fs::read(&path).unwrap()))
        .collect();
    inputs.sort();
    inputs
}

#[test]
fn the_report_reader_holds_for_its_corpus() {
    let corpus = inputs("../../fuzz/corpus/junit_reader");
    assert!(corpus.len() >= 20, "the corpus is there");
    for (name, bytes) in corpus.iter().chain(&inputs("tests/fixtures/junit")) {
        println!("{name}");
        junit_reader::check(bytes);
    }
}

#[test]
fn the_report_reader_holds_for_every_beginning_of_its_corpus() {
    for (name, bytes) in inputs("../../fuzz/corpus/junit_reader") {
        println!("{name}");
        for end in 0..bytes.len().min(600) {
            junit_reader::check(&bytes[..end]);
        }
    }
}

#[test]
fn merging_holds_for_the_corpus_of_the_reader() {
    for (name, bytes) in inputs("../../fuzz/corpus/junit_reader").iter().chain(&inputs("tests/fixtures/junit")) {
        println!("{name}");
        merge::check(bytes);
    }
}

#[test]
fn the_timing_store_holds_for_its_corpus_and_every_beginning_of_it() {
    let corpus = inputs("../../fuzz/corpus/store");
    assert!(!corpus.is_empty(), "the corpus is there");
    for (name, bytes) in corpus {
        println!("{name}");
        for end in 0..=bytes.len() {
            store::check(&bytes[..end]);
        }
    }
}
