//! Words with a part to play: varieties of spelling, and which words are harmless or risky. PURE.

use rustc_hash::FxHashMap;
use std::sync::LazyLock;

/// The spelling that stands for a word's varieties: SPDX's list of equivalent words
/// <https://spdx.org/licenses/equivalentwords.txt>, of which the pairs of several words are handled where words are read, and
/// spellings of the same kind that are met in practice.
pub(super) fn canonical(word: &str) -> &str {
    other_spelling(word).unwrap_or(word)
}

/// As [`canonical`]; `None` of a word that stands for itself.
pub(super) fn other_spelling(word: &str) -> Option<&'static str> {
    // Most words are shorter than any of these.
    if word.len() < 6 {
        return None;
    }
    let other = match word {
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
        _ => return None,
    };
    Some(other)
}

/// Whether a word belongs to the next one: `non-exclusive`, `sub license`.
pub(super) fn joins(word: &str) -> bool {
    matches!(word, "non" | "sub")
}

/// What words can be, as bits.
type Class = u32;

const TAKES_NUMBER: Class = 1 << 0;
const HTML: Class = 1 << 1;
const PLACEHOLDER: Class = 1 << 2;
const LEADS_STATEMENT: Class = 1 << 3;
const OF_STATEMENT: Class = 1 << 4;
const FOLLOWS_COPYRIGHT: Class = 1 << 5;
const RISKY: Class = 1 << 6;
const SENTENCE: Class = 1 << 7;
const PARTY: Class = 1 << 8;
const TITLE: Class = 1 << 9;
const MENTION: Class = 1 << 10;
const POSTAL: Class = 1 << 11;
const SCOPING: Class = 1 << 12;
const ORIGIN: Class = 1 << 13;
const CHOICE: Class = 1 << 14;
const STRICT_LICENSE: Class = 1 << 15;
const BESIDE_CODE: Class = 1 << 16;
const LICENSE_NAME: Class = 1 << 17;
const LIMITING: Class = 1 << 18;
const UNLIMITING: Class = 1 << 19;
const ANNOUNCING: Class = 1 << 20;

/// Which words are what.
const LISTS: [(Class, &str); 21] = [
    (
        ANNOUNCING,
        "bundle bundles bundled contains contain includes include portions portion parts part vendor vendored third dependencies dependency borrows borrowed embeds embedded incorporates incorporated copied taken",
    ),
    (
        TAKES_NUMBER,
        "version v section sections clause clauses article paragraph paragraphs no exhibit schedule license \
         gpl lgpl agpl bsd apache mpl",
    ),
    (
        HTML,
        "a b big blockquote body br center code dd div dl dt em font h1 h2 h3 h4 h5 h6 head hr html i img li link meta ol p \
         pre small span strong sub sup table tbody td th title tr tt u ul",
    ),
    (
        PLACEHOLDER,
        "year years yyyy yy date name names fullname full of the copyright holder holders owner owners author authors \
         organization organisation company project email mail address your here insert username login url various license \
         group development institution program programs software and signature",
    ),
    (
        LEADS_STATEMENT,
        "portions some parts part code files file original software modifications changes additions are is \
         this of the these library program",
    ),
    (OF_STATEMENT, "copyright contributors contributor authors reserved inc ltd corporation llc gmbh"),
    (
        FOLLOWS_COPYRIGHT,
        "also means act and or holder holders notice notices law laws license licenses interest interests statement \
         statements in of to on treaty related protection status information ownership is are for as rights \
         waiver",
    ),
    (
        RISKY,
        "no not nor none never neither only except excluding exclude excludes unless until without must shall \
         should may might can cannot cant could will would wont dont be been am was were has have if when \
         where provided subject grant grants granted granting permit permits permitted permission permissions \
         allow allows allowed forbid forbidden forbids prohibit prohibited prohibits restrict restricted \
         restricts restriction restrictions limit limits limitation limitations require requires required \
         requirement requirements condition conditions term terms agree agrees agreement license licensed \
         licenses licensee licensees licensing use used uses using user users copy copies copying distribute \
         distributed distributes distribution redistribute redistributed redistribution redistributions \
         modify modified modification sell sold sale resale commercial commercially noncommercial personal \
         private evaluation trial proprietary confidential secret internal academic educational nonprofit \
         military weapon weapons war evil ethical harm training ai fee fees pay payment royalty warranty \
         warranties liable liability damages comply compliance violate violation violates terminate \
         terminates terminated revoke revoked expire expires law laws labor patent patents trademark \
         trademarks attribution attribute credit acknowledge acknowledgment disclose publish source notify \
         submit consent approval written prior public domain",
    ),
    (
        SENTENCE,
        "i me my we us our you your yours they them who whom whoever anyone everybody everyone nobody need \
         needs belong belongs buy send give gives given please contact ask apply offered customers customer \
         enterprise subscription subscribers students employees companies nur nicht kein keine fur für fuer \
         pas seulement solo sólo niet alleen rien ne",
    ),
    (
        PARTY,
        "the a an any copyright holder holders owner owners author authors contributor contributors company \
         organization organizations university regents foundation project its their his her and or nor of inc \
         llc ltd corporation corp developer developers maintainer maintainers provider providers x consortium \
         other all above listed institute group team committers individual individuals california berkeley \
         creators creator person people persons parties party by name names s",
    ),
    (
        TITLE,
        "the license licenses licensing copyright copyrights legal notice notices terms text full information \
         info file software source code for of and a an this is in version v agreement details disclaimer \
         style md txt by to rights general standard revised new modified simplified clause variant spdx \
         identifier open international public codes",
    ),
    (
        MENTION,
        "project library package module program work works files it its these all are licensed released \
         distributed published available made offered under terms following follows as below see free which \
         at found with uses on that was others contributors list complete remainder reproduced rest packages \
         originally created written maintained com org",
    ),
    (
        POSTAL,
        "51 59 31 675 franklin milk street st fifth floor boston ma 02110 1301 1335 02111 1307 02139 4307 usa \
         temple place suite 330 mass ave cambridge inc 500 02196",
    ),
    (
        SCOPING,
        "bundle bundles bundled contains contain includes include included portions portion parts part \
         directory directories folder folders dependencies dependency vendor vendored third derivative \
         derived based borrows borrowed logo sample fork forked embeds embedded incorporates incorporated \
         adapted ported inspired respective externally from copied taken according originally subdirectory \
         subdirectories",
    ),
    (ORIGIN, "based derived derivative inspired originally respective fork forked adapted ported"),
    (CHOICE, "either choice choose option dual dually tri triple choosing alternatively"),
    (
        STRICT_LICENSE,
        "gpl gplv2 gplv3 lgpl agpl gnu mpl mozilla epl eupl cddl commons creative sspl busl cc copyleft \
         noncommercial sharealike",
    ),
    (BESIDE_CODE, "logo logos icon icons artwork sample samples documentation docs images"),
    (
        LICENSE_NAME,
        "mit bsd isc apache gpl lgpl agpl gnu mozilla mpl epl cc0 cc commons creative zlib unlicense wtfpl \
         artistic eupl cddl x11 expat sspl busl psf beerware 996 anti hippocratic polyform elastic fsl prosperity parity shareware freeware faircode",
    ),
    (
        LIMITING,
        "exception exceptions exempt additional addition additionally clause clauses notwithstanding however instead supersede supersedes \
         override overrides purpose purposes revenue organization competitor competing production government \
         research students individuals hereby obligation obligations mandatory necessary wish beer",
    ),
    (
        UNLIMITING,
        "license licensed licenses licensing use used uses using copy copies distribute distributed \
         distribution modified modification modify term terms source was were has have written public domain \
         publish may be been will can where when credit redistribute redistributed attribution if",
    ),
];

static CLASSES: LazyLock<FxHashMap<&'static str, Class>> = LazyLock::new(|| {
    let mut classes = FxHashMap::default();
    for (class, words) in LISTS {
        for word in words.split(' ') {
            *classes.entry(word).or_default() |= class;
        }
    }
    classes
});

fn is(word: &str, class: Class) -> bool {
    CLASSES.get(word).is_some_and(|found| found & class != 0)
}

/// Whether a number behind that word is part of a name and no list's: `version 2`.
pub(super) fn takes_number(word: &str) -> bool {
    is(word, TAKES_NUMBER)
}

/// Tags that are left out of marked-up texts.
pub(super) fn is_html(word: &str) -> bool {
    is(word, HTML)
}

/// Words of a place to fill in.
pub(super) fn is_placeholder(word: &str) -> bool {
    is(word, PLACEHOLDER)
}

/// Words that may stand before `copyright` in a statement.
pub(super) fn leads_statement(word: &str) -> bool {
    is(word, LEADS_STATEMENT)
}

/// Words of copyright statements that whole sentences behind them do not have.
pub(super) fn is_of_statement(word: &str) -> bool {
    is(word, OF_STATEMENT)
}

/// Words behind `copyright` that make it no statement: the copyright holder, the copyright notice.
pub(super) fn follows_copyright(word: &str) -> bool {
    is(word, FOLLOWS_COPYRIGHT)
}

/// Words that a clause cannot do without, or that warn of one. Names of people, companies and projects have none of them.
pub(super) fn is_risky(word: &str) -> bool {
    is(word, RISKY)
}

/// Words for whoever holds or gives the rights: where a licence names them, a copy may name somebody else.
pub(super) fn is_party(word: &str) -> bool {
    is(word, PARTY)
}

/// Words of titles that name no licence.
pub(super) fn is_title(word: &str) -> bool {
    is(word, TITLE)
}

/// Words of sentences that say which licence applies, and nothing else: none of them can limit it.
pub(super) fn is_mention(word: &str) -> bool {
    is(word, MENTION)
}

/// Words of addresses of foundations, which move.
pub(super) fn is_postal(word: &str) -> bool {
    is(word, POSTAL)
}

/// Words of sentences about other people's code that a package brings along or was made from.
pub(super) fn is_scoping(word: &str) -> bool {
    is(word, SCOPING)
}

/// Words of sentences about what a package was made from; unlike those about what it contains they do not announce somebody
/// else's licence.
pub(super) fn is_origin(word: &str) -> bool {
    is(word, ORIGIN)
}

/// Words of sentences that leave the choice between licences.
pub(super) fn is_choice(word: &str) -> bool {
    is(word, CHOICE)
}

/// Words that name licences under which code that comes along limits what may be done with the whole.
pub(super) fn is_strict_licence_name(word: &str) -> bool {
    is(word, STRICT_LICENSE)
}

/// Words of things beside the code, whose licence is no matter of the code.
pub(super) fn is_beside_code(word: &str) -> bool {
    is(word, BESIDE_CODE)
}

/// Words that name licences: beside a text of another licence they say that something else holds, too.
pub(super) fn is_licence_name(word: &str) -> bool {
    is(word, LICENSE_NAME)
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
        _ => is(word, RISKY),
    }
}

/// Words of sentences that announce somebody else's licence: this package contains parts of that one, which are under …
pub(super) fn is_announcing(word: &str) -> bool {
    is(word, ANNOUNCING)
}

/// Marks of comments that are words: of m4 and of batch files.
pub(super) fn is_comment_mark(word: &str) -> bool {
    matches!(word, "dnl" | "rem")
}

/// Words that could limit what somebody may do, also in a sentence that speaks of licences: such a sentence beside a licence
/// is never taken for harmless.
pub(super) fn is_limiting(word: &str) -> bool {
    is(word, RISKY | SENTENCE | LIMITING) && !is(word, UNLIMITING)
}

/// What authors call their work where a licence's text says "software".
pub(super) fn is_work(word: &str) -> bool {
    matches!(word, "theme" | "library" | "program" | "package" | "plugin" | "module" | "framework")
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
    "this file is automatically added by npmcli template oss do not edit",
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
    "also known as new or revised bsd",
    "except when otherwise stated",
    "except as otherwise noted",
    "we recommend you read them as their terms may differ from the terms above",
    "can be found in",
    "free software you can redistribute it and or modify it",
];
