use super::*;
use crate::observe::hostile::mutated;
use crate::plan::package::Ecosystem;
use crate::plan::statement::Value;
use proptest::prelude::*;
use std::fs;
use tempfile::TempDir;

fn machine() -> (TempDir, Ground) {
    let folder = tempfile::tempdir().unwrap();
    let ground = Ground {
        root: folder.path().join("root"),
        folder: "app".to_owned(),
        variables: [("HOME".to_owned(), folder.path().join("home").to_str().unwrap().to_owned())].into(),
    };
    (folder, ground)
}

fn file(folder: &TempDir, path: &str, content: &str) {
    let path = folder.path().join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, content).unwrap();
}

fn gem(name: &str, version: &str) -> Package {
    Package::new(Ecosystem::Gem, name, version, Place::default())
}

fn look(ground: &Ground, package: &Package) -> Evidence {
    open(ground, &Lock::default()).look(package)
}

fn spec(name: &str, version: &str, rest: &str) -> String {
    format!(
        "# stub\n\nGem::Specification.new do |s|\n  s.name = \"{name}\".freeze\n  s.version = \"{version}\"\n{rest}\nend\n"
    )
}

fn many(names: &[&str]) -> Value {
    Value::Many(names.iter().map(|name| (*name).to_owned()).collect())
}

const BUNDLE: &str = "root/app/vendor/bundle/ruby/3.3.0";

#[test]
fn installed_gems_say_their_licence_at_its_line() {
    let (folder, ground) = machine();
    let text = spec("tzzz-a", "1.0", "  s.licenses = [\"MIT\".freeze, 'Ruby'.freeze]");
    file(&folder, &format!("{BUNDLE}/specifications/tzzz-a-1.0.gemspec"), &text);
    file(&folder, &format!("{BUNDLE}/gems/tzzz-a-1.0/MIT-LICENSE"), "mit");
    let evidence = look(&ground, &gem("tzzz-a", "1.0"));
    assert_eq!((&evidence.missing, evidence.notices.len()), (&None, 0));
    assert_eq!(evidence.statements[0].value, many(&["MIT", "Ruby"]));
    assert_eq!(
        evidence.statements[0].place,
        Place::new("app/vendor/bundle/ruby/3.3.0/specifications/tzzz-a-1.0.gemspec", Some(6))
    );
    assert_eq!(evidence.files[0].name, "MIT-LICENSE");
    let missing = look(&ground, &gem("tzzz-a", "1.1")).missing.unwrap();
    assert_eq!(missing, "tzzz-a is installed as 1.0, and not tzzz-a-1.1; run `bundle install`");
    let missing = look(&ground, &gem("tzzz", "1.0")).missing.unwrap();
    assert_eq!(missing, "tzzz 1.0 is not installed; run `bundle install`");
}

#[test]
fn a_platform_stands_behind_the_version() {
    let (folder, mut ground) = machine();
    let home = folder.path().join("gems").to_str().unwrap().to_owned();
    ground.variables.insert("GEM_HOME".to_owned(), home);
    let text = spec("tzzz", "1.0", "  s.license = 'MIT' # really");
    file(&folder, "gems/specifications/tzzz-1.0-x86_64-linux.gemspec", &text);
    file(&folder, "gems/specifications/tzzz-1.0-b-2.gemspec", &spec("tzzz-1.0-b", "2", "  s.license = 'ISC'"));
    file(&folder, "gems/gems/tzzz-1.0-x86_64-linux/LICENSE", "mit");
    let evidence = look(&ground, &gem("tzzz", "1.0"));
    assert_eq!(evidence.statements[0].value, Value::One("MIT".to_owned()));
    assert_eq!(evidence.files.len(), 1);
    file(&folder, "gems/specifications/tzzz-3.0.gemspec", &text);
    let missing = look(&ground, &gem("tzzz", "3.0")).missing.unwrap();
    assert!(missing.contains("tzzz-3.0.gemspec is tzzz 1.0, and not tzzz-3.0"), "{missing}");
}

#[test]
fn git_gems_are_those_of_their_commit() {
    let (folder, ground) = machine();
    file(&folder, "root/app/.bundle/config", "---\nBUNDLE_PATH: \"../deps\"\n");
    let text = "require_relative \"x\"\nGem::Specification.new do |spec|\n  spec.version = X::VERSION\n  spec.license = \"MIT\"\nend";
    file(&folder, "root/deps/ruby/3.3.0/bundler/gems/tool-abcdef012345/tool.gemspec", text);
    file(&folder, "root/deps/ruby/3.3.0/bundler/gems/tool-abcdef012345/LICENSE", "mit");
    let mut package = gem("tool", "0.1.0");
    package.origin = Origin::Git;
    package.checksum = Some("git:abcdef0123456789".to_owned());
    let evidence = look(&ground, &package);
    assert_eq!((evidence.statements.len(), evidence.files.len(), &evidence.missing), (1, 1, &None));
    package.checksum = Some("git:0123456789abcdef".to_owned());
    assert!(look(&ground, &package).missing.is_some());
    file(&folder, "root/app/.bundle/config", "BUNDLE_PATH: /etc\n");
    package.checksum = Some("git:abcdef0123456789".to_owned());
    assert!(look(&ground, &package).missing.is_some());
}

#[test]
fn copied_gems_are_read_below_the_root_only() {
    let (folder, ground) = machine();
    for path in ["root/app/vendor/gems/copied", "outside/vendor/copied"] {
        file(&folder, &format!("{path}/copied.gemspec"), "Gem::Specification.new do |s|\n s.license = 'MIT'\nend");
    }
    let mut package = gem("copied", "1.0.0");
    package.origin = Origin::Folder;
    for (path, found) in [("vendor/gems/copied", true), ("../../outside/vendor/copied", false)] {
        package.installed_at = vec![path.to_owned()];
        assert_eq!(look(&ground, &package).missing.is_none(), found, "{path}");
    }
    assert!(look(&ground, &gem("../copied", "1.0.0")).missing.unwrap().contains("no name of a gem"));
    package.origin = Origin::Own;
    assert_eq!(look(&ground, &package), Evidence::default());
}

#[test]
fn literals_are_read_and_code_is_not_run() {
    let one = |text: &str| Some(Value::One(text.to_owned()));
    for (line, value) in [
        ("s.license = \"MIT\"", one("MIT")),
        ("s.license='MIT'.freeze", one("MIT")),
        ("spec.license = %q{Apache-2.0}", one("Apache-2.0")),
        ("s.licenses = %w[MIT Ruby]", Some(many(&["MIT", "Ruby"]))),
        ("s.licenses = %w(MIT).freeze # one", Some(many(&["MIT"]))),
        ("s.licenses = [\n    'MIT', # or\n  ]", None),
        ("s.licenses = [\n    'MIT',\n    \"Ruby\",\n  ]", Some(many(&["MIT", "Ruby"]))),
        ("s.license = \"MIT\"\n  s.license = \"MIT\"", one("MIT")),
        ("s.license = \"MIT\"\n  s.license = \"ISC\"", None),
        ("s.license = \"MIT\" if RUBY_VERSION > \"3\"", None),
        ("s.license = \"M#{I}T\"", None),
        ("s.license = \"M\\u0049T\"", None),
        ("s.license = `curl example.org`", None),
        ("s.license = File.read(\"LICENSE\")", None),
        ("s.license = \"MIT\"; system(\"x\")", None),
        ("s.license = ENV[\"L\"] || \"MIT\"", None),
        ("s.licenses = [\"MIT\"] + MORE", None),
        ("s.licenses = [\"MIT\"", None),
        ("s.license ||= \"MIT\"", one("MIT")),
    ] {
        let gemspec = Gemspec::read(&format!("Gem::Specification.new do |s|\n  {line}\nend\n"));
        match (value, gemspec.license) {
            (Some(wanted), Said::Literal { value, line: 2, .. }) if wanted == value => {}
            (None, Said::Computed(2 | 3)) => {}
            (_, said) => panic!("{line}: {said:?}"),
        }
    }
    for text in [
        "# s.license = 'MIT'",
        "s.licenses = []",
        "s.description = <<~TEXT\n  s.license = 'MIT'\n  TEXT",
        "=begin\ns.license = 'MIT'\n=end",
        "__END__\ns.license = 'MIT'",
        "x = s.license == 'MIT'",
        "s.license == 'MIT'",
        "s.required = 'MIT'",
    ] {
        assert_eq!(Gemspec::read(text).license, Said::Nothing, "{text}");
    }
    let (folder, ground) = machine();
    let text = spec("tzzz", "1.0", "  s.license = compute");
    file(&folder, &format!("{BUNDLE}/specifications/tzzz-1.0.gemspec"), &text);
    let evidence = look(&ground, &gem("tzzz", "1.0"));
    assert_eq!((evidence.statements.len(), &evidence.missing), (0, &None));
    assert!(
        evidence.notices[0].ends_with("tzzz-1.0.gemspec:6: the licence is computed by Ruby code, which is not run")
    );
}

proptest! {
    #[test]
    fn no_gemspec_panics(
        bytes in mutated("Gem::Specification.new do |s|\n s.name = 'a'\n s.licenses = [\"MIT\".freeze, %q<x>]\n t = <<~END\n END\nend"),
    ) {
        Gemspec::read(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn no_text_panics(text in any::<String>(), line in "[a-z]\\.licenses?( \\|\\|)?=[\\[\\]%qw{}\"'#\\\\ ,a-z]*") {
        Gemspec::read(&text);
        Gemspec::read(&line);
    }
}
