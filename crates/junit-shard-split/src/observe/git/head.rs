//! From a folder to the commit that its checkout is at: the git folder, HEAD, and the refs that HEAD names.

use super::{Id, open, read};
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

/// The longest file that holds one ref, or one path, in bytes: a path of Linux's PATH_MAX (4096) and what stands before it,
/// rounded up.
const REF_SIZE_MAX: u64 = 8 * 1024;

/// How many symbolic refs are followed from HEAD: git's own limit (SYMREF_MAXDEPTH in refs.h), which ends a circle of them.
const SYMBOLIC_REFS_MAX: usize = 5;

/// How much of packed-refs is read, in bytes. It is streamed, so this bounds time and not memory: ten million refs.
const PACKED_REFS_SIZE_MAX: u64 = 1024 * 1024 * 1024;

/// The folders of one checkout.
pub(super) struct Folders {
    /// What belongs to this checkout alone, HEAD above all ($GIT_DIR).
    own: PathBuf,
    /// What it shares with the other worktrees of its repository: objects and refs ($GIT_COMMON_DIR). The same as `own` in
    /// a repository's main worktree.
    pub(super) common: PathBuf,
}

impl Folders {
    /// The git folder of the nearest folder upwards that has one: `.git` itself, or where a file `.git` points
    /// (gitrepository-layout(5), "gitfile"), as linked worktrees and submodules have it. A folder `.git` without HEAD is
    /// passed over, as git does.
    pub(super) fn around(folder: &Path) -> Option<Self> {
        for folder in folder.ancestors() {
            let git = folder.join(".git");
            if git.is_file() {
                let file = read(&git, REF_SIZE_MAX)?;
                return Self::of(folder.join(path(file.strip_prefix(b"gitdir: ")?)?));
            }
            // HEAD may be a symbolic link whose target exists only in packed-refs, hence not `exists`.
            if fs::symlink_metadata(git.join("HEAD")).is_ok() {
                return Self::of(git);
            }
        }
        None
    }

    fn of(own: PathBuf) -> Option<Self> {
        let pointer = own.join("commondir");
        let common = if pointer.is_file() { own.join(path(&read(&pointer, REF_SIZE_MAX)?)?) } else { own.clone() };
        Some(Self { own, common })
    }

    /// Reads the ref of that name. A file of its own wins over packed-refs, even when it is damaged: what was packed is older.
    fn read(&self, name: &str) -> Option<Ref> {
        // HEAD is never shared: the common folder's is that of another worktree.
        let folders = if name == "HEAD" { &[&self.own][..] } else { &[&self.own, &self.common][..] };
        for folder in folders {
            let file = folder.join(name);
            if let Some(target) = fs::read_link(&file).ok().as_deref().and_then(Path::to_str)
                && target.starts_with("refs/")
            {
                return Ref::to(target);
            }
            if file.is_file() {
                return Ref::parse(&read(&file, REF_SIZE_MAX)?);
            }
        }
        packed(&self.common.join("packed-refs"), name).map(Ref::Id)
    }
}

/// What a ref holds.
enum Ref {
    Id(Id),
    /// The name of another ref.
    Name(String),
}

impl Ref {
    fn parse(file: &[u8]) -> Option<Self> {
        match file.strip_prefix(b"ref:") {
            Some(name) => Self::to(str::from_utf8(name).ok()?.trim_ascii()),
            None => Some(Self::Id(Id::from_hex(file.split(u8::is_ascii_whitespace).next()?)?)),
        }
    }

    /// A reference to another ref, if that has a name that git allows (git-check-ref-format(1)) as far as it matters here:
    /// the name becomes a path, which must stay in its folder. A reftable repository's HEAD names `refs/heads/.invalid`
    /// for readers that do not know reftable, and so ends here.
    fn to(name: &str) -> Option<Self> {
        let sound = name.starts_with("refs/")
            && name.split('/').all(|part| !part.is_empty() && !part.starts_with('.'))
            && !name.contains(|character: char| character.is_ascii_control() || matches!(character, '\\' | ':'));
        sound.then(|| Self::Name(name.to_owned()))
    }
}

/// The commit that HEAD is at, directly (detached) or by way of a branch. None before a branch's first commit.
pub(super) fn commit(folders: &Folders) -> Option<Id> {
    let mut name = "HEAD".to_owned();
    for _ in 0..=SYMBOLIC_REFS_MAX {
        match folders.read(&name)? {
            Ref::Id(id) => return Some(id),
            Ref::Name(next) => name = next,
        }
    }
    None
}

/// Looks a ref up in packed-refs: lines `ID NAME`, between them a header that starts with `#` and, with `^`, what a tag
/// before it points to (git-pack-refs(1), and packed-backend.c in git's sources).
fn packed(file: &Path, name: &str) -> Option<Id> {
    let mut lines = BufReader::new(open(file)?.take(PACKED_REFS_SIZE_MAX));
    let mut line = Vec::new();
    loop {
        line.clear();
        lines.by_ref().take(REF_SIZE_MAX).read_until(b'\n', &mut line).ok()?;
        // The end of the file, or a line cut short, whose name may look like the one that is wanted.
        let text = line.strip_suffix(b"\n")?;
        if let Some((id, found)) =
            text.iter().position(|byte| *byte == b' ').and_then(|space| text.split_at_checked(space))
            && found.get(1..) == Some(name.as_bytes())
        {
            return Id::from_hex(id);
        }
    }
}

/// The path that a file holds, without the end of its line.
pub(super) fn path(file: &[u8]) -> Option<PathBuf> {
    let path = str::from_utf8(file).ok()?.trim_end_matches(['\r', '\n']);
    (!path.is_empty()).then(|| PathBuf::from(path))
}
