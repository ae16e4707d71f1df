//! Every format: cut off, of the future, in conflict, in another encoding, empty, no file at all, too large.

use super::samples::{SAMPLES, Sample};
use crate::project::{Checked, Project};

/// Bills of materials count only when they are named.
fn arguments(sample: &Sample) -> Vec<&'static str> {
    if sample.file.starts_with("sbom") { vec!["--lists", sample.file] } else { Vec::new() }
}

fn with(sample: &Sample, bytes: &[u8]) -> Checked {
    Project::with(&[(sample.file, bytes)]).check(&arguments(sample))
}

/// Refused, by a message that names the file, and its line where one is asked for.
#[track_caller]
fn refused(what: &str, sample: &Sample, checked: Checked, line: Option<u64>) {
    assert_eq!(checked.ran.exit, 2, "{what} {}: {}", sample.file, checked.ran.stderr);
    let finding = checked.finding("file-invalid");
    assert_eq!(finding["path"], sample.file, "{what}: {finding}");
    assert!(checked.ran.stderr.contains(sample.file), "{what} {}: {}", sample.file, checked.ran.stderr);
    if line.is_some() {
        assert_eq!(finding["line"].as_u64(), line, "{what} {}: {finding}", sample.file);
    }
}

#[test]
fn each_sample_is_right_as_it_is() {
    for sample in &SAMPLES {
        let checked = with(sample, sample.text.as_bytes());
        assert!([0, 4].contains(&checked.ran.exit), "{}: {}", sample.file, checked.ran.stderr);
        let good =
            checked.adds_up().packages().iter().filter(|p| p["name"].as_str().unwrap().ends_with("good")).count();
        assert_eq!(good, 1, "{}: {:?}", sample.file, checked.packages());
    }
}

/// The same with Windows' line ends and a byte order mark, as editors there leave it.
#[test]
fn line_ends_and_byte_order_marks_change_nothing() {
    for sample in &SAMPLES {
        let plain = with(sample, sample.text.as_bytes());
        let windows = with(sample, format!("\u{feff}{}", sample.text.replace('\n', "\r\n")).as_bytes());
        assert_eq!(windows.ran.exit, plain.ran.exit, "{}: {}", sample.file, windows.ran.stderr);
        assert_eq!(windows.packages(), plain.packages(), "{}", sample.file);
    }
}

#[test]
fn a_file_that_is_cut_off_is_refused() {
    for sample in &SAMPLES {
        let (before, _) = sample.text.split_once(sample.cut_after).unwrap();
        let cut = format!("{before}{}", sample.cut_after);
        let checked = with(sample, cut.as_bytes());
        // A list without an end can be cut off so that what is left is one too: it then has no version to go by.
        if ["go.mod", "requirements.txt", "gradle.lockfile"].contains(&sample.file) && checked.ran.exit != 2 {
            assert_eq!(checked.ran.exit, 4, "{}: {}", sample.file, checked.ran.stderr);
            continue;
        }
        refused("cut off", sample, checked, None);
    }
}

/// Wherever the end is, no run passes: with nothing installed, even a list that is whole by chance proves nothing.
#[test]
fn no_cut_gives_a_pass_or_a_panic() {
    for sample in &SAMPLES {
        let ends_itself = sample.file.ends_with(".json")
            || ["composer.lock", "Pipfile.lock", "bun.lock", "pom.xml"].contains(&sample.file);
        for part in 1..=9 {
            let end = sample.text.trim_end().len() * part / 10;
            let checked = with(sample, &sample.text.as_bytes()[..end]);
            let exits: &[i32] = if ends_itself { &[2] } else { &[2, 4] };
            let passes_by_right = !ends_itself && checked.ran.exit == 0 && checked.json["outputs"]["packages"] == "0";
            assert!(
                exits.contains(&checked.ran.exit) || passes_by_right,
                "{} to {end}: {}: {}",
                sample.file,
                checked.ran.exit,
                checked.ran.stderr
            );
        }
    }
}

#[test]
fn a_version_of_the_future_is_refused() {
    let mut tried = 0;
    for sample in SAMPLES.iter().filter(|sample| !sample.version.0.is_empty()) {
        assert!(sample.text.contains(sample.version.0), "{}", sample.file);
        let text = sample.text.replacen(sample.version.0, sample.version.1, 1);
        let checked = with(sample, text.as_bytes());
        assert!(checked.ran.stderr.contains("99"), "{}: {}", sample.file, checked.ran.stderr);
        refused("version", sample, checked, None);
        tried += 1;
    }
    assert_eq!(tried, 14);
}

#[test]
fn conflict_markers_are_named_with_their_line() {
    for sample in &SAMPLES {
        let (first, rest) = sample.text.split_once('\n').unwrap();
        let text = format!("{first}\n<<<<<<< HEAD\n{rest}=======\n{rest}>>>>>>> topic\n");
        let checked = with(sample, text.as_bytes());
        assert!(checked.ran.stderr.contains("conflict"), "{}: {}", sample.file, checked.ran.stderr);
        refused("conflict", sample, checked, Some(2));
    }
}

#[test]
fn other_encodings_and_nul_bytes_are_refused() {
    for sample in &SAMPLES {
        let utf16: Vec<u8> =
            "\u{feff}".encode_utf16().chain(sample.text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        // pip reads requirements in any encoding that a byte order mark tells.
        if sample.file == "requirements.txt" {
            assert_eq!(with(sample, &utf16).packages()[0]["name"], "good");
        } else {
            refused("UTF-16", sample, with(sample, &utf16), None);
        }
        let latin1 = [sample.text.as_bytes(), &b"# \xe9\n"[..]].concat();
        if sample.file == "requirements.txt" {
            assert_eq!(with(sample, &latin1).packages()[0]["name"], "good");
        } else {
            refused("Latin 1", sample, with(sample, &latin1), None);
        }
        let nul = sample.text.replacen("good", "go\0od", 1);
        let checked = with(sample, nul.as_bytes());
        assert!(
            [2, 4].contains(&checked.ran.exit),
            "{} with a NUL: {}: {}",
            sample.file,
            checked.ran.exit,
            checked.ran.stderr
        );
        refused("zeros", sample, with(sample, &[0; 4096]), None);
    }
}

#[test]
fn an_empty_file_is_never_a_list_without_packages() {
    for sample in &SAMPLES {
        for bytes in [&b""[..], b"\n", b" \n\t\n"] {
            let checked = with(sample, bytes);
            // Requirements without a line are what they seem.
            if sample.file == "requirements.txt" {
                assert_eq!(checked.adds_up().packages().len(), 0);
                continue;
            }
            refused("empty", sample, checked, None);
        }
    }
}

#[test]
fn a_pipe_or_a_folder_in_a_list_s_place_ends_the_run() {
    for sample in &SAMPLES {
        let project = Project::new();
        let made = std::process::Command::new("mkfifo").arg(project.at(sample.file)).status().unwrap();
        assert!(made.success());
        refused("pipe", sample, project.check(&arguments(sample)), None);
        let project = Project::new();
        std::fs::create_dir(project.at(sample.file)).unwrap();
        let checked = project.check(&arguments(sample));
        assert!([2, 4].contains(&checked.ran.exit), "{}: {}", sample.file, checked.ran.stderr);
    }
}

/// A link to itself: the system refuses it to everyone, root included.
#[test]
fn a_file_that_the_system_refuses_is_the_world_s_fault() {
    for sample in &SAMPLES {
        let project = Project::new();
        std::os::unix::fs::symlink(sample.file, project.at(sample.file)).unwrap();
        let checked = project.check(&arguments(sample)).exits(3);
        assert!(checked.ran.stderr.contains(sample.file), "{}", checked.ran.stderr);
        let project = Project::new();
        std::os::unix::fs::symlink("nowhere", project.at(sample.file)).unwrap();
        let checked = project.check(&arguments(sample)).exits(2);
        assert!(checked.ran.stderr.contains(sample.file), "{}", checked.ran.stderr);
    }
}

#[test]
fn a_file_beyond_the_limit_is_refused() {
    for file in ["package-lock.json", "yarn.lock", "Cargo.lock", "pom.xml"] {
        let project = Project::new();
        // Sparse: it takes no room.
        std::fs::File::create(project.at(file)).unwrap().set_len(257 << 20).unwrap();
        let checked = project.check(&[]).exits(2);
        checked.says(
            "file-invalid",
            &project.at(file).canonicalize().unwrap().display().to_string(),
            None,
            &["larger than"],
        );
    }
}
