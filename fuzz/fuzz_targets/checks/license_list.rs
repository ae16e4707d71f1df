//! What must hold for every reader of lists of packages, whatever the bytes; used by their fuzz targets and by the replay of
//! the corpora.

use license_check::observe::lock::{Fault, Lock};
use license_check::plan::package::Origin;

/// A reader of `license_check::observe::locks`.
pub type Reader = fn(&[u8], &str) -> Result<Lock, Fault>;

const PATH: &str = "below/the.list";

/// Reading never panics; no package is lost; every package but the project's own has a name, and stands at a line of this file; a fault is one line
/// of text at a line of the file. Gives the list when it can be read.
pub fn check(reader: Reader, data: &[u8]) -> Option<Lock> {
    // A carriage return of its own ends a line for nobody.
    let lines = data.split(|byte| *byte == b'\n').count();
    let is_line = |line: Option<u32>| line.is_none_or(|line| line >= 1 && line as usize <= lines);
    let lock = match reader(data, PATH) {
        Ok(lock) => lock,
        Err(Fault { line, what }) => {
            assert!(!what.is_empty() && !what.contains('\n'), "one line says what is wrong: {what:?}");
            assert!(is_line(line), "{line:?} of {lines}: {what}");
            return None;
        }
    };
    assert_eq!(lock.listed, lock.packages.len(), "packages in the list are packages in the report");
    assert!(!lock.format.is_empty(), "the format has a name");
    for package in &lock.packages {
        // The project itself may be nameless, since nobody asks for it.
        let is_own = package.origin == Origin::Own;
        assert!(is_own || !package.name.is_empty(), "a package without a name: {package:?}");
        assert_eq!(package.place.path, PATH);
        assert!(is_line(package.place.line), "{:?} of {lines}: {}", package.place, package.id());
        for statement in &package.statements {
            assert_eq!(statement.place.path, PATH);
            assert!(is_line(statement.place.line), "{:?} of {lines}: {}", statement.place, package.id());
        }
    }
    assert!(lock.notices.iter().all(|notice| !notice.is_empty()), "what is odd has words");
    Some(lock)
}
