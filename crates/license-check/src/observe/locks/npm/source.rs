//! What a JavaScript package is taken from, by what its lock says.

use crate::plan::package::Origin;

/// By an address or specifier: `git+ssh://…`, `github:owner/name`, `file:x.tgz`, `link:../x`, a tarball's address. Registries
/// keep tarballs below `/-/` (the npm registry and all that speak its protocol) or `/download/@` (GitHub Packages).
pub(crate) fn origin(resolved: &str) -> Origin {
    let resolved = resolved.trim();
    let starts = |words: &[&str]| words.iter().any(|word| resolved.starts_with(word));
    if starts(&["git+", "git:", "git@", "ssh:", "github:", "gitlab:", "bitbucket:", "gist:"]) {
        return Origin::Git;
    }
    if starts(&["link:", "portal:"]) {
        return Origin::Folder;
    }
    if let Some(path) = resolved.strip_prefix("file:") {
        return file(path);
    }
    if starts(&["http:", "https:"]) {
        let (address, part) = resolved.split_once('#').unwrap_or((resolved, ""));
        if address.ends_with(".git") || part.starts_with("commit=") {
            return Origin::Git;
        }
        let registry = address.contains("/-/") || address.contains("/download/@");
        return if registry { Origin::Registry } else { Origin::Archive };
    }
    if starts(&["./", "../", "/", "~/"]) {
        return file(resolved);
    }
    Origin::Registry
}

/// An archive by its suffix, else a folder.
fn file(path: &str) -> Origin {
    let path = path.split_once(['#', ':']).map_or(path, |(before, _)| before);
    let archive = [".tgz", ".tar.gz", ".tar"].iter().any(|suffix| path.ends_with(suffix));
    if archive { Origin::Archive } else { Origin::Folder }
}

/// The real name and the version of an alias: `npm:lodash@4.17.21`, `npm:@scope/name@1.0.0`.
pub(crate) fn alias(specifier: &str) -> Option<(&str, &str)> {
    name_and_rest(specifier.strip_prefix("npm:")?)
}

/// `name@rest` and `@scope/name@rest`, split at the `@` after the name.
pub(crate) fn name_and_rest(text: &str) -> Option<(&str, &str)> {
    let scope = usize::from(text.starts_with('@'));
    let at = scope + memchr::memchr(b'@', text.get(scope..)?.as_bytes())?;
    (at > scope).then(|| (&text[..at], &text[at + 1..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_of_what_locks_say() {
        for (resolved, expected) in [
            ("https://registry.example/a/-/a-1.0.0.tgz", Origin::Registry),
            ("https://npm.pkg.registry.example/download/@a/b/1.0.0/abc", Origin::Registry),
            ("1.0.0", Origin::Registry),
            ("git+ssh://git@host.example/a/b.git#0123", Origin::Git),
            ("https://host.example/a/b.git#0123", Origin::Git),
            ("https://host.example/a/b#commit=0123", Origin::Git),
            ("github:a/b#0123", Origin::Git),
            ("https://host.example/a/b/tar.gz/0123", Origin::Archive),
            ("file:../a-1.0.0.tgz", Origin::Archive),
            ("file:vendor/a", Origin::Folder),
            ("link:../a", Origin::Folder),
            ("", Origin::Registry),
        ] {
            assert_eq!(origin(resolved), expected, "{resolved}");
        }
    }

    #[test]
    fn names_end_at_the_second_at_sign() {
        assert_eq!(name_and_rest("a@1"), Some(("a", "1")));
        assert_eq!(name_and_rest("@s/a@npm:1@2"), Some(("@s/a", "npm:1@2")));
        for text in ["", "@", "a", "@s/a", "@@"] {
            assert_eq!(name_and_rest(text), None, "{text}");
        }
        assert_eq!(alias("npm:@s/a@1.0.0"), Some(("@s/a", "1.0.0")));
        assert_eq!(alias("1.0.0"), None);
    }
}
