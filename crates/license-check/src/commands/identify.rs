//! `identify`: which licences are these texts?

use crate::args::IdentifyArguments;
use crate::error::Error;
use crate::plan::statement::MAX_LICENSE_BYTES;
use crate::plan::text::Identifier;
use crate::report::identified::{self, Text};
use kit_git::observe::file;
use kit_host::{Done, Exit, Failure};

/// One line a file: the SPDX id or `-`, the score, the path. Exit 2 when one can't be read.
pub fn identify(arguments: &IdentifyArguments) -> Result<Done, Failure> {
    if arguments.files.is_empty() {
        return Err(Error::input("no files given; name files with licence texts").into());
    }
    let identifier = Identifier::new();
    let mut texts = Vec::new();
    for path in &arguments.files {
        let bytes = file::bytes(path, MAX_LICENSE_BYTES).map_err(Error::from)?;
        texts.push(Text { path: path.clone(), identified: identifier.identify(&bytes) });
    }
    let report = identified::report(&texts);
    Ok(Done { report, exit: Exit::Done, stdout: Some(identified::lines(&texts).into_bytes()) })
}
