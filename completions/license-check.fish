# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_license_check_global_optspecs
    string join \n json= junit= code-quality= sarif= dotenv= config= advisory debug completions= describe h/help V/version
end

function __fish_license_check_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_license_check_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_license_check_using_subcommand
    set -l cmd (__fish_license_check_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c license-check -n "__fish_license_check_needs_command" -l json -d 'Write the versioned JSON report to FILE; `-` is standard output' -r
complete -c license-check -n "__fish_license_check_needs_command" -l junit -d 'Write the verdict as JUnit XML to FILE' -r
complete -c license-check -n "__fish_license_check_needs_command" -l code-quality -d 'Write the findings as a GitLab code quality report to FILE' -r
complete -c license-check -n "__fish_license_check_needs_command" -l sarif -d 'Write the findings as SARIF 2.1.0 to FILE, for GitHub code scanning' -r
complete -c license-check -n "__fish_license_check_needs_command" -l dotenv -d 'Write the outputs as a GitLab dotenv report to FILE' -r
complete -c license-check -n "__fish_license_check_needs_command" -l config -d 'Read inputs from this TOML file [default: .roadcrew.toml, when there is one]' -r
complete -c license-check -n "__fish_license_check_needs_command" -l completions -d 'Print a completion script for SHELL (bash, fish, zsh) and exit; stands alone' -r
complete -c license-check -n "__fish_license_check_needs_command" -l advisory -d 'Show the verdict, but exit 0 when it is no or unproven'
complete -c license-check -n "__fish_license_check_needs_command" -l debug -d 'Say where each input came from'
complete -c license-check -n "__fish_license_check_needs_command" -l describe
complete -c license-check -n "__fish_license_check_needs_command" -s h -l help -d 'Print help'
complete -c license-check -n "__fish_license_check_needs_command" -s V -l version -d 'Print version'
complete -c license-check -n "__fish_license_check_needs_command" -f -a "check" -d 'Find the packages and their licences, and judge them by the policy'
complete -c license-check -n "__fish_license_check_needs_command" -f -a "init" -d 'Write a policy that today\'s packages pass, so that a project in any state can start'
complete -c license-check -n "__fish_license_check_needs_command" -f -a "explain" -d 'Show how a package\'s licence and its verdict came about'
complete -c license-check -n "__fish_license_check_needs_command" -f -a "identify" -d 'Tell which licences texts are: one line a file with the SPDX id or `-`, the score and the path'
complete -c license-check -n "__fish_license_check_needs_command" -f -a "normalize" -d 'Tell what a licence field means: the SPDX expression, or why there is none'
complete -c license-check -n "__fish_license_check_using_subcommand check" -l root -d 'The project: lock files and installed trees below it are found' -r
complete -c license-check -n "__fish_license_check_using_subcommand check" -l lists -d 'Lock files to read instead of finding them; also SBOMs (`CycloneDX` or SPDX, JSON)' -r
complete -c license-check -n "__fish_license_check_using_subcommand check" -l exclude -d 'Globs of folders below the root that are not looked into' -r
complete -c license-check -n "__fish_license_check_using_subcommand check" -l policy -d 'Policy file, read from the base branch so that a change can\'t loosen it' -r
complete -c license-check -n "__fish_license_check_using_subcommand check" -l base -d 'Commit, branch or tag that the change is compared with; the CI says when it knows' -r
complete -c license-check -n "__fish_license_check_using_subcommand check" -l sbom -d 'Write a bill of materials (`CycloneDX` 1.6, JSON) to FILE' -r
complete -c license-check -n "__fish_license_check_using_subcommand check" -l attribution -d 'Write the licence texts and notices of what is shipped to FILE; Markdown when it ends in `.md`, else text' -r
complete -c license-check -n "__fish_license_check_using_subcommand check" -l comment -d 'Write a short comment for the pull request to FILE (Markdown)' -r
complete -c license-check -n "__fish_license_check_using_subcommand check" -l json -d 'Write the versioned JSON report to FILE; `-` is standard output' -r
complete -c license-check -n "__fish_license_check_using_subcommand check" -l junit -d 'Write the verdict as JUnit XML to FILE' -r
complete -c license-check -n "__fish_license_check_using_subcommand check" -l code-quality -d 'Write the findings as a GitLab code quality report to FILE' -r
complete -c license-check -n "__fish_license_check_using_subcommand check" -l sarif -d 'Write the findings as SARIF 2.1.0 to FILE, for GitHub code scanning' -r
complete -c license-check -n "__fish_license_check_using_subcommand check" -l dotenv -d 'Write the outputs as a GitLab dotenv report to FILE' -r
complete -c license-check -n "__fish_license_check_using_subcommand check" -l config -d 'Read inputs from this TOML file [default: .roadcrew.toml, when there is one]' -r
complete -c license-check -n "__fish_license_check_using_subcommand check" -l lock-only -d 'Read the lock files alone, and nothing that is installed'
complete -c license-check -n "__fish_license_check_using_subcommand check" -l full -d 'Judge every package, also when a change is under review'
complete -c license-check -n "__fish_license_check_using_subcommand check" -l dry-run -d 'Decide and report, but write nothing'
complete -c license-check -n "__fish_license_check_using_subcommand check" -l advisory -d 'Show the verdict, but exit 0 when it is no or unproven'
complete -c license-check -n "__fish_license_check_using_subcommand check" -l debug -d 'Say where each input came from'
complete -c license-check -n "__fish_license_check_using_subcommand check" -s h -l help -d 'Print help'
complete -c license-check -n "__fish_license_check_using_subcommand init" -l root -d 'The project: lock files and installed trees below it are found' -r
complete -c license-check -n "__fish_license_check_using_subcommand init" -l lists -d 'Lock files to read instead of finding them; also SBOMs (`CycloneDX` or SPDX, JSON)' -r
complete -c license-check -n "__fish_license_check_using_subcommand init" -l exclude -d 'Globs of folders below the root that are not looked into' -r
complete -c license-check -n "__fish_license_check_using_subcommand init" -l policy -d 'Policy file, read from the base branch so that a change can\'t loosen it' -r
complete -c license-check -n "__fish_license_check_using_subcommand init" -l json -d 'Write the versioned JSON report to FILE; `-` is standard output' -r
complete -c license-check -n "__fish_license_check_using_subcommand init" -l junit -d 'Write the verdict as JUnit XML to FILE' -r
complete -c license-check -n "__fish_license_check_using_subcommand init" -l code-quality -d 'Write the findings as a GitLab code quality report to FILE' -r
complete -c license-check -n "__fish_license_check_using_subcommand init" -l sarif -d 'Write the findings as SARIF 2.1.0 to FILE, for GitHub code scanning' -r
complete -c license-check -n "__fish_license_check_using_subcommand init" -l dotenv -d 'Write the outputs as a GitLab dotenv report to FILE' -r
complete -c license-check -n "__fish_license_check_using_subcommand init" -l config -d 'Read inputs from this TOML file [default: .roadcrew.toml, when there is one]' -r
complete -c license-check -n "__fish_license_check_using_subcommand init" -l lock-only -d 'Read the lock files alone, and nothing that is installed'
complete -c license-check -n "__fish_license_check_using_subcommand init" -l force -d 'Replace a policy that is there'
complete -c license-check -n "__fish_license_check_using_subcommand init" -l dry-run -d 'Decide and report, but write nothing'
complete -c license-check -n "__fish_license_check_using_subcommand init" -l advisory -d 'Show the verdict, but exit 0 when it is no or unproven'
complete -c license-check -n "__fish_license_check_using_subcommand init" -l debug -d 'Say where each input came from'
complete -c license-check -n "__fish_license_check_using_subcommand init" -s h -l help -d 'Print help'
complete -c license-check -n "__fish_license_check_using_subcommand explain" -l root -d 'The project: lock files and installed trees below it are found' -r
complete -c license-check -n "__fish_license_check_using_subcommand explain" -l lists -d 'Lock files to read instead of finding them; also SBOMs (`CycloneDX` or SPDX, JSON)' -r
complete -c license-check -n "__fish_license_check_using_subcommand explain" -l exclude -d 'Globs of folders below the root that are not looked into' -r
complete -c license-check -n "__fish_license_check_using_subcommand explain" -l policy -d 'Policy file, read from the base branch so that a change can\'t loosen it' -r
complete -c license-check -n "__fish_license_check_using_subcommand explain" -l json -d 'Write the versioned JSON report to FILE; `-` is standard output' -r
complete -c license-check -n "__fish_license_check_using_subcommand explain" -l junit -d 'Write the verdict as JUnit XML to FILE' -r
complete -c license-check -n "__fish_license_check_using_subcommand explain" -l code-quality -d 'Write the findings as a GitLab code quality report to FILE' -r
complete -c license-check -n "__fish_license_check_using_subcommand explain" -l sarif -d 'Write the findings as SARIF 2.1.0 to FILE, for GitHub code scanning' -r
complete -c license-check -n "__fish_license_check_using_subcommand explain" -l dotenv -d 'Write the outputs as a GitLab dotenv report to FILE' -r
complete -c license-check -n "__fish_license_check_using_subcommand explain" -l config -d 'Read inputs from this TOML file [default: .roadcrew.toml, when there is one]' -r
complete -c license-check -n "__fish_license_check_using_subcommand explain" -l lock-only -d 'Read the lock files alone, and nothing that is installed'
complete -c license-check -n "__fish_license_check_using_subcommand explain" -l advisory -d 'Show the verdict, but exit 0 when it is no or unproven'
complete -c license-check -n "__fish_license_check_using_subcommand explain" -l debug -d 'Say where each input came from'
complete -c license-check -n "__fish_license_check_using_subcommand explain" -s h -l help -d 'Print help'
complete -c license-check -n "__fish_license_check_using_subcommand identify" -l json -d 'Write the versioned JSON report to FILE; `-` is standard output' -r
complete -c license-check -n "__fish_license_check_using_subcommand identify" -l junit -d 'Write the verdict as JUnit XML to FILE' -r
complete -c license-check -n "__fish_license_check_using_subcommand identify" -l code-quality -d 'Write the findings as a GitLab code quality report to FILE' -r
complete -c license-check -n "__fish_license_check_using_subcommand identify" -l sarif -d 'Write the findings as SARIF 2.1.0 to FILE, for GitHub code scanning' -r
complete -c license-check -n "__fish_license_check_using_subcommand identify" -l dotenv -d 'Write the outputs as a GitLab dotenv report to FILE' -r
complete -c license-check -n "__fish_license_check_using_subcommand identify" -l config -d 'Read inputs from this TOML file [default: .roadcrew.toml, when there is one]' -r
complete -c license-check -n "__fish_license_check_using_subcommand identify" -l advisory -d 'Show the verdict, but exit 0 when it is no or unproven'
complete -c license-check -n "__fish_license_check_using_subcommand identify" -l debug -d 'Say where each input came from'
complete -c license-check -n "__fish_license_check_using_subcommand identify" -s h -l help -d 'Print help'
complete -c license-check -n "__fish_license_check_using_subcommand normalize" -l ecosystem -d 'Whose field it is: its rules count' -r -f -a "composer\t'PHP: Packagist'
npm\t'JavaScript: npm, Yarn, pnpm, Bun'
pip\t'Python: PyPI'
cargo\t'Rust: crates.io'
go\t'Go modules'
gem\t'Ruby: `RubyGems`'
maven\t'Java: Maven and Gradle'
nuget\t'.NET'"
complete -c license-check -n "__fish_license_check_using_subcommand normalize" -l json -d 'Write the versioned JSON report to FILE; `-` is standard output' -r
complete -c license-check -n "__fish_license_check_using_subcommand normalize" -l junit -d 'Write the verdict as JUnit XML to FILE' -r
complete -c license-check -n "__fish_license_check_using_subcommand normalize" -l code-quality -d 'Write the findings as a GitLab code quality report to FILE' -r
complete -c license-check -n "__fish_license_check_using_subcommand normalize" -l sarif -d 'Write the findings as SARIF 2.1.0 to FILE, for GitHub code scanning' -r
complete -c license-check -n "__fish_license_check_using_subcommand normalize" -l dotenv -d 'Write the outputs as a GitLab dotenv report to FILE' -r
complete -c license-check -n "__fish_license_check_using_subcommand normalize" -l config -d 'Read inputs from this TOML file [default: .roadcrew.toml, when there is one]' -r
complete -c license-check -n "__fish_license_check_using_subcommand normalize" -l advisory -d 'Show the verdict, but exit 0 when it is no or unproven'
complete -c license-check -n "__fish_license_check_using_subcommand normalize" -l debug -d 'Say where each input came from'
complete -c license-check -n "__fish_license_check_using_subcommand normalize" -s h -l help -d 'Print help (see more with \'--help\')'
