//! Parallel local workers, with a progress bar each.

use anyhow::{Context, Result};
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use std::io::{BufRead, BufReader, IsTerminal};
use std::process::{Command, Stdio};

/// One worker's command and how many tests it will report.
pub(crate) struct Worker {
    pub command: Command,
    pub tests: usize,
}

/// Runs all workers at once; each line that one prints is a finished test. Returns their exit codes in order.
pub(crate) fn run(title: &str, workers: Vec<Worker>) -> Result<Vec<i32>> {
    println!("{title}");
    let bars = MultiProgress::new();
    let plain = !std::io::stderr().is_terminal();
    let style = ProgressStyle::with_template("  worker {prefix} {bar:40} {pos:>3}/{len} {wide_msg}")?;
    let mut running = Vec::new();
    for (index, mut worker) in workers.into_iter().enumerate() {
        let bar = bars.add(ProgressBar::new(worker.tests as u64));
        bar.set_style(style.clone());
        bar.set_prefix(index.to_string());
        let mut child =
            worker.command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().context("cannot start a worker")?;
        let lines = child.stdout.take().context("the worker has no stdout")?;
        let reader = std::thread::spawn(move || {
            for line in BufReader::new(lines).lines().map_while(std::result::Result::ok) {
                bar.set_message(line.chars().take(60).collect::<String>());
                // The last lines of a worker are its summary.
                if bar.position() < bar.length().unwrap_or_default() {
                    bar.inc(1);
                    if plain && bar.position().is_multiple_of(10) {
                        eprintln!("  worker {index}: {}/{}", bar.position(), bar.length().unwrap_or_default());
                    }
                }
            }
            bar.finish_with_message("done");
        });
        running.push((child, reader));
    }
    let mut codes = Vec::new();
    for (mut child, reader) in running {
        let status = child.wait()?;
        // The reader ends with the worker's output; a panic in it would only have spoiled a bar.
        let _ = reader.join();
        codes.push(status.code().unwrap_or(-1));
    }
    Ok(codes)
}
