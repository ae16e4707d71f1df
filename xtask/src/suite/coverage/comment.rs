//! The second workflow of the example, which posts what the first one left: under act, with the artifact of a real run of the
//! first, a stand-in for `gh`, and GitHub's API on loopback.

use super::super::origin::NUMBER;
use super::super::static_checks::ensure;
use super::change::Change;
use super::github::{self, Ran};
use super::{Outcome, World};
use crate::clients::act::{self, ActOutcome, ActRun};
use crate::clients::{images, workspace};
use crate::suite::loopback::{self, Answer, Request};
use anyhow::{Context, Result};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// The job image of act with what GitHub's runners have and the workflow needs.
const RUNNER: &str = "roadcrew-test/runner-jq-curl:dev";

/// act's token of the job.
const TOKEN: &str = "job-token";

/// Runs all of them.
pub(super) fn run(world: &World) -> Vec<(String, Outcome)> {
    vec![(
        "coverage on GitHub: the comment of a failing pull request".to_owned(),
        super::super::outcome(comment(world)),
    )]
}

/// GitHub, as far as the workflow asks it.
#[derive(Default)]
struct Hub {
    /// The last commit of each pull request.
    heads: BTreeMap<u64, String>,
    /// Comments of pull request [`NUMBER`]: id, author's type, text.
    comments: Vec<(u64, &'static str, String)>,
    /// What was asked, as `METHOD /path`.
    asked: Vec<String>,
}

impl Hub {
    fn answer(&mut self, request: &Request) -> Answer {
        self.asked.push(format!("{} {}", request.method, request.target));
        if request.header("authorization") != format!("Bearer {TOKEN}") {
            return Answer::json(401, &json!({ "message": "Bad credentials" }));
        }
        let parts: Vec<&str> = request.target.trim_start_matches('/').split('/').collect();
        let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        let text = body["body"].as_str().filter(|text| !text.is_empty());
        match (request.method.as_str(), parts.as_slice()) {
            ("GET", ["repos", "acme", "shop", "pulls", number]) => {
                match number.parse().ok().and_then(|number| self.heads.get(&number)) {
                    Some(sha) => Answer::json(200, &json!({ "head": { "sha": sha } })),
                    None => Answer::json(404, &json!({ "message": "Not Found" })),
                }
            }
            ("GET", ["repos", "acme", "shop", "issues", number, "comments"]) if *number == NUMBER.to_string() => {
                let of = |(id, kind, body): &(u64, &str, String)| json!({ "id": id, "user": { "type": kind }, "body": body });
                Answer::json(200, &self.comments.iter().map(of).collect())
            }
            ("POST", ["repos", "acme", "shop", "issues", number, "comments"]) if *number == NUMBER.to_string() => {
                let Some(text) = text else { return Answer::json(422, &json!({ "message": "body is missing" })) };
                let id = 100 + self.comments.len() as u64;
                self.comments.push((id, "Bot", text.to_owned()));
                Answer::json(201, &json!({ "id": id }))
            }
            ("PATCH", ["repos", "acme", "shop", "issues", "comments", id]) => {
                let found = self.comments.iter_mut().find(|comment| comment.0.to_string() == *id);
                match (found, text) {
                    (Some(comment), Some(text)) => {
                        comment.2 = text.to_owned();
                        Answer::json(200, &json!({ "id": comment.0 }))
                    }
                    _ => Answer::json(404, &json!({ "message": "Not Found" })),
                }
            }
            _ => Answer::json(404, &json!({ "message": "Not Found" })),
        }
    }
}

/// What the workflow is run with.
struct Scene<'w> {
    world: &'w World,
    repository: PathBuf,
    hub: Arc<Mutex<Hub>>,
    api: SocketAddr,
    head: String,
}

impl Scene<'_> {
    /// Runs the workflow on an artifact. Gives its outcome and what GitHub was asked.
    fn post(&self, artifact: &Path) -> Result<(ActOutcome, Vec<String>)> {
        let image = images::make(&self.world.clients.scratch_dir(), RUNNER, &["busybox", "bash", "jq", "curl"], &[])?;
        self.locked(|hub| hub.asked.clear());
        let mut run = ActRun::new(&self.repository, ".github/workflows/coverage-comment.yml");
        run.event = "workflow_run";
        run.payload = Some(json!({
            "workflow_run": { "id": 4711, "event": "pull_request", "head_sha": self.head, "conclusion": "failure" },
            "repository": { "full_name": "acme/shop", "default_branch": "main" },
        }));
        run.job_image = image.to_owned();
        run.secrets = vec![("GITHUB_TOKEN".to_owned(), TOKEN.to_owned())];
        run.env = vec![
            ("GITHUB_REPOSITORY".to_owned(), "acme/shop".to_owned()),
            ("ROADCREW_GITHUB_API".to_owned(), format!("http://{}", self.api)),
        ];
        run.mounts = vec![
            (artifact.to_owned(), "/roadcrew-host/artifacts/coverage:ro".to_owned()),
            (self.world.root.join("xtask/clients/gh/gh"), "/usr/local/bin/gh:ro".to_owned()),
        ];
        let done = act::run(&self.world.clients, &run)?;
        Ok((done, self.locked(|hub| std::mem::take(&mut hub.asked))))
    }

    fn locked<T>(&self, with: impl FnOnce(&mut Hub) -> T) -> T {
        with(&mut self.hub.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The workflow must be red, say why, and change nothing.
    fn refuses(&self, artifact: &Path, why: &str) -> Result<()> {
        let before = self.locked(|hub| hub.comments.clone());
        let (done, asked) = self.post(artifact)?;
        ensure(done.exit_code.is_some_and(|code| code != 0), "the workflow is green", &done.log)?;
        ensure(done.log.contains(why), &format!("the log does not say `{why}`"), &done.log)?;
        ensure(asked.iter().all(|line| line.starts_with("GET ")), &format!("it wrote: {asked:?}"), &done.log)?;
        ensure(self.locked(|hub| hub.comments == before), "a comment changed", &done.log)
    }
}

fn comment(world: &World) -> Result<usize> {
    let Ran { origin, done } = github::run(world, "comment", Change::Untested)?;
    let left = done.artifacts_dir().join("coverage");
    ensure(left.join("comment.md").is_file(), "the first workflow left no comment", &done.log)?;
    let artifact = world.folder.join("coverage/comment/artifact");
    workspace::copy_dir(&left, &artifact)?;

    let hub = Arc::new(Mutex::new(Hub::default()));
    let served = Arc::clone(&hub);
    let api = loopback::start(move |request| served.lock().unwrap_or_else(PoisonError::into_inner).answer(request))?;
    let repository = world.folder.join("coverage/comment/base");
    workspace::copy_dir(&world.root.join("examples/coverage"), &repository)?;
    workspace::commit_all(&repository, "https://github.example/acme/shop.git")?;
    let scene = Scene { world, repository, hub, api, head: origin.source.clone() };
    scene.locked(|hub| {
        hub.heads = BTreeMap::from([(NUMBER, origin.source.clone()), (8, "0".repeat(40))]);
        // Somebody quotes the comment; that is not ours to replace.
        hub.comments = vec![(99, "User", "<!-- roadcrew:coverage-gate -->\nlook".to_owned())];
    });

    let (done, asked) = scene.post(&artifact)?;
    ensure(done.exit_code == Some(0), "the workflow is red", &done.log)?;
    let comments = scene.locked(|hub| hub.comments.clone());
    ensure(comments.len() == 2, &format!("not one comment was added: {asked:?}"), &done.log)?;
    let text = std::fs::read_to_string(artifact.join("comment.md"))?;
    ensure(comments[1].2 == text, "the comment is not what the run left", &comments[1].2)?;
    ensure(text.contains("src/Basket.php"), "the comment does not name the file", &text)?;

    let (done, asked) = scene.post(&artifact)?;
    ensure(done.exit_code == Some(0), "the second run is red", &done.log)?;
    ensure(scene.locked(|hub| hub.comments.len()) == 2, &format!("a second comment came: {asked:?}"), &done.log)?;
    ensure(
        asked.iter().any(|line| line.starts_with("PATCH ")),
        &format!("nothing was replaced: {asked:?}"),
        &done.log,
    )?;

    // The pull request went on while the first workflow ran.
    scene.locked(|hub| drop(hub.heads.insert(NUMBER, "1".repeat(40))));
    scene.refuses(&artifact, "does not end with the commit that was measured")?;
    scene.locked(|hub| drop(hub.heads.insert(NUMBER, origin.source.clone())));
    forged(&scene, &artifact)?;
    Ok(12)
}

/// What a fork might leave in place of the tool's files.
fn forged(scene: &Scene<'_>, artifact: &Path) -> Result<()> {
    let original: Value = serde_json::from_slice(&std::fs::read(artifact.join("comment.md.json"))?)?;
    ensure(
        original["pull_request"] == NUMBER,
        "comment.md.json does not name the pull request",
        &original.to_string(),
    )?;
    let other = |number: Value| {
        let mut changed = original.clone();
        changed["pull_request"] = number;
        changed.to_string()
    };
    let cases = [
        ("comment.md.json", other(json!(8)), "does not end with the commit that was measured"),
        ("comment.md.json", other(json!("7/../8")), "names no pull request"),
        ("comment.md.json", other(json!("7\n8")), "names no pull request"),
        ("comment.md.json", "not json".to_owned(), "failure"),
        ("comment.md", "pay here".to_owned(), "is no comment of coverage-gate"),
        ("comment.md", format!("<!-- roadcrew:coverage-gate -->\n{}", "x".repeat(70_000)), "too large"),
    ];
    for (at, (name, text, why)) in cases.into_iter().enumerate() {
        let folder = artifact.with_file_name(format!("forged-{at}"));
        workspace::copy_dir(artifact, &folder)?;
        std::fs::write(folder.join(name), text).context(name)?;
        scene.refuses(&folder, why)?;
    }
    Ok(())
}
