//! JSON reports by their keys, in whatever order they stand. This looks at shapes only; whether it is well formed is the
//! reader's matter.

use crate::plan::report_format::ReportFormat;

/// Objects inside of objects that are looked into.
const MAX_DEPTH: usize = 5;
/// Keys that are looked at.
const MAX_KEYS: usize = 20_000;

/// Keys at the front of a document, each with how many objects it is in and the key that the innermost of them belongs to.
struct Keys<'j>(Vec<(usize, &'j [u8], &'j [u8])>);

impl Keys<'_> {
    fn at(&self, depth: usize, key: &str) -> bool {
        self.0.iter().any(|(of, _, name)| *of == depth && *name == key.as_bytes())
    }

    fn under(&self, parent: &str, key: &str) -> bool {
        self.0.iter().any(|(_, of, name)| *of == parent.as_bytes() && *name == key.as_bytes())
    }
}

/// Errors: what it is.
pub fn recognise(front: &[u8]) -> Result<ReportFormat, &'static str> {
    let keys = scan(front);
    let at = |depth, key| keys.at(depth, key);
    if at(1, "gcovr/summary_format_version") {
        return Err("it is gcovr's summary, which knows no lines; give what `gcovr --json` writes");
    }
    let of_gcovr = |(depth, _, key): &(usize, &[u8], &[u8])| *depth > 2 && key.starts_with(b"gcovr/");
    if at(1, "gcovr/format_version") || at(1, "files") && keys.0.iter().any(of_gcovr) {
        return Ok(ReportFormat::Gcovr);
    }
    if keys.under("meta", "simplecov_version") {
        return Ok(ReportFormat::Simplecov);
    }
    if memchr::memmem::find(front, b"\"llvm.coverage.json.export\"").is_some()
        || at(1, "data") && at(2, "files") && (at(3, "segments") || at(3, "filename"))
    {
        return Ok(ReportFormat::LlvmCov);
    }
    if at(1, "gcc_version") || at(1, "files") && (at(1, "format_version") || at(3, "unexecuted_block")) {
        return Ok(ReportFormat::Gcov);
    }
    let meta = ["branch_coverage", "show_contexts", "version", "format"].into_iter().any(|key| keys.under("meta", key));
    if at(1, "meta") && meta || at(1, "files") && at(3, "executed_lines") {
        return Ok(ReportFormat::CoveragePy);
    }
    let instrumented = |depth| at(depth, "statementMap") || at(depth, "s") && at(depth, "f") && at(depth, "b");
    if instrumented(2) || at(2, "data") && instrumented(3) {
        return Ok(ReportFormat::Istanbul);
    }
    // `coverage-summary.json`.
    if at(3, "pct") && (at(1, "total") || at(2, "statements")) {
        return Ok(ReportFormat::Istanbul);
    }
    if let Some(what) = other(&keys) {
        return Err(what);
    }
    if at(2, "coverage") {
        return Ok(ReportFormat::Simplecov);
    }
    // nyc writes this when no file was instrumented: a report of nothing.
    if front.trim_ascii() == b"{}" {
        return Ok(ReportFormat::Istanbul);
    }
    Err("it is JSON, and no coverage report of a known kind; if it is one, name its kind with `input-format`")
}

fn other(keys: &Keys<'_>) -> Option<&'static str> {
    let at = |depth, key| keys.at(depth, key);
    if at(1, "result") && at(2, "scriptId") {
        Some(
            "it is V8's raw coverage, which knows no lines; give what c8 makes of it: coverage-final.json or lcov.info",
        )
    } else if at(1, "result") && (at(2, "line") || at(2, "covered_percent")) {
        Some("it is SimpleCov's .last_run.json, which knows no lines; give .resultset.json or coverage.json")
    } else if at(1, "source_files") && at(2, "coverage") {
        Some("it is a Coveralls upload; give the report that it was made from")
    } else if at(1, "coveredLines") || at(1, "targets") && at(2, "coveredLines") {
        Some("it is Xcode's coverage; give what `xcrun llvm-cov export -format=lcov` makes of the profile")
    } else if at(1, "coveragePercent") && at(1, "children") {
        Some("it is grcov's covdir; give what `grcov -t lcov` writes")
    } else if at(1, "numTotalTests") || at(1, "testResults") {
        Some("it is a Jest test report; give coverage-final.json or lcov.info from Jest's coverage folder")
    } else {
        None
    }
}

/// One object or array that is open.
struct Open<'j> {
    /// Its members have keys.
    object: bool,
    /// The key that it belongs to.
    key: &'j [u8],
}

/// All keys of the front, as far as they are wanted.
fn scan(front: &[u8]) -> Keys<'_> {
    let mut keys = Vec::new();
    let mut open: Vec<Open<'_>> = Vec::new();
    let mut key: &[u8] = b"";
    let (mut objects, mut at) = (0, 0);
    while at < front.len() && keys.len() < MAX_KEYS {
        match front[at] {
            b'{' | b'[' => {
                let object = front[at] == b'{';
                // What is in an array belongs to the array's key.
                let of = if key.is_empty() {
                    open.last().filter(|last| !last.object).map_or(key, |last| last.key)
                } else {
                    key
                };
                open.push(Open { object, key: of });
                objects += usize::from(object);
                key = b"";
            }
            b'}' | b']' => {
                objects -= usize::from(open.pop().is_some_and(|open| open.object));
                key = b"";
            }
            b',' => key = b"",
            b'"' => {
                let (text, end) = string(front, at + 1);
                at = end;
                let rest = front.get(at + 1..).unwrap_or(&[]).trim_ascii_start();
                if let Some(last) = open.last().filter(|last| last.object && rest.first() == Some(&b':')) {
                    key = text;
                    if objects <= MAX_DEPTH {
                        keys.push((objects, last.key, text));
                    }
                }
            }
            _ => {}
        }
        at += 1;
    }
    Keys(keys)
}

/// A string as written, and where its closing quote is.
fn string(front: &[u8], start: usize) -> (&[u8], usize) {
    let mut at = start;
    while let Some(found) = memchr::memchr2(b'"', b'\\', front.get(at..).unwrap_or(&[])) {
        at += found;
        if front[at] == b'"' {
            return (&front[start..at], at);
        }
        at += 2;
    }
    (&front[start.min(front.len())..], front.len())
}
