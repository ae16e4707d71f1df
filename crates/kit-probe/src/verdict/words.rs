//! What people read of a verdict. PURE.
#![warn(clippy::disallowed_methods)]

use crate::event::Sample;

/// A number with its noun: `1 pass`, `2 passes`.
pub(super) fn count(number: u32, one: &str, many: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {many}") }
}

/// A time: `870 µs`, `12.3 ms`, `812 ms`, `12.3 s`. Rounded up in its last digit.
pub(super) fn time(time_us: u64) -> String {
    let tenths = |unit_us: u64, name: &str| {
        let tenths = time_us.div_ceil(unit_us / 10);
        if tenths.is_multiple_of(10) {
            format!("{} {name}", tenths / 10)
        } else {
            format!("{}.{} {name}", tenths / 10, tenths % 10)
        }
    };
    match time_us {
        0..1_000 => format!("{time_us} µs"),
        1_000..100_000 => tenths(1_000, "ms"),
        100_000..10_000_000 if !time_us.is_multiple_of(1_000_000) => format!("{} ms", time_us.div_ceil(1_000)),
        _ => tenths(1_000_000, "s"),
    }
}

/// A time and the bound that it is over: in whole µs where they would read alike.
pub(super) fn over(time_us: u64, bound_us: u64) -> String {
    match (time(time_us), time(bound_us)) {
        (found, bound) if found == bound => format!("{time_us} µs, over {bound_us} µs"),
        (found, bound) => format!("{found}, over {bound}"),
    }
}

/// The name of a percentile: `95th`, `99.9th`, `1st`.
pub(super) fn ordinal(per_mille: u32) -> String {
    if !per_mille.is_multiple_of(10) {
        return format!("{}.{}th", per_mille / 10, per_mille % 10);
    }
    let whole = per_mille / 10;
    let ending = match (whole % 10, whole % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{whole}{ending}")
}

/// What went wrong in a sample, with its round: `status 503 instead of 200 (round 7)`.
pub(super) fn failure(sample: &Sample) -> String {
    let Some(step) = sample.failed_step() else { return format!("none (round {})", sample.round) };
    let what = match (&step.fault, step.misses.as_slice()) {
        (Some(fault), _) => fault.message.clone(),
        (None, [first, rest @ ..]) if !rest.is_empty() => format!("{first}, and {} more", rest.len()),
        (None, [first, ..]) => first.to_string(),
        (None, []) => String::new(),
    };
    one_line(&format!("{} (round {})", step.named(&what), sample.round))
}

/// The text in one line: what comes from outside may hold any character.
pub(super) fn one_line(text: &str) -> String {
    text.chars().map(|char| if char.is_control() { ' ' } else { char }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{Miss, MissKind};

    #[test]
    fn times_and_ordinals() {
        let times = [
            (870, "870 µs"),
            (12_300, "12.3 ms"),
            (12_000, "12 ms"),
            (812_000, "812 ms"),
            (500_001, "501 ms"),
            (60_000_000, "60 s"),
            (1_000_000, "1 s"),
            (12_340_000, "12.4 s"),
            (0, "0 µs"),
            (1_500_000, "1500 ms"),
        ];
        for (us, text) in times {
            assert_eq!(time(us), text);
        }
        for (per_mille, text) in [
            (950, "95th"),
            (999, "99.9th"),
            (10, "1st"),
            (20, "2nd"),
            (30, "3rd"),
            (110, "11th"),
            (910, "91st"),
            (1000, "100th"),
            (5, "0.5th"),
        ] {
            assert_eq!(ordinal(per_mille), text);
        }
    }

    #[test]
    fn the_shared_beginning_is_said_once() {
        let words = |expected: &str, got: &str| {
            Miss { kind: MissKind::Status, expected: expected.to_owned(), got: got.to_owned() }.to_string()
        };
        assert_eq!(words("status 200", "status 503"), "status 503 instead of 200");
        assert_eq!(words("the body contains UP", "no such text"), "no such text instead of the body contains UP");
        assert_eq!(words("status", "status"), "status instead of status");
        assert_eq!(words("ä b", "ä c"), "ä c instead of b");
        let miss = |kind| Miss { kind, expected: "status 200".to_owned(), got: "status 404".to_owned() };
        let named = |name: &str, kind| {
            let misses = vec![miss(kind)];
            crate::event::Step { name: name.to_owned(), misses, ..Default::default() }.named("status 404")
        };
        assert_eq!(named("request", MissKind::Status), "status 404");
        assert_eq!(named("version", MissKind::Version), "status 404");
        // A step is told by its name, whatever that is.
        assert_eq!(named("version", MissKind::Status), "version: status 404");
        assert_eq!(named("s", MissKind::Status), "s: status 404");
        assert_eq!(one_line("a\nb\u{1b}[0m"), "a b [0m");
    }
}
