use super::{Trial, tools};

#[test]
fn binaries() {
    let nextest = ["nextest", "run", "--workspace", "--profile", "ci", "--offline"];
    let Some(program) = tools::system("cargo-nextest", &nextest) else {
        tools::skip("nextest", "`cargo install cargo-nextest`");
        return;
    };
    let test = |n: u32| {
        let tests = (0..n)
            .map(|i| format!("#[test]\nfn t{i}() {{ std::thread::sleep(std::time::Duration::from_millis(10)); }}\n"));
        tests.collect::<String>()
    };
    // Two packages have a target of one name; one target is a folder, with a module in it.
    let contents = [
        ("tests/alpha.rs", test(4)),
        ("tests/beta.rs", test(1)),
        ("tests/gamma/main.rs", format!("mod inner;\n{}", test(1))),
        ("more/tests/alpha.rs", test(2)),
        ("more/tests/delta-x.rs", test(1)),
        ("tests/gamma/inner.rs", test(1)),
    ];
    let paths: Vec<&str> = contents[..5].iter().map(|(path, _)| *path).collect();
    let mut files: Vec<(&str, &str)> = contents.iter().map(|(path, content)| (*path, content.as_str())).collect();
    let package = "version = \"0.1.0\"\nedition = \"2024\"\n";
    let root = format!("[workspace]\nmembers = [\"more\"]\n[package]\nname = \"demo\"\n{package}");
    let member = format!("[package]\nname = \"more\"\n{package}");
    files.push(("Cargo.toml", &root));
    files.push(("more/Cargo.toml", &member));
    files.push(("src/lib.rs", ""));
    files.push(("more/src/lib.rs", ""));
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
        "f=$(for t in \"$@\"; do p=demo; case $t in more/*) p=more;; esac; echo \"binary_id(=$p::$(basename \"${{t%/main.rs}}\" .rs))\"; \
         done | paste -sd'|'); {nextest} -E \"$f\" && mkdir -p \"$(dirname \"$0\")\" && cp target/nextest/ci/junit.xml \"$0\""
    );
    trial.program.words = vec!["sh".to_owned(), "-c".to_owned(), script];
    trial.report = vec!["{file}"];
    trial.list(&paths);
    let whole = trial.whole(&paths);
    assert_eq!(whole.len(), 10);
    trial.shards_are_the_whole(&whole, &["--min-known", "100%"], 3);

    // What each file got, and why.
    let args = ["explain", "--tests-from", "tests.txt", "--timings", "reports/whole.xml", "--json", "explained.json"];
    let ran = trial.project.tool(&args).run();
    assert_eq!((ran.exit, ran.stdout.contains("cargo-target")), (0, true), "{}{}", ran.stdout, ran.stderr);
    let explained: serde_json::Value = serde_json::from_str(&trial.project.read("explained.json")).unwrap();
    let entries = explained["entries"].as_array().unwrap();
    assert!(entries.iter().all(|entry| entry["rule"] == "cargo-target"), "{entries:#?}");
    let mut cases: Vec<(&str, u64)> =
        entries.iter().map(|entry| (entry["matched"].as_str().unwrap(), entry["cases"].as_u64().unwrap())).collect();
    cases.sort_unstable();
    let expected = [(paths[3], 2), (paths[4], 1), (paths[0], 4), (paths[1], 1), (paths[2], 2)];
    assert_eq!(cases, expected);
    // At least the ten milliseconds that each test sleeps.
    for file in explained["files"].as_array().unwrap() {
        let (ns, cases) = (file["total_ns"].as_u64().unwrap(), file["cases"].as_u64().unwrap());
        assert!(ns >= 10_000_000 * cases, "{file:#?}");
    }
}
