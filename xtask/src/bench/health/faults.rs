//! Every fault class through every tool: once each, on a server of its own with the same seed.

use super::super::Bench;
use super::peers::Peer;
use super::server::{Class, Program, Server};
use anyhow::Result;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Classes at once: nearly all of their time is waiting.
const AT_ONCE: usize = 6;
/// Where the fault shows. An odd number: of two addresses the second is the dead one.
const SEED: [&str; 2] = ["--seed", "1"];

/// Prints the table, bold where the answer is wrong, a dash where a tool isn't here; what each tool printed is in `faults/` of the bench's folder.
pub(super) fn run(bench: &Bench, program: &Program, peers: &[Peer]) -> Result<()> {
    let folder = bench.folder.join("faults");
    std::fs::create_dir_all(&folder)?;
    let classes = program.classes()?;
    let next = AtomicUsize::new(0);
    let rows = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while let Some((place, class)) = {
                    let place = next.fetch_add(1, Ordering::Relaxed);
                    classes.get(place).map(|class| (place, class))
                } {
                    let row = row(bench, program, peers, class);
                    if let Ok(mut rows) = rows.lock() {
                        rows.push((place, class, row));
                    }
                }
            });
        }
    });
    let mut rows = rows.into_inner().map_err(|_| anyhow::anyhow!("a run panicked"))?;
    rows.sort_by_key(|(place, ..)| *place);
    let names: Vec<&str> = peers.iter().map(|peer| peer.name).collect();
    println!("| fault class | truth | healthcheck | {} |", names.join(" | "));
    println!("| --- | --- | --- |{}", " --- |".repeat(peers.len()));
    let mut wrong = vec![0; peers.len() + 1];
    for (_, class, cells) in &rows {
        let shown: Vec<String> = cells.iter().map(|cell| cell.shown(class.is_healthy)).collect();
        println!(
            "| {} | {} | {} |",
            class.name,
            if class.is_healthy { "healthy" } else { "unhealthy" },
            shown.join(" | ")
        );
        for (cell, wrong) in cells.iter().zip(&mut wrong) {
            *wrong += usize::from(cell.is_wrong(class.is_healthy));
        }
        for (cell, name) in cells.iter().zip(["healthcheck"].iter().chain(&names)) {
            let file = format!("{}-{}.txt", class.name, name.split(' ').next().unwrap_or(name));
            std::fs::write(folder.join(file), &cell.said)?;
        }
    }
    let is_here = |tool: usize| rows.iter().any(|(_, _, cells)| cells[tool].exit.is_some());
    let wrong =
        wrong.iter().enumerate().map(|(tool, count)| if is_here(tool) { count.to_string() } else { "—".into() });
    let wrong: Vec<String> = wrong.collect();
    println!("| wrong answers | | {} |", wrong.join(" | "));
    Ok(())
}

/// What a tool answered.
struct Cell {
    /// Exit code; `None`: it isn't here or did not end by itself.
    exit: Option<i32>,
    /// The one exit code that says unhealthy; `None`: every code but 0 does.
    red: Option<i32>,
    said: String,
}

impl Cell {
    fn is_wrong(&self, is_healthy: bool) -> bool {
        let Some(exit) = self.exit else { return false };
        if is_healthy { exit != 0 } else { exit == 0 || self.red.is_some_and(|red| exit != red) }
    }

    fn shown(&self, is_healthy: bool) -> String {
        match self.exit {
            None => "—".into(),
            Some(0) if self.is_wrong(is_healthy) => "**green**".into(),
            Some(0) => "green".into(),
            Some(exit) if self.red.is_some_and(|red| exit != red) => format!("**no answer ({exit})**"),
            Some(exit) if self.is_wrong(is_healthy) => format!("**red ({exit})**"),
            Some(exit) => format!("red ({exit})"),
        }
    }
}

fn row(bench: &Bench, program: &Program, peers: &[Peer], class: &Class) -> Vec<Cell> {
    let ours = cell(program, class, Some(1), |server| {
        let mut command = bench.healthcheck();
        command.args(&server.told.arguments);
        Ok(command)
    });
    let theirs = peers.iter().map(|peer| cell(program, class, None, |server| peer.command(server)));
    [ours].into_iter().chain(theirs).collect()
}

fn cell(program: &Program, class: &Class, red: Option<i32>, command: impl Fn(&Server) -> Result<Command>) -> Cell {
    let ran = || -> Result<Cell> {
        let server = program.start(&class.name, &SEED)?;
        let output = command(&server)?.stdin(Stdio::null()).output()?;
        let said = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
        Ok(Cell { exit: output.status.code(), red, said: said.into_owned() })
    };
    ran().unwrap_or_else(|why| Cell { exit: None, red, said: format!("{why:#}") })
}
