//! Reports on disk: which there are, what each is, and what it says.

mod copies;
mod find;
mod input;
mod recognise;
#[cfg(test)]
mod tests;

pub use find::find;
pub use recognise::{FRONT_BYTES, recognise};

use super::formats;
use super::reading::{Fault, ReadError, Reading};
use crate::plan::report_format::ReportFormat;
use input::Input;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Reports that are read at once, and finished ones that may wait while one before them is still being read.
const AHEAD: usize = 2;

/// What a report is, and what it says.
pub type Outcome = Result<(ReportFormat, Reading), ReadError>;

/// Reads a report of a format that is recognised by content, or `forced`.
/// Errors: it is no regular file, nothing that is known, damaged or too large.
pub fn read_report(path: &Path, forced: Option<ReportFormat>) -> Outcome {
    let input = Input::open(path)?;
    let format = match forced {
        Some(format) => format,
        None => recognise(input.front())?,
    };
    let mut reading = Reading::default();
    if format == ReportFormat::PhpunitXml && recognise(input.front()) == Ok(format) {
        // It is an index: what it names stands in the files beside it.
        formats::phpunit_xml::read_folder(path, &mut reading)?;
        reading.settle();
    } else {
        input.read(|bytes| formats::read(format, bytes, &mut reading))?;
    }
    Ok((format, reading))
}

/// Reads reports and gives each to `on_each`, in the order of `paths`, while the next two are being read. Of reports that
/// are the same byte for byte only the first is given, with a notice `report-copy` that names the others.
pub fn read_all(paths: &[PathBuf], forced: Option<ReportFormat>, on_each: &mut dyn FnMut(PathBuf, Outcome)) {
    let (paths, copies) = copies::set_aside(paths);
    let read = |path: &Path| {
        let mut outcome = read_unwinding(path, forced);
        if let Ok((_, reading)) = &mut outcome {
            tell(&copies, path, reading);
        }
        outcome
    };
    if let [only] = paths.as_slice() {
        return on_each(only.clone(), read(only));
    }
    let queue = Queue { paths: &paths, state: Mutex::default(), changed: Condvar::new() };
    std::thread::scope(|scope| {
        // Should `on_each` panic, the threads end as well instead of waiting for it forever.
        let _closing = Closing(&queue);
        for _ in 0..AHEAD.min(paths.len()) {
            scope.spawn(|| queue.work(&read));
        }
        for (at, path) in paths.iter().enumerate() {
            on_each(path.clone(), queue.take(at));
        }
    });
}

/// A bug in one reader must neither stop the others nor pass for a report that was read.
fn read_unwinding(path: &Path, forced: Option<ReportFormat>) -> Outcome {
    catch_unwind(AssertUnwindSafe(|| read_report(path, forced))).unwrap_or_else(|_| {
        let what = "reading it failed for a reason within this tool; please report it together with the file";
        Err(ReadError::new(None, Fault::Malformed(what.to_owned())))
    })
}

fn tell(copies: &BTreeMap<PathBuf, Vec<PathBuf>>, path: &Path, reading: &mut Reading) {
    for copy in copies.get(path).into_iter().flatten() {
        reading.copies += 1;
        reading.notice("report-copy", None, || {
            format!("{} is this report once more, byte for byte; it was read once", copy.display())
        });
    }
}

/// Reports in their order: read by several threads, taken by one.
struct Queue<'p> {
    paths: &'p [PathBuf],
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    /// The next report that nobody reads yet.
    next: usize,
    /// How many were taken.
    taken: usize,
    finished: BTreeMap<usize, Outcome>,
    /// Nobody takes any more.
    closed: bool,
}

struct Closing<'q, 'p>(&'q Queue<'p>);

impl Drop for Closing<'_, '_> {
    fn drop(&mut self) {
        self.0.lock().closed = true;
        self.0.changed.notify_all();
    }
}

impl Queue<'_> {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn work(&self, read: &(dyn Fn(&Path) -> Outcome + Sync)) {
        let mut state = self.lock();
        while let Some(path) = self.paths.get(state.next).filter(|_| !state.closed) {
            if state.next >= state.taken + AHEAD {
                state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
                continue;
            }
            let at = state.next;
            state.next += 1;
            drop(state);
            let outcome = read(path);
            state = self.lock();
            state.finished.insert(at, outcome);
            self.changed.notify_all();
        }
    }

    fn take(&self, at: usize) -> Outcome {
        let mut state = self.lock();
        loop {
            if let Some(outcome) = state.finished.remove(&at) {
                state.taken = at + 1;
                self.changed.notify_all();
                return outcome;
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }
}
