//! The hosts' limits. Each is a named constant with its source; renderers use them from here and say what they kept back.

/// Annotations of one level (error, warning, notice) that GitHub shows of one step; the rest vanish without a word.
/// Source: github.com/orgs/community/discussions/26680 (maintainers' answer).
pub const GITHUB_ANNOTATIONS_PER_LEVEL: usize = 10;
/// Annotations that GitHub shows of one job, all levels together. Source: the same discussion.
pub const GITHUB_ANNOTATIONS_PER_JOB: usize = 50;
/// Bytes of one step summary: GitHub refuses the whole upload above 1024 KiB, so we stay below it.
/// Source: docs.github.com, "Workflow commands: adding a job summary, step isolation and limits".
pub const GITHUB_STEP_SUMMARY_BYTES: usize = 1_000_000;
/// Bytes of all outputs of one job, counted as UTF-16. Source: github.com/github/docs/issues/36846.
pub const GITHUB_OUTPUTS_UTF16_BYTES: usize = 1_048_576;
/// Characters of a comment. GitHub's message names this number, and bodies of pull requests are held to it; for comments
/// 262,144 bytes pass, but nobody promises that.
/// Source: github.com/telia-oss/github-pr-resource/issues/259 and github.com/dead-claudia/github-limits/pull/13.
pub const GITHUB_COMMENT_CHARS: usize = 65_536;
/// Annotations of one Code Insights report. Source: developer.atlassian.com/cloud/bitbucket/rest/api-group-reports.
pub const BITBUCKET_ANNOTATIONS: usize = 1000;
/// Annotations of one POST. Source: the same page ("bulk create or update annotations").
pub const BITBUCKET_ANNOTATIONS_PER_POST: usize = 100;
/// Data fields of one Code Insights report. Source: the same page.
pub const BITBUCKET_REPORT_DATA: usize = 10;
/// Characters of an annotation's summary; empty or longer is refused with 400.
/// Source: github.com/reviewdog/reviewdog/issues/1285 and the API page.
pub const BITBUCKET_SUMMARY_CHARS: usize = 450;
/// Characters of a report's or annotation's details. Source: the API page.
pub const BITBUCKET_DETAILS_CHARS: usize = 2000;
/// Bytes of a GitLab dotenv report. Source: docs.gitlab.com/ci/yaml/artifacts_reports, "artifacts:reports:dotenv".
pub const GITLAB_DOTENV_BYTES: usize = 5 * 1024;
/// Variables of a GitLab dotenv report on the free tier of gitlab.com, the smallest of all tiers.
/// Source: docs.gitlab.com/user/gitlab_com, "CI/CD: max number of dotenv variables".
pub const GITLAB_DOTENV_VARIABLES: usize = 50;
/// Characters of a text value on a report's card; longer ones are cut off there. The API page names no number; this is what
/// the card has room for.
pub const BITBUCKET_DATA_CHARS: usize = 50;
/// Results of one SARIF run above which GitHub refuses the whole upload.
/// Source: docs.github.com, "SARIF support for code scanning: validating your SARIF file", the table of limits.
pub const GITHUB_SARIF_RESULTS: usize = 25_000;
/// Results of one SARIF run that GitHub keeps; it drops the rest by severity. Source: the same table.
pub const GITHUB_SARIF_RESULTS_SHOWN: usize = 5_000;
/// Rules of one SARIF run. Source: the same table.
pub const GITHUB_SARIF_RULES: usize = 25_000;
/// Bytes of a SARIF file after gzip. Source: the same page.
pub const GITHUB_SARIF_GZIP_BYTES: usize = 10_000_000;
/// Characters of a rule's short and full description. Source: the same page, "`reportingDescriptor` object".
pub const GITHUB_SARIF_DESCRIPTION_CHARS: usize = 1024;
