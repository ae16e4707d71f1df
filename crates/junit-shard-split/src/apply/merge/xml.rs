//! Writes XML as a stream: elements, attributes and text, escaped; nothing else.

use std::io::{self, Write};

/// Bytes that stand for themselves in text and in attribute values alike.
const PLAIN: [bool; 256] = plain();

const fn plain() -> [bool; 256] {
    let mut table = [true; 256];
    let mut byte = 0;
    while byte < 0x20 {
        table[byte] = false;
        byte += 1;
    }
    table[b'&' as usize] = false;
    table[b'<' as usize] = false;
    table[b'>' as usize] = false;
    table[b'"' as usize] = false;
    // U+FFFE and U+FFFF begin with this byte, and so do a few thousand harmless characters.
    table[0xef] = false;
    table
}

/// A stream of XML. The last start tag stays open until something follows, so that an element without content ends in
/// its own tag.
#[derive(Debug)]
pub struct Xml<W: Write> {
    out: W,
    is_tag_open: bool,
    /// Whether the text before ended in a carriage return, which one line feed may follow.
    after_return: bool,
}

impl<W: Write> Xml<W> {
    /// Begins with the declaration.
    pub fn new(mut out: W) -> io::Result<Self> {
        out.write_all(b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")?;
        Ok(Xml { out, is_tag_open: false, after_return: false })
    }

    /// A start tag, on a line of its own and indented.
    pub fn start(&mut self, indent: usize, name: &str) -> io::Result<()> {
        self.close_tag()?;
        if indent > 0 {
            self.out.write_all(b"\n")?;
            self.out.write_all(&b"          "[..indent.min(10)])?;
        }
        self.start_inline(name)
    }

    /// A start tag right behind what was written.
    pub fn start_inline(&mut self, name: &str) -> io::Result<()> {
        self.close_tag()?;
        self.out.write_all(b"<")?;
        self.out.write_all(name.as_bytes())?;
        self.is_tag_open = true;
        Ok(())
    }

    /// An attribute of the start tag that was just written.
    pub fn attribute(&mut self, name: &str, value: &str) -> io::Result<()> {
        self.out.write_all(b" ")?;
        self.out.write_all(name.as_bytes())?;
        self.out.write_all(b"=\"")?;
        escape(&mut self.out, value, true)?;
        self.out.write_all(b"\"")
    }

    /// Attributes that [`render_attribute`] made.
    pub fn attributes(&mut self, rendered: &[u8]) -> io::Result<()> {
        self.out.write_all(rendered)
    }

    /// Character data. Line ends become line feeds, as every reader of XML takes them
    /// (<https://www.w3.org/TR/xml/#sec-line-ends>).
    pub fn text(&mut self, piece: &str) -> io::Result<()> {
        // An empty CDATA section is no content.
        if piece.is_empty() {
            return Ok(());
        }
        self.close_tag()?;
        let mut rest = piece;
        if self.after_return {
            rest = rest.strip_prefix('\n').unwrap_or(rest);
        }
        self.after_return = piece.ends_with('\r');
        while let Some(at) = memchr::memchr(b'\r', rest.as_bytes()) {
            escape(&mut self.out, &rest[..at], false)?;
            self.out.write_all(b"\n")?;
            rest = &rest[at + 1..];
            rest = rest.strip_prefix('\n').unwrap_or(rest);
        }
        escape(&mut self.out, rest, false)
    }

    /// Ends an element that holds text only, or nothing.
    pub fn end_inline(&mut self, name: &str) -> io::Result<()> {
        self.after_return = false;
        if std::mem::take(&mut self.is_tag_open) {
            return self.out.write_all(b"/>");
        }
        self.out.write_all(b"</")?;
        self.out.write_all(name.as_bytes())?;
        self.out.write_all(b">")
    }

    /// Ends an element that holds elements, or nothing.
    pub fn end(&mut self, indent: usize, name: &str) -> io::Result<()> {
        if !self.is_tag_open {
            self.out.write_all(b"\n")?;
            self.out.write_all(&b"          "[..indent.min(10)])?;
        }
        self.end_inline(name)
    }

    /// The document ends with a line feed.
    pub fn finish(mut self) -> io::Result<W> {
        self.out.write_all(b"\n")?;
        self.out.flush()?;
        Ok(self.out)
    }

    fn close_tag(&mut self) -> io::Result<()> {
        if std::mem::take(&mut self.is_tag_open) {
            self.out.write_all(b">")?;
        }
        Ok(())
    }
}

/// One attribute with the blank before it.
pub fn render_attribute(out: &mut Vec<u8>, name: &str, value: &str) {
    out.push(b' ');
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(b"=\"");
    // Writing to memory does not fail.
    let _ = escape(out, value, true);
    out.push(b'"');
}

/// Whether a name can stand as an attribute's: the reader takes what it gets, a strict parser would not.
pub fn is_name(name: &str) -> bool {
    let mut bytes = name.bytes();
    bytes.next().is_some_and(|b| b.is_ascii_alphabetic() || b == b'_')
        && bytes.all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'))
}

/// References for what would be markup; U+FFFD for what XML 1.0 forbids (<https://www.w3.org/TR/xml/#charsets>).
fn escape(out: &mut impl Write, text: &str, is_attribute: bool) -> io::Result<()> {
    let bytes = text.as_bytes();
    let mut written = 0;
    let mut at = 0;
    while at < bytes.len() {
        if PLAIN[usize::from(bytes[at])] {
            at += 1;
            continue;
        }
        let (replacement, length): (&[u8], usize) = match bytes[at] {
            b'&' => (b"&amp;", 1),
            b'<' => (b"&lt;", 1),
            b'>' => (b"&gt;", 1),
            b'"' if is_attribute => (b"&quot;", 1),
            b'\n' if is_attribute => (b"&#10;", 1),
            b'\t' if is_attribute => (b"&#9;", 1),
            b'\r' => (b"&#13;", 1),
            b'"' | b'\n' | b'\t' => {
                at += 1;
                continue;
            }
            0xef if matches!(bytes.get(at + 1..at + 3), Some([0xbf, 0xbe | 0xbf])) => ("\u{fffd}".as_bytes(), 3),
            0xef => {
                at += 1;
                continue;
            }
            _ => ("\u{fffd}".as_bytes(), 1),
        };
        out.write_all(&bytes[written..at])?;
        out.write_all(replacement)?;
        at += length;
        written = at;
    }
    out.write_all(&bytes[written..])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn written(text: &str, is_attribute: bool) -> String {
        let mut out = Vec::new();
        escape(&mut out, text, is_attribute).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn markup_and_forbidden_characters_are_escaped() {
        assert_eq!(written("a<b>&\"c\"\n\t", false), "a&lt;b&gt;&amp;\"c\"\n\t");
        assert_eq!(written("a<b>&\"c\"\n\t", true), "a&lt;b&gt;&amp;&quot;c&quot;&#10;&#9;");
        assert_eq!(written("\u{1}\u{1b}[1m\u{fffe}ﬀ", false), "\u{fffd}\u{fffd}[1m\u{fffd}ﬀ");
        assert_eq!(written("]]>", false), "]]&gt;");
    }

    #[test]
    fn line_ends_become_line_feeds_across_pieces() {
        let mut xml = Xml::new(Vec::new()).unwrap();
        xml.start(0, "a").unwrap();
        for piece in ["1\r", "\n2\r\n3\r", "4\r\r", "\n5"] {
            xml.text(piece).unwrap();
        }
        xml.end_inline("a").unwrap();
        let out = String::from_utf8(xml.finish().unwrap()).unwrap();
        assert!(out.ends_with("<a>1\n2\n3\n4\n\n5</a>\n"), "{out:?}");
    }

    #[test]
    fn elements_without_content_end_in_their_tag() {
        let mut xml = Xml::new(Vec::new()).unwrap();
        xml.start(0, "a").unwrap();
        xml.start(2, "b").unwrap();
        xml.attribute("c", "d\"").unwrap();
        xml.end_inline("b").unwrap();
        xml.start(2, "b").unwrap();
        xml.end(2, "b").unwrap();
        xml.end(0, "a").unwrap();
        let out = String::from_utf8(xml.finish().unwrap()).unwrap();
        assert_eq!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<a>\n  <b c=\"d&quot;\"/>\n  <b/>\n</a>\n");
    }

    #[test]
    fn names_of_attributes() {
        assert!(is_name("start-time") && is_name("_a.b"));
        for name in ["", "1a", "a b", "a\"", "-a", "é", "a:b"] {
            assert!(!is_name(name), "{name}");
        }
    }

    proptest! {
        #[test]
        fn no_text_breaks_out(text in ".{0,50}", is_attribute: bool) {
            let out = written(&text, is_attribute);
            prop_assert!(!out.contains(['<', '>']));
            prop_assert!(!is_attribute || !out.contains(['"', '\n', '\t']));
            let forbidden = |c: char| matches!(c, '\0'..='\u{8}' | '\u{b}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}');
            prop_assert!(!out.contains(forbidden));
        }
    }
}
