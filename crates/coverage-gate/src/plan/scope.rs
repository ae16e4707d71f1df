//! Which changed files ought to be in a coverage report. PURE.
//!
//! A file ought to be measured when its language is one whose programs are measured as a rule ([`language`]), or when the
//! reports hold other files of its kind ([`kind`]); unless it looks like a test, or like something that no test runs
//! ([`is_exempt`]). What is exempt by its name counts all the same once it is in a report. Templates, styles, queries,
//! markup and configuration are no language here; nor are shell and PowerShell scripts, which few projects measure, until
//! a report holds one.
#![warn(clippy::disallowed_methods)]

/// Languages and their file extensions, in lower case. A file of one can be loaded by another file of the same language,
/// so that a report that knows one extension ought to know the others.
const LANGUAGES: &[(&str, &[&str])] = &[
    ("PHP", &["php"]),
    ("JavaScript", &["js", "jsx", "mjs", "cjs", "ts", "tsx", "mts", "cts", "vue", "svelte", "astro", "coffee"]),
    ("Python", &["py", "pyx"]),
    ("Go", &["go"]),
    ("Ruby", &["rb"]),
    ("Rust", &["rs"]),
    ("JVM", &["java", "kt", "kts", "scala", "groovy", "clj", "cljc"]),
    (
        "C",
        &["c", "h", "cc", "cpp", "cxx", "c++", "hh", "hpp", "hxx", "h++", "ipp", "tpp", "inl", "m", "mm", "cu", "cuh"],
    ),
    (".NET", &["cs", "fs", "vb"]),
    ("Swift", &["swift"]),
    ("Dart", &["dart"]),
    ("Elixir", &["ex", "exs"]),
    ("Erlang", &["erl", "hrl"]),
    ("Perl", &["pl", "pm"]),
    ("Lua", &["lua"]),
    ("Haskell", &["hs"]),
    ("OCaml", &["ml"]),
    ("Julia", &["jl"]),
    ("R", &["r"]),
    ("Zig", &["zig"]),
    ("Nim", &["nim"]),
    ("D", &["d"]),
    ("Crystal", &["cr"]),
    ("Fortran", &["f", "for", "f90", "f95", "f03", "f08"]),
    ("Ada", &["adb", "ads"]),
];

/// Kinds that end like a language and are none: templates.
const TEMPLATES: &[&str] = &["blade.php", "tpl.php", "html.php"];

/// Folders whose files are tests or what tests need, or somebody else's code, wherever they stand in a path; in any case
/// of letters.
const EXEMPT_FOLDERS: &[&str] = &[
    "test",
    "tests",
    "spec",
    "specs",
    "__tests__",
    "__mocks__",
    "__fixtures__",
    "__snapshots__",
    "testdata",
    "e2e",
    "cypress",
    "benches",
    "vendor",
    "node_modules",
    "third_party",
];

/// Ends of names, without the extension, that are tests or never run under one, by language.
const EXEMPT_ENDINGS: &[(&str, &[&str])] = &[
    ("PHP", &["Test", "TestCase", "Cest", "Spec"]),
    ("JavaScript", &[".test", ".spec", ".cy", ".e2e", ".stories", ".story", ".d", ".config", ".min", "_test"]),
    ("Python", &["_test"]),
    ("Go", &["_test"]),
    ("Ruby", &["_spec", "_test"]),
    ("JVM", &["Test", "Tests", "IT", "Spec", "TestCase", ".gradle"]),
    ("C", &["_test", "_tests", "_unittest"]),
    (".NET", &["Test", "Tests", ".AssemblyInfo"]),
    ("Swift", &["Test", "Tests"]),
    ("Dart", &["_test"]),
    ("Elixir", &["_test"]),
    ("Erlang", &["_SUITE", "_tests"]),
    ("Haskell", &["Spec"]),
    ("Crystal", &["_spec"]),
    ("Lua", &["_spec", "_test"]),
];

/// Starts of names that are tests, by language.
const EXEMPT_STARTS: &[(&str, &str)] = &[("Python", "test_"), ("C", "test_")];

/// Whole names that no test runs: build scripts, fixtures and configurations of tools.
const EXEMPT_NAMES: &[&str] = &[
    "conftest.py",
    "setup.py",
    "noxfile.py",
    "build.rs",
    "package-info.java",
    "module-info.java",
    "AssemblyInfo.cs",
    "gulpfile.js",
    "Gruntfile.js",
    "jest.setup.js",
    "jest.setup.ts",
    "vitest.setup.ts",
    "vitest.workspace.ts",
    "mix.exs",
    "Package.swift",
    "rector.php",
    "ecs.php",
];

/// What a file is a file of: the language's name, else its extension, as long as there is one.
pub fn kind(path: &str) -> Option<&str> {
    language(path).or_else(|| {
        let name = name(path);
        let template = TEMPLATES.iter().find(|template| has_ending(name, template));
        template.copied().or_else(|| extension(name))
    })
}

/// The language of a source file, when it is one whose programs are measured as a rule.
pub fn language(path: &str) -> Option<&'static str> {
    let name = name(path);
    if TEMPLATES.iter().any(|template| has_ending(name, template)) {
        return None;
    }
    let extension = extension(name)?.to_ascii_lowercase();
    LANGUAGES.iter().find(|(_, extensions)| extensions.contains(&extension.as_str())).map(|(language, _)| *language)
}

/// Whether a file looks like a test, like something that no test runs, or like somebody else's code.
pub fn is_exempt(path: &str) -> bool {
    let (folders, name) = path.rsplit_once('/').unwrap_or(("", path));
    let exempt_folder = |folder: &str| {
        EXEMPT_FOLDERS.iter().any(|exempt| exempt.eq_ignore_ascii_case(folder))
            || [".Test", "Tests"].iter().any(|ending| folder.ends_with(ending))
    };
    if folders.split('/').any(exempt_folder) || name.starts_with('.') || EXEMPT_NAMES.contains(&name) {
        return true;
    }
    let Some(language) = language(path) else { return false };
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let of_language =
        |(of, endings): &&(&str, &[&str])| *of == language && endings.iter().any(|end| stem.ends_with(end));
    EXEMPT_ENDINGS.iter().find(of_language).is_some()
        || EXEMPT_STARTS.iter().any(|(of, start)| *of == language && stem.starts_with(start))
        || language == "Elixir" && name.ends_with(".exs")
}

/// Whether a line surely has nothing to run, whatever stands around it: an empty line, a line that is all comment, a
/// module's or an import's declaration in languages where that is no statement. A brace or a backslash may interpolate code
/// into a text that only looks like a comment, so that such lines are left to the reports.
pub fn never_runs(language: &str, line: &str) -> bool {
    let line = line.trim();
    if line.is_empty() {
        return true;
    }
    if line.contains(['{', '\\']) || line.contains("?>") {
        return false;
    }
    let declares = |words: &[&str]| {
        let statement = line.strip_suffix(';').unwrap_or(line);
        words.iter().any(|word| line.starts_with(word)) && !statement.contains(';')
    };
    match language {
        "Go" => line.starts_with("//") || declares(&["package "]),
        "Rust" => {
            line.starts_with("//")
                || line.ends_with(';') && declares(&["use ", "pub use ", "mod ", "pub mod ", "pub(crate) mod "])
        }
        "JVM" => line.starts_with("//") || declares(&["package ", "import "]),
        "PHP" | "JavaScript" | "C" | ".NET" | "Swift" | "Dart" | "Zig" => line.starts_with("//"),
        "Python" | "Ruby" | "Perl" | "R" | "Julia" | "Elixir" | "Nim" | "Crystal" => line.starts_with('#'),
        _ => false,
    }
}

/// Whether a whole file surely has nothing to run: `go test -cover` counts what stands in functions, and in Go all of them
/// say `func`.
pub fn nothing_runs<'t>(language: &str, mut lines: impl Iterator<Item = &'t str>) -> bool {
    language == "Go" && !lines.any(|line| line.contains("func"))
}

/// How the usual tools of a language are told to name files that no test loads; one clause.
pub fn advice(language: Option<&str>) -> &'static str {
    match language {
        Some("PHP") => "name its folder in <source><include> of phpunit.xml",
        Some("JavaScript") => {
            "make the runner list files that no test loads (Jest `collectCoverageFrom`, Vitest `coverage.include`, nyc and c8 \
             `--all`)"
        }
        Some("Python") => "make coverage.py list files that no test imports (`source = [\"…\"]` in its configuration)",
        Some("Go") => "measure its package too (`go test -coverpkg=./... ./...`)",
        Some("Ruby") => "make SimpleCov list files that no test loads (`track_files`)",
        Some("C") => "compile it with coverage too (a header that only declares is in no report)",
        Some("JVM") => "measure its module too (an interface without code is in no report)",
        _ => "make the coverage tool list it even when no test runs it",
    }
}

fn name(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

/// Without the point. A name that only starts with a point has none.
fn extension(name: &str) -> Option<&str> {
    name.rsplit_once('.').filter(|(stem, extension)| !stem.is_empty() && !extension.is_empty()).map(|(_, end)| end)
}

fn has_ending(name: &str, ending: &str) -> bool {
    let (name, ending) = (name.as_bytes(), ending.as_bytes());
    name.len() > ending.len()
        && name[name.len() - ending.len() - 1] == b'.'
        && name[name.len() - ending.len()..].eq_ignore_ascii_case(ending)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_are_families() {
        for (path, expected) in [
            ("src/A.php", Some("PHP")),
            ("a/b.vue", Some("JavaScript")),
            ("a/b.cjs", Some("JavaScript")),
            ("x.HPP", Some("C")),
            ("x.kt", Some("JVM")),
            ("views/a.blade.php", None),
            ("views/a.twig", None),
            ("migrations/1.sql", None),
            ("a.css", None),
            ("README.md", None),
            ("Makefile", None),
            (".php", None),
            ("run.sh", None),
            ("blade.php", Some("PHP")),
        ] {
            assert_eq!(language(path), expected, "{path}");
        }
        assert_eq!(kind("a/x.sh"), Some("sh"));
        assert_eq!(kind("a/x.blade.php"), Some("blade.php"));
        assert_eq!(kind("a/x.tsx"), Some("JavaScript"));
        assert_eq!(kind("Makefile"), None);
    }

    #[test]
    fn some_lines_never_run() {
        for (language, line, never) in [
            ("PHP", "   ", true),
            ("PHP", "  // x", true),
            ("PHP", "// x ?><?php f();", false),
            ("PHP", "# x", false),
            ("PHP", "* x", false),
            ("JavaScript", "// {call()}", false),
            ("Swift", "// \\(call())", false),
            ("Python", "# x", true),
            ("Python", "import os", false),
            ("Python", "// x", false),
            ("Rust", "pub mod tax;", true),
            ("Rust", "use a::b; f();", false),
            ("Rust", "mod a { f() }", false),
            ("Rust", "used();", false),
            ("JVM", "import a.b.C;", true),
            ("JVM", "import a.B; b()", false),
            ("Go", "package x", true),
            ("Go", "x := 1", false),
            ("Haskell", "-- x", false),
        ] {
            assert_eq!(never_runs(language, line), never, "{language} {line}");
        }
        assert!(nothing_runs("Go", ["package x", "type T struct{}"].into_iter()));
        assert!(!nothing_runs("Go", ["package x", "var f = func() {}"].into_iter()));
        assert!(!nothing_runs("PHP", [].into_iter()));
    }

    #[test]
    fn tests_and_what_no_test_runs_are_exempt() {
        for path in [
            "tests/A.php",
            "pkg/Tests/Unit/A.php",
            "spec/a.rb",
            "src/__tests__/a.js",
            "src/test/java/A.java",
            "My.App.Tests/A.cs",
            "AppUITests/A.swift",
            "src/ATest.php",
            "a_test.go",
            "a.test.ts",
            "a.spec.js",
            "test_a.py",
            "x/conftest.py",
            "a_spec.rb",
            "types.d.ts",
            "Button.stories.tsx",
            "vite.config.mts",
            ".eslintrc.cjs",
            "build.gradle.kts",
            "node_modules/x/index.js",
            "jquery.min.js",
        ] {
            assert!(is_exempt(path), "{path}");
        }
        for path in [
            "src/A.php",
            "src/testing.py",
            "src/contest.py",
            "src/latest.go",
            "src/Attest.php",
            "src/inspect.rb",
            "src/config.js",
            "src/d.ts",
            "src/protest/a.php",
            "src/test_a.php",
            "src/min.js",
            "src/Test.md.php",
        ] {
            assert!(!is_exempt(path), "{path}");
        }
    }
}
