use super::*;
use crate::observe::reading::Fault;
use crate::plan::coverage::totals::PartialLines;

fn reading(document: &str) -> Result<Reading, ReadError> {
    let mut into = Reading::default();
    read(&mut document.as_bytes(), &mut into)?;
    into.settle();
    Ok(into)
}

fn share(covered: u64, coverable: u64) -> Share {
    Share { covered, coverable }
}

/// Lines, branches, functions, statements.
fn totals(reading: &Reading) -> [Option<Share>; 4] {
    let totals = reading.files.values().fold(Totals::default(), |sum, file| sum.plus(file.totals(PartialLines::Hit)));
    [totals.lines, totals.branches.map(BranchShare::lower), totals.functions, totals.statements]
}

fn paths(reading: &Reading) -> Vec<&str> {
    reading.files.keys().map(|path| path.path.as_str()).collect()
}

/// A report with one file `a` with these lines.
fn with_lines(lines: &str) -> String {
    format!(
        "<coverage generated='1768334355'><project timestamp='0'><file name='/app/a.php'>{lines}</file></project></coverage>"
    )
}

#[test]
fn phpunit() {
    let document = r#"<?xml version="1.0" encoding="UTF-8"?>
<coverage generated="1768334355">
  <project timestamp="1768334355">
    <package name="App">
      <file name="/app/src/Order.php">
        <class name="App\Order" namespace="App"><metrics methods="2" coveredmethods="1" statements="3" coveredstatements="2"/></class>
        <line num="10" type="method" name="total" visibility="public" complexity="1" crap="1" count="7"/>
        <line num="12" type="stmt" count="7"/>
        <line num="13" type="stmt" count="1"/>
        <line num="20" type="method" name="refund" visibility="public" complexity="1" crap="2" count="0"/>
        <line num="22" type="stmt" count="0"/>
        <metrics loc="30" ncloc="25" classes="1" methods="2" coveredmethods="1" conditionals="0" coveredconditionals="0" statements="3" coveredstatements="2" elements="5" coveredelements="3"/>
      </file>
    </package>
    <file name="/app/src/functions.php"><line num="3" type="stmt" count="0"/><metrics statements="9" coveredstatements="9"/></file>
    <metrics files="2" loc="40" methods="2" coveredmethods="1" conditionals="0" coveredconditionals="0" statements="4" coveredstatements="2" elements="6" coveredelements="3"/>
  </project>
</coverage>"#;
    let reading = reading(document).unwrap();
    assert_eq!(paths(&reading), ["/app/src/Order.php", "/app/src/functions.php"]);
    assert_eq!(totals(&reading), [Some(share(2, 4)), None, Some(share(1, 2)), Some(share(2, 4))]);
    assert_eq!(reading.declared.statements, Some(share(2, 4)));
    assert_eq!((reading.declared.lines, reading.declared.branches), (None, None));
    assert_eq!(reading.timestamp_s, Some(1_768_334_355));
    assert_eq!(reading.lying, [("/app/src/functions.php".to_owned(), share(9, 9), share(0, 1))]);
}

const CONDITIONS: &str =
    r#"<line num="4" count="7" type="stmt"/><line num="5" count="7" type="cond" truecount="1" falsecount="2"/>"#;

#[test]
fn istanbul_counts_arms() {
    let document = format!(
        r#"<coverage generated="1768334355123" clover="3.2.0"><project timestamp="1768334355124" name="All files">
        <metrics statements="2" coveredstatements="2" conditionals="3" coveredconditionals="1" methods="0" coveredmethods="0"/>
        <package name="src"><file name="a.js" path="/app/src/a.js"><metrics statements="2" coveredstatements="2" methods="5" coveredmethods="4" conditionals="9" coveredconditionals="3"/>{CONDITIONS}</file></package></project></coverage>"#
    );
    let reading = reading(&document).unwrap();
    assert_eq!(paths(&reading), ["/app/src/a.js"]);
    // It counts functions, and lists none; of the branches it lists some.
    assert_eq!(totals(&reading), [Some(share(2, 2)), Some(share(3, 9)), Some(share(4, 5)), Some(share(2, 2))]);
    assert!(reading.lying.is_empty());
    // What is listed can't be a part of this.
    for impossible in ["conditionals=\"3\" coveredconditionals=\"0\"", "conditionals=\"2\" coveredconditionals=\"9\""] {
        let lying = document.replace("conditionals=\"9\" coveredconditionals=\"3\"", impossible);
        assert_eq!(totals(&self::reading(&lying).unwrap())[1], Some(share(1, 3)), "{impossible}");
    }
}

#[test]
fn open_clover_counts_runs() {
    let document = format!(
        r#"<coverage generated="1768334355123" clover="4.5.2"><project timestamp="1768334355124" name="shop">
        <package name="com.shop"><file name="A.java" path="/app/A.java"><class name="A"/>{CONDITIONS}
          <line num="5" type="cond" truecount="0" falsecount="0"/><line num="6" type="cond" truecount="0" falsecount="9"/>
          <line num="7" count="0" type="method" signature="run() : void"/><line num="7" count="3" type="method"/></file>
          <file name="B.java"/></package></project>
        <testproject name="t"><package name="x"><file name="/app/ATest.java"><line num="1" count="1" type="stmt"/></file></package></testproject></coverage>"#
    );
    let reading = reading(&document).unwrap();
    assert_eq!(paths(&reading), ["/app/A.java", "com/shop/B.java"]);
    let wanted = [Some(share(3, 3)), Some(share(3, 6)), Some(share(1, 2)), Some(share(3, 4))];
    assert_eq!(totals(&reading), wanted);
    assert_eq!(reading.notices.iter().map(|notice| notice.code).collect::<Vec<_>>(), ["test-sources-left-out"]);
    // With classes it is the original, whatever its version.
    let old = document.replace("4.5.2", "3.2.0");
    assert_eq!(totals(&super::tests::reading(&old).unwrap()), wanted);
}

#[test]
fn phpunit_hides_the_statement_of_a_method_of_one_line() {
    let lines = "<line num='10' type='method' name='a' count='1'/><line num='11' type='stmt' count='1'/>
        <line num='14' type='method' name='b' count='2'/><line num='16' type='method' name='c' count='0'/>";
    let with = |covered: u64, all: u64| {
        let metrics = format!("<metrics statements='{all}' coveredstatements='{covered}'/>");
        let reading = reading(&with_lines(&format!("{lines}{metrics}"))).unwrap();
        (totals(&reading)[0], totals(&reading)[3], reading.lying.len())
    };
    assert_eq!(with(2, 3), (Some(share(2, 3)), Some(share(2, 3)), 0));
    // Numbers that this does not explain change nothing, and are named.
    for (covered, all) in [(3, 3), (1, 3), (1, 2), (2, 2), (2, 4)] {
        assert_eq!(with(covered, all), (Some(share(1, 1)), Some(share(1, 1)), 1), "{covered} of {all}");
    }
}

#[test]
fn conditionals_without_lines_are_named() {
    let document = with_lines("<line num='1' type='stmt' count='1'/>")
        .replace("</file>", "</file><metrics conditionals='23' coveredconditionals='12'/>");
    let reading = reading(&document).unwrap();
    assert_eq!(reading.notices.iter().map(|notice| notice.code).collect::<Vec<_>>(), ["branches-without-lines"]);
}

#[test]
fn statements_on_one_line_are_counted_each() {
    let reading = reading(&with_lines(
        "<line num='9' type='stmt' count='0'/><line num='8' type='stmt' count='3'/><line num='9' type='stmt' count='2'/>",
    ))
    .unwrap();
    assert_eq!(totals(&reading), [Some(share(2, 2)), None, None, Some(share(2, 3))]);
}

#[test]
fn what_makes_no_sense_is_refused_with_its_line() {
    for (line, wanted) in [
        ("<line type='stmt' count='1'/>", "no `num`"),
        ("<line num='1' type='stmt'/>", "no `count`"),
        ("<line num='x' type='stmt' count='1'/>", "no `num`"),
        ("<line num='100000001' type='stmt' count='1'/>", "no `num`"),
        ("<line num='1' type='stmt' count='-1'/>", "no count of runs"),
        ("<line num='1' type='cond' truecount='1' falsecount='-1'/>", "no count of runs"),
        ("<line num='1' type='line' count='1'/>", "no type of a line"),
    ] {
        let error = reading(&with_lines(&format!("\n\n{line}"))).unwrap_err();
        assert_eq!(error.line, Some(3), "{line}");
        assert!(matches!(&error.fault, Fault::Malformed(what) if what.contains(wanted)), "{line}: {error:?}");
    }
    assert!(reading(&with_lines("").replace("name=", "id=")).is_err());
    assert!(matches!(reading("<coverage><packages/></coverage>").unwrap_err().fault, Fault::NotAReport(_)));
    let zero = reading(&with_lines("<line num='0' type='stmt' count='1'/>")).unwrap();
    assert_eq!((zero.notices[0].code, totals(&zero)), ("line-zero", [None; 4]));
}
