//! Every folder of `tests/cases` through every front door.

use kit_test::cases::{self, Door};
use std::path::Path;

#[test]
fn each_case_through_each_door_gives_the_same_report() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let binary = Path::new(env!("CARGO_BIN_EXE_asset-hash-and-upload"));
    let cases = cases::all(&dir);
    assert!(cases.len() >= 3, "only {} cases", cases.len());
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
