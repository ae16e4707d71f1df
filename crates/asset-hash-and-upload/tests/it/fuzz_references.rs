//! Replays the corpora of the fuzz targets that read files for what they name: what once mattered keeps being tried, without a
//! nightly compiler.

#[path = "../../../../fuzz/fuzz_targets/checks/asset_references.rs"]
mod asset_references;

use asset_hash_and_upload::plan::references::{css, html, import_map, javascript, source_map, svg, web_manifest};

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

/// How many references all files of a corpus have; every beginning of each is tried too.
fn references(corpus: &str, read: asset_references::Reader) -> usize {
    let count = |(_, data): (String, Vec<u8>)| {
        (0..data.len()).for_each(|end| {
            asset_references::check(&data[..end], read);
        });
        asset_references::check(&data, read)
    };
    inputs(corpus).into_iter().map(count).sum()
}

#[test]
fn pages_hold_for_their_corpus_and_every_beginning_of_it() {
    assert!(references("asset_html", html::references) >= 36);
}

#[test]
fn pictures_hold_for_their_corpus_and_every_beginning_of_it() {
    assert!(references("asset_svg", svg::references) >= 10);
}

#[test]
fn json_holds_for_its_corpus_and_every_beginning_of_it() {
    let mut strings = 0;
    for (name, data) in inputs("asset_json") {
        println!("{name}");
        (0..data.len()).for_each(|end| {
            asset_references::check_json(&data[..end]);
        });
        strings += asset_references::check_json(&data);
    }
    assert!(strings >= 12, "{strings}");
    assert!(references("asset_json", import_map::references) >= 8);
    assert!(references("asset_json", web_manifest::references) >= 5);
}

#[test]
fn sheets_hold_for_their_corpus_and_every_beginning_of_it() {
    assert!(references("asset_css", css::references) >= 20);
    assert!(references("asset_css", css::declarations) >= 15);
}

#[test]
fn scripts_hold_for_their_corpus_and_every_beginning_of_it() {
    assert!(references("asset_javascript", |data| javascript::references(data, javascript::Kind::Unknown)) >= 20);
    assert!(references("asset_javascript", |data| javascript::references(data, javascript::Kind::Module)) >= 11);
    assert!(references("asset_javascript", |data| javascript::references(data, javascript::Kind::Script)) >= 11);
}

#[test]
fn source_maps_hold_for_their_corpus_and_every_beginning_of_it() {
    assert!(references("asset_source_map", source_map::references) >= 7);
}
