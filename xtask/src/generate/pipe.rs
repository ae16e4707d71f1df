//! `pipes/<tool>/pipe.yml`. PURE.

use super::Source;
use super::interface::{sentence, variable};
use super::yaml::{Node, document, map};

/// The pipe as YAML, without its header.
///
/// Variables have no `default` either, but for those that hand a variable of the step on: a pipe's container sees only
/// some of them. Where the step has no such variable, Bitbucket leaves the text as it stands, which kit-host reads as unset.
pub fn yaml(source: &Source) -> String {
    let interface = &source.interface;
    let name = |name: String| ("name".to_owned(), Node::Text(name));
    let inputs = std::iter::once("command").chain(interface.inputs.iter().map(|input| input.name.as_str()));
    let mut variables: Vec<Node> = inputs.map(|input| Node::Map(vec![name(variable(input))])).collect();
    variables.extend(source.listing.forward.iter().map(|forwarded| {
        Node::Map(vec![name(forwarded.clone()), ("default".to_owned(), format!("${{{forwarded}}}").into())])
    }));
    let publish = &source.publish;
    document(&map([
        ("name", interface.name.as_str().into()),
        // Bitbucket wants a SemVer tag here; a digest may follow it.
        ("image", source.tagged_image().into()),
        ("description", sentence(&interface.about).into()),
        ("repository", source.pipe_repository().into()),
        (
            "maintainer",
            map([
                ("name", publish.maintainer.as_str().into()),
                ("website", format!("https://github.com/{}", publish.repository).into()),
            ]),
        ),
        (
            "vendor",
            map([
                ("name", publish.maintainer.as_str().into()),
                ("website", format!("https://github.com/{}", publish.repository).into()),
            ]),
        ),
        ("tags", Node::List(source.listing.tags.iter().map(|tag| tag.as_str().into()).collect())),
        ("variables", Node::List(variables)),
    ]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::sample;
    use serde_json::{Value, json};

    #[test]
    fn variables_are_upper_snake_and_only_forwarded_ones_have_a_default() {
        let pipe: Value = serde_saphyr::from_str(&yaml(&sample::source())).unwrap();
        assert_eq!(
            pipe["variables"],
            json!([
                { "name": "COMMAND" }, { "name": "TEST_GLOBS" }, { "name": "UNIT" }, { "name": "TOKEN" },
                { "name": "WEBHOOK_URL" }, { "name": "REGION" }, { "name": "ADVISORY" },
                { "name": "BITBUCKET_PARALLEL_STEP", "default": "${BITBUCKET_PARALLEL_STEP}" },
            ])
        );
    }

    #[test]
    fn the_image_has_a_semver_tag_even_with_a_digest() {
        let mut source = sample::source();
        source.publish.digests.insert("sample-tool".into(), "sha256:abc".into());
        let pipe: Value = serde_saphyr::from_str(&yaml(&source)).unwrap();
        assert_eq!(pipe["image"], "registry.example/acme/sample-tool:1.2.3@sha256:abc");
    }
}
