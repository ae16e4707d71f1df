//! Words that the reports of several tools use.

use std::fmt::Display;

/// `1 package`, `2 packages`: nouns whose plural has an `s`.
pub fn plural<Count: Display + PartialEq + From<u8>>(count: Count, noun: &str) -> String {
    let s = if count == Count::from(1) { "" } else { "s" };
    format!("{count} {noun}{s}")
}

#[cfg(test)]
mod tests {
    use super::plural;

    #[test]
    fn one_is_no_plural() {
        assert_eq!(
            [plural(0_u64, "line"), plural(1_u64, "line"), plural(2_usize, "line")],
            ["0 lines", "1 line", "2 lines"]
        );
    }
}
