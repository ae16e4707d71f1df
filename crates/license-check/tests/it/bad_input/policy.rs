//! Policies that make no sense, and exceptions that have lapsed.

use crate::change::npm_lock;
use crate::project::{Checked, Project};

fn with(policy: impl AsRef<[u8]>) -> Checked {
    let lock = npm_lock(&[("gpl", "1.0.0", "GPL-3.0-only", false), ("pad", "1.0.0", "MIT", false)]);
    let project = Project::with(&[("package-lock.json", lock)]);
    project.write("license-policy.toml", policy).check(&[])
}

const EXCEPTION: &str = "allow = [\"MIT\"]\n\n[[exception]]\npackage = \"npm:gpl\"\nversions = \"*\"\nlicense = \"GPL-3.0-only\"\nreason = \"bought\"\nowner = \"team\"\n";

#[test]
fn what_makes_no_sense_is_refused_with_its_line() {
    let missing = EXCEPTION.replace("owner = \"team\"\n", "expires = 2999-01-01\n");
    let double = format!("{EXCEPTION}expires = 2999-01-01\nreason = \"other\"\n");
    let cases: [(&str, Option<u64>, &str); 12] = [
        ("allow = [\"MIT\"]\nalow = []\n", Some(2), "allow"),
        ("allow = [\"MIT\"]\n\n[developmnet]\n", Some(3), "development"),
        ("allow = [\"MIT\",\n  \"MTI\"]\n", Some(2), "MTI"),
        ("allow = [\"MIT\"]\ndeny = [\"MIT\"]\n", None, "MIT"),
        ("allow = \"MIT\"\n", Some(1), "allow"),
        ("allow = [\"family:premissive\"]\n", Some(1), "premissive"),
        ("allow = [\"MIT\"\n", None, ""),
        ("allow = [\"MIT\"]\nunknown = \"ignore\"\n", Some(2), "unknown"),
        (&missing, None, "owner"),
        (&double, None, "duplicate"),
        (
            "allow = []\n\n[[clarify]]\npackage = \"npm:x\"\nversions = \"*\"\nlicense = \"MIT\"\nfile = \"LICENSE\"\nsha256 = \"12\"\nreason = \"r\"\nowner = \"o\"\n",
            None,
            "64 ",
        ),
        ("allow = [\"MIT OR\"]\n", Some(1), "missing at the end"),
    ];
    for (policy, line, words) in cases {
        let checked = with(policy);
        assert_eq!(checked.ran.exit, 2, "{policy}: {}", checked.ran.stderr);
        let finding = checked.finding("file-invalid");
        assert_eq!(finding["path"], "license-policy.toml", "{policy}: {finding}");
        assert!(finding["line"].is_u64(), "{policy}: {finding}");
        assert!(line.is_none() || finding["line"].as_u64() == line, "{policy}: {finding}");
        let message = finding["message"].as_str().unwrap();
        assert!(message.contains(words), "{policy}: {words}: {message}");
    }
}

#[test]
fn what_is_no_text_is_refused() {
    let utf16: Vec<u8> = "allow = [\"MIT\"]\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    for bytes in [&utf16[..], b"allow = [\"MIT\"]\n\xff\xfe\n", b"\0\0\0\0", b"allow = [\"M\0IT\"]\n"] {
        let checked = with(bytes).exits(2);
        assert!(checked.ran.stderr.contains("license-policy.toml"), "{}", checked.ran.stderr);
    }
    let large = format!("allow = [\"MIT\"]\n#{}\n", "x".repeat(2 << 20));
    let checked = with(large).exits(2);
    assert!(checked.ran.stderr.contains("license-policy.toml"), "{}", checked.ran.stderr);
}

/// An empty policy is a slip more often than an opinion.
#[test]
fn a_policy_without_lists_is_refused() {
    for text in ["", "# nothing yet\n", "unknown = \"warn\"\n"] {
        let checked = with(text).exits(2);
        checked.says("file-invalid", "license-policy.toml", Some(1), &["`allow` or `deny`"]);
    }
    with("deny = []\n").exits(0);
}

#[test]
fn an_exception_holds_to_its_day_and_not_beyond() {
    let checked = with(format!("{EXCEPTION}expires = 2020-01-31\n")).exits(1);
    let finding = checked.finding("exception-expired");
    assert!(finding["message"].as_str().unwrap().contains("2020-01-31"), "{finding}");
    assert_eq!(finding["path"], "package-lock.json", "{finding}");
    with(format!("{EXCEPTION}expires = 2999-12-31\n")).exits(0);
}

#[test]
fn an_exception_for_another_licence_is_open_again() {
    let text = format!("{EXCEPTION}expires = 2999-12-31\n").replace("GPL-3.0-only", "LGPL-3.0-only");
    let checked = with(text).exits(1);
    let finding = checked.finding("exception-reopened");
    assert!(finding["message"].as_str().unwrap().contains("LGPL-3.0-only"), "{finding}");
}

#[test]
fn a_policy_that_was_named_and_is_not_there() {
    let lock = npm_lock(&[("pad", "1.0.0", "MIT", false)]);
    let project = Project::with(&[("package-lock.json", lock)]);
    let checked = project.check(&["--policy", "rules/licenses.toml"]);
    assert!(checked.ran.stderr.contains("rules/licenses.toml"), "a slip in the path is seen: {}", checked.ran.stderr);
}
