#compdef license-check

autoload -U is-at-least

_license-check() {
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
":: :_license-check_commands" \
"*::: :->license-check" \
&& ret=0
    case $state in
    (license-check)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:license-check-command-$line[1]:"
        case $line[1] in
            (check)
_arguments "${_arguments_options[@]}" : \
'--root=[The project\: lock files and installed trees below it are found]:DIR:_default' \
'*--lists=[Lock files to read instead of finding them; also SBOMs (\`CycloneDX\` or SPDX, JSON)]:FILE:_default' \
'*--exclude=[Globs of folders below the root that are not looked into]:GLOB:_default' \
'--policy=[Policy file, read from the base branch so that a change can'\''t loosen it]:FILE:_default' \
'--base=[Commit, branch or tag that the change is compared with; the CI says when it knows]:REF:_default' \
'--sbom=[Write a bill of materials (\`CycloneDX\` 1.6, JSON) to FILE]:FILE:_default' \
'--attribution=[Write the licence texts and notices of what is shipped to FILE; Markdown when it ends in \`.md\`, else text]:FILE:_default' \
'--comment=[Write a short comment for the pull request to FILE (Markdown)]:FILE:_default' \
'--json=[Write the versioned JSON report to FILE; \`-\` is standard output]:FILE:_default' \
'--junit=[Write the verdict as JUnit XML to FILE]:FILE:_default' \
'--code-quality=[Write the findings as a GitLab code quality report to FILE]:FILE:_default' \
'--sarif=[Write the findings as SARIF 2.1.0 to FILE, for GitHub code scanning]:FILE:_default' \
'--dotenv=[Write the outputs as a GitLab dotenv report to FILE]:FILE:_default' \
'--config=[Read inputs from this TOML file \[default\: .roadcrew.toml, when there is one\]]:FILE:_default' \
'--lock-only[Read the lock files alone, and nothing that is installed]' \
'--full[Judge every package, also when a change is under review]' \
'--dry-run[Decide and report, but write nothing]' \
'--advisory[Show the verdict, but exit 0 when it is no or unproven]' \
'--debug[Say where each input came from]' \
'-h[Print help]' \
'--help[Print help]' \
&& ret=0
;;
(init)
_arguments "${_arguments_options[@]}" : \
'--root=[The project\: lock files and installed trees below it are found]:DIR:_default' \
'*--lists=[Lock files to read instead of finding them; also SBOMs (\`CycloneDX\` or SPDX, JSON)]:FILE:_default' \
'*--exclude=[Globs of folders below the root that are not looked into]:GLOB:_default' \
'--policy=[Policy file, read from the base branch so that a change can'\''t loosen it]:FILE:_default' \
'--json=[Write the versioned JSON report to FILE; \`-\` is standard output]:FILE:_default' \
'--junit=[Write the verdict as JUnit XML to FILE]:FILE:_default' \
'--code-quality=[Write the findings as a GitLab code quality report to FILE]:FILE:_default' \
'--sarif=[Write the findings as SARIF 2.1.0 to FILE, for GitHub code scanning]:FILE:_default' \
'--dotenv=[Write the outputs as a GitLab dotenv report to FILE]:FILE:_default' \
'--config=[Read inputs from this TOML file \[default\: .roadcrew.toml, when there is one\]]:FILE:_default' \
'--lock-only[Read the lock files alone, and nothing that is installed]' \
'--force[Replace a policy that is there]' \
'--dry-run[Decide and report, but write nothing]' \
'--advisory[Show the verdict, but exit 0 when it is no or unproven]' \
'--debug[Say where each input came from]' \
'-h[Print help]' \
'--help[Print help]' \
&& ret=0
;;
(explain)
_arguments "${_arguments_options[@]}" : \
'--root=[The project\: lock files and installed trees below it are found]:DIR:_default' \
'*--lists=[Lock files to read instead of finding them; also SBOMs (\`CycloneDX\` or SPDX, JSON)]:FILE:_default' \
'*--exclude=[Globs of folders below the root that are not looked into]:GLOB:_default' \
'--policy=[Policy file, read from the base branch so that a change can'\''t loosen it]:FILE:_default' \
'--json=[Write the versioned JSON report to FILE; \`-\` is standard output]:FILE:_default' \
'--junit=[Write the verdict as JUnit XML to FILE]:FILE:_default' \
'--code-quality=[Write the findings as a GitLab code quality report to FILE]:FILE:_default' \
'--sarif=[Write the findings as SARIF 2.1.0 to FILE, for GitHub code scanning]:FILE:_default' \
'--dotenv=[Write the outputs as a GitLab dotenv report to FILE]:FILE:_default' \
'--config=[Read inputs from this TOML file \[default\: .roadcrew.toml, when there is one\]]:FILE:_default' \
'--lock-only[Read the lock files alone, and nothing that is installed]' \
'--advisory[Show the verdict, but exit 0 when it is no or unproven]' \
'--debug[Say where each input came from]' \
'-h[Print help]' \
'--help[Print help]' \
'::package -- The package\: its name, or with its ecosystem and version `npm\:@babel/core@7.26.0`:_default' \
&& ret=0
;;
(identify)
_arguments "${_arguments_options[@]}" : \
'--json=[Write the versioned JSON report to FILE; \`-\` is standard output]:FILE:_default' \
'--junit=[Write the verdict as JUnit XML to FILE]:FILE:_default' \
'--code-quality=[Write the findings as a GitLab code quality report to FILE]:FILE:_default' \
'--sarif=[Write the findings as SARIF 2.1.0 to FILE, for GitHub code scanning]:FILE:_default' \
'--dotenv=[Write the outputs as a GitLab dotenv report to FILE]:FILE:_default' \
'--config=[Read inputs from this TOML file \[default\: .roadcrew.toml, when there is one\]]:FILE:_default' \
'--advisory[Show the verdict, but exit 0 when it is no or unproven]' \
'--debug[Say where each input came from]' \
'-h[Print help]' \
'--help[Print help]' \
'*::files -- Files with licence texts:_default' \
&& ret=0
;;
(normalize)
_arguments "${_arguments_options[@]}" : \
'--ecosystem=[Whose field it is\: its rules count]:ECOSYSTEM:((composer\:"PHP\: Packagist"
npm\:"JavaScript\: npm, Yarn, pnpm, Bun"
pip\:"Python\: PyPI"
cargo\:"Rust\: crates.io"
go\:"Go modules"
gem\:"Ruby\: \`RubyGems\`"
maven\:"Java\: Maven and Gradle"
nuget\:".NET"))' \
'--json=[Write the versioned JSON report to FILE; \`-\` is standard output]:FILE:_default' \
'--junit=[Write the verdict as JUnit XML to FILE]:FILE:_default' \
'--code-quality=[Write the findings as a GitLab code quality report to FILE]:FILE:_default' \
'--sarif=[Write the findings as SARIF 2.1.0 to FILE, for GitHub code scanning]:FILE:_default' \
'--dotenv=[Write the outputs as a GitLab dotenv report to FILE]:FILE:_default' \
'--config=[Read inputs from this TOML file \[default\: .roadcrew.toml, when there is one\]]:FILE:_default' \
'--advisory[Show the verdict, but exit 0 when it is no or unproven]' \
'--debug[Say where each input came from]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
'::field -- The field'\''s content\: text, or a JSON array or object where the ecosystem has one; of a Python package also its fields together, as in {"license"\:"GPL","classifiers"\:\["…"\]}:_default' \
&& ret=0
;;
        esac
    ;;
esac
}

(( $+functions[_license-check_commands] )) ||
_license-check_commands() {
    local commands; commands=(
'check:Find the packages and their licences, and judge them by the policy' \
'init:Write a policy that today'\''s packages pass, so that a project in any state can start' \
'explain:Show how a package'\''s licence and its verdict came about' \
'identify:Tell which licences texts are\: one line a file with the SPDX id or \`-\`, the score and the path' \
'normalize:Tell what a licence field means\: the SPDX expression, or why there is none' \
    )
    _describe -t commands 'license-check commands' commands "$@"
}
(( $+functions[_license-check__subcmd__check_commands] )) ||
_license-check__subcmd__check_commands() {
    local commands; commands=()
    _describe -t commands 'license-check check commands' commands "$@"
}
(( $+functions[_license-check__subcmd__explain_commands] )) ||
_license-check__subcmd__explain_commands() {
    local commands; commands=()
    _describe -t commands 'license-check explain commands' commands "$@"
}
(( $+functions[_license-check__subcmd__identify_commands] )) ||
_license-check__subcmd__identify_commands() {
    local commands; commands=()
    _describe -t commands 'license-check identify commands' commands "$@"
}
(( $+functions[_license-check__subcmd__init_commands] )) ||
_license-check__subcmd__init_commands() {
    local commands; commands=()
    _describe -t commands 'license-check init commands' commands "$@"
}
(( $+functions[_license-check__subcmd__normalize_commands] )) ||
_license-check__subcmd__normalize_commands() {
    local commands; commands=()
    _describe -t commands 'license-check normalize commands' commands "$@"
}

if [ "$funcstack[1]" = "_license-check" ]; then
    _license-check "$@"
else
    compdef _license-check license-check
fi
