//! Which package a dependency means, and what that tells of scopes.

use super::super::npm::graph::{Edge, Graph};
use super::{File, Workspace};
use crate::plan::package::{Origin, Package};
use rustc_hash::FxHashMap;

/// Bytes of the longest key: the longest path that Linux takes. The time to look a name up grows with the square of a key.
pub(super) const MAX_KEY_BYTES: usize = 4096;

/// The names in a key: `@s/a/b` is `@s/a` and `b`.
pub(super) fn parts(key: &str) -> impl Iterator<Item = &str> {
    let mut rest = key;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let skip = if rest.starts_with('@') { rest.find('/').map_or(rest.len(), |at| at + 1) } else { 0 };
        let end = rest[skip..].find('/').map_or(rest.len(), |at| skip + at);
        let part = &rest[..end];
        rest = rest[end..].strip_prefix('/').unwrap_or("");
        Some(part)
    })
}

/// What `name` means in the package of that key: the nearest up the tree, as Node looks for it.
fn find(at: &FxHashMap<&str, usize>, key: &str, name: &str) -> Option<usize> {
    let mut ends: Vec<usize> = Vec::new();
    let mut end = 0;
    for part in parts(key) {
        end += part.len();
        ends.push(end);
        end += 1;
    }
    let mut path = String::with_capacity(key.len() + 1 + name.len());
    for end in ends.iter().rev() {
        path.clear();
        path.push_str(key.get(..*end)?);
        path.push('/');
        path.push_str(name);
        if let Some(found) = at.get(path.as_str()) {
            return Some(*found);
        }
    }
    at.get(name).copied()
}

/// Sets scopes by the dependencies of the project and its members.
pub(super) fn walk(file: &File<'_>, at: &FxHashMap<&str, usize>, packages: &mut [Package]) {
    let mut graph = Graph::new(packages.len());
    for (key, entry) in &file.packages.0 {
        let Some(from) = at.get(&*key.0).copied() else { continue };
        if packages[from].origin == Origin::Own {
            continue;
        }
        for (name, optional) in &entry.info.dependencies {
            if let Some(to) = find(at, &key.0, &name.0) {
                graph.edge(from, to, *optional);
            }
        }
    }
    for (_, workspace) in &file.workspaces.0 {
        roots(&mut graph, workspace, at);
    }
    graph.apply(packages);
}

fn roots(graph: &mut Graph, workspace: &Workspace<'_>, at: &FxHashMap<&str, usize>) {
    let key = workspace.name.0.as_ref().map_or("", |word| &*word.0);
    let can_miss = |name: &str| workspace.optional_peers.iter().any(|word| word.0 == name);
    let edge = |name: &str, optional| find(at, key, name).map(|to| Edge { to, optional });
    graph.production.extend(workspace.dependencies.0.iter().filter_map(|(name, _)| edge(&name.0, false)));
    graph.production.extend(workspace.optional.0.iter().filter_map(|(name, _)| edge(&name.0, true)));
    graph.production.extend(workspace.peers.0.iter().filter_map(|(name, _)| edge(&name.0, can_miss(&name.0))));
    graph.development.extend(workspace.development.0.iter().filter_map(|(name, _)| edge(&name.0, false)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_paths_of_names() {
        assert_eq!(parts("@s/a/b/@t/c").collect::<Vec<_>>(), ["@s/a", "b", "@t/c"]);
        assert_eq!(parts("").count(), 0);
        assert_eq!(parts("@").collect::<Vec<_>>(), ["@"]);
        let at: FxHashMap<&str, usize> = [("b", 0), ("@s/a/b", 1), ("@s/a/c/b", 2)].into_iter().collect();
        assert_eq!(find(&at, "@s/a/c", "b"), Some(2));
        assert_eq!(find(&at, "@s/a/d", "b"), Some(1));
        assert_eq!(find(&at, "e", "b"), Some(0));
        assert_eq!(find(&at, "", "c"), None);
    }
}
