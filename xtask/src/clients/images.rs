//! The job images of the clients, made from nothing but programs of this machine: no base image is ever pulled.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, UNIX_EPOCH};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use super::process;
use super::{Skip, engine};

/// Job image of act and gitlab-ci-local: busybox (sh, tail, sleep, ...) and bash, 4.5 MB.
pub const RUNNER: &str = "roadcrew-test/runner:dev";

/// Helper image of gitlab-ci-local, which copies artifacts by bash and rsync: RUNNER plus rsync, 12 MB.
pub const GITLAB_HELPER: &str = "roadcrew-test/gitlab-helper:dev";

/// Step image of bitbucket-pipeline-runner: RUNNER plus git, GNU tar, install and the docker client, about 60 MB.
pub const BITBUCKET_STEP: &str = "roadcrew-test/bitbucket-step:dev";

/// Label that holds the digest of what an image was made of, so that it is made again only when that changes.
const RECIPE_LABEL: &str = "roadcrew.test.recipe";

/// Bump when the way a root file system is laid out changes.
const RECIPE_VERSION: u32 = 4;

const LIMIT: Duration = Duration::from_secs(60);

/// Makes [`RUNNER`] if it is not there yet (0.5 s). `scratch` is a folder for the root file system while it is packed.
/// Skip: no engine, or no static busybox and bash on this machine and no apt-get to download them.
pub fn act_image(scratch: &Path) -> std::result::Result<&'static str, Skip> {
    make(scratch, RUNNER, &["busybox", "bash"], &[])
}

/// Makes [`GITLAB_HELPER`] if it is not there yet. Arguments and skips as for [`act_image`].
pub fn gitlab_helper_image(scratch: &Path) -> std::result::Result<&'static str, Skip> {
    make(scratch, GITLAB_HELPER, &["busybox", "bash", "rsync"], &[])
}

/// Makes [`BITBUCKET_STEP`] if it is not there yet (about 2 s). Arguments and skips as for [`act_image`].
pub fn bitbucket_step_image(scratch: &Path) -> std::result::Result<&'static str, Skip> {
    make(
        scratch,
        BITBUCKET_STEP,
        &["busybox", "bash", "git", "tar", "install", "docker"],
        &[
            // A file:// clone starts git-upload-pack through sh, which finds it on PATH.
            ("usr/bin/git-upload-pack", "git"),
            // busybox's own sh prefers its applets to programs on PATH, and its tar can't read a list of files.
            ("bin/sh", "bash"),
        ],
    )
}

/// Makes an image named `tag` from `programs` of this machine, each with the shared libraries that it needs, with a link
/// `/bin/APPLET` for everything that busybox can do, and the given further `links` (path in the image, target).
pub fn make(
    scratch: &Path,
    tag: &'static str,
    programs: &[&str],
    links: &[(&str, &str)],
) -> std::result::Result<&'static str, Skip> {
    engine::available()?;
    let build = || -> Result<()> {
        let sources = programs.iter().map(|name| locate(scratch, name)).collect::<Result<Vec<_>>>()?;
        let recipe = recipe(&sources, links)?;
        let template = format!("{{{{index .Config.Labels \"{RECIPE_LABEL}\"}}}}");
        if engine::image_field(tag, &template).is_some_and(|label| label == recipe) {
            return Ok(());
        }
        let replaced = engine::image_field(tag, "{{.Id}}");
        let rootfs = scratch.join(format!("rootfs-{}-{}", std::process::id(), &recipe[..12]));
        let made = lay_out(&rootfs, programs, &sources, links).and_then(|()| {
            engine::import(
                &rootfs,
                tag,
                &[
                    format!("LABEL {RECIPE_LABEL}={recipe}"),
                    "ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin".to_owned(),
                    // A clone gets its .git/info from a template; where git was built to look for one differs by machine.
                    "ENV GIT_TEMPLATE_DIR=/etc/git-template".to_owned(),
                    // Steps have a terminal, where git would wait in a pager.
                    "ENV PAGER=cat".to_owned(),
                    "CMD [\"/bin/sh\"]".to_owned(),
                ],
            )
        });
        let _ = fs::remove_dir_all(&rootfs);
        if made.is_ok() {
            replaced.iter().for_each(|id| engine::remove_image(id));
        }
        made
    };
    build().map(|()| tag).map_err(|error| Skip::new(tag, format!("{error:#}")))
}

/// A program's file on this machine. busybox and bash are taken static: from Debian's packages busybox-static and
/// bash-static where installed, else downloaded and unpacked without installing.
fn locate(scratch: &Path, name: &str) -> Result<PathBuf> {
    let static_package = match name {
        "busybox" => Some(("busybox-static", "bin/busybox")),
        "bash" => Some(("bash-static", "bin/bash-static")),
        _ => None,
    };
    if let Some((package, file)) = static_package {
        // A merged /usr keeps both spellings; a dynamic busybox of the same path still works, with its libraries.
        if let Ok(installed) = fs::canonicalize(Path::new("/").join(file)) {
            return Ok(installed);
        }
        if let Ok(unpacked) = unpack_package(scratch, package, file) {
            return Ok(unpacked);
        }
    }
    process::find_on_path(name).with_context(|| match static_package {
        Some((package, _)) => format!("`{name}` is missing: install the package {package}"),
        None => format!("`{name}` is missing on this machine"),
    })
}

fn unpack_package(scratch: &Path, package: &str, file: &str) -> Result<PathBuf> {
    let target = scratch.join("deb").join(package);
    for found in [target.join(file), target.join("usr").join(file)] {
        if found.is_file() {
            return Ok(found);
        }
    }
    fs::create_dir_all(&target)?;
    let mut download = Command::new("apt-get");
    download.args(["download", package]).current_dir(&target);
    process::read(download, Duration::from_secs(180))?;
    let archive = fs::read_dir(&target)?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .find(|path| path.extension().is_some_and(|extension| extension == "deb"))
        .with_context(|| format!("apt-get downloaded no {package}"))?;
    let mut unpack = Command::new("dpkg-deb");
    unpack.arg("-x").arg(archive).arg(&target);
    process::read(unpack, LIMIT)?;
    let found = [target.join(file), target.join("usr").join(file)].into_iter().find(|path| path.is_file());
    found.with_context(|| format!("{package} holds no {file}"))
}

/// Digest of everything that the image depends on. Size and time stand for a program's content: 50 MB need not be read.
fn recipe(sources: &[PathBuf], links: &[(&str, &str)]) -> Result<String> {
    let mut text = format!("{RECIPE_VERSION} {links:?}");
    for source in sources {
        let meta = fs::metadata(source).with_context(|| source.display().to_string())?;
        let modified_s = meta.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        text += &format!("\n{} {} {modified_s}", source.display(), meta.len());
    }
    Ok(Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect())
}

fn lay_out(rootfs: &Path, programs: &[&str], sources: &[PathBuf], links: &[(&str, &str)]) -> Result<()> {
    let _ = fs::remove_dir_all(rootfs);
    for dir in
        ["bin", "usr/bin", "usr/local/bin", "usr/local/etc", "etc/git-template/info", "root", "tmp", "var/run", "opt"]
    {
        fs::create_dir_all(rootfs.join(dir))?;
    }
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(rootfs.join("tmp"), fs::Permissions::from_mode(0o1777))?;
    fs::write(rootfs.join("etc/passwd"), "root:x:0:0:root:/root:/bin/sh\n")?;
    fs::write(rootfs.join("etc/group"), "root:x:0:\n")?;
    let mut libraries = BTreeSet::new();
    for (name, source) in programs.iter().zip(sources) {
        let dir = if matches!(*name, "busybox" | "bash") { "bin" } else { "usr/bin" };
        fs::copy(source, rootfs.join(dir).join(name)).with_context(|| format!("cannot copy {}", source.display()))?;
        libraries.extend(libraries_of(source)?);
    }
    for library in &libraries {
        let inside = rootfs.join(library.strip_prefix("/").unwrap_or(library));
        fs::create_dir_all(inside.parent().unwrap_or(rootfs))?;
        fs::copy(library, &inside).with_context(|| format!("cannot copy {}", library.display()))?;
    }
    for (path, target) in links {
        std::os::unix::fs::symlink(target, rootfs.join(path))?;
    }
    if programs.contains(&"busybox") {
        for applet in process::read(applet_list(&rootfs.join("bin/busybox")), LIMIT)?.lines() {
            let link = rootfs.join("bin").join(applet);
            // Programs and links given by name win over the applet.
            if !programs.contains(&applet) && fs::symlink_metadata(&link).is_err() {
                std::os::unix::fs::symlink("busybox", link)?;
            }
        }
        // Scripts begin with #!/usr/bin/env; the other programs are found on PATH.
        std::os::unix::fs::symlink("/bin/busybox", rootfs.join("usr/bin/env"))?;
    }
    Ok(())
}

fn applet_list(busybox: &Path) -> Command {
    let mut command = Command::new(busybox);
    command.arg("--list");
    command
}

/// The shared libraries and the loader that a program needs, by `ldd`; none for a static one.
fn libraries_of(program: &Path) -> Result<Vec<PathBuf>> {
    let mut ldd = Command::new("ldd");
    ldd.arg(program);
    let finished = process::run(ldd, LIMIT)?;
    if !finished.success() {
        anyhow::ensure!(finished.log().contains("not a dynamic"), "ldd {}: {}", program.display(), finished.log());
        return Ok(Vec::new());
    }
    // Lines are `name => /path (0x...)` or `/path (0x...)`; the kernel's linux-vdso has no path.
    let paths = finished.stdout.lines().filter_map(|line| line.split_whitespace().find(|word| word.starts_with('/')));
    Ok(paths.map(PathBuf::from).collect())
}
