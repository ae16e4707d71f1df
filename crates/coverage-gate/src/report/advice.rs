//! What would make a gate pass, as one sentence.

use super::phrases::{plural, range};
use crate::plan::judgement::{Advice, Place};

/// Advice: `2 more lines in src/Order.php:41-42 would pass`. Names at most `most` places and counts the rest.
pub(super) fn sentence(advice: &Advice, most: usize) -> String {
    let lines = plural(advice.lines_needed, "more line");
    match advice.places.as_slice() {
        [] => format!("{lines} covered would pass"),
        [one] => format!("{lines} in {} would pass", place(one)),
        many => {
            let shown = many.iter().take(most).map(place).collect::<Vec<_>>().join(", ");
            match many.len().saturating_sub(most) {
                0 => format!("{lines} would pass: {shown}"),
                more => format!("{lines} would pass: {shown} and {}", plural(more as u64, "more place")),
            }
        }
    }
}

/// `src/Order.php:41-42`.
pub(super) fn place(place: &Place) -> String {
    format!("{}:{}", place.path, range(place.lines))
}
