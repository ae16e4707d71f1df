//! What SPDX's deprecated identifiers mean. PURE.
//!
//! Each deprecated identifier's page at <https://spdx.org/licenses/> says what to write instead. GNU's bare identifiers
//! follow one rule (`GPL-2.0` is `GPL-2.0-only`); the others are in the table.
#![warn(clippy::disallowed_methods)]

use super::grammar::Leaf;

/// Deprecated identifier, its licence today, and the exception that was part of it.
///
/// `eCos-2.0` and `wxWindows` say "or any later version" in their own texts, and the `-with-…` ones name a version only.
/// `Net-SNMP` (several licences under one name) has no successor and is kept.
const REPLACED: [(&str, &str, Option<&str>); 14] = [
    ("BSD-2-Clause-FreeBSD", "BSD-2-Clause-Views", None),
    ("BSD-2-Clause-NetBSD", "BSD-2-Clause", None),
    ("GPL-2.0-with-GCC-exception", "GPL-2.0-only", Some("GCC-exception-2.0")),
    ("GPL-2.0-with-autoconf-exception", "GPL-2.0-only", Some("Autoconf-exception-2.0")),
    ("GPL-2.0-with-bison-exception", "GPL-2.0-only", Some("Bison-exception-2.2")),
    ("GPL-2.0-with-classpath-exception", "GPL-2.0-only", Some("Classpath-exception-2.0")),
    ("GPL-2.0-with-font-exception", "GPL-2.0-only", Some("Font-exception-2.0")),
    ("GPL-3.0-with-GCC-exception", "GPL-3.0-only", Some("GCC-exception-3.1")),
    ("GPL-3.0-with-autoconf-exception", "GPL-3.0-only", Some("Autoconf-exception-3.0")),
    ("Nunit", "zlib-acknowledgement", None),
    ("StandardML-NJ", "SMLNJ", None),
    ("bzip2-1.0.5", "bzip2-1.0.6", None),
    ("eCos-2.0", "GPL-2.0-or-later", Some("eCos-exception-2.0")),
    ("wxWindows", "LGPL-2.0-or-later", Some("WxWindows-exception-3.1")),
];

/// The licence that an identifier of SPDX's list (in its spelling, without the `+`) means today. `None` where `+` after it
/// makes no sense (`GPL-2.0-only+`).
pub(super) fn current(id: &str, plus: bool) -> Option<Leaf> {
    if let Some((_, license, exception)) = REPLACED.iter().find(|(old, ..)| *old == id) {
        let mut leaf = match license.strip_suffix("-only") {
            Some(base) if plus => Leaf::plain(format!("{base}-or-later")),
            _ => Leaf { id: (*license).to_owned(), plus: plus && !license.ends_with("-or-later"), exception: None },
        };
        leaf.exception = exception.map(str::to_owned);
        return Some(leaf);
    }
    let known = |id: String| spdx::license_id(&id).filter(|found| found.name == id).map(|found| found.name);
    // GNU's: the bare identifier is the deprecated one, and says which of the two it means by the `+`.
    if let (Some(only), Some(or_later)) = (known(format!("{id}-only")), known(format!("{id}-or-later"))) {
        let is_deprecated = spdx::license_id(id).is_some_and(spdx::LicenseId::is_deprecated);
        return match (plus, is_deprecated) {
            (true, _) => Some(Leaf::plain(or_later)),
            (false, true) => Some(Leaf::plain(only)),
            (false, false) => Some(Leaf::plain(id)),
        };
    }
    if id.ends_with("-or-later") {
        return Some(Leaf::plain(id));
    }
    if plus && id.ends_with("-only") {
        return None;
    }
    Some(Leaf { id: id.to_owned(), plus, exception: None })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_deprecated_identifier_has_a_successor_that_is_none() {
        for license in spdx::identifiers::LICENSES {
            let id = spdx::license_id(license.name).filter(|id| id.name == license.name);
            let Some(id) = id.filter(|id| id.is_deprecated() && id.name != "Net-SNMP") else { continue };
            let leaf = current(id.name, false).expect("it means something");
            let now = spdx::license_id(&leaf.id).expect("its successor is listed");
            assert!(!now.is_deprecated(), "{} -> {leaf}", id.name);
            assert_eq!(now.name, leaf.id);
            if let Some(exception) = &leaf.exception {
                assert!(spdx::exception_id(exception).is_some_and(|id| !id.is_deprecated()), "{leaf}");
            }
        }
    }

    #[test]
    fn some_of_them() {
        for (id, plus, expected) in [
            ("GPL-2.0", false, "GPL-2.0-only"),
            ("GPL-2.0", true, "GPL-2.0-or-later"),
            ("AGPL-1.0", false, "AGPL-1.0-only"),
            ("GFDL-1.2", true, "GFDL-1.2-or-later"),
            ("GPL-2.0-or-later", true, "GPL-2.0-or-later"),
            ("eCos-2.0", false, "GPL-2.0-or-later WITH eCos-exception-2.0"),
            ("GPL-2.0-with-GCC-exception", true, "GPL-2.0-or-later WITH GCC-exception-2.0"),
            ("MPL-2.0", true, "MPL-2.0+"),
        ] {
            assert_eq!(current(id, plus).expect("it means something").to_string(), expected);
        }
        assert_eq!(current("GPL-2.0-only", true), None);
    }
}
