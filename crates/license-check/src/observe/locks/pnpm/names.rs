//! Keys of pnpm's packages: what name and version they say.

use super::super::npm::source;

/// A key's parts.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Named<'k> {
    pub(super) name: &'k str,
    /// A version, or where the package is taken from.
    pub(super) reference: &'k str,
}

/// The key without what tells variants of the same package apart: `(peer@1.0.0)`, `(patch_hash=…)`.
pub(super) fn base(key: &str) -> &str {
    key.split_once('(').map_or(key, |(before, _)| before)
}

/// The parts of a key of `packages`: `/a/1.0.0_peer@1.0.0` and `host.example/@s/a/1.0.0` up to version 5,
/// `/a@1.0.0(peer@1.0.0)` in 6, `a@1.0.0` since 9. `None` for those that are an address or a path: their entries have a `name`
/// and a `version`.
pub(super) fn named(key: &str, slashes: bool) -> Option<Named<'_>> {
    let whole = base(key);
    if let Some(rest) = whole.strip_prefix('/') {
        return if slashes { by_slashes(rest) } else { by_at_sign(rest) };
    }
    if let Some(named) = by_at_sign(whole).filter(|_| !slashes)
        && (named.name.starts_with('@') || !named.name.contains('/'))
        && !named.name.contains(':')
    {
        return Some(named);
    }
    // A registry other than the default one.
    let (host, rest) = whole.split_once('/')?;
    let host = host.contains('.') && !host.contains(['@', ':']);
    let named = (if slashes { by_slashes(rest) } else { by_at_sign(rest) }).filter(|_| host)?;
    is_version(named.reference).then_some(named)
}

fn by_at_sign(text: &str) -> Option<Named<'_>> {
    source::name_and_rest(text).map(|(name, reference)| Named { name, reference })
}

fn by_slashes(text: &str) -> Option<Named<'_>> {
    let skip = if text.starts_with('@') { text.find('/')? + 1 } else { 0 };
    let end = skip + text[skip..].find('/')?;
    let version = &text[end + 1..];
    let version = version.split_once(['_', '/']).map_or(version, |(version, _)| version);
    (end > skip && !version.is_empty()).then(|| Named { name: &text[..end], reference: version })
}

/// Whether it is a version and not an address.
pub(super) fn is_version(reference: &str) -> bool {
    reference.starts_with(|first: char| first.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_all_versions() {
        for (key, slashes, expected) in [
            ("/a/1.0.0", true, Some(("a", "1.0.0"))),
            ("/@s/a/1.0.0-rc.1_b@2.0.0+c@1", true, Some(("@s/a", "1.0.0-rc.1"))),
            ("registry.example/@s/a/1.0.0", true, Some(("@s/a", "1.0.0"))),
            ("host.example/o/r/0123", true, None),
            ("host.example/o/a123", true, None),
            ("file:a", true, None),
            ("/a@1.0.0", false, Some(("a", "1.0.0"))),
            ("/@s/a@1.0.0(b@2.0.0)(c@3.0.0)", false, Some(("@s/a", "1.0.0"))),
            ("registry.example/a@1.0.0", false, Some(("a", "1.0.0"))),
            ("@s/a@1.0.0", false, Some(("@s/a", "1.0.0"))),
            ("a@file:../a(b@1)", false, Some(("a", "file:../a"))),
            ("a@https://host.example/a@b", false, Some(("a", "https://host.example/a@b"))),
            ("host.example/o/r/0123", false, None),
            ("file:a@b", false, None),
            ("@host.example/o/r", false, None),
            ("", true, None),
            ("/", true, None),
            ("/@", true, None),
            ("/a/", true, None),
            ("@", false, None),
        ] {
            let found = named(key, slashes).map(|named| (named.name, named.reference));
            assert_eq!(found, expected, "{key}");
        }
    }
}
