//! `aws-sim [--addr 127.0.0.1:0] [--bucket NAME[@REGION]]... [OPTION]...`: serves until it is killed, its input ends, or it
//! is asked to stop; prints where, as one line of JSON. Exit code 3 says that a kill point of mode `exit` struck.

use aws_sim::{ACCESS_KEY, BucketOptions, DEFAULT_BEARER, Ended, Fault, KnownToken, Rule, SECRET_KEY, Sim, SimOptions};
use std::io::{Read, Write};
use std::path::Path;
use std::process::ExitCode;

const USAGE: &str = "\
aws-sim [OPTION]...
  --addr ADDRESS:PORT          where to listen, on loopback (127.0.0.1:0)
  --bucket NAME[@REGION]       a bucket that is there; can be repeated
  --versioning                 every bucket keeps versions
  --acls                       every bucket takes ACLs
  --region REGION              the region whose endpoint this is (any)
  --data DIR                   put every file of DIR/BUCKET/KEY into its bucket first
  --keep-bodies-below BYTES    larger bodies are measured, not kept
  --min-part BYTES             the smallest part of a multipart upload but the last
  --no-auth                    take requests without a signature
  --slowdown N                 503 SlowDown on every Nth write
  --faults JSON                an array of faults, as PUT /_sim/faults takes them
  --token TOKEN                a web-identity token that STS knows, for a day
  --role ARN                   a role that can be taken (every one); can be repeated
  --distribution ID            a distribution of CloudFront's (every one); can be repeated
  --cdn-cache                  /_cdn/ keeps what it has seen until it is invalidated or purged
  --threads N                  threads that serve (2)
  --detached                   serve on when the input ends";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match run(&words) {
        Ok(Ended::Stopped) => ExitCode::SUCCESS,
        Ok(Ended::Killed) => ExitCode::from(3),
        Err(why) => {
            let _ = writeln!(std::io::stderr(), "{why}");
            ExitCode::from(2)
        }
    }
}

/// What the command line asks for.
struct Asked {
    options: SimOptions,
    tokens: Vec<String>,
    data: Option<String>,
    detached: bool,
}

fn run(words: &[String]) -> Result<Ended, Box<dyn std::error::Error>> {
    let mut out = std::io::stdout();
    if words.iter().any(|word| word == "--help" || word == "-h") {
        writeln!(out, "{USAGE}")?;
        return Ok(Ended::Stopped);
    }
    let asked = asked(words)?;
    let sim = Sim::start(asked.options)?;
    let control = sim.control();
    for token in asked.tokens {
        let audience = "sts.amazonaws.com".to_owned();
        control.add_token(KnownToken { token, audience, expires_s: i64::MAX, denied: false });
    }
    if let Some(data) = &asked.data {
        control.load(Path::new(data))?;
    }
    let url = sim.url();
    let line = serde_json::json!({
        "url": url,
        "access_key": ACCESS_KEY,
        "secret_key": SECRET_KEY,
        "cdn_url": format!("{url}/_cdn"),
        "oidc_url": format!("{url}/_oidc/token?api-version=2.0"),
        "oidc_bearer": DEFAULT_BEARER,
        "control_url": format!("{url}/_sim"),
    });
    writeln!(out, "{line}")?;
    out.flush()?;
    if !asked.detached {
        std::thread::Builder::new().spawn(move || {
            let _ = std::io::stdin().read_to_end(&mut Vec::new());
            control.stop();
        })?;
    }
    Ok(sim.wait())
}

fn asked(words: &[String]) -> Result<Asked, Box<dyn std::error::Error>> {
    let mut options = SimOptions { threads: 2, ..SimOptions::default() };
    let mut bucket = BucketOptions::default();
    let (mut buckets, mut tokens, mut data, mut detached) = (Vec::new(), Vec::new(), None, false);
    let mut words = words.iter();
    while let Some(name) = words.next() {
        let mut value = || words.next().ok_or_else(|| format!("{name} has no value"));
        match name.as_str() {
            "--addr" => options.address = value()?.parse()?,
            "--bucket" => buckets.push(value()?.clone()),
            "--versioning" => bucket.versioning = true,
            "--acls" => bucket.acls = true,
            "--region" => options.region = Some(value()?.clone()),
            "--data" => data = Some(value()?.clone()),
            "--keep-bodies-below" => options.keep_below_bytes = value()?.parse()?,
            "--min-part" => options.min_part_bytes = value()?.parse()?,
            "--no-auth" => options.require_signature = false,
            "--slowdown" => options.faults.push(Rule::new(Fault::SlowDown).writes().every(value()?.parse()?)),
            "--faults" => options.faults.extend(serde_json::from_str::<Vec<Rule>>(value()?)?),
            "--token" => tokens.push(value()?.clone()),
            "--role" => options.sts.roles.push(value()?.clone()),
            "--distribution" => options.cloudfront.distributions.push(value()?.clone()),
            "--cdn-cache" => options.cdn.cache = true,
            "--threads" => options.threads = value()?.parse()?,
            "--detached" => detached = true,
            _ => return Err(format!("no option is called {name}\n{USAGE}").into()),
        }
    }
    for name in buckets {
        let (name, region) = name.split_once('@').map_or((name.as_str(), None), |(name, region)| (name, Some(region)));
        let region = region.map(str::to_owned);
        options.buckets.push((name.to_owned(), BucketOptions { region, ..bucket.clone() }));
    }
    Ok(Asked { options, tokens, data, detached })
}
