//! The inputs and outputs, declared once: action.yml, pipe.yml, the component and the READMEs follow from here. What was
//! typed is here; what it means is in [`options`].

pub mod options;

use clap::{Args, Parser, Subcommand};
use kit_host::OutputDeclaration;

/// Puts all assets on the CDN under immutable names, and the value that points to them last.
#[derive(Debug, Parser)]
#[command(about, long_about = None, disable_help_subcommand = true)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Publish the files of a folder, and point to them when all of them are there
    Publish(Box<PublishArguments>),
    /// Show what `publish` would do: files, requests, price; changes nothing
    Plan(Box<PublishArguments>),
    /// Bring a release's files to a folder: only what is missing there, each verified
    Pull(PullArguments),
    /// Point to an earlier release again; nothing is sent but the pointer
    Rollback(RollbackArguments),
    /// Remove the files that no kept release names
    Prune(PruneArguments),
    /// Fetch every file of a release as a browser does, and compare it with what was published
    Verify(VerifyArguments),
}

/// Which bucket, and who asks.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Bucket")]
pub struct BucketArguments {
    /// The bucket
    #[arg(long, value_name = "BUCKET")]
    pub bucket: Option<String>,
    /// What the keys begin with, such as `assets`
    #[arg(long, value_name = "PREFIX")]
    pub prefix: Option<String>,
    /// Name of the site: each site of a prefix has releases of its own
    #[arg(long, value_name = "NAME", default_value = "default")]
    pub site: String,
    /// The bucket's region [default: what the environment or the profile says]
    #[arg(long, value_name = "REGION")]
    pub region: Option<String>,
    /// Another S3 than AWS's
    #[arg(long, value_name = "URL")]
    pub endpoint_url: Option<String>,
    /// Role that the CI's own identity (OIDC) takes on
    #[arg(long, value_name = "ARN")]
    pub aws_role_arn: Option<String>,
    /// Identity token of GitLab (`id_tokens`), for `aws-role-arn`
    #[arg(long, value_name = "TOKEN")]
    pub id_token: Option<String>,
    /// Another STS than AWS's
    #[arg(long, value_name = "URL")]
    pub sts_endpoint_url: Option<String>,
    /// Account that the bucket must belong to
    #[arg(long, value_name = "ACCOUNT")]
    pub expected_bucket_owner: Option<String>,
    /// Requests at the same time, at most
    #[arg(long, value_name = "N", default_value = "32")]
    pub concurrency: String,
}

/// What the files are called.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Names")]
pub struct NameArguments {
    /// `fingerprint` puts a digest into each name, `keep` keeps names that hold one already, `versioned` puts the tree below
    /// a version; `auto` keeps names where the build has hashed them
    #[arg(long, value_name = "HOW", default_value = "auto")]
    pub names: String,
    /// Form of fingerprinted names
    #[arg(long, value_name = "FORM", default_value = "[name]-[hash].[ext]")]
    pub name_form: String,
    /// Globs of pages: files that keep their names since people and apps link to them [default: the HTML files of a tree that
    /// has an `index.html`, and what browsers ask for by name]
    #[arg(long, value_name = "GLOB", num_args = 1.., action = clap::ArgAction::Append)]
    pub pages: Vec<String>,
    /// Whether names are replaced in the files that name others: `rewrite` or `keep` [default: rewrite for fingerprinted names]
    #[arg(long, value_name = "HOW")]
    pub references: Option<String>,
    /// Path at which the site serves the tree
    #[arg(long, value_name = "PATH", default_value = "/")]
    pub public_path: String,
    /// Where browsers find the published keys, such as `https://cdn.example.com/assets/`
    #[arg(long, value_name = "URL")]
    pub base_url: Option<String>,
    /// Globs of files that are not published
    #[arg(long, value_name = "GLOB", num_args = 1.., action = clap::ArgAction::Append)]
    pub exclude: Vec<String>,
    /// Globs of files that are published although they look like secrets or belong to version control
    #[arg(long, value_name = "GLOB", num_args = 1.., action = clap::ArgAction::Append)]
    pub include: Vec<String>,
}

/// What is stored with the files.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Headers")]
pub struct HeaderArguments {
    /// `GLOB=VALUE` of Cache-Control; later ones win [default: a year and immutable for names that never change, `no-cache`
    /// for pages]
    #[arg(long, value_name = "RULE", num_args = 1.., action = clap::ArgAction::Append)]
    pub cache_control: Vec<String>,
    /// `GLOB=TYPE` of Content-Type; later ones win [default: by a table of extensions]
    #[arg(long, value_name = "RULE", num_args = 1.., action = clap::ArgAction::Append)]
    pub content_type: Vec<String>,
    /// `GLOB=Name: value` of other headers that S3 stores, also `x-amz-meta-…`; later ones win
    #[arg(long, value_name = "RULE", num_args = 1.., action = clap::ArgAction::Append)]
    pub object_header: Vec<String>,
    /// Store text files encoded: `br` or `gzip`; without it the CDN compresses
    #[arg(long, value_name = "ENCODING")]
    pub encode: Option<String>,
    /// Storage class, such as `STANDARD_IA`
    #[arg(long, value_name = "CLASS")]
    pub storage_class: Option<String>,
    /// Canned ACL, such as `public-read`
    #[arg(long, value_name = "ACL")]
    pub acl: Option<String>,
    /// Server-side encryption: `AES256` or `aws:kms`
    #[arg(long, value_name = "SSE")]
    pub sse: Option<String>,
    /// Key of `aws:kms`
    #[arg(long, value_name = "KEY")]
    pub sse_kms_key_id: Option<String>,
}

/// What a CDN is told.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "CDN")]
pub struct CdnArguments {
    /// CloudFront distribution in which changed pages are invalidated
    #[arg(long, value_name = "ID")]
    pub cloudfront_distribution: Option<String>,
    /// Another CloudFront than AWS's
    #[arg(long, value_name = "URL")]
    pub cloudfront_endpoint_url: Option<String>,
    /// Cloudflare zone in which changed pages are purged; needs `base-url`
    #[arg(long, value_name = "ID")]
    pub cloudflare_zone: Option<String>,
    /// Token that may purge the zone
    #[arg(long, value_name = "TOKEN")]
    pub cloudflare_token: Option<String>,
    /// Another Cloudflare API
    #[arg(long, value_name = "URL", default_value = "https://api.cloudflare.com")]
    pub cloudflare_endpoint_url: String,
    /// URLs of one call to Cloudflare
    #[arg(long, value_name = "N", default_value = "30")]
    pub cloudflare_batch: String,
    /// Fetch the changed pages afterwards, so that the CDN has them
    #[arg(long)]
    pub warm: bool,
}

/// `publish` and `plan`
#[derive(Debug, Args)]
pub struct PublishArguments {
    /// The folder with the files
    #[arg(value_name = "DIR")]
    pub dir: Option<String>,
    /// Which bucket, and who asks.
    #[command(flatten)]
    pub bucket: BucketArguments,
    /// What the files are called.
    #[command(flatten)]
    pub names: NameArguments,
    /// What is stored with the files.
    #[command(flatten)]
    pub headers: HeaderArguments,
    /// What points to the release: `s3` (an object that is written last), or `none` when the manifest travels with the code
    /// [default: none when the build has hashed the names]
    #[arg(long, value_name = "HOW", help_heading = "Pointer")]
    pub pointer: Option<String>,
    /// Write the cache-busting value to FILE
    #[arg(long, value_name = "FILE", help_heading = "Pointer")]
    pub version_file: Option<String>,
    /// Write the map from each path to its published name to FILE
    #[arg(long, value_name = "FILE", help_heading = "Pointer")]
    pub manifest_file: Option<String>,
    /// Format of that map: `flat` (webpack, Encore, `AssetMapper`), `vite`, `mix`, `sprockets`, `propshaft`, `django`, `importmap`
    /// or `entrypoints` [default: that of the manifest in the folder, else flat]
    #[arg(long, value_name = "FORMAT", help_heading = "Pointer")]
    pub manifest_format: Option<String>,
    /// What a CDN is told.
    #[command(flatten)]
    pub cdn: CdnArguments,
    /// Decide and report, but change nothing
    #[arg(long = "dry-run", id = "dry-run")]
    pub dry_run: bool,
}

/// `pull`
#[derive(Debug, Args)]
pub struct PullArguments {
    /// The folder to bring the files to
    #[arg(value_name = "DIR")]
    pub dir: Option<String>,
    /// Which bucket, and who asks.
    #[command(flatten)]
    pub bucket: BucketArguments,
    /// The release [default: the live one]
    #[arg(long, value_name = "RELEASE", help_heading = "Release")]
    pub release: Option<String>,
    /// Decide and report, but change nothing
    #[arg(long = "dry-run", id = "dry-run")]
    pub dry_run: bool,
}

/// `rollback`
#[derive(Debug, Args)]
pub struct RollbackArguments {
    /// Which bucket, and who asks.
    #[command(flatten)]
    pub bucket: BucketArguments,
    /// The release [default: the one that was live before]
    #[arg(long, value_name = "RELEASE", help_heading = "Release")]
    pub to: Option<String>,
    /// Where browsers find the published keys [default: as it was published]
    #[arg(long, value_name = "URL", help_heading = "CDN")]
    pub base_url: Option<String>,
    /// What a CDN is told.
    #[command(flatten)]
    pub cdn: CdnArguments,
    /// Decide and report, but change nothing
    #[arg(long = "dry-run", id = "dry-run")]
    pub dry_run: bool,
}

/// `prune`
#[derive(Debug, Args)]
pub struct PruneArguments {
    /// Which bucket, and who asks.
    #[command(flatten)]
    pub bucket: BucketArguments,
    /// How many of the last releases are kept, at least
    #[arg(long, value_name = "N", help_heading = "Releases")]
    pub keep_releases: Option<String>,
    /// Releases that are younger are kept, such as `30d`
    #[arg(long, value_name = "TIME", help_heading = "Releases")]
    pub keep_for: Option<String>,
    /// Releases or versions that an instance still runs; they are kept
    #[arg(long, value_name = "RELEASE", num_args = 1.., action = clap::ArgAction::Append, help_heading = "Releases")]
    pub live: Vec<String>,
    /// Decide and report, but change nothing
    #[arg(long = "dry-run", id = "dry-run")]
    pub dry_run: bool,
}

/// `verify`
#[derive(Debug, Args)]
pub struct VerifyArguments {
    /// Which bucket, and who asks.
    #[command(flatten)]
    pub bucket: BucketArguments,
    /// The release [default: the live one]
    #[arg(long, value_name = "RELEASE", help_heading = "Release")]
    pub release: Option<String>,
    /// Where browsers find the published keys [default: as it was published; without any, the bucket itself is asked]
    #[arg(long, value_name = "URL", help_heading = "CDN")]
    pub base_url: Option<String>,
}

/// What later steps get.
pub const OUTPUTS: &[OutputDeclaration] = &[
    OutputDeclaration { name: "verdict", description: "`pass`, `fail`, `superseded`, `unproven` or `error`." },
    OutputDeclaration { name: "version", description: "The cache-busting value: equal for equal trees." },
    OutputDeclaration { name: "release", description: "Id of the release." },
    OutputDeclaration {
        name: "manifest-path",
        description: "The map from paths to published names, where one was asked for.",
    },
    OutputDeclaration { name: "changed-count", description: "How many files were uploaded, or brought." },
    OutputDeclaration {
        name: "base-url",
        description: "Where browsers find the published keys, where somebody said it.",
    },
];
