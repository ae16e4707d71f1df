//! An index of pieces of the texts: where the same four words stand. PURE.

/// Words of a piece that the index knows.
pub(crate) const PIECE: usize = 4;

/// Bits of a hash that tell a piece's bucket.
const BUCKET_BITS: u32 = 16;
/// Bits of a hash that tell whether there may be such a piece. So few pieces of a text are in the index that a table that
/// says no to nearly all of the others, and is small enough to stay near the processor, spares most of the search.
const LIKELY_BITS: u32 = 19;

/// The index.
#[derive(Debug)]
pub(super) struct Pieces {
    /// One bit for each beginning of a hash that a piece has.
    likely: Vec<u64>,
    /// Where each bucket of `pieces` starts.
    buckets: Vec<u32>,
    /// By bucket; in each in order of text and offset.
    pieces: Vec<Piece>,
}

/// A piece of a text.
#[derive(Debug, Clone, Copy, Default)]
struct Piece {
    hash: u32,
    text: u16,
    /// In the text.
    offset: u16,
}

/// A piece of somebody's text that may be in the index.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Hit {
    hash: u32,
    /// Where it stands in that text.
    pub(crate) at: u32,
}

impl Default for Pieces {
    fn default() -> Self {
        Pieces { likely: vec![0; 1 << (LIKELY_BITS - 6)], buckets: vec![0; (1 << BUCKET_BITS) + 1], pieces: Vec::new() }
    }
}

impl Pieces {
    /// Makes the index: of each text its words, and how far each of its pieces in the index is from the one before.
    pub(super) fn new<'t>(texts: impl Iterator<Item = (&'t [u16], &'t [u8])> + Clone) -> Self {
        let mut index = Pieces::default();
        let each = |of: &mut dyn FnMut(Piece)| {
            for (text, (words, gaps)) in texts.clone().enumerate() {
                let mut offset = 0;
                for &gap in gaps {
                    offset += usize::from(gap);
                    let Some(piece) = words.get(offset..).and_then(|rest| rest.first_chunk()) else { break };
                    of(Piece { hash: hash_of(piece), text: text as u16, offset: offset as u16 });
                }
            }
        };
        // Twice over the texts, which is faster than to keep the hashes in between.
        let Pieces { likely, buckets, .. } = &mut index;
        each(&mut |piece| {
            let bit = likely_bit(piece.hash);
            likely[bit / 64] |= 1 << (bit % 64);
            buckets[bucket(piece.hash) + 1] += 1;
        });
        let mut before = 0;
        for start in buckets.iter_mut() {
            before += *start;
            *start = before;
        }
        index.pieces.resize(before as usize, Piece::default());
        // Each bucket's start is moved on to its end, which is the start of the next one.
        each(&mut |piece| {
            let next = &mut index.buckets[bucket(piece.hash)];
            index.pieces[*next as usize] = piece;
            *next += 1;
        });
        index.buckets.rotate_right(1);
        index.buckets[0] = 0;
        index
    }

    /// Finds pieces of somebody's text that may be in the index.
    pub(super) fn hits(&self, text: &[u16], into: &mut Vec<Hit>) {
        into.clear();
        let hashes = text.array_windows().map(hash_of);
        let hits = hashes.enumerate().map(|(at, hash)| Hit { hash, at: at as u32 });
        into.extend(hits.filter(|hit| {
            let bit = likely_bit(hit.hash);
            self.likely[bit / 64] >> (bit % 64) & 1 != 0
        }));
    }

    /// Calls `each` with text and offset of every piece that has the same words.
    pub(super) fn find(&self, hit: Hit, mut each: impl FnMut(usize, usize)) {
        let bucket = bucket(hit.hash);
        let range = self.buckets[bucket] as usize..self.buckets[bucket + 1] as usize;
        for found in &self.pieces[range] {
            if found.hash == hit.hash {
                each(usize::from(found.text), usize::from(found.offset));
            }
        }
    }
}

/// The hash of a piece.
pub(crate) fn hash_of(piece: &[u16; PIECE]) -> u32 {
    let packed = piece.iter().fold(0_u64, |packed, &word| packed << 16 | u64::from(word));
    (packed.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as u32
}

fn bucket(hash: u32) -> usize {
    (hash >> (32 - BUCKET_BITS)) as usize
}

fn likely_bit(hash: u32) -> usize {
    (hash >> (32 - LIKELY_BITS)) as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_piece_of_the_index_is_found_and_no_other(
            texts in prop::collection::vec(prop::collection::vec(4_u16..9, 0..40), 1..6),
            asked in prop::collection::vec(4_u16..9, 0..40),
        ) {
            let gaps: Vec<Vec<u8>> =
                texts.iter().map(|text| (0..text.len() / 2).map(|at| u8::from(at > 0) * 2).collect()).collect();
            let index = Pieces::new(texts.iter().map(Vec::as_slice).zip(gaps.iter().map(Vec::as_slice)));
            let mut hits = Vec::new();
            index.hits(&asked, &mut hits);
            let mut found = Vec::new();
            for hit in hits {
                index.find(hit, |text, offset| found.push((hit.at as usize, text, offset)));
            }
            let mut expected = Vec::new();
            for (at, piece) in asked.array_windows::<PIECE>().enumerate() {
                for (number, text) in texts.iter().enumerate() {
                    let own = text.array_windows().enumerate().step_by(2);
                    expected.extend(own.filter(|(_, own)| *own == piece).map(|(offset, _)| (at, number, offset)));
                }
            }
            prop_assert_eq!(found, expected);
        }
    }
}
