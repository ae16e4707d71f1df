//! Programs: their output, their end, and that nothing of them stays behind.

use crate::server::{fault, hasty, later, network};
use kit_probe::event::Cause;
use kit_probe::exchange::Exchange;
use std::time::Duration;
use tokio::time::Instant;

fn shell(script: &str) -> Vec<String> {
    ["sh", "-c", script].map(str::to_owned).to_vec()
}

async fn run(script: &str) -> Exchange {
    network().command(&shell(script), later()).await
}

#[tokio::test]
async fn output_comes_in_the_order_written() {
    let exchange = run("echo one; echo two >&2; echo three; cat; exit 7").await;
    assert_eq!(exchange.fault, None);
    let response = exchange.response.unwrap();
    assert_eq!((response.status, response.body.as_slice()), (7, &b"one\ntwo\nthree\n"[..]));
    assert!(exchange.phases.total_us > 0);
    // No shell is in between.
    let line = ["echo", "$HOME;", "*"].map(str::to_owned);
    assert_eq!(network().command(&line, later()).await.response.unwrap().body, b"$HOME; *\n");
}

#[tokio::test]
async fn what_cannot_be_started() {
    for line in [vec![], vec!["/no/such/program".to_owned()], vec!["/etc/passwd".to_owned()], vec!["a\0b".to_owned()]] {
        let exchange = network().command(&line, later()).await;
        let (cause, message) = fault(&exchange);
        assert_eq!(cause, Cause::CommandNotStarted, "{message}");
        assert!(exchange.response.is_none());
    }
}

#[tokio::test]
async fn the_whole_group_is_killed_when_its_time_is_up() {
    let folder = tempfile::tempdir().unwrap();
    let pid_file = folder.path().join("pid");
    let script = format!("echo begun; sleep 77 & echo $! > {}; wait", pid_file.display());
    let began = Instant::now();
    let exchange = hasty(700).command(&shell(&script), later()).await;
    assert!(began.elapsed() < Duration::from_secs(5));
    let (cause, message) = fault(&exchange);
    assert_eq!(cause, Cause::CommandKilled);
    assert!(message.starts_with("`sh` had not ended within"), "{message}");
    let response = exchange.response.unwrap();
    assert_eq!((response.status, response.body.as_slice()), (137, &b"begun\n"[..]));
    assert_gone(&std::fs::read_to_string(pid_file).unwrap()).await;
}

#[tokio::test]
async fn the_whole_group_is_killed_when_nobody_waits_any_more() {
    let folder = tempfile::tempdir().unwrap();
    let pid_file = folder.path().join("pid");
    let line = shell(&format!("sleep 78 & echo $! > {}; wait", pid_file.display()));
    let network = network();
    assert!(tokio::time::timeout(Duration::from_millis(700), network.command(&line, later())).await.is_err());
    assert_gone(&std::fs::read_to_string(pid_file).unwrap()).await;
}

/// A killed process may be a zombie until whoever adopted it looks.
async fn assert_gone(pid: &str) {
    for _ in 0..100 {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", pid.trim())).unwrap_or_default();
        if stat.is_empty() || stat.contains(") Z ") {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{pid} is still running");
}

#[tokio::test]
async fn signals_are_told() {
    let (cause, message) = fault(&run("kill -9 $$").await);
    assert_eq!(cause, Cause::CommandKilled);
    assert!(message.contains("ended by signal 9"), "{message}");
}

#[tokio::test]
async fn output_is_bounded() {
    let exchange = run("yes").await;
    let (cause, message) = fault(&exchange);
    assert_eq!(cause, Cause::BodyTooLarge);
    assert!(message.contains("more than 10000 bytes"), "{message}");
    assert_eq!(exchange.response.unwrap().body.len(), 10_000);
    let exchange = run("head -c 10000 /dev/zero").await;
    assert_eq!(exchange.fault, None);
    assert_eq!(exchange.response.unwrap().body.len(), 10_000);
}

#[tokio::test]
async fn what_runs_on_in_the_background_is_not_waited_for() {
    let began = Instant::now();
    let exchange = run("sleep 3 & echo done").await;
    assert!(began.elapsed() < Duration::from_secs(2));
    assert_eq!(exchange.fault, None);
    assert_eq!(exchange.response.unwrap().body, b"done\n");
}
