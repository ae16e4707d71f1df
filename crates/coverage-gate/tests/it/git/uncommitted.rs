//! Edits that are in no commit yet, told apart as `git status` does.

use super::{Repo, lines};
use std::time::{Duration, SystemTime};

#[track_caller]
fn assert_edited(repo: &Repo, expected: &[&str]) {
    assert_eq!(repo.open().uncommitted().unwrap(), expected);
    let status = repo.git(&["status", "--porcelain", "--untracked-files=no", "--no-renames"]);
    let told: Vec<&str> = status.lines().filter_map(|line| line.get(3..)).collect();
    assert_eq!(told, expected, "git says");
}

fn repo() -> Repo {
    let repo = Repo::new();
    for name in ["a", "dir/b", "dir/deep/c", "d", "e", "f", "gone"] {
        repo.write(name, lines(1, 9));
    }
    std::os::unix::fs::symlink("a", repo.at("link")).unwrap();
    repo.commit("before");
    repo
}

/// Sets a file's time without touching its content.
fn set_time(repo: &Repo, name: &str, time: SystemTime) {
    std::fs::File::options().append(true).open(repo.at(name)).unwrap().set_modified(time).unwrap();
}

#[test]
fn edits_staged_or_not_are_named() {
    let repo = repo();
    assert_edited(&repo, &[]);
    repo.write("untracked", "x");
    set_time(&repo, "e", SystemTime::now() - Duration::from_secs(3600));
    repo.write("f", lines(1, 9));
    // Another size; the same size and other content; a staged edit; a staged deletion; a deletion; a new file; a link.
    repo.write("a", "x").write("dir/b", lines(1, 9).replace("number 3", "nimber 3"));
    set_time(&repo, "dir/b", SystemTime::now() + Duration::from_secs(60));
    repo.write("dir/deep/c", lines(1, 8)).git(&["add", "dir/deep/c"]);
    repo.git(&["rm", "--quiet", "d"]);
    std::fs::remove_file(repo.at("gone")).unwrap();
    repo.write("new", "x").git(&["add", "new"]);
    std::fs::remove_file(repo.at("link")).unwrap();
    std::os::unix::fs::symlink("b", repo.at("link")).unwrap();
    let mut edited = ["a", "d", "dir/b", "dir/deep/c", "gone", "link", "new"];
    edited.sort_unstable();
    assert_eq!(repo.open().uncommitted().unwrap(), edited);
    repo.commit("after");
    assert_edited(&repo, &[]);
    repo.write("a", "y");
    assert_edited(&repo, &["a"]);
    repo.git(&["update-index", "--assume-unchanged", "a"]);
    assert_edited(&repo, &[]);
}

#[test]
fn a_copied_checkout_and_a_fresh_clone_have_no_edits() {
    let repo = repo();
    let clone = repo.cloned(&[]);
    assert_edited(&clone, &[]);
    for name in ["a", "dir/b", "dir/deep/c"] {
        set_time(&clone, name, SystemTime::now() - Duration::from_secs(86_400));
    }
    assert_eq!(clone.open().uncommitted().unwrap(), [""; 0]);
    clone.git(&["read-tree", "HEAD"]);
    assert_eq!(clone.open().uncommitted().unwrap(), [""; 0], "an index that knows no times");
    assert_eq!(Repo::new().open().uncommitted().unwrap(), [""; 0]);
}

#[test]
fn a_sparse_index_has_no_edits_of_its_own() {
    let repo = repo();
    repo.git(&["sparse-checkout", "set", "--cone", "--sparse-index", "other"]);
    assert_eq!(repo.open().uncommitted().unwrap(), [""; 0]);
    repo.write("a", "x");
    assert_eq!(repo.open().uncommitted().unwrap(), ["a"]);
}
