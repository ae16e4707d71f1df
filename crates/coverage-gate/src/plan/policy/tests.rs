use super::super::thresholds::Percent;
use super::*;
use proptest::prelude::*;

fn percent(text: &str) -> Option<Percent> {
    Some(Percent::parse(text).unwrap())
}

#[test]
fn everything_that_a_policy_can_say() {
    let text = r#"
min-total = 79.996
min-patch = "85.5%"
max-drop = 0.1
min-branches = 60
min-functions = 61
min-statements = 62
min-file = 0
min-new-file = 90.50
exclude = ["database/**", "gen"]
partial-lines = "miss"
expect-reports = 4
missing-baseline = "skip"
ratchet = "./ci/ratchet.txt"
ratchet-by = "directory"

[directories]
"src/Billing" = 90
src = "70%"

[[component]]
name = "checkout"
paths = ["src/Cart/**"]
min = 85
min-patch = 95.123456789
"#;
    let policy = Policy::parse(text, "p").unwrap();
    let thresholds = &policy.thresholds;
    assert_eq!(thresholds.min_total, Some(Percent { digits: 79996, decimals: 3 }), "a float is its text");
    assert_eq!((thresholds.min_patch, thresholds.max_drop), (percent("85.5"), percent("0.1")));
    assert_eq!((thresholds.min_branches, thresholds.min_functions), (percent("60"), percent("61")));
    assert_eq!((thresholds.min_statements, thresholds.min_file), (percent("62"), percent("0")));
    assert_eq!(thresholds.min_new_file, percent("90.5"));
    assert_eq!(thresholds.exclude, ["database/**", "gen"]);
    let names: Vec<(&str, &str)> =
        thresholds.directories.iter().map(|part| (part.name.as_str(), part.globs[0].as_str())).collect();
    assert_eq!(names, [("src/Billing", "src/Billing/**"), ("src", "src/**")]);
    assert_eq!(thresholds.components[0].min_patch, percent("95.123456789"));
    assert!(thresholds.ratchet && !thresholds.report_only);
    assert_eq!((policy.partial_lines, policy.expect_reports), (Some(PartialLines::Miss), Some(4)));
    assert_eq!((policy.ratchet.as_deref(), policy.ratchet_by), (Some("ci/ratchet.txt"), Some(RatchetBy::Directory)));
    assert_eq!(policy.missing_baseline, Some(MissingBaseline::Skip));
    assert_eq!(Policy::parse("", "p"), Ok(Policy::default()));
    assert_eq!(Policy::parse("\u{feff}min-total = 80\r\n", "p").unwrap().thresholds.min_total, percent("80"));
}

#[test]
fn what_is_wrong_is_named_with_its_line() {
    for (text, line, what) in [
        ("\nmin_total = 80", 2, "did you mean `min-total`?"),
        ("min-totl = 80", 1, "did you mean `min-total`?"),
        ("# x\nfrobnicate = 80", 2, "`frobnicate` is no key here; there are min-total"),
        ("min-total = 0.8", 1, "write 80"),
        ("min-total = 1.0", 1, "write 100"),
        ("min-total = 1e2", 1, "no percentage"),
        ("min-total = inf", 1, "no percentage"),
        ("min-total = -1", 1, "no percentage"),
        ("min-total = 0x50", 1, "must be a percentage"),
        ("min-total = 100.5", 1, "above 100"),
        ("min-total = true", 1, "must be a percentage"),
        ("min-total = 80\nmin-total = 70", 2, "duplicate key"),
        ("exclude = \"gen\"", 1, "a list of globs"),
        ("exclude = [\n\"a\",\n\"{b\"]", 3, "no glob"),
        ("exclude = [\"!src/**\"]", 1, "`!`"),
        ("partial-lines = \"half\"", 1, "hit or miss"),
        ("expect-reports = 0", 1, "at least 1"),
        ("expect-reports = 1.5", 1, "at least 1"),
        ("ratchet = \"../x\"", 1, "within the repository"),
        ("ratchet = \"/x\"", 1, "within the repository"),
        ("ratchet-by = \"file\"", 1, "needs `ratchet`"),
        ("[directories]\nsrc = 80\n\"src/\" = 90", 3, "twice"),
        ("directories = 5", 1, "a table"),
        ("[component]\nname = \"a\"", 1, "a list of tables"),
        ("[[component]]\nname = \"a\"\npaths = [\"a\"]", 1, "`min` or `min-patch`"),
        ("[[component]]\nname = \"a\"\nmin = 5", 1, "`paths`"),
        ("[[component]]\npaths = [\"a\"]\nmin = 5", 1, "`name`"),
        ("[[component]]\nname = \"a\"\npath = [\"a\"]\nmin = 5", 3, "did you mean `paths`?"),
        (
            "[[component]]\nname = \"a\"\npaths = [\"a\"]\nmin = 5\n[[component]]\nname = \"a\"\npaths = [\"a\"]\nmin = 5",
            5,
            "two components",
        ),
        ("min-total = ", 1, ""),
        ("[[component]\n", 1, ""),
    ] {
        match Policy::parse(text, "coverage-gate.toml") {
            Err(Error::File { path, line: at, what: said }) => {
                assert_eq!((path.as_str(), at), ("coverage-gate.toml", Some(line)), "{text}: {said}");
                assert!(said.contains(what) && !said.contains('\n'), "{text}: {said}");
            }
            other => panic!("{text}: {other:?}"),
        }
    }
    assert!(Policy::parse(&" ".repeat(MAX_POLICY_BYTES + 1), "p").is_err());
    assert!(Policy::parse(&format!("exclude = {}", "[".repeat(100_000)), "p").is_err());
}

#[test]
fn flags_win_key_by_key() {
    let file = Policy::parse("min-total = 80\nmin-patch = 70\nexclude = [\"a\"]\nratchet = \"r\"", "p").unwrap();
    let mut flags = Policy::default();
    flags.thresholds.min_total = percent("60");
    flags.thresholds.max_drop = percent("1");
    flags.partial_lines = Some(PartialLines::Miss);
    let policy = file.clone().with_flags(flags);
    assert_eq!((policy.thresholds.min_total, policy.thresholds.min_patch), (percent("60"), percent("70")));
    assert_eq!((policy.thresholds.max_drop, policy.partial_lines), (percent("1"), Some(PartialLines::Miss)));
    assert_eq!((policy.thresholds.exclude.as_slice(), policy.thresholds.ratchet), (&["a".to_owned()][..], true));
    let mut flags = Policy::default();
    flags.thresholds.exclude = vec!["b".to_owned()];
    assert_eq!(file.with_flags(flags).thresholds.exclude, ["b"]);
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,40}|(min-total|exclude|ratchet|component) = [0-9a-z.\"\\[\\]{}]{0,12}\n") {
        let _ = Policy::parse(&text, "p");
    }
}
