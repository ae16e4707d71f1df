//! Objects by their ids, within bounds.

use super::layout::Folders;
use super::pack_cache::PackCache;
use super::{MAX_BLOB_BYTES, Repository};
use crate::error::Error;
use gix_hash::{Kind, ObjectId};
use gix_object::{CommitRefIter, Find, FindHeader};

/// The most memory that one object, or the deltas that it is made of, may take, in bytes. The largest trees and commits in
/// use have a few MiB, blobs are looked at up to [`MAX_BLOB_BYTES`]; beyond lie bombs.
const MAX_OBJECT_BYTES: usize = 256 << 20;
/// Tags of tags that are followed. git sets no bound; nobody has three.
const MAX_TAGS: usize = 16;

/// What history needs of a commit.
pub(super) struct RawCommit {
    pub(super) tree: ObjectId,
    pub(super) parents: Vec<ObjectId>,
    /// When it was committed, in seconds since 1970; 0 when it does not say.
    pub(super) time_s: i64,
}

/// Opens the object store and those that it borrows from.
pub(super) fn open(folders: &Folders, hash: Kind) -> Result<gix_odb::Handle, Error> {
    let folder = folders.common.join("objects");
    let options = gix_odb::store::init::Options { alloc_limit_bytes: Some(MAX_OBJECT_BYTES), ..Default::default() };
    let mut objects = gix_odb::at_opts(&folder, hash, None, options).map_err(|err| Error::World {
        what: "read",
        path: folder.display().to_string(),
        why: err.to_string(),
    })?;
    // An object that is not there is no reason to list the packs again: nobody writes while we read.
    objects.refresh_never();
    objects.set_pack_cache(|| Box::new(PackCache::default()));
    Ok(objects)
}

/// The system's or the format's reason why an object cannot be had.
pub(super) fn damaged(id: &ObjectId, why: &dyn std::fmt::Display) -> Error {
    Error::World { what: "read", path: format!("git object {id}"), why: why.to_string() }
}

impl Repository {
    /// An object's kind and content; `None` when this clone does not have it.
    pub(super) fn object(&self, id: &ObjectId) -> Result<Option<(gix_object::Kind, Vec<u8>)>, Error> {
        let mut bytes = Vec::new();
        let found = self.objects.try_find(id, &mut bytes).map_err(|err| damaged(id, &err))?;
        let Some(kind) = found.map(|object| object.kind) else { return Ok(None) };
        Ok(Some((kind, bytes)))
    }

    /// Like [`Repository::object`], and the object must be there and be of that kind.
    pub(super) fn object_of(&self, id: &ObjectId, kind: gix_object::Kind) -> Result<Vec<u8>, Error> {
        match self.object(id)? {
            Some((found, bytes)) if found == kind => Ok(bytes),
            Some((found, _)) => Err(damaged(id, &format!("it is a {found} where a {kind} should be"))),
            None => Err(self.missing(id, &kind.to_string())),
        }
    }

    /// An object that history or a tree names and that this clone does not have.
    pub(super) fn missing(&self, id: &ObjectId, kind: &str) -> Error {
        let advice = if self.is_shallow() {
            "this clone is shallow: fetch more of its history"
        } else {
            "it may be a partial clone (`--filter`): clone without a filter, or run `git fetch --refetch --no-filter`"
        };
        Error::Unproven { code: "objects-missing", what: format!("the {kind} {id} is not in this clone; {advice}") }
    }

    /// A commit that must be there.
    pub(super) fn commit(&self, id: &ObjectId) -> Result<RawCommit, Error> {
        self.try_commit(id)?.ok_or_else(|| self.missing(id, "commit"))
    }

    /// A commit; `None` when this clone does not have it.
    pub(super) fn try_commit(&self, id: &ObjectId) -> Result<Option<RawCommit>, Error> {
        match self.object(id)? {
            Some((gix_object::Kind::Commit, bytes)) => parse_commit(id, &bytes).map(Some),
            Some((kind, _)) => Err(damaged(id, &format!("it is a {kind} where a commit should be"))),
            None => Ok(None),
        }
    }

    /// Follows tags to the commit that they name. `None` when this clone does not have the object.
    pub(super) fn peel(&self, id: ObjectId, name: &str) -> Result<Option<ObjectId>, Error> {
        let mut id = id;
        for _ in 0..MAX_TAGS {
            match self.object(&id)? {
                None => return Ok(None),
                Some((gix_object::Kind::Commit, _)) => return Ok(Some(id)),
                Some((gix_object::Kind::Tag, bytes)) => {
                    id = gix_object::TagRefIter::from_bytes(&bytes, id.kind())
                        .target_id()
                        .map_err(|err| damaged(&id, &err))?;
                }
                Some((kind, _)) => {
                    return Err(Error::input(format!("`{name}` names a {kind}, and a commit is needed")));
                }
            }
        }
        Err(damaged(&id, &"it is a tag of a tag of a tag, without end"))
    }

    /// A blob's content; `None` when it is larger than [`MAX_BLOB_BYTES`].
    pub(super) fn blob(&self, id: &ObjectId) -> Result<Option<Vec<u8>>, Error> {
        if self.blob_size_bytes(id)? > MAX_BLOB_BYTES {
            return Ok(None);
        }
        self.object_of(id, gix_object::Kind::Blob).map(Some)
    }

    /// A blob's size in bytes, without unpacking it.
    pub(super) fn blob_size_bytes(&self, id: &ObjectId) -> Result<u64, Error> {
        let header = self.objects.try_header(id).map_err(|err| damaged(id, &err))?;
        Ok(header.ok_or_else(|| self.missing(id, "file"))?.size)
    }
}

fn parse_commit(id: &ObjectId, bytes: &[u8]) -> Result<RawCommit, Error> {
    let fields = || CommitRefIter::from_bytes(bytes, id.kind());
    Ok(RawCommit {
        tree: fields().tree_id().map_err(|err| damaged(id, &err))?,
        parents: fields().parent_ids().collect(),
        time_s: fields().committer().ok().and_then(|who| who.time().ok()).map_or(0, |time| time.seconds),
    })
}
