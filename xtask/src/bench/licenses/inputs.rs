//! Projects to look at: installed by the real package managers from the pins below, or made up with a fixed seed.

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What a web shop of some years has; with what they need themselves about 1,500 entries of a lock file.
const NPM: &[(&str, &str)] = &[
    ("axios", "1.7.9"),
    ("ckeditor5", "44.1.0"),
    ("dompurify", "3.2.4"),
    ("eslint", "8.57.1"),
    ("express", "4.21.2"),
    ("grunt", "1.6.1"),
    ("gulp", "4.0.2"),
    ("highcharts", "12.1.2"),
    ("jest", "29.7.0"),
    ("jquery", "3.7.1"),
    ("json-schema", "0.4.0"),
    ("jsonify", "0.0.1"),
    ("jszip", "3.10.1"),
    ("karma", "6.4.4"),
    ("laravel-mix", "6.0.49"),
    ("less", "4.2.2"),
    ("mocha", "11.1.0"),
    ("node-forge", "1.3.1"),
    ("node-gyp", "11.0.0"),
    ("react", "18.3.1"),
    ("react-dom", "18.3.1"),
    ("sass", "1.85.0"),
    ("typescript", "5.7.3"),
    ("webpack", "5.98.0"),
    ("webpack-dev-server", "5.2.0"),
];

/// Distributions that are small, whole without their dependencies, and declare their licences in every way there is.
const PYTHON: &[&str] = &[
    "alabaster==1.0.0",
    "altgraph==0.17.5",
    "asgiref==3.8.1",
    "astroid==3.3.8",
    "attrs==25.1.0",
    "beautifulsoup4==4.13.3",
    "black==25.1.0",
    "blinker==1.9.0",
    "certifi==2025.1.31",
    "chardet==5.2.0",
    "click==8.1.8",
    "click-didyoumean==0.3.1",
    "click-plugins==1.1.1",
    "click-repl==0.3.0",
    "colorama==0.4.6",
    "cycler==0.12.1",
    "dill==0.3.9",
    "distlib==0.3.9",
    "docutils==0.21.2",
    "filelock==3.17.0",
    "flask==3.1.0",
    "gunicorn==23.0.0",
    "h11==0.14.0",
    "html2text==2025.4.15",
    "httpx==0.28.1",
    "idna==3.10",
    "imagesize==1.4.1",
    "iniconfig==2.0.0",
    "isort==6.0.0",
    "itsdangerous==2.2.0",
    "jinja2==3.1.5",
    "jmespath==1.0.1",
    "kombu==5.4.2",
    "markdown-it-py==3.0.0",
    "mccabe==0.7.0",
    "mdurl==0.1.2",
    "mutagen==1.47.0",
    "packaging==24.2",
    "paramiko==3.5.1",
    "pathspec==0.12.1",
    "platformdirs==4.3.6",
    "pluggy==1.5.0",
    "ply==3.11",
    "pygments==2.19.1",
    "pyinstaller-hooks-contrib==2025.1",
    "pylint==3.3.4",
    "pyparsing==3.2.1",
    "pytest==8.3.4",
    "pytest-cov==6.0.0",
    "python-dateutil==2.9.0.post0",
    "pytz==2025.1",
    "requests==2.32.3",
    "rich==13.9.4",
    "shellingham==1.5.4",
    "six==1.17.0",
    "snowballstemmer==2.2.0",
    "soupsieve==2.6",
    "sphinx==8.1.3",
    "sphinxcontrib-applehelp==2.0.0",
    "sphinxcontrib-devhelp==2.0.0",
    "sphinxcontrib-htmlhelp==2.1.0",
    "sphinxcontrib-jsmath==1.0.1",
    "sphinxcontrib-qthelp==2.0.0",
    "sqlparse==0.5.3",
    "text-unidecode==1.3",
    "tomlkit==0.13.2",
    "tqdm==4.67.1",
    "typer==0.15.1",
    "typing_extensions==4.12.2",
    "unidecode==1.3.8",
    "urllib3==2.3.0",
    "vine==5.1.0",
    "wcwidth==0.2.13",
    "werkzeug==3.1.3",
];

/// Packages of the made-up composer.lock; the largest real one that was looked at has 230.
const COMPOSER_PACKAGES: u64 = 400;
/// How their licences are spread, and how they are written.
const COMPOSER_LICENSES: &[&[&str]] = &[
    &["MIT"],
    &["MIT"],
    &["MIT"],
    &["MIT"],
    &["MIT"],
    &["BSD-3-Clause"],
    &["BSD-3-Clause"],
    &["Apache-2.0"],
    &["LGPL-2.1-or-later"],
    &["BSD-3-Clause", "GPL-2.0-only", "GPL-3.0-only"],
];

pub(super) fn is_on_path(program: &str) -> bool {
    std::env::var_os("PATH").is_some_and(|path| std::env::split_paths(&path).any(|dir| dir.join(program).is_file()))
}

/// Runs a package manager, unless it has run for the same pins before.
pub(super) fn install(folder: &Path, pins: &str, command: &mut Command) -> Result<()> {
    let done = folder.join(".installed");
    if fs::read_to_string(&done).is_ok_and(|installed| installed == pins) {
        return Ok(());
    }
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    fs::create_dir_all(folder)?;
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.current_dir(folder).output().with_context(|| format!("there is no {program}"))?;
    if !output.status.success() {
        bail!("{program} failed: {}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(fs::write(done, pins)?)
}

/// That share of the pins, at least one.
fn share<T>(pins: &[T], percent: u64) -> &[T] {
    let length = (pins.len() * percent as usize / 100).clamp(1, pins.len());
    &pins[..length]
}

/// An npm project with its lock file and tree; no script of a package runs.
pub(super) fn npm(folder: &Path, percent: u64) -> Result<PathBuf> {
    let dependencies: BTreeMap<&str, &str> = share(NPM, percent).iter().copied().collect();
    let manifest = json!({ "name": "bench", "version": "1.0.0", "private": true, "dependencies": dependencies });
    let manifest = serde_json::to_string_pretty(&manifest)?;
    // Its folder is made anew where the pins have changed, so the manifest is handed over by the shell.
    const SCRIPT: &str =
        "printf %s \"$1\" > package.json && npm install --ignore-scripts --no-audit --no-fund --loglevel=error";
    let mut sh = Command::new("sh");
    sh.args(["-c", SCRIPT, "sh", &manifest]);
    install(folder, &manifest, &mut sh)?;
    Ok(folder.to_owned())
}

/// A folder with a virtual environment; nothing is built.
pub(super) fn python(folder: &Path, percent: u64) -> Result<PathBuf> {
    let pins = share(PYTHON, percent);
    const SCRIPT: &str =
        "python3 -m venv .venv && .venv/bin/pip install --quiet --no-deps --only-binary=:all: --no-compile \"$@\"";
    let mut sh = Command::new("sh");
    sh.args(["-c", SCRIPT, "sh"]).args(pins);
    install(folder, &pins.join("\n"), &mut sh)?;
    Ok(folder.to_owned())
}

/// How many distributions lie in the project's environment.
pub(super) fn distributions(project: &Path) -> Result<usize> {
    let mut count = 0;
    for python in fs::read_dir(project.join(".venv/lib"))? {
        for entry in fs::read_dir(python?.path().join("site-packages"))? {
            count += usize::from(entry?.file_name().to_string_lossy().ends_with(".dist-info"));
        }
    }
    Ok(count)
}

/// This workspace's own lock file; its crates lie in cargo's registry, since the bench has just been built with them.
pub(super) fn cargo(folder: &Path, root: &Path) -> Result<PathBuf> {
    fs::create_dir_all(folder)?;
    fs::copy(root.join("Cargo.lock"), folder.join("Cargo.lock"))?;
    Ok(folder.to_owned())
}

/// A composer project as if installed: the manifest, the lock file, and what composer's own list of licences reads.
pub(super) fn composer(folder: &Path, percent: u64) -> Result<PathBuf> {
    let mut random = 2026u64;
    let count = (COMPOSER_PACKAGES * percent / 100).max(2);
    let packages: Vec<Value> = (0..count).map(|index| composer_package(index, next(&mut random))).collect();
    let (shipped, dev) = packages.split_at(packages.len() * 3 / 4);
    let lock = json!({
        "_readme": ["This file locks the dependencies of your project to a known state"],
        "content-hash": format!("{:032x}", next(&mut random)),
        "packages": shipped,
        "packages-dev": dev,
        "aliases": [],
        "minimum-stability": "stable",
        "plugin-api-version": "2.6.0",
    });
    let installed: Vec<Value> = packages.iter().map(installed_package).collect();
    let dev_names: Vec<&Value> = dev.iter().map(|package| &package["name"]).collect();
    let installed = json!({ "packages": installed, "dev": true, "dev-package-names": dev_names });
    let required: BTreeMap<&str, &str> =
        packages.iter().filter_map(|package| Some((package["name"].as_str()?, "*"))).collect();
    let manifest = json!({ "name": "acme/bench", "license": "proprietary", "require": required });
    fs::create_dir_all(folder.join("vendor/composer"))?;
    for name in required.keys() {
        // What has no folder isn't installed for composer, whatever its list says.
        fs::create_dir_all(folder.join("vendor").join(name))?;
    }
    for (name, value) in
        [("composer.json", manifest), ("composer.lock", lock), ("vendor/composer/installed.json", installed)]
    {
        fs::write(folder.join(name), serde_json::to_string_pretty(&value)?)?;
    }
    Ok(folder.to_owned())
}

fn composer_package(index: u64, random: u64) -> Value {
    let licenses = COMPOSER_LICENSES[(random % COMPOSER_LICENSES.len() as u64) as usize];
    let name = format!("acme/part-{index:04}");
    json!({
        "name": name,
        "version": format!("v{}.{}.{}", random % 9, random % 31, random % 7),
        "source": { "type": "git", "url": format!("https://git.example/{name}.git"), "reference": format!("{random:040x}") },
        "dist": { "type": "zip", "url": format!("https://registry.example/{name}.zip"), "reference": format!("{random:040x}") },
        "require": { "php": "^8.2", "psr/log": "^3.0" },
        "require-dev": { "phpunit/phpunit": "^10.5", "squizlabs/php_codesniffer": "^3.7" },
        "type": "library",
        "autoload": { "psr-4": { format!("Acme\\Part{index}\\"): "src/" } },
        "license": licenses,
        "authors": [{ "name": "Acme", "email": "acme@example.org", "homepage": "https://acme.example" }],
        "description": format!("Part {index} of what a shop needs, with a sentence about it that is as long as they are."),
        "keywords": ["acme", "part", "shop"],
        "support": { "issues": format!("https://git.example/{name}/issues"), "source": format!("https://git.example/{name}") },
        "time": "2026-01-31T10:00:00+00:00",
    })
}

fn installed_package(package: &Value) -> Value {
    let mut package = package.clone();
    let path = format!("../{}", package["name"].as_str().unwrap_or_default());
    package["install-path"] = json!(path);
    package
}

/// `SplitMix64` (Steele, Lea, Flood 2014): the same numbers on every machine.
fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// A licence text of an npm tree, with what its package declares.
pub(super) struct Labelled {
    bytes: Vec<u8>,
    license: String,
}

/// The distinct texts of the packages that declare an SPDX expression, by their digest.
pub(super) fn texts(project: &Path) -> Result<BTreeMap<String, Labelled>> {
    let mut found = BTreeMap::new();
    let lock: Value = serde_json::from_slice(&fs::read(project.join("package-lock.json"))?)?;
    for path in lock["packages"].as_object().context("the lock has no packages")?.keys().filter(|path| !path.is_empty())
    {
        let Ok(manifest) = fs::read(project.join(path).join("package.json")) else { continue };
        let manifest: Value = serde_json::from_slice(&manifest).unwrap_or_default();
        let Some(license) = manifest["license"].as_str().filter(|license| super::peers::is_expression(license)) else {
            continue;
        };
        for entry in fs::read_dir(project.join(path))? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().to_ascii_lowercase();
            let is_text = ["license", "licence", "copying"].iter().any(|word| {
                name.strip_prefix(word).is_some_and(|rest| matches!(rest, "" | ".md" | ".txt" | ".markdown"))
            });
            if is_text && entry.path().is_file() {
                let bytes = fs::read(entry.path())?;
                let digest = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
                found.entry(digest).or_insert_with(|| Labelled { bytes, license: license.to_owned() });
            }
        }
    }
    Ok(found)
}

/// Writes each text into a file of its own. Gives the files with what is declared.
pub(super) fn save_texts(texts: &BTreeMap<String, Labelled>, folder: &Path) -> Result<Vec<(PathBuf, String)>> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    fs::create_dir_all(folder)?;
    let saved = texts.iter().map(|(digest, text)| {
        let path = folder.join(&digest[..16]);
        fs::write(&path, &text.bytes)?;
        Ok((path, text.license.clone()))
    });
    saved.collect()
}
