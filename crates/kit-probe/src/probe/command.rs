//! A command's line for one instance.

use crate::event::{Cause, Fault};
use crate::target::{Member, Target};

/// The program and its arguments with `{id}`, `{address}`, `{port}` and `{host}` filled in, once each: what is filled in is
/// not looked at again. No shell reads it. Errors: the instance has no such value, or it is empty.
pub(super) fn filled(target: &Target, member: &Member) -> Result<Vec<String>, Fault> {
    target.command.iter().map(|argument| fill(argument, target, member)).collect()
}

fn fill(argument: &str, target: &Target, member: &Member) -> Result<String, Fault> {
    let mut filled = String::with_capacity(argument.len());
    let mut rest = argument;
    while let Some(at) = rest.find('{') {
        filled.push_str(&rest[..at]);
        rest = &rest[at..];
        let value = |name: &str| match name {
            "{id}" => Some(Some(member.id.clone())),
            "{address}" => Some(member.address.map(|address| address.ip().to_string())),
            "{port}" => {
                let port = member.address.map_or(target.port, |address| address.port());
                Some((port != 0).then(|| port.to_string()))
            }
            "{host}" => Some(Some(target.host.clone())),
            _ => None,
        };
        let end = rest.find('}').map_or(1, |end| end + 1);
        match value(&rest[..end]) {
            Some(Some(value)) if !value.is_empty() => {
                filled.push_str(&value);
                rest = &rest[end..];
            }
            Some(_) => {
                return Err(Fault {
                    cause: Cause::CommandNotStarted,
                    message: format!("the command uses {}, and instance {} has none", &rest[..end], member.id),
                });
            }
            // Braces of the command's own, such as those of JSON.
            None => {
                filled.push('{');
                rest = &rest[1..];
            }
        }
    }
    filled.push_str(rest);
    Ok(filled)
}
