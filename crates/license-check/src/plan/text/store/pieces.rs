//! An index of pieces of the texts: where the same four words stand. PURE.
//!
//! It is part of the data file and is read where it lies there: to make it anew takes longer than to read a hundred short texts.

#[cfg(test)]
mod write;

#[cfg(test)]
pub(crate) use write::write;

/// Words of a piece that the index knows.
pub(crate) const PIECE: usize = 4;

/// Bits of a hash that tell a piece's bucket.
const BUCKET_BITS: u32 = 16;
/// Buckets.
const BUCKETS: usize = 1 << BUCKET_BITS;
/// Bits of a hash that tell whether there may be such a piece. So few pieces of a text are in the index that a table that
/// says no to nearly all of the others, and is small enough to stay near the processor, spares most of the search.
const LIKELY_BITS: u32 = 19;
/// Bytes of that table.
const LIKELY_BYTES: usize = 1 << (LIKELY_BITS - 3);

/// The index.
#[derive(Debug, Default)]
pub(super) struct Pieces<'d> {
    /// One bit for each beginning of a hash that a piece has.
    likely: &'d [u8],
    /// Where the groups of each bucket start.
    buckets: Vec<u32>,
    /// Of each group of pieces with one hash: the bits of it that the bucket doesn't tell.
    rests: &'d [[u8; 2]],
    /// Where the places of each group start.
    groups: Vec<u32>,
    /// Number of a text and offset in it of each piece; in a group in this order.
    places: &'d [[u8; 4]],
}

/// A piece of somebody's text that is in the index.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Hit {
    /// Its group.
    group: u32,
    /// Where it stands in that text.
    pub(crate) at: u32,
}

impl<'d> Pieces<'d> {
    /// Reads the index: the number of groups in four bytes; the table of likely hashes; how many groups each bucket has, a byte
    /// each; the rests of the groups' hashes and how many places each has, two bytes each; the places. `None`: it is none.
    pub(super) fn read(data: &'d [u8]) -> Option<Self> {
        let (count, data) = data.split_first_chunk::<4>()?;
        let count = u32::from_le_bytes(*count) as usize;
        let (likely, data) = data.split_at_checked(LIKELY_BYTES)?;
        let (in_bucket, data) = data.split_at_checked(BUCKETS)?;
        let (rests, data) = data.split_at_checked(count.checked_mul(2)?)?;
        let (in_group, places) = data.split_at_checked(count.checked_mul(2)?)?;
        let buckets = starts(in_bucket.iter().map(|&groups| u32::from(groups)));
        let groups = starts(in_group.as_chunks().0.iter().map(|&places| u32::from(u16::from_le_bytes(places))));
        let places = places.as_chunks().0;
        let is_whole = *buckets.last()? as usize == count && *groups.last()? as usize == places.len();
        is_whole.then_some(Pieces { likely, buckets, rests: rests.as_chunks().0, groups, places })
    }

    /// Finds pieces of somebody's text that are in the index.
    pub(super) fn hits(&self, text: &[u16], into: &mut Vec<Hit>) {
        into.clear();
        if self.likely.len() < LIKELY_BYTES {
            return;
        }
        let hashes = text.array_windows().map(hash_of).enumerate();
        into.extend(hashes.filter_map(|(at, hash)| {
            let bit = likely_bit(hash);
            if self.likely[bit / 8] >> (bit % 8) & 1 == 0 {
                return None;
            }
            let first = self.buckets[bucket(hash)];
            let rests = &self.rests[first as usize..self.buckets[bucket(hash) + 1] as usize];
            let group = rests.iter().position(|&rest| u16::from_le_bytes(rest) == hash as u16)?;
            Some(Hit { group: first + group as u32, at: at as u32 })
        }));
    }

    /// Calls `each` with text and offset of every piece that has the same hash.
    pub(super) fn find(&self, hit: Hit, mut each: impl FnMut(usize, usize)) {
        let group = hit.group as usize;
        for &[a, b, c, d] in &self.places[self.groups[group] as usize..self.groups[group + 1] as usize] {
            each(usize::from(u16::from_le_bytes([a, b])), usize::from(u16::from_le_bytes([c, d])));
        }
    }
}

/// Where each of several parts of these lengths starts, and where one more would.
fn starts(lengths: impl ExactSizeIterator<Item = u32>) -> Vec<u32> {
    let mut starts = Vec::with_capacity(lengths.len() + 1);
    let mut end = 0_u32;
    starts.push(end);
    starts.extend(lengths.map(|length| {
        end = end.wrapping_add(length);
        end
    }));
    starts
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
            let known = |text: &Vec<u16>| (0..text.len().saturating_sub(PIECE - 1)).step_by(2).collect::<Vec<_>>();
            let data = write(texts.iter().map(|text| (text.as_slice(), known(text))));
            let index = Pieces::read(&data).expect("an index");
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

    #[test]
    fn what_is_cut_off_is_no_index() {
        let data = write([([4, 5, 6, 7].as_slice(), vec![0])].into_iter());
        assert!(Pieces::read(&data).is_some());
        for length in [0, 3, LIKELY_BYTES, data.len() - 4, data.len() - 1] {
            let read = Pieces::read(&data[..length]);
            // What is left of a place is no place, and a place less is seen.
            assert!(read.is_none(), "{length}");
        }
        let mut hits = Vec::new();
        Pieces::default().hits(&[4, 5, 6, 7], &mut hits);
        assert!(hits.is_empty());
    }
}
