use super::*;
use proptest::prelude::*;

fn suite(files: &[&str]) -> Suite {
    Suite { name: "shard-3".to_owned(), files: files.iter().map(|file| (*file).to_owned()).collect() }
}

fn rewritten(text: &str) -> String {
    rewrite(text, "../..", &suite(&["../../tests/A & B.php"])).unwrap().0
}

const FULL: &str = r#"<?xml version="1.0" encoding="ISO-8859-1"?>
<!-- ours -->
<phpunit xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
         xsi:noNamespaceSchemaLocation="vendor/phpunit/phpunit/phpunit.xsd"
         bootstrap="./tests/bootstrap.php" cacheDirectory=".phpunit.cache" colors='true' defaultTestSuite="unit">
  <testsuites>
    <testsuite name="unit"><directory suffix="Test.php">tests/Unit</directory><exclude>tests/Unit/Old</exclude></testsuite>
    <testsuite name="feature"><file phpVersion="8.0.0">tests/Feature/XTest.php</file></testsuite>
  </testsuites>
  <source baseline="baseline.xml">
    <include><directory suffix=".php">src</directory><file>/abs/x.php</file></include>
    <exclude><directory>src/R&amp;D</directory></exclude>
  </source>
  <coverage><report><clover outputFile="build/clover.xml"/><text outputFile="php://stdout"/></report></coverage>
  <php><includePath>.</includePath><env name="APP_ENV" value="testing" force="true"/><ini name="x" value="./y"/></php>
  <extensions><extension class="E" file="tests/E.php"><arguments><directory><![CDATA[tests/data]]></directory></arguments></extension></extensions>
</phpunit>
"#;

#[test]
fn everything_but_the_suites_is_kept_and_paths_are_moved() {
    let out = rewritten(FULL);
    for kept in [
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
        "<!-- ours -->",
        "noNamespaceSchemaLocation=\"../../vendor/phpunit/phpunit/phpunit.xsd\"",
        "bootstrap=\"../../tests/bootstrap.php\"",
        "cacheDirectory=\"../../.phpunit.cache\"",
        "colors=\"true\"",
        "<source baseline=\"../../baseline.xml\">",
        "<directory suffix=\".php\">../../src</directory>",
        "<file>/abs/x.php</file>",
        "<directory>../../src/R&amp;D</directory>",
        "outputFile=\"../../build/clover.xml\"",
        "outputFile=\"php://stdout\"",
        "<includePath>../..</includePath>",
        "<env name=\"APP_ENV\" value=\"testing\" force=\"true\"/>",
        "<ini name=\"x\" value=\"./y\"/>",
        "file=\"../../tests/E.php\"",
        "<directory>../../tests/data</directory>",
        "<testsuite name=\"shard-3\">",
        "<file>../../tests/A &amp; B.php</file>",
    ] {
        assert!(out.contains(kept), "{kept} is missing in\n{out}");
    }
    for gone in ["tests/Unit", "defaultTestSuite", "\"feature\""] {
        assert!(!out.contains(gone), "{gone} is still in\n{out}");
    }
    assert_eq!(out.matches("<testsuites>").count(), 1);
}

#[test]
fn what_the_old_suites_lose_is_said() {
    let (_, notices) = rewrite(FULL, "../..", &suite(&[])).unwrap();
    assert_eq!(notices.len(), 1);
    assert!(notices[0].contains("`phpVersion` of `file`"), "{notices:?}");
}

#[test]
fn an_empty_shard_does_not_fail_on_being_empty() {
    let config = r#"<phpunit failOnEmptyTestSuite="true" failOnRisky="true"/>"#;
    let (out, _) = rewrite(config, "..", &suite(&[])).unwrap();
    assert!(!out.contains("failOnEmptyTestSuite") && out.contains("failOnRisky=\"true\""), "{out}");
    assert!(out.contains("<testsuite name=\"shard-3\">\n    </testsuite>"), "{out}");
    assert!(out.ends_with("</phpunit>"), "{out}");
    assert!(rewritten(config).contains("failOnEmptyTestSuite=\"true\""));
}

#[test]
fn without_a_file_a_minimal_one_is_made() {
    let out = rewritten(MINIMAL);
    assert!(out.contains("<file>") && out.contains("<phpunit colors=\"false\">"), "{out}");
}

#[test]
fn suites_of_old_files_without_a_frame_are_replaced_too() {
    let out = rewritten("<phpunit><testsuite name='a'><file>a</file></testsuite><testsuite name='b'/><php/></phpunit>");
    assert_eq!(out.matches("<testsuite ").count(), 1, "{out}");
    assert!(out.contains("<php/>"), "{out}");
}

#[test]
fn what_is_not_phpunits_is_refused_with_the_line() {
    let of = |text: &str| rewrite(text, "..", &suite(&[])).unwrap_err();
    assert!(of("<project/>").1.contains("the root element is `project`"));
    assert_eq!(of("<phpunit>\n<php>\n</phpunit>").0, Some(3));
    assert!(of("").1.contains("`phpunit` is missing"));
    assert!(of("<phpunit>").1.contains("does not end"));
    assert!(of("<phpunit><php><includePath>&mine;</includePath></php></phpunit>").1.contains("&mine;"));
    assert!(of(&"<phpunit>".repeat(100)).1.contains("deeper"));
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in r#"(<|/?>|phpunit|testsuites?|file|"|'|=|&[a-z]{1,4};| |[a-z/.]{1,8}|<!\[CDATA\[|\]\]>|<!--|-->|<\?|\?>|<!DOCTYPE){0,40}"#) {
        let _ = rewrite(&text, "../..", &suite(&["a"]));
        let _ = rewrite(&format!("<phpunit>{text}</phpunit>"), "../..", &suite(&["a"]));
    }

    #[test]
    fn what_is_written_is_read_again(path in "[ -~äß]{0,20}") {
        let config = format!("<phpunit bootstrap=\"{0}\"><php><includePath>{0}</includePath></php></phpunit>", escape(path.as_str()));
        let (out, _) = rewrite(&config, "../..", &suite(&[path.as_str()])).unwrap();
        let (again, _) = rewrite(&out, ".", &suite(&[path.as_str()])).unwrap();
        prop_assert_eq!(again.matches("<testsuites>").count(), 1);
    }
}
