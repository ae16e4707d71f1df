//! `Gemfile.lock` and `gems.locked`.
//!
//! Bundler's own reader is `bundler/lockfile_parser.rb`; the file is described in
//! <https://bundler.io/guides/rationale.html#checking-your-code-into-version-control>. A gem that is locked for several
//! platforms is one package. Groups are in the Gemfile and not here: everything is
//! [`Scope::Production`](crate::plan::package::Scope::Production).

use crate::observe::lines::{Lines, conflict_marker};
use crate::observe::lock::{Fault, Lock};
use crate::plan::package::{Ecosystem, Origin, Package, Place};
use rustc_hash::FxHashMap;

#[cfg(test)]
mod tests;

const RESTORE: &str = "restore the file, or run `bundle lock`";

/// Sections that say nothing of which gems are installed.
const OTHER_SECTIONS: [&str; 3] = ["PLATFORMS", "RUBY VERSION", "BUNDLED WITH"];

/// Folders where other people's code is copied to by custom. A `PATH` gem elsewhere in the checkout is the team's own.
const FOREIGN_FOLDERS: [&str; 6] = ["vendor", "third_party", "third-party", "thirdparty", "external", "externals"];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Section {
    Start,
    /// `GEM`, `GIT`, `PATH`, `PLUGIN SOURCE`.
    Source(Origin),
    Dependencies,
    Checksums,
    Other,
    /// One that bundler may bring some day.
    Unknown,
}

/// Reads `Gemfile.lock`. A git gem's [`Package::checksum`] is `git:` and the commit, else that of `CHECKSUMS` as `sha256:…`.
///
/// # Errors
/// What bundler doesn't write: other indents, a gem without a version, no `DEPENDENCIES` at the end; git's conflict markers.
pub fn parse(bytes: &[u8], path: &str) -> Result<Lock, Fault> {
    if let Some(line) = conflict_marker(bytes) {
        return Err(Fault::at(line, "git's conflict markers; resolve them, then run `bundle lock`"));
    }
    let text = std::str::from_utf8(bytes)
        .map_err(|error| Fault::at(Lines::new(bytes).at(error.valid_up_to()), format!("no UTF-8; {RESTORE}")))?;
    let mut reading = Reading {
        path,
        section: Section::Start,
        remote: String::new(),
        revision: None,
        in_specs: false,
        whole: false,
        at: FxHashMap::default(),
        awaited: FxHashMap::default(),
        lock: Lock { format: "Gemfile.lock".to_owned(), ..Lock::default() },
    };
    for (number, line) in (1..).zip(text.strip_prefix('\u{feff}').unwrap_or(text).lines()) {
        let line = line.trim_end();
        if line.contains(|c: char| c.is_control()) {
            return Err(Fault::at(number, format!("control characters; {RESTORE}")));
        }
        match line.len() - line.trim_start_matches(' ').len() {
            _ if line.is_empty() => {}
            0 => reading.head(line, number)?,
            indent => reading.inside(indent, line.trim_start_matches(' '), number)?,
        }
    }
    reading.finish()
}

struct Reading<'t> {
    path: &'t str,
    section: Section,
    remote: String,
    revision: Option<String>,
    in_specs: bool,
    /// Whether `DEPENDENCIES` came, which stands behind all sources.
    whole: bool,
    /// Packages by name and version.
    at: FxHashMap<(String, String), usize>,
    /// Dependencies that aren't listed so far, with their line.
    awaited: FxHashMap<String, u32>,
    lock: Lock,
}

impl Reading<'_> {
    fn head(&mut self, line: &str, number: u32) -> Result<(), Fault> {
        (self.in_specs, self.revision) = (false, None);
        self.remote.clear();
        self.section = match line {
            "GEM" | "PLUGIN SOURCE" => Section::Source(Origin::Registry),
            "GIT" => Section::Source(Origin::Git),
            "PATH" => Section::Source(Origin::Folder),
            "DEPENDENCIES" => Section::Dependencies,
            "CHECKSUMS" => Section::Checksums,
            other if OTHER_SECTIONS.contains(&other) => Section::Other,
            other if self.section != Section::Start && is_heading(other) => {
                self.lock.notices.push(format!("{}:{number}: the section {other} is unknown and not read", self.path));
                Section::Unknown
            }
            _ => return Err(Fault::at(number, format!("no section of a Gemfile.lock; {RESTORE}"))),
        };
        self.whole |= self.section == Section::Dependencies;
        Ok(())
    }

    fn inside(&mut self, indent: usize, line: &str, number: u32) -> Result<(), Fault> {
        match (self.section, indent) {
            (Section::Source(_), 2) => {
                let (key, value) = line.split_once(':').unwrap_or((line, ""));
                match key {
                    "specs" => self.in_specs = true,
                    "remote" => value.trim().clone_into(&mut self.remote),
                    "revision" => self.revision = Some(value.trim().to_owned()),
                    _ => {}
                }
                Ok(())
            }
            (Section::Source(origin), 4) if self.in_specs => self.gem(origin, line, number),
            (Section::Source(_), 6) if self.in_specs => {
                let name = line.split(' ').next().unwrap_or_default();
                // Bundler itself is never listed.
                if name != "bundler" {
                    self.awaited.entry(name.to_owned()).or_insert(number);
                }
                Ok(())
            }
            (Section::Checksums, 2) => self.checksum(line, number),
            (Section::Unknown, _) if line == "specs:" => {
                Err(Fault::at(number, "gems of an unknown kind of source; this format is newer than license-check"))
            }
            (Section::Dependencies | Section::Other | Section::Unknown, _) => Ok(()),
            _ => Err(Fault::at(number, format!("a line that bundler doesn't write; {RESTORE}"))),
        }
    }

    fn gem(&mut self, origin: Origin, line: &str, number: u32) -> Result<(), Fault> {
        let Some((name, version, _)) = name_and_version(line) else {
            return Err(Fault::at(number, format!("no gem with its version; {RESTORE}")));
        };
        let key = (name.to_owned(), version.to_owned());
        if self.at.contains_key(&key) {
            return Ok(());
        }
        let mut package = Package::new(Ecosystem::Gem, name, version, Place::new(self.path, Some(number)));
        package.origin = origin;
        match origin {
            Origin::Git => package.checksum = self.revision.as_ref().map(|revision| format!("git:{revision}")),
            Origin::Folder => {
                let foreign = self.remote.split('/').any(|part| FOREIGN_FOLDERS.contains(&part));
                package.origin = if foreign { Origin::Folder } else { Origin::Own };
                package.installed_at.push(self.remote.clone());
            }
            _ => {}
        }
        self.at.insert(key, self.lock.packages.len());
        self.lock.packages.push(package);
        self.lock.listed += 1;
        Ok(())
    }

    /// `name (version-platform) sha256=hex`
    fn checksum(&mut self, line: &str, number: u32) -> Result<(), Fault> {
        let (gem, digests) = match line.rfind(") ") {
            Some(end) => (&line[..=end], line[end + 2..].trim()),
            None => (line, ""),
        };
        let Some((name, version, platform)) = name_and_version(gem) else {
            return Err(Fault::at(number, format!("no gem with its digest; {RESTORE}")));
        };
        let digest = digests.split(',').find_map(|digest| digest.strip_prefix("sha256="));
        let at = self.at.get(&(name.to_owned(), version.to_owned()));
        if let (Some(at), Some(digest)) = (at, digest) {
            let package = &mut self.lock.packages[*at];
            if package.checksum.is_none() || platform.is_empty() {
                package.checksum = Some(format!("sha256:{digest}"));
            }
        }
        Ok(())
    }

    fn finish(mut self) -> Result<Lock, Fault> {
        if !self.whole {
            return Err(Fault::new(format!(
                "no DEPENDENCIES section, so it is no Gemfile.lock, or cut off; {RESTORE}"
            )));
        }
        for (name, _) in self.at.keys() {
            self.awaited.remove(name);
        }
        let mut awaited: Vec<(u32, String)> = self.awaited.into_iter().map(|(name, line)| (line, name)).collect();
        awaited.sort_unstable();
        if let Some((line, name)) = awaited.first() {
            let more = if awaited.len() > 1 { format!(" (and {} more)", awaited.len() - 1) } else { String::new() };
            let what =
                format!("the gem {name}{more} is needed at line {line} and is not in the file; run `bundle lock`");
            self.lock.incomplete = Some(what);
        }
        Ok(self.lock)
    }
}

fn is_heading(line: &str) -> bool {
    line.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b' ')
}

/// Name, version and platform (or nothing) of `nokogiri (1.16.7-x86_64-linux)`: versions hold no `-`.
fn name_and_version(line: &str) -> Option<(&str, &str, &str)> {
    let (name, rest) = line.split_once(" (")?;
    let version = rest.strip_suffix(')')?;
    let (version, platform) = version.split_once('-').unwrap_or((version, ""));
    let named = !name.is_empty() && !name.contains(' ');
    (named && !version.is_empty() && !version.contains([' ', ')'])).then_some((name, version, platform))
}
