//! The data files of the licence texts and of the names: `cargo test -p license-check --lib text_data -- --ignored` writes them.

use crate::plan::expression::generate as names;
use crate::plan::text::generate as texts;
use std::path::PathBuf;

/// What each file holds, by its path.
fn files() -> [(PathBuf, Vec<u8>); 2] {
    let plan = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/plan");
    [(plan.join("text/spdx.bin"), texts::file()), (plan.join("expression/names/names.bin"), names::file())]
}

#[test]
fn the_data_files_are_what_the_generators_make() {
    for (path, content) in files() {
        let committed = std::fs::read(&path).expect("the data file");
        assert!(committed == content, "{}: run the ignored test beside this one, which writes it", path.display());
    }
}

#[test]
#[ignore = "writes the data files"]
fn write_the_data_files() {
    for (path, content) in files() {
        std::fs::write(path, content).expect("written");
    }
}
