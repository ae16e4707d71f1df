//! One reader for each format. Each streams its input and adds each file as it ends.

pub mod clover;
pub mod cobertura;
pub mod coverage_py;
pub mod dotcover;
pub mod gcov;
pub mod gcovr;
pub mod go;
pub mod istanbul;
pub mod jacoco;
pub mod json;
pub mod lcov;
pub mod llvm_cov;
pub mod opencover;
pub mod phpunit_xml;
pub mod simplecov;
pub mod xml;

use super::reading::{ReadError, Reading};
use crate::plan::report_format::ReportFormat;
use std::io::Read;

/// Reads a report whose format is known. `input` is decompressed, from its first byte on.
/// Errors: see [`ReadError`]; what was added to `into` before then does not count.
pub fn read(format: ReportFormat, input: &mut dyn Read, into: &mut Reading) -> Result<(), ReadError> {
    match format {
        ReportFormat::Lcov => lcov::read(input, into),
        ReportFormat::Cobertura => cobertura::read(input, into),
        ReportFormat::Jacoco => jacoco::read(input, into),
        ReportFormat::Clover => clover::read(input, into),
        ReportFormat::Go => go::read(input, into),
        ReportFormat::CoveragePy => coverage_py::read(input, into),
        ReportFormat::Istanbul => istanbul::read(input, into),
        ReportFormat::Simplecov => simplecov::read(input, into),
        ReportFormat::LlvmCov => llvm_cov::read(input, into),
        ReportFormat::Gcov => gcov::read(input, into),
        ReportFormat::Gcovr => gcovr::read(input, into),
        ReportFormat::Opencover => opencover::read(input, into),
        ReportFormat::Dotcover => dotcover::read(input, into),
        ReportFormat::PhpunitXml => phpunit_xml::read(input, into),
    }?;
    into.settle();
    Ok(())
}
