//! Small reports in each format, as their tools write them.

use serde_json::json;

/// What stands before a path of the repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Prefix {
    /// Nothing: the format's own way to name files (a Java package, a Go module).
    Own,
    Relative,
    Container,
    GitHubRunner,
    Windows,
    /// The tests ran in the folder of the sources.
    Below,
}

impl Prefix {
    pub(super) const ALL: [Prefix; 5] =
        [Prefix::Relative, Prefix::Container, Prefix::GitHubRunner, Prefix::Windows, Prefix::Below];

    fn path(self, path: &str) -> String {
        match self {
            Prefix::Own | Prefix::Relative => path.to_owned(),
            Prefix::Container => format!("/app/{path}"),
            Prefix::GitHubRunner => format!("/home/runner/work/shop/shop/{path}"),
            Prefix::Windows => format!("C:\\build\\{}", path.replace('/', "\\")),
            Prefix::Below => path.split_once('/').unwrap().1.to_owned(),
        }
    }
}

/// A file and its lines, each covered or not.
pub(super) type Entry = (String, Vec<(u32, bool)>);

/// One format.
pub(super) struct Writer {
    pub(super) name: &'static str,
    /// The report's name.
    pub(super) file: &'static str,
    /// Ending of the sources.
    pub(super) extension: &'static str,
    /// Folder of the sources.
    pub(super) folder: &'static str,
    /// Whether the format names files in a way of its own, so that no prefix of a machine gets in.
    pub(super) own_paths: bool,
    /// Whether diff-cover reads it.
    pub(super) peer_reads: bool,
    write: fn(&[Entry]) -> String,
}

impl Writer {
    /// The report; paths are the repository's.
    pub(super) fn report(&self, prefix: Prefix, entries: &[Entry]) -> String {
        let named: Vec<Entry> = entries.iter().map(|(path, lines)| (prefix.path(path), lines.clone())).collect();
        (self.write)(&named)
    }
}

const fn writer(
    name: &'static str,
    file: &'static str,
    extension: &'static str,
    peer_reads: bool,
    write: fn(&[Entry]) -> String,
) -> Writer {
    Writer { name, file, extension, folder: "src/shop", own_paths: false, peer_reads, write }
}

/// All of them.
pub(super) const FORMATS: &[Writer] = &[
    writer("LCOV", "lcov.info", "js", true, lcov),
    writer("Cobertura", "cobertura.xml", "py", true, cobertura),
    writer("Clover", "clover.xml", "php", true, clover),
    Writer {
        folder: "src/main/java/com/acme",
        own_paths: true,
        ..writer("JaCoCo", "jacoco.xml", "java", true, jacoco)
    },
    Writer { folder: "shop", own_paths: true, ..writer("Go coverprofile", "cover.out", "go", false, go) },
    writer("coverage.py JSON", "coverage.json", "py", false, coverage_py),
    writer("Istanbul JSON", "coverage-final.json", "js", false, istanbul),
    writer("SimpleCov JSON", ".resultset.json", "rb", false, simplecov),
    writer("gcovr JSON", "gcovr.json", "c", false, gcovr),
    writer("OpenCover", "opencover.xml", "cs", false, opencover),
];

fn each(entries: &[Entry], of: impl Fn(&str, &[(u32, bool)]) -> String) -> String {
    entries.iter().map(|(path, lines)| of(path, lines)).collect()
}

fn lines(lines: &[(u32, bool)], of: impl Fn(u32, u32) -> String) -> String {
    lines.iter().map(|(line, covered)| of(*line, u32::from(*covered))).collect()
}

fn lcov(entries: &[Entry]) -> String {
    let body = each(entries, |path, of| {
        format!("SF:{path}\n{}end_of_record\n", lines(of, |line, hits| format!("DA:{line},{hits}\n")))
    });
    format!("TN:\n{body}")
}

fn cobertura(entries: &[Entry]) -> String {
    let body = each(entries, |path, of| {
        let lines = lines(of, |line, hits| format!("<line number=\"{line}\" hits=\"{hits}\"/>"));
        format!("<class name=\"c\" filename=\"{path}\" line-rate=\"1\"><methods/><lines>{lines}</lines></class>")
    });
    format!(
        "<?xml version=\"1.0\"?><coverage line-rate=\"1\" branch-rate=\"0\" version=\"7\"><packages><package name=\"p\"><classes>{body}</classes></package></packages></coverage>"
    )
}

fn clover(entries: &[Entry]) -> String {
    let body = each(entries, |path, of| {
        let lines = lines(of, |line, hits| format!("<line num=\"{line}\" type=\"stmt\" count=\"{hits}\"/>"));
        format!("<file name=\"{path}\">{lines}</file>")
    });
    format!("<?xml version=\"1.0\"?><coverage><project>{body}</project></coverage>")
}

fn jacoco(entries: &[Entry]) -> String {
    let body = each(entries, |path, of| {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let package = folder.strip_prefix("src/main/java/").unwrap_or(folder);
        let lines = lines(of, |line, hits| {
            format!("<line nr=\"{line}\" mi=\"{}\" ci=\"{hits}\" mb=\"0\" cb=\"0\"/>", 1 - hits)
        });
        format!("<package name=\"{package}\"><sourcefile name=\"{name}\">{lines}</sourcefile></package>")
    });
    format!(
        "<?xml version=\"1.0\"?><report name=\"shop\"><sessioninfo id=\"shop\" start=\"0\" dump=\"0\"/>{body}</report>"
    )
}

fn go(entries: &[Entry]) -> String {
    let body = each(entries, |path, of| {
        lines(of, |line, hits| format!("example.org/shop/{path}:{line}.2,{line}.40 1 {hits}\n"))
    });
    format!("mode: set\n{body}")
}

fn numbers(of: &[(u32, bool)], wanted: bool) -> Vec<u32> {
    of.iter().filter(|(_, covered)| *covered == wanted).map(|(line, _)| *line).collect()
}

fn coverage_py(entries: &[Entry]) -> String {
    let files = entries.iter().map(|(path, of)| {
        (path.clone(), json!({ "executed_lines": numbers(of, true), "missing_lines": numbers(of, false), "excluded_lines": [], "summary": {} }))
    });
    json!({ "meta": { "format": 3, "version": "7.6.0" }, "files": files.collect::<serde_json::Map<_, _>>(), "totals": {} }).to_string()
}

fn istanbul(entries: &[Entry]) -> String {
    let files = entries.iter().map(|(path, of)| {
        let at = |line: u32| json!({ "start": { "line": line, "column": 0 }, "end": { "line": line, "column": 9 } });
        let map: serde_json::Map<_, _> = of.iter().map(|(line, _)| (line.to_string(), at(*line))).collect();
        let counts: serde_json::Map<_, _> =
            of.iter().map(|(line, hit)| (line.to_string(), json!(u32::from(*hit)))).collect();
        (
            path.clone(),
            json!({ "path": path, "statementMap": map, "s": counts, "fnMap": {}, "f": {}, "branchMap": {}, "b": {} }),
        )
    });
    json!(files.collect::<serde_json::Map<_, _>>()).to_string()
}

fn simplecov(entries: &[Entry]) -> String {
    let files = entries.iter().map(|(path, of)| {
        let last = of.iter().map(|(line, _)| *line).max().unwrap_or(0);
        let state = |line: u32| of.iter().find(|(number, _)| *number == line).map(|(_, hit)| u32::from(*hit));
        (path.clone(), json!({ "lines": (1..=last).map(state).collect::<Vec<_>>() }))
    });
    json!({ "RSpec": { "coverage": files.collect::<serde_json::Map<_, _>>(), "timestamp": 0 } }).to_string()
}

fn gcovr(entries: &[Entry]) -> String {
    let files = entries.iter().map(|(path, of)| {
        let line = |(line, hit): &(u32, bool)| json!({ "line_number": line, "count": u32::from(*hit), "branches": [] });
        json!({ "file": path, "lines": of.iter().map(line).collect::<Vec<_>>(), "functions": [] })
    });
    json!({ "gcovr/format_version": "0.11", "files": files.collect::<Vec<_>>() }).to_string()
}

fn opencover(entries: &[Entry]) -> String {
    let files: String = entries
        .iter()
        .enumerate()
        .map(|(uid, (path, _))| format!("<File uid=\"{}\" fullPath=\"{path}\"/>", uid + 1))
        .collect();
    let points: String = entries
        .iter()
        .enumerate()
        .flat_map(|(uid, (_, of))| {
            of.iter().map(move |(line, hit)| {
                format!("<SequencePoint vc=\"{}\" uspid=\"{line}\" ordinal=\"0\" offset=\"0\" sl=\"{line}\" sc=\"1\" el=\"{line}\" ec=\"9\" fileid=\"{}\"/>", u32::from(*hit), uid + 1)
            })
        })
        .collect();
    format!(
        "<?xml version=\"1.0\"?><CoverageSession><Modules><Module><ModuleName>shop</ModuleName><Files>{files}</Files><Classes><Class><FullName>A</FullName><Methods><Method visited=\"true\"><Name>a</Name><SequencePoints>{points}</SequencePoints></Method></Methods></Class></Classes></Module></Modules></CoverageSession>"
    )
}
