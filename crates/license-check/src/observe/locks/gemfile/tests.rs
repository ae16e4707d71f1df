use super::*;
use crate::observe::hostile::mutated;
use proptest::prelude::*;

const SAMPLE: &str = "GIT
  remote: https://git.example/tool.git
  revision: abcdef0123456789abcdef0123456789abcdef01
  branch: main
  specs:
    tool (0.1.0)
      rake

PATH
  remote: .
  specs:
    shop (5.0.1)
      bundler (>= 2)
      nokogiri (~> 1.16)
      tool

PATH
  remote: vendor/gems/copied
  specs:
    copied (1.0.0)

GEM
  remote: https://registry.example/
  specs:
    nokogiri (1.16.7)
      racc (~> 1.4)
    nokogiri (1.16.7-x86_64-linux)
      racc (~> 1.4)
    racc (1.8.1)
    rake (13.2.1.pre.1)

PLATFORMS
  ruby
  x86_64-linux

DEPENDENCIES
  copied!
  shop!
  tzinfo-data

CHECKSUMS
  nokogiri (1.16.7-x86_64-linux) sha256=aaaa
  nokogiri (1.16.7) sha256=bbbb
  racc (1.8.1)

BUNDLED WITH
   2.5.9
";

fn read(text: &str) -> Result<Lock, Fault> {
    parse(text.as_bytes(), "Gemfile.lock")
}

#[test]
fn every_gem_has_its_line_and_its_origin() {
    let lock = read(SAMPLE).unwrap();
    assert_eq!((lock.listed, &lock.notices, &lock.incomplete), (6, &Vec::new(), &None));
    let rows: Vec<_> =
        lock.packages.iter().map(|p| (p.id(), p.origin, p.place.line.unwrap(), p.checksum.as_deref())).collect();
    assert_eq!(
        rows,
        [
            ("gem:tool@0.1.0".to_owned(), Origin::Git, 6, Some("git:abcdef0123456789abcdef0123456789abcdef01")),
            ("gem:shop@5.0.1".to_owned(), Origin::Own, 12, None),
            ("gem:copied@1.0.0".to_owned(), Origin::Folder, 20, None),
            ("gem:nokogiri@1.16.7".to_owned(), Origin::Registry, 25, Some("sha256:bbbb")),
            ("gem:racc@1.8.1".to_owned(), Origin::Registry, 29, None),
            ("gem:rake@13.2.1.pre.1".to_owned(), Origin::Registry, 30, None),
        ]
    );
    assert_eq!(lock.packages[2].installed_at, ["vendor/gems/copied"]);
    assert_eq!(read(&format!("\u{feff}{}", SAMPLE.replace('\n', "\r\n"))).unwrap(), lock);
}

#[test]
fn what_is_wrong_is_said_with_its_line() {
    for (text, line, what) in [
        (SAMPLE.replace("    racc (1.8.1)\n", "    racc\n"), Some(29), "no gem with its version"),
        (SAMPLE.replace("    racc (1.8.1)\n", "    racc ()\n"), Some(29), "no gem with its version"),
        (SAMPLE.replace("    racc (1.8.1)\n", "   racc (1.8.1)\n"), Some(29), "bundler doesn't write"),
        (SAMPLE.replace("    racc (1.8.1)\n", "\tracc (1.8.1)\n"), Some(29), "control characters"),
        (SAMPLE[..SAMPLE.find("DEPENDENCIES").unwrap()].to_owned(), None, "cut off"),
        (SAMPLE.replacen("GIT", "---", 1), Some(1), "no section"),
        (SAMPLE.replace("PLATFORMS\n", "ORBIT\n  specs:\n"), Some(33), "newer than license-check"),
        (SAMPLE.replace("GEM\n", "<<<<<<< a\nGEM\n=======\n>>>>>>> b\n"), Some(22), "conflict markers"),
        (String::new(), None, "no Gemfile.lock"),
    ] {
        let fault = read(&text).unwrap_err();
        assert!(fault.what.contains(what), "{what}: {fault:?}");
        assert_eq!(fault.line, line, "{what}");
    }
    assert_eq!(parse(b"GEM\n\xff", "Gemfile.lock").unwrap_err().line, Some(2));
}

#[test]
fn what_is_odd_is_told_of() {
    let lock = read(&SAMPLE.replace("    racc (1.8.1)\n", "").replace("PLATFORMS\n", "ORBIT\n")).unwrap();
    assert_eq!(lock.notices, ["Gemfile.lock:31: the section ORBIT is unknown and not read"]);
    let why = "the gem racc is needed at line 26 and is not in the file; run `bundle lock`";
    assert_eq!(lock.incomplete.as_deref(), Some(why));
    let lock = read(&SAMPLE.replace("    racc (1.8.1)\n", "").replace("    rake (13.2.1.pre.1)\n", "")).unwrap();
    assert!(lock.incomplete.unwrap().starts_with("the gem rake (and 1 more) is needed at line 7 and"));
}

#[test]
fn a_hundred_thousand_gems_are_read() {
    let mut text = "GEM\n  remote: x\n  specs:\n".to_owned();
    for number in 0..100_000 {
        text.push_str(&format!("    g{number} (1.0.{number})\n      g{}\n", 99_999 - number));
    }
    text.push_str("\nDEPENDENCIES\n  g0\n");
    let lock = read(&text).unwrap();
    assert_eq!((lock.listed, lock.packages.len(), lock.incomplete), (100_000, 100_000, None));
}

proptest! {
    #[test]
    fn nothing_panics_and_nothing_is_dropped(bytes in mutated(SAMPLE)) {
        if let Ok(lock) = parse(&bytes, "Gemfile.lock") {
            prop_assert_eq!(lock.listed, lock.packages.len());
        }
    }

    #[test]
    fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = parse(&bytes, "Gemfile.lock");
    }
}
