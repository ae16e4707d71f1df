//! `PyPI`'s licence classifiers. PURE.
//!
//! All of the list at <https://github.com/pypa/trove-classifiers>, with the deprecated ones. PEP 639
//! <https://peps.python.org/pep-0639/appendix-mapping-classifiers/> names those from which no tool may infer an identifier,
//! since they name no version or variant; the same is held here of any other that fits more than one licence.
#![warn(clippy::disallowed_methods)]

use super::names::Known;

enum Means {
    Id(&'static str),
    Family(&'static str),
    Proprietary,
    PublicDomain,
    /// Nothing that isn't said better by the classifier beside it.
    Nothing,
    /// Terms that have no name elsewhere.
    Custom,
}

use Means::{Custom, Family, Id, Nothing, Proprietary, PublicDomain};

const CLASSIFIERS: [(&str, Means); 89] = [
    ("Aladdin Free Public License (AFPL)", Id("Aladdin")),
    ("CC0 1.0 Universal (CC0 1.0) Public Domain Dedication", Id("CC0-1.0")),
    ("CeCILL-B Free Software License Agreement (CECILL-B)", Id("CECILL-B")),
    ("CeCILL-C Free Software License Agreement (CECILL-C)", Id("CECILL-C")),
    ("DFSG approved", Nothing),
    ("Eiffel Forum License (EFL)", Family("EFL")),
    ("Free For Educational Use", Custom),
    ("Free For Home Use", Custom),
    ("Free To Use But Restricted", Custom),
    ("Free for non-commercial use", Custom),
    ("Freely Distributable", Custom),
    ("Freeware", Custom),
    ("GUST Font License 1.0", Custom),
    ("GUST Font License 2006-09-30", Custom),
    ("Netscape Public License (NPL)", Family("NPL")),
    ("Nokia Open Source License (NOKOS)", Id("Nokia")),
    ("OSI Approved", Nothing),
    ("Academic Free License (AFL)", Family("AFL")),
    ("Apache Software License", Family("Apache")),
    ("Apple Public Source License", Family("APSL")),
    ("Artistic License", Family("Artistic")),
    ("Attribution Assurance License", Id("AAL")),
    ("BSD License", Family("BSD")),
    ("Blue Oak Model License (BlueOak-1.0.0)", Id("BlueOak-1.0.0")),
    ("Boost Software License 1.0 (BSL-1.0)", Id("BSL-1.0")),
    ("CEA CNRS Inria Logiciel Libre License, version 2.1 (CeCILL-2.1)", Id("CECILL-2.1")),
    ("CMU License (MIT-CMU)", Id("MIT-CMU")),
    ("Common Development and Distribution License 1.0 (CDDL-1.0)", Id("CDDL-1.0")),
    ("Common Public License", Family("CPL")),
    ("Eclipse Public License 1.0 (EPL-1.0)", Id("EPL-1.0")),
    ("Eclipse Public License 2.0 (EPL-2.0)", Id("EPL-2.0")),
    ("Educational Community License, Version 2.0 (ECL-2.0)", Id("ECL-2.0")),
    ("Eiffel Forum License", Family("EFL")),
    ("European Union Public Licence 1.0 (EUPL 1.0)", Id("EUPL-1.0")),
    ("European Union Public Licence 1.1 (EUPL 1.1)", Id("EUPL-1.1")),
    ("European Union Public Licence 1.2 (EUPL 1.2)", Id("EUPL-1.2")),
    ("GNU Affero General Public License v3", Family("AGPL-3.0")),
    ("GNU Affero General Public License v3 or later (AGPLv3+)", Id("AGPL-3.0-or-later")),
    ("GNU Free Documentation License (FDL)", Family("GFDL")),
    ("GNU General Public License (GPL)", Family("GPL")),
    ("GNU General Public License v2 (GPLv2)", Family("GPL-2.0")),
    ("GNU General Public License v2 or later (GPLv2+)", Id("GPL-2.0-or-later")),
    ("GNU General Public License v3 (GPLv3)", Family("GPL-3.0")),
    ("GNU General Public License v3 or later (GPLv3+)", Id("GPL-3.0-or-later")),
    ("GNU Lesser General Public License v2 (LGPLv2)", Family("LGPL")),
    ("GNU Lesser General Public License v2 or later (LGPLv2+)", Family("LGPL")),
    ("GNU Lesser General Public License v3 (LGPLv3)", Family("LGPL-3.0")),
    ("GNU Lesser General Public License v3 or later (LGPLv3+)", Id("LGPL-3.0-or-later")),
    ("GNU Library or Lesser General Public License (LGPL)", Family("LGPL")),
    ("Historical Permission Notice and Disclaimer (HPND)", Id("HPND")),
    ("IBM Public License", Id("IPL-1.0")),
    ("ISC License (ISCL)", Id("ISC")),
    ("Intel Open Source License", Id("Intel")),
    ("Jabber Open Source License", Custom),
    ("MIT License", Id("MIT")),
    ("MIT No Attribution License (MIT-0)", Id("MIT-0")),
    ("MITRE Collaborative Virtual Workspace License (CVW)", Custom),
    ("MirOS License (MirOS)", Id("MirOS")),
    ("Motosoto License", Id("Motosoto")),
    ("Mozilla Public License 1.0 (MPL)", Id("MPL-1.0")),
    ("Mozilla Public License 1.1 (MPL 1.1)", Id("MPL-1.1")),
    ("Mozilla Public License 2.0 (MPL 2.0)", Id("MPL-2.0")),
    ("Mulan Permissive Software License v2 (MulanPSL-2.0)", Id("MulanPSL-2.0")),
    ("NASA Open Source Agreement v1.3 (NASA-1.3)", Id("NASA-1.3")),
    ("Nethack General Public License", Id("NGPL")),
    ("Nokia Open Source License", Id("Nokia")),
    ("Open Group Test Suite License", Id("OGTSL")),
    ("Open Software License 3.0 (OSL-3.0)", Id("OSL-3.0")),
    ("PostgreSQL License", Id("PostgreSQL")),
    ("Python License (CNRI Python License)", Id("CNRI-Python")),
    ("Python Software Foundation License", Id("PSF-2.0")),
    ("Qt Public License (QPL)", Id("QPL-1.0")),
    ("Ricoh Source Code Public License", Id("RSCPL")),
    ("SIL Open Font License 1.1 (OFL-1.1)", Id("OFL-1.1")),
    ("Sleepycat License", Id("Sleepycat")),
    ("Sun Industry Standards Source License (SISSL)", Family("SISSL")),
    ("Sun Public License", Id("SPL-1.0")),
    ("The Unlicense (Unlicense)", Id("Unlicense")),
    ("Universal Permissive License (UPL)", Id("UPL-1.0")),
    ("University of Illinois/NCSA Open Source License", Id("NCSA")),
    ("Vovida Software License 1.0", Id("VSL-1.0")),
    ("W3C License", Id("W3C")),
    ("X.Net License", Id("Xnet")),
    ("Zero-Clause BSD (0BSD)", Id("0BSD")),
    ("Zope Public License", Family("ZPL")),
    ("zlib/libpng License", Id("Zlib")),
    ("Other/Proprietary License", Proprietary),
    ("Public Domain", PublicDomain),
    ("Repoze Public License", Custom),
];

/// What a classifier says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Said {
    /// A licence, a family, or the lack of one.
    Known(Known),
    /// Nothing by itself: `OSI Approved`.
    Nothing,
    /// Terms of its own, by that name.
    Custom(&'static str),
}

/// What a classifier says, whole (`License :: OSI Approved :: MIT License`) or by its last part. `None`: it is not on the
/// list.
pub(super) fn read(classifier: &str) -> Option<Said> {
    let last = classifier.rsplit("::").next()?.trim();
    let (name, means) = CLASSIFIERS.iter().find(|(name, _)| name.eq_ignore_ascii_case(last))?;
    Some(match means {
        Id(id) => Said::Known(Known::Expression((*id).to_owned())),
        Family(family) => Said::Known(Known::Family((*family).to_owned())),
        Proprietary => Said::Known(Known::Proprietary),
        PublicDomain => Said::Known(Known::PublicDomain),
        Nothing => Said::Nothing,
        Custom => Said::Custom(name),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::expression::grammar;

    #[test]
    fn every_identifier_is_current() {
        for (name, means) in &CLASSIFIERS {
            if let Id(id) = means {
                let leaf = grammar::license(id).expect(name);
                assert_eq!(leaf.to_string(), *id, "{name}");
            }
        }
    }

    #[test]
    fn the_list_says_each_once() {
        let mut names: Vec<String> = CLASSIFIERS.iter().map(|(name, _)| name.to_lowercase()).collect();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), CLASSIFIERS.len());
    }

    #[test]
    fn whole_or_by_the_last_part() {
        let mit = Some(Said::Known(Known::Expression("MIT".to_owned())));
        assert_eq!(read("License :: OSI Approved :: MIT License"), mit);
        assert_eq!(read("MIT License"), mit);
        assert_eq!(read("License :: OSI Approved"), Some(Said::Nothing));
        assert_eq!(read("License :: Mine"), None);
    }
}
