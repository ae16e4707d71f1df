//! Every folder of `tests/cases` through every front door.

use kit_test::cases::{self, Door};
use std::path::Path;

#[test]
fn each_case_through_each_door_gives_the_same_report() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let binary = Path::new(env!("CARGO_BIN_EXE_asset-hash-and-upload"));
    let cases = cases::all(&dir);
    assert!(cases.len() >= 20, "only {} cases", cases.len());
    for case in cases {
        let (ran, report) = case.run(binary, Door::Flags);
        case.check(&ran, report.as_ref());
        for door in Door::ALL {
            let (other, other_report) = case.run(binary, door);
            assert_eq!(other.exit, case.exit, "{} by {door:?}: {}", case.name, other.stderr);
            assert_eq!(other_report, report, "{} by {door:?}", case.name);
        }
    }
}

/// The built image, started as a docker action and as a pipe. `cargo xtask test` names the image; without one there is
/// nothing to start, and the run says so.
#[test]
fn each_case_on_the_image_gives_the_same_report() {
    let Some(image) = std::env::var("ROADCREW_TEST_IMAGE").ok().filter(|image| !image.is_empty()) else {
        println!("SKIP cases on the image: ROADCREW_TEST_IMAGE names none; cargo xtask test sets it");
        return;
    };
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let binary = Path::new(env!("CARGO_BIN_EXE_asset-hash-and-upload"));
    for case in cases::all(&dir) {
        let (_, expected) = case.run(binary, Door::Flags);
        for door in [Door::Action, Door::Pipe] {
            let (ran, report) = case.run_image(&image, door);
            assert_eq!(ran.exit, case.exit, "{} by {door:?}: {}", case.name, ran.stderr);
            assert_eq!(report, expected, "{} by {door:?}", case.name);
            if door == Door::Action {
                case.check(&ran, report.as_ref());
            }
        }
    }
}
