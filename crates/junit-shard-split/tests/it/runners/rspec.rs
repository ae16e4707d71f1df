use super::{Trial, tools};

fn trial() -> Option<Trial> {
    let has_formatter = || {
        let formatter = tools::system("ruby", &["-e", "require 'rspec_junit_formatter'"])?;
        let ran = kit_test::Cli::new(formatter.words[0].clone(), ".").args(&formatter.words[1..]).run();
        (ran.exit == 0).then_some(())
    };
    let Some((program, ())) = tools::system("rspec", &[]).zip(has_formatter()) else {
        tools::skip("rspec", "install the Debian packages ruby-rspec and ruby-rspec-junit-formatter");
        return None;
    };
    let many = "RSpec.describe 'Thing' do
  it('x') { sleep 0.05 }
  it('works with \"quotes\" & #{1 + 1}') { sleep 0.05 }
  context('z') do
    it('x') { sleep 0.05 }
    it('v ü') { sleep 0.05 }
  end
end
RSpec.describe('Other') { it('q') { sleep 0.05 } }
";
    let one = "RSpec.describe('Thing') { it('x') { }; it('y') { sleep 0.01 } }\n";
    let files = [
        ("spec/a_spec.rb", many),
        ("spec/b [1]_spec.rb", one),
        ("spec/c+ü_spec.rb", one),
        ("spec/sp ace_spec.rb", one),
        ("spec/models/a_spec.rb", one),
    ];
    let mut trial = Trial::new("rspec", program, &files);
    trial.list(&files.map(|(path, _)| path));
    trial.report = vec![
        "--require",
        "rspec_junit_formatter",
        "--format",
        "progress",
        "--format",
        "RspecJunitFormatter",
        "--out",
        "{file}",
    ];
    Some(trial)
}

#[test]
fn files() {
    let Some(trial) = trial() else { return };
    let whole = trial.whole(&["spec"]);
    assert_eq!(whole.len(), 5 + 2 * 4);
    trial.shards_are_the_whole(&whole, &["--min-known", "100%"], 3);
    trial.empty_shard_is_harmless(&whole);
}

#[test]
fn tests() {
    let Some(trial) = trial() else { return };
    let whole = trial.whole(&["spec"]);
    trial.shards_are_the_whole(&whole, &["--unit", "test", "--min-known", "100%"], 3);
    trial.shards_are_the_whole(&whole, &["--split-slow-files", "--min-known", "100%"], 3);
}

#[test]
fn lines_and_ids() {
    let Some(mut trial) = trial() else { return };
    // Reports have neither lines nor ids.
    trial.is_verifiable = false;
    trial.list(&[
        "spec/a_spec.rb[1:1]",
        "spec/a_spec.rb[1:2]",
        "spec/a_spec.rb[1:3]",
        "spec/a_spec.rb:9",
        "spec/models/a_spec.rb",
    ]);
    let whole = trial.whole(&["spec/a_spec.rb", "spec/models/a_spec.rb"]);
    trial.shards_are_the_whole(&whole, &["--min-known", "0"], 3);
}
