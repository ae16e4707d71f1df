//! Repositories that git itself wrote, and damaged ones.

use super::*;
use proptest::prelude::*;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::LazyLock;
use tempfile::TempDir;

/// Runs git as no one in particular: no configuration of this machine, nothing of a repository that the tests run in.
fn git_with(folder: &Path, arguments: &[&str], input: &str) -> String {
    let mut command = Command::new("git");
    for variable in
        ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR", "GIT_PREFIX"]
    {
        command.env_remove(variable);
    }
    for (name, value) in [("GIT_CONFIG_GLOBAL", "/dev/null"), ("GIT_CONFIG_NOSYSTEM", "1")] {
        command.env(name, value);
    }
    for role in ["AUTHOR", "COMMITTER"] {
        command.env(format!("GIT_{role}_NAME"), "Someone");
        command.env(format!("GIT_{role}_EMAIL"), "someone@example.com");
    }
    let mut child = command
        .arg("-C")
        .arg(folder)
        .args(["-c", "protocol.file.allow=always", "-c", "gc.auto=0", "-c", "maintenance.auto=false"])
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("git is installed");
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), input.as_bytes()).unwrap();
    let done = child.wait_with_output().unwrap();
    assert!(done.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).unwrap().trim_end().to_owned()
}

fn git(folder: &Path, arguments: &[&str]) -> String {
    git_with(folder, arguments, "")
}

/// A repository with a branch of `commits` commits, each with its own tree.
fn repository(format: &str, commits: usize) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    git(folder.path(), &["init", "--quiet", "--initial-branch=main", &format!("--object-format={format}")]);
    for number in 0..commits {
        commit(folder.path(), number);
    }
    folder
}

fn commit(folder: &Path, number: usize) {
    fs::write(folder.join("file"), format!("content {number}\n")).unwrap();
    git(folder, &["add", "file"]);
    git(folder, &["commit", "--quiet", "--message", &format!("commit {number}")]);
}

/// What git says is what the reader must say.
#[track_caller]
fn assert_agrees(folder: &Path) {
    assert_eq!(tree_at(folder), Some(git(folder, &["rev-parse", "HEAD^{tree}"])));
}

/// The only pack of a repository.
fn pack_of(folder: &Path) -> PathBuf {
    let mut packs: Vec<PathBuf> = fs::read_dir(folder.join(".git/objects/pack"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "pack"))
        .collect();
    assert_eq!(packs.len(), 1, "{packs:?}");
    packs.pop().unwrap()
}

/// A repository in one pack, in which HEAD's commit is a delta. git takes larger objects as bases, so the long messages get
/// shorter from commit to commit.
fn deltas(extra: &[&str]) -> TempDir {
    let folder = repository("sha1", 0);
    let mut stream = String::new();
    for number in 0..40 {
        let message: String = (number..80)
            .map(|line| format!("line {line} of a message that stays much the same {}\n", line * line))
            .collect();
        stream.push_str("commit refs/heads/main\n");
        stream.push_str(&format!("committer Someone <someone@example.com> {} +0000\n", 1_700_000_000 + number));
        stream.push_str(&format!("data {}\n{message}\n", message.len()));
        stream.push_str(&format!("M 100644 inline file\ndata 3\n{number:02}\n\n"));
    }
    git_with(folder.path(), &["fast-import", "--quiet"], &stream);
    let repack = ["-c", "core.compression=9", "repack", "-adfq", "--depth=50", "--window=250"];
    git(folder.path(), &[extra, &repack].concat());
    git(folder.path(), &["prune-packed"]);
    folder
}

/// The kind of HEAD's entry in its pack, as the entry's first byte has it, and the number of deltas it is made of.
fn entry_of_head(folder: &Path) -> (u8, usize) {
    let pack = pack_of(folder);
    let head = git(folder, &["rev-parse", "HEAD"]);
    let list = git(folder, &["verify-pack", "-v", pack.to_str().unwrap()]);
    // ID TYPE SIZE PACKED-SIZE OFFSET [DEPTH BASE]
    let fields: Vec<&str> = list.lines().find(|line| line.starts_with(&head)).unwrap().split_whitespace().collect();
    let offset: usize = fields[4].parse().unwrap();
    (fs::read(&pack).unwrap()[offset] >> 4 & 7, fields.get(5).map_or(0, |depth| depth.parse().unwrap()))
}

/// A git folder made by hand: a detached HEAD and one pack.
fn by_hand(head: &str, index: &[u8], pack: &[u8]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let packs = folder.path().join(".git/objects/pack");
    fs::create_dir_all(&packs).unwrap();
    fs::write(folder.path().join(".git/HEAD"), format!("{head}\n")).unwrap();
    fs::write(packs.join("pack-0.idx"), index).unwrap();
    fs::write(packs.join("pack-0.pack"), pack).unwrap();
    folder
}

#[test]
fn loose_objects_and_refs_are_read_from_any_folder_of_the_checkout() {
    let folder = repository("sha1", 3);
    assert_agrees(folder.path());
    let inner = folder.path().join("a/b");
    fs::create_dir_all(&inner).unwrap();
    assert_eq!(tree_at(&inner), tree_at(folder.path()));
    // Not a git folder, so git goes on upwards.
    fs::create_dir(inner.join(".git")).unwrap();
    assert_eq!(tree_at(&inner), tree_at(folder.path()));
}

#[test]
fn the_working_directory_of_this_test_has_a_tree_of_a_known_length_or_none() {
    assert!(tree().is_none_or(|tree| matches!(tree.len(), 40 | 64)));
}

#[test]
fn packed_objects_and_refs_are_read_after_gc() {
    for format in ["sha1", "sha256"] {
        let folder = repository(format, 20);
        assert_agrees(folder.path());
        git(folder.path(), &["tag", "-a", "-m", "a tag that is peeled in packed-refs", "v1"]);
        git(folder.path(), &["gc", "--quiet"]);
        assert!(!folder.path().join(".git/refs/heads/main").exists());
        assert_eq!(entry_of_head(folder.path()).0, 1);
        assert_agrees(folder.path());
        commit(folder.path(), 99);
        assert_agrees(folder.path());
    }
}

#[test]
fn sha256_repositories_have_ids_of_64_digits() {
    let folder = repository("sha256", 2);
    assert_agrees(folder.path());
    assert_eq!(tree_at(folder.path()).unwrap().len(), 64);
}

#[test]
fn a_ref_of_its_own_wins_over_packed_refs() {
    let folder = repository("sha1", 1);
    git(folder.path(), &["branch", "main-2"]);
    git(folder.path(), &["branch", "a/main"]);
    git(folder.path(), &["pack-refs", "--all"]);
    let packed = tree_at(folder.path());
    assert_agrees(folder.path());
    commit(folder.path(), 7);
    assert_agrees(folder.path());
    assert_ne!(tree_at(folder.path()), packed);
    // Damaged, it does not give way to the older id.
    fs::write(folder.path().join(".git/refs/heads/main"), "damaged\n").unwrap();
    assert_eq!(tree_at(folder.path()), None);
}

#[test]
fn packed_refs_that_end_within_a_line_name_nothing() {
    let folder = repository("sha1", 1);
    let head = git(folder.path(), &["rev-parse", "HEAD"]);
    fs::remove_file(folder.path().join(".git/refs/heads/main")).unwrap();
    let packed = folder.path().join(".git/packed-refs");
    fs::write(&packed, format!("{head} refs/heads/main\n")).unwrap();
    assert!(tree_at(folder.path()).is_some());
    fs::write(&packed, format!("{head} refs/heads/main")).unwrap();
    assert_eq!(tree_at(folder.path()), None);
}

#[test]
fn detached_and_symbolic_heads_lead_to_the_commit() {
    let folder = repository("sha1", 3);
    git(folder.path(), &["checkout", "--quiet", "--detach", "HEAD~1"]);
    assert_agrees(folder.path());
    git(folder.path(), &["symbolic-ref", "refs/heads/alias", "refs/heads/main"]);
    git(folder.path(), &["symbolic-ref", "HEAD", "refs/heads/alias"]);
    assert_agrees(folder.path());
    let head = folder.path().join(".git/HEAD");
    for damaged in [
        "ref: refs/heads/circle\n",
        "ref: refs/../../x\n",
        "ref: /etc/passwd\n",
        "ref: refs/heads/.invalid\n",
        "",
        "0123\n",
    ] {
        fs::write(folder.path().join(".git/refs/heads/circle"), "ref: refs/heads/circle\n").unwrap();
        fs::write(&head, damaged).unwrap();
        assert_eq!(tree_at(folder.path()), None, "{damaged:?}");
    }
}

#[test]
fn a_ref_cannot_leave_its_folder() {
    let folder = repository("sha1", 1);
    let git_folder = folder.path().join(".git");
    fs::copy(git_folder.join("refs/heads/main"), folder.path().join("planted")).unwrap();
    fs::write(git_folder.join("HEAD"), "ref: refs/../../planted\n").unwrap();
    assert_eq!(tree_at(folder.path()), None);
}

#[cfg(unix)]
#[test]
fn a_head_that_is_a_symbolic_link_names_the_branch_even_when_packed() {
    let folder = repository("sha1", 1);
    git(folder.path(), &["pack-refs", "--all"]);
    let expected = git(folder.path(), &["rev-parse", "HEAD^{tree}"]);
    fs::remove_file(folder.path().join(".git/HEAD")).unwrap();
    std::os::unix::fs::symlink("refs/heads/main", folder.path().join(".git/HEAD")).unwrap();
    assert_eq!(tree_at(folder.path()), Some(expected));
}

#[test]
fn worktrees_have_a_head_of_their_own() {
    let folder = repository("sha1", 3);
    let other = tempfile::tempdir().unwrap();
    let tree = other.path().join("tree");
    git(folder.path(), &["worktree", "add", "--quiet", "-b", "other", tree.to_str().unwrap(), "HEAD~1"]);
    assert_agrees(&tree);
    assert_ne!(tree_at(&tree), tree_at(folder.path()));
    git(folder.path(), &["gc", "--quiet"]);
    assert_agrees(&tree);
    git(&tree, &["checkout", "--quiet", "--detach"]);
    assert_agrees(&tree);
    fs::remove_file(folder.path().join(".git/worktrees/tree/HEAD")).unwrap();
    assert_eq!(tree_at(&tree), None);
}

#[test]
fn submodules_have_a_repository_of_their_own() {
    let inner = repository("sha1", 2);
    let outer = repository("sha1", 1);
    git(outer.path(), &["submodule", "--quiet", "add", inner.path().to_str().unwrap(), "inner"]);
    assert!(outer.path().join("inner/.git").is_file());
    assert_agrees(&outer.path().join("inner"));
    assert_eq!(tree_at(&outer.path().join("inner")), tree_at(inner.path()));
}

#[test]
fn clones_may_borrow_objects_or_lack_history() {
    let folder = repository("sha1", 5);
    let clones = tempfile::tempdir().unwrap();
    let source = folder.path().to_str().unwrap();
    git(clones.path(), &["clone", "--quiet", "--shared", source, "one"]);
    let one = clones.path().join("one");
    assert!(one.join(".git/objects/info/alternates").is_file());
    assert_agrees(&one);
    git(clones.path(), &["clone", "--quiet", "--shared", "one", "two"]);
    git(folder.path(), &["gc", "--quiet"]);
    assert_agrees(&clones.path().join("two"));
    // A path is relative to the objects, not to the file that names it or to the working directory.
    let both = repository("sha1", 0);
    let head = git(folder.path(), &["rev-parse", "HEAD"]);
    fs::rename(folder.path().join(".git/objects"), both.path().join("borrowed")).unwrap();
    fs::write(both.path().join(".git/objects/info/alternates"), "# comment\n../../borrowed\n").unwrap();
    fs::write(both.path().join(".git/HEAD"), head).unwrap();
    assert_agrees(both.path());
    fs::rename(both.path().join("borrowed"), folder.path().join(".git/objects")).unwrap();
    // A circle of alternates ends.
    fs::write(one.join(".git/objects/info/alternates"), "../../../two/.git/objects\n").unwrap();
    assert_eq!(tree_at(&clones.path().join("two")), None);

    git(clones.path(), &["clone", "--quiet", "--depth=1", &format!("file://{source}"), "shallow"]);
    let shallow = clones.path().join("shallow");
    assert!(shallow.join(".git/shallow").is_file());
    assert_agrees(&shallow);
}

#[test]
fn without_a_repository_or_a_commit_there_is_no_tree() {
    assert_eq!(tree_at(tempfile::tempdir().unwrap().path()), None);
    assert_eq!(tree_at(repository("sha1", 0).path()), None);
    let folder = tempfile::tempdir().unwrap();
    for pointer in ["", "gitdir: ", "gitdir: nowhere\n", "gitdir: .\n", "\u{fffd}"] {
        fs::write(folder.path().join(".git"), pointer).unwrap();
        assert_eq!(tree_at(folder.path()), None, "{pointer:?}");
    }
}

#[test]
fn commits_that_are_deltas_are_put_together() {
    for (useful, kind) in [("true", 6), ("false", 7)] {
        let folder = deltas(&["-c", &format!("repack.useDeltaBaseOffset={useful}")]);
        let (found, depth) = entry_of_head(folder.path());
        assert_eq!(found, kind);
        assert!(depth > 1, "HEAD's commit is a chain of {depth}");
        assert_agrees(folder.path());
    }
}

#[test]
fn indexes_may_have_offsets_of_64_bits_and_must_have_version_2() {
    let folder = deltas(&[]);
    let pack = pack_of(folder.path());
    let head = git(folder.path(), &["rev-parse", "HEAD"]);
    let index = folder.path().join("other.idx");
    for (version, readable) in [("2,0x0", true), ("1", false)] {
        // git would not write over an index.
        let _ = fs::remove_file(&index);
        let version = format!("--index-version={version}");
        git(folder.path(), &["index-pack", &version, "-o", index.to_str().unwrap(), pack.to_str().unwrap()]);
        let again = by_hand(&head, &fs::read(&index).unwrap(), &fs::read(&pack).unwrap());
        assert_eq!(tree_at(again.path()), readable.then(|| tree_at(folder.path()).unwrap()));
        let mut unknown = fs::read(&index).unwrap();
        unknown[7] = 3;
        assert_eq!(tree_at(by_hand(&head, &unknown, &fs::read(&pack).unwrap()).path()), None);
    }
}

#[test]
fn a_loose_commit_must_be_as_long_as_it_says_and_whole() {
    let folder = repository("sha1", 1);
    let head = git(folder.path(), &["rev-parse", "HEAD"]);
    let object = folder.path().join(".git/objects").join(&head[..2]).join(&head[2..]);
    let bytes = fs::read(&object).unwrap();
    fs::remove_file(&object).unwrap();
    for end in 0..bytes.len() {
        fs::write(&object, &bytes[..end]).unwrap();
        assert_eq!(tree_at(folder.path()), None, "{end} of {}", bytes.len());
    }
    let id = "1".repeat(40);
    for (content, expected) in [
        (format!("commit 46\0tree {id}\n"), Some(id.clone())),
        (format!("commit 47\0tree {id}\n"), None),
        (format!("commit 99999999999999999999999\0tree {id}\n"), None),
        (format!("blob 46\0tree {id}\n"), None),
        (format!("commit 70\0tree {}\n", "1".repeat(64)), None),
        ("commit 5\0tree ".to_owned(), None),
    ] {
        let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
        std::io::Write::write_all(&mut zlib, content.as_bytes()).unwrap();
        fs::write(&object, zlib.finish().unwrap()).unwrap();
        assert_eq!(tree_at(folder.path()), expected, "{content:?}");
    }
}

#[test]
fn deltas_copy_and_insert_within_bounds() {
    let base = b"0123456789";
    // Copy 4 from 2, insert "ab".
    assert_eq!(pack::apply(base, &[10, 6, 0x91, 2, 4, 2, b'a', b'b']).as_deref(), Some(&b"2345ab"[..]));
    for hostile in [
        &[][..],
        &[10],
        &[9, 0],
        &[10, 1, 0],
        &[10, 4, 0x91, 8, 4],
        &[10, 2, 0x91, 2, 4],
        &[10, 9, 0x91, 2, 4],
        &[10, 4, 4, b'a'],
        &[10, 4, 0x80],
        &[10, 4, 0xff, 255, 255, 255, 255, 255, 255, 255],
        &[0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 1],
        &[10, 0xff, 0xff, 0xff, 0xff, 0x0f],
    ] {
        assert_eq!(pack::apply(base, hostile), None, "{hostile:?}");
    }
    // No size stands for 64 KiB.
    let large = vec![7; 0x1_0000];
    assert_eq!(pack::apply(&large, &[0x80, 0x80, 4, 0x80, 0x80, 4, 0x80]), Some(large));
}

/// HEAD, index and pack of [`deltas`].
static SOUND: LazyLock<(String, Vec<u8>, Vec<u8>)> = LazyLock::new(|| {
    let folder = deltas(&[]);
    let pack = pack_of(folder.path());
    let index = pack.with_extension("idx");
    (git(folder.path(), &["rev-parse", "HEAD"]), fs::read(index).unwrap(), fs::read(pack).unwrap())
});

#[test]
fn a_delta_that_names_itself_as_its_base_ends() {
    let (head, index, _) = &*SOUND;
    let id = Id::from_hex(head.as_bytes()).unwrap();
    let at = index.windows(20).position(|window| window == id.0).unwrap();
    let count = u32::from_be_bytes(index[1028..1032].try_into().unwrap()) as usize;
    let offset = 1032 + count * 24 + (at - 1032) / 20 * 4;
    let mut index = index.clone();
    index[offset..offset + 4].copy_from_slice(&12_u32.to_be_bytes());
    let mut pack = b"PACK\0\0\0\x02\0\0\0\x01\x72".to_vec();
    pack.extend(&id.0);
    let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut zlib, &[0, 0]).unwrap();
    pack.extend(zlib.finish().unwrap());
    assert_eq!(tree_at(by_hand(head, &index, &pack).path()), None);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn damaged_packs_give_an_id_or_none(
        changes in prop::collection::vec((any::<bool>(), any::<prop::sample::Index>(), any::<u8>()), 0..40),
        cuts in (any::<Option<prop::sample::Index>>(), any::<Option<prop::sample::Index>>()),
    ) {
        let (head, index, pack) = &*SOUND;
        let (mut index, mut pack) = (index.clone(), pack.clone());
        for (in_index, place, byte) in &changes {
            let bytes = if *in_index { &mut index } else { &mut pack };
            let place = place.index(bytes.len());
            bytes[place] = *byte;
        }
        if let Some(cut) = cuts.0 { index.truncate(cut.index(index.len())); }
        if let Some(cut) = cuts.1 { pack.truncate(cut.index(pack.len())); }
        let tree = tree_at(by_hand(head, &index, &pack).path());
        prop_assert!(tree.is_none_or(|tree| tree.len() == 40));
    }

    #[test]
    fn any_bytes_may_stand_for_a_delta(base in prop::collection::vec(any::<u8>(), 0..64), delta in prop::collection::vec(any::<u8>(), 0..64)) {
        let mut delta = delta;
        // Past the check of the base's size, or hardly any case would reach the instructions.
        if let Some(first) = delta.first_mut() { *first = u8::try_from(base.len()).unwrap(); }
        let _ = pack::apply(&base, &delta);
    }
}
