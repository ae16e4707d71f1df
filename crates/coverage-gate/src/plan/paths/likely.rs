//! What `path-map` would have to be, where nothing of the reports matched by itself.

use super::super::coverage::ReportedPath;
use super::moves::Move;
use super::normal::normal;
use super::{FOREIGN, Index};

/// Files that are looked at.
const SAMPLED: usize = 200;

/// The one change of prefixes, as FROM=TO, that leads every file to one of the repository, of those files whose name any
/// file of the repository has. It may rest on names alone, so that it is said and not done.
pub fn likely_map<'f>(files: impl Iterator<Item = &'f ReportedPath>, index: &Index<'_>) -> Option<String> {
    let mut common: Option<Vec<Move>> = None;
    for file in files.take(SAMPLED) {
        let reported = normal(&file.path);
        let ends = index.sharing_ends(&reported.parts());
        let moves = ends.iter().map(|(at, shared)| Move::new(&reported, *shared, index.path(*at)));
        let own = |by: &Move| by.takes_off() && !by.off().iter().any(|part| FOREIGN.contains(&part.as_str()));
        let moves: Vec<Move> = moves.filter(own).collect();
        match &mut common {
            _ if moves.is_empty() => {}
            None => common = Some(moves),
            Some(common) => common.retain(|by| moves.contains(by)),
        }
    }
    match common?.as_slice() {
        [one] => Some(one.text()).filter(|text| text.matches('=').count() == 1),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn likely(reported: &[&str], tracked: &[&str]) -> Option<String> {
        let tracked: Vec<String> = tracked.iter().map(|path| (*path).to_owned()).collect();
        let files: Vec<ReportedPath> = reported.iter().map(|path| ReportedPath::new(*path)).collect();
        likely_map(files.iter(), &Index::new(&tracked))
    }

    #[test]
    fn all_files_must_agree() {
        let tracked = ["src/a.py", "src/deep/b.py", "lib/index.py", "src/index.py"];
        let wanted = Some("/build/out=src".to_owned());
        assert_eq!(likely(&["/build/out/a.py", "/build/out/deep/b.py"], &tracked), wanted);
        assert_eq!(likely(&["/build/out/index.py", "/build/out/a.py", "/usr/lib/os.py"], &tracked), wanted);
        assert_eq!(likely(&[r"C:\build\out\a.py"], &tracked), wanted, "drives count for nothing in `path-map` either");
        assert_eq!(likely(&["gen/a.py"], &["a.py"]), Some("gen=".to_owned()));
        assert_eq!(likely(&["/build/out/index.py"], &tracked), None, "two ways");
        assert_eq!(likely(&["/build/out/a.py", "/build/b.py"], &tracked), None);
        assert_eq!(likely(&["/app/node_modules/x/a.py"], &tracked), None);
        assert_eq!(likely(&["/a=b/a.py"], &tracked), None);
        assert_eq!(likely(&["/other/c.py"], &tracked), None);
        assert_eq!(likely(&[], &tracked), None);
    }
}
