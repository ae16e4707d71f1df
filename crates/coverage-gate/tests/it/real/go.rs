use super::{Project, tools};
use crate::real::tools::Program;

const SHOP: &str = "package shop

// Total adds up.
func Total(lines []int) (int, error) {
	total := 0
	for _, line := range lines {
		if line < 0 {
			return 0, errNegative
		}
		total += line
	}
	return total, nil
}

// Kind says how many.
func Kind(lines []int) string {
	switch len(lines) {
	case 0:
		return \"empty\"
	case 1:
		return \"one\"
	}
	half := func(x int) int { return x / 2 }
	return []string{\"few\", \"many\"}[half(len(lines))%2]
}
";
const ERRORS: &str = "package shop

import \"errors\"

var errNegative = errors.New(\"negative\")

func never() int { return 1 }
";
const TESTS: &str = "package shop

import \"testing\"

func TestTotal(t *testing.T) {
	if total, _ := Total([]int{1, 2}); total != 3 || Kind(nil) != \"empty\" {
		t.Fatal(total)
	}
}
";
const MAIN: &str = "package main

import (
	\"fmt\"

	\"example.com/shop/internal/shop\"
)

func main() { fmt.Println(label(nil)) }

func label(lines []int) string {
	return shop.Kind(lines)
}
";
const MAIN_TESTS: &str = "package main

import \"testing\"

func TestLabel(t *testing.T) {
	if label([]int{1}) != \"one\" {
		t.Fatal()
	}
}
";

fn go() -> Option<Program> {
    let Some(go) = tools::system("go") else {
        tools::skip("go", "install the Debian package golang-go");
        return None;
    };
    // What is compiled is kept between runs: the standard library takes half a minute.
    let cache = concat!(env!("CARGO_TARGET_TMPDIR"), "/go-build");
    Some(
        go.env("GOCACHE", cache)
            .env("GOPATH", cache)
            .env("GOFLAGS", "-mod=mod")
            .env("GO111MODULE", "on")
            .env("GOTOOLCHAIN", "local"),
    )
}

/// The share in tenths of a percent, as `go tool cover` prints it.
fn percent((covered, coverable): super::Pair) -> String {
    format!("{:.1}%", 100.0 * covered as f64 / coverable as f64)
}

#[test]
fn its_profiles_say_what_go_tool_cover_says() {
    let Some(go) = go() else { return };
    let files = [
        ("go.mod", "module example.com/shop\n\ngo 1.18\n"),
        ("internal/shop/shop.go", SHOP),
        ("internal/shop/errors.go", ERRORS),
        ("internal/shop/shop_test.go", TESTS),
        ("cmd/shop/main.go", MAIN),
        ("cmd/shop/main_test.go", MAIN_TESTS),
    ];
    let project = Project::new(&files);
    // The second repeats every block in the profile of each test binary.
    for (profile, packages) in [("own.out", &[][..]), ("all.out", &["-coverpkg=./..."])] {
        let profile_argument = format!("-coverprofile={profile}");
        project.run(&go, &[&["test", "-covermode=count", &profile_argument], packages, &["./..."]].concat());
        let printed = project.run(&go, &["tool", "cover", "-func", profile]).stdout;
        let total = printed.lines().find(|line| line.starts_with("total:")).unwrap();
        let ours = project.measured(&[profile]);
        let statements = ours.statements.unwrap();
        assert_eq!(Some(percent(statements).as_str()), total.split_whitespace().last(), "{profile}: {printed}");
        // The percentage is rounded; how many statements there are is not.
        assert_eq!(statements.1, statements_in(&project, profile), "{profile}");
        assert!(0 < statements.0 && statements.0 < statements.1);
    }
}

/// Statements of a profile's blocks, each block once: `name.go:line.column,line.column statements count`.
fn statements_in(project: &Project, profile: &str) -> u64 {
    let text = project.read(profile);
    let blocks: std::collections::BTreeSet<(&str, u64)> = text
        .lines()
        .skip(1)
        .map(|line| {
            let mut words = line.split(' ');
            (words.next().unwrap(), words.next().unwrap().parse().unwrap())
        })
        .collect();
    blocks.iter().map(|(_, statements)| statements).sum()
}
