//! Runs that die: at every request, before and after it is done, by a signal and by a dead network. Whatever the moment, nothing
//! leads to something missing, and running again completes.

use crate::site::fifty;
use crate::stage::{BUCKET, OWN, POINTER, Run, Stage, ended, prove_settled, prove_sound};
use aws_sim::{Fault, KillMode, Rule, Snapshot};
use kit_test::cli::finish;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Mutex;
use std::time::Duration;

/// Points at once: a run mostly waits.
const AT_ONCE: usize = 4;

/// What is killed, from which state, and what a run that is not killed makes of it.
struct Scene {
    name: &'static str,
    before: Snapshot,
    arguments: Vec<String>,
    /// Requests of a run that is not killed.
    requests: u64,
    /// Keys afterwards, without records, whose names are random.
    keys: BTreeSet<String>,
    records: usize,
    version: String,
}

/// One kill.
#[derive(Debug, Clone, Copy)]
struct Point {
    scene: usize,
    at: u64,
    after: bool,
    mode: KillMode,
}

fn keys(stage: &Stage) -> (BTreeSet<String>, usize) {
    let is_record = |key: &String| key.starts_with(&format!("{OWN}default/releases/"));
    let (records, keys): (BTreeSet<String>, BTreeSet<String>) = stage.objects().into_keys().partition(is_record);
    (keys, records.len())
}

impl Scene {
    fn new(stage: &Stage, name: &'static str, arguments: &[&str]) -> Scene {
        let before = stage.control().snapshot();
        stage.control().reset();
        stage.done(arguments);
        let requests = stage.control().counts().total;
        let record = prove_settled(&stage.control());
        let (keys, records) = keys(stage);
        let arguments = arguments.iter().map(|word| (*word).to_owned()).collect();
        let version = record["version"].as_str().unwrap().to_owned();
        Scene { name, before, arguments, requests, keys, records, version }
    }

    /// Kills a run at a point, looks at what it left, and runs again.
    fn play(&self, point: Point) {
        let stage = Stage::new();
        let control = stage.control();
        control.restore(&self.before);
        control.set_faults(vec![Rule::new(Fault::Kill { mode: point.mode, after: point.after }).at(point.at)]);
        let arguments: Vec<&str> = self.arguments.iter().map(String::as_str).collect();
        let (mut child, report) = stage.start(&arguments);
        if point.mode == KillMode::Hang {
            while control.killed_at().is_none() && child.try_wait().unwrap().is_none() {
                std::thread::sleep(Duration::from_millis(1));
            }
            // It may have ended by itself: requests at the same time come in another order each time.
            let _ = child.kill();
        }
        let run = ended(finish(child), &report);
        let was_dead = control.killed_at().is_some() && point.mode == KillMode::Dead;
        prove_sound(&control);
        control.set_faults(Vec::new());
        control.revive();
        if was_dead {
            self.prove_told(&stage, point, &run);
        }
        let again = stage.run(&arguments);
        let what = format!("{} {point:?}, again: {}", self.name, again.said);
        assert_eq!(again.exit, 0, "{what}");
        let record = prove_settled(&control);
        assert_eq!(record["version"], self.version, "{what}");
        let (keys, records) = keys(&stage);
        assert_eq!(keys, self.keys, "{what}");
        assert!(records <= self.records + 1, "{what}: {records} records");
    }

    /// Proves that a run whose network died has told what it left: exit 5 only when the release is live, with a command that
    /// completes it, else exit 3.
    fn prove_told(&self, stage: &Stage, point: Point, run: &Run) {
        let what = format!("{} {point:?}: {}", self.name, run.said);
        if run.exit != 5 {
            assert_eq!(run.exit, 3, "{what}");
            return;
        }
        let live = prove_sound(&stage.control()).expect("a pointer");
        assert_eq!(live["version"], self.version, "{what}");
        let release = live["release"].as_str().unwrap();
        assert!(run.said.contains(&format!("rollback --to {release}")), "{what}");
        stage.done(&["rollback", "--to", release]);
        prove_settled(&stage.control());
    }
}

/// The first publish, the second, and the way back. The trees lie in the stage's folder, so it must live as long.
fn scenes(stage: &Stage) -> Vec<Scene> {
    let tree = |revision| -> PathBuf { stage.tree(&format!("site{revision}"), &fifty(revision)) };
    let (one, two) = (tree(1).display().to_string(), tree(2).display().to_string());
    let first = Scene::new(stage, "first publish", &["publish", &one]);
    let release = prove_settled(&stage.control())["release"].as_str().unwrap().to_owned();
    let second = Scene::new(stage, "second publish", &["publish", &two]);
    // With a named release, so that it means the same when it is run again.
    let back = Scene::new(stage, "rollback", &["rollback", "--to", &release]);
    vec![first, second, back]
}

fn play(scenes: &[Scene], points: Vec<Point>, at_once: usize) {
    let points = Mutex::new(points.into_iter());
    std::thread::scope(|scope| {
        for _ in 0..at_once {
            scope.spawn(|| {
                loop {
                    let point = points.lock().unwrap().next();
                    let Some(point) = point else { break };
                    scenes[point.scene].play(point);
                }
            });
        }
    });
}

#[test]
fn a_run_that_is_killed_at_any_request_leaves_nothing_broken_and_is_completed_by_the_next() {
    let stage = Stage::new();
    let scenes = scenes(&stage);
    let mut points = Vec::new();
    for (scene, found) in scenes.iter().enumerate() {
        assert!(found.requests >= 8, "{}: {} requests", found.name, found.requests);
        for at in 1..=found.requests {
            points.push(Point { scene, at, after: at % 2 == 0, mode: KillMode::Hang });
        }
        // Around record, pointer and pages both sides of each request count.
        for at in found.requests.saturating_sub(10).max(1)..=found.requests {
            points.push(Point { scene, at, after: at % 2 == 1, mode: KillMode::Hang });
        }
    }
    play(&scenes, points, AT_ONCE);
}

/// A tree whose names the build has hashed.
fn hashed(revision: u32) -> Vec<(String, String)> {
    let (script, style) = [("55e7cbb9ba48d2a1", "7ac1a8e2f00d91b3"), ("e2f00d91b37ac1a8", "0d91b37ac1a8e2f0")]
        [usize::try_from(revision - 1).unwrap()];
    vec![
        (format!("assets/main-{script}.js"), format!("console.log({revision});\n")),
        (format!("assets/main-{style}.css"), format!("a {{ order: {revision} }}\n")),
        ("assets/logo-a8e2f0553d91b37c.svg".to_owned(), "<svg xmlns=\"http://www.w3.org/2000/svg\"/>\n".to_owned()),
        (
            "index.html".to_owned(),
            format!(
                "<script src=\"/assets/main-{script}.js\"></script><link rel=\"stylesheet\" \
                 href=\"/assets/main-{style}.css\"><img src=\"/assets/logo-a8e2f0553d91b37c.svg\">\n"
            ),
        ),
    ]
}

#[test]
fn without_a_pointer_the_record_says_that_all_is_there() {
    let stage = Stage::new();
    for revision in [1, 2] {
        stage.tree("dist", &hashed(revision));
        let before = stage.control().snapshot();
        let known = keys(&stage).1;
        stage.control().reset();
        let done = stage.done(&["publish", "dist"]);
        let (whole, requests) = (keys(&stage), stage.control().counts().total);
        let after = stage.control().snapshot();
        assert_eq!((&done["end"], whole.0.contains(POINTER)), (&"published".into(), false));
        for (at, is_after) in (1..=requests).flat_map(|at| [(at, false), (at, true)]) {
            let control = stage.control();
            control.restore(&before);
            control.set_faults(vec![Rule::new(Fault::Kill { mode: KillMode::Hang, after: is_after }).at(at)]);
            let (mut child, _) = stage.start(&["publish", "dist"]);
            while control.killed_at().is_none() && child.try_wait().unwrap().is_none() {
                std::thread::sleep(Duration::from_millis(1));
            }
            let _ = child.kill();
            finish(child);
            prove_sound(&control);
            let left = keys(&stage);
            assert!(left.1 == known || left.0 == whole.0, "revision {revision}, {at}: a record of {:?}", left.0);
            control.set_faults(Vec::new());
            control.revive();
            stage.done(&["publish", "dist"]);
            assert_eq!(keys(&stage), whole, "revision {revision}, {at}");
            prove_sound(&control);
        }
        stage.control().restore(&after);
    }
}

#[test]
fn a_network_that_dies_is_told_with_what_it_left() {
    let stage = Stage::new();
    let scenes = scenes(&stage);
    let mut points = Vec::new();
    for (scene, found) in scenes.iter().enumerate() {
        for at in [1, 3, found.requests / 2, found.requests - 3, found.requests - 1, found.requests] {
            points.push(Point { scene, at, after: at % 2 == 0, mode: KillMode::Dead });
        }
    }
    // Each waits for seconds between its attempts.
    let at_once = points.len();
    play(&scenes, points, at_once);
}

#[test]
fn a_new_page_is_in_place_before_a_page_that_links_to_it() {
    let stage = Stage::new();
    stage.tree("site", &fifty(1));
    stage.done(&["publish", "site"]);
    stage.tree("site", &fifty(2));
    // The new page is slow, and then it may not be written.
    let late = Rule::new(Fault::Latency { wait_ms: 300 }).prefix("docs/new.html");
    stage.control().set_faults(vec![late, Rule::new(Fault::AccessDenied).prefix("docs/new.html")]);
    let run = stage.run(&["publish", "site"]);
    assert_eq!(run.exit, 5, "the release is live without all of its pages: {}", run.said);
    assert!(run.said.contains("docs/new.html") && run.said.contains("rollback --to"), "{}", run.said);
    prove_sound(&stage.control());
    stage.control().set_faults(Vec::new());
    stage.done(&["publish", "site"]);
    prove_settled(&stage.control());
}

#[test]
#[ignore = "a thousand runs; run it with --ignored"]
fn a_thousand_random_kills_leave_nothing_broken() {
    let stage = Stage::new();
    let scenes = scenes(&stage);
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let points = (0..1_000).map(|_| {
        let scene = usize::try_from(random(3)).unwrap();
        let at = 1 + random(scenes[scene].requests);
        Point { scene, at, after: random(2) == 1, mode: KillMode::Hang }
    });
    play(&scenes, points.collect(), AT_ONCE);
}

#[test]
fn lost_answers_and_cut_requests_change_nothing() {
    let stage = Stage::new();
    let scenes = scenes(&stage);
    std::thread::scope(|scope| {
        for scene in &scenes {
            for (fault, every) in [(Fault::LostResponse, 2), (Fault::LostResponse, 3), (Fault::CutBefore, 3)] {
                scope.spawn(move || {
                    let stage = Stage::new();
                    let control = stage.control();
                    control.restore(&scene.before);
                    let what = format!("{} with {} at every {every}.", scene.name, fault.name());
                    control.set_faults(vec![Rule::new(fault).every(every)]);
                    let arguments: Vec<&str> = scene.arguments.iter().map(String::as_str).collect();
                    let run = stage.run(&arguments);
                    assert_eq!(run.exit, 0, "{what}: {}", run.said);
                    assert_ne!(run.report["verdict"], "superseded", "{what}");
                    assert_eq!(prove_settled(&control)["version"], scene.version, "{what}");
                    assert_eq!(keys(&stage), (scene.keys.clone(), scene.records), "{what}");
                    assert!(control.counts().cut > 0, "{what}: nothing was cut");
                });
            }
        }
    });
    assert_eq!(stage.control().uploads(BUCKET), 0);
}
