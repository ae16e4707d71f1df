//! Puts the files of a report in their place in the repository. PURE.
//!
//! Reports name files as the machine saw them that ran the tests: below a container's `/app`, relative to a package of a
//! monorepo, as a Go import path, as a Java package, with `\` and a drive letter. Each of these is the repository's path
//! with one prefix taken off and another put on (a [`Move`]), and a report's files share a few moves. So a file that could
//! be in two places goes where the move leads that explains more of the report; what remains open is ambiguous, never
//! guessed.
#![warn(clippy::disallowed_methods)]

mod index;
mod likely;
mod moves;
pub mod normal;

#[cfg(test)]
mod tests;

use super::coverage::ReportedPath;
pub use index::Index;
pub use likely::likely_map;
use moves::Move;
use normal::Normal;

/// What is known of the repository besides its files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Layout {
    /// Where the repository is on this machine, absolute; empty when unknown.
    pub top: String,
    /// Prefixes that the user had replaced, the first that fits.
    pub maps: Vec<(String, String)>,
    /// Go modules: import path, and the folder it lies in (empty for the root), from every `go.mod` and its local `replace`s.
    pub go_modules: Vec<(String, String)>,
}

/// Where a file is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// Here: an index into the repository's files.
    At(usize),
    /// In one of these; nothing tells which.
    Ambiguous(Vec<usize>),
    /// Nowhere in the repository.
    Nowhere,
}

/// Folders whose files are other people's code, whatever the name of a file in them.
const FOREIGN: [&str; 6] = ["node_modules", "vendor", "site-packages", "dist-packages", ".venv", "bower_components"];

/// Places every file of one report. `roots` are the folders that the report says its paths are relative to.
pub fn place(files: &[&ReportedPath], roots: &[String], index: &Index<'_>, layout: &Layout) -> Vec<Place> {
    let normals: Vec<Vec<Normal>> = files.iter().map(|file| spellings(&file.path, roots, layout)).collect();
    let settled: Vec<Option<Place>> = normals.iter().map(|spellings| certain(spellings, index, layout)).collect();
    let candidates: Vec<Vec<Candidate>> = normals
        .iter()
        .zip(&settled)
        .map(|(spellings, settled)| if settled.is_some() { Vec::new() } else { candidates(spellings, index) })
        .collect();
    let votes = moves::Votes::count(&candidates);
    let choose = |at: usize| match &settled[at] {
        Some(place) => place.clone(),
        None => choose(&candidates[at], &normals[at], &votes, &files[at].module, index),
    };
    (0..files.len()).map(choose).collect()
}

/// A tracked file that a reported one may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Candidate {
    /// Index of the tracked file.
    tracked: usize,
    /// What has to be done to the reported path to get there.
    by: Move,
}

/// The path in every spelling that the report allows: as it stands, or below each of its roots.
fn spellings(path: &str, roots: &[String], layout: &Layout) -> Vec<Normal> {
    let own = normal::normal(path);
    for (from, to) in &layout.maps {
        if let Some(rest) = own.below(&normal::normal(from)) {
            return vec![normal::normal(to).joined(&rest)];
        }
    }
    if own.absolute {
        return vec![own];
    }
    let mut spellings: Vec<Normal> = roots
        .iter()
        .map(|root| normal::normal(root))
        .filter(|root| !root.is_here())
        .map(|root| root.joined(&own))
        .collect();
    spellings.push(own);
    spellings.dedup();
    spellings
}

/// The place that needs no comparing: below the repository's own folder, or by a Go module.
fn certain(spellings: &[Normal], index: &Index<'_>, layout: &Layout) -> Option<Place> {
    let top = (!layout.top.is_empty()).then(|| normal::normal(&layout.top));
    for spelling in spellings {
        if let Some(inside) = top.as_ref().filter(|_| spelling.absolute).and_then(|top| spelling.below(top)) {
            // A report made right here can only mean what is right here.
            return Some(index.exact(&inside.text()).map_or(Place::Nowhere, Place::At));
        }
        let module = layout
            .go_modules
            .iter()
            .filter_map(|(path, folder)| Some((path.len(), folder, spelling.below(&normal::normal(path))?)))
            .max_by_key(|(length, ..)| *length);
        if let Some((_, folder, rest)) = module.filter(|_| !spelling.absolute) {
            let inside = normal::normal(folder).joined(&rest);
            return Some(index.exact(&inside.text()).map_or(Place::Nowhere, Place::At));
        }
    }
    None
}

/// Tracked files that share as many last components as any does, and those that are the reported path's end.
fn candidates(spellings: &[Normal], index: &Index<'_>) -> Vec<Candidate> {
    let mut found: Vec<(usize, Candidate)> = Vec::new();
    for spelling in spellings {
        let parts = spelling.parts();
        for (tracked, shared) in index.sharing_ends(&parts) {
            let by = Move::new(spelling, shared, index.path(tracked));
            // Something taken off and something put on, with nothing but the file's name in between, is a coincidence;
            // but in Kotlin, where folders leave out the packages that all have in common
            // (kotlinlang.org/docs/coding-conventions.html, "Directory structure").
            let kotlin = !spelling.absolute && parts.last().is_some_and(|name| name.ends_with(".kt"));
            let coincidence = shared < 2 && by.takes_off() && by.puts_on() && !kotlin;
            if !coincidence && !by.off().iter().any(|part| FOREIGN.contains(&part.as_str())) {
                found.push((shared, Candidate { tracked, by }));
            }
        }
    }
    let most = found.iter().map(|(shared, _)| *shared).max().unwrap_or(0);
    found.retain(|(shared, candidate)| *shared == most || !candidate.by.puts_on());
    let mut candidates: Vec<Candidate> = found.into_iter().map(|(_, candidate)| candidate).collect();
    candidates.sort_by(|a, b| (a.tracked, &a.by).cmp(&(b.tracked, &b.by)));
    candidates.dedup();
    candidates
}

fn choose(
    candidates: &[Candidate],
    spellings: &[Normal],
    votes: &moves::Votes<'_>,
    module: &str,
    index: &Index<'_>,
) -> Place {
    // A path below the prefix of a stronger move goes where that move leads, or nowhere: /app/lib/x/index.js is not the
    // index.js of the repository's root when everything else shows that /app is the root.
    let plausible: Vec<&Candidate> =
        candidates.iter().filter(|candidate| !votes.overruled(&candidate.by, spellings)).collect();
    let best: Vec<&Candidate> = plausible
        .iter()
        .filter(|candidate| !plausible.iter().any(|other| votes.stronger(&other.by, &candidate.by)))
        .copied()
        .collect();
    let mut tracked: Vec<usize> = best.iter().map(|candidate| candidate.tracked).collect();
    tracked.sort_unstable();
    tracked.dedup();
    if tracked.len() > 1
        && let Some(as_is) = best.iter().find(|candidate| candidate.by.is_nothing())
    {
        return Place::At(as_is.tracked);
    }
    if tracked.len() > 1 && !module.is_empty() {
        let names: Vec<&str> = module.split('/').filter(|name| !name.is_empty()).collect();
        let in_module =
            |at: &usize| names.last().is_some_and(|name| index.path(*at).split('/').any(|part| part == *name));
        let of_module: Vec<usize> = tracked.iter().copied().filter(in_module).collect();
        if of_module.len() == 1 {
            tracked = of_module;
        }
    }
    match tracked.as_slice() {
        [] => Place::Nowhere,
        [one] => Place::At(*one),
        _ => Place::Ambiguous(tracked),
    }
}
