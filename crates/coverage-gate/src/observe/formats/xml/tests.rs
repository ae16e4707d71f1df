use super::*;
use proptest::prelude::*;

/// Gives its bytes a few at a time, so that every tag and character is cut somewhere.
struct Pieces<'b>(&'b [u8], usize);

impl Read for Pieces<'_> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        let length = self.0.len().min(out.len()).min(self.1);
        out[..length].copy_from_slice(&self.0[..length]);
        self.0 = &self.0[length..];
        Ok(length)
    }
}

/// What a scanner says of a document, as text.
fn said(input: &mut dyn Read) -> Result<String, ReadError> {
    let mut xml = Scanner::new(input);
    xml.root("test", "r")?;
    let mut out = String::from("r");
    loop {
        match xml.advance()? {
            Event::End => return Ok(out),
            Event::Close => out.push(')'),
            Event::Open if xml.name() == b"text" => out.push_str(&format!("[{}]", xml.element_text()?)),
            Event::Open => {
                out.push_str(&format!(" {}@{}(", String::from_utf8_lossy(xml.name()), xml.line()));
                for (name, value) in xml.attributes() {
                    out.push_str(&format!("{}={};", String::from_utf8_lossy(name), value.text()));
                }
            }
        }
    }
}

fn said_of(document: &[u8]) -> Result<String, ReadError> {
    said(&mut &*document)
}

fn fault_of(document: &[u8]) -> (Option<u64>, Fault) {
    let error = said_of(document).unwrap_err();
    (error.line, error.fault)
}

#[test]
fn elements_attributes_and_lines() {
    let document = b"\xEF\xBB\xBF<?xml version=\"1.0\"?>\n<!-- a > b -->\n<r>\n<a x='1' y = \"&lt;&#x41;&#66;\n\"/>\n<b\n>t &amp; u<c/></b >\n</r>\n<!-- end -->\n";
    assert_eq!(said_of(document).unwrap(), "r a@4(x=1;y=<AB ;) b@6( c@7()))");
}

#[test]
fn texts_without_those_of_children() {
    let document = "<r><text> a<x>no</x>&#228;<![CDATA[<&]]><!-- c -->é </text><text/></r>";
    assert_eq!(said_of(document.as_bytes()).unwrap(), "r[aä<&é][])");
}

#[test]
fn a_declared_encoding_counts() {
    let document = b"<?xml version='1.0' encoding='ISO-8859-1'?><r><a x='\xE4'/><text>\xF6</text></r>";
    assert_eq!(said_of(document).unwrap(), "r a@1(x=ä;)[ö])");
    let document = b"<?xml version='1.0' encoding='utf-16'?><r><a x='\xC3\xA4\xFF'/></r>";
    assert_eq!(said_of(document).unwrap(), "r a@1(x=ä\u{FFFD};))");
}

#[test]
fn what_breaks_the_rules_is_refused_with_its_line() {
    let rules = [
        ("<r>\n</s></r>", 2, "</s> closes an element that begins as <r>"),
        ("<r>\n\n<a></r></a>", 3, "</r> closes an element that begins as <a>"),
        ("<r/>\n</r>", 2, "</r> closes an element that is not open"),
        ("<r/>\n<r/>", 2, "a second root element"),
        ("<r/>\ntext", 1, "text stands outside"),
        ("<r>\n<a b='1' b='2'/></r>", 2, "same attribute twice"),
        ("<r>\n<a b='1'c='2'/></r>", 2, "no space before"),
        ("<r>\n<a b='<'/></r>", 2, "a `<` stands in the value"),
        ("<r>\n<a b=1/></r>", 2, "without quotes"),
        ("<r>\n<a b/></r>", 2, "no value"),
        ("<r>\n<a / ></r>", 2, "a `/` stands inside"),
        ("<r>\n<a 1='1'/></r>", 2, "no attribute"),
        ("<r>\n< a/></r>", 2, "begins no tag"),
        ("<r></r x='1'>", 1, "more than a name"),
        ("<r>\n<a b='&x;'/></r>", 2, "entity `&x;`"),
        ("<r>\n\n&xxe;</r>", 1, "entity `&xxe;`"),
        ("<r>a & b</r>", 1, "begins no reference"),
        ("<r><a b='&#0;'/></r>", 1, "number of no character"),
        ("<r>&#xD800;</r>", 1, "number of no character"),
        ("<r><a b='\u{1}'/></r>", 1, "control character U+0001"),
        ("<r>\0\0\0</r>", 1, "NUL bytes"),
        ("<r><!ELEMENT a></r>", 1, "neither a comment nor"),
        ("<r/><!DOCTYPE r>", 1, "behind the beginning"),
    ];
    for (document, line, wanted) in rules {
        let (found_line, fault) = fault_of(document.as_bytes());
        let Fault::Malformed(what) = &fault else { panic!("{document}: {fault:?}") };
        assert!(what.contains(wanted), "{document}: {what}");
        assert!(found_line.is_some_and(|found| found >= line), "{document}: {found_line:?}");
    }
}

#[test]
fn a_document_type_is_never_processed() {
    for doctype in [
        "<!DOCTYPE r SYSTEM 'file:///etc/passwd'>",
        "<!DOCTYPE r PUBLIC \"-//X//a > b//EN\" \"http://127.0.0.1:9/x.dtd\">",
        "<!DOCTYPE r [<!ELEMENT r ANY><!-- <!ENTITY --><?pi > ]?>]>",
        "<!doctype r>",
    ] {
        assert_eq!(said_of(format!("{doctype}\n<r><a/></r>").as_bytes()).unwrap(), "r a@2())", "{doctype}");
    }
    for entities in ["<!ENTITY x 'y'>", "<!ELEMENT r ANY>\n<!ENTITY % y SYSTEM 'x'>", "%outer;"] {
        let (_, fault) = fault_of(format!("<!DOCTYPE r [{entities}]><r>&x;</r>").as_bytes());
        assert!(matches!(&fault, Fault::Malformed(what) if what.contains("declares entities")), "{fault:?}");
    }
    let long = format!("<!DOCTYPE r [{}]><r/>", "<!ELEMENT r ANY>".repeat(20_000));
    assert!(matches!(fault_of(long.as_bytes()).1, Fault::TooLarge(_)));
}

#[test]
fn what_is_no_report_is_named() {
    for (document, wanted) in [
        ("TN:\nSF:a", "does not begin as XML does"),
        ("\0\0\0\0", "does not begin as XML does"),
        ("<!DOCTYPE html><html><body>404", "an HTML page"),
        ("<!doctype HTML>", "an HTML page"),
        ("<HTML><br></HTML>", "an HTML page"),
        ("<testsuites/>", "its root element is <testsuites>, not <r>"),
    ] {
        let (_, fault) = fault_of(document.as_bytes());
        assert!(matches!(&fault, Fault::NotAReport(what) if what.contains(wanted)), "{document}: {fault:?}");
    }
}

#[test]
fn nothing_at_all_is_empty() {
    for document in ["", "\u{FEFF}", "  \n"] {
        assert_eq!(fault_of(document.as_bytes()).1, Fault::Empty);
    }
}

#[test]
fn lines_are_counted_beyond_the_buffer() {
    let document = format!("<r>\n{}</s>", "<a b='1'\n c='2'/>\n".repeat(50_000));
    assert_eq!(fault_of(document.as_bytes()).0, Some(100_002));
    assert_eq!(said(&mut Pieces(document.as_bytes(), 4099)).unwrap_err().line, Some(100_002));
}

#[test]
fn bounds_hold() {
    let deep = |depth: usize| format!("<r>{}{}</r>", "<a>".repeat(depth), "</a>".repeat(depth));
    assert!(said_of(deep(MAX_DEPTH - 1).as_bytes()).is_ok());
    assert!(matches!(fault_of(deep(MAX_DEPTH).as_bytes()).1, Fault::TooLarge(_)));
    let long = |length: usize| format!("<r><a b='{}'/></r>", "x".repeat(length));
    assert!(said_of(long(900_000).as_bytes()).is_ok());
    for length in [MAX_TAG_BYTES, 5 * MAX_TAG_BYTES] {
        assert!(matches!(fault_of(long(length).as_bytes()).1, Fault::TooLarge(_)), "{length}");
    }
    let many: String = (0..257).map(|number| format!(" a{number}=''")).collect();
    assert!(said_of(format!("<r><a{many}/></r>").as_bytes()).is_err());
    assert!(said_of(format!("<r><{0}></{0}></r>", "n".repeat(2000)).as_bytes()).is_err());
    assert!(matches!(fault_of(format!("<r><text>{}", "x".repeat(70_000)).as_bytes()).1, Fault::TooLarge(_)));
    // What is not kept may be long.
    assert!(said_of(format!("<r><!--{0}--><b>{0}</b></r>", "x".repeat(1 << 20)).as_bytes()).is_ok());
}

#[test]
fn every_beginning_is_truncated() {
    let document = "<?xml version='1.0'?>\n<!DOCTYPE r SYSTEM 'x' [<!ELEMENT r ANY>]>\n<r>\n<a b='1' c=\"&amp;\">é&#65;<![CDATA[x]]></a ><!--c--><?p i?>\n<text>x</text><e/></r>";
    assert!(said_of(document.as_bytes()).is_ok());
    for end in 1..document.len() {
        let (line, fault) = fault_of(&document.as_bytes()[..end]);
        assert!(matches!(fault, Fault::Truncated(_)), "{end}: {fault:?}");
        assert_eq!(
            line,
            Some(1 + document[..].as_bytes()[..end].iter().filter(|&&b| b == b'\n').count() as u64),
            "{end}"
        );
    }
}

proptest! {
    #[test]
    fn pieces_make_no_difference(
        parts in prop::collection::vec(prop::sample::select(vec![
            "<a b='1'>", "</a>", "<a/>", "<text>", "</text>", "é", "&lt;", "<![CDATA[", "]]>", "<!--", "-->", "\n", " ", "&", ";", "<", ">", "'", "<?", "?>", "x",
        ]), 0..24),
        length in 1_usize..9,
    ) {
        let document = format!("<r>{}</r>", parts.concat());
        prop_assert_eq!(said_of(document.as_bytes()), said(&mut Pieces(document.as_bytes(), length)));
    }

    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = said_of(&bytes);
        let _ = said_of(&[b"<r>", &bytes[..]].concat());
    }
}
