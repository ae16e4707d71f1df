//! Single files of a commit, and notes on commits.

use super::objects::damaged;
use super::{MAX_BLOB_BYTES, Repository};
use crate::error::Error;
use gix_hash::ObjectId;
use gix_object::tree::{EntryKind, EntryMode};
use gix_object::{Kind, TreeRefIter};

/// Folders within folders that are followed. Linux's PATH_MAX (4096) allows no more than half as many.
pub(super) const MAX_TREE_DEPTH: usize = 2048;

impl Repository {
    /// The content of the file `path` (relative to the repository's top, `/`-separated) in a commit, named as for
    /// [`Repository::resolve`]; `None` when the commit has no such path.
    /// Errors: no such commit; the path is a folder, a link or a submodule; the file is larger than [`MAX_BLOB_BYTES`].
    pub fn file_at(&self, commit: &str, path: &str) -> Result<Option<Vec<u8>>, Error> {
        let tree = self.commit(&self.commit_id(commit)?)?.tree;
        let Some((mode, id)) = self.entry_at(tree, path)? else { return Ok(None) };
        let what = match mode.kind() {
            EntryKind::Blob | EntryKind::BlobExecutable => return self.content(&id, path, commit).map(Some),
            EntryKind::Link => "a symbolic link",
            EntryKind::Tree => "a folder",
            EntryKind::Commit => "a submodule",
        };
        Err(Error::file(path, None, format!("is {what} in {commit}, and a file is needed")))
    }

    fn content(&self, id: &ObjectId, path: &str, commit: &str) -> Result<Vec<u8>, Error> {
        self.blob(id)?
            .ok_or_else(|| Error::file(path, None, format!("is larger than {MAX_BLOB_BYTES} bytes in {commit}")))
    }

    /// The note on a commit under a notes ref (`refs/notes/coverage`, or `coverage` for short): git-notes(1). `None` when
    /// there is no such ref, or no note on that commit.
    pub fn note(&self, notes_ref: &str, commit: &str) -> Result<Option<Vec<u8>>, Error> {
        let name =
            if notes_ref.starts_with("refs/") { notes_ref.to_owned() } else { format!("refs/notes/{notes_ref}") };
        let Some(notes) = self.ref_id(&name)? else { return Ok(None) };
        let Some(notes) = self.peel(notes, &name)? else { return Ok(None) };
        let hex = self.commit_id(commit)?.to_string();
        let mut tree = self.commit(&notes)?.tree;
        let mut rest = hex.as_str();
        // A note on `abcdef…` is the file abcdef…, or ab/cdef…, or ab/cd/ef…, as git splits folders that grow large.
        while !rest.is_empty() {
            if let Some((mode, id)) = self.child(&tree, rest.as_bytes())?
                && mode.is_blob()
            {
                return self.content(&id, &format!("the note on {hex}"), &name).map(Some);
            }
            let (folder, after) = rest.split_at(2);
            match self.child(&tree, folder.as_bytes())? {
                Some((mode, id)) if mode.is_tree() => (tree, rest) = (id, after),
                _ => return Ok(None),
            }
        }
        Ok(None)
    }

    /// What a tree has at a path.
    pub(super) fn entry_at(&self, tree: ObjectId, path: &str) -> Result<Option<(EntryMode, ObjectId)>, Error> {
        let mut tree = tree;
        let mut parts = path.split('/').peekable();
        while let Some(part) = parts.next() {
            let Some((mode, id)) = self.child(&tree, part.as_bytes())? else { return Ok(None) };
            if parts.peek().is_none() {
                return Ok(Some((mode, id)));
            }
            if !mode.is_tree() {
                return Ok(None);
            }
            tree = id;
        }
        Ok(None)
    }

    /// What a tree has under a name.
    fn child(&self, tree: &ObjectId, name: &[u8]) -> Result<Option<(EntryMode, ObjectId)>, Error> {
        let bytes = self.object_of(tree, Kind::Tree)?;
        for entry in TreeRefIter::from_bytes(&bytes, tree.kind()) {
            let entry = entry.map_err(|err| damaged(tree, &err))?;
            if entry.filename == name {
                return Ok(Some((entry.mode, entry.oid.to_owned())));
            }
        }
        Ok(None)
    }

    /// Adds the paths of all files and links in a tree and below it to `paths`, each after `prefix`. Submodules are left
    /// out. Errors: more than `max_paths`, or folders deeper than [`MAX_TREE_DEPTH`].
    pub(super) fn list_tree(
        &self,
        tree: ObjectId,
        prefix: &str,
        max_paths: usize,
        paths: &mut Vec<String>,
    ) -> Result<(), Error> {
        let left = max_paths.saturating_sub(paths.len());
        self.walk_tree(tree, prefix, left, &mut |path, _| paths.push(path))
    }

    /// Calls `visit` with the path and the id of each file and link in a tree and below it, bounded as
    /// [`Repository::list_tree`] is.
    pub(super) fn walk_tree(
        &self,
        tree: ObjectId,
        prefix: &str,
        max_paths: usize,
        visit: &mut dyn FnMut(String, ObjectId),
    ) -> Result<(), Error> {
        let mut count = 0;
        let mut waiting = vec![(tree, prefix.to_owned(), 0)];
        while let Some((tree, prefix, depth)) = waiting.pop() {
            if depth > MAX_TREE_DEPTH {
                return Err(damaged(&tree, &format!("folders lie deeper than {MAX_TREE_DEPTH}")));
            }
            let bytes = self.object_of(&tree, Kind::Tree)?;
            for entry in TreeRefIter::from_bytes(&bytes, tree.kind()) {
                let entry = entry.map_err(|err| damaged(&tree, &err))?;
                let name = format!("{prefix}{}", entry.filename);
                match entry.mode.kind() {
                    EntryKind::Tree => waiting.push((entry.oid.to_owned(), name + "/", depth + 1)),
                    EntryKind::Commit => {}
                    EntryKind::Blob | EntryKind::BlobExecutable | EntryKind::Link => {
                        count += 1;
                        visit(name, entry.oid.to_owned());
                    }
                }
                if count + waiting.len() > max_paths {
                    return Err(damaged(&tree, &format!("the tree holds more than {max_paths} paths")));
                }
            }
        }
        Ok(())
    }
}
