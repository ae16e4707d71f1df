use super::*;
use proptest::prelude::*;

fn range(ecosystem: Ecosystem, text: &str) -> VersionRange {
    VersionRange::parse(ecosystem, text).unwrap_or_else(|why| panic!("{text}: {why}"))
}

#[test]
fn versions_are_in_the_ranges_that_have_them() {
    use Ecosystem::{Cargo, Composer, Gem, Go, Maven, Npm, NuGet, Pip};
    for (ecosystem, text, inside, outside) in [
        (Npm, "12.1.2", "12.1.2 v12.1.2 12.1.2+build", "12.1.3 12.1.2-rc.1 12.1"),
        (Npm, "12", "12 12.0.0", "12.0.1 12.1.0"),
        (Npm, "^12", "12.0.0 12.9.9", "11.9.9 13.0.0 13.0.0-rc.1 12.0.0-rc.1"),
        (Npm, "^1.2.3", "1.2.3 1.9.0", "1.2.2 2.0.0"),
        (Cargo, "^0.3", "0.3.0 0.3.9", "0.4.0 0.2.9 0.4.0-alpha"),
        (Cargo, "^0.0.3", "0.0.3", "0.0.4 0.1.0"),
        (Cargo, "^0", "0.0.1 0.9.9", "1.0.0"),
        (Npm, "~1.2.3", "1.2.3 1.2.9", "1.3.0 1.2.2"),
        (Npm, "~1.2", "1.2.0 1.2.9", "1.3.0"),
        (Npm, "~1", "1.0.0 1.9.0", "2.0.0"),
        (Composer, "~1.2", "1.2.0 1.9.9", "2.0.0 1.1.9"),
        (Composer, "~1.2.3", "1.2.3 1.2.9", "1.3.0"),
        (Gem, "~> 1.2", "1.2 1.9", "2.0 1.1"),
        (Gem, "~> 1", "1.0 1.9", "2.0"),
        (Pip, "~=2.9.0", "2.9.0 2.9.1 2.9.0.post0", "2.10 2.9.0rc1"),
        (Npm, "12.*", "12.0.0 12.5.1 12.0.0-rc.1", "13.0.0 11.0.0 13.0.0-rc.1"),
        (Npm, "1.2.x", "1.2.0 1.2.7", "1.3.0"),
        (Pip, "2.9.*", "2.9.0.post0 2.9", "2.10.0 2.8.9"),
        (Npm, "*", "1.0.0 whatever", ""),
        (Npm, ">=1.2 <2", "1.2.0 1.9.9", "2.0.0 1.1.9 2.0.0-rc.1"),
        (Npm, ">= 1.2, < 2", "1.2.0", "2.0.0"),
        (Npm, ">1.2.3,<=1.4", "1.2.4 1.4.0", "1.2.3 1.4.1"),
        (Npm, "^1 || ^3", "1.0.0 3.5.0", "2.0.0 4.0.0"),
        (Npm, ">=1.0 <=2.0 || >2.0 <3.0", "1.0.0 2.0.0 2.0.1", "3.0.0"),
        (Npm, "=1.0.0 || ==2.0.0", "1.0.0 2.0.0", "3.0.0"),
        (Composer, "===dev-main", "dev-main", "dev-master 1.0.0"),
        (Composer, "1.0.0", "v1.0.0 1.0.0.0", "1.0.0-beta1"),
        (Composer, ">=1.0.0-beta2", "1.0.0-beta2 1.0.0-RC1 1.0.0", "1.0.0-alpha1 1.0.0-beta1 1.0.0-dev"),
        (Pip, ">1.0a1", "1.0b1 1.0rc1 1.0 1.0.post1 1!0.5", "1.0.dev3 1.0a1"),
        (Pip, "44.0.1", "44.0.1 44.0.1+cpu", "44.0.2"),
        (Go, "^0.25", "v0.25.0", "v0.26.0 v0.0.0-20230129092748-24d4a6f8daec"),
        (Go, "2.0.0", "v2.0.0+incompatible", "v2.0.1"),
        (Gem, "^1.15", "1.15.0-x86_64-linux 1.16", "1.15.0.rc1 2.0"),
        (Maven, "^32.1.3", "32.1.3-jre 32.2 32.1.3.Final", "32.1.3-SNAPSHOT 32.1.2-jre"),
        (NuGet, "13.0.3.1", "13.0.3.1", "13.0.3"),
        (Npm, ">=1.0.0-rc.2 <1.0.0", "", "1.0.0-rc.2 1.0.0"),
    ] {
        if VersionRange::parse(ecosystem, text).is_err() {
            assert!(inside.is_empty(), "{text}");
            continue;
        }
        let range = range(ecosystem, text);
        for version in inside.split(' ').filter(|version| !version.is_empty()) {
            assert!(range.has(version), "{ecosystem} {text} must have {version}");
        }
        for version in outside.split(' ').filter(|version| !version.is_empty()) {
            assert!(!range.has(version), "{ecosystem} {text} must not have {version}");
        }
    }
}

#[test]
fn what_is_no_range_is_refused_with_what_to_write() {
    for (text, said) in [
        ("", "missing"),
        ("^", "missing"),
        ("1 || ", "missing"),
        ("1 | 2", "`||`"),
        ("1.0 - 2.0", "hyphen range"),
        ("latest", "===latest"),
        ("!=1.0", "`!=`"),
        ("=>1.0", "no sign"),
        (">=2 <1", "no version can be"),
        ("<1.*", "no version"),
        ("a.*", "numbers before the star"),
        ("^18446744073709551615", "too large"),
        ("99999999999999999999", "no version"),
        ("1.0\n", "control"),
    ] {
        let why = VersionRange::parse(Ecosystem::Npm, text).expect_err(text);
        assert!(why.contains(said), "{text}: {why}");
    }
    assert!(VersionRange::parse(Ecosystem::Npm, &"1||".repeat(9000)).is_err());
}

#[test]
fn overlaps_are_seen() {
    for (a, b, meet) in [
        ("^1", "^2", false),
        ("^1", ">=1.9", true),
        ("<2", ">=2", false),
        ("<=2", ">=2", true),
        ("1.2.3", "1.2.3", true),
        ("1.2.3", "1.2.4", false),
        ("*", "===dev", true),
        ("===dev", "===main", false),
        ("===1.2.0", "^1", true),
        ("^1 || ^3", "^2 || 3.1", true),
    ] {
        let (a, b) = (range(Ecosystem::Npm, a), range(Ecosystem::Npm, b));
        assert_eq!((a.overlaps(&b), b.overlaps(&a)), (meet, meet), "{} {}", a.as_str(), b.as_str());
    }
}

const ALL: [Ecosystem; 8] = [
    Ecosystem::Composer,
    Ecosystem::Npm,
    Ecosystem::Pip,
    Ecosystem::Cargo,
    Ecosystem::Go,
    Ecosystem::Gem,
    Ecosystem::Maven,
    Ecosystem::NuGet,
];

proptest! {
    #[test]
    fn any_text_is_read_or_refused(at in 0usize..8, text in "\\PC{0,20}|[0-9.*x^~<>=| ,!-]{0,20}", version in "\\PC{0,12}") {
        if let Ok(range) = VersionRange::parse(ALL[at], &text) {
            range.has(&version);
            prop_assert!(range.overlaps(&range));
        }
    }

    #[test]
    fn a_version_is_in_its_own_range(at in 0usize..8, version in "\\PC{0,12}|[0-9a-z.+-]{0,12}|[0-9]\\.[0-9](\\.[0-9])?(-rc\\.[0-9])?") {
        let text = VersionRange::exactly(ALL[at], &version);
        prop_assert!(range(ALL[at], &text).has(&version), "{}", text);
    }

    /// Alternatives are merged, and stand for what each of them stands for.
    #[test]
    fn alternatives_are_what_each_is(
        parts in proptest::collection::vec("[~^]?[0-3]\\.[0-3]|[<>]=?[0-3]\\.[0-3]|[0-3]\\.\\*|>[0-2]\\.[0-3] <=[1-3]\\.[0-3]|===x", 1..6),
        version in "[0-3]\\.[0-3](\\.[0-3])?(-rc1)?|x",
    ) {
        let read = |text: &str| VersionRange::parse(Ecosystem::Npm, text);
        let sound: Vec<String> = parts.into_iter().filter(|part| read(part).is_ok()).collect();
        if let Ok(whole) = read(&sound.join(" || ")) {
            let any = sound.iter().any(|part| range(Ecosystem::Npm, part).has(&version));
            prop_assert_eq!(whole.has(&version), any, "{} {}", whole.as_str(), version);
            let alone = range(Ecosystem::Npm, &VersionRange::exactly(Ecosystem::Npm, &version));
            prop_assert_eq!(whole.overlaps(&alone), any);
            prop_assert_eq!(alone.overlaps(&whole), any);
        }
    }

    /// A version in both ranges shows that they overlap.
    #[test]
    fn what_is_in_both_overlaps(
        at in 0usize..8,
        a in "[~^]?[0-3]\\.[0-3](\\.[0-3])?|[<>]=?[0-3]\\.[0-3]|[0-3]\\.\\*",
        b in "[~^]?[0-3]\\.[0-3](\\.[0-3])?|[<>]=?[0-3]\\.[0-3]|[0-3]\\.\\*",
        version in "[0-3]\\.[0-3]\\.[0-3](-rc1)?",
    ) {
        if let (Ok(a), Ok(b)) = (VersionRange::parse(ALL[at], &a), VersionRange::parse(ALL[at], &b))
            && a.has(&version) && b.has(&version)
        {
            prop_assert!(a.overlaps(&b));
        }
    }
}
