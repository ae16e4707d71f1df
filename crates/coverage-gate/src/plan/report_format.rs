//! The formats of coverage reports. PURE.
#![warn(clippy::disallowed_methods)]

use clap::ValueEnum;

/// A format that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, ValueEnum)]
pub enum ReportFormat {
    /// LCOV tracefile, versions 1 and 2
    Lcov,
    /// Cobertura XML
    Cobertura,
    /// `JaCoCo` XML
    Jacoco,
    /// Clover XML (`PHPUnit`, Istanbul, `OpenClover`, gcovr)
    Clover,
    /// Go coverprofile
    Go,
    /// coverage.py JSON
    CoveragePy,
    /// Istanbul `coverage-final.json`, or totals alone of `coverage-summary.json`
    Istanbul,
    /// `SimpleCov` `.resultset.json` or `coverage.json`
    Simplecov,
    /// `llvm-cov export` JSON, with `--summary-only` totals alone
    LlvmCov,
    /// `gcov --json-format`, gzipped or not
    Gcov,
    /// gcovr JSON
    Gcovr,
    /// `OpenCover` XML
    Opencover,
    /// `dotCover` `DetailedXML`
    Dotcover,
    /// `PHPUnit` `--coverage-xml`
    PhpunitXml,
}

impl ReportFormat {
    /// The name as people write it.
    pub fn name(self) -> &'static str {
        match self {
            ReportFormat::Lcov => "LCOV",
            ReportFormat::Cobertura => "Cobertura",
            ReportFormat::Jacoco => "JaCoCo",
            ReportFormat::Clover => "Clover",
            ReportFormat::Go => "Go coverprofile",
            ReportFormat::CoveragePy => "coverage.py JSON",
            ReportFormat::Istanbul => "Istanbul JSON",
            ReportFormat::Simplecov => "SimpleCov JSON",
            ReportFormat::LlvmCov => "llvm-cov JSON",
            ReportFormat::Gcov => "gcov JSON",
            ReportFormat::Gcovr => "gcovr JSON",
            ReportFormat::Opencover => "OpenCover",
            ReportFormat::Dotcover => "dotCover",
            ReportFormat::PhpunitXml => "PHPUnit XML",
        }
    }
}
