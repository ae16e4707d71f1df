//! Replays the corpora of the fuzz targets: what once mattered keeps being tried, without a nightly compiler.

#[path = "../../../../fuzz/fuzz_targets/checks/coverage_reader.rs"]
mod coverage_reader;
#[path = "../../../../fuzz/fuzz_targets/checks/diff_file.rs"]
mod diff_file;

use coverage_gate::plan::report_format::ReportFormat;

const LINES: &[(&str, ReportFormat)] = &[("lcov", ReportFormat::Lcov), ("go", ReportFormat::Go)];
const XML: &[(&str, ReportFormat)] = &[
    ("cobertura", ReportFormat::Cobertura),
    ("jacoco", ReportFormat::Jacoco),
    ("clover", ReportFormat::Clover),
    ("opencover", ReportFormat::Opencover),
    ("dotcover", ReportFormat::Dotcover),
    ("phpunit_xml", ReportFormat::PhpunitXml),
];
const JSON: &[(&str, ReportFormat)] = &[
    ("coverage_py", ReportFormat::CoveragePy),
    ("istanbul", ReportFormat::Istanbul),
    ("simplecov", ReportFormat::Simplecov),
    ("llvm_cov", ReportFormat::LlvmCov),
    ("gcov", ReportFormat::Gcov),
    ("gcovr", ReportFormat::Gcovr),
];
/// Bytes of each input of which every beginning is tried too.
const BEGINNINGS_BYTES: usize = 700;

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
fn the_readers_of_lines_hold_for_their_corpora_and_every_beginning_of_them() {
    for (corpus, format) in LINES {
        for (name, bytes) in inputs(corpus) {
            println!("{name}");
            coverage_reader::check_lines(*format, &bytes);
            let ends = 0..bytes.len().min(BEGINNINGS_BYTES);
            ends.for_each(|end| coverage_reader::check_lines(*format, &bytes[..end]));
        }
    }
}

#[test]
fn the_other_readers_hold_for_their_corpora_and_for_each_others() {
    for family in [XML, JSON] {
        for (name, bytes) in family.iter().flat_map(|(corpus, _)| inputs(corpus)) {
            for (_, format) in family {
                println!("{name} as {format:?}");
                coverage_reader::check(*format, &bytes);
            }
        }
    }
}

#[test]
fn the_json_readers_hold_for_every_beginning_of_their_corpora() {
    for (corpus, format) in JSON {
        for (name, bytes) in inputs(corpus) {
            println!("{name}");
            (0..bytes.len().min(BEGINNINGS_BYTES)).for_each(|end| {
                coverage_reader::check(*format, &bytes[..end]);
            });
        }
    }
}

#[test]
fn the_xml_readers_take_no_beginning_of_a_report_for_a_report() {
    for (corpus, format) in XML {
        for (name, bytes) in inputs(corpus) {
            println!("{name}");
            (0..bytes.len().min(BEGINNINGS_BYTES)).for_each(|end| {
                let read = coverage_reader::check(*format, &bytes[..end]);
                let rest = bytes[end..].trim_ascii();
                assert!(
                    read.is_none() || rest.is_empty() || is_behind_root(&bytes[..end]),
                    "{end} bytes are no report"
                );
            });
        }
    }
}

#[test]
fn the_reader_of_diffs_holds_for_its_corpus_and_every_beginning_of_it() {
    for (name, bytes) in inputs("diff_file") {
        println!("{name}");
        (0..=bytes.len()).for_each(|end| {
            diff_file::check(&bytes[..end]);
        });
    }
}

/// Whether a document may be whole here although more follows: what follows is behind its root element.
fn is_behind_root(document: &[u8]) -> bool {
    [&b"</coverage>"[..], b"<coverage/>", b"</report>", b"</CoverageSession>", b"</Root>", b"</phpunit>"]
        .iter()
        .any(|end| document.trim_ascii_end().ends_with(end))
}
