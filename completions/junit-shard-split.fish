# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_junit_shard_split_global_optspecs
    string join \n json= junit= code-quality= sarif= dotenv= config= advisory debug completions= describe h/help V/version
end

function __fish_junit_shard_split_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_junit_shard_split_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_junit_shard_split_using_subcommand
    set -l cmd (__fish_junit_shard_split_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c junit-shard-split -n "__fish_junit_shard_split_needs_command" -l json -d 'Write the versioned JSON report to FILE; `-` is standard output' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_needs_command" -l junit -d 'Write the verdict as JUnit XML to FILE' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_needs_command" -l code-quality -d 'Write the findings as a GitLab code quality report to FILE' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_needs_command" -l sarif -d 'Write the findings as SARIF 2.1.0 to FILE, for GitHub code scanning' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_needs_command" -l dotenv -d 'Write the outputs as a GitLab dotenv report to FILE' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_needs_command" -l config -d 'Read inputs from this TOML file [default: .roadcrew.toml, when there is one]' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_needs_command" -l completions -d 'Print a completion script for SHELL (bash, fish, zsh) and exit; stands alone' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_needs_command" -l advisory -d 'Show the verdict, but exit 0 when it is no or unproven'
complete -c junit-shard-split -n "__fish_junit_shard_split_needs_command" -l debug -d 'Say where each input came from'
complete -c junit-shard-split -n "__fish_junit_shard_split_needs_command" -l describe
complete -c junit-shard-split -n "__fish_junit_shard_split_needs_command" -s h -l help -d 'Print help'
complete -c junit-shard-split -n "__fish_junit_shard_split_needs_command" -s V -l version -d 'Print version'
complete -c junit-shard-split -n "__fish_junit_shard_split_needs_command" -f -a "shard" -d 'Print the tests of one shard'
complete -c junit-shard-split -n "__fish_junit_shard_split_needs_command" -f -a "run" -d 'Take a shard and run a command with its tests, leaving a receipt for `verify`'
complete -c junit-shard-split -n "__fish_junit_shard_split_needs_command" -f -a "plan" -d 'Decide all shards at once and lock them in a plan file'
complete -c junit-shard-split -n "__fish_junit_shard_split_needs_command" -f -a "explain" -d 'Say which report entry gave which file its time, and why the others gave none'
complete -c junit-shard-split -n "__fish_junit_shard_split_needs_command" -f -a "record" -d 'Fold reports into a timing store'
complete -c junit-shard-split -n "__fish_junit_shard_split_needs_command" -f -a "merge" -d 'Make one JUnit report of all shards\' reports'
complete -c junit-shard-split -n "__fish_junit_shard_split_needs_command" -f -a "verify" -d 'Judge the whole suite: every planned test ran exactly once, and none failed'
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand shard" -l tests -d 'Globs of the test files, relative to the working directory; `**` crosses folders' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand shard" -l tests-from -d 'File that lists the tests, one a line or NUL-separated; `-` is standard input' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand shard" -l exclude -d 'Globs of test files to leave out' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand shard" -l unit -d 'What is split: files, classes or single tests; classes and tests come from the list or from the timings' -r -f -a "file\t'A test file'
class\t'A test class: `path::Class`'
test\t'One test: `path::Class::name` or `path::name`'"
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand shard" -l timings -d 'JUnit reports of an earlier run: files, globs or folders' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand shard" -l store -d 'Timing store, as `record` keeps it' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand shard" -l machine -d 'Class of machine whose timings in the store count' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand shard" -l shards -d 'Number of shards; the CI\'s own number of parallel workers when it has one' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand shard" -l min-known -d 'Share of the tests that must have timings once there are any, such as 0.9 or 90%; below it the split is unproven' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand shard" -l setup-s -d 'Seconds that every shard spends before its first test' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand shard" -l file-overhead-s -d 'Seconds that every file costs on top of its reported time' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand shard" -l previous-plan -d 'Plan to start from, moving as few tests as possible' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand shard" -l stay-within -d 'How much longer than the best the longest shard may take when that moves fewer tests' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand shard" -l shard -d 'Index of this shard, from 0; the CI\'s own index of this worker when it has one' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand shard" -l plan -d 'Plan file to take the shard from, as `plan` wrote it' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand shard" -l runner -d 'Test runner that the arguments are for' -r -f -a "phpunit\t'PHPUnit, any version that reads `<testsuites>`: a configuration file with the shard\'s files'
pest\t'Pest 2.24 or later: the files as arguments'
jest\t'Jest: the files after `--runTestsByPath`'
vitest\t'Vitest: the files as filters, and what they would match besides as `--exclude`'
pytest\t'pytest: files and node ids as arguments'
playwright\t'Playwright: the files as anchored regular expressions, or a test list'
cypress\t'Cypress: the files in one `--spec`'
rspec\t'RSpec: files and example ids as arguments'
lines\t'Any other runner that takes paths: the units as they are'"
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand shard" -l runner-config -d 'The runner\'s configuration file, such as phpunit.xml, when it is not at its usual place' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand shard" -l out-dir -d 'Folder for files.txt, args.txt, the receipt and the runner\'s configuration; the shard\'s number is added' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand shard" -l format -d 'How the shard\'s tests are printed' -r -f -a "lines\t'One a line'
nul\t'Each followed by a NUL'
json\t'A JSON array'
args\t'The argument list of the runner, one argument a line'"
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand shard" -l out -d 'Write what is printed to FILE too' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand shard" -l json -d 'Write the versioned JSON report to FILE; `-` is standard output' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand shard" -l junit -d 'Write the verdict as JUnit XML to FILE' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand shard" -l code-quality -d 'Write the findings as a GitLab code quality report to FILE' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand shard" -l sarif -d 'Write the findings as SARIF 2.1.0 to FILE, for GitHub code scanning' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand shard" -l dotenv -d 'Write the outputs as a GitLab dotenv report to FILE' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand shard" -l config -d 'Read inputs from this TOML file [default: .roadcrew.toml, when there is one]' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand shard" -l skip-unreadable -d 'Go on without reports that cannot be read, naming each'
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand shard" -l split-slow-files -d 'Split a file that takes longer than a fair shard by its tests; the runner must be one that can select tests'
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand shard" -l advisory -d 'Show the verdict, but exit 0 when it is no or unproven'
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand shard" -l debug -d 'Say where each input came from'
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand shard" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand run" -l tests -d 'Globs of the test files, relative to the working directory; `**` crosses folders' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand run" -l tests-from -d 'File that lists the tests, one a line or NUL-separated; `-` is standard input' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand run" -l exclude -d 'Globs of test files to leave out' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand run" -l unit -d 'What is split: files, classes or single tests; classes and tests come from the list or from the timings' -r -f -a "file\t'A test file'
class\t'A test class: `path::Class`'
test\t'One test: `path::Class::name` or `path::name`'"
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand run" -l timings -d 'JUnit reports of an earlier run: files, globs or folders' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand run" -l store -d 'Timing store, as `record` keeps it' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand run" -l machine -d 'Class of machine whose timings in the store count' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand run" -l shards -d 'Number of shards; the CI\'s own number of parallel workers when it has one' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand run" -l min-known -d 'Share of the tests that must have timings once there are any, such as 0.9 or 90%; below it the split is unproven' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand run" -l setup-s -d 'Seconds that every shard spends before its first test' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand run" -l file-overhead-s -d 'Seconds that every file costs on top of its reported time' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand run" -l previous-plan -d 'Plan to start from, moving as few tests as possible' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand run" -l stay-within -d 'How much longer than the best the longest shard may take when that moves fewer tests' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand run" -l shard -d 'Index of this shard, from 0; the CI\'s own index of this worker when it has one' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand run" -l plan -d 'Plan file to take the shard from, as `plan` wrote it' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand run" -l runner -d 'Test runner that the arguments are for' -r -f -a "phpunit\t'PHPUnit, any version that reads `<testsuites>`: a configuration file with the shard\'s files'
pest\t'Pest 2.24 or later: the files as arguments'
jest\t'Jest: the files after `--runTestsByPath`'
vitest\t'Vitest: the files as filters, and what they would match besides as `--exclude`'
pytest\t'pytest: files and node ids as arguments'
playwright\t'Playwright: the files as anchored regular expressions, or a test list'
cypress\t'Cypress: the files in one `--spec`'
rspec\t'RSpec: files and example ids as arguments'
lines\t'Any other runner that takes paths: the units as they are'"
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand run" -l runner-config -d 'The runner\'s configuration file, such as phpunit.xml, when it is not at its usual place' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand run" -l out-dir -d 'Folder for files.txt, args.txt, the receipt and the runner\'s configuration; the shard\'s number is added' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand run" -l json -d 'Write the versioned JSON report to FILE; `-` is standard output' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand run" -l junit -d 'Write the verdict as JUnit XML to FILE' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand run" -l code-quality -d 'Write the findings as a GitLab code quality report to FILE' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand run" -l sarif -d 'Write the findings as SARIF 2.1.0 to FILE, for GitHub code scanning' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand run" -l dotenv -d 'Write the outputs as a GitLab dotenv report to FILE' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand run" -l config -d 'Read inputs from this TOML file [default: .roadcrew.toml, when there is one]' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand run" -l skip-unreadable -d 'Go on without reports that cannot be read, naming each'
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand run" -l split-slow-files -d 'Split a file that takes longer than a fair shard by its tests; the runner must be one that can select tests'
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand run" -l advisory -d 'Show the verdict, but exit 0 when it is no or unproven'
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand run" -l debug -d 'Say where each input came from'
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand run" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand plan" -l tests -d 'Globs of the test files, relative to the working directory; `**` crosses folders' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand plan" -l tests-from -d 'File that lists the tests, one a line or NUL-separated; `-` is standard input' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand plan" -l exclude -d 'Globs of test files to leave out' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand plan" -l unit -d 'What is split: files, classes or single tests; classes and tests come from the list or from the timings' -r -f -a "file\t'A test file'
class\t'A test class: `path::Class`'
test\t'One test: `path::Class::name` or `path::name`'"
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand plan" -l timings -d 'JUnit reports of an earlier run: files, globs or folders' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand plan" -l store -d 'Timing store, as `record` keeps it' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand plan" -l machine -d 'Class of machine whose timings in the store count' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand plan" -l shards -d 'Number of shards; the CI\'s own number of parallel workers when it has one' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand plan" -l min-known -d 'Share of the tests that must have timings once there are any, such as 0.9 or 90%; below it the split is unproven' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand plan" -l setup-s -d 'Seconds that every shard spends before its first test' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand plan" -l file-overhead-s -d 'Seconds that every file costs on top of its reported time' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand plan" -l previous-plan -d 'Plan to start from, moving as few tests as possible' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand plan" -l stay-within -d 'How much longer than the best the longest shard may take when that moves fewer tests' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand plan" -l plan -d 'Plan file to write' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand plan" -l target-s -d 'Choose the number of shards so that each takes at most this long' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand plan" -l max-shards -d 'The most shards that `target-s` may choose' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand plan" -l runner -d 'Test runner, for `split-slow-files`' -r -f -a "phpunit\t'PHPUnit, any version that reads `<testsuites>`: a configuration file with the shard\'s files'
pest\t'Pest 2.24 or later: the files as arguments'
jest\t'Jest: the files after `--runTestsByPath`'
vitest\t'Vitest: the files as filters, and what they would match besides as `--exclude`'
pytest\t'pytest: files and node ids as arguments'
playwright\t'Playwright: the files as anchored regular expressions, or a test list'
cypress\t'Cypress: the files in one `--spec`'
rspec\t'RSpec: files and example ids as arguments'
lines\t'Any other runner that takes paths: the units as they are'"
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand plan" -l json -d 'Write the versioned JSON report to FILE; `-` is standard output' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand plan" -l junit -d 'Write the verdict as JUnit XML to FILE' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand plan" -l code-quality -d 'Write the findings as a GitLab code quality report to FILE' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand plan" -l sarif -d 'Write the findings as SARIF 2.1.0 to FILE, for GitHub code scanning' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand plan" -l dotenv -d 'Write the outputs as a GitLab dotenv report to FILE' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand plan" -l config -d 'Read inputs from this TOML file [default: .roadcrew.toml, when there is one]' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand plan" -l skip-unreadable -d 'Go on without reports that cannot be read, naming each'
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand plan" -l split-slow-files -d 'Split a file that takes longer than a fair shard by its tests; the runner must be one that can select tests'
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand plan" -l advisory -d 'Show the verdict, but exit 0 when it is no or unproven'
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand plan" -l debug -d 'Say where each input came from'
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand plan" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand explain" -l tests -d 'Globs of the test files, relative to the working directory; `**` crosses folders' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand explain" -l tests-from -d 'File that lists the tests, one a line or NUL-separated; `-` is standard input' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand explain" -l exclude -d 'Globs of test files to leave out' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand explain" -l unit -d 'What is split: files, classes or single tests; classes and tests come from the list or from the timings' -r -f -a "file\t'A test file'
class\t'A test class: `path::Class`'
test\t'One test: `path::Class::name` or `path::name`'"
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand explain" -l timings -d 'JUnit reports of an earlier run: files, globs or folders' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand explain" -l store -d 'Timing store, as `record` keeps it' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand explain" -l machine -d 'Class of machine whose timings in the store count' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand explain" -l runner -d 'Test runner, to be told the traps that its reports are known for' -r -f -a "phpunit\t'PHPUnit, any version that reads `<testsuites>`: a configuration file with the shard\'s files'
pest\t'Pest 2.24 or later: the files as arguments'
jest\t'Jest: the files after `--runTestsByPath`'
vitest\t'Vitest: the files as filters, and what they would match besides as `--exclude`'
pytest\t'pytest: files and node ids as arguments'
playwright\t'Playwright: the files as anchored regular expressions, or a test list'
cypress\t'Cypress: the files in one `--spec`'
rspec\t'RSpec: files and example ids as arguments'
lines\t'Any other runner that takes paths: the units as they are'"
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand explain" -l json -d 'Write the versioned JSON report to FILE; `-` is standard output' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand explain" -l junit -d 'Write the verdict as JUnit XML to FILE' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand explain" -l code-quality -d 'Write the findings as a GitLab code quality report to FILE' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand explain" -l sarif -d 'Write the findings as SARIF 2.1.0 to FILE, for GitHub code scanning' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand explain" -l dotenv -d 'Write the outputs as a GitLab dotenv report to FILE' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand explain" -l config -d 'Read inputs from this TOML file [default: .roadcrew.toml, when there is one]' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand explain" -l skip-unreadable -d 'Go on without reports that cannot be read, naming each'
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand explain" -l advisory -d 'Show the verdict, but exit 0 when it is no or unproven'
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand explain" -l debug -d 'Say where each input came from'
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand explain" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand record" -l tests -d 'Globs of the test files, relative to the working directory; `**` crosses folders' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand record" -l tests-from -d 'File that lists the tests, one a line or NUL-separated; `-` is standard input' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand record" -l exclude -d 'Globs of test files to leave out' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand record" -l unit -d 'What is split: files, classes or single tests; classes and tests come from the list or from the timings' -r -f -a "file\t'A test file'
class\t'A test class: `path::Class`'
test\t'One test: `path::Class::name` or `path::name`'"
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand record" -l store -d 'Timing store to create or to fold into' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand record" -l machine -d 'Class of machine that the reports come from' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand record" -l keep-runs -d 'Runs that the store keeps of each file' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand record" -l run-id -d 'Name of this run; the CI\'s own run id when it has one, else a digest of the reports' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand record" -l merge-store -d 'Other stores to merge in' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand record" -l json -d 'Write the versioned JSON report to FILE; `-` is standard output' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand record" -l junit -d 'Write the verdict as JUnit XML to FILE' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand record" -l code-quality -d 'Write the findings as a GitLab code quality report to FILE' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand record" -l sarif -d 'Write the findings as SARIF 2.1.0 to FILE, for GitHub code scanning' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand record" -l dotenv -d 'Write the outputs as a GitLab dotenv report to FILE' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand record" -l config -d 'Read inputs from this TOML file [default: .roadcrew.toml, when there is one]' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand record" -l only-changes -d 'Leave out samples that tell nothing new (within 10 % or 100 ms of the median), so that a committed store changes only when a test\'s time does'
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand record" -l skip-unreadable -d 'Go on without reports that cannot be read, naming each'
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand record" -l dry-run -d 'Decide and report, but write nothing'
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand record" -l advisory -d 'Show the verdict, but exit 0 when it is no or unproven'
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand record" -l debug -d 'Say where each input came from'
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand record" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand merge" -l out -d 'Write the merged report to FILE' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand merge" -l slowest -d 'How many of the slowest tests are listed' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand merge" -l json -d 'Write the versioned JSON report to FILE; `-` is standard output' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand merge" -l junit -d 'Write the verdict as JUnit XML to FILE' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand merge" -l code-quality -d 'Write the findings as a GitLab code quality report to FILE' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand merge" -l sarif -d 'Write the findings as SARIF 2.1.0 to FILE, for GitHub code scanning' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand merge" -l dotenv -d 'Write the outputs as a GitLab dotenv report to FILE' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand merge" -l config -d 'Read inputs from this TOML file [default: .roadcrew.toml, when there is one]' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand merge" -l skip-unreadable -d 'Go on without reports that cannot be read, naming each'
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand merge" -l advisory -d 'Show the verdict, but exit 0 when it is no or unproven'
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand merge" -l debug -d 'Say where each input came from'
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand merge" -s h -l help -d 'Print help'
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand verify" -l plan -d 'Plan file that the shards used' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand verify" -l receipts -d 'Where the receipts are, when not among the reports: files, globs or folders' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand verify" -l json -d 'Write the versioned JSON report to FILE; `-` is standard output' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand verify" -l junit -d 'Write the verdict as JUnit XML to FILE' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand verify" -l code-quality -d 'Write the findings as a GitLab code quality report to FILE' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand verify" -l sarif -d 'Write the findings as SARIF 2.1.0 to FILE, for GitHub code scanning' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand verify" -l dotenv -d 'Write the outputs as a GitLab dotenv report to FILE' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand verify" -l config -d 'Read inputs from this TOML file [default: .roadcrew.toml, when there is one]' -r
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand verify" -l no-receipts -d 'Judge by the reports alone, for workers that did not use `run`'
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand verify" -l skip-unreadable -d 'Go on without reports that cannot be read, naming each'
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand verify" -l advisory -d 'Show the verdict, but exit 0 when it is no or unproven'
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand verify" -l debug -d 'Say where each input came from'
complete -c junit-shard-split -n "__fish_junit_shard_split_using_subcommand verify" -s h -l help -d 'Print help'
