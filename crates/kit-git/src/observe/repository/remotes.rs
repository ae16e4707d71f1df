//! Which remote the branches of other people are those of: git-config(1), sections `remote` and `branch`.

use super::{Repository, layout};
use crate::error::Error;

/// The name that `git clone` gives a remote, and that hosts' checkouts have.
pub const ORIGIN: &str = "origin";

/// Remotes, and each branch's own remote, in the order of the configuration.
#[derive(Debug, Default, PartialEq, Eq)]
struct Remotes {
    names: Vec<String>,
    /// Branch, and `branch.NAME.remote`; where it stands twice, the last counts.
    of_branches: Vec<(String, String)>,
}

impl Repository {
    /// The remote whose branches a base is looked for in. `origin` where there is one. Else the only remote that the
    /// configuration names and that has branches here; of several the one that the branch at HEAD comes from. Where that does
    /// not tell either, `origin` again, so that messages name what is usual.
    /// Errors: a configuration that can't be read.
    pub fn remote(&self) -> Result<String, Error> {
        let remotes = Remotes::parse(&layout::config(&self.folders)?);
        let has_refs = |name: &str| self.branches().iter().any(|branch| starts_with_folder(branch, name));
        if remotes.names.is_empty() || remotes.names.iter().any(|name| name == ORIGIN) || has_refs(ORIGIN) {
            return Ok(ORIGIN.to_owned());
        }
        let here: Vec<&String> = remotes.names.iter().filter(|name| has_refs(name)).collect();
        let chosen = match here.as_slice() {
            [one] => Some(*one),
            several => {
                let branch = self.head_branch()?;
                let of_branch = |(name, _): &&(String, String)| Some(name) == branch.as_ref();
                let remote = remotes.of_branches.iter().rfind(of_branch).map(|(_, remote)| remote);
                several.iter().copied().find(|name| Some(*name) == remote)
            }
        };
        Ok(chosen.map_or(ORIGIN, String::as_str).to_owned())
    }
}

fn starts_with_folder(name: &str, folder: &str) -> bool {
    name.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

impl Remotes {
    fn parse(config: &str) -> Remotes {
        let mut remotes = Remotes::default();
        let mut section = None;
        for line in config.lines().map(str::trim) {
            if line.starts_with('[') {
                section = subsection(line);
                if let Some(("remote", name)) = &section
                    && !remotes.names.contains(name)
                {
                    remotes.names.push(name.clone());
                }
            } else if let (Some(("branch", branch)), Some((name, value))) = (&section, line.split_once('='))
                && name.trim().eq_ignore_ascii_case("remote")
            {
                remotes.of_branches.push((branch.clone(), value.trim().trim_matches('"').to_owned()));
            }
        }
        remotes
    }
}

/// `[remote "NAME"]` and `[branch "NAME"]`, the name as meant: `\` stands before a character that is meant as such.
fn subsection(line: &str) -> Option<(&'static str, String)> {
    let (kind, rest) = line.strip_prefix('[')?.split_once('"')?;
    let kind = ["remote", "branch"].into_iter().find(|known| kind.trim().eq_ignore_ascii_case(known))?;
    let mut name = String::new();
    let mut chars = rest.chars();
    loop {
        match chars.next()? {
            '"' => return Some((kind, name)),
            '\\' => name.push(chars.next()?),
            other => name.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remotes_and_the_remotes_of_branches_are_read() {
        let config = "[core]\n\tbare = false\n[remote \"up\\\"stream\"]\n\turl = https://example.com/a\n\tfetch = +x\n\
                      [branch \"topic\"]\n\tremote = fork\n\tmerge = refs/heads/topic\n[Remote \"fork\"]\n[remote \"fork\"]\n\
                      [branch \"topic\"]\n  Remote = \"up\"\n[remote]\n\tpushDefault = x\n[remote \"cut";
        let remotes = Remotes::parse(config);
        assert_eq!(remotes.names, ["up\"stream", "fork"]);
        assert_eq!(remotes.of_branches.last(), Some(&("topic".to_owned(), "up".to_owned())));
        assert_eq!(remotes.of_branches.len(), 2);
    }
}
