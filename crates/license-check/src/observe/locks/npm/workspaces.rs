//! Which folders a project's `workspaces` field names.

use super::field::Word;
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::fmt;

/// The patterns of a `workspaces` field, or of `packages` within it.
/// <https://docs.npmjs.com/cli/v11/configuring-npm/package-json#workspaces>
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Workspaces(pub(crate) Vec<String>);

/// Patterns that one with braces stands for; more than that are taken as they are.
const MAX_EXPANDED: usize = 256;

/// Bytes of the longest pattern whose braces are expanded: the longest path that Linux takes.
const MAX_PATTERN_BYTES: usize = 4096;

impl Workspaces {
    /// Whether that folder, relative to the project, is a member. A later pattern wins over an earlier one; `!` takes out.
    pub(crate) fn has(&self, folder: &str) -> bool {
        let mut inside = false;
        for pattern in &self.0 {
            let (taken_out, pattern) = match pattern.strip_prefix('!') {
                Some(rest) => (true, rest),
                None => (false, pattern.as_str()),
            };
            if expanded(pattern).iter().any(|pattern| matches(pattern, folder)) {
                inside = !taken_out;
            }
        }
        inside
    }
}

/// `a/{b,c}` as `a/b` and `a/c`.
fn expanded(pattern: &str) -> Vec<String> {
    if pattern.len() > MAX_PATTERN_BYTES {
        return vec![pattern.to_owned()];
    }
    let mut todo = vec![pattern.to_owned()];
    let mut done = Vec::new();
    while let Some(pattern) = todo.pop() {
        let open = pattern.rfind('{');
        let close = open.and_then(|open| pattern[open..].find('}').map(|close| open + close));
        match (open, close) {
            (Some(open), Some(close)) if todo.len() + done.len() < MAX_EXPANDED => {
                for choice in pattern[open + 1..close].split(',') {
                    todo.push(format!("{}{choice}{}", &pattern[..open], &pattern[close + 1..]));
                }
            }
            _ => done.push(pattern),
        }
    }
    done
}

/// Whether a path matches a pattern, where `**` stands for any number of segments and `*` and `?` do not pass `/`.
fn matches(pattern: &str, path: &str) -> bool {
    let segments = |text: &str| -> Vec<String> {
        text.split('/').filter(|part| !part.is_empty() && *part != ".").map(str::to_owned).collect()
    };
    let (pattern, path) = (segments(pattern), segments(path));
    // reached[i]: the pattern so far matches the first i segments of the path.
    let mut reached = vec![false; path.len() + 1];
    reached[0] = true;
    for part in &pattern {
        let mut next = vec![false; path.len() + 1];
        for (i, is) in next.iter_mut().enumerate() {
            *is = match i {
                _ if part == "**" => reached[..=i].iter().any(|before| *before),
                0 => false,
                _ => reached[i - 1] && segment_matches(part, &path[i - 1]),
            };
        }
        reached = next;
    }
    reached[path.len()]
}

/// One segment, in time that is at most its length times the pattern's.
fn segment_matches(pattern: &str, text: &str) -> bool {
    let (pattern, text) = (pattern.as_bytes(), text.as_bytes());
    let (mut p, mut t, mut star) = (0, 0, None);
    while t < text.len() {
        if pattern.get(p).is_some_and(|byte| *byte == b'?' || (*byte == text[t] && *byte != b'*')) {
            (p, t) = (p + 1, t + 1);
        } else if pattern.get(p) == Some(&b'*') {
            star = Some((p, t));
            p += 1;
        } else if let Some((at, from)) = star {
            star = Some((at, from + 1));
            (p, t) = (at + 1, from + 1);
        } else {
            return false;
        }
    }
    pattern[p..].iter().all(|byte| *byte == b'*')
}

impl<'de> Deserialize<'de> for Workspaces {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Patterns;
        impl<'de> Visitor<'de> for Patterns {
            type Value = Workspaces;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an array of folders")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                let mut all = Vec::new();
                while let Some(word) = seq.next_element::<Word<'de>>()? {
                    all.push(word.0.into_owned());
                }
                Ok(Workspaces(all))
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut all = Workspaces::default();
                while let Some(key) = map.next_key::<Word<'de>>()? {
                    if key.0 == "packages" {
                        all = map.next_value()?;
                    } else {
                        map.next_value::<IgnoredAny>()?;
                    }
                }
                Ok(all)
            }
        }
        deserializer.deserialize_any(Patterns)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_what_the_patterns_name() {
        let all: Workspaces =
            serde_json::from_str(r#"{"packages":["packages/*","./apps/**","!packages/x","{a,b}/c?"],"nohoist":[]}"#)
                .expect("valid JSON");
        for (folder, expected) in [
            ("packages/a", true),
            ("packages/x", false),
            ("packages/a/b", false),
            ("apps/a/b", true),
            ("b/cd", true),
            ("b/c", false),
            ("../packages/a", false),
            ("", false),
        ] {
            assert_eq!(all.has(folder), expected, "{folder}");
        }
    }

    #[test]
    fn a_pattern_made_to_be_slow_is_not() {
        let pattern = format!("{}b", "*a".repeat(500));
        assert!(!segment_matches(&pattern, &"a".repeat(5000)));
        assert!(expanded(&"{a,b}".repeat(40)).len() <= 2 * MAX_EXPANDED);
    }
}
