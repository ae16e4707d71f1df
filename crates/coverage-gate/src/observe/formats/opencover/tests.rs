use super::*;
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

/// A report with a module `Shop` of one file with these methods.
fn with_methods(methods: &str) -> String {
    format!(
        "\u{FEFF}<?xml version='1.0'?><CoverageSession><Summary numSequencePoints='3' visitedSequencePoints='2' numBranchPoints='2' visitedBranchPoints='1' numMethods='1' visitedMethods='1'/>
         <Modules><Module hash='1'><ModulePath>/x/Shop.dll</ModulePath><ModuleName>Shop</ModuleName><Files><File uid='4' fullPath='C:\\app\\A.cs'/></Files>
         <Classes><Class><Summary numSequencePoints='9'/><FullName>Shop.A</FullName><Methods>{methods}</Methods></Class></Classes></Module></Modules></CoverageSession>"
    )
}

const METHOD: &str = "<Method visited='true'><Summary numSequencePoints='3'/><Name>System.Void Shop.A::Run()</Name><FileRef uid='4'/>
  <SequencePoints><SequencePoint vc='2' sl='8' sc='1' el='8' ec='9' fileid='4'/><SequencePoint vc='0' sl='8' sc='10' el='9' ec='2' fileid='4'/>
    <SequencePoint vc='0' sl='9' sc='3' el='9' ec='9'/><SequencePoint vc='0' sl='16707566' sc='0' el='16707566' ec='0'/></SequencePoints>
  <BranchPoints><BranchPoint vc='0' sl='8' path='0' offset='8' fileid='4'/><BranchPoint vc='1' sl='8' path='1' offset='8' fileid='4'/>
    <BranchPoint vc='1' sl='8' path='1' offset='8' fileid='4'/></BranchPoints><MethodPoint vc='2' sl='8' fileid='4'/></Method>";

#[test]
fn points_are_statements_lines_and_arms() {
    let reading = reading(&with_methods(METHOD)).unwrap();
    let path = reading.files.keys().next().unwrap();
    assert_eq!((path.module.as_str(), path.path.as_str()), ("Shop", "C:\\app\\A.cs"));
    assert_eq!(totals(&reading), [Some(share(1, 2)), Some(share(1, 2)), Some(share(1, 1)), Some(share(1, 3))]);
    assert_eq!(reading.declared.statements, Some(share(2, 3)));
    assert_eq!(reading.declared.functions, Some(share(1, 1)));
    assert_eq!(reading.declared.branches.unwrap().lower(), share(1, 2));
}

#[test]
fn methods_are_functions_with_and_without_points() {
    let methods = "<Method><Name>get_X</Name><FileRef uid='4'/><SequencePoints/><MethodPoint vc='1'/></Method>
        <Method><Name>Y</Name><FileRef uid='4'/><SequencePoints/><MethodPoint vc='0' sl='3'/></Method>
        <Method><Name>Abstract</Name><SequencePoints/><BranchPoints/></Method>
        <Method><Name>Generated</Name><MethodPoint vc='1'/></Method>";
    assert_eq!(totals(&reading(&with_methods(methods)).unwrap()), [None, None, Some(share(1, 2)), None]);
}

#[test]
fn each_module_numbers_its_files() {
    let document = with_methods(METHOD);
    let second = document.split("<Module hash").nth(1).unwrap().split("</Module>").next().unwrap();
    let second = format!(
        "<Module hash{}</Module>",
        second.replace("Shop</ModuleName>", "Web</ModuleName>").replace("A.cs", "B.cs")
    );
    let reading = reading(&document.replace("</Modules>", &format!("{second}</Modules>"))).unwrap();
    let paths: Vec<(&str, &str)> =
        reading.files.keys().map(|path| (path.module.as_str(), path.path.as_str())).collect();
    assert_eq!(paths, [("Shop", "C:\\app\\A.cs"), ("Web", "C:\\app\\B.cs")]);
}

#[test]
fn what_makes_no_sense_is_refused_with_its_line() {
    let point = |attributes: &str| {
        with_methods(&format!(
            "<Method><Name>m</Name><FileRef uid='4'/><SequencePoints>\n\n<SequencePoint {attributes}/></SequencePoints></Method>"
        ))
    };
    for (attributes, wanted) in [
        ("sl='1'", "no count of visits"),
        ("vc='-1' sl='1'", "no count of visits"),
        ("vc='1'", "no line `sl`"),
        ("vc='1' sl='x'", "no number of a point"),
        ("vc='1' sl='200000000'", "no line number"),
        ("vc='1' sl='1' fileid='7'", "does not list"),
    ] {
        let error = reading(&point(attributes)).unwrap_err();
        assert!(error.line >= Some(5), "{attributes}: {error:?}");
        assert!(matches!(&error.fault, Fault::Malformed(what) if what.contains(wanted)), "{attributes}: {error:?}");
    }
    assert_eq!(reading(&point("vc='1' sl='0'")).unwrap().notices[0].code, "line-zero");
    let twice = with_methods("").replace("</Files>", "<File uid='4' fullPath='b'/></Files>");
    assert!(reading(&twice).unwrap_err().what().contains("have the number 4"));
}
