//! Times and failures in words. PURE.
#![warn(clippy::disallowed_methods)]

use kit_probe::event::Step;

/// Misses that one line names.
const NAMED: usize = 3;

/// A time as people read it: `870 µs`, `12.3 ms`, `4.50 s`. Cut, not rounded.
pub fn time(us: u64) -> String {
    match us {
        0..1_000 => format!("{us} µs"),
        1_000..1_000_000 => format!("{}.{} ms", us / 1_000, us % 1_000 / 100),
        _ => format!("{}.{:02} s", us / 1_000_000, us % 1_000_000 / 10_000),
    }
}

/// Why a step failed, one line.
pub fn failure(step: &Step) -> String {
    if let Some(fault) = &step.fault {
        return step.named(&fault.message);
    }
    let mut misses: Vec<String> = step.misses.iter().take(NAMED).map(ToString::to_string).collect();
    if step.misses.len() > NAMED {
        misses.push(format!("{} more", step.misses.len() - NAMED));
    }
    step.named(&misses.join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_cut_and_never_rounded_up() {
        assert_eq!(time(999), "999 µs");
        assert_eq!(time(12_399), "12.3 ms");
        assert_eq!(time(4_509_999), "4.50 s");
    }
}
