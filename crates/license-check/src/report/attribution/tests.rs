use super::*;
use proptest::prelude::*;

fn entry(name: &str, license: &str, texts: &[(&str, &str)], notices: &[(&str, &str)]) -> Attributed {
    let files = |list: &[(&str, &str)]| list.iter().map(|(path, text)| ((*path).to_owned(), (*text).into())).collect();
    Attributed {
        id: format!("npm:{name}@1.0.0"),
        name: name.to_owned(),
        version: "1.0.0".to_owned(),
        license: license.to_owned(),
        texts: files(texts),
        notices: files(notices),
    }
}

#[test]
fn markdown() {
    let entries = [
        entry("b", "MIT", &[("LICENSE", "Do  \r\nwhat ```you``` like\r\n")], &[]),
        entry("c", "", &[], &[]),
        entry(
            "a",
            "MIT",
            &[("LICENSE", "\u{feff}Do\nwhat ```you``` like")],
            &[("NOTICE", "We made this.\n\n  Really.\n")],
        ),
    ];
    let expected = "\
# Third-party software

3 packages, their licence texts and their notices.


## Packages

- `a 1.0.0`: `MIT`
- `b 1.0.0`: `MIT`
- `c 1.0.0`: `no licence known`

## Packages without a licence text

Their files hold none, or they were not at hand when this was written.

- `c 1.0.0`

## Licence texts

- `a 1.0.0`: `LICENSE`
- `b 1.0.0`: `LICENSE`

````text
Do
what ```you``` like
````

## Notices

- `a 1.0.0`: `NOTICE`

```text
We made this.

  Really.
```
";
    assert_eq!(attribution(&entries, true), expected);
    let mut reversed = entries.to_vec();
    reversed.reverse();
    assert_eq!(attribution(&reversed, true), expected);
}

#[test]
fn plain_text() {
    let text = attribution(&[entry("a", "MIT", &[("LICENSE", "Do what you like\u{0}\u{1b}[31m")], &[])], false);
    assert!(text.starts_with("THIRD-PARTY SOFTWARE\n\nOne package"), "{text}");
    assert!(text.contains("Do what you like\u{fffd}\u{fffd}[31m\n"), "{text}");
    assert!(!text.contains('`'));
    assert!(attribution(&[], false).contains("There is none."));
}

#[test]
fn a_package_from_several_lists_stands_once_with_its_text() {
    let with = entry("a", "MIT", &[("LICENSE", "words")], &[]);
    let without = entry("a", "MIT", &[], &[]);
    let one = attribution(&[without.clone(), with.clone()], true);
    assert_eq!(one, attribution(&[with, without], true));
    assert!(one.contains("words") && !one.contains("without a licence text"));
}

/// A CommonMark reader's view of fences: lines outside of them.
fn outside(text: &str) -> Vec<&str> {
    let mut fence: Option<usize> = None;
    let mut lines = Vec::new();
    for line in text.lines() {
        let bare = line.trim_start_matches(' ');
        let ticks = if line.len() - bare.len() < 4 { bare.bytes().take_while(|byte| *byte == b'`').count() } else { 0 };
        match fence {
            None if ticks >= 3 && !bare[ticks..].contains('`') => fence = Some(ticks),
            None => lines.push(line),
            Some(open) if ticks >= open && bare[ticks..].trim().is_empty() => fence = None,
            Some(_) => {}
        }
    }
    assert_eq!(fence, None, "a fence is open at the end");
    lines
}

proptest! {
    #[test]
    fn no_text_escapes_its_fence(
        texts in proptest::collection::vec("(`{1,5}|#|\n|\r| |~~~|- |X|\u{0}|</div>){0,12}", 1..4),
        name in "(`{1,4}|a|\n|\\[x\\]| |<b>){1,6}",
    ) {
        let entries: Vec<Attributed> = texts
            .iter()
            .enumerate()
            .map(|(index, text)| {
                let mut entry = entry(&name, "MIT", &[("LICENSE", text.as_str())], &[("NOTICE", text.as_str())]);
                entry.id = format!("npm:{index}");
                entry
            })
            .collect();
        let out = attribution(&entries, true);
        prop_assert!(!out.contains('\0') && !out.contains('\r'));
        for line in outside(&out) {
            let known = line.is_empty() || line.starts_with("- `") || line.starts_with('#')
                || line.ends_with("notices.") || line.ends_with("was written.");
            prop_assert!(known, "{:?} in {}", line, out);
            prop_assert!(!line.contains("X") || line.starts_with("- `"));
        }
    }

    #[test]
    fn every_package_and_text_is_there(
        entries in proptest::collection::vec(("[a-c]{1,2}", proptest::collection::vec("[a-f]{3}", 0..3)), 0..6),
    ) {
        let entries: Vec<Attributed> = entries
            .iter()
            .enumerate()
            .map(|(index, (name, texts))| {
                let texts: Vec<(&str, &str)> = texts.iter().map(|text| ("LICENSE", text.as_str())).collect();
                let mut entry = entry(name, "MIT", &texts, &[]);
                entry.id = format!("npm:{index}");
                entry
            })
            .collect();
        let out = attribution(&entries, true);
        for entry in &entries {
            let called = format!("- `{} 1.0.0`", entry.name);
            prop_assert!(out.contains(&called));
            for (_, text) in &entry.texts {
                prop_assert_eq!(out.matches(&format!("```text\n{text}\n```")).count(), 1);
            }
        }
    }
}
