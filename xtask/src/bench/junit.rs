//! Suites with known times and the reports that seven runners would write of them.

use super::random::Random;
use anyhow::Result;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

/// The shapes that runners really write; they differ in where the file's name stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// One root suite, `file="./…"` on each case.
    Rspec,
    /// No file at all, dotted class names.
    Pytest,
    /// A suite for each file, `file` on each case, module load in the suite's time only.
    Jest,
    /// Nested suites whose times include their children, absolute container paths.
    Phpunit,
    /// One report a class, no file, times with a thousands comma.
    Surefire,
    /// The file on an empty "Root Suite" before the suite with the cases.
    Mocha,
    /// A suite is a package.
    Gotestsum,
}

impl Dialect {
    pub(crate) const ALL: [Dialect; 7] = [
        Dialect::Rspec,
        Dialect::Pytest,
        Dialect::Jest,
        Dialect::Phpunit,
        Dialect::Surefire,
        Dialect::Mocha,
        Dialect::Gotestsum,
    ];

    fn path(self, index: usize) -> String {
        let folder = format!("part{:02}/group{}", index % 37, index % 5);
        match self {
            Dialect::Rspec => format!("spec/{folder}/u{index:05}_spec.rb"),
            Dialect::Pytest => format!("tests/{folder}/test_u{index:05}.py"),
            Dialect::Jest => format!("src/{folder}/u{index:05}.test.ts"),
            Dialect::Phpunit => format!("tests/{folder}/U{index:05}Test.php"),
            Dialect::Surefire => format!("src/test/java/org/example/{folder}/U{index:05}Test.java"),
            Dialect::Mocha => format!("cypress/e2e/{folder}/u{index:05}.cy.js"),
            Dialect::Gotestsum => format!("internal/{folder}/u{index:05}_test.go"),
        }
    }
}

/// A suite on disk.
pub(crate) struct Suite {
    pub folder: PathBuf,
    dialect: Dialect,
    reports: usize,
    times_ms: BTreeMap<String, u64>,
}

impl Suite {
    /// Writes `files.txt` and `reports/`. Times are log-normal (sigma 1.2, median 1.5 s) in whole milliseconds.
    pub(crate) fn write(folder: &Path, files: usize, reports: usize, dialect: Dialect, seed: u64) -> Result<Suite> {
        let mut random = Random(seed);
        let times_ms = (0..files)
            .map(|index| {
                let ms = 1500.0 * (1.2 * random.normal()).exp();
                (dialect.path(index), (ms.round() as u64).max(1))
            })
            .collect();
        let suite = Suite { folder: folder.to_owned(), dialect, reports, times_ms };
        suite.save()?;
        Ok(suite)
    }

    /// The same files, each time moved by up to `percent` up or down.
    pub(crate) fn with_noise(&self, percent: u64, folder: &Path) -> Result<Suite> {
        let mut random = Random(percent + 77);
        let times_ms = self
            .times_ms
            .iter()
            .map(|(path, ms)| {
                let factor = 1.0 + (2.0 * random.fraction() - 1.0) * percent as f64 / 100.0;
                (path.clone(), ((*ms as f64 * factor).round() as u64).max(1))
            })
            .collect();
        let suite = Suite { folder: folder.to_owned(), times_ms, ..*self };
        suite.save()?;
        Ok(suite)
    }

    pub(crate) fn time_us(&self, path: &str) -> Option<u64> {
        self.times_ms.get(path).map(|ms| ms * 1000)
    }

    pub(crate) fn times_s(&self) -> BTreeMap<&str, f64> {
        self.times_ms.iter().map(|(path, ms)| (path.as_str(), *ms as f64 / 1000.0)).collect()
    }

    /// No split over `shards` can be shorter: mean, longest file, and the pigeonhole sums.
    pub(crate) fn bound_us(&self, shards: usize) -> u64 {
        let mut times: Vec<u64> = self.times_ms.values().copied().collect();
        times.sort_unstable_by(|a, b| b.cmp(a));
        let total: u64 = times.iter().sum();
        let mut bound = total.div_ceil(shards as u64).max(times[0]);
        let mut layer = 1;
        while shards * layer < times.len() {
            bound = bound.max(times[shards * layer - layer..=shards * layer].iter().sum());
            layer += 1;
        }
        bound * 1000
    }

    fn save(&self) -> Result<()> {
        let reports = self.folder.join("reports");
        if reports.exists() {
            std::fs::remove_dir_all(&reports)?;
        }
        std::fs::create_dir_all(&reports)?;
        let list: String = self.times_ms.keys().map(|path| format!("{path}\n")).collect();
        std::fs::write(self.folder.join("files.txt"), list)?;
        let mut random = Random(self.times_ms.len() as u64);
        let entries: Vec<(&String, &u64)> = self.times_ms.iter().collect();
        for report in 0..self.reports {
            let mut body = String::new();
            for (path, ms) in entries.iter().skip(report).step_by(self.reports) {
                let suite = self.suite_xml(path, **ms, &mut random);
                if self.dialect == Dialect::Surefire {
                    let name = path.replace('/', ".");
                    std::fs::write(
                        reports.join(format!("TEST-{name}.xml")),
                        format!("<?xml version=\"1.0\"?>\n{suite}"),
                    )?;
                }
                body.push_str(&suite);
            }
            let text = match self.dialect {
                Dialect::Surefire => continue,
                Dialect::Rspec => format!("<testsuite name=\"rspec\">\n{body}</testsuite>\n"),
                Dialect::Pytest => format!("<testsuites><testsuite name=\"pytest\">{body}</testsuite></testsuites>\n"),
                Dialect::Phpunit => format!("<testsuites><testsuite name=\"app\">\n{body}</testsuite></testsuites>\n"),
                _ => format!("<testsuites>\n{body}</testsuites>\n"),
            };
            std::fs::write(
                reports.join(format!("report-{report:02}.xml")),
                format!("<?xml version=\"1.0\"?>\n{text}"),
            )?;
        }
        Ok(())
    }

    fn suite_xml(&self, path: &str, ms: u64, random: &mut Random) -> String {
        let cases = 1 + random.below(7);
        let mut left = ms;
        let mut parts = Vec::new();
        for case in (0..cases).rev() {
            let part = if case == 0 { left } else { random.below(left / 2 + 1) };
            left -= part;
            parts.push(part);
        }
        let stem = path.rsplit('/').next().unwrap_or(path).split('.').next().unwrap_or_default();
        let dotted = path[..path.rfind('.').unwrap_or(path.len())].replace('/', ".");
        let class = dotted.trim_start_matches("src.test.java.").to_owned();
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let mut out = match self.dialect {
            Dialect::Rspec | Dialect::Pytest => String::new(),
            Dialect::Jest => format!("<testsuite name=\"{stem}\" time=\"{}\">\n", seconds(ms)),
            Dialect::Phpunit => {
                format!("<testsuite name=\"{dotted}\" file=\"/builds/app/{path}\" time=\"{}\">\n", seconds(ms))
            }
            Dialect::Surefire => format!("<testsuite name=\"{class}\" time=\"{}\">\n", with_comma(ms)),
            Dialect::Mocha => format!(
                "<testsuite name=\"Root Suite\" file=\"{path}\" time=\"0\">\n</testsuite>\n<testsuite name=\"{stem}\" time=\"{}\">\n",
                seconds(ms)
            ),
            Dialect::Gotestsum => format!("<testsuite name=\"example.org/app/{folder}\" time=\"{}\">\n", seconds(ms)),
        };
        for (index, part) in parts.iter().enumerate() {
            let time = seconds(*part);
            let _ = match self.dialect {
                Dialect::Rspec => writeln!(
                    out,
                    "<testcase classname=\"{dotted}\" name=\"case {index}\" file=\"./{path}\" time=\"{time}\"></testcase>"
                ),
                Dialect::Pytest => {
                    write!(out, "<testcase classname=\"{dotted}\" name=\"case {index}\" time=\"{time}\" />")
                }
                Dialect::Jest => writeln!(
                    out,
                    "<testcase classname=\"{stem}\" name=\"case {index}\" file=\"{path}\" time=\"{time}\">\n</testcase>"
                ),
                Dialect::Phpunit => writeln!(
                    out,
                    "<testcase name=\"case {index}\" class=\"{stem}\" classname=\"{dotted}\" file=\"/builds/app/{path}\" line=\"1\" time=\"{time}\"/>"
                ),
                Dialect::Surefire => writeln!(
                    out,
                    "<testcase name=\"case {index}\" classname=\"{class}\" time=\"{}\"/>",
                    with_comma(*part)
                ),
                Dialect::Mocha => writeln!(
                    out,
                    "<testcase name=\"{stem} case {index}\" classname=\"case {index}\" time=\"{time}\">\n</testcase>"
                ),
                Dialect::Gotestsum => writeln!(
                    out,
                    "<testcase classname=\"example.org/app/{folder}\" name=\"Test_{stem}_{index}\" time=\"{time}\"></testcase>"
                ),
            };
        }
        if !matches!(self.dialect, Dialect::Rspec | Dialect::Pytest) {
            out.push_str("</testsuite>\n");
        }
        out
    }
}

fn seconds(ms: u64) -> String {
    format!("{}.{:03}", ms / 1000, ms % 1000)
}

fn with_comma(ms: u64) -> String {
    let whole = ms / 1000;
    if whole < 1000 { seconds(ms) } else { format!("{},{:03}.{:03}", whole / 1000, whole % 1000, ms % 1000) }
}

const LARGE_FILES: usize = 5000;

/// One report of about `size_bytes`: many cases in a few thousand files, some with failure texts.
pub(crate) fn write_large(path: &Path, size_bytes: u64) -> Result<()> {
    std::fs::create_dir_all(path.parent().unwrap_or(Path::new(".")))?;
    let mut out = BufWriter::new(std::fs::File::create(path)?);
    let mut written = 0u64;
    out.write_all(b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n")?;
    let mut index = 0usize;
    while written < size_bytes {
        let file = Dialect::Rspec.path(index % LARGE_FILES);
        let mut text = format!("<testsuite name=\"suite {file}\" file=\"{file}\" tests=\"40\" time=\"0.200\">\n");
        for case in 0..40 {
            let _ = write!(
                text,
                "  <testcase classname=\"{file}\" name=\"does a thing &amp; another one, number {case}\" file=\"{file}\" line=\"{case}\" time=\"0.005\""
            );
            if case == 7 {
                text.push_str(">\n    <failure message=\"expected 1 to eq 2\" type=\"AssertionError\"><![CDATA[");
                text.push_str(&"  at a/long/stack/trace.rb:12 in block <top (required)>\n".repeat(20));
                text.push_str("]]></failure>\n  </testcase>\n");
            } else {
                text.push_str("/>\n");
            }
        }
        text.push_str("</testsuite>\n");
        out.write_all(text.as_bytes())?;
        written += text.len() as u64;
        index += 1;
    }
    out.write_all(b"</testsuites>\n")?;
    Ok(out.flush()?)
}

/// The files that [`write_large`] names.
pub(crate) fn write_large_list(path: &Path) -> Result<()> {
    let list: String = (0..LARGE_FILES).map(|index| Dialect::Rspec.path(index) + "\n").collect();
    Ok(std::fs::write(path, list)?)
}
