//! `go.work`: the modules of a workspace, which are built together: <https://go.dev/ref/mod#workspaces>.

use super::directives::Directives;
use super::{Replace, replaced, text_of};
use crate::observe::lock::{Fault, Lock};

/// A `go.work`.
#[derive(Debug, Default)]
pub struct Work {
    /// `use`, in the order of the file.
    pub uses: Vec<Use>,
    replaces: Vec<Replace>,
}

/// A `use` line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Use {
    /// 1-based.
    pub line: u32,
    /// The module's folder as it is written, relative to that of the `go.work`, with `/`.
    pub folder: String,
}

/// A module of the workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The line of its `use`, 1-based.
    pub line: u32,
    /// As its `go.mod` says.
    pub module: String,
    /// Its folder relative to that of the module that is built.
    pub folder: String,
}

/// Reads `go.work`.
///
/// # Errors
/// What the go command would refuse as well: an unknown directive, a block without end, a line with too few words; and git's
/// conflict markers.
pub fn parse_work(bytes: &[u8]) -> Result<Work, Fault> {
    let text = text_of(bytes, "restore the file")?;
    let mut work = Work::default();
    let mut is_work = false;
    let mut directives = Directives::new(text);
    while let Some(directive) = directives.next()? {
        is_work = true;
        match (directive.verb, directive.words.as_slice()) {
            ("use", [folder]) if !folder.is_empty() && !folder.contains(char::is_control) => {
                work.uses.push(Use { line: directive.line, folder: folder.replace('\\', "/") });
            }
            ("replace", _) => work.replaces.push(Replace::of(&directive)?),
            ("go" | "toolchain" | "godebug", _) => {}
            ("use", words) => {
                let what = format!("`use` with {} words; restore the line, or run `go work use`", words.len());
                return Err(Fault::at(directive.line, what));
            }
            (verb, _) => return Err(Fault::at(directive.line, format!("unknown directive `{verb}`"))),
        }
    }
    if !is_work {
        return Err(Fault::new("no line of a go.work, so it is empty or cut off; restore the file"));
    }
    Ok(work)
}

/// The name of a `go.mod`'s module. `None` where it has none or can't be read.
pub fn module_of(bytes: &[u8]) -> Option<String> {
    let mut directives = Directives::new(text_of(bytes, "").ok()?);
    while let Ok(Some(directive)) = directives.next() {
        if let ("module", [name]) = (directive.verb, directive.words.as_slice()) {
            return Some(name.clone());
        }
    }
    None
}

impl Work {
    /// A member's list with what the workspace exchanges: the other members stand in for what is required of them, and its
    /// `replace` lines go before the member's own. `path` is the `go.work`'s, `to_work` leads from the member's folder to
    /// that of the `go.work` (empty, or with a `/` at its end), `module` is the member's.
    pub fn exchange(&self, mut lock: Lock, members: &[Member], path: &str, to_work: &str, module: &str) -> Lock {
        let uses = members.iter().map(|member| Replace {
            line: member.line,
            old: member.module.clone(),
            old_version: None,
            new: member.folder.clone(),
            new_version: None,
        });
        let replaces = self.replaces.iter().map(|replace| match replace.new_version {
            None if !replace.new.starts_with('/') => {
                Replace { new: format!("{to_work}{}", replace.new), ..replace.clone() }
            }
            _ => replace.clone(),
        });
        // The last fitting one counts, and a member is not to be replaced.
        let all: Vec<Replace> = replaces.chain(uses).collect();
        for package in &mut lock.packages {
            if all.iter().any(|replace| replace.fits(&package.name, &package.version)) {
                let (name, version) = (package.name.clone(), package.version.clone());
                *package = replaced(&all, module, name, version, 0, path);
            }
        }
        super::once(&mut lock);
        lock
    }
}
