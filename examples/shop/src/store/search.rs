//! The search: forgives typing errors by looking at every product's every word.

use super::catalogue::{Catalogue, Product};

/// Longest query in bytes that is looked at; the rest is ignored.
pub const MAX_QUERY_BYTES: usize = 100;
/// Words of a query that are looked at; the rest is ignored.
pub const MAX_QUERY_WORDS: usize = 6;
/// Most products in one answer.
pub const MAX_RESULTS: usize = 100;

/// The products that match all words of `query`, best first, at most `limit` (itself at most [`MAX_RESULTS`]), and how
/// many there are in all. A word matches if it begins a word of the product's name, or is one typing error away from
/// it, or two for words of seven letters and more. `category` narrows the search.
pub fn search<'a>(
    catalogue: &'a Catalogue,
    query: &str,
    category: Option<&str>,
    limit: usize,
) -> (Vec<&'a Product>, usize) {
    let query = query.get(..query.floor_char_boundary(MAX_QUERY_BYTES)).unwrap_or("").to_lowercase();
    let words: Vec<&str> = query.split_whitespace().take(MAX_QUERY_WORDS).collect();
    if words.is_empty() {
        return (Vec::new(), 0);
    }
    let mut hits: Vec<(usize, &Product)> = catalogue
        .products()
        .iter()
        .filter(|product| category.is_none_or(|category| product.category == category))
        .filter_map(|product| Some((distance(product, &words)?, product)))
        .collect();
    // The catalogue is sorted by SKU and the sort is stable, so that equal hits keep that order.
    hits.sort_by_key(|(distance, _)| *distance);
    let count = hits.len();
    (hits.into_iter().take(limit.min(MAX_RESULTS)).map(|(_, product)| product).collect(), count)
}

/// Sum of the typing errors over all words of the query, or `None` when a word isn't there.
fn distance(product: &Product, words: &[&str]) -> Option<usize> {
    let name = product.name.to_lowercase();
    words.iter().map(|word| name.split(' ').filter_map(|other| word_distance(word, other)).min()).sum()
}

fn word_distance(wanted: &str, word: &str) -> Option<usize> {
    if word.starts_with(wanted) {
        return Some(0);
    }
    let allowed = match wanted.len() {
        0..=3 => 0,
        4..=6 => 1,
        _ => 2,
    };
    Some(strsim::osa_distance(wanted, word)).filter(|errors| *errors <= allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typing_errors_are_forgiven_and_cost_rank() {
        assert_eq!(word_distance("walnut", "walnut"), Some(0));
        assert_eq!(word_distance("wal", "walnut"), Some(0));
        assert_eq!(word_distance("wlanut", "walnut"), Some(1));
        assert_eq!(word_distance("wlanot", "walnut"), None);
        assert_eq!(word_distance("bokcasse", "bookcase"), Some(2));
        assert_eq!(word_distance("oka", "oak"), None);
    }

    #[test]
    fn all_words_must_match_and_the_count_is_of_all_hits() {
        let catalogue = Catalogue::generate();
        let (hits, count) = search(&catalogue, "nordic oak", None, 3);
        assert!(count > 3 && hits.len() == 3);
        assert!(hits.iter().all(|product| product.name.starts_with("Nordic oak")));
        assert_eq!(search(&catalogue, "nordic zebra", None, 3).1, 0);
        assert_eq!(search(&catalogue, "  ", None, 3).1, 0);
        let (lamps, _) = search(&catalogue, "oak", Some("lamps"), 100);
        assert!(!lamps.is_empty() && lamps.iter().all(|product| product.category == "lamps"));
    }

    #[test]
    fn a_long_query_is_cut_at_a_character() {
        let catalogue = Catalogue::generate();
        assert_eq!(search(&catalogue, &"ü".repeat(1_000), None, 3).1, 0);
    }
}
