//! Markdown pieces and the generated READMEs. PURE.

use super::Source;
use super::action::is_github_token;
use super::interface::{Input, Kind, sentence, ticked, variable};

/// The exit codes of all tools, as pipelines see them.
const EXIT_CODES: &str = "| code | meaning |
| --- | --- |
| 0 | pass, done, or superseded by a newer run |
| 1 | the answer is no |
| 2 | bad input, or refused before anything changed |
| 3 | the world failed (network, time-out); nothing that users see has changed, and a re-run converges |
| 4 | unproven: the evidence for an answer is missing |
| 5 | something was left that needs a hand; the message holds the command that repairs it |
| 101 | a bug of ours |
";

/// A table cell's text: one line, with nothing that ends the cell or opens a tag.
pub fn cell(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut out = String::new();
    let mut code = false;
    for c in line.chars() {
        match c {
            '`' => code = !code,
            '|' => out.push('\\'),
            // Inside code a `<` is one already.
            '<' if !code => {
                out.push_str("&lt;");
                continue;
            }
            _ => {}
        }
        out.push(c);
    }
    out
}

/// A fenced code block, with a fence longer than any in the text.
pub fn fence(language: &str, text: &str) -> String {
    let longest = text.lines().map(|line| line.trim_start().bytes().take_while(|b| *b == b'`').count()).max();
    let marks = "`".repeat(longest.unwrap_or(0).max(2) + 1);
    format!("{marks}{language}\n{}\n{marks}\n", text.trim_end_matches('\n'))
}

/// `actions/<tool>/README.md`.
pub fn action(source: &Source) -> String {
    let tool = &source.interface.name;
    let mut text = format!("# {tool}\n\n{}\n\n## Usage\n\n", sentence(&source.interface.about));
    let minimal = source.usage("github-minimal.yml").unwrap_or_else(|| {
        let command = &source.interface.default_command;
        format!("- uses: {}\n  with:\n    command: {command}\n", source.action_reference())
    });
    text.push_str(&format!("Minimal:\n\n{}", fence("yaml", &minimal)));
    if let Some(full) = source.usage("github.yml") {
        text.push_str(&format!("\nFull:\n\n{}", fence("yaml", &full)));
    }
    text.push_str(&format!(
        "\n`uses: {}` downloads this repository first. The image alone is the lightest form, and its digest cannot \
         change under you; its inputs are the same:\n\n{}",
        source.action_reference(),
        fence("yaml", &format!("- uses: docker://{}\n", source.example_digest_image()))
    ));
    if let Some(starts) = &source.listing.starts {
        text.push_str(&format!(
            "\nThe command `{starts}` starts a program of yours, which the container does not have. Put the tool on the \
             runner instead:\n\n{}",
            fence(
                "yaml",
                &format!(
                    "- uses: {}\n  with:\n    tools: {tool}\n- run: {tool} {starts} -- COMMAND\n",
                    source.setup_reference()
                )
            )
        ));
    }
    text.push_str(&format!("\n## Permissions\n\n{}", permissions(source)));
    text.push_str(
        "\n## Inputs\n\nAn empty input is an unset one; unset inputs are looked for in `.roadcrew.toml`.\n\n",
    );
    text.push_str(&action_inputs(source));
    text.push_str("\n## Outputs\n\n| output | what it holds |\n| --- | --- |\n");
    for output in &source.interface.outputs {
        text.push_str(&format!("| `{}` | {} |\n", output.name, cell(&sentence(&output.description))));
    }
    text.push_str(&format!("\n## Exit codes\n\n{EXIT_CODES}"));
    text
}

fn permissions(source: &Source) -> String {
    // What the tool may do elsewhere is the same on every host.
    let elsewhere = source.usage("permissions.md").map(|text| format!("\n{text}")).unwrap_or_default();
    if source.listing.permissions.is_empty() {
        let none = "The job's token needs no permission at all:\n\n```yaml\npermissions: {}\n```\n";
        return format!("{none}{elsewhere}");
    }
    let lines = source.listing.permissions.iter().map(|(scope, access)| format!("  {scope}: {access}\n"));
    format!("What the job's token needs:\n\n```yaml\npermissions:\n{}```\n{elsewhere}", lines.collect::<String>())
}

fn action_inputs(source: &Source) -> String {
    let command = source.interface.command_input(source.listing.starts.as_deref());
    let mut text = String::from("| input | commands | default | description |\n| --- | --- | --- | --- |\n");
    for input in std::iter::once(&command).chain(&source.interface.inputs) {
        let default = if is_github_token(input) { Some("${{ github.token }}") } else { input.shown_default() };
        text.push_str(&format!(
            "| `{}` | {} | {} | {} |\n",
            input.name,
            if input.commands.is_empty() { "all".to_owned() } else { ticked(&input.commands) },
            default.map(|default| cell(&format!("`{default}`"))).unwrap_or_default(),
            cell(&details(input)),
        ));
    }
    text
}

/// What stands beside the columns of a table: the help, the form of the value, and whether it is a secret.
fn details(input: &Input) -> String {
    let mut text = sentence(&input.help);
    if !input.values.is_empty() {
        text.push_str(&format!(" One of {}.", ticked(&input.values)));
    }
    match input.kind {
        Kind::List => text.push_str(" A list, one a line."),
        Kind::Boolean => text.push_str(" `true` or `false`."),
        Kind::Text => {}
    }
    if input.required {
        text.push_str(" Required.");
    }
    if input.secret {
        text.push_str(" A secret.");
    }
    text
}

/// `pipes/<tool>/README.md`, with the headings that Bitbucket's list of pipes asks for.
/// Source: support.atlassian.com, "Write a pipe for Bitbucket Pipelines", and the READMEs of Atlassian's own pipes.
pub fn pipe(source: &Source) -> String {
    let tool = &source.interface.name;
    let mut text = format!("# Bitbucket Pipelines Pipe: {tool}\n\n{}\n\n", sentence(&source.interface.about));
    text.push_str("## YAML Definition\n\n");
    text.push_str("Add this to the `script` section of your `bitbucket-pipelines.yml`:\n\n");
    text.push_str(&fence("yaml", &definition(source)));
    text.push_str("\n## Variables\n\n| variable | usage |\n| --- | --- |\n");
    let command = source.interface.command_input(source.listing.starts.as_deref());
    for input in std::iter::once(&command).chain(&source.interface.inputs) {
        let mark = if input.required { " (*)" } else { "" };
        text.push_str(&format!("| {}{mark} | {} |\n", variable(&input.name), cell(&pipe_usage(input))));
    }
    for forwarded in &source.listing.forward {
        text.push_str(&format!("| {forwarded} | The step's own variable, handed on as `${forwarded}`. |\n"));
    }
    text.push_str("\n_(*) = required variable._ An empty variable is an unset one; unset variables are looked for in `.roadcrew.toml`.\n");
    let details = source.usage("details.md").unwrap_or_else(|| sentence(&source.interface.about) + "\n");
    text.push_str(&format!("\n## Details\n\n{}\n### Outputs\n\n", details.trim_start()));
    text.push_str("Outputs go to the step's variables where the step declares them under `output-variables`.\n\n");
    for output in &source.interface.outputs {
        text.push_str(&format!("- `{}`: {}\n", output.name, sentence(&output.description)));
    }
    text.push_str(&format!("\n### Exit codes\n\n{EXIT_CODES}"));
    text.push_str(&format!("\n## Prerequisites\n\n{}", prerequisites(source)));
    text.push_str("\n## Examples\n\nBasic example:\n\n");
    text.push_str(&fence("yaml", &source.usage("bitbucket-minimal.yml").unwrap_or_else(|| definition(source))));
    if let Some(full) = source.usage("bitbucket.yml") {
        text.push_str(&format!("\nAdvanced example:\n\n{}", fence("yaml", &full)));
    }
    let repository = &source.publish.repository;
    text.push_str(&format!(
        "\n## Support\n\nIf you'd like help with this pipe, or you have an issue or a feature request, write to \
         https://github.com/{repository}/issues. Please say:\n\n- the version of the pipe\n- the logs, with `DEBUG: \"true\"`\n- \
         the steps to reproduce\n\nWhat changed from version to version stands in the \
         [CHANGELOG](https://github.com/{repository}/blob/main/CHANGELOG.md).\n\n## License\n\nMIT OR Apache-2.0.\n"
    ));
    text
}

/// The pipe with every variable, as Bitbucket's guide shows it.
fn definition(source: &Source) -> String {
    let mut text = format!("- pipe: {}\n  variables:\n    COMMAND: \"<string>\" # Optional\n", source.pipe_reference());
    for input in &source.interface.inputs {
        let kind = match input.kind {
            Kind::Boolean => "\"<boolean>\"",
            Kind::List => "[\"<string>\"]",
            Kind::Text => "\"<string>\"",
        };
        let need = if input.required { "" } else { " # Optional" };
        text.push_str(&format!("    {}: {kind}{need}\n", variable(&input.name)));
    }
    for forwarded in &source.listing.forward {
        text.push_str(&format!("    {forwarded}: ${forwarded} # Optional\n"));
    }
    text
}

fn pipe_usage(input: &Input) -> String {
    let mut text =
        details(input).replace(" A list, one a line.", " A list.").replace(" A secret.", " A secured variable.");
    if !input.commands.is_empty() {
        text.push_str(&format!(" Used by {}.", ticked(&input.commands)));
    }
    if let Some(default) = input.shown_default() {
        text.push_str(&format!(" Default: `{default}`."));
    }
    text
}

fn prerequisites(source: &Source) -> String {
    let mut text = source.usage("prerequisites.md").unwrap_or_default();
    text.push_str(&source.usage("permissions.md").map(|text| format!("{text}\n")).unwrap_or_default());
    text.push_str("A pipe runs as a container, so the step needs Bitbucket's Docker service, which takes about 1 GB of its memory.");
    let tool = &source.interface.name;
    text.push_str(&format!(
        " A step that wants neither can use the image `{}`, which has a shell and all tools, as its `image:`; or download \
         the static binary `{tool}`.",
        source.roadcrew_image()
    ));
    if let Some(starts) = &source.listing.starts {
        text.push_str(&format!(
            " The command `{starts}` starts a program of yours, which the pipe's container does not have: use one of \
             these two for it."
        ));
    }
    text + "\n"
}

/// The table of tools in the root README.
pub fn tool_table(sources: &[Source]) -> String {
    let mut text = String::from("| tool | answers | use it as |\n| --- | --- | --- |\n");
    for source in sources {
        let tool = &source.interface.name;
        text.push_str(&format!(
            "| `{tool}` | {} | [action](actions/{tool}/README.md), [pipe](pipes/{tool}/README.md), \
             [component](templates/README.md#{tool}) |\n",
            cell(&sentence(&source.interface.about))
        ));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::sample;

    #[test]
    fn cells_hold_together() {
        assert_eq!(cell("a | b\n<c> `<d>`"), "a \\| b &lt;c> `<d>`");
    }

    #[test]
    fn fences_outgrow_their_text() {
        assert_eq!(fence("yaml", "a\n"), "```yaml\na\n```\n");
        assert!(fence("", "````\nx\n````").starts_with("`````\n"));
    }

    #[test]
    fn the_pipe_has_every_heading_in_order() {
        let text = pipe(&sample::source());
        let headings: Vec<&str> =
            text.lines().filter(|line| line.starts_with("# ") || line.starts_with("## ")).collect();
        assert_eq!(
            headings,
            [
                "# Bitbucket Pipelines Pipe: sample-tool",
                "## YAML Definition",
                "## Variables",
                "## Details",
                "## Prerequisites",
                "## Examples",
                "## Support",
                "## License"
            ]
        );
        assert!(text.contains("| REGION (*) | Region. Required. |"));
        assert!(text.contains("| TEST_GLOBS | Globs of the tests. A list. Used by `shard`. |"));
        assert!(text.contains("    BITBUCKET_PARALLEL_STEP: $BITBUCKET_PARALLEL_STEP # Optional"));
    }

    #[test]
    fn the_action_readme_says_what_each_input_is_for() {
        let text = action(&sample::source());
        assert!(text.contains("| `unit` | `shard`, `plan` | `file` | What is split. One of `file`, `test`. |"));
        assert!(text.contains("| `token` | `plan` | `${{ github.token }}` | API token. A secret. |"));
        assert!(text.contains("| `webhook-url` | `plan` |  | Where to post: \"x\" \\| y. A secret. |"));
        assert!(text.contains("permissions:\n  contents: read\n"));
        assert!(text.contains("uses: docker://registry.example/acme/sample-tool@sha256:"));
    }

    #[test]
    fn what_a_tool_may_do_elsewhere_stands_in_both() {
        let mut source = sample::source();
        source.usage.insert("permissions.md".into(), "The role may read.\n".into());
        assert!(action(&source).contains("contents: read\n```\n\nThe role may read.\n\n## Inputs"));
        assert!(pipe(&source).contains("## Prerequisites\n\nThe role may read.\n\nA pipe runs as a container"));
    }
}
