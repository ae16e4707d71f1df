//! A git repository of a few commits, written without git: loose objects are a header, the content, zlib, and a file named by
//! the SHA-1 of it (gitformat-loose, gitformat-tree in git's documentation).

use anyhow::Result;
use flate2::Compression;
use flate2::write::ZlibEncoder;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Fixed, so that a commit is the same in every run.
const AUTHOR: &str = "Demo <demo@example.com> 1577836800 +0000";

/// A repository whose work tree is the folder.
pub(crate) struct Repository {
    folder: PathBuf,
}

impl Repository {
    /// Begins one in a folder that has none.
    pub(crate) fn init(folder: &Path) -> Result<Repository> {
        fs::create_dir_all(folder.join(".git/objects"))?;
        fs::create_dir_all(folder.join(".git/refs/heads"))?;
        fs::write(folder.join(".git/config"), "[core]\n\trepositoryformatversion = 0\n\tbare = false\n")?;
        Ok(Repository { folder: folder.to_owned() })
    }

    /// Commits these files of the folder, which has no folders below it, on top of `parent`, as the tip of a branch that is
    /// then the one checked out. Returns the commit's id.
    pub(crate) fn commit(&self, branch: &str, parent: Option<&str>, files: &[&str]) -> Result<String> {
        let mut names = files.to_vec();
        names.sort_unstable();
        let mut tree = Vec::new();
        for name in names {
            let id = self.object("blob", &fs::read(self.folder.join(name))?)?;
            tree.extend_from_slice(format!("100644 {name}\0").as_bytes());
            tree.extend_from_slice(&id);
        }
        let tree = hex(&self.object("tree", &tree)?);
        let parent = parent.map(|id| format!("parent {id}\n")).unwrap_or_default();
        let commit = format!("tree {tree}\n{parent}author {AUTHOR}\ncommitter {AUTHOR}\n\n{branch}\n");
        let id = hex(&self.object("commit", commit.as_bytes())?);
        let git = self.folder.join(".git");
        fs::write(git.join("refs/heads").join(branch), format!("{id}\n"))?;
        fs::write(git.join("HEAD"), format!("ref: refs/heads/{branch}\n"))?;
        Ok(id)
    }

    fn object(&self, kind: &str, content: &[u8]) -> Result<[u8; 20]> {
        let mut bytes = format!("{kind} {}\0", content.len()).into_bytes();
        bytes.extend_from_slice(content);
        let id = sha1(&bytes);
        let name = hex(&id);
        let folder = self.folder.join(".git/objects").join(&name[..2]);
        fs::create_dir_all(&folder)?;
        let mut file = ZlibEncoder::new(Vec::new(), Compression::fast());
        file.write_all(&bytes)?;
        fs::write(folder.join(&name[2..]), file.finish()?)?;
        Ok(id)
    }
}

fn hex(id: &[u8]) -> String {
    id.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// RFC 3174. It names objects here and protects nothing.
fn sha1(message: &[u8]) -> [u8; 20] {
    let mut padded = message.to_vec();
    padded.push(0x80);
    while padded.len() % 64 != 56 {
        padded.push(0);
    }
    padded.extend_from_slice(&(message.len() as u64 * 8).to_be_bytes());
    let mut state: [u32; 5] = [0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476, 0xC3D2_E1F0];
    for block in padded.chunks_exact(64) {
        let mut words = [0u32; 80];
        for (word, bytes) in words.iter_mut().zip(block.chunks_exact(4)) {
            *word = u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
        }
        for at in 16..80 {
            words[at] = (words[at - 3] ^ words[at - 8] ^ words[at - 14] ^ words[at - 16]).rotate_left(1);
        }
        let [mut a, mut b, mut c, mut d, mut e] = state;
        for (round, word) in words.iter().enumerate() {
            let (mixed, constant) = match round {
                0..20 => ((b & c) | (!b & d), 0x5A82_7999),
                20..40 => (b ^ c ^ d, 0x6ED9_EBA1),
                40..60 => ((b & c) | (b & d) | (c & d), 0x8F1B_BCDC),
                _ => (b ^ c ^ d, 0xCA62_C1D6u32),
            };
            let next = a.rotate_left(5).wrapping_add(mixed).wrapping_add(e).wrapping_add(constant).wrapping_add(*word);
            (e, d, c, b, a) = (d, c, b.rotate_left(30), a, next);
        }
        for (sum, value) in state.iter_mut().zip([a, b, c, d, e]) {
            *sum = sum.wrapping_add(value);
        }
    }
    let mut id = [0; 20];
    for (bytes, word) in id.chunks_exact_mut(4).zip(state) {
        bytes.copy_from_slice(&word.to_be_bytes());
    }
    id
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_have_gits_names() -> Result<()> {
        // RFC 3174, and what `git hash-object` says of an empty file; the commit is git's own of a file with 70 letters.
        assert_eq!(hex(&sha1(b"abc")), "a9993e364706816aba3e25717850c26c9cd0d89d");
        assert_eq!(hex(&sha1(b"blob 0\0")), "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391");
        let dir = tempfile::tempdir()?;
        let repository = Repository::init(dir.path())?;
        fs::write(dir.path().join("a"), "x".repeat(70))?;
        let id = repository.commit("main", None, &["a"])?;
        assert_eq!(id, "8561811db48ce413e69e54c67f8d879bc7a87623");
        Ok(())
    }
}
