//! Keeps the samples: the one thing that a run writes. EFFECTS.

use crate::error::Error;
use kit_host::Permit;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

/// A recording that is being written; each event is on its way to the file before the next is heard.
pub struct Record {
    path: String,
    file: BufWriter<File>,
}

impl Record {
    /// Begins a file with its header; its folders are made. What was there before is gone at once, so that nobody takes it for this run.
    pub fn create(_permit: &Permit, path: &str, header: &str) -> Result<Record, Error> {
        let failed =
            |error: std::io::Error| Error::World { what: "write", path: path.to_owned(), why: error.to_string() };
        if let Some(folder) = Path::new(path).parent().filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder).map_err(failed)?;
        }
        let mut record = Record { path: path.to_owned(), file: BufWriter::new(File::create(path).map_err(failed)?) };
        record.line(header)?;
        Ok(record)
    }

    /// Adds a line, which ends in a line feed.
    pub fn line(&mut self, line: &str) -> Result<(), Error> {
        let written = self.file.write_all(line.as_bytes()).and_then(|()| self.file.flush());
        written.map_err(|error| Error::World { what: "write", path: self.path.clone(), why: error.to_string() })
    }
}
