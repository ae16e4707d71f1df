//! PHPUnit: a configuration file of the shard's own, which every version reads (several paths on the command line are an
//! error before 10.4), and `--filter` for single tests.
//!
//! Tried with PHPUnit 9.6, 10.5 and 11.5; the places of paths in the file are those of the configuration loaders of 8.5 to
//! 13.4. A suite without files runs nothing and exits with 0, unless `failOnEmptyTestSuite` says otherwise, so that is
//! switched off for an empty shard.

mod config;
mod filter;

use super::selection::Selection;
use super::{EmptyShard, Runner, RunnerError, RunnerInput, RunnerOutput, names};

const CONFIG_FILE: &str = "phpunit.xml";

pub(super) fn prepare(input: &RunnerInput<'_>, selection: &Selection<'_>) -> Result<RunnerOutput, RunnerError> {
    let (config_path, text) = input.runner_config.unwrap_or(("phpunit.xml", config::MINIMAL));
    let config_folder = match config_path.rsplit_once('/') {
        Some(("", _)) => "/",
        Some((folder, _)) => folder,
        None => ".",
    };
    let back = |path: &str| {
        names::relative_to(input.out_dir, path).ok_or_else(|| RunnerError::OutDir {
            runner: Runner::Phpunit.name(),
            out_dir: input.out_dir.to_owned(),
            path: path.to_owned(),
        })
    };
    let to_config = back(config_folder)?;
    let mut files = Vec::new();
    for path in selection.files.keys() {
        if !is_uri(path) {
            return Err(RunnerError::Name {
                runner: Runner::Phpunit.name(),
                unit: (*path).to_owned(),
                why: "its schema takes paths for URIs, in which `[`, `]`, a second `#`, and `%` without two hexadecimal digits are errors, and PHPUnit 10 and later then fail the whole run; rename the file or its folder",
            });
        }
        // An absolute path is as good from every folder.
        files.push(if path.starts_with('/') { (*path).to_owned() } else { back(path)? });
    }
    let suite = config::Suite { name: format!("shard-{}", input.shard), files };
    let (xml, notices) = config::rewrite(text, &to_config, &suite).map_err(|(line, why)| RunnerError::Config {
        path: config_path.to_owned(),
        line,
        why,
    })?;
    let mut args = vec!["--configuration".to_owned(), format!("{}/{CONFIG_FILE}", input.out_dir.trim_end_matches('/'))];
    if let Some(filter) = filter::filter(selection)? {
        args.extend(["--filter".to_owned(), filter]);
    }
    Ok(RunnerOutput {
        args,
        files: vec![(CONFIG_FILE.to_owned(), xml.into_bytes())],
        empty: EmptyShard::Passes,
        notices,
    })
}

/// Whether the schema's type `xs:anyURI` takes a path, as libxml2 2.9 reads it: tried character by character.
fn is_uri(path: &str) -> bool {
    let has_bad_escape = || {
        let is_hex = |at: usize| path.as_bytes().get(at).is_some_and(u8::is_ascii_hexdigit);
        path.match_indices('%').any(|(at, _)| !is_hex(at + 1) || !is_hex(at + 2))
    };
    !path.contains(['[', ']']) && path.matches('#').count() < 2 && !has_bad_escape()
}
