//! Replays the corpora of the fuzz targets of what servers answer: what once mattered keeps being tried, without a nightly
//! compiler.

#[path = "../../../fuzz/fuzz_targets/checks/probe_answer.rs"]
mod probe_answer;
#[path = "../../../fuzz/fuzz_targets/checks/probe_certificate.rs"]
mod probe_certificate;
#[path = "../../../fuzz/fuzz_targets/checks/probe_grpc.rs"]
mod probe_grpc;

/// The files of one corpus, in the order of their names.
fn inputs(corpus: &str) -> Vec<(String, Vec<u8>)> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus").join(corpus);
    let entries = std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let paths = entries.map(|entry| entry.unwrap().path());
    let mut inputs: Vec<_> = paths.map(|path| (path.display().to_string(), std::fs::read(path).unwrap())).collect();
    inputs.sort();
    assert!(inputs.len() >= 5, "the corpus of {corpus} is there");
    inputs
}

#[test]
fn answers_hold_for_their_corpus_and_every_beginning_of_it() {
    for (name, bytes) in inputs("probe_answer") {
        println!("{name}");
        (0..=bytes.len()).for_each(|end| probe_answer::check(&bytes[..end]));
    }
}

#[test]
fn no_beginning_of_a_grpc_answer_serves() {
    let mut serving = 0;
    for (name, bytes) in inputs("probe_grpc") {
        println!("{name}");
        let whole = probe_grpc::check(&bytes);
        let serves = whole.as_deref() == Some("SERVING");
        serving += usize::from(serves);
        for end in 0..bytes.len() {
            let begun = probe_grpc::check(&bytes[..end]);
            assert!(!serves || begun.as_deref() != Some("SERVING"), "{name}: {end} bytes");
        }
    }
    assert_eq!(serving, 2, "some are whole");
}

#[test]
fn no_beginning_of_a_certificate_is_one() {
    let mut read = 0;
    for (name, bytes) in inputs("probe_certificate") {
        println!("{name}");
        read += usize::from(probe_certificate::check(&bytes));
        for end in 0..bytes.len() {
            assert!(!probe_certificate::check(&bytes[..end]), "{name}: {end} bytes");
        }
    }
    assert_eq!(read, 3, "some are whole");
}
