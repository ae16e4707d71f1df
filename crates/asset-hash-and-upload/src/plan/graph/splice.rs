//! New text in the place of old.

use std::ops::Range;

/// A place in a file and what is to stand there.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Replacement {
    /// First byte of the old text; with `end` first, so that a list sorts by place.
    pub start: usize,
    /// The byte behind it.
    pub end: usize,
    /// The new text.
    pub text: String,
}

impl Replacement {
    /// The place.
    pub fn span(&self) -> Range<usize> {
        self.start..self.end
    }
}

/// Sorts replacements by place and drops repeated ones. `false` when two overlap, or one lies outside a file of `size` bytes:
/// then nothing can be spliced.
pub fn arrange(replacements: &mut Vec<Replacement>, size: usize) -> bool {
    replacements.sort_unstable();
    replacements.dedup();
    let sound = replacements.iter().all(|one| one.start <= one.end && one.end <= size);
    sound && replacements.windows(2).all(|pair| pair[0].end <= pair[1].start && pair[0].start < pair[1].start)
}

/// The pieces of the new file, in order: `bytes` with each replacement of an arranged list in its place.
pub fn pieces<'a>(bytes: &'a [u8], replacements: &'a [Replacement]) -> impl Iterator<Item = &'a [u8]> {
    let mut kept = 0;
    let both = replacements.iter().flat_map(move |one| {
        let before = bytes.get(kept..one.start).unwrap_or_default();
        kept = one.end;
        [before, one.text.as_bytes()]
    });
    let rest = replacements.last().map_or(0, |last| last.end);
    both.chain(std::iter::once(bytes.get(rest..).unwrap_or_default()))
}

/// The new file.
pub fn splice(bytes: &[u8], replacements: &[Replacement]) -> Vec<u8> {
    pieces(bytes, replacements).collect::<Vec<_>>().concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(start: usize, end: usize, text: &str) -> Replacement {
        Replacement { start, end, text: text.to_owned() }
    }

    #[test]
    fn only_the_places_change() {
        let mut list = vec![at(6, 7, "Z"), at(0, 1, ""), at(3, 3, "++"), at(6, 7, "Z")];
        assert!(arrange(&mut list, 7));
        assert_eq!(splice(b"abcdefg", &list), b"bc++defZ");
        assert_eq!(splice(b"abc", &[]), b"abc");
        assert_eq!(splice(b"", &[]), b"");
    }

    #[test]
    fn what_overlaps_or_lies_outside_is_refused() {
        for mut list in [
            vec![at(0, 2, "x"), at(1, 3, "y")],
            vec![at(0, 0, "x"), at(0, 0, "y")],
            vec![at(0, 2, "x"), at(0, 2, "y")],
            vec![at(2, 1, "x")],
            vec![at(0, 8, "x")],
        ] {
            assert!(!arrange(&mut list, 7), "{list:?}");
        }
        assert!(arrange(&mut vec![at(0, 1, "x"), at(1, 2, "y")], 2));
    }
}
