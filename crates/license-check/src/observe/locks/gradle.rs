//! `gradle.lockfile`, `buildscript-gradle.lockfile`, `settings-gradle.lockfile` and the older
//! `gradle/dependency-locks/*.lockfile`.
//!
//! <https://docs.gradle.org/current/userguide/dependency_locking.html#sec:lock_state_location_and_format>: a line for each
//! module, `group:name:version=configurations`, then `empty=configurations`. The older files have no configurations: each is
//! named after its own.
//!
//! [`Scope::Development`]: every configuration is one of tests or of a checker that Gradle brings, or the file is that of a
//! build script, whose class path is the build's and not the program's.

use crate::observe::lines::{Lines, conflict_marker};
use crate::observe::lock::{Fault, Lock};
use crate::plan::package::{Ecosystem, Package, Place, Scope};
use rustc_hash::FxHashMap;

#[cfg(test)]
mod tests;

const RESTORE: &str = "restore the file, or run `gradle dependencies --write-locks`";

/// Configurations of the checkers among Gradle's own plugins.
const CHECKERS: [&str; 5] = ["checkstyle", "codenarc", "jacocoAgent", "jacocoAnt", "pmd"];

/// Reads a lock file of Gradle. `path` tells a build script's.
///
/// # Errors
/// A line that is no module; no `empty=` at the end, which Gradle always writes; git's conflict markers.
pub fn parse(bytes: &[u8], path: &str) -> Result<Lock, Fault> {
    if let Some(line) = conflict_marker(bytes) {
        return Err(Fault::at(
            line,
            "git's conflict markers; resolve them, then run `gradle dependencies --write-locks`",
        ));
    }
    let text = std::str::from_utf8(bytes)
        .map_err(|error| Fault::at(Lines::new(bytes).at(error.valid_up_to()), format!("no UTF-8; {RESTORE}")))?;
    let file = path.rsplit('/').next().unwrap_or(path);
    let of_build = ["buildscript-", "settings-"].iter().any(|start| file.starts_with(start));
    // The older files: `compileClasspath.lockfile`, `buildscript-classpath.lockfile`.
    let of_file = file.strip_suffix(".lockfile").unwrap_or(file);
    let mut lock = Lock { format: "gradle.lockfile".to_owned(), ..Lock::default() };
    let (mut ended, mut configured) = (false, false);
    let mut at: FxHashMap<&str, usize> = FxHashMap::default();
    for (number, line) in (1..).zip(text.strip_prefix('\u{feff}').unwrap_or(text).lines()) {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (module, configurations) = match line.split_once('=') {
            Some((module, configurations)) => {
                configured = true;
                (module, configurations)
            }
            None => (line, of_file),
        };
        if module == "empty" {
            ended = true;
            continue;
        }
        let [group, name, version] = module.split(':').collect::<Vec<_>>()[..] else {
            return Err(Fault::at(number, format!("no `group:name:version=configurations`; {RESTORE}")));
        };
        if [group, name, version]
            .iter()
            .any(|part| part.is_empty() || part.contains(|c: char| c.is_control() || c == ' '))
        {
            return Err(Fault::at(number, format!("no `group:name:version=configurations`; {RESTORE}")));
        }
        let development = of_build || configurations.split(',').all(is_of_development);
        if let Some(at) = at.get(module) {
            if !development {
                lock.packages[*at].scope = Scope::Production;
            }
            lock.notices.push(format!("{path}:{number}: {module} stands there twice"));
            continue;
        }
        at.insert(module, lock.packages.len());
        let place = Place::new(path, Some(number));
        let mut package = Package::new(Ecosystem::Maven, format!("{group}:{name}"), version, place);
        package.scope = if development { Scope::Development } else { Scope::Production };
        lock.packages.push(package);
        lock.listed += 1;
    }
    // The older files are named after a configuration, which may have no module.
    let is_single = file.ends_with("gradle.lockfile");
    if (configured || is_single) && !ended {
        return Err(Fault::new(format!("no `empty=` line, so the file is cut off; {RESTORE}")));
    }
    Ok(lock)
}

/// `testRuntimeClasspath`, `debugUnitTestCompileClasspath`, `checkstyle`.
fn is_of_development(configuration: &str) -> bool {
    let word_ends = |rest: &str| !rest.starts_with(|next: char| next.is_ascii_lowercase());
    let starts = configuration.strip_prefix("test").is_some_and(word_ends);
    let within = configuration.match_indices("Test").any(|(at, word)| word_ends(&configuration[at + word.len()..]));
    starts || within || CHECKERS.contains(&configuration)
}
