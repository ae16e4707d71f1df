//! What would make a gate pass, as one sentence.

use super::phrases::{counts, plural, range};
use crate::plan::judgement::{Advice, Needed, Place};

/// Advice: `2 more lines in src/Order.php:41-42 would pass`. Names at most `most` places and counts the rest.
pub(super) fn sentence(advice: &Advice, most: usize) -> String {
    let (lines, such_as) = match advice.needed {
        Needed::Lines(count) => (plural(count, "more line"), ":"),
        Needed::Branches(count) => (plural(count, "more branch arm"), ", such as"),
        Needed::Functions(count) => (plural(count, "more function"), ", such as"),
        Needed::Statements(count) => (plural(count, "more statement"), ", such as"),
    };
    match advice.places.as_slice() {
        [] => format!("{lines} covered would pass"),
        [one] => format!("{lines} in {} would pass", place(one)),
        many => {
            let shown = many.iter().take(most).map(place).collect::<Vec<_>>().join(", ");
            match many.len().saturating_sub(most) {
                0 => format!("{lines} would pass{such_as} {shown}"),
                more => format!("{lines} would pass{such_as} {shown} and {}", plural(more as u64, "more place")),
            }
        }
    }
}

/// `src/Order.php:41-42`, `src/a.js:12 (2 of 4)`. What nobody knows the line of is on line 0.
pub(super) fn place(place: &Place) -> String {
    let line = if place.lines.first == 0 { String::new() } else { format!(":{}", range(place.lines)) };
    match place.share.filter(|share| share.coverable > 1) {
        Some(share) => format!("{}{line} ({})", place.path, counts(share)),
        None => format!("{}{line}", place.path),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::diff::LineRange;

    #[test]
    fn what_is_needed_is_named_with_its_places() {
        let at = |line, share: Option<(u64, u64)>| Place {
            path: "src/a.js".to_owned(),
            lines: LineRange { first: line, last: line },
            share: share.map(Into::into),
        };
        let said = |needed, places: &[Place]| sentence(&Advice { needed, places: places.to_vec() }, 2);
        assert_eq!(
            said(Needed::Branches(3), &[at(12, Some((2, 4))), at(4, Some((1, 2)))]),
            "3 more branch arms would pass, such as src/a.js:12 (2 of 4), src/a.js:4 (1 of 2)"
        );
        assert_eq!(said(Needed::Functions(1), &[at(0, Some((0, 1)))]), "1 more function in src/a.js would pass");
        let many = [at(1, None), at(3, None), at(5, None)];
        assert_eq!(said(Needed::Lines(3), &many), "3 more lines would pass: src/a.js:1, src/a.js:3 and 1 more place");
        assert_eq!(said(Needed::Statements(2), &[]), "2 more statements covered would pass");
    }
}
