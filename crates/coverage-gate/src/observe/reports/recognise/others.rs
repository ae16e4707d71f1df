//! Files that come with coverage and are no reports, each with what to give instead.

/// Known by their first bytes.
pub fn binary(front: &[u8]) -> Option<&'static str> {
    const KNOWN: [(&[u8], &str); 13] = [
        (
            b"SQLite format 3\0",
            "it is coverage.py's data file; give what `coverage lcov` or `coverage xml` makes of it",
        ),
        (b"!coverage.py: ", "it is coverage.py's data file; give what `coverage lcov` or `coverage xml` makes of it"),
        (b"\x01\xC0\xC0", "it is a JaCoCo execution file; give the XML report that the JaCoCo plugin makes of it"),
        (b"PK\x03\x04", "it is a zip archive; unpack it and give the report in it"),
        (b"\x1F\x8B", "it is compressed twice; unpack it once"),
        (b"\x28\xB5\x2F\xFD", "it is compressed with zstd; unpack it"),
        (b"BZh", "it is compressed with bzip2; unpack it"),
        (b"\xFD7zXZ\0", "it is compressed with xz; unpack it"),
        (b"\x81rforpl\xFF", "it is a raw LLVM profile; give what `llvm-cov export --format=lcov` makes of it"),
        (b"\xFFlprofi\x81", "it is an LLVM profile; give what `llvm-cov export --format=lcov` makes of it"),
        (b"adcg", "it is gcov's data; give what gcovr or lcov makes of it"),
        (b"oncg", "it is gcov's notes; give what gcovr or lcov makes of it"),
        (b"<?php", "it is PHPUnit's PHP coverage; give what `--coverage-clover` or `--coverage-cobertura` writes"),
    ];
    if let Some((_, what)) = KNOWN.iter().find(|(magic, _)| front.starts_with(magic)) {
        return Some(what);
    }
    let unknown = "it is binary, and no coverage report of a known kind; if it is Visual Studio's `.coverage`, give what \
                   `dotnet-coverage merge -f cobertura` makes of it";
    front.contains(&0).then_some(unknown)
}

/// Known by their lines.
pub fn text(front: &[u8]) -> Option<&'static str> {
    let has = |needle: &[u8]| memchr::memmem::find(front, needle).is_some();
    if has(b":    0:Source:") {
        Some("it is gcov's text; give what `gcov --json-format`, gcovr or lcov makes instead")
    } else if has(b"Stmts") && has(b"Miss") && has(b"Cover") {
        Some("it is a summary for people; give what `coverage lcov` or `coverage xml` writes")
    } else if has(b"% Stmts") {
        Some("it is a summary for people; give Istanbul's coverage-final.json or lcov.info")
    } else if has(b"\tstatements)\t") || has(b"(statements)") {
        Some("it is the summary of `go tool cover -func`; give the profile that `go test -coverprofile` wrote")
    } else {
        None
    }
}
