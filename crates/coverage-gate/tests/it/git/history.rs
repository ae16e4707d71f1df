//! Merge bases, and clones that end before them.

use super::Repo;
use kit_git::observe::repository::MergeBase;

#[track_caller]
fn assert_agrees(repo: &Repo, a: &str, b: &str) {
    let expected = repo.git(&["merge-base", a, b]);
    assert_eq!(repo.open().merge_base(a, b).unwrap(), MergeBase::At(expected.clone()), "{a} {b}");
    assert_eq!(repo.open().merge_base(b, a).unwrap(), MergeBase::At(expected), "{b} {a}");
}

/// `main` with `common` commits, then `ahead` on it and `mine` on `topic`; `topic` is checked out.
fn forked(common: usize, ahead: usize, mine: usize) -> Repo {
    let repo = Repo::new();
    for number in 0..common {
        repo.commit_file("common.txt", format!("{number}\n"));
    }
    repo.git(&["branch", "topic"]);
    for number in 0..ahead {
        repo.commit_file("main.txt", format!("{number}\n"));
    }
    repo.git(&["checkout", "--quiet", "topic"]);
    for number in 0..mine {
        repo.commit_file("topic.txt", format!("{number}\n"));
    }
    repo
}

#[test]
fn the_merge_base_is_gits() {
    for (common, ahead, mine) in [(1, 0, 0), (1, 3, 0), (1, 0, 3), (2, 3, 4), (10, 1, 1)] {
        let repo = forked(common, ahead, mine);
        assert_agrees(&repo, "main", "topic");
    }
}

#[test]
fn merges_on_either_side_move_the_merge_base() {
    let repo = forked(2, 3, 3);
    repo.merge("main");
    repo.commit_file("topic.txt", "after the merge\n");
    assert_agrees(&repo, "main", "topic");
    repo.git(&["checkout", "--quiet", "main"]);
    repo.commit_file("main.txt", "later\n");
    repo.git(&["checkout", "--quiet", "-b", "third"]);
    repo.commit_file("third.txt", "x\n");
    repo.merge("topic");
    assert_agrees(&repo, "main", "third");
    assert_agrees(&repo, "topic", "third");
    assert_agrees(&repo, "topic", "main");
}

#[test]
fn criss_cross_merges_have_several_bases_of_which_one_is_taken_and_said() {
    let repo = forked(1, 1, 1);
    let (one, other) = (repo.id("main"), repo.id("topic"));
    repo.git(&["merge", "--quiet", "--no-ff", "--no-edit", &one]);
    repo.git(&["checkout", "--quiet", "main"]);
    repo.git(&["merge", "--quiet", "--no-ff", "--no-edit", &other]);
    repo.commit_file("main.txt", "on\n");
    assert_eq!(repo.git(&["merge-base", "--all", "main", "topic"]).lines().count(), 2);
    assert_agrees(&repo, "main", "topic");
    let opened = repo.open();
    opened.merge_base("main", "topic").unwrap();
    let notices = opened.take_notices();
    assert!(notices[0].contains("2 merge bases"), "{notices:?}");
    assert!(opened.take_notices().is_empty());
}

#[test]
fn commits_of_one_second_and_clocks_that_go_backwards_change_nothing() {
    for step in [0, -60] {
        let repo = Repo::new();
        let commit = |name: &str, content: &str, turn: i64| {
            repo.time_s.set(super::START_S + turn * step);
            repo.write(name, content);
            for arguments in [&["add", "--all"][..], &["commit", "--quiet", "--message=x"]] {
                super::git_bytes(repo.path(), arguments, repo.time_s.get());
            }
        };
        for turn in 0..6 {
            commit("a", &turn.to_string(), turn);
        }
        repo.git(&["checkout", "--quiet", "-b", "topic"]);
        for turn in 6..9 {
            commit("b", &turn.to_string(), turn);
        }
        repo.git(&["checkout", "--quiet", "main"]);
        for turn in 9..12 {
            commit("a", &turn.to_string(), turn);
        }
        assert_agrees(&repo, "main", "topic");
    }
}

#[test]
fn histories_with_nothing_in_common_are_told_apart_from_shallow_ones() {
    let repo = forked(1, 1, 1);
    repo.git(&["checkout", "--quiet", "--orphan", "alone"]);
    repo.commit("a new beginning");
    assert_eq!(repo.open().merge_base("main", "alone").unwrap(), MergeBase::Unrelated);
}

#[test]
fn a_shallow_clone_never_guesses() {
    let repo = forked(6, 4, 3);
    let expected = MergeBase::At(repo.git(&["merge-base", "main", "topic"]));
    for depth in 1..12 {
        let clone = repo.cloned(&["--quiet", "--no-single-branch", &format!("--depth={depth}")]);
        let opened = clone.open();
        let found = opened.merge_base("origin/main", "HEAD").unwrap();
        match found {
            MergeBase::At(_) => assert_eq!(found, expected, "depth {depth}"),
            MergeBase::Shallow { .. } => assert!(depth <= 4, "depth {depth} holds the merge base"),
            MergeBase::Unrelated => panic!("depth {depth} is taken for all of history"),
        }
        assert_eq!(opened.is_shallow(), depth < 10, "depth {depth}");
    }
}

#[test]
fn a_worse_base_than_the_true_one_is_never_given() {
    // topic merged an early state of main through a side branch and a late one through another: where the clone cuts the
    // second way off, the first would be a base that counts main's own lines as the change's.
    let repo = forked(2, 0, 0);
    repo.git(&["checkout", "--quiet", "main"]);
    for number in 0..8 {
        repo.commit_file("main.txt", format!("{number}\n"));
    }
    repo.git(&["checkout", "--quiet", "-b", "side", "main~1"]);
    for number in 0..5 {
        repo.commit_file("side.txt", format!("{number}\n"));
    }
    repo.git(&["checkout", "--quiet", "topic"]);
    repo.commit_file("topic.txt", "x\n");
    repo.merge("side");
    let expected = MergeBase::At(repo.git(&["merge-base", "main", "topic"]));
    assert_eq!(repo.open().merge_base("main", "topic").unwrap(), expected);
    for depth in 1..16 {
        let clone = repo.cloned(&["--no-single-branch", &format!("--depth={depth}")]);
        let found = clone.open().merge_base("origin/main", "HEAD").unwrap();
        assert!(found == expected || matches!(found, MergeBase::Shallow { .. }), "depth {depth}: {found:?}");
    }
}

#[test]
fn an_ancestor_is_certain_in_a_shallow_clone_too() {
    let repo = forked(6, 0, 2);
    repo.git(&["checkout", "--quiet", "main"]);
    let before = repo.id("HEAD");
    repo.merge("topic");
    let clone = repo.cloned(&["--depth=2"]);
    assert!(clone.open().is_shallow());
    assert_eq!(clone.open().merge_base(&before, "HEAD").unwrap(), MergeBase::At(before));
}

#[test]
fn a_parent_beyond_the_clone_is_unproven_and_not_unknown() {
    let repo = forked(4, 0, 0);
    let clone = repo.cloned(&["--depth=2"]);
    assert!(clone.open().resolve("HEAD^").unwrap().is_some());
    let error = clone.open().resolve("HEAD~2").unwrap_err().to_string();
    assert!(error.contains("--deepen"), "{error}");
    assert_eq!(repo.open().resolve("HEAD~9").unwrap(), None);
}

/// A fixed stream of numbers below a bound.
fn numbers(seed: u64) -> impl FnMut(usize) -> usize {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    move |below| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((state >> 33) as usize) % below
    }
}

/// Eighteen commits on a root, each with one or two parents among those shortly before it, written at once.
/// `skew_s`: how far clocks may be wrong.
fn random_history(next: &mut impl FnMut(usize) -> usize, skew_s: usize) -> (Repo, Vec<String>) {
    let repo = Repo::new();
    let mut stream = String::new();
    for mark in 1..=19_usize {
        let time_s = super::START_S + (mark * 60 + next(skew_s + 1)) as i64;
        stream += &format!("commit refs/heads/x\nmark :{mark}\ncommitter S <s@example.com> {time_s} +0000\ndata 0\n");
        if mark > 1 {
            let mut pick = || (mark - 1).saturating_sub(next(6)).max(1);
            let (one, other) = (pick(), pick());
            stream += &format!("from :{one}\n");
            if one != other && next(2) == 0 {
                stream += &format!("merge :{other}\n");
            }
        } else {
            stream += "M 100644 inline file\ndata 2\nx\n\n";
        }
        stream += "\n";
    }
    repo.write("stream", stream);
    let status = std::process::Command::new("git")
        .args(["-C", repo.path().to_str().unwrap(), "fast-import", "--quiet", "--force", "--export-marks=marks"])
        .stdin(std::fs::File::open(repo.at("stream")).unwrap())
        .status()
        .unwrap();
    assert!(status.success());
    let marks = std::fs::read_to_string(repo.at("marks")).unwrap();
    let commits: Vec<String> = marks.lines().map(|line| line.split(' ').nth(1).unwrap().to_owned()).collect();
    assert_eq!(commits.len(), 19);
    (repo, commits)
}

#[test]
fn random_histories_agree_with_git() {
    // With clocks that are wrong, git itself may print any of the best.
    for (seed, skew_s) in (0..10).map(|seed| (seed, 0)).chain((10..45).map(|seed| (seed, 2000))) {
        let mut next = numbers(seed);
        let (repo, commits) = random_history(&mut next, skew_s);
        let opened = repo.open();
        for _ in 0..6 {
            let (a, b) = (&commits[next(19)], &commits[next(19)]);
            let all = repo.git(&["merge-base", "--all", a, b]);
            let MergeBase::At(found) = opened.merge_base(a, b).unwrap() else { panic!("seed {seed}: {a} {b}") };
            assert!(all.lines().any(|line| line == found), "seed {seed}: {found} is none of {all}");
            if skew_s == 0 {
                assert_eq!(found, repo.git(&["merge-base", a, b]), "seed {seed}");
            }
        }
    }
}
