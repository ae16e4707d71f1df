//! What in a name can be a digest.

use crate::plan::fingerprint::split_extension;

/// Hex digits of the shortest token that counts by itself.
const SHORTEST: usize = 8;
/// Hex digits of the longest: SHA-512.
const LONGEST: usize = 128;
/// Hex digits that a name must begin with: Next's `a34f9d1faa5f3315-s.p.woff2`, webpack's `[contenthash][ext]`.
const SHORTEST_FIRST: usize = 16;
/// Below that many digits, chance makes words and dates; from here on, digits and letters are enough.
const LONG: usize = 12;

/// The hex digest in a name, if its looks are enough; see rule 3 of the module above.
pub fn hex(file: &str) -> Option<&str> {
    hex_tokens(file).find(|token| {
        let switches = switches(token);
        switches >= 2 || (switches == 1 && token.len() >= LONG)
    })
}

/// A hex token whose looks are not enough: all digits, all letters, or one after the other. Dates are none.
pub fn weak_hex(file: &str) -> Option<&str> {
    hex_tokens(file).find(|token| !is_date(token))
}

fn hex_tokens(file: &str) -> impl Iterator<Item = &str> {
    let usable = !is_uuid(file);
    let stem = split_extension(file).0;
    let first = stem.split(['-', '.']).next().filter(|token| token.len() >= SHORTEST_FIRST && is_hex(token));
    let later = stem.split(['-', '.']).skip(1).filter(|token| is_hex(token));
    first.into_iter().chain(later).filter(move |_| usable)
}

fn is_hex(token: &str) -> bool {
    let lower = token.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    let upper = token.bytes().all(|b| b.is_ascii_digit() || (b'A'..=b'F').contains(&b));
    (SHORTEST..=LONGEST).contains(&token.len()) && (lower || upper)
}

/// How often digits and letters follow each other.
fn switches(token: &str) -> usize {
    let digits: Vec<bool> = token.bytes().map(|b| b.is_ascii_digit()).collect();
    digits.windows(2).filter(|pair| pair[0] != pair[1]).count()
}

/// `20240131`, and `31012024`.
fn is_date(token: &str) -> bool {
    if token.len() != 8 || !token.bytes().all(|b| b.is_ascii_digit()) {
        return false;
    }
    let century = |text: &str| matches!(text, "19" | "20");
    token.get(..2).is_some_and(century) || token.get(4..6).is_some_and(century)
}

/// Whether a name holds a UUID (RFC 9562): 8, 4, 4, 4 and 12 hex digits.
pub fn is_uuid(file: &str) -> bool {
    let tokens: Vec<&str> = file.split(['-', '.', '_']).collect();
    let lengths = [8, 4, 4, 4, 12];
    tokens.windows(5).any(|five| {
        let fits =
            |(token, length): (&&str, &usize)| token.len() == *length && token.bytes().all(|b| b.is_ascii_hexdigit());
        five.iter().zip(&lengths).all(fits)
    })
}

/// The last 8 characters of a stem, when they can be base64url and stand alone or after `-` or `.`.
pub fn eight(stem: &str) -> Option<&str> {
    let at = stem.len().checked_sub(8)?;
    let token = stem.get(at..)?;
    let apart = at == 0 || stem[..at].ends_with(['-', '.']);
    let base64 = token.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    (apart && base64).then_some(token)
}

/// How often one of upper case, lower case, digits and signs follows another. Of 8 random characters of base64url 4.5 times;
/// `overview` 0, `useState` 2, `Button24` 2.
pub fn changes(token: &str) -> usize {
    let kind = |b: u8| match b {
        b'a'..=b'z' => 0,
        b'A'..=b'Z' => 1,
        b'0'..=b'9' => 2,
        _ => 3,
    };
    let kinds: Vec<u8> = token.bytes().map(kind).collect();
    kinds.windows(2).filter(|pair| pair[0] != pair[1]).count()
}

/// What a folder's tokens of 8 are made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alphabet {
    /// Vite, Rollup 4: base64url; 4.5 changes on average.
    Base64,
    /// esbuild, Angular: `A` to `Z`, `2` to `7`; 2.1 changes on average.
    Base32,
    /// Rollup with `hashCharacters: 'base36'`: lower case and digits; 2.8 changes on average.
    Base36,
}

impl Alphabet {
    /// The smallest one that all tokens are in; `None` without tokens.
    pub fn of(tokens: &[&str]) -> Option<Alphabet> {
        let all = |fits: fn(u8) -> bool| tokens.iter().all(|token| token.bytes().all(fits));
        match tokens {
            [] => None,
            _ if all(|b| b.is_ascii_uppercase() || (b'2'..=b'7').contains(&b)) => Some(Alphabet::Base32),
            _ if all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()) => Some(Alphabet::Base36),
            _ => Some(Alphabet::Base64),
        }
    }

    /// Whether `count` tokens with `total` changes are what chance makes. The bounds lie a standard deviation below chance
    /// for two tokens, and well above words; a single one proves nothing.
    pub fn is_chance(self, total: usize, count: usize) -> bool {
        let halves = match self {
            Alphabet::Base64 => 7,
            Alphabet::Base32 => 3,
            Alphabet::Base36 => 4,
        };
        count > 1 && total * 2 >= halves * count
    }

    /// Whether a token counts in a folder whose tokens are chance. A picture may have been put beside them by hand, so its
    /// token must not look like words. Some of the real digests fail here, and are published as pages.
    pub fn takes(self, token: &str, output: bool) -> bool {
        match (self, output) {
            (Alphabet::Base32, _) => {
                Alphabet::of(&[token]) == Some(Alphabet::Base32) && (output || changes(token) >= 2)
            }
            (Alphabet::Base64 | Alphabet::Base36, true) => changes(token) >= 2,
            (Alphabet::Base64 | Alphabet::Base36, false) => changes(token) >= 2 && !is_words(token),
        }
    }
}

/// Whether a token can be words in camel case, with digits at their ends: `TextArea`, `myFAQs2`, `top-ten`. Of random ones one
/// in twenty can.
fn is_words(token: &str) -> bool {
    token.split(['-', '_']).all(|part| {
        let letters = part.trim_end_matches(|c: char| c.is_ascii_digit()).as_bytes();
        // After a capital, lower case comes at least twice; `S` and `s` at a word's end are how people write plurals.
        let lone = |at: usize| {
            letters[at].is_ascii_lowercase()
                && at.checked_sub(1).is_some_and(|before| letters[before].is_ascii_uppercase())
                && letters.get(at + 1).is_none_or(u8::is_ascii_uppercase)
                && letters[at] != b's'
        };
        letters.iter().all(u8::is_ascii_alphabetic) && !(0..letters.len()).any(lone)
    })
}
