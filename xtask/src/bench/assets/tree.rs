//! Trees of assets, the same for the same arguments on every machine: folders of text files that name each other, and opaque ones.

use super::super::random::Random;
use anyhow::{Context, Result};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// Sizes of files in bytes, from and to: 20,000 of them are 226 MB.
const SIZES: (u64, u64) = (2048, 20_480);
/// Extensions, and how many of a hundred files have each.
const EXTENSIONS: [(&str, u64); 11] = [
    ("js", 34),
    ("css", 8),
    ("svg", 10),
    ("json", 6),
    ("html", 4),
    ("map", 8),
    ("png", 14),
    ("webp", 8),
    ("woff2", 5),
    ("wasm", 1),
    ("txt", 2),
];
const FOLDERS: [&str; 8] = ["js", "css", "img", "fonts", "vendor", "pages", "i18n", "data"];
const WORDS: [&str; 16] = [
    "alpha", "button", "card", "device", "event", "footer", "grid", "header", "input", "joint", "list", "menu",
    "option", "panel", "table", "widget",
];
/// A chunk of the large file.
const CHUNK: usize = 1 << 20;

/// Numbers of a file, and bytes that nothing compresses.
struct Numbers(Random);

impl Numbers {
    fn new(seed: u64, number: u64) -> Numbers {
        let mut random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ number);
        random.next();
        Numbers(random)
    }

    fn next(&mut self) -> u64 {
        self.0.next()
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.0.below(bound)
    }

    fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len() as u64) as usize]
    }

    fn bytes(&mut self, count: usize) -> Vec<u8> {
        let mut bytes: Vec<u8> = Vec::with_capacity(count + 8);
        while bytes.len() < count {
            bytes.extend_from_slice(&self.next().to_le_bytes());
        }
        bytes.truncate(count);
        bytes
    }
}

/// A tree on the disk.
pub(super) struct Tree {
    pub folder: PathBuf,
    /// Paths of the files below the folder, in the order in which they were written.
    pub paths: Vec<String>,
    /// Bytes of all files.
    pub size_bytes: u64,
}

impl Tree {
    /// Writes `count` files. A text file names up to three that were written before it.
    pub(super) fn write(folder: &Path, count: u64) -> Result<Tree> {
        let _ = fs::remove_dir_all(folder);
        let mut tree = Tree { folder: folder.to_owned(), paths: Vec::new(), size_bytes: 0 };
        for number in 0..count {
            let mut numbers = Numbers::new(1, number);
            let extension = extension(numbers.below(100));
            let place = numbers.pick(&FOLDERS);
            let path = format!("{place}/m{:02}/{}-{number:06}.{extension}", numbers.below(50), numbers.pick(&WORDS));
            let size = SIZES.0 + numbers.below(SIZES.1 - SIZES.0 + 1);
            let bytes = tree.content(&mut numbers, extension, size as usize);
            let file = folder.join(&path);
            fs::create_dir_all(file.parent().context("a file has a folder")?)?;
            fs::write(&file, &bytes)?;
            tree.size_bytes += bytes.len() as u64;
            tree.paths.push(path);
        }
        Ok(tree)
    }

    fn content(&self, numbers: &mut Numbers, extension: &str, size: usize) -> Vec<u8> {
        let mut named = Vec::new();
        if matches!(extension, "js" | "css" | "html") && self.paths.len() > 10 {
            let count = numbers.below(4);
            named.extend(
                (0..count).map(|_| format!("../../{}", self.paths[numbers.below(self.paths.len() as u64) as usize])),
            );
        }
        let lines = |line: fn(usize, &str) -> String| -> String {
            named.iter().enumerate().map(|(at, name)| line(at, name)).collect()
        };
        let (open, close) = match extension {
            "js" => (lines(|at, name| format!("import x{at} from \"{name}\";\n")) + "/*", "*/\n"),
            "css" => (lines(|at, name| format!(".r{at}{{background:url(\"{name}\")}}\n")) + "/*", "*/\n"),
            "html" => (lines(|_, name| format!("<script src=\"{name}\"></script>\n")) + "<!--", "-->\n"),
            "svg" => ("<svg xmlns=\"http://www.w3.org/2000/svg\"><!--".to_owned(), "--></svg>\n"),
            "json" => ("{\"words\":\"".to_owned(), "\"}\n"),
            "map" => ("{\"version\":3,\"sources\":[],\"names\":[\"".to_owned(), "\"],\"mappings\":\"\"}\n"),
            "txt" => (String::new(), "\n"),
            _ => return numbers.bytes(size),
        };
        let mut text = open;
        while text.len() + close.len() < size {
            let word = numbers.pick(&WORDS);
            text += &format!("{word}{:x} ", numbers.below(1 << 24));
        }
        (text + close).into_bytes()
    }

    /// Gives every file a fresh time of change, as a CI's checkout does.
    pub(super) fn touch(&self) -> Result<()> {
        let now = SystemTime::now();
        for path in &self.paths {
            fs::File::options().append(true).open(self.folder.join(path))?.set_modified(now)?;
        }
        Ok(())
    }

    /// Changes one file of a hundred, in its last words, and gives all of them fresh times. Returns how many were changed.
    pub(super) fn change(&self) -> Result<u64> {
        let mut changed = 0;
        for path in self.paths.iter().skip(50).step_by(100) {
            let file = self.folder.join(path);
            let mut bytes = fs::read(&file)?;
            // Before what closes a text, and without a letter that would close it earlier.
            let end = bytes.len().saturating_sub(40);
            bytes[end - 8..end].copy_from_slice(b"changed0");
            fs::write(&file, &bytes)?;
            changed += 1;
        }
        self.touch()?;
        Ok(changed)
    }

    /// How many files were changed, and those that name such a file, directly or not: what a rewriting tool must send.
    pub(super) fn changed_with_referrers(&self) -> Result<u64> {
        let mut changed: std::collections::BTreeSet<&str> =
            self.paths.iter().skip(50).step_by(100).map(String::as_str).collect();
        // A file names earlier ones alone, so that one pass in their order is enough.
        for path in &self.paths {
            if !matches!(path.rsplit('.').next(), Some("js" | "css" | "html")) {
                continue;
            }
            let text = fs::read_to_string(self.folder.join(path))?;
            let mut named = text.split("../../").skip(1).filter_map(|rest| rest.split('"').next());
            if named.any(|name| changed.contains(name)) {
                changed.insert(path);
            }
        }
        Ok(changed.len() as u64)
    }
}

/// Writes a folder with one file of that many opaque bytes.
pub(super) fn large(folder: &Path, size_bytes: u64) -> Result<()> {
    let _ = fs::remove_dir_all(folder);
    fs::create_dir_all(folder)?;
    let mut file = fs::File::create(folder.join("film.bin"))?;
    let (mut left, mut number) = (size_bytes, 0);
    while left > 0 {
        let bytes = Numbers::new(2, number).bytes(CHUNK.min(left as usize));
        file.write_all(&bytes)?;
        left -= bytes.len() as u64;
        number += 1;
    }
    Ok(())
}

fn extension(mut share: u64) -> &'static str {
    for (extension, of_hundred) in EXTENSIONS {
        if share < of_hundred {
            return extension;
        }
        share -= of_hundred;
    }
    "txt"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_is_the_same_each_time_and_a_change_reaches_those_who_name_it() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let (one, other) =
            (Tree::write(&folder.path().join("one"), 300)?, Tree::write(&folder.path().join("other"), 300)?);
        assert_eq!((&one.paths, one.size_bytes), (&other.paths, other.size_bytes));
        assert_eq!(one.change()?, 3);
        let differ = |path: &&String| {
            Ok::<_, anyhow::Error>(fs::read(one.folder.join(path))? != fs::read(other.folder.join(path))?)
        };
        let changed = one.paths.iter().map(|path| differ(&path)).collect::<Result<Vec<bool>>>()?;
        assert_eq!(changed.iter().filter(|changed| **changed).count(), 3);
        assert!(one.changed_with_referrers()? > 3, "nobody names a changed file");
        Ok(())
    }
}
