# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_coverage_gate_global_optspecs
    string join \n json= junit= code-quality= sarif= dotenv= config= advisory debug completions= describe h/help V/version
end

function __fish_coverage_gate_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_coverage_gate_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_coverage_gate_using_subcommand
    set -l cmd (__fish_coverage_gate_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c coverage-gate -n "__fish_coverage_gate_needs_command" -l json -d 'Write the versioned JSON report to FILE; `-` is standard output' -r
complete -c coverage-gate -n "__fish_coverage_gate_needs_command" -l junit -d 'Write the verdict as JUnit XML to FILE' -r
complete -c coverage-gate -n "__fish_coverage_gate_needs_command" -l code-quality -d 'Write the findings as a GitLab code quality report to FILE' -r
complete -c coverage-gate -n "__fish_coverage_gate_needs_command" -l sarif -d 'Write the findings as SARIF 2.1.0 to FILE, for GitHub code scanning' -r
complete -c coverage-gate -n "__fish_coverage_gate_needs_command" -l dotenv -d 'Write the outputs as a GitLab dotenv report to FILE' -r
complete -c coverage-gate -n "__fish_coverage_gate_needs_command" -l config -d 'Read inputs from this TOML file [default: .roadcrew.toml, when there is one]' -r
complete -c coverage-gate -n "__fish_coverage_gate_needs_command" -l completions -d 'Print a completion script for SHELL (bash, fish, zsh) and exit; stands alone' -r
complete -c coverage-gate -n "__fish_coverage_gate_needs_command" -l advisory -d 'Show the verdict, but exit 0 when it is no or unproven'
complete -c coverage-gate -n "__fish_coverage_gate_needs_command" -l debug -d 'Say where each input came from'
complete -c coverage-gate -n "__fish_coverage_gate_needs_command" -l describe
complete -c coverage-gate -n "__fish_coverage_gate_needs_command" -s h -l help -d 'Print help'
complete -c coverage-gate -n "__fish_coverage_gate_needs_command" -s V -l version -d 'Print version'
complete -c coverage-gate -n "__fish_coverage_gate_needs_command" -f -a "gate" -d 'Read reports, find the change under review and judge both'
complete -c coverage-gate -n "__fish_coverage_gate_needs_command" -f -a "init" -d 'Write a policy and a ratchet from today\'s state, so that a project at any coverage can start'
complete -c coverage-gate -n "__fish_coverage_gate_using_subcommand gate" -l reports -d 'Coverage reports: files, globs or folders' -r
complete -c coverage-gate -n "__fish_coverage_gate_using_subcommand gate" -l input-format -d 'Format of all reports; without it each is recognised by its content' -r -f -a "lcov\t'LCOV tracefile, versions 1 and 2'
cobertura\t'Cobertura XML'
jacoco\t'`JaCoCo` XML'
clover\t'Clover XML (`PHPUnit`, Istanbul, `OpenClover`, gcovr)'
go\t'Go coverprofile'
coverage-py\t'coverage.py JSON'
istanbul\t'Istanbul `coverage-final.json`, or totals alone of `coverage-summary.json`'
simplecov\t'`SimpleCov` `.resultset.json` or `coverage.json`'
llvm-cov\t'`llvm-cov export` JSON, with `--summary-only` totals alone'
gcov\t'`gcov --json-format`, gzipped or not'
gcovr\t'gcovr JSON'
opencover\t'`OpenCover` XML'
dotcover\t'`dotCover` `DetailedXML`'
phpunit-xml\t'`PHPUnit` `--coverage-xml`'"
complete -c coverage-gate -n "__fish_coverage_gate_using_subcommand gate" -l expect-reports -d 'How many reports there must be; with fewer the result is unproven' -r
complete -c coverage-gate -n "__fish_coverage_gate_using_subcommand gate" -l root -d 'The repository, or a folder in it' -r
complete -c coverage-gate -n "__fish_coverage_gate_using_subcommand gate" -l path-map -d 'Prefix of the reports\' paths to replace, as FROM=TO; not needed for containers, monorepos, Go and `JaCoCo`' -r
complete -c coverage-gate -n "__fish_coverage_gate_using_subcommand gate" -l exclude -d 'Globs of files that need no coverage' -r
complete -c coverage-gate -n "__fish_coverage_gate_using_subcommand gate" -l partial-lines -d 'What a line counts as that ran, but not all of its branch arms; default `hit`' -r -f -a "hit\t'Covered, as in Istanbul, LCOV and diff-cover'
miss\t'Not covered, as in Codecov and pycobertura'"
complete -c coverage-gate -n "__fish_coverage_gate_using_subcommand gate" -l base -d 'Commit, branch or tag that the change is compared with; the CI says when it knows' -r
complete -c coverage-gate -n "__fish_coverage_gate_using_subcommand gate" -l diff-file -d 'Unified diff of the change, instead of the repository\'s own; `-` is standard input' -r
complete -c coverage-gate -n "__fish_coverage_gate_using_subcommand gate" -l min-total -d 'Minimum of all lines, in percent; of all statements, where only Go reports are given' -r
complete -c coverage-gate -n "__fish_coverage_gate_using_subcommand gate" -l min-patch -d 'Minimum of the changed lines, in percent' -r
complete -c coverage-gate -n "__fish_coverage_gate_using_subcommand gate" -l max-drop -d 'Percentage points that the total may lose against the baseline' -r
complete -c coverage-gate -n "__fish_coverage_gate_using_subcommand gate" -l min-branches -d 'Minimum of all branch arms, in percent' -r
complete -c coverage-gate -n "__fish_coverage_gate_using_subcommand gate" -l min-functions -d 'Minimum of all functions, in percent' -r
complete -c coverage-gate -n "__fish_coverage_gate_using_subcommand gate" -l min-statements -d 'Minimum of all statements, in percent' -r
complete -c coverage-gate -n "__fish_coverage_gate_using_subcommand gate" -l min-file -d 'Minimum of the lines of each file, in percent' -r
complete -c coverage-gate -n "__fish_coverage_gate_using_subcommand gate" -l min-new-file -d 'Minimum of the lines of each file that the change adds, in percent' -r
complete -c coverage-gate -n "__fish_coverage_gate_using_subcommand gate" -l min-directory -d 'Minimum of the lines of a directory, as DIR=PERCENT' -r
complete -c coverage-gate -n "__fish_coverage_gate_using_subcommand gate" -l policy -d 'Policy file, read from the base branch so that a change can\'t loosen it; flags win over it' -r
complete -c coverage-gate -n "__fish_coverage_gate_using_subcommand gate" -l baseline -d 'Baseline that `max-drop` compares with: a file, `git:REF:PATH` in the repository, or `note:REF` of the base commit' -r
complete -c coverage-gate -n "__fish_coverage_gate_using_subcommand gate" -l missing-baseline -d 'What a missing baseline means; default `unproven`' -r -f -a "unproven\t'The gate is unproven'
skip\t'The gate is left out with a notice; the others decide'"
complete -c coverage-gate -n "__fish_coverage_gate_using_subcommand gate" -l write-baseline -d 'Write this run\'s coverage to FILE, as the baseline of later runs' -r
complete -c coverage-gate -n "__fish_coverage_gate_using_subcommand gate" -l ratchet -d 'Ratchet file: uncovered lines of each file or directory, which may not grow; read from the base branch' -r
complete -c coverage-gate -n "__fish_coverage_gate_using_subcommand gate" -l html -d 'Write a page of the change with its source, coloured, to FILE' -r
complete -c coverage-gate -n "__fish_coverage_gate_using_subcommand gate" -l comment -d 'Write a comment for the pull request to FILE (Markdown), and beside it FILE.json, which says where it belongs' -r
complete -c coverage-gate -n "__fish_coverage_gate_using_subcommand gate" -l json -d 'Write the versioned JSON report to FILE; `-` is standard output' -r
complete -c coverage-gate -n "__fish_coverage_gate_using_subcommand gate" -l junit -d 'Write the verdict as JUnit XML to FILE' -r
complete -c coverage-gate -n "__fish_coverage_gate_using_subcommand gate" -l code-quality -d 'Write the findings as a GitLab code quality report to FILE' -r
complete -c coverage-gate -n "__fish_coverage_gate_using_subcommand gate" -l sarif -d 'Write the findings as SARIF 2.1.0 to FILE, for GitHub code scanning' -r
complete -c coverage-gate -n "__fish_coverage_gate_using_subcommand gate" -l dotenv -d 'Write the outputs as a GitLab dotenv report to FILE' -r
complete -c coverage-gate -n "__fish_coverage_gate_using_subcommand gate" -l config -d 'Read inputs from this TOML file [default: .roadcrew.toml, when there is one]' -r
complete -c coverage-gate -n "__fish_coverage_gate_using_subcommand gate" -l tighten -d 'Write the ratchet file anew where today\'s state is better'
complete -c coverage-gate -n "__fish_coverage_gate_using_subcommand gate" -l dry-run -d 'Decide and report, but write nothing'
complete -c coverage-gate -n "__fish_coverage_gate_using_subcommand gate" -l advisory -d 'Show the verdict, but exit 0 when it is no or unproven'
complete -c coverage-gate -n "__fish_coverage_gate_using_subcommand gate" -l debug -d 'Say where each input came from'
complete -c coverage-gate -n "__fish_coverage_gate_using_subcommand gate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c coverage-gate -n "__fish_coverage_gate_using_subcommand init" -l reports -d 'Coverage reports: files, globs or folders' -r
complete -c coverage-gate -n "__fish_coverage_gate_using_subcommand init" -l input-format -d 'Format of all reports; without it each is recognised by its content' -r -f -a "lcov\t'LCOV tracefile, versions 1 and 2'
cobertura\t'Cobertura XML'
jacoco\t'`JaCoCo` XML'
clover\t'Clover XML (`PHPUnit`, Istanbul, `OpenClover`, gcovr)'
go\t'Go coverprofile'
coverage-py\t'coverage.py JSON'
istanbul\t'Istanbul `coverage-final.json`, or totals alone of `coverage-summary.json`'
simplecov\t'`SimpleCov` `.resultset.json` or `coverage.json`'
llvm-cov\t'`llvm-cov export` JSON, with `--summary-only` totals alone'
gcov\t'`gcov --json-format`, gzipped or not'
gcovr\t'gcovr JSON'
opencover\t'`OpenCover` XML'
dotcover\t'`dotCover` `DetailedXML`'
phpunit-xml\t'`PHPUnit` `--coverage-xml`'"
complete -c coverage-gate -n "__fish_coverage_gate_using_subcommand init" -l expect-reports -d 'How many reports there must be; with fewer the result is unproven' -r
complete -c coverage-gate -n "__fish_coverage_gate_using_subcommand init" -l root -d 'The repository, or a folder in it' -r
complete -c coverage-gate -n "__fish_coverage_gate_using_subcommand init" -l path-map -d 'Prefix of the reports\' paths to replace, as FROM=TO; not needed for containers, monorepos, Go and `JaCoCo`' -r
complete -c coverage-gate -n "__fish_coverage_gate_using_subcommand init" -l exclude -d 'Globs of files that need no coverage' -r
complete -c coverage-gate -n "__fish_coverage_gate_using_subcommand init" -l partial-lines -d 'What a line counts as that ran, but not all of its branch arms; default `hit`' -r -f -a "hit\t'Covered, as in Istanbul, LCOV and diff-cover'
miss\t'Not covered, as in Codecov and pycobertura'"
complete -c coverage-gate -n "__fish_coverage_gate_using_subcommand init" -l policy -d 'Policy file to write' -r
complete -c coverage-gate -n "__fish_coverage_gate_using_subcommand init" -l ratchet -d 'Ratchet file to write' -r
complete -c coverage-gate -n "__fish_coverage_gate_using_subcommand init" -l ratchet-by -d 'What the ratchet has a line for' -r -f -a "file\t'Each file'
directory\t'Each directory, as the sum of the files right in it'"
complete -c coverage-gate -n "__fish_coverage_gate_using_subcommand init" -l json -d 'Write the versioned JSON report to FILE; `-` is standard output' -r
complete -c coverage-gate -n "__fish_coverage_gate_using_subcommand init" -l junit -d 'Write the verdict as JUnit XML to FILE' -r
complete -c coverage-gate -n "__fish_coverage_gate_using_subcommand init" -l code-quality -d 'Write the findings as a GitLab code quality report to FILE' -r
complete -c coverage-gate -n "__fish_coverage_gate_using_subcommand init" -l sarif -d 'Write the findings as SARIF 2.1.0 to FILE, for GitHub code scanning' -r
complete -c coverage-gate -n "__fish_coverage_gate_using_subcommand init" -l dotenv -d 'Write the outputs as a GitLab dotenv report to FILE' -r
complete -c coverage-gate -n "__fish_coverage_gate_using_subcommand init" -l config -d 'Read inputs from this TOML file [default: .roadcrew.toml, when there is one]' -r
complete -c coverage-gate -n "__fish_coverage_gate_using_subcommand init" -l force -d 'Replace files that are there'
complete -c coverage-gate -n "__fish_coverage_gate_using_subcommand init" -l dry-run -d 'Decide and report, but write nothing'
complete -c coverage-gate -n "__fish_coverage_gate_using_subcommand init" -l advisory -d 'Show the verdict, but exit 0 when it is no or unproven'
complete -c coverage-gate -n "__fish_coverage_gate_using_subcommand init" -l debug -d 'Say where each input came from'
complete -c coverage-gate -n "__fish_coverage_gate_using_subcommand init" -s h -l help -d 'Print help (see more with \'--help\')'
