//! `normalize`: what does this licence field mean?

use crate::args::NormalizeArguments;
use crate::error::Error;
use crate::plan::decide::decide_fields;
use crate::plan::expression::{normalize as meaning, read_fields, read_literal};
use crate::report::normalized;
use kit_host::{Done, Exit, Failure};

/// The SPDX expression, or the reason why there is none, on one line. Exit 2 without an ecosystem or a field.
pub fn normalize(arguments: &NormalizeArguments) -> Result<Done, Failure> {
    let ecosystem = arguments
        .ecosystem
        .ok_or_else(|| Error::input("no `ecosystem` given; name whose field it is, such as npm or composer"))?;
    let field = arguments.field.as_deref().ok_or_else(|| Error::input("no field given; write its content"))?;
    let normalized = match read_fields(ecosystem, field).map_err(Error::input)? {
        Some(fields) => decide_fields(ecosystem, fields),
        None => meaning(ecosystem, &read_literal(ecosystem, field).map_err(Error::input)?),
    };
    let report = normalized::report(&normalized);
    Ok(Done { report, exit: Exit::Done, stdout: Some(format!("{normalized}\n").into_bytes()) })
}
