//! Three changes of the shop's web part, judged by its coverage: one whose lines are tested, one that leaves lines without a
//! test, and one that adds a file which no report knows.
//!
//! PHP and Node are not needed: the reports are recordings of the real tools, and the changes are such that the recorded files
//! are their outcome.

use super::Stage;
use super::page::{Bar, Group, Part};
use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The recorded reports: PHPUnit's and vitest's.
const REPORTS: [&str; 2] = ["phpunit-clover.xml", "istanbul-coverage.json"];

/// Variables by which a CI is known: the act plays in a shell wherever it plays.
const HOSTS: [&str; 6] =
    ["GITHUB_ACTIONS", "BITBUCKET_BUILD_NUMBER", "GITLAB_CI", "CIRCLECI", "BUILDKITE", "JENKINS_URL"];

/// A change of the shop.
struct Change {
    title: &'static str,
    file: &'static str,
    /// The first and the last line that it adds begin so; of a new file there is the whole text instead.
    adds: Adds,
    page: &'static str,
    exit: i32,
}

enum Adds {
    Lines(&'static str, &'static str),
    File(&'static str),
}

const CHANGES: [Change; 3] = [
    Change {
        title: "tested",
        file: "js/money.js",
        adds: Adds::Lines("/** What a customer types", "}"),
        page: "coverage-tested.html",
        exit: 0,
    },
    Change {
        title: "not tested",
        file: "js/card.js",
        adds: Adds::Lines("/** The number as it may be shown", "}"),
        page: "coverage-untested.html",
        exit: 1,
    },
    Change {
        title: "in no report",
        file: "js/giftcard.js",
        adds: Adds::File(
            "/** The code on a gift card. */\nexport function giftCode(number) {\n  return `GIFT-${number}`;\n}\n",
        ),
        page: "coverage-unmeasured.html",
        exit: 4,
    },
];

/// Plays the act.
pub(crate) fn play(stage: &Stage) -> Result<Part> {
    println!(
        "Three changes of examples/shop/web, judged by recorded reports of PHPUnit and vitest (Clover and Istanbul).\n"
    );
    // Not below the checkout, or the tool would find its repository and compare with that.
    let folder = std::env::temp_dir().join(format!("roadcrew-demo-{}", std::process::id()));
    let played = CHANGES.iter().map(|change| judge(stage, &folder, change)).collect::<Result<Vec<_>>>();
    let _ = fs::remove_dir_all(&folder);
    let mut log = String::new();
    let (mut bars, mut links) = (Vec::new(), Vec::new());
    println!("  the change is   lines that a test ran   verdict    exit code");
    for (change, judged) in CHANGES.iter().zip(played?) {
        let lines = judged.lines.map_or("-".to_owned(), |(covered, coverable)| format!("{covered} of {coverable}"));
        println!("  {:<13} {lines:>23}   {:<8} {:>11}", change.title, judged.verdict, change.exit);
        log.push_str(&judged.log);
        let value = match judged.lines {
            Some((covered, coverable)) => format!("{covered} of {coverable} lines, {}", judged.verdict),
            None => judged.verdict,
        };
        let share = judged.lines.map_or(0.0, |(covered, coverable)| covered as f64 / coverable.max(1) as f64);
        bars.push(Bar { label: change.title.to_owned(), value, share });
        links.push((change.title.to_owned(), change.page.to_owned()));
    }
    Ok(Part {
        title: "coverage-gate".to_owned(),
        summary: "Three changes of the shop, at least 80 % of the changed lines to be tested. One passes, one fails with the \
                  lines to test, and of one nothing is proven, since no report knows its file. The reports are recordings."
            .to_owned(),
        groups: vec![Group { title: "Changed lines that a test ran".to_owned(), bars }],
        links,
        log,
    })
}

/// What the tool said of one change.
struct Judged {
    verdict: String,
    /// Changed lines that ran, and that could.
    lines: Option<(u64, u64)>,
    log: String,
}

fn judge(stage: &Stage, folder: &Path, change: &Change) -> Result<Judged> {
    let shop = prepare(&stage.root, folder, change)?;
    let page = stage.folder.join(change.page);
    let report = folder.join("report.json");
    let mut command = Command::new(stage.programs.join("coverage-gate"));
    command.current_dir(&shop).args(["gate", "--reports"]).args(REPORTS);
    command.args(["--diff-file", "change.diff", "--min-patch", "80", "--html"]).arg(&page).arg("--json").arg(&report);
    for name in HOSTS {
        command.env_remove(name);
    }
    let output = command.output().context("cannot start coverage-gate")?;
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    let code = output.status.code();
    ensure(code == Some(change.exit), || format!("exit code {code:?}, not {}:\n{said}", change.exit))?;
    ensure(page.is_file(), || format!("no page at {}", page.display()))?;
    let typed = format!(
        "A change that is {}: {}\n$ coverage-gate --reports {} --diff-file change.diff --min-patch 80\n",
        change.title,
        change.file,
        REPORTS.join(" ")
    );
    println!("{typed}{}", short(&said));
    let log = format!("{typed}{said}\n");
    let report: Value = serde_json::from_slice(&fs::read(report)?)?;
    let lines = &report["patch"]["lines"];
    let lines = lines["covered"].as_u64().zip(lines["coverable"].as_u64()).filter(|(_, coverable)| *coverable > 0);
    Ok(Judged { verdict: report["verdict"].as_str().unwrap_or_default().to_owned(), lines, log })
}

/// The tool's output without the sections that tell nothing of the change.
fn short(said: &str) -> String {
    let dull = |part: &&str| ["By directory", "Totals"].iter().all(|title| !part.starts_with(title));
    said.split("\n\n").filter(dull).collect::<Vec<_>>().join("\n\n")
}

fn ensure(holds: bool, what: impl FnOnce() -> String) -> Result<()> {
    ensure!(holds, "{}", what());
    Ok(())
}

/// The shop with the change in it, its reports and its diff.
fn prepare(root: &Path, folder: &Path, change: &Change) -> Result<PathBuf> {
    let shop = folder.join("shop");
    let _ = fs::remove_dir_all(&shop);
    for part in ["src", "js"] {
        fs::create_dir_all(shop.join(part))?;
        for entry in fs::read_dir(root.join("examples/shop/web").join(part))? {
            let entry = entry?;
            fs::copy(entry.path(), shop.join(part).join(entry.file_name()))?;
        }
    }
    for report in REPORTS {
        fs::copy(root.join("examples/shop/recorded").join(report), shop.join(report))?;
    }
    if let Adds::File(text) = change.adds {
        fs::write(shop.join(change.file), text)?;
    }
    let text = fs::read_to_string(shop.join(change.file)).context(change.file)?;
    fs::write(shop.join("change.diff"), diff(change, &text)?)?;
    Ok(shop)
}

/// The change as `git diff --unified=0` prints it.
fn diff(change: &Change, text: &str) -> Result<String> {
    let file = change.file;
    let lines: Vec<&str> = text.lines().collect();
    let (from, to, old) = match change.adds {
        Adds::File(_) => (0, lines.len(), "/dev/null".to_owned()),
        Adds::Lines(first, last) => {
            let from = lines.iter().position(|line| line.starts_with(first));
            let from = from.with_context(|| format!("{file} has no line that begins with {first}"))?;
            let length = lines[from..].iter().position(|line| *line == last);
            (from, from + length.with_context(|| format!("{file} has no line {last}"))? + 1, format!("a/{file}"))
        }
    };
    if from == to {
        bail!("{file} is empty");
    }
    let added: String = lines[from..to].iter().map(|line| format!("+{line}\n")).collect();
    let new = if matches!(change.adds, Adds::File(_)) { "new file mode 100644\n" } else { "" };
    Ok(format!(
        "diff --git a/{file} b/{file}\n{new}--- {old}\n+++ b/{file}\n@@ -{from},0 +{},{} @@\n{added}",
        from + 1,
        to - from
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_changes_are_of_files_as_they_are() -> Result<()> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let dir = tempfile::tempdir()?;
        for change in &CHANGES {
            let shop = prepare(&root, dir.path(), change)?;
            let diff = fs::read_to_string(shop.join("change.diff"))?;
            let text = fs::read_to_string(shop.join(change.file))?;
            let added: Vec<&str> = diff.lines().skip_while(|line| !line.starts_with("@@")).skip(1).collect();
            assert!(added.len() > 2 && added.iter().all(|line| line.starts_with('+')), "{diff}");
            assert!(text.contains(&added.iter().map(|line| format!("{}\n", &line[1..])).collect::<String>()), "{diff}");
        }
        Ok(())
    }
}
