//! Who needs a package: shipped or for development only, required or optional; by walking from the project's own
//! dependencies.

use crate::plan::package::{Package, Scope};

/// One that depends on another, and whether it can do without.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Edge {
    pub(crate) to: usize,
    pub(crate) optional: bool,
}

/// Packages by index, and nodes beyond them for whatever stands between packages.
#[derive(Debug, Default)]
pub(crate) struct Graph {
    edges: Vec<Vec<Edge>>,
    /// What the project and its members ship with.
    pub(crate) production: Vec<Edge>,
    /// What they need for development.
    pub(crate) development: Vec<Edge>,
}

impl Graph {
    /// Of that many packages.
    pub(crate) fn new(packages: usize) -> Self {
        Graph { edges: vec![Vec::new(); packages], ..Graph::default() }
    }

    /// One more node, which is no package.
    pub(crate) fn node(&mut self) -> usize {
        self.edges.push(Vec::new());
        self.edges.len() - 1
    }

    /// One more edge; `from` is a node of this graph.
    pub(crate) fn edge(&mut self, from: usize, to: usize, optional: bool) {
        if let Some(edges) = self.edges.get_mut(from) {
            edges.push(Edge { to, optional });
        }
    }

    /// What the roots lead to. With `can_miss`, by edges that are not optional and by packages that can't be missed only.
    fn reach<'e>(&self, roots: impl Iterator<Item = &'e Edge>, can_miss: Option<&[Package]>) -> Vec<bool> {
        let mut reached = vec![false; self.edges.len()];
        let followed = |edge: &Edge| {
            can_miss.is_none_or(|packages| !edge.optional && !packages.get(edge.to).is_some_and(|to| to.optional))
        };
        let mut todo: Vec<usize> = roots.filter(|edge| followed(edge)).map(|edge| edge.to).collect();
        while let Some(node) = todo.pop() {
            if reached.get(node).is_some_and(|reached| !reached) {
                reached[node] = true;
                let edges = self.edges[node].iter();
                todo.extend(edges.filter(|edge| followed(edge) && !reached[edge.to]).map(|edge| edge.to));
            }
        }
        reached
    }

    /// Sets what the walk tells. `scope` of a package that nothing leads to stays as it is, which is production: an edge that
    /// we don't know must not hide a package. `optional` is only ever set; what only leads on from a package that is optional
    /// already is so too.
    pub(crate) fn apply(&self, packages: &mut [Package]) {
        let all = || self.production.iter().chain(&self.development);
        let shipped = self.reach(self.production.iter(), None);
        let developed = self.reach(self.development.iter(), None);
        let required = self.reach(all(), Some(packages));
        for (at, package) in packages.iter_mut().enumerate() {
            let flag = |reached: &[bool]| reached.get(at).copied().unwrap_or(false);
            if flag(&developed) && !flag(&shipped) {
                package.scope = Scope::Development;
            }
            package.optional |= (flag(&developed) || flag(&shipped)) && !flag(&required);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::package::{Ecosystem, Place};

    #[test]
    fn what_ships_wins_over_development_and_required_over_optional() {
        let mut packages: Vec<Package> =
            (0..6).map(|at| Package::new(Ecosystem::Npm, at.to_string(), "1", Place::default())).collect();
        let mut graph = Graph::new(packages.len());
        graph.production.push(Edge { to: 0, optional: false });
        graph.development.push(Edge { to: 1, optional: false });
        for (from, to, optional) in [(0, 2, true), (1, 2, false), (1, 3, false), (3, 1, false), (2, 4, true)] {
            graph.edge(from, to, optional);
        }
        graph.apply(&mut packages);
        let said: Vec<_> = packages.iter().map(|package| (package.scope, package.optional)).collect();
        let (ships, develops) = (Scope::Production, Scope::Development);
        let expected =
            [(ships, false), (develops, false), (ships, false), (develops, false), (ships, true), (ships, false)];
        assert_eq!(said, expected);
    }
}
