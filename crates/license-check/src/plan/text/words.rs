//! Words with a part to play: varieties of spelling, and which words are harmless or risky. PURE.

/// The spelling that stands for a word's varieties: SPDX's list of equivalent words
/// <https://spdx.org/licenses/equivalentwords.txt>, of which the pairs of several words are handled where words are read, and
/// spellings of the same kind that are met in practice.
pub(super) fn canonical(word: &str) -> &str {
    match word {
        "acknowledgement" => "acknowledgment",
        "acknowledgements" => "acknowledgments",
        "analogue" => "analog",
        "analyse" => "analyze",
        "artefact" => "artifact",
        "authorisation" => "authorization",
        "authorise" => "authorize",
        "authorised" => "authorized",
        "calibre" => "caliber",
        "cancelled" => "canceled",
        "capitalisations" => "capitalizations",
        "catalogue" => "catalog",
        "categorise" => "categorize",
        "centre" => "center",
        "emphasised" => "emphasized",
        "favour" => "favor",
        "favourite" => "favorite",
        "fulfil" => "fulfill",
        "fulfilment" => "fulfillment",
        "initialise" => "initialize",
        "judgement" => "judgment",
        "labelling" => "labeling",
        "labour" => "labor",
        "licence" => "license",
        "licences" => "licenses",
        "licenced" => "licensed",
        "maximise" => "maximize",
        "modelled" => "modeled",
        "modelling" => "modeling",
        "offence" => "offense",
        "optimise" => "optimize",
        "organisation" => "organization",
        "organisations" => "organizations",
        "organise" => "organize",
        "practise" => "practice",
        "programme" => "program",
        "realise" => "realize",
        "recognise" => "recognize",
        "signalling" => "signaling",
        "utilisation" => "utilization",
        "whilst" => "while",
        "wilful" => "willful",
        _ => word,
    }
}

/// Whether a word belongs to the next one: `non-exclusive`, `sub license`.
pub(super) fn joins(word: &str) -> bool {
    matches!(word, "non" | "sub")
}

/// Whether a number behind that word is part of a name and no list's: `version 2`.
pub(super) fn takes_number(word: &str) -> bool {
    matches!(
        word,
        "version"
            | "v"
            | "section"
            | "sections"
            | "clause"
            | "clauses"
            | "article"
            | "paragraph"
            | "paragraphs"
            | "no"
            | "exhibit"
            | "schedule"
            | "license"
            | "gpl"
            | "lgpl"
            | "agpl"
            | "bsd"
            | "apache"
            | "mpl"
    )
}

/// Tags that are left out of marked-up texts.
pub(super) fn is_html(name: &str) -> bool {
    matches!(
        name,
        "a" | "b"
            | "big"
            | "blockquote"
            | "body"
            | "br"
            | "center"
            | "code"
            | "dd"
            | "div"
            | "dl"
            | "dt"
            | "em"
            | "font"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "head"
            | "hr"
            | "html"
            | "i"
            | "img"
            | "li"
            | "link"
            | "meta"
            | "ol"
            | "p"
            | "pre"
            | "small"
            | "span"
            | "strong"
            | "sub"
            | "sup"
            | "table"
            | "tbody"
            | "td"
            | "th"
            | "title"
            | "tr"
            | "tt"
            | "u"
            | "ul"
    )
}

/// Words of a place to fill in.
pub(super) fn is_placeholder(word: &str) -> bool {
    matches!(
        word,
        "year"
            | "years"
            | "yyyy"
            | "yy"
            | "date"
            | "name"
            | "names"
            | "fullname"
            | "full"
            | "of"
            | "the"
            | "copyright"
            | "holder"
            | "holders"
            | "owner"
            | "owners"
            | "author"
            | "authors"
            | "organization"
            | "organisation"
            | "company"
            | "project"
            | "email"
            | "mail"
            | "address"
            | "your"
            | "here"
            | "insert"
            | "username"
            | "login"
            | "url"
            | "various"
    )
}

/// Words that may stand before `copyright` in a statement.
pub(super) fn leads_statement(word: &str) -> bool {
    matches!(
        word,
        "portions"
            | "some"
            | "parts"
            | "part"
            | "code"
            | "files"
            | "file"
            | "original"
            | "software"
            | "modifications"
            | "changes"
            | "additions"
            | "are"
            | "is"
            | "this"
            | "of"
            | "the"
            | "these"
            | "library"
            | "program"
    )
}

/// Words behind `copyright` that make it no statement: the copyright holder, the copyright notice.
pub(super) fn follows_copyright(word: &str) -> bool {
    matches!(
        word,
        "and"
            | "or"
            | "holder"
            | "holders"
            | "notice"
            | "notices"
            | "law"
            | "laws"
            | "license"
            | "licenses"
            | "interest"
            | "interests"
            | "statement"
            | "statements"
            | "in"
            | "of"
            | "to"
            | "on"
            | "treaty"
            | "related"
            | "protection"
            | "status"
            | "information"
            | "ownership"
            | "is"
            | "are"
            | "for"
            | "as"
            | "rights"
            | "waiver"
    )
}

/// A year of a copyright statement: `1989`, `2024`, also as placeholders without brackets.
pub(super) fn is_year(word: &str) -> bool {
    let bytes = word.as_bytes();
    (bytes.len() == 4 && (word.starts_with("19") || word.starts_with("20")) && bytes.iter().all(u8::is_ascii_digit))
        || matches!(word, "year" | "yyyy" | "present")
}

/// Whether a word could grant, deny or limit something, and so must not vanish as part of a name.
pub(super) fn is_risky_name(word: &str, next: &str) -> bool {
    match word {
        "may" => !next.starts_with(|first: char| first.is_ascii_digit()),
        "for" => !is_year(next),
        "modified" | "modification" => {
            !matches!(next, "work" | "works" | "by" | "version" | "portions" | "material" | "code")
        }
        _ => is_risky(word),
    }
}

/// Words that a clause cannot do without, or that warn of one. Names of people, companies and projects have none of them.
pub(super) fn is_risky(word: &str) -> bool {
    matches!(
        word,
        "no" | "not"
            | "nor"
            | "none"
            | "never"
            | "neither"
            | "only"
            | "except"
            | "excluding"
            | "exclude"
            | "excludes"
            | "unless"
            | "until"
            | "without"
            | "must"
            | "shall"
            | "should"
            | "may"
            | "might"
            | "can"
            | "cannot"
            | "cant"
            | "could"
            | "will"
            | "would"
            | "wont"
            | "dont"
            | "be"
            | "been"
            | "am"
            | "was"
            | "were"
            | "has"
            | "have"
            | "if"
            | "when"
            | "where"
            | "provided"
            | "subject"
            | "grant"
            | "grants"
            | "granted"
            | "granting"
            | "permit"
            | "permits"
            | "permitted"
            | "permission"
            | "permissions"
            | "allow"
            | "allows"
            | "allowed"
            | "forbid"
            | "forbidden"
            | "forbids"
            | "prohibit"
            | "prohibited"
            | "prohibits"
            | "restrict"
            | "restricted"
            | "restricts"
            | "restriction"
            | "restrictions"
            | "limit"
            | "limited_to"
            | "limits"
            | "limitation"
            | "limitations"
            | "require"
            | "requires"
            | "required"
            | "requirement"
            | "requirements"
            | "condition"
            | "conditions"
            | "term"
            | "terms"
            | "agree"
            | "agrees"
            | "agreement"
            | "license"
            | "licensed"
            | "licenses"
            | "licensee"
            | "licensees"
            | "licensing"
            | "use"
            | "used"
            | "uses"
            | "using"
            | "user"
            | "users"
            | "copy"
            | "copies"
            | "copying"
            | "distribute"
            | "distributed"
            | "distributes"
            | "distribution"
            | "redistribute"
            | "redistributed"
            | "redistribution"
            | "redistributions"
            | "modify"
            | "modified"
            | "modification"
            | "sell"
            | "sold"
            | "sale"
            | "resale"
            | "commercial"
            | "commercially"
            | "noncommercial"
            | "personal"
            | "private"
            | "evaluation"
            | "trial"
            | "proprietary"
            | "confidential"
            | "secret"
            | "internal"
            | "academic"
            | "educational"
            | "nonprofit"
            | "military"
            | "weapon"
            | "weapons"
            | "war"
            | "evil"
            | "ethical"
            | "harm"
            | "training"
            | "ai"
            | "fee"
            | "fees"
            | "pay"
            | "payment"
            | "royalty"
            | "warranty"
            | "warranties"
            | "liable"
            | "liability"
            | "damages"
            | "comply"
            | "compliance"
            | "violate"
            | "violation"
            | "violates"
            | "terminate"
            | "terminates"
            | "terminated"
            | "revoke"
            | "revoked"
            | "expire"
            | "expires"
            | "law"
            | "laws"
            | "labor"
            | "patent"
            | "patents"
            | "trademark"
            | "trademarks"
            | "attribution"
            | "attribute"
            | "credit"
            | "acknowledge"
            | "acknowledgment"
            | "disclose"
            | "publish"
            | "source"
            | "notify"
            | "submit"
            | "consent"
            | "approval"
            | "written"
            | "prior"
            | "public"
            | "domain"
    )
}

/// Words for whoever holds or gives the rights: where a licence names them, a copy may name somebody else.
pub(super) fn is_party(word: &str) -> bool {
    matches!(
        word,
        "the"
            | "a"
            | "an"
            | "any"
            | "copyright"
            | "holder"
            | "holders"
            | "owner"
            | "owners"
            | "author"
            | "authors"
            | "contributor"
            | "contributors"
            | "company"
            | "organization"
            | "organizations"
            | "university"
            | "regents"
            | "foundation"
            | "project"
            | "its"
            | "their"
            | "his"
            | "her"
            | "and"
            | "or"
            | "nor"
            | "of"
            | "inc"
            | "llc"
            | "ltd"
            | "corporation"
            | "corp"
            | "developer"
            | "developers"
            | "maintainer"
            | "maintainers"
            | "provider"
            | "providers"
            | "x"
            | "consortium"
            | "other"
            | "all"
            | "above"
            | "listed"
            | "institute"
            | "group"
            | "team"
            | "committers"
            | "individual"
            | "individuals"
            | "california"
            | "berkeley"
            | "creators"
            | "creator"
            | "person"
            | "people"
            | "persons"
            | "parties"
            | "party"
            | "by"
            | "name"
            | "names"
            | "s"
    )
}

/// Words of titles that name no licence.
pub(super) fn is_title(word: &str) -> bool {
    matches!(
        word,
        "the"
            | "license"
            | "licenses"
            | "licensing"
            | "copyright"
            | "copyrights"
            | "legal"
            | "notice"
            | "notices"
            | "terms"
            | "text"
            | "full"
            | "information"
            | "info"
            | "file"
            | "software"
            | "source"
            | "code"
            | "for"
            | "of"
            | "and"
            | "a"
            | "an"
            | "this"
            | "is"
            | "in"
            | "version"
            | "v"
            | "agreement"
            | "details"
            | "disclaimer"
            | "style"
            | "md"
            | "txt"
            | "by"
            | "to"
            | "rights"
            | "general"
            | "standard"
            | "revised"
            | "new"
            | "modified"
            | "simplified"
            | "clause"
            | "variant"
            | "spdx"
            | "identifier"
            | "open"
            | "international"
            | "public"
            | "codes"
    )
}

/// Words of addresses of foundations, which move.
pub(super) fn is_postal(word: &str) -> bool {
    matches!(
        word,
        "51" | "59"
            | "31"
            | "675"
            | "franklin"
            | "milk"
            | "street"
            | "st"
            | "fifth"
            | "floor"
            | "boston"
            | "ma"
            | "02110"
            | "1301"
            | "1335"
            | "02111"
            | "1307"
            | "02139"
            | "4307"
            | "usa"
            | "temple"
            | "place"
            | "suite"
            | "330"
            | "mass"
            | "ave"
            | "cambridge"
            | "inc"
            | "500"
            | "02196"
    )
}

/// Words of sentences that say which licence applies, and nothing else: none of them can limit it.
pub(super) fn is_mention(word: &str) -> bool {
    matches!(
        word,
        "project"
            | "library"
            | "package"
            | "module"
            | "program"
            | "work"
            | "works"
            | "files"
            | "it"
            | "its"
            | "these"
            | "all"
            | "are"
            | "licensed"
            | "released"
            | "distributed"
            | "published"
            | "available"
            | "made"
            | "offered"
            | "under"
            | "terms"
            | "following"
            | "follows"
            | "as"
            | "below"
            | "see"
            | "free"
            | "which"
            | "at"
            | "found"
            | "with"
            | "uses"
            | "on"
            | "that"
            | "was"
            | "others"
            | "contributors"
            | "list"
            | "complete"
            | "remainder"
            | "reproduced"
            | "rest"
            | "packages"
            | "originally"
            | "created"
            | "written"
            | "maintained"
            | "com"
            | "org"
    )
}

/// Other names of a licence.
pub(super) fn is_alias(id: &str, word: &str) -> bool {
    match id {
        "MIT" => matches!(word, "expat" | "x11"),
        "BSD-2-Clause" => matches!(word, "two" | "freebsd" | "2.clause"),
        "BSD-3-Clause" => matches!(word, "three"),
        _ => false,
    }
}

/// Words that could limit what somebody may do, also in a sentence that speaks of licences: such a sentence beside a licence
/// is never taken for harmless.
pub(super) fn is_limiting(word: &str) -> bool {
    match word {
        "license" | "licensed" | "licenses" | "licensing" | "use" | "used" | "uses" | "using" | "copy" | "copies"
        | "distribute" | "distributed" | "distribution" | "modified" | "modification" | "modify" | "term" | "terms"
        | "source" | "was" | "were" | "has" | "have" | "written" | "public" | "domain" | "publish" | "may" | "be"
        | "been" | "will" | "can" | "where" | "when" | "credit" | "redistribute" | "redistributed" | "attribution"
        | "if" => false,
        "additional" | "addition" | "additionally" | "clause" | "clauses" | "notwithstanding" | "however"
        | "instead" | "supersede" | "supersedes" | "override" | "overrides" | "purpose" | "purposes" | "revenue"
        | "organization" | "competitor" | "competing" | "production" | "government" | "research" | "students"
        | "individuals" | "hereby" | "obligation" | "obligations" | "mandatory" | "necessary" | "wish" | "beer" => true,
        _ => is_risky(word),
    }
}

/// Words of sentences about other people's code that a package brings along or was made from.
pub(super) fn is_scoping(word: &str) -> bool {
    matches!(
        word,
        "bundle"
            | "bundles"
            | "bundled"
            | "contains"
            | "contain"
            | "includes"
            | "include"
            | "included"
            | "portions"
            | "portion"
            | "parts"
            | "part"
            | "directory"
            | "directories"
            | "folder"
            | "folders"
            | "dependencies"
            | "dependency"
            | "vendor"
            | "vendored"
            | "third"
            | "derivative"
            | "derived"
            | "based"
            | "borrows"
            | "borrowed"
            | "logo"
            | "sample"
            | "fork"
            | "forked"
            | "embeds"
            | "embedded"
            | "incorporates"
            | "incorporated"
            | "adapted"
            | "ported"
            | "inspired"
            | "respective"
            | "externally"
            | "from"
            | "copied"
            | "taken"
            | "according"
            | "originally"
            | "subdirectory"
            | "subdirectories"
    )
}

/// Words of sentences about what a package was made from; unlike those about what it contains they do not announce somebody
/// else's licence.
pub(super) fn is_origin(word: &str) -> bool {
    matches!(
        word,
        "based"
            | "derived"
            | "derivative"
            | "inspired"
            | "originally"
            | "respective"
            | "fork"
            | "forked"
            | "adapted"
            | "ported"
    )
}

/// Words of sentences that leave the choice between licences.
pub(super) fn is_choice(word: &str) -> bool {
    matches!(
        word,
        "either" | "choice" | "choose" | "option" | "dual" | "dually" | "tri" | "triple" | "choosing" | "alternatively"
    )
}

/// Whole phrases that say nothing about what may be done, though words in them could.
pub(super) const HARMLESS_PHRASES: &[&str] = &[
    "do not edit",
    "used with permission",
    "unless stated otherwise",
    "unless otherwise stated",
    "unless otherwise noted",
    "unless otherwise specified",
    "unless otherwise indicated",
    "except as documented below",
    "except where noted otherwise",
    "except where otherwise noted",
    "except as noted below",
    "this software consists of voluntary contributions made by many individuals",
    "for exact contribution history see the revision history available at",
    "the following license applies to all parts of this software",
    "is licensed for use as follows",
    "you may use",
    "you may choose",
    "this file is automatically added by",
    "see the license file",
    "for more information please see",
    "for more information please refer to",
    "can be found at",
    "can also be found here",
    "a gpl compatible license makes it possible to combine",
    "with other software that is released under the gpl",
    "it does not mean that were distributing",
    "under the gpl license",
    "the bsd license unlike the gpl let you distribute a modified version without making your changes open source",
    "is an osi approved open source license and is gpl compatible",
    "also known as the new bsd license",
    "except when otherwise stated",
    "except as otherwise noted",
    "can be found in",
    "free software you can redistribute it and or modify it",
];

/// Words that name licences: beside a text of another licence they say that something else holds, too.
pub(super) fn is_licence_name(word: &str) -> bool {
    matches!(
        word,
        "mit"
            | "bsd"
            | "isc"
            | "apache"
            | "gpl"
            | "lgpl"
            | "agpl"
            | "gnu"
            | "mozilla"
            | "mpl"
            | "epl"
            | "cc0"
            | "cc"
            | "commons"
            | "creative"
            | "zlib"
            | "unlicense"
            | "wtfpl"
            | "artistic"
            | "eupl"
            | "cddl"
            | "x11"
            | "expat"
            | "sspl"
            | "busl"
            | "psf"
            | "beerware"
    )
}
