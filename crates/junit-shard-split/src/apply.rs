//! Writes what was decided, and starts the command. EFFECTS. Takes no decisions.

pub mod command;
pub mod merge;

use crate::error::Error;
use crate::plan::lock::{PlanFile, Receipt};
use crate::plan::shard::Taken;
use kit_host::{Failure, Permit, files};
use std::path::Path;

/// Writes a shard's folder: what the units are, what the runner gets, and the files that the runner reads.
pub fn write_shard(permit: &Permit, taken: &Taken) -> Result<(), Failure> {
    let files = &taken.files;
    // A receipt of an earlier attempt would vouch for this one.
    match std::fs::remove_file(&files.receipt) {
        Err(err) if err.kind() != std::io::ErrorKind::NotFound && err.kind() != std::io::ErrorKind::NotADirectory => {
            return Err(Error::world("remove", &files.receipt, err).into());
        }
        _ => {}
    }
    files::write(permit, Path::new(&files.list), &lines(taken.units()))?;
    files::write(permit, Path::new(&files.args), &lines(&taken.runner.args))?;
    for (name, content) in &taken.runner.files {
        files::write(permit, &Path::new(&files.folder).join(name), content)?;
    }
    Ok(())
}

/// One a line, each line ended.
pub fn lines(values: &[String]) -> Vec<u8> {
    values.iter().fold(Vec::new(), |mut out, value| {
        out.extend_from_slice(value.as_bytes());
        out.push(b'\n');
        out
    })
}

/// Writes the plan file.
pub fn write_plan(permit: &Permit, path: &str, plan: &PlanFile) -> Result<(), Failure> {
    files::write(permit, Path::new(path), &json(plan)?)
}

/// Writes a receipt.
pub fn write_receipt(permit: &Permit, path: &str, receipt: &Receipt) -> Result<(), Failure> {
    files::write(permit, Path::new(path), &json(receipt)?)
}

fn json<T: serde::Serialize>(value: &T) -> Result<Vec<u8>, Failure> {
    let mut text = serde_json::to_vec_pretty(value).map_err(|err| Failure::from(Error::world("write", "JSON", err)))?;
    text.push(b'\n');
    Ok(text)
}
