#compdef asset-hash-and-upload

autoload -U is-at-least

_asset-hash-and-upload() {
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
":: :_asset-hash-and-upload_commands" \
"*::: :->asset-hash-and-upload" \
&& ret=0
    case $state in
    (asset-hash-and-upload)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:asset-hash-and-upload-command-$line[1]:"
        case $line[1] in
            (publish)
_arguments "${_arguments_options[@]}" : \
'--bucket=[The bucket]:BUCKET:_default' \
'--prefix=[What the keys begin with, such as \`assets\`]:PREFIX:_default' \
'--site=[Name of the site\: each site of a prefix has releases of its own]:NAME:_default' \
'--region=[The bucket'\''s region \[default\: what the environment or the profile says\]]:REGION:_default' \
'--endpoint-url=[Another S3 than AWS'\''s]:URL:_default' \
'--aws-role-arn=[Role that the CI'\''s own identity (OIDC) takes on]:ARN:_default' \
'--id-token=[Identity token of GitLab (\`id_tokens\`), for \`aws-role-arn\`]:TOKEN:_default' \
'--sts-endpoint-url=[Another STS than AWS'\''s]:URL:_default' \
'--expected-bucket-owner=[Account that the bucket must belong to]:ACCOUNT:_default' \
'--concurrency=[Requests at the same time, at most]:N:_default' \
'--names=[\`fingerprint\` puts a digest into each name, \`keep\` keeps names that hold one already, \`versioned\` puts the tree below a version; \`auto\` keeps names where the build has hashed them]:HOW:_default' \
'--name-form=[Form of fingerprinted names]:FORM:_default' \
'*--pages=[Globs of pages\: files that keep their names since people and apps link to them \[default\: the HTML files of a tree that has an \`index.html\`, and what browsers ask for by name\]]:GLOB:_default' \
'--references=[Whether names are replaced in the files that name others\: \`rewrite\` or \`keep\` \[default\: rewrite for fingerprinted names\]]:HOW:_default' \
'--public-path=[Path at which the site serves the tree]:PATH:_default' \
'--base-url=[Where browsers find the published keys, such as \`https\://cdn.example.com/assets/\`]:URL:_default' \
'*--exclude=[Globs of files that are not published]:GLOB:_default' \
'*--include=[Globs of files that are published although they look like secrets or belong to version control]:GLOB:_default' \
'*--cache-control=[\`GLOB=VALUE\` of Cache-Control; later ones win \[default\: a year and immutable for names that never change, \`no-cache\` for pages\]]:RULE:_default' \
'*--content-type=[\`GLOB=TYPE\` of Content-Type; later ones win \[default\: by a table of extensions\]]:RULE:_default' \
'*--object-header=[\`GLOB=Name\: value\` of other headers that S3 stores, also \`x-amz-meta-…\`; later ones win]:RULE:_default' \
'--encode=[Store text files encoded\: \`br\` or \`gzip\`; without it the CDN compresses]:ENCODING:_default' \
'--storage-class=[Storage class, such as \`STANDARD_IA\`]:CLASS:_default' \
'--acl=[Canned ACL, such as \`public-read\`]:ACL:_default' \
'--sse=[Server-side encryption\: \`AES256\` or \`aws\:kms\`]:SSE:_default' \
'--sse-kms-key-id=[Key of \`aws\:kms\`]:KEY:_default' \
'--pointer=[What points to the release\: \`s3\` (an object that is written last), or \`none\` when the manifest travels with the code \[default\: none when the build has hashed the names\]]:HOW:_default' \
'--version-file=[Write the cache-busting value to FILE]:FILE:_default' \
'--manifest-file=[Write the map from each path to its published name to FILE]:FILE:_default' \
'--manifest-format=[Format of that map\: \`flat\` (webpack, Encore, \`AssetMapper\`), \`vite\`, \`mix\`, \`sprockets\`, \`propshaft\`, \`django\`, \`importmap\` or \`entrypoints\` \[default\: that of the manifest in the folder, else flat\]]:FORMAT:_default' \
'--cloudfront-distribution=[CloudFront distribution in which changed pages are invalidated]:ID:_default' \
'--cloudfront-endpoint-url=[Another CloudFront than AWS'\''s]:URL:_default' \
'--cloudflare-zone=[Cloudflare zone in which changed pages are purged; needs \`base-url\`]:ID:_default' \
'--cloudflare-token=[Token that may purge the zone]:TOKEN:_default' \
'--cloudflare-endpoint-url=[Another Cloudflare API]:URL:_default' \
'--cloudflare-batch=[URLs of one call to Cloudflare]:N:_default' \
'--json=[Write the versioned JSON report to FILE; \`-\` is standard output]:FILE:_default' \
'--junit=[Write the verdict as JUnit XML to FILE]:FILE:_default' \
'--code-quality=[Write the findings as a GitLab code quality report to FILE]:FILE:_default' \
'--sarif=[Write the findings as SARIF 2.1.0 to FILE, for GitHub code scanning]:FILE:_default' \
'--dotenv=[Write the outputs as a GitLab dotenv report to FILE]:FILE:_default' \
'--config=[Read inputs from this TOML file \[default\: .roadcrew.toml, when there is one\]]:FILE:_default' \
'--warm[Fetch the changed pages afterwards, so that the CDN has them]' \
'--dry-run[Decide and report, but change nothing]' \
'--advisory[Show the verdict, but exit 0 when it is no or unproven]' \
'--debug[Say where each input came from]' \
'-h[Print help]' \
'--help[Print help]' \
'::dir -- The folder with the files:_default' \
&& ret=0
;;
(plan)
_arguments "${_arguments_options[@]}" : \
'--bucket=[The bucket]:BUCKET:_default' \
'--prefix=[What the keys begin with, such as \`assets\`]:PREFIX:_default' \
'--site=[Name of the site\: each site of a prefix has releases of its own]:NAME:_default' \
'--region=[The bucket'\''s region \[default\: what the environment or the profile says\]]:REGION:_default' \
'--endpoint-url=[Another S3 than AWS'\''s]:URL:_default' \
'--aws-role-arn=[Role that the CI'\''s own identity (OIDC) takes on]:ARN:_default' \
'--id-token=[Identity token of GitLab (\`id_tokens\`), for \`aws-role-arn\`]:TOKEN:_default' \
'--sts-endpoint-url=[Another STS than AWS'\''s]:URL:_default' \
'--expected-bucket-owner=[Account that the bucket must belong to]:ACCOUNT:_default' \
'--concurrency=[Requests at the same time, at most]:N:_default' \
'--names=[\`fingerprint\` puts a digest into each name, \`keep\` keeps names that hold one already, \`versioned\` puts the tree below a version; \`auto\` keeps names where the build has hashed them]:HOW:_default' \
'--name-form=[Form of fingerprinted names]:FORM:_default' \
'*--pages=[Globs of pages\: files that keep their names since people and apps link to them \[default\: the HTML files of a tree that has an \`index.html\`, and what browsers ask for by name\]]:GLOB:_default' \
'--references=[Whether names are replaced in the files that name others\: \`rewrite\` or \`keep\` \[default\: rewrite for fingerprinted names\]]:HOW:_default' \
'--public-path=[Path at which the site serves the tree]:PATH:_default' \
'--base-url=[Where browsers find the published keys, such as \`https\://cdn.example.com/assets/\`]:URL:_default' \
'*--exclude=[Globs of files that are not published]:GLOB:_default' \
'*--include=[Globs of files that are published although they look like secrets or belong to version control]:GLOB:_default' \
'*--cache-control=[\`GLOB=VALUE\` of Cache-Control; later ones win \[default\: a year and immutable for names that never change, \`no-cache\` for pages\]]:RULE:_default' \
'*--content-type=[\`GLOB=TYPE\` of Content-Type; later ones win \[default\: by a table of extensions\]]:RULE:_default' \
'*--object-header=[\`GLOB=Name\: value\` of other headers that S3 stores, also \`x-amz-meta-…\`; later ones win]:RULE:_default' \
'--encode=[Store text files encoded\: \`br\` or \`gzip\`; without it the CDN compresses]:ENCODING:_default' \
'--storage-class=[Storage class, such as \`STANDARD_IA\`]:CLASS:_default' \
'--acl=[Canned ACL, such as \`public-read\`]:ACL:_default' \
'--sse=[Server-side encryption\: \`AES256\` or \`aws\:kms\`]:SSE:_default' \
'--sse-kms-key-id=[Key of \`aws\:kms\`]:KEY:_default' \
'--pointer=[What points to the release\: \`s3\` (an object that is written last), or \`none\` when the manifest travels with the code \[default\: none when the build has hashed the names\]]:HOW:_default' \
'--version-file=[Write the cache-busting value to FILE]:FILE:_default' \
'--manifest-file=[Write the map from each path to its published name to FILE]:FILE:_default' \
'--manifest-format=[Format of that map\: \`flat\` (webpack, Encore, \`AssetMapper\`), \`vite\`, \`mix\`, \`sprockets\`, \`propshaft\`, \`django\`, \`importmap\` or \`entrypoints\` \[default\: that of the manifest in the folder, else flat\]]:FORMAT:_default' \
'--cloudfront-distribution=[CloudFront distribution in which changed pages are invalidated]:ID:_default' \
'--cloudfront-endpoint-url=[Another CloudFront than AWS'\''s]:URL:_default' \
'--cloudflare-zone=[Cloudflare zone in which changed pages are purged; needs \`base-url\`]:ID:_default' \
'--cloudflare-token=[Token that may purge the zone]:TOKEN:_default' \
'--cloudflare-endpoint-url=[Another Cloudflare API]:URL:_default' \
'--cloudflare-batch=[URLs of one call to Cloudflare]:N:_default' \
'--json=[Write the versioned JSON report to FILE; \`-\` is standard output]:FILE:_default' \
'--junit=[Write the verdict as JUnit XML to FILE]:FILE:_default' \
'--code-quality=[Write the findings as a GitLab code quality report to FILE]:FILE:_default' \
'--sarif=[Write the findings as SARIF 2.1.0 to FILE, for GitHub code scanning]:FILE:_default' \
'--dotenv=[Write the outputs as a GitLab dotenv report to FILE]:FILE:_default' \
'--config=[Read inputs from this TOML file \[default\: .roadcrew.toml, when there is one\]]:FILE:_default' \
'--warm[Fetch the changed pages afterwards, so that the CDN has them]' \
'--dry-run[Decide and report, but change nothing]' \
'--advisory[Show the verdict, but exit 0 when it is no or unproven]' \
'--debug[Say where each input came from]' \
'-h[Print help]' \
'--help[Print help]' \
'::dir -- The folder with the files:_default' \
&& ret=0
;;
(pull)
_arguments "${_arguments_options[@]}" : \
'--bucket=[The bucket]:BUCKET:_default' \
'--prefix=[What the keys begin with, such as \`assets\`]:PREFIX:_default' \
'--site=[Name of the site\: each site of a prefix has releases of its own]:NAME:_default' \
'--region=[The bucket'\''s region \[default\: what the environment or the profile says\]]:REGION:_default' \
'--endpoint-url=[Another S3 than AWS'\''s]:URL:_default' \
'--aws-role-arn=[Role that the CI'\''s own identity (OIDC) takes on]:ARN:_default' \
'--id-token=[Identity token of GitLab (\`id_tokens\`), for \`aws-role-arn\`]:TOKEN:_default' \
'--sts-endpoint-url=[Another STS than AWS'\''s]:URL:_default' \
'--expected-bucket-owner=[Account that the bucket must belong to]:ACCOUNT:_default' \
'--concurrency=[Requests at the same time, at most]:N:_default' \
'--release=[The release \[default\: the live one\]]:RELEASE:_default' \
'--json=[Write the versioned JSON report to FILE; \`-\` is standard output]:FILE:_default' \
'--junit=[Write the verdict as JUnit XML to FILE]:FILE:_default' \
'--code-quality=[Write the findings as a GitLab code quality report to FILE]:FILE:_default' \
'--sarif=[Write the findings as SARIF 2.1.0 to FILE, for GitHub code scanning]:FILE:_default' \
'--dotenv=[Write the outputs as a GitLab dotenv report to FILE]:FILE:_default' \
'--config=[Read inputs from this TOML file \[default\: .roadcrew.toml, when there is one\]]:FILE:_default' \
'--dry-run[Decide and report, but change nothing]' \
'--advisory[Show the verdict, but exit 0 when it is no or unproven]' \
'--debug[Say where each input came from]' \
'-h[Print help]' \
'--help[Print help]' \
'::dir -- The folder to bring the files to:_default' \
&& ret=0
;;
(rollback)
_arguments "${_arguments_options[@]}" : \
'--bucket=[The bucket]:BUCKET:_default' \
'--prefix=[What the keys begin with, such as \`assets\`]:PREFIX:_default' \
'--site=[Name of the site\: each site of a prefix has releases of its own]:NAME:_default' \
'--region=[The bucket'\''s region \[default\: what the environment or the profile says\]]:REGION:_default' \
'--endpoint-url=[Another S3 than AWS'\''s]:URL:_default' \
'--aws-role-arn=[Role that the CI'\''s own identity (OIDC) takes on]:ARN:_default' \
'--id-token=[Identity token of GitLab (\`id_tokens\`), for \`aws-role-arn\`]:TOKEN:_default' \
'--sts-endpoint-url=[Another STS than AWS'\''s]:URL:_default' \
'--expected-bucket-owner=[Account that the bucket must belong to]:ACCOUNT:_default' \
'--concurrency=[Requests at the same time, at most]:N:_default' \
'--to=[The release \[default\: the one that was live before\]]:RELEASE:_default' \
'--base-url=[Where browsers find the published keys \[default\: as it was published\]]:URL:_default' \
'--cloudfront-distribution=[CloudFront distribution in which changed pages are invalidated]:ID:_default' \
'--cloudfront-endpoint-url=[Another CloudFront than AWS'\''s]:URL:_default' \
'--cloudflare-zone=[Cloudflare zone in which changed pages are purged; needs \`base-url\`]:ID:_default' \
'--cloudflare-token=[Token that may purge the zone]:TOKEN:_default' \
'--cloudflare-endpoint-url=[Another Cloudflare API]:URL:_default' \
'--cloudflare-batch=[URLs of one call to Cloudflare]:N:_default' \
'--json=[Write the versioned JSON report to FILE; \`-\` is standard output]:FILE:_default' \
'--junit=[Write the verdict as JUnit XML to FILE]:FILE:_default' \
'--code-quality=[Write the findings as a GitLab code quality report to FILE]:FILE:_default' \
'--sarif=[Write the findings as SARIF 2.1.0 to FILE, for GitHub code scanning]:FILE:_default' \
'--dotenv=[Write the outputs as a GitLab dotenv report to FILE]:FILE:_default' \
'--config=[Read inputs from this TOML file \[default\: .roadcrew.toml, when there is one\]]:FILE:_default' \
'--warm[Fetch the changed pages afterwards, so that the CDN has them]' \
'--dry-run[Decide and report, but change nothing]' \
'--advisory[Show the verdict, but exit 0 when it is no or unproven]' \
'--debug[Say where each input came from]' \
'-h[Print help]' \
'--help[Print help]' \
&& ret=0
;;
(prune)
_arguments "${_arguments_options[@]}" : \
'--bucket=[The bucket]:BUCKET:_default' \
'--prefix=[What the keys begin with, such as \`assets\`]:PREFIX:_default' \
'--site=[Name of the site\: each site of a prefix has releases of its own]:NAME:_default' \
'--region=[The bucket'\''s region \[default\: what the environment or the profile says\]]:REGION:_default' \
'--endpoint-url=[Another S3 than AWS'\''s]:URL:_default' \
'--aws-role-arn=[Role that the CI'\''s own identity (OIDC) takes on]:ARN:_default' \
'--id-token=[Identity token of GitLab (\`id_tokens\`), for \`aws-role-arn\`]:TOKEN:_default' \
'--sts-endpoint-url=[Another STS than AWS'\''s]:URL:_default' \
'--expected-bucket-owner=[Account that the bucket must belong to]:ACCOUNT:_default' \
'--concurrency=[Requests at the same time, at most]:N:_default' \
'--keep-releases=[How many of the last releases are kept, at least]:N:_default' \
'--keep-for=[Releases that are younger are kept, such as \`30d\`]:TIME:_default' \
'*--live=[Releases or versions that an instance still runs; they are kept]:RELEASE:_default' \
'--json=[Write the versioned JSON report to FILE; \`-\` is standard output]:FILE:_default' \
'--junit=[Write the verdict as JUnit XML to FILE]:FILE:_default' \
'--code-quality=[Write the findings as a GitLab code quality report to FILE]:FILE:_default' \
'--sarif=[Write the findings as SARIF 2.1.0 to FILE, for GitHub code scanning]:FILE:_default' \
'--dotenv=[Write the outputs as a GitLab dotenv report to FILE]:FILE:_default' \
'--config=[Read inputs from this TOML file \[default\: .roadcrew.toml, when there is one\]]:FILE:_default' \
'--dry-run[Decide and report, but change nothing]' \
'--advisory[Show the verdict, but exit 0 when it is no or unproven]' \
'--debug[Say where each input came from]' \
'-h[Print help]' \
'--help[Print help]' \
&& ret=0
;;
(verify)
_arguments "${_arguments_options[@]}" : \
'--bucket=[The bucket]:BUCKET:_default' \
'--prefix=[What the keys begin with, such as \`assets\`]:PREFIX:_default' \
'--site=[Name of the site\: each site of a prefix has releases of its own]:NAME:_default' \
'--region=[The bucket'\''s region \[default\: what the environment or the profile says\]]:REGION:_default' \
'--endpoint-url=[Another S3 than AWS'\''s]:URL:_default' \
'--aws-role-arn=[Role that the CI'\''s own identity (OIDC) takes on]:ARN:_default' \
'--id-token=[Identity token of GitLab (\`id_tokens\`), for \`aws-role-arn\`]:TOKEN:_default' \
'--sts-endpoint-url=[Another STS than AWS'\''s]:URL:_default' \
'--expected-bucket-owner=[Account that the bucket must belong to]:ACCOUNT:_default' \
'--concurrency=[Requests at the same time, at most]:N:_default' \
'--release=[The release \[default\: the live one\]]:RELEASE:_default' \
'--base-url=[Where browsers find the published keys \[default\: as it was published; without any, the bucket itself is asked\]]:URL:_default' \
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
&& ret=0
;;
        esac
    ;;
esac
}

(( $+functions[_asset-hash-and-upload_commands] )) ||
_asset-hash-and-upload_commands() {
    local commands; commands=(
'publish:Publish the files of a folder, and point to them when all of them are there' \
'plan:Show what \`publish\` would do\: files, requests, price; changes nothing' \
'pull:Bring a release'\''s files to a folder\: only what is missing there, each verified' \
'rollback:Point to an earlier release again; nothing is sent but the pointer' \
'prune:Remove the files that no kept release names' \
'verify:Fetch every file of a release as a browser does, and compare it with what was published' \
    )
    _describe -t commands 'asset-hash-and-upload commands' commands "$@"
}
(( $+functions[_asset-hash-and-upload__subcmd__plan_commands] )) ||
_asset-hash-and-upload__subcmd__plan_commands() {
    local commands; commands=()
    _describe -t commands 'asset-hash-and-upload plan commands' commands "$@"
}
(( $+functions[_asset-hash-and-upload__subcmd__prune_commands] )) ||
_asset-hash-and-upload__subcmd__prune_commands() {
    local commands; commands=()
    _describe -t commands 'asset-hash-and-upload prune commands' commands "$@"
}
(( $+functions[_asset-hash-and-upload__subcmd__publish_commands] )) ||
_asset-hash-and-upload__subcmd__publish_commands() {
    local commands; commands=()
    _describe -t commands 'asset-hash-and-upload publish commands' commands "$@"
}
(( $+functions[_asset-hash-and-upload__subcmd__pull_commands] )) ||
_asset-hash-and-upload__subcmd__pull_commands() {
    local commands; commands=()
    _describe -t commands 'asset-hash-and-upload pull commands' commands "$@"
}
(( $+functions[_asset-hash-and-upload__subcmd__rollback_commands] )) ||
_asset-hash-and-upload__subcmd__rollback_commands() {
    local commands; commands=()
    _describe -t commands 'asset-hash-and-upload rollback commands' commands "$@"
}
(( $+functions[_asset-hash-and-upload__subcmd__verify_commands] )) ||
_asset-hash-and-upload__subcmd__verify_commands() {
    local commands; commands=()
    _describe -t commands 'asset-hash-and-upload verify commands' commands "$@"
}

if [ "$funcstack[1]" = "_asset-hash-and-upload" ]; then
    _asset-hash-and-upload "$@"
else
    compdef _asset-hash-and-upload asset-hash-and-upload
fi
