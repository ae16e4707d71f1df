use super::*;
use ReportFormat::*;

fn refusal(front: &str) -> String {
    match recognise(front.as_bytes()) {
        Ok(format) => panic!("{front} is taken for {format:?}"),
        Err(err) => err.what(),
    }
}

#[test]
fn reports_by_their_content() {
    for (front, format) in [
        ("TN:\nSF:a\n", Lcov),
        ("\u{FEFF}\n# a comment\n\nSF:a\n", Lcov),
        ("npm warn something\nTN:\nSF:a\n", Lcov),
        ("DA:1,1\n", Lcov),
        ("mode: set\n", Go),
        ("\nmode: atomic\na.go:1.1,2.2 1 1\n", Go),
        ("<?xml version=\"1.0\"?><coverage line-rate=\"0.5\"/>", Cobertura),
        (
            "<!DOCTYPE coverage SYSTEM \"a>b\" [<!ENTITY a '<coverage clover=\"1\">'>]><coverage\n branch-rate='1'>",
            Cobertura,
        ),
        ("<coverage version=\"1\"><!-- x --><sources/>", Cobertura),
        ("<coverage version=\"1\"><packages>", Cobertura),
        ("<coverage generated=\"1\"><project/>", Clover),
        ("<coverage clover = \"3.2.0\">", Clover),
        ("<coverage><project name=\"x\">", Clover),
        ("<report name=\"x\"><sessioninfo id=\"1\"/>", Jacoco),
        (
            "<!DOCTYPE report PUBLIC \"-//JACOCO//DTD Report 1.1//EN\" \"report.dtd\"><report name=\"x\"></report>",
            Jacoco,
        ),
        ("<report name=\"a > b\"><group name=\"m\">", Jacoco),
        ("\u{FEFF}<CoverageSession xmlns:xsi=\"x\">", Opencover),
        ("<Root CoveredStatements=\"1\">", Dotcover),
        ("<phpunit xmlns=\"https://schema.phpunit.de/coverage/1.0\"><build time=\"x\"/>", PhpunitXml),
        ("{\"meta\": {\"version\": \"7\", \"branch_coverage\": true}, \"files\": {}}", CoveragePy),
        ("{\"totals\": {}, \"files\": {\"a.py\": {\"summary\": {}, \"executed_lines\": [1]}}}", CoveragePy),
        ("{\"/a.js\": {\"path\": \"/a.js\", \"statementMap\": {}}}", Istanbul),
        ("{\"/a.js\": {\"hash\": \"x\", \"b\": {}, \"f\": {}, \"s\": {\"0\": 1}}}", Istanbul),
        ("{\"/a.js\": {\"data\": {\"path\": \"/a.js\", \"statementMap\": {}}}}", Istanbul),
        ("{}\n", Istanbul),
        ("{\"total\": {\"lines\": {\"total\": 1, \"covered\": 1, \"pct\": 100}}}", Istanbul),
        ("{\"a.js\": {\"statements\": {\"total\": 1, \"covered\": 1, \"pct\": 100}}}", Istanbul),
        ("{\"data\":[{\"files\":[{\"filename\":\"a.c\",\"summary\":{}}]}]}", LlvmCov),
        ("{\"RSpec\": {\"coverage\": {\"/a.rb\": {\"lines\": [1, null]}}, \"timestamp\": 1}}", Simplecov),
        ("{\"RSpec\": {\"timestamp\": 1, \"coverage\": {\"/a.rb\": [1, null]}}}", Simplecov),
        ("{\"coverage\": {}, \"meta\": {\"simplecov_version\": \"0.22\"}}", Simplecov),
        ("{\"data\":[{\"files\":[{\"filename\":\"a.c\",\"segments\":[]}]}]}", LlvmCov),
        ("{\"version\":\"2.0.1\",\"type\":\"llvm.coverage.json.export\",\"data\":[]}", LlvmCov),
        ("{\"gcc_version\": \"14\", \"files\": []}", Gcov),
        ("{\"files\": [{\"file\": \"a.c\", \"lines\": []}], \"format_version\": \"1\"}", Gcov),
        ("{\"gcovr/format_version\": \"0.11\", \"files\": []}", Gcovr),
        ("{\"files\": [{\"file\": \"a\", \"lines\": [{\"gcovr/md5\": \"x\"}]}]}", Gcovr),
    ] {
        assert_eq!(recognise(front.as_bytes()), Ok(format), "{front}");
    }
}

#[test]
fn what_is_no_report_is_named() {
    for (front, named) in [
        ("<!doctype HTML><html>", "web page"),
        ("<!DOCTYPE html PUBLIC \"x\"><!-- <coverage line-rate=\"1\"> --><html>", "web page"),
        ("<testsuites><testsuite/>", "JUnit"),
        ("<test-run id=\"1\">", "NUnit"),
        ("<phpunit bootstrap=\"x\"><testsuites>", "configuration"),
        ("<phpunit xmlns=\"https://schema.phpunit.de/coverage/1.0\"><file name=\"a\">", "index.xml"),
        ("<coverage version=\"1\"><file path=\"a\">", "SonarQube"),
        ("<coverage></coverage>", "root element `coverage`"),
        ("<coverage my-line-rate=\"1\"/>", "root element `coverage`"),
        ("<report><x/>", "root element `report`"),
        ("<something>", "root element `something`"),
        ("<!-- never ends", "no root element"),
        ("<results><modules>", "dotnet-coverage"),
        ("{\"result\":[{\"scriptId\":\"1\"}]}", "c8"),
        ("{\"result\": {\"line\": 90.1}}", ".resultset.json"),
        ("{\"source_files\": [{\"name\": \"a\", \"coverage\": [1]}]}", "Coveralls"),
        ("{\"numTotalTests\": 1}", "Jest"),
        ("{\"gcovr/summary_format_version\": \"0.6\"}", "gcovr --json"),
        ("{\"a\": 1}", "input-format"),
        ("{\"gcovr/a.json\": {\"by\": \"x\"}}", "input-format"),
        ("[1, 2]", "input-format"),
        ("SQLite format 3\0", "coverage lcov"),
        ("PK\u{3}\u{4}", "zip"),
        ("<?php return", "--coverage-clover"),
        ("        -:    0:Source:a.c\n", "gcov"),
        ("Name    Stmts   Miss  Cover\n", "summary"),
        ("hello\n", "input-format"),
        ("a\0b", "binary"),
    ] {
        let what = refusal(front);
        assert!(what.contains(named), "{front}: {what}");
    }
    for magic in [&b"\x01\xC0\xC0\x10\x07"[..], b"\x1F\x8B\x08", b"\x81rforpl\xFF", b"\xFFlprofi\x81"] {
        assert!(matches!(recognise(magic), Err(ReadError { fault: Fault::NotAReport(_), .. })), "{magic:?}");
    }
    for empty in ["", " \r\n\t", "\u{FEFF}\n"] {
        assert_eq!(recognise(empty.as_bytes()), Err(ReadError::new(None, Fault::Empty)));
    }
}

#[test]
fn a_front_that_breaks_off_anywhere_is_no_matter() {
    let fronts = [
        "<?xml?><!DOCTYPE coverage [<!ENTITY a \"é\">]><coverage line-rate='é'><sources><source>é</source>",
        "{\"a\\\"é\": {\"path\": \"é\\\\\", \"statementMap\": {\"0\": [{}, []]}}}}}]]",
        "\u{FEFF}# é\nTN:é\nSF:é",
    ];
    for front in fronts {
        for end in 0..front.len() {
            let _ = recognise(&front.as_bytes()[..end]);
        }
    }
    // A declaration that fills the front is the reader's to refuse.
    let bomb = format!("<!DOCTYPE coverage [<!ENTITY a \"{}\">]><coverage/>", "A".repeat(FRONT_BYTES));
    assert_eq!(recognise(bomb.as_bytes()), Ok(Cobertura));
}
