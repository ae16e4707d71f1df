use super::*;
use proptest::prelude::*;
use std::collections::BTreeMap;

#[test]
fn an_item_is_its_line_and_its_identity() {
    let mut items = Items::default();
    items.push(7, ItemId::Text(b"jump, to 9"), false);
    items.push(7, ItemId::Number(1), true);
    items.push(7, ItemId::Text(b"jump, to 9"), true);
    items.push(3, ItemId::Number(1), false);
    items.finish();
    assert_eq!(items.totals(), (2, 3));
    assert_eq!(items.by_line().collect::<Vec<_>>(), [(3, 0, 1), (7, 2, 2)]);
}

#[test]
fn uniting_keeps_one_of_each() {
    let make = |hits: [bool; 2]| {
        let mut items = Items::default();
        items.push(1, ItemId::Text(b"b"), hits[0]);
        items.push(1, ItemId::Text(b"a"), hits[1]);
        items.finish();
        items
    };
    let (a, b) = (make([true, false]), make([false, true]));
    let (mut ab, mut ba) = (a.clone(), b.clone());
    ab.unite(b);
    ba.unite(a);
    assert_eq!(ab, ba);
    assert_eq!(ab.totals(), (2, 2));
    assert_eq!(ab.memory_bytes(), 6, "texts are kept once");
}

#[test]
fn items_said_again_and_again_take_the_memory_of_one() {
    let mut items = Items::default();
    for round in 0..1_000_000u32 {
        items.push(round % 10, ItemId::Text(b"a rather long name of a function"), round == 5);
    }
    assert!(items.memory_bytes() < 16 << 20, "{}", items.memory_bytes());
    items.finish();
    assert_eq!((items.totals(), items.memory_bytes()), ((1, 10), 10 * 34));
}

/// An item as a test writes it.
type Plain = (u32, Result<u32, Vec<u8>>, bool);

fn plain_item() -> impl Strategy<Value = Plain> {
    let line = prop_oneof![0..6u32, 0..MAX_ITEM_LINE];
    let number = prop_oneof![0..4u32, 0..TEXTS].prop_map(Ok);
    let text = prop::collection::vec(any::<u8>(), 0..4).prop_map(Err);
    (line, prop_oneof![3 => number, 1 => text], any::<bool>())
}

fn plain_items() -> impl Strategy<Value = Vec<Plain>> {
    prop::collection::vec(plain_item(), 0..40)
}

fn packed(plain: &[Plain]) -> Items {
    let mut items = Items::default();
    for (line, id, hit) in plain {
        match id {
            Ok(number) => items.push(*line, ItemId::Number(*number), *hit),
            Err(text) => items.push(*line, ItemId::Text(text), *hit),
        }
    }
    items.finish();
    items
}

fn expected(plain: &[Plain]) -> Vec<Plain> {
    let mut all = BTreeMap::new();
    for (line, id, hit) in plain {
        *all.entry((*line, id.is_err(), id.clone())).or_insert(false) |= *hit;
    }
    all.into_iter().map(|((line, _, id), hit)| (line, id, hit)).collect()
}

fn unpacked(items: &Items) -> Vec<Plain> {
    let id = |id: ItemId<'_>| match id {
        ItemId::Number(number) => Ok(number),
        ItemId::Text(text) => Err(text.to_vec()),
    };
    items.iter().map(|(line, item, hit)| (line, id(item), hit)).collect()
}

proptest! {
    #[test]
    fn what_is_pushed_comes_out_in_order_and_once(plain in plain_items()) {
        let items = packed(&plain);
        prop_assert_eq!(unpacked(&items), expected(&plain));
    }

    #[test]
    fn uniting_is_pushing_both(a in plain_items(), b in plain_items()) {
        let mut united = packed(&a);
        united.unite(packed(&b));
        let both: Vec<Plain> = a.iter().chain(&b).cloned().collect();
        prop_assert_eq!(unpacked(&united), expected(&both));
    }

    #[test]
    fn uniting_what_differs_only_in_hits(a in plain_items(), flips in prop::collection::vec(any::<bool>(), 40)) {
        let b: Vec<Plain> = a.iter().zip(&flips).map(|((line, id, _), hit)| (*line, id.clone(), *hit)).collect();
        let mut united = packed(&a);
        united.unite(packed(&b));
        let both: Vec<Plain> = a.iter().chain(&b).cloned().collect();
        prop_assert_eq!(unpacked(&united), expected(&both));
    }

    #[test]
    fn pushing_may_go_on_after_finishing(a in plain_items(), b in plain_items()) {
        let mut items = packed(&a);
        for (line, id, hit) in &b {
            match id {
                Ok(number) => items.push(*line, ItemId::Number(*number), *hit),
                Err(text) => items.push(*line, ItemId::Text(text), *hit),
            }
        }
        let taken = items.take_finished();
        let both: Vec<Plain> = a.iter().chain(&b).cloned().collect();
        prop_assert_eq!(unpacked(&taken), expected(&both));
        prop_assert!(items.is_empty());
    }
}
