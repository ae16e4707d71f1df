//! `license` and `license-file` of a `Cargo.toml`.
//!
//! <https://doc.rust-lang.org/cargo/reference/manifest.html#the-license-and-license-file-fields>

use crate::observe::lines::Lines;
use crate::observe::store::{Ground, bounded};
use crate::observe::within::within;
use crate::plan::package::{Package, Place};
use crate::plan::statement::{Statement, Value};
use serde::Deserialize;
use std::path::{Path, PathBuf};
use toml::Spanned;

/// Bytes of the largest manifest that is read: those with a thousand features stay below a megabyte.
pub const MAX_MANIFEST_BYTES: u64 = 4 << 20;

/// Parents in which a workspace's manifest is looked for.
const MAX_PARENTS: usize = 16;

#[derive(Deserialize)]
struct Document {
    package: Option<Table>,
    workspace: Option<Workspace>,
}

#[derive(Deserialize)]
struct Workspace {
    package: Option<Table>,
}

#[derive(Deserialize)]
struct Table {
    name: Option<String>,
    version: Option<Spanned<toml::Value>>,
    license: Option<Spanned<toml::Value>>,
    #[serde(rename = "license-file")]
    license_file: Option<Spanned<toml::Value>>,
    workspace: Option<String>,
}

/// A field: written out, or inherited from the workspace.
#[derive(Debug, PartialEq, Eq)]
enum Field {
    Absent,
    Inherited,
    Written(String, u32),
}

/// What a manifest says.
#[derive(Debug)]
pub struct Manifest {
    path: String,
    name: Option<String>,
    version: Field,
    license: Field,
    license_file: Field,
    workspace: Option<String>,
    /// `license` first.
    pub statements: Vec<Statement>,
    /// Where `license-file` is relative to, if not to the crate's folder.
    pub file_folder: Option<PathBuf>,
    /// What is odd.
    pub notices: Vec<String>,
}

impl Manifest {
    /// Reads a manifest's `[package]`.
    ///
    /// # Errors
    /// A sentence, when it is no manifest of a package.
    pub fn read(bytes: &[u8], path: &str) -> Result<Manifest, String> {
        let text = std::str::from_utf8(bytes).map_err(|_| "no UTF-8".to_owned())?;
        let mut lines = Lines::new(bytes);
        // A manifest's features and targets are most of it and say nothing of its licence.
        let (table, start) = match alone(text) {
            Some((table, start)) => (table, start),
            None => {
                let document: Document = toml::from_str(text).map_err(|error| first_line(error.message()))?;
                (document.package.ok_or("it has no [package]")?, 0)
            }
        };
        Manifest::of(table, path, &mut |offset| lines.at(start + offset))
    }

    fn of(table: Table, path: &str, line: &mut impl FnMut(usize) -> u32) -> Result<Manifest, String> {
        let mut manifest = Manifest {
            path: path.to_owned(),
            name: table.name,
            version: field(table.version, "version", line)?,
            license: field(table.license, "license", line)?,
            license_file: field(table.license_file, "license-file", line)?,
            workspace: table.workspace,
            statements: Vec::new(),
            file_folder: None,
            notices: Vec::new(),
        };
        if let Field::Written(text, line) = &manifest.license {
            manifest.statements.push(manifest.statement("license", Value::One(text.clone()), *line));
        }
        if let Field::Written(name, line) = &manifest.license_file {
            let name = name.trim_start_matches("./").to_owned();
            manifest.statements.push(manifest.statement("license-file", Value::File(name), *line));
        }
        Ok(manifest)
    }

    fn statement(&self, field: &'static str, value: Value, line: u32) -> Statement {
        Statement { value, field, place: Place::new(self.path.clone(), Some(line)) }
    }

    /// The same with what it takes from its workspace, whose manifest is looked for from `folder` up to `top`.
    pub fn inheriting(mut self, folder: &Path, top: &Path, ground: &Ground) -> Manifest {
        if [&self.version, &self.license, &self.license_file].into_iter().all(|field| *field != Field::Inherited) {
            return self;
        }
        let Some((root, workspace)) = self.workspace_root(folder, top, ground) else {
            self.notices.push(format!("{}: its workspace's Cargo.toml is not here", self.path));
            return self;
        };
        if self.version == Field::Inherited {
            self.version = workspace.version;
        }
        for statement in workspace.statements {
            match statement.value {
                Value::File(_) if self.license_file == Field::Inherited => {
                    self.file_folder = Some(root.clone());
                    self.statements.push(statement);
                }
                Value::One(_) if self.license == Field::Inherited => self.statements.insert(0, statement),
                _ => {}
            }
        }
        self
    }

    fn workspace_root(&self, folder: &Path, top: &Path, ground: &Ground) -> Option<(PathBuf, Manifest)> {
        if let Some(named) = &self.workspace {
            return workspace(&within(top, folder, named)?, ground);
        }
        let parents = folder.ancestors().take(MAX_PARENTS).take_while(|parent| parent.starts_with(top));
        parents.into_iter().find_map(|parent| workspace(parent, ground))
    }

    /// What this is, when it is not that package.
    pub fn other_than(&self, package: &Package) -> Option<String> {
        let name = self.name.as_deref().unwrap_or("nameless");
        // Since cargo 1.75 a manifest without a version is 0.0.0.
        let version = match &self.version {
            Field::Written(version, _) => version.trim(),
            _ => "0.0.0",
        };
        (name != package.name || version != package.version).then(|| format!("{name} {version}"))
    }

    /// The package's name.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or("invalid TOML").to_owned()
}

/// The table `[package]` and its offset, cut out at the next line that begins with `[`. `None` when that gives no TOML with
/// a name in it: then the whole document has to be read.
fn alone(text: &str) -> Option<(Table, usize)> {
    let bytes = text.as_bytes();
    let header = memchr::memmem::find_iter(bytes, b"[package]").find(|at| *at == 0 || bytes[at - 1] == b'\n')?;
    let start = header + "[package]".len();
    let end = memchr::memmem::find(&bytes[start..], b"\n[").map_or(text.len(), |at| start + at);
    let table: Table = toml::from_str(text.get(start..end)?).ok()?;
    table.name.is_some().then_some((table, start))
}

fn field(
    value: Option<Spanned<toml::Value>>,
    name: &str,
    line: &mut impl FnMut(usize) -> u32,
) -> Result<Field, String> {
    let Some(value) = value else { return Ok(Field::Absent) };
    let line = line(value.span().start);
    match value.into_inner() {
        toml::Value::String(text) => Ok(Field::Written(text, line)),
        toml::Value::Table(table) if table.get("workspace") == Some(&toml::Value::Boolean(true)) => {
            Ok(Field::Inherited)
        }
        _ => Err(format!("line {line}: {name} is no text")),
    }
}

/// The `[workspace.package]` of the manifest in a folder, with its path.
fn workspace(folder: &Path, ground: &Ground) -> Option<(PathBuf, Manifest)> {
    let path = folder.join("Cargo.toml");
    let bytes = bounded(&path, MAX_MANIFEST_BYTES)?;
    let document: Document = toml::from_str(std::str::from_utf8(&bytes).ok()?).ok()?;
    let table = document.workspace?.package?;
    let mut lines = Lines::new(&bytes);
    let manifest = Manifest::of(table, &ground.shown(&path), &mut |offset| lines.at(offset)).ok()?;
    Some((folder.to_path_buf(), manifest))
}
