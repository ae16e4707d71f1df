//! Strings as packages write them, and what each is.

use super::*;

fn said(ecosystem: Ecosystem, text: &str) -> String {
    match read_literal(ecosystem, text) {
        Ok(value) => normalize(ecosystem, &value).to_string(),
        Err(why) => format!("ERROR {why}"),
    }
}

fn all(ecosystem: Ecosystem, rows: &[(&str, &str)]) {
    let wrong: Vec<String> = rows
        .iter()
        .map(|(text, expected)| (text, expected, said(ecosystem, text)))
        .filter(|(_, expected, actual)| *expected != actual)
        .map(|(text, expected, actual)| format!("{text:?}: {actual} instead of {expected}"))
        .collect();
    assert!(wrong.is_empty(), "{ecosystem}\n{}", wrong.join("\n"));
}

#[test]
fn a_name_with_control_characters_is_nobody_s() {
    for ecosystem in [Ecosystem::Npm, Ecosystem::Composer, Ecosystem::Pip, Ecosystem::Cargo, Ecosystem::Maven] {
        for text in
            ["MIT\0", "\u{7}MIT", "MIT\u{1b}[0m", "M\u{8}IT", "MIT \0 OR Apache-2.0", "GPL\0", "Public Domain\0"]
        {
            assert_eq!(
                normalize(ecosystem, &Value::One(text.to_owned())).to_string(),
                "LicenseRef-unreadable",
                "{text:?}"
            );
        }
        for text in ["MIT\n", "\tMIT\r\n", "MIT\u{85}"] {
            assert_eq!(normalize(ecosystem, &Value::One(text.to_owned())).to_string(), "MIT", "{text:?}");
        }
    }
    let choice = Value::Many(vec!["MIT".to_owned(), "MIT\0".to_owned()]);
    assert_eq!(normalize(Ecosystem::Npm, &choice).to_string(), "MIT OR LicenseRef-unreadable");
    let address = Value::Url("https://opensource.org/licenses/MIT\0".to_owned());
    assert_eq!(normalize(Ecosystem::NuGet, &address).to_string(), "LicenseRef-unreadable");
    let classifier = Value::Classifiers(vec!["License :: OSI Approved :: MIT License\0".to_owned()]);
    assert_eq!(normalize(Ecosystem::Pip, &classifier).to_string(), "LicenseRef-unreadable");
}

#[test]
fn npm() {
    all(
        Ecosystem::Npm,
        &[
            ("MIT", "MIT"),
            ("mit", "MIT"),
            ("(BSD-3-Clause OR GPL-2.0)", "BSD-3-Clause OR GPL-2.0-only"),
            ("(MIT OR GPL-3.0-or-later)", "MIT OR GPL-3.0-or-later"),
            ("(MIT AND Zlib)", "MIT AND Zlib"),
            ("(WTFPL OR MIT)", "WTFPL OR MIT"),
            ("Apache-2.0 AND LGPL-3.0-or-later AND MIT", "Apache-2.0 AND LGPL-3.0-or-later AND MIT"),
            ("[{\"type\": \"MIT\", \"url\": \"...\"}]", "MIT"),
            ("{\"type\": \"MIT\"}", "MIT"),
            ("{\"type\": \"MIT\", \"url\": \"https://example.org/LICENSE\"}", "MIT"),
            ("{\"type\": \"BSD\", \"url\": \"http://opensource.org/licenses/BSD-3-Clause\"}", "BSD-3-Clause"),
            ("{\"type\": \"BSD\", \"url\": \"https://example.org/LICENSE\"}", "AMBIGUOUS:BSD"),
            ("{\"url\": \"https://opensource.org/licenses/MIT\"}", "MIT"),
            ("[{\"type\": \"MIT\"}, {\"type\": \"GPL-2.0\"}]", "MIT OR GPL-2.0-only"),
            ("[\"MIT\", \"Apache2\"]", "MIT OR Apache-2.0"),
            ("[\"MIT\", \"MIT\"]", "MIT"),
            ("[\"MIT\", \"BSD\"]", "AMBIGUOUS:BSD"),
            ("[\"GPL\", \"BSD\"]", "AMBIGUOUS:dual"),
            ("[]", "NONE"),
            ("SEE LICENSE IN LICENSE.md", "FILE:LICENSE.md"),
            ("SEE LICENSE IN LICENSE.txt", "FILE:LICENSE.txt"),
            ("see license in ./docs/TERMS", "FILE:docs/TERMS"),
            ("SEE LICENSE IN <LICENSE>", "FILE:LICENSE"),
            ("SEE LICENSE IN README.md", "FILE:README.md"),
            ("SEE LICENCE IN LICENCE", "FILE:LICENCE"),
            ("See LICENSE file", "FILE:LICENSE"),
            ("see the LICENSE file", "FILE:LICENSE"),
            ("LICENSE.md", "FILE:LICENSE.md"),
            ("SEE LICENSE IN https://example.org/eula", "LicenseRef-url"),
            ("https://www.highcharts.com/license", "LicenseRef-url"),
            ("http://opensource.org/licenses/MIT", "MIT"),
            ("MIT (https://opensource.org/licenses/MIT)", "MIT"),
            ("[MIT](https://github.com/a/b/blob/master/LICENSE)", "MIT"),
            ("MIT, https://opensource.org/licenses/ISC", "AMBIGUOUS:dual"),
            ("Public Domain", "LicenseRef-public-domain"),
            ("public domain", "LicenseRef-public-domain"),
            ("UNLICENSED", "LicenseRef-proprietary"),
            ("unlicensed", "LicenseRef-proprietary"),
            ("Unlicense", "Unlicense"),
            ("UNLICENSE", "Unlicense"),
            ("The Unlicense", "Unlicense"),
            ("(none)", "NONE"),
            ("", "NONE"),
            ("none", "NONE"),
            ("BSD", "AMBIGUOUS:BSD"),
            ("Apache", "AMBIGUOUS:Apache"),
            ("Apache 2", "Apache-2.0"),
            ("Apache2", "Apache-2.0"),
            ("Apache License, Version 2.0", "Apache-2.0"),
            ("MIT License", "MIT"),
            ("MIT/X11", "AMBIGUOUS:MIT"),
            ("MIT/Apache-2.0", "AMBIGUOUS:dual"),
            ("MIT*", "AMBIGUOUS:MIT"),
            ("()", "NONE"),
            ("SEE LICENSE FILE", "FILE:LICENSE"),
            ("{\"type\": \"MIT\", \"url\": \"https://opensource.org/licenses/Apache-2.0\"}", "AMBIGUOUS:dual"),
            ("MIT or GPL-2.0", "MIT OR GPL-2.0-only"),
            ("MIT, BSD", "AMBIGUOUS:dual"),
            ("GPL-2.0", "GPL-2.0-only"),
            ("GPL-2.0+", "GPL-2.0-or-later"),
            ("GPLv3", "AMBIGUOUS:GPL-3.0"),
            ("LGPL-2.1", "LGPL-2.1-only"),
            ("AGPL-3.0", "AGPL-3.0-only"),
            ("Apache-2.0+", "Apache-2.0+"),
            ("LicenseRef-LICENSE", "LicenseRef-LICENSE"),
            ("DocumentRef-spdx-tool-1.2:LicenseRef-MIT-Style-2", "DocumentRef-spdx-tool-1.2:LicenseRef-MIT-Style-2"),
            ("GPL-2.0-with-classpath-exception", "GPL-2.0-only WITH Classpath-exception-2.0"),
            ("WTFPL-2.0", "WTFPL"),
            ("CC0", "CC0-1.0"),
            ("CC-BY", "AMBIGUOUS:CC-BY"),
            ("My Own License", "LicenseRef-My-Own-License"),
            ("Apache 2.0 with Commons Clause", "LicenseRef-Apache-2.0-with-Commons-Clause"),
            ("Commercial", "LicenseRef-proprietary"),
            ("ISC License", "ISC"),
            ("BlueOak-1.0.0", "BlueOak-1.0.0"),
            ("0BSD", "0BSD"),
            ("Python-2.0", "Python-2.0"),
            ("BSD-like", "AMBIGUOUS:BSD"),
            ("LGPL", "AMBIGUOUS:LGPL"),
            ("Artistic", "AMBIGUOUS:Artistic"),
            ("MPL", "AMBIGUOUS:MPL"),
        ],
    );
}

#[test]
fn composer() {
    all(
        Ecosystem::Composer,
        &[
            ("MIT", "MIT"),
            ("[\"BSD-3-Clause\", \"GPL-2.0-only\", \"GPL-3.0-only\"]", "BSD-3-Clause OR GPL-2.0-only OR GPL-3.0-only"),
            ("[\"MIT\", \"GPL-2.0-or-later\"]", "MIT OR GPL-2.0-or-later"),
            ("[\"MIT OR Apache-2.0\"]", "MIT OR Apache-2.0"),
            ("[\"(MIT and BSD-3-Clause) or Apache-2.0\", \"ISC\"]", "MIT AND BSD-3-Clause OR Apache-2.0 OR ISC"),
            ("[\"LGPL-3.0\"]", "LGPL-3.0-only"),
            ("[\"LGPL-2.1\"]", "LGPL-2.1-only"),
            ("[\"LGPL-2.1-or-later\", \"LGPL-2.1-or-later\"]", "LGPL-2.1-or-later"),
            ("proprietary", "LicenseRef-proprietary"),
            ("[\"proprietary\"]", "LicenseRef-proprietary"),
            ("[\"MIT\", \"proprietary\"]", "MIT OR LicenseRef-proprietary"),
            ("(LGPL-2.1-only or GPL-3.0-or-later)", "LGPL-2.1-only OR GPL-3.0-or-later"),
            ("[\"GPL-2.0+\"]", "GPL-2.0-or-later"),
            ("[\"\"]", "NONE"),
            ("[]", "NONE"),
            ("PHP-3.01", "PHP-3.01"),
            ("PHP License", "AMBIGUOUS:PHP"),
            ("Apache License 2.0", "Apache-2.0"),
        ],
    );
}

#[test]
fn pip() {
    all(
        Ecosystem::Pip,
        &[
            ("MIT", "MIT"),
            ("BSD", "AMBIGUOUS:BSD"),
            ("New BSD", "BSD-3-Clause"),
            ("LGPL", "AMBIGUOUS:LGPL"),
            ("LGPL with exceptions", "AMBIGUOUS:LGPL"),
            ("GPL", "AMBIGUOUS:GPL"),
            ("GPLv3+", "GPL-3.0-or-later"),
            ("GPLv2+", "GPL-2.0-or-later"),
            ("GNU GPL 3", "AMBIGUOUS:GPL-3.0"),
            ("GNU GPL v3 or later", "GPL-3.0-or-later"),
            ("Apache 2.0", "Apache-2.0"),
            ("Apache License 2.0", "Apache-2.0"),
            ("Apache-2.0 license", "Apache-2.0"),
            ("Apache Software License", "AMBIGUOUS:Apache"),
            ("Apache Software License 2.0", "Apache-2.0"),
            ("BSD License", "AMBIGUOUS:BSD"),
            ("Python Software Foundation License", "PSF-2.0"),
            ("PSF", "PSF-2.0"),
            ("ISC License (ISCL)", "ISC"),
            ("Mozilla Public License 2.0 (MPL 2.0)", "MPL-2.0"),
            ("MPL-2.0", "MPL-2.0"),
            ("MPL 2.0", "MPL-2.0"),
            ("MPLv2.0", "MPL-2.0"),
            ("Expat license", "MIT"),
            ("The MIT License (MIT)", "MIT"),
            ("MIT license", "MIT"),
            ("MIT Licence", "MIT"),
            ("Artistic License", "AMBIGUOUS:Artistic"),
            ("Dual License", "AMBIGUOUS:dual"),
            ("MIT-CMU", "MIT-CMU"),
            ("MPL-2.0 AND MIT", "MPL-2.0 AND MIT"),
            ("mit and mpl-2.0", "MIT AND MPL-2.0"),
            ("Apache-2.0 OR BSD-3-Clause", "Apache-2.0 OR BSD-3-Clause"),
            ("MIT License or Apache License 2.0", "MIT OR Apache-2.0"),
            ("MIT License and Apache License 2.0", "AMBIGUOUS:dual"),
            ("MIT, Apache 2.0", "AMBIGUOUS:dual"),
            ("MIT; BSD", "AMBIGUOUS:dual"),
            ("BSD & MIT", "AMBIGUOUS:dual"),
            ("BSD or Apache License, Version 2.0", "AMBIGUOUS:BSD"),
            ("BSD, see LICENSE", "AMBIGUOUS:BSD"),
            ("MIT (see LICENSE)", "MIT"),
            ("MIT, see the LICENSE file for details", "MIT"),
            ("Your choice of MIT or Apache License 2.0", "MIT OR Apache-2.0"),
            ("file: LICENSE", "FILE:LICENSE"),
            ("BSD 3-Clause License", "BSD-3-Clause"),
            ("BSD 3-Clause", "BSD-3-Clause"),
            ("3-Clause BSD License", "BSD-3-Clause"),
            ("BSD-3", "BSD-3-Clause"),
            ("BSD (3-clause)", "BSD-3-Clause"),
            ("Modified BSD License", "BSD-3-Clause"),
            ("Simplified BSD", "BSD-2-Clause"),
            ("BSD 2-Clause", "BSD-2-Clause"),
            ("ZPL 2.1", "ZPL-2.1"),
            ("ZPL", "AMBIGUOUS:ZPL"),
            ("LGPLv3+", "LGPL-3.0-or-later"),
            ("LGPLv3", "AMBIGUOUS:LGPL-3.0"),
            ("LGPL-2.1-or-later", "LGPL-2.1-or-later"),
            ("GNU LGPL", "AMBIGUOUS:LGPL"),
            ("UNKNOWN", "NONE"),
            ("Public Domain", "LicenseRef-public-domain"),
            ("License :: OSI Approved :: MIT License", "MIT"),
            ("License :: OSI Approved :: BSD License", "AMBIGUOUS:BSD"),
            ("License :: Other/Proprietary License", "LicenseRef-proprietary"),
            ("Other/Proprietary License", "LicenseRef-proprietary"),
            ("[\"BSD License\", \"Apache Software License\"]", "AMBIGUOUS:dual"),
            ("[\"MIT License\", \"Mozilla Public License 2.0 (MPL 2.0)\"]", "AMBIGUOUS:dual"),
            ("[\"License :: OSI Approved\", \"License :: OSI Approved :: MIT License\"]", "MIT"),
            (
                "[\"GNU General Public License (GPL)\", \"GNU General Public License v2 or later (GPLv2+)\"]",
                "GPL-2.0-or-later",
            ),
            (
                "[\"Artistic License\", \"GNU General Public License (GPL)\", \"GNU General Public License v2 or later (GPLv2+)\"]",
                "AMBIGUOUS:dual",
            ),
            ("[\"zlib/libpng License\"]", "Zlib"),
            ("zlib/libpng License", "Zlib"),
            ("Copyright (c) 2015, matplotlib project", "LicenseRef-text"),
            ("https://opensource.org/licenses/MIT", "MIT"),
            ("Apache Software License (http://www.apache.org/licenses/LICENSE-2.0)", "Apache-2.0"),
            ("Free for non-commercial use", "LicenseRef-Free-for-non-commercial-use"),
            ("LICENSE.txt", "FILE:LICENSE.txt"),
            ("GPLv2-or-later with a special exception which allows to use it to build things", "AMBIGUOUS:GPL"),
            ("Permission is hereby granted, free of charge\nto any person", "LicenseRef-text"),
        ],
    );
}

#[test]
fn cargo() {
    all(
        Ecosystem::Cargo,
        &[
            ("MIT/Apache-2.0", "MIT OR Apache-2.0"),
            ("Apache-2.0 / MIT", "Apache-2.0 OR MIT"),
            ("Apache-2.0 / MIT / MPL-2.0", "Apache-2.0 OR MIT OR MPL-2.0"),
            ("MIT/X11", "MIT OR X11"),
            ("(MIT OR Apache-2.0) AND NCSA", "(MIT OR Apache-2.0) AND NCSA"),
            ("Apache-2.0 WITH LLVM-exception", "Apache-2.0 WITH LLVM-exception"),
            (
                "Apache-2.0 WITH LLVM-exception OR Apache-2.0 OR MIT",
                "Apache-2.0 WITH LLVM-exception OR Apache-2.0 OR MIT",
            ),
            ("GPL-3.0", "GPL-3.0-only"),
            ("Unlicense/MIT", "Unlicense OR MIT"),
            ("ISC AND (Apache-2.0 OR ISC)", "ISC AND (Apache-2.0 OR ISC)"),
            ("LGPL-3.0+", "LGPL-3.0-or-later"),
            ("non-standard", "LicenseRef-non-standard"),
            ("MIT OR Apache-2.0 OR NOASSERTION", "AMBIGUOUS:dual"),
        ],
    );
}

#[test]
fn maven() {
    all(
        Ecosystem::Maven,
        &[
            ("The Apache Software License, Version 2.0", "Apache-2.0"),
            ("The Apache Software License,\n      Version 2.0", "Apache-2.0"),
            ("Apache License, Version 2.0", "Apache-2.0"),
            ("Apache License Version 2.0", "Apache-2.0"),
            ("Apache 2.0", "Apache-2.0"),
            ("Apache-2.0", "Apache-2.0"),
            ("The Apache License, Version 2.0", "Apache-2.0"),
            ("ASL, version 2", "Apache-2.0"),
            ("Eclipse Public License - v 2.0", "EPL-2.0"),
            ("Eclipse Public License - v 1.0", "EPL-1.0"),
            ("Eclipse Public License v2.0", "EPL-2.0"),
            ("Eclipse Public License, Version 1.0", "EPL-1.0"),
            ("Eclipse Public License", "AMBIGUOUS:EPL"),
            ("EPL 2.0", "EPL-2.0"),
            ("Eclipse Distribution License - v 1.0", "BSD-3-Clause"),
            ("EDL 1.0", "BSD-3-Clause"),
            (
                "GNU General Public License, version 2 with the GNU Classpath Exception",
                "GPL-2.0-only WITH Classpath-exception-2.0",
            ),
            ("GPL2 w/ CPE", "GPL-2.0-only WITH Classpath-exception-2.0"),
            ("GNU General Public License, version 2", "AMBIGUOUS:GPL-2.0"),
            ("GNU Lesser General Public License", "AMBIGUOUS:LGPL"),
            ("GNU Lesser General Public License, Version 2.1", "AMBIGUOUS:LGPL-2.1"),
            ("GNU Lesser General Public License v2.1 or later", "LGPL-2.1-or-later"),
            ("LGPL-2.1-or-later", "LGPL-2.1-or-later"),
            ("Bouncy Castle Licence", "MIT"),
            ("Public Domain, per Creative Commons CC0", "CC0-1.0"),
            ("CC0 1.0 Universal", "CC0-1.0"),
            ("Public Domain", "LicenseRef-public-domain"),
            ("The MIT License", "MIT"),
            ("MIT License", "MIT"),
            ("The MIT License (MIT)", "MIT"),
            ("BSD License 3", "BSD-3-Clause"),
            ("BSD-3-Clause", "BSD-3-Clause"),
            ("The BSD License", "AMBIGUOUS:BSD"),
            ("BSD", "AMBIGUOUS:BSD"),
            ("New BSD License", "BSD-3-Clause"),
            ("The 3-Clause BSD License", "BSD-3-Clause"),
            ("Revised BSD", "BSD-3-Clause"),
            ("CDDL + GPLv2 with classpath exception", "AMBIGUOUS:dual"),
            ("CDDL/GPLv2+CE", "AMBIGUOUS:dual"),
            ("COMMON DEVELOPMENT AND DISTRIBUTION LICENSE (CDDL) Version 1.0", "CDDL-1.0"),
            ("CDDL 1.1", "CDDL-1.1"),
            ("CDDL", "AMBIGUOUS:CDDL"),
            ("Mozilla Public License Version 2.0", "MPL-2.0"),
            ("MPL 1.1", "MPL-1.1"),
            ("Mozilla Public License, Version 2.0", "MPL-2.0"),
            ("Common Public License Version 1.0", "CPL-1.0"),
            ("Universal Permissive License, Version 1.0", "UPL-1.0"),
            ("[\"EPL 2.0\", \"GPL2 w/ CPE\"]", "EPL-2.0 OR GPL-2.0-only WITH Classpath-exception-2.0"),
            ("MPL 2.0 or EPL 1.0", "MPL-2.0 OR EPL-1.0"),
            ("{\"name\":\"BSD\",\"url\":\"https://opensource.org/licenses/BSD-2-Clause\"}", "BSD-2-Clause"),
            ("{\"name\":\"LGPL\",\"url\":\"http://www.gnu.org/licenses/lgpl-2.1.html\"}", "AMBIGUOUS:LGPL-2.1"),
            ("{\"name\":\"Apache License\",\"url\":\"https://www.apache.org/licenses/LICENSE-2.0.txt\"}", "Apache-2.0"),
            ("{\"url\":\"https://www.apache.org/licenses/LICENSE-2.0.txt\"}", "Apache-2.0"),
            ("Go License", "LicenseRef-Go-License"),
        ],
    );
}

#[test]
fn nuget_and_gem() {
    all(
        Ecosystem::NuGet,
        &[
            ("https://licenses.nuget.org/MIT", "MIT"),
            ("https://licenses.nuget.org/Apache-2.0%20OR%20MIT", "Apache-2.0 OR MIT"),
            ("https://opensource.org/licenses/MIT", "MIT"),
            ("http://www.apache.org/licenses/LICENSE-2.0", "Apache-2.0"),
            ("http://go.microsoft.com/fwlink/?LinkId=329770", "LicenseRef-url"),
            ("https://github.com/dotnet/runtime/blob/main/LICENSE.TXT", "LicenseRef-url"),
            ("https://raw.githubusercontent.com/a/b/master/LICENSE", "LicenseRef-url"),
            ("https://aka.ms/deprecateLicenseUrl", "LicenseRef-url"),
            ("MIT", "MIT"),
            ("MS-PL", "MS-PL"),
        ],
    );
    all(
        Ecosystem::Gem,
        &[
            ("MIT", "MIT"),
            ("[\"MIT\"]", "MIT"),
            ("[\"Ruby\", \"BSD-2-Clause\"]", "AMBIGUOUS:dual"),
            ("[\"MIT\", \"MIT\"]", "MIT"),
            ("Ruby", "Ruby"),
            ("Ruby's", "AMBIGUOUS:Ruby"),
            ("Apache License (2.0)", "Apache-2.0"),
            ("Apache License Version 2.0", "Apache-2.0"),
            ("GPL-2", "AMBIGUOUS:GPL-2.0"),
            ("2-clause BSDL", "BSD-2-Clause"),
            ("BSD-2-Clause", "BSD-2-Clause"),
            ("Nonstandard", "LicenseRef-Nonstandard"),
            ("[]", "NONE"),
        ],
    );
}

#[test]
fn long_text_is_text() {
    let long = "Redistribution and use are permitted ".repeat(10);
    assert_eq!(said(Ecosystem::Pip, &long), "LicenseRef-text");
    let long_expression = ["MIT"; 100].join(" OR ");
    assert!(matches!(normalize(Ecosystem::Npm, &Value::One(long_expression)), Normalized::Expression(_)));
    assert_eq!(normalize(Ecosystem::Pip, &Value::File("COPYING".to_owned())).to_string(), "FILE:COPYING");
}

#[test]
fn every_current_identifier_is_itself_in_any_case() {
    for license in spdx::identifiers::LICENSES {
        let Some(id) = spdx::license_id(license.name).filter(|id| id.name == license.name) else { continue };
        if id.is_deprecated() || id.name == "NOASSERTION" {
            continue;
        }
        for text in [id.name.to_owned(), id.name.to_lowercase(), id.name.to_uppercase()] {
            for ecosystem in [Ecosystem::Npm, Ecosystem::Cargo, Ecosystem::Pip, Ecosystem::Maven] {
                assert_eq!(said(ecosystem, &text), id.name, "{text}");
            }
        }
    }
}

#[test]
fn every_full_name_is_its_licence_or_open() {
    for license in spdx::identifiers::LICENSES {
        let Some(id) = spdx::license_id(license.name).filter(|id| id.name == license.name) else { continue };
        if id.is_deprecated() || id.name == "NOASSERTION" {
            continue;
        }
        match normalize(Ecosystem::Maven, &Value::One(license.full_name.to_owned())) {
            Normalized::Expression(found) => assert_eq!(found, id.name, "{}", license.full_name),
            Normalized::Ambiguous { family } => assert!(
                family == "dual" || settles(&family, id.name),
                "{} is {family}, and {} is not of it",
                license.full_name,
                id.name
            ),
            Normalized::Custom(_) | Normalized::Url(_) => {}
            other => panic!("{}: {other:?}", license.full_name),
        }
    }
}

proptest::proptest! {
    #[test]
    fn any_string_has_one_line(text in proptest::prelude::any::<String>(), which in 0_usize..8) {
        let ecosystem = [
            Ecosystem::Composer, Ecosystem::Npm, Ecosystem::Pip, Ecosystem::Cargo, Ecosystem::Go, Ecosystem::Gem,
            Ecosystem::Maven, Ecosystem::NuGet,
        ][which];
        let line = said(ecosystem, &text);
        proptest::prop_assert!(!line.is_empty() && !line.contains('\n'));
    }

    /// What is an expression already is so in every ecosystem, and is its own normal form.
    #[test]
    fn normal_form_is_stable(
        words in proptest::collection::vec(
            proptest::sample::select(vec![
                "MIT", "GPLv2+", "BSD", "or", "and", ",", "/", "(", ")", "Apache", "2.0", "License", "Version", "later", "+",
                "LGPL", "with", "https://opensource.org/licenses/MIT", "3", "Clause", "Public Domain", "UNLICENSED", "see",
            ]),
            0..8,
        )
    ) {
        for ecosystem in [Ecosystem::Npm, Ecosystem::Pip, Ecosystem::Cargo] {
            if let Normalized::Expression(text) = normalize(ecosystem, &Value::One(words.join(" "))) {
                let again = normalize(ecosystem, &Value::One(text.clone()));
                proptest::prop_assert_eq!(again, Normalized::Expression(text));
            }
        }
    }
}

#[test]
fn parentheses_that_do_not_match_leave_open_what_belongs_together() {
    let meaning = |text: &str| normalize(Ecosystem::Npm, &Value::One(text.to_owned())).to_string();
    assert_eq!(meaning("(MIT OR Apache-2.0 AND GPL-3.0-only"), "AMBIGUOUS:dual");
    assert_eq!(meaning("MIT) OR (GPL-3.0-only"), "AMBIGUOUS:dual");
    assert_eq!(meaning("(MIT"), "MIT");
    assert_eq!(meaning("(MIT OR Apache-2.0) AND NCSA"), "(MIT OR Apache-2.0) AND NCSA");
}
