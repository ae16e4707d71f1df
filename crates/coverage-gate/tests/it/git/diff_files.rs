//! Diffs as git and diff write them, read back: the same as comparing the commits.

use super::{Repo, git_bytes, lines};
use coverage_gate::observe::diff_file::parse;
use kit_git::plan::diff::{Change, ChangedFile};

/// A change with everything in it.
fn eventful() -> Repo {
    let repo = Repo::new();
    repo.write("changed.rs", lines(1, 60)).write("gone.rs", lines(1, 3)).write("moved.rs", lines(100, 140));
    repo.write("with blank/and ä.rs", "x\n")
        .write("mode.sh", "x\n")
        .write("no_end", "a\nb")
        .write("crlf", "a\r\nb\r\n");
    repo.write("binary", b"\x00\x01")
        .write("a/b.rs", "1\n")
        .write("b/b.rs", "1\n")
        .write("sql.sql", "-- one\n-- two\n");
    repo.write("emptied", "x\n").write("pure.rs", lines(300, 310)).write("quote\".rs", "x\n").commit("before");
    std::fs::remove_file(repo.at("gone.rs")).unwrap();
    repo.git(&["mv", "moved.rs", "to here.rs"]);
    repo.git(&["mv", "pure.rs", "src.rs"]);
    repo.write("to here.rs", lines(100, 120) + "++ other\n" + &lines(122, 140));
    repo.write("changed.rs", lines(1, 9) + "ten\n" + &lines(11, 40) + &lines(43, 60) + "end\nof it\n");
    repo.write("with blank/and ä.rs", "x\ny\n").write("no_end", "a\nc\n").write("crlf", "a\r\nc\r\n");
    repo.write("binary", b"\x00\x02")
        .write("a/b.rs", "2\n")
        .write("b/b.rs", "2\n")
        .write("sql.sql", "-- one\n- - three\n");
    repo.write("emptied", "").write("new.rs", "1\n2\n").write("empty.rs", "").write("quote\".rs", "y\n");
    repo.write("with blank/new file", "1\n").write("b/new.rs", "n\n");
    repo.git(&["add", "--all"]);
    repo.git(&["update-index", "--chmod=+x", "mode.sh"]);
    repo.git(&["commit", "--quiet", "--message=after"]);
    repo
}

#[track_caller]
fn parsed(repo: &Repo, options: &[&str]) -> Vec<ChangedFile> {
    let text = git_bytes(repo.path(), &[options, &["diff", "-M", "HEAD^", "HEAD"]].concat(), super::START_S);
    parse(&text, "change.diff")
        .unwrap_or_else(|error| panic!("{options:?}: {error:?}\n{}", String::from_utf8_lossy(&text)))
}

#[test]
fn gits_diffs_in_any_dress_say_what_the_commits_say() {
    let repo = eventful();
    let expected = repo.open().diff("HEAD^", "HEAD").unwrap();
    assert_eq!(expected.len(), 18, "{expected:#?}");
    for option in [
        "diff.context=3",
        "diff.context=0",
        "diff.context=1000",
        "diff.noPrefix=true",
        "diff.mnemonicPrefix=true",
        "core.quotePath=false",
        "diff.interHunkContext=20",
        "diff.srcPrefix=a/",
    ] {
        assert_eq!(parsed(&repo, &["-c", option]), expected, "{option}");
    }
    let with = |option: &str| {
        parse(&git_bytes(repo.path(), &["diff", option, "-M", "HEAD^", "HEAD"], super::START_S), "x").unwrap()
    };
    for option in ["--binary", "--full-index", "--patch-with-stat", "-W", "--src-prefix=src://", "--abbrev=40"] {
        if option == "--src-prefix=src://" {
            let arguments = ["diff", option, "--dst-prefix=dst://", "-M", "HEAD^", "HEAD"];
            assert_eq!(parse(&git_bytes(repo.path(), &arguments, super::START_S), "x").unwrap(), expected);
        } else {
            assert_eq!(with(option), expected, "{option}");
        }
    }
    for arguments in
        [&["show", "-M", "HEAD"][..], &["format-patch", "--stdout", "-M", "HEAD^"], &["log", "-p", "-M", "-1"]]
    {
        let text = git_bytes(repo.path(), arguments, super::START_S);
        assert_eq!(parse(&text, "x").unwrap(), expected, "{arguments:?}");
    }
    let text = git_bytes(repo.path(), &["diff", "-M", "HEAD^", "HEAD"], super::START_S);
    let windows = String::from_utf8_lossy(&text).replace("\r\n", "\n").replace('\n', "\r\n");
    assert_eq!(parse(windows.as_bytes(), "x").unwrap(), expected, "CR LF");
}

#[test]
fn copies_submodules_and_links_are_told_apart() {
    let inner = Repo::new();
    inner.commit_file("file", "x\n");
    let repo = Repo::new();
    repo.write("one.rs", lines(1, 30)).write("to_link", "x\n");
    std::os::unix::fs::symlink("x", repo.at("to_file")).unwrap();
    repo.git(&["submodule", "--quiet", "add", inner.path().to_str().unwrap(), "lib"]);
    repo.commit("before");
    inner.commit_file("file", "y\n");
    std::fs::remove_file(repo.at("to_link")).unwrap();
    std::fs::remove_file(repo.at("to_file")).unwrap();
    std::os::unix::fs::symlink("y", repo.at("to_link")).unwrap();
    repo.write("to_file", "1\n").write("one.rs", lines(1, 31)).write("two.rs", lines(1, 30));
    repo.git(&["-C", "lib", "pull", "--quiet"]);
    repo.commit("after");
    let changes = |options: &[&str]| -> Vec<String> {
        let text = git_bytes(repo.path(), &[&["diff"], options, &["HEAD^", "HEAD"]].concat(), super::START_S);
        let files = parse(&text, "x").unwrap();
        files.iter().map(|file| format!("{} {:?} {}", file.path, file.change, file.hunks.len())).collect()
    };
    let expected = ["lib Submodule 0", "one.rs Modified 1", "to_file Added 1", "to_link Link 0", "two.rs Copied 0"];
    assert_eq!(changes(&["-C"]), expected);
    assert_eq!(changes(&["-C", "--submodule=log"]), expected);
    let ours: Vec<String> = repo
        .open()
        .diff("HEAD^", "HEAD")
        .unwrap()
        .iter()
        .map(|file| format!("{} {:?}", file.path, file.change))
        .collect();
    assert_eq!(ours, ["lib Submodule", "one.rs Modified", "to_file Added", "to_link Link", "two.rs Added"]);
}

#[test]
fn plain_diffs_say_the_same_of_lines() {
    let repo = eventful();
    let expected = repo.open().diff("HEAD^", "HEAD").unwrap();
    let folder = tempfile::tempdir().unwrap();
    for (name, commit) in [("old", "HEAD^"), ("new", "HEAD")] {
        let into = folder.path().join(name);
        std::fs::create_dir(&into).unwrap();
        repo.git(&["--work-tree", into.to_str().unwrap(), "checkout", "--quiet", commit, "--", "."]);
    }
    let output = std::process::Command::new("diff")
        .args(["-ruN", "old", "new"])
        .current_dir(folder.path())
        .env("LC_ALL", "C")
        .output()
        .expect("diff is installed");
    let files = parse(&output.stdout, "plain.diff").unwrap();
    for wanted in expected.iter().filter(|file| file.change == Change::Modified && !file.hunks.is_empty()) {
        let found = files.iter().find(|file| file.path == wanted.path);
        assert_eq!(found.map(|file| &file.hunks), Some(&wanted.hunks), "{}", wanted.path);
    }
    let change = |path: &str| files.iter().find(|file| file.path == path).map(|file| file.change);
    assert_eq!(change("new.rs"), Some(Change::Added));
    assert_eq!(change("gone.rs"), Some(Change::Deleted));
    assert_eq!(change("binary"), Some(Change::Binary));
}

#[test]
fn the_combined_diff_of_a_merge_is_refused() {
    let repo = Repo::new();
    repo.commit_file("file", "base\n");
    repo.git(&["checkout", "--quiet", "-b", "other"]);
    repo.commit_file("file", "other\n");
    repo.git(&["checkout", "--quiet", "main"]);
    repo.commit_file("file", "main\n");
    super::git_output(repo.path(), &["merge", "--no-commit", "other"], super::START_S);
    repo.commit_file("file", "both\n");
    for option in ["--cc", "-c"] {
        let text = git_bytes(repo.path(), &["show", option, "HEAD"], super::START_S);
        let error = parse(&text, "x").unwrap_err().to_string();
        assert!(error.contains("combined diff of a merge"), "{error}");
    }
}

#[test]
fn several_commits_in_a_row_are_refused() {
    let repo = Repo::new();
    repo.commit("root");
    for turn in 0..3 {
        repo.commit_file("file", lines(turn, 20));
    }
    let text = git_bytes(repo.path(), &["log", "-p", "--reverse"], super::START_S);
    let error = parse(&text, "x").unwrap_err().to_string();
    assert!(error.contains("several diffs in a row"), "{error}");
    repo.git(&["mv", "file", "elsewhere"]);
    repo.commit("moved");
    let text = git_bytes(repo.path(), &["log", "-p", "-M", "-2"], super::START_S);
    assert!(parse(&text, "x").unwrap_err().to_string().contains("several diffs in a row"));
}
