mod properties;

use super::*;
use crate::plan::record::{Headers, RECORD_SCHEMA};
use crate::plan::references::{Demand, Reference, SriAlgorithm};

/// A tree in memory. Its format: `@{url}` must be there and `?{url}` may be; `@{url sha384-…}` has an integrity value.
#[derive(Debug, Clone, Default)]
pub(super) struct Toy {
    pub(super) files: BTreeMap<String, Vec<u8>>,
    pub(super) read: Vec<String>,
    pub(super) parsed: Vec<String>,
}

impl Toy {
    pub(super) fn new(files: &[(&str, &str)]) -> Toy {
        let files = files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect();
        Toy { files, ..Toy::default() }
    }

    pub(super) fn run(&mut self, assets: fn(&str) -> bool, last: Option<&Record>) -> Named {
        let files = self.files.clone();
        let files: Vec<File<'_>> = files
            .iter()
            .map(|(path, bytes)| File {
                path,
                source: Digest::of(bytes),
                size: bytes.len() as u64,
                content_type: "text/x",
                content_encoding: "",
                asset: assets(path),
                parse: !path.ends_with(".png"),
            })
            .collect();
        let site = Site::new("/", &[]).unwrap();
        let form = NameForm::default();
        self.read.clear();
        self.parsed.clear();
        name(&Task { files: &files, site: &site, form: &form, last }, self).unwrap()
    }

    /// What is published, by published name.
    pub(super) fn published(&self, named: &Named) -> Toy {
        let files = self.files.values().zip(&named.files);
        let files = files.map(|(bytes, outcome)| (outcome.name.clone(), splice::splice(bytes, &outcome.replacements)));
        Toy { files: files.collect(), ..Toy::default() }
    }

    /// The record of a release, as the next one finds it.
    pub(super) fn record(&self, named: &Named, last: Option<&Record>) -> Record {
        let mut files = Vec::new();
        for ((path, bytes), outcome) in self.files.iter().zip(&named.files) {
            let old = last.and_then(|last| last.files.get(path)).filter(|_| outcome.reused);
            let source = Digest::of(bytes);
            let entry = old.cloned().unwrap_or_else(|| Entry {
                key: if outcome.name == *path {
                    format!("pages/{}", outcome.sha256.hex())
                } else {
                    outcome.name.clone()
                },
                sha256: outcome.sha256,
                size: outcome.size,
                source: (source != outcome.sha256).then_some(source),
                headers: 0,
                page: outcome.name == *path,
                names: outcome.names.clone(),
                misses: outcome.misses.clone(),
            });
            files.push((path.clone(), entry));
        }
        Record {
            schema: RECORD_SCHEMA,
            release: String::new(),
            site: String::new(),
            version: String::new(),
            created_ms: 0,
            previous: None,
            options: Digest::of(b""),
            headers: vec![Headers { content_type: "text/x".to_owned(), ..Headers::default() }],
            files: files.into(),
        }
    }
}

impl Tree for Toy {
    type Error = String;

    fn read(&mut self, path: &str) -> Result<Vec<u8>, String> {
        self.read.push(path.to_owned());
        self.files.get(path).cloned().ok_or_else(|| format!("no {path}"))
    }

    fn parse(&mut self, path: &str, bytes: &[u8]) -> Result<Found, Unreadable> {
        self.parsed.push(path.to_owned());
        let text = std::str::from_utf8(bytes).map_err(|_| Unreadable { line: 1, what: "no text".to_owned() })?;
        let mut found = Found::default();
        for (at, _) in text.match_indices('{').filter(|(at, _)| *at > 0) {
            let start = at + 1;
            let end = start + text[start..].find('}').ok_or_else(|| Unreadable { line: 1, what: "open".to_owned() })?;
            let (url, integrity) = text[start..end].split_once(' ').unwrap_or((&text[start..end], ""));
            let algorithms = match integrity.get(..6) {
                Some("sha256") => vec![SriAlgorithm::Sha256],
                Some("sha384") => vec![SriAlgorithm::Sha384],
                Some("sha512") => vec![SriAlgorithm::Sha512],
                _ => Vec::new(),
            };
            found.references.push(Reference {
                span: start..start + url.len(),
                url: url.to_owned(),
                writing: Writing::Comment,
                demand: if text[..at].ends_with('@') { Demand::Required } else { Demand::Optional },
                integrity: (!integrity.is_empty()).then(|| Integrity { span: end - integrity.len()..end, algorithms }),
            });
        }
        Ok(found)
    }

    fn write(&self, url: &str, _: Writing) -> Option<String> {
        (!url.contains(' ')).then(|| url.to_owned())
    }
}

pub(super) fn all_but_html(path: &str) -> bool {
    !path.ends_with(".html")
}

fn text(toy: &Toy, start: &str) -> String {
    let bytes = toy.files.iter().find(|(path, _)| path.starts_with(start)).unwrap().1;
    String::from_utf8(bytes.clone()).unwrap()
}

#[test]
fn names_follow_the_final_bytes() {
    let mut toy = Toy::new(&[("index.html", "@{a/b.js?x#y}"), ("a/b.js", "@{../c.png} ?{gone.js}"), ("c.png", "C")]);
    let named = toy.run(all_but_html, None);
    assert_eq!(named.problems, []);
    let out = toy.published(&named);
    let c = format!("c-{}.png", fingerprint::hash(b"C", "text/x", "").1);
    let b_text = format!("@{{../{c}}} ?{{gone.js}}");
    let b = format!("b-{}.js", fingerprint::hash(b_text.as_bytes(), "text/x", "").1);
    assert_eq!(text(&out, "a/b-"), b_text);
    assert_eq!(text(&out, "index.html"), format!("@{{a/{b}?x#y}}"));
    assert_eq!(named.files[0].misses, ["a/gone.js"]);
    assert_eq!(named.files[0].names, ["c.png"]);
    assert_eq!(named.files[0].sha256, Digest::of(b_text.as_bytes()));
    assert_eq!(named.files[0].size, b_text.len() as u64);
}

#[test]
fn a_ring_is_named_as_one() {
    let ring = [("a.js", "@{b.js} 1"), ("b.js", "@{a.js} @{c.js}"), ("c.js", "C"), ("s.js", "@{s.js}")];
    let mut toy = Toy::new(&ring);
    let named = toy.run(all_but_html, None);
    let out = toy.published(&named);
    assert!(out.files.keys().all(|name| name.contains('-')));
    assert!(text(&out, "a-").contains(&named.files[1].name) && text(&out, "b-").contains(&named.files[0].name));
    assert!(text(&out, "s-").contains(&named.files[3].name));
    for (changed, renamed) in [("a.js", [true, true, false, false]), ("c.js", [true, true, true, false])] {
        let mut other = toy.clone();
        other.files.get_mut(changed).unwrap().extend(b"!");
        let again = other.run(all_but_html, None);
        let differs: Vec<bool> = named.files.iter().zip(&again.files).map(|(a, b)| a.name != b.name).collect();
        assert_eq!(differs, renamed, "{changed}");
    }
}

#[test]
fn a_ring_follows_the_bytes_of_a_page_that_it_vouches_for() {
    let mut toy = Toy::new(&[("a.js", "@{b.js} @{p.html sha256-}"), ("b.js", "@{a.js}"), ("p.html", "P")]);
    let before = toy.run(all_but_html, None);
    toy.files.insert("p.html".to_owned(), b"Q".to_vec());
    let after = toy.run(all_but_html, None);
    assert_ne!(before.files[0].name, after.files[0].name);
    assert_ne!(before.files[1].name, after.files[1].name);
}

#[test]
fn what_is_missing_is_told_with_its_line() {
    let mut toy =
        Toy::new(&[("a.js", "\n\n@{x/gone.js}"), ("b.js", "@{../out.js} ?{/no} @{data:x}"), ("c.js", "\u{0}@{")]);
    let named = toy.run(all_but_html, None);
    assert_eq!(named.problems.len(), 2);
    assert_eq!(named.problems[0].to_string(), "a.js:3: `x/gone.js` means `x/gone.js`, which is not in the tree");
    assert_eq!(named.problems[1].to_string(), "c.js:1: open");
    assert!(named.files.is_empty());
    let mut many = Toy::new(&[("a.js", "@{x}".repeat(PROBLEMS_LIMIT + 5).as_str())]);
    let named = many.run(all_but_html, None);
    assert_eq!((named.problems.len(), named.problems_left_out), (PROBLEMS_LIMIT, 5));
}

#[test]
fn integrity_is_of_the_final_bytes() {
    let mut toy = Toy::new(&[
        ("index.html", "@{a.js sha384-old} ?{a.js sha256-} @{p.html sha512-x} @{a.js md5-x}"),
        ("a.js", "@{b.js}"),
        ("b.js", "B"),
        ("p.html", "@{b.js}"),
    ]);
    let named = toy.run(all_but_html, None);
    assert_eq!(named.problems, []);
    let out = toy.published(&named);
    let index = text(&out, "index.html");
    use base64::Engine as _;
    use sha2::Digest as _;
    let encode = |bytes: &[u8]| base64::engine::general_purpose::STANDARD.encode(bytes);
    let a = text(&out, "a-");
    assert!(index.contains(&format!(" sha384-{}}}", encode(&sha2::Sha384::digest(&a)))), "{index}");
    assert!(index.contains(&format!(" sha256-{}}}", encode(&sha2::Sha256::digest(&a)))), "{index}");
    assert!(index.contains(&format!(" sha512-{}}}", encode(&sha2::Sha512::digest(text(&out, "p.html"))))), "{index}");
    assert!(index.contains(" md5-x}"));
}

#[test]
fn integrity_within_a_ring_holds_unless_it_is_one_itself() {
    let mut toy = Toy::new(&[("a.js", "@{b.js sha256-}"), ("b.js", "@{a.js}")]);
    let named = toy.run(all_but_html, None);
    assert_eq!(named.problems, []);
    let mut out = toy.published(&named);
    let again = out.run(|_| false, None);
    assert!(again.problems.is_empty() && again.files.iter().all(|file| file.replacements.is_empty()));
    for ring in [
        &[("a.js", "@{b.js sha256-}"), ("b.js", "@{a.js sha256-}")][..],
        &[("a.js", "@{b.js sha256-}"), ("b.js", "@{c.html sha256-}"), ("c.html", "@{a.js sha256-}")],
        &[("a.js", "@{a.js sha256-}")],
    ] {
        let named = Toy::new(ring).run(all_but_html, None);
        assert!(matches!(&named.problems[..], [Problem::IntegrityCycle { .. }]), "{named:?}");
    }
    let text = Toy::new(&[("a.js", "@{b.js sha256-}"), ("b.js", "@{a.js sha256-}")]).run(all_but_html, None).problems
        [0]
    .to_string();
    assert!(text.contains("a.js") && text.contains("b.js"));
}

#[test]
fn only_what_may_differ_is_read_again() {
    let mut toy = Toy::new(&[
        ("a.js", "@{b.js} ?{later.js}"),
        ("b.js", "@{c.js}"),
        ("c.js", "C"),
        ("d.js", "@{e.png} ?{p.html}"),
        ("e.png", "E"),
        ("p.html", "@{b.js sha256-}"),
        ("q.html", "@{d.js} @{p.html}"),
    ]);
    let first = toy.run(all_but_html, None);
    let record = toy.record(&first, None);
    let again = toy.run(all_but_html, Some(&record));
    assert!(again.files.iter().all(|file| file.reused) && toy.read.is_empty());
    toy.files.insert("c.js".to_owned(), b"C2".to_vec());
    let changed = toy.run(all_but_html, Some(&record));
    assert_eq!(toy.parsed, ["c.js", "b.js", "a.js", "p.html"]);
    assert_eq!(
        changed.files.iter().map(|file| file.reused).collect::<Vec<_>>(),
        [false, false, false, true, true, false, true]
    );
    let record = toy.record(&changed, Some(&record));
    toy.files.insert("later.js".to_owned(), b"L".to_vec());
    let found = toy.run(all_but_html, Some(&record));
    assert_eq!(toy.parsed, ["a.js", "later.js"]);
    assert_eq!(found.files[0].names, ["b.js", "later.js"]);
    let record = toy.record(&found, Some(&record));
    // A page that is gone may be named by any file.
    toy.files.remove("p.html");
    let gone = toy.run(all_but_html, Some(&record));
    assert!(matches!(&gone.problems[..], [Problem::Missing { path, .. }] if path == "q.html"));
}

#[test]
fn a_record_that_names_other_files_is_not_believed() {
    let mut toy = Toy::new(&[("a.js", "@{b.js}"), ("b.js", "@{c.js}"), ("c.js", "C")]);
    let first = toy.run(all_but_html, None);
    let mut record = toy.record(&first, None);
    record.files.get_mut("a.js").unwrap().names = vec!["c.js".to_owned()];
    toy.files.insert("c.js".to_owned(), b"C2".to_vec());
    let full = toy.run(all_but_html, None);
    assert_eq!(toy.run(all_but_html, Some(&record)).files, full.files);
}

#[test]
fn a_file_that_changes_meanwhile_is_named() {
    let toy = Toy::new(&[("a.js", "A")]);
    let site = Site::new("/", &[]).unwrap();
    let form = NameForm::default();
    let file = File {
        path: "a.js",
        source: Digest::of(b"before"),
        size: 1,
        content_type: "",
        content_encoding: "",
        asset: true,
        parse: true,
    };
    let task = Task { files: &[file], site: &site, form: &form, last: None };
    assert_eq!(name(&task, &mut toy.clone()), Err(Broken::Changed("a.js".to_owned())));
    let gone = Task { files: &[File { path: "x.js", ..file }], ..task };
    assert_eq!(name(&gone, &mut toy.clone()), Err(Broken::Read("no x.js".to_owned())));
}

#[test]
fn long_chains_need_no_stack() {
    let mut toy = Toy::default();
    for n in 0..3_000 {
        toy.files.insert(format!("{n:05}.html"), format!("@{{{:05}.html sha256-}}", n + 1).into_bytes());
        toy.files.insert(format!("{n:05}.js"), format!("@{{{:05}.js}}", n + 1).into_bytes());
    }
    toy.files.insert("03000.js".to_owned(), b"end".to_vec());
    toy.files.insert("03000.html".to_owned(), b"end".to_vec());
    let named = toy.run(all_but_html, None);
    assert_eq!((named.problems.len(), named.files.len()), (0, 6_002));
    let record = toy.record(&named, None);
    // The last link is there for the first time, so a whole chain is worked out from the record.
    toy.files.insert("new.html".to_owned(), b"@{00000.html sha384-}".to_vec());
    assert_eq!(toy.run(all_but_html, Some(&record)).problems, []);
    assert_eq!(toy.parsed.len(), 3_002);
}
