//! Which CI is this, and what does it say about the build.

use crate::Environment;

/// The hosts we know, recognised by the variable that each documents as its mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ci {
    /// `GITHUB_ACTIONS=true`: docs.github.com, "Variables reference".
    GitHub,
    /// `BITBUCKET_BUILD_NUMBER`: support.atlassian.com, "Variables and secrets".
    Bitbucket,
    /// `GITLAB_CI`: docs.gitlab.com/ci/variables/predefined_variables; gitlab-ci-local sets it to `false`.
    GitLab,
    /// `CIRCLECI=true`: circleci.com/docs/variables.
    CircleCi,
    /// `BUILDKITE=true`: buildkite.com/docs/pipelines/environment-variables.
    Buildkite,
    /// `JENKINS_URL`: www.jenkins.io/doc/book/pipeline/jenkinsfile.
    Jenkins,
    /// None of them: a laptop or an unknown CI.
    Shell,
}

/// One of several parallel workers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Worker {
    /// 0-based, whatever the host counts from.
    pub index: u64,
    /// Number of workers.
    pub total: u64,
}

/// What makes the tools' own images known to the binary inside: set in the Dockerfile, nowhere else.
const IMAGE_MARK: &str = "ROADCREW_IMAGE";

impl Ci {
    /// Recognises the host.
    pub fn detect(env: &Environment) -> Ci {
        let is_true = |name| env.get(name) == Some("true");
        if is_true("GITHUB_ACTIONS") {
            Ci::GitHub
        } else if env.get("BITBUCKET_BUILD_NUMBER").is_some() {
            Ci::Bitbucket
        } else if env.get("GITLAB_CI").is_some() {
            Ci::GitLab
        } else if is_true("CIRCLECI") {
            Ci::CircleCi
        } else if is_true("BUILDKITE") {
            Ci::Buildkite
        } else if env.get("JENKINS_URL").is_some() {
            Ci::Jenkins
        } else {
            Ci::Shell
        }
    }

    /// The host's name as people write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Ci::GitHub => "GitHub Actions",
            Ci::Bitbucket => "Bitbucket Pipelines",
            Ci::GitLab => "GitLab CI",
            Ci::CircleCi => "CircleCI",
            Ci::Buildkite => "Buildkite",
            Ci::Jenkins => "Jenkins",
            Ci::Shell => "shell",
        }
    }

    /// Which of several parallel workers this is, where the host says so. `Err` names the variables that make no sense.
    pub fn worker(self, env: &Environment) -> Result<Option<Worker>, String> {
        let (index_name, total_name, first) = match self {
            Ci::Bitbucket => ("BITBUCKET_PARALLEL_STEP", "BITBUCKET_PARALLEL_STEP_COUNT", 0),
            // GitLab counts its nodes from 1: docs.gitlab.com/ci/yaml/#parallel.
            Ci::GitLab => ("CI_NODE_INDEX", "CI_NODE_TOTAL", 1),
            Ci::CircleCi => ("CIRCLE_NODE_INDEX", "CIRCLE_NODE_TOTAL", 0),
            Ci::Buildkite => ("BUILDKITE_PARALLEL_JOB", "BUILDKITE_PARALLEL_JOB_COUNT", 0),
            Ci::GitHub | Ci::Jenkins | Ci::Shell => return Ok(None),
        };
        let (index, total) = match (given(env, index_name), given(env, total_name)) {
            // GitLab sets CI_NODE_TOTAL=1 in a job without `parallel:`, and no index.
            (None, _) => return Ok(None),
            (Some(index), Some(total)) => (index, total),
            (Some(_), None) => return Err(format!("{index_name} is set, but {total_name} is not")),
        };
        let parse =
            |name: &str, value: &str| value.parse::<u64>().map_err(|_| format!("{name}={value} is not a whole number"));
        let (index, total) = (parse(index_name, index)?, parse(total_name, total)?);
        match index.checked_sub(first) {
            Some(index) if index < total => Ok(Some(Worker { index, total })),
            _ => Err(format!("{index_name}={} is out of range for {total_name}={total}", index)),
        }
    }
}

/// A variable's value; a literal `${NAME}` counts as unset, which is what a pipe's default becomes where the variable
/// that it forwards does not exist.
fn given<'e>(env: &'e Environment, name: &str) -> Option<&'e str> {
    env.get(name).filter(|value| !value.starts_with('$'))
}

/// Whether this process runs in one of the tools' own images (an action or a pipe), where no shell and no other command
/// exists and pipe variables are inputs.
pub fn in_own_image(env: &Environment) -> bool {
    env.get(IMAGE_MARK).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn env(pairs: &[(&str, &str)]) -> Environment {
        pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect()
    }

    #[test]
    fn each_host_is_recognised_by_its_mark() {
        for (pairs, ci) in [
            (vec![("GITHUB_ACTIONS", "true")], Ci::GitHub),
            (vec![("BITBUCKET_BUILD_NUMBER", "7")], Ci::Bitbucket),
            (vec![("GITLAB_CI", "true")], Ci::GitLab),
            (vec![("CIRCLECI", "true")], Ci::CircleCi),
            (vec![("BUILDKITE", "true")], Ci::Buildkite),
            (vec![("JENKINS_URL", "http://ci/")], Ci::Jenkins),
            (vec![("CI", "true"), ("GITHUB_ACTIONS", "")], Ci::Shell),
        ] {
            assert_eq!(Ci::detect(&env(&pairs)), ci);
        }
    }

    #[test]
    fn workers_count_from_zero_everywhere() {
        let third = Some(Worker { index: 2, total: 3 });
        for (ci, index, total, value) in [
            (Ci::Bitbucket, "BITBUCKET_PARALLEL_STEP", "BITBUCKET_PARALLEL_STEP_COUNT", "2"),
            (Ci::GitLab, "CI_NODE_INDEX", "CI_NODE_TOTAL", "3"),
            (Ci::CircleCi, "CIRCLE_NODE_INDEX", "CIRCLE_NODE_TOTAL", "2"),
            (Ci::Buildkite, "BUILDKITE_PARALLEL_JOB", "BUILDKITE_PARALLEL_JOB_COUNT", "2"),
        ] {
            assert_eq!(ci.worker(&env(&[(index, value), (total, "3")])), Ok(third));
            assert_eq!(ci.worker(&env(&[(index, "")])), Ok(None));
            assert_eq!(ci.worker(&env(&[(index, "${BITBUCKET_PARALLEL_STEP}")])), Ok(None));
            assert!(ci.worker(&env(&[(index, "9"), (total, "3")])).is_err());
            assert!(ci.worker(&env(&[(index, "x"), (total, "3")])).is_err());
            assert!(ci.worker(&env(&[(index, "1")])).is_err());
        }
        assert!(Ci::GitLab.worker(&env(&[("CI_NODE_INDEX", "0"), ("CI_NODE_TOTAL", "3")])).is_err());
    }
}
