# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_healthcheck_global_optspecs
    string join \n json= junit= code-quality= sarif= dotenv= config= advisory debug completions= describe h/help V/version
end

function __fish_healthcheck_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_healthcheck_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_healthcheck_using_subcommand
    set -l cmd (__fish_healthcheck_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c healthcheck -n "__fish_healthcheck_needs_command" -l json -d 'Write the versioned JSON report to FILE; `-` is standard output' -r
complete -c healthcheck -n "__fish_healthcheck_needs_command" -l junit -d 'Write the verdict as JUnit XML to FILE' -r
complete -c healthcheck -n "__fish_healthcheck_needs_command" -l code-quality -d 'Write the findings as a GitLab code quality report to FILE' -r
complete -c healthcheck -n "__fish_healthcheck_needs_command" -l sarif -d 'Write the findings as SARIF 2.1.0 to FILE, for GitHub code scanning' -r
complete -c healthcheck -n "__fish_healthcheck_needs_command" -l dotenv -d 'Write the outputs as a GitLab dotenv report to FILE' -r
complete -c healthcheck -n "__fish_healthcheck_needs_command" -l config -d 'Read inputs from this TOML file [default: .roadcrew.toml, when there is one]' -r
complete -c healthcheck -n "__fish_healthcheck_needs_command" -l completions -d 'Print a completion script for SHELL (bash, fish, zsh) and exit; stands alone' -r
complete -c healthcheck -n "__fish_healthcheck_needs_command" -l advisory -d 'Show the verdict, but exit 0 when it is no or unproven'
complete -c healthcheck -n "__fish_healthcheck_needs_command" -l debug -d 'Say where each input came from'
complete -c healthcheck -n "__fish_healthcheck_needs_command" -l describe
complete -c healthcheck -n "__fish_healthcheck_needs_command" -s h -l help -d 'Print help'
complete -c healthcheck -n "__fish_healthcheck_needs_command" -s V -l version -d 'Print version'
complete -c healthcheck -n "__fish_healthcheck_needs_command" -f -a "wait" -d 'Wait until every instance is healthy, or until the deadline'
complete -c healthcheck -n "__fish_healthcheck_needs_command" -f -a "hold" -d 'See that every instance stays healthy for the whole time'
complete -c healthcheck -n "__fish_healthcheck_needs_command" -f -a "once" -d 'Look once at every instance'
complete -c healthcheck -n "__fish_healthcheck_needs_command" -f -a "probe" -d 'Wait on the machine itself and print the samples, for `judge` to read elsewhere'
complete -c healthcheck -n "__fish_healthcheck_needs_command" -f -a "judge" -d 'Give the verdict over samples that `probe` printed, one file for each machine'
complete -c healthcheck -n "__fish_healthcheck_needs_command" -f -a "replay" -d 'Give the verdict of a recorded run again'
complete -c healthcheck -n "__fish_healthcheck_using_subcommand wait" -l host -d 'The public name: Host header, SNI and the name that the certificate must hold' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand wait" -l address -d 'Ask these addresses, each an instance of its own, instead of those that the name resolves to' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand wait" -l targets -d 'Instances to ask (JSON: id, address, port, zone, state); `-` is standard input' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand wait" -l states -d 'Life-cycle states of the instances that count; one without a state counts' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand wait" -l instance -d 'What an instance is called that has only an address, such as this machine\'s instance id' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand wait" -l exec -d 'Run this program instead of asking a URL: one argument a value, and the last option of the line; `{id}`, `{address}`, `{port}`, `{host}` are filled in' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand wait" -l method -d 'Method' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand wait" -l header -d 'Headers, `Name: value`; never shown' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand wait" -l body -d 'Body of the request' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand wait" -l redirects -d 'Redirects that are followed; by default none, since a login page would pass for the page' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand wait" -l http -d 'HTTP version: `auto` (what TLS negotiates), `1.1` or `2`' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand wait" -l ca-file -d 'Certificates to trust besides the system\'s (PEM)' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand wait" -l timeout -d 'The longest time of one probe' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand wait" -l suite -d 'Smoke suite (TOML) that is run instead of the one request' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand wait" -l tags -d 'Run only the suite\'s steps with one of these tags' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand wait" -l warm -d 'Run the suite so often before it counts, to warm caches' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand wait" -l expect-status -d 'Statuses that are right: `200`, `200,204`, `200-299`, `2xx` [default: 200]' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand wait" -l expect-header -d 'Headers that are there: `Name`, or `Name: PATTERN`' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand wait" -l expect-body -d 'Patterns that match in the body (regular expressions)' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand wait" -l expect-text -d 'Texts that stand in the body' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand wait" -l expect-json -d 'JSON paths (RFC 9535) of the body: `$.status == UP`, or `$.checks[0]`' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand wait" -l expect-size -d 'Size of the body: `1-`, `-100KB`, `1KB-1MB`' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand wait" -l expect-url -d 'Pattern of the URL after redirects' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand wait" -l expect-certificate-days -d 'Days that every certificate of the chain is still valid' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand wait" -l expect-version -d 'The version that must be deployed, such as the commit' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand wait" -l version-path -d 'Path that tells the version; without one, the target\'s own answer tells it' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand wait" -l version-json -d 'JSON path of the version in the body' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand wait" -l version-header -d 'Header that tells the version' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand wait" -l max-latency -d 'The longest time of each answer' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand wait" -l percentile -d 'Bound on a percentile of each instance\'s passes: `p95=300ms`' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand wait" -l passes -d 'Passes in a row that make an instance healthy' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand wait" -l interval -d 'Time between the beginnings of two probes of an instance' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand wait" -l jitter -d 'Share of the interval by which a probe may begin later, at random' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand wait" -l max-failures -d 'Failures of an instance that are forgiven [default: any number while waiting, none while holding]' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand wait" -l quorum -d 'How many of the instances must be healthy: a count, or a share such as `80%` [default: all]' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand wait" -l grace -d 'Time at the beginning in which failures do not count' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand wait" -l deadline -d 'The longest time to wait' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand wait" -l record -d 'Keep every sample in FILE, for `replay`' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand wait" -l json -d 'Write the versioned JSON report to FILE; `-` is standard output' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand wait" -l junit -d 'Write the verdict as JUnit XML to FILE' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand wait" -l code-quality -d 'Write the findings as a GitLab code quality report to FILE' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand wait" -l sarif -d 'Write the findings as SARIF 2.1.0 to FILE, for GitHub code scanning' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand wait" -l dotenv -d 'Write the outputs as a GitLab dotenv report to FILE' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand wait" -l config -d 'Read inputs from this TOML file [default: .roadcrew.toml, when there is one]' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand wait" -l ipv4 -d 'Ask IPv4 addresses alone'
complete -c healthcheck -n "__fish_healthcheck_using_subcommand wait" -l ipv6 -d 'Ask IPv6 addresses alone'
complete -c healthcheck -n "__fish_healthcheck_using_subcommand wait" -l no-proxy -d 'Use no proxy, whatever the environment says'
complete -c healthcheck -n "__fish_healthcheck_using_subcommand wait" -l emit-samples -d 'Print the samples (`probe` does it anyway)'
complete -c healthcheck -n "__fish_healthcheck_using_subcommand wait" -l advisory -d 'Show the verdict, but exit 0 when it is no or unproven'
complete -c healthcheck -n "__fish_healthcheck_using_subcommand wait" -l debug -d 'Say where each input came from'
complete -c healthcheck -n "__fish_healthcheck_using_subcommand wait" -s h -l help -d 'Print help'
complete -c healthcheck -n "__fish_healthcheck_using_subcommand hold" -l host -d 'The public name: Host header, SNI and the name that the certificate must hold' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand hold" -l address -d 'Ask these addresses, each an instance of its own, instead of those that the name resolves to' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand hold" -l targets -d 'Instances to ask (JSON: id, address, port, zone, state); `-` is standard input' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand hold" -l states -d 'Life-cycle states of the instances that count; one without a state counts' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand hold" -l instance -d 'What an instance is called that has only an address, such as this machine\'s instance id' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand hold" -l exec -d 'Run this program instead of asking a URL: one argument a value, and the last option of the line; `{id}`, `{address}`, `{port}`, `{host}` are filled in' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand hold" -l method -d 'Method' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand hold" -l header -d 'Headers, `Name: value`; never shown' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand hold" -l body -d 'Body of the request' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand hold" -l redirects -d 'Redirects that are followed; by default none, since a login page would pass for the page' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand hold" -l http -d 'HTTP version: `auto` (what TLS negotiates), `1.1` or `2`' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand hold" -l ca-file -d 'Certificates to trust besides the system\'s (PEM)' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand hold" -l timeout -d 'The longest time of one probe' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand hold" -l suite -d 'Smoke suite (TOML) that is run instead of the one request' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand hold" -l tags -d 'Run only the suite\'s steps with one of these tags' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand hold" -l warm -d 'Run the suite so often before it counts, to warm caches' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand hold" -l expect-status -d 'Statuses that are right: `200`, `200,204`, `200-299`, `2xx` [default: 200]' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand hold" -l expect-header -d 'Headers that are there: `Name`, or `Name: PATTERN`' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand hold" -l expect-body -d 'Patterns that match in the body (regular expressions)' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand hold" -l expect-text -d 'Texts that stand in the body' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand hold" -l expect-json -d 'JSON paths (RFC 9535) of the body: `$.status == UP`, or `$.checks[0]`' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand hold" -l expect-size -d 'Size of the body: `1-`, `-100KB`, `1KB-1MB`' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand hold" -l expect-url -d 'Pattern of the URL after redirects' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand hold" -l expect-certificate-days -d 'Days that every certificate of the chain is still valid' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand hold" -l expect-version -d 'The version that must be deployed, such as the commit' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand hold" -l version-path -d 'Path that tells the version; without one, the target\'s own answer tells it' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand hold" -l version-json -d 'JSON path of the version in the body' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand hold" -l version-header -d 'Header that tells the version' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand hold" -l max-latency -d 'The longest time of each answer' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand hold" -l percentile -d 'Bound on a percentile of each instance\'s passes: `p95=300ms`' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand hold" -l passes -d 'Passes in a row that make an instance healthy' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand hold" -l interval -d 'Time between the beginnings of two probes of an instance' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand hold" -l jitter -d 'Share of the interval by which a probe may begin later, at random' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand hold" -l max-failures -d 'Failures of an instance that are forgiven [default: any number while waiting, none while holding]' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand hold" -l quorum -d 'How many of the instances must be healthy: a count, or a share such as `80%` [default: all]' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand hold" -l grace -d 'Time at the beginning in which failures do not count' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand hold" -l deadline -d 'How long it has to stay healthy' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand hold" -l record -d 'Keep every sample in FILE, for `replay`' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand hold" -l json -d 'Write the versioned JSON report to FILE; `-` is standard output' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand hold" -l junit -d 'Write the verdict as JUnit XML to FILE' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand hold" -l code-quality -d 'Write the findings as a GitLab code quality report to FILE' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand hold" -l sarif -d 'Write the findings as SARIF 2.1.0 to FILE, for GitHub code scanning' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand hold" -l dotenv -d 'Write the outputs as a GitLab dotenv report to FILE' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand hold" -l config -d 'Read inputs from this TOML file [default: .roadcrew.toml, when there is one]' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand hold" -l ipv4 -d 'Ask IPv4 addresses alone'
complete -c healthcheck -n "__fish_healthcheck_using_subcommand hold" -l ipv6 -d 'Ask IPv6 addresses alone'
complete -c healthcheck -n "__fish_healthcheck_using_subcommand hold" -l no-proxy -d 'Use no proxy, whatever the environment says'
complete -c healthcheck -n "__fish_healthcheck_using_subcommand hold" -l advisory -d 'Show the verdict, but exit 0 when it is no or unproven'
complete -c healthcheck -n "__fish_healthcheck_using_subcommand hold" -l debug -d 'Say where each input came from'
complete -c healthcheck -n "__fish_healthcheck_using_subcommand hold" -s h -l help -d 'Print help'
complete -c healthcheck -n "__fish_healthcheck_using_subcommand once" -l host -d 'The public name: Host header, SNI and the name that the certificate must hold' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand once" -l address -d 'Ask these addresses, each an instance of its own, instead of those that the name resolves to' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand once" -l targets -d 'Instances to ask (JSON: id, address, port, zone, state); `-` is standard input' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand once" -l states -d 'Life-cycle states of the instances that count; one without a state counts' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand once" -l instance -d 'What an instance is called that has only an address, such as this machine\'s instance id' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand once" -l exec -d 'Run this program instead of asking a URL: one argument a value, and the last option of the line; `{id}`, `{address}`, `{port}`, `{host}` are filled in' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand once" -l method -d 'Method' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand once" -l header -d 'Headers, `Name: value`; never shown' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand once" -l body -d 'Body of the request' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand once" -l redirects -d 'Redirects that are followed; by default none, since a login page would pass for the page' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand once" -l http -d 'HTTP version: `auto` (what TLS negotiates), `1.1` or `2`' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand once" -l ca-file -d 'Certificates to trust besides the system\'s (PEM)' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand once" -l timeout -d 'The longest time of one probe' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand once" -l suite -d 'Smoke suite (TOML) that is run instead of the one request' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand once" -l tags -d 'Run only the suite\'s steps with one of these tags' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand once" -l warm -d 'Run the suite so often before it counts, to warm caches' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand once" -l expect-status -d 'Statuses that are right: `200`, `200,204`, `200-299`, `2xx` [default: 200]' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand once" -l expect-header -d 'Headers that are there: `Name`, or `Name: PATTERN`' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand once" -l expect-body -d 'Patterns that match in the body (regular expressions)' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand once" -l expect-text -d 'Texts that stand in the body' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand once" -l expect-json -d 'JSON paths (RFC 9535) of the body: `$.status == UP`, or `$.checks[0]`' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand once" -l expect-size -d 'Size of the body: `1-`, `-100KB`, `1KB-1MB`' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand once" -l expect-url -d 'Pattern of the URL after redirects' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand once" -l expect-certificate-days -d 'Days that every certificate of the chain is still valid' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand once" -l expect-version -d 'The version that must be deployed, such as the commit' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand once" -l version-path -d 'Path that tells the version; without one, the target\'s own answer tells it' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand once" -l version-json -d 'JSON path of the version in the body' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand once" -l version-header -d 'Header that tells the version' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand once" -l max-latency -d 'The longest time of each answer' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand once" -l percentile -d 'Bound on a percentile of each instance\'s passes: `p95=300ms`' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand once" -l quorum -d 'How many of the instances must be healthy: a count, or a share such as `80%` [default: all]' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand once" -l record -d 'Keep every sample in FILE, for `replay`' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand once" -l json -d 'Write the versioned JSON report to FILE; `-` is standard output' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand once" -l junit -d 'Write the verdict as JUnit XML to FILE' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand once" -l code-quality -d 'Write the findings as a GitLab code quality report to FILE' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand once" -l sarif -d 'Write the findings as SARIF 2.1.0 to FILE, for GitHub code scanning' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand once" -l dotenv -d 'Write the outputs as a GitLab dotenv report to FILE' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand once" -l config -d 'Read inputs from this TOML file [default: .roadcrew.toml, when there is one]' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand once" -l ipv4 -d 'Ask IPv4 addresses alone'
complete -c healthcheck -n "__fish_healthcheck_using_subcommand once" -l ipv6 -d 'Ask IPv6 addresses alone'
complete -c healthcheck -n "__fish_healthcheck_using_subcommand once" -l no-proxy -d 'Use no proxy, whatever the environment says'
complete -c healthcheck -n "__fish_healthcheck_using_subcommand once" -l advisory -d 'Show the verdict, but exit 0 when it is no or unproven'
complete -c healthcheck -n "__fish_healthcheck_using_subcommand once" -l debug -d 'Say where each input came from'
complete -c healthcheck -n "__fish_healthcheck_using_subcommand once" -s h -l help -d 'Print help'
complete -c healthcheck -n "__fish_healthcheck_using_subcommand probe" -l host -d 'The public name: Host header, SNI and the name that the certificate must hold' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand probe" -l address -d 'Ask these addresses, each an instance of its own, instead of those that the name resolves to' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand probe" -l targets -d 'Instances to ask (JSON: id, address, port, zone, state); `-` is standard input' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand probe" -l states -d 'Life-cycle states of the instances that count; one without a state counts' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand probe" -l instance -d 'What an instance is called that has only an address, such as this machine\'s instance id' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand probe" -l exec -d 'Run this program instead of asking a URL: one argument a value, and the last option of the line; `{id}`, `{address}`, `{port}`, `{host}` are filled in' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand probe" -l method -d 'Method' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand probe" -l header -d 'Headers, `Name: value`; never shown' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand probe" -l body -d 'Body of the request' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand probe" -l redirects -d 'Redirects that are followed; by default none, since a login page would pass for the page' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand probe" -l http -d 'HTTP version: `auto` (what TLS negotiates), `1.1` or `2`' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand probe" -l ca-file -d 'Certificates to trust besides the system\'s (PEM)' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand probe" -l timeout -d 'The longest time of one probe' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand probe" -l suite -d 'Smoke suite (TOML) that is run instead of the one request' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand probe" -l tags -d 'Run only the suite\'s steps with one of these tags' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand probe" -l warm -d 'Run the suite so often before it counts, to warm caches' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand probe" -l expect-status -d 'Statuses that are right: `200`, `200,204`, `200-299`, `2xx` [default: 200]' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand probe" -l expect-header -d 'Headers that are there: `Name`, or `Name: PATTERN`' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand probe" -l expect-body -d 'Patterns that match in the body (regular expressions)' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand probe" -l expect-text -d 'Texts that stand in the body' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand probe" -l expect-json -d 'JSON paths (RFC 9535) of the body: `$.status == UP`, or `$.checks[0]`' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand probe" -l expect-size -d 'Size of the body: `1-`, `-100KB`, `1KB-1MB`' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand probe" -l expect-url -d 'Pattern of the URL after redirects' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand probe" -l expect-certificate-days -d 'Days that every certificate of the chain is still valid' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand probe" -l expect-version -d 'The version that must be deployed, such as the commit' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand probe" -l version-path -d 'Path that tells the version; without one, the target\'s own answer tells it' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand probe" -l version-json -d 'JSON path of the version in the body' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand probe" -l version-header -d 'Header that tells the version' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand probe" -l max-latency -d 'The longest time of each answer' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand probe" -l percentile -d 'Bound on a percentile of each instance\'s passes: `p95=300ms`' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand probe" -l passes -d 'Passes in a row that make an instance healthy' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand probe" -l interval -d 'Time between the beginnings of two probes of an instance' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand probe" -l jitter -d 'Share of the interval by which a probe may begin later, at random' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand probe" -l max-failures -d 'Failures of an instance that are forgiven [default: any number while waiting, none while holding]' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand probe" -l quorum -d 'How many of the instances must be healthy: a count, or a share such as `80%` [default: all]' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand probe" -l grace -d 'Time at the beginning in which failures do not count' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand probe" -l deadline -d 'The longest time to wait' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand probe" -l record -d 'Keep every sample in FILE, for `replay`' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand probe" -l json -d 'Write the versioned JSON report to FILE; `-` is standard output' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand probe" -l junit -d 'Write the verdict as JUnit XML to FILE' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand probe" -l code-quality -d 'Write the findings as a GitLab code quality report to FILE' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand probe" -l sarif -d 'Write the findings as SARIF 2.1.0 to FILE, for GitHub code scanning' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand probe" -l dotenv -d 'Write the outputs as a GitLab dotenv report to FILE' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand probe" -l config -d 'Read inputs from this TOML file [default: .roadcrew.toml, when there is one]' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand probe" -l ipv4 -d 'Ask IPv4 addresses alone'
complete -c healthcheck -n "__fish_healthcheck_using_subcommand probe" -l ipv6 -d 'Ask IPv6 addresses alone'
complete -c healthcheck -n "__fish_healthcheck_using_subcommand probe" -l no-proxy -d 'Use no proxy, whatever the environment says'
complete -c healthcheck -n "__fish_healthcheck_using_subcommand probe" -l emit-samples -d 'Print the samples (`probe` does it anyway)'
complete -c healthcheck -n "__fish_healthcheck_using_subcommand probe" -l advisory -d 'Show the verdict, but exit 0 when it is no or unproven'
complete -c healthcheck -n "__fish_healthcheck_using_subcommand probe" -l debug -d 'Say where each input came from'
complete -c healthcheck -n "__fish_healthcheck_using_subcommand probe" -s h -l help -d 'Print help'
complete -c healthcheck -n "__fish_healthcheck_using_subcommand judge" -l targets -d 'Instances of which there must be samples (JSON: id, state and the like); `-` is standard input' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand judge" -l states -d 'Life-cycle states of the instances that count; one without a state counts' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand judge" -l expect-version -d 'The version that must be deployed, such as the commit' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand judge" -l max-age -d 'How long ago samples may have been taken: those of an earlier release prove nothing' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand judge" -l quorum -d 'How many of the instances must be healthy: a count, or a share such as `80%` [default: all]' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand judge" -l json -d 'Write the versioned JSON report to FILE; `-` is standard output' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand judge" -l junit -d 'Write the verdict as JUnit XML to FILE' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand judge" -l code-quality -d 'Write the findings as a GitLab code quality report to FILE' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand judge" -l sarif -d 'Write the findings as SARIF 2.1.0 to FILE, for GitHub code scanning' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand judge" -l dotenv -d 'Write the outputs as a GitLab dotenv report to FILE' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand judge" -l config -d 'Read inputs from this TOML file [default: .roadcrew.toml, when there is one]' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand judge" -l advisory -d 'Show the verdict, but exit 0 when it is no or unproven'
complete -c healthcheck -n "__fish_healthcheck_using_subcommand judge" -l debug -d 'Say where each input came from'
complete -c healthcheck -n "__fish_healthcheck_using_subcommand judge" -s h -l help -d 'Print help'
complete -c healthcheck -n "__fish_healthcheck_using_subcommand replay" -l json -d 'Write the versioned JSON report to FILE; `-` is standard output' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand replay" -l junit -d 'Write the verdict as JUnit XML to FILE' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand replay" -l code-quality -d 'Write the findings as a GitLab code quality report to FILE' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand replay" -l sarif -d 'Write the findings as SARIF 2.1.0 to FILE, for GitHub code scanning' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand replay" -l dotenv -d 'Write the outputs as a GitLab dotenv report to FILE' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand replay" -l config -d 'Read inputs from this TOML file [default: .roadcrew.toml, when there is one]' -r
complete -c healthcheck -n "__fish_healthcheck_using_subcommand replay" -l advisory -d 'Show the verdict, but exit 0 when it is no or unproven'
complete -c healthcheck -n "__fish_healthcheck_using_subcommand replay" -l debug -d 'Say where each input came from'
complete -c healthcheck -n "__fish_healthcheck_using_subcommand replay" -s h -l help -d 'Print help'
