//! The page of the change: what the gates say, and the changed lines in their source, coloured. One file that needs no
//! script, no other file and no network, and lets no browser fetch any.

mod files;
mod highlight;
mod languages;
mod summary;

use super::Context;
use crate::plan::judgement::Judgement;
use std::collections::BTreeMap;

/// Bytes of a page, so that a browser shows it at once and a host takes it as an artifact. A change whose page would be
/// larger is read nowhere in full.
pub const PAGE_BYTES: usize = 5_000_000;
/// Bytes kept free for what is said last.
const RESERVE_BYTES: usize = 2_000;

const STYLE: &str = include_str!("html/page.css");
/// Nothing may be fetched and nothing may run, whatever a file's content turns out to hold.
/// Source: w3.org/TR/CSP3, section 3.3 ("The meta element").
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/// The page as HTML, at most [`PAGE_BYTES`] long. `sources` are the texts of the changed files in the checkout, by path; a
/// file that is not among them is named without its lines.
pub fn page(judgement: &Judgement, sources: &BTreeMap<String, String>, context: &Context) -> String {
    let mut out = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n\
         <title>Coverage of the change</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n"
    );
    summary::push(&mut out, judgement, context);
    if let Some(patch) = &judgement.patch {
        let files = super::sections::ranked_files(patch);
        files::push_index(&mut out, &files);
        files::push(&mut out, &files, sources, context);
    }
    out.push_str("</main>\n</body>\n</html>\n");
    out
}

/// A text from outside, cut at its beginning and harmless.
fn outside(text: &str) -> String {
    kit_report::escape::html(&super::phrases::cut(text))
}

/// A sentence with names from outside, cut at its end and harmless.
fn sentence(text: &str) -> String {
    kit_report::escape::html_message(&super::phrases::cut_sentence(text))
}
