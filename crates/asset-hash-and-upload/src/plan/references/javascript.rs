//! References of JavaScript: its imports as `oxc_parser` finds them, and calls by the tokens that it has found to be a script.
//!
//! | Place | Demand |
//! | --- | --- |
//! | `import … from "./a.js"`, `export … from "./a.js"`, `import("./a.js")` | required |
//! | `new URL("a.png", import.meta.url)`, `import.meta.resolve("./a.js")` | required; optional when it names a folder |
//! | `new Worker("a.js")`, `new SharedWorker("a.js")`, `new Audio("a.mp3")`, `navigator.serviceWorker.register("/sw.js")` | optional |
//! | `importScripts("a.js", "b.js")`, `cache.addAll(["/a.js"])` | optional |
//! | `precacheAndRoute(["/a.js"])`, elements such as `{url: "/a.js", revision: null}` of any array | optional |
//! | the comment that names a source map | optional |
//!
//! A string counts, and a template without expressions; what an expression makes can't be known. Imports of bare names
//! (`"react"`) are an import map's or nobody's. Strings that only look like paths are never touched, nor what bundlers made of
//! imports (webpack's table of chunks, Vite's preload list): their output is hashed already.
//!
//! A worker's or a sound's URL is relative to the page, not to the script, and a precache list's to the service worker. Who
//! resolves it from the script's own folder finds the same file when they are in one folder, or when the URL begins with `/`;
//! else mostly none, and optional references stay as they are.
//!
//! An element's `revision` stays: Workbox adds it to the name under which it keeps the file, and a new URL has a new name anyway.

mod calls;
mod code;
mod literal;
mod nesting;

use super::url_form;
use super::{Demand, Found, Reference, Unreadable, Writing, line_of};
use calls::Tokens;
use code::Code;
use oxc_allocator::Allocator;
use oxc_parser::{ParseOptions, Parser};
use oxc_span::SourceType;
use std::ops::Range;

/// The largest script that is read, in bytes: what the parser makes of one takes some twenty times its size.
pub const LIMIT_BYTES: usize = 32 << 20;

/// The longest string that is looked at as a URL, bytes: no key is longer, and an address before it is short.
const STRING_LIMIT_BYTES: usize = 4096;

/// How a browser runs a script.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// As a module: `type="module"`, or imported by one.
    Module,
    /// As a classic script.
    Script,
    /// Nobody says: a module if it can be one.
    Unknown,
}

/// Words without one of which a script names nothing: `import` is in `import.meta` and `importScripts`, `Worker` in
/// `serviceWorker` and `SharedWorker`.
const WORDS: [&[u8]; 6] = [b"import", b"export", b"Worker", b"addAll", b"revision", b"Audio"];
const PRECACHE: &[u8] = b"precache";
const SOURCE_MAP: &[u8] = b"sourceMappingURL";

/// References of a script or module.
///
/// # Errors
/// A file that may name others, and is no script, is larger than [`LIMIT_BYTES`], or nests deeper than the stack can bear.
pub fn references(bytes: &[u8], kind: Kind) -> Result<Found, Unreadable> {
    let has = |word: &[u8]| memchr::memmem::find(bytes, word).is_some();
    if !may_name_others(bytes) && !has(SOURCE_MAP) {
        return Ok(Found::default());
    }
    if bytes.len() > LIMIT_BYTES {
        return Err(Unreadable {
            line: line_of(bytes, LIMIT_BYTES),
            what: format!("a script larger than {} MiB", LIMIT_BYTES >> 20),
        });
    }
    let code = read(bytes, kind == Kind::Script)?;
    let mut references = if may_name_others(code.text.as_bytes()) { parsed(bytes, &code, kind)? } else { Vec::new() };
    if let Some(span) = code.source_map {
        let url = String::from_utf8_lossy(&bytes[span.clone()]).into_owned();
        if url_form::may_name_a_file(url.trim()) {
            references.push(Reference {
                span,
                url,
                writing: Writing::Comment,
                demand: Demand::Optional,
                integrity: None,
            });
        }
    }
    references.sort_by_key(|reference| reference.span.start);
    references.dedup_by(|second, first| second.span == first.span);
    Ok(Found { references, base: None })
}

/// The strings of a script in which a `/` stands and that may be URLs, with their places; nothing of what is no script. Templates with
/// expressions don't count.
pub fn strings(bytes: &[u8]) -> Vec<(Range<usize>, String)> {
    if memchr::memchr(b'/', bytes).is_none() || bytes.len() > LIMIT_BYTES {
        return Vec::new();
    }
    let Ok(code) = code::read(bytes, false) else { return Vec::new() };
    let literal = |token: &code::Token| {
        let (start, end) = (token.start as usize + 1, (token.end as usize).checked_sub(1)?);
        let raw = code.text.get(start..end).filter(|raw| raw.contains('/') && raw.len() <= STRING_LIMIT_BYTES)?;
        let at = code.in_file(token.start as usize) + 1;
        let url = literal::meaning(raw);
        url_form::may_name_a_file(&url).then(|| (at..at + raw.len(), url))
    };
    code.tokens.iter().filter(|token| token.literal).filter_map(literal).collect()
}

fn may_name_others(bytes: &[u8]) -> bool {
    WORDS.iter().chain([&PRECACHE]).any(|word| memchr::memmem::find(bytes, word).is_some())
}

fn read(bytes: &[u8], html_comments: bool) -> Result<Code, Unreadable> {
    code::read(bytes, html_comments)
        .map_err(|broken| Unreadable { line: line_of(bytes, broken.at), what: broken.what.to_owned() })
}

/// Parses it as what it is said to be. What is nothing for sure is a module if that has no errors, and else a script.
fn parsed(bytes: &[u8], code: &Code, kind: Kind) -> Result<Vec<Reference>, Unreadable> {
    match kind {
        Kind::Module => parse(bytes, code, SourceType::mjs()),
        Kind::Script => parse(bytes, code, SourceType::script()),
        Kind::Unknown => {
            let module = parse(bytes, code, SourceType::mjs());
            if module.is_ok() {
                return module;
            }
            let html = [b"<!--".as_slice(), b"-->"].iter().any(|mark| memchr::memmem::find(bytes, mark).is_some());
            let script = if html {
                parse(bytes, &read(bytes, true)?, SourceType::script())
            } else {
                parse(bytes, code, SourceType::script())
            };
            // The error further on is of the reading that was nearer.
            match (module, script) {
                (Err(module), Err(script)) if module.line > script.line => Err(module),
                (_, script) => script,
            }
        }
    }
}

fn parse(bytes: &[u8], code: &Code, source_type: SourceType) -> Result<Vec<Reference>, Unreadable> {
    if code.stack_bytes > nesting::STACK_LIMIT_BYTES {
        return Err(Unreadable { line: 1, what: "it nests too deeply to be parsed".to_owned() });
    }
    let allocator = Allocator::default();
    let options = ParseOptions {
        allow_return_outside_function: true,
        preserve_parens: false,
        enable_ident_hashes: false,
        ..ParseOptions::default()
    };
    let parsed = Parser::new(&allocator, &code.text, source_type).with_options(options).parse();
    if let Some(error) = parsed.diagnostics.errors().next() {
        let at = error.labels.iter().next().map_or(0, |label| label.offset() as usize);
        return Err(Unreadable { line: line_of(bytes, code.in_file(at)), what: error.message.to_string() });
    }
    let tokens = Tokens { text: &code.text, tokens: &code.tokens };
    let record = &parsed.module_record;
    let mut literals: Vec<(usize, Demand)> = Vec::new();
    // Sorted later, by their places.
    for module in record.requested_modules.values().flatten() {
        literals.extend(tokens.import(module.span.start));
    }
    for import in &record.dynamic_imports {
        literals.extend(tokens.import(import.module_request.start));
    }
    tokens.calls(&mut literals);
    Ok(literals.into_iter().filter_map(|(index, demand)| reference(bytes, code, &tokens, index, demand)).collect())
}

fn reference(bytes: &[u8], code: &Code, tokens: &Tokens<'_>, index: usize, demand: Demand) -> Option<Reference> {
    let range = tokens.range(index);
    let (start, length) = (code.in_file(range.start) + 1, range.len().checked_sub(2)?);
    let raw = bytes.get(start..start + length)?;
    let url = match std::str::from_utf8(raw) {
        Ok(raw) => literal::meaning(raw),
        Err(_) => String::from_utf8_lossy(raw).into_owned(),
    };
    let quote = *bytes.get(start - 1)?;
    url_form::may_name_a_file(url.trim()).then(|| Reference {
        span: start..start + length,
        url,
        writing: Writing::JavaScript(quote),
        demand,
        integrity: None,
    })
}

#[cfg(test)]
mod tests;
