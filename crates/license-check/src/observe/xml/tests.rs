use super::*;
use crate::observe::hostile::mutated;
use proptest::prelude::*;

const SAMPLE: &str = "<?xml version=\"1.0\"?>
<!-- a > b -->
<a:root xmlns:a=\"x\" name='one &amp; two'>
  <child>
    A &lt; B<![CDATA[ & ]]>C &#65;
  </child>
  <empty/>
</a:root>
";

#[test]
fn elements_have_their_text_and_lines() {
    let root = read(SAMPLE.as_bytes(), "root").unwrap();
    assert_eq!((root.name.as_str(), root.line, root.attribute("name")), ("root", 3, Some("one & two")));
    assert_eq!((root.value("child"), root.child("child").unwrap().line), (Some("A < B & C A"), 4));
    assert_eq!((root.value("empty"), root.child("empty").unwrap().line), (None, 7));
    assert_eq!(read(b"\xef\xbb\xbf<a>\xe9</a>", "a").unwrap().text, "\u{e9}");
}

#[test]
fn what_is_wrong_is_said_with_its_line() {
    for (text, line, what) in [
        ("<!DOCTYPE a [<!ENTITY x \"y\">]>\n<a>&x;</a>", Some(1), "a DTD"),
        ("<a>\n&x;</a>", Some(2), "the entity &x;"),
        ("<a b='&x;'/>", Some(1), "not well-formed"),
        ("<a>\n<b>", Some(2), "<b> has no end"),
        ("<a>\n</b>", Some(2), "not well-formed"),
        ("<b/>", Some(1), "begins with <b>"),
        ("<a/>\n<a/>", Some(2), "a second element"),
        ("<a/>x", Some(1), "text outside"),
        ("", None, "it has no <a>"),
        ("<a>\n\0</a>", Some(2), "NUL"),
        ("<a>&#0;</a>", Some(1), "not well-formed"),
    ] {
        let fault = read(text.as_bytes(), "a").unwrap_err();
        assert!(fault.what.contains(what), "{text}: {fault:?}");
        assert_eq!(fault.line, line, "{text}");
    }
    assert!(read(&vec![b' '; 9 << 20], "a").unwrap_err().what.contains("8 MiB"));
    assert!(read("<a>".repeat(1_000_000).as_bytes(), "a").unwrap_err().what.contains("deeper"));
}

proptest! {
    #[test]
    fn nothing_panics(bytes in mutated(SAMPLE)) {
        let _ = read(&bytes, "root");
    }

    #[test]
    fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = read(&bytes, "root");
    }
}
