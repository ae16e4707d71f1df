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
        code: "string-kept",
        description: "A string of a script is the address of a file that is published under another name, and nothing says that it is a reference, so it was not rewritten; whoever loads it finds nothing. Import the file, write `new URL(…, import.meta.url)`, keep the file's name with `pages`, or let the build hash its names.",
    },
    Rule {
        code: "script-kept",
        description: "A script can't be parsed. It is published as it is, and what it names is not rewritten. `references: rewrite` refuses it.",
    },
    Rule {
        code: "manifest-kept",
        description: "The names in a build's manifest can't be read as addresses of the tree's files. It is published as it is. Set the public path.",
    },
    Rule { code: "file-kept", description: "A file is too large to be read for what it names; that is not rewritten." },
    Rule {
        code: "file-denied",
        description: "A published file answers 403: it may not be read, or it is not there and the bucket may not be listed.",
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
