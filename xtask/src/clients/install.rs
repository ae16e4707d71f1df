//! Fetching one program: into a folder beside its final place, checked, then renamed, so that a killed or parallel
//! installation never leaves half a program where the next run looks.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use super::catalogue::{Entry, NpmEntry, PipEntry, Source};
use super::process;
use super::{Skip, Tool};

/// From cold the largest group (npm runners) takes 10 s on a quiet machine.
const FETCH_LIMIT: Duration = Duration::from_secs(600);

/// cargo-deny compiles for some 4 minutes on two quiet cores.
const COMPILE_LIMIT: Duration = Duration::from_secs(2400);

/// `pipeline-runner --version` imports 80 MB of Python on its first start.
const VERSION_LIMIT: Duration = Duration::from_secs(120);

/// The program of `entry`, fetched if it is not there. Any trouble is a [`Skip`].
pub(super) fn install(root: &Path, tools_dir: &Path, entry: &Entry) -> std::result::Result<Tool, Skip> {
    let data = root.join("xtask/clients");
    let made = match &entry.source {
        Source::Pip { group, package, entry: kind } => pip(&data, tools_dir, entry, group, package, kind),
        Source::Npm { group, package, entry: kind } => npm(&data, tools_dir, entry, group, package, kind),
        Source::Cargo { package, version } => cargo(tools_dir, entry, package, version),
        Source::Debian { package } => debian(entry, package),
    };
    made.map_err(|error| Skip::new(entry.name, format!("{error:#}")))
}

fn pip(data: &Path, tools_dir: &Path, entry: &Entry, group: &str, package: &str, kind: &PipEntry) -> Result<Tool> {
    let (abi, python) = python()?;
    let file = data.join("pip").join(format!("{group}.txt"));
    let pins = fs::read_to_string(&file).with_context(|| file.display().to_string())?;
    let version = pin(&pins, package, "==")?;
    // Wheels are built for one Python; the folder's name keeps those of two apart.
    let dir = tools_dir.join("pip").join(format!("{group}-{abi}-{}", digest(&pins)));
    fetch(&dir, |staging| {
        let mut pip = Command::new(&python);
        pip.args(["-m", "pip", "install", "--quiet", "--no-input", "--no-deps", "--disable-pip-version-check"])
            .args(["--no-warn-conflicts", "--root-user-action=ignore", "--only-binary=:all:", "--target"])
            .arg(staging)
            .arg("--requirement")
            .arg(&file);
        process::run(pip, FETCH_LIMIT)?.checked("pip install").map(drop)
    })?;
    let (program, args): (PathBuf, Vec<OsString>) = match kind {
        PipEntry::File(path) => (dir.join(path), Vec::new()),
        PipEntry::Module(module) => (python, vec!["-m".into(), module.into()]),
        PipEntry::Script(script) => (python, vec![data.join(script).into_os_string()]),
    };
    let env = match kind {
        PipEntry::File(_) => Vec::new(),
        // __pycache__ folders must not appear in a checkout, nor in the test projects.
        _ => vec![
            ("PYTHONPATH".to_owned(), dir.clone().into_os_string()),
            ("PYTHONDONTWRITEBYTECODE".to_owned(), "1".into()),
        ],
    };
    verified(entry, Tool { name: entry.name, version, dir, program, args, env })
}

fn npm(data: &Path, tools_dir: &Path, entry: &Entry, group: &str, package: &str, kind: &NpmEntry) -> Result<Tool> {
    let (dir, pins) = npm_group(data, tools_dir, group)?;
    let version = pin(&pins, &package.replace("ARCH", npm_arch()?), "@")?;
    let node = || -> Result<PathBuf> {
        let (dir, _) = npm_group(data, tools_dir, "node")?;
        Ok(dir.join(format!("node_modules/node-linux-{}/bin/node", npm_arch()?)))
    };
    let (program, args): (PathBuf, Vec<OsString>) = match kind {
        NpmEntry::File(path) => (dir.join(path.replace("ARCH", npm_arch()?)), Vec::new()),
        NpmEntry::Node(path) => (node()?, vec![dir.join(path).into_os_string()]),
        NpmEntry::Script(script) => (node()?, vec![data.join(script).into_os_string(), dir.clone().into_os_string()]),
    };
    verified(entry, Tool { name: entry.name, version, dir, program, args, env: Vec::new() })
}

/// Installs an npm group. Each line of its file that is neither empty nor a comment is an argument of `npm install`.
fn npm_group(data: &Path, tools_dir: &Path, group: &str) -> Result<(PathBuf, String)> {
    let file = data.join("npm").join(format!("{group}.txt"));
    let pins = fs::read_to_string(&file).with_context(|| file.display().to_string())?;
    let pins = pins.replace("ARCH", npm_arch()?);
    let dir = tools_dir.join("npm").join(format!("{group}-{}", digest(&pins)));
    fetch(&dir, |staging| {
        anyhow::ensure!(process::on_path("npm"), "no npm on PATH");
        let mut npm = Command::new("npm");
        npm.args(["install", "--loglevel=error", "--no-audit", "--no-fund", "--no-save", "--no-package-lock"])
            .args(["--ignore-scripts", "--update-notifier=false", "--prefix"])
            .arg(staging)
            .args(lines(&pins))
            .current_dir(staging);
        process::run(npm, FETCH_LIMIT)?.checked("npm install").map(drop)
    })?;
    Ok((dir, pins))
}

fn cargo(tools_dir: &Path, entry: &Entry, package: &str, version: &str) -> Result<Tool> {
    let dir = tools_dir.join("cargo").join(format!("{package}-{version}"));
    fetch(&dir, |staging| {
        let mut cargo = Command::new("cargo");
        cargo
            .args(["install", "--quiet", "--locked", "--no-track", "--version", version, "--root"])
            .arg(staging)
            .arg(package)
            // Its objects would fill our target folder, and our flags would slow it down.
            .env_remove("CARGO_TARGET_DIR")
            .env_remove("RUSTFLAGS")
            .env_remove("CARGO_ENCODED_RUSTFLAGS")
            .env("CARGO_PROFILE_RELEASE_LTO", "off")
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0")
            // Outside of the checkout, so that its .cargo/config.toml does not count.
            .current_dir(staging);
        process::run(cargo, COMPILE_LIMIT)?.checked("cargo install").map(drop)
    })?;
    let program = dir.join("bin").join(package);
    let tool = Tool { name: entry.name, version: version.to_owned(), dir, program, args: Vec::new(), env: Vec::new() };
    verified(entry, tool)
}

fn debian(entry: &Entry, package: &str) -> Result<Tool> {
    let program = process::find_on_path(entry.name)
        .with_context(|| format!("not on PATH: install the Debian package {package}"))?;
    let dir = program.parent().map(Path::to_path_buf).unwrap_or_default();
    Ok(Tool { name: entry.name, version: String::new(), dir, program, args: Vec::new(), env: Vec::new() })
}

/// Makes `dir` by `fill`, which gets an empty folder beside it; does nothing when `dir` is there.
fn fetch(dir: &Path, fill: impl FnOnce(&Path) -> Result<()>) -> Result<()> {
    if dir.is_dir() {
        return Ok(());
    }
    let parent = dir.parent().context("a tools folder has a parent")?;
    fs::create_dir_all(parent)?;
    remove_abandoned(parent);
    let name = dir.file_name().unwrap_or_default().to_string_lossy();
    let staging = parent.join(format!("{name}.staging-{}", std::process::id()));
    let _ = fs::remove_dir_all(&staging);
    fs::create_dir_all(&staging)?;
    let filled = fill(&staging).and_then(|()| match fs::rename(&staging, dir) {
        // Somebody else was quicker; theirs is the same.
        Err(_) if dir.is_dir() => Ok(()),
        renamed => Ok(renamed?),
    });
    let _ = fs::remove_dir_all(&staging);
    filled
}

/// Removes what killed installations left: folders that name a process which is gone.
fn remove_abandoned(parent: &Path) {
    for path in fs::read_dir(parent).into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path())) {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if let Some((_, process)) = name.rsplit_once(".staging-")
            && !Path::new("/proc").join(process).exists()
        {
            let _ = fs::remove_dir_all(&path);
        }
    }
}

/// Sees once after installing that the program starts and reports the pinned version; a file in its folder remembers it.
fn verified(entry: &Entry, tool: Tool) -> Result<Tool> {
    let seen = tool.dir.join(format!(".verified-{}", entry.name));
    if fs::read_to_string(&seen).is_ok_and(|text| text == tool.version) {
        return Ok(tool);
    }
    let mut command = tool.command();
    command.args(entry.version_args);
    let finished = process::run(command, VERSION_LIMIT)?.checked(&format!("{} --version", entry.name))?;
    anyhow::ensure!(
        finished.log().contains(&tool.version),
        "version {} was pinned, but it says: {}",
        tool.version,
        finished.tail(1)
    );
    fs::write(&seen, &tool.version)?;
    Ok(tool)
}

/// The version that a list of pins gives to `package`: the rest of the line `PACKAGE==VERSION` or `PACKAGE@VERSION`.
fn pin(pins: &str, package: &str, separator: &str) -> Result<String> {
    let found = lines(pins).find_map(|line| line.strip_prefix(package)?.strip_prefix(separator));
    found.map(str::to_owned).with_context(|| format!("no pinned version of {package}"))
}

fn lines(pins: &str) -> impl Iterator<Item = &str> {
    pins.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'))
}

fn digest(text: &str) -> String {
    Sha256::digest(text.as_bytes())[..4].iter().map(|byte| format!("{byte:02x}")).collect()
}

/// This machine's Python as `py3.11` and its real file: a version manager's shim on PATH costs 100 ms a start.
fn python() -> Result<(String, PathBuf)> {
    static FOUND: std::sync::OnceLock<std::result::Result<(String, PathBuf), String>> = std::sync::OnceLock::new();
    let find = || -> Result<(String, PathBuf)> {
        anyhow::ensure!(process::on_path("python3"), "no python3 on PATH");
        let mut python = Command::new("python3");
        python.args(["-c", "import sys; print('py%d.%d' % sys.version_info[:2]); print(sys.executable)"]);
        let text = process::read(python, VERSION_LIMIT)?;
        let (abi, file) = text.split_once('\n').context("python3 printed no path")?;
        Ok((abi.to_owned(), PathBuf::from(file)))
    };
    FOUND.get_or_init(|| find().map_err(|error| format!("{error:#}"))).clone().map_err(anyhow::Error::msg)
}

fn npm_arch() -> Result<&'static str> {
    match std::env::consts::ARCH {
        "x86_64" => Ok("x64"),
        "aarch64" => Ok("arm64"),
        other => anyhow::bail!("no node is packaged for {other}"),
    }
}
