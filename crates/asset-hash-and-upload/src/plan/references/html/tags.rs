//! Walks through the tags of a page with lol_html.

use super::embedded::{Embedded, kind_of};
use crate::plan::references::markup::attributes::Collector;
use crate::plan::references::markup::character_reference::Language;
use crate::plan::references::markup::element::{Attribute, Element, Namespace};
use crate::plan::references::{Unreadable, line_of};
use lol_html::html_content::{Element as Tag, TextChunk};
use lol_html::{ElementContentHandlers, HtmlRewriter, MemorySettings, Selector, Settings};
use std::borrow::Cow;
use std::cell::RefCell;
use std::ops::Range;

/// What lol_html may take for open elements and for what is unfinished. A page of nothing but opening tags would take gigabytes.
const MEMORY_LIMIT_BYTES: usize = 256 << 20;

/// What a walk has found beside the references of the tags themselves.
#[derive(Debug, Default)]
pub struct Read {
    /// The first `<base href>` outside `<template>`.
    pub base: Option<String>,
    /// Texts in other languages, in order.
    pub embedded: Vec<Embedded>,
}

/// Reads a part of the file.
///
/// # Errors
/// `Unreadable` as of [`Collector::tag`], and when lol_html gives up.
pub fn read(collector: &mut Collector<'_>, part: Range<usize>) -> Result<Read, Unreadable> {
    let file = collector.file;
    let bytes = file.as_bytes().get(part.clone()).unwrap_or_default();
    let walk = RefCell::new(Walk {
        collector,
        start: part.start,
        embedded: Vec::new(),
        in_embedded: false,
        attributes: Vec::new(),
        base: None,
        error: None,
    });
    let ended = {
        let tag = |tag: &mut Tag<'_, '_>| walk.borrow_mut().tag(tag);
        let base = |tag: &mut Tag<'_, '_>| {
            walk.borrow_mut().forget_base(tag);
            Ok(())
        };
        let text = |text: &mut TextChunk<'_>| {
            walk.borrow_mut().text(text);
            Ok(())
        };
        let settings = Settings::new()
            .append_element_content_handler(on("*", ElementContentHandlers::default().element(tag))?)
            .append_element_content_handler(on("template base", ElementContentHandlers::default().element(base))?)
            .append_element_content_handler(on(
                "script, style, noscript",
                ElementContentHandlers::default().text(text),
            )?)
            // Where text can be read in two ways, one is as good: nothing here is a matter of safety.
            .with_strict(false)
            .with_memory_settings(MemorySettings::new().with_max_allowed_memory_usage(MEMORY_LIMIT_BYTES));
        let mut rewriter = HtmlRewriter::new(settings, |_: &[u8]| {});
        rewriter.write(bytes).and_then(|()| rewriter.end())
    };
    let walk = walk.into_inner();
    if let Some(error) = walk.error {
        return Err(error);
    }
    ended.map_err(|err| Unreadable { line: line_of(file.as_bytes(), part.start), what: err.to_string() })?;
    Ok(Read { base: walk.base.map(|(_, href)| href), embedded: walk.embedded })
}

type Handlers<'h> = (Cow<'static, Selector>, ElementContentHandlers<'h>);

fn on<'h>(selector: &str, handlers: ElementContentHandlers<'h>) -> Result<Handlers<'h>, Unreadable> {
    let read = selector.parse().map_err(|err| Unreadable { line: 1, what: format!("selector {selector}: {err}") })?;
    Ok((Cow::Owned(read), handlers))
}

struct Walk<'c, 't> {
    collector: &'c mut Collector<'t>,
    /// Where the part begins in the file.
    start: usize,
    embedded: Vec<Embedded>,
    /// Whether no tag has begun since the last of them.
    in_embedded: bool,
    /// Those of the last tag, kept for its memory.
    attributes: Vec<Attribute<'t>>,
    /// The first `<base href>` so far, with the place of its tag.
    base: Option<(usize, String)>,
    error: Option<Unreadable>,
}

impl<'t> Walk<'_, 't> {
    fn tag(&mut self, tag: &Tag<'_, '_>) -> lol_html::HandlerResult {
        let name = tag.tag_name();
        let namespace = match tag.namespace_uri() {
            "http://www.w3.org/1999/xhtml" => Namespace::Html,
            "http://www.w3.org/2000/svg" => Namespace::Svg,
            _ => Namespace::Other,
        };
        let mut attributes = std::mem::take(&mut self.attributes);
        attributes.clear();
        attributes.extend(tag.attributes().iter().filter_map(|attribute| self.attribute(attribute)));
        let element = Element { namespace, name: &name, attributes: &attributes, language: Language::HtmlAttribute };
        if !attributes.is_empty() {
            if let Err(error) = self.collector.tag(&element) {
                self.error = Some(error);
                return Err("the walk ends here".into());
            }
            self.base(&element, tag);
        }
        let kind = kind_of(&element);
        self.in_embedded = kind.is_some();
        if let Some(kind) = kind {
            let start = self.start + tag.source_location().bytes().end;
            self.embedded.push(Embedded { kind, namespace, span: start..start });
        }
        self.attributes = attributes;
        Ok(())
    }

    /// The attribute as it stands in the file, when it has a value.
    fn attribute(&self, attribute: &lol_html::html_content::Attribute<'_>) -> Option<Attribute<'t>> {
        let name = attribute.name_source_location()?.bytes();
        let value = attribute.value_source_location()?.bytes();
        let at = self.start + value.start;
        let file = self.collector.file;
        // Only `=` and blanks stand between a name and a value without quotes.
        let quote = match file.as_bytes().get(at.checked_sub(1)?) {
            Some(quote @ (b'"' | b'\'')) => *quote,
            _ => 0,
        };
        let name = file.get(self.start + name.start..self.start + name.end)?;
        Some(Attribute { name, raw: file.get(at..self.start + value.end)?, at, quote })
    }

    fn base(&mut self, element: &Element<'t, '_>, tag: &Tag<'_, '_>) {
        if self.base.is_none()
            && element.name == "base"
            && element.namespace == Namespace::Html
            && let Some(href) = element.value("href")
        {
            let href = href.text().get(href.trimmed()).unwrap_or_default().to_owned();
            self.base = Some((tag.source_location().bytes().start, href));
        }
    }

    fn forget_base(&mut self, tag: &Tag<'_, '_>) {
        let start = tag.source_location().bytes().start;
        self.base.take_if(|(at, _)| *at == start);
    }

    /// A piece of text within a `<script>`, `<style>` or `<noscript>`, maybe of a tag that one of SVG holds.
    fn text(&mut self, text: &TextChunk<'_>) {
        let span = text.source_location().bytes();
        let Some(embedded) = self.embedded.last_mut().filter(|_| self.in_embedded) else {
            return;
        };
        // In HTML it is all one; comments and CDATA sections part the pieces in SVG.
        if embedded.namespace != Namespace::Html || embedded.span.end == self.start + span.start {
            embedded.span.end = embedded.span.end.max(self.start + span.end);
        }
    }
}
