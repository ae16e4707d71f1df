use super::super::marked::{assert_replaceable, assert_sound, found, unmarked};
use super::*;
use proptest::prelude::*;

fn urls(marked: &str) -> Vec<String> {
    found(marked, references).into_iter().map(|reference| reference.url).collect()
}

fn base(marked: &str) -> Option<String> {
    references(unmarked(marked).0.as_bytes()).unwrap().base
}

#[test]
fn a_map_names_its_file_and_the_sources_that_it_does_not_hold() {
    let map = r#"{"version":3,"file":"«app.js»","sources":["«../src/a.ts»","b.ts","«c\u002ets»"],"sourcesContent":[null,"x"],"names":["d.ts"],"mappings":"AAAA"}"#;
    assert_eq!(urls(map), ["app.js", "../src/a.ts", "c.ts"]);
    let references = references(unmarked(map).0.as_bytes()).unwrap().references;
    assert!(references.iter().all(|found| found.demand == Demand::Optional && found.writing == Writing::Json));
}

#[test]
fn contents_may_come_first_and_other_schemes_name_nothing() {
    urls(r#"{"sourcesContent":["x"],"sources":["a.ts","webpack://x/b.ts","«/c.ts»","",null],"file":"«a.js»"}"#);
}

#[test]
fn a_source_root_is_the_base_of_the_sources() {
    for (root, expected) in [("/src", "/src/"), ("../src/", "../src/")] {
        let map = format!(r#"{{"file":"a.js","sourceRoot":"{root}","sources":["«a.ts»"]}}"#);
        assert_eq!((urls(&map), base(&map).as_deref()), (vec!["a.ts".to_owned()], Some(expected)));
    }
    let map = r#"{"file":"«a.js»","sourceRoot":"","sources":["«a.ts»"]}"#;
    assert_eq!((urls(map).len(), base(map)), (2, None));
}

#[test]
fn index_maps_have_sections() {
    let map = r#"{"file":"«all.js»","sections":[{"offset":{},"map":{"file":"«a.js»","sources":["«a.ts»"]}},{"map":{"sources":["b.ts"],"sourcesContent":["b"]}},{"url":"«c.map»"}]}"#;
    assert_eq!(urls(map), ["all.js", "a.js", "a.ts", "c.map"]);
    let map =
        r#"{"file":"all.js","sections":[{"map":{"sourceRoot":"x","sources":["a.ts"]}},{"map":{"sources":["b.ts"]}}]}"#;
    assert_eq!((urls(map).len(), base(map)), (0, None));
}

#[test]
fn a_guard_is_skipped_and_what_is_no_map_names_nothing() {
    urls(")]}'\n{\"file\":\"«a.js»\"}");
    assert_eq!(references(b")]}'\n{\"file\":x}").unwrap_err().line, 2);
    assert_eq!(references(b"words and \"words\" that are no JSON"), Ok(Found::default()));
    assert_eq!(references(b"\xff"), Ok(Found::default()));
    assert_eq!(references(b"\n{\"sources\": [}").unwrap_err().line, 2);
}

#[test]
fn the_url_of_a_source_map_stands_alone() {
    let read = |comment: &'static str| in_comment(comment.as_bytes()).map(|at| &comment[at]);
    assert_eq!(read("# sourceMappingURL=a.js.map"), Some("a.js.map"));
    assert_eq!(read("@ sourceMappingURL=a.js.map \r"), Some("a.js.map"));
    assert_eq!(read("#sourceMappingURL=a.js.map"), Some("a.js.map"));
    assert_eq!(read(" # sourceMappingURL=a.js.map"), None);
    assert_eq!(read("# sourceMappingURL=a b"), None);
    assert_eq!(read("# sourceMappingURL='a'"), None);
    assert_eq!(read("# sourceMappingURL="), None);
    assert_eq!(read("# sourceURL=a"), None);
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes: Vec<u8>, text in r#"(\{|\}|\[|\]|"file"|"sources"|"sections"|"map"|"sourceRoot"|:|,|"a.js"|1|null| ){0,40}"#) {
        for bytes in [bytes.as_slice(), text.as_bytes()] {
            if let Ok(found) = references(bytes) {
                assert_sound(bytes, &found);
                assert_replaceable(bytes, &found, references);
            }
        }
    }
}
