//! What is read, and how.

use super::*;

#[test]
fn everything_arrives_in_the_order_of_the_document() {
    let xml = r#"<?xml version="1.0"?>
<!-- a comment with <testcase/> in it -->
<testsuites name="all" time="3">
  <testsuite name="outer" file="a.py" time="2">
    <properties><property name="k" value="v"/><property name="long"> some text </property></properties>
    <testcase classname="C" name="one" time=".5"/>
    <unknown><testcase name="hidden"/></unknown>
    <testsuite name="inner">
      <testcase classname='C' name="two &gt; &#x41;&amp;&quot;" time="1"><failure message="m1
m2" type="T">text &lt;1&gt; <![CDATA[<2>]]><!-- not this --></failure><system-out>out</system-out></testcase>
    </testsuite>
    <testcase name="three"><skipped/></testcase>
  </testsuite>
</testsuites>
"#;
    let (lines, summary) = log_of(xml, true).unwrap();
    let expected = [
        "Suites all - Some(3000000000) @3",
        "  Suite outer a.py Some(2000000000) @4",
        "    property k=v",
        "    property long= some text ",
        "    case C one Some(500000000) @6",
        "    Suite inner - None @8",
        "      case C two > A&\" Some(1000000000) @9",
        "        failure m1 m2",
        "text <1> <2>",
        "        system-out -",
        "out",
        "    case - three None @12",
        "      skipped -",
    ];
    assert_eq!(lines, expected);
    assert_eq!((summary.cases, summary.suites, summary.documents, summary.bytes), (3, 2, 1, xml.len() as u64));
    assert_eq!(summary.notices, []);
}

#[test]
fn cut_into_pieces_of_any_size_it_is_the_same() {
    let xml = "\u{FEFF}<?xml version='1.0' encoding='utf-8'?>\n<testsuite name='ä€𝄞'>\n<testcase name='ü'><failure message='ö'>\n \
               ß&amp;<![CDATA[]] ]]]>€</failure></testcase>\n<!-- - -- -->\n</testsuite>\n";
    let whole = log_of(xml, true).unwrap().0;
    assert!(whole.concat().contains("ß&]] ]€"), "{whole:?}");
    for size in 1..xml.len() {
        let mut log = Log { text: true, ..Log::default() };
        read(Pieces { bytes: xml.as_bytes(), size }, &Limits::default(), &mut log).unwrap();
        assert_eq!(log.lines, whole, "pieces of {size}");
    }
}

#[test]
fn lines_are_right_after_every_kind_of_line_break() {
    let padding = "\n<!-- \n -->\n<system-out>\n<![CDATA[\n]]>\n</system-out>\n".repeat(20_000);
    let xml = format!("<testsuite\n name='a'\n>{padding}<testcase\n name='x\ny'/>\n<testcase name='z'/></testsuite>");
    let (lines, _) = log_of(&xml, false).unwrap();
    let line_of = |text: &str| xml[..xml.find(text).unwrap()].matches('\n').count() + 1;
    assert_eq!(lines[0], "Suite a - None @1");
    assert!(lines[lines.len() - 2].ends_with(&format!("@{}", line_of("<testcase\n"))), "{:?}", lines.last());
    assert!(lines[lines.len() - 1].ends_with(&format!("@{}", line_of("<testcase name='z'"))), "{:?}", lines.last());
}

#[test]
fn errors_say_where() {
    for (xml, line, column) in [
        ("<testsuite>\n  <testcase></testsuit>", 2, 13),
        ("<testsuite>\n<testcase name=x/>", 2, 1),
        ("<testsuite>\n\n </testsuite>\n  x", 4, 3),
        ("<testsuite>\n<testcase name='&nbsp;'/>", 2, 1),
        ("<testsuite>\n<failure>\n &nope; </failure>", 3, 2),
        ("<testsuite>\n <!DOCTYPE x>", 2, 2),
        ("<testsuite>\n  <testcase name='1'/>\n", 3, 1),
    ] {
        let error = error_of(xml);
        assert_eq!((error.line, error.column), (line, Some(column)), "{xml:?}: {error}");
    }
}

#[test]
fn what_is_repaired_is_counted_with_its_first_line() {
    use NoticeKind::*;
    assert_eq!(notices_of("<testsuite>\n<testcase name='a\u{1}b'/>\n</testsuite>"), [(ForbiddenCharacter, 1, 2)]);
    assert_eq!(notices_of("<testsuite>\n<testcase name='&#x1;&#27;'/></testsuite>"), [(ForbiddenCharacter, 2, 2)]);
    assert_eq!(
        notices_of("<testsuite>\n<error>x\ny\u{1B}[0m\u{FFFE}</error></testsuite>"),
        [(ForbiddenCharacter, 2, 3)]
    );
    assert_eq!(notices_of(b"<testsuite>\n<testcase name='\xFF\xC3'/>\n</testsuite>"), [(InvalidUtf8, 2, 2)]);
    assert_eq!(notices_of("<testsuite>\n<testcase name='a & b &'/></testsuite>"), [(BareAmpersand, 2, 2)]);
    assert_eq!(notices_of("<testsuite name='1' name='2'/>"), [(DuplicateAttribute, 1, 1)]);
    assert_eq!(notices_of("<testsuite time='tbd'>\n<testcase time=''/></testsuite>"), [(UnreadableTime, 2, 1)]);
    assert_eq!(notices_of("<testsuite time='-1'/>"), [(NegativeTime, 1, 1)]);
    assert_eq!(notices_of("<testsuite time='1e9'/>"), [(AbsurdTime, 1, 1)]);
    assert_eq!(notices_of("<testsuite/>\n<?xml version='1.0'?>\n<testsuite/>"), [(SeveralDocuments, 1, 3)]);
    assert_eq!(notices_of("<testsuite><testcase>\n<testcase/></testcase></testsuite>"), [(NestedCase, 1, 2)]);
    assert_eq!(notices_of("<?xml version='1.0' encoding='koi8-r'?><testsuite/>"), [(UnknownEncoding, 1, 1)]);
}

#[test]
fn forbidden_characters_become_replacements_and_the_first_of_two_attributes_counts() {
    let (lines, _) = log_of("<testsuite name='a&#x1;\u{2}b' name='c'/>", false).unwrap();
    assert_eq!(lines, ["Suite a\u{FFFD}\u{FFFD}b - None @1"]);
}

#[test]
fn encodings() {
    let latin = b"<?xml version='1.0' encoding='ISO-8859-1'?><testsuite name='M\xFCller \x80'/>";
    assert_eq!(log_of(latin, false).unwrap().0, ["Suite Müller € - None @1"]);
    let utf16 = [0xFF, 0xFE, b'<', 0, b't', 0];
    assert!(matches!(error_of(utf16).class, Class::Encoding));
    let mislabelled = "<?xml version='1.0' encoding='utf-16'?><testsuite name='ü'/>";
    assert_eq!(log_of(mislabelled, false).unwrap().0, ["Suite ü - None @1"]);
}

#[test]
fn nanoseconds_only_where_the_root_has_them_and_the_suite_has_no_name() {
    let times = |xml: &str| {
        let (lines, summary) = log_of(xml, false).unwrap();
        (lines.last().unwrap().clone(), summary.notices.first().map(|notice| notice.kind))
    };
    let real =
        "<testsuites time='1967986371'><testsuite><testcase name='a' time='999638317'/></testsuite></testsuites>";
    assert_eq!(times(real), ("    case - a Some(999638317) @1".to_owned(), Some(NoticeKind::NanosecondTimes)));
    let named =
        "<testsuites time='1967986371'><testsuite name='s'><testcase name='a' time='3'/></testsuite></testsuites>";
    assert_eq!(times(named), ("    case - a Some(3000000000) @1".to_owned(), Some(NoticeKind::AbsurdTime)));
    let small = "<testsuites time='90'><testsuite><testcase name='a' time='3'/></testsuite></testsuites>";
    assert_eq!(times(small), ("    case - a Some(3000000000) @1".to_owned(), None));
}

#[test]
fn attributes_can_be_copied() {
    struct Copy(Vec<String>);
    impl Visitor for Copy {
        fn suite_start(&mut self, suite: &Suite<'_>) -> Flow {
            self.0.extend(suite.attributes.iter().map(|(name, value)| format!("{name}={value}")));
            Ok(())
        }
        fn suite_end(&mut self) -> Flow {
            Ok(())
        }
        fn case_start(&mut self, _: &Case<'_>) -> Flow {
            Ok(())
        }
        fn case_end(&mut self) -> Flow {
            Ok(())
        }
    }
    let mut copy = Copy(Vec::new());
    let xml = "<testsuite xmlns='u' xmlns:x='v' name = \"a&amp;b\"\n\tx:assertions='3' />";
    read(xml.as_bytes(), &Limits::default(), &mut copy).unwrap();
    assert_eq!(copy.0, ["name=a&b", "assertions=3"]);
}

#[test]
fn the_text_inside_details_of_a_retry_is_the_stack_trace() {
    let xml = "<testsuite><testcase><flakyFailure message='m'>\n<stackTrace>at &lt;a&gt;</stackTrace>\
               <system-out>no</system-out></flakyFailure></testcase></testsuite>";
    let (lines, _) = log_of(xml, true).unwrap();
    assert_eq!(lines[2..], ["    flakyFailure m", "\nat <a>"]);
}
