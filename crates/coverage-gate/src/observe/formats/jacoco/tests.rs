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

fn totals(reading: &Reading) -> (Share, Share, Share) {
    let totals = reading.files.values().fold(Totals::default(), |sum, file| sum.plus(file.totals(PartialLines::Hit)));
    let branches = totals.branches.map(BranchShare::lower);
    (totals.lines.unwrap_or_default(), branches.unwrap_or_default(), totals.functions.unwrap_or_default())
}

fn paths(reading: &Reading) -> Vec<(&str, &str)> {
    reading.files.keys().map(|path| (path.module.as_str(), path.path.as_str())).collect()
}

/// A report with one package.
fn with_package(name: &str, content: &str) -> String {
    format!("<report name='shop'><package name='{name}'>{content}</package></report>")
}

const PACKAGE: &str = r#"<package name="com/shop">
  <class name="com/shop/Cart" sourcefilename="Cart.java">
    <method name="&lt;init&gt;" desc="()V" line="3"><counter type="INSTRUCTION" missed="0" covered="3"/><counter type="METHOD" missed="0" covered="1"/></method>
    <method name="add" desc="(I)V" line="5"><counter type="INSTRUCTION" missed="9" covered="0"/><counter type="METHOD" missed="1" covered="0"/></method>
    <method name="add" desc="(J)V" line="5"><counter type="INSTRUCTION" missed="2" covered="7"/></method>
    <counter type="LINE" missed="1" covered="2"/>
  </class>
  <sourcefile name="Cart.java">
    <line nr="3" mi="0" ci="3" mb="0" cb="0"/>
    <line nr="5" mi="2" ci="4" mb="1" cb="3"/>
    <line nr="6" mi="5" ci="0" mb="2" cb="0"/>
    <line nr="7" mi="0" ci="0" mb="0" cb="0"/>
    <counter type="LINE" missed="1" covered="2"/>
  </sourcefile>
  <counter type="LINE" missed="1" covered="2"/>
</package>"#;

#[test]
fn groups_are_modules() {
    let document = format!(
        "<?xml version='1.0'?><!DOCTYPE report PUBLIC '-//JACOCO//DTD Report 1.1//EN' 'report.dtd'>
         <report name='shop'><sessioninfo id='b' start='1' dump='1768334355123'/><sessioninfo id='a' start='1' dump='1768334300000'/>
         <group name='core'><group name='cart'>{PACKAGE}</group><counter type='LINE' missed='9' covered='9'/></group>
         <group name='web'>{PACKAGE}</group>
         <counter type='LINE' missed='2' covered='4'/><counter type='BRANCH' missed='6' covered='6'/><counter type='METHOD' missed='2' covered='4'/></report>"
    );
    let reading = reading(&document).unwrap();
    assert_eq!(paths(&reading), [("core/cart", "com/shop/Cart.java"), ("web", "com/shop/Cart.java")]);
    assert_eq!(totals(&reading), (share(4, 6), share(6, 12), share(4, 6)));
    assert_eq!(reading.declared.lines, Some(share(4, 6)));
    assert_eq!(reading.declared.functions, Some(share(4, 6)));
    assert_eq!(reading.declared.branches.unwrap().lower(), share(6, 12));
    assert_eq!(reading.timestamp_s, Some(1_768_334_355));
    assert!(reading.lying.is_empty() && reading.notices.is_empty());
}

#[test]
fn a_package_is_a_folder_unless_the_file_has_it() {
    let line = "<line nr='1' mi='0' ci='1' mb='0' cb='0'/>";
    for (package, name, wanted) in [
        ("", "A.java", "A.java"),
        ("a/b", "A.java", "a/b/A.java"),
        ("src", "src/A.ps1", "src/A.ps1"),
        ("my.dir", "A.ps1", "my.dir/A.ps1"),
        ("s", "src/A.kt", "s/src/A.kt"),
    ] {
        let document = with_package(package, &format!("<sourcefile name='{name}'>{line}</sourcefile>"));
        assert_eq!(paths(&reading(&document).unwrap()), [("", wanted)]);
    }
}

#[test]
fn classes_without_a_file_find_it_by_name() {
    let class = |name: &str| {
        format!(
            "<class name='p/{name}'><method name='m' desc='()V' line='4'><counter type='METHOD' missed='0' covered='1'/></method></class>"
        )
    };
    let line = "<line nr='4' mi='0' ci='1' mb='0' cb='0'/>";
    let document = with_package(
        "p",
        &format!(
            "{}{}{}<sourcefile name='A.java'>{line}</sourcefile><sourcefile name='Text.kt'>{line}</sourcefile>",
            class("A$Inner$1"),
            class("TextKt"),
            class("Elsewhere")
        ),
    );
    let reading = reading(&document).unwrap();
    assert_eq!(totals(&reading).2, share(2, 2));
    assert_eq!(reading.notices.iter().map(|notice| notice.code).collect::<Vec<_>>(), ["function-without-file"]);
}

#[test]
fn a_counter_that_lies_is_named() {
    let file = "<sourcefile name='A.java'><line nr='4' mi='1' ci='0' mb='0' cb='0'/><counter type='LINE' missed='0' covered='5'/></sourcefile>";
    let reading = reading(&with_package("p", file)).unwrap();
    assert_eq!(reading.lying, [("p/A.java".to_owned(), share(5, 5), share(0, 1))]);
}

#[test]
fn lines_of_gcovr_do_not_say_whether_they_ran() {
    let file = |lines: &str, missed: u64, covered: u64| {
        let counter = format!("<counter type='LINE' missed='{missed}' covered='{covered}'/>");
        let document = format!(
            "<report name='GCOVR report'><package name='src.lib'><sourcefile name='a.cpp'>{lines}{counter}</sourcefile></package></report>"
        );
        reading(&document)
    };
    let lines = "<line nr='8'/><line nr='9' mb='1' cb='1'/><line nr='10'/><line nr='10'/><line nr='11'/>";
    let some = file(lines, 1, 3).unwrap();
    assert_eq!(paths(&some), [("", "src/lib/a.cpp")]);
    assert_eq!(totals(&some), (share(3, 4), share(1, 2), share(0, 0)), "totals are those of the counter");
    let states = |reading: &Reading| reading.files.values().next().unwrap().lines.iter().collect::<Vec<_>>();
    assert_eq!(states(&some), [(8, false), (9, true), (10, false), (11, false)], "only what is certain ran");
    assert_eq!(some.notices[0].code, "lines-without-counts");
    let all = file(lines, 0, 5).unwrap();
    assert_eq!(states(&all), [(8, true), (9, true), (10, true), (11, true)]);
    let excluded = file(lines, 0, 4).unwrap();
    assert_eq!(states(&excluded)[0], (8, false), "one of the five is excluded, nobody knows which");
    assert!(file(lines, 3, 3).unwrap_err().what().contains("more lines than it lists"));
}

#[test]
fn what_makes_no_sense_is_refused_with_its_line() {
    for (line, wanted) in [
        ("<line mi='0' ci='1'/>", "no number"),
        ("<line nr='x' mi='0' ci='1'/>", "no number"),
        ("<line nr='200000000' mi='0' ci='1'/>", "no number"),
        ("<line nr='1' mi='0' ci='-1'/>", "no count of instructions"),
        ("<line nr='1' mi='0' ci='1' cb='-1'/>", "no count of branches"),
        ("<counter type='LINE' missed='-1' covered='2'/>", "a counter lacks"),
        ("<counter type='LINE' missed='18446744073709551615' covered='2'/>", "a counter lacks"),
    ] {
        let document = with_package("p", &format!("<sourcefile name='A.java'>\n\n{line}</sourcefile>"));
        let error = reading(&document).unwrap_err();
        assert_eq!(error.line, Some(3), "{line}");
        assert!(matches!(&error.fault, Fault::Malformed(what) if what.contains(wanted)), "{line}: {error:?}");
    }
    assert!(reading(&with_package("p", "<sourcefile/>")).is_err());
    let zero = "<sourcefile name='A.java'><line nr='0' mi='0' ci='1' mb='1' cb='1'/></sourcefile>";
    let zero = reading(&with_package("p", zero)).unwrap();
    assert_eq!(zero.notices[0].code, "line-zero");
    assert_eq!(totals(&zero), (share(0, 0), share(0, 0), share(0, 0)));
}
