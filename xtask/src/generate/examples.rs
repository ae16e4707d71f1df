//! The pipelines in `examples/`: they stay what their authors wrote, but name this version at this place, so that neither a
//! fork nor a release has to look for them.

use std::path::Path;

use anyhow::{Context, Result};

use super::Source;
use super::tree::Files;
use crate::checkout::Publish;

/// A pipeline's file in an example's folder, and the name under which READMEs ask for it. Workflows of GitHub may have any
/// name; [`show`] takes the one that uses the tool's action.
const PIPELINES: [(&str, &str); 2] = [("bitbucket-pipelines.yml", "bitbucket.yml"), (".gitlab-ci.yml", "gitlab.yml")];

/// Where GitHub looks for workflows.
const WORKFLOWS: &str = ".github/workflows";

/// The pipelines of all examples that a tool names, each with its references brought up to date. Errors: a file cannot be
/// read, but a missing one is no error.
pub fn retargeted(root: &Path, sources: &[Source]) -> Result<Files> {
    let mut files = Files::new();
    for folder in sources.iter().filter_map(|source| source.listing.example.as_deref()) {
        let pipelines = PIPELINES.iter().map(|(file, _)| (*file).to_owned());
        for file in pipelines.chain(workflows(&root.join(folder))?) {
            let path = format!("{folder}/{file}");
            match std::fs::read_to_string(root.join(&path)) {
                Ok(text) => drop(files.insert(path, retarget(&text, sources))),
                Err(err) if err.kind() == std::io::ErrorKind::NotFound => {}
                Err(err) => return Err(err).with_context(|| path.clone()),
            }
        }
    }
    Ok(files)
}

/// The workflows of an example, relative to its folder.
fn workflows(example: &Path) -> Result<Vec<String>> {
    let entries = match std::fs::read_dir(example.join(WORKFLOWS)) {
        Ok(entries) => entries,
        Err(err) if err.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(err) => return Err(err).with_context(|| example.join(WORKFLOWS).display().to_string()),
    };
    let names = entries.map(|entry| Ok(format!("{WORKFLOWS}/{}", entry?.file_name().to_string_lossy())));
    Ok(names.collect::<Result<Vec<String>>>()?.into_iter().filter(|name| name.ends_with(".yml")).collect())
}

/// Makes the pipelines of a tool's example the full examples of its READMEs, unless its `usage/` has some of its own.
pub fn show(source: &mut Source, files: &Files) {
    let Some(folder) = source.listing.example.clone() else { return };
    let action = format!("uses: {}", source.action_reference());
    let prefix = format!("{folder}/{WORKFLOWS}/");
    let workflow = files.iter().find(|(path, text)| path.starts_with(&prefix) && text.contains(&action));
    let pipelines = PIPELINES.iter().map(|(file, name)| (files.get(&format!("{folder}/{file}")), *name));
    for (text, name) in pipelines.chain([(workflow.map(|(_, text)| text), "github.yml")]) {
        if let Some(text) = text {
            source.usage.entry(name.to_owned()).or_insert_with(|| text.clone());
        }
    }
}

fn retarget(text: &str, sources: &[Source]) -> String {
    text.split_inclusive('\n').map(|line| retarget_line(line, sources)).collect()
}

fn retarget_line(line: &str, sources: &[Source]) -> String {
    for (key, separator) in [("uses: ", '@'), ("pipe: ", ':'), ("component: ", '@'), ("image: ", ':')] {
        let Some((head, rest)) = line.split_once(key) else { continue };
        if !head.trim_start_matches([' ', '-']).is_empty() {
            continue;
        }
        let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
        let (old, tail) = rest.split_at(end);
        let Some((place, _)) = old.rsplit_once(separator) else { continue };
        if let Some(new) = sources.iter().find_map(|source| reference(source, key, place)) {
            return format!("{head}{key}{new}{tail}");
        }
    }
    line.to_owned()
}

/// What a reference to `place` (without its version) should say; `None` when it is none of ours.
fn reference(source: &Source, key: &str, place: &str) -> Option<String> {
    let tool = source.interface.name.as_str();
    let parts: Vec<&str> = place.split('/').collect();
    match (key, parts.as_slice()) {
        ("uses: ", [_, _, "actions", name]) if *name == tool => Some(source.action_reference()),
        ("uses: ", [_, repository]) if is_ours(&source.publish, repository) => Some(source.setup_reference()),
        ("pipe: ", ["docker:", .., name]) if *name == tool => Some(source.pipe_reference()),
        ("component: ", [.., name]) if *name == tool => Some(source.component_reference()),
        ("image: ", [_, .., "roadcrew"]) => Some(source.roadcrew_image()),
        _ => None,
    }
}

/// A fork may be called something else; then both names are ours.
fn is_ours(publish: &Publish, repository: &str) -> bool {
    repository == "roadcrew" || publish.repository.split('/').next_back() == Some(repository)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::sample;

    #[test]
    fn references_are_brought_up_to_date_and_nothing_else() {
        let old = "  - uses: actions/checkout@v5
  - id: x
    uses: old/roadcrew/actions/sample-tool@v0.1.0
  - uses: old/roadcrew@v0.1.0 # pinned
  - pipe: docker://old.example/roadcrew/sample-tool:0.1.0
  - component: $CI_SERVER_FQDN/old/roadcrew/sample-tool@0.1.0
  image: old.example/x/roadcrew:0.1.0
  image: php:8.4-cli
  run: echo uses: old/roadcrew@v0.1.0
";
        let new = "  - uses: actions/checkout@v5
  - id: x
    uses: acme/crew/actions/sample-tool@v1.2.3
  - uses: acme/crew@v1.2.3 # pinned
  - pipe: docker://registry.example/acme/sample-tool:1.2.3
  - component: $CI_SERVER_FQDN/acme/crew/sample-tool@1.2.3
  image: registry.example/acme/roadcrew:1.2.3
  image: php:8.4-cli
  run: echo uses: old/roadcrew@v0.1.0
";
        let sources = [sample::source()];
        assert_eq!(retarget(old, &sources), new);
        assert_eq!(retarget(new, &sources), new);
    }

    #[test]
    fn the_workflow_that_uses_the_action_is_shown() -> Result<()> {
        let dir = tempfile::tempdir()?;
        let mut source = sample::source();
        source.listing.example = Some("shop".into());
        std::fs::create_dir_all(dir.path().join("shop").join(WORKFLOWS))?;
        for (name, text) in [
            (".github/workflows/a.yml", "on: [workflow_run]\n"),
            (".github/workflows/b.yml", "steps:\n  - uses: old/roadcrew/actions/sample-tool@v0.1.0\n"),
            (".gitlab-ci.yml", "image: x\n"),
        ] {
            std::fs::write(dir.path().join("shop").join(name), text)?;
        }
        let files = retargeted(dir.path(), std::slice::from_ref(&source))?;
        assert_eq!(files.len(), 3);
        show(&mut source, &files);
        let shown = source.usage("github.yml").unwrap_or_default();
        assert_eq!(shown, "steps:\n  - uses: acme/crew/actions/sample-tool@v1.2.3\n");
        assert_eq!(source.usage("gitlab.yml").as_deref(), Some("image: x\n"));
        assert_eq!(source.usage("bitbucket.yml"), None);
        Ok(())
    }
}
