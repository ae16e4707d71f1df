//! What one commit has that another has not: the trees compared by gix-diff, then renames, then lines.

use super::objects::damaged;
use super::renames::{self, Blobs, Side};
use super::{Repository, lines};
use crate::error::Error;
use crate::plan::diff::{Change, ChangedFile, Hunk};
use gix_diff::tree::visit::{Action, Change as TreeChange};
use gix_diff::tree::{Recorder, Visit, recorder};
use gix_hash::ObjectId;
use gix_object::bstr::{BStr, BString, ByteSlice};
use gix_object::tree::{EntryKind, EntryMode};
use gix_object::{Kind, TreeRefIter};
use std::collections::BTreeMap;
use std::ops::ControlFlow;

/// Files that one change may touch. A tree of identical trees can name more than the universe has atoms.
const MAX_FILES: usize = 1_000_000;
/// The longest path, in bytes: Linux's PATH_MAX.
const MAX_PATH_BYTES: usize = 4096;
/// Bytes of changed lines that are kept, in all.
const MAX_CHANGED_BYTES: u64 = 512 << 20;

/// What a path is on one side.
type Entry = (EntryKind, ObjectId);

/// A path that differs: before, and after.
type Differing = BTreeMap<BString, (Option<Entry>, Option<Entry>)>;

impl Repository {
    /// What the tree of the second commit has that the tree of the first has not, in order of path. Commits are named as
    /// for [`Repository::resolve`]. A file is renamed when it is at least half like one that is gone.
    /// A text that git would call binary before is new in all its lines. A path that was a link or a submodule and is a
    /// file now is new.
    /// Errors: no such commit, objects that this clone lacks, a change beyond all bounds.
    pub fn diff(&self, from_tree_of: &str, to_tree_of: &str) -> Result<Vec<ChangedFile>, Error> {
        let (from, to) = (self.commit_id(from_tree_of)?, self.commit_id(to_tree_of)?);
        let (from, to) = (self.commit(&from)?.tree, self.commit(&to)?.tree);
        if from == to {
            return Ok(Vec::new());
        }
        let differing = self.differing(&from, &to)?;
        let origins = self.renamed(&differing)?;
        let mut budget = Budget { left_bytes: MAX_CHANGED_BYTES };
        let mut files = Vec::with_capacity(differing.len());
        for (path, (before, after)) in &differing {
            let origin = origins.to.get(path.as_bstr());
            if after.is_none() && origins.from.contains_key(path.as_bstr()) {
                continue;
            }
            let before = match origin {
                Some(origin) => differing.get(*origin).and_then(|(before, _)| *before),
                None => *before,
            };
            let mut file = self.changed(before, *after, &mut budget)?;
            if let Some(origin) = origin {
                file.old_path = Some(origin.to_str_lossy().into_owned());
                file.change = if file.change == Change::Modified { Change::Renamed } else { file.change };
            }
            file.path = path.to_str_lossy().into_owned();
            files.push(file);
        }
        Ok(files)
    }

    /// The paths whose entries differ, without folders.
    fn differing(&self, from: &ObjectId, to: &ObjectId) -> Result<Differing, Error> {
        let (from_bytes, to_bytes) = (self.object_of(from, Kind::Tree)?, self.object_of(to, Kind::Tree)?);
        let mut bounded = Bounded { recorder: Recorder::default(), overlong: false };
        let trees = |bytes, id: &ObjectId| TreeRefIter::from_bytes(bytes, id.kind());
        let outcome = gix_diff::tree(
            trees(&from_bytes, from),
            trees(&to_bytes, to),
            gix_diff::tree::State::default(),
            &self.objects,
            &mut bounded,
        );
        if bounded.overlong {
            return Err(damaged(to, &format!("it has a path of more than {MAX_PATH_BYTES} bytes")));
        }
        if bounded.recorder.records.len() > MAX_FILES {
            return Err(Error::Unproven {
                code: "diff-too-large",
                what: format!("the change touches more than {MAX_FILES} paths; give a nearer --base"),
            });
        }
        outcome.map_err(|err| self.tree_error(to, &err))?;
        let mut differing = Differing::new();
        let mut set = |path: BString, mode: EntryMode, id: ObjectId, is_after: bool| {
            if !mode.is_tree() {
                let sides = differing.entry(path).or_default();
                let side = if is_after { &mut sides.1 } else { &mut sides.0 };
                *side = Some((mode.kind(), id));
            }
        };
        for record in bounded.recorder.records {
            match record {
                recorder::Change::Addition { entry_mode, oid, path, .. } => set(path, entry_mode, oid, true),
                recorder::Change::Deletion { entry_mode, oid, path, .. } => set(path, entry_mode, oid, false),
                recorder::Change::Modification { previous_entry_mode, previous_oid, entry_mode, oid, path } => {
                    set(path.clone(), previous_entry_mode, previous_oid, false);
                    set(path, entry_mode, oid, true);
                }
            }
        }
        Ok(differing)
    }

    fn tree_error(&self, tree: &ObjectId, err: &gix_diff::tree::Error) -> Error {
        let why = err.to_string();
        let why = std::error::Error::source(err).map_or_else(|| why.clone(), |source| format!("{why}: {source}"));
        damaged(tree, &why)
    }

    /// Which of the paths that are only after were others before.
    fn renamed<'d>(&self, differing: &'d Differing) -> Result<Origins<'d>, Error> {
        let (mut gone, mut new) = (Vec::new(), Vec::new());
        for (path, sides) in differing {
            match *sides {
                (Some((kind, id)), None) if is_file(kind) => gone.push(Side { path: path.to_vec(), id }),
                (None, Some((kind, id))) if is_file(kind) => new.push(Side { path: path.to_vec(), id }),
                _ => {}
            }
        }
        let mut origins = Origins::default();
        if gone.is_empty() || new.is_empty() {
            return Ok(origins);
        }
        let found = renames::find(&gone, &new, self)?;
        if found.incomplete {
            self.notice(format!(
                "{} new files and {} that are gone are too many to find every rename: files that were moved and edited may \
                 count as new",
                new.len(),
                gone.len()
            ));
        }
        for (new_index, gone_index) in found.pairs {
            let key = |side: Option<&Side>| side.and_then(|side| differing.get_key_value(side.path.as_bstr()));
            if let (Some((to, _)), Some((from, _))) = (key(new.get(new_index)), key(gone.get(gone_index))) {
                origins.to.insert(to.as_bstr(), from.as_bstr());
                origins.from.insert(from.as_bstr(), to.as_bstr());
            }
        }
        Ok(origins)
    }

    /// One path's change; its names are filled in by the caller.
    fn changed(&self, before: Option<Entry>, after: Option<Entry>, budget: &mut Budget) -> Result<ChangedFile, Error> {
        let (change, hunks) = match (before, after) {
            (_, Some((EntryKind::Commit, _))) => (Change::Submodule, Vec::new()),
            (_, Some((EntryKind::Link, _))) => (Change::Link, Vec::new()),
            (Some((kind, id)), None) => (Change::Deleted, self.removed(kind, &id, budget)?),
            (Some((kind, old)), Some((_, new))) if is_file(kind) => self.modified(&old, &new, budget)?,
            (_, Some((_, new))) => match self.text(&new)? {
                Some(text) => (Change::Added, budget.spend(lines::all_new(&text))?),
                None => (Change::Binary, Vec::new()),
            },
            (None, None) => (Change::Modified, Vec::new()),
        };
        Ok(ChangedFile { path: String::new(), old_path: None, change, hunks })
    }

    fn removed(&self, kind: EntryKind, id: &ObjectId, budget: &mut Budget) -> Result<Vec<Hunk>, Error> {
        if !is_file(kind) {
            return Ok(Vec::new());
        }
        self.text(id)?.map_or(Ok(Vec::new()), |text| budget.spend(lines::all_old(&text)))
    }

    fn modified(&self, old: &ObjectId, new: &ObjectId, budget: &mut Budget) -> Result<(Change, Vec<Hunk>), Error> {
        // Only its mode or its path is another.
        if old == new {
            return Ok((Change::Modified, Vec::new()));
        }
        let hunks = match (self.text(old)?, self.text(new)?) {
            (Some(old), Some(new)) => lines::hunks(&old, &new),
            (None, Some(new)) => lines::all_new(&new),
            (_, None) => return Ok((Change::Binary, Vec::new())),
        };
        Ok((Change::Modified, budget.spend(hunks)?))
    }

    /// A file's content, when it is a text of ordinary size.
    fn text(&self, id: &ObjectId) -> Result<Option<Vec<u8>>, Error> {
        Ok(self.blob(id)?.filter(|bytes| lines::is_text(bytes)))
    }
}

impl Blobs for Repository {
    fn size_bytes(&self, id: &ObjectId) -> Result<u64, Error> {
        self.blob_size_bytes(id)
    }

    fn content(&self, id: &ObjectId) -> Result<Option<Vec<u8>>, Error> {
        self.blob(id)
    }
}

fn is_file(kind: EntryKind) -> bool {
    matches!(kind, EntryKind::Blob | EntryKind::BlobExecutable)
}

/// Renames both ways round.
#[derive(Default)]
struct Origins<'d> {
    /// From the new path to the old one.
    to: BTreeMap<&'d BStr, &'d BStr>,
    /// From the old path to the new one.
    from: BTreeMap<&'d BStr, &'d BStr>,
}

/// How many bytes of changed lines may still be kept.
struct Budget {
    left_bytes: u64,
}

impl Budget {
    fn spend(&mut self, hunks: Vec<Hunk>) -> Result<Vec<Hunk>, Error> {
        let lines = hunks.iter().flat_map(|hunk| hunk.old.iter().chain(&hunk.new));
        let bytes: u64 = lines.map(|line| (line.len() + size_of::<String>()) as u64).sum();
        match self.left_bytes.checked_sub(bytes) {
            Some(left_bytes) => self.left_bytes = left_bytes,
            None => {
                return Err(Error::Unproven {
                    code: "diff-too-large",
                    what: format!(
                        "the change holds more than {} MiB of changed lines; give a nearer --base",
                        MAX_CHANGED_BYTES >> 20
                    ),
                });
            }
        }
        Ok(hunks)
    }
}

/// Records what differs, until it is too much.
struct Bounded {
    recorder: Recorder,
    overlong: bool,
}

impl Visit for Bounded {
    fn pop_front_tracked_path_and_set_current(&mut self) {
        self.recorder.pop_front_tracked_path_and_set_current();
    }

    fn push_back_tracked_path_component(&mut self, component: &BStr) {
        self.recorder.push_back_tracked_path_component(component);
    }

    fn push_path_component(&mut self, component: &BStr) {
        self.recorder.push_path_component(component);
    }

    fn pop_path_component(&mut self) {
        self.recorder.pop_path_component();
    }

    fn visit(&mut self, change: TreeChange) -> Action {
        self.overlong = self.recorder.path().len() > MAX_PATH_BYTES;
        if self.overlong || self.recorder.records.len() > MAX_FILES {
            return ControlFlow::Break(());
        }
        self.recorder.visit(change)
    }
}
