#compdef junit-shard-split

autoload -U is-at-least

_junit-shard-split() {
    typeset -A opt_args
    typeset -a _arguments_options
    local ret=1

    if is-at-least 5.2; then
        _arguments_options=(-s -S -C)
    else
        _arguments_options=(-s -C)
    fi

    local context curcontext="$curcontext" state line
    _arguments "${_arguments_options[@]}" : \
'--json=[Write the versioned JSON report to FILE; \`-\` is standard output]:FILE:_default' \
'--junit=[Write the verdict as JUnit XML to FILE]:FILE:_default' \
'--code-quality=[Write the findings as a GitLab code quality report to FILE]:FILE:_default' \
'--sarif=[Write the findings as SARIF 2.1.0 to FILE, for GitHub code scanning]:FILE:_default' \
'--dotenv=[Write the outputs as a GitLab dotenv report to FILE]:FILE:_default' \
'--config=[Read inputs from this TOML file \[default\: .roadcrew.toml, when there is one\]]:FILE:_default' \
'--completions=[Print a completion script for SHELL (bash, fish, zsh) and exit; stands alone]:SHELL:_default' \
'--advisory[Show the verdict, but exit 0 when it is no or unproven]' \
'--debug[Say where each input came from]' \
'--describe[]' \
'-h[Print help]' \
'--help[Print help]' \
'-V[Print version]' \
'--version[Print version]' \
":: :_junit-shard-split_commands" \
"*::: :->junit-shard-split" \
&& ret=0
    case $state in
    (junit-shard-split)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:junit-shard-split-command-$line[1]:"
        case $line[1] in
            (shard)
_arguments "${_arguments_options[@]}" : \
'*--tests=[Globs of the test files, relative to the working directory; \`**\` crosses folders]:GLOB:_default' \
'--tests-from=[File that lists the tests, one a line or NUL-separated; \`-\` is standard input]:FILE:_default' \
'*--exclude=[Globs of test files to leave out]:GLOB:_default' \
'--unit=[What is split\: files, classes or single tests; classes and tests come from the list or from the timings]:UNIT:((file\:"A test file"
class\:"A test class\: \`path\:\:Class\`"
test\:"One test\: \`path\:\:Class\:\:name\` or \`path\:\:name\`"))' \
'*--timings=[JUnit reports of an earlier run\: files, globs or folders]:GLOB:_default' \
'--store=[Timing store, as \`record\` keeps it]:FILE:_default' \
'--machine=[Class of machine whose timings in the store count]:NAME:_default' \
'--shards=[Number of shards; the CI'\''s own number of parallel workers when it has one]:N:_default' \
'--min-known=[Share of the tests that must have timings once there are any, such as 0.9 or 90%; below it the split is unproven]:SHARE:_default' \
'--setup-s=[Seconds that every shard spends before its first test]:SECONDS:_default' \
'--file-overhead-s=[Seconds that every file costs on top of its reported time]:SECONDS:_default' \
'--previous-plan=[Plan to start from, moving as few tests as possible]:FILE:_default' \
'--stay-within=[How much longer than the best the longest shard may take when that moves fewer tests]:SHARE:_default' \
'--shard=[Index of this shard, from 0; the CI'\''s own index of this worker when it has one]:I:_default' \
'--plan=[Plan file to take the shard from, as \`plan\` wrote it]:FILE:_default' \
'--runner=[Test runner that the arguments are for]:RUNNER:((phpunit\:"PHPUnit, any version that reads \`<testsuites>\`\: a configuration file with the shard'\''s files"
pest\:"Pest 2.24 or later\: the files as arguments"
jest\:"Jest\: the files after \`--runTestsByPath\`"
vitest\:"Vitest\: the files as filters, and what they would match besides as \`--exclude\`"
pytest\:"pytest\: files and node ids as arguments"
playwright\:"Playwright\: the files as anchored regular expressions, or a test list"
cypress\:"Cypress\: the files in one \`--spec\`"
rspec\:"RSpec\: files and example ids as arguments"
lines\:"Any other runner that takes paths\: the units as they are"))' \
'--runner-config=[The runner'\''s configuration file, such as phpunit.xml, when it is not at its usual place]:FILE:_default' \
'--out-dir=[Folder for files.txt, args.txt, the receipt and the runner'\''s configuration; the shard'\''s number is added]:DIR:_default' \
'--format=[How the shard'\''s tests are printed]:FORMAT:((lines\:"One a line"
nul\:"Each followed by a NUL"
json\:"A JSON array"
args\:"The argument list of the runner, one argument a line"))' \
'--out=[Write what is printed to FILE too]:FILE:_default' \
'--json=[Write the versioned JSON report to FILE; \`-\` is standard output]:FILE:_default' \
'--junit=[Write the verdict as JUnit XML to FILE]:FILE:_default' \
'--code-quality=[Write the findings as a GitLab code quality report to FILE]:FILE:_default' \
'--sarif=[Write the findings as SARIF 2.1.0 to FILE, for GitHub code scanning]:FILE:_default' \
'--dotenv=[Write the outputs as a GitLab dotenv report to FILE]:FILE:_default' \
'--config=[Read inputs from this TOML file \[default\: .roadcrew.toml, when there is one\]]:FILE:_default' \
'--skip-unreadable[Go on without reports that cannot be read, naming each]' \
'--split-slow-files[Split a file that takes longer than a fair shard by its tests; the runner must be one that can select tests]' \
'--advisory[Show the verdict, but exit 0 when it is no or unproven]' \
'--debug[Say where each input came from]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
&& ret=0
;;
(run)
_arguments "${_arguments_options[@]}" : \
'*--tests=[Globs of the test files, relative to the working directory; \`**\` crosses folders]:GLOB:_default' \
'--tests-from=[File that lists the tests, one a line or NUL-separated; \`-\` is standard input]:FILE:_default' \
'*--exclude=[Globs of test files to leave out]:GLOB:_default' \
'--unit=[What is split\: files, classes or single tests; classes and tests come from the list or from the timings]:UNIT:((file\:"A test file"
class\:"A test class\: \`path\:\:Class\`"
test\:"One test\: \`path\:\:Class\:\:name\` or \`path\:\:name\`"))' \
'*--timings=[JUnit reports of an earlier run\: files, globs or folders]:GLOB:_default' \
'--store=[Timing store, as \`record\` keeps it]:FILE:_default' \
'--machine=[Class of machine whose timings in the store count]:NAME:_default' \
'--shards=[Number of shards; the CI'\''s own number of parallel workers when it has one]:N:_default' \
'--min-known=[Share of the tests that must have timings once there are any, such as 0.9 or 90%; below it the split is unproven]:SHARE:_default' \
'--setup-s=[Seconds that every shard spends before its first test]:SECONDS:_default' \
'--file-overhead-s=[Seconds that every file costs on top of its reported time]:SECONDS:_default' \
'--previous-plan=[Plan to start from, moving as few tests as possible]:FILE:_default' \
'--stay-within=[How much longer than the best the longest shard may take when that moves fewer tests]:SHARE:_default' \
'--shard=[Index of this shard, from 0; the CI'\''s own index of this worker when it has one]:I:_default' \
'--plan=[Plan file to take the shard from, as \`plan\` wrote it]:FILE:_default' \
'--runner=[Test runner that the arguments are for]:RUNNER:((phpunit\:"PHPUnit, any version that reads \`<testsuites>\`\: a configuration file with the shard'\''s files"
pest\:"Pest 2.24 or later\: the files as arguments"
jest\:"Jest\: the files after \`--runTestsByPath\`"
vitest\:"Vitest\: the files as filters, and what they would match besides as \`--exclude\`"
pytest\:"pytest\: files and node ids as arguments"
playwright\:"Playwright\: the files as anchored regular expressions, or a test list"
cypress\:"Cypress\: the files in one \`--spec\`"
rspec\:"RSpec\: files and example ids as arguments"
lines\:"Any other runner that takes paths\: the units as they are"))' \
'--runner-config=[The runner'\''s configuration file, such as phpunit.xml, when it is not at its usual place]:FILE:_default' \
'--out-dir=[Folder for files.txt, args.txt, the receipt and the runner'\''s configuration; the shard'\''s number is added]:DIR:_default' \
'--json=[Write the versioned JSON report to FILE; \`-\` is standard output]:FILE:_default' \
'--junit=[Write the verdict as JUnit XML to FILE]:FILE:_default' \
'--code-quality=[Write the findings as a GitLab code quality report to FILE]:FILE:_default' \
'--sarif=[Write the findings as SARIF 2.1.0 to FILE, for GitHub code scanning]:FILE:_default' \
'--dotenv=[Write the outputs as a GitLab dotenv report to FILE]:FILE:_default' \
'--config=[Read inputs from this TOML file \[default\: .roadcrew.toml, when there is one\]]:FILE:_default' \
'--skip-unreadable[Go on without reports that cannot be read, naming each]' \
'--split-slow-files[Split a file that takes longer than a fair shard by its tests; the runner must be one that can select tests]' \
'--advisory[Show the verdict, but exit 0 when it is no or unproven]' \
'--debug[Say where each input came from]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
'*::exec -- The command; `{files}` or `{args}` is where the arguments go, else they are appended; `{shard}` is the index and `{dir}` the shard'\''s folder:_default' \
&& ret=0
;;
(plan)
_arguments "${_arguments_options[@]}" : \
'*--tests=[Globs of the test files, relative to the working directory; \`**\` crosses folders]:GLOB:_default' \
'--tests-from=[File that lists the tests, one a line or NUL-separated; \`-\` is standard input]:FILE:_default' \
'*--exclude=[Globs of test files to leave out]:GLOB:_default' \
'--unit=[What is split\: files, classes or single tests; classes and tests come from the list or from the timings]:UNIT:((file\:"A test file"
class\:"A test class\: \`path\:\:Class\`"
test\:"One test\: \`path\:\:Class\:\:name\` or \`path\:\:name\`"))' \
'*--timings=[JUnit reports of an earlier run\: files, globs or folders]:GLOB:_default' \
'--store=[Timing store, as \`record\` keeps it]:FILE:_default' \
'--machine=[Class of machine whose timings in the store count]:NAME:_default' \
'--shards=[Number of shards; the CI'\''s own number of parallel workers when it has one]:N:_default' \
'--min-known=[Share of the tests that must have timings once there are any, such as 0.9 or 90%; below it the split is unproven]:SHARE:_default' \
'--setup-s=[Seconds that every shard spends before its first test]:SECONDS:_default' \
'--file-overhead-s=[Seconds that every file costs on top of its reported time]:SECONDS:_default' \
'--previous-plan=[Plan to start from, moving as few tests as possible]:FILE:_default' \
'--stay-within=[How much longer than the best the longest shard may take when that moves fewer tests]:SHARE:_default' \
'--plan=[Plan file to write]:FILE:_default' \
'--target-s=[Choose the number of shards so that each takes at most this long]:SECONDS:_default' \
'--max-shards=[The most shards that \`target-s\` may choose]:N:_default' \
'--runner=[Test runner, for \`split-slow-files\`]:RUNNER:((phpunit\:"PHPUnit, any version that reads \`<testsuites>\`\: a configuration file with the shard'\''s files"
pest\:"Pest 2.24 or later\: the files as arguments"
jest\:"Jest\: the files after \`--runTestsByPath\`"
vitest\:"Vitest\: the files as filters, and what they would match besides as \`--exclude\`"
pytest\:"pytest\: files and node ids as arguments"
playwright\:"Playwright\: the files as anchored regular expressions, or a test list"
cypress\:"Cypress\: the files in one \`--spec\`"
rspec\:"RSpec\: files and example ids as arguments"
lines\:"Any other runner that takes paths\: the units as they are"))' \
'--json=[Write the versioned JSON report to FILE; \`-\` is standard output]:FILE:_default' \
'--junit=[Write the verdict as JUnit XML to FILE]:FILE:_default' \
'--code-quality=[Write the findings as a GitLab code quality report to FILE]:FILE:_default' \
'--sarif=[Write the findings as SARIF 2.1.0 to FILE, for GitHub code scanning]:FILE:_default' \
'--dotenv=[Write the outputs as a GitLab dotenv report to FILE]:FILE:_default' \
'--config=[Read inputs from this TOML file \[default\: .roadcrew.toml, when there is one\]]:FILE:_default' \
'--skip-unreadable[Go on without reports that cannot be read, naming each]' \
'--split-slow-files[Split a file that takes longer than a fair shard by its tests; the runner must be one that can select tests]' \
'--advisory[Show the verdict, but exit 0 when it is no or unproven]' \
'--debug[Say where each input came from]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
&& ret=0
;;
(explain)
_arguments "${_arguments_options[@]}" : \
'*--tests=[Globs of the test files, relative to the working directory; \`**\` crosses folders]:GLOB:_default' \
'--tests-from=[File that lists the tests, one a line or NUL-separated; \`-\` is standard input]:FILE:_default' \
'*--exclude=[Globs of test files to leave out]:GLOB:_default' \
'--unit=[What is split\: files, classes or single tests; classes and tests come from the list or from the timings]:UNIT:((file\:"A test file"
class\:"A test class\: \`path\:\:Class\`"
test\:"One test\: \`path\:\:Class\:\:name\` or \`path\:\:name\`"))' \
'*--timings=[JUnit reports of an earlier run\: files, globs or folders]:GLOB:_default' \
'--store=[Timing store, as \`record\` keeps it]:FILE:_default' \
'--machine=[Class of machine whose timings in the store count]:NAME:_default' \
'--runner=[Test runner, to be told the traps that its reports are known for]:RUNNER:((phpunit\:"PHPUnit, any version that reads \`<testsuites>\`\: a configuration file with the shard'\''s files"
pest\:"Pest 2.24 or later\: the files as arguments"
jest\:"Jest\: the files after \`--runTestsByPath\`"
vitest\:"Vitest\: the files as filters, and what they would match besides as \`--exclude\`"
pytest\:"pytest\: files and node ids as arguments"
playwright\:"Playwright\: the files as anchored regular expressions, or a test list"
cypress\:"Cypress\: the files in one \`--spec\`"
rspec\:"RSpec\: files and example ids as arguments"
lines\:"Any other runner that takes paths\: the units as they are"))' \
'--json=[Write the versioned JSON report to FILE; \`-\` is standard output]:FILE:_default' \
'--junit=[Write the verdict as JUnit XML to FILE]:FILE:_default' \
'--code-quality=[Write the findings as a GitLab code quality report to FILE]:FILE:_default' \
'--sarif=[Write the findings as SARIF 2.1.0 to FILE, for GitHub code scanning]:FILE:_default' \
'--dotenv=[Write the outputs as a GitLab dotenv report to FILE]:FILE:_default' \
'--config=[Read inputs from this TOML file \[default\: .roadcrew.toml, when there is one\]]:FILE:_default' \
'--skip-unreadable[Go on without reports that cannot be read, naming each]' \
'--advisory[Show the verdict, but exit 0 when it is no or unproven]' \
'--debug[Say where each input came from]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
&& ret=0
;;
(record)
_arguments "${_arguments_options[@]}" : \
'*--tests=[Globs of the test files, relative to the working directory; \`**\` crosses folders]:GLOB:_default' \
'--tests-from=[File that lists the tests, one a line or NUL-separated; \`-\` is standard input]:FILE:_default' \
'*--exclude=[Globs of test files to leave out]:GLOB:_default' \
'--unit=[What is split\: files, classes or single tests; classes and tests come from the list or from the timings]:UNIT:((file\:"A test file"
class\:"A test class\: \`path\:\:Class\`"
test\:"One test\: \`path\:\:Class\:\:name\` or \`path\:\:name\`"))' \
'--store=[Timing store to create or to fold into]:FILE:_default' \
'--machine=[Class of machine that the reports come from]:NAME:_default' \
'--keep-runs=[Runs that the store keeps of each file]:N:_default' \
'--run-id=[Name of this run; the CI'\''s own run id when it has one, else a digest of the reports]:ID:_default' \
'*--merge-store=[Other stores to merge in]:FILE:_default' \
'--json=[Write the versioned JSON report to FILE; \`-\` is standard output]:FILE:_default' \
'--junit=[Write the verdict as JUnit XML to FILE]:FILE:_default' \
'--code-quality=[Write the findings as a GitLab code quality report to FILE]:FILE:_default' \
'--sarif=[Write the findings as SARIF 2.1.0 to FILE, for GitHub code scanning]:FILE:_default' \
'--dotenv=[Write the outputs as a GitLab dotenv report to FILE]:FILE:_default' \
'--config=[Read inputs from this TOML file \[default\: .roadcrew.toml, when there is one\]]:FILE:_default' \
'--only-changes[Leave out samples that tell nothing new (within 10 % or 100 ms of the median), so that a committed store changes only when a test'\''s time does]' \
'--skip-unreadable[Go on without reports that cannot be read, naming each]' \
'--dry-run[Decide and report, but write nothing]' \
'--advisory[Show the verdict, but exit 0 when it is no or unproven]' \
'--debug[Say where each input came from]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
'*::reports -- JUnit reports of one run\: files, globs or folders:_default' \
&& ret=0
;;
(merge)
_arguments "${_arguments_options[@]}" : \
'--out=[Write the merged report to FILE]:FILE:_default' \
'--slowest=[How many of the slowest tests are listed]:N:_default' \
'--json=[Write the versioned JSON report to FILE; \`-\` is standard output]:FILE:_default' \
'--junit=[Write the verdict as JUnit XML to FILE]:FILE:_default' \
'--code-quality=[Write the findings as a GitLab code quality report to FILE]:FILE:_default' \
'--sarif=[Write the findings as SARIF 2.1.0 to FILE, for GitHub code scanning]:FILE:_default' \
'--dotenv=[Write the outputs as a GitLab dotenv report to FILE]:FILE:_default' \
'--config=[Read inputs from this TOML file \[default\: .roadcrew.toml, when there is one\]]:FILE:_default' \
'--skip-unreadable[Go on without reports that cannot be read, naming each]' \
'--advisory[Show the verdict, but exit 0 when it is no or unproven]' \
'--debug[Say where each input came from]' \
'-h[Print help]' \
'--help[Print help]' \
'*::reports -- JUnit reports of all shards\: files, globs or folders:_default' \
&& ret=0
;;
(verify)
_arguments "${_arguments_options[@]}" : \
'--plan=[Plan file that the shards used]:FILE:_default' \
'*--receipts=[Where the receipts are, when not among the reports\: files, globs or folders]:GLOB:_default' \
'--json=[Write the versioned JSON report to FILE; \`-\` is standard output]:FILE:_default' \
'--junit=[Write the verdict as JUnit XML to FILE]:FILE:_default' \
'--code-quality=[Write the findings as a GitLab code quality report to FILE]:FILE:_default' \
'--sarif=[Write the findings as SARIF 2.1.0 to FILE, for GitHub code scanning]:FILE:_default' \
'--dotenv=[Write the outputs as a GitLab dotenv report to FILE]:FILE:_default' \
'--config=[Read inputs from this TOML file \[default\: .roadcrew.toml, when there is one\]]:FILE:_default' \
'--no-receipts[Judge by the reports alone, for workers that did not use \`run\`]' \
'--skip-unreadable[Go on without reports that cannot be read, naming each]' \
'--advisory[Show the verdict, but exit 0 when it is no or unproven]' \
'--debug[Say where each input came from]' \
'-h[Print help]' \
'--help[Print help]' \
'*::reports -- JUnit reports and receipts of all shards\: files, globs or folders:_default' \
&& ret=0
;;
        esac
    ;;
esac
}

(( $+functions[_junit-shard-split_commands] )) ||
_junit-shard-split_commands() {
    local commands; commands=(
'shard:Print the tests of one shard' \
'run:Take a shard and run a command with its tests, leaving a receipt for \`verify\`' \
'plan:Decide all shards at once and lock them in a plan file' \
'explain:Say which report entry gave which file its time, and why the others gave none' \
'record:Fold reports into a timing store' \
'merge:Make one JUnit report of all shards'\'' reports' \
'verify:Judge the whole suite\: every planned test ran exactly once, and none failed' \
    )
    _describe -t commands 'junit-shard-split commands' commands "$@"
}
(( $+functions[_junit-shard-split__subcmd__explain_commands] )) ||
_junit-shard-split__subcmd__explain_commands() {
    local commands; commands=()
    _describe -t commands 'junit-shard-split explain commands' commands "$@"
}
(( $+functions[_junit-shard-split__subcmd__merge_commands] )) ||
_junit-shard-split__subcmd__merge_commands() {
    local commands; commands=()
    _describe -t commands 'junit-shard-split merge commands' commands "$@"
}
(( $+functions[_junit-shard-split__subcmd__plan_commands] )) ||
_junit-shard-split__subcmd__plan_commands() {
    local commands; commands=()
    _describe -t commands 'junit-shard-split plan commands' commands "$@"
}
(( $+functions[_junit-shard-split__subcmd__record_commands] )) ||
_junit-shard-split__subcmd__record_commands() {
    local commands; commands=()
    _describe -t commands 'junit-shard-split record commands' commands "$@"
}
(( $+functions[_junit-shard-split__subcmd__run_commands] )) ||
_junit-shard-split__subcmd__run_commands() {
    local commands; commands=()
    _describe -t commands 'junit-shard-split run commands' commands "$@"
}
(( $+functions[_junit-shard-split__subcmd__shard_commands] )) ||
_junit-shard-split__subcmd__shard_commands() {
    local commands; commands=()
    _describe -t commands 'junit-shard-split shard commands' commands "$@"
}
(( $+functions[_junit-shard-split__subcmd__verify_commands] )) ||
_junit-shard-split__subcmd__verify_commands() {
    local commands; commands=()
    _describe -t commands 'junit-shard-split verify commands' commands "$@"
}

if [ "$funcstack[1]" = "_junit-shard-split" ]; then
    _junit-shard-split "$@"
else
    compdef _junit-shard-split junit-shard-split
fi
