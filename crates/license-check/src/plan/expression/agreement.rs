//! A declared licence beside the text that lies with it. PURE.
#![warn(clippy::disallowed_methods)]

use super::grammar::{self, Expr, Leaf, Slash};
use std::collections::BTreeSet;

/// Whether a licence text that was identified as `identified` (an expression) may settle the ambiguity `family`.
///
/// A family is settled by its own licences (`BSD` by `BSD-3-Clause`; `GPL-3.0` by `GPL-3.0-only` or `-or-later`, with or
/// without an exception), and `dual` only by a text that itself names several. A text of another family settles nothing.
///
/// GNU's texts are the same for "only" and "or later": who takes a text's answer for `GPL-3.0` should take the `-only`, the
/// narrower of the two.
pub fn settles(family: &str, identified: &str) -> bool {
    let Ok(expression) = grammar::parse(identified, Slash::IsNothing) else { return false };
    match expression {
        Expr::Leaf(leaf) => family != "dual" && is_of(family, &leaf.id),
        Expr::And(_) | Expr::Or(_) => family == "dual",
    }
}

fn is_of(family: &str, id: &str) -> bool {
    let begins = |start: &str| id.strip_prefix(start).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'));
    begins(family)
        || match family {
            "BSD" => id == "0BSD",
            "MIT" => ["X11", "MITNFA"].into_iter().any(begins),
            "Artistic" => begins("ClArtistic"),
            "Python" => ["PSF", "CNRI"].into_iter().any(begins),
            "CC" => begins("CC0"),
            "BSL" => begins("BUSL"),
            "Perl" => id == "Artistic-1.0-Perl",
            "GPL-2" => begins("GPL-2.0"),
            _ => false,
        }
}

/// Whether a declaration and a text say the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Agreement {
    /// The text is what was declared, or an arm of a declared choice, or all parts of what was declared.
    Agrees,
    /// They have something in common and not all, or one of them is no licence of SPDX's list.
    Unclear,
    /// They have nothing in common.
    Disagrees,
}

/// Whether the text that was identified as `identified` (an expression) is that of the `declared` one.
///
/// An `OR` is met by the text of either arm. GNU's "only" and "or later" share one text, `+` and `WITH` leave the base text as
/// it is. The LGPL 3.0 is a supplement to the GPL 3.0, whose text alone neither proves nor refutes it. Where an `AND` is
/// declared and the text is one of its parts, or where the text has a part that wasn't declared, it is unclear.
pub fn same_or_covered(declared: &str, identified: &str) -> Agreement {
    let read = |text: &str| grammar::parse(text, Slash::IsNothing).ok();
    let (Some(declared), Some(identified)) = (read(declared), read(identified)) else { return Agreement::Unclear };
    let texts: BTreeSet<String> = identified.leaves().into_iter().map(text_of).collect();
    let words: BTreeSet<String> = declared.leaves().into_iter().map(text_of).collect();
    // What the text demands beside must have been declared; of what it offers, one is enough.
    let covers = match &identified {
        Expr::And(_) => texts.is_subset(&words),
        Expr::Leaf(_) | Expr::Or(_) => true,
    };
    if covers && met(&declared, &texts) {
        return Agreement::Agrees;
    }
    let shared = texts.intersection(&words).next().is_some();
    let of_its_own = declared.leaves().iter().chain(&identified.leaves()).any(|leaf| leaf.is_ref());
    let related = texts.iter().any(|text| words.iter().any(|word| are_related(word, text)));
    if shared || of_its_own || related { Agreement::Unclear } else { Agreement::Disagrees }
}

fn met(declared: &Expr, texts: &BTreeSet<String>) -> bool {
    match declared {
        Expr::Leaf(leaf) => texts.contains(&text_of(leaf)),
        Expr::Or(parts) => parts.iter().any(|part| met(part, texts)),
        Expr::And(parts) => parts.iter().all(|part| met(part, texts)),
    }
}

/// A name for the text that a licence has: identifiers that SPDX tells apart by something outside of the text have one.
fn text_of(leaf: &Leaf) -> String {
    let mut id = leaf.id.as_str();
    for suffix in ["-only", "-or-later", "-no-invariants", "-invariants", "-no-RFN", "-RFN"] {
        id = id.strip_suffix(suffix).unwrap_or(id);
    }
    match id {
        "MPL-2.0-no-copyleft-exception" => "MPL-2.0",
        "CAL-1.0-Combined-Work-Exception" => "CAL-1.0",
        other => other,
    }
    .to_owned()
}

/// Texts that contain each other.
fn are_related(declared: &str, text: &str) -> bool {
    matches!(
        (declared, text),
        ("LGPL-3.0", "GPL-3.0")
            | ("PSF-2.0", "Python-2.0" | "Python-2.0.1")
            | ("Python-2.0" | "Python-2.0.1", "PSF-2.0" | "Python-2.0" | "Python-2.0.1" | "CNRI-Python")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_settles_a_family() {
        for (family, identified, expected) in [
            ("BSD", "BSD-2-Clause", true),
            ("BSD", "BSD-4-Clause-UC", true),
            ("BSD", "0BSD", true),
            ("BSD", "MIT", false),
            ("BSD", "BSD-2-Clause AND MIT", false),
            ("BSD", "BSL-1.0", false),
            ("GPL", "GPL-2.0-only", true),
            ("GPL", "LGPL-2.1-only", false),
            ("GPL", "GPL-2.0-or-later WITH Bison-exception-2.2", true),
            ("GPL-3.0", "GPL-3.0-or-later", true),
            ("GPL-3.0", "GPL-3.0-only", true),
            ("GPL-3.0", "GPL-2.0-only", false),
            ("GPL-2.0", "GPL-2.0", true),
            ("LGPL-2.1", "LGPL-2.1-or-later", true),
            ("Apache", "Apache-2.0", true),
            ("MIT", "X11", true),
            ("MIT", "MIT", true),
            ("Artistic", "Artistic-1.0-Perl", true),
            ("dual", "MIT", false),
            ("dual", "Apache-2.0 OR BSD-3-Clause", true),
            ("CC-BY", "CC-BY-4.0", true),
            ("CC-BY", "CC0-1.0", false),
            ("BSD", "no licence", false),
            ("", "MIT", false),
        ] {
            assert_eq!(settles(family, identified), expected, "{family} by {identified}");
        }
    }

    #[test]
    fn declared_against_text() {
        use Agreement::{Agrees, Disagrees, Unclear};
        for (declared, identified, expected) in [
            ("MIT", "MIT", Agrees),
            ("MIT", "Apache-2.0", Disagrees),
            ("MIT OR Apache-2.0", "Apache-2.0", Agrees),
            ("MIT OR Apache-2.0", "MIT OR Apache-2.0", Agrees),
            ("MIT OR Apache-2.0", "MIT AND Apache-2.0", Agrees),
            ("MIT OR Apache-2.0", "GPL-3.0-only", Disagrees),
            ("MIT", "MIT OR Apache-2.0", Agrees),
            ("MIT", "MIT AND GPL-3.0-only", Unclear),
            ("MIT AND Zlib", "MIT", Unclear),
            ("MIT AND Zlib", "MIT AND Zlib", Agrees),
            ("GPL-3.0-or-later", "GPL-3.0-only", Agrees),
            ("GPL-2.0-only", "GPL-3.0-only", Disagrees),
            ("Apache-2.0 WITH LLVM-exception", "Apache-2.0", Agrees),
            ("Apache-2.0+", "Apache-2.0", Agrees),
            ("LGPL-3.0-only", "GPL-3.0-only", Unclear),
            ("GPL-3.0-only", "LGPL-3.0-only", Disagrees),
            ("LicenseRef-mine", "MIT", Unclear),
            ("LicenseRef-mine OR MIT", "MIT", Agrees),
            ("OFL-1.1", "OFL-1.1-no-RFN", Agrees),
            ("nonsense", "MIT", Unclear),
        ] {
            assert_eq!(same_or_covered(declared, identified), expected, "{declared} / {identified}");
        }
    }
}
