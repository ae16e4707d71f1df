use super::*;
use crate::plan::coverage::totals::PartialLines;

fn reading(document: &str) -> Result<Reading, ReadError> {
    let mut into = Reading::default();
    read(&mut document.as_bytes(), &mut into)?;
    into.settle();
    Ok(into)
}

const REPORT: &str = r#"<?xml version="1.0" encoding="utf-8" standalone="yes"?>
<Root CoveredStatements="2" TotalStatements="5" CoveragePercent="40" ReportType="DetailedXml" DotCoverVersion="2023.1">
  <FileIndices><File Index="1" Name="C:\app\A.cs" ChecksumAlgorithm="SHA256" Checksum="ab"/><File Index="2" Name="C:\app\B.cs"/></FileIndices>
  <Assembly Name="Shop" CoveredStatements="2" TotalStatements="5">
    <Namespace Name="Shop.Core">
      <Type Name="A">
        <Method Name="Run(int):void">
          <Statement FileIndex="1" Line="8" Column="5" EndLine="8" EndColumn="20" Covered="True"/>
          <Statement FileIndex="1" Line="8" Column="22" EndLine="9" EndColumn="3" Covered="False"/>
          <AnonymousMethod Name="lambda"><Statement FileIndex="1" Line="9" Column="1" EndLine="9" EndColumn="3" Covered="False"/></AnonymousMethod>
        </Method>
        <Property Name="X"><Method Name="get_X():int"><Statement FileIndex="1" Line="12" Column="1" EndLine="12" EndColumn="9" Covered="True"/></Method></Property>
        <Type Name="Inner"><Constructor Name="Inner()"><Statement FileIndex="2" Line="3" Column="1" EndLine="3" EndColumn="9" Covered="False"/></Constructor></Type>
      </Type>
    </Namespace>
  </Assembly>
</Root>"#;

#[test]
fn statements_are_lines_and_members_are_functions() {
    let reading = reading(REPORT).unwrap();
    let paths: Vec<(&str, &str)> =
        reading.files.keys().map(|path| (path.module.as_str(), path.path.as_str())).collect();
    assert_eq!(paths, [("Shop", "C:\\app\\A.cs"), ("Shop", "C:\\app\\B.cs")]);
    let totals = reading.files.values().fold(Totals::default(), |sum, file| sum.plus(file.totals(PartialLines::Hit)));
    let share = |covered, coverable| Some(Share { covered, coverable });
    assert_eq!((totals.lines, totals.functions, totals.statements), (share(2, 4), share(2, 4), share(2, 5)));
    assert_eq!(reading.declared.statements, share(2, 5));
    let names: Vec<_> = reading
        .files
        .values()
        .flat_map(|file| file.functions.iter().map(|(line, id, _)| (line, format!("{id:?}"))))
        .collect();
    assert_eq!(names[0].0, 8);
}

#[test]
fn what_makes_no_sense_is_refused() {
    for (from, to, wanted) in [
        ("DetailedXml", "Xml", "without lines"),
        ("Covered=\"True\"", "Covered=\"yes\"", "lacks"),
        ("Line=\"8\"", "Line=\"-8\"", "lacks"),
        ("Line=\"8\"", "Line=\"800000000\"", "lacks"),
        ("FileIndex=\"2\"", "FileIndex=\"3\"", "not listed"),
        ("Index=\"2\" N", "Index=\"1\" N", "have the number 1"),
        ("</Assembly>", "", "closes an element"),
    ] {
        let error = reading(&REPORT.replace(from, to)).unwrap_err();
        assert!(error.what().contains(wanted), "{to}: {error:?}");
        assert!(error.line.is_some());
    }
    let zero = reading(&REPORT.replace("Line=\"12\" C", "Line=\"0\" C")).unwrap();
    assert_eq!(zero.notices[0].code, "line-zero");
}
