//! Paths in one spelling: `/` between components, no `.`, no `..`, no drive.

/// A path as its components.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Normal {
    /// Whether it starts at a root or a drive.
    pub absolute: bool,
    parts: Vec<String>,
}

/// Brings a path of any system into one spelling. `..` takes the component before it away; one that leads out of a
/// relative path stays, so that such a path matches nothing. URLs of files lose their scheme.
pub fn normal(path: &str) -> Normal {
    let path = path.trim();
    let path = path.strip_prefix("file://").unwrap_or(path);
    let path = path.strip_prefix(r"\\?\").unwrap_or(path);
    let mut rest = path;
    let mut absolute = rest.starts_with(['/', '\\']);
    let bytes = rest.as_bytes();
    if bytes.len() >= 2 && bytes[1] == b':' && bytes[0].is_ascii_alphabetic() {
        absolute = true;
        rest = &rest[2..];
    }
    let mut parts: Vec<String> = Vec::new();
    for part in rest.split(['/', '\\']) {
        match part {
            "" | "." => {}
            ".." => match parts.last() {
                Some(last) if last != ".." => {
                    parts.pop();
                }
                None if absolute => {}
                _ => parts.push("..".to_owned()),
            },
            part => parts.push(part.to_owned()),
        }
    }
    Normal { absolute, parts }
}

impl Normal {
    /// The components.
    pub fn parts(&self) -> Vec<&str> {
        self.parts.iter().map(String::as_str).collect()
    }

    /// With `/` between the components and none before them.
    pub fn text(&self) -> String {
        self.parts.join("/")
    }

    /// Whether it names the folder that one is in.
    pub fn is_here(&self) -> bool {
        !self.absolute && self.parts.is_empty()
    }

    /// What remains below `folder`, when it is below it.
    pub fn below(&self, folder: &Normal) -> Option<Normal> {
        let rest = self.parts.strip_prefix(folder.parts.as_slice())?;
        let inside = self.absolute == folder.absolute && !rest.is_empty();
        inside.then(|| Normal { absolute: false, parts: rest.to_vec() })
    }

    /// This folder and a path below it.
    pub fn joined(&self, path: &Normal) -> Normal {
        let mut joined = self.clone();
        for part in &path.parts {
            match (part.as_str(), joined.parts.last()) {
                ("..", Some(last)) if last != ".." => {
                    joined.parts.pop();
                }
                _ => joined.parts.push(part.clone()),
            }
        }
        joined
    }

    /// The first `count` components, with a root before them when there is one.
    pub(super) fn prefix(&self, count: usize) -> Vec<String> {
        let root = self.absolute.then(|| "/".to_owned());
        root.into_iter().chain(self.parts[..count.min(self.parts.len())].iter().cloned()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_systems_spell_alike() {
        for (path, text, absolute) in [
            ("./src/../src/a.py", "src/a.py", false),
            (r"C:\proj\src\a.py", "proj/src/a.py", true),
            ("/app//src/a.py", "app/src/a.py", true),
            ("../../etc/passwd", "../../etc/passwd", false),
            ("/../etc/passwd", "etc/passwd", true),
            ("file:///app/a.js", "app/a.js", true),
        ] {
            let normal = normal(path);
            assert_eq!((normal.text().as_str(), normal.absolute), (text, absolute), "{path}");
        }
    }
}
