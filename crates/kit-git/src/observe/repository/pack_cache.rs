//! What objects in packs are made of, kept for the next one: neighbours are differences from the same few objects, which
//! would be unpacked again for each. Four fifths of a large change's time.

use gix_object::Kind;
use gix_pack::cache::DecodeEntry;
use rustc_hash::FxHashMap;

/// Memory for either generation, in bytes.
const GENERATION_BYTES: usize = 16 << 20;
/// The largest object that is kept, in bytes: one must not drive out all others.
const MAX_ENTRY_BYTES: usize = GENERATION_BYTES / 8;

struct Entry {
    kind: Kind,
    content: Vec<u8>,
    compressed_bytes: usize,
}

/// By pack and place in it. What was not used during a whole generation is forgotten.
#[derive(Default)]
pub(super) struct PackCache {
    young: FxHashMap<(u32, u64), Entry>,
    old: FxHashMap<(u32, u64), Entry>,
    young_bytes: usize,
}

impl PackCache {
    fn keep(&mut self, key: (u32, u64), entry: Entry) {
        if self.young_bytes + entry.content.len() > GENERATION_BYTES {
            self.old = std::mem::take(&mut self.young);
            self.young_bytes = 0;
        }
        self.young_bytes += entry.content.len();
        self.young.insert(key, entry);
    }
}

impl DecodeEntry for PackCache {
    fn put(&mut self, pack_id: u32, offset: u64, data: &[u8], kind: Kind, compressed_size: usize) {
        let key = (pack_id, offset);
        if data.len() <= MAX_ENTRY_BYTES && !self.young.contains_key(&key) {
            self.keep(key, Entry { kind, content: data.to_vec(), compressed_bytes: compressed_size });
        }
    }

    fn get(&mut self, pack_id: u32, offset: u64, out: &mut Vec<u8>) -> Option<(Kind, usize)> {
        let key = (pack_id, offset);
        if let Some(entry) = self.old.remove(&key) {
            self.keep(key, entry);
        }
        let entry = self.young.get(&key)?;
        out.clear();
        out.extend_from_slice(&entry.content);
        Some((entry.kind, entry.compressed_bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_used_stays_and_what_is_not_goes() {
        let mut cache = PackCache::default();
        let mut out = Vec::new();
        let content = |number: u64| vec![number.to_le_bytes()[0]; 1 << 20];
        for number in 0..100 {
            cache.put(1, number, &content(number), Kind::Blob, 7);
            assert_eq!(cache.get(1, 0, &mut out), Some((Kind::Blob, 7)));
            assert_eq!(out, content(0));
        }
        assert_eq!(cache.get(1, 50, &mut out), None);
        assert_eq!(cache.get(2, 99, &mut out), None);
        assert!(cache.get(1, 99, &mut out).is_some());
        cache.put(1, 1000, &vec![0; MAX_ENTRY_BYTES + 1], Kind::Blob, 7);
        assert_eq!(cache.get(1, 1000, &mut out), None);
        let held = cache.young.values().chain(cache.old.values()).map(|entry| entry.content.len()).sum::<usize>();
        assert!(held <= 2 * GENERATION_BYTES, "{held}");
    }
}
