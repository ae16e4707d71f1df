use super::*;
use crate::plan::manifests::Format;
use proptest::prelude::*;

fn is_hashed(path: &str) -> bool {
    !hashed(&[path], &[]).is_empty()
}

#[test]
fn names_of_real_tools_hold_digests() {
    for path in [
        "main.0a1b2c3d4e5f.js",
        "main.3f2b1c9d.chunk.js",
        "runtime.f30d1b0c95c2a1b7d7a2.js",
        "app-8f0d7a5a1e3f4b1b2d60c1e3aab0f6de4b0f8c0c9fc3a4f5fc4c7a0f9a1b2c3d.js",
        "app-8f0d7a5a.js",
        "app.55e7cbb9ba48.css",
        "app-3c16d9220694c0e56d8648f25e6035e9.js",
        "_next/static/chunks/117-7b1b0a5f7f6f7b0e.js",
        "_next/static/css/3f5a2b7c9d1e4f60.css",
        "_next/static/media/a34f9d1faa5f3315-s.p.woff2",
        "a/0cdd387c95f2a1b7d7a2.png",
        "index.3f2b1c9d.js",
        "index.3f2b1c9d.js.map",
        "component---src-pages-index-js-1b2f0c6d7e8a9b0c1d2e.js",
        "app-0123456789abcdef.js",
        "photo-0123456789abcdef.tar.gz",
    ] {
        assert!(is_hashed(path), "{path}");
    }
}

#[test]
fn false_friends_hold_none() {
    for path in [
        "jquery-3.7.1.min.js",
        "photo-12345678.jpg",
        "photo-20240131.jpg",
        "photo-1706659200.jpg",
        "video-1706659200123.mp4",
        "bootstrap-darkmode.css",
        "app-settings.js",
        "index-overview.js",
        "hook-useState.js",
        "list-Button24.js",
        "my-facade12.js",
        "art-beef2024.png",
        "the-defaced.js",
        "deadbeef.js",
        "a1b2c3d4.js",
        "550e8400-e29b-41d4-a716-44665544000a.jpg",
        "avatar-550e8400-e29b-41d4-a716-4466554a0000.jpg",
        "release-2024.01.31.js",
        "img_1920x1080.png",
        "IMG-DSC02345.jpg",
        "README-OVERVIEW.txt",
        "3f2b1c9d-report.pdf",
        "app.js",
        "logo@2x.png",
        ".htaccess",
        "polyfills.es2020.js",
        "chunk-AbCdEfG.js",
        "lib-7ac1a8e.js",
        "app-7AC1a8e3.js",
    ] {
        assert!(!is_hashed(path), "{path}");
    }
}

#[test]
fn vite_is_known_by_its_folder() {
    let vite = [
        "index.html",
        "favicon.ico",
        "assets/index-DiwrgTda.js",
        "assets/index-B1_x-yz8.css",
        "assets/react-CHdo91hT.svg",
        "assets/vendor-Bq3k9LmZ.js",
    ];
    let found = hashed(&vite, &[]);
    assert_eq!(found.into_iter().collect::<Vec<_>>().len(), 4);
    assert!(tree_is_hashed(&vite, &[]));
    let words =
        ["assets/index-overview.js", "assets/hook-useState.js", "assets/list-Button24.css", "assets/ui-TextArea.js"];
    assert!(hashed(&words, &[]).is_empty() && !tree_is_hashed(&words, &[]));
    // The same outputs among mostly plain ones are not enough.
    let mixed = ["a/index-DiwrgTda.js", "a/x-Bq3k9LmZ.js", "a/one.js", "a/two.js"];
    assert!(hashed(&mixed, &[]).is_empty());
    // A word among hashed outputs stays a word.
    let word = ["a/x-Bq3k9LmZ.js", "a/y-Cw8aH2Qp.js", "a/z-D0kLm7Rt.js", "a/theme-settings.js", "a/my-TextArea.png"];
    assert_eq!(hashed(&word, &[]).len(), 3);
}

#[test]
fn angular_is_known_by_its_folder() {
    let angular =
        ["index.html", "main-5DJVXQ6Y.js", "polyfills-FFHMD2TL.js", "styles-5INURTSO.css", "chunk-QWERTYUI.js"];
    assert_eq!(hashed(&angular, &[]).len(), 4);
    assert!(hashed(&["main-OVERVIEW.js", "main-SETTINGS.js"], &[]).is_empty());
}

fn manifest(format: Format, path: &str, entries: &[(&str, &str)]) -> Manifest {
    let entries = entries.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
    Manifest { path: path.to_owned(), format, entries }
}

#[test]
fn manifests_speak_for_names() {
    let mapper = manifest(
        Format::Flat,
        "assets/manifest.json",
        &[("app.js", "/assets/app-7ac1a8e.js"), ("styles/app.css", "/assets/styles/app-K7yHUWL.css")],
    );
    let tree = ["assets/manifest.json", "assets/app-7ac1a8e.js", "assets/styles/app-K7yHUWL.css", "index.html"];
    assert_eq!(hashed(&tree, &[mapper]).len(), 2);
    let django = manifest(
        Format::Django,
        "staticfiles.json",
        &[("app.css", "app.55e7cbb9ba48.css"), ("b.js", "b.123456789012.js")],
    );
    let tree = ["app.css", "app.55e7cbb9ba48.css", "b.js", "b.123456789012.js", "staticfiles.json"];
    assert_eq!(hashed(&tree, std::slice::from_ref(&django)).len(), 2);
    assert!(tree_is_hashed(&tree, &[django]));
    // Without the manifest half of the files are plain.
    assert!(!tree_is_hashed(&tree, &[]));
}

#[test]
fn manifests_of_plain_names_say_nothing() {
    let tree = ["js/app.js", "css/app.css", "assets/main.js", "assets/main-settings.js"];
    for manifest in [
        manifest(
            Format::Mix,
            "mix-manifest.json",
            &[("/js/app.js", "/js/app.js?id=0a1b2c3d4e5f6789"), ("/css/app.css", "/css/app.css")],
        ),
        manifest(
            Format::Vite,
            ".vite/manifest.json",
            &[("src/main.ts", "assets/main.js"), ("b.ts", "assets/main-settings.js")],
        ),
        manifest(Format::Flat, "manifest.json", &[("app.js", "js/app.js"), ("gone.js", "gone-0a1b2c3d.js")]),
    ] {
        assert!(hashed(&tree, std::slice::from_ref(&manifest)).is_empty(), "{manifest:?}");
        assert!(!tree_is_hashed(&tree, &[manifest]));
    }
    assert!(!tree_is_hashed(&[], &[]));
}

/// A generator of its own, so that the same names come on every machine (xorshift, Marsaglia 2003).
fn random_names(count: usize, alphabet: &[u8], form: fn(usize, String) -> String) -> Vec<String> {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state >> 11
    };
    let mut token =
        || (0..8).map(|_| char::from(alphabet[usize::try_from(next()).unwrap() % alphabet.len()])).collect();
    (0..count).map(|n| form(n, token())).collect()
}

#[test]
fn nearly_all_random_digests_are_found() {
    const BASE64: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    for (alphabet, per_folder, least) in [
        (BASE64, 20, 98),
        (BASE64, 3, 87),
        (b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 20, 90),
        (b"0123456789abcdef", 20, 99),
        (b"0123456789abcdefghijklmnopqrstuvwxyz", 20, 80),
    ] {
        let mut names = random_names(4000, alphabet, |n, token| format!("{n}/x-{token}.js"));
        for (n, name) in names.iter_mut().enumerate() {
            *name = format!("{}/x{n}-{}", n / per_folder, name.split_once('-').unwrap().1);
        }
        let paths: Vec<&str> = names.iter().map(String::as_str).collect();
        let share = hashed(&paths, &[]).len() * 100 / paths.len();
        assert!(share >= least, "{share} of {per_folder} in a folder, {}", alphabet.len());
    }
}

proptest! {
    #[test]
    fn words_never_count(words in proptest::collection::vec("[a-z]{1,9}-[a-z]{8}\\.(js|css)|[a-z]+-[A-Z][a-z]{3}[A-Z][a-z]{3}\\.js|[a-z]-[a-z]{6}[0-9]{2}\\.js|[a-z]-20[0-9]{6}\\.png", 1..12)) {
        let paths: Vec<&str> = words.iter().map(String::as_str).collect();
        prop_assert!(hashed(&paths, &[]).is_empty());
    }

    #[test]
    fn any_names_in_any_order_get_one_answer(names in proptest::collection::vec("\\PC{0,30}|[a-c]/x[-.][0-9a-fA-Z_-]{8}\\.(js|css|png)", 0..12)) {
        let mut paths: Vec<&str> = names.iter().map(String::as_str).collect();
        let (one, whole) = (hashed(&paths, &[]), tree_is_hashed(&paths, &[]));
        paths.reverse();
        prop_assert_eq!(hashed(&paths, &[]), one);
        prop_assert_eq!(tree_is_hashed(&paths, &[]), whole);
    }
}
