//! For every JSON format: a report that is split by file and united says what the whole said; no bytes make a reader panic.

use super::super::super::{coverage_py, gcov, gcovr, istanbul, llvm_cov, simplecov};
use super::super::testing::{Pieces, Reader, reading, try_read};
use crate::observe::reading::Reading;
use crate::plan::coverage::{self, FileCoverage, Files, ReportedPath, Runs};
use proptest::prelude::*;
use std::fmt::Write;

/// What all formats can say of a file.
#[derive(Debug, Clone)]
struct Source {
    path: String,
    /// From line 1 on: not coverable, not run, run.
    lines: Vec<Option<bool>>,
    /// Line, and whether the two arms ran.
    branches: Vec<(u32, [bool; 2])>,
    /// First line and whether it ran.
    functions: Vec<(u32, bool)>,
}

fn sources() -> impl Strategy<Value = Vec<Source>> {
    let source = (
        "[a-c]{1,2}",
        proptest::collection::vec(proptest::option::of(any::<bool>()), 1..140),
        proptest::collection::vec((1u32..140, any::<[bool; 2]>()), 0..6),
        proptest::collection::vec((1u32..140, any::<bool>()), 0..6),
    );
    let source = source.prop_map(|(path, lines, branches, functions)| Source { path, lines, branches, functions });
    proptest::collection::vec(source, 0..6)
}

impl Source {
    /// Line and whether it ran.
    fn counted(&self) -> impl Iterator<Item = (usize, bool)> + '_ {
        self.lines.iter().enumerate().filter_map(|(index, ran)| Some((index + 1, (*ran)?)))
    }

    fn listed(&self, wanted: bool) -> String {
        let lines: Vec<String> =
            self.counted().filter(|(_, ran)| *ran == wanted).map(|(line, _)| line.to_string()).collect();
        format!("[{}]", lines.join(","))
    }
}

fn joined<T>(all: impl IntoIterator<Item = T>, one: impl Fn(usize, T) -> String) -> String {
    all.into_iter().enumerate().map(|(index, item)| one(index, item)).collect::<Vec<_>>().join(",")
}

fn coverage_py_report(sources: &[Source]) -> String {
    let files = joined(sources, |_, source| {
        let arms = |wanted: bool| {
            let pairs = source.branches.iter().flat_map(|(line, arms)| [(line, 1, arms[0]), (line, -1, arms[1])]);
            joined(pairs.filter(|(_, _, taken)| *taken == wanted), |_, (line, to, _)| format!("[{line},{to}]"))
        };
        let functions = joined(&source.functions, |index, (line, ran)| {
            let (executed, missing) = if *ran { ("[2]", "[]") } else { ("[]", "[2]") };
            format!(
                "\"f{index}\":{{\"executed_lines\":{executed},\"missing_lines\":{missing},\"start_line\":{line},\"excluded_lines\":[]}}"
            )
        });
        format!(
            "\"{}\":{{\"executed_lines\":{},\"missing_lines\":{},\"executed_branches\":[{}],\"missing_branches\":[{}],\"functions\":{{{functions}}}}}",
            source.path,
            source.listed(true),
            source.listed(false),
            arms(true),
            arms(false)
        )
    });
    format!("{{\"files\":{{{files}}}}}")
}

fn istanbul_report(sources: &[Source]) -> String {
    let place = |line: u32| {
        format!("{{\"start\":{{\"line\":{line},\"column\":0}},\"end\":{{\"line\":{line},\"column\":null}}}}")
    };
    let files = joined(sources, |_, source| {
        let map = joined(source.counted(), |index, (line, _)| format!("\"{index}\":{}", place(line as u32)));
        let counts = joined(source.counted(), |index, (_, ran)| format!("\"{index}\":{}", u8::from(ran)));
        let functions = joined(&source.functions, |index, (line, _)| {
            format!("\"{index}\":{{\"name\":\"f{index}\",\"decl\":{0},\"loc\":{0},\"line\":{line}}}", place(*line))
        });
        let calls = joined(&source.functions, |index, (_, ran)| format!("\"{index}\":{}", u8::from(*ran)));
        let branches = joined(&source.branches, |index, (line, _)| {
            format!(
                "\"{index}\":{{\"type\":\"if\",\"loc\":{0},\"locations\":[{0},{{\"start\":{{}},\"end\":{{}}}}]}}",
                place(*line)
            )
        });
        let taken = joined(&source.branches, |index, (_, arms)| {
            format!("\"{index}\":[{},{}]", u8::from(arms[0]), u8::from(arms[1]))
        });
        format!(
            "\"{0}\":{{\"path\":\"{0}\",\"statementMap\":{{{map}}},\"s\":{{{counts}}},\"fnMap\":{{{functions}}},\"f\":{{{calls}}},\"branchMap\":{{{branches}}},\"b\":{{{taken}}}}}",
            source.path
        )
    });
    format!("{{{files}}}")
}

fn simplecov_report(sources: &[Source]) -> String {
    let files = joined(sources, |_, source| {
        let lines = joined(&source.lines, |_, ran| ran.map_or("null".to_owned(), |ran| u8::from(ran).to_string()));
        let branches = joined(&source.branches, |index, (line, arms)| {
            format!(
                "\"[:if, {index}, {line}, 4, {line}, 9]\":{{\"[:then, 1, {line}, 5, {line}, 6]\":{},\"[:else, 2, {line}, 4, {line}, 9]\":{}}}",
                u8::from(arms[0]),
                u8::from(arms[1])
            )
        });
        let methods = joined(&source.functions, |index, (line, ran)| {
            format!("\"[A, :m{index}, {line}, 2, {line}, {index}]\":{}", u8::from(*ran))
        });
        format!("\"{}\":{{\"lines\":[{lines}],\"branches\":{{{branches}}},\"methods\":{{{methods}}}}}", source.path)
    });
    format!("{{\"RSpec\":{{\"coverage\":{{{files}}},\"timestamp\":1700000000}}}}")
}

fn llvm_cov_report(sources: &[Source]) -> String {
    let files = joined(sources, |_, source| {
        let segments = joined(source.counted(), |_, (line, ran)| {
            format!("[{line},1,{0},true,true,false],[{line},9,0,false,false,false]", u8::from(ran))
        });
        let branches = joined(&source.branches, |_, (line, arms)| {
            format!("[{line},3,{line},8,{},{},0,0,4]", u8::from(arms[0]), u8::from(arms[1]))
        });
        format!("{{\"filename\":\"{}\",\"segments\":[{segments}],\"branches\":[{branches}]}}", source.path)
    });
    let functions = joined(sources.iter().filter(|source| !source.functions.is_empty()), |_, source| {
        joined(&source.functions, |_, (line, ran)| {
            format!(
                "{{\"name\":\"f\",\"count\":{},\"filenames\":[\"{}\"],\"regions\":[[{line},1,{line},9,1,0,0,0]]}}",
                u8::from(*ran),
                source.path
            )
        })
    });
    format!(
        "{{\"data\":[{{\"files\":[{files}],\"functions\":[{functions}]}}],\"type\":\"llvm.coverage.json.export\",\"version\":\"2.0.1\"}}"
    )
}

fn gcc_files(sources: &[Source], start: &str) -> String {
    joined(sources, |_, source| {
        let lines = joined(source.counted(), |index, (line, ran)| {
            let mut arms = String::new();
            for (block, (_, taken)) in source.branches.iter().filter(|(on, _)| *on as usize == line).enumerate() {
                let comma = if block > 0 { "," } else { "" };
                let _ = write!(
                    arms,
                    "{comma}{{\"count\":{},\"source_block_id\":{block},\"destination_block_id\":1}},{{\"count\":{},\"source_block_id\":{block},\"destination_block_id\":2}}",
                    u8::from(taken[0]),
                    u8::from(taken[1])
                );
            }
            let (name, ran) = (index % 3, u8::from(ran));
            format!("{{\"branches\":[{arms}],\"count\":{ran},\"line_number\":{line},\"function_name\":\"f{name}\"}}")
        });
        let functions = joined(&source.functions, |index, (line, ran)| {
            format!("{{\"name\":\"f{index}\",\"{start}\":{line},\"execution_count\":{}}}", u8::from(*ran))
        });
        format!("{{\"file\":\"{}\",\"lines\":[{lines}],\"functions\":[{functions}]}}", source.path)
    })
}

fn gcov_report(sources: &[Source]) -> String {
    format!(
        "{{\"files\":[{}],\"current_working_directory\":\"/w\",\"format_version\":\"2\"}}\n",
        gcc_files(sources, "start_line")
    )
}

fn gcovr_report(sources: &[Source]) -> String {
    format!("{{\"gcovr/format_version\":\"0.15\",\"files\":[{}]}}", gcc_files(sources, "lineno"))
}

/// Name, reader, and what writes a report.
type Format = (&'static str, Reader, fn(&[Source]) -> String);

const FORMATS: [Format; 6] = [
    ("coverage.py", coverage_py::read, coverage_py_report),
    ("istanbul", istanbul::read, istanbul_report),
    ("simplecov", simplecov::read, simplecov_report),
    ("llvm-cov", llvm_cov::read, llvm_cov_report),
    ("gcov", gcov::read, gcov_report),
    ("gcovr", gcovr::read, gcovr_report),
];

fn united(mut files: Files<ReportedPath>, more: Files<ReportedPath>, runs: Runs) -> Files<ReportedPath> {
    for (path, file) in more {
        coverage::add(&mut files, path, file, runs);
    }
    files
}

/// What the sources say, by our own adding up.
fn expected_lines(sources: &[Source]) -> Vec<(String, Vec<(u32, bool)>)> {
    let mut files: std::collections::BTreeMap<String, std::collections::BTreeMap<u32, bool>> = Default::default();
    for source in sources {
        let file = files.entry(source.path.clone()).or_default();
        for (line, ran) in source.counted() {
            *file.entry(line as u32).or_default() |= ran;
        }
    }
    files.into_iter().map(|(path, lines)| (path, lines.into_iter().collect())).collect()
}

proptest! {
    #[test]
    fn split_by_file_and_united_is_the_whole(sources in sources(), at in 0usize..6) {
        let at = at.min(sources.len());
        for (name, read, write) in FORMATS {
            let whole = reading(read, write(&sources)).files;
            let (first, second) = (reading(read, write(&sources[..at])), reading(read, write(&sources[at..])));
            let parts = united(first.files, second.files, Runs::Different);
            prop_assert_eq!(&parts, &whole, "{}", name);
            let again = united(whole.clone(), whole.clone(), Runs::Different);
            prop_assert_eq!(&again, &whole, "{}: united with itself", name);
            let lines = |file: &FileCoverage| file.lines.iter().collect::<Vec<_>>();
            let strip = |path: &ReportedPath| path.path.trim_start_matches("/w/").to_owned();
            let read_lines: Vec<_> = whole.iter().map(|(path, file)| (strip(path), lines(file))).collect();
            prop_assert_eq!(read_lines, expected_lines(&sources), "{}", name);
        }
    }

    #[test]
    fn damaged_reports_never_panic_and_read_the_same_in_pieces(
        sources in sources(),
        damage in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
        kept in any::<prop::sample::Index>(),
        size in 1usize..300,
    ) {
        for (name, read, write) in FORMATS {
            let mut bytes = write(&sources).into_bytes();
            for (at, byte) in &damage {
                let at = at.index(bytes.len());
                bytes[at] = *byte;
            }
            if !damage.is_empty() {
                bytes.truncate(kept.index(bytes.len()) + 1);
            }
            let whole = try_read(read, &bytes).map(|reading| reading.files);
            let mut into = Reading::default();
            let pieces = read(&mut Pieces(&bytes, size), &mut into).map(|()| into.take_files());
            prop_assert_eq!(whole, pieces, "{}", name);
        }
    }

    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        for (_, read, _) in FORMATS {
            let _ = try_read(read, &bytes);
        }
    }
}
