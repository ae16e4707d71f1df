#compdef healthcheck

autoload -U is-at-least

_healthcheck() {
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
":: :_healthcheck_commands" \
"*::: :->healthcheck" \
&& ret=0
    case $state in
    (healthcheck)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:healthcheck-command-$line[1]:"
        case $line[1] in
            (wait)
_arguments "${_arguments_options[@]}" : \
'--host=[The public name\: Host header, SNI and the name that the certificate must hold]:NAME:_default' \
'*--address=[Ask these addresses, each an instance of its own, instead of those that the name resolves to]:IP:PORT:_default' \
'--targets=[Instances to ask (JSON\: id, address, port, zone, state); \`-\` is standard input]:FILE:_default' \
'*--states=[Life-cycle states of the instances that count; one without a state counts]:STATE:_default' \
'--instance=[What an instance is called that has only an address, such as this machine'\''s instance id]:ID:_default' \
'*--exec=[Run this program instead of asking a URL\: one argument a value, and the last option of the line; \`{id}\`, \`{address}\`, \`{port}\`, \`{host}\` are filled in]:ARG:_default' \
'--method=[Method]:METHOD:_default' \
'*--header=[Headers, \`Name\: value\`; never shown]:HEADER:_default' \
'--body=[Body of the request]:TEXT:_default' \
'--redirects=[Redirects that are followed; by default none, since a login page would pass for the page]:N:_default' \
'--http=[HTTP version\: \`auto\` (what TLS negotiates), \`1.1\` or \`2\`]:VERSION:_default' \
'--ca-file=[Certificates to trust besides the system'\''s (PEM)]:FILE:_default' \
'--timeout=[The longest time of one probe]:TIME:_default' \
'--suite=[Smoke suite (TOML) that is run instead of the one request]:FILE:_default' \
'*--tags=[Run only the suite'\''s steps with one of these tags]:TAG:_default' \
'--warm=[Run the suite so often before it counts, to warm caches]:N:_default' \
'--expect-status=[Statuses that are right\: \`200\`, \`200,204\`, \`200-299\`, \`2xx\` \[default\: 200\]]:STATUS:_default' \
'*--expect-header=[Headers that are there\: \`Name\`, or \`Name\: PATTERN\`]:HEADER:_default' \
'*--expect-body=[Patterns that match in the body (regular expressions)]:RE:_default' \
'*--expect-text=[Texts that stand in the body]:TEXT:_default' \
'*--expect-json=[JSON paths (RFC 9535) of the body\: \`\$.status == UP\`, or \`\$.checks\[0\]\`]:PATH:_default' \
'--expect-size=[Size of the body\: \`1-\`, \`-100KB\`, \`1KB-1MB\`]:SIZES:_default' \
'--expect-url=[Pattern of the URL after redirects]:RE:_default' \
'--expect-certificate-days=[Days that every certificate of the chain is still valid]:DAYS:_default' \
'--expect-version=[The version that must be deployed, such as the commit]:VERSION:_default' \
'--version-path=[Path that tells the version; without one, the target'\''s own answer tells it]:PATH:_default' \
'--version-json=[JSON path of the version in the body]:PATH:_default' \
'(--version-json)--version-header=[Header that tells the version]:NAME:_default' \
'--max-latency=[The longest time of each answer]:TIME:_default' \
'--percentile=[Bound on a percentile of each instance'\''s passes\: \`p95=300ms\`]:BOUND:_default' \
'--passes=[Passes in a row that make an instance healthy]:N:_default' \
'--interval=[Time between the beginnings of two probes of an instance]:TIME:_default' \
'--jitter=[Share of the interval by which a probe may begin later, at random]:SHARE:_default' \
'--max-failures=[Failures of an instance that are forgiven \[default\: any number while waiting, none while holding\]]:M:_default' \
'--quorum=[How many of the instances must be healthy\: a count, or a share such as \`80%\` \[default\: all\]]:COUNT:_default' \
'--grace=[Time at the beginning in which failures do not count]:TIME:_default' \
'--deadline=[The longest time to wait]:TIME:_default' \
'--record=[Keep every sample in FILE, for \`replay\`]:FILE:_default' \
'--json=[Write the versioned JSON report to FILE; \`-\` is standard output]:FILE:_default' \
'--junit=[Write the verdict as JUnit XML to FILE]:FILE:_default' \
'--code-quality=[Write the findings as a GitLab code quality report to FILE]:FILE:_default' \
'--sarif=[Write the findings as SARIF 2.1.0 to FILE, for GitHub code scanning]:FILE:_default' \
'--dotenv=[Write the outputs as a GitLab dotenv report to FILE]:FILE:_default' \
'--config=[Read inputs from this TOML file \[default\: .roadcrew.toml, when there is one\]]:FILE:_default' \
'(--ipv6)--ipv4[Ask IPv4 addresses alone]' \
'--ipv6[Ask IPv6 addresses alone]' \
'--no-proxy[Use no proxy, whatever the environment says]' \
'--emit-samples[Print the samples (\`probe\` does it anyway)]' \
'--advisory[Show the verdict, but exit 0 when it is no or unproven]' \
'--debug[Say where each input came from]' \
'-h[Print help]' \
'--help[Print help]' \
'*::target -- URLs\: `https\://`, `http\://`, `tcp\://host\:port`, `tls\://`, `grpc\://host\:port/service`, `grpcs\://`:_default' \
&& ret=0
;;
(hold)
_arguments "${_arguments_options[@]}" : \
'--host=[The public name\: Host header, SNI and the name that the certificate must hold]:NAME:_default' \
'*--address=[Ask these addresses, each an instance of its own, instead of those that the name resolves to]:IP:PORT:_default' \
'--targets=[Instances to ask (JSON\: id, address, port, zone, state); \`-\` is standard input]:FILE:_default' \
'*--states=[Life-cycle states of the instances that count; one without a state counts]:STATE:_default' \
'--instance=[What an instance is called that has only an address, such as this machine'\''s instance id]:ID:_default' \
'*--exec=[Run this program instead of asking a URL\: one argument a value, and the last option of the line; \`{id}\`, \`{address}\`, \`{port}\`, \`{host}\` are filled in]:ARG:_default' \
'--method=[Method]:METHOD:_default' \
'*--header=[Headers, \`Name\: value\`; never shown]:HEADER:_default' \
'--body=[Body of the request]:TEXT:_default' \
'--redirects=[Redirects that are followed; by default none, since a login page would pass for the page]:N:_default' \
'--http=[HTTP version\: \`auto\` (what TLS negotiates), \`1.1\` or \`2\`]:VERSION:_default' \
'--ca-file=[Certificates to trust besides the system'\''s (PEM)]:FILE:_default' \
'--timeout=[The longest time of one probe]:TIME:_default' \
'--suite=[Smoke suite (TOML) that is run instead of the one request]:FILE:_default' \
'*--tags=[Run only the suite'\''s steps with one of these tags]:TAG:_default' \
'--warm=[Run the suite so often before it counts, to warm caches]:N:_default' \
'--expect-status=[Statuses that are right\: \`200\`, \`200,204\`, \`200-299\`, \`2xx\` \[default\: 200\]]:STATUS:_default' \
'*--expect-header=[Headers that are there\: \`Name\`, or \`Name\: PATTERN\`]:HEADER:_default' \
'*--expect-body=[Patterns that match in the body (regular expressions)]:RE:_default' \
'*--expect-text=[Texts that stand in the body]:TEXT:_default' \
'*--expect-json=[JSON paths (RFC 9535) of the body\: \`\$.status == UP\`, or \`\$.checks\[0\]\`]:PATH:_default' \
'--expect-size=[Size of the body\: \`1-\`, \`-100KB\`, \`1KB-1MB\`]:SIZES:_default' \
'--expect-url=[Pattern of the URL after redirects]:RE:_default' \
'--expect-certificate-days=[Days that every certificate of the chain is still valid]:DAYS:_default' \
'--expect-version=[The version that must be deployed, such as the commit]:VERSION:_default' \
'--version-path=[Path that tells the version; without one, the target'\''s own answer tells it]:PATH:_default' \
'--version-json=[JSON path of the version in the body]:PATH:_default' \
'(--version-json)--version-header=[Header that tells the version]:NAME:_default' \
'--max-latency=[The longest time of each answer]:TIME:_default' \
'--percentile=[Bound on a percentile of each instance'\''s passes\: \`p95=300ms\`]:BOUND:_default' \
'--passes=[Passes in a row that make an instance healthy]:N:_default' \
'--interval=[Time between the beginnings of two probes of an instance]:TIME:_default' \
'--jitter=[Share of the interval by which a probe may begin later, at random]:SHARE:_default' \
'--max-failures=[Failures of an instance that are forgiven \[default\: any number while waiting, none while holding\]]:M:_default' \
'--quorum=[How many of the instances must be healthy\: a count, or a share such as \`80%\` \[default\: all\]]:COUNT:_default' \
'--grace=[Time at the beginning in which failures do not count]:TIME:_default' \
'--deadline=[How long it has to stay healthy]:TIME:_default' \
'--record=[Keep every sample in FILE, for \`replay\`]:FILE:_default' \
'--json=[Write the versioned JSON report to FILE; \`-\` is standard output]:FILE:_default' \
'--junit=[Write the verdict as JUnit XML to FILE]:FILE:_default' \
'--code-quality=[Write the findings as a GitLab code quality report to FILE]:FILE:_default' \
'--sarif=[Write the findings as SARIF 2.1.0 to FILE, for GitHub code scanning]:FILE:_default' \
'--dotenv=[Write the outputs as a GitLab dotenv report to FILE]:FILE:_default' \
'--config=[Read inputs from this TOML file \[default\: .roadcrew.toml, when there is one\]]:FILE:_default' \
'(--ipv6)--ipv4[Ask IPv4 addresses alone]' \
'--ipv6[Ask IPv6 addresses alone]' \
'--no-proxy[Use no proxy, whatever the environment says]' \
'--advisory[Show the verdict, but exit 0 when it is no or unproven]' \
'--debug[Say where each input came from]' \
'-h[Print help]' \
'--help[Print help]' \
'*::target -- URLs\: `https\://`, `http\://`, `tcp\://host\:port`, `tls\://`, `grpc\://host\:port/service`, `grpcs\://`:_default' \
&& ret=0
;;
(once)
_arguments "${_arguments_options[@]}" : \
'--host=[The public name\: Host header, SNI and the name that the certificate must hold]:NAME:_default' \
'*--address=[Ask these addresses, each an instance of its own, instead of those that the name resolves to]:IP:PORT:_default' \
'--targets=[Instances to ask (JSON\: id, address, port, zone, state); \`-\` is standard input]:FILE:_default' \
'*--states=[Life-cycle states of the instances that count; one without a state counts]:STATE:_default' \
'--instance=[What an instance is called that has only an address, such as this machine'\''s instance id]:ID:_default' \
'*--exec=[Run this program instead of asking a URL\: one argument a value, and the last option of the line; \`{id}\`, \`{address}\`, \`{port}\`, \`{host}\` are filled in]:ARG:_default' \
'--method=[Method]:METHOD:_default' \
'*--header=[Headers, \`Name\: value\`; never shown]:HEADER:_default' \
'--body=[Body of the request]:TEXT:_default' \
'--redirects=[Redirects that are followed; by default none, since a login page would pass for the page]:N:_default' \
'--http=[HTTP version\: \`auto\` (what TLS negotiates), \`1.1\` or \`2\`]:VERSION:_default' \
'--ca-file=[Certificates to trust besides the system'\''s (PEM)]:FILE:_default' \
'--timeout=[The longest time of one probe]:TIME:_default' \
'--suite=[Smoke suite (TOML) that is run instead of the one request]:FILE:_default' \
'*--tags=[Run only the suite'\''s steps with one of these tags]:TAG:_default' \
'--warm=[Run the suite so often before it counts, to warm caches]:N:_default' \
'--expect-status=[Statuses that are right\: \`200\`, \`200,204\`, \`200-299\`, \`2xx\` \[default\: 200\]]:STATUS:_default' \
'*--expect-header=[Headers that are there\: \`Name\`, or \`Name\: PATTERN\`]:HEADER:_default' \
'*--expect-body=[Patterns that match in the body (regular expressions)]:RE:_default' \
'*--expect-text=[Texts that stand in the body]:TEXT:_default' \
'*--expect-json=[JSON paths (RFC 9535) of the body\: \`\$.status == UP\`, or \`\$.checks\[0\]\`]:PATH:_default' \
'--expect-size=[Size of the body\: \`1-\`, \`-100KB\`, \`1KB-1MB\`]:SIZES:_default' \
'--expect-url=[Pattern of the URL after redirects]:RE:_default' \
'--expect-certificate-days=[Days that every certificate of the chain is still valid]:DAYS:_default' \
'--expect-version=[The version that must be deployed, such as the commit]:VERSION:_default' \
'--version-path=[Path that tells the version; without one, the target'\''s own answer tells it]:PATH:_default' \
'--version-json=[JSON path of the version in the body]:PATH:_default' \
'(--version-json)--version-header=[Header that tells the version]:NAME:_default' \
'--max-latency=[The longest time of each answer]:TIME:_default' \
'--percentile=[Bound on a percentile of each instance'\''s passes\: \`p95=300ms\`]:BOUND:_default' \
'--quorum=[How many of the instances must be healthy\: a count, or a share such as \`80%\` \[default\: all\]]:COUNT:_default' \
'--record=[Keep every sample in FILE, for \`replay\`]:FILE:_default' \
'--json=[Write the versioned JSON report to FILE; \`-\` is standard output]:FILE:_default' \
'--junit=[Write the verdict as JUnit XML to FILE]:FILE:_default' \
'--code-quality=[Write the findings as a GitLab code quality report to FILE]:FILE:_default' \
'--sarif=[Write the findings as SARIF 2.1.0 to FILE, for GitHub code scanning]:FILE:_default' \
'--dotenv=[Write the outputs as a GitLab dotenv report to FILE]:FILE:_default' \
'--config=[Read inputs from this TOML file \[default\: .roadcrew.toml, when there is one\]]:FILE:_default' \
'(--ipv6)--ipv4[Ask IPv4 addresses alone]' \
'--ipv6[Ask IPv6 addresses alone]' \
'--no-proxy[Use no proxy, whatever the environment says]' \
'--advisory[Show the verdict, but exit 0 when it is no or unproven]' \
'--debug[Say where each input came from]' \
'-h[Print help]' \
'--help[Print help]' \
'*::target -- URLs\: `https\://`, `http\://`, `tcp\://host\:port`, `tls\://`, `grpc\://host\:port/service`, `grpcs\://`:_default' \
&& ret=0
;;
(probe)
_arguments "${_arguments_options[@]}" : \
'--host=[The public name\: Host header, SNI and the name that the certificate must hold]:NAME:_default' \
'*--address=[Ask these addresses, each an instance of its own, instead of those that the name resolves to]:IP:PORT:_default' \
'--targets=[Instances to ask (JSON\: id, address, port, zone, state); \`-\` is standard input]:FILE:_default' \
'*--states=[Life-cycle states of the instances that count; one without a state counts]:STATE:_default' \
'--instance=[What an instance is called that has only an address, such as this machine'\''s instance id]:ID:_default' \
'*--exec=[Run this program instead of asking a URL\: one argument a value, and the last option of the line; \`{id}\`, \`{address}\`, \`{port}\`, \`{host}\` are filled in]:ARG:_default' \
'--method=[Method]:METHOD:_default' \
'*--header=[Headers, \`Name\: value\`; never shown]:HEADER:_default' \
'--body=[Body of the request]:TEXT:_default' \
'--redirects=[Redirects that are followed; by default none, since a login page would pass for the page]:N:_default' \
'--http=[HTTP version\: \`auto\` (what TLS negotiates), \`1.1\` or \`2\`]:VERSION:_default' \
'--ca-file=[Certificates to trust besides the system'\''s (PEM)]:FILE:_default' \
'--timeout=[The longest time of one probe]:TIME:_default' \
'--suite=[Smoke suite (TOML) that is run instead of the one request]:FILE:_default' \
'*--tags=[Run only the suite'\''s steps with one of these tags]:TAG:_default' \
'--warm=[Run the suite so often before it counts, to warm caches]:N:_default' \
'--expect-status=[Statuses that are right\: \`200\`, \`200,204\`, \`200-299\`, \`2xx\` \[default\: 200\]]:STATUS:_default' \
'*--expect-header=[Headers that are there\: \`Name\`, or \`Name\: PATTERN\`]:HEADER:_default' \
'*--expect-body=[Patterns that match in the body (regular expressions)]:RE:_default' \
'*--expect-text=[Texts that stand in the body]:TEXT:_default' \
'*--expect-json=[JSON paths (RFC 9535) of the body\: \`\$.status == UP\`, or \`\$.checks\[0\]\`]:PATH:_default' \
'--expect-size=[Size of the body\: \`1-\`, \`-100KB\`, \`1KB-1MB\`]:SIZES:_default' \
'--expect-url=[Pattern of the URL after redirects]:RE:_default' \
'--expect-certificate-days=[Days that every certificate of the chain is still valid]:DAYS:_default' \
'--expect-version=[The version that must be deployed, such as the commit]:VERSION:_default' \
'--version-path=[Path that tells the version; without one, the target'\''s own answer tells it]:PATH:_default' \
'--version-json=[JSON path of the version in the body]:PATH:_default' \
'(--version-json)--version-header=[Header that tells the version]:NAME:_default' \
'--max-latency=[The longest time of each answer]:TIME:_default' \
'--percentile=[Bound on a percentile of each instance'\''s passes\: \`p95=300ms\`]:BOUND:_default' \
'--passes=[Passes in a row that make an instance healthy]:N:_default' \
'--interval=[Time between the beginnings of two probes of an instance]:TIME:_default' \
'--jitter=[Share of the interval by which a probe may begin later, at random]:SHARE:_default' \
'--max-failures=[Failures of an instance that are forgiven \[default\: any number while waiting, none while holding\]]:M:_default' \
'--quorum=[How many of the instances must be healthy\: a count, or a share such as \`80%\` \[default\: all\]]:COUNT:_default' \
'--grace=[Time at the beginning in which failures do not count]:TIME:_default' \
'--deadline=[The longest time to wait]:TIME:_default' \
'--record=[Keep every sample in FILE, for \`replay\`]:FILE:_default' \
'--json=[Write the versioned JSON report to FILE; \`-\` is standard output]:FILE:_default' \
'--junit=[Write the verdict as JUnit XML to FILE]:FILE:_default' \
'--code-quality=[Write the findings as a GitLab code quality report to FILE]:FILE:_default' \
'--sarif=[Write the findings as SARIF 2.1.0 to FILE, for GitHub code scanning]:FILE:_default' \
'--dotenv=[Write the outputs as a GitLab dotenv report to FILE]:FILE:_default' \
'--config=[Read inputs from this TOML file \[default\: .roadcrew.toml, when there is one\]]:FILE:_default' \
'(--ipv6)--ipv4[Ask IPv4 addresses alone]' \
'--ipv6[Ask IPv6 addresses alone]' \
'--no-proxy[Use no proxy, whatever the environment says]' \
'--emit-samples[Print the samples (\`probe\` does it anyway)]' \
'--advisory[Show the verdict, but exit 0 when it is no or unproven]' \
'--debug[Say where each input came from]' \
'-h[Print help]' \
'--help[Print help]' \
'*::target -- URLs\: `https\://`, `http\://`, `tcp\://host\:port`, `tls\://`, `grpc\://host\:port/service`, `grpcs\://`:_default' \
&& ret=0
;;
(judge)
_arguments "${_arguments_options[@]}" : \
'--targets=[Instances of which there must be samples (JSON\: id, state and the like); \`-\` is standard input]:FILE:_default' \
'*--states=[Life-cycle states of the instances that count; one without a state counts]:STATE:_default' \
'--expect-version=[The version that must be deployed, such as the commit]:VERSION:_default' \
'--max-age=[How long ago samples may have been taken\: those of an earlier release prove nothing]:TIME:_default' \
'--quorum=[How many of the instances must be healthy\: a count, or a share such as \`80%\` \[default\: all\]]:COUNT:_default' \
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
'*::samples -- Files of samples, one for each machine:_default' \
&& ret=0
;;
(replay)
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
'::recording -- The recording:_default' \
&& ret=0
;;
        esac
    ;;
esac
}

(( $+functions[_healthcheck_commands] )) ||
_healthcheck_commands() {
    local commands; commands=(
'wait:Wait until every instance is healthy, or until the deadline' \
'hold:See that every instance stays healthy for the whole time' \
'once:Look once at every instance' \
'probe:Wait on the machine itself and print the samples, for \`judge\` to read elsewhere' \
'judge:Give the verdict over samples that \`probe\` printed, one file for each machine' \
'replay:Give the verdict of a recorded run again' \
    )
    _describe -t commands 'healthcheck commands' commands "$@"
}
(( $+functions[_healthcheck__subcmd__hold_commands] )) ||
_healthcheck__subcmd__hold_commands() {
    local commands; commands=()
    _describe -t commands 'healthcheck hold commands' commands "$@"
}
(( $+functions[_healthcheck__subcmd__judge_commands] )) ||
_healthcheck__subcmd__judge_commands() {
    local commands; commands=()
    _describe -t commands 'healthcheck judge commands' commands "$@"
}
(( $+functions[_healthcheck__subcmd__once_commands] )) ||
_healthcheck__subcmd__once_commands() {
    local commands; commands=()
    _describe -t commands 'healthcheck once commands' commands "$@"
}
(( $+functions[_healthcheck__subcmd__probe_commands] )) ||
_healthcheck__subcmd__probe_commands() {
    local commands; commands=()
    _describe -t commands 'healthcheck probe commands' commands "$@"
}
(( $+functions[_healthcheck__subcmd__replay_commands] )) ||
_healthcheck__subcmd__replay_commands() {
    local commands; commands=()
    _describe -t commands 'healthcheck replay commands' commands "$@"
}
(( $+functions[_healthcheck__subcmd__wait_commands] )) ||
_healthcheck__subcmd__wait_commands() {
    local commands; commands=()
    _describe -t commands 'healthcheck wait commands' commands "$@"
}

if [ "$funcstack[1]" = "_healthcheck" ]; then
    _healthcheck "$@"
else
    compdef _healthcheck healthcheck
fi
