//! From a folder to the git folder: gitrepository-layout(5), <https://git-scm.com/docs/gitrepository-layout>.

use crate::error::Error;
use gix_hash::{Kind, ObjectId};
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

/// The longest file that holds one path, in bytes: a path of Linux's PATH_MAX (4096) and what stands before it, rounded up.
const POINTER_BYTES: u64 = 8 * 1024;
/// The longest configuration that is looked through, in bytes; git writes one of a few hundred.
const CONFIG_BYTES: u64 = 4 << 20;
/// The longest `shallow` file, in bytes: a million commits.
const SHALLOW_BYTES: u64 = 64 << 20;

/// The folders of one checkout.
#[derive(Debug, Clone)]
pub(super) struct Folders {
    /// What belongs to this checkout alone: HEAD and the index (`$GIT_DIR`).
    pub(super) own: PathBuf,
    /// What it shares with the other worktrees of its repository: objects and refs (`$GIT_COMMON_DIR`). The same as
    /// `own` in a repository's main worktree.
    pub(super) common: PathBuf,
}

/// The nearest folder upwards that has a `.git`, and what that leads to: itself, or where a file `.git` points, as linked
/// worktrees and submodules have it. A folder `.git` without HEAD is passed over, as git does.
pub(super) fn find(root: &Path) -> Result<Option<(PathBuf, Folders)>, Error> {
    let root = std::path::absolute(root).map_err(|err| unreadable(root, &err.to_string()))?;
    for folder in root.ancestors() {
        let git = folder.join(".git");
        if git.is_file() {
            let own = folder.join(pointer(&git, b"gitdir:")?);
            if fs::symlink_metadata(own.join("HEAD")).is_err() {
                return Err(Error::input(format!(
                    "{} says that the repository is at {}, which is not here: a worktree or a submodule needs its main \
                     repository's folder beside it (in a container, mount both)",
                    git.display(),
                    own.display()
                )));
            }
            return Ok(Some((folder.to_owned(), of(own)?)));
        }
        // HEAD may be a symbolic link whose target exists only in packed-refs, hence not `exists`.
        if fs::symlink_metadata(git.join("HEAD")).is_ok() {
            return Ok(Some((folder.to_owned(), of(git)?)));
        }
    }
    Ok(None)
}

fn of(own: PathBuf) -> Result<Folders, Error> {
    let file = own.join("commondir");
    let common = if file.is_file() { own.join(pointer(&file, b"")?) } else { own.clone() };
    Ok(Folders { own, common })
}

/// The path that a file holds after a prefix, without the end of its line.
fn pointer(file: &Path, prefix: &[u8]) -> Result<PathBuf, Error> {
    let bytes = read(file, POINTER_BYTES)?;
    bytes
        .strip_prefix(prefix)
        .and_then(|path| str::from_utf8(path).ok())
        .map(|path| path.trim_start_matches(' ').trim_end_matches(['\r', '\n']))
        .filter(|path| !path.is_empty())
        .map(PathBuf::from)
        .ok_or_else(|| Error::file(file.display().to_string(), None, "does not name a git folder (`gitdir: PATH`)"))
}

/// The repository's own configuration (git-config(1)), without what it includes; empty where there is none.
pub(super) fn config(folders: &Folders) -> Result<String, Error> {
    let file = folders.common.join("config");
    let bytes = if file.is_file() { read(&file, CONFIG_BYTES)? } else { Vec::new() };
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// How objects are named here, by the configuration's `[extensions]` (git-config(1)). Refuses what is not read.
pub(super) fn object_format(folders: &Folders) -> Result<Kind, Error> {
    let file = folders.common.join("config");
    let text = config(folders)?;
    // The folder of refs without files is there whatever the configuration says.
    let mut reftable = folders.common.join("reftable").is_dir();
    let mut in_extensions = false;
    for line in text.lines() {
        let line = line.trim();
        if let Some(section) = line.strip_prefix('[') {
            in_extensions = section.trim_end().trim_end_matches(']').trim().eq_ignore_ascii_case("extensions");
        } else if let Some((name, value)) = line.split_once('=').filter(|_| in_extensions) {
            let value = value.split(['#', ';']).next().unwrap_or_default().trim().trim_matches('"');
            match (name.trim().to_ascii_lowercase().as_str(), value.to_ascii_lowercase().as_str()) {
                ("refstorage", format) => reftable |= format == "reftable",
                ("objectformat", "sha1") => {}
                ("objectformat", _) => {
                    return Err(Error::file(
                        file.display().to_string(),
                        None,
                        // No host of repositories takes others yet, and reading them would cost every image its size.
                        format!(
                            "the repository's objects are named by {value}, and only sha1 is read here; a tool that takes the change as `diff-file` works with that and a root outside"
                        ),
                    ));
                }
                _ => {}
            }
        }
    }
    if reftable {
        return Err(Error::input(
            "the repository keeps its refs in reftable files, which are not read here: run `git refs migrate \
             --ref-format=files`",
        ));
    }
    Ok(Kind::Sha1)
}

/// The commits whose parents this clone does not have, one id a line (gitformat-signature(5) calls it the shallow file).
pub(super) fn shallow(folders: &Folders, hash: Kind) -> Result<BTreeSet<ObjectId>, Error> {
    let file = folders.common.join("shallow");
    if !file.is_file() {
        return Ok(BTreeSet::new());
    }
    let bytes = read(&file, SHALLOW_BYTES)?;
    bytes
        .split(|byte| *byte == b'\n')
        .map(<[u8]>::trim_ascii)
        .filter(|line| !line.is_empty())
        .map(|line| {
            ObjectId::from_hex(line).ok().filter(|id| id.kind() == hash).ok_or_else(|| {
                Error::file(file.display().to_string(), None, "holds something else than ids of commits")
            })
        })
        .collect()
}

/// Reads a regular file of at most `max_bytes`.
fn read(path: &Path, max_bytes: u64) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(max_bytes + 1).read_to_end(&mut bytes))
        .map_err(|err| unreadable(path, &err.to_string()))?;
    if bytes.len() as u64 > max_bytes {
        return Err(Error::file(path.display().to_string(), None, format!("is larger than {max_bytes} bytes")));
    }
    Ok(bytes)
}

fn unreadable(path: &Path, why: &str) -> Error {
    Error::World { what: "read", path: path.display().to_string(), why: why.to_owned() }
}
