use super::{Trial, tools};

const CONFIG: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<phpunit bootstrap="../tests/bootstrap.php" colors="false" defaultTestSuite="all" failOnEmptyTestSuite="true">
  <testsuites>
    <testsuite name="all"><directory>../tests</directory></testsuite>
  </testsuites>
  <php>
    <includePath>../lib</includePath>
    <env name="FROM_CONFIG" value="a &quot;b&quot; ü"/>
    <ini name="precision" value="5"/>
  </php>
</phpunit>
"#;

/// Each test sees that bootstrap, environment, ini and include path of the configuration are in force.
fn class(namespace: &str, name: &str) -> String {
    format!(
        r#"<?php
{namespace}
class {name} extends \PHPUnit\Framework\TestCase {{
    protected function setUp(): void {{
        $this->assertSame('yes', \BOOTED);
        $this->assertSame('a "b" ü', getenv('FROM_CONFIG'));
        $this->assertSame('5', ini_get('precision'));
        $this->assertSame(7, require 'seven.php');
    }}
    public function testA(): void {{ usleep(5000); $this->assertTrue(true); }}
    public function testAB(): void {{ $this->assertTrue(true); }}
    /** @dataProvider values */
    public function testData($x): void {{ $this->assertNotSame(0, $x); }}
    public static function values(): array {{ return [[1], 'a "b" (#1)' => [2], 'x::y' => [3], 'z' => [4]]; }}
}}
"#
    )
}

fn trial() -> Option<Trial> {
    let Some(program) = tools::system("phpunit", &[]) else {
        tools::skip("phpunit", "install the Debian package phpunit");
        return None;
    };
    let classes = [
        ("tests/Unit/FooTest.php", class("namespace Unit;", "FooTest")),
        ("tests/Feature/FooTest.php", class("namespace Feature;", "FooTest")),
        ("tests/BarTest.php", class("", "BarTest")),
        ("tests/FooBarTest.php", class("", "FooBarTest")),
        ("tests/a b/SpaceTest.php", class("namespace Space;", "SpaceTest")),
        ("tests/(x) #1/BracketTest.php", class("namespace Bracket;", "BracketTest")),
        ("tests/R&D+/ÜTest.php", class("namespace Rd;", "ÜTest")),
    ];
    let mut files: Vec<(&str, &str)> = classes.iter().map(|(path, content)| (*path, content.as_str())).collect();
    files.push(("tests/bootstrap.php", "<?php define('BOOTED', 'yes');"));
    files.push(("lib/seven.php", "<?php return 7;"));
    files.push(("config/phpunit.xml", CONFIG));
    let mut trial = Trial::new("phpunit", program, &files);
    trial.list(&classes.each_ref().map(|(path, _)| *path));
    trial.report = vec!["--log-junit", "{file}"];
    trial.worker = vec!["--runner-config", "config/phpunit.xml"];
    Some(trial)
}

#[test]
fn files() {
    let Some(trial) = trial() else { return };
    let whole = trial.whole(&["--configuration", "config/phpunit.xml"]);
    assert_eq!(whole.len(), 7 * 6);
    trial.shards_are_the_whole(&whole, &["--min-known", "100%"], 3);
}

#[test]
fn tests_and_classes() {
    let Some(trial) = trial() else { return };
    let whole = trial.whole(&["--configuration", "config/phpunit.xml"]);
    for unit in ["test", "class"] {
        trial.shards_are_the_whole(&whole, &["--unit", unit, "--min-known", "100%"], 3);
    }
}

#[test]
fn an_empty_shard_passes_even_where_empty_suites_fail() {
    let Some(trial) = trial() else { return };
    let whole = trial.whole(&["--configuration", "config/phpunit.xml"]);
    // At its usual place, the configuration is found without being named; there its paths lead elsewhere.
    trial.project.write("phpunit.xml", &CONFIG.replace("\"../", "\"").replace(">../", ">"));
    trial.empty_shard_is_harmless(&whole);
}

#[test]
fn coverage_keeps_its_files() {
    let Some(trial) = trial() else { return };
    let report = "<coverage><include><directory suffix=\".php\">../lib</directory></include><exclude><file>../lib/none.php</file></exclude>\
        <report><clover outputFile=\"../build/clover.xml\"/></report></coverage>";
    trial.project.write("config/phpunit.xml", &CONFIG.replace("<php>", &format!("{report}<php>")));
    trial.project.write("lib/none.php", "<?php return 0;");
    let drivers = tools::system("php", &["-m"])
        .map(|php| kit_test::Cli::new(php.words[0].clone(), ".").args(["-m"]).run().stdout);
    if !drivers.is_some_and(|modules| modules.contains("pcov")) {
        println!("SKIP runners::phpunit::coverage: no pcov; install the Debian package php-pcov");
        return;
    }
    trial.list(&["tests/BarTest.php"]);
    trial.whole(&["--configuration", "config/phpunit.xml"]);
    std::fs::remove_file(trial.project.path().join("build/clover.xml")).unwrap();
    trial.plan(&[], 1);
    trial.shard(0);
    let clover = trial.project.read("build/clover.xml");
    assert!(clover.contains("lib/seven.php") && !clover.contains("none.php"), "{clover}");
}

#[test]
fn names_that_its_schema_refuses_are_refused_first() {
    let Some(trial) = trial() else { return };
    trial.project.write("tests/[id]/OddTest.php", &class("", "OddTest"));
    trial.list(&["tests/[id]/OddTest.php"]);
    let refused = trial.refusal(&[]);
    assert!(refused.contains("tests/[id]/OddTest.php") && refused.contains("rename"), "{refused}");
}
