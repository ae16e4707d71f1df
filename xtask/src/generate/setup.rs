//! The root `action.yml`: puts chosen tools on the runner's PATH. PURE.

use super::interface::ticked;
use super::yaml::{Node, document, map};
use crate::checkout::Publish;

/// The shell function that downloads and checks; the GitLab components use it too.
pub const INSTALL: &str = include_str!("../../templates/install.sh");

/// Where releases keep their files, when nobody says otherwise.
pub fn base_url(publish: &Publish) -> String {
    format!("https://github.com/{}/releases/download", publish.repository)
}

/// The action as YAML, without its header. Inputs reach the script as environment variables, so that no value becomes
/// part of it.
pub fn yaml(publish: &Publish, version: &str, tools: &[String]) -> String {
    let input = |description: String, required: bool| {
        map([("description", description.into()), ("required", Node::Bool(required))])
    };
    let base_url = base_url(publish);
    let script = format!(
        "{INSTALL}ROADCREW_VERSION=\"${{ROADCREW_VERSION:-{version}}}\"\n\
         ROADCREW_BASE_URL=\"${{ROADCREW_BASE_URL:-{base_url}}}\"\n\
         bin=$(roadcrew_install)\necho \"$bin\" >>\"$GITHUB_PATH\"\n"
    );
    let text = document(&map([
        ("name", "Roadcrew".into()),
        ("description", "Put Roadcrew's tools on the PATH: verified download of static binaries.".into()),
        ("author", publish.maintainer.as_str().into()),
        ("branding", map([("icon", "download-cloud".into()), ("color", "blue".into())])),
        (
            "inputs",
            map([
                (
                    "tools",
                    input(format!("Tools to install, one a line or separated by commas: {}.", ticked(tools)), true),
                ),
                ("version", input(format!("Version to install. Default: `{version}`."), false)),
                (
                    "base-url",
                    input(
                        format!(
                            "Where the files are, for a mirror: `BASE-URL/vVERSION/TOOL-VERSION-TARGET.tar.gz` and \
                             `SHA256SUMS` beside it. Default: the variable \
                             `ROADCREW_BASE_URL`, else `{base_url}`."
                        ),
                        false,
                    ),
                ),
            ]),
        ),
        (
            "runs",
            map([
                ("using", "composite".into()),
                (
                    "steps",
                    Node::List(vec![map([
                        ("name", "Download and verify".into()),
                        ("shell", "bash".into()),
                        (
                            "env",
                            map([
                                ("ROADCREW_TOOLS", "${{ inputs.tools }}".into()),
                                ("ROADCREW_VERSION", "${{ inputs.version }}".into()),
                                ("ROADCREW_BASE_URL", "${{ inputs.base-url || env.ROADCREW_BASE_URL }}".into()),
                            ]),
                        ),
                        ("run", script.into()),
                    ])]),
                ),
            ]),
        ),
    ]));
    // zizmor warns of writes to GITHUB_PATH; to write there is what this action is for, and mktemp made the folder.
    text.replace("run: |\n", "run: | # zizmor: ignore[github-env]\n")
}

#[cfg(test)]
mod install_tests;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::sample;
    use serde_json::Value;

    #[test]
    fn the_script_holds_no_expression() {
        let text = yaml(&sample::source().publish, "1.2.3", &["sample-tool".to_owned()]);
        let action: Value = serde_saphyr::from_str(&text).unwrap();
        let step = &action["runs"]["steps"][0];
        assert!(!step["run"].as_str().unwrap().contains("${{"));
        assert_eq!(step["env"]["ROADCREW_TOOLS"], "${{ inputs.tools }}");
        assert!(step["run"].as_str().unwrap().contains("https://github.com/acme/crew/releases/download"));
    }
}
