//! `shard` and `run`: one worker's part.

use super::{permit, unproven, worker};
use crate::apply::{self, command};
use crate::args::options::{PlanOptions, TestsOptions, TimingsOptions, WorkerOptions};
use crate::args::{
    Format, PlanningArguments, RunArguments, ShardArguments, TestsArguments, TimingsArguments, WorkerArguments,
};
use crate::error::Error;
use crate::observe;
use crate::plan;
use crate::plan::lock::{LOCK_SCHEMA, PlanFile, Receipt};
use crate::plan::runner::{self, RunnerInput};
use crate::plan::shard::{ShardFiles, Taken};
use crate::report;
use kit_host::{Done, Exit, Failure, Host};
use std::ffi::OsString;
use std::path::Path;

/// Prints the tests of one shard.
pub fn shard(arguments: &ShardArguments, host: &Host) -> Result<Done, Failure> {
    let taken = match take(&arguments.tests, &arguments.timings, &arguments.planning, &arguments.worker, host)? {
        Ok(taken) => taken,
        Err(unproven) => return Ok(unproven),
    };
    apply::write_shard(permit(host)?, &taken)?;
    let printed = match arguments.format {
        Format::Lines => apply::lines(taken.units()),
        Format::Nul => taken.units().iter().flat_map(|unit| unit.bytes().chain([0])).collect(),
        Format::Json => format!("{}\n", serde_json::json!(taken.units())).into_bytes(),
        Format::Args => apply::lines(&taken.runner.args),
    };
    if let Some(out) = &arguments.out {
        kit_host::files::write(permit(host)?, Path::new(out), &printed)?;
    }
    let report = report::taken(&taken);
    // The process ends now; taking a large plan apart would only cost time.
    std::mem::forget(taken);
    Ok(Done { report, exit: Exit::Done, stdout: Some(printed) })
}

/// Takes the shard, runs the command with it, leaves a receipt, and passes the command's exit code on.
pub fn run(arguments: &RunArguments, host: &Host) -> Result<Done, Failure> {
    if host.in_own_image {
        return Err(Error::input(
            "there is no command to run in this image: use the roadcrew image as the job's image, or the binary on PATH, or let `shard` write args.txt for a later step",
        )
        .into());
    }
    if arguments.exec.is_empty() {
        return Err(Error::input("no command given: write `run OPTIONS -- COMMAND`").into());
    }
    let taken = match take(&arguments.tests, &arguments.timings, &arguments.planning, &arguments.worker, host)? {
        Ok(taken) => taken,
        Err(unproven) => return Ok(unproven),
    };
    apply::write_shard(permit(host)?, &taken)?;
    let mut receipt = Receipt {
        schema: LOCK_SCHEMA,
        shard: taken.shard,
        shards: taken.plan.shards.len(),
        digest: taken.plan.digest.clone(),
        units: taken.units().to_vec(),
        exit_code: Some(0),
        signal: None,
        ran: true,
        duration_ms: 0,
        started_ms: observe::now_ms(),
        attempt: observe::attempt(host.ci, &host.env),
    };
    let mut exit = Exit::Done;
    if taken.units().is_empty() {
        host.log.info("this shard has no tests; the command is not started");
    } else {
        let line = command_line(&arguments.exec, &taken)?;
        let variables = variables(&taken, host)?;
        let ended = command::run(host, &line, &variables)?;
        receipt.exit_code = ended.exit_code.filter(|_| ended.interrupted_by.is_none());
        receipt.signal = ended.signal;
        receipt.duration_ms = ended.duration_ms;
        exit = exit_of(&ended);
    }
    apply::write_receipt(permit(host)?, &taken.files.receipt, &receipt)?;
    let report = report::ran(&taken, &receipt);
    Ok(Done { report, exit, stdout: Some(Vec::new()) })
}

/// What the command's environment gets: the shard, and for some runners where their report goes.
fn variables(taken: &Taken, host: &Host) -> Result<Vec<(String, String)>, Error> {
    let folder = &taken.files.folder;
    let absolute = std::path::absolute(folder).map_err(|err| Error::world("find", folder, err))?;
    let is_set = |name: &str| host.env.get(name).is_some();
    let mut variables = match absolute.to_str() {
        Some(folder) => runner::report_env(taken.kind, folder, &is_set),
        // A name that no variable could hold: then the runner writes where it always does.
        None => Vec::new(),
    };
    for (name, value) in &variables {
        host.log.info(&format!("{name}={value} for the command; set it yourself to have it otherwise"));
    }
    variables.push(("ROADCREW_SHARD".to_owned(), taken.shard.to_string()));
    variables.push(("ROADCREW_SHARDS".to_owned(), taken.plan.shards.len().to_string()));
    Ok(variables)
}

/// The command's exit code; 128 and the signal's number as shells do; 3 when we were told to stop.
fn exit_of(ended: &command::Ended) -> Exit {
    match (ended.interrupted_by, ended.exit_code, ended.signal) {
        (Some(_), _, _) => Exit::World,
        (None, Some(code), _) => u8::try_from(code).map_or(Exit::World, Exit::Command),
        (None, None, Some(signal)) => u8::try_from(128 + signal).map_or(Exit::World, Exit::Command),
        (None, None, None) => Exit::World,
    }
}

/// Fills in the placeholders. `{files}` and `{args}` stand alone, since they become any number of arguments.
fn command_line(line: &[OsString], taken: &Taken) -> Result<Vec<OsString>, Error> {
    let mut filled = Vec::new();
    let mut placed = false;
    for argument in line {
        let Some(text) = argument.to_str() else {
            filled.push(argument.clone());
            continue;
        };
        match text {
            "{files}" => filled.extend(taken.units().iter().map(OsString::from)),
            "{args}" => filled.extend(taken.runner.args.iter().map(OsString::from)),
            _ if text.contains("{files}") || text.contains("{args}") => {
                return Err(Error::input(format!(
                    "in `{text}`, {{files}} and {{args}} must be an argument of their own"
                )));
            }
            _ => {
                let text = text.replace("{shard}", &taken.shard.to_string()).replace("{dir}", &taken.files.folder);
                filled.push(text.into());
                continue;
            }
        }
        placed = true;
    }
    if !placed {
        filled.extend(taken.runner.args.iter().map(OsString::from));
    }
    Ok(filled)
}

/// Decides or reads the plan and picks the shard. The inner `Err` is a finished report: too few timings.
fn take(
    tests: &TestsArguments,
    timings: &TimingsArguments,
    planning: &PlanningArguments,
    worker_arguments: &WorkerArguments,
    host: &Host,
) -> Result<Result<Taken, Done>, Failure> {
    let of_ci = worker(host)?;
    let options = WorkerOptions::new(worker_arguments, of_ci)?;
    let (plan, made) = match &options.plan {
        Some(path) => (locked(path, planning)?, None),
        None => {
            let tests = TestsOptions::new(tests)?;
            let plan_options = PlanOptions::of_worker(planning, tests.unit, options.runner, of_ci)?;
            // The index is judged first: reading a gigabyte of timings to refuse a typing error helps nobody.
            if let crate::args::options::ShardCount::Fixed(shards) = plan_options.shards {
                options.index(shards)?;
            }
            let observed = observe::for_plan(&tests, &TimingsOptions::from(timings), &plan_options, &host.log)?;
            match plan::plan(&plan_options, &observed.for_plan) {
                Ok(decision) => (decision.plan.clone(), Some((decision, observed))),
                Err(too_few) => return Ok(Err(unproven(report::too_few_known(&too_few, &observed)))),
            }
        }
    };
    let shard = options.index(plan.shards.len())?;
    let files = ShardFiles::new(&options.out_dir, shard);
    let config = observe::runner_config(options.runner, options.runner_config.as_deref())?;
    let others = plan.shards.iter().filter(|other| other.shard != shard).flat_map(|other| &other.units);
    let others: Vec<&str> = others.map(String::as_str).collect();
    let runner = runner::prepare(
        options.runner,
        &RunnerInput {
            units: &plan.shards[shard].units,
            unit: plan.unit,
            others: &others,
            shard,
            runner_config: config.as_ref().map(|(path, text)| (path.as_str(), text.as_str())),
            out_dir: &files.folder,
        },
    )
    .map_err(|err| Error::input(err.to_string()))?;
    Ok(Ok(Taken { plan, made, shard, kind: options.runner, runner, files }))
}

fn locked(path: &str, planning: &PlanningArguments) -> Result<PlanFile, Failure> {
    let plan = observe::plan_file(path)?;
    if let Some(shards) = &planning.shards
        && shards.trim().parse() != Ok(plan.shards.len())
    {
        return Err(Error::file(
            path,
            None,
            format!("the plan has {} shards, but `shards` is {shards}", plan.shards.len()),
        )
        .into());
    }
    if let (Some(planned), Some(here)) = (&plan.tree, observe::git::tree())
        && *planned != here
    {
        return Err(Error::file(path, None, format!("the plan was made for the git tree {planned}, but this checkout is {here}; plan again, or check out the same commit")).into());
    }
    Ok(plan)
}
