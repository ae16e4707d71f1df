//! The codes of the findings. They are part of the users' contract.

use kit_report::Rule;

/// What each means, and what to do.
pub const RULES: &[Rule] = &[
    Rule {
        code: "instance-unhealthy",
        description: "The instance did not pass often enough in a row. Its first and its last failure say why.",
    },
    Rule {
        code: "version-lagging",
        description: "The instance answers, and another version than the expected one is deployed on it. Deploy it there, or wait longer.",
    },
    Rule {
        code: "certificate-refused",
        description: "The certificate is over, for another name, or signed by nobody that is trusted. Waiting does not help.",
    },
    Rule {
        code: "name-not-found",
        description: "The name of the target does not exist or has no address. Look for a typing mistake, then at the zone.",
    },
    Rule {
        code: "checker-failed",
        description: "The machine that checks could not ask: its resolver, its network or its sockets. It says nothing about the release.",
    },
    Rule {
        code: "unreachable-from-here",
        description: "Private addresses of which none ever answered: there is probably no way to them from this machine.",
    },
    Rule { code: "nothing-found", description: "There was nobody to ask. That is no proof of health." },
    Rule {
        code: "recording-cut",
        description: "The recording has no end, so that it proves nothing. Record the run again.",
    },
    Rule {
        code: "samples-stale",
        description: "The samples were taken too long ago or for another version, so that they say nothing of this release. Probe again.",
    },
    Rule {
        code: "samples-missing",
        description: "An instance of the list has taken no samples of itself, or they did not come along.",
    },
    Rule { code: "note", description: "Something that a person should know about how the check was made." },
];
