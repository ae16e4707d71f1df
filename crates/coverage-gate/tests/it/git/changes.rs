//! What a change changes.

use super::{Repo, lines};
use kit_git::plan::diff::{Change, ChangedFile};

/// `path`, where it was, what happened, and how many lines went and came.
fn summary(files: &[ChangedFile]) -> Vec<String> {
    files
        .iter()
        .map(|file| {
            let (mut old, mut new) = (0, 0);
            for hunk in &file.hunks {
                (old, new) = (old + hunk.old.len(), new + hunk.new.len());
            }
            let from = file.old_path.as_deref().map_or_else(String::new, |from| format!(" from {from}"));
            format!("{}{from}: {:?} -{old} +{new}", file.path, file.change)
        })
        .collect()
}

#[track_caller]
fn assert_changes(repo: &Repo, expected: &[&str]) {
    assert_eq!(summary(&repo.open().diff("HEAD^", "HEAD").unwrap()), expected);
}

#[test]
fn files_come_go_and_change() {
    let repo = Repo::new();
    repo.write("kept", "x\n").write("gone", lines(1, 4)).write("dir/changed", lines(1, 9)).commit("before");
    std::fs::remove_file(repo.at("gone")).unwrap();
    repo.write("dir/changed", lines(1, 4) + "other\n" + &lines(6, 9) + "more\n")
        .write("new/file", "a\nb\n")
        .commit("after");
    assert_changes(&repo, &["dir/changed: Modified -1 +2", "gone: Deleted -4 +0", "new/file: Added -0 +2"]);
    let files = repo.open().diff("HEAD^", "HEAD").unwrap();
    let hunks: Vec<_> = files[0].hunks.iter().map(|hunk| (hunk.old_first, hunk.new_first, hunk.new.clone())).collect();
    assert_eq!(hunks, [(5, 5, vec!["other".to_owned()]), (10, 10, vec!["more".to_owned()])]);
}

#[test]
fn line_ends_count_as_git_counts_them() {
    let repo = Repo::new();
    repo.write("crlf", "a\r\nb\r\n")
        .write("end", "a\nb")
        .write("to_crlf", "a\nb\n")
        .write("empty", "")
        .commit("before");
    repo.write("crlf", "a\r\nc\r\n")
        .write("end", "a\nb\n")
        .write("to_crlf", "a\r\nb\r\n")
        .write("empty", "x")
        .commit("after");
    assert_changes(
        &repo,
        &["crlf: Modified -1 +1", "empty: Modified -0 +1", "end: Modified -1 +1", "to_crlf: Modified -2 +2"],
    );
    let files = repo.open().diff("HEAD^", "HEAD").unwrap();
    assert_eq!(files[0].hunks[0].new, ["c"]);
}

#[test]
fn a_mode_alone_is_a_change_without_lines() {
    let repo = Repo::new();
    repo.commit_file("run.sh", "true\n");
    repo.git(&["update-index", "--chmod=+x", "run.sh"]);
    repo.git(&["commit", "--quiet", "--message=x"]);
    assert_changes(&repo, &["run.sh: Modified -0 +0"]);
}

#[test]
fn renames_are_found_pure_edited_and_by_folder() {
    let repo = Repo::new();
    repo.write("pure.rs", lines(1, 30)).write("edited.rs", lines(100, 130)).write("rewritten.rs", lines(200, 230));
    for name in ["a", "b", "c"] {
        repo.write(&format!("old/{name}.rs"), format!("// {name}\n{}", lines(300, 320)));
    }
    repo.commit("before");
    repo.git(&["mv", "pure.rs", "moved.rs"]);
    repo.git(&["mv", "old", "new"]);
    std::fs::remove_file(repo.at("edited.rs")).unwrap();
    std::fs::remove_file(repo.at("rewritten.rs")).unwrap();
    repo.write("sub/edited2.rs", lines(100, 125) + "changed\n" + &lines(127, 130));
    repo.write("fresh.rs", lines(900, 930));
    repo.write("new/b.rs", format!("// b\n{}more\n", lines(300, 320)));
    repo.commit("after");
    assert_changes(
        &repo,
        &[
            "fresh.rs: Added -0 +31",
            "moved.rs from pure.rs: Renamed -0 +0",
            "new/a.rs from old/a.rs: Renamed -0 +0",
            "new/b.rs from old/b.rs: Renamed -0 +1",
            "new/c.rs from old/c.rs: Renamed -0 +0",
            "rewritten.rs: Deleted -31 +0",
            "sub/edited2.rs from edited.rs: Renamed -1 +1",
        ],
    );
    let git = repo.git(&["diff", "--name-status", "-M", "HEAD^", "HEAD"]);
    let renamed: Vec<&str> = git.lines().filter(|line| line.starts_with('R')).collect();
    assert_eq!(renamed.len(), 5, "{git}");
}

#[test]
fn a_rename_needs_half_the_file() {
    for (kept, is_renamed) in [(40, false), (60, true)] {
        let repo = Repo::new();
        repo.commit_file("one.rs", lines(1000, 1099));
        std::fs::remove_file(repo.at("one.rs")).unwrap();
        repo.commit_file("two.rs", lines(1000, 999 + kept) + &lines(2000, 2099 - kept));
        let files = repo.open().diff("HEAD^", "HEAD").unwrap();
        assert_eq!(files.iter().any(|file| file.change == Change::Renamed), is_renamed, "{kept}");
        let git = repo.git(&["diff", "--name-status", "-M", "HEAD^", "HEAD"]);
        assert_eq!(git.starts_with('R'), is_renamed, "{git}");
    }
}

#[test]
fn the_most_alike_are_paired() {
    let repo = Repo::new();
    repo.write("x/1.rs", lines(1, 40)).write("x/2.rs", lines(1, 30) + &lines(50, 60)).commit("before");
    std::fs::remove_dir_all(repo.at("x")).unwrap();
    repo.write("y/p.rs", lines(1, 30) + &lines(50, 59)).write("y/q.rs", lines(1, 39)).commit("after");
    assert_changes(&repo, &["y/p.rs from x/2.rs: Renamed -1 +0", "y/q.rs from x/1.rs: Renamed -1 +0"]);
}

/// The pairs that git finds, as `new < old`.
fn renamed_by_git(repo: &Repo) -> Vec<String> {
    let text = repo.git(&["diff", "--name-status", "-M", "HEAD^", "HEAD"]);
    let mut pairs: Vec<String> = text
        .lines()
        .filter_map(|line| {
            let mut fields = line.split('\t').skip_while(|field| !field.starts_with('R')).skip(1);
            let old = fields.next()?;
            Some(format!("{} < {old}", fields.next()?))
        })
        .collect();
    pairs.sort();
    pairs
}

fn renamed(repo: &Repo) -> Vec<String> {
    let files = repo.open().diff("HEAD^", "HEAD").unwrap();
    files.iter().filter_map(|file| Some(format!("{} < {}", file.path, file.old_path.as_ref()?))).collect()
}

#[test]
fn a_unique_name_that_stays_goes_before_a_greater_likeness() {
    let repo = Repo::new();
    repo.write("old/kept.rs", lines(100, 199)).commit("before");
    std::fs::remove_file(repo.at("old/kept.rs")).unwrap();
    repo.write("new/kept.rs", lines(100, 181) + &lines(500, 517))
        .write("new/other.rs", lines(100, 198))
        .commit("after");
    assert_eq!(renamed(&repo), ["new/kept.rs < old/kept.rs"]);
    assert_eq!(renamed_by_git(&repo), renamed(&repo));
}

#[test]
fn files_that_are_the_same_are_paired_by_name() {
    let repo = Repo::new();
    repo.write("m/1.rs", lines(1, 9)).write("n/2.rs", lines(1, 9)).commit("before");
    repo.git(&["rm", "--quiet", "-r", "m", "n"]);
    repo.write("p/2.rs", lines(1, 9)).write("q/1.rs", lines(1, 9)).commit("after");
    assert_eq!(renamed(&repo), ["p/2.rs < n/2.rs", "q/1.rs < m/1.rs"]);
    assert_eq!(renamed_by_git(&repo), renamed(&repo));
}

#[test]
fn swapped_names_are_two_changes() {
    let repo = Repo::new();
    repo.write("a", lines(1, 20)).write("b", lines(101, 120)).commit("before");
    repo.write("b", lines(1, 20)).write("a", lines(101, 120)).commit("after");
    assert_changes(&repo, &["a: Modified -20 +20", "b: Modified -20 +20"]);
}

#[test]
fn too_many_renames_are_said() {
    let repo = Repo::new();
    for number in 0..1100 {
        repo.write(&format!("old/{number}"), format!("the number {number}\nis here\n"));
    }
    repo.commit("before");
    std::fs::remove_dir_all(repo.at("old")).unwrap();
    for number in 0..1100 {
        repo.write(&format!("new/x{number}"), format!("the number {number}\nis there now\n"));
    }
    repo.commit("after");
    let opened = repo.open();
    let files = opened.diff("HEAD^", "HEAD").unwrap();
    assert_eq!(files.len(), 2200);
    assert!(opened.take_notices()[0].contains("too many to find every rename"));
}

#[test]
fn links_submodules_and_files_turn_into_each_other() {
    let inner = Repo::new();
    inner.commit_file("file", "x\n");
    let repo = Repo::new();
    repo.write("file_to_link", lines(1, 3)).write("target", "t\n").write("dir_to_file/x", "x\n").write("gone_link", "");
    std::fs::remove_file(repo.at("gone_link")).unwrap();
    std::os::unix::fs::symlink("target", repo.at("gone_link")).unwrap();
    std::os::unix::fs::symlink("target", repo.at("link_to_file")).unwrap();
    repo.git(&["submodule", "--quiet", "add", inner.path().to_str().unwrap(), "lib"]);
    repo.commit("before");
    inner.commit_file("file", "y\n");
    let id = inner.id("HEAD");
    repo.git(&["update-index", "--cacheinfo", &format!("160000,{id},lib")]);
    for name in ["file_to_link", "link_to_file", "gone_link", "dir_to_file/x"] {
        std::fs::remove_file(repo.at(name)).unwrap();
    }
    std::fs::remove_dir(repo.at("dir_to_file")).unwrap();
    std::os::unix::fs::symlink("target", repo.at("file_to_link")).unwrap();
    repo.write("link_to_file", "now\na file\n").write("dir_to_file", "y\n");
    repo.git(&["add", "--all", "--", ".", ":!lib"]);
    repo.git(&["commit", "--quiet", "--message=after"]);
    assert_changes(
        &repo,
        &[
            "dir_to_file: Added -0 +1",
            "dir_to_file/x: Deleted -1 +0",
            "file_to_link: Link -0 +0",
            "gone_link: Deleted -0 +0",
            "lib: Submodule -0 +0",
            "link_to_file: Added -0 +2",
        ],
    );
}

#[test]
fn what_is_no_text_has_no_lines_and_what_becomes_text_has_all() {
    let repo = Repo::new();
    let binary = b"\x00\x01binary".as_slice();
    repo.write("changed.bin", binary).write("to_text", binary).write("gone.bin", binary).write("to_binary", "x\n");
    repo.commit("before");
    std::fs::remove_file(repo.at("gone.bin")).unwrap();
    repo.write("changed.bin", b"\x00\x02other bytes").write("to_text", "a\nb\n").write("to_binary", binary);
    repo.write("new.bin", [&[0_u8][..], &[7; 100]].concat()).commit("after");
    assert_changes(
        &repo,
        &[
            "changed.bin: Binary -0 +0",
            "gone.bin: Deleted -0 +0",
            "new.bin: Binary -0 +0",
            "to_binary: Binary -0 +0",
            "to_text: Modified -0 +2",
        ],
    );
}

#[test]
fn files_beyond_16_mib_are_not_compared() {
    let repo = Repo::new();
    let large = "0123456789abcdef\n".repeat(1 << 20);
    repo.commit_file("large", &large);
    repo.commit_file("large", large + "more\n");
    assert_changes(&repo, &["large: Binary -0 +0"]);
    assert!(repo.open().file_at("HEAD", "large").unwrap_err().to_string().contains("larger than"));
}

#[test]
fn odd_names_are_shown_and_bytes_that_are_no_utf8_replaced() {
    use std::os::unix::ffi::OsStrExt;
    let repo = Repo::new();
    repo.commit("root");
    repo.write("with blank/ä \"quoted\".rs", "x\n").write("tab\there", "x\n");
    std::fs::write(repo.path().join(std::ffi::OsStr::from_bytes(b"latin-\xe4.rs")), "x\n").unwrap();
    repo.commit("names");
    let files = repo.open().diff("HEAD^", "HEAD").unwrap();
    let paths: Vec<&str> = files.iter().map(|file| file.path.as_str()).collect();
    assert_eq!(paths, ["latin-\u{fffd}.rs", "tab\there", "with blank/ä \"quoted\".rs"]);
    assert_eq!(repo.open().tracked().unwrap(), paths);
}

#[test]
fn lines_map_from_the_tested_merge_to_the_source_commit() {
    let repo = Repo::new();
    repo.commit_file("a.rs", lines(1, 20));
    repo.git(&["checkout", "--quiet", "-b", "topic"]);
    let source = repo.commit_file("a.rs", lines(1, 15) + "mine\n" + &lines(16, 20));
    repo.git(&["checkout", "--quiet", "main"]);
    repo.commit_file("a.rs", format!("top 1\ntop 2\n{}", lines(1, 20)));
    repo.git(&["checkout", "--quiet", "topic"]);
    repo.merge("main");
    let map = repo.open().lines_map(("HEAD", "a.rs"), (&source, "a.rs")).unwrap().unwrap();
    assert_eq!(map.line(18), Some(16), "the line that is mine");
    assert_eq!(map.line(3), Some(1));
    assert_eq!(map.line(23), Some(21));
    assert_eq!([map.line(0), map.line(1), map.line(2), map.line(24), map.line(u32::MAX)], [None; 5]);
    assert_eq!(repo.open().lines_map(("HEAD", "a.rs"), (&source, "b.rs")).unwrap(), None);
}

#[test]
fn a_tree_of_the_same_tree_ends() {
    // 2^40 files in forty trees, each holding the one before it twice.
    let repo = Repo::new();
    repo.commit_file("seed", "x\n");
    let blob = repo.git(&["rev-parse", "HEAD:seed"]);
    let mut entry = format!("100644 blob {blob}");
    for _ in 0..40 {
        let input = repo.at("input");
        std::fs::write(&input, format!("{entry}\ta\n{entry}\tb\n")).unwrap();
        let output = std::process::Command::new("git")
            .arg("-C")
            .arg(repo.path())
            .arg("mktree")
            .stdin(std::fs::File::open(&input).unwrap())
            .output()
            .unwrap();
        entry = format!("040000 tree {}", String::from_utf8(output.stdout).unwrap().trim());
    }
    let tree = entry.rsplit(' ').next().unwrap();
    let bomb = repo.git(&["commit-tree", "-m", "bomb", "-p", "HEAD", tree]);
    let error = repo.open().diff("HEAD", &bomb).unwrap_err().to_string();
    assert!(error.contains("more than"), "{error}");
}
