use super::*;
use crate::plan::expression::evaluate::Standing;
use crate::plan::package::Place;
use proptest::prelude::*;

/// Everything that a policy can say.
pub const WHOLE: &str = r#"
allow = ["MIT", "isc", "family:permissive", "GPL-2.0-only WITH Classpath-exception-2.0", "MIT AND OFL-1.1"]
deny = ["AGPL-3.0-only", "family:source-available"]
ambiguous = "warn"
unknown = "fail"
mismatch = "both"
expiring-within = "45d"
private = "check"

[development]
allow = ["family:weak-copyleft"]

[[workspace]]
path = "./apps/admin/"
deny = ["MPL-2.0"]
development = { allow = ["GPL-3.0-only"], inherit = false }

[[workspace]]
path = "tools"
allow = ["GPL-3.0-or-later"]
inherit = false

[[exception]]
package = "npm:highcharts"
versions = "^12"
license = "LicenseRef-url"
reason = "Bought: order 4711."
owner = "charts team"
expires = 2027-01-31

[[exception]]
package = "npm:@ckeditor/*"
versions = "*"
license = "FILE:LICENSE.md"
file = "LICENSE.md"
sha256 = "E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855"
reason = "Licensed with the editor."
owner = "editor team"
expires = "2027-06-30"

[[clarify]]
package = "pip:python_dateutil"
versions = "2.9.*"
license = "Apache-2.0 OR BSD-3-Clause"
file = "LICENSE"
sha256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
reason = "Its text says which file has which."
owner = "platform"
"#;

fn parse(text: &str) -> Policy {
    Policy::parse(text, "license-policy.toml").unwrap_or_else(|why| panic!("{why:?}: {text}"))
}

#[test]
fn everything_that_a_policy_can_say() {
    let policy = parse(WHOLE);
    let allow = policy.lists.allow.as_ref().unwrap();
    assert_eq!(allow.written.len(), 5);
    assert_eq!(allow.families.len() + allow.licenses.len() + allow.expressions.len(), 5);
    assert_eq!((policy.ambiguous, policy.unknown, policy.mismatch), (Severity::Warn, Severity::Fail, Mismatch::Both));
    assert_eq!((policy.expiring_within_days, policy.private), (45, Private::Check));
    assert_eq!(
        policy.workspaces.iter().map(|w| (w.path.as_str(), w.line)).collect::<Vec<_>>(),
        [("apps/admin", 13), ("tools", 18)]
    );
    let [bought, editor] = policy.exceptions.as_slice() else { panic!("two") };
    assert_eq!(
        (bought.line, bought.expires, bought.owner.as_str()),
        (23, Date::new(2027, 1, 31).unwrap(), "charts team")
    );
    assert_eq!(editor.file.as_ref().unwrap().sha256, policy.clarifications[0].file.sha256);
    assert_eq!(policy.clarifications[0].line, 41);
    let package = |name: &str, version: &str| Package::new(Ecosystem::Pip, name, version, Place::default());
    assert_eq!(policy.clarifications_for(&package("python-dateutil", "2.9.0.post0")), [0]);
    assert_eq!(policy.clarifications_for(&package("python-dateutil", "2.8.0")), [] as [usize; 0]);
    let editor = Package::new(Ecosystem::Npm, "@ckeditor/ui", "1.0.0", Place::default());
    assert_eq!(policy.exceptions_for(&editor), [1]);
    let defaults = parse("deny = []");
    assert_eq!((defaults.ambiguous, defaults.unknown), (Severity::Fail, Severity::Fail));
    assert_eq!((defaults.expiring_within_days, defaults.private), (30, Private::Exempt));
    parse("\u{feff}allow = [\"MIT\"]\r\n");
}

const EXCEPTION: &str = "allow = [\"MIT\"]\n[[exception]]\npackage = \"npm:a\"\nversions = \"^1\"\nlicense = \"ISC\"\nreason = \"r\"\nowner = \"o\"\nexpires = 2027-01-31\n";

#[test]
fn what_is_wrong_is_named_with_its_line() {
    let without = |key: &str| {
        let lines = EXCEPTION.lines().filter(|line| !line.starts_with(key));
        lines.collect::<Vec<_>>().join("\n")
    };
    let with = |old: &str, new: &str| EXCEPTION.replace(old, new);
    let twice = format!("{EXCEPTION}{}", &with("^1", "1.5.0")[16..]);
    for (text, line, what) in [
        ("", 1, "needs `allow` or `deny`"),
        ("unknown = \"fail\"", 1, "needs `allow` or `deny`"),
        ("allow = [\"MIT\"]\nalow = []", 2, "did you mean `allow`?"),
        ("allow = [\"MIT\"]\nexpiring_within = \"3d\"", 2, "did you mean `expiring-within`?"),
        ("allow = [\"MIT\"]\nfrobnicate = 1", 2, "`frobnicate` is no key here; there are allow"),
        ("allow = [\"MIT\"]\ninherit = false", 2, "`inherit` is no key here"),
        ("allow = \"MIT\"", 1, "must be a list"),
        ("allow = [\n\"MIT\",\n5]", 3, "must be a string"),
        ("allow = [\n\"MIT\",\n\"Apache2.0\"]", 3, "did you mean `Apache-2.0`?"),
        ("allow = [\"MTI\"]", 1, "did you mean `MIT`?"),
        ("allow = [\"GPL-2.0-only WITH Classpath-exception\"]", 1, "did you mean `Classpath-exception-2.0`?"),
        ("allow = [\"MIT OR Apache-2\"]", 1, "did you mean `Apache-2.0`?"),
        ("allow = [\"MIT OR\"]", 1, "missing"),
        ("allow = [\"\"]", 1, "missing"),
        ("allow = [\n\"LicenseRef-url\"]", 2, "an [[exception]]"),
        ("allow = [\"MIT AND LicenseRef-LICENSE.md\"]", 1, "an [[exception]]"),
        ("allow = [\"family:permisive\"]", 1, "did you mean `family:permissive`?"),
        ("allow = [\"family:nice\"]", 1, "there are permissive"),
        ("allow = [\"MIT\",\n\"mit\"]", 2, "already there in line 1"),
        ("allow = [\"MIT\"]\ndeny = [\"MIT\"]", 1, "denied in line 2"),
        ("allow = [\"family:permissive\"]\n\ndeny = [\"family:permissive\"]", 1, "denied in line 3"),
        ("allow = [\"LGPL-3.0-only\"]\ndeny = [\"family:weak-copyleft\"]", 1, "denied in line 2"),
        ("allow = [\"MIT AND GPL-3.0-only\"]\ndeny = [\"GPL-3.0-only\"]", 1, "denied in line 2"),
        ("deny = [\"MIT OR ISC\"]\nallow = [\"ISC OR MIT\"]", 2, "denied in line 1"),
        ("allow = [\"MIT\"]\nunknown = \"ignore\"", 2, "must be \"fail\" or \"warn\""),
        ("allow = [\"MIT\"]\nprivate = true", 2, "must be \"exempt\" or \"check\""),
        ("allow = [\"MIT\"]\nexpiring-within = 30", 2, "30d"),
        ("allow = [\"MIT\"]\nexpiring-within = \"99999d\"", 2, "at most"),
        ("allow = [\"MIT\"]\n[development]\n", 2, "needs `allow` or `deny`"),
        ("allow = [\"MIT\"]\n[development]\nalow = []", 3, "did you mean `allow`?"),
        ("deny = [\"AGPL-3.0-only\"]\n[development]\nallow = [\n\"MIT\"]", 4, "inherit = false"),
        ("deny = [\"AGPL-3.0-only\"]\n[[workspace]]\npath = \"a\"\nallow = [\"MIT\"]", 4, "inherit = false"),
        ("allow = [\"MIT\"]\n[[workspace]]\nallow = [\"ISC\"]", 2, "needs `path`"),
        ("allow = [\"MIT\"]\n[[workspace]]\npath = \"../a\"\nallow = [\"ISC\"]", 3, "a folder of the repository"),
        ("allow = [\"MIT\"]\n[[workspace]]\npath = \"a/*\"\nallow = [\"ISC\"]", 3, "without signs"),
        ("allow = [\"MIT\"]\n[[workspace]]\npath = \"a\"", 2, "`allow`, `deny` or `development`"),
        (
            "allow = [\"MIT\"]\n[[workspace]]\npath = \"a\"\ndeny = []\n[[workspace]]\npath = \"a/\"\ndeny = []",
            5,
            "in line 2",
        ),
        ("allow = [\"MIT\"]\n[exception]\npackage = \"npm:a\"", 2, "a list of tables"),
        (&without("package"), 2, "needs `package`"),
        (&without("versions"), 2, "needs `versions`"),
        (&without("license"), 2, "needs `license`"),
        (&without("reason"), 2, "needs `reason`"),
        (&without("owner"), 2, "needs `owner`"),
        (&without("expires"), 2, "expires = 2027-01-31"),
        (&with("npm:a", "lodash"), 3, "names no ecosystem"),
        (&with("^1", "latest"), 4, "===latest"),
        (&with("ISC", "ICS"), 5, "did you mean `ISC`?"),
        (&with("\"ISC\"", "\"\""), 5, "missing"),
        (&with("\"r\"", "\"...\""), 6, "`reason` is empty"),
        (&with("\"o\"", "\"\""), 7, "`owner` is empty"),
        (&with("2027-01-31", "2027-02-29"), 8, ""),
        (&with("2027-01-31", "\"2027-02-29\""), 8, "a day such as"),
        (&with("2027-01-31", "2027-01-31T10:00:00Z"), 8, "a day such as"),
        (&with("reason", "resaon"), 6, "did you mean `reason`?"),
        (&with("license =", "licence ="), 5, "did you mean `license`?"),
        (&with("reason", "file = \"LICENSE\"\nreason"), 2, "needs `sha256`"),
        (&with("reason", "file = \"../x\"\nsha256 = \"ab\"\nreason"), 6, "file's path in the package"),
        (&with("reason", "file = \"x\"\nsha256 = \"ab\"\nreason"), 7, "64 hexadecimal"),
        (&twice, 9, "in line 2, and the versions meet"),
        (
            "allow = [\"MIT\"]\n[[clarify]]\npackage = \"npm:a\"\nversions = \"*\"\nlicense = \"MIT\"\nreason = \"r\"\nowner = \"o\"",
            2,
            "needs `file`",
        ),
        ("<<<<<<< HEAD\nallow = []\n=======\nallow = [\"MIT\"]\n>>>>>>> x\n", 1, "conflict markers"),
        ("allow = ", 1, ""),
        ("allow = []\nallow = []", 2, "duplicate key"),
    ] {
        match Policy::parse(text, "license-policy.toml") {
            Err(Error::File { path, line: at, what: said }) => {
                assert_eq!((path.as_str(), at), ("license-policy.toml", Some(line)), "{text}: {said}");
                assert!(said.contains(what) && !said.contains('\n'), "{text}: {said}");
            }
            other => panic!("{text}: {other:?}"),
        }
    }
    assert!(Policy::parse(&" ".repeat(MAX_POLICY_BYTES + 1), "p").is_err());
    assert!(Policy::parse(&format!("allow = {}", "[".repeat(100_000)), "p").is_err());
    assert!(Policy::parse(&format!("allow = [\"{}\"]", "(".repeat(100_000)), "p").is_err());
}

fn standing(policy: &Policy, scope: Scope, path: &str, license: &str) -> Standing {
    lists::stand_expression(&policy.layers(scope, path), license).stand.standing
}

#[test]
fn lists_reach_what_they_name_and_what_follows_from_it() {
    use Standing::{Allowed, Denied, Unlisted};
    for (text, license, expected) in [
        ("allow = [\"MIT\"]", "MIT", Allowed),
        ("allow = [\"MIT\"]", "ISC", Unlisted),
        ("allow = []", "MIT", Unlisted),
        ("allow = [\"MPL-2.0\"]", "MPL-2.0+", Allowed),
        ("allow = [\"MPL-2.0+\"]", "MPL-2.0", Unlisted),
        ("allow = [\"GPL-2.0-only\"]", "GPL-2.0-or-later", Allowed),
        ("allow = [\"GPL-2.0\"]", "GPL-2.0-or-later", Allowed),
        ("allow = [\"GPL-2.0-or-later\"]", "GPL-2.0-only", Unlisted),
        ("allow = [\"GPL-3.0-only\"]", "GPL-2.0-or-later", Allowed),
        ("allow = [\"GPL-3.0-only\"]\ndeny = [\"GPL-2.0-only\"]", "GPL-2.0-or-later", Denied),
        ("allow = [\"Apache-2.0\"]", "Apache-2.0 WITH LLVM-exception", Unlisted),
        ("allow = [\"Apache-2.0 WITH LLVM-exception\"]", "Apache-2.0", Unlisted),
        ("allow = [\"family:permissive\"]", "Apache-2.0 WITH LLVM-exception", Allowed),
        ("allow = [\"family:permissive\"]", "Apache-2.0 WITH AdditionRef-mine", Unlisted),
        ("allow = [\"LicenseRef-acme\"]", "LicenseRef-acme", Allowed),
        ("allow = [\"MIT AND OFL-1.1\"]", "OFL-1.1 AND MIT", Allowed),
        ("allow = [\"MIT AND OFL-1.1\"]", "OFL-1.1", Unlisted),
        ("allow = [\"MIT\"]", "MIT OR GPL-3.0-only", Allowed),
        ("allow = [\"MIT\"]", "MIT AND GPL-3.0-only", Unlisted),
        ("allow = [\"MIT\", \"Zlib\"]", "(MIT OR GPL-3.0-only) AND Zlib", Allowed),
        ("deny = [\"GPL-2.0-only\"]", "GPL-2.0-only", Denied),
        ("deny = [\"GPL-2.0-only\"]", "GPL-2.0-or-later", Denied),
        ("deny = [\"GPL-2.0-only\"]", "GPL-2.0-only WITH Classpath-exception-2.0", Denied),
        ("deny = [\"GPL-2.0-only\"]", "GPL-2.0-or-later WITH Classpath-exception-2.0", Denied),
        ("deny = [\"GPL-2.0-or-later\"]", "GPL-2.0-only", Denied),
        ("deny = [\"GPL-2.0-or-later\"]", "GPL-3.0-only", Denied),
        ("deny = [\"GPL-3.0-or-later\"]", "GPL-2.0-only", Allowed),
        ("deny = [\"GPL-3.0-only\"]", "GPL-2.0-or-later", Allowed),
        ("deny = [\"GPL-2.0-only WITH Classpath-exception-2.0\"]", "GPL-2.0-only", Denied),
        ("deny = [\"LicenseRef-url\"]", "LicenseRef-url", Denied),
        ("deny = [\"GPL-2.0-only\"]", "GPL-2.0-only OR MIT", Allowed),
        ("deny = [\"GPL-2.0-only\"]", "GPL-2.0-only AND MIT", Denied),
        ("deny = [\"GPL-2.0-only\"]", "LicenseRef-url", Unlisted),
        ("deny = [\"GPL-2.0-only\"]", "MIT WITH AdditionRef-mine", Unlisted),
        ("deny = [\"GPL-2.0-only\"]", "no expression", Unlisted),
        ("deny = [\"family:network-copyleft\"]", "AGPL-3.0-or-later", Denied),
        ("allow = [\"family:permissive\"]\ndeny = [\"Zlib\"]", "Zlib", Denied),
        (
            "allow = [\"GPL-2.0-only WITH Classpath-exception-2.0\"]\ndeny = [\"family:strong-copyleft\"]",
            "GPL-2.0-only WITH Classpath-exception-2.0",
            Allowed,
        ),
        ("deny = [\"MIT OR ISC\"]", "ISC OR MIT", Denied),
    ] {
        assert_eq!(standing(&parse(text), Scope::Production, "", license), expected, "{text}: {license}");
    }
}

#[test]
fn sections_are_asked_first() {
    use Scope::{Development, Production};
    use Standing::{Allowed, Denied, Unlisted};
    let policy = parse(WHOLE);
    for (scope, path, license, expected) in [
        (Production, "package-lock.json", "LGPL-3.0-only", Unlisted),
        (Development, "package-lock.json", "LGPL-3.0-only", Allowed),
        (Development, "package-lock.json", "MIT", Allowed),
        (Production, "apps/admin/package-lock.json", "MIT", Allowed),
        (Production, "apps/admin/package-lock.json", "MPL-2.0", Denied),
        (Production, "apps/administration/package-lock.json", "MPL-2.0", Unlisted),
        (Development, "apps/admin/package-lock.json", "MIT", Unlisted),
        (Development, "apps/admin/package-lock.json", "GPL-3.0-only", Allowed),
        (Production, "tools/go.mod", "GPL-3.0-or-later", Allowed),
        (Production, "tools/go.mod", "MIT", Unlisted),
        (Development, "tools/go.mod", "LGPL-3.0-only", Unlisted),
    ] {
        assert_eq!(standing(&policy, scope, path, license), expected, "{scope:?} {path} {license}");
    }
    for order in [["apps", "apps/admin"], ["apps/admin", "apps"]] {
        let section = |path: &str| {
            let key = if path == "apps" { "deny" } else { "allow" };
            format!("[[workspace]]\npath = \"{path}\"\n{key} = [\"MPL-2.0\"]\n")
        };
        let nested = parse(&format!("allow = [\"MIT\"]\n{}{}", section(order[0]), section(order[1])));
        assert_eq!(standing(&nested, Production, "apps/admin/a", "MPL-2.0"), Allowed, "the deepest folder first");
        assert_eq!(standing(&nested, Production, "apps/a", "MPL-2.0"), Denied);
    }
    let lifted = parse("deny = [\"AGPL-3.0-only\"]\n[development]\nallow = [\"AGPL-3.0-only\"]");
    assert_eq!(standing(&lifted, Development, "", "AGPL-3.0-only"), Allowed);
    assert_eq!(standing(&lifted, Development, "", "MIT"), Allowed);
    assert_eq!(standing(&lifted, Production, "", "AGPL-3.0-only"), Denied);
}

#[test]
fn exceptions_of_workspaces_meet_where_one_is_below_the_other() {
    let exception = |workspace: &str| {
        format!(
            "[[exception]]\npackage = \"npm:a\"\nversions = \"*\"\n{workspace}\nlicense = \"MIT\"\nreason = \"r\"\nowner = \"o\"\nexpires = 2027-01-31\n"
        )
    };
    for (one, other, is_read) in [
        ("workspace = 'apps/a'", "workspace = './apps/b/'", true),
        ("workspace = 'apps/a'", "workspace = 'apps/ab'", true),
        ("workspace = 'apps/a'", "workspace = 'apps/a/c'", false),
        ("workspace = 'apps'", "", false),
        ("", "", false),
    ] {
        let text = format!("allow = []\n{}{}", exception(one), exception(other));
        let read = Policy::parse(&text, "p");
        assert_eq!(read.is_ok(), is_read, "{one} {other}: {read:?}");
    }
    for workspace in ["workspace = '../a'", "workspace = 'apps/*'", "workspace = ''", "workspace = ['a']"] {
        let error = Policy::parse(&format!("allow = []\n{}", exception(workspace)), "p").expect_err(workspace);
        assert!(error.to_string().contains("`workspace` must be"), "{error}");
    }
}

#[test]
fn the_schema_has_the_parser_s_keys() {
    let text = include_str!("../../../../../schemas/license-policy.schema.json");
    let schema: serde_json::Value = serde_json::from_str(text).unwrap();
    let keys_at = |pointer: &str| {
        let table = schema.pointer(pointer).unwrap_or_else(|| panic!("{pointer}"));
        assert_eq!(table["additionalProperties"], serde_json::Value::Bool(false), "{pointer}");
        let mut keys: Vec<String> = table["properties"].as_object().unwrap().keys().cloned().collect();
        keys.sort_unstable();
        keys
    };
    let sorted = |keys: &[&str]| {
        let mut keys: Vec<String> = keys.iter().map(|key| (*key).to_owned()).collect();
        keys.sort_unstable();
        keys
    };
    for (pointer, keys) in [
        ("", keys::FILE),
        ("/$defs/development", keys::DEVELOPMENT),
        ("/$defs/workspace", keys::WORKSPACE),
        ("/$defs/exception", keys::EXCEPTION),
        ("/$defs/clarify", keys::CLARIFY),
    ] {
        assert_eq!(keys_at(pointer), sorted(keys), "{pointer}");
    }
    let families = schema.pointer("/$defs/entry/anyOf/0/enum").unwrap().as_array().unwrap();
    let families: Vec<&str> = families.iter().filter_map(serde_json::Value::as_str).collect();
    let known = crate::plan::expression::family::Family::ALL.map(|family| format!("family:{}", family.as_str()));
    assert_eq!(families, known);
    for (key, values) in [
        ("ambiguous", vec!["fail", "warn"]),
        ("unknown", vec!["fail", "warn"]),
        ("mismatch", vec!["both", "fail", "warn"]),
        ("private", vec!["exempt", "check"]),
    ] {
        let listed = schema.pointer(&format!("/properties/{key}/enum")).unwrap();
        assert_eq!(listed, &serde_json::json!(values), "{key}");
        for value in values {
            parse(&format!("allow = []\n{key} = \"{value}\""));
        }
    }
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,60}|(allow|deny|exception|clarify|workspace) = [0-9a-z.\"\\[\\]{}=-]{0,24}\n") {
        let _ = Policy::parse(&text, "p");
    }

    /// A policy with bytes taken out, doubled or replaced is read or refused, never more.
    #[test]
    fn a_spoilt_policy_is_read_or_refused(
        spoilt in proptest::collection::vec((0usize..WHOLE.len(), 0usize..40, "[\\PC\n\"]{0,3}"), 1..4)
    ) {
        let mut text = WHOLE.to_owned();
        for (at, length, put) in spoilt {
            let floor = |at: usize| (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
            let (start, end) = (floor(at), floor(at + length));
            text.replace_range(start..end.max(start), &put);
        }
        if let Err(error) = Policy::parse(&text, "p") {
            prop_assert!(matches!(error, Error::File { line: Some(1..), .. }), "{error:?}");
        }
    }
}
