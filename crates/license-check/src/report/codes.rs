//! The codes of the findings. They are part of the users' contract.

use kit_report::Rule;

/// What each means, and what to do.
pub const RULES: &[Rule] = &[
    Rule {
        code: "license-denied",
        description: "The policy denies the package's licence. Take another package, or have an exception approved.",
    },
    Rule {
        code: "license-unlisted",
        description: "The policy's allow list does not have the package's licence. Allow it, or have an exception approved.",
    },
    Rule {
        code: "license-ambiguous",
        description: "A family of licences is named, and not which of them. Read the package's text, and write a clarification.",
    },
    Rule {
        code: "license-unknown",
        description: "Neither a field nor a text says what the licence is. Without one nobody may ship the package.",
    },
    Rule {
        code: "license-custom",
        description: "The package has terms of its own. Somebody has to read them; an exception says who did.",
    },
    Rule {
        code: "license-mismatch",
        description: "The package's text is another licence than its field says. Ask its authors, or write a clarification.",
    },
    Rule {
        code: "license-changed",
        description: "The new version of the package has another licence than the one before.",
    },
    Rule { code: "exception-expired", description: "The exception for the package has passed its date. Decide again." },
    Rule {
        code: "exception-reopened",
        description: "The exception was granted for another licence than the package has now. Decide again.",
    },
    Rule {
        code: "exception-elsewhere",
        description: "The exception holds for one workspace, and the package lies elsewhere too. Take `workspace` out, or the package.",
    },
    Rule { code: "exception-expiring", description: "The exception lapses soon." },
    Rule { code: "exception-unused", description: "The exception matches no package, and can go." },
    Rule {
        code: "clarification-stale",
        description: "The file that the clarification was made from has changed, or is not here. Read it again.",
    },
    Rule { code: "clarification-unused", description: "The clarification matches no package, and can go." },
    Rule {
        code: "evidence-missing",
        description: "The lock file does not say the licences, and the packages are not installed. Install them before this runs.",
    },
    Rule {
        code: "lock-missing",
        description: "A manifest asks for packages, and no lock file says which. Commit the lock file, or install before this runs.",
    },
    Rule {
        code: "lock-incomplete",
        description: "The list does not hold all that is installed for it, so that some packages would go unseen.",
    },
    Rule { code: "nothing-found", description: "There is no lock file and no installed tree." },
    Rule {
        code: "policy-missing",
        description: "There is no policy, so that every known licence passes. `license-check init` writes one.",
    },
    Rule { code: "file-invalid", description: "A file cannot be read; the message says where and why." },
];
