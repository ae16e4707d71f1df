//! What a CDN is told after a release: the addresses whose content changed, and no others. Names that never change need none.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use std::collections::BTreeSet;

/// Paths of one invalidation. The first thousand of a month are free, each one more costs half a cent, and tags and wildcards
/// count as one: docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/PayingForInvalidation.html.
pub const CLOUDFRONT_PATHS: usize = 8;

/// What stands unescaped in a path (RFC 3986, `pchar`, and `/`); `*` is CloudFront's wildcard.
const PATH: AsciiSet = NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'/')
    .remove(b'!')
    .remove(b'$')
    .remove(b'&')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'+')
    .remove(b',')
    .remove(b';')
    .remove(b'=')
    .remove(b':')
    .remove(b'@');

/// A key as it stands in an address.
pub fn in_url(key: &str) -> String {
    utf8_percent_encode(key, &PATH).to_string()
}

/// The addresses below the site under which a changed page is cached: its own, and its folder's where it is the folder's
/// index.
pub fn addresses(pages: &BTreeSet<String>) -> BTreeSet<String> {
    let folder =
        |page: &str| page.strip_suffix("index.html").filter(|rest| rest.is_empty() || rest.ends_with('/')).map(in_url);
    pages.iter().flat_map(|page| std::iter::once(in_url(page)).chain(folder(page))).collect()
}

/// Paths for CloudFront below `root` (which has `/` at both ends): the addresses themselves, or as many of their folders as it
/// takes to be at most [`CLOUDFRONT_PATHS`].
pub fn cloudfront_paths(root: &str, addresses: &BTreeSet<String>) -> Vec<String> {
    let depth = addresses.iter().map(|address| address.matches('/').count()).max().unwrap_or_default();
    let folded = |level: usize| -> BTreeSet<String> {
        let fold = |address: &String| match address.match_indices('/').nth(level.wrapping_sub(1)) {
            _ if level == 0 => format!("{root}*"),
            Some((at, _)) => format!("{root}{}*", address.get(..=at).unwrap_or_default()),
            None => format!("{root}{address}"),
        };
        addresses.iter().map(fold).collect()
    };
    let whole: BTreeSet<String> = addresses.iter().map(|address| format!("{root}{address}")).collect();
    let fits = |paths: &BTreeSet<String>| paths.len() <= CLOUDFRONT_PATHS;
    let chosen = std::iter::once(whole).chain((0..=depth).rev().map(folded)).find(fits);
    chosen.unwrap_or_default().into_iter().collect()
}

/// Addresses for Cloudflare, which takes at most `batch` in a call.
pub fn cloudflare_calls(base_url: &str, addresses: &BTreeSet<String>, batch: usize) -> Vec<Vec<String>> {
    let urls: Vec<String> = addresses.iter().map(|address| format!("{base_url}{address}")).collect();
    urls.chunks(batch.max(1)).map(<[String]>::to_vec).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn set(pages: &[&str]) -> BTreeSet<String> {
        addresses(&pages.iter().map(|page| (*page).to_owned()).collect())
    }

    #[test]
    fn a_few_pages_are_named_and_an_index_is_its_folder_too() {
        let paths = cloudfront_paths("/", &set(&["index.html", "shop/index.html", "a b+%.html", "myindex.html"]));
        assert_eq!(paths, ["/", "/a%20b+%25.html", "/index.html", "/myindex.html", "/shop/", "/shop/index.html"]);
    }

    #[test]
    fn many_pages_are_their_folders_and_at_last_everything() {
        let many: Vec<String> = (0..100).map(|i| format!("shop/{}/{i}.html", i % 3)).collect();
        let names: Vec<&str> = many.iter().map(String::as_str).collect();
        assert_eq!(cloudfront_paths("/x/", &set(&names)), ["/x/shop/0/*", "/x/shop/1/*", "/x/shop/2/*"]);
        let many: Vec<String> = (0..100).map(|i| format!("{i}.html")).collect();
        let names: Vec<&str> = many.iter().map(String::as_str).collect();
        assert_eq!(cloudfront_paths("/", &set(&names)), ["/*"]);
        assert_eq!(cloudfront_paths("/", &BTreeSet::new()), Vec::<String>::new());
    }

    #[test]
    fn cloudflare_gets_addresses_in_batches() {
        let calls = cloudflare_calls("https://c.example/", &set(&["a.html", "b.html", "ü.html"]), 2);
        let expected =
            [vec!["https://c.example/%C3%BC.html", "https://c.example/a.html"], vec!["https://c.example/b.html"]];
        assert_eq!(calls, expected);
    }

    proptest! {
        #[test]
        fn every_address_is_covered_by_few_paths(pages in proptest::collection::btree_set("[a-c]{1,2}(/[a-c]{1,2}){0,4}", 0..60)) {
            let addresses = addresses(&pages);
            let paths = cloudfront_paths("/", &addresses);
            prop_assert!(paths.len() <= CLOUDFRONT_PATHS);
            for address in addresses {
                let address = format!("/{address}");
                let covers = |path: &String| path.strip_suffix('*').map_or(*path == address, |start| address.starts_with(start));
                prop_assert!(paths.iter().any(covers), "{} not in {:?}", address, paths);
            }
        }
    }
}
