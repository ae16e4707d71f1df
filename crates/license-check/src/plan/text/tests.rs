//! Whole texts.

use super::{How, Identified, Identifier};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

static IDENTIFIER: LazyLock<Identifier> = LazyLock::new(Identifier::new);

static TEXTS: LazyLock<BTreeMap<&str, &str>> = LazyLock::new(|| spdx::text::LICENSE_TEXTS.iter().copied().collect());

/// Licences that are met most, and their neighbours.
const COMMON: [&str; 20] = [
    "0BSD",
    "AGPL-3.0-only",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSD-3-Clause-Clear",
    "BSD-4-Clause",
    "BSL-1.0",
    "BlueOak-1.0.0",
    "CC0-1.0",
    "EPL-2.0",
    "GPL-2.0-only",
    "ISC",
    "JSON",
    "LGPL-2.1-only",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "X11",
    "Zlib",
];

fn identify(text: &str) -> Identified {
    IDENTIFIER.identify(text.as_bytes())
}

fn expression(text: &str) -> Option<String> {
    identify(text).expression
}

fn text(id: &str) -> &'static str {
    TEXTS.get(id).copied().expect("a text of that id")
}

/// The text without SPDX's title and copyright line: what a file's own title and statement stand above.
fn body(id: &str) -> String {
    let paragraphs: Vec<&str> = text(id).trim().split("\n\n").collect();
    let first = paragraphs.iter().position(|paragraph| paragraph.split_whitespace().count() > 12).unwrap_or(0);
    paragraphs.get(first..).unwrap_or(&[]).join("\n\n")
}

/// Ids whose texts are the text of another id, word for word but for what does not count, and that other id. GNU's licences
/// are left out here: `-or-later` and the deprecated ids have the text of `-only`.
const SAME: &[(&str, &str)] = &[
    ("CAL-1.0-Combined-Work-Exception", "CAL-1.0"),
    // Deprecated: what SPDX calls them today.
    ("BSD-2-Clause-FreeBSD", "BSD-2-Clause-Views"),
    ("BSD-2-Clause-NetBSD", "BSD-2-Clause"),
    ("bzip2-1.0.5", "bzip2-1.0.6"),
    ("MPL-2.0-no-copyleft-exception", "MPL-2.0"),
    ("Nunit", "zlib-acknowledgement"),
    ("OFL-1.0-RFN", "OFL-1.0"),
    ("OFL-1.0-no-RFN", "OFL-1.0"),
    ("OFL-1.1-RFN", "OFL-1.1"),
    ("OFL-1.1-no-RFN", "OFL-1.1"),
    ("StandardML-NJ", "SMLNJ"),
];

/// Ids that are no licence, or stand for a licence with an exception and have the exception's text.
fn is_no_text(id: &str) -> bool {
    matches!(id, "NOASSERTION" | "NONE" | "eCos-2.0" | "wxWindows") || id.starts_with("GPL-") && id.contains("-with-")
}

fn gnu(id: &str) -> Option<String> {
    let base = ["AGPL-", "GPL-", "LGPL-", "GFDL-"].iter().find(|family| id.starts_with(**family))?;
    let version: String =
        id[base.len()..].chars().take_while(|letter| letter.is_ascii_digit() || *letter == '.').collect();
    Some(format!("{base}{version}-only"))
}

#[test]
fn every_text_of_the_list_is_itself() {
    let mut wrong = Vec::new();
    for (id, text) in TEXTS.iter() {
        let same = SAME.iter().find(|(one, _)| one == id).map(|(_, other)| (*other).to_owned());
        let expected = if is_no_text(id) { None } else { same.or_else(|| gnu(id)).or_else(|| Some((*id).to_owned())) };
        let found = identify(text);
        if found.expression != expected || expected.is_some() && found.how != How::Exact {
            wrong.push(format!("{id}: {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn an_exception_alone_is_no_licence() {
    for (id, text) in spdx::text::EXCEPTION_TEXTS {
        assert_eq!(expression(text), None, "{id}");
    }
}

#[test]
fn an_exception_goes_with_its_licence() {
    let llvm = spdx::text::EXCEPTION_TEXTS.iter().find(|(id, _)| *id == "LLVM-exception").expect("a text").1;
    let both = format!("{}\n\n{llvm}", text("Apache-2.0"));
    assert_eq!(expression(&both).as_deref(), Some("Apache-2.0 WITH LLVM-exception"));
}

#[test]
fn titles_holders_and_sentences_that_name_the_licence_leave_it_itself() {
    let mit = body("MIT");
    for top in [
        "The MIT License (MIT)\n\nCopyright (c) 2011-2024 A. U. Thor <a@example.org> (https://example.org)\n\n",
        "Copyright Example Foundation and other contributors, https://example.org/\n\n",
        "# License\n\n(The MIT License)\n\nCopyright © 2019, Example Inc. All rights reserved.\n\n",
        "example-parser: reads examples\n\nThis software is released under the MIT license:\n\n",
        "Copyright (c) 2020 Evan You\nCopyright (c) 2021 The Team\n  and other contributors, see https://example.org\n\n",
        "\u{feff}MIT License\r\n\r\nCopyright (c) 2020 Example\r\n\r\n",
        "<!-- comment -->\n<h1>MIT License</h1>\nCopyright &copy; 2020 Example<br/>\n\n",
        "",
    ] {
        let found = identify(&format!("{top}{mit}"));
        assert_eq!(found.expression.as_deref(), Some("MIT"), "{top}: {found:?}");
        assert_eq!((found.how, found.score_permille), (How::Exact, 1000), "{top}");
    }
}

#[test]
fn neighbours_are_told_apart() {
    let bsd =
        body("BSD-3-Clause").replace("the copyright holder", "Example, Inc.").replace("COPYRIGHT HOLDER", "AUTHORS");
    assert_eq!(expression(&bsd).as_deref(), Some("BSD-3-Clause"));
    for (id, other) in
        [("MIT", "MIT-0"), ("X11", "MIT"), ("JSON", "MIT"), ("ISC", "0BSD"), ("BSD-2-Clause", "BSD-3-Clause")]
    {
        assert_eq!(expression(text(id)).as_deref(), Some(id));
        assert_eq!(expression(text(other)).as_deref(), Some(other));
    }
    let titled = format!("BSD 2-Clause License\n\nCopyright (c) 2020 Example\n\n{}", body("BSD-3-Clause"));
    assert_eq!(expression(&titled), None, "title and text disagree");
}

#[test]
fn the_apache_licence_may_lack_its_appendix_or_have_it_filled_in() {
    let whole = text("Apache-2.0");
    let end = whole.find("END OF TERMS").expect("the end");
    assert_eq!(expression(&whole[..end]).as_deref(), Some("Apache-2.0"));
    assert_eq!(
        expression(&whole.replace("[yyyy] [name of copyright owner]", "2014 Example, Inc.")).as_deref(),
        Some("Apache-2.0")
    );
    let notice = &whole[whole.find("Licensed under the Apache").expect("the notice")..];
    assert_eq!(expression(&format!("Copyright 2020 Example\n\n{notice}")).as_deref(), Some("Apache-2.0"));
}

#[test]
fn a_gnu_text_leaves_open_whether_later_versions_may_be_chosen() {
    let found = identify(text("GPL-2.0"));
    assert_eq!(found.expression.as_deref(), Some("GPL-2.0-only"));
    let whole = text("GPL-3.0");
    let from = whole.find("This program is free software: you can").expect("the notice");
    let to = whole[from..].find("licenses/>").expect("its end") + from + 10;
    let found = identify(&format!("Copyright (C) 2020 Example\n\n{}.\n\n{whole}", &whole[from..to]));
    assert_eq!(found.expression.as_deref(), Some("GPL-3.0-or-later"));
}

#[test]
fn a_choice_is_an_or_and_bundled_code_is_apart() {
    let (mit, apache, isc) = (body("MIT"), text("Apache-2.0"), body("ISC"));
    let choice = format!(
        "At your option you may choose either of the following licenses:\n\n  * The MIT License\n  * The Apache License 2.0\n\n\
         The MIT License\n\nCopyright (c) 2020 Example\n\n{mit}\n\n{apache}"
    );
    assert_eq!(expression(&choice).as_deref(), Some("MIT OR Apache-2.0"));
    let bundled = format!(
        "The MIT License\n\nCopyright (c) 2020 Example\n\n{mit}\n\n---\n\nThis library bundles code of example.js under the terms \
         of the ISC license:\n\nCopyright (c) 2010 Other\n\n{isc}"
    );
    let found = identify(&bundled);
    assert_eq!((found.expression.as_deref(), found.others.as_slice()), (Some("MIT"), &["ISC".to_owned()][..]));
    let unsaid = identify(&format!("{mit}\n\n{isc}"));
    assert_eq!((unsaid.expression, unsaid.others), (None, vec!["ISC".to_owned(), "MIT".to_owned()]), "nobody said how");
    let vendored = format!("This package includes parts of example.js under the following license:\n\n{mit}");
    assert_eq!(expression(&vendored), None, "the package's own licence is not here");
}

#[test]
fn what_was_added_is_not_overlooked() {
    for clause in [
        "The Software shall be used for Good, not Evil.",
        "The Software may not be used by the military.",
        "Commons Clause License Condition v1.0",
        "Anti 996 License",
        "Commercial use is prohibited.",
        "Non-commercial use only",
        "No part of this may be used to train machine learning models.",
        "The licensee must comply with all labor laws.",
        "Enterprise customers need a subscription.",
        "All derivative works belong to us.",
        "Portions of this software are confidential.",
        "Parts of this software are under the AGPL.",
        "Nur für den privaten Gebrauch.",
        "Additional terms apply.",
    ] {
        for id in ["MIT", "ISC", "BSD-3-Clause", "Zlib"] {
            let paragraphs: Vec<&str> = text(id).trim().split("\n\n").collect();
            for at in 0..=paragraphs.len() {
                let mut with = paragraphs.clone();
                with.insert(at, clause);
                let found = identify(&with.join("\n\n"));
                let json = found.expression.as_deref() == Some("JSON");
                assert!(found.expression.is_none() || json, "{id}, {at}: {clause}: {found:?}");
            }
            assert_eq!(
                expression(&format!("Copyright (c) 2020 Example. {clause}\n\n{}", body(id))),
                None,
                "{id}: {clause}"
            );
        }
    }
}

#[test]
fn other_encodings_are_read() {
    let statement = "The MIT License\n\nCopyright (c) 2020 Jos\u{e9}\n\n";
    let whole = format!("{statement}{}", body("MIT"));
    let latin1: Vec<u8> = whole.chars().map(|letter| letter as u8).collect();
    let utf16: Vec<u8> = [0xfe_u8, 0xff].into_iter().chain(whole.encode_utf16().flat_map(u16::to_be_bytes)).collect();
    for bytes in [latin1, utf16] {
        assert_eq!(IDENTIFIER.identify(&bytes).expression.as_deref(), Some("MIT"));
    }
}

#[test]
fn nothing_is_nothing() {
    for text in ["", " \n\n", "MIT", "The MIT License", "left-pad", "Copyright (c) 2020 Example"] {
        assert_eq!(expression(text), None, "{text}");
    }
}

/// Two megabytes of what takes the longest: pieces of licences over and over, so that everything looks like something.
#[test]
#[expect(clippy::disallowed_methods, reason = "time is what is tested")]
fn hostile_texts_take_bounded_time() {
    /// What nobody optimised reads a tenth of it in that time.
    const LENGTH: usize = if cfg!(debug_assertions) { 100 << 10 } else { 2 << 20 };
    let disclaimer = body("BSD-3-Clause");
    let half: String = disclaimer.chars().take(disclaimer.len() / 2).collect();
    let words: Vec<&str> = text("GPL-3.0-only").split_whitespace().collect();
    let shuffled: Vec<&str> = (0..words.len()).map(|at| words[at * 7919 % words.len()]).collect();
    let swapped = disclaimer.replace(" and ", " nor ").replace(" the ", " a ");
    for (name, piece) in [
        ("whole", disclaimer.clone()),
        ("half", half),
        ("shuffled", shuffled.join(" ")),
        ("swapped", swapped),
        ("one word", "software ".to_owned()),
        ("copyright", "copyright (c) 2020 a\n".to_owned()),
        ("brackets", "<([{".to_owned()),
        ("letters", "a".to_owned()),
        ("phrases", "unless otherwise ".to_owned()),
        ("hyphens", "non-sub-non-".to_owned()),
    ] {
        let hostile: String = piece.chars().cycle().take(LENGTH).collect();
        let started = Instant::now();
        identify(&hostile);
        assert!(
            started.elapsed() < Duration::from_secs(if cfg!(debug_assertions) { 10 } else { 1 }),
            "{name}: {:?}",
            started.elapsed()
        );
    }
}

fn common() -> impl Strategy<Value = &'static str> {
    proptest::sample::select(COMMON.to_vec())
}

/// Breaks every paragraph anew after so many letters.
fn reflow(text: &str, width: usize) -> String {
    let mut out = String::new();
    for paragraph in text.split("\n\n") {
        if paragraph.trim_start().starts_with("Copyright ") {
            // Statements are lines.
            out.push_str(paragraph);
            out.push_str("\n\n");
            continue;
        }
        let mut column = 0;
        for word in paragraph.split_whitespace() {
            if column > 0 && column + word.len() >= width {
                out.push('\n');
                column = 0;
            } else if column > 0 {
                out.push(' ');
            }
            out.push_str(word);
            column += word.len() + 1;
        }
        out.push_str("\n\n");
    }
    out
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn layout_does_not_count(
        id in common(),
        width in 30_usize..200,
        prefix in proptest::sample::select(vec!["", "// ", "# ", " * ", "; ", "-- ", "> ", "\t", "dnl ", "REM "]),
        case in 0..3_u8,
        quotes in proptest::bool::ANY,
        newline in proptest::sample::select(vec!["\n", "\r\n"]),
    ) {
        let mut changed = reflow(text(id), width);
        changed = match case {
            0 => changed.to_uppercase(),
            1 => changed.to_lowercase(),
            _ => changed,
        };
        if quotes {
            changed = changed.replace('"', "\u{201c}").replace('-', "\u{2010}");
        }
        let lines: Vec<String> = changed.lines().map(|line| format!("{prefix}{line}")).collect();
        let found = identify(&lines.join(newline));
        prop_assert_eq!(found.expression.as_deref(), Some(id), "{:?}", found);
        prop_assert_eq!(found.how, How::Exact);
    }

    #[test]
    fn a_sentence_more_is_another_licence(
        id in common(),
        from in common(),
        which in any::<proptest::sample::Index>(),
        at in any::<proptest::sample::Index>(),
    ) {
        let pool = body(from);
        let sentences: Vec<&str> = pool.split(". ").filter(|sentence| sentence.split_whitespace().count() > 8 && !sentence.contains("Copyright (")).collect();
        let paragraphs = body(id);
        let mut paragraphs: Vec<&str> = paragraphs.split("\n\n").collect();
        let sentence = sentences[which.index(sentences.len())];
        paragraphs.insert(at.index(paragraphs.len() + 1), sentence);
        let found = identify(&paragraphs.join("\n\n"));
        // A sentence of a licence's optional part, such as its notice, may be one more of the same.
        prop_assume!(from != id);
        prop_assert_ne!(found.expression.as_deref(), Some(id), "with {}", sentence);
    }

    #[test]
    fn a_sentence_less_is_another_licence(id in common(), which in any::<proptest::sample::Index>()) {
        let whole = body(id);
        // What stands before and behind these may be left out.
        let whole = &whole[whole.find("Statement of Purpose").unwrap_or(0)..];
        let end = whole.find("END OF TERMS").or_else(|| whole.find("Exhibit A")).unwrap_or(whole.len());
        let sentences: Vec<&str> = whole[..end].split_inclusive(". ").collect();
        let gone = which.index(sentences.len());
        prop_assume!(sentences[gone].split_whitespace().count() > 6);
        let rest: Vec<&str> = sentences.iter().enumerate().filter(|(at, _)| *at != gone).map(|(_, sentence)| *sentence).collect();
        let found = expression(&rest.concat());
        prop_assert_ne!(found.as_deref(), Some(id), "without {}", sentences[gone]);
    }

    #[test]
    fn any_bytes_are_read(bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
        prop_assert_eq!(IDENTIFIER.identify(&bytes).expression, None);
    }

    #[test]
    fn damaged_texts_are_read(id in common(), damage in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 1..20)) {
        let mut bytes = text(id).as_bytes().to_vec();
        for (at, byte) in damage {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let found = IDENTIFIER.identify(&bytes);
        prop_assert!(found.expression.is_none_or(|expression| !expression.contains(" OR ")));
    }
}
