//! `actions/<tool>/action.yml`. PURE.

use super::Source;
use super::interface::{Input, sentence};
use super::yaml::{Node, document, map};

/// The action as YAML, without its header.
///
/// No input has a `default`: GitHub would set `INPUT_X` from it always, and it would beat the user's config file. The one
/// exception is a GitHub token, which no config file holds.
pub fn yaml(source: &Source) -> String {
    let interface = &source.interface;
    let command = interface.command_input(source.listing.starts.as_deref());
    let inputs = std::iter::once(&command).chain(&interface.inputs);
    let inputs = inputs.map(|input| (input.name.clone(), entry(input))).collect();
    let output = |description: &str| map([("description", sentence(description).into())]);
    let outputs = interface.outputs.iter().map(|o| (o.name.clone(), output(&o.description))).collect();
    document(&map([
        ("name", interface.name.as_str().into()),
        ("description", sentence(&interface.about).into()),
        ("author", source.publish.maintainer.as_str().into()),
        (
            "branding",
            map([("icon", source.listing.icon.as_str().into()), ("color", source.listing.color.as_str().into())]),
        ),
        ("inputs", Node::Map(inputs)),
        ("outputs", Node::Map(outputs)),
        ("runs", map([("using", "docker".into()), ("image", format!("docker://{}", source.pinned_image()).into())])),
    ]))
}

fn entry(input: &Input) -> Node {
    let mut fields = vec![
        ("description".to_owned(), input.description().into()),
        ("required".to_owned(), Node::Bool(input.required)),
    ];
    if is_github_token(input) {
        fields.push(("default".to_owned(), "${{ github.token }}".into()));
    }
    Node::Map(fields)
}

/// Whether an input is the token of the GitHub job itself.
pub fn is_github_token(input: &Input) -> bool {
    input.secret && matches!(input.name.as_str(), "token" | "github-token")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::sample;
    use serde_json::Value;

    fn action() -> Value {
        serde_saphyr::from_str(&yaml(&sample::source())).unwrap()
    }

    #[test]
    fn only_the_token_has_a_default() {
        let action = action();
        for (name, input) in action["inputs"].as_object().unwrap() {
            let expected = (name == "token").then_some("${{ github.token }}");
            assert_eq!(input.get("default").and_then(Value::as_str), expected, "{name}");
            assert!(!input["description"].as_str().unwrap().is_empty());
        }
    }

    #[test]
    fn names_keep_their_hyphens_and_the_command_comes_first() {
        let action = action();
        let names: Vec<&String> = action["inputs"].as_object().unwrap().keys().collect();
        for name in ["command", "test-globs", "webhook-url"] {
            assert!(names.iter().any(|n| *n == name), "{name}");
        }
        let text = yaml(&sample::source());
        assert!(text.find("  command:").unwrap() < text.find("  test-globs:").unwrap());
    }

    #[test]
    fn required_is_said_and_defaults_are_only_described() {
        let action = action();
        assert_eq!(action["inputs"]["region"]["required"], true);
        assert_eq!(action["inputs"]["unit"]["required"], false);
        assert!(action["inputs"]["unit"]["description"].as_str().unwrap().ends_with("Default: `file`."));
    }

    #[test]
    fn the_image_is_the_version_or_the_released_digest() {
        assert_eq!(action()["runs"]["image"], "docker://registry.example/acme/sample-tool:1.2.3");
        let mut released = sample::source();
        released.publish.digests.insert("sample-tool".into(), "sha256:abc".into());
        assert!(yaml(&released).contains("docker://registry.example/acme/sample-tool@sha256:abc"));
    }
}
