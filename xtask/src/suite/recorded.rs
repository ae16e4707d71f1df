//! The recorded files of the shop: made again by the commands that their README shows, and compared.

use super::{Outcome, World, outcome};
use crate::clients::{Skip, process, workspace};
use anyhow::{Context, Result, bail, ensure};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// `npm ci` of vitest and its 90 packages takes 6 s on a quiet machine, all the rest 5 s.
const LIMIT: Duration = Duration::from_secs(600);

/// How many differing lines of a file are shown.
const LINES_SHOWN: usize = 5;

/// How much of a line is shown, in characters: Istanbul's report is one line.
const WIDTH_SHOWN: usize = 160;

/// Attributes that differ from run to run, as the README says.
const VARYING: [&str; 3] = ["time", "timestamp", "generated"];

/// The one report whose suites may stand in another order, as the README says.
const UNORDERED: &str = "vitest-junit.xml";

/// Runs it.
pub(super) fn run(world: &World) -> Vec<(String, Outcome)> {
    vec![("the recorded files, made again".to_owned(), outcome(made_again(world)))]
}

fn made_again(world: &World) -> Result<usize> {
    let shop = world.root.join("examples/shop");
    let readme = std::fs::read_to_string(shop.join("recorded/README.md"))?;
    let script = script(&readme)?;
    let path = programs(world)?;
    let folder = world.folder.join("recorded");
    let (out, temporary) = (folder.join("shop/recorded"), folder.join("tmp"));
    workspace::copy_dir(&shop.join("web"), &folder.join("shop/web"))?;
    std::fs::create_dir_all(&out)?;
    std::fs::create_dir_all(&temporary)?;
    let mut command = Command::new("sh");
    command.args(["-e", "-c", &script]).current_dir(&out).env("PATH", path).env("TMPDIR", &temporary);
    let done = process::run_merged(command, LIMIT)?;
    if !done.success() && is_offline(&done.log()) {
        return Err(Skip::new("npm registry", "npm ci reached none").into());
    }
    done.checked("the README's commands")?;
    compare(&shop.join("recorded"), &out)
}

/// The README's one block of shell lines without the line that installs Debian packages, which is `.ci/run`'s business.
fn script(readme: &str) -> Result<String> {
    let mut blocks = readme.split("\n```sh\n").skip(1);
    let block = blocks.next().and_then(|rest| rest.split_once("\n```")).context("the README shows no commands")?.0;
    ensure!(blocks.next().is_none(), "the README shows two blocks of commands, and only one would be run");
    let lines = block.lines().filter(|line| !line.starts_with("apt-get "));
    Ok(lines.map(|line| format!("{line}\n")).collect())
}

/// PATH with the suite's node in front, since Debian's is too old for vitest. Errors: a [`Skip`] of what is missing.
fn programs(world: &World) -> Result<std::ffi::OsString> {
    for (program, package) in [("php", "php-cli"), ("phpunit", "phpunit"), ("composer", "composer"), ("npm", "npm")] {
        if !process::on_path(program) {
            return Err(Skip::new(program, format!("not on PATH: install the Debian package {package}")).into());
        }
    }
    let mut modules = Command::new("php");
    modules.arg("-m");
    let modules = process::read(modules, Duration::from_secs(60))?.to_lowercase();
    for (module, package) in [("dom", "php-xml"), ("mbstring", "php-mbstring"), ("xdebug", "php-xdebug")] {
        if !modules.lines().any(|line| line == module) {
            return Err(Skip::new(package, format!("PHP has no {module}: install the Debian package {package}")).into());
        }
    }
    let node = PathBuf::from(world.clients.tool("node")?.command().get_program());
    let folder = node.parent().context("node lies in no folder")?.to_owned();
    let rest = std::env::var_os("PATH").unwrap_or_default();
    Ok(std::env::join_paths(std::iter::once(folder).chain(std::env::split_paths(&rest)))?)
}

/// npm begins each line of such an error with `npm error network` (from version 10) or `npm ERR! network`.
fn is_offline(log: &str) -> bool {
    log.lines().any(|line| line.starts_with("npm error network") || line.starts_with("npm ERR! network"))
}

/// Every committed file was made, nothing else was, and each is the same but for what may vary. The number of files.
fn compare(committed: &Path, made: &Path) -> Result<usize> {
    let (committed, made) = (recordings(committed)?, recordings(made)?);
    let mut problems = Vec::new();
    for name in made.keys().filter(|name| !committed.contains_key(*name)) {
        problems.push(format!("{name} was made, but is not committed"));
    }
    for (name, before) in &committed {
        match made.get(name) {
            None => problems.push(format!("{name} was not made by the README's commands")),
            Some(now) => problems.extend(differences(name, before, now)),
        }
    }
    ensure!(!committed.is_empty(), "there are no recorded files");
    if problems.is_empty() { Ok(committed.len()) } else { bail!("{}", problems.join("\n")) }
}

/// The texts of a folder's files by name, without the README and without what may vary.
fn recordings(folder: &Path) -> Result<BTreeMap<String, String>> {
    let mut texts = BTreeMap::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if name != "README.md" {
            let text = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
            texts.insert(name.clone(), settled(&name, &text));
        }
    }
    Ok(texts)
}

/// A file's text without what may differ from run to run.
fn settled(name: &str, text: &str) -> String {
    if !name.ends_with(".xml") {
        return text.to_owned();
    }
    let lines: Vec<String> = text.lines().map(without_varying).collect();
    if name == UNORDERED { in_order(&lines).join("\n") } else { lines.join("\n") }
}

fn without_varying(line: &str) -> String {
    let mut line = line.to_owned();
    for attribute in VARYING {
        let opening = format!(" {attribute}=\"");
        while let Some(at) = line.find(&opening) {
            let value = at + opening.len();
            let Some(length) = line[value..].find('"') else { break };
            line.replace_range(at..=value + length, "");
        }
    }
    line
}

/// The lines with the outermost suites (those that one step of indentation opens and closes) sorted.
fn in_order(lines: &[String]) -> Vec<String> {
    let mut suites: Vec<&[String]> = Vec::new();
    let (mut head, mut rest) = (Vec::new(), lines);
    while let Some(from) = rest.iter().position(|line| line.starts_with("    <testsuite ")) {
        let Some(length) = rest[from..].iter().position(|line| line == "    </testsuite>") else { break };
        head.extend_from_slice(&rest[..from]);
        suites.push(&rest[from..=from + length]);
        rest = &rest[from + length + 1..];
    }
    suites.sort();
    [head, suites.concat(), rest.to_vec()].concat()
}

/// The first lines that differ, for a person; nothing when none does.
fn differences(name: &str, committed: &str, made: &str) -> Option<String> {
    let (before, now): (Vec<&str>, Vec<&str>) = (committed.lines().collect(), made.lines().collect());
    let count = before.len().max(now.len());
    let line = |lines: &[&str], at: usize| lines.get(at).copied().unwrap_or("(the file ends)").to_owned();
    let differing: Vec<usize> = (0..count).filter(|at| before.get(*at) != now.get(*at)).collect();
    if differing.is_empty() {
        return None;
    }
    let mut text =
        format!("{name} differs in {} lines (- committed, + made; lines are counted as compared):", differing.len());
    for at in differing.iter().take(LINES_SHOWN) {
        let (old, new) = (line(&before, *at), line(&now, *at));
        let (old, new) = around_difference(&old, &new);
        text += &format!("\n  line {}\n  - {old}\n  + {new}", at + 1);
    }
    Some(text)
}

/// Both lines cut to the part in which they first differ.
fn around_difference(old: &str, new: &str) -> (String, String) {
    let shared = old.chars().zip(new.chars()).take_while(|(a, b)| a == b).count();
    // Some of what they share tells where it is.
    let from = if shared < WIDTH_SHOWN / 2 { 0 } else { shared - WIDTH_SHOWN / 4 };
    let cut = |line: &str| line.chars().skip(from).take(WIDTH_SHOWN).collect::<String>();
    (cut(old), cut(new))
}

#[cfg(test)]
mod tests {
    use super::*;

    const JUNIT: &str = "<testsuites name=\"v\" time=\"1\">\n    <testsuite name=\"b\" timestamp=\"x\" tests=\"2\" time=\"2\">\n        <testcase name=\"one\" time=\"3\">\n        </testcase>\n    </testsuite>\n    <testsuite name=\"a\">\n    </testsuite>\n</testsuites>\n";

    #[test]
    fn the_script_is_the_readmes_without_the_installation() -> Result<()> {
        let readme = "# A\n\n```sh\napt-get install -y x\nmake it\n\nuse it\n```\n\ntext\n";
        assert_eq!(script(readme)?, "make it\n\nuse it\n");
        assert!(script("nothing").is_err());
        assert!(script(&readme.repeat(2)).is_err(), "a block that is not run would be drift");
        Ok(())
    }

    #[test]
    fn times_and_the_order_of_vitests_suites_may_vary_and_nothing_else() {
        let other = "<testsuites name=\"v\" time=\"9\">\n    <testsuite name=\"a\">\n    </testsuite>\n    <testsuite name=\"b\" timestamp=\"y\" tests=\"2\" time=\"7\">\n        <testcase name=\"one\" time=\"0\">\n        </testcase>\n    </testsuite>\n</testsuites>\n";
        assert_eq!(settled(UNORDERED, JUNIT), settled(UNORDERED, other));
        assert_ne!(settled("phpunit-junit.xml", JUNIT), settled("phpunit-junit.xml", other));
        assert_ne!(settled(UNORDERED, JUNIT), settled(UNORDERED, &other.replace("tests=\"2\"", "tests=\"3\"")));
        assert_eq!(settled("a.json", " time=\"1\""), " time=\"1\"");
    }

    #[test]
    fn the_first_differing_lines_are_shown() {
        assert_eq!(differences("a", "1\n2\n", "1\n2\n"), None);
        let shown = differences("a", "1\n2\n3", "1\nx\n").unwrap_or_default();
        assert!(shown.contains("differs in 2 lines") && shown.contains("line 2\n  - 2\n  + x"), "{shown}");
        assert!(shown.contains("line 3\n  - 3\n  + (the file ends)"), "{shown}");
        let long = "é".repeat(5000);
        let shown = differences("a", &format!("{long}1"), &format!("{long}2")).unwrap_or_default();
        assert!(shown.contains("é1\n") && shown.chars().count() < 600, "{shown}");
    }

    #[test]
    fn a_missing_and_an_unknown_file_are_named() -> Result<()> {
        let (committed, made) = (tempfile::tempdir()?, tempfile::tempdir()?);
        std::fs::write(committed.path().join("README.md"), "x")?;
        assert!(compare(committed.path(), made.path()).is_err(), "nothing to compare is no success");
        std::fs::write(committed.path().join("a.xml"), "<a time=\"1\"/>")?;
        std::fs::write(made.path().join("b.xml"), "<b/>")?;
        let text = compare(committed.path(), made.path()).map_or_else(|err| err.to_string(), |count| count.to_string());
        assert_eq!(text, "b.xml was made, but is not committed\na.xml was not made by the README's commands");
        std::fs::rename(made.path().join("b.xml"), made.path().join("a.xml"))?;
        std::fs::write(made.path().join("a.xml"), "<a time=\"2\"/>")?;
        assert_eq!(compare(committed.path(), made.path())?, 1);
        Ok(())
    }
}
