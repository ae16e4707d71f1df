//! What must hold for the matcher of licence texts, whatever the bytes; used by its fuzz target and by the replay of the
//! corpus.

use std::sync::LazyLock;

use license_check::plan::expression::grammar::{self, Slash};
use license_check::plan::text::{How, Identified, Identifier};

static IDENTIFIER: LazyLock<Identifier> = LazyLock::new(Identifier::new);

/// Matching never panics; what a text is, is an expression of SPDX's licences; word for word is the full score; how lines end
/// makes no difference. Gives what the text is.
pub fn check(data: &[u8]) -> Identified {
    let found = IDENTIFIER.identify(data);
    assert!(found.score_permille <= 1000, "{} of 1000", found.score_permille);
    if found.how == How::Exact {
        assert_eq!(found.score_permille, 1000, "word for word");
        assert!(found.expression.is_some(), "word for word, and nothing");
    }
    if let Some(expression) = &found.expression {
        let read = grammar::parse(expression, Slash::IsNothing).unwrap_or_else(|why| panic!("{expression}: {why:?}"));
        assert_eq!(read.to_string(), *expression, "in its canonical spelling");
        assert!(read.leaves().iter().all(|leaf| !leaf.is_ref()), "{expression}: of SPDX's list");
    }
    assert!(found.others.is_sorted_by(|a, b| a < b), "in order, each once: {:?}", found.others);
    for other in &found.others {
        assert!(grammar::parse(other, Slash::IsNothing).is_ok(), "{other} is an identifier");
    }
    if let Ok(text) = std::str::from_utf8(data)
        && !text.contains(['\r', '\0'])
    {
        let again = IDENTIFIER.identify(text.replace('\n', "\r\n").as_bytes());
        assert_eq!(again, found, "with other line ends it is something else");
    }
    found
}
