//! What is refused, bounds, and bytes that nobody meant.

use proptest::prelude::*;

use super::*;
use crate::plan::timing::Granularity;

#[test]
fn other_formats_are_refused_by_name() {
    for (text, resembles) in [
        ("", Resembles::Empty),
        (" \n\t ", Resembles::Empty),
        ("<!-- nothing -->", Resembles::Empty),
        ("<?xml version='1.0'?><test-run id='0'/>", Resembles::NUnit3),
        ("<test-results/>", Resembles::NUnit2),
        ("<TestRun xmlns='http://microsoft.com/schemas/VisualStudio/TeamTest/2010'/>", Resembles::Trx),
        ("<assemblies/>", Resembles::XUnitNet),
        ("<testng-results/>", Resembles::TestNg),
        ("<robot/>", Resembles::Robot),
        ("<coverage/>", Resembles::Coverage),
        ("<!doctype HTML><html></html>", Resembles::Html),
        ("<html><body>404</body></html>", Resembles::Html),
        ("{\"a\": 1}", Resembles::Json),
        ("TAP version 13\n1..0\n", Resembles::Tap),
        ("PASS src/a.test.js", Resembles::Text),
        ("<project/>", Resembles::OtherXml),
    ] {
        let error = error_of(text);
        assert!(
            matches!(error.class, Class::NotJunit(found) if found == resembles),
            "{text:?}: {:?} {error}",
            error.class
        );
    }
    assert!(matches!(error_of(b"\x1F\x8B\x08").class, Class::NotJunit(Resembles::Compressed)));
    assert!(error_of("<project/>").what.contains("<project>"));
}

#[test]
fn a_report_that_ends_anywhere_is_truncated() {
    let xml = "<?xml version='1.0'?><testsuites><testsuite name='a'><testcase name='b' time='1'><failure>x&amp;\
               <![CDATA[y]]></failure><!-- z --></testcase></testsuite></testsuites>";
    for end in xml.find("<testsuites").unwrap() + 1..xml.len() {
        let error = error_of(&xml[..end]);
        // A cut reference is a bare ampersand followed by the end.
        assert!(matches!(error.class, Class::Truncated), "{:?}: {:?} {error}", &xml[..end], error.class);
    }
}

#[test]
fn no_document_type_and_no_entity_is_ever_processed() {
    let bomb = "<?xml version='1.0'?>\n<!DOCTYPE lolz [<!ENTITY lol 'lol'>]>\n<testsuite name='&lol;'/>";
    let external = "<!DOCTYPE r [<!ENTITY % sp SYSTEM 'http://127.0.0.1/x'> %sp;]><testsuite/>";
    for xml in [
        bomb,
        external,
        "<testsuite name='&lol;'/>",
        "<testsuite>&xxe;</testsuite>",
        "<testsuite><!DOCTYPE html></testsuite>",
    ] {
        assert!(matches!(error_of(xml).class, Class::Dtd), "{xml}");
    }
}

#[test]
fn what_is_no_xml_is_malformed() {
    for xml in [
        "<testsuite></testcase>",
        "<testsuite/></testsuite>",
        "<testsuite/> text",
        "<!-- c -->text<testsuite/>",
        "<testsuite><testcase name/></testsuite>",
        "<testsuite><testcase name=1/></testsuite>",
        "<testsuite><testcase 'a'/></testsuite>",
        "<testsuite>a < b</testsuite>",
        "<testsuite><></></testsuite>",
        "<testsuite><!ELEMENT a></testsuite>",
        "<testsuite / name='a'></testsuite>",
        "<testsuite><error>expected <nil></error></testsuite>",
    ] {
        let error = error_of(xml);
        assert!(matches!(error.class, Class::Malformed), "{xml}: {:?} {error}", error.class);
    }
}

fn limited(xml: &str, limits: Limits) -> Option<Limit> {
    match read(xml.as_bytes(), &limits, &mut Log::default()) {
        Ok(_) => None,
        Err(ReadError { class: Class::Limit(limit), .. }) => Some(limit),
        Err(other) => panic!("{other}"),
    }
}

#[test]
fn each_bound_holds_exactly() {
    let xml = "<testsuite><testcase name='0123456789'/><testcase/></testsuite>";
    let limits = Limits::default();
    assert_eq!(limited(xml, Limits { cases: 2, ..limits }), None);
    assert_eq!(limited(xml, Limits { cases: 1, ..limits }), Some(Limit::Cases));
    assert_eq!(limited(xml, Limits { depth: 2, ..limits }), None);
    assert_eq!(limited(xml, Limits { depth: 1, ..limits }), Some(Limit::Depth));
    assert_eq!(limited(xml, Limits { tag_bytes: 29, ..limits }), None);
    assert_eq!(limited(xml, Limits { tag_bytes: 28, ..limits }), Some(Limit::TagBytes));
    assert_eq!(limited(xml, Limits { report_bytes: xml.len() as u64, ..limits }), None);
    assert_eq!(limited(xml, Limits { report_bytes: xml.len() as u64 - 1, ..limits }), Some(Limit::ReportBytes));
}

#[test]
fn a_tag_without_end_is_refused_at_its_bound_and_a_long_one_is_read() {
    let endless = format!("<testsuite name='{}", "x".repeat(300_000));
    assert_eq!(limited(&endless, Limits { tag_bytes: 200_000, ..Limits::default() }), Some(Limit::TagBytes));
    let long = format!("<testsuite name='{}'/>", "x".repeat(300_000));
    assert_eq!(limited(&long, Limits::default()), None);
}

#[test]
fn too_many_locations_are_refused() {
    let mut xml = String::from("<testsuite>");
    for number in 0..=collect::MAX_ENTRIES {
        xml.push_str(&format!("<testcase file='{number}'/>"));
    }
    xml.push_str("</testsuite>");
    let error = collect("r.xml", xml.as_bytes(), &Limits::default(), Granularity::File).unwrap_err();
    assert!(matches!(error.class, Class::Limit(Limit::Visitor)), "{error}");
}

#[test]
fn a_failing_source_is_reported_as_such() {
    struct Broken(bool);
    impl std::io::Read for Broken {
        fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
            if std::mem::replace(&mut self.0, true) {
                return Err(std::io::Error::other("disk on fire"));
            }
            out[..11].copy_from_slice(b"<testsuite>");
            Ok(11)
        }
    }
    let error = read(Broken(false), &Limits::default(), &mut Log::default()).unwrap_err();
    assert!(matches!(error.class, Class::Io(_)), "{error}");
    assert!(error.to_string().contains("disk on fire"));
}

/// Pieces of reports, to be put together in any order.
fn shreds() -> impl Strategy<Value = Vec<u8>> {
    let shred = prop::sample::select(vec![
        "<testsuites>",
        "</testsuites>",
        "<testsuite name='a' file='b' time='1,2.3'>",
        "</testsuite>",
        "<testsuite/>",
        "<testcase name=\"x\" classname=\"a.B\" time=\"-.5\">",
        "</testcase>",
        "<failure>",
        "</failure>",
        "<![CDATA[",
        "]]>",
        "<!--",
        "-->",
        "&amp;",
        "&#x0;",
        "&lol;",
        "&",
        "<",
        ">",
        "'",
        "\"",
        "<?xml?>",
        "<properties>",
        "<property name='test.fileName'>",
        "</property>",
        "</properties>",
        "\u{FEFF}",
        "é",
        "\n",
        " ",
        "<!DOCTYPE",
        "/>",
    ]);
    prop::collection::vec(shred, 0..60).prop_map(|shreds| shreds.concat().into_bytes())
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        log_of(&bytes, true).ok();
    }

    #[test]
    fn any_shreds_are_read_or_refused_alike_in_all_pieces(bytes in shreds(), size in 1_usize..20) {
        let whole = log_of(&bytes, true);
        let mut log = Log { text: true, ..Log::default() };
        let cut = read(Pieces { bytes: &bytes, size }, &Limits::default(), &mut log);
        match (whole, cut) {
            (Ok((lines, summary)), Ok(cut)) => {
                prop_assert_eq!(lines, log.lines);
                prop_assert_eq!(summary, cut);
            }
            (Err(whole), Err(cut)) => prop_assert_eq!(whole.to_string(), cut.to_string()),
            (whole, cut) => prop_assert!(false, "{:?} but {:?}", whole, cut),
        }
        collect("r", &bytes[..], &Limits::default(), Granularity::Test).ok();
    }

    #[test]
    fn any_mutation_of_a_report_is_read_or_refused(at in any::<prop::sample::Index>(), with in any::<u8>(), cut in any::<bool>()) {
        let mut xml = include_bytes!("../../../../tests/fixtures/junit/surefire-rerun.xml").to_vec();
        let at = at.index(xml.len());
        if cut { xml.truncate(at) } else { xml[at] = with }
        log_of(&xml, true).ok();
        collect("r", &xml[..], &Limits::default(), Granularity::File).ok();
    }
}
