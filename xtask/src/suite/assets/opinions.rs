//! Second opinions on S3: servers that others wrote take a release, the same again, the next, a rollback and a tidying. What is
//! stored is looked at where they store it, behind the back of S3.
//!
//! Where one of them is another S3 than AWS's says [`Opinion`].

use super::super::static_checks::ensure;
use super::super::{Outcome, World, outcome};
use super::TOOL;
use super::servers::{Server, Stored};
use crate::clients::process;
use anyhow::{Context, Result};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

const LIMIT: Duration = Duration::from_secs(60);
/// More than one part of an upload.
const LARGE_BYTES: usize = 9 << 20;
/// Longer than prune waits before it removes anything.
const LONG_AGO: Duration = Duration::from_secs(48 * 3600);

/// A server, and where it differs.
struct Opinion {
    name: &'static str,
    start: fn(&World) -> Result<Server>,
    /// Whether a write under `If-None-Match: *` is refused where something is. Without it a name that somebody else has taken with
    /// other bytes is not noticed, but written over.
    refuses_taken_names: bool,
    /// Whether LastModified is the time of the file. rclone remembers the time of the write; nothing can be made older for it.
    tells_file_times: bool,
}

const OPINIONS: [Opinion; 3] = [
    Opinion { name: "rclone serve s3", start: Server::rclone, refuses_taken_names: false, tells_file_times: false },
    Opinion { name: "s3s-fs", start: Server::s3s_fs, refuses_taken_names: true, tells_file_times: true },
    Opinion { name: "moto", start: Server::moto, refuses_taken_names: true, tells_file_times: false },
];

/// Asks all of them.
pub(super) fn run(world: &World) -> Vec<(String, Outcome)> {
    let asked = |opinion: &Opinion| {
        (format!("a release, the next, back and tidied, by {}", opinion.name), outcome(tell(world, opinion)))
    };
    OPINIONS.iter().map(asked).collect()
}

fn tell(world: &World, opinion: &Opinion) -> Result<usize> {
    let folder = world.folder.join("assets/opinions").join(opinion.name.replace(' ', "-"));
    fs::create_dir_all(&folder)?;
    let program = world.root.join("dist/x86_64-unknown-linux-musl").join(TOOL);
    ensure(program.is_file(), &format!("{} is not there; the stage `images` makes it", program.display()), "")?;
    let bucket = Bucket { server: (opinion.start)(world)?, folder, program };

    let first = bucket.publish("one", "s")?;
    ensure(bucket.publish("one", "s")? == first, "the same files have other names", "")?;
    ensure(bucket.writes("publish")? == 0, "a release that changes nothing writes", "")?;
    let second = bucket.publish("two", "s")?;
    bucket.holds("one", &first)?;

    bucket.run("rollback", &["rollback", "--prefix", "s"], &[0])?;
    bucket.page_is_of("one")?;
    let down = bucket.folder.join("down");
    bucket.run("pull", &["pull", &down.display().to_string(), "--prefix", "s"], &[0])?;
    let large = |place: &Path| fs::read(place.join("film.bin"));
    ensure(large(&down)? == large(&bucket.tree("one")?)?, "what comes down is not what went up", "")?;

    let third = bucket.publish("three", "s")?;
    bucket.page_is_of("three")?;
    let prune = ["prune", "--keep-releases", "1", "--prefix", "s"];
    bucket.run("prune", &prune, &[0])?;
    for (release, names) in [("one", &first), ("two", &second), ("three", &third)] {
        bucket.holds(release, names)?;
    }
    let mut checks = 12;
    if let Stored::In(place) = &bucket.server.stored
        && opinion.tells_file_times
    {
        let aged = age(place)?;
        ensure(aged > 10, "there is nothing to be tidied", "")?;
        bucket.run("prune", &prune, &[0])?;
        bucket.holds("one", &first)?;
        bucket.holds("three", &third)?;
        let kept: BTreeSet<&String> = first.values().chain(third.values()).collect();
        // s3s-fs says that the keys of its lists are encoded, and encodes none: `+` is then read as a blank, and such a key is
        // nobody's, which prune leaves alone.
        let gone: Vec<&String> = second.values().filter(|name| !kept.contains(name) && !name.contains('+')).collect();
        ensure(!gone.is_empty(), "the second release has no file of its own", "")?;
        for name in gone {
            ensure(
                bucket.stored(name)?.is_none(),
                &format!("{name} is still there, though no kept release names it"),
                "",
            )?;
        }
        checks += 3;
    }
    bucket.taken(opinion)?;
    Ok(checks + 1)
}

/// Gives all files of a folder a time long ago. Returns how many there are.
fn age(place: &Path) -> Result<usize> {
    let mut count = 0;
    for entry in fs::read_dir(place)? {
        let path = entry?.path();
        if path.is_dir() {
            count += age(&path)?;
        } else {
            let file = fs::File::options().append(true).open(&path)?;
            file.set_modified(std::time::SystemTime::now() - LONG_AGO)?;
            count += 1;
        }
    }
    Ok(count)
}

/// Published names, by path.
type Names = BTreeMap<String, String>;

struct Bucket {
    server: Server,
    folder: PathBuf,
    program: PathBuf,
}

impl Bucket {
    /// A small site whose files name each other, with fresh file times.
    fn tree(&self, release: &str) -> Result<PathBuf> {
        let tree = self.folder.join(format!("tree-{release}"));
        fs::create_dir_all(&tree)?;
        fs::write(
            tree.join("index.html"),
            "<!doctype html><script type=\"module\" src=\"app.js\"></script><title>shop</title>\n",
        )?;
        fs::write(tree.join("app.js"), "import { release } from './names é+.js';\nconsole.log(release);\n")?;
        fs::write(tree.join("names é+.js"), format!("export const release = '{release}';\n"))?;
        fs::write(tree.join("empty.txt"), "")?;
        fs::write(tree.join("film.bin"), release.as_bytes().repeat(LARGE_BYTES / release.len()))?;
        Ok(tree)
    }

    /// Publishes a release; every file of it is then there.
    fn publish(&self, release: &str, prefix: &str) -> Result<Names> {
        let (tree, names) = (self.tree(release)?.display().to_string(), self.folder.join("names.json"));
        let names = names.display().to_string();
        self.run("publish", &["publish", &tree, "--prefix", prefix, "--manifest-file", &names], &[0])?;
        let names: Names = serde_json::from_slice(&fs::read(&names)?)?;
        ensure(names.len() == 5, &format!("not all files are published: {names:?}"), "")?;
        if prefix == "s" {
            self.holds(release, &names)?;
            self.page_is_of(release)?;
        }
        Ok(names)
    }

    /// Every file of a release is stored, and what is not rewritten has its bytes.
    fn holds(&self, release: &str, names: &Names) -> Result<()> {
        for (path, name) in names {
            let bytes = self.stored(name)?.with_context(|| format!("{path} of {release} is not stored as {name}"))?;
            let is_rewritten = matches!(path.as_str(), "index.html" | "app.js");
            let source = fs::read(self.folder.join(format!("tree-{release}")).join(path))?;
            ensure(is_rewritten || bytes == source, &format!("{name} holds other bytes than {path} of {release}"), "")?;
        }
        Ok(())
    }

    /// The page leads to a release.
    fn page_is_of(&self, release: &str) -> Result<()> {
        let text = |name: &str| -> Result<String> {
            let bytes = self.stored(name)?.with_context(|| format!("{name} is not there"))?;
            Ok(String::from_utf8(bytes)?)
        };
        let between = |text: &str, before: &str, after: char| -> Option<String> {
            Some(text.split(before).nth(1)?.split(after).next()?.to_owned())
        };
        let page = text("index.html")?;
        let app = text(&between(&page, "src=\"", '"').context("the page names no script")?)?;
        let name = between(&app, "from './", '\'').context("the script imports nothing")?;
        let name = name.replace("%20", " ").replace("%C3%A9", "é").replace("%2B", "+");
        let names = text(&name)?;
        ensure(names.contains(&format!("'{release}'")), &format!("the page leads not to {release}"), &names)
    }

    /// A key below the prefix, as the server stores it.
    fn stored(&self, name: &str) -> Result<Option<Vec<u8>>> {
        self.server.stored(&format!("s/{name}"))
    }

    /// Somebody else has taken the name of a file of the next release.
    fn taken(&self, opinion: &Opinion) -> Result<()> {
        let names = self.publish("four", "elsewhere")?;
        let name = names.get("names é+.js").context("no name")?;
        self.server.store(&format!("s/{name}"), b"of somebody else")?;
        let tree = self.tree("four")?.display().to_string();
        let publish = ["publish", &tree, "--prefix", "s"];
        if opinion.refuses_taken_names {
            let log = self.run("taken", &publish, &[1])?;
            ensure(log.contains("key-taken"), "it is not said that the key is taken", &log)?;
            return self.page_is_of("three");
        }
        self.run("taken", &publish, &[0])?;
        self.page_is_of("four")
    }

    /// Requests of the last run of this name that changed something.
    fn writes(&self, name: &str) -> Result<u64> {
        let report: Value = serde_json::from_slice(&fs::read(self.folder.join(format!("{name}.json")))?)?;
        let requests = report["requests"].as_object().context("a report without requests")?;
        let is_write = |kind: &str| matches!(kind, "PUT" | "COPY" | "DELETE") || kind.starts_with("MP_");
        Ok(requests.iter().filter(|(kind, _)| is_write(kind)).filter_map(|(_, count)| count.as_u64()).sum())
    }

    /// Runs the tool; its report is kept under `name`.
    fn run(&self, name: &str, words: &[&str], codes: &[i32]) -> Result<String> {
        let mut command = Command::new(&self.program);
        command.env_clear().current_dir(&self.folder).envs(self.server.keys.iter().map(|(name, value)| (name, value)));
        command.args(words).args(["--bucket", "shop-assets", "--region", "us-east-1"]);
        command.args(["--endpoint-url", &self.server.url, "--json", &format!("{name}.json")]);
        let done = process::run_merged(command, LIMIT)?;
        let is_expected = done.code.is_some_and(|code| codes.contains(&code));
        ensure(is_expected, &format!("{words:?} ended with {:?}, not {codes:?}", done.code), &done.log())?;
        Ok(done.log())
    }
}
