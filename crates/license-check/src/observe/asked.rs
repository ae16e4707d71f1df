//! What the manifest beside a lock file asks for: a lock file that has nothing of it is cut off, or of another day.

use super::find::{Kind, List};
use super::lock::Lock;
use super::locks::python::normalized_name;
use std::collections::BTreeSet;

/// Bytes of a manifest that people write.
pub const MAX_MANIFEST_BYTES: u64 = 4 << 20;

/// Names of packages, as the ecosystem compares them.
type Names = BTreeSet<String>;

/// Why a list can't be all there is: a manifest beside it (of JavaScript's workspaces also those of members, which stand in
/// `manifests`) asks for packages, and not one of them is listed. `None` where one is, where nothing is asked for, and where
/// no manifest says so. `beside` gives a file's bytes by its path relative to the root.
pub fn unanswered(
    list: &List,
    lock: &Lock,
    manifests: &[String],
    beside: &dyn Fn(&str) -> Option<Vec<u8>>,
) -> Option<String> {
    let (manifest, remedy) = match list.kind {
        Kind::Composer => ("composer.json", "composer update --lock"),
        Kind::Npm => ("package.json", "npm install --package-lock-only"),
        Kind::Yarn => ("package.json", "yarn install"),
        Kind::Pnpm => ("package.json", "pnpm install --lockfile-only"),
        Kind::Bun => ("package.json", "bun install --lockfile-only"),
        Kind::Cargo => ("Cargo.toml", "cargo generate-lockfile"),
        Kind::Poetry => ("pyproject.toml", "poetry lock"),
        Kind::Uv => ("pyproject.toml", "uv lock"),
        Kind::Pdm => ("pyproject.toml", "pdm lock"),
        Kind::Pipfile => ("Pipfile", "pipenv lock"),
        // Of several (`pylock.tests.toml`) each has a part.
        Kind::Pylock if list.path.ends_with("pylock.toml") => ("pyproject.toml", "pip lock ."),
        _ => return None,
    };
    let path = list.beside(manifest);
    let small = |path: &str| beside(path).filter(|bytes| bytes.len() as u64 <= MAX_MANIFEST_BYTES);
    let bytes = small(&path)?;
    let mut asked = match manifest {
        "composer.json" => of_composer(&bytes),
        "package.json" => of_workspaces(&bytes, list, manifests, &small),
        "Cargo.toml" => of_cargo(&bytes),
        "Pipfile" => of_pipfile(&bytes),
        _ => of_pyproject(&bytes, matches!(list.kind, Kind::Poetry | Kind::Uv)),
    };
    let listed = lock.packages.iter().map(|package| package.name.as_str());
    let aliases = lock.packages.iter().flat_map(|package| &package.installed_at);
    let aliases = aliases.filter_map(|place| place.rsplit_once("node_modules/").map(|(_, name)| name));
    for name in listed.chain(aliases) {
        if asked.contains(name) || asked.contains(&name.to_ascii_lowercase()) {
            return None;
        }
    }
    let first = asked.pop_first()?;
    let more = if asked.is_empty() { String::new() } else { format!(" and {} more", asked.len()) };
    Some(format!(
        "it has nothing of what {path} asks for ({first:.80}{more}), so it is cut off or out of date; run `{remedy}` and commit it"
    ))
}

/// Whether a manifest of PHP or JavaScript asks for anything. One that can't be read asks for nothing that is known.
pub fn asks_for_any(path: &str, bytes: &[u8]) -> bool {
    let asked = if path.ends_with("composer.json") { of_composer(bytes) } else { of_package_json(bytes, true) };
    !asked.is_empty()
}

fn of_composer(bytes: &[u8]) -> Names {
    let manifest: serde_json::Value = serde_json::from_slice(bytes).unwrap_or_default();
    let fields = ["require", "require-dev"].into_iter().filter_map(|field| manifest.get(field)?.as_object());
    // Names without a vendor are the platform's: <https://getcomposer.org/doc/01-basic-usage.md#platform-packages>.
    fields
        .flat_map(serde_json::Map::keys)
        .filter(|name| name.contains('/'))
        .map(|name| name.to_ascii_lowercase())
        .collect()
}

/// What a package.json asks for; of the project's own folders too when those are `with_folders`.
fn of_package_json(bytes: &[u8], with_folders: bool) -> Names {
    let manifest: serde_json::Value = serde_json::from_slice(bytes).unwrap_or_default();
    let fields = ["dependencies", "devDependencies", "optionalDependencies"];
    let fields = fields.into_iter().filter_map(|field| manifest.get(field)?.as_object());
    let is_folder = |range: &str| {
        ["workspace:", "file:", "link:", "portal:", ".", "/", "~/"].iter().any(|start| range.starts_with(start))
    };
    let all = fields.flatten().filter(|(_, range)| with_folders || !range.as_str().is_some_and(is_folder));
    all.map(|(name, _)| name.clone()).collect()
}

/// A package.json, where it is a workspace's with those of its members: what they ask of each other is nobody else's.
fn of_workspaces(bytes: &[u8], list: &List, manifests: &[String], small: &dyn Fn(&str) -> Option<Vec<u8>>) -> Names {
    let mut asked = of_package_json(bytes, false);
    let manifest: serde_json::Value = serde_json::from_slice(bytes).unwrap_or_default();
    if manifest.get("workspaces").is_none() && small(&list.beside("pnpm-workspace.yaml")).is_none() {
        return asked;
    }
    let top = list.beside("");
    let mut own = Names::new();
    for bytes in manifests.iter().filter(|path| path.starts_with(&top)).filter_map(|path| small(path)) {
        asked.extend(of_package_json(&bytes, false));
        let member: serde_json::Value = serde_json::from_slice(&bytes).unwrap_or_default();
        own.extend(member.get("name").and_then(|name| Some(name.as_str()?.to_owned())));
    }
    asked.retain(|name| !own.contains(name));
    asked
}

fn toml(bytes: &[u8]) -> toml::Table {
    std::str::from_utf8(bytes).ok().and_then(|text| toml::from_str(text).ok()).unwrap_or_default()
}

fn table<'t>(table: &'t toml::Table, path: &[&str]) -> Option<&'t toml::Table> {
    path.iter().try_fold(table, |table, key| table.get(*key)?.as_table())
}

/// <https://doc.rust-lang.org/cargo/reference/specifying-dependencies.html>
fn of_cargo(bytes: &[u8]) -> Names {
    let manifest = toml(bytes);
    let shared = table(&manifest, &["workspace", "dependencies"]);
    let targets = table(&manifest, &["target"]).into_iter().flat_map(toml::Table::values);
    let mut asked = Names::new();
    for holder in targets.filter_map(toml::Value::as_table).chain([&manifest]) {
        for field in ["dependencies", "dev-dependencies", "build-dependencies"] {
            for (key, value) in holder.get(field).and_then(toml::Value::as_table).into_iter().flatten() {
                let inherits = value.get("workspace").and_then(toml::Value::as_bool) == Some(true);
                let value = if inherits { shared.and_then(|shared| shared.get(key)).unwrap_or(value) } else { value };
                if value.get("path").is_none() {
                    asked.insert(value.get("package").and_then(toml::Value::as_str).unwrap_or(key).to_owned());
                }
            }
        }
    }
    asked
}

/// <https://packaging.python.org/en/latest/specifications/pyproject-toml/>, its dependency groups, and Poetry's own tables.
/// Not every lock of PDM and pip has the groups.
fn of_pyproject(bytes: &[u8], with_groups: bool) -> Names {
    let manifest = toml(bytes);
    let project = table(&manifest, &["project"]);
    let mut requirements: Vec<&toml::Value> =
        project.and_then(|project| project.get("dependencies")).into_iter().collect();
    let mut asked = Names::new();
    if with_groups {
        let groups = [&["project", "optional-dependencies"][..], &["dependency-groups"]];
        requirements.extend(groups.iter().filter_map(|path| table(&manifest, path)).flat_map(toml::Table::values));
        requirements.extend(table(&manifest, &["tool", "uv"]).and_then(|uv| uv.get("dev-dependencies")));
        let poetry = table(&manifest, &["tool", "poetry"]);
        let groups = poetry.and_then(|poetry| table(poetry, &["group"])).into_iter().flat_map(toml::Table::values);
        let tables = groups.filter_map(|group| group.get("dependencies")?.as_table());
        let own = poetry.into_iter().flat_map(|poetry| {
            ["dependencies", "dev-dependencies"].into_iter().filter_map(|field| table(poetry, &[field]))
        });
        let all = tables.chain(own).flatten();
        // What holds for some interpreters only may be left out of the lock.
        let holds = |value: &toml::Value| value.get("markers").is_none() && value.get("python").is_none();
        asked.extend(
            all.filter(|(name, value)| *name != "python" && holds(value)).map(|(name, _)| normalized_name(name)),
        );
    }
    let strings = requirements.iter().filter_map(|list| list.as_array()).flatten().filter_map(toml::Value::as_str);
    asked.extend(strings.filter(|text| !text.contains(';')).filter_map(name_of));
    // Extras may name the project itself: `all = ["shop[a,b]"]`.
    if let Some(own) = project.and_then(|project| project.get("name")?.as_str()) {
        asked.remove(&normalized_name(own));
    }
    asked
}

/// <https://pipenv.pypa.io/en/latest/pipfile.html>
fn of_pipfile(bytes: &[u8]) -> Names {
    let manifest = toml(bytes);
    let fields = ["packages", "dev-packages"].into_iter().filter_map(|field| table(&manifest, &[field]));
    let holds = |value: &toml::Value| value.get("markers").is_none() && value.get("path").is_none();
    fields.flatten().filter(|(_, value)| holds(value)).map(|(name, _)| normalized_name(name)).collect()
}

/// The name that a requirement begins with: <https://packaging.python.org/en/latest/specifications/dependency-specifiers/>.
fn name_of(requirement: &str) -> Option<String> {
    let text = requirement.trim_start();
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || "._-".contains(c))).unwrap_or(text.len());
    (end > 0).then(|| normalized_name(&text[..end]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::package::{Ecosystem, Package, Place};

    fn said(kind: Kind, list: &str, listed: &[&str], files: &[(&str, &str)]) -> Option<String> {
        let list = List { path: list.to_owned(), kind };
        let package = |name: &&str| Package::new(Ecosystem::Npm, *name, "1", Place::default());
        let lock = Lock { packages: listed.iter().map(package).collect(), ..Lock::default() };
        let manifests: Vec<String> = files.iter().map(|(path, _)| (*path).to_owned()).collect();
        let beside =
            |path: &str| files.iter().find(|(name, _)| *name == path).map(|(_, text)| text.as_bytes().to_vec());
        unanswered(&list, &lock, &manifests, &beside)
    }

    #[test]
    fn a_lock_without_anything_that_is_asked_for_is_not_all() {
        for (kind, list, listed, manifest, text) in [
            (Kind::Composer, "composer.lock", "Acme/A", "composer.json", r#"{"require": {"php": "8", "acme/a": "1"}}"#),
            (Kind::Npm, "ui/package-lock.json", "a", "ui/package.json", r#"{"devDependencies": {"a": "^1"}}"#),
            (Kind::Yarn, "yarn.lock", "a", "package.json", r#"{"dependencies": {"a": "^1", "b": "file:b"}}"#),
            (Kind::Pnpm, "pnpm-lock.yaml", "a", "package.json", r#"{"optionalDependencies": {"a": "^1"}}"#),
            (Kind::Cargo, "Cargo.lock", "a", "Cargo.toml", "[target.x.dev-dependencies]\nb = {package = 'a'}"),
            (
                Kind::Cargo,
                "Cargo.lock",
                "a",
                "Cargo.toml",
                "[dependencies]\na.workspace = true\n[workspace.dependencies]\na = '1'",
            ),
            (Kind::Poetry, "poetry.lock", "a-b", "pyproject.toml", "[tool.poetry.group.x.dependencies]\nA_b = '1'"),
            (
                Kind::Uv,
                "uv.lock",
                "a",
                "pyproject.toml",
                "[dependency-groups]\ndev = ['a[x]>1', {include-group = 'y'}]",
            ),
            (Kind::Pdm, "pdm.lock", "a", "pyproject.toml", "[project]\nname = 'p'\ndependencies = ['a']"),
            (Kind::Pipfile, "Pipfile.lock", "a", "Pipfile", "[packages]\na = '*'"),
        ] {
            let why = said(kind, list, &["shop"], &[(manifest, text)]).unwrap_or_else(|| panic!("{kind:?} is empty"));
            assert!(why.contains(manifest) && why.to_lowercase().contains(&listed.to_lowercase()), "{why}");
            assert_eq!(said(kind, list, &["shop", listed], &[(manifest, text)]), None, "{kind:?}");
            assert_eq!(said(kind, list, &[], &[(manifest, "")]), None, "{kind:?}: one that says nothing");
        }
    }

    #[test]
    fn what_no_lock_need_have_is_not_asked_for() {
        for (kind, list, manifest, text) in [
            (Kind::Composer, "composer.lock", "composer.json", r#"{"require": {"php": "8", "ext-json": "*"}}"#),
            (
                Kind::Npm,
                "package-lock.json",
                "package.json",
                r#"{"dependencies": {"a": "file:../a", "b": "workspace:*"}}"#,
            ),
            (Kind::Cargo, "Cargo.lock", "Cargo.toml", "[dependencies]\na = {path = 'a', version = '1'}"),
            (
                Kind::Poetry,
                "poetry.lock",
                "pyproject.toml",
                "[tool.poetry.dependencies]\npython = '3'\na = {version = '1', python = '<3'}",
            ),
            (
                Kind::Uv,
                "uv.lock",
                "pyproject.toml",
                "[project]\nname = 'p'\ndependencies = ['a; sys_platform == \"x\"']",
            ),
            (Kind::Uv, "uv.lock", "pyproject.toml", "[project]\nname = 'p'\noptional-dependencies.all = ['p[x]']"),
            (Kind::Pdm, "pdm.lock", "pyproject.toml", "[dependency-groups]\ndev = ['a']"),
            (Kind::Pylock, "pylock.tests.toml", "pyproject.toml", "[project]\ndependencies = ['a']"),
        ] {
            assert_eq!(said(kind, list, &[], &[(manifest, text)]), None, "{kind:?}");
        }
    }

    #[test]
    fn members_of_a_workspace_ask_too_and_not_of_each_other() {
        let root = ("w/package.json", r#"{"workspaces": ["*"], "dependencies": {"one": "1"}}"#);
        let one = ("w/one/package.json", r#"{"name": "one", "dependencies": {"x": "1"}}"#);
        let other = ("package.json", r#"{"dependencies": {"y": "1"}}"#);
        let why = said(Kind::Yarn, "w/yarn.lock", &[], &[root, one, other]).expect("x is missing");
        assert!(why.contains("(x)"), "{why}");
        assert_eq!(said(Kind::Yarn, "w/yarn.lock", &["x"], &[root, one, other]), None);
        assert_eq!(said(Kind::Yarn, "w/yarn.lock", &[], &[root, other]), said(Kind::Yarn, "w/yarn.lock", &[], &[root]));
        let lonely = ("w/one/package.json", r#"{"name": "one"}"#);
        assert_eq!(said(Kind::Yarn, "w/yarn.lock", &[], &[root, lonely]), None);
    }
}
