//! Strongly connected components (R. Tarjan, "Depth-first search and linear graph algorithms", 1972), without recursion:
//! a chain of a hundred thousand imports must not overflow the stack.

/// The components of a graph whose node `n` has the edges `edges[n]`. Each component comes after all that it leads to, and its
/// nodes are in ascending order. Edges to nodes that don't exist are passed over.
pub fn components(edges: &[Box<[u32]>]) -> Vec<Vec<u32>> {
    let mut search = Search {
        edges,
        entered: vec![0; edges.len()],
        lowest: vec![0; edges.len()],
        open: vec![false; edges.len()],
        path: Vec::new(),
        found: Vec::new(),
        count: 0,
    };
    for node in (0_u32..).take(edges.len()) {
        if search.entered[node as usize] == 0 {
            search.from(node);
        }
    }
    search.found
}

struct Search<'e> {
    edges: &'e [Box<[u32]>],
    /// When a node was entered, from 1; 0: not yet.
    entered: Vec<u32>,
    lowest: Vec<u32>,
    open: Vec<bool>,
    path: Vec<u32>,
    found: Vec<Vec<u32>>,
    count: u32,
}

impl Search<'_> {
    fn from(&mut self, start: u32) {
        // A node, and which of its edges comes next.
        let mut calls: Vec<(u32, usize)> = vec![(start, 0)];
        self.enter(start);
        while let Some((node, next)) = calls.last_mut() {
            let at = *node as usize;
            if let Some(&to) = self.edges[at].get(*next) {
                *next += 1;
                match self.entered.get(to as usize) {
                    Some(0) => {
                        self.enter(to);
                        calls.push((to, 0));
                    }
                    Some(&entered) if self.open[to as usize] => self.lowest[at] = self.lowest[at].min(entered),
                    _ => {}
                }
                continue;
            }
            calls.pop();
            if let Some((parent, _)) = calls.last() {
                let parent = *parent as usize;
                self.lowest[parent] = self.lowest[parent].min(self.lowest[at]);
            }
            if self.lowest[at] == self.entered[at] {
                self.close(at);
            }
        }
    }

    fn enter(&mut self, node: u32) {
        self.count += 1;
        self.entered[node as usize] = self.count;
        self.lowest[node as usize] = self.count;
        self.open[node as usize] = true;
        self.path.push(node);
    }

    fn close(&mut self, root: usize) {
        let mut component = Vec::new();
        while let Some(node) = self.path.pop() {
            self.open[node as usize] = false;
            component.push(node);
            if node as usize == root {
                break;
            }
        }
        component.sort_unstable();
        self.found.push(component);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(edges: &[&[u32]]) -> Vec<Vec<u32>> {
        components(&edges.iter().map(|to| Box::from(*to)).collect::<Vec<_>>())
    }

    #[test]
    fn cycles_are_one_component_and_leaves_come_first() {
        assert_eq!(of(&[&[1], &[2], &[]]), [[2], [1], [0]]);
        assert_eq!(of(&[&[1], &[2], &[0], &[0]]), [vec![0, 1, 2], vec![3]]);
        assert_eq!(of(&[&[0], &[9]]), [[0], [1]]);
        assert_eq!(of(&[&[1, 2], &[0], &[3], &[2]]), [vec![2, 3], vec![0, 1]]);
        assert!(of(&[]).is_empty());
    }

    #[test]
    fn a_long_chain_and_a_long_ring_fit() {
        let mut chain: Vec<Box<[u32]>> = (1..300_000_u32).map(|to| Box::from([to])).collect();
        chain.push(Box::from([]));
        assert_eq!(components(&chain).len(), 300_000);
        *chain.last_mut().unwrap() = Box::from([0]);
        assert_eq!(components(&chain).len(), 1);
    }

    proptest! {
        /// Against reachability by brute force.
        #[test]
        fn components_are_mutual_reach(edges in proptest::collection::vec(proptest::collection::vec(0_u32..9, 0..4), 1..9)) {
            let n = edges.len();
            let boxed: Vec<Box<[u32]>> = edges.iter().map(|to| to.iter().copied().filter(|to| (*to as usize) < n).collect()).collect();
            let mut reach = vec![vec![false; n]; n];
            for (from, to) in boxed.iter().enumerate() {
                reach[from][from] = true;
                to.iter().for_each(|to| reach[from][*to as usize] = true);
            }
            for k in 0..n { for i in 0..n { for j in 0..n { reach[i][j] |= reach[i][k] && reach[k][j]; } } }
            let found = components(&boxed);
            let place: Vec<usize> = (0..n).map(|node| found.iter().position(|c| c.contains(&(node as u32))).unwrap()).collect();
            for i in 0..n { for j in 0..n {
                prop_assert_eq!(place[i] == place[j], reach[i][j] && reach[j][i]);
                prop_assert!(!reach[i][j] || place[j] <= place[i]);
            } }
            prop_assert_eq!(found.iter().map(Vec::len).sum::<usize>(), n);
        }
    }
}
