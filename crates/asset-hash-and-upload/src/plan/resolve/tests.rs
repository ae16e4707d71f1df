use super::*;
use proptest::prelude::*;

const TREE: &[&str] = &[
    "index.html",
    "app.js",
    "css/site.css",
    "docs/index.html",
    "fonts/a b.woff",
    "fonts/x.eot",
    "img/caf\u{e9}.png",
    "img/100%.png",
    "img/%41.png",
    "img/a+b#?.png",
    "a:b.js",
];

fn site() -> Site {
    Site::new("/", &["https://CDN.example:443/x/".to_owned(), "https://cdn.example/x/css".to_owned()]).unwrap()
}

fn with(site: &Site, from: &str, base: Option<&str>, url: &str, demand: Demand) -> Target {
    resolve(site, from, base, url, demand, &|path| TREE.contains(&path))
}

fn of(from: &str, url: &str) -> String {
    shown(with(&site(), from, None, url, Demand::Required))
}

fn shown(target: Target) -> String {
    match target {
        Target::File { path, suffix } => format!("{path} {suffix}").trim_end().to_owned(),
        Target::Missing { path, climbed: false } => format!("missing {path}"),
        Target::Missing { path, .. } => format!("beyond {path}"),
        Target::External => "external".to_owned(),
    }
}

#[test]
fn urls_mean_files() {
    for (from, url, meant) in [
        ("index.html", "app.js", "app.js"),
        ("index.html", " ./app.js\n", "app.js"),
        ("index.html", "a\tp\np.js", "app.js"),
        ("index.html", "/app.js?v=1#x", "app.js ?v=1#x"),
        ("css/site.css", "../fonts/x.eot?#iefix", "fonts/x.eot ?#iefix"),
        ("css/site.css", "..\\fonts\\x.eot", "fonts/x.eot"),
        ("css/site.css", "%2e%2E/fonts/a%20b.woff", "fonts/a b.woff"),
        ("css/site.css", "../fonts/a b.woff", "fonts/a b.woff"),
        ("css/site.css", "../fonts/./../fonts/x.eot", "fonts/x.eot"),
        ("css/site.css", "../../../app.js", "app.js"),
        ("index.html", "img/caf%C3%A9.png", "img/caf\u{e9}.png"),
        ("index.html", "img/caf\u{e9}.png", "img/caf\u{e9}.png"),
        ("index.html", "img/cafe\u{301}.png", "missing img/cafe\u{301}.png"),
        ("index.html", "img/100%25.png", "img/100%.png"),
        ("index.html", "img/100%.png", "img/100%.png"),
        ("index.html", "img/%41.png", "missing img/A.png"),
        ("index.html", "img/%2541.png", "img/%41.png"),
        ("index.html", "img/a+b%23%3F.png", "img/a+b#?.png"),
        ("index.html", "./a:b.js", "a:b.js"),
        ("index.html", "a:b.js", "external"),
        ("index.html", "App.js", "missing App.js"),
        ("index.html", "css%2Fsite.css", "missing css%2Fsite.css"),
        ("index.html", "css//site.css", "missing css//site.css"),
        ("index.html", "app.js/", "missing app.js/"),
        ("index.html", "img/%ff.png", "missing img/%ff.png"),
        ("index.html", "../gone.js", "beyond gone.js"),
        ("index.html", "gone.js", "missing gone.js"),
        ("index.html", "docs/", "missing docs/"),
        ("index.html", "", "external"),
        ("index.html", "#top", "external"),
        ("index.html", "?x", "external"),
        ("index.html", "data:text/css,a", "external"),
        ("index.html", "https://other.example/app.js", "external"),
        ("index.html", "//other.example/app.js", "external"),
        ("index.html", "https:app.js", "external"),
        ("index.html", "https://cdn.example/x/app.js?a", "app.js ?a"),
        ("index.html", "//CDN.EXAMPLE/x/app.js", "app.js"),
        ("index.html", "http://cdn.example:80/x/app.js", "app.js"),
        ("index.html", "https://cdn.example/app.js", "external"),
        ("index.html", "https://cdn.example/x/../app.js", "external"),
        ("index.html", "https://cdn.example/x", "external"),
        ("index.html", "https://cdn.example@evil.example/x/app.js", "external"),
        ("index.html", "https://cdn.example/x/css/app.js", "app.js"),
        ("index.html", "https://cdn.example/x/gone.js", "missing gone.js"),
    ] {
        assert_eq!(of(from, url), meant, "{from} {url:?}");
    }
}

#[test]
fn folders_mean_their_index_where_it_may_be_missing() {
    let optional = |url| shown(with(&site(), "css/site.css", None, url, Demand::Optional));
    assert_eq!(optional("/docs/"), "docs/index.html");
    assert_eq!(optional("../docs/?a#b"), "docs/index.html ?a#b");
    assert_eq!(optional("../docs/."), "docs/index.html");
    assert_eq!(optional("../docs/x/.."), "docs/index.html");
    assert_eq!(optional(".."), "index.html");
    assert_eq!(optional("/"), "index.html");
    assert_eq!(optional("."), "missing css/index.html");
    assert_eq!(optional("/docs"), "missing docs");
}

#[test]
fn a_public_path_and_a_base_move_the_start() {
    let build = Site::new("/build/v%201/", &[]).unwrap();
    let of = |url, base| shown(with(&build, "css/site.css", base, url, Demand::Required));
    assert_eq!(of("/build/v%201/app.js", None), "app.js");
    assert_eq!(of("/build/v 1/app.js", None), "app.js");
    assert_eq!(of("/app.js", None), "external");
    assert_eq!(of("../../app.js", None), "external");
    assert_eq!(of("../../v 1/app.js", None), "app.js");
    assert_eq!(of("../app.js", None), "app.js");
    assert_eq!(of("app.js", Some("/build/v%201/")), "app.js");
    assert_eq!(of("app.js", Some("..")), "app.js");
    assert_eq!(of("app.js", Some("../index.html?x")), "app.js");
    assert_eq!(of("app.js", Some("?x")), "missing css/app.js");
    assert_eq!(of("app.js", Some("https://other.example/")), "external");
    assert_eq!(of("/build/v%201/app.js", Some("https://other.example/")), "external");
    assert_eq!(of("app.js", Some("javascript:0")), "external");
    let cdn = |url, base| shown(with(&site(), "index.html", Some(base), url, Demand::Required));
    assert_eq!(cdn("app.js", "https://cdn.example/x/"), "app.js");
    assert_eq!(cdn("/x/app.js", "https://cdn.example/x/y/"), "app.js");
    assert_eq!(cdn("/app.js", "https://cdn.example/x/y/"), "external");
    assert_eq!(cdn("https://cdn.example/x/app.js", "mailto:x"), "app.js");
}

#[test]
fn roots_that_are_none_are_refused() {
    for path in ["", "build/", "//x/", "/a//b/", "/../", "/a?b"] {
        assert!(Site::new(path, &[]).is_err(), "{path}");
    }
    for url in ["cdn.example", "ftp://x/", "https://", "https://u@h/", "https://h/../x", "https://h?x"] {
        assert!(Site::new("/", &[url.to_owned()]).is_err(), "{url}");
    }
}

#[test]
fn only_the_name_changes() {
    for (url, new) in [
        ("app.js", "N.js"),
        (" ../x/app.js?v=1#y ", "../x/N.js?v=1#y"),
        ("https://cdn.example/x/app.js#a/b", "https://cdn.example/x/N.js#a/b"),
        ("//h/a%20b/c d.js?x=a/b", "//h/a%20b/N.js?x=a/b"),
        ("..\\x\\app.js", "..\\x\\N.js"),
        ("docs/", "docs/N.js"),
        ("..", "../N.js"),
        ("docs/.#x", "docs/./N.js#x"),
    ] {
        assert_eq!(renamed(url, "N.js"), new, "{url}");
    }
    assert_eq!(renamed("a b.js", "a:b +%é.js"), "a%3Ab%20%2B%25%C3%A9.js");
}

proptest! {
    /// A renamed URL means the file with the new name, in the same folder, with the same suffix.
    #[test]
    fn a_renamed_url_means_the_new_name(
        url in "(\\.\\./|\\./|/|css/|https://cdn.example/x/|fonts\\\\|%2e%2e/)?(app.js|site.css|x.eot|a%20b.woff|index.html|docs/|\\.|\\.\\.)?(\\?[a#/]{0,3})?(#[a?/]{0,3})?",
        from in "(css/|docs/)?[a-z]\\.html",
        name in "[ -~é]{1,12}",
    ) {
        prop_assume!(!name.contains('/') && name != "." && name != "..");
        let found = with(&site(), &from, None, &url, Demand::Optional);
        let Target::File { path, suffix } = found else { return Ok(()) };
        let (folder, _) = split_folder(&path);
        let new = format!("{folder}{name}");
        let has = |path: &str| path == new;
        let again = resolve(&site(), &from, None, &renamed(&url, &name), Demand::Required, &has);
        prop_assert_eq!(again, Target::File { path: new.clone(), suffix });
    }

    /// No URL leads out of the tree.
    #[test]
    fn nothing_leads_out(url in "\\PC{0,30}|[./\\\\%2ea-c:?#\\n]{0,30}", base in proptest::option::of("[./a-c:?#]{0,12}")) {
        if let Target::Missing { path, .. } | Target::File { path, .. } = resolve(&site(), "a/b", base.as_deref(), &url, Demand::Optional, &|_| true) {
            prop_assert!(!path.starts_with('/') || path.starts_with("//") || path == "/" || url.contains("//") || url.contains("/\\") || url.contains("\\") , "{path:?}");
            prop_assert!(path.split('/').all(|segment| segment != ".." && segment != "."), "{path:?}");
        }
    }
}
