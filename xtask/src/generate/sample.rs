//! An interface with one input of every kind, for the tests of the mapping.

use super::Source;
use super::interface::Interface;
use crate::checkout::{Listing, Publish};
use serde_json::json;

/// The interface, as a binary would print it.
pub fn interface() -> Interface {
    let value = json!({
        "name": "sample-tool", "version": "1.2.3", "about": "Which tests does this worker run?",
        "default_command": "shard",
        "commands": [
            { "name": "shard", "about": "Print one shard" },
            { "name": "run", "about": "Take a shard and run a command" },
            { "name": "plan", "about": "Decide" },
        ],
        "inputs": [
            { "name": "test-globs", "kind": "list", "help": "Globs of the tests", "value_name": "GLOB", "values": [],
              "default": null, "commands": ["shard"], "secret": false, "positional": false },
            { "name": "unit", "kind": "text", "help": "What is split", "values": ["file", "test"], "default": "file",
              "commands": ["shard", "plan"], "secret": false, "positional": false },
            { "name": "token", "kind": "text", "help": "API token", "values": [], "default": null,
              "commands": ["plan"], "secret": true, "positional": false },
            { "name": "webhook-url", "kind": "text", "help": "Where to post: \"x\" | y", "values": [], "default": null,
              "commands": ["plan"], "secret": true, "positional": false },
            { "name": "region", "kind": "text", "help": "Region", "values": [], "default": null,
              "commands": [], "secret": false, "positional": false, "required": true },
            { "name": "advisory", "kind": "boolean", "help": "Show, but exit 0", "values": [], "default": null,
              "commands": [], "secret": false, "positional": false },
        ],
        "outputs": [{ "name": "files-path", "description": "File that lists the tests." }],
    });
    serde_json::from_value(value).unwrap()
}

/// The interface with all that the generators need besides.
pub fn source() -> Source {
    Source {
        interface: interface(),
        listing: Listing {
            icon: "scissors".into(),
            color: "blue".into(),
            tags: vec!["testing".into()],
            network: false,
            permissions: [("contents".to_owned(), "read".to_owned())].into(),
            forward: vec!["BITBUCKET_PARALLEL_STEP".into()],
            starts: Some("run".into()),
            example: None,
            image_limit_bytes: None,
        },
        publish: Publish {
            repository: "acme/crew".into(),
            registry: "registry.example/acme".into(),
            bitbucket: "acme".into(),
            gitlab: "acme/crew".into(),
            maintainer: "Acme".into(),
            digests: Default::default(),
        },
        usage: Default::default(),
    }
}
