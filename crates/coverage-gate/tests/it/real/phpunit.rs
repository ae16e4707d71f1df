use super::{Project, Totals, numbers_after, tools};

const CONFIG: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<phpunit bootstrap="src/Order.php" colors="false">
  <testsuites><testsuite name="all"><directory>tests</directory></testsuite></testsuites>
  <coverage processUncoveredFiles="true"><include><directory suffix=".php">src</directory></include></coverage>
</phpunit>
"#;

const ORDER: &str = r"<?php
declare(strict_types=1);

final class Order
{
    public function __construct(private array $lines)
    {
    }

    public function total(): int
    {
        $total = 0;
        foreach ($this->lines as $line) {
            if ($line < 0) {
                throw new InvalidArgumentException(
                    'negative'
                );
            }
            $total += $line;
        }
        return $total;
    }

    public function kind(): string
    {
        return match (count($this->lines)) {
            0 => 'empty',
            1 => 'one',
            default => 'many',
        };
    }

    public function never(): int
    {
        return 1;
    }
}

function half(int $x): int
{
    return intdiv($x, 2);
}
";

const TESTS: &str = r"<?php
final class OrderTest extends PHPUnit\Framework\TestCase
{
    public function testTotal(): void
    {
        $this->assertSame(3, (new Order([1, 2]))->total());
        $this->assertSame('one', (new Order([1]))->kind());
    }
}
";

#[test]
fn its_reports_say_what_it_says() {
    let has_pcov = || {
        let php = tools::system("php")?;
        let ran = kit_test::Cli::new(php.words[0].clone(), ".").args(["-m"]).run();
        ran.stdout.contains("pcov").then_some(())
    };
    let Some((phpunit, ())) = tools::system("phpunit").zip(has_pcov()) else {
        return tools::skip("phpunit", "install the Debian packages phpunit and php-pcov");
    };
    let files = [
        ("phpunit.xml", CONFIG),
        ("src/Order.php", ORDER),
        (
            "src/Unused.php",
            "<?php\nclass Unused\n{\n    public function f(): int\n    {\n        return 1;\n    }\n}\n",
        ),
        ("tests/OrderTest.php", TESTS),
    ];
    let project = Project::new(&files);
    let php = tools::system("php").unwrap();
    let php = tools::Program {
        words: [php.words, vec!["-d".to_owned(), "pcov.enabled=1".to_owned()], phpunit.words].concat(),
        ..php
    };
    let php = php.env("XDEBUG_MODE", "off");
    let reports = ["--coverage-clover", "clover.xml", "--coverage-cobertura", "cobertura.xml"];
    let ran =
        project.run(&php, &[&reports[..], &["--coverage-text", "--colors=never", "--coverage-xml", "xml"]].concat());
    // `  Lines:   64.71% (11/17)`
    let (_, lines) = ran.stdout.split_once("Lines:").unwrap_or_else(|| panic!("{}", ran.stdout));
    let (covered, coverable) = numbers_after(lines, "(");
    assert!(0 < covered && covered < coverable);
    assert_eq!(project.measured(&["clover.xml"]).lines, Totals::lines(covered, coverable).lines, "Clover");
    assert_eq!(project.measured(&["cobertura.xml"]).lines, Totals::lines(covered, coverable).lines, "Cobertura");
}
