//! `templates/<tool>.yml`: the GitLab component. PURE.

use super::Source;
use super::interface::{Input, Kind, sentence, variable};
use super::setup::{INSTALL, base_url};
use super::yaml::{Node, document, map};

/// Where a component's job leaves what GitLab collects, unless the user says otherwise.
const DOTENV: &str = ".roadcrew/outputs.env";
/// The same for the code quality report.
const CODE_QUALITY: &str = ".roadcrew/code-quality.json";

/// The component as YAML: its inputs, then one job. Without its header.
///
/// Every input is text and empty by default; each becomes `INPUT_X` with `expand: false`, since GitLab would expand a `$`
/// in a glob or an expression. Secrets are no inputs of a component, where they would stand in the open: the user sets
/// `INPUT_X` as a masked variable. The job may be declared again beside the `include` to add `needs`, `parallel`, `rules`.
pub fn yaml(source: &Source) -> String {
    let inputs = inputs(source);
    let spec = map([("spec", map([("inputs", Node::Map(inputs.into_iter().map(Declared::entry).collect()))]))]);
    let job = Node::Map(vec![("$[[ inputs.job-name ]]".to_owned(), job(source))]);
    format!("{}---\n{}", document(&spec), document(&job))
}

/// An input of the component.
pub struct Declared {
    /// Kebab-case.
    pub name: String,
    /// Sentences.
    pub description: String,
    /// What GitLab fills in; empty counts as unset.
    pub default: String,
}

impl Declared {
    fn entry(self) -> (String, Node) {
        (self.name, map([("description", self.description.into()), ("default", self.default.into())]))
    }
}

/// The component's inputs: those of the job, then `command` and the tool's own.
pub fn inputs(source: &Source) -> Vec<Declared> {
    let own = |name: &str, description: &str, default: &str| Declared {
        name: name.to_owned(),
        description: description.to_owned(),
        default: default.to_owned(),
    };
    let tool = &source.interface.name;
    let mut inputs = vec![
        own("job-name", "Name of the job. Declare a job of this name to add `needs`, `parallel` or `rules`.", tool),
        own("stage", "Stage of the job.", "test"),
        own(
            "image",
            "Image of the job. An image of your own gets the tool by verified download, or from the artifacts of an \
             earlier job with `carry`.",
            &source.roadcrew_image(),
        ),
        own("carry", "`true` leaves the tool in the job's artifacts, for later jobs in an image of your own.", ""),
        own("download-url", "Where images of your own download the tool from.", &base_url(&source.publish)),
    ];
    if let Some(starts) = &source.listing.starts {
        inputs.push(own(
            starts,
            &format!("Shell line that the command `{starts}` starts; choose an `image` that has it."),
            "",
        ));
    }
    let command = source.interface.command_input(None);
    for input in std::iter::once(&command).chain(source.interface.inputs.iter().filter(|input| !input.secret)) {
        inputs.push(Declared {
            name: input.name.clone(),
            description: input.description(),
            default: collected(input).to_owned(),
        });
    }
    inputs
}

/// Errors: an input of the tool is called like one that every component has.
pub fn check(source: &Source) -> anyhow::Result<()> {
    let mut names = std::collections::BTreeSet::new();
    for input in inputs(source) {
        let tool = &source.interface.name;
        anyhow::ensure!(
            names.insert(input.name.clone()),
            "{tool}: the component has an input `{}` already",
            input.name
        );
    }
    Ok(())
}

/// The file of a report that GitLab collects from every job of the component.
fn collected(input: &Input) -> &'static str {
    match (input.name.as_str(), input.kind) {
        ("dotenv", Kind::Text) => DOTENV,
        ("code-quality", Kind::Text) => CODE_QUALITY,
        _ => "",
    }
}

fn job(source: &Source) -> Node {
    let tool = &source.interface.name;
    let fixed = |value: String| map([("value", value.into()), ("expand", Node::Bool(false))]);
    let given = |name: &str| fixed(format!("$[[ inputs.{name} ]]"));
    let open = source.interface.inputs.iter().filter(|input| !input.secret);
    let mut variables: Vec<(String, Node)> = std::iter::once("command")
        .chain(open.clone().map(|input| input.name.as_str()))
        .map(|name| (format!("INPUT_{}", variable(name)), given(name)))
        .collect();
    variables.push(("ROADCREW_TOOLS".to_owned(), fixed(tool.clone())));
    variables.push(("ROADCREW_VERSION".to_owned(), fixed(source.interface.version.clone())));
    variables.push(("ROADCREW_BASE_URL".to_owned(), given("download-url")));
    variables.push(("ROADCREW_CARRY".to_owned(), given("carry")));
    let mut start = tool.clone();
    if let Some(starts) = &source.listing.starts {
        variables.push(("ROADCREW_START".to_owned(), given(starts)));
        // The line is shell text of the pipeline's own author, who could as well have written the job.
        start = format!(
            "if [ -n \"$ROADCREW_START\" ]; then\n  sh -c \"{tool} {starts} -- $ROADCREW_START\"\nelse\n  {tool}\nfi\n"
        );
    }
    let files = |names: &[&str]| {
        let has = |name: &&&str| open.clone().any(|input| input.name == **name);
        names.iter().filter(has).map(|name| format!("$[[ inputs.{name} ]]")).next()
    };
    let reports = [("dotenv", files(&["dotenv"])), ("codequality", files(&["code-quality"]))];
    let reports = reports.into_iter().filter_map(|(kind, file)| Some((kind.to_owned(), Node::Text(file?)))).collect();
    map([
        ("stage", "$[[ inputs.stage ]]".into()),
        ("image", map([("name", "$[[ inputs.image ]]".into()), ("entrypoint", Node::List(vec!["".into()]))])),
        ("variables", Node::Map(variables)),
        ("script", Node::List(vec![find(tool).into(), start.into()])),
        (
            "artifacts",
            map([
                ("when", "always".into()),
                ("paths", Node::List(vec![".roadcrew/".into()])),
                ("reports", Node::Map(reports)),
            ]),
        ),
    ])
}

/// The part of the script that sees to it that the tool is there: in the image, in the artifacts, or by download.
fn find(tool: &str) -> String {
    format!(
        "{INSTALL}PATH=\"$PWD/.roadcrew/bin:$PATH\"\nif ! command -v {tool} >/dev/null 2>&1; then\n  \
         bin=$(roadcrew_install) || exit $?\n  PATH=\"$bin:$PATH\"\nfi\n\
         if [ \"$ROADCREW_CARRY\" = true ] && [ ! -e .roadcrew/bin/{tool} ]; then\n  \
         mkdir -p .roadcrew/bin\n  cp \"$(command -v {tool})\" .roadcrew/bin/\nfi\nexport PATH\n"
    )
}

/// The component's README entry: how it is included, and its inputs.
pub fn readme(source: &Source) -> String {
    use super::markdown::{cell, fence};
    let tool = &source.interface.name;
    let mut text = format!("## {tool}\n\n{}\n\n", sentence(&source.interface.about));
    for (title, name) in [("Minimal", "gitlab-minimal.yml"), ("Full", "gitlab.yml")] {
        if let Some(example) = source.usage(name) {
            text.push_str(&format!("{title}:\n\n{}\n", fence("yaml", &example)));
        }
    }
    text.push_str("| input | default | description |\n| --- | --- | --- |\n");
    for input in inputs(source) {
        let default = if input.default.is_empty() { String::new() } else { format!("`{}`", input.default) };
        text.push_str(&format!("| `{}` | {} | {} |\n", input.name, cell(&default), cell(&input.description)));
    }
    for secret in source.interface.inputs.iter().filter(|input| input.secret) {
        let name = variable(&secret.name);
        text.push_str(&format!(
            "\n`{}` is a secret: set it as the masked CI/CD variable `INPUT_{name}`. {}\n",
            secret.name,
            sentence(&secret.help)
        ));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::sample;
    use serde_json::{Value, json};

    fn parts() -> (Value, Value) {
        let text = yaml(&sample::source());
        let (spec, job) = text.split_once("\n---\n").unwrap();
        (serde_saphyr::from_str(spec).unwrap(), serde_saphyr::from_str(job).unwrap())
    }

    #[test]
    fn inputs_are_text_and_empty_unless_they_are_the_job_s_own() {
        let (spec, _) = parts();
        let inputs = spec["spec"]["inputs"].as_object().unwrap();
        for name in ["command", "test-globs", "unit", "advisory", "region"] {
            assert_eq!(inputs[name]["default"], "", "{name}");
        }
        assert_eq!(inputs["job-name"]["default"], "sample-tool");
        assert_eq!(inputs["image"]["default"], "registry.example/acme/roadcrew:1.2.3");
    }

    #[test]
    fn every_input_reaches_the_tool_unexpanded() {
        let (_, job) = parts();
        let variables = &job["$[[ inputs.job-name ]]"]["variables"];
        assert_eq!(variables["INPUT_TEST_GLOBS"], json!({ "value": "$[[ inputs.test-globs ]]", "expand": false }));
        for (name, variable) in variables.as_object().unwrap() {
            assert_eq!(variable["expand"], false, "{name}");
        }
    }

    #[test]
    fn an_input_called_like_one_of_the_component_is_refused() {
        let mut source = sample::source();
        assert!(check(&source).is_ok());
        source.interface.inputs[0].name = "image".into();
        assert!(check(&source).is_err());
    }

    #[test]
    fn secrets_are_no_inputs() {
        let text = yaml(&sample::source());
        assert!(!text.contains("token") && !text.contains("INPUT_WEBHOOK_URL"));
    }

    #[test]
    fn the_command_that_starts_another_takes_a_shell_line() {
        let (spec, job) = parts();
        assert!(spec["spec"]["inputs"]["run"].is_object());
        let script = job["$[[ inputs.job-name ]]"]["script"][1].as_str().unwrap();
        assert!(script.contains("sh -c \"sample-tool run -- $ROADCREW_START\""));
        let mut without = sample::source();
        without.listing.starts = None;
        assert!(!yaml(&without).contains("ROADCREW_START"));
    }
}
