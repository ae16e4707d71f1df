//! Headless Chromium: what a page asked for, what failed, and what its console says.

use super::super::World;
use super::super::health::program;
use crate::clients::Skip;
use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;
use serde_json::{Value, json};
use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

/// A running browser, ended with this.
pub(super) struct Chromium {
    child: Child,
    wishes: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
    /// What it printed besides.
    log: PathBuf,
}

/// What became of a page.
#[derive(Debug, Deserialize)]
pub(super) struct Page {
    /// `STATUS URL` of every answer.
    pub requests: Vec<String>,
    failed: Vec<String>,
    errors: Vec<String>,
    done: Option<String>,
    later: Option<String>,
}

impl Chromium {
    /// Starts it with its profile below a folder. Errors: there is none, or it does not start here (skips inside).
    pub(super) fn start(world: &World, folder: &Path) -> Result<Chromium> {
        let chromium = program("chromium", "chromium")?;
        let log = folder.join("chromium.log");
        let mut command = world.clients.tool("node")?.command();
        command.arg(world.root.join("xtask/clients/browser.mjs")).arg(chromium).arg(folder.join("profile"));
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(File::create(&log)?);
        let mut child = command.spawn().context("cannot start node")?;
        let answers = BufReader::new(child.stdout.take().context("no output")?);
        let mut browser = Chromium { wishes: child.stdin.take(), child, answers, log };
        if let Err(why) = browser.answer() {
            return Err(Skip::new("chromium", format!("{why:#}")).into());
        }
        Ok(browser)
    }

    /// A new visitor loads a page, and then what it loads later. Returns the release that all of it was of, and how many answers there
    /// were. Errors: a request failed, the console says something, or the page is of two releases.
    pub(super) fn load(&mut self, url: &str) -> Result<(String, usize)> {
        let page = self.wish(&json!({ "load": url }))?;
        page.release(true).with_context(|| format!("{url}: {page:?}")).map(|release| (release, page.requests.len()))
    }

    /// The same, but the page stays open, and has not yet asked for what it loads later.
    pub(super) fn open(&mut self, url: &str) -> Result<String> {
        let page = self.wish(&json!({ "open": url }))?;
        page.release(false).with_context(|| format!("{url}: {page:?}"))
    }

    /// The page that is open asks for it now.
    pub(super) fn later(&mut self) -> Result<String> {
        let page = self.wish(&json!({ "later": true }))?;
        page.release(true).with_context(|| format!("the page that was open: {page:?}"))
    }

    fn wish(&mut self, wish: &Value) -> Result<Page> {
        writeln!(self.wishes.as_mut().context("it was ended")?, "{wish}")?;
        Ok(serde_json::from_value(self.answer()?)?)
    }

    fn answer(&mut self) -> Result<Value> {
        let mut line = String::new();
        if self.answers.read_line(&mut line)? == 0 {
            bail!("it ended: {}", std::fs::read_to_string(&self.log).unwrap_or_default());
        }
        serde_json::from_str(&line).with_context(|| format!("it said {line:?}"))
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        // The end of its input ends the script, and the script the browser.
        self.wishes = None;
        let _ = self.child.wait();
    }
}

impl Page {
    /// The release that every part of the page names: its script, its style, and what it loaded later.
    fn release(&self, is_later_loaded: bool) -> Result<String> {
        ensure!(self.failed.is_empty() && self.errors.is_empty(), "a request failed, or the console says something");
        let done = self.done.as_deref().context("the page was not done in time")?;
        let later = if is_later_loaded { self.later.as_deref().context("what comes later did not come")? } else { "" };
        let mut parts = done.split(' ').chain(later.split(' ')).filter(|part| !part.is_empty());
        let release = parts.next().context("no release")?.to_owned();
        ensure!(parts.all(|part| part == release), "parts of two releases: {done} {later}");
        Ok(release)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_of_two_releases_or_with_words_in_its_console_is_no_release() -> Result<()> {
        let page = |done: &str, later: Option<&str>, errors: &[&str]| -> Result<Page> {
            let value = json!({ "requests": [], "failed": [], "errors": errors, "done": done, "later": later });
            Ok(serde_json::from_value(value)?)
        };
        assert_eq!(page("one one", Some("one one"), &[])?.release(true)?, "one");
        assert_eq!(page("one one", None, &[])?.release(false)?, "one");
        assert!(page("one one", None, &[])?.release(true).is_err());
        assert!(page("one two", Some("one one"), &[])?.release(true).is_err());
        assert!(page("one one", Some("one two"), &[])?.release(true).is_err());
        assert!(page("one one", Some("one one"), &["refused"])?.release(true).is_err());
        Ok(())
    }
}
