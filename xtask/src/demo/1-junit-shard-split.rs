//! A real end-to-end suite over four workers: first split by count, as most teams do, then by the timings of that run.

use super::Stage;
use super::page::{self, Part};
use super::workers::{self, Worker};
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const WORKERS: usize = 4;

/// Plays the act.
pub(crate) fn play(stage: &Stage) -> Result<Part> {
    let files = flow_files(&stage.root.join("examples/shop/e2e"))?;
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZeroUsize::get);
    println!("{} end-to-end tests of examples/shop, {WORKERS} workers, {cores} cores.", files.len());
    println!("Times are seconds of processor time: what each worker takes on a machine of its own.\n");
    let naive = split_by_count(stage, &files)?;
    let plan = decide(stage, &files)?;
    let planned = run_planned(stage, &plan)?;
    show(&naive, &planned, &plan);
    let log = merge_and_verify(stage)?;
    let (before, after) = (longest(&naive), longest(&planned));
    Ok(Part {
        title: "junit-shard-split".to_owned(),
        summary: format!(
            "{} end-to-end tests over {WORKERS} workers. Split by count the slowest worker takes {before:.2} s; split by timings {after:.2} s. Every test ran exactly once.",
            files.len()
        ),
        groups: page::of_seconds(vec![bars("Split by count", &naive), bars("Split by timings", &planned)]),
        links: Vec::new(),
        log,
    })
}

fn flow_files(folder: &Path) -> Result<Vec<String>> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "toml") {
                files.push(path.strip_prefix(workspace(&path)?)?.to_string_lossy().into_owned());
            }
        }
    }
    files.sort();
    if files.is_empty() {
        bail!("{} holds no flows", folder.display());
    }
    Ok(files)
}

fn workspace(path: &Path) -> Result<PathBuf> {
    let root = path.ancestors().find(|folder| folder.join("Cargo.lock").exists());
    Ok(root.context("not in the workspace")?.to_owned())
}

/// The suite in equal numbers of files, in the order of their names; its reports are the timings of the second run.
fn split_by_count(stage: &Stage, files: &[String]) -> Result<Vec<f64>> {
    let size = files.len().div_ceil(WORKERS);
    let mut workers = Vec::new();
    for (shard, chunk) in files.chunks(size).enumerate() {
        let report = stage.folder.join(format!("first/shard-{shard}.xml"));
        std::fs::create_dir_all(stage.folder.join("first"))?;
        let mut command = Command::new(stage.programs.join("shop"));
        command.args(e2e()).arg(format!("--junit={}", report.display())).args(chunk).current_dir(&stage.root);
        workers.push(Worker { command, tests: chunk.len() });
    }
    passed(&workers::run("First run, split by count:", workers)?)?;
    (0..WORKERS).map(|shard| report_seconds(&stage.folder.join(format!("first/shard-{shard}.xml")))).collect()
}

fn e2e() -> [&'static str; 3] {
    ["e2e", "--clock=cpu", "--suite-dir=examples/shop/e2e"]
}

fn decide(stage: &Stage, files: &[String]) -> Result<Value> {
    std::fs::write(stage.folder.join("tests.txt"), files.join("\n"))?;
    let plan = stage.folder.join("plan.json");
    let output = tool(stage)
        .args(["plan", "--timings"])
        .arg(stage.folder.join("first/*.xml"))
        .arg("--tests-from")
        .arg(stage.folder.join("tests.txt"))
        .arg(format!("--shards={WORKERS}"))
        .arg("--plan")
        .arg(&plan)
        .output()?;
    println!(
        "\n$ junit-shard-split plan --timings 'first/*.xml' --tests-from tests.txt --shards {WORKERS} --plan plan.json"
    );
    print!("{}", String::from_utf8_lossy(&succeeded(output)?.stdout));
    Ok(serde_json::from_slice(&std::fs::read(plan)?)?)
}

fn run_planned(stage: &Stage, plan: &Value) -> Result<Vec<f64>> {
    let mut workers = Vec::new();
    let shards = plan["shards"].as_array().context("the plan has no shards")?;
    for (shard, planned) in shards.iter().enumerate() {
        let mut command = tool(stage);
        command
            .args(["run", "--plan"])
            .arg(stage.folder.join("plan.json"))
            .arg(format!("--shard={shard}"))
            .arg("--out-dir")
            .arg(stage.folder.join("second"))
            .arg("--")
            .arg(stage.programs.join("shop"))
            .args(e2e())
            .args(["--junit={dir}/junit.xml", "{files}"]);
        workers.push(Worker { command, tests: planned["units"].as_array().map_or(0, Vec::len) });
    }
    println!();
    let title =
        "Second run: junit-shard-split run --plan plan.json --shard N -- shop e2e --junit={dir}/junit.xml {files}";
    passed(&workers::run(title, workers)?)?;
    (0..WORKERS).map(|shard| report_seconds(&stage.folder.join(format!("second/shard-{shard}/junit.xml")))).collect()
}

fn show(naive: &[f64], planned: &[f64], plan: &Value) {
    println!("\n  worker   split by count   predicted   measured");
    for shard in 0..WORKERS {
        let predicted = plan["shards"][shard]["predicted_us"].as_f64().unwrap_or_default() / 1e6;
        println!("  {shard:>6}   {:>12.2} s   {predicted:>7.2} s   {:>6.2} s", naive[shard], planned[shard]);
    }
    let (before, after) = (longest(naive), longest(planned));
    println!(
        "  slowest  {before:>12.2} s               {after:>6.2} s   ({:.0} % less to wait for)\n",
        100.0 * (before - after) / before
    );
}

fn merge_and_verify(stage: &Stage) -> Result<String> {
    let reports = stage.folder.join("second");
    let merge = tool(stage).arg("merge").arg(&reports).arg("--out").arg(stage.folder.join("merged.xml")).output()?;
    let verify = tool(stage).arg("verify").arg(&reports).arg("--plan").arg(stage.folder.join("plan.json")).output()?;
    let mut log = String::from("$ junit-shard-split merge second --out merged.xml\n");
    log.push_str(&String::from_utf8_lossy(&succeeded(merge)?.stdout));
    log.push_str("\n$ junit-shard-split verify second --plan plan.json\n");
    log.push_str(&String::from_utf8_lossy(&succeeded(verify)?.stdout));
    print!("{log}");
    Ok(log)
}

fn tool(stage: &Stage) -> Command {
    let mut command = Command::new(stage.programs.join("junit-shard-split"));
    command.current_dir(&stage.root);
    command
}

fn succeeded(output: Output) -> Result<Output> {
    if !output.status.success() {
        bail!("the tool ended with {}:\n{}", output.status, String::from_utf8_lossy(&output.stderr));
    }
    Ok(output)
}

fn passed(codes: &[i32]) -> Result<()> {
    if codes.iter().any(|code| *code != 0) {
        bail!("a worker failed: exit codes {codes:?}");
    }
    Ok(())
}

/// The time that a report of the shop says in its root.
fn report_seconds(path: &Path) -> Result<f64> {
    let text = std::fs::read_to_string(path).with_context(|| format!("no report at {}", path.display()))?;
    let root =
        text.split("<testsuites").nth(1).and_then(|rest| rest.split('>').next()).context("not a JUnit report")?;
    let time =
        root.split("time=\"").nth(1).and_then(|rest| rest.split('"').next()).context("the report has no time")?;
    Ok(time.parse()?)
}

fn longest(seconds: &[f64]) -> f64 {
    seconds.iter().copied().fold(0.0, f64::max)
}

fn bars(title: &str, seconds: &[f64]) -> (String, Vec<(String, f64)>) {
    let bars = seconds.iter().enumerate().map(|(shard, seconds)| (format!("worker {shard}"), *seconds)).collect();
    (title.to_owned(), bars)
}
