use super::{Trial, tools};

#[test]
fn binaries() {
    let Some(program) = tools::system("cargo-nextest", &["nextest", "run", "--profile", "ci", "--offline"]) else {
        tools::skip("nextest", "`cargo install cargo-nextest`");
        return;
    };
    let test = |n: u32| {
        let tests = (0..n)
            .map(|i| format!("#[test]\nfn t{i}() {{ std::thread::sleep(std::time::Duration::from_millis(10)); }}\n"));
        tests.collect::<String>()
    };
    let names = ["alpha", "beta", "gamma", "delta"];
    let paths = names.map(|name| format!("tests/{name}.rs"));
    let contents = [test(4), test(1), test(2), test(1)];
    let mut files: Vec<(&str, &str)> =
        paths.iter().map(String::as_str).zip(contents.iter().map(String::as_str)).collect();
    files.push(("Cargo.toml", "[package]\nname = \"demo\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[workspace]\n"));
    files.push(("src/lib.rs", ""));
    files.push((".config/nextest.toml", "[profile.ci.junit]\npath = \"junit.xml\"\n"));
    let mut trial = Trial::new("lines", program, &files);
    // The machine's rustup and cargo need their homes; the build must not land in the checkout.
    for name in ["HOME", "CARGO_HOME", "RUSTUP_HOME", "RUSTUP_TOOLCHAIN"] {
        if let Ok(value) = std::env::var(name) {
            trial.program.env.push((name.to_owned(), value));
        }
    }
    trial.program.env.push(("CARGO_TARGET_DIR".to_owned(), "target".to_owned()));
    // nextest writes its report where the profile says, and takes binaries by a filter expression: as anybody would in CI,
    // a line of shell makes one from the other.
    let nextest = trial.program.words.join(" ");
    let script = format!(
        "f=$(for t in \"$@\"; do basename \"$t\" .rs; done | sed 's/.*/binary(=&)/' | paste -sd'|'); {nextest} -E \"$f\" && mkdir -p \"$(dirname \"$0\")\" && cp target/nextest/ci/junit.xml \"$0\""
    );
    trial.program.words = vec!["sh".to_owned(), "-c".to_owned(), script];
    trial.report = vec!["{file}"];
    // Its reports name binaries, not files.
    trial.is_verifiable = false;
    trial.list(&paths.iter().map(String::as_str).collect::<Vec<_>>());
    let whole = trial.whole(&paths.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(whole.len(), 8);
    trial.shards_are_the_whole(&whole, &["--min-known", "0"], 3);
}
