//! Writes the index, for the data file and for tests.

use super::{BUCKETS, LIKELY_BYTES, bucket, hash_of, likely_bit};
use std::collections::BTreeMap;

/// The index, as [`super::Pieces::read`] reads it: of each text its words, and where the pieces begin that it shall know.
pub(crate) fn write<'t>(texts: impl Iterator<Item = (&'t [u16], Vec<usize>)>) -> Vec<u8> {
    let mut groups: BTreeMap<u32, Vec<(usize, usize)>> = BTreeMap::new();
    for (number, (words, offsets)) in texts.enumerate() {
        for offset in offsets {
            let piece = words[offset..].first_chunk().expect("a whole piece");
            groups.entry(hash_of(piece)).or_default().push((number, offset));
        }
    }
    let short = |number: usize| u16::try_from(number).expect("small").to_le_bytes();
    let mut likely = vec![0_u8; LIKELY_BYTES];
    let mut in_bucket = vec![0_u8; BUCKETS];
    let (mut rests, mut in_group, mut places) = (Vec::new(), Vec::new(), Vec::new());
    for (&hash, group) in &groups {
        let bit = likely_bit(hash);
        likely[bit / 8] |= 1 << (bit % 8);
        let groups = &mut in_bucket[bucket(hash)];
        *groups = groups.checked_add(1).expect("few groups");
        rests.extend((hash as u16).to_le_bytes());
        in_group.extend(short(group.len()));
        places.extend(group.iter().flat_map(|&(text, offset)| [short(text), short(offset)].concat()));
    }
    let count = u32::try_from(groups.len()).expect("small").to_le_bytes();
    [count.as_slice(), &likely, &in_bucket, &rests, &in_group, &places].concat()
}
