//! Tests of the reader: what it tells a visitor, what it refuses, and the dialects on their way to a file.

mod dialects;
mod hostile;
mod reading;

use super::*;

/// Writes down what it is told, one line each.
#[derive(Default)]
struct Log {
    lines: Vec<String>,
    text: bool,
    depth: usize,
}

impl Log {
    fn push(&mut self, line: String) {
        self.lines.push(format!("{}{line}", "  ".repeat(self.depth)));
    }
}

impl Visitor for Log {
    fn wants_text(&mut self, _: DetailKind) -> bool {
        self.text
    }

    fn suite_start(&mut self, suite: &Suite<'_>) -> Flow {
        let (name, file) = (suite.name.as_deref().unwrap_or("-"), suite.file.as_deref().unwrap_or("-"));
        self.push(format!("{:?} {name} {file} {:?} @{}", suite.kind, suite.time_ns, suite.report_line));
        self.depth += 1;
        Ok(())
    }

    fn suite_end(&mut self) -> Flow {
        self.depth -= 1;
        Ok(())
    }

    fn property(&mut self, name: &str, value: &str) -> Flow {
        self.push(format!("property {name}={value}"));
        Ok(())
    }

    fn case_start(&mut self, case: &Case<'_>) -> Flow {
        let (name, classname) = (case.name.as_deref().unwrap_or("-"), case.classname.as_deref().unwrap_or("-"));
        self.push(format!("case {classname} {name} {:?} @{}", case.time_ns, case.report_line));
        self.depth += 1;
        Ok(())
    }

    fn case_end(&mut self) -> Flow {
        self.depth -= 1;
        Ok(())
    }

    fn detail_start(&mut self, detail: &Detail<'_>) -> Flow {
        self.push(format!("{} {}", detail.kind.element(), detail.message.as_deref().unwrap_or("-")));
        self.lines.push(String::new());
        Ok(())
    }

    fn text(&mut self, piece: &str) -> Flow {
        if let Some(last) = self.lines.last_mut() {
            last.push_str(piece);
        }
        Ok(())
    }

    fn detail_end(&mut self) -> Flow {
        if self.lines.last().is_some_and(String::is_empty) {
            self.lines.pop();
        }
        Ok(())
    }
}

/// Gives its bytes in pieces of the same size, so that everything is cut somewhere.
struct Pieces<'b> {
    bytes: &'b [u8],
    size: usize,
}

impl std::io::Read for Pieces<'_> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        let n = self.size.min(self.bytes.len()).min(out.len());
        out[..n].copy_from_slice(&self.bytes[..n]);
        self.bytes = &self.bytes[n..];
        Ok(n)
    }
}

fn log_of(xml: impl AsRef<[u8]>, text: bool) -> Result<(Vec<String>, Summary), ReadError> {
    let mut log = Log { text, ..Log::default() };
    let summary = read(xml.as_ref(), &Limits::default(), &mut log)?;
    Ok((log.lines, summary))
}

fn error_of(xml: impl AsRef<[u8]>) -> ReadError {
    log_of(xml, true).expect_err("this must be refused")
}

fn notices_of(xml: impl AsRef<[u8]>) -> Vec<(NoticeKind, u64, u64)> {
    let (_, summary) = log_of(xml, true).expect("this must be read");
    summary.notices.iter().map(|notice| (notice.kind, notice.count, notice.first_line)).collect()
}
