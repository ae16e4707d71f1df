use crate::plan::text::{Claims, How, Identified, Identifier};
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::sync::LazyLock;

static IDENTIFIER: LazyLock<Identifier> = LazyLock::new(Identifier::new);

/// A text of SPDX's list by its id.
fn text(id: &str) -> &'static str {
    spdx::text::LICENSE_TEXTS.iter().find(|(name, _)| *name == id).expect("a text of that id").1
}

fn identify(text: &str) -> Identified {
    IDENTIFIER.identify(text.as_bytes())
}

/// The GPL's text without its appendix on how to apply it.
fn gpl2() -> &'static str {
    text("GPL-2.0-only").split("How to Apply").next().expect("a text").trim_end()
}

/// What prose says of a text that is no known one as a whole.
fn says(text: &str) -> Option<String> {
    let found = identify(text);
    assert_eq!(found.expression, None, "prose is asked only where the text is no known one: {text}");
    found.prose.map(|prose| prose.expression)
}

const GPL2: &str = "the GNU General Public License\nas published by the Free Software Foundation; either version 2 of the \
    License, or (at\nyour option) any later version";
const APACHE_NOTICE: &str = "Copyright 2020 Example\n\n   Licensed under the Apache License, Version 2.0 (the \"License\");\n   you \
    may not use this file except in compliance with the License.\n   You may obtain a copy of the License at\n\n       \
    http://www.apache.org/licenses/LICENSE-2.0\n\n   Unless required by applicable law or agreed to in writing, software\n   \
    distributed under the License is distributed on an \"AS IS\" BASIS,\n   WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, \
    either express or implied.\n   See the License for the specific language governing permissions and\n   limitations \
    under the License.\n";

#[test]
fn a_licence_for_each_part_of_the_work() {
    let (mit, apache, bsd) = (text("MIT"), text("Apache-2.0"), text("BSD-3-Clause"));
    for (words, expected) in [
        (
            format!(
                "This tool was made from the grep of another, licensed under the ISC License.\n\nAll else is licensed \
                     under the Apache 2.0 License.\n\n{apache}"
            ),
            "Apache-2.0 AND ISC",
        ),
        (
            format!(
                "{APACHE_NOTICE}\nThe above license applies to all files written after 2020.\n-----\n\n{bsd}\n\nThe above \
                     BSD license applies to all code, even that also covered by Apache 2.0.\n"
            ),
            "Apache-2.0 AND BSD-3-Clause",
        ),
        (
            format!(
                "Plug-ins: license details\n==========\n\nThis is made available under the terms of the licenses found \
                     below.\n\nPlug-ins\n--------\n\nThe plug-ins are licensed under the terms of {GPL2} (SPDX \
                     GPL-2.0-or-later). These are all files except start files (see below).\n\nStart files\n-----\n\nThese \
                     files are licensed under the Apache-2.0 whose terms are found in the section titled *Apache License \
                     2.0*.\n\nGNU General Public License\n-----\n\n{}\n\nApache License 2.0\n-----\n\n{apache}",
                gpl2()
            ),
            "Apache-2.0 AND GPL-2.0-or-later",
        ),
        (
            format!(
                "The icons are licensed under the CC BY 4.0.\n\nThe code is licensed under the MIT license, as follows:\n\n{mit}"
            ),
            "CC-BY-4.0 AND MIT",
        ),
    ] {
        assert_eq!(says(&words).as_deref(), Some(expected), "{words}");
    }
}

#[test]
fn where_the_licences_stand_is_told() {
    let words = format!("All icons are licensed under the CC BY 4.0.\n\n{}", text("MIT"));
    let prose = identify(&words).prose.expect("prose");
    assert!(prose.places.starts_with("CC-BY-4.0 by line 1, MIT in lines 7-"), "{}", prose.places);
}

#[test]
fn words_that_deny_limit_or_leave_a_choice_leave_it_open() {
    let mit = text("MIT");
    for sentence in [
        "The icons are not licensed under the ISC license.",
        "The icons are licensed under the ISC license, except the logo.",
        "The icons are licensed under the ISC license for private use.",
        "The icons are licensed under the ISC license or a license of your choice.",
        "The icons are either licensed under the ISC license or bought.",
        "Unless you are a company, the icons are licensed under the ISC license.",
        "The icons are licensed under the ISC license if you have paid.",
        "The icons are licensed under the Example Shop License.",
        "Portions are licensed under terms of their own.",
        "The icons are dual licensed under the ISC license.",
        "The icons are licensed under the ISC license. Selling them is unlawful.",
        "The icons are licensed under the ISC license. Use in weapons is excluded.",
        "The icons are licensed under the ISC license. The fonts come with the GPL.",
        "These are all files except fonts (see below). The icons are licensed under the ISC license.",
        "The icons are licensed under the GNU General Public License.",
        "The icons are licensed under the GNU General Public License version 2.",
        "The icons are licensed under the ISC license. The above license applies to all files but those of others.",
        // A title that names a licence which nothing is put under.
        "The icons are licensed under the ISC license.\n\nApache License\n------",
        // Nothing says how both belong together.
        "Icons: ISC.",
    ] {
        let words = format!("{sentence}\n\n{mit}");
        assert_eq!(identify(&words).prose, None, "{sentence}");
    }
}

#[test]
fn two_texts_without_a_word_between_them_are_open() {
    for (one, other) in [("MIT", "Apache-2.0"), ("BSD-3-Clause", "Apache-2.0")] {
        assert_eq!(says(&format!("{}\n\n-----\n\n{}", text(one), text(other))), None);
    }
}

#[test]
fn a_gnu_text_that_nobody_puts_a_work_under_is_open() {
    let words = format!("The icons are licensed under the ISC license.\n\n{}", gpl2());
    assert_eq!(says(&words), None);
}

const NOTICE: &str = "thing is free software: you can redistribute it and/or modify it\nunder the terms of the GNU Lesser General \
    Public License as published\nby the Free Software Foundation, either version 3 of the License, or\n(at your option) any \
    later version.\n\nthing is distributed in the hope that it will be useful, but WITHOUT\nANY WARRANTY; without even the \
    implied warranty of MERCHANTABILITY or\nFITNESS FOR A PARTICULAR PURPOSE.  See the GNU Lesser General Public\nLicense for \
    more details.\n";
const OPENSSL: &str = "In addition, as a special exception, the copyright holders give permission\nto link this program with the \
    OpenSSL library (or with modified versions of\nOpenSSL that use the same license as OpenSSL), and distribute linked\n\
    combinations including the two.\n\nYou must obey the GNU Lesser General Public License in all respects for all\nof the code \
    used other than OpenSSL.\n";

#[test]
fn a_further_permission_is_left_out() {
    let alternative = format!(
        "Alternative licenses\n-----\n\nThe following BSD-like license applies (at your option) to the files following\nthe \
         pattern ``src/adapter*.c``:\n\n{}",
        text("Zlib").split_once("\n\n").expect("a title").1.split_once("\n\n").map_or("", |(_, rest)| rest)
    );
    assert_eq!(says(&format!("{NOTICE}\n{OPENSSL}")).as_deref(), Some("LGPL-3.0-or-later"));
    // What it says of itself is not what it is alone: the notice holds for all files.
    let both = identify(&format!("{NOTICE}\n{alternative}"));
    assert_eq!(both.prose.map(|prose| prose.expression).as_deref(), Some("LGPL-3.0-or-later"), "{alternative}");
}

#[test]
fn an_exception_in_other_words_is_open() {
    for (from, to) in [
        ("give permission", "give no permission"),
        ("the two.", "the two to customers."),
        ("OpenSSL library", "OpenSSL library or any shop"),
        ("In addition, as", "As"),
    ] {
        let words = format!("{NOTICE}\n{}", OPENSSL.replace(from, to));
        assert_ne!(words, format!("{NOTICE}\n{OPENSSL}"), "{from}");
        assert_eq!(identify(&words).prose, None, "{from}");
    }
    let words = format!("{}\n{OPENSSL}", NOTICE.replace("any later version", "any version that we approve"));
    assert_eq!(identify(&words).prose, None);
}

#[test]
fn a_choice_in_words() {
    let artistic = text("Artistic-1.0-Perl");
    let offer = "thing is free software; you can redistribute it\nand/or modify it under the terms of either:\n\n";
    for (list, expected) in [
        (
            "* GPL or GPLv2+ (see https://example.org/gpl), or\n* Artistic License - see below:\n",
            Some("Artistic-1.0-Perl OR GPL-2.0-or-later"),
        ),
        ("* the GPLv3+, or\n* the Artistic License\n", Some("Artistic-1.0-Perl OR GPL-3.0-or-later")),
        ("* the MIT license, or\n* the Artistic License\n", Some("Artistic-1.0-Perl OR MIT")),
        // Which GPL?
        ("* the GPL, or\n* the Artistic License\n", None),
        ("* the GPLv2, or\n* the Artistic License\n", None),
        ("* the Shop License, or\n* the Artistic License\n", None),
        ("* the MIT license (for members), or\n* the Artistic License\n", None),
        ("* the MIT license without its notice, or\n* the Artistic License\n", None),
        ("* the Artistic License\n", None),
        ("* the MIT license, or\n* the BSD 3-Clause license\n", None),
    ] {
        assert_eq!(says(&format!("{offer}{list}\n\n{artistic}")).as_deref(), expected, "{list}");
    }
    let denied = offer.replace("you can", "members can");
    assert_eq!(says(&format!("{denied}* the MIT license, or\n* the Artistic License\n\n{artistic}")), None);
    let behind =
        format!("{offer}* the MIT license, or\n* the Artistic License\n\n{artistic}\n\nNo fonts may be sold.\n");
    assert_eq!(says(&behind), None);
}

fn claims(head: &str) -> Claims {
    IDENTIFIER.claims(head)
}

#[test]
fn what_heads_claim() {
    let lesser = "This file is part of thing.\n\nThing is free software; you can redistribute it and/or modify it under the\nterms \
        of the GNU Lesser General Public License as published by the Free\nSoftware Foundation; either version 2.1 of the \
        License, or (at your option)\nany later version.\n\nThing is distributed in the hope that it will be useful, but WITHOUT \
        ANY\nWARRANTY; without even the implied warranty of MERCHANTABILITY or FITNESS FOR\nA PARTICULAR PURPOSE.  See the GNU \
        Lesser General Public License for more\ndetails.\n\nYou should have received a copy of the GNU Lesser General Public \
        License\nalong with Thing; if not, write to the Free Software Foundation, Inc.,\n51 Franklin Street, Fifth Floor, \
        Boston, MA  02110-1301 USA.\n";
    let bsd = format!("thing.py: things\n\n{}\n----\n", text("BSD-3-Clause"));
    for (head, ids) in [
        (lesser, vec!["LGPL-2.1-or-later"]),
        (bsd.as_str(), vec!["BSD-3-Clause"]),
        ("SPDX-License-Identifier: MIT\n", vec!["MIT"]),
        ("Reads things.\n\nThe caller must not hand in what it isn't.\n", vec![]),
        ("This module is licensed under the MIT license.\n", vec!["MIT"]),
        ("", vec![]),
    ] {
        let ids: BTreeSet<String> = ids.into_iter().map(str::to_owned).collect();
        assert_eq!(claims(head), Claims { ids, is_clear: true }, "{head}");
    }
    for head in [
        "This file is not licensed under the MIT license.\n",
        "Licensed under the Example Shop License, see LICENSE.\n",
        "SPDX-License-Identifier: MIT OR GPL-2.0-only\n",
        "Proprietary and confidential.\n",
        "Distributed under the GPL.\n",
        "Portions are under the terms of the MIT license, except as noted.\n",
        &lesser
            .replace("; either version 2.1 of the License, or (at your option)\nany later version.", ", version 2.1."),
        text("GPL-2.0-only"),
    ] {
        assert!(!claims(head).is_clear, "{head}: {:?}", claims(head));
    }
}

#[test]
fn a_whole_text_needs_no_prose() {
    let found = identify(text("MIT"));
    assert_eq!((found.how, found.prose), (How::Exact, None));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn no_text_is_too_odd(words in proptest::collection::vec(
        "either|under|the|terms|of|license|licensed|mit|except|[*-] |\\.|:|\n|\n\n|\u{c}|©|🦀|[a-z@()'+0-9.]{0,9}", 0..120)) {
        let words = words.join(" ");
        let _ = identify(&words);
        let _ = claims(&words);
    }
}
