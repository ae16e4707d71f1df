use super::{Project, Totals, tools};
use crate::real::tools::Program;
use serde_json::Value;

const HEADER: &str = "#pragma once
#include <stdexcept>

template <typename T> T twice(T x) {
    if (x > 0)
        return x + x;
    return 0;
}

struct Order {
    int total = 0;
    void add(int line) {
        if (line < 0)
            throw std::runtime_error(\"negative\");
        total += line;
    }
    int never() const { return total ? 1 : 2; }
};
";
const MAIN: &str = "#include \"order.h\"

const char *kind(int lines);

int main(int argc, char **) {
    Order order;
    order.add(twice(argc));
    order.add(static_cast<int>(twice(-1.5)));
    // LCOV_EXCL_START
    if (argc > 9)
        return 3;
    // LCOV_EXCL_STOP
    return order.total == 2 && kind(order.total)[0] == 'f' ? 0 : 1;
}
";
const KIND: &str = "const char *kind(int lines) {
    switch (lines) {
    case 0:
        return \"empty\";
    case 1:
        return \"one\";
    }
    return lines > 10 || lines == 7 ? \"many\" : \"few\";
}

static int never(int x) {
    while (x > 0)
        x--;
    return x;
}

int (*unused)(int) = never;
";

fn tools() -> Option<(Program, Program)> {
    let found = tools::system("g++").zip(tools::python("gcovr"));
    if found.is_none() {
        tools::skip("gcovr", "install g++; `cargo xtask test` fetches gcovr");
    }
    found
}

fn built(compiler: &Program) -> Project {
    let files = [("src/order.h", HEADER), ("src/main.cpp", MAIN), ("src/kind.cpp", KIND)];
    let project = Project::new(&files);
    std::fs::create_dir(project.path().join("build")).unwrap();
    for source in ["main", "kind"] {
        let (from, to) = (format!("src/{source}.cpp"), format!("build/{source}.o"));
        project.run(compiler, &["--coverage", "-O0", "-c", &from, "-o", &to]);
    }
    project.run(compiler, &["--coverage", "build/main.o", "build/kind.o", "-o", "build/shop"]);
    let shop = Program { words: vec![project.path().join("build/shop").display().to_string()], env: Vec::new() };
    project.run(&shop, &[]);
    project
}

/// What gcovr says of a set of options: `--json-summary`.
fn own(project: &Project, gcovr: &Program, options: &[&str]) -> Totals {
    project.run(gcovr, &[&["--root", ".", "--json-summary", "summary.json"], options].concat());
    let summary: Value = project.json("summary.json");
    let share = |kind: &str| {
        let number = |what: &str| summary[format!("{kind}_{what}")].as_u64();
        Some((number("covered")?, number("total")?)).filter(|(_, all)| *all > 0)
    };
    Totals { lines: share("line"), branches: share("branch"), functions: share("function"), statements: None }
}

#[test]
fn its_reports_say_what_it_says() {
    let Some((compiler, gcovr)) = tools() else { return };
    let project = built(&compiler);
    for options in [
        &[][..],
        &["--exclude-throw-branches"],
        &["--exclude-unreachable-branches", "--exclude-noncode-lines"],
        &["--filter", "src/kind.cpp"],
        &["--decisions", "--calls"],
    ] {
        let own = own(&project, &gcovr, options);
        assert!(own.lines.is_some_and(|(covered, coverable)| 0 < covered && covered < coverable), "{own:?}");
        project.run(&gcovr, &[&["--root", ".", "--json", "coverage.json"], options].concat());
        assert_eq!(project.measured(&["coverage.json"]), own, "JSON with {options:?}");
    }
}

#[test]
fn its_other_formats_say_the_same_of_what_is_no_template() {
    let Some((compiler, gcovr)) = tools() else { return };
    let project = built(&compiler);
    let only = ["--filter", "src/kind.cpp"];
    let own = own(&project, &gcovr, &only);
    for format in ["lcov", "cobertura", "clover", "jacoco"] {
        let option = format!("--{format}");
        let report = format!("coverage.{}", if format == "lcov" { "info" } else { "xml" });
        project.run(&gcovr, &[&["--root", ".", &option, &report][..], &only].concat());
        let read = project.measured(&[&report]);
        assert_eq!(read.lines, own.lines, "{format}");
        assert!(read.branches.is_none_or(|branches| Some(branches) == own.branches), "{format}: {read:?}");
        assert!(read.functions.is_none_or(|functions| Some(functions) == own.functions), "{format}: {read:?}");
    }
}

#[test]
fn reports_of_gcov_itself_say_what_gcovr_says() {
    let Some((compiler, gcovr)) = tools() else { return };
    let Some(gcov) = tools::system("gcov") else { return tools::skip("gcovr", "install gcov") };
    let project = built(&compiler);
    // Without C++ library headers there is nothing that gcovr would leave out.
    let own = own(&project, &gcovr, &["--filter", "src/kind.cpp"]);
    let printed =
        project.run(&gcov, &["--json-format", "--branch-probabilities", "--stdout", "build/kind.gcda"]).stdout;
    std::fs::write(project.path().join("kind.json"), printed).unwrap();
    assert_eq!(project.measured(&["kind.json"]), own, "as text");
    project.run(&gcov, &["--json-format", "--branch-probabilities", "build/kind.gcda"]);
    assert_eq!(project.measured(&["kind.gcov.json.gz"]), own, "as gzip");
}

#[test]
fn traces_that_are_merged_by_it_and_by_us_are_the_same() {
    let Some((compiler, gcovr)) = tools() else { return };
    let project = built(&compiler);
    project.run(&gcovr, &["--root", ".", "--json", "a.json"]);
    let again = Program { words: vec![project.path().join("build/shop").display().to_string()], env: Vec::new() };
    for entry in ["main", "kind"] {
        std::fs::remove_file(project.path().join(format!("build/{entry}.gcda"))).unwrap();
    }
    let ran = kit_test::Cli::new(again.words[0].clone(), project.path()).args(["more", "arguments"]).run();
    assert_eq!(ran.exit, 1, "another way through the program");
    project.run(&gcovr, &["--root", ".", "--json", "b.json"]);
    let own = own(&project, &gcovr, &["--add-tracefile", "a.json", "--add-tracefile", "b.json"]);
    assert_eq!(project.measured(&["a.json", "b.json"]), own);
}
