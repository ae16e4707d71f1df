//! The data file of the licence texts: `cargo test -p license-check --lib text_data -- --ignored` writes it.

use crate::plan::text::generate::file;
use std::path::PathBuf;

fn path() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/plan/text/spdx.bin")
}

#[test]
fn the_data_file_is_what_the_generator_makes() {
    let committed = std::fs::read(path()).expect("the data file");
    assert!(committed == file(), "run the ignored test beside this one, which writes the file");
}

#[test]
#[ignore = "writes the data file"]
fn write_the_data_file() {
    std::fs::write(path(), file()).expect("written");
}
