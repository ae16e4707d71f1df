//! Where repositories and their objects can be.

use super::{Repo, git_bytes};
use kit_git::Error;
use kit_git::observe::repository::Repository;
use std::fs;

#[track_caller]
fn assert_head(repo: &Repo, opened: &Repository) {
    let head = opened.head().unwrap();
    assert_eq!(head.id, repo.id("HEAD"));
    assert_eq!(head.tree, repo.git(&["rev-parse", "HEAD^{tree}"]));
    assert_eq!(head.parents.join(" "), repo.git(&["show", "--no-patch", "--format=%P", "HEAD"]));
    assert_eq!(head.time_s.to_string(), repo.git(&["show", "--no-patch", "--format=%ct", "HEAD"]));
}

#[test]
fn loose_packed_and_borrowed_objects_are_read() {
    let repo = Repo::new();
    for number in 0..30 {
        repo.commit_file("src/file.rs", super::lines(number, 200 + number));
    }
    assert_head(&repo, &repo.open());
    let first = repo.id("HEAD~29");
    let loose = repo.open().diff(&first, "HEAD").unwrap();
    repo.git(&["gc", "--quiet", "--aggressive", "--prune=now"]);
    assert!(!repo.at(".git/refs/heads/main").exists(), "refs are packed");
    assert_head(&repo, &repo.open());
    assert_eq!(repo.open().diff(&first, "HEAD").unwrap(), loose);
    assert_eq!(repo.open().file_at(&first, "src/file.rs").unwrap().unwrap(), super::lines(0, 200).into_bytes());

    let shared = Repo { folder: tempfile::tempdir().unwrap(), time_s: std::cell::Cell::new(super::START_S) };
    shared.git(&["clone", "--quiet", "--shared", repo.path().to_str().unwrap(), "."]);
    assert!(shared.at(".git/objects/info/alternates").exists());
    assert_eq!(shared.open().diff(&first, "HEAD").unwrap(), loose);
}

#[test]
fn a_store_that_borrows_from_nowhere_still_has_its_own() {
    let repo = Repo::new();
    repo.commit_file("file", "one\n");
    fs::create_dir_all(repo.at(".git/objects/info")).unwrap();
    fs::write(repo.at(".git/objects/info/alternates"), "/nowhere/at/all/objects\n").unwrap();
    assert_head(&repo, &repo.open());
}

#[test]
fn a_multi_pack_index_is_read() {
    let repo = Repo::new();
    for number in 0..3 {
        repo.commit_file("file", super::lines(number, 20));
        repo.git(&["repack", "--quiet", "-d"]);
    }
    repo.git(&["multi-pack-index", "write"]);
    assert_head(&repo, &repo.open());
    assert_eq!(repo.open().diff("HEAD~2", "HEAD").unwrap().len(), 1);
}

#[test]
fn sha256_repositories_are_refused_clearly() {
    let repo = Repo::with(&["--object-format=sha256"]);
    let refused = Repository::discover(repo.path()).unwrap_err().to_string();
    assert!(refused.contains("named by sha256") && refused.contains("diff-file"), "{refused}");
}

#[test]
fn a_folder_below_finds_its_repository_and_none_is_none() {
    let repo = Repo::new();
    repo.commit_file("deep/below/file", "x\n");
    let found = Repository::discover(&repo.at("deep/below")).unwrap().unwrap();
    assert_eq!(found.top(), repo.path());
    let outside = tempfile::tempdir().unwrap();
    assert!(Repository::discover(outside.path()).unwrap().is_none());
}

#[test]
fn worktrees_and_submodules_have_their_repositories_elsewhere() {
    let repo = Repo::new();
    repo.commit_file("file", "one\n");
    repo.commit_file("file", "two\n");
    let tree = tempfile::tempdir().unwrap();
    let path = tree.path().join("tree");
    repo.git(&["worktree", "add", "--quiet", "--detach", path.to_str().unwrap(), "HEAD~1"]);
    let opened = Repository::discover(&path).unwrap().unwrap();
    assert_eq!(opened.head().unwrap().id, repo.id("HEAD~1"));
    assert_eq!(opened.top(), path);
    assert_eq!(opened.resolve("main").unwrap().unwrap(), repo.id("main"));
    assert_eq!(opened.tracked().unwrap(), ["file"]);

    let outer = Repo::new();
    outer.git(&["submodule", "--quiet", "add", repo.path().to_str().unwrap(), "libs/inner"]);
    outer.commit("with a submodule");
    assert_eq!(outer.open().tracked().unwrap(), [".gitmodules"]);
    let inner = Repository::discover(&outer.at("libs/inner")).unwrap().unwrap();
    assert_eq!(inner.top(), outer.at("libs/inner"));
    assert_eq!(inner.head().unwrap().id, repo.id("HEAD"));
}

#[test]
fn a_worktree_without_its_repository_is_refused_with_the_reason() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(".git"), "gitdir: /nowhere/at/all\n").unwrap();
    let error = Repository::discover(folder.path()).unwrap_err().to_string();
    assert!(error.contains("/nowhere/at/all") && error.contains("mount both"), "{error}");
    fs::write(folder.path().join(".git"), "nonsense").unwrap();
    assert!(Repository::discover(folder.path()).is_err());
}

#[test]
fn reftable_is_refused_by_name() {
    let repo = Repo::new();
    repo.commit_file("file", "one\n");
    let config = repo.at(".git/config");
    let text = fs::read_to_string(&config).unwrap();
    fs::write(&config, text + "[Extensions]\n\trefStorage = reftable ; new\n").unwrap();
    let error = Repository::discover(repo.path()).unwrap_err();
    assert!(
        matches!(&error, Error::Input(what) if what.contains("reftable") && what.contains("git refs migrate")),
        "{error}"
    );
}

#[test]
fn before_the_first_commit_there_is_a_repository_and_no_head() {
    let repo = Repo::new();
    let opened = repo.open();
    assert!(opened.head().unwrap_err().to_string().contains("no commit yet"));
    assert_eq!(opened.tracked().unwrap(), Vec::<String>::new());
    assert_eq!(opened.resolve("HEAD").unwrap(), None);
    repo.write("file", "x").git(&["add", "file"]);
    assert_eq!(repo.open().tracked().unwrap(), ["file"]);
}

#[test]
fn tracked_files_come_from_the_index_or_else_from_head() {
    let repo = Repo::new();
    repo.write("b/two.rs", "").write("a.rs", "").write("b/one.rs", "").commit("three");
    repo.write("new.rs", "").git(&["add", "new.rs"]);
    repo.write("untracked.rs", "");
    assert_eq!(repo.open().tracked().unwrap(), ["a.rs", "b/one.rs", "b/two.rs", "new.rs"]);
    repo.git(&["update-index", "--index-version=4"]);
    assert_eq!(repo.open().tracked().unwrap(), ["a.rs", "b/one.rs", "b/two.rs", "new.rs"]);
    repo.git(&["update-index", "--split-index"]);
    repo.write("split.rs", "").git(&["add", "split.rs"]);
    assert_eq!(repo.open().tracked().unwrap(), ["a.rs", "b/one.rs", "b/two.rs", "new.rs", "split.rs"]);
    fs::remove_file(repo.at(".git/index")).unwrap();
    assert_eq!(repo.open().tracked().unwrap(), ["a.rs", "b/one.rs", "b/two.rs"]);
}

#[test]
fn a_sparse_index_still_tracks_what_is_not_checked_out() {
    let repo = Repo::new();
    repo.write("in/a.rs", "").write("out/deep/b.rs", "").write("out/c.rs", "").commit("all");
    repo.git(&["sparse-checkout", "set", "--cone", "--sparse-index", "in"]);
    assert!(!repo.at("out").exists());
    assert_eq!(repo.open().tracked().unwrap(), ["in/a.rs", "out/c.rs", "out/deep/b.rs"]);
}

#[test]
fn a_path_in_conflict_is_tracked_once() {
    let repo = Repo::new();
    repo.commit_file("file", "base\n");
    repo.git(&["checkout", "--quiet", "-b", "other"]);
    repo.commit_file("file", "other\n");
    repo.git(&["checkout", "--quiet", "main"]);
    repo.commit_file("file", "main\n");
    super::git_output(repo.path(), &["merge", "other"], super::START_S);
    assert_eq!(repo.git(&["ls-files"]).lines().count(), 3);
    assert_eq!(repo.open().tracked().unwrap(), ["file"]);
}

#[test]
fn names_mean_what_they_mean_to_git() {
    let repo = Repo::new();
    for number in 0..4 {
        repo.commit_file("file", format!("{number}\n"));
    }
    repo.git(&["checkout", "--quiet", "-b", "feature/x", "HEAD~1"]);
    repo.commit_file("other", "x\n");
    repo.git(&["checkout", "--quiet", "main"]);
    repo.merge("feature/x");
    repo.git(&["tag", "light"]);
    repo.git(&["tag", "--annotate", "--message=x", "heavy"]);
    repo.git(&["tag", "--annotate", "--message=x", "heavier", "heavy"]);
    repo.git(&["update-ref", "refs/remotes/origin/topic", "HEAD~2"]);
    repo.git(&["symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/topic"]);
    let head = repo.id("HEAD");
    let names = [
        "HEAD",
        "@",
        "main",
        "heads/main",
        "refs/heads/main",
        "feature/x",
        "light",
        "heavy",
        "heavier",
        "tags/heavy",
        "refs/tags/heavy",
        "origin/topic",
        "origin/HEAD",
        "origin",
        "HEAD^",
        "HEAD^1",
        "HEAD^2",
        "HEAD~2",
        "main~3",
        "@~",
        "HEAD^2~1",
        "HEAD^^",
        "HEAD^0",
        "heavy^{commit}",
        "heavy^{}",
        "HEAD~0",
        &head,
        &head[..9],
        &head[..4],
    ];
    for packed in [false, true] {
        for name in names {
            assert_eq!(
                repo.open().resolve(name).unwrap().unwrap_or_default(),
                repo.id(name),
                "{name}, packed: {packed}"
            );
        }
        for name in [
            "nothing",
            "HEAD^3",
            "HEAD~40",
            "",
            "origin/nothing",
            "../../etc/passwd",
            "a b",
            "-x",
            "a..b",
            "file:x",
            "HEAD@{1}",
            "0000000000000000000000000000000000000000",
            "abcdef0123",
            "main^x",
            "refs/heads",
            "heavy^{tree}",
        ] {
            assert_eq!(repo.open().resolve(name).unwrap(), None, "{name}");
        }
        repo.git(&["gc", "--quiet"]);
        repo.git(&["pack-refs", "--all"]);
    }
    repo.git(&["tag", "blob", "HEAD:file"]);
    assert!(repo.open().resolve("blob").unwrap_err().to_string().contains("names a blob"));
}

#[test]
fn a_shortened_id_means_a_commit_and_one_only() {
    let repo = Repo::new();
    let mut stream = String::new();
    for number in 0..1500 {
        let time_s = super::START_S + number;
        let text = format!("the number {number}");
        stream += &format!("blob\ndata {}\n{text}\n", text.len());
        stream += &format!("commit refs/heads/main\ncommitter S <s@example.com> {time_s} +0000\ndata 0\n\n");
    }
    repo.write("stream", stream);
    let status = std::process::Command::new("git")
        .args(["-C", repo.path().to_str().unwrap(), "fast-import", "--quiet"])
        .stdin(fs::File::open(repo.at("stream")).unwrap())
        .status()
        .unwrap();
    assert!(status.success());
    let all = repo.git(&["cat-file", "--batch-all-objects", "--batch-check=%(objectname) %(objecttype)"]);
    let mut by_prefix = std::collections::BTreeMap::<&str, Vec<(&str, &str)>>::new();
    for (id, kind) in all.lines().filter_map(|line| line.split_once(' ')) {
        by_prefix.entry(&id[..4]).or_default().push((id, kind));
    }
    let (mut ambiguous, mut clear) = (0, 0);
    let opened = repo.open();
    for (prefix, objects) in by_prefix.iter().filter(|(_, objects)| objects.len() > 1) {
        let commits: Vec<&str> = objects.iter().filter(|(_, kind)| *kind == "commit").map(|(id, _)| *id).collect();
        match (commits.as_slice(), opened.resolve(prefix)) {
            ([], Ok(None)) => {}
            ([one], Ok(Some(found))) => {
                clear += 1;
                assert_eq!(found, *one);
            }
            ([_, _, ..], Err(error)) => {
                ambiguous += 1;
                assert!(error.to_string().contains(commits[1]), "{error}");
            }
            other => panic!("{prefix}: {other:?}"),
        }
    }
    assert!(ambiguous > 0 && clear > 0, "{ambiguous} {clear}");
}

#[test]
fn fetch_head_names_what_was_fetched() {
    let repo = Repo::new();
    repo.commit_file("file", "x\n");
    let clone = repo.cloned(&[]);
    let new = repo.commit_file("file", "y\n");
    clone.git(&["fetch", "--quiet", "origin", "main"]);
    assert_eq!(clone.open().resolve("FETCH_HEAD").unwrap().unwrap(), new);
}

#[test]
fn notes_are_found_whatever_their_folders() {
    let repo = Repo::new();
    let first = repo.commit_file("file", "0\n");
    let second = repo.commit_file("file", "1\n");
    repo.git(&["notes", "--ref=coverage", "add", "-m", "81/100", &first]);
    assert_eq!(repo.open().note("coverage", &first).unwrap().unwrap(), b"81/100\n");
    assert_eq!(repo.open().note("refs/notes/coverage", &second).unwrap(), None);
    assert_eq!(repo.open().note("nothing", &first).unwrap(), None);
    // git splits the folder of notes once it is large; here by hand.
    let blob = repo.git(&["rev-parse", &format!("refs/notes/coverage:{first}")]);
    for cuts in [vec![2], vec![2, 4]] {
        let mut path = first.clone();
        for (index, cut) in cuts.iter().enumerate() {
            path.insert(cut + index, '/');
        }
        let scratch = Repo::new();
        scratch.write(&path, "split\n").commit("notes");
        let tree = scratch.git(&["rev-parse", "HEAD^{tree}"]);
        repo.git(&["fetch", "--quiet", scratch.path().to_str().unwrap(), "main"]);
        let commit = repo.git(&["commit-tree", "-m", "notes", &tree]);
        repo.git(&["update-ref", "refs/notes/split", &commit]);
        assert_eq!(repo.open().note("split", &first).unwrap().unwrap(), b"split\n", "{path} {blob}");
    }
}

#[test]
fn a_policy_that_is_no_file_is_refused_and_an_absent_one_is_none() {
    let repo = Repo::new();
    repo.write("dir/policy.toml", "min = 1\n");
    std::os::unix::fs::symlink("dir/policy.toml", repo.at("link.toml")).unwrap();
    repo.commit("policies");
    let opened = repo.open();
    assert_eq!(opened.file_at("HEAD", "dir/policy.toml").unwrap().unwrap(), b"min = 1\n");
    assert_eq!(opened.file_at("HEAD", "policy.toml").unwrap(), None);
    assert_eq!(opened.file_at("HEAD", "dir/policy.toml/x").unwrap(), None);
    assert!(opened.file_at("HEAD", "link.toml").unwrap_err().to_string().contains("symbolic link"));
    assert!(opened.file_at("HEAD", "dir").unwrap_err().to_string().contains("folder"));
    assert!(opened.file_at("nothing", "dir").is_err());
}

#[test]
fn what_a_partial_clone_lacks_is_named() {
    let repo = Repo::new();
    repo.commit_file("file", "one\n");
    repo.commit_file("file", "two\n");
    repo.git(&["config", "uploadpack.allowFilter", "true"]);
    let clone = repo.cloned(&["--filter=blob:none"]);
    let error = clone.open().diff("HEAD^", "HEAD").unwrap_err();
    assert!(
        matches!(&error, Error::Unproven { code: "objects-missing", what } if what.contains("--filter")),
        "{error:?}"
    );
}

#[test]
fn damaged_objects_are_errors_and_never_panics() {
    let repo = Repo::new();
    repo.commit_file("file", super::lines(1, 50));
    repo.commit_file("file", super::lines(2, 60));
    let id = repo.git(&["rev-parse", "HEAD:file"]);
    let path = repo.at(&format!(".git/objects/{}/{}", &id[..2], &id[2..]));
    let whole = fs::read(&path).unwrap();
    fs::remove_file(&path).unwrap();
    for bytes in [&whole[..whole.len() / 2], &b""[..], b"x\x9c nonsense"] {
        fs::write(&path, bytes).unwrap();
        assert!(repo.open().diff("HEAD^", "HEAD").is_err());
        fs::remove_file(&path).unwrap();
    }
    fs::write(&path, &whole).unwrap();
    git_bytes(repo.path(), &["gc", "--quiet"], 0);
    let pack = fs::read_dir(repo.at(".git/objects/pack"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| path.extension().is_some_and(|extension| extension == "pack"))
        .unwrap();
    let whole = fs::read(&pack).unwrap();
    fs::remove_file(&pack).unwrap();
    for position in (12..whole.len()).step_by(7) {
        let mut bytes = whole.clone();
        bytes[position] ^= 0x55;
        fs::write(&pack, &bytes).unwrap();
        let opened = repo.open();
        let _ = opened.head().and_then(|head| opened.diff("HEAD^", &head.id));
    }
}

/// Everything that reads, whatever comes of it.
fn read_all(folder: &std::path::Path) {
    let Ok(Some(opened)) = Repository::discover(folder) else { return };
    let _ = opened.head();
    let _ = opened.tracked();
    let _ = opened.merge_base("HEAD~2", "topic");
    let _ = opened.diff("HEAD~2", "HEAD");
    let _ = opened.resolve("tag").and_then(|_| opened.resolve("abcd"));
    let _ = opened.note("notes", "HEAD");
    let _ = opened.file_at("HEAD", "dir/file");
}

#[test]
fn damage_anywhere_in_a_repository_ends_in_an_answer() {
    let repo = Repo::new();
    for number in 0..6 {
        repo.write("other", format!("{number}")).commit_file("dir/file", super::lines(number, 40));
    }
    repo.git(&["branch", "topic", "HEAD~1"]);
    repo.git(&["tag", "--annotate", "--message=x", "tag"]);
    repo.git(&["notes", "--ref=notes", "add", "-m", "x"]);
    let loose = repo.cloned(&["--depth=4", "--no-single-branch"]);
    repo.git(&["gc", "--quiet", "--prune=now"]);
    repo.git(&["multi-pack-index", "write"]);
    let mut state = 7_u64;
    for folder in [repo.at(".git"), loose.at(".git")] {
        let files: Vec<_> = walkdir::WalkDir::new(&folder)
            .sort_by_file_name()
            .into_iter()
            .map(|entry| entry.unwrap())
            .filter(|entry| entry.file_type().is_file() && !entry.path().to_str().unwrap().contains("hooks"))
            .map(walkdir::DirEntry::into_path)
            .collect();
        for file in files {
            let whole = fs::read(&file).unwrap();
            fs::remove_file(&file).unwrap();
            for _ in 0..40 {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                let mut bytes = whole.clone();
                let at = (state >> 33) as usize % whole.len().max(1);
                match (state >> 20) % 3 {
                    0 => bytes.truncate(at),
                    1 => bytes.iter_mut().skip(at).take(1).for_each(|byte| *byte ^= (state >> 8) as u8),
                    _ => bytes.iter_mut().skip(at).take(4).for_each(|byte| *byte = 0xff),
                }
                fs::write(&file, &bytes).unwrap();
                read_all(folder.parent().unwrap());
                fs::remove_file(&file).unwrap();
            }
            fs::write(&file, &whole).unwrap();
        }
    }
    assert_eq!(repo.open().head().unwrap().id, repo.id("HEAD"));
}
