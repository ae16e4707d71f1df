use super::*;
use crate::observe::hostile::mutated;
use proptest::prelude::*;

const MOD: &str = "module github.com/cli/shop/v2 // ours

go 1.22.5
toolchain go1.22.6

require github.com/a/one v1.0.0

require (
\tgithub.com/B/two/v2 v2.3.7 // indirect
\t\"golang.org/x/sys\" v0.26.0
\tgithub.com/cli/lib v0.0.0
\tgithub.com/d/four v1.2.0+incompatible
\tgithub.com/e/five v1.0.0 // indirect; a word
)
exclude github.com/a/one v0.9.0
replace (
\tgithub.com/d/four => github.com/fork/four v1.2.1-0.20240101000000-abcdefabcdef
\tgithub.com/cli/lib => ../lib
\tgithub.com/e/five v1.0.0 => ./third_party/five
\tgithub.com/e/five v2.0.0 => ./elsewhere
)
retract [v2.0.0, v2.1.0] // oops
tool golang.org/x/tools/cmd/stringer
";

const SUM: &str = "cloud.google.com/go v0.112.1 h1:uJSe=
github.com/a/one v1.0.0 h1:AAAA=
github.com/a/one v1.0.0/go.mod h1:BBBB=
github.com/a/one v0.8.0/go.mod h1:BBBB=
github.com/fork/four v1.2.1-0.20240101000000-abcdefabcdef h1:CCCC=
";

const MODULES: &str = "# github.com/a/one v1.0.0
## explicit
github.com/a/one
github.com/a/one/sub
# golang.org/x/sys v0.26.0
## explicit; go 1.18
# github.com/d/four v1.2.0+incompatible => github.com/fork/four v1.2.1-0.20240101000000-abcdefabcdef
## explicit
github.com/d/four
# github.com/e/five v1.0.0 => ./third_party/five
## explicit
github.com/e/five
# github.com/d/four => github.com/fork/four v1.2.1-0.20240101000000-abcdefabcdef
# github.com/e/five v1.0.0 => ./third_party/five
";

fn read(text: &str) -> Result<Lock, Fault> {
    parse(text.as_bytes(), "go.mod")
}

fn rows(lock: &Lock) -> Vec<(String, Origin, String, bool)> {
    lock.packages
        .iter()
        .map(|p| (format!("{} {}", p.name, p.version), p.origin, p.place.to_string(), p.optional))
        .collect()
}

#[test]
fn requirements_are_listed_after_their_replacements() {
    let lock = read(MOD).unwrap();
    assert_eq!(lock.listed, 6);
    let row = |name: &str, origin, line: u32| (name.to_owned(), origin, format!("go.mod:{line}"), false);
    assert_eq!(
        rows(&lock),
        [
            row("github.com/a/one v1.0.0", Origin::Registry, 6),
            row("github.com/B/two/v2 v2.3.7", Origin::Registry, 9),
            row("golang.org/x/sys v0.26.0", Origin::Registry, 10),
            row("github.com/cli/lib v0.0.0", Origin::Own, 18),
            row("github.com/fork/four v1.2.1-0.20240101000000-abcdefabcdef", Origin::Registry, 17),
            row("github.com/e/five v1.0.0", Origin::Folder, 19),
        ]
    );
    assert_eq!(lock.packages[5].installed_at, ["./third_party/five"]);
}

#[test]
fn the_sum_adds_modules_and_digests() {
    let sum = parse_sum(SUM.as_bytes(), "go.sum").unwrap();
    assert_eq!((sum.listed, sum.packages.len()), (3, 3));
    let lock = unite(read(MOD).unwrap(), sum);
    assert_eq!((lock.listed, lock.packages.len()), (7, 7));
    assert_eq!(lock.packages[0].checksum.as_deref(), Some("h1:AAAA="));
    assert_eq!(lock.packages[4].checksum.as_deref(), Some("h1:CCCC="));
    let last = rows(&lock).pop().unwrap();
    assert_eq!(last, ("cloud.google.com/go v0.112.1".to_owned(), Origin::Registry, "go.sum:1".to_owned(), true));
}

#[test]
fn what_is_vendored_is_what_is_built() {
    let vendored = parse_modules(MODULES.as_bytes(), "vendor/modules.txt", "github.com/cli/shop/v2").unwrap();
    assert_eq!(vendored.listed, 4);
    let lock = unite_vendored(read(MOD).unwrap(), vendored);
    assert_eq!((lock.listed, lock.packages.len()), (6, 6));
    let rows = rows(&lock);
    assert_eq!(rows[1], ("golang.org/x/sys v0.26.0".to_owned(), Origin::Registry, "go.mod:10".to_owned(), true));
    assert_eq!(rows[2].0, "github.com/fork/four v1.2.1-0.20240101000000-abcdefabcdef");
    assert_eq!((rows[3].1, rows[3].3), (Origin::Folder, false));
    assert_eq!(lock.notices.len(), 2);
    assert!(lock.notices[0].starts_with("go.mod:9: github.com/B/two/v2 v2.3.7 is required and not in"));
}

#[test]
fn what_is_wrong_is_said_with_its_line() {
    for (text, line, what) in [
        (MOD.replace("module", "modul"), Some(1), "unknown directive `modul`"),
        (MOD.replace("module github.com/cli/shop/v2", ""), None, "no `module` line"),
        (MOD.replace("v0.26.0", ""), Some(10), "`require` with 1 words"),
        (MOD[..MOD.find("exclude").unwrap() - 2].to_owned(), Some(8), "has no end"),
        (MOD.replace("=> ../lib", "=> lib"), Some(18), "`replace` is no"),
        (MOD.replace("=> ../lib", ""), Some(18), "`replace` is no"),
        (MOD.replace("\"golang.org/x/sys\"", "\"golang.org/x/sys"), Some(10), "a quote without end"),
        (MOD.replace("\"golang.org/x/sys\"", "\"golang.org\\/x\""), Some(10), "escapes"),
        (MOD.replace("golang.org/x/sys", "a\0"), Some(10), "without a name"),
        (format!("{MOD}require ( a v1 )\n"), Some(24), "a bracket"),
        (format!("<<<<<<< a\n{MOD}=======\n>>>>>>> b\n"), Some(1), "conflict markers"),
    ] {
        let fault = read(&text).unwrap_err();
        assert!(fault.what.contains(what), "{what}: {fault:?}");
        assert_eq!(fault.line, line, "{what}");
    }
    assert_eq!(parse(b"module a\n\xff", "go.mod").unwrap_err().line, Some(2));
    for (text, line) in [("a v1 h1:x\nb v1\n", 2), ("a v1 h1:x y\n", 1), ("a v1 digest\n", 1), ("a\0 v1 h1:x", 1)] {
        assert_eq!(parse_sum(text.as_bytes(), "go.sum").unwrap_err().line, Some(line), "{text}");
    }
    for (text, line) in [("a\n", 1), ("# a\n", 1), ("# a v1 =>\n", 1), ("# a v1\nb c\n", 2), ("# a v1 => b\n", 1)] {
        assert_eq!(modules(text.as_bytes()).unwrap_err().line, Some(line), "{text}");
    }
}

#[test]
fn before_1_17_the_sum_is_needed() {
    for (go, is_whole) in
        [("go 1.16\n", false), ("", false), ("go 1.17\n", true), ("go 1.9.2\n", false), ("go 2.0\n", true)]
    {
        let lock = read(&format!("module a\n{go}require b v1\n")).unwrap();
        assert_eq!(lock.incomplete.is_none(), is_whole, "{go}");
        let sum = parse_sum(b"b v1 h1:x\n", "go.sum").unwrap();
        assert_eq!(unite(lock, sum).incomplete, None);
    }
    assert_eq!(read("module a\n").unwrap().incomplete, None);
    assert_eq!(read("module a\ngo 1 2\n").unwrap_err().line, Some(2));
}

#[test]
fn doubles_are_one_package_and_two_digests_are_told_of() {
    let lock = read("module a\nrequire b v1\nrequire b v1\nrequire c v1\nreplace c => b v1\nrequire ()\n").unwrap();
    assert_eq!((lock.listed, lock.packages.len()), (1, 1));
    let sum = parse_sum(b"\xef\xbb\xbfa v1 h1:x\r\na v1 h1:y\r\n\r\na v1 h1:y\r\n", "go.sum").unwrap();
    assert_eq!((sum.listed, sum.packages.len(), sum.notices.len()), (1, 1, 1));
    assert_eq!(sum.packages[0].name, "a");
}

#[test]
fn a_hundred_thousand_modules_are_read() {
    let mut text = "module a\nrequire (\n".to_owned();
    let mut sum = String::new();
    for number in 0..100_000 {
        text.push_str(&format!("\texample.org/m{number} v1.0.{number}\n"));
        sum.push_str(&format!("example.org/m{number} v1.0.{number} h1:x=\n"));
    }
    text.push(')');
    let lock = unite(read(&text).unwrap(), parse_sum(sum.as_bytes(), "go.sum").unwrap());
    assert_eq!((lock.listed, lock.packages.len()), (100_000, 100_000));
}

proptest! {
    #[test]
    fn nothing_panics_and_nothing_is_dropped(bytes in mutated(MOD)) {
        if let Ok(lock) = parse(&bytes, "go.mod") {
            prop_assert_eq!(lock.listed, lock.packages.len());
        }
    }

    #[test]
    fn sums_never_panic(bytes in mutated(SUM)) {
        if let Ok(lock) = parse_sum(&bytes, "go.sum") {
            prop_assert_eq!(lock.listed, lock.packages.len());
        }
    }

    #[test]
    fn vendored_modules_never_panic(bytes in mutated(MODULES)) {
        if let Ok(lock) = parse_modules(&bytes, "vendor/modules.txt", "") {
            prop_assert_eq!(lock.listed, lock.packages.len());
        }
    }

    #[test]
    fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = (parse(&bytes, ""), parse_sum(&bytes, ""), parse_modules(&bytes, "", ""));
    }
}

#[test]
fn the_modules_of_a_workspace_are_read_with_their_lines() {
    let work = work::parse_work(
        b"go 1.22 // x\ntoolchain go1.22.1\nuse .\nuse (\n\t./a\n\t\"../b\"\n)\ngodebug default=go1.21\n",
    )
    .unwrap();
    let uses: Vec<_> = work.uses.iter().map(|used| (used.line, used.folder.as_str())).collect();
    assert_eq!(uses, [(3, "."), (5, "./a"), (6, "../b")]);
    for (text, line) in [
        ("", None),
        ("// nothing\n", None),
        ("use (\n./a\n", Some(1)),
        ("go 1.22\nuse a b\n", Some(2)),
        ("go 1.22\nmodule x\n", Some(2)),
        ("replace a\n", Some(1)),
        ("<<<<<<< a\n>>>>>>> b\n", Some(1)),
    ] {
        assert_eq!(work::parse_work(text.as_bytes()).expect_err(text).line, line, "{text}");
    }
}

proptest! {
    #[test]
    fn any_workspace_is_read_or_refused(bytes in mutated("go 1.22\nuse (\n\t./a\n\t\"./b\"\n)\nreplace a v1 => ./c\n")) {
        let _ = work::parse_work(&bytes);
    }
}
