//! The same for many things at once, on several threads.

use std::num::NonZero;
use std::sync::{Mutex, OnceLock, PoisonError};
use std::thread;

/// Threads at most: with more the allocator's lock and the system's own work eat what they bring.
const MAX_THREADS: usize = 8;

/// Things for each thread at least: to start one takes as long as to read a few packages.
const LEAST_EACH: usize = 16;

/// What `each` makes of every thing, in the order of the things, as if one after the other had been done. A panic in `each` is
/// one here.
pub fn map<T: Send, R: Send>(things: Vec<T>, each: impl Fn(T) -> R + Sync) -> Vec<R> {
    let most = (things.len() / LEAST_EACH).min(MAX_THREADS);
    let threads = if most < 2 { 1 } else { available().min(most) };
    map_on(threads, things, each)
}

/// What `work` gives, while `other` is done on another thread where it is `wanted` and there is one; else it is left out.
pub fn beside<R>(wanted: bool, other: impl FnOnce() + Send, work: impl FnOnce() -> R) -> R {
    let several = wanted && available() > 1;
    thread::scope(|scope| {
        if several {
            // Without a thread it is done when it is needed.
            let _ = thread::Builder::new().spawn_scoped(scope, other);
        }
        work()
    })
}

/// Threads that the system has for us. Asking reads files of the system's: only where it matters, and once.
fn available() -> usize {
    static AVAILABLE: OnceLock<usize> = OnceLock::new();
    *AVAILABLE.get_or_init(|| thread::available_parallelism().map_or(1, NonZero::get))
}

fn map_on<T: Send, R: Send>(threads: usize, things: Vec<T>, each: impl Fn(T) -> R + Sync) -> Vec<R> {
    if threads < 2 {
        return things.into_iter().map(each).collect();
    }
    let waiting = Mutex::new(things.into_iter().enumerate());
    let next = || waiting.lock().unwrap_or_else(PoisonError::into_inner).next();
    let work = || -> Vec<(usize, R)> {
        let mut done = Vec::new();
        while let Some((number, thing)) = next() {
            done.push((number, each(thing)));
        }
        done
    };
    let mut all = thread::scope(|scope| {
        // Where the system has no thread to give, those that there are do it all.
        let others: Vec<_> =
            (1..threads).filter_map(|_| thread::Builder::new().spawn_scoped(scope, work).ok()).collect();
        let mut all = work();
        for other in others {
            all.extend(other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        }
        all
    });
    all.sort_unstable_by_key(|(number, _)| *number);
    all.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_the_order_of_the_things() {
        let things: Vec<usize> = (0..200).collect();
        // The first take the longest.
        let each = |thing: usize| {
            thread::sleep(std::time::Duration::from_micros(200 - thing as u64));
            thing * 2
        };
        let expected: Vec<usize> = things.iter().map(|thing| thing * 2).collect();
        for threads in [0, 1, 2, 7] {
            assert_eq!(map_on(threads, things.clone(), each), expected, "{threads}");
        }
        assert_eq!(map(things, each), expected);
        assert!(map(Vec::new(), each).is_empty());
    }

    #[test]
    #[should_panic = "the third"]
    fn a_panic_is_passed_on() {
        map_on(2, (0..100).collect::<Vec<i32>>(), |thing| assert!(thing != 3, "the third"));
    }
}
