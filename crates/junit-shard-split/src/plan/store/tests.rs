use super::*;
use proptest::prelude::*;

const MS: u64 = 1_000_000;
const EXACT: Keeping = Keeping { keep: 3, quiet: None };
const QUIET: Keeping = Keeping { keep: 3, quiet: Some(Quiet::DEFAULT) };

fn run(sequence: u64) -> Run {
    Run::new(sequence, &format!("run {sequence}"))
}

fn record(store: &mut Store, sequence: u64, times_ms: &[(&str, u64)], keeping: &Keeping) -> Recorded {
    store.record(run(sequence), "default", times_ms.iter().map(|(file, ms)| (*file, ms * MS)), keeping)
}

fn median_ms(store: &Store, file: &str) -> Option<u64> {
    store.median_ns("default", file, usize::MAX).map(|ns| ns / MS)
}

#[test]
fn each_file_has_a_line_of_its_own() {
    let mut store = Store::default();
    assert_eq!(store.render(), "{\"schema\":1,\"files\":{\n\n\"\":{}}}\n");
    store.record(run(1), "default", [("tests/b \"q\".py", 1_234_567_000), ("tests/a.py", 48_400_000)], &EXACT);
    store.record(run(2), "large", [("tests/a.py", 0)], &EXACT);
    assert_eq!(
        store.render(),
        r#"{"schema":1,"files":{

"tests/a.py":{"default":[[1,"b945d8cb",48]],"large":[[2,"32d8c6c9",0]]},

"tests/b \"q\".py":{"default":[[1,"b945d8cb",1230]]},

"":{}}}
"#
    );
    assert_eq!(store.machines(), ["default", "large"]);
    assert_eq!(store.median_ns("large", "tests/a.py", 5), Some(0));
    assert_eq!(store.median_ns("large", "tests/b \"q\".py", 5), None);
}

#[test]
fn times_are_rounded_to_three_digits() {
    for (ns, ms) in [
        (0, 0),
        (499_999, 0),
        (500_000, 1),
        (999 * MS, 999),
        (999_500_000, 1000),
        (1234 * MS, 1230),
        (1235 * MS, 1240),
        (99_950 * MS, 100_000),
        (u64::MAX, MAX_MS),
    ] {
        assert_eq!(rounded_ms(ns), ms, "{ns}");
    }
}

#[test]
fn the_median_of_the_newest_runs_counts() {
    let mut store = Store::default();
    for (sequence, ms) in [(1, 100), (2, 500), (3, 200), (4, 300)] {
        record(&mut store, sequence, &[("a", ms)], &EXACT);
    }
    assert_eq!(median_ms(&store, "a"), Some(300), "of 500, 200 and 300: the first run is forgotten");
    assert_eq!(store.median_ns("default", "a", 2), Some(250 * MS));
    assert_eq!(store.median_ns("default", "a", 1), Some(300 * MS));
    assert_eq!(store.median_ns("default", "a", 0), None);
    assert_eq!(record(&mut store, 1, &[("a", 9000)], &EXACT), Recorded { unchanged: 1, ..Recorded::default() });
}

#[test]
fn parts_of_a_file_are_summed_within_a_run_and_a_run_counts_once() {
    let mut store = Store::default();
    let recorded = record(&mut store, 1, &[("a", 100), ("b", 1), ("a", 50)], &EXACT);
    assert_eq!(recorded, Recorded { new: 2, ..Recorded::default() });
    assert_eq!(median_ms(&store, "a"), Some(150));
    let before = store.render();
    let again = Run { sequence: 99, ..run(1) };
    let recorded = store.record(again, "default", [("a", 150 * MS), ("b", MS)], &EXACT);
    assert_eq!(recorded, Recorded { unchanged: 2, ..Recorded::default() });
    assert_eq!(store.render(), before, "the same run, recorded again later, changes no byte");
}

#[test]
fn files_that_are_gone_are_forgotten() {
    let mut store = Store::default();
    record(&mut store, 1, &[("a", 1), ("b", 1), ("c", 1)], &EXACT);
    assert_eq!(store.prune(|file| file == "b"), ["a", "c"]);
    assert_eq!((store.count(), store.is_empty("default"), store.is_empty("large")), (1, false, true));
    assert_eq!(store.median_us("default", "b"), Some(1000));
    assert_eq!(store.medians("default", 3).collect::<Vec<_>>(), [("b", MS)]);
}

#[test]
fn a_quiet_store_changes_only_when_there_is_news() {
    let mut store = Store::default();
    record(&mut store, 1, &[("slow", 10_000), ("fast", 20)], &QUIET);
    let before = store.render();
    for (sequence, slow, fast) in [(2, 10_900, 110), (3, 9_100, 1)] {
        let recorded = record(&mut store, sequence, &[("slow", slow), ("fast", fast)], &QUIET);
        assert_eq!(recorded, Recorded { unchanged: 2, ..Recorded::default() });
    }
    assert_eq!(store.render(), before);
    // An odd run is news, and the normal runs after it outvote it.
    record(&mut store, 4, &[("slow", 30_000)], &QUIET);
    assert_ne!(store.render(), before);
    for sequence in 5..8 {
        assert_eq!(record(&mut store, sequence, &[("slow", 10_100)], &QUIET).updated, 1);
    }
    assert_eq!(median_ms(&store, "slow"), Some(10_100));
    assert_eq!(record(&mut store, 8, &[("slow", 10_100)], &QUIET).updated, 0, "quiet again");
}

#[test]
fn what_git_joined_by_lines_is_read() {
    let joined = r#"{"schema":1,"files":{

"b":{"default":[[2,"00000002",20]]},

"a":{"default":[[1,"00000001",10]]},
"a":{"default":[[2,"00000002",30],[1,"00000001",10]]},

"":{}}}
"#;
    let store = Store::parse(joined).unwrap();
    assert_eq!(median_ms(&store, "a"), Some(20));
    assert_eq!(Store::parse(&store.render()).as_ref(), Ok(&store));
    assert!(store.render().find("\"a\"") < store.render().find("\"b\""));
}

#[test]
fn stores_that_are_refused_say_why_and_where() {
    let with = |files: &str| format!("{{\n\"schema\": 1,\n\"files\": {{\n{files}\n}}\n}}");
    for (text, line, what) in [
        ("", Some(1), "empty"),
        ("{", Some(1), "EOF"),
        ("[]", Some(1), "`schema` and `files`"),
        ("{\"schema\":2,\"files\":{}}", Some(1), "schema 2"),
        ("{\"schema\":1}", Some(1), "missing"),
        ("{\"files\":{}}", Some(1), "before"),
        ("{\"schema\":1,\"files\":{}} x", Some(1), "trailing"),
        ("{\"schema\":1,\"files\":{},\"more\":1}", Some(1), "unknown key `more`"),
        (&with("\"a\": {\"default\": [[1,\"00000001\",-5]]}"), Some(4), "integer"),
        (&with("\"a\": {\"default\": [[1,\"00000001\",1.5]]}"), Some(4), "floating"),
        (&with("\"a\": {\"default\": [[1,\"00000001\",604800001]]}"), Some(4), "7 days"),
        (&with("\"a\": {\"default\": [[1,\"00000001\"]]}"), Some(4), "a sample must be"),
        (&with("\"a\": {\"default\": [[1,\"00000001\",1,1]]}"), Some(4), "a sample must be"),
        (&with("\"a\": {\"default\": [[1,\"+0000001\",1]]}"), Some(4), "no run id"),
        (&with("\"a\": {\"de fault\": []}"), Some(4), "no class of machine"),
        (&with("\"a\": {\"de\\nfault\": []}"), Some(4), "`de\\nfault` is no class"),
        (&with("\"\": {\"default\": [[1,\"00000001\",1]]}"), Some(5), "without a name"),
        (&with(&format!("\"{}\": {{}}", "x".repeat(5000))), Some(4), "longer than 4096"),
        ("{\n<<<<<<< HEAD\n=======\n>>>>>>> other\n", Some(2), "merge conflict"),
        (&"[".repeat(100_000), Some(1), ""),
        (&with(&format!("\"a\": {}", "[".repeat(100_000))), Some(4), ""),
        (&" ".repeat(MAX_STORE_BYTES + 1), None, "larger than"),
    ] {
        let error = Store::parse(text).unwrap_err();
        let head: String = text.chars().take(80).collect();
        assert_eq!(error.line, line, "{head}: {error}");
        assert!(error.what.contains(what), "{head}: {error}");
        assert!(!error.what.contains('\n'), "{error}");
    }
}

#[test]
fn a_store_that_is_too_long_in_one_place_is_cut() {
    let samples: Vec<String> = (0..1000).map(|n| format!("[{n},\"{n:08x}\",{n}]")).collect();
    let text = format!("{{\"schema\":1,\"files\":{{\"a\":{{\"default\":[{}]}}}}}}", samples.join(","));
    let store = Store::parse(&text).unwrap();
    assert_eq!(store.files["a"]["default"].len(), MAX_KEEP);
    assert_eq!(store.median_ns("default", "a", 1), Some(999 * MS));
}

/// Inputs that once broke something, or that a fuzzer found interesting; the fuzz target does the same with any bytes.
#[test]
fn the_fuzzers_corpus_is_replayed() {
    for text in [
        "{\"schema\":1,\"files\":{\"\\u0000\\n\":{\"a\":[[18446744073709551615,\"ffffffff\",604800000]]}}}",
        "{\"schema\":1,\"files\":{\"a\":{\"m\":[[1,\"00000001\",5],[2,\"00000001\",3]]}}}",
        "{\"schema\":1,\"files\":{\"a\":{\"m\":[]}}}",
        "\u{feff}{\"schema\":1,\"files\":{}}",
        "{\"schema\":1,\"files\":{\"\\ud800\":{}}}",
        "{\"schema\":1e0,\"files\":{}}",
        "nul",
        "\0",
    ] {
        survives(text);
    }
}

/// What must hold of any text; the fuzz target calls the same.
fn survives(text: &str) {
    if let Ok(store) = Store::parse(text) {
        let rendered = store.render();
        assert_eq!(Store::parse(&rendered).as_ref(), Ok(&store), "{text}");
        assert_eq!(Store::parse(&rendered).map(|again| again.render()), Ok(rendered), "{text}");
        let mut twice = store.clone();
        twice.merge(&store, MAX_KEEP);
        assert_eq!(twice, store, "{text}");
    }
}

fn any_runs() -> impl Strategy<Value = Vec<(u64, u32, String, String, u64)>> {
    let sample =
        (0..20_u64, 0..8_u32, "[a-c]", prop_oneof![Just("default".to_owned()), Just("large".to_owned())], 0..5_000_u64);
    proptest::collection::vec(sample, 0..40)
}

fn store_of(runs: &[(u64, u32, String, String, u64)]) -> Store {
    let mut store = Store::default();
    for (sequence, id, file, machine, ms) in runs {
        store.record(Run { sequence: *sequence, id: *id }, machine, [(file.as_str(), ms * MS)], &EXACT);
    }
    store
}

fn merged(a: &Store, b: &Store) -> Store {
    let mut merged = a.clone();
    merged.merge(b, 3);
    merged
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn merging_is_commutative_associative_and_idempotent(a in any_runs(), b in any_runs(), c in any_runs()) {
        let (a, b, c) = (store_of(&a), store_of(&b), store_of(&c));
        prop_assert_eq!(merged(&a, &b), merged(&b, &a));
        prop_assert_eq!(merged(&merged(&a, &b), &c), merged(&a, &merged(&b, &c)));
        prop_assert_eq!(&merged(&a, &a), &a);
        prop_assert_eq!(merged(&merged(&a, &b), &b), merged(&a, &b));
    }

    #[test]
    fn the_order_of_runs_does_not_matter(
        (runs, shuffled) in proptest::collection::btree_map(0..1000_u64, proptest::collection::vec(("[a-c]", 0..5_000_u64), 0..6), 0..8)
            .prop_map(|runs| runs.into_iter().collect::<Vec<_>>())
            .prop_flat_map(|runs| (Just(runs.clone()), Just(runs).prop_shuffle())),
    ) {
        let of = |runs: &[(u64, Vec<(String, u64)>)], reverse: bool| {
            let mut store = Store::default();
            for (sequence, times) in runs {
                let mut times: Vec<(&str, u64)> = times.iter().map(|(file, ms)| (file.as_str(), *ms)).collect();
                if reverse {
                    times.reverse();
                }
                record(&mut store, *sequence, &times, &EXACT);
            }
            store
        };
        prop_assert_eq!(of(&runs, false), of(&shuffled, true));
    }

    #[test]
    fn quiet_runs_in_any_order_are_within_the_tolerance(a in 0..60_000_u64, b in 0..60_000_u64) {
        let of = |first: (u64, u64), second: (u64, u64)| {
            let mut store = Store::default();
            for (sequence, ms) in [first, second] {
                record(&mut store, sequence, &[("a", ms)], &QUIET);
            }
            median_ms(&store, "a").unwrap()
        };
        let (one, other) = (of((1, a), (2, b)), of((2, b), (1, a)));
        // 10 % of the larger, 100 ms, and what rounding to three digits adds.
        prop_assert!(one.abs_diff(other) <= (one.max(other) / 10).max(100) + one.max(other) / 90 + 1, "{one} {other}");
    }

    #[test]
    fn what_is_written_is_read(runs in any_runs(), name in ".{1,20}") {
        let mut store = store_of(&runs);
        record(&mut store, 5, &[(&name, 1)], &EXACT);
        prop_assert_eq!(Store::parse(&store.render()), Ok(store));
    }

    #[test]
    fn any_text_is_read_or_refused(text in "[\\[\\]{}\",:0-9a-f\\\\ ]{0,80}", tail in ".{0,20}") {
        survives(&text);
        survives(&format!("{{\"schema\":1,\"files\":{{{text}}}}}{tail}"));
    }
}
