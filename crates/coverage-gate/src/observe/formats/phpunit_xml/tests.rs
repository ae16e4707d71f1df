use super::*;
use crate::plan::coverage::ReportedPath;
use crate::plan::coverage::totals::PartialLines;

const INDEX: &str = r#"<?xml version="1.0"?>
<phpunit xmlns="https://schema.phpunit.de/coverage/1.0">
  <build time="Mon Nov 23 3:57:52 UTC 2026" phpunit="9.6.7" coverage="9.2.26"/>
  <project source="/app/src">
    <tests><test name="T::t" size="unknown" result="0" status="PASSED"/></tests>
    <directory name="/">
      <totals><lines total="20" comments="0" code="20" executable="6" executed="3" percent="50.00"/><methods count="2" tested="1"/></totals>
      <directory name="Deep"><totals><lines executable="1" executed="1"/></totals><file name="B.php" href="Deep/B.php.xml"><totals/></file></directory>
      <file name="A.php" href="A.php.xml"><totals><lines executable="5" executed="2"/></totals></file>
    </directory>
  </project>
</phpunit>"#;

/// Lines 3 and 4 are a method that ran, 6 to 10 one that did not wholly; line 9 is a comment.
const A: &str = r#"<?xml version="1.0"?>
<phpunit xmlns="https://schema.phpunit.de/coverage/1.0"><file name="A.php" path="/">
  <totals><lines total="11" comments="1" code="10" executable="5" executed="2" percent="40.00"/></totals>
  <class name="App\A" start="2" executable="5" executed="2" crap="1"><namespace name="App"/>
    <method name="done" signature="done()" start="3" end="5" crap="1" executable="1" executed="1" coverage="100"/>
    <method name="part" signature="part()" start="6" end="11" crap="1" executable="4" executed="1" coverage="25"/>
    <method name="abstract" signature="abstract()" start="12" end="12" executable="0" executed="0" coverage="100"/>
  </class>
  <coverage><line nr="7"><covered by="T::t"/></line><line nr="4"><covered by="T::t"/><covered by="T::u"/></line></coverage>
  <source>
    <line no="1"><token name="T_OPEN_TAG">&lt;?php</token></line><line no="2"/>
    <line no="3"><token name="T_FUNCTION">function</token></line><line no="4"><token name="T_RETURN">return</token></line>
    <line no="5"><token name="T_CLOSE_CURLY">}</token></line>
    <line no="6"><token name="T_FUNCTION">function</token></line><line no="7"><token name="T_IF">if</token></line>
    <line no="8"><token name="T_STRING">x</token></line>
    <line no="9"><token name="T_WHITESPACE"> </token><token name="T_COMMENT">// y</token></line>
    <line no="10"><token name="T_STRING">z</token></line><line no="11"><token name="T_CLOSE_CURLY">}</token></line>
  </source></file></phpunit>"#;

const B: &str = r#"<phpunit><file name="B.php" path="/Deep"><totals><lines executable="1" executed="1"/></totals>
  <function name="App\b" signature="b()" start="3" executable="1" executed="1" coverage="100"/>
  <coverage><line nr="4"><covered by="T::t"/></line></coverage></file></phpunit>"#;

fn share(covered: u64, coverable: u64) -> Share {
    Share { covered, coverable }
}

fn folder_with(index: &str, files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("Deep")).unwrap();
    std::fs::write(folder.path().join("index.xml"), index).unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

fn reading(index: &str, files: &[(&str, &str)]) -> Result<Reading, ReadError> {
    let folder = folder_with(index, files);
    let mut into = Reading::default();
    read_folder(&folder.path().join("index.xml"), &mut into)?;
    Ok(into)
}

#[test]
fn a_folder_is_one_report() {
    let reading = reading(INDEX, &[("A.php.xml", A), ("Deep/B.php.xml", B)]).unwrap();
    assert_eq!(reading.declared.lines, Some(share(3, 6)));
    assert_eq!(reading.timestamp_s, Some(1_795_406_272));
    let paths: Vec<&str> = reading.files.keys().map(|path| path.path.as_str()).collect();
    assert_eq!(paths, ["/app/src/A.php", "/app/src/Deep/B.php"]);
    let a = &reading.files[&ReportedPath::new("/app/src/A.php")];
    let totals = a.totals(PartialLines::Hit);
    assert_eq!(totals.lines, Some(share(2, 5)), "the total is the one that the file gives");
    assert_eq!(totals.functions, Some(share(2, 2)));
    let lines: Vec<(u32, bool)> = a.lines.iter().collect();
    let (ran, maybe) = (true, false);
    let wanted = [(4, ran), (6, maybe), (7, ran), (8, maybe), (10, maybe), (11, maybe)];
    assert_eq!(lines, wanted, "no line that may have been missed is taken for one that cannot run");
    // Where the methods don't explain what is missing, it may be anywhere.
    let outside = A.replace("executable=\"5\" executed=\"2\" percent", "executable=\"6\" executed=\"2\" percent");
    let mut into = Reading::default();
    read(&mut outside.as_bytes(), &mut into).unwrap();
    let lines: Vec<u32> = into.files.values().flat_map(|file| file.lines.iter().map(|(line, _)| line)).collect();
    assert_eq!(lines, [1, 3, 4, 5, 6, 7, 8, 10, 11]);
    let b = reading.files[&ReportedPath::new("/app/src/Deep/B.php")].totals(PartialLines::Hit);
    assert_eq!((b.lines, b.functions), (Some(share(1, 1)), Some(share(1, 1))));
    let codes: Vec<&str> = reading.notices.iter().map(|notice| notice.code).collect();
    assert_eq!(codes, ["uncovered-lines-unlisted"]);
}

#[test]
fn lines_that_are_certain_need_no_notice() {
    // As many candidates as lines that did not run.
    let exact = A.replace("executable=\"5\" executed=\"2\" percent", "executable=\"9\" executed=\"2\" percent");
    let mut into = Reading::default();
    read(&mut exact.as_bytes(), &mut into).unwrap();
    assert_eq!(into.files.keys().next().unwrap().path, "A.php");
    let file = into.files.values().next().unwrap();
    assert_eq!(file.totals(PartialLines::Hit).lines, Some(share(2, 9)));
    assert!(file.line_instances.is_empty() && into.notices.is_empty());
}

#[test]
fn a_folder_that_is_not_whole_is_refused() {
    let error = reading(INDEX, &[("A.php.xml", A)]).unwrap_err();
    assert!(matches!(&error.fault, Fault::Io(what) if what.starts_with("Deep/B.php.xml: ")), "{error:?}");
    let cut = &B[..B.len() - 20];
    let error = reading(INDEX, &[("A.php.xml", A), ("Deep/B.php.xml", cut)]).unwrap_err();
    assert!(matches!(&error.fault, Fault::Truncated(what) if what.starts_with("Deep/B.php.xml: ")), "{error:?}");
    let sourceless = A.replace("<source>", "<other>").replace("</source>", "</other>");
    let error = reading(INDEX, &[("A.php.xml", &sourceless), ("Deep/B.php.xml", B)]).unwrap_err();
    assert!(error.what().contains("its source is not in the report"), "{error:?}");
}

#[test]
fn the_index_leads_nowhere_else() {
    for href in ["../../etc/passwd", "/etc/passwd", "", "a/../b", "."] {
        let index = INDEX.replace("Deep/B.php.xml", href);
        let error = reading(&index, &[("A.php.xml", A)]).unwrap_err();
        assert!(error.what().contains("is no file in the folder"), "{href}: {error:?}");
        assert_eq!(error.line, Some(8));
    }
}

#[test]
fn what_makes_no_sense_is_refused() {
    for (from, to, wanted) in [
        ("nr=\"7\"", "nr=\"-7\"", "`nr` is missing"),
        ("no=\"8\"", "no=\"x\"", "`no` is missing"),
        ("executable=\"4\" executed=\"1\"", "executable=\"1\" executed=\"4\"", "more ran than could"),
        ("name=\"A.php\"", "name=\"\"", "no name"),
        (
            "executable=\"5\" executed=\"2\" percent",
            "executable=\"1\" executed=\"1\" percent",
            "2 lines that ran, of 1",
        ),
    ] {
        let mut into = Reading::default();
        let error = read(&mut A.replacen(from, to, 1).as_bytes(), &mut into).unwrap_err();
        assert!(error.what().contains(wanted), "{to}: {error:?}");
    }
    let mut into = Reading::default();
    let lie = A.replace("executable=\"5\" executed=\"2\" percent", "executable=\"5\" executed=\"5\" percent");
    read(&mut lie.as_bytes(), &mut into).unwrap();
    assert_eq!(into.lying, [("A.php".to_owned(), share(5, 5), share(2, 5))]);
    assert!(matches!(read(&mut INDEX.as_bytes(), &mut into).unwrap_err().fault, Fault::NotAReport(_)));
}
