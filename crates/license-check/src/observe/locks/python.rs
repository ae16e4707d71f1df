//! What Python's lists have in common: names, versions, and TOML that is read one package at a time.

pub(super) mod document;
mod version;

pub use version::{same_version, satisfies};

/// A distribution's name as PEP 503 normalises it: lower case, and each run of `-`, `_` and `.` is one `-`.
/// <https://peps.python.org/pep-0503/#normalized-names>
pub fn normalized_name(name: &str) -> String {
    let mut normal = String::with_capacity(name.len());
    let mut in_run = false;
    for letter in name.trim().chars() {
        let separates = matches!(letter, '-' | '_' | '.');
        if !separates {
            normal.extend(letter.to_lowercase());
        } else if !in_run {
            normal.push('-');
        }
        in_run = separates;
    }
    normal
}

/// Whether that is a distribution's name, normalised or not: ASCII letters, digits and `.-_`, of which the first and the
/// last are letters or digits. <https://packaging.python.org/en/latest/specifications/name-normalization/>
pub fn is_name(name: &str) -> bool {
    let bytes = name.as_bytes();
    let ends = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    ends(bytes.first())
        && ends(bytes.last())
        && bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || b".-_".contains(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_normalised() {
        for (written, normal) in [
            ("Django", "django"),
            ("zope.interface", "zope-interface"),
            ("ruamel_yaml__clib", "ruamel-yaml-clib"),
            ("a-._b", "a-b"),
            ("", ""),
        ] {
            assert_eq!(normalized_name(written), normal);
        }
        assert!(is_name("A") && is_name("zope.interface2"));
        for name in ["", "-a", "a-", "a b", "a/b", "ä"] {
            assert!(!is_name(name), "{name}");
        }
    }
}
