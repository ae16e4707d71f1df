//! Trees that tests publish.

/// A site of 50 files (later revisions have one page more) in which pages name styles and scripts, styles name images, and scripts name each other; `revision`
/// changes some of all kinds.
pub fn fifty(revision: u32) -> Vec<(String, String)> {
    let mut files = Vec::new();
    for at in 0..10 {
        let side = if at < 2 { 10 + revision } else { 10 };
        let svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\"><title>{at}</title><rect width=\"{side}\" height=\"1\"/></svg>\n"
        );
        files.push((format!("img/picture{at}.svg"), svg));
        files
            .push((format!("css/part{at}.css"), format!(".p{at} {{ background: url(\"../img/picture{at}.svg\") }}\n")));
        files.push((format!("text/{at}.txt"), format!("text {at}\n")));
    }
    for at in 0..15 {
        let own = if at == 12 { revision } else { 0 };
        let next = if at < 14 {
            format!("import {{ value as next }} from \"./step{}.js\";\n", at + 1)
        } else {
            "const next = 0;\n".to_owned()
        };
        files.push((format!("js/step{at}.js"), format!("{next}export const value = next + {at} + {own};\n")));
    }
    for (at, page) in
        ["index.html", "about.html", "docs/index.html", "docs/more.html", "docs/same.html"].iter().enumerate()
    {
        let words = if *page == "docs/same.html" { 0 } else { revision };
        let first = at * 2;
        let body = if *page == "docs/same.html" {
            "<img src=\"/img/picture9.svg\">".to_owned()
        } else {
            format!(
                "<link rel=\"stylesheet\" href=\"/css/part{first}.css\"><script type=\"module\" src=\"/js/step{at}.js\"></script><img src=\"/img/picture{first}.svg\">"
            )
        };
        files.push((
            (*page).to_owned(),
            format!("<!doctype html><title>{words}</title>{body}<a href=\"/about.html\">about</a>\n"),
        ));
    }
    if revision > 1 {
        files.push(("docs/new.html".to_owned(), "<!doctype html><img src=\"/img/picture1.svg\">\n".to_owned()));
        let about = files.iter_mut().find(|(path, _)| path == "about.html").unwrap();
        about.1.push_str("<a href=\"/docs/new.html\">new</a>\n");
    }
    files
}

/// A small site with one of each kind of file that names others.
pub fn small() -> Vec<(&'static str, &'static str)> {
    vec![
        (
            "index.html",
            "<!doctype html><html><head><link rel=\"stylesheet\" href=\"css/site.css\" integrity=\"sha256-AAAA\">\
             <script type=\"module\" src=\"/js/main.js\"></script></head><body><!-- <img src='img/logo.svg'> -->\
             <img src=\"img/logo.svg\"><a href=\"about.html\">about</a></body></html>\n",
        ),
        ("about.html", "<!doctype html><a href=\"index.html\">home</a><img src=\"img/logo.svg\">\n"),
        ("css/site.css", "@import url(\"base.css\");\nbody { background: url(\"../img/logo.svg\") }\n"),
        ("css/base.css", "a { color: red }\n"),
        (
            "js/main.js",
            "import { value } from \"./value.js\";\nconst later = () => import(\"./later.js\");\n\
             const logo = new URL(\"../img/logo.svg\", import.meta.url);\nlater(value, logo);\n\
             //# sourceMappingURL=main.js.map\n",
        ),
        ("js/value.js", "export const value = 1;\n"),
        ("js/later.js", "export default 2;\n"),
        (
            "js/main.js.map",
            "{\"version\":3,\"file\":\"main.js\",\"sources\":[\"main.ts\"],\"sourcesContent\":[\"x\"],\"names\":[],\"mappings\":\"AAAA\"}",
        ),
        (
            "img/logo.svg",
            "<svg xmlns=\"http://www.w3.org/2000/svg\"><image href=\"dot.png\" width=\"1\" height=\"1\"/></svg>\n",
        ),
        ("img/dot.png", "not really a picture"),
    ]
}

/// An app's tree: no page of its own.
pub fn app(revision: u32) -> Vec<(String, String)> {
    let mut files = vec![
        ("app.css".to_owned(), "a { color: red }\n".to_owned()),
        ("app.js".to_owned(), format!("console.log({revision});\n")),
    ];
    files.extend((0..8).map(|at| (format!("data/{at}.txt"), format!("{at}\n"))));
    files
}
