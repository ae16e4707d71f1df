//! Bytes that nobody would write, for the readers' tests.

use proptest::prelude::*;

/// What is done to a sample: bytes replaced, a piece cut out, a piece doubled, the end cut off.
#[derive(Debug, Clone)]
enum Harm {
    Replace(usize, u8),
    Cut(usize, usize),
    Double(usize, usize),
    End(usize),
}

/// A good sample with up to eight harms done to it.
pub fn mutated(sample: &'static str) -> impl Strategy<Value = Vec<u8>> {
    let place = 0..sample.len().max(1);
    let telling = prop_oneof![any::<u8>(), proptest::sample::select(b"\0\n\r\"'[]{}()<>&=:,;#\\/ \t\xEF\xFF".to_vec())];
    let harm = prop_oneof![
        4 => (place.clone(), telling).prop_map(|(at, byte)| Harm::Replace(at, byte)),
        1 => (place.clone(), 0..40_usize).prop_map(|(at, length)| Harm::Cut(at, length)),
        1 => (place.clone(), 0..80_usize).prop_map(|(at, length)| Harm::Double(at, length)),
        1 => place.prop_map(Harm::End),
    ];
    proptest::collection::vec(harm, 0..8).prop_map(move |harms| {
        let mut bytes = sample.as_bytes().to_vec();
        for harm in harms {
            harmed(&mut bytes, &harm);
        }
        bytes
    })
}

fn harmed(bytes: &mut Vec<u8>, harm: &Harm) {
    let length = bytes.len();
    let range = |at: usize, wide: usize| at.min(length)..(at + wide).min(length);
    match *harm {
        Harm::Replace(at, byte) => {
            if let Some(there) = bytes.get_mut(at) {
                *there = byte;
            }
        }
        Harm::Cut(at, wide) => {
            bytes.drain(range(at, wide));
        }
        Harm::Double(at, wide) => {
            let piece = bytes[range(at, wide)].to_vec();
            bytes.extend(piece);
        }
        Harm::End(at) => bytes.truncate(at),
    }
}
