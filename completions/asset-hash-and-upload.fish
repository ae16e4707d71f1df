# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_asset_hash_and_upload_global_optspecs
    string join \n json= junit= code-quality= sarif= dotenv= config= advisory debug completions= describe h/help V/version
end

function __fish_asset_hash_and_upload_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_asset_hash_and_upload_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_asset_hash_and_upload_using_subcommand
    set -l cmd (__fish_asset_hash_and_upload_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_needs_command" -l json -d 'Write the versioned JSON report to FILE; `-` is standard output' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_needs_command" -l junit -d 'Write the verdict as JUnit XML to FILE' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_needs_command" -l code-quality -d 'Write the findings as a GitLab code quality report to FILE' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_needs_command" -l sarif -d 'Write the findings as SARIF 2.1.0 to FILE, for GitHub code scanning' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_needs_command" -l dotenv -d 'Write the outputs as a GitLab dotenv report to FILE' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_needs_command" -l config -d 'Read inputs from this TOML file [default: .roadcrew.toml, when there is one]' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_needs_command" -l completions -d 'Print a completion script for SHELL (bash, fish, zsh) and exit; stands alone' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_needs_command" -l advisory -d 'Show the verdict, but exit 0 when it is no or unproven'
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_needs_command" -l debug -d 'Say where each input came from'
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_needs_command" -l describe
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_needs_command" -s h -l help -d 'Print help'
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_needs_command" -s V -l version -d 'Print version'
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_needs_command" -f -a "publish" -d 'Publish the files of a folder, and point to them when all of them are there'
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_needs_command" -f -a "plan" -d 'Show what `publish` would do: files, requests, price; changes nothing'
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_needs_command" -f -a "pull" -d 'Bring a release\'s files to a folder: only what is missing there, each verified'
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_needs_command" -f -a "rollback" -d 'Point to an earlier release again; nothing is sent but the pointer'
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_needs_command" -f -a "prune" -d 'Remove the files that no kept release names'
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_needs_command" -f -a "verify" -d 'Fetch every file of a release as a browser does, and compare it with what was published'
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand publish" -l bucket -d 'The bucket' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand publish" -l prefix -d 'What the keys begin with, such as `assets`' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand publish" -l site -d 'Name of the site: each site of a prefix has releases of its own' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand publish" -l region -d 'The bucket\'s region [default: what the environment or the profile says]' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand publish" -l endpoint-url -d 'Another S3 than AWS\'s' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand publish" -l aws-role-arn -d 'Role that the CI\'s own identity (OIDC) takes on' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand publish" -l id-token -d 'Identity token of GitLab (`id_tokens`), for `aws-role-arn`' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand publish" -l sts-endpoint-url -d 'Another STS than AWS\'s' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand publish" -l expected-bucket-owner -d 'Account that the bucket must belong to' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand publish" -l concurrency -d 'Requests at the same time, at most' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand publish" -l names -d '`fingerprint` puts a digest into each name, `keep` keeps names that hold one already, `versioned` puts the tree below a version; `auto` keeps names where the build has hashed them' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand publish" -l name-form -d 'Form of fingerprinted names' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand publish" -l pages -d 'Globs of pages: files that keep their names since people and apps link to them [default: the HTML files of a tree that has an `index.html`, and what browsers ask for by name]' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand publish" -l references -d 'Whether names are replaced in the files that name others: `rewrite` or `keep` [default: rewrite for fingerprinted names]' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand publish" -l public-path -d 'Path at which the site serves the tree' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand publish" -l base-url -d 'Where browsers find the published keys, such as `https://cdn.example.com/assets/`' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand publish" -l exclude -d 'Globs of files that are not published' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand publish" -l include -d 'Globs of files that are published although they look like secrets or belong to version control' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand publish" -l cache-control -d '`GLOB=VALUE` of Cache-Control; later ones win [default: a year and immutable for names that never change, `no-cache` for pages]' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand publish" -l content-type -d '`GLOB=TYPE` of Content-Type; later ones win [default: by a table of extensions]' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand publish" -l object-header -d '`GLOB=Name: value` of other headers that S3 stores, also `x-amz-meta-…`; later ones win' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand publish" -l encode -d 'Store text files encoded: `br` or `gzip`; without it the CDN compresses' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand publish" -l storage-class -d 'Storage class, such as `STANDARD_IA`' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand publish" -l acl -d 'Canned ACL, such as `public-read`' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand publish" -l sse -d 'Server-side encryption: `AES256` or `aws:kms`' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand publish" -l sse-kms-key-id -d 'Key of `aws:kms`' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand publish" -l pointer -d 'What points to the release: `s3` (an object that is written last), or `none` when the manifest travels with the code [default: none when the build has hashed the names]' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand publish" -l version-file -d 'Write the cache-busting value to FILE' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand publish" -l manifest-file -d 'Write the map from each path to its published name to FILE' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand publish" -l manifest-format -d 'Format of that map: `flat` (webpack, Encore, `AssetMapper`), `vite`, `mix`, `sprockets`, `propshaft`, `django`, `importmap` or `entrypoints` [default: that of the manifest in the folder, else flat]' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand publish" -l cloudfront-distribution -d 'CloudFront distribution in which changed pages are invalidated' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand publish" -l cloudfront-endpoint-url -d 'Another CloudFront than AWS\'s' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand publish" -l cloudflare-zone -d 'Cloudflare zone in which changed pages are purged; needs `base-url`' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand publish" -l cloudflare-token -d 'Token that may purge the zone' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand publish" -l cloudflare-endpoint-url -d 'Another Cloudflare API' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand publish" -l cloudflare-batch -d 'URLs of one call to Cloudflare' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand publish" -l json -d 'Write the versioned JSON report to FILE; `-` is standard output' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand publish" -l junit -d 'Write the verdict as JUnit XML to FILE' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand publish" -l code-quality -d 'Write the findings as a GitLab code quality report to FILE' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand publish" -l sarif -d 'Write the findings as SARIF 2.1.0 to FILE, for GitHub code scanning' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand publish" -l dotenv -d 'Write the outputs as a GitLab dotenv report to FILE' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand publish" -l config -d 'Read inputs from this TOML file [default: .roadcrew.toml, when there is one]' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand publish" -l warm -d 'Fetch the changed pages afterwards, so that the CDN has them'
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand publish" -l dry-run -d 'Decide and report, but change nothing'
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand publish" -l advisory -d 'Show the verdict, but exit 0 when it is no or unproven'
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand publish" -l debug -d 'Say where each input came from'
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand publish" -s h -l help -d 'Print help'
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand plan" -l bucket -d 'The bucket' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand plan" -l prefix -d 'What the keys begin with, such as `assets`' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand plan" -l site -d 'Name of the site: each site of a prefix has releases of its own' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand plan" -l region -d 'The bucket\'s region [default: what the environment or the profile says]' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand plan" -l endpoint-url -d 'Another S3 than AWS\'s' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand plan" -l aws-role-arn -d 'Role that the CI\'s own identity (OIDC) takes on' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand plan" -l id-token -d 'Identity token of GitLab (`id_tokens`), for `aws-role-arn`' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand plan" -l sts-endpoint-url -d 'Another STS than AWS\'s' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand plan" -l expected-bucket-owner -d 'Account that the bucket must belong to' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand plan" -l concurrency -d 'Requests at the same time, at most' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand plan" -l names -d '`fingerprint` puts a digest into each name, `keep` keeps names that hold one already, `versioned` puts the tree below a version; `auto` keeps names where the build has hashed them' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand plan" -l name-form -d 'Form of fingerprinted names' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand plan" -l pages -d 'Globs of pages: files that keep their names since people and apps link to them [default: the HTML files of a tree that has an `index.html`, and what browsers ask for by name]' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand plan" -l references -d 'Whether names are replaced in the files that name others: `rewrite` or `keep` [default: rewrite for fingerprinted names]' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand plan" -l public-path -d 'Path at which the site serves the tree' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand plan" -l base-url -d 'Where browsers find the published keys, such as `https://cdn.example.com/assets/`' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand plan" -l exclude -d 'Globs of files that are not published' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand plan" -l include -d 'Globs of files that are published although they look like secrets or belong to version control' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand plan" -l cache-control -d '`GLOB=VALUE` of Cache-Control; later ones win [default: a year and immutable for names that never change, `no-cache` for pages]' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand plan" -l content-type -d '`GLOB=TYPE` of Content-Type; later ones win [default: by a table of extensions]' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand plan" -l object-header -d '`GLOB=Name: value` of other headers that S3 stores, also `x-amz-meta-…`; later ones win' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand plan" -l encode -d 'Store text files encoded: `br` or `gzip`; without it the CDN compresses' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand plan" -l storage-class -d 'Storage class, such as `STANDARD_IA`' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand plan" -l acl -d 'Canned ACL, such as `public-read`' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand plan" -l sse -d 'Server-side encryption: `AES256` or `aws:kms`' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand plan" -l sse-kms-key-id -d 'Key of `aws:kms`' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand plan" -l pointer -d 'What points to the release: `s3` (an object that is written last), or `none` when the manifest travels with the code [default: none when the build has hashed the names]' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand plan" -l version-file -d 'Write the cache-busting value to FILE' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand plan" -l manifest-file -d 'Write the map from each path to its published name to FILE' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand plan" -l manifest-format -d 'Format of that map: `flat` (webpack, Encore, `AssetMapper`), `vite`, `mix`, `sprockets`, `propshaft`, `django`, `importmap` or `entrypoints` [default: that of the manifest in the folder, else flat]' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand plan" -l cloudfront-distribution -d 'CloudFront distribution in which changed pages are invalidated' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand plan" -l cloudfront-endpoint-url -d 'Another CloudFront than AWS\'s' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand plan" -l cloudflare-zone -d 'Cloudflare zone in which changed pages are purged; needs `base-url`' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand plan" -l cloudflare-token -d 'Token that may purge the zone' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand plan" -l cloudflare-endpoint-url -d 'Another Cloudflare API' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand plan" -l cloudflare-batch -d 'URLs of one call to Cloudflare' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand plan" -l json -d 'Write the versioned JSON report to FILE; `-` is standard output' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand plan" -l junit -d 'Write the verdict as JUnit XML to FILE' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand plan" -l code-quality -d 'Write the findings as a GitLab code quality report to FILE' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand plan" -l sarif -d 'Write the findings as SARIF 2.1.0 to FILE, for GitHub code scanning' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand plan" -l dotenv -d 'Write the outputs as a GitLab dotenv report to FILE' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand plan" -l config -d 'Read inputs from this TOML file [default: .roadcrew.toml, when there is one]' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand plan" -l warm -d 'Fetch the changed pages afterwards, so that the CDN has them'
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand plan" -l dry-run -d 'Decide and report, but change nothing'
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand plan" -l advisory -d 'Show the verdict, but exit 0 when it is no or unproven'
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand plan" -l debug -d 'Say where each input came from'
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand plan" -s h -l help -d 'Print help'
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand pull" -l bucket -d 'The bucket' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand pull" -l prefix -d 'What the keys begin with, such as `assets`' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand pull" -l site -d 'Name of the site: each site of a prefix has releases of its own' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand pull" -l region -d 'The bucket\'s region [default: what the environment or the profile says]' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand pull" -l endpoint-url -d 'Another S3 than AWS\'s' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand pull" -l aws-role-arn -d 'Role that the CI\'s own identity (OIDC) takes on' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand pull" -l id-token -d 'Identity token of GitLab (`id_tokens`), for `aws-role-arn`' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand pull" -l sts-endpoint-url -d 'Another STS than AWS\'s' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand pull" -l expected-bucket-owner -d 'Account that the bucket must belong to' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand pull" -l concurrency -d 'Requests at the same time, at most' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand pull" -l release -d 'The release [default: the live one]' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand pull" -l json -d 'Write the versioned JSON report to FILE; `-` is standard output' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand pull" -l junit -d 'Write the verdict as JUnit XML to FILE' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand pull" -l code-quality -d 'Write the findings as a GitLab code quality report to FILE' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand pull" -l sarif -d 'Write the findings as SARIF 2.1.0 to FILE, for GitHub code scanning' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand pull" -l dotenv -d 'Write the outputs as a GitLab dotenv report to FILE' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand pull" -l config -d 'Read inputs from this TOML file [default: .roadcrew.toml, when there is one]' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand pull" -l dry-run -d 'Decide and report, but change nothing'
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand pull" -l advisory -d 'Show the verdict, but exit 0 when it is no or unproven'
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand pull" -l debug -d 'Say where each input came from'
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand pull" -s h -l help -d 'Print help'
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand rollback" -l bucket -d 'The bucket' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand rollback" -l prefix -d 'What the keys begin with, such as `assets`' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand rollback" -l site -d 'Name of the site: each site of a prefix has releases of its own' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand rollback" -l region -d 'The bucket\'s region [default: what the environment or the profile says]' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand rollback" -l endpoint-url -d 'Another S3 than AWS\'s' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand rollback" -l aws-role-arn -d 'Role that the CI\'s own identity (OIDC) takes on' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand rollback" -l id-token -d 'Identity token of GitLab (`id_tokens`), for `aws-role-arn`' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand rollback" -l sts-endpoint-url -d 'Another STS than AWS\'s' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand rollback" -l expected-bucket-owner -d 'Account that the bucket must belong to' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand rollback" -l concurrency -d 'Requests at the same time, at most' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand rollback" -l to -d 'The release [default: the one that was live before]' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand rollback" -l base-url -d 'Where browsers find the published keys [default: as it was published]' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand rollback" -l cloudfront-distribution -d 'CloudFront distribution in which changed pages are invalidated' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand rollback" -l cloudfront-endpoint-url -d 'Another CloudFront than AWS\'s' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand rollback" -l cloudflare-zone -d 'Cloudflare zone in which changed pages are purged; needs `base-url`' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand rollback" -l cloudflare-token -d 'Token that may purge the zone' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand rollback" -l cloudflare-endpoint-url -d 'Another Cloudflare API' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand rollback" -l cloudflare-batch -d 'URLs of one call to Cloudflare' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand rollback" -l json -d 'Write the versioned JSON report to FILE; `-` is standard output' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand rollback" -l junit -d 'Write the verdict as JUnit XML to FILE' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand rollback" -l code-quality -d 'Write the findings as a GitLab code quality report to FILE' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand rollback" -l sarif -d 'Write the findings as SARIF 2.1.0 to FILE, for GitHub code scanning' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand rollback" -l dotenv -d 'Write the outputs as a GitLab dotenv report to FILE' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand rollback" -l config -d 'Read inputs from this TOML file [default: .roadcrew.toml, when there is one]' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand rollback" -l warm -d 'Fetch the changed pages afterwards, so that the CDN has them'
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand rollback" -l dry-run -d 'Decide and report, but change nothing'
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand rollback" -l advisory -d 'Show the verdict, but exit 0 when it is no or unproven'
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand rollback" -l debug -d 'Say where each input came from'
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand rollback" -s h -l help -d 'Print help'
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand prune" -l bucket -d 'The bucket' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand prune" -l prefix -d 'What the keys begin with, such as `assets`' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand prune" -l site -d 'Name of the site: each site of a prefix has releases of its own' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand prune" -l region -d 'The bucket\'s region [default: what the environment or the profile says]' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand prune" -l endpoint-url -d 'Another S3 than AWS\'s' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand prune" -l aws-role-arn -d 'Role that the CI\'s own identity (OIDC) takes on' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand prune" -l id-token -d 'Identity token of GitLab (`id_tokens`), for `aws-role-arn`' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand prune" -l sts-endpoint-url -d 'Another STS than AWS\'s' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand prune" -l expected-bucket-owner -d 'Account that the bucket must belong to' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand prune" -l concurrency -d 'Requests at the same time, at most' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand prune" -l keep-releases -d 'How many of the last releases are kept, at least' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand prune" -l keep-for -d 'Releases that are younger are kept, such as `30d`' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand prune" -l live -d 'Releases or versions that an instance still runs; they are kept' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand prune" -l json -d 'Write the versioned JSON report to FILE; `-` is standard output' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand prune" -l junit -d 'Write the verdict as JUnit XML to FILE' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand prune" -l code-quality -d 'Write the findings as a GitLab code quality report to FILE' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand prune" -l sarif -d 'Write the findings as SARIF 2.1.0 to FILE, for GitHub code scanning' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand prune" -l dotenv -d 'Write the outputs as a GitLab dotenv report to FILE' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand prune" -l config -d 'Read inputs from this TOML file [default: .roadcrew.toml, when there is one]' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand prune" -l dry-run -d 'Decide and report, but change nothing'
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand prune" -l advisory -d 'Show the verdict, but exit 0 when it is no or unproven'
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand prune" -l debug -d 'Say where each input came from'
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand prune" -s h -l help -d 'Print help'
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand verify" -l bucket -d 'The bucket' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand verify" -l prefix -d 'What the keys begin with, such as `assets`' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand verify" -l site -d 'Name of the site: each site of a prefix has releases of its own' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand verify" -l region -d 'The bucket\'s region [default: what the environment or the profile says]' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand verify" -l endpoint-url -d 'Another S3 than AWS\'s' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand verify" -l aws-role-arn -d 'Role that the CI\'s own identity (OIDC) takes on' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand verify" -l id-token -d 'Identity token of GitLab (`id_tokens`), for `aws-role-arn`' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand verify" -l sts-endpoint-url -d 'Another STS than AWS\'s' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand verify" -l expected-bucket-owner -d 'Account that the bucket must belong to' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand verify" -l concurrency -d 'Requests at the same time, at most' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand verify" -l release -d 'The release [default: the live one]' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand verify" -l base-url -d 'Where browsers find the published keys [default: as it was published; without any, the bucket itself is asked]' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand verify" -l json -d 'Write the versioned JSON report to FILE; `-` is standard output' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand verify" -l junit -d 'Write the verdict as JUnit XML to FILE' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand verify" -l code-quality -d 'Write the findings as a GitLab code quality report to FILE' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand verify" -l sarif -d 'Write the findings as SARIF 2.1.0 to FILE, for GitHub code scanning' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand verify" -l dotenv -d 'Write the outputs as a GitLab dotenv report to FILE' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand verify" -l config -d 'Read inputs from this TOML file [default: .roadcrew.toml, when there is one]' -r
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand verify" -l advisory -d 'Show the verdict, but exit 0 when it is no or unproven'
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand verify" -l debug -d 'Say where each input came from'
complete -c asset-hash-and-upload -n "__fish_asset_hash_and_upload_using_subcommand verify" -s h -l help -d 'Print help'
