//! The little that has to be known of a language to colour it: comments, strings, keywords.

/// A kind of string.
#[derive(Debug, Clone, Copy)]
pub(super) struct Quote {
    /// What begins it.
    pub open: &'static str,
    /// What ends it.
    pub close: &'static str,
    /// Whether `\` takes the next character's meaning away.
    pub escapes: bool,
    /// Whether it goes on over a line's end. One that does not is over there, closed or not.
    pub multiline: bool,
}

/// A language.
#[derive(Debug, Clone, Copy)]
pub(super) struct Language {
    /// What begins a comment up to the line's end.
    pub line_comments: &'static [&'static str],
    /// What begins and ends a comment.
    pub block_comment: Option<(&'static str, &'static str)>,
    /// Strings; of two that begin alike the longer one stands first.
    pub quotes: &'static [Quote],
    /// Words of the language itself, with blanks between.
    pub keywords: &'static str,
    /// Whether keywords are the same in any case of letters.
    pub any_case: bool,
    /// Whether `'` is no string when it stands before a name, as in a lifetime.
    pub lifetimes: bool,
}

const fn quote(open: &'static str, close: &'static str, multiline: bool) -> Quote {
    Quote { open, close, escapes: true, multiline }
}

const DOUBLE: Quote = quote("\"", "\"", false);
const SINGLE: Quote = quote("'", "'", false);
const SLASHES: &[&str] = &["//"];
const STARS: Option<(&str, &str)> = Some(("/*", "*/"));

const PHP: Language = Language {
    line_comments: &["//", "# ", "##"],
    block_comment: STARS,
    quotes: &[quote("\"", "\"", true), quote("'", "'", true)],
    keywords: "abstract and array as bool break callable case catch class clone const continue declare default do \
               echo else elseif empty enum extends false final finally float fn for foreach function global goto if \
               implements include include_once instanceof insteadof int interface isset list match mixed namespace \
               never new null or print private protected public readonly require require_once return self static \
               string switch throw trait true try unset use var void while xor yield",
    any_case: true,
    lifetimes: false,
};

const SCRIPT: Language = Language {
    line_comments: SLASHES,
    block_comment: STARS,
    quotes: &[DOUBLE, SINGLE, quote("`", "`", true)],
    keywords: "abstract any as async await boolean break case catch class const continue debugger declare default \
               delete do else enum export extends false finally for from function get if implements import in \
               instanceof interface keyof let namespace never new null number of private protected public readonly \
               return satisfies set static string super switch this throw true try type typeof undefined unknown \
               var void while with yield",
    any_case: false,
    lifetimes: false,
};

const PYTHON: Language = Language {
    line_comments: &["#"],
    block_comment: None,
    quotes: &[quote("\"\"\"", "\"\"\"", true), quote("'''", "'''", true), DOUBLE, SINGLE],
    keywords: "False None True and as assert async await break case class continue def del elif else except finally \
               for from global if import in is lambda match nonlocal not or pass raise return self try while with \
               yield",
    any_case: false,
    lifetimes: false,
};

const GO: Language = Language {
    line_comments: SLASHES,
    block_comment: STARS,
    quotes: &[DOUBLE, SINGLE, Quote { open: "`", close: "`", escapes: false, multiline: true }],
    keywords: "any bool break byte case chan const continue default defer else error fallthrough false float64 for \
               func go goto if import int int64 interface iota map nil package range return rune select string \
               struct switch true type uint64 var",
    any_case: false,
    lifetimes: false,
};

/// Java, Kotlin, Scala, C#, Dart, Swift.
const MANAGED: Language = Language {
    line_comments: SLASHES,
    block_comment: STARS,
    quotes: &[quote("\"\"\"", "\"\"\"", true), DOUBLE, SINGLE],
    keywords: "abstract as async await base bool boolean break byte case catch char class const continue data \
               decimal default delegate do double else enum extends false final finally float for foreach fun func \
               get guard if implements import in init instanceof int interface internal is let lock long namespace \
               new nil null object out override package partial permits private protected public readonly record \
               ref return sealed set short static string struct super switch synchronized this throw throws trait \
               transient true try using val var virtual void volatile when where while yield",
    any_case: false,
    lifetimes: false,
};

/// C and C++.
const C: Language = Language {
    line_comments: SLASHES,
    block_comment: STARS,
    quotes: &[DOUBLE, SINGLE],
    keywords: "auto bool break case catch char class const constexpr continue default delete do double else enum \
               explicit extern false float for friend goto if inline int long mutable namespace new noexcept \
               nullptr operator override private protected public register return short signed sizeof static struct \
               switch template this throw true try typedef typename union unsigned using virtual void volatile \
               while",
    any_case: false,
    lifetimes: false,
};

const RUST: Language = Language {
    line_comments: SLASHES,
    block_comment: STARS,
    quotes: &[quote("\"", "\"", true), SINGLE],
    keywords: "as async await break const continue crate dyn else enum extern false fn for if impl in let loop \
               match mod move mut pub ref return self Self static struct super trait true type unsafe use where \
               while",
    any_case: false,
    lifetimes: true,
};

const RUBY: Language = Language {
    line_comments: &["#"],
    block_comment: Some(("\n=begin", "\n=end")),
    quotes: &[DOUBLE, SINGLE],
    keywords: "alias and begin break case class def do else elsif end ensure false for if in module next nil not or \
               raise redo require rescue retry return self super then true undef unless until when while yield",
    any_case: false,
    lifetimes: false,
};

/// The language of a path by its extension; `None` leaves it uncoloured.
pub(super) fn of_path(path: &str) -> Option<&'static Language> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let (_, extension) = name.rsplit_once('.')?;
    let language = match extension.to_ascii_lowercase().as_str() {
        "php" | "phtml" | "inc" => &PHP,
        "js" | "jsx" | "mjs" | "cjs" | "ts" | "tsx" | "mts" | "cts" | "vue" | "svelte" => &SCRIPT,
        "py" | "pyi" | "pyx" => &PYTHON,
        "go" => &GO,
        "java" | "kt" | "kts" | "scala" | "groovy" | "cs" | "dart" | "swift" => &MANAGED,
        "c" | "h" | "cc" | "cpp" | "cxx" | "hh" | "hpp" | "hxx" | "m" | "mm" => &C,
        "rs" => &RUST,
        "rb" | "rake" => &RUBY,
        _ => return None,
    };
    Some(language)
}
