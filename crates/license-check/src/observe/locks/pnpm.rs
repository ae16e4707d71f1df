//! pnpm: `pnpm-lock.yaml`, lockfileVersion 5.x, 6.x, 7.0 and 9.0; of several documents in one file too, of which pnpm 11
//! writes a first one for its own plugins (`configDependencies`).
//!
//! Packages are the entries of `packages` (up to version 6 one for each set of peers), the project and its workspace members
//! (`importers`, named by their folder where no link names them), and folders that are linked to without being members. What
//! is for development only stands in each entry up to version 6; since then it follows from the importers through
//! `snapshots`.

mod document;
mod lines;
mod names;

use super::npm::text;
use crate::observe::lock::{Fault, Lock};
use document::Document;
use lines::{Event, Pair, Value};

/// What writes a pnpm-lock.yaml anew without installing.
const COMMAND: &str = "pnpm install --lockfile-only";

/// Reads it. Errors: an unknown version; YAML that pnpm doesn't write.
pub fn parse(bytes: &[u8], path: &str) -> Result<Lock, Fault> {
    let text = text::checked(bytes, COMMAND)?;
    let mut lock = Lock::default();
    let mut document = Document::default();
    lines::read(text, |event| match event {
        Event::Document => std::mem::take(&mut document).finish(path, &mut lock),
        Event::Pair(pair) => document.take(pair),
    })?;
    document.finish(path, &mut lock)?;
    if lock.format.is_empty() {
        return Err(Fault::at(1, "is no pnpm lock file: it has no `lockfileVersion`"));
    }
    lock.named()
}

#[cfg(test)]
mod tests;
