//! Tells the copies of one licence apart in a text that has several: in each, equal places have about the same distance. PURE.

use super::reading::Place;
use std::ops::Range;

/// How much the distance may change from one place to the next: words that a copy has more or less.
const DRIFT: usize = 48;

/// No licence has so many words: what keeps distances positive.
const BIAS: usize = 1 << 16;

/// Distances that there can be: places have 16 bits for either side.
const DISTANCES: usize = BIAS * 2;

/// Buffers that are used again. Places come in order of text and must stay so, in each copy: nothing is sorted, but distances
/// are looked up in a table.
#[derive(Debug, Default)]
pub(super) struct Copies {
    /// One bit a distance.
    seen: Vec<u64>,
    /// The cluster of each distance that was seen.
    cluster_of: Vec<u16>,
    runs: Vec<Run>,
    clusters: Vec<Cluster>,
    /// Numbers of clusters, in order of their first place.
    order: Vec<u16>,
    copies: Vec<Copy>,
    /// What was told apart.
    ranges: Vec<Range<usize>>,
}

/// Places that follow each other at the same distance, as most of a copy do.
#[derive(Debug, Clone, Copy)]
struct Run {
    distance: u32,
    /// Number of the first; the run goes up to the next one's. Behind the last stands one without places.
    from: u32,
}

/// Equal places at about the same distance.
#[derive(Debug, Clone, Copy)]
struct Cluster {
    first: Place,
    last: Place,
    places: usize,
    copy: usize,
}

/// Clusters of one copy of a licence.
#[derive(Debug, Clone, Copy)]
struct Copy {
    last: Place,
    places: usize,
    /// Where its next place is put; `None`: they are too few.
    next: Option<usize>,
}

impl Copies {
    /// Puts the places of each copy that has enough of them behind each other into `into`, and gives their ranges, in order of
    /// text. `places` are in order and not empty; the licence has `length` words.
    pub(super) fn tell_apart(
        &mut self,
        places: &[Place],
        length: usize,
        enough: impl Fn(usize) -> bool,
        into: &mut Vec<Place>,
    ) -> &[Range<usize>] {
        self.cluster(places);
        self.gather(length);
        self.ranges.clear();
        let mut taken = into.len();
        for copy in &mut self.copies {
            copy.next = enough(copy.places).then_some(taken);
            if copy.next.is_some() {
                self.ranges.push(taken..taken + copy.places);
                taken += copy.places;
            }
        }
        if self.ranges.is_empty() {
            return &[];
        }
        into.resize(taken, Place::new(0, 0));
        for (distance, run) in runs(&self.runs, places) {
            let copy = self.clusters[usize::from(self.cluster_of[distance])].copy;
            if let Some(next) = &mut self.copies[copy].next {
                // One by one: most runs are so short that to copy them as a block takes longer.
                for &place in run {
                    into[*next] = place;
                    *next += 1;
                }
            }
        }
        &self.ranges
    }

    /// Finds the clusters.
    fn cluster(&mut self, places: &[Place]) {
        let Copies { seen, cluster_of, runs: found, clusters, order, .. } = self;
        let none = Cluster { first: Place::new(0, 0), last: Place::new(0, 0), places: 0, copy: 0 };
        let (mut least, mut most) = (DISTANCES, 0);
        seen.resize(DISTANCES / 64, 0);
        cluster_of.resize(DISTANCES, 0);
        found.clear();
        let mut before = usize::MAX;
        for (number, &place) in places.iter().enumerate() {
            let distance = distance(place);
            if distance != before {
                before = distance;
                found.push(Run { distance: distance as u32, from: number as u32 });
                least = least.min(distance);
                most = most.max(distance);
                seen[distance / 64] |= 1 << (distance % 64);
            }
        }
        found.push(Run { distance: 0, from: places.len() as u32 });
        clusters.clear();
        let mut last = 0;
        for (word, seen) in seen.iter_mut().enumerate().take(most / 64 + 1).skip(least / 64) {
            // What was seen is forgotten for the next licence.
            let mut bits = std::mem::take(seen);
            while bits != 0 {
                let distance = word * 64 + bits.trailing_zeros() as usize;
                bits &= bits - 1;
                if clusters.is_empty() || distance - last > DRIFT {
                    clusters.push(none);
                }
                cluster_of[distance] = (clusters.len() - 1) as u16;
                last = distance;
            }
        }
        for (distance, run) in runs(found, places) {
            let cluster = &mut clusters[usize::from(cluster_of[distance])];
            let (Some(&first), Some(&last)) = (run.first(), run.last()) else { continue };
            if cluster.places == 0 {
                cluster.first = first;
            }
            cluster.last = last;
            cluster.places += run.len();
        }
        order.clear();
        order.extend(0..clusters.len() as u16);
        order.sort_unstable_by_key(|&number| clusters[usize::from(number)].first);
    }

    /// Clusters that follow each other in the text and in the licence are of one copy.
    fn gather(&mut self, length: usize) {
        self.copies.clear();
        for &number in &self.order {
            let cluster = &mut self.clusters[usize::from(number)];
            let first = cluster.first;
            let follows = |(_, copy): &(usize, &mut Copy)| {
                let last = copy.last;
                last.offset() < first.offset() + 8
                    && last.at() < first.at() + 8
                    && first.at() < last.at() + length + 200
            };
            match self.copies.iter_mut().enumerate().rev().take(8).find(follows) {
                Some((at, copy)) => {
                    cluster.copy = at;
                    copy.last = cluster.last;
                    copy.places += cluster.places;
                }
                None => {
                    cluster.copy = self.copies.len();
                    self.copies.push(Copy { last: cluster.last, places: cluster.places, next: None });
                }
            }
        }
    }
}

/// The distances of runs, and their places.
fn runs<'r>(runs: &'r [Run], places: &'r [Place]) -> impl Iterator<Item = (usize, &'r [Place])> {
    runs.array_windows().map(|[run, next]| (run.distance as usize, &places[run.from as usize..next.from as usize]))
}

fn distance(place: Place) -> usize {
    place.at() + BIAS - place.offset()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The same by sorting, as it is easiest to understand.
    fn by_sorting(places: &[Place], length: usize) -> Vec<Vec<Place>> {
        let mut keys: Vec<(usize, Place)> = places.iter().map(|&place| (distance(place), place)).collect();
        keys.sort_unstable();
        let mut clusters: Vec<Vec<Place>> = Vec::new();
        let mut last = 0;
        for (distance, place) in keys {
            match clusters.last_mut() {
                Some(cluster) if distance - last <= DRIFT => cluster.push(place),
                _ => clusters.push(vec![place]),
            }
            last = distance;
        }
        clusters.iter_mut().for_each(|cluster| cluster.sort_unstable());
        clusters.sort_unstable();
        let mut copies: Vec<Vec<Place>> = Vec::new();
        for cluster in clusters {
            let first = cluster[0];
            let follows = |copy: &&mut Vec<Place>| {
                let last = copy[copy.len() - 1];
                last.offset() < first.offset() + 8
                    && last.at() < first.at() + 8
                    && first.at() < last.at() + length + 200
            };
            match copies.iter_mut().rev().take(8).find(follows) {
                Some(copy) => copy.extend(cluster),
                None => copies.push(cluster),
            }
        }
        copies.iter_mut().for_each(|copy| copy.sort_unstable());
        copies
    }

    proptest! {
        #[test]
        fn tables_tell_copies_apart_as_sorting_does(
            diagonals in prop::collection::vec((0_usize..6000, prop::collection::vec((0_usize..400, 0_usize..30), 1..20)), 1..12),
            least in 1_usize..6,
        ) {
            let mut places: Vec<Place> = Vec::new();
            for (start, steps) in &diagonals {
                places.extend(steps.iter().map(|&(offset, drift)| Place::new(offset, start + offset + drift)));
            }
            places.sort_unstable();
            places.dedup();
            let mut copies = Copies::default();
            let mut anchors = vec![Place::new(1, 1)];
            // The second time, buffers are in use already.
            for _ in 0..2 {
                let ranges = copies.tell_apart(&places, 400, |places| places >= least, &mut anchors);
                let told: Vec<&[Place]> = ranges.iter().map(|range| &anchors[range.clone()]).collect();
                let expected: Vec<Vec<Place>> =
                    by_sorting(&places, 400).into_iter().filter(|copy| copy.len() >= least).collect();
                prop_assert_eq!(told, expected);
            }
        }
    }
}
