#compdef coverage-gate

autoload -U is-at-least

_coverage-gate() {
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
":: :_coverage-gate_commands" \
"*::: :->coverage-gate" \
&& ret=0
    case $state in
    (coverage-gate)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:coverage-gate-command-$line[1]:"
        case $line[1] in
            (gate)
_arguments "${_arguments_options[@]}" : \
'*--reports=[Coverage reports\: files, globs or folders]:GLOB:_default' \
'--input-format=[Format of all reports; without it each is recognised by its content]:FORMAT:((lcov\:"LCOV tracefile, versions 1 and 2"
cobertura\:"Cobertura XML"
jacoco\:"\`JaCoCo\` XML"
clover\:"Clover XML (\`PHPUnit\`, Istanbul, \`OpenClover\`, gcovr)"
go\:"Go coverprofile"
coverage-py\:"coverage.py JSON"
istanbul\:"Istanbul \`coverage-final.json\`, or totals alone of \`coverage-summary.json\`"
simplecov\:"\`SimpleCov\` \`.resultset.json\` or \`coverage.json\`"
llvm-cov\:"\`llvm-cov export\` JSON, with \`--summary-only\` totals alone"
gcov\:"\`gcov --json-format\`, gzipped or not"
gcovr\:"gcovr JSON"
opencover\:"\`OpenCover\` XML"
dotcover\:"\`dotCover\` \`DetailedXML\`"
phpunit-xml\:"\`PHPUnit\` \`--coverage-xml\`"))' \
'--expect-reports=[How many reports there must be; with fewer the result is unproven]:N:_default' \
'--root=[The repository, or a folder in it]:DIR:_default' \
'*--path-map=[Prefix of the reports'\'' paths to replace, as FROM=TO; not needed for containers, monorepos, Go and \`JaCoCo\`]:FROM=TO:_default' \
'*--exclude=[Globs of files that need no coverage]:GLOB:_default' \
'--partial-lines=[What a line counts as that ran, but not all of its branch arms; default \`hit\`]:HOW:((hit\:"Covered, as in Istanbul, LCOV and diff-cover"
miss\:"Not covered, as in Codecov and pycobertura"))' \
'--base=[Commit, branch or tag that the change is compared with; the CI says when it knows]:REF:_default' \
'--diff-file=[Unified diff of the change, instead of the repository'\''s own; \`-\` is standard input]:FILE:_default' \
'--min-total=[Minimum of all lines, in percent; of all statements, where only Go reports are given]:PERCENT:_default' \
'--min-patch=[Minimum of the changed lines, in percent]:PERCENT:_default' \
'--max-drop=[Percentage points that the total may lose against the baseline]:POINTS:_default' \
'--min-branches=[Minimum of all branch arms, in percent]:PERCENT:_default' \
'--min-functions=[Minimum of all functions, in percent]:PERCENT:_default' \
'--min-statements=[Minimum of all statements, in percent]:PERCENT:_default' \
'--min-file=[Minimum of the lines of each file, in percent]:PERCENT:_default' \
'--min-new-file=[Minimum of the lines of each file that the change adds, in percent]:PERCENT:_default' \
'*--min-directory=[Minimum of the lines of a directory, as DIR=PERCENT]:DIR=PERCENT:_default' \
'--policy=[Policy file, read from the base branch so that a change can'\''t loosen it; flags win over it]:FILE:_default' \
'--baseline=[Baseline that \`max-drop\` compares with\: a file, \`git\:REF\:PATH\` in the repository, or \`note\:REF\` of the base commit]:FILE:_default' \
'--missing-baseline=[What a missing baseline means; default \`unproven\`]:WHAT:((unproven\:"The gate is unproven"
skip\:"The gate is left out with a notice; the others decide"))' \
'--write-baseline=[Write this run'\''s coverage to FILE, as the baseline of later runs]:FILE:_default' \
'--ratchet=[Ratchet file\: uncovered lines of each file or directory, which may not grow; read from the base branch]:FILE:_default' \
'--html=[Write a page of the change with its source, coloured, to FILE]:FILE:_default' \
'--comment=[Write a comment for the pull request to FILE (Markdown), and beside it FILE.json, which says where it belongs]:FILE:_default' \
'--json=[Write the versioned JSON report to FILE; \`-\` is standard output]:FILE:_default' \
'--junit=[Write the verdict as JUnit XML to FILE]:FILE:_default' \
'--code-quality=[Write the findings as a GitLab code quality report to FILE]:FILE:_default' \
'--sarif=[Write the findings as SARIF 2.1.0 to FILE, for GitHub code scanning]:FILE:_default' \
'--dotenv=[Write the outputs as a GitLab dotenv report to FILE]:FILE:_default' \
'--config=[Read inputs from this TOML file \[default\: .roadcrew.toml, when there is one\]]:FILE:_default' \
'--tighten[Write the ratchet file anew where today'\''s state is better]' \
'--dry-run[Decide and report, but write nothing]' \
'--advisory[Show the verdict, but exit 0 when it is no or unproven]' \
'--debug[Say where each input came from]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
&& ret=0
;;
(init)
_arguments "${_arguments_options[@]}" : \
'*--reports=[Coverage reports\: files, globs or folders]:GLOB:_default' \
'--input-format=[Format of all reports; without it each is recognised by its content]:FORMAT:((lcov\:"LCOV tracefile, versions 1 and 2"
cobertura\:"Cobertura XML"
jacoco\:"\`JaCoCo\` XML"
clover\:"Clover XML (\`PHPUnit\`, Istanbul, \`OpenClover\`, gcovr)"
go\:"Go coverprofile"
coverage-py\:"coverage.py JSON"
istanbul\:"Istanbul \`coverage-final.json\`, or totals alone of \`coverage-summary.json\`"
simplecov\:"\`SimpleCov\` \`.resultset.json\` or \`coverage.json\`"
llvm-cov\:"\`llvm-cov export\` JSON, with \`--summary-only\` totals alone"
gcov\:"\`gcov --json-format\`, gzipped or not"
gcovr\:"gcovr JSON"
opencover\:"\`OpenCover\` XML"
dotcover\:"\`dotCover\` \`DetailedXML\`"
phpunit-xml\:"\`PHPUnit\` \`--coverage-xml\`"))' \
'--expect-reports=[How many reports there must be; with fewer the result is unproven]:N:_default' \
'--root=[The repository, or a folder in it]:DIR:_default' \
'*--path-map=[Prefix of the reports'\'' paths to replace, as FROM=TO; not needed for containers, monorepos, Go and \`JaCoCo\`]:FROM=TO:_default' \
'*--exclude=[Globs of files that need no coverage]:GLOB:_default' \
'--partial-lines=[What a line counts as that ran, but not all of its branch arms; default \`hit\`]:HOW:((hit\:"Covered, as in Istanbul, LCOV and diff-cover"
miss\:"Not covered, as in Codecov and pycobertura"))' \
'--policy=[Policy file to write]:FILE:_default' \
'--ratchet=[Ratchet file to write]:FILE:_default' \
'--ratchet-by=[What the ratchet has a line for]:WHAT:((file\:"Each file"
directory\:"Each directory, as the sum of the files right in it"))' \
'--json=[Write the versioned JSON report to FILE; \`-\` is standard output]:FILE:_default' \
'--junit=[Write the verdict as JUnit XML to FILE]:FILE:_default' \
'--code-quality=[Write the findings as a GitLab code quality report to FILE]:FILE:_default' \
'--sarif=[Write the findings as SARIF 2.1.0 to FILE, for GitHub code scanning]:FILE:_default' \
'--dotenv=[Write the outputs as a GitLab dotenv report to FILE]:FILE:_default' \
'--config=[Read inputs from this TOML file \[default\: .roadcrew.toml, when there is one\]]:FILE:_default' \
'--force[Replace files that are there]' \
'--dry-run[Decide and report, but write nothing]' \
'--advisory[Show the verdict, but exit 0 when it is no or unproven]' \
'--debug[Say where each input came from]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
&& ret=0
;;
        esac
    ;;
esac
}

(( $+functions[_coverage-gate_commands] )) ||
_coverage-gate_commands() {
    local commands; commands=(
'gate:Read reports, find the change under review and judge both' \
'init:Write a policy and a ratchet from today'\''s state, so that a project at any coverage can start' \
    )
    _describe -t commands 'coverage-gate commands' commands "$@"
}
(( $+functions[_coverage-gate__subcmd__gate_commands] )) ||
_coverage-gate__subcmd__gate_commands() {
    local commands; commands=()
    _describe -t commands 'coverage-gate gate commands' commands "$@"
}
(( $+functions[_coverage-gate__subcmd__init_commands] )) ||
_coverage-gate__subcmd__init_commands() {
    local commands; commands=()
    _describe -t commands 'coverage-gate init commands' commands "$@"
}

if [ "$funcstack[1]" = "_coverage-gate" ]; then
    _coverage-gate "$@"
else
    compdef _coverage-gate coverage-gate
fi
