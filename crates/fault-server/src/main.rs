//! `fault-server CLASS [--seed N] [--instances N] [--first 127.0.0.1] [--ready-after-ms N]
//! [--interval-ms N]`: serves until it is killed or its
//! input ends, and prints where, as one line of JSON, for clients of any kind. Without arguments: the classes, one a line.

use fault_server::{Class, FaultServer, Pace, Setup, Truth};
use std::io::{Read, Write};
use std::process::ExitCode;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match run(&words) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            let _ = writeln!(std::io::stderr(), "{why}");
            ExitCode::from(2)
        }
    }
}

fn run(words: &[String]) -> Result<(), Box<dyn std::error::Error>> {
    let mut out = std::io::stdout();
    let Some((class, words)) = words.split_first() else {
        for class in Class::ALL {
            writeln!(out, "{}\t{}", class.name(), truth(*class))?;
        }
        return Ok(());
    };
    let class =
        Class::named(class).ok_or_else(|| format!("no class is called `{class}`; without arguments all are listed"))?;
    let (mut setup, mut pace) = (Setup::new(class, 1), Pace::QUICK);
    for pair in words.chunks(2) {
        let [name, value] = pair else { return Err(format!("{} has no value", pair[0]).into()) };
        match name.as_str() {
            "--seed" => setup.seed = value.parse()?,
            "--instances" => setup.instances = value.parse()?,
            "--first" => setup.first = value.parse()?,
            "--ready-after-ms" => setup.ready_after = Duration::from_millis(value.parse()?),
            "--interval-ms" => pace.interval = Duration::from_millis(value.parse()?),
            _ => return Err(format!("no option is called {name}").into()),
        }
    }
    let server = FaultServer::start(setup)?;
    let options = server.options(pace);
    let ready_in = server.ready_at().saturating_duration_since(Instant::now());
    let ready_at = (SystemTime::now() + ready_in).duration_since(UNIX_EPOCH)?;
    let line = serde_json::json!({
        "class": class.name(),
        "truth": truth(class),
        "asks_tls": class.asks_tls(),
        "ready_at_unix_us": u64::try_from(ready_at.as_micros())?,
        "url": options.url,
        "addresses": server.addresses(),
        "ca_file": server.ca_file(),
        "arguments": options.arguments(),
    });
    writeln!(out, "{line}")?;
    out.flush()?;
    std::io::stdin().read_to_end(&mut Vec::new())?;
    Ok(())
}

fn truth(class: Class) -> &'static str {
    match class.truth() {
        Truth::Healthy => "healthy",
        Truth::Unhealthy => "unhealthy",
    }
}
