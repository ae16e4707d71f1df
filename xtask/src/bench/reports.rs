//! Coverage reports of any size with exactly known totals: one model of a project, written as LCOV, Cobertura and Go
//! coverprofile, whole or in shards, and a diff whose patch coverage is known.

use anyhow::Result;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

/// Executable lines between two branches, and between two functions.
const BRANCH_EVERY: u32 = 12;
const FUNCTION_EVERY: u32 = 25;
/// Every so many files is touched by the diff, in so many neighbouring lines.
const DIFF_EVERY: u64 = 50;
const DIFF_LINES: u32 = 30;

/// What a report must add up to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Expected {
    pub lines: (u64, u64),
    pub branches: (u64, u64),
    pub functions: (u64, u64),
    pub patch: (u64, u64),
}

/// A project of so many files of so many executable lines.
#[derive(Debug, Clone, Copy)]
pub(super) struct Project {
    pub files: u64,
    pub lines: u32,
}

/// The formats that are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Lcov,
    Cobertura,
    Coverprofile,
}

/// One executable line: its number, how often it ran, and its branch arms.
struct Line {
    number: u32,
    hits: u64,
    arms: Vec<Option<u64>>,
    function: bool,
}

/// xorshift64: the same on every machine.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }
}

impl Project {
    fn path(file: u64, form: Form) -> String {
        let extension = match form {
            Form::Lcov => "ts",
            Form::Cobertura => "py",
            Form::Coverprofile => "go",
        };
        format!("src/pkg{:03}/mod{:02}/file_{file:06}.{extension}", file % 997, file % 89)
    }

    fn model(&self, file: u64) -> Vec<Line> {
        let mut random = Random(0x9E37_79B9_7F4A_7C15 ^ (file + 1).wrapping_mul(0xD134_2543_DE82_EF95));
        let mut number = 0;
        let mut cold = 0;
        (0..self.lines)
            .map(|index| {
                let dice = random.next();
                number += 1 + if dice & 3 == 0 { (dice >> 2 & 3) as u32 } else { 0 };
                if cold == 0 && dice >> 8 & 0xFF < 15 {
                    cold = 1 + (dice >> 16 & 7);
                }
                let hits = if cold > 0 { 0 } else { 1 + (dice >> 24 & 0xFFFF) };
                cold = cold.saturating_sub(1);
                let arm =
                    |arm: u64| if hits == 0 { None } else { Some(if dice >> (40 + arm) & 1 == 1 { hits } else { 0 }) };
                let arms = if index % BRANCH_EVERY == BRANCH_EVERY - 1 { 2 + 2 * (dice >> 50 & 1) } else { 0 };
                Line { number, hits, arms: (0..arms).map(arm).collect(), function: index % FUNCTION_EVERY == 0 }
            })
            .collect()
    }

    /// Writes the report, in `shards` parts named `NAME.0`, `NAME.1`, …, when there is more than one: each file stands in
    /// two of them, and each of these has the hits of every other line.
    pub(super) fn write(&self, folder: &Path, form: Form, shards: u64) -> Result<Expected> {
        let name = |shard: u64| match form {
            Form::Lcov => format!("report.{shard}.info"),
            Form::Cobertura => format!("report.{shard}.xml"),
            Form::Coverprofile => format!("report.{shard}.out"),
        };
        let mut parts = Vec::new();
        for shard in 0..shards {
            let mut out = BufWriter::with_capacity(1 << 20, File::create(folder.join(name(shard)))?);
            open(&mut out, form)?;
            parts.push(out);
        }
        let mut diff = BufWriter::new(File::create(folder.join("change.diff"))?);
        let mut expected = Expected::default();
        for file in 0..self.files {
            let lines = self.model(file);
            expected.add(&lines);
            let path = Self::path(file, form);
            if shards == 1 {
                record(&mut parts[0], form, &path, &lines)?;
            } else {
                for (shard, parity) in [(file % shards, 0), ((file + 1) % shards, 1)] {
                    record(&mut parts[shard as usize], form, &path, &half(&lines, parity))?;
                }
            }
            if file % DIFF_EVERY == 0 {
                expected.change(&mut diff, &path, &lines)?;
            }
        }
        for out in &mut parts {
            if form == Form::Cobertura {
                out.write_all(b"</classes></package></packages></coverage>\n")?;
            }
            out.flush()?;
        }
        diff.flush()?;
        Ok(expected)
    }
}

/// The lines as one of two runs saw them that took turns.
fn half(lines: &[Line], parity: usize) -> Vec<Line> {
    let seen = |(index, line): (usize, &Line)| {
        let ran = index % 2 == parity;
        Line {
            number: line.number,
            hits: if ran { line.hits } else { 0 },
            arms: line.arms.iter().map(|arm| if ran { *arm } else { None }).collect(),
            function: line.function,
        }
    };
    lines.iter().enumerate().map(seen).collect()
}

impl Expected {
    fn add(&mut self, lines: &[Line]) {
        for line in lines {
            count(&mut self.lines, line.hits > 0);
            if line.function {
                count(&mut self.functions, line.hits > 0);
            }
            line.arms.iter().for_each(|arm| count(&mut self.branches, arm.is_some_and(|hits| hits > 0)));
        }
    }

    fn change(&mut self, diff: &mut impl Write, path: &str, lines: &[Line]) -> Result<()> {
        let first = lines[lines.len() / 3].number;
        let last = first + DIFF_LINES - 1;
        lines
            .iter()
            .filter(|line| (first..=last).contains(&line.number))
            .for_each(|line| count(&mut self.patch, line.hits > 0));
        write!(
            diff,
            "diff --git a/{path} b/{path}\nindex 1111111..2222222 100644\n--- a/{path}\n+++ b/{path}\n@@ -{},0 +{first},{DIFF_LINES} @@\n",
            first - 1
        )?;
        // Lines unlike each other, so that none looks moved.
        (first..=last).try_for_each(|line| writeln!(diff, "+call_{line}_of({path:?});"))?;
        Ok(())
    }
}

fn count(share: &mut (u64, u64), covered: bool) {
    share.0 += u64::from(covered);
    share.1 += 1;
}

fn open(out: &mut impl Write, form: Form) -> Result<()> {
    match form {
        Form::Lcov => {}
        Form::Cobertura => out.write_all(
            b"<?xml version=\"1.0\" ?>\n<!DOCTYPE coverage SYSTEM \"http://cobertura.sourceforge.net/xml/coverage-04.dtd\">\n<coverage version=\"1\" timestamp=\"0\" line-rate=\"0\" branch-rate=\"0\" complexity=\"0\">\n<sources><source>.</source></sources>\n<packages><package name=\"p\"><classes>\n",
        )?,
        Form::Coverprofile => out.write_all(b"mode: count\n")?,
    }
    Ok(())
}

fn record(out: &mut impl Write, form: Form, path: &str, lines: &[Line]) -> Result<()> {
    match form {
        Form::Lcov => lcov(out, path, lines),
        Form::Cobertura => cobertura(out, path, lines),
        Form::Coverprofile => {
            for line in lines {
                writeln!(out, "example.org/m/{path}:{0}.2,{0}.40 1 {1}", line.number, line.hits)?;
            }
            Ok(())
        }
    }
}

fn lcov(out: &mut impl Write, path: &str, lines: &[Line]) -> Result<()> {
    writeln!(out, "TN:\nSF:{path}")?;
    for line in lines.iter().filter(|line| line.function) {
        writeln!(out, "FN:{0},fn_{0}\nFNDA:{1},fn_{0}", line.number, line.hits)?;
    }
    for line in lines {
        for (arm, taken) in line.arms.iter().enumerate() {
            match taken {
                Some(hits) => writeln!(out, "BRDA:{},0,{arm},{hits}", line.number)?,
                None => writeln!(out, "BRDA:{},0,{arm},-", line.number)?,
            }
        }
    }
    for line in lines {
        writeln!(out, "DA:{},{}", line.number, line.hits)?;
    }
    writeln!(out, "end_of_record")?;
    Ok(())
}

fn cobertura(out: &mut impl Write, path: &str, lines: &[Line]) -> Result<()> {
    writeln!(
        out,
        "<class name=\"c\" filename=\"{path}\" complexity=\"0\" line-rate=\"0\" branch-rate=\"0\">\n<methods/>\n<lines>"
    )?;
    for Line { number, hits, arms, .. } in lines {
        if arms.is_empty() {
            writeln!(out, "<line number=\"{number}\" hits=\"{hits}\"/>")?;
        } else {
            let covered = arms.iter().filter(|arm| arm.is_some_and(|hits| hits > 0)).count();
            writeln!(
                out,
                "<line number=\"{number}\" hits=\"{hits}\" branch=\"true\" condition-coverage=\"{}% ({covered}/{})\"/>",
                100 * covered / arms.len(),
                arms.len()
            )?;
        }
    }
    writeln!(out, "</lines>\n</class>")?;
    Ok(())
}
