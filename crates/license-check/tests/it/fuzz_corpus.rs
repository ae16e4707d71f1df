//! Replays the corpora of the fuzz targets: what once mattered keeps being tried, without a nightly compiler.

#[path = "../../../../fuzz/fuzz_targets/checks/license_expression.rs"]
mod license_expression;
#[path = "../../../../fuzz/fuzz_targets/checks/license_list.rs"]
mod license_list;
#[path = "../../../../fuzz/fuzz_targets/checks/license_policy.rs"]
mod license_policy;
#[path = "../../../../fuzz/fuzz_targets/checks/license_text.rs"]
mod license_text;

use license_check::observe::locks;
use license_check::plan::text::How;
use license_list::Reader;

/// Readers of JSON and XML: no beginning of a file is a file.
const CLOSED: &[(&str, Reader)] = &[
    ("lock_composer", locks::composer::parse),
    ("lock_npm", locks::npm::parse),
    ("lock_bun", locks::bun::parse),
    ("lock_pipfile", locks::pipfile::parse),
    ("lock_nuget", locks::nuget::parse),
    ("lock_cyclonedx", locks::cyclonedx::parse),
    ("lock_spdx_json", locks::spdx_json::parse),
    ("lock_pom", locks::maven::parse),
];
/// Readers of formats whose files may end behind many of their lines.
const OPEN: &[(&str, Reader)] = &[
    ("lock_yarn", locks::yarn::parse),
    ("lock_pnpm", locks::pnpm::parse),
    ("lock_cargo", locks::cargo::parse),
    ("lock_poetry", locks::poetry::parse),
    ("lock_uv", locks::uv::parse),
    ("lock_pdm", locks::pdm::parse),
    ("lock_pylock", locks::pylock::parse),
    ("lock_requirements", locks::requirements::parse),
    ("lock_go_mod", locks::go::parse),
    ("lock_go_sum", locks::go::parse_sum),
    ("lock_gemfile", locks::gemfile::parse),
    ("lock_gradle", locks::gradle::parse),
];
/// Bytes of each input of which every beginning is tried too.
const BEGINNINGS_BYTES: usize = 2500;

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
fn the_readers_of_lists_hold_for_their_corpora_and_for_each_others() {
    for (corpus, own) in CLOSED.iter().chain(OPEN) {
        let mut lists = 0;
        for (name, bytes) in inputs(corpus) {
            println!("{name}");
            lists += usize::from(license_list::check(*own, &bytes).is_some_and(|lock| !lock.packages.is_empty()));
            for (other, reader) in CLOSED.iter().chain(OPEN) {
                println!("{name} as {other}");
                license_list::check(*reader, &bytes);
            }
        }
        assert!(lists > 0, "some of {corpus} are lists with packages");
    }
}

#[test]
fn the_readers_of_lists_hold_for_every_beginning_of_their_corpora() {
    for (corpus, reader) in OPEN {
        for (name, bytes) in inputs(corpus) {
            println!("{name}");
            (0..bytes.len().min(BEGINNINGS_BYTES)).for_each(|end| {
                license_list::check(*reader, &bytes[..end]);
            });
        }
    }
}

#[test]
fn no_beginning_of_a_document_is_taken_for_a_list() {
    for (corpus, reader) in CLOSED {
        for (name, bytes) in inputs(corpus) {
            println!("{name}");
            if license_list::check(*reader, &bytes).is_none() {
                continue;
            }
            (0..bytes.trim_ascii_end().len().min(BEGINNINGS_BYTES)).for_each(|end| {
                let read = license_list::check(*reader, &bytes[..end]);
                assert!(read.is_none(), "{name}: {end} bytes are no list");
            });
        }
    }
}

#[test]
fn the_readers_of_policies_and_fields_hold_for_their_corpora() {
    let mut policies = 0;
    for (name, bytes) in inputs("license_policy") {
        println!("{name}");
        policies += usize::from(license_policy::check(&bytes).is_some());
        (0..bytes.len()).for_each(|end| {
            license_policy::check(&bytes[..end]);
        });
    }
    assert!(policies >= 7, "only {policies} are policies");
    for (name, bytes) in inputs("license_expression") {
        println!("{name}");
        (0..=bytes.len()).for_each(|end| license_expression::check(&bytes[..end]));
    }
}

#[test]
fn the_matcher_of_texts_holds_for_its_corpus() {
    for (name, bytes) in inputs("license_text") {
        println!("{name}");
        license_text::check(&bytes);
        (0..bytes.len()).step_by(97).for_each(|end| {
            let begun = license_text::check(&bytes[..end]);
            assert!(begun.how != How::Exact || end > 400, "{name}: {end} bytes are no licence");
        });
    }
}

/// A condition more is another licence.
#[test]
fn the_matcher_takes_no_text_with_a_condition_more_for_the_licence() {
    let mut taken = Vec::new();
    for (id, text) in spdx::text::LICENSE_TEXTS {
        println!("{id}");
        let found = license_text::check(text.as_bytes());
        let more = format!("{text}\n\nYou shall not use the Software to teach penguins.\n");
        if found.how == How::Exact && license_text::check(more.as_bytes()) == found {
            taken.push(*id);
        }
    }
    assert!(taken.is_empty(), "with a condition more they are still the licence: {taken:?}");
}
