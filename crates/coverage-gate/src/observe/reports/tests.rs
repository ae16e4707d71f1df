use super::*;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write;
use tempfile::TempDir;

const LCOV: &str = "TN:\nSF:src/a.c\nDA:1,1\nDA:2,0\nend_of_record\n";

struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        Folder(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, content).unwrap();
        path
    }

    fn found(&self, patterns: &[&str]) -> (Vec<String>, Vec<String>) {
        let patterns: Vec<String> = patterns.iter().map(|pattern| (*pattern).to_owned()).collect();
        let (paths, unmatched) = find(&patterns, self.0.path()).unwrap();
        let name = |path: &PathBuf| path.strip_prefix(self.0.path()).unwrap().to_str().unwrap().to_owned();
        (paths.iter().map(name).collect(), unmatched)
    }
}

fn gzipped(text: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

fn utf16(text: &str) -> Vec<u8> {
    format!("\u{FEFF}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect()
}

#[test]
fn a_report_is_read_whatever_it_is_wrapped_in() {
    let folder = Folder::new();
    let plain = read_report(&folder.write("plain", LCOV), None).unwrap();
    assert_eq!((plain.0, plain.1.files.len()), (ReportFormat::Lcov, 1));
    for (name, content) in [
        ("bom", format!("\u{FEFF}{LCOV}").into_bytes()),
        ("gz", gzipped(LCOV.as_bytes())),
        ("utf16", utf16(LCOV)),
        ("utf16.gz", gzipped(&utf16(LCOV))),
    ] {
        for forced in [None, Some(ReportFormat::Lcov)] {
            let (format, reading) = read_report(&folder.write(name, &content), forced).unwrap();
            assert_eq!((format, &reading.files), (ReportFormat::Lcov, &plain.1.files), "{name}");
        }
    }
    let long = format!("{LCOV}{}", "# nothing\n".repeat(100_000));
    assert_eq!(read_report(&folder.write("long.gz", gzipped(long.as_bytes())), None).unwrap().1.files, plain.1.files);
}

#[test]
fn xml_is_read_in_utf16_whatever_it_declares() {
    let folder = Folder::new();
    let xml = "<?xml version=\"1.0\" encoding=\"utf-16\"?>\r\n<coverage line-rate=\"0.5\"><packages><package name=\"p\">\
               <classes><class name=\"a\" filename=\"src/ä.cs\"><lines><line number=\"1\" hits=\"1\"/>\
               <line number=\"2\" hits=\"0\"/></lines></class></classes></package></packages></coverage>";
    let (format, reading) = read_report(&folder.write("coverage.xml", utf16(xml)), None).unwrap();
    assert_eq!(format, ReportFormat::Cobertura);
    let file = reading.files.iter().next().unwrap();
    assert_eq!((file.0.path.as_str(), file.1.lines.covered(), file.1.lines.coverable()), ("src/ä.cs", 1, 2));
}

#[test]
fn phpunit_xml_is_read_from_its_index_and_the_files_beside_it() {
    let folder = Folder::new();
    let index = folder.write(
        "xml/index.xml",
        "<phpunit xmlns=\"https://schema.phpunit.de/coverage/1.0\"><project source=\"/app/src\"><directory name=\"/\">\
         <file name=\"B.php\" href=\"B.php.xml\"><totals/></file></directory></project></phpunit>",
    );
    let missing = read_report(&index, None).unwrap_err();
    assert!(missing.what().contains("B.php.xml"), "{missing:?}");
    folder.write(
        "xml/B.php.xml",
        "<phpunit><file name=\"B.php\" path=\"/\"><totals><lines executable=\"1\" executed=\"1\"/></totals>\
         <coverage><line nr=\"4\"><covered by=\"T::t\"/></line></coverage></file></phpunit>",
    );
    let (format, reading) = read_report(&index, None).unwrap();
    assert_eq!((format, reading.files.len()), (ReportFormat::PhpunitXml, 1));
    assert_eq!(folder.found(&["xml"]).0, ["xml/index.xml"], "the files beside it are no reports of their own");
}

#[test]
fn what_is_no_file_is_refused() {
    let folder = Folder::new();
    std::os::unix::fs::symlink("loop", folder.path("loop")).unwrap();
    std::os::unix::fs::symlink("nothing", folder.path("dangling")).unwrap();
    std::fs::create_dir(folder.path("folder")).unwrap();
    let made = std::process::Command::new("mkfifo").arg(folder.path("pipe")).status().unwrap();
    assert!(made.success());
    let what = |name: &str| read_report(&folder.path(name), None).unwrap_err().what();
    assert!(what("loop").contains("leads to itself"), "{}", what("loop"));
    assert!(what("dangling").contains("leads nowhere"), "{}", what("dangling"));
    assert!(what("folder").contains("folder"), "{}", what("folder"));
    assert!(what("pipe").contains("no regular file"), "{}", what("pipe"));
    assert!(matches!(read_report(&folder.path("missing"), None).unwrap_err().fault, Fault::Io(_)));
    assert_eq!(read_report(&folder.write("empty", ""), None).unwrap_err().fault, Fault::Empty);
    assert_eq!(read_report(&folder.write("empty.gz", gzipped(b"\n")), None).unwrap_err().fault, Fault::Empty);
}

#[test]
fn damage_below_a_reader_is_told_as_what_it_is() {
    let folder = Folder::new();
    let many: String = (0..20_000).map(|n| format!("SF:src/{n}.c\nDA:{n}1,{n}\nend_of_record\n")).collect();
    let whole = gzipped(many.as_bytes());
    let cut = read_report(&folder.write("cut.gz", &whole[..whole.len() - 5]), None).unwrap_err();
    assert!(matches!(&cut.fault, Fault::Truncated(what) if what.contains("gzip")), "{cut:?}");
    let half = read_report(&folder.write("half.gz", &whole[..whole.len() / 2]), None).unwrap_err();
    assert!(matches!(&half.fault, Fault::Truncated(_)), "{half:?}");
    let mut wide = utf16(LCOV);
    wide.pop();
    let odd = read_report(&folder.write("odd", wide), None).unwrap_err();
    assert!(matches!(&odd.fault, Fault::Truncated(_)), "{odd:?}");
    let bomb = gzipped(format!("TN:\n{}", "#".repeat(80 << 20)).as_bytes());
    let bomb = read_report(&folder.write("bomb.gz", gzipped(&bomb)), None).unwrap_err();
    assert!(matches!(&bomb.fault, Fault::NotAReport(what) if what.contains("twice")), "{bomb:?}");
}

#[test]
fn files_by_name_glob_and_folder() {
    let folder = Folder::new();
    folder.write("a/lcov.info", LCOV);
    folder.write("a/deep/[x].info", LCOV);
    folder.write("a/.resultset.json", "{\"R\": {\"coverage\": {\"/a.rb\": [1]}}}");
    folder.write("a/index.html", "<!DOCTYPE html><html>");
    folder.write("a/junit.xml", "<testsuites/>");
    folder.write("a/empty.xml", "");
    folder.write("a/empty.txt", "");
    folder.write("a/damaged.info", "something");
    folder.write("b/cover.out", "mode: set\n");
    folder.write(".git/x.info", LCOV);
    let all = ["a/.resultset.json", "a/damaged.info", "a/deep/[x].info", "a/empty.xml", "a/lcov.info"];
    for pattern in ["a", "./a", "a/", ".//a"] {
        assert_eq!(folder.found(&[pattern]).0, all, "{pattern}");
    }
    assert_eq!(folder.found(&["."]).0, [&all[..], &["b/cover.out"]].concat());
    assert_eq!(folder.found(&["a/*.info"]).0, ["a/damaged.info", "a/lcov.info"]);
    assert_eq!(folder.found(&["**/*.info"]).0, ["a/damaged.info", "a/deep/[x].info", "a/lcov.info"]);
    assert_eq!(folder.found(&["a/deep/[x].info"]).0, ["a/deep/[x].info"], "a name before a glob");
    assert_eq!(folder.found(&["a/.*.json"]).0, ["a/.resultset.json"]);
    assert_eq!(folder.found(&["b/*", "./b/cover.out", "a/x*", "nothing"]).0, ["b/cover.out"]);
    assert_eq!(folder.found(&["b/*", "a/x*", "nothing"]).1, ["a/x*", "nothing"]);
    let absolute = format!("{}/*/lcov.info", folder.0.path().display());
    assert_eq!(folder.found(&[&absolute]).0, ["a/lcov.info"]);
    for wrong in ["a/{x", "a/[x", "!a/lcov.info"] {
        assert!(find(&[wrong.to_owned()], folder.0.path()).is_err(), "{wrong}");
    }
}

#[test]
fn a_file_is_found_once_whatever_leads_to_it() {
    let folder = Folder::new();
    folder.write("real/lcov.info", LCOV);
    std::os::unix::fs::symlink("real", folder.path("alias")).unwrap();
    std::os::unix::fs::symlink("real/lcov.info", folder.path("b.info")).unwrap();
    std::os::unix::fs::symlink("loop.info", folder.path("loop.info")).unwrap();
    assert_eq!(folder.found(&["real/lcov.info", "alias/lcov.info", "b.info"]).0, ["alias/lcov.info"]);
    assert_eq!(folder.found(&["loop.info"]).0, ["loop.info"], "left to the reading, which says what is wrong");
    assert_eq!(folder.found(&["*.info"]).0, ["b.info", "loop.info"]);
}

#[test]
fn reports_come_in_order_and_copies_once() {
    let folder = Folder::new();
    let report = |n: usize| format!("SF:src/{n:04}.c\nDA:1,{n}\nend_of_record\n{}", "#\n".repeat((n * 7919) % 3000));
    let mut paths: Vec<PathBuf> = (0..300).map(|n| folder.write(&format!("{n:04}.info"), report(n))).collect();
    paths.push(folder.write("0300.info", report(7)));
    paths.push(folder.write("0301.info", report(7)));
    paths.push(folder.path("missing.info"));
    paths.push(folder.write("empty-1.info", ""));
    paths.push(folder.write("empty-2.info", ""));
    let (mut read, mut notices) = (Vec::new(), Vec::new());
    read_all(&paths, None, &mut |path, outcome| {
        if let Ok((_, reading)) = &outcome {
            notices.extend(reading.notices.iter().map(|notice| (path.clone(), notice.code, notice.what.clone())));
        }
        read.push((path, outcome.map(|(_, reading)| reading.files.len()).map_err(|err| err.fault)));
    });
    let expected: Vec<PathBuf> = paths[..300].iter().chain(&paths[302..]).cloned().collect();
    assert_eq!(read.iter().map(|(path, _)| path.clone()).collect::<Vec<_>>(), expected);
    assert!(read[..300].iter().all(|(_, outcome)| *outcome == Ok(1)));
    assert!(matches!(read[300].1, Err(Fault::Io(_))));
    assert_eq!((&read[301].1, &read[302].1), (&Err(Fault::Empty), &Err(Fault::Empty)));
    assert_eq!(notices.len(), 2);
    assert!(notices.iter().all(|(path, code, _)| *path == paths[7] && *code == "report-copy"));
    assert!(notices[0].2.contains("0300.info") && notices[1].2.contains("0301.info"));
    let stopped = std::panic::catch_unwind(|| read_all(&paths, None, &mut |_, _| panic!("on purpose")));
    assert!(stopped.is_err(), "and no thread waits for what comes never");
    read_all(&[], None, &mut |_, _| panic!("there is none"));
}
