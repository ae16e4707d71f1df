use super::*;
use proptest::prelude::*;
use std::collections::BTreeSet;

const PATHS: [&str; 8] = ["a.js", "d/b.js", "c.js", "d/e/f.js", "g.png", "h.html", "d/i.html", "j.js"];

/// A reference from one file to another: `None` to nothing that there is.
type Edge = (usize, usize, u8);

fn relative(from: &str, to: &str) -> String {
    format!("{}{to}", "../".repeat(from.matches('/').count()))
}

fn tree(present: &[bool], edges: &[Edge], contents: &[u8]) -> Toy {
    let mut toy = Toy::default();
    for (at, path) in PATHS.iter().enumerate().filter(|(at, _)| present[*at]) {
        let mut text = format!("{}:", contents[at]);
        for (_, to, kind) in edges.iter().filter(|(from, _, _)| *from == at && !path.ends_with(".png")) {
            let url = relative(path, PATHS[*to]);
            // What is not there may be demanded only seldom, or most trees would be refused.
            let kind = if present[*to] || *kind == 0 { *kind } else { 2 };
            text.push_str(&match kind {
                0 | 1 => format!("@{{{url}}}"),
                2 => format!("?{{{url}?#iefix}}"),
                3 => format!("@{{/{}}}", PATHS[*to]),
                _ => format!("?{{{url} sha384-}}"),
            });
        }
        toy.files.insert((*path).to_owned(), text.into_bytes());
    }
    toy
}

fn trees() -> impl Strategy<Value = (Vec<bool>, Vec<Edge>, Vec<u8>)> {
    let edge = (0..PATHS.len(), 0..PATHS.len(), 0_u8..5);
    (
        proptest::collection::vec(proptest::bool::weighted(0.85), PATHS.len()),
        proptest::collection::vec(edge, 0..12),
        proptest::collection::vec(0_u8..3, PATHS.len()),
    )
}

/// Files that reach `to` by edges which carry a name or bytes.
fn ancestors(toy: &Toy, named: &Named, to: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::from([to.to_owned()]);
    loop {
        let before = found.len();
        for (path, outcome) in toy.files.keys().zip(&named.files) {
            if outcome.names.iter().any(|name| found.contains(name)) {
                found.insert(path.clone());
            }
        }
        if found.len() == before {
            return found;
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// What is published names only what is published, with right integrity values; naming it again changes nothing.
    #[test]
    fn the_output_stands_by_itself((present, edges, contents) in trees()) {
        let mut toy = tree(&present, &edges, &contents);
        let named = toy.run(all_but_html, None);
        prop_assume!(named.problems.is_empty());
        let mut out = toy.published(&named);
        prop_assert_eq!(out.files.len(), toy.files.len());
        let again = out.run(|_| false, None);
        prop_assert_eq!(&again.problems, &[]);
        prop_assert!(again.files.iter().all(|file| file.replacements.is_empty()));
        // Nothing but references changed, and sizes and digests are those of the bytes.
        for (outcome, bytes) in named.files.iter().map(|outcome| (outcome, &out.files[&outcome.name])) {
            prop_assert_eq!(outcome.sha256, Digest::of(bytes));
            prop_assert_eq!(outcome.size, bytes.len() as u64);
        }
        prop_assert_eq!(toy.run(all_but_html, None), named);
    }

    /// A change of one file changes it and what names it, directly or not, and nothing else.
    #[test]
    fn a_change_changes_exactly_the_ancestors((present, edges, contents) in trees(), at in 0..PATHS.len()) {
        let mut present = present;
        present[at] = true;
        let mut toy = tree(&present, &edges, &contents);
        let before = toy.run(all_but_html, None);
        prop_assume!(before.problems.is_empty());
        toy.files.get_mut(PATHS[at]).unwrap().push(b'!');
        let after = toy.run(all_but_html, None);
        let expected = ancestors(&toy, &before, PATHS[at]);
        for ((path, old), new) in toy.files.keys().zip(&before.files).zip(&after.files) {
            let page = !all_but_html(path);
            // The bytes of a page that others hold an integrity of change those, its name does not.
            let reached = expected.contains(path);
            if page || reached {
                prop_assert!(!page || old.name == new.name);
                prop_assert_eq!(old.sha256 != new.sha256 || old.name != new.name, reached || old.sha256 != new.sha256, "{}", path);
            }
            if !reached {
                prop_assert_eq!(&old.name, &new.name, "{}", path);
                prop_assert_eq!(&old.sha256, &new.sha256, "{}", path);
            } else {
                prop_assert_ne!((&old.name, &old.sha256), (&new.name, &new.sha256), "{}", path);
            }
        }
    }

    /// With the record of any earlier tree the outcome is the same as without, over several releases.
    #[test]
    fn the_record_changes_nothing(releases in proptest::collection::vec(trees(), 2..4), mixes in proptest::collection::vec(0_u8..4, 2..4)) {
        let mut last: Option<(Toy, Record)> = None;
        let (mut present, mut edges, mut contents) = releases[0].clone();
        for ((new_present, new_edges, new_contents), mix) in releases.into_iter().zip(mixes.into_iter().cycle()) {
            // Most releases change little.
            match mix {
                0 => present = new_present,
                1 => edges.extend(new_edges.into_iter().take(1)),
                2 => { edges.pop(); contents[0] = new_contents[0]; }
                _ => contents[usize::from(new_contents[0])] = new_contents[1],
            }
            let mut toy = tree(&present, &edges, &contents);
            let full = toy.run(all_but_html, None);
            let next = toy.run(all_but_html, last.as_ref().map(|(_, record)| record));
            prop_assert_eq!(&full.problems, &next.problems);
            if !full.problems.is_empty() {
                continue;
            }
            for (a, b) in full.files.iter().zip(&next.files) {
                prop_assert_eq!((&a.name, a.sha256, a.size), (&b.name, b.sha256, b.size));
                if !b.reused {
                    prop_assert_eq!(a, b);
                }
            }
            let record = toy.record(&next, last.as_ref().map(|(_, record)| record));
            let from_full = toy.record(&full, None);
            prop_assert_eq!(&record, &from_full);
            last = Some((toy, record));
        }
    }
}
