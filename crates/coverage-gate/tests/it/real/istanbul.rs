use super::{Project, Totals, pair, tools};
use crate::real::tools::Program;

const SHOP: &str = r#"'use strict';
class Order {
  constructor(lines = []) { this.lines = lines; }
  total() {
    let total = 0;
    for (const line of this.lines) {
      if (line.price < 0) throw new Error('negative');
      total += line.price * (line.count || 1);
    }
    return total;
  }
  kind() {
    switch (this.lines.length) {
      case 0:
        return 'empty';
      case 1: return 'one';
      default:
        return this.total() > 10 && !this.odd ? 'many' : 'few';
    }
  }
}
const never = (a, b = 2) => { return a ?? b; };
const lines = (order) => order.lines.map((line) => line.price).filter(
  (price) => price > 3
);
function label(order) {
  return {
    name: order.name ? order.name
      : 'none',
    lines: lines(order),
  };
}
module.exports = { Order, never, label };
"#;

const TESTS: &str = "const { Order, label } = require('./src/shop');
const order = new Order([{ price: 3 }, { price: 4, count: 2 }]);
if (order.kind() !== 'many' || new Order().kind() !== 'empty') process.exit(1);
if (label(order).lines.length !== 1) process.exit(1);
";
const MORE_TESTS: &str = "const { Order, never } = require('./src/shop');
if (new Order([{ price: 1 }]).kind() !== 'one' || never(1) !== 1) process.exit(1);
";

const FILES: [(&str, &str); 5] = [
    ("package.json", "{\"name\": \"shop\"}"),
    ("src/shop.js", SHOP),
    ("src/unused.js", "exports.f = (x) => {\n  if (x) return 1;\n  return 2;\n};\n"),
    ("a.js", TESTS),
    ("b.js", MORE_TESTS),
];

/// Runs a script under the tool, with all its reports in a folder.
fn cover(project: &Project, tool: &Program, script: &str, folder: &str) {
    let tool = tool.clone().env("HOME", project.path().display().to_string());
    let mut arguments = vec!["--all".to_owned(), "--include=src/**".to_owned(), format!("--report-dir={folder}")];
    arguments.push(format!("--temp-dir={folder}-raw"));
    arguments
        .extend(["json", "json-summary", "lcovonly", "clover", "cobertura"].map(|kind| format!("--reporter={kind}")));
    arguments.extend(["node".to_owned(), script.to_owned()]);
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    project.run(&tool, &arguments);
}

/// The totals of `coverage-summary.json`.
fn own(project: &Project, folder: &str) -> Totals {
    let summary = project.json(&format!("{folder}/coverage-summary.json"));
    let share = |kind: &str| pair(&summary["total"][kind], "covered", "total");
    Totals {
        lines: share("lines"),
        branches: share("branches"),
        functions: share("functions"),
        statements: share("statements"),
    }
}

fn its_reports_say_what_it_says(tool: &Program) {
    let project = Project::new(&FILES);
    cover(&project, tool, "a.js", "out");
    let own = own(&project, "out");
    assert!(own.lines.is_some_and(|(covered, coverable)| 0 < covered && covered < coverable), "{own:?}");
    assert_eq!(project.measured(&["out/coverage-final.json"]), own, "JSON");
    let lcov = project.measured(&["out/lcov.info"]);
    assert_eq!(lcov, Totals { statements: None, ..own }, "LCOV");
    let clover = project.measured(&["out/clover.xml"]);
    let totals = (clover.lines, clover.functions, clover.branches);
    assert_eq!(totals, (own.lines, own.functions, own.branches), "Clover, which adds functions and arms up by file");
    assert_eq!(project.measured(&["out/coverage-summary.json"]), own, "totals alone");
    let cobertura = project.measured(&["out/cobertura-coverage.xml"]);
    assert_eq!(cobertura.lines, own.lines, "Cobertura");
}

#[test]
fn reports_of_nyc_say_what_it_says() {
    let Some(nyc) = tools::node("nyc/bin/nyc.js") else {
        return tools::skip("istanbul", "`cargo xtask test` fetches nyc");
    };
    its_reports_say_what_it_says(&nyc);
}

#[test]
fn reports_of_c8_say_what_it_says() {
    let Some(c8) = tools::node("c8/bin/c8.js") else {
        return tools::skip("istanbul", "`cargo xtask test` fetches c8");
    };
    its_reports_say_what_it_says(&c8);
}

#[test]
fn runs_that_are_merged_by_nyc_and_by_us_are_the_same() {
    let Some(nyc) = tools::node("nyc/bin/nyc.js") else {
        return tools::skip("istanbul", "`cargo xtask test` fetches nyc");
    };
    let project = Project::new(&FILES);
    cover(&project, &nyc, "a.js", "a");
    cover(&project, &nyc, "b.js", "b");
    let home = nyc.env("HOME", project.path().display().to_string());
    std::fs::create_dir(project.path().join("both")).unwrap();
    for run in ["a", "b"] {
        std::fs::copy(
            project.path().join(run).join("coverage-final.json"),
            project.path().join(format!("both/{run}.json")),
        )
        .unwrap();
    }
    project.run(&home, &["report", "--temp-dir=both", "--report-dir=merged", "--reporter=json-summary"]);
    let own = own(&project, "merged");
    assert_eq!(project.measured(&["a/coverage-final.json", "b/coverage-final.json"]), own, "JSON");
    let lcov = project.measured(&["a/lcov.info", "b/lcov.info"]);
    assert_eq!(lcov, Totals { statements: None, ..own }, "LCOV");
}

#[test]
fn a_run_of_nyc_and_one_of_c8_add_no_lines_twice() {
    let (Some(nyc), Some(c8)) = (tools::node("nyc/bin/nyc.js"), tools::node("c8/bin/c8.js")) else {
        return tools::skip("istanbul", "`cargo xtask test` fetches nyc and c8");
    };
    let project = Project::new(&FILES);
    cover(&project, &nyc, "a.js", "nyc");
    cover(&project, &c8, "b.js", "c8");
    let lines = SHOP.lines().count() as u64 + 4;
    let both = project.measured(&["nyc/coverage-final.json", "c8/coverage-final.json"]);
    assert_eq!(both.lines.map(|(_, coverable)| coverable), Some(lines), "c8 counts every line");
}
