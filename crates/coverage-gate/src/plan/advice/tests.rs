use super::*;

fn line_range(first: u32, last: u32) -> LineRange {
    LineRange { first, last }
}

fn candidate(path: &str, lines: &[u32], ranges: &[(u32, u32)]) -> Candidate<'static> {
    let ranges: Vec<LineRange> = ranges.iter().map(|(first, last)| line_range(*first, *last)).collect();
    Candidate::of_lines(Box::leak(path.to_owned().into_boxed_str()), lines.to_vec(), &ranges)
}

fn places(advice: &Advice) -> Vec<String> {
    advice.places.iter().map(|place| format!("{}:{}-{}", place.path, place.lines.first, place.lines.last)).collect()
}

#[test]
fn a_whole_range_that_fits_comes_first() {
    let one = candidate("a", &[1, 2, 3, 10, 12, 20], &[(1, 3), (10, 12), (20, 20)]);
    for (needed, expected) in [(1, "a:20-20"), (2, "a:10-12"), (3, "a:1-3")] {
        let advice = advise(needed, std::slice::from_ref(&one)).unwrap();
        assert_eq!((advice.needed, places(&advice)), (Needed::Lines(needed), vec![expected.to_owned()]));
    }
    assert_eq!(places(&advise(4, std::slice::from_ref(&one)).unwrap()), ["a:1-3", "a:20-20"]);
    assert_eq!(places(&advise(5, std::slice::from_ref(&one)).unwrap()), ["a:1-3", "a:10-12"]);
    assert_eq!(advise(0, std::slice::from_ref(&one)), None);
    assert_eq!(advise(1, &[]), None);
}

#[test]
fn part_of_a_longer_range_is_better_than_two() {
    let one = candidate("a", &[1, 2, 3, 4, 5, 10], &[(1, 5), (10, 10)]);
    assert_eq!(places(&advise(2, &[one]).unwrap()), ["a:1-2"]);
}

#[test]
fn one_file_is_better_than_two() {
    let candidates =
        [candidate("a", &[1, 3, 5], &[(1, 1), (3, 3), (5, 5)]), candidate("b", &[1, 2, 3, 9], &[(1, 3), (9, 9)])];
    assert_eq!(places(&advise(3, &candidates).unwrap()), ["b:1-3"]);
    assert_eq!(places(&advise(1, &candidates).unwrap()), ["a:1-1"], "of equals, the first");
    assert_eq!(places(&advise(5, &candidates).unwrap()).len(), 3, "both are needed");
}

#[test]
fn no_more_places_than_a_message_holds() {
    let lines: Vec<u32> = (1..=50).map(|line| line * 2).collect();
    let ranges: Vec<(u32, u32)> = lines.iter().map(|line| (*line, *line)).collect();
    let advice = advise(30, &[candidate("a", &lines, &ranges)]).unwrap();
    assert_eq!((advice.needed, advice.places.len()), (Needed::Lines(30), MAX_PLACES));
}

#[test]
fn the_need_is_the_smallest_that_holds() {
    let share = Share { covered: 3, coverable: 10 };
    assert_eq!(needed(share, |share| share.covered >= 7), 4);
    assert_eq!(needed(share, |share| share.covered >= 3), 0);
    assert_eq!(needed(share, |share| share.covered >= 11), 0, "it can't be reached");
}
