use super::*;
use crate::plan::delta::same;
use crate::plan::headers::Policy;
use crate::plan::headers::rules::Rule;
use proptest::prelude::*;
use std::collections::BTreeSet;

/// A small tree, as digests alone.
#[derive(Debug, Clone)]
struct Toy {
    /// Path, which bytes.
    files: Vec<(String, u8)>,
    mode: u8,
    pages: BTreeSet<String>,
    short: bool,
    options: u8,
}

impl Toy {
    fn with<T>(&self, look: impl FnOnce(&Tree<'_>) -> T) -> T {
        let file = |(path, bytes): &(String, u8)| SourceFile { path: path.clone(), size_bytes: u64::from(*bytes) };
        let files: Vec<SourceFile> = self.files.iter().map(file).collect();
        let content = |(_, bytes): &(String, u8)| Content {
            sha256: Digest::of(&[*bytes]),
            size_bytes: u64::from(*bytes),
            crc64: 0,
            name_hash: u64::from(*bytes),
        };
        let contents: Vec<Content> = self.files.iter().map(content).collect();
        let mode = [Mode::Fingerprint { rewrite: false }, Mode::Keep, Mode::Versioned][usize::from(self.mode % 3)];
        let naming = Naming { mode, hashed: false, pages: self.pages.clone() };
        let rules = if self.short { vec![Rule::cache_control("*.js=max-age=5").unwrap()] } else { Vec::new() };
        let policy = Policy { rules, ..Policy::default() };
        let headers = HeaderSets::new(&files, &naming, &policy, "").unwrap();
        let (form, place) = (NameForm::default(), Place { prefix: "p/".to_owned(), site: "default".to_owned() });
        let options = Digest::of(&[self.options, self.mode % 3]);
        look(&Tree {
            files: &files,
            contents: &contents,
            naming: &naming,
            headers: &headers,
            form: &form,
            place: &place,
            manifests: &[],
            options,
        })
    }
}

fn toys() -> impl Strategy<Value = Toy> {
    let files = proptest::collection::btree_map("[abc]\\.(js|css)", 0..3_u8, 1..4);
    let pages = proptest::collection::btree_set("[abc]\\.(js|css)", 0..2);
    (files, 0..3_u8, pages, any::<bool>(), 0..2_u8).prop_map(|(files, mode, pages, short, options)| {
        let pages = pages.into_iter().filter(|page: &String| files.contains_key(page)).collect();
        Toy { files: files.into_iter().collect(), mode, pages, short, options }
    })
}

proptest! {
    /// A tree is taken for the last release's without a record of its own exactly when that record would be the same.
    #[test]
    fn the_same_tree_is_known_without_its_record(before in toys(), after in toys(), kept in 0..32_u8) {
        // Random trees differ in all; these share some.
        let mut after = after;
        for (at, copy) in [
            |a: &mut Toy, b: &Toy| a.files.clone_from(&b.files),
            |a: &mut Toy, b: &Toy| a.mode = b.mode,
            |a: &mut Toy, b: &Toy| a.pages.clone_from(&b.pages),
            |a: &mut Toy, b: &Toy| a.short = b.short,
            |a: &mut Toy, b: &Toy| a.options = b.options,
        ].into_iter().enumerate() {
            if kept >> at & 1 == 1 {
                copy(&mut after, &before);
            }
        }
        after.pages.retain(|page| after.files.iter().any(|(path, _)| path == page));
        let last = before.with(|tree| record(tree, None, None)).unwrap();
        let (quick, slow) = after.with(|tree| (is_same(tree, &last), same(&last, &record(tree, None, Some(&last)).unwrap())));
        prop_assert_eq!(quick, slow);
    }
}

#[test]
fn what_was_named_in_vain_and_is_there_now_is_no_same_tree() {
    let toy = Toy {
        files: vec![("a.js".to_owned(), 1), ("b.js".to_owned(), 2)],
        mode: 0,
        pages: BTreeSet::new(),
        short: false,
        options: 0,
    };
    let mut last = toy.with(|tree| record(tree, None, None)).unwrap();
    assert!(toy.with(|tree| is_same(tree, &last)));
    last.files.get_mut("a.js").unwrap().misses = vec!["b.js".to_owned()];
    assert!(!toy.with(|tree| is_same(tree, &last)));
    last.files.get_mut("a.js").unwrap().misses.clear();
    last.site = "other".to_owned();
    assert!(!toy.with(|tree| is_same(tree, &last)));
}
