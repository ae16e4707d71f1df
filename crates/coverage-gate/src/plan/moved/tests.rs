use super::super::diff::Hunk;
use super::super::testing::{changed, diff, hunk, lines};
use super::*;
use proptest::prelude::*;

fn removed_and_added(old: &[&str], new: &[&str]) -> Diff {
    diff(vec![
        changed("a.php", Change::Modified, vec![hunk(10, old, 10, &[])]),
        changed("b.php", Change::Modified, vec![hunk(5, &[], 5, new)]),
    ])
}

#[test]
fn a_block_that_stands_elsewhere_is_moved() {
    let code = ["function total() {", "    return $this->sum;  ", "}"];
    let moved =
        find(&removed_and_added(&code, &["", "function total() {\t", "    return $this->sum;", "}", "$new = 1;"]));
    assert_eq!(moved.added(1), [6, 7, 8]);
    assert_eq!([9, 10, 11, 12, 13].map(|line| moved.is_removed(0, line)), [false, true, true, true, false]);
    assert!(moved.is_added(1, 6) && !moved.is_added(1, 9) && !moved.is_added(0, 6) && !moved.is_added(7, 6));
}

#[test]
fn an_accident_is_no_block() {
    for short in [&["return 1;"][..], &["}", "", "}", "return 1;"], &["a();", "b();"], &["}", "}", "}"], &["", "", ""]]
    {
        let moved = find(&removed_and_added(short, short));
        assert_eq!(moved.added(1), [0u32; 0], "{short:?}");
    }
    // Three lines with a letter, or twenty letters and digits.
    assert_eq!(find(&removed_and_added(&["a();", "b();", "c();"], &["a();", "b();", "c();"])).added(1), [5, 6, 7]);
    let one = ["return $this->calculateTotal($order);"];
    assert_eq!(find(&removed_and_added(&one, &one)).added(1), [5]);
    let other_indent = ["  return $this->calculateTotal($order);"];
    assert_eq!(find(&removed_and_added(&one, &other_indent)).added(1), [0u32; 0]);
}

#[test]
fn a_removed_line_is_used_once() {
    let code = ["return $this->calculateTotal($order);"];
    let moved = find(&removed_and_added(&code, &[code[0], "other();", code[0]]));
    assert_eq!(moved.added(1), [5]);
}

#[test]
fn brackets_before_a_block_move_with_it_and_the_longest_run_wins() {
    let code = ["{", "    $a = firstThing();", "    $b = secondThing();", "}"];
    assert_eq!(find(&removed_and_added(&code, &code)).added(1), [5, 6, 7, 8]);
    let twice = ["$a = firstThingToDoHere();", "x", "$a = firstThingToDoHere();", "$b = secondThingToDoHere();"];
    let moved = find(&removed_and_added(&twice, &twice[2..]));
    assert_eq!([10, 11, 12, 13].map(|line| moved.is_removed(0, line)), [false, false, true, true]);
}

#[test]
fn runs_end_with_their_hunk_and_copies_remove_nothing() {
    let first = ["$a = firstThing($one);", "$b = secondThing($two);"];
    let mut of_two_hunks = removed_and_added(&[], &first);
    of_two_hunks.files[0].hunks =
        vec![hunk(1, &first[..1], 1, &[]), hunk(40, &["other"], 39, &[]), hunk(50, &first[1..], 48, &[])];
    let moved = find(&of_two_hunks);
    assert!(moved.added(1).is_empty(), "neither line alone is a block");
    let code = ["return $this->calculateTotal($order);"];
    let mut copied = removed_and_added(&code, &code);
    copied.files[0].change = Change::Copied;
    assert!(find(&copied).added(1).is_empty());
}

#[test]
fn the_order_of_files_does_not_matter() {
    let text = lines(6);
    let text: Vec<&str> = text.iter().map(String::as_str).collect();
    let one = diff(vec![
        changed("a", Change::Deleted, vec![hunk(1, &text, 0, &[])]),
        changed("b", Change::Added, vec![hunk(0, &[], 1, &text[..4])]),
        changed("c", Change::Added, vec![hunk(0, &[], 1, &text[1..])]),
    ]);
    let mut other = one.clone();
    other.files.reverse();
    let (one, other) = (find(&one), find(&other));
    assert_eq!([one.added(0), one.added(1), one.added(2)], [other.added(2), other.added(1), other.added(0)]);
    assert_eq!(one.added(1).len() + one.added(2).len(), 6);
}

/// In quadratic time this would take hours.
#[test]
fn common_lines_take_linear_time() {
    for line in ["", "}", "        return null; // nothing here"] {
        let many: Vec<&str> = std::iter::repeat_n(line, 100_000).chain(["end"]).collect();
        let apart: Vec<&str> = (0..100_000).map(|at| if at % 2 == 0 { line } else { "x" }).collect();
        for (old, new) in [(&many, &many), (&apart, &many), (&many, &apart)] {
            let moved = find(&removed_and_added(old, new));
            assert_eq!(moved.added(1).is_empty(), !line.contains("return"));
        }
    }
}

fn any_lines() -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec("[ab}]?|longer line of code [12]|return \\$this;", 0..12)
}

proptest! {
    #[test]
    fn what_is_moved_was_there_and_once(hunks in prop::collection::vec((any_lines(), any_lines()), 1..5)) {
        let files = hunks.iter().enumerate().map(|(at, (old, new))| {
            let hunk = Hunk { old_first: 1, old: old.clone(), new_first: 1, new: new.clone() };
            changed(&format!("f{at}"), Change::Modified, vec![hunk])
        });
        let diff = diff(files.collect());
        let moved = find(&diff);
        let text = |old: bool| {
            let mut texts: Vec<&str> = Vec::new();
            for (at, file) in diff.files.iter().enumerate() {
                let lines = if old { &moved.removed[at] } else { &moved.added[at] };
                let of = if old { &file.hunks[0].old } else { &file.hunks[0].new };
                prop_assert!(lines.windows(2).all(|pair| pair[0] < pair[1]), "each line once");
                texts.extend(lines.iter().map(|line| of[*line as usize - 1].trim_end()));
            }
            texts.sort_unstable();
            Ok(texts)
        };
        prop_assert_eq!(text(true)?, text(false)?);
    }
}
