use super::{Pair, Project, Totals, numbers_after, tools};

const SHOP: &str = r#"import sys


class Order:
    def __init__(self, lines):
        self.lines = lines

    def total(self):
        total = 0
        for line in self.lines:
            if line["price"] < 0:
                raise ValueError("negative")
            total += line["price"] * line.get("count", 1)
        return total

    def discount(self, code):
        if code == "half": return self.total() / 2
        while code:
            code = code[1:]
            if code == "x":
                break
        else:
            return 0
        return 1

    @property
    def never(self):
        return [
            line
            for line in self.lines
            if line
        ]


def kind(order):
    match len(order.lines):
        case 0:
            return "empty"
        case 1:
            return "one"
    try:
        return "many" if order.total() > 10 else "few"
    except ValueError:
        return "odd"
    finally:
        order.lines = []


if sys.platform == "none":  # pragma: no cover
    def other():
        return None
"#;

const TESTS: &str = "from shop import shop
order = shop.Order([{'price': 3}, {'price': 4, 'count': 2}])
assert order.total() == 11 and order.discount('half') == 5.5 and order.discount('abx') == 1
assert shop.kind(shop.Order([])) == 'empty' and shop.kind(order) == 'many'
";

/// What coverage.py counts, read from its own totals.
fn own(project: &Project) -> Totals {
    let totals = &project.json("coverage.json")["totals"];
    let number = |name: &str| totals[name].as_u64();
    let pair = |covered: &str, coverable: &str| Some((number(covered)?, number(coverable)?));
    Totals {
        lines: pair("covered_lines", "num_statements"),
        branches: pair("covered_branches", "num_branches"),
        ..Totals::default()
    }
}

/// Functions with a statement, of coverage.py's own LCOV.
fn functions(project: &Project) -> Pair {
    let lcov = project.read("coverage.lcov");
    let sum = |mark: &str| lcov.lines().filter_map(|line| line.strip_prefix(mark)?.parse::<u64>().ok()).sum();
    (sum("FNH:"), sum("FNF:"))
}

#[test]
fn its_reports_say_what_it_says() {
    let Some(coverage) = tools::python("coverage") else {
        return tools::skip("coverage_py", "`cargo xtask test` fetches it");
    };
    let files = [
        ("shop/__init__.py", ""),
        ("shop/shop.py", SHOP),
        ("shop/unused.py", "def f():\n    return 1\n"),
        ("tests.py", TESTS),
    ];
    let project = Project::new(&files);
    for branch in [true, false] {
        let mode = if branch { &["--branch"][..] } else { &[] };
        project.run(&coverage, &[&["run", "--source=shop"], mode, &["tests.py"]].concat());
        for format in ["json", "xml", "lcov"] {
            project.run(&coverage, &[format]);
        }
        let own = own(&project);
        let printed = numbers_after(&project.run(&coverage, &["report"]).stdout, "TOTAL");
        assert_eq!(own.lines, Some((printed.0 - printed.1, printed.0)), "statements and those missed, as printed");
        assert_eq!(own.branches.is_some(), branch);
        let json = project.measured(&["coverage.json"]);
        assert_eq!((json.lines, json.branches), (own.lines, own.branches), "JSON");
        assert_eq!(json.functions, Some(functions(&project)), "JSON");
        let xml = project.measured(&["coverage.xml"]);
        assert_eq!((xml.lines, xml.branches), (own.lines, own.branches), "Cobertura");
        let lcov = project.measured(&["coverage.lcov"]);
        assert_eq!((lcov.lines, lcov.branches), (own.lines, own.branches), "LCOV");
        assert_eq!(lcov.functions, json.functions, "LCOV");
    }
}

#[test]
fn runs_that_are_combined_by_it_and_by_us_are_the_same() {
    let Some(coverage) = tools::python("coverage") else {
        return tools::skip("coverage_py", "`cargo xtask test` fetches it");
    };
    let second = "from shop import shop\nassert shop.kind(shop.Order([{'price': 1}])) == 'one'\nassert shop.Order([]).discount('') == 0\n";
    let project = Project::new(&[("shop/__init__.py", ""), ("shop/shop.py", SHOP), ("a.py", TESTS), ("b.py", second)]);
    for run in ["a", "b"] {
        let data = format!("--data-file=.coverage.{run}");
        project.run(&coverage, &["run", "--branch", "--source=shop", &data, &format!("{run}.py")]);
        project.run(&coverage, &["json", &data, "-o", &format!("{run}.json")]);
        project.run(&coverage, &["lcov", &data, "-o", &format!("{run}.lcov")]);
    }
    project.run(&coverage, &["combine", "--keep"]);
    project.run(&coverage, &["json"]);
    let own = own(&project);
    let united = project.measured(&["a.json", "b.json"]);
    assert_eq!((united.lines, united.branches), (own.lines, own.branches), "JSON");
    let united = project.measured(&["a.lcov", "b.lcov"]);
    assert_eq!((united.lines, united.branches), (own.lines, own.branches), "LCOV");
}
