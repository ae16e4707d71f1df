//! Whether two spellings are one version.
//!
//! <https://packaging.python.org/en/latest/specifications/version-specifiers/#normalization> (PEP 440).

/// A version in its parts, each in its normal spelling. Numbers stay text, without leading zeros: there is no largest one.
#[derive(Debug, PartialEq, Eq)]
struct Parts {
    epoch: String,
    release: Vec<String>,
    pre: Option<(char, String)>,
    post: Option<String>,
    dev: Option<String>,
    local: Vec<String>,
}

/// Whether both are the same version, as `1.0` and `v1.0.0` are. What is no version by PEP 440 is compared by letters.
pub fn same_version(one: &str, other: &str) -> bool {
    match (parts(one), parts(other)) {
        (Some(one), Some(other)) => one == other,
        (None, None) => one.trim().eq_ignore_ascii_case(other.trim()),
        _ => false,
    }
}

/// Whether an installed version is what `==locked` asks for: the same, or the same but for a local label (`2.1.0+cpu`)
/// that the lock leaves open.
pub fn satisfies(installed: &str, locked: &str) -> bool {
    if same_version(installed, locked) {
        return true;
    }
    match (parts(installed), parts(locked)) {
        (Some(mut installed), Some(locked)) if locked.local.is_empty() => {
            installed.local.clear();
            installed == locked
        }
        _ => false,
    }
}

fn parts(text: &str) -> Option<Parts> {
    let lower = text.trim().to_ascii_lowercase();
    let (public, local) = match lower.split_once('+') {
        Some((public, local)) => (public, local_labels(local)?),
        None => (lower.as_str(), Vec::new()),
    };
    let mut rest = public.strip_prefix('v').unwrap_or(public);
    let mut epoch = String::from("0");
    if let Some((number, after)) = rest.split_once('!') {
        let all_digits = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
        (epoch, rest) = (all_digits.then(|| plain(number))?, after);
    }
    let mut release = vec![number(&mut rest)?];
    while let Some(after) = rest.strip_prefix('.').filter(|after| after.starts_with(|c: char| c.is_ascii_digit())) {
        rest = after;
        release.push(number(&mut rest)?);
    }
    while release.len() > 1 && release.last().is_some_and(|last| last == "0") {
        release.pop();
    }
    let pre = [
        ("alpha", 'a'),
        ("a", 'a'),
        ("beta", 'b'),
        ("b", 'b'),
        ("rc", 'c'),
        ("c", 'c'),
        ("preview", 'c'),
        ("pre", 'c'),
    ]
    .into_iter()
    .find_map(|(word, letter)| Some((letter, labelled(&mut rest, word)?)));
    let dashed = rest.strip_prefix('-').filter(|after| after.starts_with(|c: char| c.is_ascii_digit()));
    let post = if let Some(after) = dashed {
        rest = after;
        number(&mut rest)
    } else {
        ["post", "rev", "r"].into_iter().find_map(|word| labelled(&mut rest, word))
    };
    let dev = labelled(&mut rest, "dev");
    rest.is_empty().then_some(Parts { epoch, release, pre, post, dev, local })
}

/// `[-_.]WORD[-_.]NUMBER`, where the separators and the number may be missing; a missing number is 0.
fn labelled(rest: &mut &str, word: &str) -> Option<String> {
    let separators = ['-', '_', '.'];
    let mut after = rest.strip_prefix(separators).unwrap_or(rest).strip_prefix(word)?;
    let digits = after.strip_prefix(separators).unwrap_or(after);
    if digits.starts_with(|c: char| c.is_ascii_digit()) {
        after = digits;
    }
    let value = number(&mut after).unwrap_or_else(|| "0".to_owned());
    *rest = after;
    Some(value)
}

fn number(rest: &mut &str) -> Option<String> {
    let end = rest.bytes().position(|byte| !byte.is_ascii_digit()).unwrap_or(rest.len());
    let (digits, after) = rest.split_at(end);
    *rest = after;
    (!digits.is_empty()).then(|| plain(digits))
}

fn plain(digits: &str) -> String {
    let bare = digits.trim_start_matches('0');
    if bare.is_empty() { "0".to_owned() } else { bare.to_owned() }
}

fn local_labels(local: &str) -> Option<Vec<String>> {
    local
        .split(['-', '_', '.'])
        .map(|label| {
            let good = !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric());
            good.then(|| if label.bytes().all(|byte| byte.is_ascii_digit()) { plain(label) } else { label.to_owned() })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn spellings_of_one_version_are_the_same() {
        for (one, other) in [
            ("1.0", "1.0.0"),
            ("v1.0", "1"),
            ("0!1", "1"),
            ("1.0a1", "1.0-ALPHA_1"),
            ("1.0rc", "1.0c0"),
            ("1.0rc1", "1.0.preview.1"),
            ("1.0-1", "1.0.post1"),
            ("1.0.rev2", "1.0r2"),
            ("2.9.0.post0", "2.9.post"),
            ("1.0.DEV3", "1dev03"),
            ("1.0+ubuntu-1", "1.0+Ubuntu.01"),
            ("2024.2.26", "2024.02.26"),
            (" 1.1.1.2 ", "1.1.1.2"),
            ("nonsense", "NonSense"),
        ] {
            assert!(same_version(one, other), "{one} {other}");
        }
    }

    #[test]
    fn other_versions_are_others() {
        for (one, other) in [
            ("1.0", "1.1"),
            ("1.0a1", "1.0b1"),
            ("1.0", "1.0.post0"),
            ("1.0.dev0", "1.0"),
            ("1!1", "1"),
            ("1.0+a", "1.0"),
            ("1.0x", "1.0"),
            ("10", "1"),
            ("", "0"),
            ("1.0a", "1.0"),
        ] {
            assert!(!same_version(one, other), "{one} {other}");
        }
    }

    #[test]
    fn a_lock_may_leave_the_local_label_open_and_not_the_other_way_round() {
        assert!(satisfies("2.1.0+cpu", "2.1"));
        assert!(!satisfies("2.1.0", "2.1.0+cpu"));
        assert!(!satisfies("2.1.1+cpu", "2.1.0"));
        assert!(!satisfies("2.1.0+cpu", "2.1.0+cu118"));
    }

    proptest! {
        #[test]
        fn every_text_is_the_same_as_itself(text in "[-v0-9a-z.!+_ ]{0,12}|\\PC{0,8}") {
            prop_assert!(same_version(&text, &text));
            prop_assert!(satisfies(&text, &text));
        }
    }
}
