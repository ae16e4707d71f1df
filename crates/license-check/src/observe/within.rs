//! Paths that files name.

use std::path::{Component, Path, PathBuf};

/// The path `named` from the folder `from`, without `.` and `..`, if it lies below `root`: lists and manifests may say
/// `../../etc`, and nothing outside of the project is theirs. By its text alone: nothing need be there. `None` also for an
/// absolute one.
pub fn within(root: &Path, from: &Path, named: &str) -> Option<PathBuf> {
    let mut path = from.to_path_buf();
    for part in Path::new(named).components() {
        match part {
            Component::ParentDir => drop(path.pop()),
            Component::Normal(name) => path.push(name),
            Component::CurDir => {}
            _ => return None,
        }
    }
    path.starts_with(root).then_some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_stays_below_the_root() {
        let found = |named: &str| within(Path::new("/a/root"), Path::new("/a/root/x"), named);
        for (named, expected) in [
            ("./y", Some("/a/root/x/y")),
            ("../y/./z/..", Some("/a/root/y")),
            ("..", Some("/a/root")),
            ("", Some("/a/root/x")),
            ("../..", None),
            ("../../rooted", None),
            ("../../../../../etc", None),
            ("../../root/y", Some("/a/root/y")),
            ("/a/root/x", None),
        ] {
            assert_eq!(found(named).as_deref(), expected.map(Path::new), "{named}");
        }
    }
}
