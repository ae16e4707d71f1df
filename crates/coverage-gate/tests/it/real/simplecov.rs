use super::{Project, Totals, numbers_after, tools};
use crate::real::tools::Program;

const ORDER: &str = "class Order
  def initialize(lines)
    @lines = lines
  end

  def total
    @lines.sum do |line|
      raise ArgumentError if line.negative?

      line
    end
  end

  def kind
    case @lines.size
    when 0 then 'empty'
    when 1
      'one'
    else
      total > 10 && @lines.first ? 'many' : 'few'
    end
  end

  def never
    return unless @lines&.any?

    @lines.each { |line| puts line }
    while @lines.any?
      @lines.pop
    end
  end
end
";

fn script(name: &str, tests: &str) -> String {
    format!(
        "require 'simplecov'
SimpleCov.start do
  command_name '{name}'
  enable_coverage :branch
  at_exit do
    all = SimpleCov.result
    all.format!
    puts \"lines #{{all.covered_lines}} of #{{all.total_lines}}\"
    puts \"branches #{{all.covered_branches}} of #{{all.total_branches}}\"
  end
end
require_relative 'lib/order'
{tests}
"
    )
}

fn project() -> Option<(Project, Program)> {
    let has_simplecov = || {
        let ruby = tools::system("ruby")?;
        let ran = kit_test::Cli::new(ruby.words[0].clone(), ".").args(["-e", "require 'simplecov'"]).run();
        (ran.exit == 0).then_some(ruby)
    };
    let Some(ruby) = has_simplecov() else {
        tools::skip("simplecov", "install the Debian package ruby-simplecov");
        return None;
    };
    let first = script("first", "exit 1 unless Order.new([1, 2]).total == 3 && Order.new([]).kind == 'empty'");
    let second = script("second", "exit 1 unless Order.new([1]).kind == 'one' && Order.new([9, 8]).kind == 'many'");
    let files = [("lib/order.rb", ORDER), ("first.rb", &first), ("second.rb", &second)];
    Some((Project::new(&files), ruby))
}

/// What it says of all commands that it knows of.
fn own(printed: &str) -> Totals {
    let (lines, branches) = (numbers_after(printed, "\nlines "), numbers_after(printed, "\nbranches "));
    Totals { lines: Some(lines), branches: Some(branches), ..Totals::default() }
}

#[test]
fn its_resultset_says_what_it_says() {
    let Some((project, ruby)) = project() else { return };
    // The second run finds the first one's results and prints the totals of both.
    for script in ["first.rb", "second.rb"] {
        let own = own(&project.run(&ruby, &[script]).stdout);
        assert!(own.lines.is_some_and(|(covered, coverable)| 0 < covered && covered < coverable), "{own:?}");
        assert_eq!(project.measured(&["coverage/.resultset.json"]), own, "after {script}");
    }
}

#[test]
fn resultsets_of_two_machines_are_united_as_it_does() {
    let Some((project, ruby)) = project() else { return };
    let mut together = Totals::default();
    for script in ["first.rb", "second.rb"] {
        together = own(&project.run(&ruby, &[script]).stdout);
    }
    std::fs::remove_dir_all(project.path().join("coverage")).unwrap();
    for script in ["first", "second"] {
        project.run(&ruby, &[&format!("{script}.rb")]);
        std::fs::rename(project.path().join("coverage"), project.path().join(script)).unwrap();
    }
    assert_eq!(project.measured(&["first/.resultset.json", "second/.resultset.json"]), together);
}
