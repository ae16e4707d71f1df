//! What the codes of findings mean.

use kit_report::Rule;

/// All of them.
pub const RULES: &[Rule] = &[
    Rule {
        code: "key-taken",
        description: "A name that must never change holds other bytes in the bucket. Publishing would break pages that name it: build again with another name, or remove the object if nothing uses it.",
    },
    Rule {
        code: "reference-unresolved",
        description: "A file names another one that is not in the tree; a page that loads it would break. Add the file, or mend the reference.",
    },
    Rule {
        code: "stopped",
        description: "The run was stopped before all files were there. Nothing points to what was uploaded; run again.",
    },
    Rule {
        code: "superseded",
        description: "Another release took the pointer while this one was published. Nothing is left to do.",
    },
    Rule { code: "note", description: "Worth knowing; changes no answer." },
];
