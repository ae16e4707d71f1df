//! Families of licences, for policies that don't name each one. PURE.
//!
//! A small table, on purpose: an identifier that isn't in it has no family, and a policy that wants it names it. What counts
//! is the duty that comes with shipping the package in a product:
#![warn(clippy::disallowed_methods)]

/// A family.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// Keep the notice, do what you like: MIT, BSD, Apache.
    Permissive,
    /// Gives up all rights, without even a notice to keep: CC0, the Unlicense, 0BSD.
    PublicDomain,
    /// Changes to its own files or library stay under it: LGPL, MPL, EPL.
    WeakCopyleft,
    /// What is shipped together with it comes under it: GPL.
    StrongCopyleft,
    /// The same, and already when it is offered over a network: AGPL.
    NetworkCopyleft,
    /// The source may be read and not freely used: BUSL, SSPL, Elastic.
    SourceAvailable,
    /// No commercial use: CC-BY-NC, `PolyForm` Noncommercial.
    NonCommercial,
    /// No rights but by contract: `UNLICENSED`, composer's `proprietary`.
    Proprietary,
}

impl Family {
    /// All of them.
    pub const ALL: [Family; 8] = [
        Family::Permissive,
        Family::PublicDomain,
        Family::WeakCopyleft,
        Family::StrongCopyleft,
        Family::NetworkCopyleft,
        Family::SourceAvailable,
        Family::NonCommercial,
        Family::Proprietary,
    ];

    /// The name in policies and reports: `weak-copyleft`.
    pub fn as_str(self) -> &'static str {
        match self {
            Family::Permissive => "permissive",
            Family::PublicDomain => "public-domain",
            Family::WeakCopyleft => "weak-copyleft",
            Family::StrongCopyleft => "strong-copyleft",
            Family::NetworkCopyleft => "network-copyleft",
            Family::SourceAvailable => "source-available",
            Family::NonCommercial => "non-commercial",
            Family::Proprietary => "proprietary",
        }
    }

    /// By its name, exactly as [`Family::as_str`] writes it.
    pub fn parse(name: &str) -> Option<Self> {
        Family::ALL.into_iter().find(|family| family.as_str() == name)
    }
}

impl std::fmt::Display for Family {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// OSI-approved, with a notice to keep and nothing else to do; and those like them that the OSI never looked at (BlueOak,
/// X11, MIT-CMU, curl, libpng, Unicode, OpenSSL with its advertising clause).
const PERMISSIVE: &[&str] = &[
    "AFL-1.1",
    "AFL-1.2",
    "AFL-2.0",
    "AFL-2.1",
    "AFL-3.0",
    "AMPAS",
    "Apache-1.0",
    "Apache-1.1",
    "Apache-2.0",
    "Artistic-1.0",
    "Artistic-1.0-Perl",
    "Artistic-1.0-cl8",
    "Artistic-2.0",
    "BSD-1-Clause",
    "BSD-2-Clause",
    "BSD-2-Clause-Darwin",
    "BSD-2-Clause-Patent",
    "BSD-2-Clause-Views",
    "BSD-3-Clause",
    "BSD-3-Clause-Attribution",
    "BSD-3-Clause-Clear",
    "BSD-3-Clause-LBNL",
    "BSD-3-Clause-Modification",
    "BSD-3-Clause-Open-MPI",
    "BSD-3-Clause-Sun",
    "BSD-3-Clause-flex",
    "BSD-4-Clause",
    "BSD-4-Clause-Shortened",
    "BSD-4-Clause-UC",
    "BSD-Source-Code",
    "BSL-1.0",
    "Beerware",
    "BlueOak-1.0.0",
    "CC-BY-1.0",
    "CC-BY-2.0",
    "CC-BY-2.5",
    "CC-BY-3.0",
    "CC-BY-4.0",
    "CDLA-Permissive-1.0",
    "CDLA-Permissive-2.0",
    "CECILL-B",
    "CNRI-Python",
    "CNRI-Python-GPL-Compatible",
    "ClArtistic",
    "ECL-2.0",
    "EFL-1.0",
    "EFL-2.0",
    "FSFAP",
    "FSFUL",
    "FSFULLR",
    "FTL",
    "Fair",
    "HPND",
    "HPND-sell-variant",
    "ICU",
    "IJG",
    "ISC",
    "ImageMagick",
    "Info-ZIP",
    "Intel",
    "JSON",
    "Libpng",
    "MIT",
    "MIT-CMU",
    "MIT-Modern-Variant",
    "MIT-Wu",
    "MIT-advertising",
    "MIT-enna",
    "MIT-feh",
    "MIT-open-group",
    "MITNFA",
    "MS-PL",
    "MirOS",
    "MulanPSL-1.0",
    "MulanPSL-2.0",
    "NCSA",
    "NTP",
    "OFL-1.0",
    "OFL-1.1",
    "OFL-1.1-RFN",
    "OFL-1.1-no-RFN",
    "OLDAP-2.8",
    "OpenSSL",
    "PHP-3.0",
    "PHP-3.01",
    "PSF-2.0",
    "PostgreSQL",
    "Python-2.0",
    "Python-2.0.1",
    "Ruby",
    "SMLNJ",
    "TCL",
    "UPL-1.0",
    "Unicode-3.0",
    "Unicode-DFS-2015",
    "Unicode-DFS-2016",
    "Vim",
    "W3C",
    "W3C-20150513",
    "WTFPL",
    "X11",
    "Xnet",
    "ZPL-1.1",
    "ZPL-2.0",
    "ZPL-2.1",
    "Zend-2.0",
    "Zlib",
    "bzip2-1.0.6",
    "curl",
    "libpng-2.0",
    "libtiff",
    "psfrag",
    "zlib-acknowledgement",
];

/// Dedications, and licences that ask for nothing at all. 0BSD and MIT-0 are licences by form, and leave no duty.
const PUBLIC_DOMAIN: &[&str] = &[
    "0BSD",
    "ANTLR-PD",
    "CC-PDDC",
    "CC-PDM-1.0",
    "CC0-1.0",
    "LicenseRef-public-domain",
    "MIT-0",
    "NIST-PD",
    "NTIA-PD",
    "PDDL-1.0",
    "SAX-PD",
    "Unlicense",
    "blessing",
    "libselinux-1.0",
];

/// Copyleft that ends at the file (MPL, CDDL, EPL) or the library (LGPL). EUPL and OSL are stronger; see below.
const WEAK_COPYLEFT: &[&str] = &[
    "APSL-2.0",
    "CDDL-1.0",
    "CDDL-1.1",
    "CECILL-C",
    "CPL-1.0",
    "EPL-1.0",
    "EPL-2.0",
    "ErlPL-1.1",
    "IPL-1.0",
    "LGPL-2.0-only",
    "LGPL-2.0-or-later",
    "LGPL-2.1-only",
    "LGPL-2.1-or-later",
    "LGPL-3.0-only",
    "LGPL-3.0-or-later",
    "LPPL-1.3c",
    "MPL-1.0",
    "MPL-1.1",
    "MPL-2.0",
    "MPL-2.0-no-copyleft-exception",
    "MS-RL",
    "NPL-1.0",
    "NPL-1.1",
    "SISSL",
    "SPL-1.0",
    "CC-BY-SA-3.0",
    "CC-BY-SA-4.0",
];

/// Copyleft over the whole that is shipped. QPL and Sleepycat ask for the source of what uses them.
const STRONG_COPYLEFT: &[&str] = &[
    "CECILL-1.0",
    "CECILL-1.1",
    "CECILL-2.0",
    "CECILL-2.1",
    "GPL-1.0-only",
    "GPL-1.0-or-later",
    "GPL-2.0-only",
    "GPL-2.0-or-later",
    "GPL-3.0-only",
    "GPL-3.0-or-later",
    "QPL-1.0",
    "Sleepycat",
    "copyleft-next-0.3.0",
    "copyleft-next-0.3.1",
];

/// Copyleft that use over a network sets off: EUPL section 5 and OSL section 5 ("External Deployment") as well.
const NETWORK_COPYLEFT: &[&str] = &[
    "AGPL-1.0-only",
    "AGPL-1.0-or-later",
    "AGPL-3.0-only",
    "AGPL-3.0-or-later",
    "CAL-1.0",
    "CPAL-1.0",
    "EUPL-1.0",
    "EUPL-1.1",
    "EUPL-1.2",
    "NPOSL-3.0",
    "OSL-1.0",
    "OSL-2.0",
    "OSL-2.1",
    "OSL-3.0",
    "Parity-6.0.0",
    "Parity-7.0.0",
    "RPL-1.1",
    "RPL-1.5",
];

/// Not open source: uses are forbidden (competition, hosting), for a time or for good.
const SOURCE_AVAILABLE: &[&str] =
    &["BUSL-1.1", "Elastic-2.0", "FSL-1.1-ALv2", "FSL-1.1-MIT", "PolyForm-Small-Business-1.0.0", "SSPL-1.0", "SUL-1.0"];

/// No commercial use. Aladdin's licence forbids commercial distribution. All of `CC-BY-NC-…`; see [`family_of`].
const NON_COMMERCIAL: &[&str] = &["Aladdin", "NCGL-UK-2.0", "PPL", "PolyForm-Noncommercial-1.0.0"];

const PROPRIETARY: &[&str] = &["LicenseRef-proprietary"];

/// The family of an SPDX identifier in its spelling (without `+` and exception, which change no family), or of
/// [`crate::plan::expression::Normalized`]'s references. Deprecated identifiers count as what they mean today. `None`: it has
/// none here.
pub fn family_of(id: &str) -> Option<Family> {
    let tables: [(Family, &[&str]); 8] = [
        (Family::Permissive, PERMISSIVE),
        (Family::PublicDomain, PUBLIC_DOMAIN),
        (Family::WeakCopyleft, WEAK_COPYLEFT),
        (Family::StrongCopyleft, STRONG_COPYLEFT),
        (Family::NetworkCopyleft, NETWORK_COPYLEFT),
        (Family::SourceAvailable, SOURCE_AVAILABLE),
        (Family::NonCommercial, NON_COMMERCIAL),
        (Family::Proprietary, PROPRIETARY),
    ];
    let found = |id: &str| tables.iter().find(|(_, ids)| ids.contains(&id)).map(|(family, _)| *family);
    if id.starts_with("CC-BY-NC-") {
        return Some(Family::NonCommercial);
    }
    found(id).or_else(|| found(&super::grammar::license(id)?.id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_back() {
        for family in Family::ALL {
            assert_eq!(Family::parse(family.as_str()), Some(family));
        }
        assert_eq!(Family::parse("Permissive"), None);
    }

    #[test]
    fn some_of_each() {
        for (id, family) in [
            ("MIT", Some(Family::Permissive)),
            ("GPL-2.0", Some(Family::StrongCopyleft)),
            ("AGPL-3.0-only", Some(Family::NetworkCopyleft)),
            ("BUSL-1.1", Some(Family::SourceAvailable)),
            ("CC-BY-NC-SA-4.0", Some(Family::NonCommercial)),
            ("CC0-1.0", Some(Family::PublicDomain)),
            ("LicenseRef-proprietary", Some(Family::Proprietary)),
            ("LicenseRef-mine", None),
            ("Hippocratic-2.1", None),
            ("", None),
        ] {
            assert_eq!(family_of(id), family, "{id}");
        }
    }

    #[test]
    fn each_identifier_is_listed_current_and_in_one_family() {
        let all = [
            PERMISSIVE,
            PUBLIC_DOMAIN,
            WEAK_COPYLEFT,
            STRONG_COPYLEFT,
            NETWORK_COPYLEFT,
            SOURCE_AVAILABLE,
            NON_COMMERCIAL,
            PROPRIETARY,
        ]
        .concat();
        let mut seen = std::collections::BTreeSet::new();
        for id in all {
            let leaf = super::super::grammar::license(id).unwrap_or_else(|| panic!("{id} is not listed"));
            assert_eq!(leaf.to_string(), id, "is current");
            assert!(seen.insert(id), "{id} stands twice");
        }
    }
}
